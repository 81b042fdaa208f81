"""How a cohort begins: its pairs enter the table of pairs, its participants are counted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.compiled import kernel
from sim.engine.counting import add
from sim.engine.pairs import NewPair, add_pair
from sim.organisation.costs import pay_factor
from sim.programme.rules import aims_of

__all__ = ["NewPairs", "Participants", "Terms", "begin_pairs", "count_participants"]


class NewPairs(NamedTuple):
    """Formal pairs that begin; each of shape (pairs,).

    Attributes
    ----------
    mentees, mentors
        Slots.
    begun, ends
        The month from which meetings are planned, and the month after the last one.
    goals
        Bit masks of the skills that each mentee wants to learn; 0 = all that the direction aims at.
    scores
        What the policy thought of each.
    """

    mentees: NDArray[np.int64]
    mentors: NDArray[np.int64]
    begun: NDArray[np.int64]
    ends: NDArray[np.int64]
    goals: NDArray[np.int64]
    scores: NDArray[np.float64]


class Terms(NamedTuple):
    """What new pairs have in common.

    Attributes
    ----------
    direction
        Code of :data:`sim.engine.columns.DIRECTIONS`.
    say
        How far the two chose each other, 0 to 1.
    opens
        1 for pairs of a cohort that opens, 0 for those that a check-in or a shuffle makes.
    """

    direction: int
    say: float
    opens: int


class Participants(NamedTuple):
    """Who asked for a place, is in a pair since now, and was trained: 0 or 1 by slot; shape (people,)."""

    asked: NDArray[np.int64]
    newly: NDArray[np.int64]
    trained: NDArray[np.int64]


@kernel
def begin_pairs(state, records, month, terms, pairs):
    """Begin formal pairs (:class:`NewPairs`) on the same :class:`Terms`.

    Notes
    -----
    Across departments a shared language is lacking at first: the relationship begins lower.
    """
    p = records[0]
    whole = state.whole
    direction = terms.direction
    influence = 1 - p.programme.placebo
    two_way = 0
    if direction == columns.RECIPROCAL or direction == columns.PEER:
        two_way = 1
    aims_mentee = aims_of(state.skill, direction, True)
    aims_mentor = aims_of(state.skill, direction, False)
    for index in range(pairs.mentees.shape[0]):
        mentee = pairs.mentees[index]
        mentor = pairs.mentors[index]
        aims = aims_mentee
        if aims & pairs.goals[index] > 0:
            aims = aims & pairs.goals[index]
        quality = p.meetings.first_quality
        if whole[columns.PERSON_DEPARTMENT, mentee] != whole[columns.PERSON_DEPARTMENT, mentor]:
            quality = max(0.0, quality - p.meetings.language_effect)
        pair = NewPair(
            mentor,
            mentee,
            pairs.begun[index],
            pairs.ends[index],
            1,
            two_way,
            direction,
            influence,
            aims,
            aims_mentor,
            quality,
            p.levers.training,
            terms.say,
            pairs.scores[index],
        )
        add_pair(state, pair, month)
        if terms.opens == 0:
            continue
        whole[columns.COHORTS_AS_MENTEE, mentee] += 1
        whole[columns.COHORTS_AS_MENTOR, mentor] += 1
        state.monthly[month, columns.M_OPENED] += 1.0
        state.monthly[month, columns.M_OPENED_PAY] += pay_factor(
            whole[columns.LEVEL, mentee], p
        ) + pay_factor(whole[columns.LEVEL, mentor], p)


@kernel
def count_participants(state, records, month, feels, people):
    """Count those who asked for a place, got one, were trained, or were turned away (:class:`Participants`).

    Where `feels` is 1, being turned away is felt.
    """
    p = records[0]
    whole = state.whole
    for slot in range(whole.shape[1]):
        whole[columns.VOLUNTEERED, slot] += people.asked[slot]
        if people.newly[slot] == 1:
            add(state, p, slot, columns.M_VOLUNTEERS, 1.0, month)
            add(state, p, slot, columns.M_PARTICIPANTS, 1.0, month)
        elif (
            people.asked[slot] == 1
            and whole[columns.FORMAL_MENTORS, slot] + whole[columns.FORMAL_MENTEES, slot] == 0
        ):
            add(state, p, slot, columns.M_VOLUNTEERS, 1.0, month)
            add(state, p, slot, columns.M_TURNED_AWAY, 1.0, month)
            if feels == 1:
                whole[columns.TURNED_AWAY, slot] = 1
        if people.trained[slot] == 1:
            add(state, p, slot, columns.M_TRAINED, 1.0, month)
            pay = pay_factor(whole[columns.LEVEL, slot], p)
            add(state, p, slot, columns.M_TRAINING_PAY, pay, month)
