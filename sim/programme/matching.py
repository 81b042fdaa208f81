"""From people who came to pairs: places are given in order, scored and assigned until they are filled.

The number of places is the same under every policy, so that the dose is equal as long as the places can
be filled. Mentees for whom there may be a mentor get places in the order in which they came; those for whom
none is left make room for the next.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.programme.assignment import assign
from sim.programme.candidates import Candidates
from sim.programme.large_assignment import assign_large
from sim.programme.policies import Policy
from sim.programme.scores import FORBIDDEN, SCORES, Score
from sim.registry import ADDED

__all__ = ["EXACT_UP_TO", "Cohort", "Matches", "make_pairs", "score_of", "score_pairs"]

EXACT_UP_TO = 2_000
"""Mentees, or mentors, up to which one table of scores is made; see ``large_cohorts``."""

BLOCK = 500
"""Mentees, or mentors, of a block."""

Slots = NDArray[np.int64]
Real = NDArray[np.float64]


class Matches(NamedTuple):
    """Pairs: slots of mentees and mentors, and what the policy thought of each; shape (pairs,)."""

    mentees: Slots
    mentors: Slots
    scores: Real

    @classmethod
    def joined(cls, parts: list[Matches]) -> Matches:
        """All of several, in the order of mentees."""
        if not parts:
            return cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
        mentees, mentors, scores = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.argsort(mentees, kind="stable")
        return cls(mentees[order], mentors[order], scores[order])


class Cohort(NamedTuple):
    """Who is to be paired.

    Attributes
    ----------
    applicants
        Slots of those who may get a mentor, in the order in which they came.
    mentors
        Slots of those who may get mentees, in increasing order.
    room
        Mentees that each can still take, by slot; what is used up is subtracted.
    order
        Who came first, by slot: lowest number first.
    places
        Most pairs.
    apart
        Pairs (mentee, mentor) of slots that must not be made; shape (m, 2).
    """

    applicants: Slots
    mentors: Slots
    room: Slots
    order: Real
    places: int
    apart: Slots


def make_pairs(
    candidates_of: Callable[[Slots, Slots], Candidates],
    policy: Policy,
    programme: Mapping[str, Any],
    cohort: Cohort,
    score: Score | None = None,
) -> Matches:
    """Fill a cohort's places with pairs: the one way in which the simulation and pair lists make them.

    Parameters
    ----------
    candidates_of
        The candidates of given mentees and mentors (slots, in increasing order).
    policy, programme
        How pairs are made; the resolved ``[programme]`` section, with its rules.
    score
        What a pair is worth, in the place of the policy's own score.
    """
    return _Matching(candidates_of, policy, programme, cohort, score).all_pairs()


def score_of(policy: Policy) -> Score:
    """The policy's score, of the model or added from outside."""
    return ADDED.scores.get(policy.score) or SCORES[policy.score]


def score_pairs(
    candidates: Candidates, policy: Policy, apart: Slots, score: Score | None = None
) -> Real:
    """What every possible pair is worth, negative where one is ruled out; shape (m, n).

    The score is the policy's, of the model or added from outside, or `score`; direction, rules and `apart`
    (pairs of slots, mentee and mentor) rule out.
    """
    scores = np.where(candidates.allowed, (score or score_of(policy))(candidates), FORBIDDEN)
    if len(apart):
        mentees, mentors = candidates.mentees, candidates.mentors
        rows = np.minimum(np.searchsorted(mentees, apart[:, 0]), len(mentees) - 1)
        columns_ = np.minimum(np.searchsorted(mentors, apart[:, 1]), len(mentors) - 1)
        here = (mentees[rows] == apart[:, 0]) & (mentors[columns_] == apart[:, 1])
        scores[rows[here], columns_[here]] = FORBIDDEN
    return scores


