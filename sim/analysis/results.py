"""The runs of a sweep as arrays: by point, variant and replicate, or by alternative, condition and replicate.

An *alternative* is what somebody can choose: a variant with values of the levers. A *condition* is what nobody
can choose: values of the uncertainties. Every alternative meets the same conditions and the same replicates,
so that all contrasts are paired.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import sets_of
from sim.errors import InputError
from sim.experiments.sweeps.cells import Cells
from sim.experiments.sweeps.model import FirmModel
from sim.experiments.sweeps.store import SweepFolder, open_folder
from sim.experiments.sweeps.study import Study
from sim.files import read_parquet
from sim.outcomes.declared import OUTCOMES
from sim.scenario.frozen import plain
from sim.scenario.messages import hint, named, number_text

__all__ = ["Alternatives", "Finding", "Results", "load_results"]

Real = NDArray[np.float64]


@dataclass(frozen=True)
class Finding:
    """What one analysis found.

    Attributes
    ----------
    verb
        Which analysis.
    name
        Name of its files.
    title
        What it is about, in one line.
    sentences
        What it says, in words, with what it rests on.
    table
        Everything, tidy.
    drawing
        What the figure needs besides the table.
    """

    verb: str
    name: str
    title: str
    sentences: tuple[str, ...]
    table: pd.DataFrame
    drawing: dict[str, Any]


@dataclass(frozen=True)
class Alternatives:
    """Results by alternative, condition and replicate.

    Attributes
    ----------
    names
        Of the alternatives.
    points
        Of each alternative under each condition; shape (alternatives, conditions).
    variants
        Position of each alternative's variant.
    conditions
        Values of the uncertainties, one row per condition.
    """

    names: tuple[str, ...]
    points: NDArray[np.int64]
    variants: NDArray[np.int64]
    conditions: pd.DataFrame

    def of(self, cube: Real) -> Real:
        """Values of shape (alternatives, conditions, replicates) from (points, variants, replicates)."""
        return cube[self.points, self.variants[:, None]]


class Results:
    """A sweep's runs.

    Parameters
    ----------
    folder
        Of the sweep, with its tables.

    Attributes
    ----------
    study
        What was asked.
    """

    def __init__(self, folder: SweepFolder) -> None:
        self.folder = folder
        self.study: Study = folder.study
        self._cubes: dict[str, Real] = {}

    @property
    def path(self) -> Path:
        """The folder."""
        return self.folder.path

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants."""
        return self.study.model.variants

    @property
    def against(self) -> int:
        """Position of the variant that others are compared with."""
        return self.variants.index(self.study.model.against)

    @property
    def others(self) -> list[int]:
        """Positions of the other variants; the only one if there are no others."""
        return [place for place in range(len(self.variants)) if place != self.against] or [0]

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        """The points."""
        return self.folder.rows()

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row per point: its number, its block, a column per factor."""
        return self._read("points.parquet")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run: factors, status, outcomes, and how it was run."""
        return self._read("runs.parquet")

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row per run and month, where series were kept."""
        return self._read("series.parquet")

    def _read(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        try:
            return read_parquet(self.path / name, columns)
        except FileNotFoundError:
            remedy = "mentorsim resume makes the tables"
            if name == "series.parquet":
                remedy = 'write series = ["engagement"] in the study, and run it anew'
            raise InputError(f"there is no {name}", remedy=remedy, file=self.path) from None
        except Exception as error:
            problem = f"{name} cannot be read ({type(error).__name__})"
            raise InputError(
                problem, remedy="mentorsim resume makes it again", file=self.path
            ) from error

    def cube(self, outcome: str) -> Real:
        """Values of an outcome, shape (points, variants, replicates); NaN where missing or undefined.

        Raises
        ------
        InputError
            If there is no such outcome.
        """
        if outcome not in self._cubes:
            names = self.folder.outcomes
            if outcome not in names:
                raise InputError(
                    f"there is no outcome {named(outcome)}", remedy=hint(outcome, names)
                )
            point, variant, replicate = self._places
            shape = (len(self.rows), len(self.variants), int(replicate.max(initial=-1)) + 1)
            cube = np.full(shape, np.nan)
            cube[point, variant, replicate] = self._read("runs.parquet", [outcome])[outcome]
            self._cubes[outcome] = cube
        return self._cubes[outcome]

    @cached_property
    def _places(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        frame = self._read("runs.parquet", ["point", "variant", "replicate"])
        code = {name: place for place, name in enumerate(self.variants)}
        columns = (frame["point"], frame["variant"].map(code), frame["replicate"])
        point, variant, replicate = (np.asarray(column, dtype=np.int64) for column in columns)
        return point, variant, replicate

    @cached_property
    def done(self) -> NDArray[np.bool_]:
        """Which runs have ended, with a result or without; shape (points, variants, replicates)."""
        point, variant, replicate = self._places
        shape = (len(self.rows), len(self.variants), int(replicate.max(initial=-1)) + 1)
        done = np.zeros(shape, dtype=np.bool_)
        done[point, variant, replicate] = True
        return done

    def effect(self, outcome: str, variant: int, against: int | None = None) -> Real:
        """Paired differences from the baseline, or another variant, shape (points, replicates); values themselves
        of the baseline."""
        cube, base = self.cube(outcome), self.against if against is None else against
        return cube[:, variant] if variant == base else cube[:, variant] - cube[:, base]

    def is_relative(self, outcome: str) -> bool:
        """Whether an outcome has a value under the baseline, from which others can differ."""
        return len(self.variants) > 1 and bool(
            np.isfinite(self.cube(outcome)[:, self.against]).any()
        )

    def relative(self, outcome: str) -> Real:
        """Paired differences of all variants from the baseline (0 for itself), where it has a value; else values.

        Shape (points, variants, replicates).
        """
        cube = self.cube(outcome)
        return cube - cube[:, [self.against]] if self.is_relative(outcome) else cube

    @cached_property
    def sets(self) -> NDArray[np.int64] | None:
        """Number of the parameter set of every replicate; None if all had the same parameters."""
        model = self.study.model
        if not isinstance(model, FirmModel) or model.ensemble is None:
            return None
        replicates = int(self._places[2].max(initial=-1)) + 1
        return sets_of(range(replicates), len(model.ensemble))

    @cached_property
    def cells(self) -> Cells:
        """Which cells are the same."""
        cells = Cells(self.study.model)
        cells.add(self.rows)
        return cells

    @cached_property
    def runs_told(self) -> str:
        """How many runs there are; what is equal was simulated once, and then it says so."""
        own = self.cells.owner == np.arange(len(self.cells.owner))
        simulated = int(self.done.reshape(len(own), -1)[own].sum())
        told = f"{len(self.runs):,} runs"
        return told if simulated >= len(self.runs) else f"{told}, {simulated:,} of them simulated"

    def outcomes(self, asked: Sequence[str] | None) -> tuple[str, ...]:
        """The outcomes that were asked for, by default those of the study.

        Raises
        ------
        InputError
            If one does not exist.
        """
        names = self.folder.outcomes
        for name in asked or ():
            if name not in names:
                raise InputError(f"there is no outcome {named(name)}", remedy=hint(name, names))
        return tuple(asked) if asked else self.study.outcomes

    def variant(self, asked: str | None) -> int:
        """Position of a variant, by default the first that is not the baseline.

        Raises
        ------
        InputError
            If it does not exist.
        """
        if asked is None:
            return self.others[0]
        if asked not in self.variants:
            raise InputError(
                f"there is no variant {named(asked)}", remedy=hint(asked, self.variants)
            )
        return self.variants.index(asked)

    def title_of(self, outcome: str) -> str:
        """An outcome in a planner's words."""
        return next((item.title for item in OUTCOMES if item.name == outcome), outcome)

    def unit_of(self, outcome: str, *, difference: bool = False) -> str:
        """Its unit."""
        for item in OUTCOMES:
            if item.name == outcome:
                return item.unit_of_differences if difference else item.unit
        return ""

    def goal_of(self, outcome: str) -> int:
        """1 where more is better, -1 where less is; 1 where neither is declared."""
        for item in OUTCOMES:
            if item.name == outcome:
                return -1 if item.higher_is_better is False else 1
        return 1

    def points_of(self, block: int) -> NDArray[np.int64]:
        """Points of one block."""
        ranges = self.study.block_ranges()
        return np.arange(*ranges[block])

    def factor_columns(self, role: str | None = None) -> list[int]:
        """Positions of the factors of a role that vary over the points."""
        found = []
        for place, factor in enumerate(self.study.factors):
            values = {_key(row[place]) for row in self.rows}
            if (role is None or factor.role == role) and len(values) > 1:
                found.append(place)
        return found

    @cached_property
    def alternatives(self) -> Alternatives:
        """All that can be chosen, under all conditions, where the design crosses the two.

        Where it does not, the alternatives are the variants, and every point is a condition.
        """
        levers = self.factor_columns("lever")
        rest = self.factor_columns("uncertainty")
        choices: dict[tuple[Any, ...], int] = {}
        conditions: dict[tuple[Any, ...], int] = {}
        at: dict[tuple[int, int], int] = {}
        for point, row in enumerate(self.rows):
            choice = choices.setdefault(tuple(_key(row[one]) for one in levers), len(choices))
            condition = conditions.setdefault(
                tuple(_key(row[one]) for one in rest), len(conditions)
            )
            at.setdefault((choice, condition), point)
        crossed = len(at) == len(choices) * len(conditions)
        if not crossed:
            points = np.arange(len(self.rows))
            return Alternatives(
                self.variants,
                np.tile(points, (len(self.variants), 1)),
                np.arange(len(self.variants)),
                self.points.drop(columns=["point", "block"]),
            )
        names, places, kinds = [], [], []
        first: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for row in self.rows:
            first.setdefault(tuple(_key(row[one]) for one in levers), row)
        for variant, name in enumerate(self.variants):
            met: set[int] = set()
            for values, number in choices.items():
                own = [at[number, condition] for condition in range(len(conditions))]
                owner = int(self.cells.owner[self.cells.cell(own[0], variant)])
                if owner in met:  # nothing that is varied makes a difference here
                    continue
                met.add(owner)
                row = first[values]
                told = ", ".join(
                    f"{_short(self.study.keys[one])} {_word(row[one])}" for one in levers
                )
                names.append((name, told))
                places.append(own)
                kinds.append(variant)
        counts = {name: sum(one == name for one, _ in names) for name, _ in names}
        return Alternatives(
            tuple(
                name if counts[name] == 1 or not told else f"{name}: {told}" for name, told in names
            ),
            np.array(places, dtype=np.int64),
            np.array(kinds, dtype=np.int64),
            pd.DataFrame(list(conditions), columns=[self.study.keys[one] for one in rest]),
        )

    def require_complete(
        self, points: NDArray[np.int64], variants: Sequence[int], outcome: str
    ) -> None:
        """Complain about holes in a design that cannot have any.

        Raises
        ------
        InputError
            Naming the first points without a result.
        """
        cube = self.cube(outcome)
        lacking = [
            int(point)
            for point in points
            if not all(np.isfinite(cube[point, variant]).any() for variant in variants)
        ]
        if lacking:
            shown = ", ".join(str(point) for point in lacking[:8])
            raise InputError(
                f"{len(lacking)} points of the design have no value of {outcome}: {shown}",
                remedy="mentorsim resume runs what is missing; this analysis needs all of them",
                file=self.path,
            )


def _key(value: Any) -> Any:
    """A value of a factor as something that can be looked up."""
    return value if isinstance(value, str | int | float | bool | None) else json.dumps(plain(value))


def _short(key: str) -> str:
    """The last part of a factor's key, in words."""
    return key.rpartition(".")[2].replace("_", " ")


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_text(round(value, 4))
    return str(value)


def load_results(folder: str | os.PathLike[str]) -> Results:
    """Read a sweep's results.

    Raises
    ------
    InputError
        If the folder holds no sweep.
    """
    return Results(open_folder(folder))
