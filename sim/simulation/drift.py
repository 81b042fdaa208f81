"""Whether the people of a roster stay what they are: mean age and length of service without a programme.

A synthetic firm starts from the ages and tenures that its own hiring and leaving keep
(:mod:`sim.organisation.careers`). Real people have the ages and tenures that their firm's past gave them, and move
towards what the scenario's turnover and ages at hire keep. Every variant drifts alike.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.engine import columns
from sim.scenario import Scenario
from sim.simulation.plan import plans_of
from sim.simulation.simulation import Simulation
from sim.simulation.turnover import with_own_turnover
from sim.simulation.warming import warm_up

__all__ = ["Drift", "drift_of", "drift_words"]

LUCK = 20_260_102
"""Seed of the firms that are looked at, whatever the scenario's."""
PERSON_YEARS = 20_000
"""How many are looked at: mean ages are then known within about a tenth of a year."""
NOTABLE = 1.0
"""Years by which a mean must move to be called a drift."""


class Drift(NamedTuple):
    """Mean age and tenure in years, in the first month and after the last, and the months between."""

    age: float
    age_after: float
    tenure: float
    tenure_after: float
    months: int

    @property
    def notable(self) -> bool:
        """Whether one of the two moves by :data:`NOTABLE` or more."""
        moved = (self.age_after - self.age, self.tenure_after - self.tenure)
        return max(abs(one) for one in moved) >= NOTABLE


def drift_of(scenario: Scenario) -> Drift:
    """What a scenario's firm becomes over its months without any programme, on the average of some worlds."""
    document = {"programme.policy": "none", "variants": [{"name": "Nobody is mentored"}]}
    bare = with_own_turnover(scenario.with_settings({**document, "baseline": None}))
    plan = plans_of(bare)[0]
    warm_up()
    worlds = max(1, min(40, math.ceil(PERSON_YEARS / (plan.chart.posts * plan.months / 12.0))))
    first, last = np.zeros((worlds, 2)), np.zeros((worlds, 2))
    for world in range(worlds):
        simulation = Simulation(plan, LUCK, world)
        first[world] = _means(simulation)
        last[world] = _means(simulation.run())
    (age, tenure), (age_after, tenure_after) = np.nanmean(first, axis=0), np.nanmean(last, axis=0)
    return Drift(float(age), float(age_after), float(tenure), float(tenure_after), plan.months)


def _means(simulation: Simulation) -> tuple[float, float]:
    """Mean age and tenure of all who are there, in years; NaN if nobody is."""
    whole = simulation.state.whole
    there = whole[columns.ACTIVE] == 1
    if not there.any():
        return math.nan, math.nan
    ages = simulation.month - whole[columns.BIRTH_MONTH, there]
    tenures = simulation.month - whole[columns.HIRE_MONTH, there]
    return float(ages.mean()) / 12.0, float(tenures.mean()) / 12.0


def drift_words(one: Drift) -> str:
    """The drift in a sentence or two, with what would change it."""
    if not one.notable:
        return (
            f"Without a programme these people stay about what they are over {one.months:,} months: mean age "
            f"{one.age:.1f}, then {one.age_after:.1f} years; mean service {one.tenure:.1f}, then "
            f"{one.tenure_after:.1f} years."
        )
    return (
        f"Drift: without any programme, mean age goes from {one.age:.1f} to {one.age_after:.1f} years and mean "
        f"service from {one.tenure:.1f} to {one.tenure_after:.1f} years within {one.months:,} months, because these "
        f"settings' turnover and ages at hire keep other ages and years of service than your list has. Every variant "
        f"drifts alike, so that differences between variants hardly feel it. organisation.turnover and people.entry_age "
        f"change it."
    )
