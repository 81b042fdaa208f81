"""Designs: at which points of the factors a sweep simulates.

A design is made of blocks, one after another. A point gives each factor a value, or None for the
scenario's own. Every kind is a function of its options and the factors that it varies; the same options
and seed give the same points.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.sweeps.factors import Factor
from sim.experiments.sweeps.problems import Problems
from sim.files import read_parquet
from sim.scenario.messages import described, hint, number_text, quoted
from sim.scenario.positions import Position

__all__ = ["KINDS", "LATER", "NOTHING_TO_VARY", "Block", "Kind", "flat", "read_block", "twice"]

Row = tuple[Any, ...]
"""One value for each factor that a block varies."""

MOST_POINTS = 1_000_000

NOTHING_TO_VARY = "there is no factor to vary"

LATER = "optimise"
"""The kind whose points are proposed while the sweep runs."""


@dataclass(frozen=True, slots=True)
class Block:
    """One design.

    Attributes
    ----------
    kind
        One of :data:`KINDS`, or :data:`LATER`.
    factors
        Positions, among all factors of the study, of those that it varies.
    options
        As given, with defaults filled in.
    rows
        Its points: values of its factors.
    """

    kind: str
    factors: tuple[int, ...]
    options: Mapping[str, Any]
    rows: tuple[Row, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kind:
    """How the points of one kind of design are made.

    Attributes
    ----------
    meaning
        In one line, for the documentation.
    options
        Names of the options with their defaults; ``...`` marks one that must be given.
    rows
        ``rows(factors, options, problem)``; calls `problem(option, what, remedy)` where it cannot be made.
    """

    meaning: str
    options: Mapping[str, Any]
    rows: Callable[[Sequence[Factor], Mapping[str, Any], Callable[[str, str, str], None]], Any]


Complain = Callable[[str, str, str], None]


def read_block(
    given: Mapping[str, Any],
    factors: Sequence[Factor],
    folder: Path,
    place: Position,
    problems: Problems,
) -> Block | None:
    """Make one block; what is wrong with it goes to `problems`, and None is returned.

    Parameters
    ----------
    given
        ``kind``, its options, and ``factors``: keys, "levers", "uncertainties" or "all" (the default).
    folder
        Where files are looked for.
    """

    def problem(option: str, what: str, remedy: str) -> None:
        problems.add((*place, option) if option else place, what, remedy)

    before = len(problems.found)
    kind = given.get("kind")
    names = (*KINDS, LATER, CROSSED)
    if kind is None:
        problem("", "the design has no kind", f"write kind = ..., one of {', '.join(names)}")
        return None
    if kind not in names:
        problem("kind", f"{described(kind)} is no kind of design", hint(kind, names))
        return None
    chosen = _chosen(given.get("factors", "all"), factors, problem)
    if chosen is None:
        return None
    if kind == CROSSED:
        return _crossed(given, factors, chosen, folder, place, problems)
    declared = KINDS[kind].options if kind != LATER else _LATER_OPTIONS
    options = dict(declared)
    for name, value in given.items():
        if name in ("kind", "factors"):
            continue
        if name not in declared:
            problem(name, f"unknown option of {kind}", hint(name, ("factors", *declared)))
            continue
        options[name] = value
    for name, value in options.items():
        if value is ...:
            problem("", f"{name} is missing", f"{kind} needs it: write {name} = ...")
    _check_wholes(options, problem)
    if len(problems.found) > before:
        return None
    varied = [factors[index] for index in chosen]
    if kind == LATER:
        return Block(LATER, chosen, options, ())
    if not varied and kind != "list":
        problem("", NOTHING_TO_VARY, "write [levers] or [uncertainties]")
        return None
    if not _check_size(kind, options, len(varied), problem):
        return None
    if kind == "table":
        options["file"] = str(folder / str(options["file"]))
    rows = KINDS[kind].rows(varied, options, problem)
    if len(problems.found) > before:
        return None
    return Block(kind, chosen, options, tuple(tuple(row) for row in rows))


def _check_size(kind: str, options: Mapping[str, Any], factors: int, problem: Complain) -> bool:
    """Complain about more points than a sweep may have, before any is made."""
    per = {"saltelli": factors + 2, "morris": factors + 1, "one_at_a_time": factors, "grid": 1}
    name = next((one for one in ("points", "trajectories", "levels") if one in options), "")
    sized = name == "points" or kind in per
    if not sized or not isinstance(options.get(name), int):
        return True
    count = options[name] * per.get(kind, 1)
    if count > MOST_POINTS:
        problem(name, f"there would be {count} points", f"at most {MOST_POINTS} are possible")
    return bool(count <= MOST_POINTS)


def _check_wholes(options: Mapping[str, Any], problem: Complain) -> None:
    for name in _WHOLE_OPTIONS:
        value = options.get(name, 1)
        if isinstance(value, list | tuple):  # the points of a list
            continue
        if value is ... or value is None:
            continue
        low = 0 if name == "seed" else 1
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value < 2**63:
            problem(
                name,
                f"{described(value)} is out of range",
                f"write a whole number of at least {low}",
            )


_WHOLE_OPTIONS = (
    "points",
    "levels",
    "trajectories",
    "seed",
    "budget",
    "generation",
    "final_replicates",
)


def _chosen(given: Any, factors: Sequence[Factor], problem: Complain) -> tuple[int, ...] | None:
    """Positions of the factors that a block varies."""
    every = tuple(range(len(factors)))
    if given == "all":
        return every
    if given in ("levers", "uncertainties"):
        role = "lever" if given == "levers" else "uncertainty"
        return tuple(index for index in every if factors[index].role == role)
    keys = [factor.key for factor in factors]
    if not isinstance(given, list | tuple) or not given:
        problem(
            "factors",
            f"{described(given)} names no factors",
            'use "levers", "uncertainties", "all" or a list of keys',
        )
        return None
    found = []
    for key in given:
        if key not in keys:
            problem("factors", f"{described(key)} is no factor of this study", hint(key, keys))
            return None
        found.append(keys.index(key))
    return tuple(found)


# Points that somebody chooses.


def _grid(factors: Sequence[Factor], options: Mapping[str, Any], problem: Complain) -> Any:
    levels = [factor.levels(options["levels"]) for factor in factors]
    count = math.prod(len(values) for values in levels)
    if count > MOST_POINTS:
        sizes = " × ".join(str(len(values)) for values in levels)
        problem(
            "", f"the grid has {sizes} = {count} points", f"use fewer levels; at most {MOST_POINTS}"
        )
        return ()
    return itertools.product(*levels)


def _one_at_a_time(factors: Sequence[Factor], options: Mapping[str, Any], _: Complain) -> Any:
    rows: list[Row] = [(None,) * len(factors)]
    for place, factor in enumerate(factors):
        for value in factor.levels(options["levels"]):
            row: list[Any] = [None] * len(factors)
            row[place] = value
            rows.append(tuple(row))
    return rows


def _zip(factors: Sequence[Factor], options: Mapping[str, Any], problem: Complain) -> Any:
    ranges = [factor.key for factor in factors if not factor.values]
    if ranges:
        problem(
            "",
            f"{quoted(ranges[0])} has a range, and zip goes along lists of values",
            "give it values",
        )
        return ()
    sizes = {factor.key: len(factor.values) for factor in factors}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{quoted(key)} {size}" for key, size in sizes.items())
        problem("", f"the lists differ in length ({told})", "give all the same number of values")
        return ()
    return zip(*(factor.values for factor in factors), strict=True)


def _list(factors: Sequence[Factor], options: Mapping[str, Any], problem: Complain) -> Any:
    points = options["points"]
    if not isinstance(points, list | tuple) or not points:
        problem(
            "points",
            f"{described(points)} is no list of points",
            "write [{ key = value, ... }, ...]",
        )
        return ()
    rows = []
    first = _First(problem)
    for number, point in enumerate(points, start=1):
        if not isinstance(point, Mapping):
            first("points", f"point {number} is {described(point)}", "write { key = value, ... }")
            continue
        given = flat(point)
        for key in twice(point):
            first("points", f"point {number}: {quoted(key)} is given twice", "give it once")
        _check_keys(given, factors, f"point {number}: ", "points", first)
        rows.append(_row(given, factors, f"point {number}", "points", first))
    first.tell_rest("points")
    return rows


class _First:
    """Complains about the first things that are wrong in a long list, and counts the rest."""

    def __init__(self, problem: Complain) -> None:
        self._problem = problem
        self._count = 0

    def __call__(self, option: str, what: str, remedy: str) -> None:
        self._count += 1
        if self._count <= _MOST_TOLD:
            self._problem(option, what, remedy)

    def tell_rest(self, option: str) -> None:
        """Say how many more there were."""
        if self._count > _MOST_TOLD:
            rest = self._count - _MOST_TOLD
            self._problem(
                option,
                f"{rest} more {'value is' if rest == 1 else 'values are'} wrong",
                "put these right first",
            )


_MOST_TOLD = 5


def flat(table: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of a table with dots, as TOML's bare dotted keys nest them: one level of sections."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        nested = isinstance(value, Mapping) and value and not set(value) & set(_OF_A_FACTOR)
        if nested and "." not in key:
            found.update({f"{key}.{name}": inner for name, inner in value.items()})
        else:
            found[key] = value
    return found


def twice(table: Mapping[str, Any]) -> list[str]:
    """Keys that are there both as ``"section.name"`` and as ``section.name``, of which :func:`flat` keeps one."""
    found = [key for one, value in table.items() for key in flat({one: value})]
    return [key for number, key in enumerate(found) if key in found[:number]]


_OF_A_FACTOR = ("low", "high", "scale", "values")
"""What tells the description of a factor from a section with factors."""


def _check_keys(
    given: Iterable[str], factors: Sequence[Factor], where: str, option: str, problem: Complain
) -> None:
    """Complain about what is no factor."""
    keys = [factor.key for factor in factors]
    for key in given:
        if key not in keys:
            problem(
                option, f"{where}{quoted(str(key))} is no factor of this study", hint(key, keys)
            )


def _row(
    given: Mapping[str, Any], factors: Sequence[Factor], where: str, option: str, problem: Complain
) -> Row:
    """One point of a list or table; a factor that is left out keeps the scenario's value."""
    return tuple(
        _allowed(factor, given.get(factor.key), where, option, problem) for factor in factors
    )


