"""Shared by all tests: the model is compiled once, before the first of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sim.scenario import Scenario
from sim.simulation.plan import Plan, prepare
from sim.simulation.pool import available_workers
from sim.simulation.simulation import Simulation
from sim.simulation.warming import warm_up

# Helpers that assert say what differed, as tests do; before anything imports them.
pytest.register_assert_rewrite(
    "reference", "verification", "pages", "programmes", "command_line", "trusting"
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """With ``-n auto``: as many as there are processors, but no more than memory bears."""
    return min(available_workers(), 8)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """With ``-n``: compile before there are workers, so that they need not all do it."""
    compile_everything()


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Compile everything (or load it) outside any single test's time."""
    compile_everything()


def compile_everything() -> None:
    """What an ordinary comparison calls, and what few scenarios have."""
    warm_up()
    firm = {"months": 4, "organisation.employees": 30}
    programme = {"programme.policy": "random", "programme.start_month": 0}
    lived(plan_of({**firm, **programme, "programme.shuffled": True, "encounters.rate": 0.5}))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """``-m quick`` is all but what is marked as long or full: for whoever edits."""
    for item in items:
        if not any(item.get_closest_marker(name) for name in ("long", "full")):
            item.add_marker("quick")


def plan_of(given: Mapping[str, Any] | None = None, **sections: Any) -> Plan:
    """The plan of a scenario with one variant, from dotted keys or sections."""
    scenario = Scenario(**{**(given or {}), **sections})
    return prepare("test", scenario.variants[0].settings, roster=scenario.roster)


def lived(plan: Plan, *, seed: int = 1, world: int = 0, **kept: bool) -> Simulation:
    """A world of the plan, lived to its end."""
    return Simulation(plan, seed, world, **kept).run()
