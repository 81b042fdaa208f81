"""How a cohort begins: its pairs enter the table of pairs, its participants are counted."""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import kernel
from sim.engine.counting import add
from sim.engine.pairs import add_pair
from sim.organisation.costs import pay_factor
from sim.programme.rules import aims_of

__all__ = ["begin_pairs", "count_participants"]


@kernel
def begin_pairs(  # type: ignore[no-untyped-def]
    state, records, month, begun, ends, direction, say, opens, goals, mentees, mentors, scores
):
    """Begin formal pairs between the slots `mentees` and `mentors`.

    Parameters
    ----------
    begun, ends
        For each pair, the month from which its meetings are planned, and the month after its last one.
    opens
        1 for pairs of a cohort that opens, 0 for those that a check-in or a shuffle makes.
    goals
        Bit masks of the skills that each mentee wants to learn; 0 = all that the direction aims at.

    Notes
    -----
    Across departments a shared language is lacking at first: the relationship begins lower.
    """
    p = records[0]
    whole = state.whole
    influence = 1 - p.programme.placebo
    two_way = 0
    if direction == columns.RECIPROCAL or direction == columns.PEER:
        two_way = 1
    aims_mentee = aims_of(state.skill, direction, True)
    aims_mentor = aims_of(state.skill, direction, False)
    for index in range(mentees.shape[0]):
        mentee = mentees[index]
        mentor = mentors[index]
        aims = aims_mentee
        if aims & goals[index] > 0:
            aims = aims & goals[index]
        quality = p.meetings.first_quality
        if whole[columns.PERSON_DEPARTMENT, mentee] != whole[columns.PERSON_DEPARTMENT, mentor]:
            quality = max(0.0, quality - p.meetings.language_effect)
        add_pair(
            state,
            mentor,
            mentee,
            month,
            begun[index],
            ends[index],
            1,
            two_way,
            direction,
            influence,
            aims,
            aims_mentor,
            quality,
            p.levers.training,
            say,
            scores[index],
        )
        if opens == 0:
            continue
        whole[columns.COHORTS_AS_MENTEE, mentee] += 1
        whole[columns.COHORTS_AS_MENTOR, mentor] += 1
        state.monthly[month, columns.M_OPENED] += 1.0
        state.monthly[month, columns.M_OPENED_PAY] += pay_factor(
            whole[columns.LEVEL, mentee], p
        ) + pay_factor(whole[columns.LEVEL, mentor], p)


@kernel
def count_participants(state, records, month, feels, asked, newly, trained):  # type: ignore[no-untyped-def]
    """Count those who asked for a place, got one, were trained, or were turned away.

    `asked`, `newly` (in a pair since now) and `trained` are 0 or 1 by slot. Where `feels` is 1, being
    turned away is felt.
    """
    p = records[0]
    whole = state.whole
    for slot in range(asked.shape[0]):
        whole[columns.VOLUNTEERED, slot] += asked[slot]
        if newly[slot] == 1:
            add(state, p, slot, columns.M_VOLUNTEERS, 1.0, month)
            add(state, p, slot, columns.M_PARTICIPANTS, 1.0, month)
        elif (
            asked[slot] == 1
            and whole[columns.FORMAL_MENTORS, slot] + whole[columns.FORMAL_MENTEES, slot] == 0
        ):
            add(state, p, slot, columns.M_VOLUNTEERS, 1.0, month)
            add(state, p, slot, columns.M_TURNED_AWAY, 1.0, month)
            if feels == 1:
                whole[columns.TURNED_AWAY, slot] = 1
        if trained[slot] == 1:
            add(state, p, slot, columns.M_TRAINED, 1.0, month)
            add(
                state,
                p,
                slot,
                columns.M_TRAINING_PAY,
                pay_factor(whole[columns.LEVEL, slot], p),
                month,
            )
