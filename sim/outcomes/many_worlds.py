"""Every outcome of many worlds at once, from what they recorded.

The formulas work on whole arrays, so that fifty worlds cost hardly more than one. Outcomes that extensions
have added are worked out world by world, because their formulas may not.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.declared import CURVES, GROUPED, OUTCOMES
from sim.outcomes.outcome import Context, Outcome, Sums, curve_of
from sim.registry import ADDED

__all__ = ["curves_of", "groups_of", "values_of"]

Real = NDArray[np.float64]


def values_of(window: Real, context: Context) -> Real:
    """The outcomes of worlds that share a context; shape (worlds, len(OUTCOMES)).

    Parameters
    ----------
    window
        The measures summed over the months of the window; shape (worlds, measures).
    """
    found = [_of_worlds(item, lambda one, item=item: item.of(Sums(one), context), window)  # type: ignore[misc]
             for item in OUTCOMES]  # fmt: skip
    return np.stack(found, axis=-1)


def curves_of(monthly: Real, context: Context, window_start: int) -> Real:
    """The outcomes that are told by month; shape (worlds, len(CURVES), months).

    Parameters
    ----------
    monthly
        Sums of each month; shape (worlds, months, measures).
    """
    return np.stack(
        [
            _of_worlds(item, lambda one, item=item: curve_of(item, one, context, window_start), monthly)  # type: ignore[misc]
            for item in CURVES
        ],
        axis=1,
    )  # fmt: skip


def groups_of(tally: Real, context: Context) -> Real:
    """Mean headcount and outcomes by group; shape (worlds, groups, 1 + len(GROUPED)).

    Parameters
    ----------
    tally
        Sums over the window by group; shape (worlds, groups, measures).
    """
    headcount = Sums(tally)["headcount"] / context.months
    found = [_of_worlds(item, lambda one, item=item: item.of(Sums(one), context), tally)  # type: ignore[misc]
             for item in GROUPED]  # fmt: skip
    return np.stack([headcount, *found], axis=-1)


def _of_worlds(item: Outcome, of: Callable[[Real], Real], table: Real) -> Real:
    """A formula of all worlds; of one after the other where an extension brought it."""
    if item.name in ADDED.outcomes:
        return np.array([of(one) for one in table], dtype=np.float64)
    return of(table)
