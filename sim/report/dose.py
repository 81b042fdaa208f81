"""Whether the programmes compared are of one size: places that stay empty, and effects per meeting.

A policy that invites few people opens few pairs. Its effects are then smaller because it is smaller; what it
does with a meeting stands beside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.experiments.statistics import by_set, interval_of, mean_of
from sim.outcomes.goals import Goal
from sim.report.decisions import Decisions
from sim.report.words import listed, named, number_word
from sim.scenario.rules import has_programme

__all__ = [
    "ALIKE",
    "FILLED",
    "MEETINGS",
    "PerMeeting",
    "meetings_a_year",
    "nobody_is_paired",
    "per_meetings",
    "programmes_of",
    "shortfalls",
    "sizes_differ",
]

Real = NDArray[np.float64]

FILLED = 80.0
"""Programmes that fill less than this share of their places, in %, are said to fall short."""

ALIKE = 0.8
"""Programmes are of one size if the smallest has at least this share of the largest one's meetings."""

MEETINGS = 100.0
"""Meetings per which effects are told."""

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class PerMeeting:
    """A programme's change for the better per :data:`MEETINGS` meetings held.

    Attributes
    ----------
    goal, name
        What is told of which programme.
    value, low, high
        In the goal's unit, with the 95 % interval of a ratio of means over firms (with several parameter sets,
        over these); NaN where unknown.
    """

    goal: Goal
    name: str
    value: float
    low: float
    high: float


def programmes_of(decisions: Decisions) -> list[str]:
    """The variants with a programme, in order."""
    found = decisions.comparison
    return [name for name in found.variants if has_programme(found.scenario.variant(name).settings)]


def nobody_is_paired(decisions: Decisions) -> bool:
    """Whether there are programmes, and none of them ever pairs anybody, in any firm."""
    found = [decisions.firms[name]["participants"] for name in programmes_of(decisions)]
    return bool(found) and not any(np.nansum(one) for one in found)


def meetings_a_year(decisions: Decisions, name: str) -> Real:
    """Meetings that the whole firm holds in a year, in every firm."""
    return np.asarray(decisions.firms[name]["meetings_held"] * decisions.posts)


def sizes_differ(decisions: Decisions) -> bool:
    """Whether the programmes compared are of such different size that effects per meeting belong beside."""
    held = [mean_of(meetings_a_year(decisions, name)) for name in programmes_of(decisions)]
    known = [one for one in held if math.isfinite(one)]
    return len(known) > 1 and min(known) < ALIKE * max(known)


def per_meetings(decisions: Decisions, goal: Goal, name: str) -> PerMeeting:
    """What a programme changes against none, per :data:`MEETINGS` meetings held."""
    rival = decisions.without_programme or decisions.baseline
    change = goal.sign * (decisions.level(goal, name) - decisions.level(goal, rival))
    held = meetings_a_year(decisions, name) / MEETINGS
    known = np.isfinite(change) & np.isfinite(held)
    sets = decisions.comparison.sets
    numbers = None if sets is None else sets[known]
    change, held = by_set(change[known], numbers), by_set(held[known], numbers)
    meetings = mean_of(held)
    if not meetings > 0.0:
        return PerMeeting(goal, name, math.nan, math.nan, math.nan)
    ratio = mean_of(change) / meetings
    # The ratio of two means: what is left of the change beside what the meetings account for.
    low, high = interval_of(change - ratio * held, 0.95)
    return PerMeeting(goal, name, ratio, ratio + low / meetings, ratio + high / meetings)


def shortfalls(decisions: Decisions) -> list[str]:
    """A sentence for every programme that fills too few of its places, with counts, and what to make of it."""
    found, short = [], []
    for name in programmes_of(decisions):
        firms = decisions.firms[name]
        if "places_filled" not in firms:
            return []  # written by an earlier version
        filled = mean_of(firms["places_filled"])
        opened = mean_of(firms["pairs_opened"]) * decisions.posts / 100.0
        if not (filled < FILLED and math.isfinite(opened)):
            continue
        programme = decisions.comparison.scenario.variant(name).settings["programme"]
        places = float(programme["places"]) * decisions.posts
        mentees, mentors = (mean_of(firms[f"invited_{role}"]) for role in ("mentees", "mentors"))
        few = f"{_people(mentees)} can be invited to have a mentor"
        if mentors < mentees:
            few = f"{_people(mentors)} can be invited to mentor"
        short.append(name)
        found.append(
            f"{named(name)} opens {opened:,.0f} of {places:,.0f} pairs a cohort: {few}, and too few of "
            f"them come or fit."
        )
    if len(found) > _MOST_NAMED:
        which = listed([named(name) for name in short[:_MOST_NAMED]])
        found = [f"{number_word(len(short)).capitalize()} programmes leave places empty, {which} among them."]  # fmt: skip
    return found


def _people(number: float) -> str:
    return "1 person" if round(number) == 1 else f"{number:,.0f} people"
