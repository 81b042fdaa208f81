"""What may be tried: the free parameters, their ranges, and draws from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.catalogue import GROUPS

__all__ = ["FREE", "FreeParameter", "draw_priors"]

Real = NDArray[np.float64]

_FACTS = ("scenario", "organisation", "environment", "programme")
"""Sections that describe a firm and its programme: the planner's facts, not the model's unknowns."""

_MONEY = ("costs",)
"""Unknown too, but without influence on people: drawn, never fitted."""


@dataclass(frozen=True, slots=True)
class FreeParameter:
    """One parameter that is not known.

    Attributes
    ----------
    key
        ``section.name``.
    low, high
        Its plausible range, which its declaration calls prior.
    default
        The package's own value.
    logarithmic
        Whether orders of magnitude are equally plausible, rather than values.
    fitted
        Whether it acts on people, so that targets can say something about it.
    """

    key: str
    low: float
    high: float
    default: float
    logarithmic: bool
    fitted: bool

    def value_at(self, share: Real) -> Real:
        """Values at shares (0 to 1) of the range."""
        if self.logarithmic:
            return np.asarray(self.low * (self.high / self.low) ** share)
        return np.asarray(self.low + share * (self.high - self.low))


def _free() -> tuple[FreeParameter, ...]:
    found = []
    for group in GROUPS:
        if group.name in _FACTS:
            continue
        for parameter in group.parameters:
            if parameter.prior is None or parameter.kind != "number":
                continue
            low, high = parameter.prior
            found.append(
                FreeParameter(
                    key=f"{group.name}.{parameter.name}",
                    low=float(low),
                    high=float(high),
                    default=float(parameter.default),
                    logarithmic=low > 0.0 and high / low >= 10.0,
                    fitted=group.name not in _MONEY,
                )
            )
    return tuple(found)


FREE: tuple[FreeParameter, ...] = _free()
"""Every parameter that declares a prior, in the order of the sections."""


def draw_priors(count: int, seed: int, free: Sequence[FreeParameter] = FREE) -> Real:
    """Shares (0 to 1) of the ranges, a Latin hypercube; shape (count, parameters)."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(d=len(free), rng=np.random.default_rng(seed))
    return np.asarray(sampler.random(count))
