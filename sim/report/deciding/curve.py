"""The curve over the budget: what each budget buys, with its interval."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sim.report.wording import decimals_for, unsigned

__all__ = ["Point", "curve_chart"]

_WIDE, _TALL = 560.0, 230.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 14.0, 16.0, 40.0
_INK, _MUTED, _ACCENT, _BAND = "#1b1f23", "#555c63", "#0b4f7a", "#cfe0ec"


@dataclass(frozen=True, slots=True)
class Point:
    """What one budget buys: the label below, the mean and its interval, and whether it is the budget that was given."""

    label: str
    mean: float
    low: float
    high: float
    main: bool


def curve_chart(points: Sequence[Point], *, title: str, description: str, unit: str) -> Markup:
    """The curve; budgets stand in their order, each twice the one before."""
    ends = [
        0.0,
        *(one for point in points for one in (point.low, point.high) if math.isfinite(one)),
    ]
    low, high = min(ends), max(ends)
    if high - low < 1e-9:
        high = low + 1.0
    room = 0.06 * (high - low)
    low, high = (low - room if low < 0.0 else 0.0), high + room

    def down(value: float) -> float:
        return _TOP + (_TALL - _TOP - _BOTTOM) * (high - value) / (high - low)

    step = (_WIDE - _LEFT - _RIGHT) / len(points)
    across = [_LEFT + step * (place + 0.5) for place in range(len(points))]
    parts = []
    decimals = min(2, decimals_for(0.0, high - low))
    for share in (0.0, 0.5, 1.0):
        value = low + share * (high - low) if share else (0.0 if low >= 0.0 else low)
        text = unsigned(value, decimals)
        parts.append(
            f'<line x1="{_LEFT}" y1="{down(value):.1f}" x2="{_WIDE - _RIGHT}" y2="{down(value):.1f}" stroke="#dde1e5"/>'
        )
        parts.append(_text(_LEFT - 6.0, down(value) + 4.0, text, _MUTED, "end"))
    parts.append(
        f'<line x1="{_LEFT}" y1="{down(0.0):.1f}" x2="{_WIDE - _RIGHT}" y2="{down(0.0):.1f}" stroke="{_INK}"/>'
    )
    upper = [f"{x:.1f},{down(point.high):.1f}" for x, point in zip(across, points, strict=True)]
    lower = [f"{x:.1f},{down(point.low):.1f}" for x, point in zip(across, points, strict=True)]
    parts.append(f'<polygon points="{" ".join([*upper, *reversed(lower)])}" fill="{_BAND}"/>')
    line = " ".join(
        f"{x:.1f},{down(point.mean):.1f}" for x, point in zip(across, points, strict=True)
    )
    parts.append(f'<polyline points="{line}" fill="none" stroke="{_ACCENT}" stroke-width="2"/>')
    for x, point in zip(across, points, strict=True):
        fill = _ACCENT if point.main else "#ffffff"
        parts.append(
            f'<line x1="{x:.1f}" y1="{down(point.low):.1f}" x2="{x:.1f}" y2="{down(point.high):.1f}" stroke="{_ACCENT}" stroke-width="1.6"/>'
        )
        parts.append(
            f'<circle cx="{x:.1f}" cy="{down(point.mean):.1f}" r="4.5" fill="{fill}" stroke="{_ACCENT}" stroke-width="1.6"/>'
        )
        parts.append(_text(x, _TALL - 22.0, point.label, _INK, "middle", bold=point.main))
    parts.append(_text(_WIDE - _RIGHT, _TALL - 5.0, "budget a year", _MUTED, "end"))
    parts.append(_text(_LEFT, 11.0, unit, _MUTED, "start"))
    body = "\n".join(parts)
    return Markup(
        f'<svg viewBox="0 0 {_WIDE:g} {_TALL:g}" role="img" aria-labelledby="curve-title curve-words">'
        f'<title id="curve-title">{html.escape(title)}</title><desc id="curve-words">{html.escape(description)}</desc>'
        f"{body}</svg>"
    )  # noqa: S704 (everything in it is escaped or a number)


def _text(x: float, y: float, text: str, colour: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{html.escape(text)}</text>"
    )
