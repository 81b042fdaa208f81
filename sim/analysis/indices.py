"""Indices of sensitivity from arrays: Sobol' and Morris, with intervals that hold the luck of the replicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sobol", "chance_share", "elementary_effects", "morris", "pawn", "slices_of", "sobol"]

Real = NDArray[np.float64]

_RESAMPLES = 500


@dataclass(frozen=True, slots=True)
class Sobol:
    """Sobol' indices with 95 % intervals; each of shape (factors,) or (factors, 2).

    Attributes
    ----------
    first, first_interval
        Share of the variance that a factor explains by itself.
    total, total_interval
        With all its interactions.
    """

    first: Real
    first_interval: Real
    total: Real
    total_interval: Real


def sobol(values: Real, seed: int = 0, resamples: int = _RESAMPLES) -> Sobol:
    """Indices of the mean over replicates.

    First order after Saltelli et al. (2010, Computer Physics Communications 181: 259-270), total after Jansen
    (1999). What the luck of finitely many replicates adds to squared differences and to the variance is
    estimated from their spread and taken away. Intervals are percentiles over resampled base points *and*
    resampled replicates; they are NaN, and the indices may be, where luck may be all of the variance.

    Parameters
    ----------
    values
        Shape (base points, factors + 2, replicates): A, the mixtures, B, as the design "saltelli" has them.
    """
    first, total = _indices(values)
    random = np.random.default_rng(seed)
    points, _, replicates = values.shape
    drawn = np.empty((2, resamples, len(first)))
    for number in range(resamples):
        rows = values[random.integers(0, points, points)]
        if replicates > 1:
            rows = rows[:, :, random.integers(0, replicates, replicates)]
        drawn[:, number] = _indices(rows, correct=False) if replicates == 1 else _indices(rows)
    if np.isnan(drawn[0, :, 0]).mean() > 0.025 or np.isnan(first).any():
        # In too many resamples nothing is left of the variance when luck is taken away: no interval is honest.
        ends = np.full((2, 2, len(first)), np.nan)
    else:
        ends = np.nanquantile(drawn, (0.025, 0.975), axis=1)  # (2, kinds, factors)
    return Sobol(first, ends[:, 0].T, total, ends[:, 1].T)


def _indices(values: Real, correct: bool = True) -> tuple[Real, Real]:
    """First-order and total indices."""
    means = values.mean(axis=2)
    replicates = values.shape[2]
    middle = 0.5 * (means[:, 0].mean() + means[:, -1].mean())
    a, b, mixed = means[:, 0] - middle, means[:, -1] - middle, means[:, 1:-1] - middle
    variance = 0.5 * float((a**2).mean() + (b**2).mean())
    steps = (a[:, None] - mixed) ** 2
    if correct and replicates > 1:
        ends = values[:, (0, -1)]
        variance -= float(ends.var(axis=2, ddof=1).mean()) / replicates
        moved = values[:, :1] - values[:, 1:-1]
        steps = steps - moved.var(axis=2, ddof=1) / replicates
    if variance <= 0.0:
        nothing = np.full(mixed.shape[1], np.nan)
        return nothing, nothing
    return (b[:, None] * (mixed - a[:, None])).mean(axis=0) / variance, steps.mean(
        axis=0
    ) / 2.0 / variance


def elementary_effects(shares: Real, values: Real) -> tuple[Real, NDArray[np.int64]]:
    """Effects of the steps of trajectories, per whole range of the factor that moved.

    Parameters
    ----------
    shares
        Where on its range each factor stands; shape (trajectories, factors + 1, factors).
    values
        Shape (trajectories, factors + 1, replicates).

    Returns
    -------
    tuple
        Effects, shape (trajectories, factors, replicates), in the order of the factors; how often each moved.
    """
    trajectories, _, size = shares.shape
    effects = np.full((trajectories, size, values.shape[2]), np.nan)
    for number in range(trajectories):
        for step in range(size):
            moved = shares[number, step + 1] - shares[number, step]
            place = int(np.argmax(np.abs(moved)))
            if moved[place]:
                change = values[number, step + 1] - values[number, step]
                effects[number, place] = change / moved[place]
    return effects, np.isfinite(effects[:, :, 0]).sum(axis=0)


def morris(effects: Real, seed: int = 0, resamples: int = _RESAMPLES) -> tuple[Real, Real, Real]:
    """Mean absolute effect, its 95 % interval, and standard deviation over trajectories (Campolongo et al. 2007).

    Parameters
    ----------
    effects
        As :func:`elementary_effects` gives them.
    """
    means = np.nanmean(effects, axis=2)
    size = np.nanmean(np.abs(means), axis=0)
    spread = np.nanstd(means, axis=0, ddof=1) if len(means) > 1 else np.full(len(size), np.nan)
    random = np.random.default_rng(seed)
    drawn = np.empty((resamples, len(size)))
    for number in range(resamples):
        rows = effects[random.integers(0, len(effects), len(effects))]
        rows = rows[:, :, random.integers(0, effects.shape[2], effects.shape[2])]
        drawn[number] = np.nanmean(np.abs(np.nanmean(rows, axis=2)), axis=0)
    return size, np.quantile(drawn, (0.025, 0.975), axis=0).T, spread


def slices_of(column: Real, count: int) -> NDArray[np.int64]:
    """For every case the part of a factor's range that it is in: one for each value where there are few, else
    `count` parts with equally many cases.

    Parameters
    ----------
    column
        Shape (cases,).
    """
    levels, place = np.unique(column, return_inverse=True)
    if len(levels) <= count:
        return place.astype(np.int64)
    edges = np.quantile(column, np.linspace(0.0, 1.0, count + 1)[1:-1])
    return np.searchsorted(edges, column, side="right").astype(np.int64)


def pawn(slices: NDArray[np.int64], values: Real) -> Real:
    """PAWN indices from given data (Pianosi and Wagener 2018, Environmental Modelling & Software 108: 197-207):
    the median, over the parts of a factor's range, of the Kolmogorov-Smirnov distance between the outcome's
    distribution there and everywhere.

    Parameters
    ----------
    slices
        The part that each case is in (:func:`slices_of`), shape (factors, cases).
    values
        The outcome, shape (cases,).

    Returns
    -------
    Real
        Shape (factors,), 0 to 1.
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))  # equal values step at once
    everywhere = (ends + 1.0)[:, None] / len(values)
    found = np.empty(len(slices))
    for place, one in enumerate(slices):
        inside = one[order][:, None] == np.unique(one)[None, :]
        below = inside.cumsum(axis=0)
        found[place] = np.median(np.abs(below[ends] / below[-1] - everywhere).max(axis=0))
    return found


def chance_share(values: Real) -> float:
    """Share of the variance of single runs that is chance: between the replicates of a point, not the points.

    Parameters
    ----------
    values
        Shape (points, replicates), NaN where missing. NaN from one replicate.
    """
    kept = values[np.isfinite(values).all(axis=1)]
    if kept.shape[0] < 2 or kept.shape[1] < 2:
        return float("nan")
    within = float(kept.var(axis=1, ddof=1).mean())
    between = max(0.0, float(kept.mean(axis=1).var(ddof=1)) - within / kept.shape[1])
    return within / (within + between) if within + between > 0.0 else float("nan")
