"""What a mentoring programme can be for, counted in people and a year of the firm; and how large a change is.

Whatever is told about a goal, on the page, on the screen and in tables, is counted by its one formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.money import output_gained

__all__ = [
    "BY_NAME",
    "GOALS",
    "KNOWLEDGE",
    "LEADERS",
    "OUTPUT",
    "PAY",
    "PAY_WITH_OUTPUT",
    "SIZES",
    "SIZE_RULE",
    "Goal",
    "Size",
    "band_of",
    "size_of",
]

Real = NDArray[np.float64]
Firms = Mapping[str, Real]
"""Outcomes of all firms under one variant, by name; shape (worlds,)."""

Size = Literal["too small to notice", "small", "clear", "large"]

_ENOUGH = 1.0
SIZES: tuple[tuple[float, Size], ...] = (
    (0.02, "too small to notice"),
    (0.05, "small"),
    (0.15, "clear"),
    (math.inf, "large"),
)
"""Words for sizes, each up to its share of what there is without a programme."""

SIZE_RULE = (
    "Sizes are shares of what there is without a programme: under 2 of 100, or under one person, idea or "
    "week, is too small to notice; under 5 of 100 is small, under 15 clear, anything above large."
)
"""The rule in words."""


def size_of(change: float, without: float) -> Size:
    """The word for a change.

    Parameters
    ----------
    change
        In the goal's unit.
    without
        What there is without a programme, in the same unit.
    """
    if abs(change) < band_of(without):
        return SIZES[0][1]
    share = abs(change) / abs(without) if without else math.inf
    return next((word for most, word in SIZES if share < most), SIZES[-1][1])


def band_of(without: float) -> float:
    """Changes of less than this, in the goal's unit, are too small to notice."""
    return max(_ENOUGH, SIZES[0][0] * abs(without))


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal.

    Attributes
    ----------
    key
        Short name.
    title
        Heading of a column.
    want
        Goes on after "if you want".
    more, less
        What stands after the number of a change for the better, and for the worse.
    short_more, short_less
        The same under the heading.
    without
        What there is, after "without a programme,"; ``{number}`` is it, ``{posts}`` how many people the firm has.
    beside
        The same under the heading.
    outcome
        The outcome that it is made from, for months, groups and what conclusions hinge on.
    sign
        1 if more of the outcome is better, else -1.
    level
        ``level(firms, base, posts)``: what there is in every firm, in the goal's unit. `base` are the
        same firms without a programme.
    """

    key: str
    title: str
    want: str
    more: str
    less: str
    short_more: str
    short_less: str
    without: str
    beside: str
    outcome: str
    sign: float
    level: Callable[[Firms, Firms, float], Real]

    @property
    def is_money(self) -> bool:
        """Whether it is told in currency."""
        return self.key in ("pay", "output", "pay_with_output")

    def gains(self, firms: Firms, base: Firms, posts: float) -> Real:
        """The change for the better in every firm, in the goal's unit; arguments as for `level`."""
        return self.sign * (self.level(firms, base, posts) - self.level(base, base, posts))


def _quits(firms: Firms, base: Firms, posts: float) -> Real:
    return firms["quits_staff"] + firms["quits_middle"] + firms["quits_leaders"]


def _engaged(firms: Firms, base: Firms, posts: float) -> Real:
    return firms["engaged"] * posts / 100.0


def _ideas(firms: Firms, base: Firms, posts: float) -> Real:
    return firms["innovation"] * posts / 100.0


def _weeks(firms: Firms, base: Firms, posts: float) -> Real:
    weeks = np.full_like(base["output"], np.nan)
    usual = np.where(base["output"] > 0.0, base["output"], np.nan)
    np.divide(52.0 * firms["newcomers_output"], usual, out=weeks)
    return weeks


def _leaders(firms: Firms, base: Firms, posts: float) -> Real:
    return 100.0 * firms["leaders_emerging"]


