"""Firms in which nothing happens but what a closed form or a hosted model needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.engine import columns
from sim.extensions import forget
from sim.mechanisms.month import EVERY_MECHANISM
from sim.organisation.design import Chart
from sim.registry import ADDED
from sim.scenario import Scenario
from sim.simulation.plan import Plan, prepare
from sim.simulation.simulation import Simulation

__all__ = ["FULL_SKILL", "QUIET", "flat", "plan_for", "simulation", "studies", "unclipped"]

STUDIES = Path(__file__).resolve().parents[2] / "docs" / "studies"

QUIET: dict[str, Any] = {
    f"{mechanism.name}.{name}": value
    for mechanism in EVERY_MECHANISM
    for name, value in mechanism.parameters.neutral().items()
} | {
    "ties.places": 1,
    "engagement.baseline_spread": 0.0,
    "people.ability_spread": 0.0,
    "people.idea_spread": 0.0,
    "skill_levels.spread": 0.0,
    "skill_levels.department_spread": 0.0,
    "skill_levels.emerging_age_slope": 0.0,
    "learning.threshold": 0.0,
    "learning.absorption": 1e6,
}
"""Every mechanism at its neutral setting, and people who are all alike."""

FULL_SKILL = {"name": "skill", "kind": "emerging", "weight": 1.0}


def flat(people: int, departments: int = 1, levels: int = 1) -> Chart:
    """A chart of people at the lowest level, without bosses, in departments of one size."""
    return Chart(
        level=np.ones(people, dtype=np.int64),
        department=np.repeat(np.arange(departments, dtype=np.int64), people // departments),
        boss=np.full(people, -1, dtype=np.int64),
        site=np.zeros(people, dtype=np.int64),
        slot=np.full(people, -1, dtype=np.int64),
        levels=levels,
        department_names=tuple(f"Department {number + 1}" for number in range(departments)),
        site_names=("Headquarters",),
    )


def plan_for(
    chart: Chart, months: int, skills: int = 1, *, window_start: int | None = None, **settings: Any
) -> Plan:
    """A plan on this chart with everything neutral but `settings` (``section__name=value``)."""
    table = [{**FULL_SKILL, "name": f"skill_{k}"} for k in range(skills)]
    given = {name.replace("__", "."): value for name, value in settings.items()}
    scenario = Scenario(
        **{
            "months": months,
            "organisation.skills": table,
            "organisation.sites": {"Headquarters": 1.0},
        },
        **{**QUIET, **given},
    )
    return prepare(
        "verification", scenario.variants[0].settings, chart=chart, window_start=window_start
    )


def simulation(plan: Plan, world: int, seed: int = 1) -> Simulation:
    """A world at its start."""
    return Simulation(plan, seed, world)


def unclipped(world: Simulation) -> Simulation:
    """The same world, once nothing in it had to be held within 0 to 1."""
    clipped = int(world.state.counts[columns.CLIPPED])
    assert clipped == 0, f"{clipped} values had to be held within 0 to 1"
    return world


@contextmanager
def studies(*names: str) -> Iterator[None]:
    """Have the mechanisms of docs/studies known; afterwards everything that was added is gone."""
    for name in names:
        sim.load_extension(STUDIES / f"{name}.py")
    try:
        yield
    finally:
        for kind in ("mechanisms", "outcomes"):
            for name in tuple(getattr(ADDED, kind)):
                forget(name)
        for name in ADDED.measures:
            del columns.M[name]
        ADDED.measures.clear()
        ADDED.sources.clear()
        ADDED.decisions.clear()
