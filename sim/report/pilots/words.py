"""How a pilot's numbers are put into words: people in 100, points, chances in 100."""

from __future__ import annotations

import math

from sim.pilots.designs import Design
from sim.pilots.diagnosing import Diagnosis, Interval
from sim.pilots.measures import Measure
from sim.report.wording import decimals_for, signed
from sim.report.words import listed

__all__ = [
    "SAID",
    "chance",
    "chance_range",
    "change",
    "change_range",
    "compared_with",
    "effect",
    "months_word",
    "names",
    "needed",
    "signed_range",
    "size_named",
    "verdict_of",
]

_EVENTS = {"quits": ("quit", "quit"), "promotions": ("is promoted", "are promoted")}


def _decimals(number: float) -> int:
    return 0 if abs(number) >= 9.95 else 1


def _written(number: float) -> str:
    size = abs(number)
    if not math.isfinite(size):
        return "–"
    if 0.0 < size < 0.05:
        return "under 0.1"
    return f"{size:,.{_decimals(size)}f}"


def change(measure: Measure, number: float) -> str:
    """A difference with its direction: ``0.8 fewer``, ``1.6 points more``."""
    if not math.isfinite(number):
        return "–"
    if measure.counts_events:
        return f"{_written(number)} {'more' if number >= 0.0 else 'fewer'}"
    return f"{_written(number)} points {'more' if number >= 0.0 else 'less'}"


def change_range(measure: Measure, one: Interval) -> str:
    """A 95 % interval: ``0.2 to 1.4 fewer``, ``0.6 fewer to 0.2 more``."""
    if not math.isfinite(one.low):
        return "–"
    low, high = one.low, one.high
    points = "" if measure.counts_events else " points"
    less, more = ("fewer", "more") if measure.counts_events else ("less", "more")
    if low < 0.0 < high:
        return f"{_written(low)}{points} {less} to {_written(high)} {more}"
    near, far = sorted((low, high), key=abs)
    word = more if high > 0.0 else less
    first, last = _written(near), _written(far)
    return f"{first if first == last else f'{first} to {last}'}{points} {word}"


def effect(measure: Measure, one: Interval) -> str:
    """A true effect in a sentence's middle, with its interval."""
    text, within = change(measure, one.value), change_range(measure, one)
    if measure.name == "quits":
        return f"of 100 people {text} quit ({within})"
    if measure.name == "promotions":
        return f"of 100 people {text} are promoted ({within})"
    what = (
        "in the engagement survey"
        if measure.source == "survey"
        else "in a test of what mentees are to learn"
    )
    return f"{text} of 100 {what} ({within})"


def signed_range(one: Interval) -> str:
    """For analysts: ``+0.2 (−0.3 to +0.7)``, with the decimals that its width deserves."""
    if not math.isfinite(one.value):
        return "–"
    decimals = min(2, max(1, decimals_for(one.low, one.high)))
    ends = f" ({signed(one.low, decimals)} to {signed(one.high, decimals)})"
    return signed(one.value, decimals) + (ends if math.isfinite(one.low) else "")


def chance(one: Interval) -> str:
    """A probability as chances in 100: ``6``, ``under 1``; never 0 or 100 where it is neither."""
    share = 100.0 * one.value
    if not math.isfinite(share):
        return "–"
    if 0.0 < share < 0.5:
        return "under 1"
    if 99.5 <= share < 100.0:
        return "over 99"
    return f"{share:.0f}"


def chance_range(one: Interval) -> str:
    """Its 95 % interval."""
    if not math.isfinite(one.low):
        return "–"
    low, high = f"{100.0 * one.low:.0f}", f"{100.0 * one.high:.0f}"
    return low if low == high else f"{low} to {high}"


def needed(people: tuple[float, float, float]) -> str:
    """How many people it takes, in two figures; that it cannot be told where nothing is expected."""
    value, low, high = people
    if not math.isfinite(value):
        return "no number of people: no effect is expected"
    first = f"about {_rounded(value)}"
    if not math.isfinite(high):
        return f"{first} (at least {_rounded(low)})"
    return f"{first} ({_rounded(low)} to {_rounded(high)})"


def _rounded(number: float) -> str:
    if number >= 1e7:
        return "over 10 million"
    digits = max(0, math.floor(math.log10(max(number, 1.0))) - 1)
    return f"{math.ceil(number / 10**digits) * 10**digits:,}"


def months_word(months: int) -> str:
    """``1 month``, ``12 months``."""
    return f"{months} month" if months == 1 else f"{months} months"


def size_named(design: Design, offered: int) -> str:
    """How many people a design is about: in a stepped start all of its steps count."""
    if design.kind == "stepped":
        return f"{offered} people in steps"
    return f"{offered} people offered a place"


def compared_with(design: Design) -> str:
    """With whom, in a sentence's middle."""
    return design.against


def verdict_of(told: Diagnosis, significance: float, power: float, *, by_lot: bool) -> str:
    """The mark of a reading: able (unproven without a lot), seldom, blind, misleading, or unread."""
    if not told.firms or told.undefined > 0.5:
        return "unread"
    if not told.sound:
        return "misleading"
    off = abs(told.bias.value) > _OFF * abs(told.offered.value)
    if not by_lot and told.bias.clear and off:
        return "misleading"
    if told.power.value >= power:
        return "able" if by_lot else "unproven"
    return "blind" if told.power.value < 2.0 * significance else "seldom"


_OFF = 0.2
"""Of the true effect: what a reading without a lot may be off by before it is called misleading."""


SAID = {
    "quits": "quits",
    "promotions": "promotions",
    "engagement": "the engagement survey",
    "skills": "a skills test before the start and after it",
    "skills_after_only": "a skills test afterwards only",
}
"""Measures as a sentence has them."""


def names(measures: tuple[Measure, ...]) -> str:
    """Measures in a list, as a sentence has them."""
    return listed([SAID[one.name] for one in measures], "or")
