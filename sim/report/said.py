"""How decisions are put into words and numbers, on the page and on the screen alike."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.report.decisions import Decision, Verdict, Why
from sim.report.wording import unsigned

__all__ = [
    "MARKS",
    "amount",
    "cell",
    "count",
    "gained",
    "mark",
    "money",
    "range_of",
    "under_sets",
    "without",
]

MARKS: Mapping[Verdict, str] = {"better": "▲", "worse": "▼", "equal": "≈", "unknown": "○"}
"""The mark of a verdict, which never stands alone."""

_UNKNOWN: Mapping[Why, str] = {
    "interval": "cannot tell",
    "chance": "cannot tell",
    "assumptions": "depends on assumptions",
    "few sets": "too few parameter sets to tell",
    "one firm": "one firm cannot tell",
    "undefined": "undefined here",
}


def mark(verdict: Verdict, why: Why = "chance") -> str:
    """The words beside the mark."""
    words = {"better": "better", "worse": "worse", "equal": "no difference"}
    return words.get(verdict, _UNKNOWN[why])


def count(number: float) -> str:
    """A number of people, ideas or weeks, without its sign: ``0.4``, ``1.1``, ``12``, ``1,240``.

    Never nought if it is not: ``under 0.1``.
    """
    size = abs(number)
    if not math.isfinite(size):
        return "–"
    if 0.0 < size < 0.05:
        return "under 0.1"
    return unsigned(size, 0 if size >= 9.95 else 1)


def money(number: float, currency: str = "") -> str:
    """An amount of money without its sign, in two figures: ``42,000``, ``EUR 1,100``."""
    size = abs(number)
    if not math.isfinite(size):
        return "–"
    if size >= 1.0:
        digits = 1 - math.floor(math.log10(size))
        size = round(size, digits)
    text = unsigned(size, 0 if size >= 10.0 or size == 0.0 else 1)
    return f"{currency} {text}" if currency else text


def amount(one: Decision, number: float, currency: str = "") -> str:
    """A number of the decision's goal, without its sign."""
    return money(number, currency) if one.goal.is_money else count(number)


def gained(one: Decision, currency: str = "") -> str:
    """The mean change in words: ``1.1 more people stay a year``."""
    words = one.goal.more if one.value >= 0.0 else one.goal.less
    return f"{amount(one, one.value, currency)} {words}"


def cell(one: Decision, currency: str = "") -> str:
    """The mean change under the goal's heading: ``1.1 more``."""
    if not math.isfinite(one.value):
        return "–"
    words = one.goal.short_more if one.value >= 0.0 else one.goal.short_less
    return f"{amount(one, one.value, currency)} {words}"


def range_of(one: Decision, currency: str = "") -> str:
    """The 95 % interval: ``0.9 to 1.3``, in the direction of the mean; ``0.3 fewer to 1.1 more`` across zero."""
    return _range(one, one.low, one.high, currency)


def _range(one: Decision, low: float, high: float, currency: str) -> str:
    if not math.isfinite(low):
        return "–"
    near, far = sorted((low, high), key=abs)
    if low < 0.0 < high:
        less, more = one.goal.short_less, one.goal.short_more
        return f"{amount(one, low, currency)} {less} to {amount(one, high, currency)} {more}"
    first, last = amount(one, near, currency), amount(one, far, currency)
    return first if first == last else f"{first} to {last}"


def without(one: Decision, posts: float, *, short: bool = False) -> str:
    """What there is without a programme, in words."""
    text = one.goal.beside if short else one.goal.without
    return text.format(number=count(one.without), posts=f"{posts:,.0f}")


def under_sets(one: Decision) -> str:
    """Under how many of 100 parameter sets it has the direction of its mean: never 100 where it is not all."""
    share = min(99, round(100.0 * one.agree))
    return f"{'better' if one.value >= 0.0 else 'worse'} under {share} of 100 sets of assumptions"