@dataclass(frozen=True, slots=True)
class _Matching:
    """One cohort, one policy: see :func:`make_pairs`."""

    candidates_of: Callable[[Slots, Slots], Candidates]
    policy: Policy
    programme: Mapping[str, Any]
    cohort: Cohort
    score: Score | None

    def all_pairs(self) -> Matches:
        """Places are given round by round, until they are filled or nobody is left."""
        applicants, mentors, room = self.cohort[:3]
        made: list[Matches] = []
        begun, left = 0, self.cohort.places
        if left > 0 and not _is_large(applicants, mentors):
            applicants = self._with_prospects(applicants, mentors[room[mentors] > 0])
        grouped = self.programme["form"] == "group"
        while left > 0 and begun < len(applicants):
            taken = np.sort(applicants[begun : begun + left])
            begun += left
            free = mentors[room[mentors] > 0]
            if not len(free):
                break
            whole = _is_large(taken, free) and self._flows()
            dealt = [(taken, free)] if whole else _dealt(taken, free, self.cohort.order)
            for rows, columns_ in dealt:
                if grouped:
                    columns_ = self._leaders(rows, columns_)
                found = self._together(rows, columns_) if whole else self._assigned(rows, columns_)
                np.subtract.at(room, found.mentors, 1)
                left -= len(found.mentees)
                made.append(found)
            grouped = False
        return Matches.joined(made)

    def _with_prospects(self, applicants: Slots, mentors: Slots) -> Slots:
        """Applicants, in their order, for whom direction and rules admit at least one of the mentors."""
        return applicants[self.candidates_of(applicants, mentors).prospects()]

    def _flows(self) -> bool:
        """Whether large cohorts are paired all together along short lists."""
        return self.programme["large_cohorts"] == "flow" and self.policy.assignment in (
            "optimal",
            "protective",
        )

    def _lowest(self) -> float:
        """The lowest score that a pair may have."""
        everyone = bool(self.programme["everyone_matched"])
        return 0.0 if everyone else float(self.programme["minimum_score"])

    def _assigned(self, mentees: Slots, mentors: Slots) -> Matches:
        """The pairs of one table of scores."""
        candidates = self.candidates_of(mentees, mentors)
        scores = score_pairs(candidates, self.policy, self.cohort.apart, self.score)
        everyone = bool(self.programme["everyone_matched"])
        if not everyone:
            scores = np.where(scores >= self._lowest(), scores, FORBIDDEN)
        found = assign(
            self.policy.assignment,
            scores,
            self.cohort.room[mentors],
            self.cohort.order[mentees],
            everyone=everyone,
            lots=candidates.lots if self.policy.assignment == "random" else None,
        )
        rows = np.flatnonzero(found >= 0)
        return Matches(mentees[rows], mentors[found[rows]], scores[rows, found[rows]])

    def _together(self, mentees: Slots, mentors: Slots) -> Matches:
        """The pairs of a large cohort, without a table of all scores."""
        protective, lowest = self.policy.assignment == "protective", self._lowest()

        def score_block(rows: NDArray[np.intp], columns_: NDArray[np.intp]) -> Real:
            down, across = np.argsort(rows, kind="stable"), np.argsort(columns_, kind="stable")
            candidates = self.candidates_of(mentees[rows[down]], mentors[columns_[across]])
            scores = score_pairs(candidates, self.policy, self.cohort.apart, self.score)
            scores = np.where(scores >= lowest, scores, FORBIDDEN)
            if protective:
                scores = np.where(scores > 0.0, np.sqrt(np.maximum(scores, 0.0)), scores)
            block = np.empty_like(scores)
            block[np.ix_(down, across)] = scores
            return block

        found, _ = assign_large(
            score_block,
            len(mentees),
            self.cohort.room[mentors],
            everyone=bool(self.programme["everyone_matched"]),
        )
        rows = np.flatnonzero(found >= 0)
        scores = np.empty(len(rows))
        for begin in range(0, len(rows), BLOCK):
            part = rows[begin : begin + BLOCK]
            scores[begin : begin + BLOCK] = np.diagonal(score_block(part, found[part]))
        if protective:
            scores = scores * scores
        return Matches(mentees[rows], mentors[found[rows]], scores)

    def _leaders(self, mentees: Slots, mentors: Slots) -> Slots:
        """Mentors of groups: as few as the mentees need, those with the best groups to be had.

        A group is as large as its mentor still has room.
        """
        room = self.cohort.room[mentors]
        scores = score_pairs(
            self.candidates_of(mentees, mentors), self.policy, self.cohort.apart, self.score
        )
        best = -np.sort(-np.maximum(scores, 0.0), axis=0)
        within = np.arange(len(mentees))[:, None] < room
        worth = np.cumsum(np.where(within, best, 0.0), axis=0)[-1]
        ranked = np.lexsort((mentors, -worth))
        enough = int(np.searchsorted(np.cumsum(room[ranked]), len(mentees)))
        return np.sort(mentors[ranked[: enough + 1]])


def _dealt(mentees: Slots, mentors: Slots, order: Real) -> list[tuple[Slots, Slots]]:
    """The two sides as they are, or, where they are too many for one table, dealt into blocks.

    Blocks in which nobody is left on one side are passed over.
    """
    if not _is_large(mentees, mentors):
        return [(mentees, mentors)]
    blocks = math.ceil(max(len(mentees), len(mentors)) / BLOCK)
    dealt_mentees = mentees[np.argsort(order[mentees], kind="stable")]
    dealt_mentors = mentors[np.argsort(order[mentors], kind="stable")]
    return [
        (np.sort(dealt_mentees[block::blocks]), np.sort(dealt_mentors[block::blocks]))
        for block in range(min(blocks, len(mentees), len(mentors)))
    ]


def _is_large(mentees: Slots, mentors: Slots) -> bool:
    """Whether the two sides are too many for one table of scores."""
    return max(len(mentees), len(mentors)) > EXACT_UP_TO
