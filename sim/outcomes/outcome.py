"""What an outcome is: a formula over sums of the recorded measures.

The measures are :data:`sim.engine.columns.MEASURES`, summed over the months of the window, over one group
of people, or over single months. Where the formula divides by zero the outcome is undefined and its
value is NaN: it is missing, never zero.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.engine.columns import M
from sim.errors import InputError

__all__ = ["SHARE", "Context", "Outcome", "Real", "Sums", "curve_of", "divided"]

Real = NDArray[np.float64]

SHARE = "%"
"""Unit of shares; their differences are percentage points."""


class Sums:
    """Sums of the measures, by name.

    Parameters
    ----------
    table
        Shape (..., len(MEASURES)): sums over a window, or one row per month or group.
    """

    __slots__ = ("_table",)

    def __init__(self, table: ArrayLike) -> None:
        self._table = np.asarray(table, dtype=np.float64)

    def __getitem__(self, measure: str) -> Real:
        """The sums of one measure, shape (...).

        Raises
        ------
        InputError
            If nothing of that name is recorded.
        """
        if measure not in M:
            near = difflib.get_close_matches(measure, M, n=1)
            remedy = f'did you mean "{near[0]}"?' if near else f"choose from {', '.join(M)}"
            raise InputError(f'there is no measure "{measure}"', remedy=remedy)
        return np.asarray(self._table[..., M[measure]])


@dataclass(frozen=True, slots=True)
class Context:
    """What formulas use besides the sums.

    Attributes
    ----------
    months
        Months of the window.
    cohorts
        Cohorts that open in it.
    openings
        Months of it in which people are paired.
    running
        Months of it in which a cohort runs.
    skills
        Number of skills by kind.
    sponsor_pay
        Pay factor of the top level.
    programme, costs
        The settings of these sections.
    """

    months: int
    cohorts: float
    openings: int
    running: int
    skills: Mapping[str, int]
    sponsor_pay: float
    programme: Mapping[str, Any]
    costs: Mapping[str, Any]


Formula = Callable[[Sums, Context], Real]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that is told about a firm.

    Attributes
    ----------
    name
        As in tables.
    title, unit, meaning
        In a planner's words.
    formula
        What `of` works out, as text; Σ is the sum over the months of the window.
    higher_is_better
        None where neither direction is better by itself.
    of
        ``of(sums, context)``, of the shape of the sums; NaN where undefined.
    headline
        Whether it is one of the first that everybody looks at.
    curve
        Whether it is also told month by month: of the month alone, or of the window up to the month.
    by_group
        Whether it is also told by generation, level and department.
    """

    name: str
    title: str
    unit: str
    meaning: str
    formula: str
    higher_is_better: bool | None
    of: Formula
    headline: bool = False
    curve: Literal["", "monthly", "cumulative"] = ""
    by_group: bool = False

    @property
    def unit_of_differences(self) -> str:
        """Unit in which two variants differ."""
        return "percentage points" if self.unit == SHARE else self.unit


def curve_of(item: Outcome, monthly: Real, context: Context, window_start: int) -> Real:
    """An outcome month by month, shape (..., months).

    Parameters
    ----------
    item
        An outcome with a curve. A cumulative one is undefined before the window.
    monthly
        Sums of each month, shape (..., months, len(MEASURES)).
    """
    if item.curve != "cumulative":
        return item.of(Sums(monthly), context)
    values = np.full(monthly.shape[:-1], np.nan)
    window = np.cumsum(monthly[..., window_start:, :], axis=-2)
    values[..., window_start:] = item.of(Sums(window), context)
    return values


def divided(top: ArrayLike, bottom: ArrayLike) -> Real:
    """``top / bottom``, NaN where `bottom` is zero."""
    bottom = np.asarray(bottom, dtype=np.float64)
    undefined = np.full(np.broadcast_shapes(np.shape(top), bottom.shape), np.nan)
    np.divide(top, bottom, out=undefined, where=bottom != 0)
    return undefined
