"""From people who came to pairs: places are given in order, scored and assigned until they are filled.

The number of places is the same under every policy, so that the dose is equal as long as the places can
be filled. Mentees for whom there may be a mentor get places in the order in which they came; those for whom
none is left make room for the next.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.programme.assignment import assign
from sim.programme.large_assignment import assign_large
from sim.programme.policies import Policy
from sim.programme.scores import FORBIDDEN, SCORES, Candidates, Score
from sim.registry import ADDED

__all__ = ["EXACT_UP_TO", "Matches", "make_pairs"]

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


def make_pairs(
    candidates_of: Callable[[Slots, Slots], Candidates],
    policy: Policy,
    programme: Mapping[str, Any],
    applicants: Slots,
    mentors: Slots,
    room: Slots,
    order: Real,
    places: int,
    apart: Slots,
) -> Matches:
    """Fill `places` with pairs.

    Parameters
    ----------
    candidates_of
        The candidates of given mentees and mentors (slots, in increasing order).
    policy, programme
        How pairs are made; the rules of the programme.
    applicants
        Slots of those who may get a mentor, in the order in which they came.
    mentors
        Slots of those who may get mentees, in increasing order.
    room
        Mentees that each can still take, by slot; what is used up is subtracted.
    order
        Who came first, by slot.
    places
        Most pairs.
    apart
        Pairs (mentee, mentor) of slots that must not be made; shape (m, 2).
    """
    made: list[Matches] = []
    begun, left = 0, places
    if not _is_large(applicants, mentors):
        applicants = _with_prospects(candidates_of, applicants, mentors[room[mentors] > 0])
    grouped = programme["form"] == "group"
    while left > 0 and begun < len(applicants):
        taken = np.sort(applicants[begun : begun + left])
        begun += left
        free = mentors[room[mentors] > 0]
        if not len(free):
            break
        whole = _is_large(taken, free) and _flows(policy, programme)
        dealt = [(taken, free)] if whole else _dealt(taken, free, order)
        for rows, columns_ in dealt:
            if grouped:
                columns_ = _leaders(candidates_of, policy, rows, columns_, room, apart)
            if whole:
                found = _together(candidates_of, policy, programme, rows, columns_, room, apart)
            else:
                found = _assigned(
                    candidates_of, policy, programme, rows, columns_, room, order, apart
                )
            np.subtract.at(room, found.mentors, 1)
            left -= len(found.mentees)
            made.append(found)
        grouped = False
    return Matches.joined(made)


def _with_prospects(
    candidates_of: Callable[[Slots, Slots], Candidates], applicants: Slots, mentors: Slots
) -> Slots:
    """Applicants, in their order, for whom direction and rules admit at least one of the mentors."""
    slots = np.sort(applicants)
    some = slots[candidates_of(slots, mentors).allowed.any(axis=1)]
    return applicants[np.isin(applicants, some)]


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


def _score_of(policy: Policy) -> Score:
    """The policy's score, of the model or added from outside."""
    return ADDED.scores.get(policy.score) or SCORES[policy.score]


def _scores(
    candidates_of: Callable[[Slots, Slots], Candidates],
    policy: Policy,
    mentees: Slots,
    mentors: Slots,
    apart: Slots,
) -> tuple[Candidates, Real]:
    """Candidates and their scores, negative where a pair is ruled out."""
    candidates = candidates_of(mentees, mentors)
    scores = np.where(candidates.allowed, _score_of(policy)(candidates), FORBIDDEN)
    if len(apart):
        rows, columns_ = (
            np.searchsorted(mentees, apart[:, 0]),
            np.searchsorted(mentors, apart[:, 1]),
        )
        rows, columns_ = np.minimum(rows, len(mentees) - 1), np.minimum(columns_, len(mentors) - 1)
        here = (mentees[rows] == apart[:, 0]) & (mentors[columns_] == apart[:, 1])
        scores[rows[here], columns_[here]] = FORBIDDEN
    return candidates, scores


def _assigned(
    candidates_of: Callable[[Slots, Slots], Candidates],
    policy: Policy,
    programme: Mapping[str, Any],
    mentees: Slots,
    mentors: Slots,
    room: Slots,
    order: Real,
    apart: Slots,
) -> Matches:
    """The pairs of one table of scores."""
    candidates, scores = _scores(candidates_of, policy, mentees, mentors, apart)
    everyone = bool(programme["everyone_matched"])
    if not everyone:
        scores = np.where(scores >= float(programme["minimum_score"]), scores, FORBIDDEN)
    lots = candidates.numbers[0] if policy.assignment == "random" else None
    found = assign(
        policy.assignment, scores, room[mentors], order[mentees], everyone=everyone, lots=lots
    )
    rows = np.flatnonzero(found >= 0)
    return Matches(mentees[rows], mentors[found[rows]], scores[rows, found[rows]])


def _is_large(mentees: Slots, mentors: Slots) -> bool:
    """Whether the two sides are too many for one table of scores."""
    return max(len(mentees), len(mentors)) > EXACT_UP_TO


def _flows(policy: Policy, programme: Mapping[str, Any]) -> bool:
    """Whether large cohorts are paired all together along short lists."""
    return programme["large_cohorts"] == "flow" and policy.assignment in ("optimal", "protective")


def _together(
    candidates_of: Callable[[Slots, Slots], Candidates],
    policy: Policy,
    programme: Mapping[str, Any],
    mentees: Slots,
    mentors: Slots,
    room: Slots,
    apart: Slots,
) -> Matches:
    """The pairs of a large cohort, without a table of all scores."""
    everyone = bool(programme["everyone_matched"])
    lowest = 0.0 if everyone else float(programme["minimum_score"])

    def score_block(rows: NDArray[np.intp], columns_: NDArray[np.intp]) -> Real:
        down, across = np.argsort(rows, kind="stable"), np.argsort(columns_, kind="stable")
        _, scores = _scores(
            candidates_of, policy, mentees[rows[down]], mentors[columns_[across]], apart
        )
        scores = np.where(scores >= lowest, scores, FORBIDDEN)
        if policy.assignment == "protective":
            scores = np.where(scores > 0.0, np.sqrt(np.maximum(scores, 0.0)), scores)
        block = np.empty_like(scores)
        block[np.ix_(down, across)] = scores
        return block

    found, _ = assign_large(score_block, len(mentees), room[mentors], everyone=everyone)
    rows = np.flatnonzero(found >= 0)
    scores = np.empty(len(rows))
    for begin in range(0, len(rows), BLOCK):
        part = rows[begin : begin + BLOCK]
        scores[begin : begin + BLOCK] = np.diagonal(score_block(part, found[part]))
    if policy.assignment == "protective":
        scores = scores * scores
    return Matches(mentees[rows], mentors[found[rows]], scores)


def _leaders(
    candidates_of: Callable[[Slots, Slots], Candidates],
    policy: Policy,
    mentees: Slots,
    mentors: Slots,
    room: Slots,
    apart: Slots,
) -> Slots:
    """Mentors of groups: as few as the mentees need, those with the best groups to be had.

    A group is as large as its mentor still has room.
    """
    _, scores = _scores(candidates_of, policy, mentees, mentors, apart)
    best = -np.sort(-np.maximum(scores, 0.0), axis=0)
    within = np.arange(len(mentees))[:, None] < room[mentors]
    worth = np.cumsum(np.where(within, best, 0.0), axis=0)[-1]
    ranked = mentors[np.lexsort((mentors, -worth))]
    enough = int(np.searchsorted(np.cumsum(room[ranked]), len(mentees)))
    return np.sort(ranked[: enough + 1])
