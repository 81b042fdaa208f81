"""Means over simulated firms with their intervals, for what is shown but is in no table."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

__all__ = ["mean_interval"]

Real = NDArray[np.float64]


def mean_interval(values: Real) -> tuple[Real, Real, Real]:
    """Return the mean over firms and its 95 % interval (Student's t).

    Parameters
    ----------
    values
        Shape (firms, ...). What is missing in a firm is left out; what is missing in all is NaN, and
        so is the interval where fewer than two firms are left.
    """
    from scipy.special import stdtrit

    count = np.isfinite(values).sum(axis=0)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # nothing but NaN, or one firm only
        mean = np.nanmean(values, axis=0)
        spread = np.nanstd(values, axis=0, ddof=1)
        half = stdtrit(np.maximum(count - 1, 1), 0.975) * spread / np.sqrt(count)
    return np.asarray(mean), np.asarray(mean - half), np.asarray(mean + half)
