"""Each mechanism has a neutral setting, under which the model is exactly the model without it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from conftest import plan_of
from sim.catalogue import MECHANISMS
from sim.simulation import Simulation
from sim.state import columns_of

# What a mechanism still notes under its neutral setting (bookkeeping that nothing reads then).
BOOKKEEPING = {
    "meetings": {
        "dyad.planned_now", "dyad.missed", "dyad.silent", "monthly", "dyad.first_quality",
    },
    "endings": {"embeddedness", "helped_formally", "formal_mentors", "formal_mentees"},
    "engagement": {"turned_away"},
    "awareness": {"heard"},
}  # fmt: skip

# What must be switched off elsewhere, because it acts through the mechanism.
ALSO = {
    "meetings": {"endings.early_by_silence": 0.0},
    "endings": {"departures.embeddedness_effect": 0.0, "learning.rate": 0.0,
                "programme.cohort_months": 14},
    "engagement": {"meetings.safety_gain": 0.0, "meetings.confidence_gain": 0.0},
}  # fmt: skip

NEUTRAL = [mechanism for mechanism in MECHANISMS if mechanism.parameters.neutral()]


def _arrays(simulation: Simulation) -> dict[str, Any]:
    arrays = columns_of(simulation.state)
    for name in (
        "skills",
        "potential",
        "values",
        "ties",
        "team_exits",
        "monthly",
        "tally",
        "heard",
    ):
        arrays[name] = getattr(simulation.state, name)
    return arrays


def test_every_mechanism_but_recording_has_a_neutral_setting() -> None:
    assert {m.name for m in MECHANISMS} - {m.name for m in NEUTRAL} == {"recording"}


@pytest.mark.parametrize("mechanism", NEUTRAL, ids=lambda mechanism: mechanism.name)
def test_neutral_is_the_same_as_absent(mechanism: Any) -> None:
    given = {
        "months": 18,
        "organisation.employees": 60,
        "departures.quit_rate": 0.6,
        "programme.policy": "reciprocal",
        "programme.start_month": 4,
        "programme.cohort_months": 8,
        **ALSO.get(mechanism.name, {}),
    }
    given |= {f"{mechanism.name}.{k}": v for k, v in mechanism.parameters.neutral().items()}
    plan = plan_of(given)
    months = 17
    present = _arrays(Simulation(plan, 3, 0).run_phase_by_phase(months))
    absent = _arrays(Simulation(plan, 3, 0).run_phase_by_phase(months, without=(mechanism.name,)))
    left_out = BOOKKEEPING.get(mechanism.name, set())
    for name, values in present.items():
        if name not in left_out:
            np.testing.assert_array_equal(values, absent[name], err_msg=name)


@pytest.mark.parametrize("mechanism", NEUTRAL, ids=lambda mechanism: mechanism.name)
def test_the_ordinary_setting_is_not_the_same_as_absent(mechanism: Any) -> None:
    """The comparison above can fail: at its defaults the mechanism does something."""
    plan = plan_of(
        {
            "months": 18,
            "organisation.employees": 60,
            "programme.policy": "reverse",
            "programme.start_month": 2,
            "programme.cohort_months": 8,
        }
    )
    present = _arrays(Simulation(plan, 3, 0).run_phase_by_phase())
    absent = _arrays(Simulation(plan, 3, 0).run_phase_by_phase(without=(mechanism.name,)))
    left_out = BOOKKEEPING.get(mechanism.name, set())
    assert any(
        not np.array_equal(values, absent[name])
        for name, values in present.items()
        if name not in left_out
    )