def _allowed(factor: Factor, value: Any, where: str, option: str, problem: Complain) -> Any:
    """A value from outside, if its factor can take it."""
    if value is None:
        return None
    if factor.values:
        for known in factor.values:
            if value == known or (isinstance(value, str) and value == str(known)):
                return known
        shown = ", ".join(str(known) for known in factor.values[:8])
        problem(
            option,
            f"{where}: {described(value)} is not among the values of {quoted(factor.key)}",
            f"use one of {shown}",
        )
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if (
        not number
        or not factor.low <= value <= factor.high
        or (factor.whole and value != int(value))
    ):
        span = f"{number_text(factor.low)} to {number_text(factor.high)}"
        problem(
            option,
            f"{where}: {described(value)} is outside the range of {quoted(factor.key)}",
            f"use {span}",
        )
        return None
    return int(value) if factor.whole else float(value)


def _table(factors: Sequence[Factor], options: Mapping[str, Any], problem: Complain) -> Any:
    import pandas as pd

    path = Path(options["file"])
    if path.is_dir():
        problem("file", f"{quoted(path.name or '.')} is a folder", "name a CSV or Parquet file")
        return ()
    try:
        if path.suffix.casefold() in (".parquet", ".pq"):
            frame = read_parquet(path)
        else:
            frame = pd.read_csv(path, encoding="utf-8-sig")
    except FileNotFoundError:
        problem("file", f"the file {quoted(path.name)} does not exist", "check its name and folder")
        return ()
    except UnicodeDecodeError:
        problem("file", "the table is not UTF-8 text", "save it with the encoding UTF-8")
        return ()
    except Exception as error:  # whatever the readers make of a damaged file
        problem(
            "file",
            f"the table cannot be read ({type(error).__name__}: {error})",
            "give a CSV or Parquet file with one column per factor",
        )
        return ()
    if not len(frame):
        problem("file", "the table has no rows", "give one row per point")
        return ()
    frame.columns = [str(name) for name in frame.columns]
    _check_keys(frame.columns, factors, "the column ", "file", problem)
    rows = []
    first = _First(problem)
    for number, record in enumerate(frame.to_dict("records"), start=1):
        given = {str(key): _cell(value) for key, value in record.items()}
        rows.append(_row(given, factors, f"row {number}", "file", first))
    first.tell_rest("file")
    return rows


