"""What a roster says about individual people's part in a programme: roles, capacity, pairs, goals.

It holds for the people of the roster for as long as they stay; whoever is hired later has no wishes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.state import State
from sim.organisation.roster.roster import Roster

__all__ = ["RosterWishes", "wishes_of"]

_MENTOR_ONLY, _MENTEE_ONLY, _NO_PART = 1, 2, 3

Pairs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RosterWishes:
    """Roles and capacities by slot, and pairs of slots that must or must not be made.

    Attributes
    ----------
    role
        0 either, 1 mentor only, 2 mentee only, 3 no part, -1 not said; shape (n,).
    capacity
        Most mentees of each, -1 where the programme's own number holds; shape (n,).
    apart
        Pairs of slots that are excluded, or have been paired before; shape (m, 2).
    together
        Pairs of slots that every cohort begins with; shape (m, 2).
    goals
        Bit masks of the skills that each wants to learn, 0 where not said; shape (n,).
    """

    role: NDArray[np.int32]
    capacity: NDArray[np.int32]
    apart: Pairs
    together: Pairs
    goals: NDArray[np.int64]

    def apply_roles(
        self, state: State, asks: NDArray[np.int64], willing: NDArray[np.int64]
    ) -> None:
        """Take those without a part out of the volunteers, and keep the others to their roles.

        Whoever is not invited to their role has no part. `asks` and `willing` are as
        :func:`sim.programme.volunteering.volunteer` fills them.
        """
        first = state.whole[columns.HOLDER] == 0
        asks[first & (self.role == _NO_PART)] = 0
        asks[first & (self.role == _MENTOR_ONLY)] &= 2
        asks[first & (self.role == _MENTEE_ONLY)] &= 1
        willing[first & (asks < 2)] = 0
        willing[first & (asks == 2) & (self.role == _MENTOR_ONLY)] = 2

    def capacities(self, state: State, ordinary: NDArray[np.int64]) -> NDArray[np.int64]:
        """Most mentees of everybody, shape (n,): as `ordinary`, but for those of whom the roster says so."""
        said = (state.whole[columns.HOLDER] == 0) & (self.capacity >= 0)
        return np.where(said, self.capacity, ordinary).astype(np.int64)

    def pairs_apart(self, state: State) -> Pairs:
        """Pairs of slots that must not be made, both ways round; shape (m, 2)."""
        present = self._present(state, self.apart)
        return np.concatenate([present, present[:, ::-1]])

    def pairs_together(self, state: State) -> Pairs:
        """Pairs of slots that must be made, as long as both are here; shape (m, 2)."""
        return self._present(state, self.together)

    def goals_now(self, state: State) -> NDArray[np.int64]:
        """Bit masks of the skills that everybody wants to learn; shape (n,)."""
        return np.where(state.whole[columns.HOLDER] == 0, self.goals, 0)

    @staticmethod
    def _present(state: State, pairs: Pairs) -> Pairs:
        here = (state.whole[columns.HOLDER] == 0) & (state.whole[columns.ACTIVE] == 1)
        return pairs[here[pairs].all(axis=1)]


def wishes_of(roster: Roster | None, skill_names: Sequence[str]) -> RosterWishes | None:
    """The wishes that a roster states; None where there is no roster or it states none.

    Goals about skills that are not among `skill_names` are left out.
    """
    if roster is None:
        return None
    apart = np.concatenate([roster.excluded_pairs, roster.past_pairs]).reshape(-1, 2)
    together = np.asarray(roster.fixed_pairs).reshape(-1, 2)
    goals = np.array(
        [sum(1 << k for k, name in enumerate(skill_names) if name in want) for want in roster.skills_want],
        dtype=np.int64,
    )  # fmt: skip
    silent = (roster.role <= 0).all() and (roster.capacity < 0).all() and not goals.any()
    if silent and not len(apart) and not len(together):
        return None
    return RosterWishes(
        roster.role, roster.capacity, apart.astype(np.int64), together.astype(np.int64), goals
    )
