"""The table of running pairs (dyads): how a pair enters it and leaves it.

Rows stay in the order in which pairs began; ended rows are closed up in one pass, so that the order in
which kernels visit pairs never depends on storage.
"""

from __future__ import annotations

import math

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule

__all__ = ["add_pair", "remove_ended_pairs", "similarity_of_values"]


@rule
def similarity_of_values(values, one, other):  # type: ignore[no-untyped-def]
    """Deep-level similarity of two people, 0 to 1: ``exp(-|v1 - v2|² / (2 V))`` over V values.

    Two people drawn at random have 0.44 on average (closed form (1 + 2/V)^(-V/2) at V = 4), with a
    standard deviation of 0.23.
    """
    total = 0.0
    for value in range(values.shape[1]):
        difference = values[one, value] - values[other, value]
        total += difference * difference
    return math.exp(-total / (2.0 * values.shape[1]))


@kernel
def add_pair(  # type: ignore[no-untyped-def]
    state,
    mentor,
    mentee,
    when,
    begun,
    planned_end,
    formal,
    two_way,
    direction,
    influence,
    aims_mentee,
    aims_mentor,
    quality,
    training,
    say,
    score,
):
    """Begin a relationship; all its counters start at zero. `when` addresses the draw of its chemistry."""
    whole = state.whole
    row = state.counts[columns.DYADS]
    for column in range(state.dyad.shape[0]):
        state.dyad[column, row] = 0.0
    for column in range(state.dyad_whole.shape[0]):
        state.dyad_whole[column, row] = 0
    luck = draws.draw(state.luck, decisions.CHEMISTRY, mentor, mentee, when)
    state.dyad[columns.QUALITY, row] = quality
    state.dyad[columns.SIMILARITY, row] = similarity_of_values(state.values, mentor, mentee)
    state.dyad[columns.CHEMISTRY_TERM, row] = draws.normal(luck[0], luck[1])
    state.dyad[columns.TRAINING, row] = training
    state.dyad[columns.SAY, row] = say
    state.dyad[columns.SCORE, row] = score
    dyad = state.dyad_whole
    dyad[columns.MENTOR, row] = mentor
    dyad[columns.MENTEE, row] = mentee
    dyad[columns.FORMAL, row] = formal
    dyad[columns.TWO_WAY, row] = two_way
    dyad[columns.DIRECTION, row] = direction
    dyad[columns.INFLUENCE, row] = influence
    dyad[columns.BEGUN, row] = begun
    dyad[columns.PLANNED_END, row] = planned_end
    dyad[columns.AIMS_MENTEE, row] = aims_mentee
    dyad[columns.AIMS_MENTOR, row] = aims_mentor
    dyad[columns.MENTOR_NUMBER, row] = whole[columns.NUMBER, mentor]
    dyad[columns.MENTEE_NUMBER, row] = whole[columns.NUMBER, mentee]
    dyad[columns.LEVEL_GAP, row] = whole[columns.LEVEL, mentor] - whole[columns.LEVEL, mentee]
    dyad[columns.AGE_GAP, row] = (
        whole[columns.BIRTH_MONTH, mentee] - whole[columns.BIRTH_MONTH, mentor]
    )
    if formal == 1:
        whole[columns.FORMAL_MENTORS, mentee] += 1
        whole[columns.FORMAL_MENTEES, mentor] += 1
        if influence == 1:
            whole[columns.HELPED_FORMALLY, mentee] = 1
    else:
        whole[columns.INFORMAL_MENTORS, mentee] += 1
        whole[columns.INFORMAL_MENTEES, mentor] += 1
    state.counts[columns.DYADS] = row + 1


@kernel
def remove_ended_pairs(state, p, month):  # type: ignore[no-untyped-def]
    """Close the rows of pairs with an ending, keep the order, and bring the people's counters up to date.

    Embeddedness is what the running relationships with influence add up to:
    ``E = min(1, sum of qualities / embeddedness_at)``.
    """
    whole = state.whole
    dyad = state.dyad_whole
    reals = state.dyad
    embeddedness = state.person[columns.EMBEDDEDNESS]
    keep = state.counts[columns.KEEP_DYADS]
    for slot in range(whole.shape[1]):
        whole[columns.FORMAL_MENTORS, slot] = 0
        whole[columns.FORMAL_MENTEES, slot] = 0
        whole[columns.INFORMAL_MENTORS, slot] = 0
        whole[columns.INFORMAL_MENTEES, slot] = 0
        whole[columns.HELPED_FORMALLY, slot] = 0
        embeddedness[slot] = 0.0
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
        if influence == 1:
            hold = reals[columns.QUALITY, kept] / p.meetings.embeddedness_at
            embeddedness[mentor] += hold
            embeddedness[mentee] += hold
        kept += 1
    state.counts[columns.DYADS] = kept
    for slot in range(whole.shape[1]):
        if embeddedness[slot] > 1.0:
            embeddedness[slot] = 1.0


@kernel
def _write_down(state, row, month):  # type: ignore[no-untyped-def]
    place = state.counts[columns.ENDED]
    reals = state.dyad.shape[0]
    wholes = state.dyad_whole.shape[0]
    for column in range(reals):
        state.ended[place, column] = state.dyad[column, row]
    for column in range(wholes):
        state.ended[place, reals + column] = state.dyad_whole[column, row]
    state.ended[place, reals + wholes] = month
    state.counts[columns.ENDED] = place + 1
