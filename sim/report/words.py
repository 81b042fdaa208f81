"""Sentences are made of these: lists, counts, quantities with their interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.wording import decimals_for, signed, unsigned

__all__ = [
    "Amount",
    "capitalised",
    "counted",
    "level",
    "listed",
    "named",
    "number_word",
    "out_of",
    "times",
]


@dataclass(frozen=True, slots=True)
class Amount:
    """A mean over firms with its intervals, as it is shown: scaled, and with a unit.

    Attributes
    ----------
    value, low, high
        Mean and its 95 % interval; NaN where unknown.
    unit
        In words.
    low50, high50
        The 50 % interval.
    firm_low, firm_high
        Between these lie 95 of 100 single firms.
    sign
        Whether a plus sign is shown: differences have one, levels do not.
    most_decimals
        Written at most, except where a bound just off zero needs more.
    """

    value: float
    low: float
    high: float
    unit: str
    low50: float = math.nan
    high50: float = math.nan
    firm_low: float = math.nan
    firm_high: float = math.nan
    sign: bool = True
    most_decimals: int = 6

    @property
    def known(self) -> bool:
        """Whether there is anything to show."""
        return math.isfinite(self.value)

    @property
    def has_interval(self) -> bool:
        """Whether it rests on two firms or more."""
        return math.isfinite(self.low)

    @property
    def told(self) -> bool:
        """Whether its 95 % interval leaves out zero."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def text(self) -> str:
        """The mean alone."""
        return self._written(self.value)

    @property
    def interval(self) -> str:
        """The 95 % interval: ``+0.9 to +1.2``; a dash if unknown."""
        return self._range(self.low, self.high)

    @property
    def middle(self) -> str:
        """The 50 % interval."""
        return self._range(self.low50, self.high50)

    @property
    def firms(self) -> str:
        """Where 95 of 100 single firms lie."""
        return self._range(self.firm_low, self.firm_high)

    def _range(self, low: float, high: float) -> str:
        if not math.isfinite(low):
            return "–"
        return f"{self._bound(low)} to {self._bound(high)}"

    def _bound(self, number: float) -> str:
        # A bound just off zero is not written as zero: on which side it lies is what matters.
        decimals = self._decimals(number)
        while number and decimals < 6 and not round(number, decimals):
            decimals += 1
        return self._signed(number, decimals)

    def _written(self, number: float) -> str:
        return self._signed(number, self._decimals(number))

    def _signed(self, number: float, decimals: int) -> str:
        return signed(number, decimals) if self.sign else unsigned(number, decimals)

    def _decimals(self, number: float) -> int:
        decimals = decimals_for(self.low, self.high)
        if not self.has_interval or self.low == self.high:
            decimals = 0 if abs(number) >= 1000 else 2
        return min(decimals, self.most_decimals)


def named(name: str) -> str:
    """A name in quotation marks."""
    return f"“{name}”"


def listed(words: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(number: int, noun: str) -> str:
    """``1 firm``, ``1,200 firms``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def out_of(number: int, total: int, what: str = "firm") -> str:
    """A natural frequency: ``83 of 100 firms``."""
    return f"{number:,} of {counted(total, what)}"


def number_word(number: int) -> str:
    """Small numbers in letters."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
             "eleven", "twelve")  # fmt: skip
    return words[number] if number < len(words) else f"{number:,}"


def capitalised(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def level(number: float) -> str:
    """A level on its own, with about three figures; a dash if unknown."""
    size = abs(number)
    return unsigned(number, 0 if size >= 100 else 1 if size >= 10 else 2)


def times(number: float) -> str:
    """A ratio: ``6.6 times``; a dash if unknown."""
    return f"{unsigned(number, 1 if abs(number) >= 1 else 2)} times" if number == number else "–"
