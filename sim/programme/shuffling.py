"""The null model of partners who do not last: every month mentees are dealt anew among their mentors.

People, places and planned meetings stay as they are; what goes is the relationship, which begins again with
every new partner. What a policy changes beyond this null model, it changes by whom it keeps together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel
from sim.engine.pairs import remove_ended_pairs
from sim.programme.beginning import NewPairs, Terms, begin_pairs
from sim.programme.moment import Moment
from sim.programme.policies import Policy
from sim.programme.rules import Sides, is_allowed, rules_of

__all__ = ["close_pairs", "deal_anew", "exchange_mentors"]

Slots = NDArray[np.int64]


def deal_anew(now: Moment, policies: Sequence[Policy], apart: Slots) -> None:
    """Deal the mentees of the running formal pairs anew among the mentors of pairs of their direction.

    A pair whose partners are no longer together ends, and another begins in its place, with its aims, its
    planned end and its months of meetings. Whom luck leaves together go on; so do those for whom the rules
    find nobody else. Nobody had a say in a partner who is dealt.

    Parameters
    ----------
    policies
        The programme's.
    apart
        Pairs (mentee, mentor) of slots that the roster rules out; shape (m, 2).
    """
    state, handle, records, month = now
    for direction in dict.fromkeys(policy.direction_code for policy in policies):
        crossing = all(
            policy.other_department for policy in policies if policy.direction_code == direction
        )
        dyad = state.dyad_whole[:, : int(state.counts[columns.DYADS])]
        formal = (dyad[columns.FORMAL] == 1) & (dyad[columns.DIRECTION] == direction)
        rows = np.flatnonzero(formal)
        rows = rows[np.argsort(dyad[columns.MENTEE, rows], kind="stable")]
        mentors = dyad[columns.MENTOR, rows].copy()
        sides = Sides(dyad[columns.MENTEE, rows], mentors, direction, int(crossing))
        exchange_mentors(handle, records, month, sides, apart)
        rows, mentors = (kept[mentors != dyad[columns.MENTOR, rows]] for kept in (rows, mentors))
        old = dyad[:, rows].copy()
        dyad[columns.ENDING, rows] = columns.DEALT_ANEW
        close_pairs(handle, records, month)
        pairs = NewPairs(
            mentees=old[columns.MENTEE],
            mentors=mentors,
            begun=old[columns.BEGUN],
            ends=old[columns.PLANNED_END],
            goals=old[columns.AIMS_MENTEE],
            scores=np.zeros(len(rows)),
        )
        begin_pairs(handle, records, month, Terms(direction, 0.0, 0), pairs)


@kernel
def exchange_mentors(state, records, month, sides, apart):
    """Shuffle mentors over mentees (slots, in increasing order) by exchanges that the rules admit.

    From the last mentee to the second, each exchanges mentors with one drawn by lot among herself and those
    before her (Fisher and Yates), unless either new pair is ruled out. So everybody always has a mentor,
    and without rules every order is as likely as any other. It goes four times round, so that rules which
    forbid many exchanges leave few people together. Changes `sides.mentors`, which has a mentor for each
    mentee; `apart` is as in :func:`deal_anew`.
    """
    whole = state.whole
    boss_of = state.post[columns.POST_BOSS]
    rules = rules_of(sides.direction, sides.other_department, records[0].programme)
    mentees = sides.mentees
    mentors = sides.mentors
    for turn in range(4):
        for place in range(mentees.shape[0] - 1, 0, -1):
            luck = draws.draw(state.luck, decisions.DEAL, mentees[place], -1, month)
            other = int(luck[turn] * (place + 1))
            admitted = True
            for mentee, mentor in (
                (mentees[place], mentors[other]),
                (mentees[other], mentors[place]),
            ):
                if not is_allowed(whole, boss_of, mentor, mentee, rules):
                    admitted = False
                for row in range(apart.shape[0]):
                    if apart[row, 0] == mentee and apart[row, 1] == mentor:
                        admitted = False
            if admitted:
                mentors[place], mentors[other] = mentors[other], mentors[place]


@kernel
def close_pairs(state, records, month):
    """Take the pairs that have an ending out of the table."""
    remove_ended_pairs(state, month)
