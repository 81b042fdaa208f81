"""Which alternative of a sweep to choose: the best, the front, regret, and what a search found."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.results import Finding, Results
from sim.analysis.words import three_figures
from sim.report.style import FAINT, INK, MUTED, looks, quiet_frame
from sim.report.sweeps.drawing import (
    ACCENT,
    MOST_ROWS,
    in_unit,
    left_out,
    rows_axis,
    titled_figure,
    wrapped,
)
from sim.report.wording import clipped

__all__ = ["best_figure", "optimise_figure", "pareto_figure", "regret_figure"]

_MOST_NUMBERED = 12


def best_figure(finding: Finding, results: Results) -> Figure:
    """How probably each alternative is the best, and what choosing it costs in expectation if it is not."""
    table = finding.table.head(MOST_ROWS)
    names = table["alternative"].tolist()
    height = 1.5 + 0.3 * len(names)
    figure = titled_figure(
        finding,
        results,
        height,
        "Probability of being the best; on the right, what choosing it loses in expectation against the best"
        + left_out(len(names), len(finding.table), "alternative"),
    )
    axis = rows_axis(figure, height, names)
    axis.barh(range(len(names)), table["probability_best"], 0.62, color=ACCENT)
    figure.subplots_adjust(right=0.86)
    unit = in_unit(results.unit_of(str(table["outcome"].iloc[0]), difference=True))
    for place, cost in enumerate(table["expected_opportunity_cost"]):
        _beside(axis, place, three_figures(float(cost)))
    axis.annotate(
        f"expected loss,\n{unit}" if unit else "expected loss",
        (1.0, 1.0),
        (10, 3),
        "axes fraction",
        "offset points",
        fontsize=7.5,
        color=MUTED,
        va="bottom",
    )
    axis.set_xlim(0.0, 1.0)
    axis.set_xlabel("probability", fontsize=8.5)
    return figure


def _beside(axis: Axes, place: float, text: str) -> None:
    """Words on the right of an axis from 0 to 1, on the height of a row."""
    axis.annotate(
        text,
        (1.0, place),
        (10, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=MUTED,
        annotation_clip=False,
    )


def pareto_figure(finding: Finding, results: Results) -> Figure:
    """The front of what cannot be had together."""
    table, goals = finding.table, finding.drawing["objectives"]
    x, y = list(goals)[:2]
    two = "attained" in finding.drawing
    figure = titled_figure(
        finding,
        results,
        5.6,
        "Means with 95 % intervals; the darker, the more probably on the front."
        + (
            " Dashed: attained in the middle; band: 2.5 to 97.5 % of the plausible means"
            if two
            else ""
        ),
    )
    axis = figure.add_subplot()
    figure.subplots_adjust(left=0.09, right=0.655, top=0.85, bottom=0.13)
    styles = looks(results.variants, results.variants[results.against])
    for row, kind in zip(table.to_dict("records"), finding.drawing["variants"], strict=True):
        colour = styles[results.variants[kind]].colour
        shade = 0.12 + 0.88 * row["probability_on_front"]
        for across, up in (
            ([f"{x}_low", f"{x}_high"], [y, y]),
            ([x, x], [f"{y}_low", f"{y}_high"]),
        ):
            axis.plot(
                [row[one] for one in across], [row[one] for one in up],
                color=colour, alpha=0.45 * shade, linewidth=1,
            )  # fmt: skip
        axis.plot([row[x]], [row[y]], "o", color=colour, alpha=shade, markersize=6)
    if two:
        across, (sure, middle, hardly) = finding.drawing["attained"]
        axis.fill_between(
            across, sure, hardly, step="post", color=FAINT, alpha=0.6, linewidth=0, zorder=0
        )
        axis.step(
            across, middle, where="post", color=INK, linewidth=0.9, linestyle="dashed", zorder=1
        )
    _key(figure, axis, table, x, y)
    met = dict.fromkeys(finding.drawing["variants"])
    handles = [
        Line2D([], [], marker="o", linestyle="none", color=styles[results.variants[kind]].colour)
        for kind in met
    ]
    figure.legend(
        handles, [clipped(results.variants[kind], 24) for kind in met], loc="upper left",
        bbox_to_anchor=(0.67, 0.88), frameon=False, fontsize=8, ncol=min(3, len(met)),
        handletextpad=0.1, columnspacing=1.0,
    )  # fmt: skip
    _arrows(axis, results, x, y, goals, finding.drawing["relative"])
    return figure


def _key(figure: Figure, axis: Axes, table: pd.DataFrame, x: str, y: str) -> None:
    """Number the points that are most probably on the front, and say beside the axes what they are."""
    front = table.sort_values("probability_on_front", ascending=False, kind="stable")
    front = front[front["probability_on_front"] >= 0.5].head(_MOST_NUMBERED).sort_values(x)
    lines = []
    for number, row in enumerate(front.to_dict("records"), start=1):
        place = (4, 4) if number % 2 else (-10, -10)
        axis.annotate(
            str(number), (row[x], row[y]), place, textcoords="offset points", fontsize=7.5,
            fontweight="bold", bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.7},
        )  # fmt: skip
        lines.append(f"{number}  {wrapped(str(row['alternative']))}")
    figure.text(0.668, 0.78, "\n".join(lines), fontsize=7.2, va="top", linespacing=1.35)


def _arrows(
    axis: Axes,
    results: Results,
    x: str,
    y: str,
    goals: Mapping[str, int],
    relative: Mapping[str, bool],
) -> None:
    """Say what the axes are, and which way is better."""
    for name, setter in ((x, axis.set_xlabel), (y, axis.set_ylabel)):
        better = "more is better" if goals[name] > 0 else "less is better"
        unit = results.unit_of(name, difference=relative[name])
        title = results.title_of(name)
        if relative[name]:
            title = f"{title},\ndifference from {clipped(results.variants[results.against], 24)}"
        setter(title + (f" ({in_unit(unit)})" if unit else "") + f"; {better}", fontsize=9)
    quiet_frame(axis)
    axis.grid(color=FAINT, linewidth=0.6)


def regret_figure(finding: Finding, results: Results) -> Figure:
    """What choosing each alternative costs where another one would have been better."""
    table = finding.table.head(MOST_ROWS)
    names = table["alternative"].tolist()
    height = 1.5 + 0.3 * len(names)
    figure = titled_figure(
        finding,
        results,
        height,
        "Loss against the best of each condition; mark: mean, line: up to nine of ten conditions, end: the largest"
        + left_out(len(names), len(finding.table), "alternative"),
    )
    axis = rows_axis(figure, height, names)
    for place, row in enumerate(table.to_dict("records")):
        axis.plot(
            [row["mean_regret"], row["largest_regret"]],
            [place, place],
            color=FAINT,
            linewidth=2,
            solid_capstyle="butt",
        )
        axis.plot(
            [row["mean_regret"], row["regret_90"]],
            [place, place],
            color=ACCENT,
            linewidth=3,
            solid_capstyle="butt",
        )
        axis.plot([row["mean_regret"]], [place], "o", color=ACCENT, markersize=6)
        axis.plot([row["largest_regret"]], [place], "|", color=MUTED, markersize=7)
    outcome = str(table["outcome"].iloc[0])
    axis.set_xlabel(
        f"regret in {results.title_of(outcome)}, {in_unit(results.unit_of(outcome, difference=True))}".rstrip(
            ", "
        ),
        fontsize=8.5,
    )
    return figure


def optimise_figure(finding: Finding, results: Results) -> Figure | None:
    """The front that a search found."""
    table, goals = finding.table, finding.drawing["objectives"]
    names = list(goals)
    x, y = (names * 2)[:2] if len(names) == 1 else names[:2]
    figure = titled_figure(
        finding,
        results,
        5.2,
        "Grey: tried. Marks with lines: the front, on firms that the search never saw, with 95 % intervals",
    )
    axis = figure.add_subplot()
    figure.subplots_adjust(left=0.1, right=0.97, top=0.85, bottom=0.12)
    relative = finding.drawing["relative"]
    at, up = (f"{name}_change" if relative[name] else name for name in (x, y))
    axis.plot(table[f"{at}_searched"], table[f"{up}_searched"], "o", color=FAINT, markersize=5)
    for row in table[table["on_front"]].to_dict("records"):
        colour = ACCENT if row["on_front_of_fresh_firms"] else MUTED
        axis.plot([row[f"{at}_low"], row[f"{at}_high"]], [row[up]] * 2, color=colour, linewidth=1)
        axis.plot([row[at]] * 2, [row[f"{up}_low"], row[f"{up}_high"]], color=colour, linewidth=1)
        axis.plot([row[at]], [row[up]], "o", color=colour, markersize=6)
    signs = {name: 1 if goal == "max" else -1 for name, goal in goals.items()}
    _arrows(axis, results, x, y, signs, relative)
    return figure
