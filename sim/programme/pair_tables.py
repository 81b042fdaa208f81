"""Tables of possible pairs (mentees × mentors) that scores are made from.

Compiled, because only compiled code uses the C library's functions: the same bits on every machine.
Each kernel fills its last argument.
"""

from __future__ import annotations

import math

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.pairs import similarity_of_values
from sim.mechanisms.learning import upward_damping
from sim.mechanisms.meetings import quality_target

__all__ = [
    "draw_pairs",
    "expect_gains",
    "find_gaps",
    "find_known",
    "find_similarities",
    "race_for_sight",
    "see_skills",
]


@kernel
def draw_pairs(state, mentees, mentors, month, numbers):  # type: ignore[no-untyped-def]
    """Two numbers of each pair's pairing draw: its lot and a standard normal one; shape (2, m, n)."""
    world_luck = state.luck
    for i in range(mentees.shape[0]):
        for j in range(mentors.shape[0]):
            luck = draws.draw(world_luck, decisions.PAIRING, mentors[j], mentees[i], month)
            numbers[0, i, j] = luck[0]
            numbers[1, i, j] = draws.normal(luck[1], luck[2])


@kernel
def see_skills(state, records, month, members, seen):  # type: ignore[no-untyped-def]
    """The members' skills as the skill data have them, 0 to 1: with error; shape (people, K)."""
    p = records[0]
    world_luck = state.luck
    for i in range(members.shape[0]):
        slot = members[i]
        for k in range(seen.shape[1]):
            level = state.skills[slot, k]
            if p.pairing.skill_data_error > 0.0:
                luck = draws.draw(world_luck, decisions.SKILL_DATA, slot, k, month)
                level += p.pairing.skill_data_error * draws.normal(luck[0], luck[1])
            seen[slot, k] = min(1.0, max(0.0, level))


@kernel
def find_gaps(seen, skill, threshold, teachers, learners, aims, by_learner, gaps):  # type: ignore[no-untyped-def]
    """Add to `gaps` the usable gaps among the aims, weighted: what there is to teach.

    `aims` are bit masks of the learners' skills. Rows are learners where `by_learner` is 1, else teachers.
    """
    for i in range(learners.shape[0]):
        learner = learners[i]
        for j in range(teachers.shape[0]):
            teacher = teachers[j]
            total = 0.0
            for k in range(seen.shape[1]):
                if (aims[i] >> k) & 1 == 1:
                    gap = seen[teacher, k] - seen[learner, k] - threshold
                    if gap > 0.0:
                        total += skill[columns.SKILL_WEIGHT, k] * gap
            if by_learner == 1:
                gaps[i, j] += total
            else:
                gaps[j, i] += total


@kernel
def find_similarities(state, mentees, mentors, similarities):  # type: ignore[no-untyped-def]
    """Deep-level similarity of each pair, 0 to 1."""
    for i in range(mentees.shape[0]):
        for j in range(mentors.shape[0]):
            similarities[i, j] = similarity_of_values(state.values, mentees[i], mentors[j])


@rule
def _expected_quality(state, p, mentor, mentee):  # type: ignore[no-untyped-def]
    """Quality that a pair would tend to, chemistry and training left out."""
    person = state.person
    gap = state.whole[columns.LEVEL, mentor] - state.whole[columns.LEVEL, mentee]
    lower = mentee
    higher = mentor
    if gap < 0:
        lower = mentor
        higher = mentee
    return quality_target(
        similarity_of_values(state.values, mentor, mentee),
        abs(gap),
        person[columns.SAFETY, lower],
        person[columns.HUMILITY, higher],
        1 if gap < 0 else 0,
        person[columns.MENTORING_ABILITY, mentor],
        0.0,
        0.0,
        0.0,
        0,
        p.meetings,
    )


@kernel
def expect_gains(state, records, mentees, mentors, gaps, expected):  # type: ignore[no-untyped-def]
    """True fit of each pair: the usable gap times the quality to be expected, damped where it goes up."""
    p = records[0]
    levels = max(2, state.counts[columns.LEVELS])
    for i in range(mentees.shape[0]):
        mentee = mentees[i]
        for j in range(mentors.shape[0]):
            mentor = mentors[j]
            quality = _expected_quality(state, p, mentor, mentee)
            up = state.whole[columns.LEVEL, mentee] - state.whole[columns.LEVEL, mentor]
            damping = upward_damping(
                up, levels, quality, state.person[columns.SAFETY, mentor], p.learning
            )
            expected[i, j] = gaps[i, j] * quality * damping


@kernel
def find_known(state, records, month, slots, known):  # type: ignore[no-untyped-def]
    """Fill `known` with 1 for those of the slots whom a coordinator who pairs by hand knows, else 0.

    The probability is ``coordinator_knows / headcount · (1/2 + 2 · rank)``, rank 0 to 1.
    """
    p = records[0]
    active = 0
    for slot in range(state.whole.shape[1]):
        active += state.whole[columns.ACTIVE, slot]
    levels = max(2, state.counts[columns.LEVELS])
    for index in range(slots.shape[0]):
        slot = slots[index]
        luck = draws.draw(state.luck, decisions.JUDGEMENT, slot, -1, month)
        rank = (state.whole[columns.LEVEL, slot] - 1.0) / (levels - 1.0)
        known[index] = 0
        if luck[0] < p.pairing.coordinator_knows / active * (0.5 + 2.0 * rank):
            known[index] = 1


@kernel
def race_for_sight(state, records, mentees, mentors, month, places):  # type: ignore[no-untyped-def]
    """Arrival times of mentors in the sight of mentees: the earliest are seen.

    Exponential with rate ``exp(prominence · rank) · acquaintance [known]``, rank 0 to 1.
    """
    p = records[0]
    levels = max(2, state.counts[columns.LEVELS])
    for i in range(mentees.shape[0]):
        for j in range(mentors.shape[0]):
            mentor = mentors[j]
            luck = draws.draw(state.luck, decisions.PAIRING, mentor, mentees[i], month)
            rank = (state.whole[columns.LEVEL, mentor] - 1.0) / (levels - 1.0)
            rate = math.exp(p.pairing.prominence * rank)
            for place in range(state.ties.shape[1]):
                if state.ties[mentees[i], place] == mentor:
                    rate *= p.pairing.acquaintance
            places[i, j] = -math.log(luck[1]) / rate
