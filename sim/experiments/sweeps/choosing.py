"""Procedures that spend runs where they decide something: ranking and selection.

Both work on plain arrays, know nothing of sweeps, and treat larger values as better.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Elimination", "allocate", "eliminate"]

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Elimination:
    """How far a race has come.

    Attributes
    ----------
    alive
        Which alternatives are still in it; shape (alternatives,).
    left_at
        After how many replicates each left, those that were passed over among them; 0 where it did not.
    """

    alive: NDArray[np.bool_]
    left_at: Whole


def eliminate(
    values: Real,
    have: Whole | None = None,
    *,
    first: int,
    indifference: float,
    level: float,
) -> Elimination:
    """Race alternatives over the same replicates, dropping what is surely not the best.

    The fully sequential procedure of Kim and Nelson (2001, ACM Transactions on Modeling and Computer
    Simulation 11: 251-273), with c = 1: with probability `level` at least, the best alternative survives
    wherever it is better than the second by `indifference` or more. It rests on variances of differences,
    so that common random numbers make it shorter.

    Parameters
    ----------
    values
        Shape (alternatives, replicates), larger is better. A replicate counts where all that are still in
        the race have a value; others (NaN: a run that failed) are passed over.
    have
        Replicates that each alternative has had; by default all. The race stops before the first that some
        alternative that is still in it has yet to have.
    first
        Replicates of the first stage, at least 2.
    indifference
        Smallest difference worth detecting, above 0.
    level
        Probability of correct selection, between 1 / alternatives and 1.
    """
    count = len(values)
    alive = np.ones(count, dtype=np.bool_)
    left = np.zeros(count, dtype=np.int64)
    ended = np.full(count, values.shape[1]) if have is None else np.asarray(have)
    known = np.isfinite(values)
    if count < 2:
        return Elimination(alive, left)
    complete = np.flatnonzero(known[:, : ended.min()].all(axis=0))
    if len(complete) < first:
        return Elimination(alive, left)
    beginning = values[:, complete[:first]]
    spread = (beginning[:, None, :] - beginning[None, :, :]).var(axis=2, ddof=1)
    eta = 0.5 * ((2.0 * (1.0 - level) / (count - 1)) ** (-2.0 / (first - 1)) - 1.0)
    reach = 2.0 * eta * (first - 1) * spread / indifference**2
    sums = beginning.sum(axis=1)
    number, at = first, int(complete[first - 1]) + 1  # replicates that count, and all so far
    while True:
        means = sums / number
        slack = np.maximum(0.0, 0.5 * indifference * (reach - number)) / number
        beaten = (means[:, None] < means[None, :] - slack) & alive[None, :] & alive[:, None]
        losers = beaten.any(axis=1)
        left[losers] = at
        alive &= ~losers
        if alive.sum() == 1:
            break
        while at < ended[alive].min() and not known[alive, at].all():
            at += 1
        if at >= ended[alive].min():
            break
        sums = sums + np.where(alive, values[:, at], 0.0)
        number, at = number + 1, at + 1
    return Elimination(alive, left)


def allocate(means: ArrayLike, variances: ArrayLike, counts: ArrayLike, more: int) -> Whole:
    """How many of `more` runs each alternative should get: optimal computing budget allocation.

    Chen et al. (2000, Discrete Event Dynamic Systems 10: 251-270): the ratio of two alternatives' runs is
    that of (standard deviation / distance from the best)², and the best gets
    σ_b √(Σ N_i² / σ_i²). It assumes independent runs; with common random numbers it is only cautious.

    Parameters
    ----------
    means, variances, counts
        Of the runs so far; larger means are better. Shape (alternatives,), at least 2.
    more
        Runs to hand out; the result adds up to it.
    """
    means, spread = np.asarray(means, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    have = np.asarray(counts, dtype=np.int64)
    best = int(np.argmax(means))
    distance = means[best] - means
    floor = max(float(np.abs(means).max()), 1.0) * 1e-12
    spread = np.maximum(spread, floor)
    ratio = spread / np.maximum(distance, floor) ** 2
    others = np.arange(len(means)) != best
    ratio[best] = math.sqrt(spread[best] * float((ratio[others] ** 2 / spread[others]).sum()))
    ratio /= ratio.max()
    total = int(have.sum()) + more
    open_ = np.ones(len(means), dtype=np.bool_)
    target = have.copy()
    while open_.any():  # what has more than its share already keeps it, and the rest is shared anew
        left = total - int(have[~open_].sum())
        share = np.floor(left * ratio / ratio[open_].sum()).astype(np.int64)
        full = open_ & (share < have)
        target = np.where(open_, np.maximum(share, have), have)
        if not full.any():
            break
        open_ &= ~full
    added = target - have
    added[best] += more - int(added.sum())
    if added[best] < 0:  # rounding gave away too much
        added[int(np.argmax(added))] += added[best]
        added[best] = 0
    return added
