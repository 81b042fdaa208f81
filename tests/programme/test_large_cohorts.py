"""Cohorts too large for one table of scores: in blocks, or all together along short lists."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from conftest import plan_of
from sim.engine import columns
from sim.errors import InputError
from sim.programme import matching
from sim.scenario import Scenario
from sim.simulation.simulation import Simulation


def pairs(how: str, **more: Any) -> tuple[np.ndarray, float]:
    """Mentors and mentees of the first cohort, and the sum of its scores."""
    plan = plan_of(
        {"months": 14, "organisation.employees": 400, "programme.policy": "traditional",
         "programme.start_month": 0, "programme.large_cohorts": how, **more}
    )  # fmt: skip
    state = Simulation(plan, 4, 0).run(1).state
    formal = state.dyad_whole[columns.FORMAL, : state.counts[columns.DYADS]] == 1
    rows = np.flatnonzero(formal)
    return state.dyad_whole[:2, rows], float(state.dyad[columns.SCORE, rows].sum())


@pytest.mark.parametrize("assignment", ["optimal", "protective"])
def test_all_together_is_nearly_optimal_and_better_than_blocks(
    monkeypatch: pytest.MonkeyPatch, assignment: str
) -> None:
    chosen = {"programme.assignment": assignment}
    exact, best = pairs("blocks", **chosen)
    monkeypatch.setattr(matching, "EXACT_UP_TO", 30)
    monkeypatch.setattr(matching, "BLOCK", 20)
    _, in_blocks = pairs("blocks", **chosen)
    flow, together = pairs("flow", **chosen)
    again, same = pairs("flow", **chosen)
    assert np.array_equal(flow, again) and together == same
    assert flow.shape[1] >= 0.95 * exact.shape[1]
    assert together > in_blocks
    assert together >= 0.95 * best
    assert np.bincount(flow[0]).max() <= 2
    assert len(np.unique(flow[1])) == flow.shape[1]


def test_without_the_solver_one_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.scenario.rules.has_solver", lambda: False)
    with pytest.raises(InputError, match=r"large_cohorts.*OR-tools.*mentorsim\[large\]"):
        Scenario(
            variants=[
                {"name": "a", "programme.policy": "reverse", "programme.large_cohorts": "flow"}
            ]
        )
