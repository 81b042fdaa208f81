"""Pages about decisions: the best programme for the money, and what to believe after a while."""

from sim.report.deciding.best import best_page, best_summary
from sim.report.deciding.update import update_page, update_summary

__all__ = ["best_page", "best_summary", "update_page", "update_summary"]
