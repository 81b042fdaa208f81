"""A month: every mechanism in the order in which it acts. Here, and nowhere else, the order is spelt.

The lists below are read off the two functions, so that whatever shows or walks the schedule (documentation,
tests, the month lived phase by phase) follows them.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from sim.engine import columns
from sim.engine.compiled import kernel
from sim.mechanisms import (
    awareness,
    departures,
    embeddedness,
    encounters,
    endings,
    engagement,
    ideas,
    informal,
    learning,
    meetings,
    practice,
    recognition,
    recording,
    ties,
    units,
    vacancies,
)
from sim.mechanisms.mechanism import Mechanism

__all__ = [
    "AFTER_PROGRAMME",
    "BEFORE_PROGRAMME",
    "EVERY_MECHANISM",
    "MECHANISMS",
    "OPTIONAL",
    "after_programme",
    "before_programme",
    "has_room",
    "live_months",
]


@kernel
def before_programme(state, p, month):
    """The books are opened, then phases 2 and 3: who leaves, and who fills the posts."""
    recording.begin_month(state, p, month)
    departures.depart(state, p, month)
    vacancies.fill_vacancies(state, p, month)


@kernel
def after_programme(state, p, month):
    """Phases 5 to 10, after the programme has checked in with pairs and opened a cohort (phase 4)."""
    ties.rewire(state, p, month)
    informal.find_mentors(state, p, month)
    meetings.meet(state, p, month)
    learning.learn(state, p, month)
    practice.practise(state, p, month)
    recognition.recognise(state, p, month)
    endings.end_pairs(state, p, month)
    embeddedness.embed(state, p, month)
    units.know_units(state, p, month)
    engagement.feel(state, p, month)
    ideas.have_ideas(state, p, month)
    awareness.become_aware(state, p, month)
    recording.record(state, p, month)


@kernel
def has_room(state):
    """Whether a month's leavers and ended pairs can be written down, however many there are."""
    counts = state.counts
    if counts[columns.KEEP_PEOPLE] == 1:
        if counts[columns.LEAVERS] + state.whole.shape[1] > state.leavers.shape[0]:
            return False
    if counts[columns.KEEP_DYADS] == 1:
        if counts[columns.ENDED] + state.dyad.shape[1] > state.ended.shape[0]:
            return False
    return True


@kernel
def live_months(state, records, first, end, begun, programme):
    """Live through months `first` to `end` - 1; returns the month reached.

    Parameters
    ----------
    begun
        1 if the first month has already had its phases 1 to 4.
    programme
        1 to stop within month `end`, when it has had its phases 1 to 3, so that the programme can act.

    Notes
    -----
    Stops early, before a month begins, where the tables of leavers or of ended pairs must grow.
    """
    p = records[0]
    month = first
    while month < end or (month == end and programme == 1):
        if begun == 0 or month > first:
            if not has_room(state):
                return month
            before_programme(state, p, month)
        if month == end:
            return month
        after_programme(state, p, month)
        month += 1
    return end


def _in_order(part: Callable[..., Any]) -> tuple[Mechanism, ...]:
    """The mechanisms whose kernels a part of the month calls, in the order of the calls."""
    named = getattr(part, "py_func", part).__code__.co_names
    modules = (globals()[name] for name in named if isinstance(globals().get(name), ModuleType))
    mechanisms = (getattr(module, "MECHANISM", None) for module in modules)
    return tuple(one for one in mechanisms if one is not None and one.kernel.__name__ in named)


BEFORE_PROGRAMME: tuple[Mechanism, ...] = _in_order(before_programme)
"""Phases 2 and 3 of a month."""

AFTER_PROGRAMME: tuple[Mechanism, ...] = _in_order(after_programme)
"""Phases 5 to 10 of a month."""

MECHANISMS: tuple[Mechanism, ...] = BEFORE_PROGRAMME + AFTER_PROGRAMME

OPTIONAL: tuple[Mechanism, ...] = (encounters.MECHANISM,)
"""Mechanisms that no month has unless a variant switches them on.

They are not part of the compiled month, so that they cost nothing while they are off; where one is on, the
month is lived phase by phase, and it acts behind the mechanism that it names.
"""

EVERY_MECHANISM: tuple[Mechanism, ...] = tuple(
    one
    for mechanism in MECHANISMS
    for one in (mechanism, *(other for other in OPTIONAL if other.after == mechanism.name))
)
"""All of them, in the order of a month in which everything is switched on."""
