"""The page's charts: drawn narrow, so that they stay readable on a telephone, text as text."""

from __future__ import annotations

import html
import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from sim.report.page.words import Amount
from sim.report.style import INK, MUTED, Dashes, quiet_frame, styled
from sim.report.wording import clipped

__all__ = ["Line", "interval_chart", "lines_chart", "money_chart"]

Real = NDArray[np.float64]

MOST_ROWS = 40
MOST_LINES = 12
_MOST_BANDS = 4
_MOST_LABELS = 8
_MOST_POINTS = 73
_WIDTH = 6.4
_ACCENT = "#0b4f7a"

# Each at least 3 : 1 on white, and apart for people with any colour vision; dashes tell them apart too.
_COLOURS = ("#0072b2", "#b34700", "#00795c", "#a0437f", "#7a6200", "#4a4a4a")
_DASHES: tuple[Dashes, ...] = (
    "solid",
    (0, (5, 1.5)),
    (0, (1.2, 1.2)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (3, 1, 1, 1, 1, 1)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """The change under one variant, month by month, with its interval."""

    name: str
    mean: Real
    low: Real
    high: Real


def interval_chart(
    rows: Sequence[tuple[str, Amount]], *, better: str, key: str, title: str, description: str
) -> Markup:
    """Mean, 50 % and 95 % interval, and the range of single firms, one row per variant.

    Parameters
    ----------
    rows
        Names and amounts.
    better
        Written below the axis: which way is better.
    key
        Prefix of the identifiers in the picture, unique on the page.
    title, description
        What a screen reader says.
    """
    shown = [(name, amount) for name, amount in rows if amount.known][:MOST_ROWS]
    height = 0.75 + 0.5 * max(1, len(shown))
    with styled():
        figure, axis = _figure(height, [name for name, _ in shown])
        axis.axvline(0.0, color=INK, linewidth=1.0, zorder=2)
        for place, (_, amount) in enumerate(shown):
            _interval(axis, place, amount)
        axis.margins(x=0.1)
        axis.use_sticky_edges = False
        unit = shown[0][1].unit if shown else ""
        axis.set_xlabel(f"{unit} ({better})", fontsize=8.5)
        return _inline(figure, key, title, description)


def _interval(axis: Axes, place: int, amount: Amount) -> None:
    if np.isfinite([amount.firm_low, amount.firm_high]).all():
        width = amount.firm_high - amount.firm_low
        axis.barh(place, width, 0.3, left=amount.firm_low, facecolor="#e4e4e4", zorder=1)
    if amount.has_interval:
        axis.plot([amount.low, amount.high], [place] * 2, color=_ACCENT, linewidth=1.8, zorder=3)
        fill = _ACCENT if amount.told else "white"
        middle = amount.high50 - amount.low50
        axis.barh(
            place, middle, 0.26, left=amount.low50, facecolor=fill, edgecolor=_ACCENT,
            linewidth=1.3, zorder=4,
        )  # fmt: skip
    axis.plot([amount.value] * 2, [place - 0.2, place + 0.2], color=INK, linewidth=1.8, zorder=5)
    axis.annotate(
        amount.text, (amount.value, place), (0, 9), textcoords="offset points", ha="center",
        fontsize=8.5, fontweight="bold", zorder=6,
    )  # fmt: skip


def money_chart(
    rows: Sequence[tuple[str, Amount, Real]], *, key: str, title: str, description: str
) -> Markup:
    """Net value of single firms as twenty dots per variant, with mean and interval.

    Parameters
    ----------
    rows
        Name, amount, and the value in every firm.
    """
    shown = [row for row in rows if row[1].known][:MOST_ROWS]
    with styled():
        figure, axis = _figure(0.75 + 0.5 * max(1, len(shown)), [row[0] for row in shown])
        axis.axvline(0.0, color=INK, linewidth=1.0, zorder=2)
        for place, (_, amount, firms) in enumerate(shown):
            known = np.sort(firms[np.isfinite(firms)])
            dots = np.quantile(known, (np.arange(20) + 0.5) / 20) if len(known) > 20 else known
            axis.plot(
                dots, np.full(len(dots), place + 0.22), linestyle="", marker="o", markersize=3.6,
                markerfacecolor="#8fa8b8", markeredgecolor="#5b7687", markeredgewidth=0.5, zorder=3,
            )  # fmt: skip
            if amount.has_interval:
                ends = [amount.low, amount.high]
                axis.plot(ends, [place - 0.06] * 2, color=_ACCENT, linewidth=2.4, zorder=4)
            axis.plot([amount.value] * 2, [place - 0.17, place + 0.05], color=INK, linewidth=1.8)
            axis.annotate(
                amount.text, (amount.value, place - 0.17), (0, 3), textcoords="offset points",
                ha="center", va="bottom", fontsize=8.5, fontweight="bold",
            )  # fmt: skip
        axis.margins(x=0.1)
        axis.use_sticky_edges = False
        axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}".replace("-", "−")))
        axis.set_xlabel(
            "net value, currency per year (right of the line: pays for itself)", fontsize=8.5
        )
        return _inline(figure, key, title, description)


def _figure(height: float, names: Sequence[str]) -> tuple[Figure, Axes]:
    """A figure with one row per name; long names take two lines."""
    labels = [textwrap.fill(clipped(name, 44), 22) for name in names]
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    figure = Figure(figsize=(_WIDTH, height))
    axis = figure.subplots()
    axis.set_yticks(range(len(labels)), labels)
    axis.tick_params(axis="y", length=0, labelsize=9, labelcolor=INK)
    axis.set_ylim(max(0, len(labels) - 1) + 0.45, -0.7)
    axis.xaxis.set_major_locator(MaxNLocator(5))
    quiet_frame(axis)
    axis.tick_params(axis="y", labelsize=9)
    axis.spines["left"].set_visible(False)
    figure.subplots_adjust(
        left=0.03 + 0.0117 * longest, right=0.975, top=1 - 0.05 / height, bottom=0.52 / height
    )
    return figure, axis


def lines_chart(
    lines: Sequence[Line], *, unit: str, start: int, key: str, title: str, description: str
) -> Markup:
    """Mean change month by month, each line named at its end; where they are few, with intervals.

    Parameters
    ----------
    unit
        Of the changes.
    start
        Month in which the first programme starts.
    """
    shown = lines[:MOST_LINES]
    many = len(shown) > _MOST_LABELS
    height = 2.7 + (0.19 * ((len(shown) + 2) // 3) if many else 0.0)
    with styled():
        figure = Figure(figsize=(_WIDTH, height))
        axis = figure.subplots()
        months = max((len(line.mean) for line in shown), default=1)
        step = max(1, -(-months // _MOST_POINTS))
        axis.plot([0, months - 1], [0, 0], color=INK, linewidth=0.8, zorder=1)
        axis.axvline(start, color=MUTED, linewidth=0.9, linestyle=(0, (2, 2)))
        ends = []
        for place, line in enumerate(shown):
            look: dict[str, Any] = {"color": _COLOURS[place % len(_COLOURS)],
                    "linestyle": _DASHES[(place + place // len(_COLOURS)) % len(_DASHES)]}  # fmt: skip
            points = np.arange(0, len(line.mean), step)
            if len(shown) <= _MOST_BANDS:
                axis.fill_between(
                    points, line.low[points], line.high[points], color=look["color"], alpha=0.14,
                    linewidth=0,
                )  # fmt: skip
            axis.plot(
                points, line.mean[points], linewidth=1.5, label=clipped(line.name, 28), **look
            )
            known = np.flatnonzero(np.isfinite(line.mean))
            if known.size:
                ends.append((line.name, float(line.mean[known[-1]]), look["color"]))
        quiet_frame(axis)
        axis.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axis.yaxis.set_major_locator(MaxNLocator(5))
        axis.set_xlabel("month", fontsize=8.5)
        axis.set_ylabel(f"change, {unit}", fontsize=8.5)
        axis.set_xlim(0, max(1, months - 1))
        room = (
            0.975
            if many
            else 0.955 - 0.0115 * max((len(clipped(e[0], 22)) for e in ends), default=0)
        )
        bottom = 0.5 + (height - 2.7)
        figure.subplots_adjust(
            left=0.105, right=room, top=1 - 0.08 / height, bottom=bottom / height
        )
        if many:
            figure.legend(loc="lower left", ncols=3, frameon=False, fontsize=8, handlelength=3.0)
        else:
            _name_ends(axis, ends, height)
        return _inline(figure, key, title, description)


def _name_ends(axis: Axes, ends: Sequence[tuple[str, float, object]], height: float) -> None:
    """Write the names right of the ends of the lines, pushed apart until none overlaps."""
    low, high = axis.get_ylim()
    apart = 0.165 * (high - low) / (height - 0.6)
    ordered = sorted(ends, key=lambda end: end[1])
    places = [value for _, value, _ in ordered]
    for _ in range(300):
        for place in range(len(places) - 1):
            lack = apart - (places[place + 1] - places[place])
            if lack > 0.0:
                places[place] -= lack / 2
                places[place + 1] += lack / 2
    last = axis.get_xlim()[1]
    for (name, value, colour), beside in zip(ordered, places, strict=True):
        axis.annotate(
            clipped(name, 22), (last, value), (last * 1.035, beside), fontsize=8.5, color=INK,
            va="center", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 1.0},
        )  # fmt: skip
    axis.set_ylim(low, high)


def _inline(figure: Figure, key: str, title: str, description: str) -> Markup:
    """The figure as SVG that can stand in a page: nothing outside, no style of its own, its own names."""
    text = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(text, format="svg", metadata=nothing)
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\sxmlns(?::\w+)?="[^"]*"', "", svg).replace("xlink:href", "href")
    svg = re.sub(r"font: (?:(bold) )?([\d.]+)px [^;\"]*", _font, svg)
    svg = re.sub(r'\bid="', f'id="{key}-', svg)
    svg = re.sub(r"url\(#", f"url(#{key}-", svg)
    svg = re.sub(r'href="#', f'href="#{key}-', svg)
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d{2})\d+", r"\1", tag[0]), svg)
    svg = re.sub(r">\s+<", ">\n<", svg)
    box = re.search(r'viewBox="([^"]*)"', svg)
    assert box is not None
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{box[1]}" '
        f'aria-labelledby="{key}-title {key}-desc" stroke-linejoin="round">\n'
        f'<title id="{key}-title">{html.escape(title)}</title>\n'
        f'<desc id="{key}-desc">{html.escape(description)}</desc>'
    )
    return Markup(re.sub(r"<svg .*?>", lambda _: head, svg, count=1, flags=re.DOTALL))


def _font(found: re.Match[str]) -> str:
    weight = "font-weight: bold; " if found[1] else ""
    return f"{weight}font-size: {found[2]}px"
