"""What a roster says about individual people's part in a programme: roles, capacity, pairs to avoid.

It holds for the people of the roster for as long as they stay; whoever is hired later has no wishes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim import columns
from sim.organisation.roster import Roster
from sim.programme.scoring import FORBIDDEN
from sim.state import State

__all__ = ["RosterWishes", "wishes_of"]

_MENTOR_ONLY, _MENTEE_ONLY, _NO_PART = 1, 2, 3


@dataclass(frozen=True, slots=True)
class RosterWishes:
    """Roles and capacities by slot, and pairs of slots that must not be made.

    Attributes
    ----------
    role
        0 either, 1 mentor only, 2 mentee only, 3 no part, -1 not said; shape (n,).
    capacity
        Most mentees of each, -1 where the programme's own number holds; shape (n,).
    apart
        Pairs of slots that are excluded or have been paired before; shape (m, 2).
    """

    role: NDArray[np.int32]
    capacity: NDArray[np.int32]
    apart: NDArray[np.int32]

    def apply_roles(
        self, state: State, joins: NDArray[np.int64], willing: NDArray[np.int64]
    ) -> None:
        """Take those without a part out of the volunteers, and decide who mentors where it is said."""
        first = state.whole[columns.HOLDER] == 0
        joins[first & (self.role == _NO_PART)] = 0
        joining = first & (joins == 1)
        willing[joining & (self.role == _MENTEE_ONLY)] = 0
        willing[joining & (self.role == _MENTOR_ONLY)] = 1

    def capacities(
        self, state: State, mentors: NDArray[np.intp], ordinary: int
    ) -> NDArray[np.int64]:
        """Most mentees of each of the mentors."""
        own = self.capacity[mentors]
        said = (state.whole[columns.HOLDER, mentors] == 0) & (own >= 0)
        return np.where(said, own, ordinary).astype(np.int64)

    def forbid(
        self,
        state: State,
        mentees: NDArray[np.intp],
        mentors: NDArray[np.intp],
        scores: NDArray[np.float64],
    ) -> None:
        """Mark the pairs that must not be made, and mentees who are to mentor only."""
        first = state.whole[columns.HOLDER] == 0
        scores[first[mentees] & (self.role[mentees] == _MENTOR_ONLY)] = FORBIDDEN
        row_of = {int(slot): row for row, slot in enumerate(mentees)}
        column_of = {int(slot): column for column, slot in enumerate(mentors)}
        for one, other in self.apart:
            if not (first[one] and first[other]):
                continue
            for mentee, mentor in ((int(one), int(other)), (int(other), int(one))):
                if mentee in row_of and mentor in column_of:
                    scores[row_of[mentee], column_of[mentor]] = FORBIDDEN


def wishes_of(roster: Roster | None) -> RosterWishes | None:
    """The wishes that a roster states; None where there is no roster or it states none."""
    if roster is None:
        return None
    apart = np.concatenate([roster.excluded_pairs, roster.past_pairs]).reshape(-1, 2)
    if (roster.role <= 0).all() and (roster.capacity < 0).all() and not len(apart):
        return None
    return RosterWishes(roster.role, roster.capacity, apart.astype(np.int32))
