"""The page's charts: narrow panels that stand side by side on paper, one below another on a telephone.

They are written as SVG by hand: a tenth of the size and time of what a plotting library makes of them.
"""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from sim.report.wording import decimals_for, signed
from sim.report.words import Amount

__all__ = ["MOST_ROWS", "Line", "fitted", "interval_panel", "months_panel", "ticks"]

Real = NDArray[np.float64]

MOST_ROWS = 40
_MOST_POINTS = 61
_WIDTH = 240.0
_EDGE = 3.0
_SIZE = 10.5
_ROW = 25.5
_INK, _MUTED, _ACCENT = "#1b1f23", "#555c63", "#0b4f7a"
_GREY, _BAND = "#dde1e5", "#cfe0ec"


@dataclass(frozen=True, slots=True)
class Line:
    """The change under one variant, month by month, with its interval, and what stands on the right."""

    name: str
    mean: Real
    low: Real
    high: Real
    label: str


def interval_panel(
    rows: Sequence[tuple[str, Amount]],
    *,
    key: str,
    title: str,
    description: str,
    labels: Sequence[str] = (),
    told: Sequence[bool] = (),
    room: float = _ROW,
) -> Markup:
    """Mean, 95 % interval, and the range of single firms, one row per variant.

    Parameters
    ----------
    rows
        Names and amounts.
    key
        Prefix of the identifiers in the picture, unique on the page.
    title, description
        What a screen reader says.
    labels
        What stands on the right of every row; by default the mean.
    told
        Whose dot is full; by default that of every interval that leaves out zero.
    room
        Height of a row.
    """
    texts = labels or [amount.text for _, amount in rows]
    full = told or [amount.told for _, amount in rows]
    shown = [
        (*row, text, dot) for row, text, dot in zip(rows, texts, full, strict=True) if row[1].known
    ][:MOST_ROWS]
    ends = [0.0]
    for _, amount, _, _ in shown:
        every = (amount.value, amount.low, amount.high, amount.firm_low, amount.firm_high)
        ends += [number for number in every if math.isfinite(number)]
    scale = _Scale(min(ends), max(ends))
    bottom = room * len(shown) + 2.0
    parts = [_axis(scale, bottom)]
    for place, (name, amount, text, dot) in enumerate(shown):
        top = room * place
        parts.append(_name(name, text, top))
        parts += _interval(scale, amount, top + 12.0, room - 12.5, full=dot)
    return _picture(parts, bottom + 16.0, key, title, description)


def _interval(scale: _Scale, amount: Amount, top: float, tall: float, *, full: bool) -> list[str]:
    """Grey bar, line and dot of one row, below its name."""
    parts, middle = [], top + tall / 2.0
    if math.isfinite(amount.firm_low) and math.isfinite(amount.firm_high):
        parts.append(
            _bar(
                scale,
                amount.firm_low,
                amount.firm_high,
                middle,
                min(7.0, tall - 1.0),
                f'fill="{_GREY}"',
            )
        )
    if amount.has_interval:
        left, right = scale.at(amount.low), scale.at(amount.high)
        parts.append(
            f'<path d="M{left:.1f} {middle:.1f}H{right:.1f}" stroke="{_ACCENT}" stroke-width="1.8"/>'
        )
    fill = _ACCENT if full else "#ffffff"
    parts.append(
        f'<circle cx="{scale.at(amount.value):.1f}" cy="{middle:.1f}" r="{min(3.4, tall / 2.0):g}" '
        f'fill="{fill}" stroke="{_ACCENT}" stroke-width="1.4"/>'
    )
    parts.insert(bool(parts), _upright(scale.at(0.0), top, top + tall, _INK, 1.0))
    return parts


