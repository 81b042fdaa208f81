"""Paired counterfactuals: the same luck under every policy, whoever else is there, however it is run."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conftest import lived, plan_of
from sim.engine import columns
from sim.engine.state import State, columns_of
from sim.programme.settings import POLICIES
from sim.scenario import Scenario
from sim.simulation.plan import prepare
from sim.simulation.simulation import Simulation, simulate


def _same(one: State, other: State) -> None:
    for name in State._fields:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_policies_are_identical_until_the_programme_starts() -> None:
    states = []
    for policy in POLICIES:
        plan = plan_of(
            {"months": 24, "organisation.employees": 80, "programme.policy": policy,
             "programme.start_month": 10}
        )  # fmt: skip
        simulation = Simulation(plan, 5, 2).run(10)
        states.append(simulation.state)
        assert simulation.month == 10
    for other in states[1:]:
        _same(states[0], other)


def test_policies_differ_once_it_has_started() -> None:
    monthly = {
        policy: lived(
            plan_of(
                {"months": 24, "organisation.employees": 80, "programme.policy": policy,
                 "programme.start_month": 10}
            )
        ).state.monthly
        for policy in POLICIES
    }  # fmt: skip
    for policy in POLICIES[1:]:
        assert np.array_equal(monthly["none"][:10], monthly[policy][:10])
        assert not np.array_equal(monthly["none"][10:], monthly[policy][10:])


PROGRAMMES_OWN = {
    "mentored_formally", "formal_pairs", "pair_quality", "planned", "held", "ended_early", "completed",
    "mentee_gain", "mentor_gain", "opened", "volunteers", "turned_away", "trained", "participants",
    "meeting_pay", "training_pay", "opened_pay", "check_ins", "re_paired", "recognised",
    "first_meetings", "good_fits", "poor_fits", "hours", "capacity",
    "places", "invited_mentees", "invited_mentors",
    *(name for name in columns.MEASURES if name.startswith(("joiners", "drawn", "undrawn"))),
}  # fmt: skip

EVERYBODY = {"programme.mentor_from_level": 1}
"""Invited, whatever the policy's name means: few leaders of a small firm come forward."""

LEVERS = {
    "programme.training_hours": 8.0,
    "programme.objectives_hours": 2.0,
    "programme.sponsor_hours": 10.0,
    "programme.check_in_months": 2,
    "programme.recognition": 100.0,
    "programme.say": 1.0,
    "support.failing_below": 0.5,
}


@pytest.mark.parametrize(
    "more",
    [
        {"programme.policy": "reciprocal", **EVERYBODY},
        {"programme.policy": "reciprocal", **EVERYBODY, **LEVERS},
        {"programme.policy": "portfolio", "programme.form": "group", **LEVERS},
        {"programme.policy": "self_selected", "programme.enrolment": "rolling", **LEVERS},
        {"programme.policy": "nominated", "programme.participation": "nominated", **LEVERS},
        {"programme.policy": "ai_assisted", "programme.participation": "lottery", **LEVERS},
    ],
    ids=["plain", "levers", "groups", "rolling", "nominated", "lottery"],
)
def test_a_placebo_changes_nothing_but_the_pairs(more: dict[str, Any]) -> None:
    given = {"months": 40, "organisation.employees": 100, "programme.start_month": 6}
    without = lived(plan_of(given)).state
    placebo = lived(plan_of({**given, **more, "programme.placebo": True})).state
    of_the_programme = {
        "formal_mentors", "formal_mentees", "volunteered", "months_formal", "meetings_as_mentee",
        "meetings_as_mentor", "cohorts_as_mentee", "cohorts_as_mentor", "willing", "recognised",
        "arm", "department.told", "department.heads",
    }  # fmt: skip
    expected = columns_of(without)
    for name, values in columns_of(placebo).items():
        if name not in of_the_programme and not name.startswith("dyad."):
            np.testing.assert_array_equal(values, expected[name], err_msg=name)
    np.testing.assert_array_equal(placebo.skills, without.skills)
    np.testing.assert_array_equal(placebo.ties, without.ties)
    np.testing.assert_array_equal(
        placebo.department[columns.STORIES], without.department[columns.STORIES]
    )
    for column, name in enumerate(columns.MEASURES):
        if name not in PROGRAMMES_OWN:
            np.testing.assert_array_equal(
                placebo.monthly[:, column], without.monthly[:, column], err_msg=name
            )
    if "programme.recognition" in more:
        assert placebo.monthly[:, columns.M_RECOGNISED].sum() > 0
        assert placebo.monthly[:, columns.M_CHECK_INS].sum() > 0
    assert placebo.monthly[:, columns.M_HELD].sum() > 0


