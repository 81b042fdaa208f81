"""What a comparison is shown as: words and figures."""

from sim.report.figures import curves_figure, effects_figure, save_figures
from sim.report.summary import summarise

__all__ = ["curves_figure", "effects_figure", "save_figures", "summarise"]
