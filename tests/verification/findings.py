"""What the engine gives beside what a formula or a published model says, and when the two agree.

With R runs, agreement is ``|mean - expected| < 4 · sqrt(sd² / R + se²)``; `se` is the standard error of the
expected value itself (0 for a formula). A finding also holds what a usual mistake would have given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["EXACT", "Finding", "finding"]

EXACT = 1e-9
"""Agreement that is asked for where nothing is left to chance."""


@dataclass(frozen=True)
class Finding:
    """One comparison.

    Attributes
    ----------
    name
        Of the closed form or the model, as docs/verification.md has it.
    what
        What is compared, in a few words.
    expected, error
        The formula's value, or a model's, and its standard error.
    mean, spread, runs
        Mean and standard deviation over the runs.
    wrong
        What usual mistakes would give in the place of `expected`, or (where `runs_wrong`) what wrong
        variants of the model gave when they ran: by name, each with its standard error.
    """

    name: str
    what: str
    expected: float
    mean: float
    spread: float
    runs: int
    error: float = 0.0
    wrong: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    wrong_variants_ran: bool = False

    @property
    def tolerance(self) -> float:
        """Four standard errors of the difference."""
        return max(4.0 * math.sqrt(self.spread**2 / self.runs + self.error**2), EXACT)

    def agrees(self) -> bool:
        """Whether the engine gives what is expected."""
        return abs(self.mean - self.expected) < self.tolerance

    def not_rejected(self) -> list[str]:
        """Names of wrong variants that could be taken for the right one: there should be none."""
        centre = self.expected if self.wrong_variants_ran else self.mean
        base = self.error**2 if self.wrong_variants_ran else (self.tolerance / 4.0) ** 2
        return [
            name
            for name, (value, error) in self.wrong.items()
            if abs(value - centre) < 4.0 * math.sqrt(base + error**2)
        ]


def finding(
    name: str,
    what: str,
    expected: float,
    values: Sequence[float] | np.ndarray[Any, Any],
    wrong: Mapping[str, float],
) -> Finding:
    """The finding that a formula's value and those of independent runs make."""
    runs = np.asarray(values, dtype=float)
    spread = float(runs.std(ddof=1)) if len(runs) > 1 else 0.0
    return Finding(
        name,
        what,
        float(expected),
        float(runs.mean()),
        spread,
        len(runs),
        wrong={mistake: (float(value), 0.0) for mistake, value in wrong.items()},
    )
