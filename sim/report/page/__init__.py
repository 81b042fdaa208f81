"""One self-contained HTML page: what a board needs first, what an analyst can attack after it."""

from sim.report.page.render import report_page, write_report

__all__ = ["report_page", "write_report"]
