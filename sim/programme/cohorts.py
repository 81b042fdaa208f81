"""Cohorts: when one opens, who is in it, and the pairs that it begins with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import columns
from sim.compiled import kernel
from sim.mechanisms.counting import add
from sim.mechanisms.pairs import add_pair
from sim.programme.assignment import ASSIGNMENTS, EXACT_UP_TO
from sim.programme.policies import DIRECTION_CODES, Policy
from sim.programme.roster_wishes import RosterWishes
from sim.programme.scoring import aims_of, score_pairs
from sim.programme.volunteering import volunteer
from sim.state import State

__all__ = ["cohort_months", "open_cohort"]

_BLOCK = 500
"""Participants per block where a cohort is too large for one table of scores."""


def cohort_months(programme: Mapping[str, Any], months: int) -> tuple[int, ...]:
    """Months in which a cohort opens: one after the other, as long as the whole cohort fits."""
    length = int(programme["cohort_months"])
    opening = range(int(programme["start_month"]), months - length + 1, length)
    limit = int(programme["cohorts"])
    return tuple(opening[:limit] if limit else opening)


def open_cohort(
    state: State,
    handle: Any,
    p: Any,
    month: int,
    policy: Policy,
    programme: Mapping[str, Any],
    wishes: RosterWishes | None = None,
) -> None:
    """Enrol, pair and begin a cohort.

    The number of pairs is `places` × headcount, the same under every policy as long as it can be
    filled; where more pairs are possible, those with the best scores begin.
    """
    people = state.whole.shape[1]
    joins = np.zeros(people, dtype=np.int64)
    willing = np.zeros(people, dtype=np.int64)
    order = np.zeros(people)
    universal = int(programme["participation"] == "universal")
    volunteer(handle, p, month, universal, joins, willing, order)
    if wishes is not None:
        wishes.apply_roles(state, joins, willing)
    direction = DIRECTION_CODES[policy.direction]
    active = int(state.whole[columns.ACTIVE].sum())
    places = round(float(programme["places"]) * active)
    capacity = int(programme["mentor_capacity"])
    mentees, mentors, scores = _make_pairs(
        state, handle, p, month, policy, joins, willing, order, capacity, places, wishes
    )
    _begin_pairs(
        handle,
        p,
        month,
        month + int(programme["cohort_months"]),
        direction,
        0 if programme["placebo"] else 1,
        1.0 - math.exp(-float(programme["training_hours"]) / 4.0),
        mentees,
        mentors,
        scores,
    )
    _note_participants(handle, p, month, joins, 0 if programme["placebo"] else 1)


def _make_pairs(
    state: State,
    handle: Any,
    p: Any,
    month: int,
    policy: Policy,
    joins: NDArray[np.int64],
    willing: NDArray[np.int64],
    order: NDArray[np.float64],
    capacity: int,
    places: int,
    wishes: RosterWishes | None,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Slots of mentees and mentors of the cohort's pairs, in the order of mentees, and their scores."""
    participants = np.flatnonzero(joins)
    participants = participants[np.argsort(order[participants], kind="stable")]
    chosen: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
    blocks = 1
    if len(participants) > EXACT_UP_TO:
        blocks = math.ceil(len(participants) / _BLOCK)
    for block in range(blocks):
        members = np.sort(participants[block::blocks])
        mentors = members[willing[members] == 1]
        scores = np.empty((len(members), len(mentors)))
        score_pairs(
            handle,
            p,
            month,
            members,
            mentors,
            DIRECTION_CODES[policy.direction],
            int(policy.score == "gap"),
            scores,
        )
        capacities = np.full(len(mentors), capacity)
        if wishes is not None:
            wishes.forbid(state, members, mentors, scores)
            capacities = wishes.capacities(state, mentors, capacity)
        found = ASSIGNMENTS[policy.assignment](scores, capacities, order[members])
        rows = np.flatnonzero(found >= 0)
        chosen.append((members[rows], mentors[found[rows]], scores[rows, found[rows]]))
    mentees = np.concatenate([part[0] for part in chosen])
    paired = np.concatenate([part[1] for part in chosen])
    values = np.concatenate([part[2] for part in chosen])
    best = np.lexsort((mentees, -values))[:places]
    best = best[np.argsort(mentees[best], kind="stable")]
    return mentees[best], paired[best], values[best]


@kernel
def _begin_pairs(state, p, month, end, direction, influence, training, mentees, mentors, scores):  # type: ignore[no-untyped-def]
    two_way = 0
    if direction == 3:
        two_way = 1
    aims_mentee = aims_of(state, direction, True)
    aims_mentor = aims_of(state, direction, False)
    for index in range(mentees.shape[0]):
        mentee = mentees[index]
        mentor = mentors[index]
        add_pair(
            state,
            mentor,
            mentee,
            month,
            month,
            end,
            1,
            two_way,
            direction,
            influence,
            aims_mentee,
            aims_mentor,
            p.meetings.first_quality,
            training,
            0.0,
            scores[index],
        )
        state.whole[columns.COHORTS_AS_MENTEE, mentee] += 1
        state.whole[columns.COHORTS_AS_MENTOR, mentor] += 1
        state.monthly[month, columns.M_OPENED] += 1.0


@kernel
def _note_participants(state, p, month, joins, influence):  # type: ignore[no-untyped-def]
    """Count participants and those turned away; being turned away is felt, except in a placebo."""
    whole = state.whole
    for slot in range(joins.shape[0]):
        if joins[slot] == 0:
            continue
        add(state, p, slot, columns.M_VOLUNTEERS, 1.0, month)
        if whole[columns.FORMAL_MENTORS, slot] + whole[columns.FORMAL_MENTEES, slot] > 0:
            add(state, p, slot, columns.M_PARTICIPANTS, 1.0, month)
        else:
            add(state, p, slot, columns.M_TURNED_AWAY, 1.0, month)
            if influence == 1:
                whole[columns.TURNED_AWAY, slot] = 1
