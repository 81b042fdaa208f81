"""The two sides of a cohort, and what those who make pairs can know of every possible pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.state import State
from sim.programme import pair_tables
from sim.programme.moment import Moment
from sim.programme.pair_tables import SkillData
from sim.programme.rules import Sides, aims_of, allow_pairs, find_broken_rules, find_prospects

__all__ = ["Candidates", "SeenSkills"]

Real = NDArray[np.float64]
Slots = NDArray[np.int64]


class SeenSkills:
    """Skills as the skill data of one month have them; everybody's are drawn once, when first looked at."""

    def __init__(self, now: Moment) -> None:
        self._now = now
        self._known = np.zeros(len(now.state.skills), dtype=np.int8)
        self._seen = np.zeros(now.state.skills.shape)

    def of(self, *sides: Slots) -> Real:
        """0 to 1, shape (people, K); filled in for the given slots."""
        handle, records, month = self._now[1:]
        for slots in sides:
            pair_tables.see_skills(handle, records, month, slots, self._known, self._seen)
        return self._seen


@dataclass(eq=False)
class Candidates:
    """The two sides of a cohort, and what can be known of every possible pair.

    Attributes
    ----------
    now
        The world and the month in which pairs are made.
    settings
        Its resolved settings, by section and name.
    sides
        Mentees, mentors, and how they are brought together.
    goals
        Bit masks of the skills that people want to learn, 0 where unknown; shape (people,).
    skills
        What the skill data say.
    """

    now: Moment
    settings: Mapping[str, Mapping[str, Any]]
    sides: Sides
    goals: Slots
    skills: SeenSkills

    @property
    def state(self) -> State:
        """The columns of the world."""
        return self.now.state

    @property
    def handle(self) -> Any:
        """The world as compiled code sees it."""
        return self.now.handle

    @property
    def records(self) -> Any:
        """Parameters for compiled code: an array of one record."""
        return self.now.records

    @property
    def month(self) -> int:
        """In which pairs are made."""
        return self.now.month

    @property
    def mentees(self) -> Slots:
        """Slots of those who may get a mentor; shape (m,)."""
        return self.sides.mentees

    @property
    def mentors(self) -> Slots:
        """Slots of those who may get mentees; shape (n,)."""
        return self.sides.mentors

    @property
    def direction(self) -> int:
        """Code of :data:`sim.engine.columns.DIRECTIONS`."""
        return self.sides.direction

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees and mentors."""
        return len(self.sides.mentees), len(self.sides.mentors)

    @property
    def two_way(self) -> bool:
        """Whether both sides teach."""
        return self.direction in (columns.RECIPROCAL, columns.PEER)

    @cached_property
    def allowed(self) -> NDArray[np.bool_]:
        """Where direction and rules admit a pair; shape (m, n)."""
        found = np.empty(self.shape, dtype=np.bool_)
        allow_pairs(self.handle, self.records, self.sides, found)
        return found

    def prospects(self) -> NDArray[np.bool_]:
        """Whether there is anybody for each of the mentees; shape (m,)."""
        found = np.empty(len(self.mentees), dtype=np.bool_)
        find_prospects(self.handle, self.records, self.sides, found)
        return found

    @cached_property
    def broken_rules(self) -> NDArray[np.uint8]:
        """Which rules each pair would break, as bits of :data:`sim.programme.rules.RULES`; shape (m, n)."""
        found = np.empty(self.shape, dtype=np.uint8)
        find_broken_rules(self.handle, self.records, self.sides, found)
        return found

    @property
    def seen(self) -> Real:
        """Skills as the skill data have them, 0 to 1, of the two sides; shape (people, K)."""
        return self.skills.of(self.mentees, self.mentors)

    @cached_property
    def numbers(self) -> Real:
        """Each pair's lot, in (0, 1), and a standard normal number; shape (2, m, n)."""
        found = np.empty((2, *self.shape))
        pair_tables.draw_pairs(self.handle, self.month, self.sides, found)
        return found

    @cached_property
    def lots(self) -> Real:
        """The first of the two numbers where a pair is allowed, else negative; shape (m, n)."""
        found = np.empty(self.shape)
        pair_tables.draw_lots(self.handle, self.month, self.sides, self.allowed, found)
        return found

    @cached_property
    def similarity(self) -> Real:
        """Deep-level similarity, 0 to 1; shape (m, n)."""
        found = np.empty(self.shape)
        pair_tables.find_similarities(self.handle, self.sides, found)
        return found

    def gaps(self, *, goals: bool = False, true: bool = False) -> Real:
        """Usable gaps that the direction aims at, weighted, both ways where both teach; shape (m, n).

        Parameters
        ----------
        goals
            Whether only what each mentee wants to learn counts.
        true
            Whether of the true skills, not of the skill data.
        """
        skill, found = self.state.skill, np.empty(self.shape)
        aims = np.full(len(self.mentees), aims_of(skill, self.direction, True), dtype=np.int64)
        if goals:
            wanted = aims & self.goals[self.mentees]
            aims = np.where(wanted > 0, wanted, aims)
        data = SkillData(
            self.state.skills if true else self.seen,
            skill[columns.SKILL_WEIGHT],
            float(self.settings["learning"]["threshold"]),
        )
        aims_back = aims_of(skill, self.direction, False) if self.two_way else 0
        pair_tables.find_gaps(data, self.sides, aims, aims_back, found)
        return found

    def of_mentees(self, column: int) -> Real:
        """A real-valued column of the mentees, as a column of a table; shape (m, 1)."""
        return self.state.person[column, self.mentees][:, None]

    def of_mentors(self, column: int) -> Real:
        """A real-valued column of the mentors, as a row of a table; shape (1, n)."""
        return self.state.person[column, self.mentors][None, :]

    def rank_of_mentors(self) -> Real:
        """0 at the lowest level to 1 at the highest; shape (1, n)."""
        levels = max(2, int(self.state.counts[columns.LEVELS]))
        return ((self.state.whole[columns.LEVEL, self.mentors] - 1.0) / (levels - 1.0))[None, :]

    def same_department(self) -> NDArray[np.bool_]:
        """Where both work in one department; shape (m, n)."""
        department = self.state.whole[columns.PERSON_DEPARTMENT]
        return np.asarray(department[self.mentees][:, None] == department[self.mentors][None, :])
