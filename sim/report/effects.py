"""The figure that answers first: what each variant changes, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.outcomes.declared import OUTCOMES
from sim.outcomes.outcome import Outcome
from sim.report.style import (
    FAINT,
    INK,
    MUTED,
    Look,
    heading,
    looks,
    names_of,
    quiet_frame,
    styled,
)
from sim.report.wording import clipped, decimals_for, signed

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison

__all__ = ["effects_figure"]

_MOST_ROWS = 40
_LONGEST_NAME = 28


def effects_figure(comparison: Comparison) -> Figure:
    """Draw the difference that each variant makes in each headline outcome.

    One panel per outcome, one row per variant: the mean difference from the baseline, its 50 % and
    95 % intervals, and, faint, how widely single firms differ. What is hollow cannot be told apart
    from the baseline.
    """
    headlines = [outcome for outcome in OUTCOMES if outcome.headline]
    effects = comparison.effects
    every = [name for name in names_of(comparison) if name != comparison.baseline]
    names = every[:_MOST_ROWS]
    styles = looks(every, comparison.baseline)
    height = 2.25 + 0.52 * max(1, len(names))
    with styled():
        figure = Figure(figsize=(11.5, height))
        heading(figure, comparison, f'Change against "{clipped(comparison.baseline, 60)}"')
        axes = figure.subplots(1, len(headlines), sharey=True, squeeze=False)[0]
        for place, (axis, outcome) in enumerate(zip(axes, headlines, strict=True)):
            chosen = effects[effects["outcome"] == outcome.name]
            rows = {str(row["variant"]): row for row in chosen.to_dict("records")}
            _effects_panel(axis, outcome, rows, names, styles)
            if place:
                axis.tick_params(axis="y", left=False, labelleft=False)
        axes[0].set_yticks(range(len(names)), [clipped(name, _LONGEST_NAME) for name in names])
        axes[0].tick_params(axis="y", length=0, labelsize=10, labelcolor=INK)
        axes[0].set_ylim(len(names) - 0.45, -0.75)
        left = 0.03 + 0.0068 * max((min(len(name), _LONGEST_NAME) for name in names), default=0)
        figure.subplots_adjust(
            left=left, right=0.985, top=1 - 1.0 / height, bottom=1.05 / height, wspace=0.1
        )
        more = len(every) - len(names)
        rest = f" {more} more variants are in effects.csv." if more else ""
        figure.text(
            0.015,
            0.09 / height,
            "Upright mark: mean difference. Box: its 50 % interval. Line: its 95 % interval. "
            "Grey: where 95 of 100 single firms lie.\n"
            f"Hollow box: cannot be told apart from the baseline.{rest}",
            fontsize=8,
            color=MUTED,
            va="bottom",
        )
    return figure


def _effects_panel(
    axis: Axes,
    outcome: Outcome,
    rows: Mapping[str, Mapping[Any, Any]],
    names: Sequence[str],
    styles: Mapping[str, Look],
) -> None:
    axis.axvline(0.0, color=INK, linewidth=1.0, zorder=2)
    for place, name in enumerate(names):
        if name not in rows:
            continue
        row = rows[name]
        look = styles[name]
        value, low, high = (float(row[key]) for key in ("difference", "low", "high"))
        firms = [float(row[key]) for key in ("firm_low", "firm_high")]
        middle = [float(row[key]) for key in ("low50", "high50")]
        _bar(axis, place, firms, 0.34, facecolor=FAINT, zorder=1)
        axis.plot([low, high], [place, place], color=look.colour, linewidth=1.6, zorder=3)
        fill = look.colour if bool(row["distinguishable"]) else "white"
        _bar(axis, place, middle, 0.3, facecolor=fill, edgecolor=look.colour, zorder=4)
        axis.plot([value, value], [place - 0.24, place + 0.24], color=INK, linewidth=1.8, zorder=5)
        decimals = decimals_for(low, high)
        label = f"{signed(value, decimals)} [{signed(low, decimals)}, {signed(high, decimals)}]"
        axis.annotate(
            label,
            (value, place),
            (0, 9.5),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            zorder=6,
        )
    axis.use_sticky_edges = False
    axis.margins(x=0.12)
    axis.set_title(outcome.title, fontsize=10.5, fontweight="bold", loc="left", pad=6)
    better = "more is better →" if outcome.higher_is_better else "← less is better"
    axis.set_xlabel(f"{outcome.unit_of_differences}\n{better}", fontsize=8.5)
    axis.xaxis.set_major_locator(MaxNLocator(4))
    quiet_frame(axis)
    axis.spines["left"].set_visible(False)


def _bar(axis: Axes, place: int, ends: Sequence[float], height: float, **how: Any) -> None:
    """Draw a bar from one end to the other; nothing if an end is unknown."""
    if np.isfinite(ends).all():
        axis.barh(place, ends[1] - ends[0], height, left=ends[0], linewidth=1.3, **how)
