"""What a sweep simulates: a firm under the variants of a scenario, or any function with numbers as its result.

This is the seam between the machinery of sweeps and what is simulated. A model is handed to worker
processes, pickled, once.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble, set_of
from sim.errors import InputError
from sim.experiments.sweeps.factors import EVERY, Factor
from sim.organisation.design import Chart
from sim.outcomes.declared import CURVES, OUTCOMES
from sim.outcomes.many_worlds import values_of
from sim.outcomes.outcome import Context, curve_of
from sim.programme.settings import PROGRAMME
from sim.scenario.frozen import plain
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario
from sim.simulation.beginnings import beginning_key, first_act
from sim.simulation.plan import Plan, context_of, prepare, with_parameters
from sim.simulation.simulation import Simulation
from sim.simulation.turnover import rates_for

__all__ = ["FirmModel", "FunctionModel", "Lived", "Model", "function_name", "hashable"]

Row = tuple[Any, ...]

_PLANS_KEPT = 512
_CHARTS_KEPT = 64
_BEGINNINGS_KEPT = 8

_ABOUT_PROGRAMMES = ("programme", "volunteering", "pairing", "support")
"""Sections that a variant without a programme has no use for, but for two settings of the programme."""

_WORKED_OUT = ("_plans", "_charts", "_beginnings", "_factors_felt", "_factors_of", "_sections")
"""What a model works out once in every process."""

_MATTER_WITHOUT_PROGRAMME = ("policy", "start_month")
"""Whether there is one, and when the window begins in which outcomes count."""


class Lived(NamedTuple):
    """What one run leaves behind.

    Attributes
    ----------
    values
        One number for each outcome of the model; NaN where undefined.
    series
        One list of months for each series that is kept.
    """

    values: list[float]
    series: list[list[float]]


class Model(Protocol):
    """Anything that a sweep can run."""

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the alternatives, at least one."""
        ...

    @property
    def against(self) -> str:
        """The one that the others are compared with."""
        ...

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the numbers that a run gives."""
        ...

    @property
    def series(self) -> tuple[str, ...]:
        """Names of what a run gives month by month."""
        ...

    def digest(self) -> str:
        """SHA-256, in hexadecimal, over everything besides the points that decides a result."""

    def decides(self, variant: int, row: Row) -> Row:
        """What of a point decides the result under a variant: equal tuples give equal results."""

    def run(self, variant: int, row: Row, replicate: int) -> Any:
        """One run: a pure function of its arguments. What it returns is for :meth:`told`."""

    def told(self, runs: Sequence[Any]) -> list[Lived]:
        """What is kept of some runs, worked out together: many cost hardly more than one."""


@dataclass(frozen=True)
class FirmModel:
    """Firms under the variants of a scenario.

    Attributes
    ----------
    scenario
        What is simulated.
    variants, against
        Names of the variants that are simulated, the baseline among them.
    factors
        What a row of a design gives values to, in its order.
    series
        Names of the outcomes whose months are kept.
    ensemble
        Parameter sets that replicates take in turn; None for the scenario's own parameters.
    """

    scenario: Scenario
    variants: tuple[str, ...]
    against: str
    factors: tuple[Factor, ...]
    series: tuple[str, ...] = ()
    ensemble: Ensemble | None = None
    _plans: dict[tuple[int, Row], _Planned] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _charts: dict[str, Chart] = field(default_factory=dict, init=False, repr=False, compare=False)
    _beginnings: dict[str, tuple[int, dict[Any, tuple[int, Simulation]]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _factors_felt: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _factors_of: dict[str, list[tuple[int, str, str]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _sections: dict[tuple[str, str], dict[str, Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome that is declared."""
        return tuple(item.name for item in OUTCOMES)

    def __getstate__(self) -> dict[str, Any]:
        """Without the plans, which are made again where they are needed."""
        return {name: {} if name in _WORKED_OUT else kept for name, kept in self.__dict__.items()}

    def digest(self) -> str:
        """See :class:`Model`."""
        content: list[Any] = [self.scenario.digest(), list(self.variants), list(self.series)]
        if self.ensemble is not None:
            content += [list(self.ensemble.keys), self.ensemble.values.tolist()]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def decides(self, variant: int, row: Row) -> Row:
        """See :class:`Model`; a variant without a programme does not feel how a programme would be."""
        name = self.variants[variant]
        always, with_programme = self._felt(name)
        felt = with_programme if has_programme(self._outline(name, row)) else always
        return tuple(hashable(row[place]) for place in felt)

    def _felt(self, name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Positions of the factors that a variant feels: without a programme, and with one."""
        found = self._factors_felt.get(name)
        if found is None:
            always, with_programme = [], []
            for place, factor in enumerate(self.factors):
                matters = factor.name in _MATTER_WITHOUT_PROGRAMME
                # Its own, everybody's, or the start of another's programme.
                if factor.variant in (None, EVERY, name) or (
                    factor.section == PROGRAMME.name and matters
                ):
                    with_programme.append(place)
                    if matters or factor.section not in _ABOUT_PROGRAMMES:
                        always.append(place)
            found = self._factors_felt[name] = (tuple(always), tuple(with_programme))
        return found

    def _changed(self, name: str) -> list[tuple[int, str, str]]:
        """Position, section and name of the factors that change a variant's settings."""
        found = self._factors_of.get(name)
        if found is None:
            own = self.scenario.variant(name).overrides
            those = [
                (factor.variant is not None, place, factor.section, factor.name)
                for place, factor in enumerate(self.factors)
                if factor.variant in (EVERY, name)
                or (factor.variant is None and f"{factor.section}.{factor.name}" not in own)
            ]
            # The base's before the variant's own, which hold where both have a value.
            found = self._factors_of[name] = [tuple(rest) for _, *rest in sorted(those)]  # type: ignore[misc]
        return found

    def _outline(self, name: str, row: Row) -> Mapping[str, Mapping[str, Any]]:
        """Of a variant's settings at a point only whether there is a programme, and when it begins."""
        programme = self.scenario.variant(name).settings[PROGRAMME.name]
        told = {key: programme[key] for key in _MATTER_WITHOUT_PROGRAMME}
        for place, section, key in self._changed(name):
            if section == PROGRAMME.name and key in told and row[place] is not None:
                told[key] = row[place]
        return {PROGRAMME.name: told}

    def settings(self, variant: int, row: Row, name: str | None = None) -> Mapping[str, Any]:
        """All settings of a variant (by position, or by `name`) at a point."""
        name = self.variants[variant] if name is None else name
        settings = self.scenario.variant(name).settings
        changed: dict[str, dict[str, Any]] = {}
        for place, section, key in self._changed(name):
            if row[place] is None:
                continue
            if section not in changed:
                changed[section] = self._copy(name, section)
            changed[section][key] = row[place]
        return {**settings, **changed}

    def _copy(self, name: str, section: str) -> dict[str, Any]:
        """A section of a variant as a dictionary of its own."""
        found = self._sections.get((name, section))
        if found is None:
            found = dict(self.scenario.variant(name).settings[section])
            self._sections[name, section] = found
        return found.copy()

    def plan(self, variant: int, row: Row) -> Plan:
        """The plan of a cell; the last ones are kept."""
        return self._planned(variant, row).plan

    def _planned(self, variant: int, row: Row) -> _Planned:
        key = (variant, tuple(hashable(value) for value in row))
        found = self._plans.get(key)
        if found is None:
            if len(self._plans) >= _PLANS_KEPT:
                self._plans.pop(next(iter(self._plans)), None)
            settings = self.settings(variant, row)
            window = self._window(row, settings)
            organisation = repr(settings["organisation"])
            plan = prepare(
                self.variants[variant],
                self._with_rates(settings, window),
                roster=self.scenario.roster,
                chart=self._charts.get(organisation),
                window_start=window,
            )
            if len(self._charts) >= _CHARTS_KEPT:
                self._charts.clear()
            self._charts.setdefault(organisation, plan.chart)
            found = _Planned(plan, context_of(plan), beginning_key(plan))
            self._plans[key] = found
        return found

    def _with_rates(self, settings: Mapping[str, Any], window: int) -> Mapping[str, Any]:
        """The same settings with the rates of leaving that their turnover asks for, if they state one."""
        rates = rates_for(settings, self.scenario.roster, window)
        varied = {f"{factor.section}.{factor.name}" for factor in self.factors} if rates else ()
        changed = {key.partition(".")[2]: rate for key, rate in rates.items() if key not in varied}
        return {**settings, "departures": {**settings["departures"], **changed}}

    def _window(self, row: Row, settings: Mapping[str, Any]) -> int:
        """Month from which outcomes count: the earliest programme of all variants, as in a comparison."""
        starts = [
            int(one[PROGRAMME.name]["start_month"])
            for one in (self._outline(item.name, row) for item in self.scenario.variants)
            if has_programme(one)
        ]
        return min(starts, default=int(settings[PROGRAMME.name]["start_month"]))

    def fixed(self, variant: int) -> frozenset[str]:
        """The parameters that no ensemble changes: the scenario sets them, or a factor does."""
        base = {key for key, origin in self.scenario.origins.items() if origin != "default"}
        own = set(self.scenario.variant(self.variants[variant]).overrides)
        varied = {
            f"{factor.section}.{factor.name}"
            for factor in self.factors
            if factor.variant in (None, EVERY, self.variants[variant])
        }
        return frozenset(base | own | varied)

    def run(self, variant: int, row: Row, replicate: int) -> _Lived:
        """See :class:`Model`; what the variants of a firm have in common is lived once."""
        plan, context, key = self._planned(variant, row)
        if self.ensemble is not None:
            values = self.ensemble.set_at(set_of(replicate), self.fixed(variant))
            plan = with_parameters(plan, values)
            context, key = context_of(plan), beginning_key(plan)
        world = self._begun(plan, key, row, replicate).run()
        monthly = world.state.monthly
        window = monthly[plan.window_start :].sum(axis=0)
        return _Lived(window, context, monthly if self.series else None, plan.window_start)

    def _begun(
        self, plan: Plan, key: tuple[Any, ...] | None, row: Row, replicate: int
    ) -> Simulation:
        """A firm as it stands when the first programme is about to act; made once for each replicate."""
        if key is None:
            return Simulation(plan, self.scenario.seed, replicate)
        known = self._beginnings.get("now")
        if known is None or known[0] != replicate:
            known = self._beginnings["now"] = (replicate, {})
        month, begun = known[1].get(key, (plan.months, None))
        if begun is None or month > first_act(plan):
            every = (self._planned(one, row).plan for one in range(len(self.variants)))
            month = min(map(first_act, every))
            begun = Simulation(plan, self.scenario.seed, replicate)
            begun.approach(month)
            if len(known[1]) < _BEGINNINGS_KEPT:
                known[1][key] = (month, begun)
        return begun.fork(plan)

    def told(self, runs: Sequence[Any]) -> list[Lived]:
        """See :class:`Model`."""
        values = np.empty((len(runs), len(OUTCOMES)))
        for alike in _by_context(runs):
            values[alike] = values_of(
                np.stack([runs[place].window for place in alike]), runs[alike[0]].context
            )
        return [
            Lived(row, self._months(one)) for row, one in zip(values.tolist(), runs, strict=True)
        ]

    def _months(self, one: _Lived) -> list[list[float]]:
        """The series that are kept."""
        if one.monthly is None:
            return []
        known = {item.name: item for item in CURVES}
        return [
            np.asarray(curve_of(known[name], one.monthly, one.context, one.window_start)).tolist()
            for name in self.series
        ]

    def live(self, variant: int, row: Row, replicate: int) -> Lived:
        """One run by itself."""
        return self.told([self.run(variant, row, replicate)])[0]


class _Planned(NamedTuple):
    """The plan of a cell, and what is worked out from it once."""

    plan: Plan
    context: Context
    key: tuple[Any, ...] | None


class _Lived(NamedTuple):
    """What a firm's run leaves behind: the measures summed over the window, and what its outcomes use besides."""

    window: NDArray[np.float64]
    context: Context
    monthly: NDArray[np.float64] | None
    window_start: int


def _by_context(runs: Sequence[_Lived]) -> list[list[int]]:
    """Positions of the runs whose outcomes can be worked out together."""
    groups: list[tuple[Context, list[int]]] = []
    at: dict[int, list[int]] = {}
    for place, one in enumerate(runs):
        mine = at.get(id(one.context))
        if mine is None:
            mine = next((known for context, known in groups if context == one.context), None)
            if mine is None:
                mine = []
                groups.append((one.context, mine))
            at[id(one.context)] = mine
        mine.append(place)
    return [places for _, places in groups]


def hashable(value: Any) -> Any:
    """A value of a factor as something that can be compared and looked up."""
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(plain(value), sort_keys=True)
    return value


Function = Callable[[Mapping[str, float], int], Mapping[str, float]]


@dataclass(frozen=True)
class FunctionModel:
    """Any function of named values and the number of a replicate: for designs with known answers, and for
    other models.

    Attributes
    ----------
    function
        Module and name of a function at the top of a module: ``"module:name"``. It is called with the
        values by factor and the replicate, and returns a number for each outcome.
    keys
        Names of the factors, in the order of a row.
    outcomes
        Names of the numbers that it returns.
    """

    function: str
    keys: tuple[str, ...]
    outcomes: tuple[str, ...]
    variants: tuple[str, ...] = ("Function",)
    series: tuple[str, ...] = ()

    @property
    def against(self) -> str:
        """The only variant."""
        return self.variants[0]

    def digest(self) -> str:
        """Of the function's name and source."""
        try:
            source = inspect.getsource(_function(self.function))
        except OSError:
            source = ""
        text = json.dumps([self.function, source, self.keys, self.outcomes])
        return hashlib.sha256(text.encode()).hexdigest()

    def decides(self, variant: int, row: Row) -> Row:
        """Everything."""
        return tuple(hashable(value) for value in row)

    def run(self, variant: int, row: Row, replicate: int) -> Lived:
        """Call the function."""
        told = _function(self.function)(dict(zip(self.keys, row, strict=True)), replicate)
        return Lived([float(told.get(name, math.nan)) for name in self.outcomes], [])

    def told(self, runs: Sequence[Any]) -> list[Lived]:
        """The same."""
        return list(runs)


@lru_cache
def _function(name: str) -> Function:
    """The function of a name.

    Raises
    ------
    InputError
        If there is none.
    """
    module, _, attribute = name.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)  # type: ignore[no-any-return]
    except (ImportError, AttributeError) as error:
        remedy = "write module:function, of a module that can be imported"
        raise InputError(f"{name!r} is no function ({error})", remedy=remedy) from error


def function_name(function: Callable[..., Any], names: Sequence[str] = ()) -> str:
    """How worker processes find a function.

    Raises
    ------
    InputError
        If it does not stand at the top of a module.
    """
    if (
        "<" in function.__qualname__
        or "." in function.__qualname__
        or function.__module__ == "__main__"
    ):
        remedy = "put it at the top of a module of its own, where worker processes find it"
        raise InputError(f"worker processes cannot find {function.__qualname__}", remedy=remedy)
    return f"{function.__module__}:{function.__qualname__}"
