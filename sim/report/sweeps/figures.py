"""One figure for each analysis of a sweep, made from its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, NullLocator

from sim.analysis.results import Finding, Results
from sim.analysis.words import plural, three_figures
from sim.experiments.statistics import by_set, interval_of
from sim.report.style import FAINT, INK, MUTED, looks, quiet_frame, styled
from sim.report.wording import clipped

__all__ = ["draw"]

_WIDTH = 10.5
_MOST_ROWS = 16
_ACCENT, _WARM = "#0b4f7a", "#d55e00"


def draw(finding: Finding, results: Results) -> Figure | None:
    """The figure of a finding; None where there is nothing to draw."""
    maker = _MAKERS.get(finding.verb)
    if maker is None or not len(finding.table):
        return None
    with styled():
        return maker(finding, results)


def _figure(finding: Finding, results: Results, height: float, subtitle: str) -> Figure:
    """A figure with its title, and how many runs it rests on in a corner."""
    figure = Figure(figsize=(_WIDTH, height))
    shape = results.done.shape
    figure.text(
        0.985,
        0.06 / height,
        f"{plural(shape[0], 'point')} · up to {plural(shape[2], 'replicate')} · "
        f"{results.runs_told}",
        fontsize=7,
        color=MUTED,
        ha="right",
        va="bottom",
    )
    figure.text(
        0.015,
        1 - 0.14 / height,
        clipped(finding.title, 100),
        fontsize=13,
        fontweight="bold",
        va="top",
    )
    figure.text(0.015, 1 - 0.45 / height, subtitle, fontsize=9.5, color=MUTED, va="top")
    return figure


def _shown(shown: int, total: int, noun: str) -> str:
    """What a figure leaves out, if anything; its table has all."""
    return "" if shown >= total else f" (the first {shown} of {total} {noun}s)"


def _in(unit: str) -> str:
    """A unit as an axis has it."""
    return "on a scale of 0 to 1" if unit == "0 to 1" else unit


def _name(results: Results, key: str) -> str:
    """A factor with its unit."""
    unit = next((one.unit for one in results.study.factors if one.key == key), "")
    return f"{key} ({unit})" if unit else key


def _rows_axis(figure: Figure, height: float, names: list[str]) -> Axes:
    """One axis with a named row for each entry, the first on top."""
    axis = figure.add_subplot()
    names = [_wrapped(name, indent="") for name in names]
    longest = max((len(line) for name in names for line in name.split("\n")), default=0)
    figure.subplots_adjust(
        left=0.03 + 0.0066 * longest, right=0.97, top=1 - 0.85 / height, bottom=0.6 / height
    )
    small = any("\n" in name for name in names)
    axis.set_yticks(range(len(names)), names, fontsize=7.5 if small else 9, linespacing=1.0)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.tick_params(axis="y", length=0, labelcolor=INK)
    axis.grid(axis="x", color=FAINT, linewidth=0.6)
    axis.set_axisbelow(True)
    quiet_frame(axis)
    return axis


def _describe(finding: Finding, results: Results) -> Figure:
    """How the outcomes go with each factor: means by variant, over all other factors."""
    outcomes = list(finding.drawing["outcomes"])[:3]
    places = results.factor_columns()[:4]
    columns = max(1, len(places))
    height = 1.3 + 2.3 * len(outcomes)
    against = results.variants[results.against]
    figure = _figure(
        finding,
        results,
        height,
        (
            "Mean over all other factors, by variant; bars: 95 % intervals of the paired difference "
            f"from {clipped(against, 24)}, else of the mean"
            + _shown(len(outcomes), len(finding.drawing["outcomes"]), "outcome")
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
                key = _in_two(_name(results, results.study.keys[places[right]]))
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
                axis.set_ylabel(f"{title}\n({_in(unit)})" if unit else title, fontsize=8.5)
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


def _in_two(name: str) -> str:
    """A factor's name in two lines, for narrow axes: section, and setting with its unit."""
    section, dot, setting = name.partition(".")
    return f"{clipped(section, 28)}.\n{clipped(setting, 40)}" if dot else clipped(name, 28)


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


