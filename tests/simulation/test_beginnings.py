"""What variants have in common is lived once, and nobody can tell."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import sim
from conftest import plan_of
from sim.experiments.tasks import Job, Results, simulate_task
from sim.outcomes.declared import CURVES, GROUPED, OUTCOMES
from sim.outcomes.outcome import Sums, curve_of
from sim.simulation.beginnings import SEEN_LATER, Beginnings, begin_alike
from sim.simulation.plan import Plan, context_of, plans_of
from sim.simulation.simulation import Simulation

FIRM: dict[str, Any] = {
    "months": 30,
    "seed": 4,
    "organisation": {"employees": 60, "levels": 4, "departments": 4},
}
VARIANTS = [
    {"name": "none", "programme.policy": "none"},
    {"name": "early", "programme.policy": "reciprocal", "programme.start_month": 3},
    {"name": "late", "programme.policy": "reverse", "programme.start_month": 9,
     "programme.recognition": 80.0, "programme.sponsor_hours": 4.0},
    {"name": "shuffled", "programme.policy": "random", "programme.shuffled": True},
    {"name": "other firm", "programme.policy": "random", "departures.quit_rate": 0.3},
]  # fmt: skip


@pytest.fixture(scope="module")
def plans() -> tuple[Plan, ...]:
    return plans_of(sim.Scenario(**FIRM, variants=VARIANTS))


def everything(world: Simulation) -> dict[str, Any]:
    return {k: v for k, v in world.state._asdict().items() if isinstance(v, np.ndarray)}


def assert_same_world(one: Simulation, other: Simulation) -> None:
    for name, column in everything(one).items():
        np.testing.assert_array_equal(column, everything(other)[name], err_msg=name)


@pytest.mark.parametrize("kept", [{}, {"people": True, "dyads": True}])
def test_a_shared_beginning_changes_no_number(
    plans: tuple[Plan, ...], kept: dict[str, bool]
) -> None:
    beginnings = Beginnings(plans)
    keep = {f"keep_{name}": value for name, value in kept.items()}
    for replicate in range(3):
        for plan in plans[:: 1 - 2 * (replicate % 2)]:
            shared = beginnings.simulation(plan, 4, replicate, **kept).run()
            assert_same_world(shared, Simulation(plan, 4, replicate, **keep).run())


def test_only_variants_that_differ_in_their_programme_share_one(plans: tuple[Plan, ...]) -> None:
    none, early, late, shuffled, other = plans
    assert all(begin_alike(none, plan) for plan in (early, late, shuffled))
    assert not begin_alike(none, other)
    assert not begin_alike(none, replace(none, optional=("encounters",)))
    assert not begin_alike(none, replace(none, window_start=4))


def test_a_beginning_is_lived_once_and_not_kept_longer_than_needed(
    plans: tuple[Plan, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    lived: list[str] = []
    plain = Simulation.approach
    monkeypatch.setattr(
        Simulation,
        "approach",
        lambda self, month: (lived.append(self.plan.name), plain(self, month)),
    )
    beginnings = Beginnings(plans)
    for plan in plans:
        assert beginnings.simulation(plan, 4, 0).plan is plan
    assert lived == ["none", "other firm"]
    assert not beginnings._worlds


def test_nothing_reads_a_programme_before_it_acts() -> None:
    """The firm is the same to the bit when all that is read later is nonsense."""
    plan = plan_of({"months": 30, "organisation.employees": 60, "programme.policy": "none"})
    nonsense = plan.record.copy()
    for section in SEEN_LATER:
        for name in nonsense.dtype[section].names:
            real = nonsense[section][name].dtype.kind == "f"
            nonsense[section][name] = np.nan if real else 7
    assert_same_world(
        Simulation(replace(plan, record=nonsense), 4, 0).run(), Simulation(plan, 4, 0).run()
    )


def test_a_programme_is_read_once_it_acts() -> None:
    """The test above would see it: nonsense changes a firm with a programme."""
    plan = plan_of({"months": 30, "organisation.employees": 60, "programme.policy": "random"})
    nonsense = plan.record.copy()
    nonsense["levers"]["support"] = np.nan
    one = Simulation(replace(plan, record=nonsense), 4, 0).run()
    assert not np.array_equal(one.state.monthly, Simulation(plan, 4, 0).run().state.monthly)


def test_a_world_can_be_stopped_anywhere_in_a_shared_beginning(plans: tuple[Plan, ...]) -> None:
    """Months lived one by one after the fork, and through a pickle, are the months lived at a stretch."""
    world = Beginnings(plans).simulation(plans[1], 4, 0)
    assert world.month == 3
    while world.month < 12:
        world.run(1)
    world = pickle.loads(pickle.dumps(world))
    assert_same_world(world.run(), Simulation(plans[1], 4, 0).run())


def test_outcomes_of_many_worlds_are_those_of_each(plans: tuple[Plan, ...]) -> None:
    job, results = Job(plans, 4, False, False), Results(plans, 4)
    for task in range(4 * len(plans)):
        recorded, (variant, replicate) = simulate_task(job, task), job.place(task)
        results.put(variant, replicate, recorded)
    results.finish()
    for task in range(4 * len(plans)):
        here, recorded = job.place(task), simulate_task(job, task)
        plan, context = plans[here[0]], context_of(plans[here[0]])
        window = Sums(recorded.monthly[plan.window_start :].sum(axis=0))
        groups = Sums(recorded.tally)
        values = [float(item.of(window, context)) for item in OUTCOMES]
        curves = [curve_of(item, recorded.monthly, context, plan.window_start) for item in CURVES]
        by_group = [groups["headcount"] / context.months, *(i.of(groups, context) for i in GROUPED)]
        np.testing.assert_array_equal(results.values[here], values)
        np.testing.assert_array_equal(results.curves[here], curves)
        np.testing.assert_array_equal(results.groups[here], np.stack(by_group, axis=1))
        assert results.meetings[here] == window["held"]
