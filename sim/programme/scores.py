"""Scores: how good each possible pair looks to those who make the pairs.

A score is a function of the :class:`Candidates` that returns a table (mentees × mentors): 0 or more, or
negative where it rules a pair out. What barring rules forbid is left out afterwards, for all alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.state import State
from sim.programme import pair_tables
from sim.programme.rules import aims_of, allow_pairs

__all__ = ["FORBIDDEN", "SCORES", "Candidates", "Score"]

FORBIDDEN = -1.0

Real = NDArray[np.float64]
Slots = NDArray[np.int64]


@dataclass(eq=False)
class Candidates:
    """The two sides of a cohort, and what can be known of every possible pair.

    Attributes
    ----------
    state, handle, records
        The world, as Python and as compiled code see it, and its parameters for the
        latter (an array of one record).
    settings
        Its resolved settings, by section and name.
    month
        In which pairs are made.
    mentees, mentors
        Slots of the two sides; shapes (m,) and (n,).
    direction
        Code of :data:`sim.engine.columns.DIRECTIONS`.
    other_department
        Whether pairs must cross departments.
    goals
        Bit masks of the skills that people want to learn, 0 where unknown; shape (people,).
    """

    state: State
    handle: Any
    records: Any
    settings: Mapping[str, Mapping[str, Any]]
    month: int
    mentees: Slots
    mentors: Slots
    direction: int
    other_department: bool
    goals: Slots

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees and mentors."""
        return len(self.mentees), len(self.mentors)

    @property
    def two_way(self) -> bool:
        """Whether both sides teach."""
        return self.direction in (columns.RECIPROCAL, columns.PEER)

    @cached_property
    def allowed(self) -> NDArray[np.bool_]:
        """Where direction and rules admit a pair; shape (m, n)."""
        found = np.zeros(self.shape, dtype=np.int64)
        allow_pairs(
            self.handle,
            self.records,
            self.mentees,
            self.mentors,
            self.direction,
            int(self.other_department),
            found,
        )
        return found == 1

    @cached_property
    def seen(self) -> Real:
        """Skills as the skill data have them, 0 to 1, of the two sides; shape (people, K)."""
        found = np.zeros(self.state.skills.shape)
        members = np.union1d(self.mentees, self.mentors)
        pair_tables.see_skills(self.handle, self.records, self.month, members, found)
        return found

    @cached_property
    def numbers(self) -> Real:
        """Each pair's lot, in (0, 1), and a standard normal number; shape (2, m, n)."""
        found = np.empty((2, *self.shape))
        pair_tables.draw_pairs(self.handle, self.mentees, self.mentors, self.month, found)
        return found

    @cached_property
    def similarity(self) -> Real:
        """Deep-level similarity, 0 to 1; shape (m, n)."""
        found = np.empty(self.shape)
        pair_tables.find_similarities(self.handle, self.mentees, self.mentors, found)
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
        skill, found = self.state.skill, np.zeros(self.shape)
        seen = self.state.skills if true else self.seen
        threshold = float(self.settings["learning"]["threshold"])
        aims = np.full(len(self.mentees), aims_of(skill, self.direction, True), dtype=np.int64)
        if goals:
            wanted = aims & self.goals[self.mentees]
            aims = np.where(wanted > 0, wanted, aims)
        pair_tables.find_gaps(seen, skill, threshold, self.mentors, self.mentees, aims, 1, found)
        if self.two_way:
            aims = np.full(len(self.mentors), aims_of(skill, self.direction, False), dtype=np.int64)
            pair_tables.find_gaps(
                seen, skill, threshold, self.mentees, self.mentors, aims, 0, found
            )
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


def lots(candidates: Candidates) -> Real:
    """``random``: a number in (0, 1) for each pair."""
    return candidates.numbers[0]


def usable_gap(candidates: Candidates) -> Real:
    """``gap``: what there is to teach, by the skill data."""
    return candidates.gaps()


def wanted_gap(candidates: Candidates) -> Real:
    """``goals``: what there is to teach of what each mentee wants to learn, by the skill data."""
    return candidates.gaps(goals=True)


