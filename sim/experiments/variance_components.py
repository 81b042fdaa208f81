"""Chance and ignorance apart, in one effect: one-way analysis of variance with random effects.

Firms of one parameter set differ by chance alone; sets differ by what is not known besides (Searle,
Casella & McCulloch 1992). With few sets the second is itself badly known. What is said about the sets is
therefore averaged over what chance leaves open about their spread: the generalised inference of Tsui &
Weerahandi (1989), with an even lattice in place of random draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.experiments.statistics import by_set, interval_of

__all__ = ["FEWEST_SETS", "Apart", "told_apart"]

Real = NDArray[np.float64]

FEWEST_SETS = 3
"""With fewer nothing is told about sets."""

_POINTS, _STEP = 377, 233
"""Two neighbours of Fibonacci's sequence: an even lattice in the unit square."""


@dataclass(frozen=True, slots=True)
class Apart:
    """One effect over parameter sets; NaN where sets are too few, or have one firm each.

    Attributes
    ----------
    mean, low, high
        Mean over the sets and its 95 % interval (Student's t over the sets' means).
    chance
        Half the width that this interval would have if the parameters were known; at most its own.
    sets
        95 of 100 sets have an effect within so much of the mean, chance taken out.
    share
        Part of the variance of single firms that the parameters make, 0 to 1.
    same_direction
        Share of sets under which the effect has the direction of the mean, 0.5 to 1.
    odds
        Probability that the sets would differ as they do if only chance made firms differ.
    """

    mean: float = math.nan
    low: float = math.nan
    high: float = math.nan
    chance: float = math.nan
    sets: float = math.nan
    share: float = math.nan
    same_direction: float = math.nan
    odds: float = math.nan


def told_apart(effect: Real, numbers: NDArray[np.int64]) -> Apart:
    """Take an effect apart.

    Parameters
    ----------
    effect
        Of every firm, shape (firms,), none undefined.
    numbers
        The firm's parameter set.
    """
    from scipy.special import fdtrc, stdtrit

    _, place, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    if len(counts) < FEWEST_SETS:
        return Apart()
    means = by_set(effect, numbers)
    mean = float(means.mean())
    low, high = interval_of(means, 0.95)
    freedom = len(effect) - len(means)
    if not freedom:  # one firm each: nothing tells the two apart
        return Apart(mean, low, high)
    within = float(((effect - means[place]) ** 2).sum() / freedom)
    by_chance = within * float((1.0 / counts).mean())
    found = float(means.var(ddof=1))
    between = max(0.0, found - by_chance)
    whole = between + within
    spreads = _spreads(found, len(means) - 1, by_chance, freedom)
    if by_chance > 0.0:
        odds = float(fdtrc(len(means) - 1, freedom, found / by_chance))
    else:
        odds = 0.0 if found > 0.0 else 1.0
    half = float(stdtrit(freedom, 0.975)) * math.sqrt(by_chance / len(means))
    return Apart(
        mean=mean,
        low=low,
        high=high,
        chance=min(half, (high - low) / 2.0),
        sets=_reach(spreads),
        share=between / whole if whole > 0.0 else math.nan,
        same_direction=_same_direction(mean, spreads),
        odds=odds,
    )


@cache
def _lattice(between: int, within: int) -> tuple[Real, Real]:
    """Evenly spread values of two independent chi-squares over their degrees of freedom."""
    from scipy.special import chdtri

    steps = np.arange(_POINTS)
    first, second = (steps + 0.5) / _POINTS, (steps * _STEP % _POINTS + 0.5) / _POINTS
    return chdtri(between, first) / between, chdtri(within, second) / within


def _spreads(found: float, sets: int, by_chance: float, firms: int) -> Real:
    """Equally plausible standard deviations of the sets' effects, given the two mean squares."""
    first, second = _lattice(sets, firms)
    return np.asarray(np.sqrt(np.maximum(0.0, found / first - by_chance / second)))


def _same_direction(mean: float, spreads: Real) -> float:
    from scipy.special import ndtr

    if mean == 0.0:
        return 0.5
    with np.errstate(divide="ignore"):
        return float(ndtr(abs(mean) / spreads).mean())


def _reach(spreads: Real) -> float:
    """Half the range in which 95 of 100 sets lie, whichever of the spreads is the true one."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    wide = spreads[spreads > 0.0]

    def beyond(half: float) -> float:
        return float(ndtr(-half / wide).sum()) / (0.5 * len(spreads)) - 0.05

    if not len(wide) or beyond(0.0) <= 0.0:
        return 0.0
    return float(brentq(beyond, 0.0, 10.0 * float(wide.max()), xtol=1e-9 * float(wide.max())))
