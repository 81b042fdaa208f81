"""Informal mentoring: people find a mentor among those whose advice they seek, with or without a programme.

It happens under every policy, "no programme" included (M-PREV); a running formal mentor crowds part of
it out.
"""

from __future__ import annotations

import math

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.pairs import NewPair, add_pair, similarity_of_values
from sim.mechanisms.mechanism import Mechanism
from sim.organisation.people import seeking, weighted_skill
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "find_mentors", "liking", "search_for_mentors", "search_probability"]

PARAMETERS = ParameterGroup(
    "informal",
    "Informal mentoring",
    (
        Parameter(
            "search_rate",
            0.065,
            "per month",
            "Probability that somebody without an informal "
            "mentor, with middling growth need, turns to one of their ties.",
            0.0,
            1.0,
            source="M-PREV (about 23 % with an informal mentor at a time)",
            grade="derived",
            prior=(0.02, 0.1),
            neutral=0.0,
        ),
        Parameter(
            "crowding_out",
            0.5,
            "share",
            "How far a formal mentor makes one stop looking.",
            0.0,
            1.0,
            source="M-PREV (direction)",
            grade="assumed",
            prior=(0.0, 1.0),
        ),
        Parameter(
            "by_promise",
            1.0,
            "per unit of skill",
            "How much rather a mentor takes somebody of promise: potential above the ordinary.",
            0.0,
            10.0,
            source="mentors choose those who perform and promise (Allen 2004, direction)",
            grade="assumed",
            prior=(0.0, 2.0),
            neutral=0.0,
        ),
        Parameter(
            "ordinary_promise",
            0.55,
            "skill",
            "Potential, weighted over skills, that neither helps nor hinders.",
            0.0,
            1.0,
            source="scale of the model",
            grade="assumed",
        ),
        Parameter(
            "seniority_months",
            24.0,
            "months",
            "Longer tenure that makes somebody at the same level a possible mentor.",
            0.0,
            600.0,
            source="informal mentors are more senior",
            grade="assumed",
        ),
        Parameter(
            "capacity",
            3,
            "mentees",
            "Most informal mentees per mentor.",
            1,
            20,
            source="M-CAP",
            grade="derived",
            kind="integer",
        ),
        Parameter(
            "first_quality",
            0.55,
            "0 to 1",
            "Quality at which an informal relationship begins: the two already know each other.",
            0.0,
            1.0,
            source="M-SIZE (informal ties are closer)",
            grade="assumed",
            prior=(0.4, 0.7),
        ),
    ),
)


@rule
def search_probability(growth_need, helped_formally, sought, p):
    """Probability of looking for an informal mentor this month.

    ``rate · 2 · growth need · (1 - crowding out · [has a formal mentor]) · seeking``, growth need 0 to 1;
    `sought` as :func:`sim.organisation.people.seeking` has it.
    """
    probability = p.search_rate * 2.0 * growth_need * sought
    if helped_formally == 1:
        probability = probability * (1.0 - p.crowding_out)
    return probability


@rule
def liking(similarity, potential, p):
    """Probability that somebody who is turned to takes a mentee on.

    ``similarity · (1 + by_promise (potential - ordinary))^+``, at most 1.
    """
    promise = max(0.0, 1.0 + p.by_promise * (potential - p.ordinary_promise))
    return min(1.0, similarity * promise)


@kernel
def search_for_mentors(state, p, when, begun):
    """Everybody without an informal mentor may turn to one of their ties; liking decides (deep similarity).

    `when` addresses the draws, `begun` is written down as the month in which new pairs began.
    """
    whole = state.whole
    ties = state.ties
    values = state.values
    growth_need = state.person[columns.GROWTH_NEED]
    world_luck = state.luck
    places = ties.shape[1]
    everything = (1 << state.skills.shape[1]) - 1
    luck = state.numbers
    draws.draw_for_all(world_luck, decisions.INFORMAL_SEARCH, when, luck)
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 0 or whole[columns.INFORMAL_MENTORS, slot] > 0:
            continue
        if luck[0, slot] >= search_probability(
            growth_need[slot],
            whole[columns.HELPED_FORMALLY, slot],
            seeking(state.person[columns.INITIATIVE, slot], p.people),
            p.informal,
        ):
            continue
        mentor = ties[slot, int(math.floor(luck[1, slot] * places))]
        if mentor < 0 or whole[columns.INFORMAL_MENTEES, mentor] >= p.informal.capacity:
            continue
        higher = whole[columns.LEVEL, mentor] - whole[columns.LEVEL, slot]
        longer = whole[columns.HIRE_MONTH, slot] - whole[columns.HIRE_MONTH, mentor]
        if higher < 0 or (higher == 0 and longer < p.informal.seniority_months):
            continue
        similarity = similarity_of_values(values, mentor, slot)
        promise = weighted_skill(state.potential, state.skill, slot)
        if luck[2, slot] >= liking(similarity, promise, p.informal):
            continue
        pair = NewPair(
            mentor=mentor,
            mentee=slot,
            begun=begun,
            planned_end=columns.OPEN_ENDED,
            formal=0,
            two_way=0,
            direction=columns.INFORMAL_DIRECTION,
            influence=1,
            aims_mentee=everything,
            aims_mentor=0,
            quality=p.informal.first_quality,
            training=0.0,
            say=1.0,
            score=0.0,
        )
        add_pair(state, pair, when)


@kernel
def find_mentors(state, p, month):
    """The month's searches for informal mentors, in the order of slots."""
    search_for_mentors(state, p, month, month)


MECHANISM = Mechanism(
    name="informal",
    parameters=PARAMETERS,
    kernel=find_mentors,
    reads=(
        "luck",
        "active",
        "level",
        "hire_month",
        "birth_month",
        "number",
        "growth_need",
        "initiative",
        "potential",
        "skill",
        "helped_formally",
        "ties",
        "values",
        "skills",
    ),
    writes=("informal_mentors", "informal_mentees", "pairs", "counts"),
    draws=("informal search", "chemistry"),
)