def likeness(candidates: Candidates) -> Real:
    """``similarity``: likeness as a matching form catches it, half of the rest department, half age.

    ``depth · deep + (1 - depth) · ([same department] + (1 - years apart / 30)^+) / 2``.
    """
    depth = float(candidates.settings["pairing"]["similarity_depth"])
    born = candidates.state.whole[columns.BIRTH_MONTH]
    apart = np.abs(born[candidates.mentees][:, None] - born[candidates.mentors][None, :]) / 12.0
    background = 0.5 * candidates.same_department() + 0.5 * np.maximum(0.0, 1.0 - apart / 30.0)
    return depth * candidates.similarity + (1.0 - depth) * background


def wishes(candidates: Candidates) -> Real:
    """``wishes``: each mentee's liking for the few mentors in sight; the others are ruled out.

    ``status · rank + (1 - status) · similarity``. Those in sight are known or prominent, so that the
    same few are wished for by many; a mentor who is wished for does not always accept.
    """
    pairing = candidates.settings["pairing"]
    arrival = np.empty(candidates.shape)
    pair_tables.race_for_sight(
        candidates.handle,
        candidates.records,
        candidates.mentees,
        candidates.mentors,
        candidates.month,
        arrival,
    )
    arrival[~candidates.allowed] = np.inf
    status = float(pairing["status_seeking"])
    liking = status * candidates.rank_of_mentors() + (1.0 - status) * candidates.similarity
    places = np.argsort(np.argsort(arrival, axis=1, kind="stable"), axis=1, kind="stable")
    accepted = candidates.numbers[0] < float(pairing["acceptance"])
    seen = (places < int(pairing["visible_mentors"])) & accepted
    return np.where(seen, liking, FORBIDDEN)


def judgement(candidates: Candidates) -> Real:
    """``coordinator``: the gap as a coordinator sees it who knows some people, and has favourites.

    ``gap · (1 + favourites · output of the mentor)`` where both are known, else next to nothing. People
    are known with a probability of ``knows / headcount · (1/2 + 2 · rank)``.
    """

    def known(slots: Slots) -> NDArray[np.bool_]:
        found = np.zeros(len(slots), dtype=np.int64)
        pair_tables.find_known(
            candidates.handle, candidates.records, candidates.month, slots, found
        )
        return found == 1

    favourites = float(candidates.settings["pairing"]["favourites"])
    output = candidates.of_mentors(columns.OUTPUT)
    both = known(candidates.mentees)[:, None] & known(candidates.mentors)[None, :]
    liked = candidates.gaps() * (1.0 + favourites * output)
    return np.where(both, liked, 1e-6 * candidates.numbers[0])


def prediction(candidates: Candidates) -> Real:
    """``predicted``: a prediction of the true fit, with noise and what it has learnt to prefer.

    With z the true fit in standard deviations over the allowed pairs, ``accuracy · z + (1 - accuracy²)^½
    · noise + bias · [same department]``, put on a scale of about 0 to 1.
    """
    pairing = candidates.settings["pairing"]
    fit = np.empty(candidates.shape)
    pair_tables.expect_gains(
        candidates.handle,
        candidates.records,
        candidates.mentees,
        candidates.mentors,
        candidates.gaps(true=True),
        fit,
    )
    of_allowed = fit[candidates.allowed]
    mean = float(np.cumsum(of_allowed)[-1]) / len(of_allowed) if len(of_allowed) else 0.0
    squares = np.cumsum((of_allowed - mean) ** 2)
    spread = float(np.sqrt(squares[-1] / len(of_allowed))) if len(of_allowed) else 0.0
    accuracy = float(pairing["prediction_accuracy"])
    standard = (fit - mean) / spread if spread > 0.0 else np.zeros(candidates.shape)
    predicted = (
        accuracy * standard
        + float(np.sqrt(1.0 - accuracy * accuracy)) * candidates.numbers[1]
        + float(pairing["prediction_bias"]) * candidates.same_department()
    )
    return np.maximum(1e-6, 0.5 + 0.1 * predicted)


Score = Callable[[Candidates], Real]

SCORES: dict[str, Score] = {
    "random": lots,
    "gap": usable_gap,
    "goals": wanted_gap,
    "similarity": likeness,
    "wishes": wishes,
    "coordinator": judgement,
    "predicted": prediction,
}
"""By the name in a scenario file."""
