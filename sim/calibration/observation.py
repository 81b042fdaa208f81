"""What is observed of simulated firms in a calibration: the tables that its targets are computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import Context, Sums, context_of, outcome
from sim.scenario import Scenario
from sim.simulation import simulate
from sim.tables import NEVER, Columns, dyad_columns, people_columns
from sim.world import Plan, with_parameters

__all__ = ["Observed", "Setting", "observe", "setting"]

Real = NDArray[np.float64]

PEOPLE = 300
MONTHS = 48
START = 12
"""Month in which the programme begins and from which outcomes count."""

_BASE: dict[str, Any] = {"organisation": {"employees": PEOPLE}, "seed": 20261122}
_PROGRAMME = {"programme.policy": "portfolio", "programme.start_month": START}


@dataclass(frozen=True, slots=True)
class Setting:
    """The firms that every parameter set is tried in.

    Attributes
    ----------
    without
        Four years without a programme.
    with_programme
        The same with a programme of mixed directions from the second year on.
    year
        One year without a programme.
    """

    without: Plan
    with_programme: Plan
    year: Plan


def setting() -> Setting:
    """The firms of the calibration: 300 people, the defaults of the package for all that is not tried."""
    from sim.experiments.workers import plans_of

    four = Scenario(
        months=MONTHS, variants=[{"name": "without"}, {"name": "with", **_PROGRAMME}], **_BASE
    )
    one = Scenario(months=12, programme={"start_month": 0}, variants=[{"name": "year"}], **_BASE)
    without, with_programme = plans_of(four)
    return Setting(without, with_programme, plans_of(one)[0])


@dataclass(frozen=True, slots=True)
class World:
    """One simulated firm: sums over the window, everybody, every pair."""

    sums: Sums
    context: Context
    people: Columns
    pairs: Columns


@dataclass(eq=False)
class Observed:
    """Some firms under one parameter set.

    Attributes
    ----------
    without, with_programme, year
        Of each world: sums of the window, people, pairs; see :class:`Setting`.
    """

    without: Sequence[World]
    with_programme: Sequence[World]
    year: Sequence[World]

    def mean(self, name: str, worlds: Sequence[World] | None = None) -> float:
        """An outcome of the package, averaged over worlds (by default those without a programme)."""
        item = outcome(name)
        values = [float(item.of(world.sums, world.context)) for world in worlds or self.without]
        return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")

    @cached_property
    def pairs(self) -> Columns:
        """The formal pairs of all worlds with a programme that met at least once."""
        found = _stacked([world.pairs for world in self.with_programme])
        kept = (found["kind"] == 1) & (found["held"] > 0)
        return {name: values[kept] for name, values in found.items()}

    @cached_property
    def informal(self) -> Columns:
        """The informal pairs of all worlds without a programme."""
        found = _stacked([world.pairs for world in self.without])
        return {name: values[found["kind"] == 0] for name, values in found.items()}

    @cached_property
    def leavers(self) -> Columns:
        """Everybody who left in the window, without a programme."""
        found = _stacked([world.people for world in self.without])
        kept = found["left"] >= START
        return {name: values[kept] for name, values in found.items()}

    @cached_property
    def present(self) -> Columns:
        """Everybody who was there when the window began, without a programme."""
        found = _stacked([world.people for world in self.without])
        there = (found["hired"] < START) & ((found["left"] >= START) | (found["left"] == NEVER))
        return {name: values[there] for name, values in found.items()}

    @cached_property
    def at_first(self) -> Columns:
        """Everybody who was there in the first month of the year alone."""
        found = _stacked([world.people for world in self.year])
        return {name: values[found["hired"] < 0] for name, values in found.items()}


def observe(
    firms: Setting, values: Mapping[str, float], worlds: Sequence[int], seed: int = 20261122
) -> Observed:
    """Simulate the firms of the calibration under one parameter set.

    Parameters
    ----------
    values
        Parameters that differ from the package's defaults, by key.
    worlds
        Replicates: the luck.
    """
    found = []
    for plan in (firms.without, firms.with_programme, firms.year):
        changed = with_parameters(plan, values) if values else plan
        found.append([_lived(changed, seed, world) for world in worlds])
    return Observed(*found)


def _lived(plan: Plan, seed: int, world: int) -> World:
    result = simulate(plan, seed, world, people=True, dyads=True)
    assert result.state is not None
    return World(
        sums=Sums(result.monthly[plan.window_start :].sum(axis=0)),
        context=context_of(plan),
        people=people_columns(result.state, plan),
        pairs=dyad_columns(result.state),
    )


def _stacked(tables: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