def _compare(finding: Finding, results: Results) -> Figure | None:
    table = finding.table[finding.table["point"] == -1].dropna(subset="difference")
    if not len(table):
        return None
    outcomes = list(dict.fromkeys(table["outcome"]))[:4]
    names = list(dict.fromkeys(table["variant"]))[:_MOST_ROWS]
    height = 1.6 + 0.36 * len(names)
    figure = _figure(
        finding,
        results,
        height,
        "Paired differences over all points; line: 95 % interval; hollow: cannot be told apart"
        + _shown(len(outcomes), table["outcome"].nunique(), "outcome"),
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
            f"difference, {_in(results.unit_of(outcome, difference=True))}".rstrip(", "),
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


def _best(finding: Finding, results: Results) -> Figure:
    table = finding.table.head(_MOST_ROWS)
    names = table["alternative"].tolist()
    height = 1.5 + 0.3 * len(names)
    figure = _figure(
        finding,
        results,
        height,
        "Probability of being the best; on the right, what choosing it loses in expectation against the best"
        + _shown(len(names), len(finding.table), "alternative"),
    )
    axis = _rows_axis(figure, height, names)
    axis.barh(range(len(names)), table["probability_best"], 0.62, color=_ACCENT)
    figure.subplots_adjust(right=0.86)
    unit = _in(results.unit_of(str(table["outcome"].iloc[0]), difference=True))
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


def _pareto(finding: Finding, results: Results) -> Figure:
    table, goals = finding.table, finding.drawing["objectives"]
    x, y = list(goals)[:2]
    two = "attained" in finding.drawing
    figure = _figure(
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


_MOST_NUMBERED = 12


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
        lines.append(f"{number}  {_wrapped(str(row['alternative']))}")
    figure.text(0.668, 0.78, "\n".join(lines), fontsize=7.2, va="top", linespacing=1.35)


def _wrapped(name: str, indent: str = "     ") -> str:
    """A long name in two lines at most."""
    if len(name) <= 60:
        return name
    cut = name.rfind(", ", 0, 60) + 1 or 60
    return f"{name[:cut]}\n{indent}{clipped(name[cut:].strip(), 60)}"


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
        setter(title + (f" ({_in(unit)})" if unit else "") + f"; {better}", fontsize=9)
    quiet_frame(axis)
    axis.grid(color=FAINT, linewidth=0.6)


def _regret(finding: Finding, results: Results) -> Figure:
    table = finding.table.head(_MOST_ROWS)
    names = table["alternative"].tolist()
    height = 1.5 + 0.3 * len(names)
    figure = _figure(
        finding,
        results,
        height,
        "Loss against the best of each condition; mark: mean, line: up to nine of ten conditions, end: the largest"
        + _shown(len(names), len(finding.table), "alternative"),
    )
    axis = _rows_axis(figure, height, names)
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
            color=_ACCENT,
            linewidth=3,
            solid_capstyle="butt",
        )
        axis.plot([row["mean_regret"]], [place], "o", color=_ACCENT, markersize=6)
        axis.plot([row["largest_regret"]], [place], "|", color=MUTED, markersize=7)
    outcome = str(table["outcome"].iloc[0])
    axis.set_xlabel(
        f"regret in {results.title_of(outcome)}, {_in(results.unit_of(outcome, difference=True))}".rstrip(
            ", "
        ),
        fontsize=8.5,
    )
    return figure


def _map(finding: Finding, results: Results) -> Figure:
    table, drawing = finding.table, finding.drawing
    across, down = drawing["x_names"], drawing["y_names"]
    height = 1.9 + 0.62 * len(down)
    figure = _figure(
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
    axis.set_xlabel(_name(results, drawing["x"]), fontsize=9)
    axis.set_ylabel(_in_two(_name(results, drawing["y"])), fontsize=9)
    quiet_frame(axis)
    figure.subplots_adjust(left=0.17, right=0.98, top=1 - 0.8 / height, bottom=0.62 / height)
    return figure


def _sensitivity(finding: Finding, results: Results) -> Figure | None:
    table, kind = finding.table.head(_MOST_ROWS), finding.drawing["kind"]
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
    words += _shown(len(names), len(finding.table), "factor")
    figure = _figure(finding, results, height, words)
    axis = _rows_axis(figure, height, names)
    for place, row in enumerate(table.to_dict("records")):
        axis.plot(
            [row[f"{index}_low"], row[f"{index}_high"]],
            [place, place],
            color=_ACCENT,
            linewidth=1.8,
        )
        axis.plot([row[index]], [place], "o", color=_ACCENT, markersize=6)
        if kind == "saltelli":
            low, high = row["first_low"], row["first_high"]
            axis.plot([low, high], [place + 0.22] * 2, color=_WARM, linewidth=1.2)
            axis.plot(
                [row["first"]],
                [place + 0.22],
                "o",
                color=_WARM,
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
            "morris": f"change of {finding.drawing['what']}, {_in(finding.drawing['unit'])}".rstrip(
                ", "
            ),
            "pawn": "index (0 to 1)",
        }[kind],
        fontsize=8.5,
    )
    return figure


def _discover(finding: Finding, results: Results) -> Figure:
    features, keys = finding.drawing["features"], finding.drawing["keys"]
    fails, box = finding.drawing["fails"], finding.drawing["boxes"][0]
    places = [*box.limits, *(one for one in range(len(keys)) if one not in box.limits)][:2]
    x, y = places[0], places[-1]
    figure = _figure(
        finding,
        results,
        5.2,
        clipped(f"Each mark is a case. Frame: where {finding.table['rule'].iloc[0]}", 120),
    )
    axis = figure.add_subplot()
    figure.subplots_adjust(left=0.1, right=0.97, top=0.85, bottom=0.15)
    across, up = (_spread_out(features[:, place], place) for place in (x, y))
    for failed, colour, mark, size, label in (
        (False, _ACCENT, "o", 3.5, "does well"),
        (True, _WARM, "X", 6.0, "fails"),
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
    axis.set_xlabel(_name(results, keys[x]), fontsize=9)
    axis.set_ylabel(_name(results, keys[y]), fontsize=9)
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


def _optimise(finding: Finding, results: Results) -> Figure | None:
    table, goals = finding.table, finding.drawing["objectives"]
    names = list(goals)
    x, y = (names * 2)[:2] if len(names) == 1 else names[:2]
    figure = _figure(
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
        colour = _ACCENT if row["on_front_of_fresh_firms"] else MUTED
        axis.plot([row[f"{at}_low"], row[f"{at}_high"]], [row[up]] * 2, color=colour, linewidth=1)
        axis.plot([row[at]] * 2, [row[f"{up}_low"], row[f"{up}_high"]], color=colour, linewidth=1)
        axis.plot([row[at]], [row[up]], "o", color=colour, markersize=6)
    signs = {name: 1 if goal == "max" else -1 for name, goal in goals.items()}
    _arrows(axis, results, x, y, signs, relative)
    return figure


_MAKERS: Mapping[str, Callable[[Finding, Results], Figure | None]] = {
    "describe": _describe,
    "compare": _compare,
    "best": _best,
    "pareto": _pareto,
    "regret": _regret,
    "map": _map,
    "sensitivity": _sensitivity,
    "discover": _discover,
    "optimise": _optimise,
}
