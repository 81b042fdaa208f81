"""Pilots inside simulated firms: placebos are twins, shortcuts agree with counting, lots fall as declared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.engine import columns
from sim.pilots.designs import DESIGNS, design_named
from sim.pilots.diagnosing import analytic_power, wilson
from sim.pilots.following import follow, skills_tested
from sim.pilots.measures import measure_named
from sim.pilots.pilot import Pilot, pilot
from sim.pilots.reading import FIELDS, Question
from sim.pilots.running import plans_for
from sim.scenario import Scenario
from sim.simulation.simulation import Simulation

pytestmark = pytest.mark.long

FIRM: dict[str, Any] = {
    "months": 24,
    "seed": 5,
    "organisation": {"employees": 150, "levels": 4},
    "programme": {"start_month": 4, "cohort_months": 9},
    "volunteering": {"level": 0.3},
    "departures": {"quit_rate": 0.2},
}


def firm(policy: str = "traditional", **programme: Any) -> Scenario:
    given = {**FIRM, "programme": {**FIRM["programme"], "policy": policy, **programme}}
    variants = [{"name": "Programme"}, {"name": "Nothing", "programme.policy": "none"}]
    return Scenario(variants=variants, **given)


@pytest.fixture(scope="module")
def small() -> Pilot:
    return pilot(firm(), firms=20, offered=[10, 20, 40], months=[12], workers=1)


def lived(plan: Any, none: Any, world: int = 0) -> Any:
    begun = Simulation(none, 5, world, keep_people=True)
    begun.approach(4)
    return follow(begun.fork(plan), (6, 12), skills_tested(plan))


def plans(scenario: Scenario, name: str, offered: int = 20, step: int = 3) -> tuple[Any, Any]:
    from sim.simulation.plan import prepare

    settings = scenario.variant("Programme").settings
    none = prepare("none", {**settings, "programme": {**settings["programme"], "policy": "none"}})
    (run,) = plans_for(settings, none, [design_named(name)], [offered], step)
    return run.plan, none


RECIPROCAL = {"policy": "reciprocal"}


@pytest.mark.parametrize("policy", ["traditional", "reciprocal"])
@pytest.mark.parametrize(
    "name", ["volunteers_waiting", "volunteers_refused", "eligible", "departments"]
)
def test_a_placebo_is_the_firm_without_a_programme_bit_for_bit(name: str, policy: str) -> None:
    """So that what a reading finds where nothing happens can be read off the twin."""
    plan, none = plans(firm(policy), name)
    settings = {**plan.settings, "programme": {**plan.settings["programme"], "placebo": True}}
    from sim.simulation.plan import records_of

    placebo = replace(plan, settings=settings, **records_of(settings)._asdict())
    for world in range(2):
        one, other = lived(placebo, none, world), lived(none, none, world)
        real = lived(plan, none, world)
        assert one.mentee.any() == real.mentee.any()
        for column in ("left", "quit", "slot", "level"):
            np.testing.assert_array_equal(getattr(one, column), getattr(other, column))
        for months in (6, 12):
            np.testing.assert_array_equal(one.promoted[months], other.promoted[months])
            np.testing.assert_array_equal(one.engagement[months], other.engagement[months])
        mentored = one.mentee | one.mentor
        np.testing.assert_array_equal(one.arm, real.arm)
        np.testing.assert_array_equal(mentored, real.mentee | real.mentor)


def test_lots_fall_as_declared() -> None:
    for world in range(3):
        waits = lived(*plans(firm(), "volunteers_waiting"), world)
        assert (waits.arm == columns.DRAWN).sum() == 20
        assert (waits.mentee <= (waits.arm == columns.DRAWN)).all()
        outside = lived(*plans(firm("random"), "mentors_outside"), world)
        assert (outside.arm == columns.DRAWN).sum() == 20
        assert (outside.arm == columns.NOT_DRAWN).sum() <= 20
        assert not (outside.mentor & (outside.arm != columns.NO_LOT)).any()
        steps = lived(*plans(firm(), "stepped_start", 30), world)
        assert [int((steps.turn == turn).sum()) for turn in range(3)] == [10, 10, 10]
        assert (steps.arm == columns.DRAWN).sum() == 10
        homes = lived(*plans(firm(), "departments"), world)
        for home in np.unique(homes.department):
            assert len(set(homes.arm[homes.department == home]) - {columns.NO_LOT}) <= 1
        drawn = {int(one) for one in homes.department[homes.arm == columns.DRAWN]}
        others = {int(one) for one in homes.department[homes.arm == columns.NOT_DRAWN]}
        assert len(drawn) == len(others) == 2


def test_the_same_people_are_offered_a_place_whoever_waits_or_is_refused() -> None:
    """The lot is drawn by address: designs share their luck."""
    waits, refused = (
        lived(*plans(firm(), name)) for name in ("volunteers_waiting", "volunteers_refused")
    )
    np.testing.assert_array_equal(waits.arm, refused.arm)
    np.testing.assert_array_equal(waits.mentee, refused.mentee)


def test_only_refusal_disappoints() -> None:
    waits, refused = (
        lived(*plans(firm(), name)) for name in ("volunteers_waiting", "volunteers_refused")
    )
    turned = columns.M["turned_away"]
    assert refused.months[0, turned] > 0
    assert waits.months[0, turned] < refused.months[0, turned]


def test_taking_the_twin_away_leaves_the_mean_and_takes_the_chance(small: Pilot) -> None:
    """Of every lottery: the mean of the difference lies within chance of the mean, and is far better known."""
    gained = []
    for place, question in enumerate(small.job.questions):
        if not question.design.by_lot:
            continue
        answers = small.answers[:, place]
        value, placebo = answers[:, FIELDS.index("value")], answers[:, FIELDS.index("placebo")]
        known = np.isfinite(value) & np.isfinite(placebo)
        if known.sum() < 10:
            continue
        value, placebo = value[known], placebo[known]
        error = placebo.std(ddof=1) / np.sqrt(len(value))
        assert abs(value.mean() - (value - placebo).mean()) < 4.5 * error + 1e-9
        if value.std() > 0.0:
            gained.append((value - placebo).var() / value.var())
    assert np.median(gained) < 0.35


def test_analytic_power_agrees_with_counting(small: Pilot) -> None:
    """Over all lotteries together, because one of them is found in a few firms only."""
    found = expected = of = 0.0
    for question in small.job.questions:
        told = small.of(question)
        if question.design.kind == "lottery" and told.firms == small.firms:
            found += told.counted.value * told.firms
            expected += told.power.value * told.firms
            of += told.firms
    # Readings of one firm go together: as many independent ones as there are firms and designs.
    assert abs(found - expected) / of < 4.0 * np.sqrt(0.25 / (small.firms * 4))


def test_lotteries_find_a_placebo_as_often_as_they_may(small: Pilot) -> None:
    """False alarms of a design over sizes, measures and months: 5 % within what chance allows."""
    for design in DESIGNS:
        told = [small.of(one) for one in small.job.questions if one.design == design]
        told = [one for one in told if one.firms]
        if not design.by_lot:
            continue
        alarms = sum(one.false_positives.value * one.firms for one in told)
        # The readings of one firm go together.
        assert alarms / sum(one.firms for one in told) < 0.05 + 4.0 * np.sqrt(
            0.05 * 0.95 / small.firms
        )


def test_where_an_arm_is_small_or_events_are_few_power_is_counted(small: Pilot) -> None:
    by_formula = 0
    for question in small.job.questions:
        told = small.of(question)
        if question.design.kind == "lottery" and question.offered == 10 and told.firms:
            assert told.power == told.counted
        by_formula += bool(told.firms) and told.power != told.counted
    assert by_formula > 20


@pytest.mark.full
@pytest.mark.parametrize("offered", [10, 20, 40])
def test_every_lottery_finds_a_placebo_in_five_of_a_hundred(offered: int) -> None:
    found = pilot(firm(), firms=520, offered=[offered], months=[6, 12])
    for question in found.job.questions:
        told = found.of(question)
        if question.design.by_lot and told.firms > 200:
            share = wilson(told.false_positives.value * told.firms, told.firms, z=3.9)
            assert share.low <= 0.05, (question.design.name, question.measure.name, question.months)
            if (
                question.measure.source != "records"
            ):  # rare events are found less often than allowed
                assert share.high >= 0.05 or question.design.kind == "departments", question
        if question.design.kind == "lottery" and told.firms > 500:
            error = np.sqrt(told.power.value * (1.0 - told.power.value) / told.firms)
            assert abs(told.power.value - told.counted.value) < 4.5 * error + 0.01, question


def test_effects_are_named(small: Pilot) -> None:
    """Whoever takes the place gains more than those offered one on average, and they more than the firm."""
    question = Question(design_named("eligible"), 40, measure_named("skills"), 12)
    told = small.of(question)
    assert told.participants.value > told.offered.value > told.firm.value > 0.0
    assert abs(told.contrast.value - (told.offered.value - told.others.value)) < 1e-9
    assert told.power.value == pytest.approx(
        analytic_power(told.expected.value, 0.0, np.array([told.error]), np.array([2.0])), abs=0.25
    )


def test_workers_and_interruption_change_no_number() -> None:
    asked = {"firms": 6, "offered": [20], "months": [6], "designs": ["eligible", "participants"]}
    one = pilot(firm(), workers=1, **asked)  # type: ignore[arg-type]
    two = pilot(firm(), workers=2, **asked)  # type: ignore[arg-type]
    np.testing.assert_array_equal(one.answers, two.answers)

    def stop(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    cut = pilot(firm(), workers=1, progress=stop, **asked)  # type: ignore[arg-type]
    assert cut.interrupted and cut.firms == 4
    np.testing.assert_array_equal(cut.answers, one.answers[:4])


def test_without_a_lot_people_join_as_the_programme_has_it() -> None:
    """And where the programme does not wait for volunteers, it is said that designs with a lot do."""
    asked = {"firms": 4, "offered": [20], "months": [6], "workers": 1}
    by_name = pilot(
        firm(participation="asked_by_name"), designs=["participants", "eligible"], **asked
    )
    plans_by_run = {run.run: run.plan for run in by_name.job.runs}
    assert plans_by_run["volunteers"].settings["programme"]["participation"] == "asked_by_name"
    assert plans_by_run["eligible"].settings["programme"]["participation"] == "offered_by_lot"
    assert any("the coordinator asks people by name" in note for note in by_name.notes)
    volunteers = pilot(firm(participation="lottery"), designs=["participants"], **asked)
    (run,) = volunteers.job.runs
    assert run.plan.settings["programme"]["participation"] == "voluntary"
