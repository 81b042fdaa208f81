"""Shared by all tests: the model is compiled once, before the first of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sim.scenario import Scenario
from sim.simulation.plan import Plan, prepare
from sim.simulation.simulation import Simulation
from sim.simulation.warming import warm_up


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Compile everything (or load it) outside any single test's time."""
    warm_up()


def plan_of(given: Mapping[str, Any] | None = None, **sections: Any) -> Plan:
    """The plan of a scenario with one variant, from dotted keys or sections."""
    scenario = Scenario(**{**(given or {}), **sections})
    return prepare("test", scenario.variants[0].settings, roster=scenario.roster)


def lived(plan: Plan, *, seed: int = 1, world: int = 0, **kept: bool) -> Simulation:
    """A world of the plan, lived to its end."""
    return Simulation(plan, seed, world, **kept).run()
