"""What a planner decides: which designs there are, which a scenario refuses, what they set."""

from __future__ import annotations

import numpy as np
import pytest

from sim.deciding.levers import LEVERS, Space, designs_at_random, neighbours
from sim.errors import InputError
from sim.programme.settings import PROGRAMME
from sim.scenario import Scenario
from sim.simulation.plan import plans_of


def space(**given: object) -> Space:
    scenario = Scenario(**{"months": 24, "organisation.employees": 60, **given})  # type: ignore[arg-type]
    plan, *_ = plans_of(scenario)
    return Space(scenario, plan.chart.level)


def as_scenario(room: Space, values: tuple[int, ...]) -> Scenario:
    return room.scenario.with_settings(programme=room.overrides(values))


def test_every_value_of_every_lever_is_one_that_the_programme_takes() -> None:
    for lever in LEVERS:
        assert len(lever.settings) == len(lever.words) > 1
        for setting in lever.settings:
            assert set(setting) <= set(PROGRAMME.names())
    room = space()
    for place, lever in enumerate(LEVERS):
        for value in range(len(lever)):
            values = [0] * len(LEVERS)
            values[[one.name for one in LEVERS].index("length")] = (
                2  # longer than between check-ins
            )
            values[place] = value
            as_scenario(room, tuple(values))  # accepts it


def test_what_is_not_allowed_is_what_a_scenario_refuses() -> None:
    """Two levels only, and cohorts so short that some check-ins never come: the validity test and the scenario agree."""
    room = space(**{"organisation.levels": 2, "programme.minimum_level_gap": 1})
    random = np.random.default_rng(2)
    allowed = refused = 0
    for _ in range(150):
        values = tuple(int(random.integers(size)) for size in room.sizes)
        if room.allowed(values):
            as_scenario(room, values)
            allowed += 1
        else:
            with pytest.raises(InputError):
                as_scenario(room, values)
            refused += 1
    assert allowed > 50 and refused > 5


def test_designs_at_random_are_different_allowed_and_spread() -> None:
    room = space()
    found = designs_at_random(room, 120, np.random.default_rng(1))
    assert len(set(found)) == 120 and all(room.allowed(one) for one in found)
    for place, size in enumerate(room.sizes):
        counts = np.bincount([one[place] for one in found], minlength=size)
        assert counts.min() > 0.5 * 120 / size


def test_neighbours_are_new_and_near() -> None:
    room = space()
    parents = designs_at_random(room, 1, np.random.default_rng(3))
    found = neighbours(room, parents, set(parents), 30, np.random.default_rng(4))
    assert len(set(found)) == 30 and not set(found) & set(parents)
    for one in found:
        assert 1 <= sum(a != b for a, b in zip(one, parents[0], strict=True)) <= 2
        assert room.allowed(one)


def test_as_many_invitations_as_places() -> None:
    """Of those who may have a mentor, as many are invited as there are places."""
    room = space()
    level = room.level
    names = [lever.name for lever in LEVERS]
    values = [0] * len(LEVERS)
    values[names.index("invited")] = 1
    values[names.index("places")] = 4
    for policy, may in (("traditional", (level <= level.max() // 2).sum()), ("random", len(level))):
        values[names.index("policy")] = [w["policy"] for w in LEVERS[0].settings].index(policy)
        given = room.overrides(tuple(values))
        assert given["participation"] == "nominated"
        wanted = min(may, given["places"] * len(level))
        assert given["nominated_share"] * may == pytest.approx(wanted, abs=0.05 + 1e-4 * may)


def test_the_anchors_are_no_programme_and_the_scenarios_own() -> None:
    room = space(
        variants=[
            {"name": "No programme", "programme.policy": "none"},
            {"name": "Ours", "programme.policy": "reverse"},
            {"name": "Nothing acts", "programme.policy": "random", "programme.placebo": True},
        ]
    )
    assert [one.name for one in room.anchors()] == ["No programme", "Ours"]
    assert not next(room.anchors()).has_programme
