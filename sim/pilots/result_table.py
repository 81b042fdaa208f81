"""Results of a real pilot by person, as its analysis takes them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.pilots.measures import Measure

__all__ = ["Table"]

Real = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(eq=False)
class Table:
    """Results by person, in the order of the lottery list or of the file.

    Attributes
    ----------
    file
        Where they were read.
    persons
        Ids.
    treated
        Who was offered a place.
    turn
        In which step each began, from 1; None where that is not known.
    department
        Codes; None where not known.
    known
        What was known before the start, by column.
    values
        By column and month; quits and promotions per 100, scores in points of 100.
    notes
        Every assumption that was made.
    """

    file: str
    persons: list[str]
    treated: Flags
    turn: NDArray[np.int64] | None
    department: NDArray[np.int64] | None
    known: dict[str, Real]
    values: dict[tuple[str, int], Real]
    notes: list[str] = field(default_factory=list)

    def at(self, column: str, month: int) -> Real | None:
        """A column in a month, by person; None where it was not given."""
        return self.values.get((column, month))

    def covariates(self, measure: Measure) -> Real:
        """What the analysis takes into account, as far as it was given; shape (people, ...)."""
        found = []
        for name in ("level", "tenure_years", "age"):
            if name in self.known:
                values = self.known[name]
                found.append(
                    np.log1p(np.maximum(0.0, values)) if name == "tenure_years" else values
                )
        for column in ("engagement", "skills"):
            before = self.at(column, 0)
            wanted = column == "engagement" or (measure.source == "test" and measure.baseline)
            if before is not None and wanted and np.isfinite(before).any():
                found.append(before)
        return np.column_stack(found) if found else np.empty((len(self.persons), 0))
