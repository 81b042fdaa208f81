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

__all__ = ["DRAWS", "common", "plausible_means"]

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


def plausible_means(values: Real, seed: int = 0, count: int = DRAWS) -> Real:
    """Draws of the means, jointly: a multivariate Student distribution.

    With two alternatives, the share of draws in which one is above the other is one minus the one-sided p
    value of the paired t test, which is uniform where there is no difference: with few replicates a bootstrap
    would be too sure of itself.

    Parameters
    ----------
    values
        Shape (..., witnesses), at least two witnesses.

    Returns
    -------
    ndarray
        Shape (count, ...).
    """
    witnesses = values.shape[-1]
    mean = values.mean(axis=-1)
    centred = (values - mean[..., None]).reshape(-1, witnesses)
    random = np.random.default_rng(seed)
    moved = random.standard_normal((count, witnesses)) @ centred.T
    moved /= math.sqrt(witnesses * (witnesses - 1))
    moved *= np.sqrt((witnesses - 1) / random.chisquare(witnesses - 1, (count, 1)))
    return np.asarray(mean + moved.reshape(count, *mean.shape))
