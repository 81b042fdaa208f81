"""Whether the scenario can be simulated at every point of a study, found out before anything is run.

A table may have 100,000 points, and making a scenario takes a millisecond. So points are told apart only by
what decides: the value of each factor was checked when it was read, and of what may contradict each other
together (:mod:`sim.scenario.rules`) most factors are no part. Which are, the rules say themselves: the value
of a factor is held back until a rule uses it, and points that agree in all values that were used are one case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

from sim.errors import InputError
from sim.experiments.sweeps.factors import EVERY, Factor
from sim.experiments.sweeps.model import FirmModel, hashable
from sim.experiments.sweeps.problems import Problems
from sim.experiments.sweeps.study import Study
from sim.scenario.addresses import address
from sim.scenario.frozen import Frozen
from sim.scenario.rules import check_base, refusals
from sim.scenario.scenario import Scenario
from sim.scenario.sections import DEFAULT
from sim.scenario.source import Source

__all__ = ["Contradictions", "check_points", "scenario_at"]

_MOST_TOLD = 5

Row = tuple[Any, ...]


def check_points(study: Study, problems: Problems) -> None:
    """Note the points at which the scenario contradicts itself; the first ones are told."""
    model = study.model
    if not isinstance(model, FirmModel):
        return
    contradictions = Contradictions(model)
    rows = study.rows()
    bad = [number for number, row in enumerate(rows) if contradictions.at(row)]
    for number in bad[:_MOST_TOLD]:
        try:
            scenario_at(model, rows[number])
        except InputError as error:
            told = ", ".join(
                f"{factor.key} = {value}"
                for factor, value in zip(study.factors, rows[number], strict=True)
                if value is not None
            )
            key = f"{error.key}: " if error.key else ""
            problems.add(
                ("design",), f"point {number} ({told}): {key}{error.problem}", error.remedy
            )
    if len(bad) > _MOST_TOLD:
        problems.add(
            ("design",),
            f"{len(bad) - _MOST_TOLD} more points cannot be simulated",
            "narrow the factors",
        )


def scenario_at(model: FirmModel, row: Row) -> Scenario:
    """The scenario as it is at a point, checked.

    Raises
    ------
    InputError
        If it contradicts itself there.
    """
    changes = {
        factor.key: value
        for factor, value in zip(model.factors, row, strict=True)
        if value is not None
    }
    for item in model.scenario.variants:  # one that the study leaves out keeps what it sets itself
        for key in set(item.overrides) & set(changes):
            if item.name not in model.variants:
                changes[address(item.name, key)] = item.overrides[key]
    return model.scenario.with_settings(changes) if changes else model.scenario


class Contradictions:
    """At which points a scenario contradicts itself.

    Parameters
    ----------
    model
        The scenario with its factors.
    """

    def __init__(self, model: FirmModel) -> None:
        self._model = model
        self._used: set[int] = set()
        self._known: dict[tuple[Any, ...], bool] = {}
        if model.scenario.roster is not None:  # which is read as the organisation's settings say
            sections = ("organisation", "costs")
            self._used |= {
                place
                for place, factor in enumerate(model.factors)
                if factor.section in sections and factor.variant is None
            }

    def at(self, row: Row) -> bool:
        """Whether the scenario contradicts itself at a point."""
        while True:
            case = tuple(
                hashable(value) if place in self._used or value is None else _Unread
                for place, value in enumerate(row)
            )
            found = self._known.get(case)
            if found is not None:
                return found
            held_back = tuple(
                value if place in self._used or value is None else _Unread(place)
                for place, value in enumerate(row)
            )
            try:
                found = self._refused(held_back, row)
            except _UsedError as used:
                self._used.add(used.place)
                self._known.clear()
                continue
            self._known[case] = found
            return found

    def _refused(self, held_back: Row, row: Row) -> bool:
        model, scenario = self._model, self._model.scenario
        if scenario.roster is not None:
            try:
                scenario_at(model, row)
            except InputError:
                return True
            return False
        changed = {
            factor.key
            for factor, value in zip(model.factors, row, strict=True)
            if value is not None and factor.variant is None
        }
        unset = {
            key
            for key, origin in scenario.origins.items()
            if origin == DEFAULT and key not in changed
        }
        source = Source()
        variants = [
            replace(
                item,
                settings=model.settings(0, held_back, item.name),
                overrides={**item.overrides, **_own(model.factors, held_back, item.name)},
            )
            for item in scenario.variants
        ]
        try:
            check_base(variants[0].settings, source)
        except InputError:
            return True
        return any(True for _ in refusals(variants, source, None, unset))


def _own(factors: tuple[Factor, ...], row: Row, name: str) -> Mapping[str, Any]:
    """What the factors set of a variant itself."""
    return Frozen(
        {
            f"{factor.section}.{factor.name}": value
            for factor, value in zip(factors, row, strict=True)
            if value is not None and factor.variant in (EVERY, name)
        }
    )


class _UsedError(Exception):
    """A rule asked for the value of a factor."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


class _Unread:
    """Stands for the value of a factor as long as no rule asks what it is."""

    __slots__ = ("_place",)

    def __init__(self, place: int) -> None:
        self._place = place

    def _used(self, *_: object) -> NoReturn:
        raise _UsedError(self._place)

    def __getattr__(self, _: str) -> NoReturn:
        self._used()


for _name in (
    *("bool", "int", "float", "index", "hash", "len", "iter", "contains", "getitem", "str", "repr"),
    *("eq", "ne", "lt", "le", "gt", "ge", "format", "neg", "abs", "round", "add", "radd", "sub"),
    *("rsub", "mul", "rmul", "truediv", "rtruediv", "floordiv", "rfloordiv", "mod", "rmod"),
):
    setattr(_Unread, f"__{_name}__", _Unread._used)
