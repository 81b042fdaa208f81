"""The table of running pairs (dyads): how a pair enters it and leaves it.

Rows stay in the order in which pairs began; ended rows are closed up in one pass, so that the order in
which kernels visit pairs never depends on storage.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule

__all__ = ["NewPair", "add_pair", "remove_ended_pairs", "similarity_of_values"]


@rule
def similarity_of_values(values, one, other):
    """Deep-level similarity of two people, 0 to 1: ``exp(-|v1 - v2|² / (2 V))`` over V values.

    Two people drawn at random have 0.44 on average (closed form (1 + 2/V)^(-V/2) at V = 4), with a
    standard deviation of 0.23.
    """
    total = 0.0
    for value in range(values.shape[1]):
        difference = values[one, value] - values[other, value]
        total += difference * difference
    return math.exp(-total / (2.0 * values.shape[1]))


class NewPair(NamedTuple):
    """A relationship that begins.

    Attributes
    ----------
    mentor, mentee
        Slots.
    begun, planned_end
        Month written down as its first, and the month after its last meeting.
    formal, two_way, influence
        1 if the programme made it, if both teach, if anything follows from it; else 0.
    direction
        Code of :data:`sim.engine.columns.DIRECTIONS`.
    aims_mentee, aims_mentor
        Bit masks of the skills that each side is to learn.
    quality
        At which it begins, 0 to 1.
    training, say
        How far the two were trained, and chose each other, 0 to 1.
    score
        What the pairing policy thought of it.
    """

    mentor: int
    mentee: int
    begun: int
    planned_end: int
    formal: int
    two_way: int
    direction: int
    influence: int
    aims_mentee: int
    aims_mentor: int
    quality: float
    training: float
    say: float
    score: float


@kernel
def add_pair(state, pair, when):
    """Begin a relationship; all its counters start at zero. `when` addresses the draw of its chemistry."""
    whole = state.whole
    mentor = pair.mentor
    mentee = pair.mentee
    row = state.counts[columns.DYADS]
    for column in range(state.dyad.shape[0]):
        state.dyad[column, row] = 0.0
    for column in range(state.dyad_whole.shape[0]):
        state.dyad_whole[column, row] = 0
    luck = draws.draw(state.luck, decisions.CHEMISTRY, mentor, mentee, when)
    state.dyad[columns.QUALITY, row] = pair.quality
    state.dyad[columns.SIMILARITY, row] = similarity_of_values(state.values, mentor, mentee)
    state.dyad[columns.CHEMISTRY_TERM, row] = draws.normal(luck[0], luck[1])
    state.dyad[columns.TRAINING, row] = pair.training
    state.dyad[columns.SAY, row] = pair.say
    state.dyad[columns.SCORE, row] = pair.score
    dyad = state.dyad_whole
    dyad[columns.MENTOR, row] = mentor
    dyad[columns.MENTEE, row] = mentee
    dyad[columns.FORMAL, row] = pair.formal
    dyad[columns.TWO_WAY, row] = pair.two_way
    dyad[columns.DIRECTION, row] = pair.direction
    dyad[columns.INFLUENCE, row] = pair.influence
    dyad[columns.BEGUN, row] = pair.begun
    dyad[columns.PLANNED_END, row] = pair.planned_end
    dyad[columns.AIMS_MENTEE, row] = pair.aims_mentee
    dyad[columns.AIMS_MENTOR, row] = pair.aims_mentor
    dyad[columns.MENTOR_NUMBER, row] = whole[columns.NUMBER, mentor]
    dyad[columns.MENTEE_NUMBER, row] = whole[columns.NUMBER, mentee]
    dyad[columns.LEVEL_GAP, row] = whole[columns.LEVEL, mentor] - whole[columns.LEVEL, mentee]
    dyad[columns.AGE_GAP, row] = (
        whole[columns.BIRTH_MONTH, mentee] - whole[columns.BIRTH_MONTH, mentor]
    )
    if pair.formal == 1:
        whole[columns.FORMAL_MENTORS, mentee] += 1
        whole[columns.FORMAL_MENTEES, mentor] += 1
        if pair.influence == 1:
            whole[columns.HELPED_FORMALLY, mentee] = 1
    else:
        whole[columns.INFORMAL_MENTORS, mentee] += 1
        whole[columns.INFORMAL_MENTEES, mentor] += 1
    state.counts[columns.DYADS] = row + 1


@kernel
def remove_ended_pairs(state, month):
    """Close the rows of pairs with an ending, keep the order, and bring the people's counters up to date."""
    whole = state.whole
    dyad = state.dyad_whole
    reals = state.dyad
    keep = state.counts[columns.KEEP_DYADS]
    for slot in range(whole.shape[1]):
        whole[columns.FORMAL_MENTORS, slot] = 0
        whole[columns.FORMAL_MENTEES, slot] = 0
        whole[columns.INFORMAL_MENTORS, slot] = 0
        whole[columns.INFORMAL_MENTEES, slot] = 0
        whole[columns.HELPED_FORMALLY, slot] = 0
    kept = 0
    for row in range(state.counts[columns.DYADS]):
        if dyad[columns.ENDING, row] != columns.RUNNING:
            if keep == 1:
                _write_down(state, row, month)
            continue
        if kept < row:
            for column in range(reals.shape[0]):
                reals[column, kept] = reals[column, row]
            for column in range(dyad.shape[0]):
                dyad[column, kept] = dyad[column, row]
        mentor = dyad[columns.MENTOR, kept]
        mentee = dyad[columns.MENTEE, kept]
        influence = dyad[columns.INFLUENCE, kept]
        if dyad[columns.FORMAL, kept] == 1:
            whole[columns.FORMAL_MENTORS, mentee] += 1
            whole[columns.FORMAL_MENTEES, mentor] += 1
            if influence == 1:
                whole[columns.HELPED_FORMALLY, mentee] = 1
        else:
            whole[columns.INFORMAL_MENTORS, mentee] += 1
            whole[columns.INFORMAL_MENTEES, mentor] += 1
        kept += 1
    state.counts[columns.DYADS] = kept


@kernel
def _write_down(state, row, month):
    place = state.counts[columns.ENDED]
    reals = state.dyad.shape[0]
    wholes = state.dyad_whole.shape[0]
    for column in range(reals):
        state.ended[place, column] = state.dyad[column, row]
    for column in range(wholes):
        state.ended[place, reals + column] = state.dyad_whole[column, row]
    state.ended[place, reals + wholes] = month
    state.counts[columns.ENDED] = place + 1