def _cell(value: Any) -> Any:
    """A cell as a plain value; what is missing is the scenario's own."""
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return None if value is None else value


# Points that fill a space.


def _spread(sample: NDArray[np.float64], factors: Sequence[Factor]) -> list[Row]:
    """Points of the unit cube, shape (points, factors), as values of the factors."""
    return [
        tuple(factor.at(float(share)) for factor, share in zip(factors, row, strict=True))
        for row in sample
    ]


def _latin_hypercube(factors: Sequence[Factor], options: Mapping[str, Any], _: Complain) -> Any:
    from scipy.stats import qmc

    count = int(options["points"])
    better = "random-cd" if 1 < count <= 2000 and len(factors) > 1 else None
    sampler = qmc.LatinHypercube(
        d=len(factors), optimization=better, rng=np.random.default_rng(options["seed"])
    )
    return _spread(sampler.random(count), factors)


def _power_of_two(option: str, count: int, problem: Complain) -> int | None:
    if count & (count - 1):
        lower = 1 << (count.bit_length() - 1)
        problem(
            option,
            f"{count} is not a power of two, which Sobol' sequences need",
            f"use {lower} or {2 * lower}",
        )
        return None
    return count.bit_length() - 1


def _sobol(factors: Sequence[Factor], options: Mapping[str, Any], problem: Complain) -> Any:
    from scipy.stats import qmc

    power = _power_of_two("points", int(options["points"]), problem)
    if power is None:
        return ()
    sampler = qmc.Sobol(d=len(factors), scramble=True, rng=np.random.default_rng(options["seed"]))
    return _spread(sampler.random_base2(power), factors)


