"""Under which conditions: a map of the best, what matters, and where a policy fails."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.analysis.results import Finding, Results
from sim.report.style import INK, MUTED, looks, quiet_frame
from sim.report.sweeps.drawing import (
    ACCENT,
    MOST_ROWS,
    WARM,
    factor_name,
    in_two_lines,
    in_unit,
    left_out,
    rows_axis,
    titled_figure,
)
from sim.report.wording import clipped

__all__ = ["discover_figure", "map_figure", "sensitivity_figure"]


def map_figure(finding: Finding, results: Results) -> Figure:
    """Which policy is best where, over two factors."""
    table, drawing = finding.table, finding.drawing
    across, down = drawing["x_names"], drawing["y_names"]
    height = 1.9 + 0.62 * len(down)
    figure = titled_figure(
        finding,
        results,
        height,
        "In each part the best variant; percent: how probably it is the best",
    )
    axis = figure.add_subplot()
    styles = looks(drawing["variants"], results.variants[results.against])
    for row in table.to_dict("records"):
        x, y = across.index(row[drawing["x"]]), down.index(row[drawing["y"]])
        if not row["best"]:
            continue
        chance = float(row["probability_best"])
        axis.add_patch(
            Rectangle(
                (x - 0.5, y - 0.5),
                1,
                1,
                facecolor=styles[row["best"]].colour,
                alpha=0.12 + 0.55 * chance**2,
                edgecolor="white",
            )
        )
        axis.text(
            x,
            y,
            f"{clipped(row['best'], 20)}\n{100 * chance:.0f} %",
            ha="center",
            va="center",
            fontsize=7.5,
        )
    axis.set_xlim(-0.5, len(across) - 0.5)
    axis.set_ylim(-0.5, len(down) - 0.5)
    axis.set_xticks(range(len(across)), [clipped(name, 22) for name in across])
    axis.set_yticks(range(len(down)), [clipped(name, 22) for name in down])
    axis.set_xlabel(factor_name(results, drawing["x"]), fontsize=9)
    axis.set_ylabel(in_two_lines(factor_name(results, drawing["y"])), fontsize=9)
    quiet_frame(axis)
    figure.subplots_adjust(left=0.17, right=0.98, top=1 - 0.8 / height, bottom=0.62 / height)
    return figure


def sensitivity_figure(finding: Finding, results: Results) -> Figure | None:
    """How much each factor matters."""
    table, kind = finding.table.head(MOST_ROWS), finding.drawing["kind"]
    index = {"saltelli": "total", "morris": "effect", "pawn": "pawn"}[kind]
    words = {
        "saltelli": "Filled: share of the variance with interactions; hollow: by itself; lines: 95 % intervals",
        "morris": "Mean size of the effect of moving through the whole range; lines: 95 % intervals",
        "pawn": "PAWN index; lines: 95 % intervals; grey tick: what the largest of all reaches by chance in 1 of 20 studies",
    }[kind]
    if table[index].isna().all():
        return None
    names = table["factor"].tolist()
    height = 1.5 + 0.34 * len(names)
    words += left_out(len(names), len(finding.table), "factor")
    figure = titled_figure(finding, results, height, words)
    axis = rows_axis(figure, height, names)
    for place, row in enumerate(table.to_dict("records")):
        axis.plot(
            [row[f"{index}_low"], row[f"{index}_high"]],
            [place, place],
            color=ACCENT,
            linewidth=1.8,
        )
        axis.plot([row[index]], [place], "o", color=ACCENT, markersize=6)
        if kind == "saltelli":
            low, high = row["first_low"], row["first_high"]
            axis.plot([low, high], [place + 0.22] * 2, color=WARM, linewidth=1.2)
            axis.plot(
                [row["first"]],
                [place + 0.22],
                "o",
                color=WARM,
                markerfacecolor="white",
                markersize=5,
            )
        if kind == "pawn":
            axis.plot(
                [row["by_chance"]] * 2, [place - 0.3, place + 0.3], color=MUTED, linewidth=1.6
            )
    axis.set_xlim(left=min(0.0, axis.get_xlim()[0]))
    axis.set_xlabel(
        {
            "saltelli": "share of variance",
            "morris": f"change of {finding.drawing['what']}, {in_unit(finding.drawing['unit'])}".rstrip(
                ", "
            ),
            "pawn": "index (0 to 1)",
        }[kind],
        fontsize=8.5,
    )
    return figure


def discover_figure(finding: Finding, results: Results) -> Figure:
    """Where a policy fails, with the conditions that tell it."""
    features, keys = finding.drawing["features"], finding.drawing["keys"]
    fails, box = finding.drawing["fails"], finding.drawing["boxes"][0]
    places = [*box.limits, *(one for one in range(len(keys)) if one not in box.limits)][:2]
    x, y = places[0], places[-1]
    figure = titled_figure(
        finding,
        results,
        5.2,
        clipped(f"Each mark is a case. Frame: where {finding.table['rule'].iloc[0]}", 120),
    )
    axis = figure.add_subplot()
    figure.subplots_adjust(left=0.1, right=0.97, top=0.85, bottom=0.15)
    across, up = (_spread_out(features[:, place], place) for place in (x, y))
    for failed, colour, mark, size, label in (
        (False, ACCENT, "o", 3.5, "does well"),
        (True, WARM, "X", 6.0, "fails"),
    ):
        own = fails == failed
        axis.plot(
            across[own],
            up[own],
            mark,
            color=colour,
            markersize=size,
            markeredgewidth=0.0,
            alpha=0.75,
            linestyle="none",
            label=f"{label} ({int(own.sum())})",
        )
    (left, right), (low, high) = (
        _ends(box.limits.get(place), features[:, place]) for place in (x, y)
    )
    axis.add_patch(
        Rectangle((left, low), right - left, high - low, fill=False, edgecolor=INK, linewidth=1.6)
    )
    axis.set_xlabel(factor_name(results, keys[x]), fontsize=9)
    axis.set_ylabel(factor_name(results, keys[y]), fontsize=9)
    figure.legend(
        frameon=False, loc="upper right", fontsize=8, ncol=2, bbox_to_anchor=(0.985, 0.995)
    )
    quiet_frame(axis)
    return figure


def _spread_out(column: Any, seed: int) -> Any:
    """A column for marks: where there are few values, beside each other rather than on top of one another."""
    if len(np.unique(column)) > 12:
        return column
    aside = np.random.default_rng(seed).uniform(-1.0, 1.0, len(column))
    return column + 0.012 * (np.ptp(column) or 1.0) * aside


def _ends(limits: tuple[float, float] | None, column: Any) -> tuple[float, float]:
    """The ends of a rule's frame, a little beyond all cases where the rule has no limit."""
    low, high = limits or (-np.inf, np.inf)
    room = 0.025 * (np.ptp(column) or 1.0)
    return max(low, float(column.min()) - room), min(high, float(column.max()) + room)
