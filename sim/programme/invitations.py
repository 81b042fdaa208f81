"""Invitations: whom a programme invites to have a mentor, and whom to be one, where the planner says nothing.

A policy's name says who is meant. In reverse mentoring leaders learn from juniors: that is what every named
programme is (GE 1999, Pershing 2012, PwC 2014, Deloitte UK 2018). In traditional mentoring juniors learn from
people above them. Whoever invites by level in so many words replaces what the name means altogether.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.programme.policies import policies_of

__all__ = ["LEVELS", "invitation", "upper_from", "with_open_levels"]

LEVELS = ("mentee_from_level", "mentee_to_level", "mentor_from_level", "mentor_to_level")
"""The settings that say who is invited by level; 0 where the planner says nothing."""

_OPEN = {
    "mentee_from_level": 1,
    "mentee_to_level": 12,
    "mentor_from_level": 1,
    "mentor_to_level": 12,
}
_ORDINARY_GAP = 1
_CLEAR_GAP = 2
"""Levels between two who are clearly of different rank."""

_ENOUGH = 0.5
"""Possible mentors per junior from which the chart allows a clear gap in traditional mentoring."""


def upper_from(levels: int) -> int:
    """Lowest level of the upper half of a chart's levels (3 of 5, 3 of 4, 2 of 3, 2 of 2, 1 of 1)."""
    return levels // 2 + 1


def with_open_levels(programme: Mapping[str, Any]) -> dict[str, Any]:
    """The programme with everybody invited, and the ordinary gap, where the planner says nothing."""
    said = {name: programme[name] or _OPEN[name] for name in LEVELS}
    gap = programme["minimum_level_gap"]
    return {**programme, **said, "minimum_level_gap": _ORDINARY_GAP if gap < 0 else gap}


def invitation(programme: Mapping[str, Any], level: NDArray[np.int64]) -> dict[str, Any]:
    """The programme with levels and gap as it invites.

    Traditional: mentees of the lower half of the levels; mentors two levels up if at least half as many
    people stand at level 3 and above as below the upper half, else one. Reverse: mentees of the upper half, mentors two levels
    below where there are three levels. Reciprocal: the same people, the leader as mentor on paper. All other
    directions, and portfolios, invite everybody.

    Parameters
    ----------
    programme
        The resolved section.
    level
        Level of every post of the chart.
    """
    found = with_open_levels(programme)
    if any(programme[name] for name in LEVELS) or not len(level):
        return found
    directions = {policy.direction for policy in policies_of(programme)}
    levels = int(level.max())
    upper = upper_from(levels)
    clear = min(_CLEAR_GAP, max(1, levels - 1))
    gap = _ORDINARY_GAP
    if directions == {"traditional"}:
        found["mentee_to_level"] = max(1, upper - 1)
        juniors, mentors = int((level < upper).sum()), int((level >= 1 + clear).sum())
        gap = clear if mentors >= _ENOUGH * juniors else _ORDINARY_GAP
    elif directions == {"reverse"}:
        found["mentee_from_level"], gap = upper, clear
    elif directions == {"reciprocal"}:
        found["mentor_from_level"], gap = upper, clear
    if programme["minimum_level_gap"] < 0:
        found["minimum_level_gap"] = gap
    return found
