"""The figures of a comparison, written as SVG and PNG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.curves import curves_figure
from sim.report.effects import effects_figure
from sim.report.style import save_figure

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison

__all__ = ["curves_figure", "effects_figure", "save_figures"]


def save_figures(comparison: Comparison, folder: Path) -> tuple[Path, ...]:
    """Write effects.svg, effects.png, curves.svg and curves.png into a folder; return their paths."""
    title = comparison.scenario.title
    effects = save_figure(
        effects_figure(comparison),
        folder / "effects",
        title=f"{title} What each variant changes",
        description="Differences from the baseline with intervals; the same numbers are in "
        "effects.csv.",
    )
    curves = save_figure(
        curves_figure(comparison),
        folder / "curves",
        title=f"{title} Month by month",
        description="Means over the simulated firms with intervals; the same numbers are in "
        "monthly.csv.",
    )
    return (*effects, *curves)
