"""What a target of the calibration is: a published figure, and the same statistic of simulated firms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.calibration.observation import Observed

__all__ = ["FEWEST", "Statistic", "Target", "correlation", "of_outcome", "ratio", "share"]

Statistic = Callable[[Observed], float]

FEWEST = 10
"""People (or pairs) without whom nothing is worked out."""


@dataclass(frozen=True, slots=True)
class Target:
    """One published figure.

    Attributes
    ----------
    name, title, unit
        As in tables.
    value, low, high
        The figure, and the range within which a simulated one agrees with it.
    source, mark
        Identifier in the evidence table, and how far it can be trusted.
    fitted
        Whether parameters are fitted to it.
    of
        The same statistic of simulated firms; NaN where it is undefined.
    misses
        Why the model cannot be expected to reach the figure, where that is known.
    """

    name: str
    title: str
    unit: str
    value: float
    low: float
    high: float
    source: str
    mark: str
    fitted: bool
    of: Statistic
    misses: str = ""

    def distance(self, simulated: float) -> float:
        """How far off, in half widths of the range; infinite where it is undefined."""
        if not np.isfinite(simulated):
            return float("inf")
        return abs(simulated - self.value) / (0.5 * (self.high - self.low))

    def agrees(self, simulated: float) -> bool:
        """Whether a simulated figure lies within the range."""
        return bool(self.low <= simulated <= self.high)


def correlation(one: ArrayLike, other: ArrayLike) -> float:
    """Pearson's correlation; NaN where either does not vary or there are fewer than ten."""
    x, y = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if len(x) < FEWEST or x.std() == 0.0 or y.std() == 0.0:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def share(flags: ArrayLike) -> float:
    """Percentage of those for whom it is true; NaN of nobody."""
    values = np.asarray(flags, dtype=float)
    return 100.0 * float(values.mean()) if len(values) else float("nan")


def ratio(one: float, other: float) -> float:
    """One figure divided by another; NaN where that is zero or unknown."""
    return one / other if other else float("nan")


def of_outcome(name: str) -> Statistic:
    """An outcome of the package, in firms without a programme."""
    return lambda observed: observed.mean(name)
