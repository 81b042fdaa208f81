"""Invitations: whom a programme invites to have a mentor, and whom to be one, where the planner says nothing.

A policy's name says who is meant. In reverse mentoring leaders learn from juniors: that is what every named
programme is (GE 1999, Pershing 2012, PwC 2014, Deloitte UK 2018). In traditional mentoring juniors learn from
people above them. Whoever invites by level in so many words replaces what the name means altogether.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.programme.levers import levers_of
from sim.programme.policies import policies_of

__all__ = [
    "LEVELS",
    "Invited",
    "invitation",
    "invited_by",
    "leaders_from",
    "upper_from",
    "with_open_levels",
]

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

_LEADERS = 0.1
"""Share of all posts that leaders are at least: in a firm of 100, the upper half of the levels is four people."""


def upper_from(levels: int) -> int:
    """Lowest level of the upper half of a chart's levels (3 of 5, 3 of 4, 2 of 3, 2 of 2, 1 of 1)."""
    return levels // 2 + 1


def leaders_from(level: NDArray[np.int64]) -> int:
    """Lowest level of a firm's leaders: the upper half of its levels, and as many below as make one in ten.

    Parameters
    ----------
    level
        Level of every post of the chart.
    """
    found = upper_from(int(level.max()))
    while found > 2 and (level >= found).mean() < _LEADERS:
        found -= 1
    return found


def with_open_levels(programme: Mapping[str, Any]) -> dict[str, Any]:
    """The programme with everybody invited, and the ordinary gap, where the planner says nothing."""
    said = {name: programme[name] or _OPEN[name] for name in LEVELS}
    gap = programme["minimum_level_gap"]
    return {**programme, **said, "minimum_level_gap": _ORDINARY_GAP if gap < 0 else gap}


def invitation(programme: Mapping[str, Any], level: NDArray[np.int64]) -> dict[str, Any]:
    """The programme with levels and gap as it invites.

    Traditional: mentees of the lower half of the levels; mentors two levels up if at least half as many
    people stand at level 3 and above as below the upper half, else one. Reverse: mentees are leaders
    (:func:`leaders_from`), mentors stand two levels below where that leaves all of them, or one in ten of all posts,
    with somebody to learn from; else one level below. Reciprocal: the same people, the leader as mentor on paper. All other
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
    elif directions in ({"reverse"}, {"reciprocal"}):
        leaders = "mentee_from_level" if directions == {"reverse"} else "mentor_from_level"
        found[leaders] = leaders_from(level)
        if found[leaders] >= 1 + clear or (level >= 1 + clear).mean() >= _LEADERS:
            gap = clear
    if programme["minimum_level_gap"] < 0:
        found["minimum_level_gap"] = gap
    return found


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a programme invites by level, and about how many pairs that makes.

    Attributes
    ----------
    mentees, mentors
        People who may have a mentor, and who may be one, for whom there is somebody of a level that goes with
        theirs; length of service is not looked at.
    mentee_levels, mentor_levels
        Lowest and highest level of each that somebody stands at; 0 where there is nobody.
    places
        Pairs for which a cohort has room.
    likely
        About how many pairs open if everybody is of the ordinary kind: what those of both sides who come make
        possible, at most `places`.
    by_service
        Whether length of service decides, too, so that fewer are invited than are counted here.
    """

    mentees: int
    mentors: int
    mentee_levels: tuple[int, int]
    mentor_levels: tuple[int, int]
    places: int
    likely: int
    by_service: bool


def invited_by(settings: Mapping[str, Mapping[str, Any]], level: NDArray[np.int64]) -> Invited:
    """Whom a variant's programme invites.

    Parameters
    ----------
    settings
        Its resolved settings, by section and name.
    level
        Level of every post of the chart.
    """
    programme = invitation(settings["programme"], level)
    mentees, mentors = (
        level[(level >= programme[f"{side}_from_level"]) & (level <= programme[f"{side}_to_level"])]
        for side in ("mentee", "mentor")
    )
    mentees, mentors = _with_partners(programme, mentees, mentors)
    places = round(float(programme["places"]) * len(level))
    coming, helping = _turnout(settings, programme)
    likely = min(places, round(coming * len(mentees)), round(helping * len(mentors)))
    return Invited(
        mentees=len(mentees),
        mentors=len(mentors),
        mentee_levels=_span(mentees),
        mentor_levels=_span(mentors),
        places=places,
        likely=likely,
        by_service=bool(programme["minimum_tenure"] or programme["mentee_tenure_below"]),
    )


def _with_partners(
    programme: Mapping[str, Any], mentees: NDArray[np.int64], mentors: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Levels of those for whom the other side has a level that the direction and the gap allow."""
    directions = {policy.direction for policy in policies_of(programme)}
    gap = int(programme["minimum_level_gap"])
    if not len(mentees) or not len(mentors):
        return mentees[:0], mentors[:0]
    if directions <= {"traditional", "reciprocal"}:
        return mentees[mentees <= mentors.max() - gap], mentors[mentors >= mentees.min() + gap]
    if directions == {"reverse"}:
        return mentees[mentees >= mentors.min() + gap], mentors[mentors <= mentees.max() - gap]
    return mentees, mentors


def _span(levels: NDArray[np.int64]) -> tuple[int, int]:
    return (int(levels.min()), int(levels.max())) if len(levels) else (0, 0)


def _turnout(
    settings: Mapping[str, Mapping[str, Any]], programme: Mapping[str, Any]
) -> tuple[float, float]:
    """Mentees per person invited to have a mentor, and places with mentors per person invited to be one."""
    given, levers = settings["volunteering"], levers_of(settings)
    support = levers["support"] - float(settings["meetings"]["ordinary_support"])
    odds = given["level"] + given["by_request"] * levers["asked"] + given["by_support"] * support
    own = 1.0 / (1.0 + math.exp(-float(odds)))
    how = programme["participation"]
    coming = {"universal": 1.0, "nominated": float(programme["nominated_share"])}.get(how, own)
    if how in ("lottery", "offered_by_lot"):
        coming *= float(programme["lottery_share"])
    drafted = how in ("universal", "nominated") and given["mentors_drafted"]
    each = float(programme["group_size"])
    if programme["form"] != "group":
        each = 1.0 + float(given["several_mentees"]) * (float(programme["mentor_capacity"]) - 1.0)
    return coming, (1.0 if drafted else own) * float(given["mentor_share"]) * each
