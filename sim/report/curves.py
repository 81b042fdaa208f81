"""The figure of the months: when a programme's effects come, and whether they last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.outcomes.declared import CURVES
from sim.outcomes.outcome import Outcome
from sim.report.style import FAINT, INK, MUTED, Look, heading, looks, names_of, quiet_frame, styled
from sim.report.wording import clipped

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison

__all__ = ["curves_figure"]

Real = NDArray[np.float64]
Looks = Mapping[str, Look]

_SHOWN = ("innovation", "engagement", "retention", "skill_emerging", "skill_institutional")
_MOST_CURVES = 12
_MOST_LABELS = 8
_KEY_COLUMNS = 6


def curves_figure(comparison: Comparison) -> Figure:
    """Draw the months of every variant: the headlines, emerging and institutional skills.

    One row per outcome. Left: means over the simulated firms, with the range of single firms under the
    baseline; right: the mean change against the baseline, firm by firm, with its 95 % interval. Each
    variant has its own colour and dashes and is named at the end of its line.
    """
    every = names_of(comparison)
    names = every[:_MOST_CURVES]
    styles = looks(every, comparison.baseline)
    shown = [(place, item) for place, item in enumerate(CURVES) if item.name in _SHOWN]
    head = 1.25
    if len(names) > _MOST_LABELS:  # a key stands below the heading
        head += 0.2 * (-(-len(names) // _KEY_COLUMNS) - 1)
    height = head + 0.5 + 2.15 * len(shown)
    with styled():
        figure = Figure(figsize=(11.5, height))
        heading(figure, comparison, "Month by month")
        axes = figure.subplots(len(shown), 2, squeeze=False)
        for (place, outcome), (left, right) in zip(shown, axes, strict=True):
            _levels(left, comparison, outcome, names, styles)
            _changes(right, comparison, place, names, styles)
            for axis in (left, right):
                _programme_start(axis, comparison, named=axis is axes[0, 0])
        axes[0, 0].set_title("Mean", fontsize=10, color=MUTED, loc="left", pad=22)
        title = f'Change against "{clipped(comparison.baseline, 40)}"'
        axes[0, 1].set_title(title, fontsize=10, color=MUTED, loc="left", pad=22)
        for axis in axes[-1]:
            axis.set_xlabel("month")
        figure.subplots_adjust(
            left=0.06,
            right=0.985,
            top=1 - head / height,
            bottom=0.85 / height,
            hspace=0.5,
            wspace=0.12,
        )
        _explain(figure, names, styles, len(every) - len(names))
    return figure


def _levels(
    axis: Axes, comparison: Comparison, outcome: Outcome, names: Sequence[str], styles: Looks
) -> None:
    """Means of the variants, and where single firms are under the baseline."""
    monthly = comparison.monthly
    rows = monthly[monthly["outcome"] == outcome.name]
    for name in names:
        own = rows[rows["variant"] == name].sort_values("month")
        months, mean, low, high = (
            own[key].to_numpy(dtype=float) for key in ("month", "mean", "low", "high")
        )
        if name == comparison.baseline:
            axis.fill_between(months, low, high, color=FAINT, alpha=0.55, linewidth=0, zorder=0)
        look = styles[name]
        axis.plot(months, mean, color=look.colour, linestyle=look.dashes, linewidth=1.3)
    axis.text(0.0, 1.04, outcome.title, transform=axis.transAxes, fontweight="bold", fontsize=10)
    unit = outcome.unit
    axis.text(1.0, 1.04, unit, transform=axis.transAxes, color=MUTED, fontsize=8, ha="right")
    _months(axis, comparison.scenario.months, comparison.scenario.months)


def _changes(
    axis: Axes, comparison: Comparison, place: int, names: Sequence[str], styles: Looks
) -> None:
    """Mean differences from the baseline in the same firms, with their intervals."""
    changes = _paired_changes(comparison, CURVES[place].name)
    months = np.arange(comparison.scenario.months)
    axis.plot(months[[0, -1]], [0.0, 0.0], color=INK, linewidth=0.8, zorder=1)
    ends: list[tuple[str, float]] = []
    for name in names:
        if name not in changes:
            continue
        mean, low, high = changes[name]
        look = styles[name]
        axis.fill_between(months, low, high, color=look.colour, alpha=0.15, linewidth=0)
        axis.plot(months, mean, color=look.colour, linestyle=look.dashes, linewidth=1.5)
        known = np.flatnonzero(np.isfinite(mean))
        if known.size:
            ends.append((name, float(mean[known[-1]])))
    unit = CURVES[place].unit_of_differences
    axis.text(0.0, 1.04, unit, transform=axis.transAxes, color=MUTED, fontsize=8)
    last = comparison.scenario.months - 1
    named = len(names) <= _MOST_LABELS
    _months(axis, last + 1, last * 1.3 if named else last + 1)
    if named:
        _name_lines(axis, ends, last, styles)


def _paired_changes(comparison: Comparison, outcome: str) -> dict[str, tuple[Real, Real, Real]]:
    """Mean change by month and its interval, for every variant but the baseline."""
    rows = comparison.monthly[comparison.monthly["outcome"] == outcome]
    changes = {}
    for name in names_of(comparison):
        if name != comparison.baseline:
            own = rows[rows["variant"] == name].sort_values("month")
            mean, low, high = (
                own[key].to_numpy(dtype=float)
                for key in ("difference", "difference_low", "difference_high")
            )
            changes[name] = (mean, low, high)
    return changes


def _months(axis: Axes, months: int, end: float) -> None:
    quiet_frame(axis)
    ticks = [tick for tick in MaxNLocator(6, integer=True).tick_values(0, months) if tick <= months]
    axis.set_xticks([tick for tick in ticks if tick >= 0])
    axis.set_xlim(0, max(1.0, end))
    axis.spines["bottom"].set_bounds(0, max(1.0, months))
    axis.yaxis.set_major_locator(MaxNLocator(5))


def _name_lines(axis: Axes, ends: list[tuple[str, float]], last: float, styles: Looks) -> None:
    """Write the names beside the ends of the lines, pushed apart until none overlaps."""
    low, high = axis.get_ylim()
    apart = (high - low) * 0.1
    ordered = sorted(ends, key=lambda end: end[1])
    places = [value for _, value in ordered]
    for _ in range(300):
        for place in range(len(places) - 1):
            lack = apart - (places[place + 1] - places[place])
            if lack > 0:
                places[place] -= lack / 2
                places[place + 1] += lack / 2
    for (name, value), height in zip(ordered, places, strict=True):
        axis.annotate(
            clipped(name, 20),
            (last, value),
            (last * 1.045, height),
            fontsize=8,
            color=INK,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": styles[name].colour, "linewidth": 0.8},
        )
    axis.set_ylim(low, high)


def _programme_start(axis: Axes, comparison: Comparison, *, named: bool) -> None:
    """Mark the months in which programmes begin, if any do."""
    programmes = [variant.settings["programme"] for variant in comparison.scenario.variants]
    starts = {float(item["start_month"]) for item in programmes if item["policy"] != "none"}
    for place, start in enumerate(sorted(starts)):
        if start >= comparison.scenario.months:
            continue
        axis.axvline(start, color=MUTED, linewidth=0.9, linestyle=(0, (2, 2)))
        if named and place == 0:
            axis.annotate(
                "programme starts",
                (start, 0.0),
                (3, 3),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                fontsize=7.5,
                color=MUTED,
            )


def _explain(figure: Figure, names: Sequence[str], styles: Looks, more: int) -> None:
    """Say below how to read the lines, and whose they are where they are not named."""
    height = figure.get_figheight()
    text = (
        "Left: mean of all firms; grey: where 95 of 100 single firms lie under the baseline. Right: "
        "mean change firm by firm, with the 95 % interval of the mean."
    )
    if more:
        text += f" {more} more variants are in monthly.csv."
    figure.text(0.015, 0.1 / height, text, fontsize=8, color=MUTED, va="bottom")
    if len(names) > _MOST_LABELS:
        lines = [
            Line2D([], [], color=styles[name].colour, linestyle=styles[name].dashes)
            for name in names
        ]
        figure.legend(
            lines,
            [clipped(name, 24) for name in names],
            loc="upper left",
            bbox_to_anchor=(0.01, 1 - 0.55 / height),
            ncols=_KEY_COLUMNS,
            frameon=False,
            handlelength=3.2,
            fontsize=7.5,
        )
