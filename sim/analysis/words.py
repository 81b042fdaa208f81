"""Numbers and names as sentences have them."""

from __future__ import annotations

import math

__all__ = ["listed", "percent", "plural", "with_unit"]


def plural(count: int, noun: str) -> str:
    """ "1 replicate", "3 replicates"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def percent(share: float) -> str:
    """A share as one says it: never 0 or 100 % where it is not."""
    if math.isnan(share):
        return "unknown"
    if 0.0 < share < 0.01:
        return "less than 1 %"
    if 0.99 < share < 1.0:
        return "more than 99 %"
    return f"{100 * share:.0f} %"


def with_unit(value: float, unit: str, *, sign: bool = False) -> str:
    """A number of three figures with its unit."""
    text = f"{value:+.3g}" if sign else f"{value:.3g}"
    if unit == "%":
        return f"{text} %"
    if unit == "0 to 1":
        return f"{text} on a scale of 0 to 1"
    return f"{text} {unit}".rstrip()


def listed(names: list[str], last: str = "and") -> str:
    """ "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
