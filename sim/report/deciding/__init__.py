"""Pages about decisions: the best programme for the money, and what to believe after a while."""

from sim.report.deciding.best import best_page, best_summary

__all__ = ["best_page", "best_summary"]
