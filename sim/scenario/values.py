"""One value against its declaration: of the right kind, in range, as the simulation uses it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sim.parameters import Parameter
from sim.scenario.frozen import Frozen
from sim.scenario.messages import allowed, described, hint, quoted
from sim.scenario.positions import Position
from sim.scenario.scalars import (
    LARGEST_WHOLE,
    Complain,
    checked_name,
    checked_scalar,
    is_finite,
    refuse_controls,
    without_numpy,
    wrong_kind,
)
from sim.scenario.schema import LISTS_OF_TABLES, ListOfTables

__all__ = ["checked"]

_BARE_NAME = re.compile(r"\w+")
_DEEPEST = 8
_ROUNDED = 0.02 + 1e-9  # 0.33, 0.33, 0.33
_SCALED = 1e-12  # shares whose sum is this close to one are left as they are written


def checked(parameter: Parameter, value: object, place: Position, complain: Complain) -> Any:
    """Return `value` as the simulation uses it.

    Numbers become floats, whole numbers integers, shares sum to one (with ``choices``, in their
    order and complete), lists tuples; nothing in the result can be changed.

    Raises
    ------
    InputError
        Made by `complain`, if the value is of another kind or outside the allowed range.
    """
    check = _STRUCTURES.get(parameter.kind, checked_scalar)
    return check(parameter, value, place, complain)


def _shares(parameter: Parameter, value: object, place: Position, complain: Complain) -> Frozen:
    if not isinstance(value, Mapping):
        raise wrong_kind(parameter, value, place, complain)
    if not value:
        raise complain(place, "there are no shares", f"write {allowed(parameter)}")
    weights = {}
    for name, weight in value.items():
        here = (*place, str(name))
        if parameter.words and name not in parameter.words:
            raise complain(here, "unknown name", hint(name, parameter.words))
        weights[checked_name(name, here, complain)] = _share(weight, here, complain)
    if not any(weights.values()):
        raise complain(place, "all shares are 0", "give at least one name a share above 0")
    _refuse_wrong_sum(weights, place, complain)
    if parameter.words:
        weights = {name: weights.get(name, 0.0) for name in parameter.words}
    return Frozen(_scaled(weights))


def _refuse_wrong_sum(weights: dict[str, float], place: Position, complain: Complain) -> None:
    """Complain about shares that are meant to sum to one and do not: which of them is wrong is not known.

    Fractions are shares, but for rounding; whole numbers (counts of people, percentages) are weights.
    """
    total = math.fsum(weights.values()) if max(weights.values()) <= 1.0 else 1.0
    fractions = any(0.0 < weight < 1.0 for weight in weights.values())
    if fractions and abs(total - 1.0) > _ROUNDED:
        problem = f"the shares sum to {total:.6g}"
        remedy = "let them sum to 1, or write whole numbers to say how they stand to each other"
        raise complain(place, problem, remedy)


def _share(value: object, place: Position, complain: Complain) -> float:
    value = without_numpy(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise complain(place, f"{described(value)} is not a share", "write a number such as 0.25")
    if not (value >= 0 and is_finite(value)):
        problem = f"{described(value)} is not a share"
        raise complain(
            place, problem, "write a number of at least 0; shares are scaled to sum to 1"
        )
    return float(value) + 0.0


def _scaled(weights: dict[str, float]) -> dict[str, float]:
    """Scale to sum to one; what does already stays as it is, to the last bit."""
    if abs(sum(weights.values()) - 1.0) <= _SCALED:
        return weights
    largest = max(weights.values())
    total = math.fsum(weight / largest for weight in weights.values())
    return {name: weight / largest / total for name, weight in weights.items()}


def _table(parameter: Parameter, value: object, place: Position, complain: Complain) -> Any:
    if len(place) >= 2:
        entries = LISTS_OF_TABLES.get((str(place[-2]), str(place[-1])))
        if entries is not None:
            return _entries(entries, value, place, complain)
    if not isinstance(value, Mapping | list | tuple):
        raise wrong_kind(parameter, value, place, complain)
    return _anything(value, place, complain, 0)


def _entries(
    entries: ListOfTables, value: object, place: Position, complain: Complain
) -> tuple[Frozen, ...]:
    header = f"[[{'.'.join(str(part) for part in place[-2:])}]]"
    if not isinstance(value, list | tuple):
        remedy = f"write {header}, once for each entry"
        raise complain(place, f"{described(value)} is not a list of tables", remedy)
    if not entries.fewest <= len(value) <= entries.most:
        problem = "there are none" if not value else f"there are {len(value)} entries"
        remedy = f"give {entries.fewest} to {entries.most} of {header}"
        raise complain(place, problem, remedy)
    rows = tuple(_entry(entries, row, (*place, index), complain) for index, row in enumerate(value))
    first = entries.first.name
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if entries.unique and row[first] in seen:
            problem = f"{quoted(row[first])} is there twice"
            raise complain((*place, index, first), problem, "give each entry a name of its own")
        seen.add(row[first])
    return rows


def _entry(entries: ListOfTables, row: object, place: Position, complain: Complain) -> Frozen:
    group, first = entries.entry, entries.first
    if not isinstance(row, Mapping):
        raise complain(place, f"{described(row)} is not a table", f"write {{ {first.name} = ... }}")
    for key in row:
        if key not in group.names():
            remedy = hint(key, group.names())
            raise complain((*place, str(key)), "unknown key", remedy)
    if row.get(first.name) is None:
        raise complain((*place, first.name), "it is missing", f"give {allowed(first)}")
    values = group.defaults()
    for name, value in row.items():
        if value is not None or values[name] is not None:
            values[name] = checked_scalar(group[name], value, (*place, name), complain)
    if entries.unique:
        here = (*place, first.name)
        if not _BARE_NAME.fullmatch(checked_name(values[first.name], here, complain)):
            problem = f"{quoted(values[first.name])} is not a plain name"
            raise complain(here, problem, "use letters, digits and underscores only")
    return Frozen(values)


def _list(parameter: Parameter, value: object, place: Position, complain: Complain) -> Any:
    if not isinstance(value, list | tuple):
        raise wrong_kind(parameter, value, place, complain)
    for index, item in enumerate(value):
        if parameter.words and item not in parameter.words:
            problem = f"{described(item)} is not one of the choices"
            raise complain((*place, index), problem, hint(item, parameter.words))
    if math.isfinite(parameter.low):
        number = replace(parameter, kind="number")
        return tuple(
            checked_scalar(number, item, (*place, index), complain)
            for index, item in enumerate(value)
        )
    return _anything(value, place, complain, 0)


def _anything(value: object, place: Position, complain: Complain, depth: int) -> Any:
    """Freeze a structured value whose meaning is checked by the section that owns it."""
    value = without_numpy(value)
    if depth > _DEEPEST:
        raise complain(place, "it is nested too deeply", f"use at most {_DEEPEST} levels")
    if isinstance(value, Mapping):
        items = {}
        for key, item in value.items():
            here = (*place, str(key))
            items[checked_name(key, here, complain)] = _anything(item, here, complain, depth + 1)
        return Frozen(items)
    if isinstance(value, list | tuple):
        return tuple(
            _anything(item, (*place, index), complain, depth + 1)
            for index, item in enumerate(value)
        )
    if isinstance(value, str):
        refuse_controls(value, place, complain)
        return value
    finite = isinstance(value, float) and is_finite(value)
    if finite or (isinstance(value, int) and abs(value) <= LARGEST_WHOLE):
        return value
    raise complain(place, f"{described(value)} cannot be used", "write a finite number or text")


_STRUCTURES: dict[str, Callable[[Parameter, object, Position, Complain], Any]] = {
    "shares": _shares,
    "table": _table,
    "list": _list,
}
