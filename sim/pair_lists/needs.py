"""How many mentors it takes: coverage, who would be turned away, and what would close the gap."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from sim.pair_lists.people import Participants

__all__ = ["Needs", "needs_of"]

Slots = NDArray[np.int64]

EXACT_UP_TO = 2_000
LARGEST_CAPACITY = 10
"""Mentees of one mentor beyond which platforms let nobody go."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What the two sides of a programme add up to.

    Attributes
    ----------
    mentees, mentors, capacity
        People for whom levels and rules leave a mentor, people who may mentor one of them, and mentees that these
        can take together.
    willing
        People who may mentor at all, whether or not levels and rules leave anybody for them.
    matched, places
        Pairs of the list, and most pairs that there are places for.
    without_prospect
        Mentees for whom rules and levels leave no mentor, however many mentees each takes.
    turned_away
        Mentees without a mentor, those apart.
    smallest_capacity
        The smallest number of mentees for every mentor whose capacity the roster does not state with which all
        who have a prospect would find one; None where no number does, or there is no gap.
    raised_capacity
        The same if mentors take so many who have stated fewer; None where the other is known, or none does.
    more_mentors, each
        How many more mentors would close the gap, each taking as many as the settings say (where everybody has
        stated a number, as most have), as long as the rules allow them for those who wait; 0 where there is no gap.
    """

    mentees: int
    mentors: int
    willing: int
    capacity: int
    matched: int
    places: int
    without_prospect: int
    turned_away: int
    smallest_capacity: int | None
    raised_capacity: int | None
    more_mentors: int
    each: int

    @property
    def coverage(self) -> float:
        """Mentees whom the mentors can take over mentees who may get one."""
        return self.capacity / max(1, self.mentees)


def needs_of(
    people: Participants, allowed_of: Callable[[Slots, Slots], NDArray[np.bool_]], matched: int
) -> Needs:
    """Work out coverage and gap.

    Parameters
    ----------
    allowed_of
        Which pairs of given mentees and mentors the rules allow; shape (m, n).
    matched
        Pairs of the list.
    """
    mentees, mentors = people.mentees, people.mentors
    room = people.room[mentors]
    each = people.ordinary
    if len(room) and people.stated[mentors].all():
        each = max(1, int(np.median(room)))
    exact = max(len(mentees), len(mentors)) <= EXACT_UP_TO
    smallest = raised = None
    without, most = 0, min(len(mentees), int(room.sum()))
    helpers, capacity_now = len(mentors), int(room.sum())
    if exact:
        allowed = allowed_of(mentees, mentors)
        without = int((~allowed.any(axis=1)).sum())
        helpers, capacity_now = int(allowed.any(axis=0).sum()), int(room[allowed.any(axis=0)].sum())
        most = _most_pairs(allowed, room)
    served = len(mentees) - without
    gap = max(0, served - most)
    if gap and exact:
        for capacity in range(1, LARGEST_CAPACITY + 1):
            trial = np.where(people.stated[mentors], room, capacity)
            if trial.sum() >= served and _most_pairs(allowed, trial) >= served:
                smallest = capacity
                break
    if gap and exact and smallest is None:
        for capacity in range(1, LARGEST_CAPACITY + 1):
            trial = np.maximum(room, capacity)
            if trial.sum() >= served and _most_pairs(allowed, trial) >= served:
                raised = capacity
                break
    return Needs(
        mentees=served,
        mentors=helpers,
        willing=len(mentors),
        capacity=capacity_now,
        matched=matched,
        places=people.places,
        without_prospect=without,
        turned_away=max(0, served - matched),
        smallest_capacity=smallest,
        raised_capacity=raised,
        more_mentors=math.ceil(gap / each),
        each=each,
    )


def _most_pairs(allowed: NDArray[np.bool_], room: Slots) -> int:
    """The most mentees who can have an allowed mentor with room (Hopcroft and Karp 1973)."""
    seats = np.minimum(room, allowed.sum(axis=0))
    expanded = np.repeat(allowed, seats, axis=1)
    if not expanded.any():
        return 0
    found = maximum_bipartite_matching(csr_array(expanded.astype(np.int8)), perm_type="column")
    return int((found >= 0).sum())