def _halton(factors: Sequence[Factor], options: Mapping[str, Any], _: Complain) -> Any:
    from scipy.stats import qmc

    sampler = qmc.Halton(d=len(factors), scramble=True, rng=np.random.default_rng(options["seed"]))
    return _spread(sampler.random(int(options["points"])), factors)


def _morris(factors: Sequence[Factor], options: Mapping[str, Any], problem: Complain) -> Any:
    """Trajectories of Morris (1991): each step moves one factor by half of its range or more.

    On `levels` evenly spaced levels with the step levels / (2 · (levels - 1)), which makes all levels
    equally likely where `levels` is even.
    """
    levels, count, size = int(options["levels"]), int(options["trajectories"]), len(factors)
    if levels % 2 or levels < 2:
        problem("levels", f"{levels} levels are not an even number", "use 4")
        return ()
    random = np.random.default_rng(options["seed"])
    step = levels / (2 * (levels - 1))
    rows = np.empty((count * (size + 1), size))
    for first in range(0, len(rows), size + 1):
        base = random.integers(0, levels // 2, size) / (levels - 1)
        down = random.random(size) < 0.5
        place = np.where(down, base + step, base)
        rows[first] = place
        for number, factor in enumerate(random.permutation(size), start=1):
            place[factor] = base[factor] if down[factor] else base[factor] + step
            rows[first + number] = place
    # A level is a place on the list of values or whole numbers: its middle, so that ends are met evenly.
    return [
        tuple(
            factor.at(float(share))
            if not (factor.values or factor.whole)
            else _on_list(factor, share)
            for factor, share in zip(factors, row, strict=True)
        )
        for row in rows
    ]


def _on_list(factor: Factor, share: float) -> Any:
    """The value at a share where 0 is the first and 1 the last of a list."""
    if factor.values:
        return factor.values[round(float(share) * (len(factor.values) - 1))]
    return int(factor.low) + round(float(share) * (int(factor.high) - int(factor.low)))


def _saltelli(factors: Sequence[Factor], options: Mapping[str, Any], problem: Complain) -> Any:
    """Saltelli's (2010) design: for each of N base points A, B, and A with one factor from B in turn.

    Rows come in groups of size factors + 2: A, the mixtures in the order of the factors, B.
    """
    from scipy.stats import qmc

    size = len(factors)
    power = _power_of_two("points", int(options["points"]), problem)
    if power is None:
        return ()
    sampler = qmc.Sobol(d=2 * size, scramble=True, rng=np.random.default_rng(options["seed"]))
    sample = sampler.random_base2(power)
    rows = np.empty((len(sample) * (size + 2), size))
    for number, both in enumerate(sample):
        first = number * (size + 2)
        rows[first : first + size + 1] = both[:size]
        rows[first + size + 1] = both[size:]
        for place in range(size):
            rows[first + 1 + place, place] = both[size + place]
    return _spread(rows, factors)


CROSSED = "crossed"
"""The kind that crosses a design of the levers with one of the uncertainties."""


def _crossed(
    given: Mapping[str, Any],
    factors: Sequence[Factor],
    chosen: tuple[int, ...],
    folder: Path,
    place: Position,
    problems: Problems,
) -> Block | None:
    """Every point of one design with every point of another."""
    parts = []
    for name in given:
        if name not in ("kind", "factors", "levers", "uncertainties"):
            problems.add(
                (*place, name),
                f"unknown option of {CROSSED}",
                hint(name, ("levers", "uncertainties")),
            )
            return None
    for role in ("levers", "uncertainties"):
        part = given.get(role)
        if not isinstance(part, Mapping):
            problems.add(place, f"{role} is missing", f'write {role} = {{ kind = "grid" }}')
            return None
        if part.get("kind") in (CROSSED, LATER, "morris", "saltelli"):
            problems.add(
                (*place, role), f"{part['kind']} cannot be crossed", "cross a grid or a sample"
            )
            return None
        block = read_block({"factors": role, **part}, factors, folder, (*place, role), problems)
        if block is None:
            return None
        parts.append(block)
    count = len(parts[0].rows) * len(parts[1].rows)
    if count > MOST_POINTS:
        problems.add(place, f"there are {count} points", f"use at most {MOST_POINTS}")
        return None
    rows = tuple(lever + condition for lever in parts[0].rows for condition in parts[1].rows)
    options = {
        role: dict(part.options, kind=part.kind)
        for role, part in zip(("levers", "uncertainties"), parts, strict=True)
    }
    return Block(CROSSED, (*parts[0].factors, *parts[1].factors), options, rows)


_LATER_OPTIONS: Mapping[str, Any] = {
    "objectives": ...,
    "constraints": {},
    "variant": None,
    "budget": 200,
    "generation": 20,
    "final_replicates": 20,
    "seed": 1,
    "method": "tpe",
}

KINDS: Mapping[str, Kind] = {
    "grid": Kind(
        "every combination; a range gives `levels` values from end to end", {"levels": 5}, _grid
    ),
    "one_at_a_time": Kind(
        "the scenario itself, then each factor alone through its levels", {"levels": 5}, _one_at_a_time
    ),
    "zip": Kind("the first values of all lists, then the second values, and so on", {}, _zip),
    "list": Kind("points written in the file", {"points": ...}, _list),
    "table": Kind("points from a CSV or Parquet file, one column per factor", {"file": ...}, _table),
    "latin_hypercube": Kind(
        "every factor's range in `points` slices, each met once", {"points": ..., "seed": 1}, _latin_hypercube
    ),
    "sobol": Kind(
        "a scrambled Sobol' sequence; `points` a power of two", {"points": ..., "seed": 1}, _sobol
    ),
    "halton": Kind("a scrambled Halton sequence", {"points": ..., "seed": 1}, _halton),
    "morris": Kind(
        "trajectories for screening many factors (elementary effects)",
        {"trajectories": 10, "levels": 4, "seed": 1},
        _morris,
    ),
    "saltelli": Kind(
        "for Sobol' indices: `points` (a power of two) × (factors + 2) points",
        {"points": ..., "seed": 1},
        _saltelli,
    ),
}  # fmt: skip
"""Every kind of design whose points are known beforehand."""
