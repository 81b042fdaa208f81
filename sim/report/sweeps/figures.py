"""One figure for each analysis of a sweep, made from its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matplotlib.figure import Figure

from sim.analysis.results import Finding, Results
from sim.report.style import styled
from sim.report.sweeps.choice_figures import (
    best_figure,
    optimise_figure,
    pareto_figure,
    regret_figure,
)
from sim.report.sweeps.condition_figures import discover_figure, map_figure, sensitivity_figure
from sim.report.sweeps.outcome_figures import compare_figure, describe_figure

__all__ = ["draw"]

_MAKERS: Mapping[str, Callable[[Finding, Results], Figure | None]] = {
    "describe": describe_figure,
    "compare": compare_figure,
    "best": best_figure,
    "pareto": pareto_figure,
    "regret": regret_figure,
    "map": map_figure,
    "sensitivity": sensitivity_figure,
    "discover": discover_figure,
    "optimise": optimise_figure,
}


def draw(finding: Finding, results: Results) -> Figure | None:
    """The figure of a finding; None where there is nothing to draw."""
    maker = _MAKERS.get(finding.verb)
    if maker is None or not len(finding.table):
        return None
    with styled():
        return maker(finding, results)