def months_panel(
    lines: Sequence[Line], *, start: int, key: str, title: str, description: str
) -> Markup:
    """One strip per variant: mean change month by month with its interval, all to the same scale.

    Parameters
    ----------
    start
        Month in which the first programme starts.
    """
    shown = lines[:MOST_ROWS]
    months = max((len(line.mean) for line in shown), default=1)
    low, high = _reach(shown)
    tall = 22.0 if len(shown) > 6 else 34.0
    row = tall + 16.0
    bottom = row * len(shown)
    across = _Scale(0.0, float(max(1, months - 1)), margin=0.0)
    parts = [_months_axis(across, months, bottom)]
    up = (tall - 2.0) / (high - low)
    for place, line in enumerate(shown):
        top = row * place
        base = top + 15.0 + tall - 2.0

        def height(value: float, base: float = base) -> float:
            return base - up * (min(max(value, low), high) - low)

        zero = height(0.0)
        parts.append(_name(line.name, line.label, top))
        if start < months:
            parts.append(_upright(across.at(start), top + 13.0, base, _MUTED, 0.8, "2 2"))
        parts += _strip(line, across, height)
        parts.append(
            f'<path d="M{across.left:.1f} {zero:.1f}H{across.right:.1f}" stroke="{_INK}" '
            'stroke-width=".8"/>'
        )
    decimals = decimals_for(low, high)
    bounds = f"months; each strip: {signed(low, decimals)} to {signed(high, decimals)}"
    parts.append(_text(across.left, bottom + 25.0, bounds, _MUTED))
    return _picture(parts, bottom + 29.0, key, title, description)


def _reach(lines: Sequence[Line]) -> tuple[float, float]:
    """What all strips show: every mean, and most of the intervals; zero is in it."""
    values = [line.mean for line in lines]
    bounds = [part for line in lines for part in (line.low, line.high)]
    known, wide = (np.concatenate(parts) if parts else np.zeros(1) for parts in (values, bounds))
    known, wide = known[np.isfinite(known)], wide[np.isfinite(wide)]
    low, high = (0.0, 0.0) if not known.size else (float(known.min()), float(known.max()))
    if wide.size:
        least, most = np.quantile(wide, (0.02, 0.98))
        low, high = min(low, float(least)), max(high, float(most))
    low, high = min(low, 0.0), max(high, 0.0)
    return (low, high) if high - low > 1e-12 else (-1.0, 1.0)


