"""What the figures of a sweep have in common: titles, colours, named rows, units."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.results import Finding, Results
from sim.analysis.words import plural
from sim.report.style import FAINT, INK, MUTED, quiet_frame
from sim.report.wording import clipped

__all__ = [
    "ACCENT",
    "MOST_ROWS",
    "WARM",
    "WIDTH",
    "factor_name",
    "in_two_lines",
    "in_unit",
    "left_out",
    "rows_axis",
    "titled_figure",
    "wrapped",
]

WIDTH = 10.5
"""Inches."""
MOST_ROWS = 16
ACCENT, WARM = "#0b4f7a", "#d55e00"


def titled_figure(finding: Finding, results: Results, height: float, subtitle: str) -> Figure:
    """A figure with its title, and how many runs it rests on in a corner."""
    figure = Figure(figsize=(WIDTH, height))
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


def left_out(shown: int, total: int, noun: str) -> str:
    """What a figure leaves out, if anything; its table has all."""
    return "" if shown >= total else f" (the first {shown} of {total} {noun}s)"


def in_unit(unit: str) -> str:
    """A unit as an axis has it."""
    return "on a scale of 0 to 1" if unit == "0 to 1" else unit


def factor_name(results: Results, key: str) -> str:
    """A factor with its unit."""
    unit = next((one.unit for one in results.study.factors if one.key == key), "")
    return f"{key} ({unit})" if unit else key


def rows_axis(figure: Figure, height: float, names: list[str]) -> Axes:
    """One axis with a named row for each entry, the first on top."""
    axis = figure.add_subplot()
    names = [wrapped(name, indent="") for name in names]
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


def wrapped(name: str, indent: str = "     ") -> str:
    """A long name in two lines at most."""
    if len(name) <= 60:
        return name
    cut = name.rfind(", ", 0, 60) + 1 or 60
    return f"{name[:cut]}\n{indent}{clipped(name[cut:].strip(), 60)}"


def in_two_lines(name: str) -> str:
    """A factor's name in two lines, for narrow axes: section, and setting with its unit."""
    section, dot, setting = name.partition(".")
    return f"{clipped(section, 28)}.\n{clipped(setting, 40)}" if dot else clipped(name, 28)
