"""Scores: how good each possible pair looks to those who make the pairs.

A score is a function of the :class:`Candidates` that returns a table (mentees × mentors): 0 or more, or
negative where it rules a pair out. What barring rules forbid is left out afterwards, for all alike; the
scores below do not even look at it, and say :data:`FORBIDDEN` there.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.pairs import similarity_of_values
from sim.programme.candidates import Candidates
from sim.programme.pair_tables import expected_gain

__all__ = [
    "FORBIDDEN",
    "SCORES",
    "Candidates",
    "Score",
    "fill_judgements",
    "fill_likeness",
    "fill_predictions",
    "fill_wishes",
    "find_known",
    "judgement",
    "likeness",
    "lots",
    "prediction",
    "rank_of",
    "usable_gap",
    "wanted_gap",
    "wishes",
]

FORBIDDEN = -1.0

Real = NDArray[np.float64]


def lots(candidates: Candidates) -> Real:
    """``random``: a number in (0, 1) for each pair."""
    return candidates.lots


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
    return _filled(fill_likeness, candidates, candidates.allowed)


def wishes(candidates: Candidates) -> Real:
    """``wishes``: each mentee's liking for the few mentors in sight; the others are ruled out.

    ``status · rank + (1 - status) · similarity``. Those in sight are known or prominent, so that the
    same few are wished for by many; a mentor who is wished for does not always accept.
    """
    return _filled(fill_wishes, candidates, candidates.allowed)


def judgement(candidates: Candidates) -> Real:
    """``coordinator``: the gap as a coordinator sees it who knows some people, and has favourites.

    ``gap · (1 + favourites · output of the mentor)`` where both are known, else next to nothing. People
    are known with a probability of ``knows / headcount · (1/2 + 2 · rank)``.
    """
    return _filled(fill_judgements, candidates, candidates.allowed, candidates.gaps())


def prediction(candidates: Candidates) -> Real:
    """``predicted``: a prediction of the true fit, with noise and what it has learnt to prefer.

    With z the true fit in standard deviations over the allowed pairs, ``accuracy · z + (1 - accuracy²)^½
    · noise + bias · [same department]``, put on a scale of about 0 to 1.
    """
    return _filled(fill_predictions, candidates, candidates.allowed, candidates.gaps(true=True))


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


def _filled(
    fill: Callable[..., None], candidates: Candidates, allowed: NDArray[np.bool_], *more: Real
) -> Real:
    """A table that a kernel has filled where pairs are allowed; elsewhere they are forbidden."""
    handle, records, month = candidates.now[1:]
    table = np.full(candidates.shape, FORBIDDEN)
    fill(handle, records, month, candidates.sides, allowed, *more, table)
    return table


# --- the kernels: they fill their last argument where pairs are allowed -----------------------------------


@kernel
def fill_likeness(state, records, month, sides, allowed, table):
    """Likeness as a matching form catches it: see :func:`likeness`."""
    depth = records[0].pairing.similarity_depth
    values = state.values
    born = state.whole[columns.BIRTH_MONTH]
    department = state.whole[columns.PERSON_DEPARTMENT]
    for i in range(table.shape[0]):
        mentee = sides.mentees[i]
        for j in range(table.shape[1]):
            if allowed[i, j]:
                mentor = sides.mentors[j]
                apart = abs(born[mentee] - born[mentor]) / 12.0
                same = 1.0 if department[mentee] == department[mentor] else 0.0
                background = 0.5 * same + 0.5 * max(0.0, 1.0 - apart / 30.0)
                deep = similarity_of_values(values, mentee, mentor)
                table[i, j] = depth * deep + (1.0 - depth) * background


@rule
def rank_of(level, levels):
    """0 at the lowest of the levels to 1 at the highest."""
    return (level - 1.0) / (max(2, levels) - 1.0)


@kernel
def fill_wishes(state, records, month, sides, allowed, table):
    """Liking for those in sight who would accept: see :func:`wishes`.

    Mentors race for the sight of each mentee. Arrival times are exponential with rate ``exp(prominence ·
    rank) · acquaintance [known]``, rank 0 to 1; the earliest are seen, of equals the first.
    """
    p = records[0].pairing
    world_luck = state.luck
    values = state.values
    ties = state.ties
    rank = np.empty(table.shape[1])
    for j in range(rank.shape[0]):
        level = state.whole[columns.LEVEL, sides.mentors[j]]
        rank[j] = rank_of(level, state.counts[columns.LEVELS])
    arrival = np.empty(table.shape[1])
    accepts = np.empty(table.shape[1])
    visible = int(p.visible_mentors)
    for i in range(table.shape[0]):
        mentee = sides.mentees[i]
        for j in range(arrival.shape[0]):
            arrival[j] = np.inf
            if allowed[i, j]:
                mentor = sides.mentors[j]
                luck = draws.draw(world_luck, decisions.PAIRING, mentor, mentee, month)
                rate = math.exp(p.prominence * rank[j])
                for place in range(ties.shape[1]):
                    if ties[mentee, place] == mentor:
                        rate *= p.acquaintance
                arrival[j] = -math.log(luck[1]) / rate
                accepts[j] = luck[0]
        for _ in range(min(visible, arrival.shape[0])):
            first = 0
            for j in range(arrival.shape[0]):
                if arrival[j] < arrival[first]:
                    first = j
            if arrival[first] == np.inf:
                break
            arrival[first] = np.inf
            if accepts[first] < p.acceptance:
                deep = similarity_of_values(values, mentee, sides.mentors[first])
                table[i, first] = p.status_seeking * rank[first] + (1.0 - p.status_seeking) * deep


@kernel
def find_known(state, records, month, slots):
    """Whether a coordinator who pairs by hand knows each of the slots' people.

    The probability is ``coordinator_knows / headcount · (1/2 + 2 · rank)``, rank 0 to 1.
    """
    p = records[0]
    active = 0
    for slot in range(state.whole.shape[1]):
        active += state.whole[columns.ACTIVE, slot]
    known = np.empty(slots.shape[0], dtype=np.bool_)
    for index in range(slots.shape[0]):
        slot = slots[index]
        luck = draws.draw(state.luck, decisions.JUDGEMENT, slot, -1, month)
        rank = rank_of(state.whole[columns.LEVEL, slot], state.counts[columns.LEVELS])
        known[index] = luck[0] < p.pairing.coordinator_knows / active * (0.5 + 2.0 * rank)
    return known


@kernel
def fill_judgements(state, records, month, sides, allowed, gaps, table):
    """The gap as a coordinator sees it: see :func:`judgement`."""
    favourites = records[0].pairing.favourites
    world_luck = state.luck
    output = state.person[columns.OUTPUT]
    known_mentees = find_known(state, records, month, sides.mentees)
    known_mentors = find_known(state, records, month, sides.mentors)
    for i in range(table.shape[0]):
        mentee = sides.mentees[i]
        for j in range(table.shape[1]):
            if allowed[i, j]:
                mentor = sides.mentors[j]
                if known_mentees[i] and known_mentors[j]:
                    table[i, j] = gaps[i, j] * (1.0 + favourites * output[mentor])
                else:
                    luck = draws.draw(world_luck, decisions.PAIRING, mentor, mentee, month)
                    table[i, j] = 1e-6 * luck[0]


@kernel
def fill_predictions(state, records, month, sides, allowed, gaps, table):
    """A prediction of the true fit: see :func:`prediction`. `gaps` are those of the true skills."""
    p = records[0]
    world_luck = state.luck
    department = state.whole[columns.PERSON_DEPARTMENT]
    count = 0
    total = 0.0
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            if allowed[i, j]:
                fit = expected_gain(state, p, sides.mentors[j], sides.mentees[i], gaps[i, j])
                table[i, j] = fit
                total += fit
                count += 1
    if count == 0:
        return
    mean = total / count
    squares = 0.0
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            if allowed[i, j]:
                squares += (table[i, j] - mean) * (table[i, j] - mean)
    spread = math.sqrt(squares / count)
    accuracy = p.pairing.prediction_accuracy
    noisiness = math.sqrt(1.0 - accuracy * accuracy)
    for i in range(table.shape[0]):
        mentee = sides.mentees[i]
        for j in range(table.shape[1]):
            if allowed[i, j]:
                mentor = sides.mentors[j]
                standard = 0.0
                if spread > 0.0:
                    standard = (table[i, j] - mean) / spread
                luck = draws.draw(world_luck, decisions.PAIRING, mentor, mentee, month)
                same = 1.0 if department[mentee] == department[mentor] else 0.0
                predicted = (
                    accuracy * standard
                    + noisiness * draws.normal(luck[1], luck[2])
                    + p.pairing.prediction_bias * same
                )
                table[i, j] = max(1e-6, 0.5 + 0.1 * predicted)
