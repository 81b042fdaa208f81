"""How outcomes go with the factors of a sweep, and how variants differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from sim.analysis.results import Finding, Results
from sim.experiments.statistics import by_set, interval_of
from sim.report.style import FAINT, INK, looks, quiet_frame
from sim.report.sweeps.drawing import (
    MOST_ROWS,
    factor_name,
    in_two_lines,
    in_unit,
    left_out,
    titled_figure,
)
from sim.report.wording import clipped

__all__ = ["compare_figure", "describe_figure"]


def describe_figure(finding: Finding, results: Results) -> Figure:
    """How the outcomes go with each factor: means by variant, over all other factors."""
    outcomes = list(finding.drawing["outcomes"])[:3]
    places = results.factor_columns()[:4]
    columns = max(1, len(places))
    height = 1.3 + 2.3 * len(outcomes)
    against = results.variants[results.against]
    figure = titled_figure(
        finding,
        results,
        height,
        (
            "Mean over all other factors, by variant; bars: 95 % intervals of the paired difference "
            f"from {clipped(against, 24)}, else of the mean"
            + left_out(len(outcomes), len(finding.drawing["outcomes"]), "outcome")
        ),
    )
    styles = looks(results.variants, results.variants[results.against])
    axes = figure.subplots(len(outcomes), columns, squeeze=False, sharey="row")
    for down, outcome in enumerate(outcomes):
        cube = results.cube(outcome)
        for right in range(columns):
            axis = axes[down][right]
            if places:
                _course(axis, results, outcome, places[right], styles)
                key = in_two_lines(factor_name(results, results.study.keys[places[right]]))
            else:
                key = ""
                for variant, name in enumerate(results.variants):
                    axis.plot(
                        [variant], [np.nanmean(cube[:, variant])], "o", color=styles[name].colour
                    )
                axis.set_xticks(
                    range(len(results.variants)),
                    [clipped(name, 14) for name in results.variants],
                    rotation=20,
                )
            if down == len(outcomes) - 1:
                axis.set_xlabel(key, fontsize=8)
            if right == 0:
                unit = results.unit_of(outcome)
                title = clipped(results.title_of(outcome), 30)
                axis.set_ylabel(f"{title}\n({in_unit(unit)})" if unit else title, fontsize=8.5)
            quiet_frame(axis)
    if places:
        handles, labels = axes[0][0].get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            loc="lower left",
            bbox_to_anchor=(0.08, 0.0),
            ncol=min(4, len(labels)),
            frameon=False,
            fontsize=8,
        )
    figure.subplots_adjust(
        left=0.09, right=0.98, top=1 - 0.8 / height, bottom=0.95 / height, hspace=0.28, wspace=0.12
    )
    return figure


def _course(
    axis: Axes, results: Results, outcome: str, place: int, styles: Mapping[str, Any]
) -> None:
    """Means of every variant along a factor, in bins if it has many values."""
    from sim.analysis.regretting import binned

    bins, names = binned(results, place)
    factor = results.study.factors[place]
    at = np.arange(len(names), dtype=np.float64)
    if factor.is_numeric:
        values = np.array([float(row[place]) for row in results.rows])
        at = np.array([values[bins == number].mean() for number in range(len(names))])
    cube, relative = results.cube(outcome), results.is_relative(outcome)
    for variant, name in enumerate(results.variants):
        told = []
        for number in range(len(names)):
            here = bins == number
            mean, low, high = _level(cube[here, variant], results)
            if relative:
                change, low, high = _level(results.effect(outcome, variant)[here], results)
                low, high = mean - (change - low), mean + (high - change)
                if variant == results.against:
                    low = high = mean
            told.append((mean, low, high))
        means, lows, highs = (np.array(column) for column in zip(*told, strict=True))
        look = styles[name]
        aside = 0.008 * (at[-1] - at[0]) * (variant - 0.5 * (len(results.variants) - 1))
        axis.errorbar(
            at + aside,
            means,
            np.nan_to_num([means - lows, highs - means]),
            marker="o",
            markersize=3.5,
            color=look.colour,
            linestyle=look.dashes,
            elinewidth=0.8,
            label=clipped(name, 26),
        )
    if factor.logarithmic:
        axis.set_xscale("log")
        shown = at[np.linspace(0, len(at) - 1, min(3, len(at))).astype(int)]
        axis.set_xticks(shown, [f"{value:.2g}" for value in shown])
        axis.xaxis.set_minor_locator(NullLocator())
    elif factor.is_numeric and factor.values and len(names) <= 6:
        axis.set_xticks(at, names)
    elif factor.is_numeric:
        axis.xaxis.set_major_locator(MaxNLocator(5, integer=factor.whole))
    else:
        axis.set_xticks(
            at, [clipped(one, 17) for one in names], fontsize=7, rotation=20, ha="right"
        )


def _level(values: Any, results: Results) -> tuple[float, float, float]:
    """Mean of some points, shape (points, replicates), and the ends of its interval over replicates or sets."""
    known = np.isfinite(values)
    used = known.any(axis=0)
    if not used.any():
        return np.nan, np.nan, np.nan
    means = np.where(known, values, 0.0).sum(axis=0)[used] / known.sum(axis=0)[used]
    means = by_set(means, None if results.sets is None else results.sets[used])
    return float(means.mean()), *interval_of(means, 0.95)


def compare_figure(finding: Finding, results: Results) -> Figure | None:
    """How the variants differ from what they are compared with, by outcome."""
    table = finding.table[finding.table["point"] == -1].dropna(subset="difference")
    if not len(table):
        return None
    outcomes = list(dict.fromkeys(table["outcome"]))[:4]
    names = list(dict.fromkeys(table["variant"]))[:MOST_ROWS]
    height = 1.6 + 0.36 * len(names)
    figure = titled_figure(
        finding,
        results,
        height,
        "Paired differences over all points; line: 95 % interval; hollow: cannot be told apart"
        + left_out(len(outcomes), table["outcome"].nunique(), "outcome"),
    )
    styles = looks(results.variants, results.variants[results.against])
    axes = figure.subplots(1, len(outcomes), sharey=True, squeeze=False)[0]
    for axis, outcome in zip(axes, outcomes, strict=True):
        axis.axvline(0.0, color=INK, linewidth=1.0)
        for row in table[table["outcome"] == outcome].to_dict("records"):
            if row["variant"] not in names:
                continue
            at = names.index(row["variant"])
            colour = styles[row["variant"]].colour
            axis.plot([row["low"], row["high"]], [at, at], color=colour, linewidth=1.8)
            fill = colour if row["distinguishable"] else "white"
            axis.plot(
                [row["difference"]], [at], "o", color=colour, markerfacecolor=fill, markersize=6
            )
        axis.set_title(clipped(results.title_of(outcome), 34), fontsize=9.5, loc="left")
        axis.set_xlabel(
            f"difference, {in_unit(results.unit_of(outcome, difference=True))}".rstrip(", "),
            fontsize=8.5,
        )
        axis.xaxis.set_major_locator(MaxNLocator(4))
        axis.margins(x=0.12)
        quiet_frame(axis)
        axis.grid(axis="x", color=FAINT, linewidth=0.6)
    axes[0].set_yticks(range(len(names)), [clipped(name, 30) for name in names])
    axes[0].set_ylim(len(names) - 0.5, -0.5)
    left = 0.04 + 0.0075 * max(min(len(name), 30) for name in names)
    figure.subplots_adjust(
        left=left, right=0.98, top=1 - 1.05 / height, bottom=0.6 / height, wspace=0.15
    )
    return figure
