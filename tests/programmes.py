"""Worlds in the month in which a programme acts, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from conftest import plan_of
from golden_worlds import AS_BEFORE
from sim.engine import columns
from sim.programme.candidates import Candidates, SeenSkills
from sim.simulation.simulation import Simulation

NOBODY_LEAVES = {f"departures.{name}_rate": 0.0 for name in ("quit", "involuntary", "retirement")}

CHOSEN_UNDER: dict[str, Any] = {
    **AS_BEFORE,
    "programme.mentee_from_level": 1,
    "programme.places": 0.15,
}
"""What the tests of programmes were chosen under: everybody is invited whatever the policy's name means,
fewer places than today, and without the mechanisms that have come since."""


def stopped(simulation: Simulation, phase: str = "programme") -> Simulation:
    """Live through the present month as far as a phase."""

    def stop(name: str, *_: Any) -> None:
        if name == phase:
            raise StopIteration

    with pytest.raises(StopIteration):
        simulation.run_phase_by_phase(1, between=stop)
    return simulation


def opened(policy: str, *, seed: int = 2, world: int = 0, **more: Any) -> Simulation:
    """A firm in the month in which its first cohort has just opened."""
    plan = plan_of(
        {"months": 24, "organisation.employees": 200, "programme.policy": policy,
         "programme.start_month": 3, **more}
    )  # fmt: skip
    simulation = Simulation(plan, seed, world)
    simulation.run(int(plan.settings["programme"]["start_month"]))
    return stopped(simulation)


def formal(simulation: Simulation) -> np.ndarray:
    """Whole numbers of the formal pairs that run, a column each."""
    state = simulation.state
    rows = state.dyad_whole[:, : state.counts[columns.DYADS]]
    return rows[:, rows[columns.FORMAL] == 1]


def real(simulation: Simulation) -> np.ndarray:
    """Real numbers of the same pairs."""
    state = simulation.state
    rows = state.counts[columns.DYADS]
    return state.dyad[:, :rows][:, state.dyad_whole[columns.FORMAL, :rows] == 1]


def candidates_of(simulation: Simulation) -> Candidates:
    """Everybody on both sides, as the first policy sees them this month."""
    now, programme = simulation.moment(), simulation.programme
    everybody = np.flatnonzero(now.state.whole[columns.ACTIVE] == 1)
    return programme.candidates(now, programme.policies[0], SeenSkills(now), everybody, everybody)
