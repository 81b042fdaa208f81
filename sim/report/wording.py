"""How numbers and names are written, in the summary and in the figures alike."""

from __future__ import annotations

import math

__all__ = ["clipped", "decimals_for", "share_of_firms", "signed", "unsigned"]

_MOST_DECIMALS = 6


def decimals_for(low: float, high: float) -> int:
    """Return as many decimals as an interval deserves: two digits of its half-width."""
    half = (high - low) / 2
    if not math.isfinite(half) or half <= 0:
        return 2
    return min(_MOST_DECIMALS, max(0, 1 - math.floor(math.log10(half))))


def signed(value: float, decimals: int) -> str:
    """Write a difference with its sign: ``+0.42``, ``−1.3``, ``0.00``; a dash if unknown."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:+,.{decimals}f}"
    return (
        unsigned(value, decimals) if float(text.replace(",", "")) == 0 else text.replace("-", "−")
    )


def unsigned(value: float, decimals: int) -> str:
    """Write a level: ``8.13``, ``−0.2``; never minus nought; a dash if unknown."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def clipped(name: str, longest: int) -> str:
    """Return a name cut to a length that fits, with an ellipsis."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def share_of_firms(share: float, firms: int) -> str:
    """Write a share of firms as their number, where a tie counts half: ``11 of 16``, ``11½ of 16``."""
    halves = round(2.0 * share * firms)
    half = "½" if halves % 2 else ""
    whole = f"{halves // 2:,}" if halves > 1 or not half else ""
    return f"{whole}{half} of {firms:,}"
