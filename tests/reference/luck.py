"""Addressed numbers by the name of a decision, and normal numbers made of them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.engine import decisions, draws

CODES = {decision.name: decision.code for decision in decisions.DECISIONS}


class Fate:
    """All the luck of one world: a pure function of who, when and what.

    Parameters
    ----------
    seed, world
        Master seed and replicate.
    """

    def __init__(self, seed: int, world: int) -> None:
        self._luck = draws.luck_of(seed, world)

    def numbers(
        self, decision: str, who: int, *, other: int = -1, when: int = 0
    ) -> tuple[float, float, float, float]:
        """Four numbers between 0 and 1 for a decision of `who` (towards `other`) in a month."""
        first, second, third, fourth = draws.draw(self._luck, CODES[decision], who, other, when)
        return first, second, third, fourth


def standard_normal(u: float, v: float) -> float:
    """A standard normal number from two uniform ones: the cosine half of Box and Muller (1958)."""
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


def two_standard_normals(u: float, v: float) -> tuple[float, float]:
    """Both halves of Box and Muller (1958)."""
    radius = math.sqrt(-2.0 * math.log(u))
    angle = 2.0 * math.pi * v
    return radius * math.cos(angle), radius * math.sin(angle)


def pick(number: float, choices: int) -> int:
    """One of 0 to `choices` - 1 from a uniform number."""
    return math.floor(number * choices)


def logistic(x: float) -> float:
    """``1 / (1 + exp(-x))``."""
    return 1.0 / (1.0 + math.exp(-x))


def held_within(x: float, low: float, high: float) -> float:
    """`x`, or the nearer end of the range if it lies outside."""
    return min(high, max(low, x))


def total(numbers: Iterable[float]) -> float:
    """The plain sum in the given order (``sum`` compensates for rounding from Python 3.12 on)."""
    result = 0.0
    for number in numbers:
        result += number
    return result
