"""Fronts as sets: how much they command (hypervolume), and what is attained how surely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["attained", "box_of", "commanded", "hypervolume", "together"]

Real = NDArray[np.float64]


def hypervolume(costs: Real, reference: Real) -> float:
    """Volume of what is beaten by at least one point, up to a reference point.

    The measure of Zitzler and Thiele (1998, Parallel Problem Solving from Nature V: 292-301), in exact
    slices along the last objective.

    Parameters
    ----------
    costs
        Shape (points, objectives), smaller is better; points that are not better than the reference in
        everything, or NaN, command nothing.
    reference
        Shape (objectives,).
    """
    inside = costs[(costs < reference).all(axis=1)]
    if not len(inside):
        return 0.0
    if inside.shape[1] == 1:
        return float(reference[0] - inside.min())
    inside = inside[np.argsort(inside[:, -1], kind="stable")]
    ends = np.append(inside[1:, -1], reference[-1])
    if inside.shape[1] == 2:
        widths = reference[0] - np.minimum.accumulate(inside[:, 0])
        return float((widths * (ends - inside[:, 1])).sum())
    return sum(
        hypervolume(inside[: place + 1, :-1], reference[:-1]) * float(end - row[-1])
        for place, (row, end) in enumerate(zip(inside, ends, strict=True))
        if end > row[-1]
    )


def box_of(costs: Real) -> tuple[Real, Real]:
    """The best and the worst of every objective; shape (objectives,) each."""
    return np.nanmin(costs, axis=0), np.nanmax(costs, axis=0)


def together(drawn: Real, which: Sequence[bool] | None = None) -> Real:
    """Draws of means without what moves all alternatives at once, which decides nothing between them.

    Parameters
    ----------
    drawn
        Shape (draws, alternatives, objectives).
    which
        The objectives of which it is taken away: not those that are differences already; by default all.
    """
    moved = drawn.mean(axis=1, keepdims=True) - drawn.mean(axis=(0, 1))
    return np.asarray(drawn - (moved if which is None else moved * np.array(which, dtype=float)))


def commanded(costs: Real, best: Real, worst: Real) -> float:
    """Share of the box between the best and the worst that some point commands; NaN where it is flat.

    What is better than the best counts as the best: a share is never above 1.
    """
    if not (worst > best).all():
        return float("nan")
    return hypervolume(np.maximum((costs - best) / (worst - best), 0.0), np.ones(len(best)))


def attained(drawn: Real, shares: Sequence[float], at: Real) -> Real:
    """What is attained in the second objective, how surely, by points that cost at most so much in the first.

    The empirical attainment function (Grunert da Fonseca, Fonseca and Hall 2001, Evolutionary
    Multi-Criterion Optimization: 213-225) over draws of what the means may be.

    Parameters
    ----------
    drawn
        Shape (draws, points, 2), smaller is better.
    shares
        Shares of the draws in which it must be attained.
    at
        Values of the first objective.

    Returns
    -------
    ndarray
        Shape (shares, values); infinite where nothing is attained as surely as that.
    """
    order = np.argsort(drawn[:, :, 0], axis=1)
    first = np.take_along_axis(drawn[:, :, 0], order, axis=1)
    second = np.minimum.accumulate(np.take_along_axis(drawn[:, :, 1], order, axis=1), axis=1)
    found = np.full((len(drawn), len(at)), np.inf)
    for number, row in enumerate(first):
        count = np.searchsorted(row, at, side="right")
        found[number, count > 0] = second[number, count[count > 0] - 1]
    return np.asarray(np.quantile(found, list(shares), axis=0, method="higher"))