def _strip(line: Line, across: _Scale, height: Callable[[float], float]) -> list[str]:
    """Band and line of one variant; a gap where nothing is known."""
    step = max(1, -(-len(line.mean) // _MOST_POINTS))
    months = [month for month in range(0, len(line.mean), step) if math.isfinite(line.mean[month])]
    if not months:
        return []
    parts = []
    banded = [month for month in months if math.isfinite(line.low[month] + line.high[month])]
    if len(banded) > 1:
        thinned = sorted({*banded[::2], banded[-1]})
        ends = [(across.at(month), height(line.high[month])) for month in thinned]
        ends += [(across.at(month), height(line.low[month])) for month in reversed(thinned)]
        parts.append(f'<path d="{_path(ends)}z" fill="{_BAND}"/>')
    points = _path([(across.at(month), height(line.mean[month])) for month in months])
    parts.append(f'<path d="{points}" fill="none" stroke="{_ACCENT}" stroke-width="1.4"/>')
    return parts


def _path(points: Sequence[tuple[float, float]]) -> str:
    """From point to point in short steps: tenths, each from where the last one ended."""
    tenths = [(round(10.0 * across), round(10.0 * down)) for across, down in points]
    text = "M{:g} {:g}".format(*(number / 10.0 for number in tenths[0]))
    steps = [
        f"{(after[0] - before[0]) / 10.0:g} {(after[1] - before[1]) / 10.0:g}"
        for before, after in pairwise(tenths)
    ]
    return f"{text}l{' '.join(steps)}" if steps else text


class _Scale:
    """From a value to a place across the panel."""

    def __init__(self, low: float, high: float, margin: float = 0.04) -> None:
        if high - low < 1e-12:
            low, high = low - 1.0, high + 1.0
        spare = margin * (high - low)
        self.low, self.high = low - spare, high + spare
        self.left, self.right = _EDGE, _WIDTH - _EDGE

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers between two ends, at most so many."""
    rough = (high - low) / max(1, most)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1.0, 2.0, 5.0, 10.0, 20.0) if size * factor >= rough)
    first = math.ceil(low / step - 1e-9)
    return [step * number for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _axis(scale: _Scale, bottom: float) -> str:
    marks = ticks(scale.low, scale.high, 4)
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    parts = [
        f'<path d="M{scale.left:.1f} {bottom:.1f}H{scale.right:.1f}" stroke="{_MUTED}" '
        'stroke-width=".8"/>'
    ]
    taken: list[tuple[float, float]] = []
    for mark in sorted(marks, key=abs):  # zero first: it is always told
        text, place = signed(mark, decimals), scale.at(mark)
        half = _breadth(text, _SIZE) / 2.0
        middle = min(max(place, scale.left + half), scale.right - half)
        zero = abs(mark) < step / 2.0
        free = all(middle + half < left or right < middle - half for left, right in taken)
        if zero or (free and abs(middle - place) < 0.1):
            taken.append((middle - half - 3.0, middle + half + 3.0))
            parts.append(_text(middle, bottom + 12.5, text, _MUTED, "middle"))
        parts.append(_upright(place, bottom, bottom + 3.0, _MUTED, 0.8))
    return "".join(parts)


def _months_axis(across: _Scale, months: int, bottom: float) -> str:
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months <= 7 * step or step == 120)
    last = months - 1
    marks = [*range(0, last - step // 2, step), last] if last else [0]
    parts = []
    for mark in marks:
        anchor = "start" if mark == 0 else "end" if mark == last else "middle"
        parts.append(_text(across.at(mark), bottom + 12.0, str(mark), _MUTED, anchor))
    return "".join(parts)


def _name(name: str, number: str, top: float) -> str:
    """The row's name on the left, its number on the right."""
    room = _WIDTH - 2.0 * _EDGE - _breadth(number, _SIZE) - 8.0
    return _text(_EDGE, top + 10.0, fitted(name, room), _INK) + _text(
        _WIDTH - _EDGE, top + 10.0, number, _INK, "end", bold=True
    )


def _breadth(text: str, size: float) -> float:
    """About how broad a text is, rather too broad than too narrow."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    large = sum(letter.isupper() or letter in "mwMW@%" for letter in text)
    return size * (0.6 * (len(text) - wide - large) + 0.8 * large + 1.05 * wide)


def fitted(name: str, room: float, size: float = _SIZE) -> str:
    """A name cut to what fits into the room, with an ellipsis."""
    if _breadth(name, size) <= room:
        return name
    while name and _breadth(f"{name}…", size) > room:
        name = name[:-1]
    return f"{name.rstrip()}…"


def _text(
    across: float, down: float, text: str, colour: str, anchor: str = "start", *, bold: bool = False
) -> str:
    where = "" if anchor == "start" else f' text-anchor="{anchor}"'
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{across:.1f}" y="{down:.1f}" fill="{colour}"{where}{weight}>'
        f"{html.escape(text)}</text>"
    )


def _upright(
    across: float, top: float, bottom: float, colour: str, width: float, dashes: str = ""
) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="M{across:.1f} {top:.1f}V{bottom:.1f}" stroke="{colour}" '
        f'stroke-width="{width:g}"{dashed}/>'
    )


def _bar(scale: _Scale, low: float, high: float, middle: float, tall: float, look: str) -> str:
    left, right = scale.at(low), scale.at(high)
    return (
        f'<rect x="{left:.1f}" y="{middle - tall / 2.0:.1f}" width="{right - left:.1f}" '
        f'height="{tall:g}" {look}/>'
    )


def _picture(parts: Sequence[str], height: float, key: str, title: str, description: str) -> Markup:
    body = "\n".join(part for part in parts if part)
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH:g} {height:.0f}" '
        f'font-size="{_SIZE:g}" aria-labelledby="{key}-title {key}-desc">\n'
        f'<title id="{key}-title">{html.escape(title)}</title>\n'
        f'<desc id="{key}-desc">{html.escape(description)}</desc>\n{body}\n</svg>'
    )
