"""Words for what a programme brings and costs, in the unit of the goal that was asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.outcomes.goals import BY_NAME, Goal, band_of
from sim.report.said import count, money

if TYPE_CHECKING:
    from sim.deciding.best import Best

__all__ = ["Row", "Words"]

Row = Mapping[Any, Any]


class Words:
    """How numbers of what was found are said; the sections of the page are written with it."""

    def __init__(self, found: Best) -> None:
        self.found, self.goal = found, BY_NAME[found.goal]
        self.currency = str(found.facts["currency"])
        self.rows: Sequence[Row] = found.finalists.to_dict("records")
        self.pick = next(row for row in self.rows if row["standing"] == "pick")
        self.is_none = found.candidates[0].has_programme is False
        self.main = next(
            row for row in found.curve.to_dict("records") if row["share_of_budget"] == 1.0
        )

    def money(self, number: float) -> str:
        """``12,300 EUR``, in the planner's currency."""
        return money(number, self.currency)

    def amount(self, goal: Goal, number: float) -> str:
        """``1.1 more people stay a year``."""
        size = self.money(number) if goal.is_money else count(number)
        return f"{size} {goal.more if number >= 0.0 else goal.less}"

    def short(self, goal: Goal, number: float) -> str:
        """``1.1 more``."""
        size = self.money(number) if goal.is_money else count(number)
        return f"{size} {goal.short_more if number > 0.0 else goal.short_less}" if number else size

    def span(self, goal: Goal, low: float, high: float) -> str:
        """``0.4 to 1.8``, with words where it holds zero."""
        if not math.isfinite(low):
            return "–"
        if low < 0.0 < high:
            return f"{self.short(goal, low)} to {self.short(goal, high)}"
        ends = [self.money(one) if goal.is_money else count(one) for one in (low, high)]
        if high <= 0.0:
            ends = ends[::-1]
        return " to ".join(dict.fromkeys(ends))

    def gain(self, row: Row) -> str:
        """``1.1 more people stay a year (0.4 to 1.8)``."""
        if row["gain"] == row["low"] == row["high"] == 0.0:
            return "no change"
        span = self.span(self.goal, row["low"], row["high"])
        return f"{self.amount(self.goal, row['gain'])} ({span})"

    def noticeable(self, number: float) -> bool:
        """Whether it is more than what is declared too small to notice."""
        return self.goal.is_money or number >= band_of(self.without())

    def without(self) -> float:
        """What the goal counts without a programme."""
        return float(self.found.facts["without"][self.found.goal])

    def equal(self) -> list[Row]:
        """Those that cannot be told apart from the pick, besides it; no programme is one, too."""
        return [row for row in self.rows if row["standing"] in ("equal", "not told apart", "ahead")]

    def signed(self, number: float) -> str:
        """The bare number, with its sign where it is below zero."""
        size = self.money(number) if self.goal.is_money else count(number)
        return size if number >= 0.0 else f"−{size}"
