"""What one sees against what a programme did: selection arises by itself, and nothing is put in by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from conftest import lived, plan_of
from sim.engine import columns
from sim.engine.state import State, handle_of
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.mechanisms.month import MECHANISMS
from sim.scenario import Scenario
from sim.simulation.simulation import Simulation

pytestmark = pytest.mark.long

VOLUNTARY = {"programme.policy": "self_selected"}
LOTTERY = {**VOLUNTARY, "programme.participation": "lottery", "programme.cohorts": 1}
AT_RANDOM = {
    f"volunteering.by_{what}": 0.0
    for what in ("engagement", "growth_need", "ability", "support", "stories")
}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    scenario = Scenario(
        months=60,
        organisation={"employees": 400},
        variants=[
            {"name": "none", "programme.policy": "none"},
            {"name": "voluntary", **VOLUNTARY},
            {"name": "placebo", **VOLUNTARY, "programme.placebo": True},
            {"name": "random placebo", **VOLUNTARY, **AT_RANDOM, "programme.placebo": True},
            {"name": "lottery", **LOTTERY},
            {"name": "lottery placebo", **LOTTERY, "programme.placebo": True},
        ],
    )
    return compare(scenario, replicates=40)


def told(comparison: Comparison, variant: str, quantity: str, name: str) -> pd.Series:
    table = comparison.selection.set_index(["variant", "quantity", "comparison"])
    return table.loc[variant, quantity, name]


def test_the_table_follows_from_the_firms(comparison: Comparison) -> None:
    values = comparison.outcomes.pivot_table(
        index="replicate", columns=["variant", "outcome"], values="value"
    )
    did = values["voluntary", "quits"] - values["none", "quits"]
    share = values["voluntary", "joiners"].mean() / 100.0
    assert told(comparison, "voluntary", "quits", "did")["mean"] == pytest.approx(
        did.mean() / share
    )
    assert told(comparison, "voluntary", "quits", "seen")["mean"] == pytest.approx(
        values["voluntary", "naive_quits_gap"].mean()
    )
    assert set(comparison.selection["variant"]) == set(comparison.variants) - {"none"}
    own = comparison.selection.query("variant == 'voluntary'")
    assert set(own["comparison"]) == {"seen", "did"}


def test_what_one_sees_of_volunteers_is_far_more_than_what_the_programme_did(
    comparison: Comparison,
) -> None:
    for quantity, sign in (("quits", -1.0), ("engagement", 1.0), ("output", 1.0)):
        seen = told(comparison, "voluntary", quantity, "seen")
        for variant, name in (("voluntary", "did"), ("lottery", "per_place")):
            other = told(comparison, variant, quantity, name)
            assert sign * seen["mean"] > sign * other["mean"] > 0.0
        did = told(comparison, "voluntary", quantity, "did")
        assert max(sign * did["low"], sign * did["high"]) < min(
            sign * seen["low"], sign * seen["high"]
        )


def test_a_programme_that_does_nothing_looks_good_too(comparison: Comparison) -> None:
    for quantity, sign in (("quits", -1.0), ("engagement", 1.0)):
        seen = told(comparison, "placebo", quantity, "seen")
        assert min(sign * seen["low"], sign * seen["high"]) > 0.0
        assert told(comparison, "placebo", quantity, "did")["mean"] == 0.0


def test_the_engaged_look_engaged_because_they_volunteer(comparison: Comparison) -> None:
    """With volunteering at random, most of the gap in engagement is gone."""
    leaning = told(comparison, "placebo", "engagement", "seen")["mean"]
    random = told(comparison, "random placebo", "engagement", "seen")["mean"]
    assert abs(random) < 0.35 * leaning


@pytest.mark.parametrize("quantity", ["quits", "engagement", "output"])
def test_a_lottery_finds_what_the_programme_does_to_those_drawn(
    comparison: Comparison, quantity: str
) -> None:
    """The drawn against the undrawn, beside the drawn against themselves in a placebo: the same people."""
    values = comparison.outcomes.pivot_table(
        index="replicate", columns=["variant", "outcome"], values="value"
    )
    gap = values["lottery", f"lottery_{quantity}_gap"]
    nothing = values["lottery placebo", f"lottery_{quantity}_gap"]
    for difference in (nothing, gap):
        assert np.isfinite(difference).all()
    error = nothing.std(ddof=1) / np.sqrt(len(nothing))
    assert abs(nothing.mean()) < 3.0 * error, "a placebo has no randomised effect"
    # gap - nothing is the paired effect on the drawn, less what spills over to the others.
    paired = (gap - nothing).mean()
    assert abs(gap.mean() - paired) < 3.0 * error
    seen = told(comparison, "lottery", quantity, "seen")["mean"]
    assert abs(gap.mean() - paired) < abs(seen - paired)


def test_the_lot_is_written_down_once_and_decides_about_volunteers_only() -> None:
    plan = plan_of({"months": 40, "organisation.employees": 200, **LOTTERY, "programme.cohorts": 2})
    simulation = lived(plan, keep_people=True)
    whole, there = simulation.state.whole, simulation.state.whole[columns.ACTIVE] == 1
    arm, volunteered = whole[columns.ARM][there], whole[columns.VOLUNTEERED][there]
    assert (volunteered[arm != columns.NO_LOT] > 0).all()
    assert {columns.DRAWN, columns.NOT_DRAWN} <= set(arm.tolist())
    monthly = simulation.state.monthly
    assert (monthly[:, columns.M_DRAWN_MENTORED] <= monthly[:, columns.M_DRAWN]).all()
    assert (monthly[:, columns.M_JOINERS_QUITS] <= monthly[:, columns.M_QUITS]).all()


# --- no coefficient leads from being mentored to an outcome ---------------------------------------------

STATUS = ("formal_mentors", "formal_mentees", "informal_mentors", "informal_mentees",
          "helped_formally", "months_formal", "months_informal", "meetings_as_mentee",
          "meetings_as_mentor", "cohorts_as_mentee", "cohorts_as_mentor", "volunteered", "arm",
          "willing")  # fmt: skip
"""What says that somebody takes or took part, and nothing else."""

OUTCOME = {"engagement", "left_now", "active", "skills", "output", "confidence", "safety", "ties",
           "ideas_heard", "ideas_implemented_now", "ideas_rejected", "level"}  # fmt: skip

COUNTING = {"recording", "departures"}
"""Mechanisms that write down how participants fare."""

MAY_READ = {
    "informal": {"helped_formally"},  # a programme crowds informal mentoring out
    "engagement": {
        "formal_mentees",
        "informal_mentees",
    },  # mentors with many mentees are overloaded
    "learning": {"formal_mentees"},  # members of a group share the mentor's attention
    "meetings": {"formal_mentees"},  # the same, and relationships in groups are held down
}


def test_who_reads_a_status() -> None:
    """Mechanisms that only count them aside; what each may use it for is tested below."""
    readers = {
        one.name: {name for name in STATUS if name in one.reads and name not in one.writes}
        for one in MECHANISMS
    }
    unexpected = {
        name: found - MAY_READ.get(name, set())
        for name, found in readers.items()
        if name not in COUNTING and found - MAY_READ.get(name, set())
    }
    assert not unexpected
    for one in MECHANISMS:
        if OUTCOME & set(one.writes):
            rest = set(one.reads) - set(STATUS) - {"luck", "counts", "active", "skill"}
            assert rest, f"{one.name} reads a status only"


@pytest.mark.parametrize(
    "mechanism", ["departures", "engagement", "ideas", "practice", "learning", "vacancies"]
)
def test_changing_who_counts_as_mentored_changes_no_outcome(mechanism: str) -> None:
    """Status scrambled, relationships left as they are: nobody leaves, feels or has ideas differently."""
    plan = plan_of(
        {"months": 30, "organisation.employees": 120, "programme.policy": "reciprocal",
         "programme.start_month": 4, "departures.quit_rate": 0.6}
    )  # fmt: skip
    simulation = Simulation(plan, 5, 0)
    kernel = next(one.kernel for one in MECHANISMS if one.name == mechanism)
    place = [one.name for one in MECHANISMS].index(mechanism)
    checked = 0

    def copied(state: State) -> State:
        arrays = {name: getattr(state, name).copy() for name in State._fields if name != "luck"}
        return state._replace(**arrays)

    def check(state: State, p: Any, month: int) -> None:
        nonlocal checked
        rng = np.random.default_rng(month)
        plain, other = copied(state), copied(state)
        for name in STATUS:
            column = other.whole[columns.PERSON_WHOLE.index(name)]
            if name not in ("formal_mentees", "informal_mentees"):  # a load, whoever it comes from
                column[:] = rng.permutation(column)
        kernel(handle_of(plain), p, month)
        kernel(handle_of(other), p, month)
        for name in ("engagement", "confidence", "safety", "output"):
            row = columns.PERSON.index(name)
            np.testing.assert_array_equal(plain.person[row], other.person[row], err_msg=name)
        for name in ("left_now", "active", "level", "ideas_heard", "ideas_implemented_now"):
            row = columns.PERSON_WHOLE.index(name)
            np.testing.assert_array_equal(plain.whole[row], other.whole[row], err_msg=name)
        np.testing.assert_array_equal(plain.skills, other.skills)
        checked += 1

    def watch(name: str, state: State, p: Any, month: int) -> None:
        if place and name == MECHANISMS[place - 1].name and month > 6:
            check(state, p, month)

    while simulation.month < plan.months:
        if place == 0 and simulation.month > 6:
            check(simulation.state, plan.record[0], simulation.month)
        simulation.run_phase_by_phase(1, between=watch)
    assert checked > 10


# --- generations are labels -----------------------------------------------------------------------------


@pytest.mark.parametrize("later", [-20, 15])
def test_generations_are_labels(later: int) -> None:
    """The same people in another calendar year fall into other generations, and live the same lives."""
    given = {"months": 36, "organisation.employees": 120, "programme.policy": "reverse"}
    plan = plan_of(given)
    start = plan.settings["organisation"]["start_year"]
    other = _in_year(plan, start + later)
    one, two = lived(plan, keep_people=True).state, lived(other, keep_people=True).state
    for name in State._fields:
        if name != "tally":
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name), err_msg=name)
    assert not np.array_equal(one.tally[:4], two.tally[:4]), "other people have the labels"
    np.testing.assert_array_equal(one.tally[4:], two.tally[4:])
    np.testing.assert_allclose(one.tally[:4].sum(axis=0), two.tally[:4].sum(axis=0), rtol=1e-9)


def _in_year(plan: Any, year: int) -> Any:
    """The same firm, peopled as before, with the months counted from another year."""
    record = plan.record.copy()
    record["organisation"]["start_year"] = year
    return replace(plan, record=record)
