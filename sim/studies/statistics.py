"""The statistics of published studies: correlation, standardised difference, least squares, survival."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "intraclass_correlation",
    "adjusted_difference",
    "correlation",
    "cox",
    "cox_with_errors",
    "kaplan_meier",
    "split_correlation",
    "standardised_difference",
]

Real = NDArray[np.float64]
FEWEST = 10
"""People without whom nothing is worked out."""


def correlation(
    one: ArrayLike, other: ArrayLike, reliabilities: tuple[float, float] = (1.0, 1.0)
) -> float:
    """Pearson's correlation, corrected for unreliability: ``r / sqrt(reliability · reliability)``.

    With reliabilities of 1, as it is observed. NaN where a side does not vary or there are too few.
    """
    x, y = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if len(x) < FEWEST or not x.std() or not y.std():
        return math.nan
    return float(np.corrcoef(x, y)[0, 1]) / math.sqrt(reliabilities[0] * reliabilities[1])


def standardised_difference(one: ArrayLike, other: ArrayLike) -> float:
    """Cohen's d: difference of means in pooled standard deviations."""
    x, y = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if min(len(x), len(y)) < FEWEST:
        return math.nan
    variance = ((len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1)) / (len(x) + len(y) - 2)
    return float((x.mean() - y.mean()) / math.sqrt(variance)) if variance > 0.0 else math.nan


def split_correlation(difference: float) -> float:
    """Correlation with a group of half the people, of a standardised difference: ``d / sqrt(d² + 4)``."""
    return difference / math.sqrt(difference**2 + 4.0)


def adjusted_difference(values: ArrayLike, group: ArrayLike, *covariates: ArrayLike) -> float:
    """Least squares: how much more those in the group (0 or 1) have, covariates being equal."""
    y, inside = np.asarray(values, dtype=float), np.asarray(group, dtype=float)
    if min(inside.sum(), (1.0 - inside).sum()) < FEWEST:
        return math.nan
    table = np.column_stack([np.ones(len(y)), inside, *(np.asarray(c, float) for c in covariates)])
    return float(np.linalg.lstsq(table, y, rcond=None)[0][1])


def kaplan_meier(durations: ArrayLike, events: ArrayLike) -> tuple[Real, Real]:
    """Times at which somebody left, and the share still there after each.

    Parameters
    ----------
    durations
        How long each was observed.
    events
        1 for those who left then, 0 for those whose observation merely ended.
    """
    time, event = np.asarray(durations, dtype=float), np.asarray(events, dtype=float)
    times = np.unique(time[event == 1.0])
    left = np.array([event[time == t].sum() for t in times])
    at_risk = np.array([(time >= t).sum() for t in times])
    return times, np.cumprod(1.0 - left / at_risk)


def cox(durations: ArrayLike, events: ArrayLike, *covariates: ArrayLike) -> Real:
    """Log hazard ratios of Cox's proportional hazards (Efron's ties), by Newton's method.

    Parameters
    ----------
    durations, events
        As for :func:`kaplan_meier`.
    covariates
        One or more, each with a value per person.
    """
    return cox_with_errors(durations, events, *covariates)[0]


def cox_with_errors(
    durations: ArrayLike, events: ArrayLike, *covariates: ArrayLike
) -> tuple[Real, Real]:
    """The same as :func:`cox`, with standard errors from the curvature of the partial likelihood."""
    time, event = np.asarray(durations, dtype=float), np.asarray(events, dtype=float)
    x = np.column_stack([np.asarray(one, dtype=float) for one in covariates])
    x = x - x.mean(axis=0)
    beta, nothing = np.zeros(x.shape[1]), np.full(x.shape[1], math.nan)
    if event.sum() < FEWEST or (x.std(axis=0) == 0.0).any():
        return nothing, nothing
    curve = np.eye(x.shape[1])
    for _ in range(30):
        slope, curve = _cox_step(time, event, x, beta)
        step = np.linalg.solve(curve, slope)
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    return np.asarray(beta), np.asarray(np.sqrt(np.diag(np.linalg.inv(curve))))


def _cox_step(time: Real, event: Real, x: Real, beta: Real) -> tuple[Real, Real]:
    """First and negative second derivative of the log partial likelihood."""
    weight = np.exp(x @ beta)
    slope, curve = np.zeros(x.shape[1]), np.zeros((x.shape[1], x.shape[1]))
    for t in np.unique(time[event == 1.0]):
        here, risk = (time == t) & (event == 1.0), time >= t
        tied = int(here.sum())
        own, all_ = (
            (weight[who].sum(), weight[who] @ x[who], (x[who] * weight[who, None]).T @ x[who])
            for who in (here, risk)
        )
        slope += x[here].sum(axis=0)
        for place in range(tied):
            zero, one, two = (a - place / tied * o for a, o in zip(all_, own, strict=True))
            mean = one / zero
            slope -= mean
            curve += two / zero - np.outer(mean, mean)
    return slope, curve


def intraclass_correlation(values: ArrayLike, groups: ArrayLike) -> float:
    """ICC(1): the share of the variance that lies between groups, from a one-way analysis of variance.

    ``(MSB - MSW) / (MSB + (k - 1) MSW)`` with k the groups' size, for unequal ones ``(N - Σn²/N) / (groups - 1)``
    (Bliese 2000). NaN for fewer than two groups, or without variance.
    """
    x = np.asarray(values, dtype=float)
    _, which, sizes = np.unique(np.asarray(groups), return_inverse=True, return_counts=True)
    number, everybody = len(sizes), len(x)
    if number < 2 or everybody <= number or x.std() == 0.0:
        return float("nan")
    means = np.bincount(which, weights=x) / sizes
    between = float((sizes * (means - x.mean()) ** 2).sum()) / (number - 1)
    within = float(((x - means[which]) ** 2).sum()) / (everybody - number)
    size = (everybody - float((sizes**2).sum()) / everybody) / (number - 1)
    return (between - within) / (between + (size - 1.0) * within)
