"""Each mechanism has a neutral setting, under which the model is exactly the model without it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from conftest import plan_of
from programmes import candidates_of, opened
from sim.engine import columns
from sim.engine.state import columns_of
from sim.mechanisms.month import MECHANISMS
from sim.programme.scores import FORBIDDEN, SCORES
from sim.simulation.simulation import Simulation

# What a mechanism still notes under its neutral setting (bookkeeping that nothing reads then).
BOOKKEEPING = {
    "meetings": {
        "dyad.planned_now", "dyad.missed", "dyad.silent", "monthly", "dyad.first_quality",
    },
    "endings": {"helped_formally", "formal_mentors", "formal_mentees"},
    "engagement": {"turned_away"},
    "awareness": {"heard"},
    "recognition": {"recognised", "department.told", "department.heads", "monthly", "tally"},
}  # fmt: skip

# What must be switched off elsewhere, because it acts through the mechanism.
ALSO = {
    "meetings": {"endings.early_by_silence": 0.0},
    "endings": {"departures.embeddedness_effect": 0.0, "learning.rate": 0.0,
                "programme.cohort_months": 14},
    "engagement": {"meetings.safety_gain": 0.0, "meetings.confidence_gain": 0.0},
    "recognition": {"engagement.recognition_effect": 0.0},
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
        "programme.cohort_months": 6,
        "programme.recognition": 50.0,
        "recognition.story_from": 0.3,
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
            "programme.recognition": 50.0,
            "recognition.story_from": 0.3,
            "units.department_spread": 0.04,
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


# Effects of the programme's levers that have a neutral setting, with settings under which they act.
LEVERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "recognition": (
        {"programme.recognition": 80.0, "recognition.story_from": 0.3},
        {"recognition.story_gain": 0.0, "engagement.recognition_effect": 0.0},
    ),
    "stories": (
        {"programme.recognition": 80.0, "recognition.story_from": 0.3},
        {"volunteering.by_stories": 0.0, "engagement.recognition_effect": 0.0},
    ),
    "training": ({"programme.training_hours": 8.0}, {"meetings.training_effect": 0.0}),
    "say": ({"programme.say": 1.0}, {"meetings.say_effect": 0.0}),
    "check-ins": (
        {"programme.check_in_months": 1, "programme.re_pair": False},
        {"meetings.check_in_helps": 0.0},
    ),
    "no platform": ({"programme.platform": False}, {"meetings.reminders_lacking": 0.0}),
}


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_whose_effect_is_neutral_changes_nothing(name: str) -> None:
    """And with its effect at the default it changes something."""
    spent, neutral = LEVERS[name]
    given = {
        "months": 26,
        "organisation.employees": 60,
        "programme.policy": "random",
        "programme.start_month": 2,
        "programme.cohort_months": 6,
        "programme.bar_past_pairs": False,
    }
    noted = {
        "recognised", "monthly", "tally", "dyad.training", "dyad.say", "department.stories",
        "department.told", "department.heads",
    }  # fmt: skip

    def lived(**changes: Any) -> dict[str, Any]:
        simulation = Simulation(plan_of({**given, **changes}), 3, 0).run()
        return {key: value for key, value in _arrays(simulation).items() if key not in noted}

    def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
        return all(np.array_equal(values, other[key]) for key, values in one.items())

    assert same(lived(**neutral), lived(**neutral, **spent))
    assert not same(lived(), lived(**spent))


def test_neutral_settings_of_those_who_make_pairs() -> None:
    """Without errors and leanings all see what there is."""
    given = {
        "organisation.employees": 80, "pairing.skill_data_error": 0.0, "pairing.favourites": 0.0,
        "pairing.coordinator_knows": 1e6, "pairing.prediction_accuracy": 1.0,
    }  # fmt: skip
    candidates = candidates_of(opened("random", **given))
    np.testing.assert_array_equal(candidates.gaps(), candidates.gaps(true=True))
    np.testing.assert_array_equal(
        SCORES["coordinator"](candidates),
        np.where(candidates.allowed, candidates.gaps(), FORBIDDEN),
    )
    department = candidates.state.whole[columns.PERSON_DEPARTMENT]
    same = department[candidates.mentees][:, None] == department[candidates.mentors][None, :]
    predicted = SCORES["predicted"](candidates)
    leaning = opened("random", **given, **{"pairing.prediction_bias": 1.0})
    biased = SCORES["predicted"](candidates_of(leaning))
    clear = np.minimum(predicted, biased) > 1e-6
    np.testing.assert_allclose((biased - predicted)[clear], 0.1 * same[clear], atol=1e-12)
