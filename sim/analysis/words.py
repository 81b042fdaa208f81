"""Numbers and names as sentences have them."""

from __future__ import annotations

import math

__all__ = ["listed", "percent", "plural", "with_unit", "three_figures"]


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


def three_figures(value: float, *, sign: bool = False) -> str:
    """A number of three figures, without powers of ten where a reader can do without: 32,600, 0.0000443."""
    if not math.isfinite(value) or value == 0.0 or not 1e-6 < abs(value) < 1e12:
        return f"{value:+.3g}" if sign else f"{value:.3g}"
    digits = 2 - math.floor(math.log10(abs(float(f"{value:.2e}"))))
    text = f"{round(value, digits):{'+' if sign else ''},.{max(digits, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(value: float, unit: str, *, sign: bool = False) -> str:
    """A number of three figures with its unit."""
    text = three_figures(value, sign=sign)
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
