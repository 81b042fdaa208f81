"""What is observed of simulated firms in a calibration: the tables that its targets are computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.state import State
from sim.outcomes.declared import outcome
from sim.outcomes.outcome import Context, Sums
from sim.scenario import Scenario
from sim.simulation.plan import Plan, context_of, with_parameters
from sim.simulation.simulation import Simulation
from sim.simulation.tables import NEVER, Columns, dyad_columns, people_columns
from sim.studies.fieldwork import Fieldwork
from sim.studies.published import CALL_CENTRE

__all__ = ["MONTHS", "START", "LATER", "Observed", "Setting", "ObservedFirm", "observe", "setting"]

Real = NDArray[np.float64]

SEED = 20261122
PEOPLE = 300
MONTHS = 48
START = 12
"""Month in which the programme begins and from which outcomes count."""

LATER = START + 11
"""The last month of the first cohort, in which people are looked at once more."""

NEWCOMERS_TRIAL = {
    **CALL_CENTRE,
    "organisation": {**CALL_CENTRE["organisation"], "employees": 600},
}
TRIAL_MONTHS = 30

_BASE: dict[str, Any] = {"organisation": {"employees": PEOPLE}, "seed": SEED}
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
    trial
        The trial of M-GAIN: a call centre in which a lot gives half of the newcomers a mentor for a month.
    trial_fixes
        Parameters, ``section.name``, that the trial sets itself: they are not tried there.
    """

    without: Plan
    with_programme: Plan
    year: Plan
    trial: Plan
    trial_fixes: frozenset[str]


def setting() -> Setting:
    """The firms of the calibration: the defaults of the package for all that is not tried."""
    from sim.simulation.plan import plans_of

    four = Scenario(
        months=MONTHS, variants=[{"name": "without"}, {"name": "with", **_PROGRAMME}], **_BASE
    )
    one = Scenario(months=12, programme={"start_month": 0}, variants=[{"name": "year"}], **_BASE)
    newcomers = Scenario(months=TRIAL_MONTHS, seed=SEED, variants=[{"name": "trial"}], **NEWCOMERS_TRIAL)  # fmt: skip
    without, with_programme = plans_of(four)
    fixed = {f"{section}.{name}" for section, given in NEWCOMERS_TRIAL.items() for name in given}
    return Setting(
        without, with_programme, plans_of(one)[0], plans_of(newcomers)[0], frozenset(fixed)
    )


@dataclass(frozen=True, slots=True)
class ObservedFirm:
    """One simulated firm.

    Attributes
    ----------
    sums, context
        Sums of the window, and the firm that they are of.
    people, pairs
        Everybody, every pair: columns as in :mod:`sim.simulation.tables`.
    begin
        Everybody who was there when the window began: number, engagement, embeddedness, manager (-1 if none).
    later
        Engagement and output at the end of month :data:`LATER`, by number of the person.
    state
        The firm at the end.
    plan
        Its variant.
    """

    sums: Sums
    context: Context
    people: Columns
    pairs: Columns
    begin: Columns
    later: Mapping[str, Mapping[int, float]]
    state: State
    plan: Plan

    def of(self, persons: NDArray[Any], column: str) -> NDArray[Any]:
        """A column of the people whose numbers are given (mentors, mentees)."""
        return self.people[column][np.searchsorted(self.people["person"], persons)]


@dataclass(eq=False)
class Observed:
    """Some firms under one parameter set.

    Attributes
    ----------
    without, with_programme, year
        Of each world: sums of the window, people, pairs; see :class:`Setting`.
    trials
        Fieldwork in the call centres of the trial.
    """

    without: Sequence[ObservedFirm]
    with_programme: Sequence[ObservedFirm]
    year: Sequence[ObservedFirm]
    trials: Sequence[Fieldwork] = ()

    def some(self, worlds: range) -> Observed:
        """What was observed of some of the firms only."""
        part = slice(worlds.start, worlds.stop)
        return Observed(
            self.without[part], self.with_programme[part], self.year[part], self.trials[part]
        )

    def mean(self, name: str, worlds: Sequence[ObservedFirm] | None = None) -> float:
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
    def at_end(self) -> Columns:
        """Everybody who is there when the four years end, without a programme."""
        found = _stacked([world.people for world in self.without])
        return {name: values[found["left"] == NEVER] for name, values in found.items()}

    @cached_property
    def at_first(self) -> Columns:
        """Everybody who was there in the first month of the year alone."""
        found = _stacked([world.people for world in self.year])
        return {name: values[found["hired"] < 0] for name, values in found.items()}


def observe(
    firms: Setting, values: Mapping[str, float], worlds: Sequence[int], seed: int = SEED
) -> Observed:
    """Simulate the firms of the calibration under one parameter set.

    Parameters
    ----------
    values
        Parameters that differ from the package's defaults, by key.
    worlds
        Replicates: the luck.
    """

    def lived(plan: Plan) -> list[ObservedFirm]:
        changed = with_parameters(plan, values) if values else plan
        return [_lived(changed, seed, world) for world in worlds]

    tried = {key: value for key, value in values.items() if key not in firms.trial_fixes}
    trial = with_parameters(firms.trial, tried) if tried else firms.trial
    trials = [Fieldwork((trial,), seed, world, panel=True) for world in worlds]
    return Observed(lived(firms.without), lived(firms.with_programme), lived(firms.year), trials)


def _lived(plan: Plan, seed: int, world: int) -> ObservedFirm:
    simulation = Simulation(plan, seed, world, keep_people=True, keep_dyads=True).run(START)
    begin = _there(simulation.state)
    simulation.run(LATER + 1 - START)
    later = _now(simulation.state)
    state = simulation.run().state
    return ObservedFirm(
        sums=Sums(state.monthly[plan.window_start :].sum(axis=0)),
        context=context_of(plan),
        people=people_columns(state, plan),
        pairs=dyad_columns(state),
        begin=begin,
        later=later,
        state=state,
        plan=plan,
    )


def _there(state: State) -> Columns:
    there = state.whole[columns.ACTIVE] == 1
    return {
        "number": state.whole[columns.NUMBER, there].copy(),
        "engagement": state.person[columns.ENGAGEMENT, there].copy(),
        "embeddedness": state.person[columns.EMBEDDEDNESS, there].copy(),
        "manager": state.whole[columns.MANAGER, there].copy(),
    }


def _now(state: State) -> Mapping[str, Mapping[int, float]]:
    there = state.whole[columns.ACTIVE] == 1
    numbers = state.whole[columns.NUMBER, there].tolist()
    return {
        name: dict(zip(numbers, state.person[row, there].tolist(), strict=True))
        for name, row in (("engagement", columns.ENGAGEMENT), ("output", columns.OUTPUT))
    }


def _stacked(tables: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