def _knowledge(firms: Firms, base: Firms, posts: float) -> Real:
    return firms["knowledge_held"]


def _spent(firms: Firms, base: Firms, posts: float) -> Real:
    return firms["replacement_cost"] + firms["programme_cost"]


def _produced(firms: Firms, base: Firms, posts: float) -> Real:
    return output_gained(base, firms)


def _spent_less_produced(firms: Firms, base: Firms, posts: float) -> Real:
    return _spent(firms, base, posts) - _produced(firms, base, posts)


GOALS = (
    Goal(
        "stay", "People who stay", "more people to stay",
        "more people stay a year", "fewer people stay a year", "more", "fewer",
        "{number} of {posts} people quit in a year",
        "{number} of {posts} quit a year without", "quits", -1.0, _quits,
    ),
    Goal(
        "engaged", "People engaged", "more people to be engaged",
        "more people are engaged", "fewer people are engaged", "more", "fewer",
        "{number} are engaged at any time",
        "{number} of {posts} without", "engaged", 1.0, _engaged,
    ),
    Goal(
        "ideas", "Ideas carried out", "more ideas to be carried out",
        "more ideas are carried out a year", "fewer ideas are carried out a year", "more", "fewer",
        "{number} ideas a year are carried out",
        "{number} a year without", "innovation", 1.0, _ideas,
    ),
    Goal(
        "start", "Newcomers", "newcomers to be productive sooner",
        "weeks sooner productive", "weeks later productive", "weeks sooner", "weeks later",
        "a newcomer’s first year is worth {number} weeks of an average colleague’s work",
        "first year worth {number} weeks of a colleague’s", "newcomers_output", 1.0, _weeks,
    ),
)  # fmt: skip
"""In the order in which they are told. Weeks: what newcomers do more in their first year, in weeks of an
average colleague's work."""

PAY = Goal(
    "pay", "Pays for itself", "it to pay by the quits it prevents alone",
    "a year left over", "a year short", "left over", "short", "", "", "total_cost", -1.0, _spent,
)  # fmt: skip
"""Whether what avoided quits would have cost pays for the programme; in currency a year."""

OUTPUT = Goal(
    "output", "More produced, at pay", "people to produce more",
    "a year more produced", "a year less produced", "more", "less", "", "", "output_for_pay", 1.0,
    _produced,
)  # fmt: skip
"""What people produce more, valued at what they are paid; in currency a year, beside the costs and apart."""

PAY_WITH_OUTPUT = Goal(
    "pay_with_output", "Pays, output counted",
    "it to pay by the quits it prevents and what people produce more, valued at their pay",
    "a year left over", "a year short", "left over", "short", "", "", "output_for_pay", -1.0,
    _spent_less_produced,
)  # fmt: skip
"""The same with what people produce more set against the cost, too."""

LEADERS = Goal(
    "leaders", "Leaders’ digital skills", "leaders to know more of what is new",
    "points of 100 more digital skill of leaders", "points of 100 less digital skill of leaders",
    "points more", "points less", "leaders have {number} of 100 points of digital skill",
    "{number} of 100 points without", "leaders_emerging", 1.0, _leaders,
)  # fmt: skip
"""Emerging skills of the top two of four or more levels, in hundredths."""

KNOWLEDGE = Goal(
    "knowledge", "Knowledge kept", "more know-how to stay in the firm",
    "people’s worth of know-how more", "people’s worth of know-how less", "more", "less",
    "the firm holds the know-how of {number} people who know everything",
    "{number} people’s worth without", "knowledge_held", 1.0, _knowledge,
)  # fmt: skip
"""Institutional skill summed over people: 100 is the full skill of 100 people."""

BY_NAME: Mapping[str, Goal] = {
    "retention": GOALS[0],
    "engagement": GOALS[1],
    "innovation": GOALS[2],
    "leaders": LEADERS,
    "newcomers": GOALS[3],
    "knowledge": KNOWLEDGE,
    "money": PAY,
}
"""Every goal by the word with which one asks for it."""