def _roster(path: Path, people: int) -> Path:
    """A roster in which the last person, if there are 41, is alone in a department of their own."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["employee_id", "level", "department", "age", "tenure_years", "site"])
        for row in range(people):
            alone = row == 40
            level = 3 if row == 0 else 2 if row % 8 == 1 else 1
            department = "Alone" if alone else f"Department {row % 3}"
            writer.writerow(
                [f"e{row}", 1 if alone else level, department, 25 + row % 35, 3, "Here"]
            )
    return path


def test_one_more_employee_changes_nobody_elses_luck(tmp_path: Path) -> None:
    """Whoever nobody turns to for advice leaves everybody else's life as it is, bit for bit.

    Ties to the newcomer are made all but impossible by the odds of another department; being turned to by
    the newcomer holds nobody (else it would, as it should); the policy is "none", because the number of places of a programme follows the headcount.
    """
    given: dict[str, Any] = {
        "months": 36,
        "ties.department_odds": 100.0,
        "ties.reach": 1.0,
        "embeddedness.ties_weight": 0.0,
        "departures.quit_rate": 0.6,
    }
    results = []
    for people in (40, 41):
        roster = _roster(tmp_path / f"{people}.csv", people)
        plan = plan_of({**given, "organisation.roster": str(roster)})
        results.append(lived(plan, seed=11, keep_people=True))
    fewer, more = (simulation.state for simulation in results)
    assert not (more.ties == 40).any(), "nobody ever sought advice from the newcomer"
    for block in ("person", "whole"):
        one, other = getattr(fewer, block), getattr(more, block)[:, :40]
        number = columns.NUMBER if block == "whole" else -1
        for column in range(one.shape[0]):
            if column != number:  # running numbers count the newcomer too
                np.testing.assert_array_equal(one[column], other[column])
    np.testing.assert_array_equal(fewer.skills, more.skills[:40])
    assert fewer.counts[columns.LEAVERS] > 20, "there was turnover"


@pytest.mark.parametrize("change", ["world", "seed"])
def test_worlds_and_seeds_differ(change: str) -> None:
    plan = plan_of({"months": 6, "organisation.employees": 40})
    base = simulate(plan, 1, 0)
    other = simulate(plan, 1, 1) if change == "world" else simulate(plan, 2, 0)
    assert not np.array_equal(base.monthly, other.monthly)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    "way",
    [
        lambda simulation: simulation.run_phase_by_phase(),
        lambda simulation: [simulation.run(1) for _ in range(30)],
        lambda simulation: simulation.run(7).run(),
    ],
    ids=["phase by phase", "month by month", "in two stretches"],
)
def test_all_ways_to_run_a_world_are_the_same(
    policy: str, way: Callable[[Simulation], Any]
) -> None:
    plan = plan_of(
        {"months": 30, "organisation.employees": 70, "programme.policy": policy,
         "programme.cohort_months": 9}
    )  # fmt: skip
    expected = lived(plan).state
    simulation = Simulation(plan, 1, 0)
    way(simulation)
    _same(expected, simulation.state)


def test_writing_people_down_changes_nothing() -> None:
    plan = plan_of({"months": 40, "organisation.employees": 50, "departures.quit_rate": 2.0})
    plain = lived(plan).state
    kept = lived(plan, keep_people=True, keep_dyads=True).state
    np.testing.assert_array_equal(plain.monthly, kept.monthly)
    leavers = kept.monthly[:, [columns.M_RETIRED, columns.M_INVOLUNTARY, columns.M_QUITS]].sum()
    assert kept.counts[columns.LEAVERS] == leavers
    assert leavers > 2 * 50 + 8, "the table of leavers had to grow"


def test_variants_share_one_window() -> None:
    scenario = Scenario(
        variants=[
            {"name": "none", "programme.policy": "none"},
            {"name": "late", "programme.policy": "random", "programme.start_month": 20},
        ]
    )
    plans = [prepare(v.name, v.settings, window_start=6) for v in scenario.variants]
    assert {plan.window_start for plan in plans} == {6}
