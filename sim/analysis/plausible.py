"""Means that are plausible after what was seen: the one way in which analyses here tell what is sure.

The same draw holds for all alternatives and outcomes, because they were simulated on the same firms: what
common luck moves together is moved together, and differences are known better than the means.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.experiments.statistics import by_set

__all__ = ["DRAWS", "common", "own", "plausible_means"]

Real = NDArray[np.float64]

DRAWS = 4000


def common(values: Real, sets: NDArray[np.int64] | None) -> Real:
    """What all alternatives have: their values in the replicates in which each has one, by parameter set.

    Parameters
    ----------
    values
        Shape (..., replicates); NaN where missing.
    sets
        Number of each replicate's parameter set, or None.

    Returns
    -------
    ndarray
        Shape (..., independent witnesses): replicates, or sets of them.

    Raises
    ------
    InputError
        If there are fewer than two.
    """
    known = np.isfinite(values).reshape(-1, values.shape[-1]).all(axis=0)
    kept = values[..., known]
    if kept.shape[-1] and sets is not None:
        kept = np.moveaxis(by_set(np.moveaxis(kept, -1, 0), sets[known]), 0, -1)
    if kept.shape[-1] < 2:
        raise InputError(
            "fewer than two replicates have a value in every run that this compares",
            remedy="add replicates, choose an outcome that is defined everywhere, or fewer variants",
        )
    return kept


def own(values: Real, sets: NDArray[np.int64] | None) -> Real:
    """What each alternative has itself, where a stopping rule gave some more replicates than others.

    Parameters
    ----------
    values
        Shape (outcomes, alternatives, conditions, replicates); NaN where missing.
    sets
        Number of each replicate's parameter set, or None.

    Returns
    -------
    ndarray
        Means over the conditions, shape (outcomes, alternatives, witnesses): replicates, or sets of them; NaN
        where an alternative lacks a value of some outcome under some condition.

    Raises
    ------
    InputError
        If fewer than two witnesses are common to all.
    """
    common(values, sets)  # or complain
    known = np.asarray(np.isfinite(values).all(axis=(0, 2)))
    means = np.where(known, np.where(known[:, None], values, 0.0).mean(axis=2), 0.0)
    if sets is not None and not (sets == sets[0]).all():
        _, place = np.unique(sets, return_inverse=True)
        member = (place[:, None] == np.arange(place.max() + 1)).astype(np.float64)
        count = known @ member
        means, known = (means @ member) / np.maximum(count, 1.0), count > 0
    return np.where(known, means, np.nan)


def plausible_means(values: Real, seed: int = 0, count: int = DRAWS) -> Real:
    """Draws of the means, jointly: a multivariate Student distribution.

    With two alternatives, the share of draws in which one is above the other is one minus the one-sided p
    value of the paired t test, which is uniform where there is no difference: with few replicates a bootstrap
    would be too sure of itself. Where some alternatives have more witnesses than others, each mean rests on
    its own, correlations and degrees of freedom on the common ones.

    Parameters
    ----------
    values
        Shape (..., witnesses), at least two of them known to all; NaN where one is missing.

    Returns
    -------
    ndarray
        Shape (count, ...).
    """
    flat = values.reshape(-1, values.shape[-1])
    known = np.isfinite(flat)
    shared = known.all(axis=0)
    witnesses = int(shared.sum())
    random = np.random.default_rng(seed)
    if shared.all():
        mean = flat.mean(axis=1)
        moved = random.standard_normal((count, witnesses)) @ (flat - mean[:, None]).T
        moved /= math.sqrt(witnesses * (witnesses - 1))
    else:
        number = known.sum(axis=1)
        mean = np.where(known, flat, 0.0).sum(axis=1) / number
        away = np.where(known, flat - mean[:, None], 0.0)
        error = np.sqrt((away**2).sum(axis=1) / (number * (number - 1.0)))
        together = flat[:, shared] - flat[:, shared].mean(axis=1, keepdims=True)
        length = np.sqrt((together**2).sum(axis=1, keepdims=True))
        together = np.divide(together, length, out=np.zeros_like(together), where=length > 0.0)
        # Of two means over partly the same witnesses: the product of two Gram matrices, so no variance
        # of a difference is negative.
        overlap = (known.astype(np.float64) @ known.T) / np.sqrt(np.outer(number, number))
        values_of, vectors = np.linalg.eigh(together @ together.T * overlap)
        root = vectors * np.sqrt(np.maximum(values_of, 0.0))
        moved = random.standard_normal((count, len(flat))) @ (root * error[:, None]).T
    moved *= np.sqrt((witnesses - 1) / random.chisquare(witnesses - 1, (count, 1)))
    return np.asarray((mean + moved).reshape(count, *values.shape[:-1]))
