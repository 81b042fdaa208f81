"""Scores and rules table by table: what the compiled scores are checked against, to the bit.

A table of every possible pair is made for each thing that is known of pairs, and NumPy puts them together. The
rules are spelt out once more, pair by pair.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.programme.candidates import Candidates
from sim.programme.pair_tables import expected_gain
from sim.programme.rules import aims_of
from sim.programme.scores import FORBIDDEN

Real = NDArray[np.float64]
Slots = NDArray[np.int64]


def allowed_pairs(candidates: Candidates) -> NDArray[np.bool_]:
    """Where direction and rules admit a pair."""
    found = np.zeros(candidates.shape, dtype=np.int64)
    allow_pairs(candidates.handle, candidates.records, candidates.mentees, candidates.mentors,
                candidates.direction, candidates.sides.other_department, found)  # fmt: skip
    return found == 1


def gaps(candidates: Candidates, *, goals: bool = False, true: bool = False) -> Real:
    """What there is to teach, one way after the other."""
    skill, found = candidates.state.skill, np.zeros(candidates.shape)
    seen = candidates.state.skills if true else skill_data(candidates)
    threshold = float(candidates.settings["learning"]["threshold"])
    aims = np.full(len(candidates.mentees), aims_of(skill, candidates.direction, True))
    if goals:
        wanted = aims & candidates.goals[candidates.mentees]
        aims = np.where(wanted > 0, wanted, aims)
    find_gaps(seen, skill, threshold, candidates.mentors, candidates.mentees, aims, 1, found)
    if candidates.two_way:
        back = np.full(len(candidates.mentors), aims_of(skill, candidates.direction, False))
        find_gaps(seen, skill, threshold, candidates.mentees, candidates.mentors, back, 0, found)
    return found


def skill_data(candidates: Candidates) -> Real:
    """Everybody's skills as the skill data have them."""
    found = np.zeros(candidates.state.skills.shape)
    see_skills(candidates.handle, candidates.records, candidates.month, found)
    return found


def lots(candidates: Candidates) -> Real:
    """``random``: a number in (0, 1) for each pair."""
    return candidates.numbers[0]


def usable_gap(candidates: Candidates) -> Real:
    """``gap``."""
    return gaps(candidates)


def wanted_gap(candidates: Candidates) -> Real:
    """``goals``."""
    return gaps(candidates, goals=True)


def likeness(candidates: Candidates) -> Real:
    """``similarity``: likeness as a matching form catches it, half of the rest department, half age.

    ``depth · deep + (1 - depth) · ([same department] + (1 - years apart / 30)^+) / 2``.
    """
    depth = float(candidates.settings["pairing"]["similarity_depth"])
    born = candidates.state.whole[columns.BIRTH_MONTH]
    apart = np.abs(born[candidates.mentees][:, None] - born[candidates.mentors][None, :]) / 12.0
    background = 0.5 * candidates.same_department() + 0.5 * np.maximum(0.0, 1.0 - apart / 30.0)
    return depth * candidates.similarity + (1.0 - depth) * background


def wishes(candidates: Candidates) -> Real:
    """``wishes``: each mentee's liking for the few mentors in sight; the others are ruled out.

    ``status · rank + (1 - status) · similarity``. Those in sight are known or prominent, so that the
    same few are wished for by many; a mentor who is wished for does not always accept.
    """
    pairing = candidates.settings["pairing"]
    arrival = np.empty(candidates.shape)
    race_for_sight(
        candidates.handle,
        candidates.records,
        candidates.mentees,
        candidates.mentors,
        candidates.month,
        arrival,
    )
    arrival[~allowed_pairs(candidates)] = np.inf
    status = float(pairing["status_seeking"])
    liking = status * candidates.rank_of_mentors() + (1.0 - status) * candidates.similarity
    places = np.argsort(np.argsort(arrival, axis=1, kind="stable"), axis=1, kind="stable")
    accepted = candidates.numbers[0] < float(pairing["acceptance"])
    seen = (places < int(pairing["visible_mentors"])) & accepted
    return np.where(seen, liking, FORBIDDEN)


def judgement(candidates: Candidates) -> Real:
    """``coordinator``: the gap as a coordinator sees it who knows some people, and has favourites.

    ``gap · (1 + favourites · output of the mentor)`` where both are known, else next to nothing. People
    are known with a probability of ``knows / headcount · (1/2 + 2 · rank)``.
    """

    def known(slots: Slots) -> NDArray[np.bool_]:
        found = np.zeros(len(slots), dtype=np.int64)
        find_known(candidates.handle, candidates.records, candidates.month, slots, found)
        return found == 1

    favourites = float(candidates.settings["pairing"]["favourites"])
    output = candidates.of_mentors(columns.OUTPUT)
    both = known(candidates.mentees)[:, None] & known(candidates.mentors)[None, :]
    liked = gaps(candidates) * (1.0 + favourites * output)
    return np.where(both, liked, 1e-6 * candidates.numbers[0])


def prediction(candidates: Candidates) -> Real:
    """``predicted``: a prediction of the true fit, with noise and what it has learnt to prefer.

    With z the true fit in standard deviations over the allowed pairs, ``accuracy · z + (1 - accuracy²)^½
    · noise + bias · [same department]``, put on a scale of about 0 to 1.
    """
    pairing = candidates.settings["pairing"]
    fit = np.empty(candidates.shape)
    expect_gains(
        candidates.handle,
        candidates.records,
        candidates.mentees,
        candidates.mentors,
        gaps(candidates, true=True),
        fit,
    )
    of_allowed = fit[allowed_pairs(candidates)]
    mean = float(np.cumsum(of_allowed)[-1]) / len(of_allowed) if len(of_allowed) else 0.0
    squares = np.cumsum((of_allowed - mean) ** 2)
    spread = float(np.sqrt(squares[-1] / len(of_allowed))) if len(of_allowed) else 0.0
    accuracy = float(pairing["prediction_accuracy"])
    standard = (fit - mean) / spread if spread > 0.0 else np.zeros(candidates.shape)
    predicted = (
        accuracy * standard
        + float(np.sqrt(1.0 - accuracy * accuracy)) * candidates.numbers[1]
        + float(pairing["prediction_bias"]) * candidates.same_department()
    )
    return np.maximum(1e-6, 0.5 + 0.1 * predicted)


TABLES = {
    "random": lots,
    "gap": usable_gap,
    "goals": wanted_gap,
    "similarity": likeness,
    "wishes": wishes,
    "coordinator": judgement,
    "predicted": prediction,
}


@rule
def _fits_direction(whole, mentor, mentee, direction, p):  # type: ignore[no-untyped-def]
    """Whether rank, and between equals length of service, is as the direction asks.

    Of two peers the longer-serving one is the mentor on paper: no two begin twice, each way round.
    """
    gap = whole[columns.LEVEL, mentor] - whole[columns.LEVEL, mentee]
    if direction == columns.ANYONE:
        return True
    if direction == columns.REVERSE:
        return -gap >= p.minimum_level_gap
    if direction == columns.EITHER or direction == columns.PEER:
        longer = whole[columns.HIRE_MONTH, mentee] - whole[columns.HIRE_MONTH, mentor]
        before = longer > 0 or (longer == 0 and mentor < mentee)
        return (gap > 0 and direction == columns.EITHER) or (gap == 0 and before)
    return gap >= p.minimum_level_gap


@rule
def is_barred(whole, boss_of, one, other, other_department, p):  # type: ignore[no-untyped-def]
    """Whether two people may not be paired: reporting line, team, site, department, age."""
    manager = whole[columns.MANAGER]
    if p.bar_own_manager == 1 and (manager[one] == other or manager[other] == one):
        return True
    if p.bar_skip_level == 1:
        if manager[one] >= 0 and manager[manager[one]] == other:
            return True
        if manager[other] >= 0 and manager[manager[other]] == one:
            return True
    if p.bar_same_team == 1:
        boss = boss_of[whole[columns.PERSON_POST, one]]
        if boss >= 0 and boss == boss_of[whole[columns.PERSON_POST, other]]:
            return True
    if p.same_site_only == 1 and whole[columns.SITE, one] != whole[columns.SITE, other]:
        return True
    if (
        other_department == 1
        and whole[columns.PERSON_DEPARTMENT, one] == whole[columns.PERSON_DEPARTMENT, other]
    ):
        return True
    apart = abs(whole[columns.BIRTH_MONTH, one] - whole[columns.BIRTH_MONTH, other])
    return apart < 12.0 * p.minimum_age_gap


@rule
def is_allowed(whole, boss_of, mentor, mentee, direction, other_department, p):  # type: ignore[no-untyped-def]
    """Whether direction and rules admit a pair."""
    return (
        mentor != mentee
        and _fits_direction(whole, mentor, mentee, direction, p)
        and not is_barred(whole, boss_of, mentor, mentee, other_department, p)
    )


@kernel
def allow_pairs(state, records, mentees, mentors, direction, other_department, allowed):  # type: ignore[no-untyped-def]
    """Fill `allowed` (mentees × mentors) with 1 where direction and rules admit a pair, else 0."""
    p = records[0]
    whole = state.whole
    boss_of = state.post[columns.POST_BOSS]
    for i in range(mentees.shape[0]):
        mentee = mentees[i]
        for j in range(mentors.shape[0]):
            mentor = mentors[j]
            allowed[i, j] = 0
            if is_allowed(whole, boss_of, mentor, mentee, direction, other_department, p.programme):
                allowed[i, j] = 1


@kernel
def see_skills(state, records, month, seen):  # type: ignore[no-untyped-def]
    """Skills with error; shape (people, K)."""
    p = records[0]
    world_luck = state.luck
    for slot in range(seen.shape[0]):
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
def expect_gains(state, records, mentees, mentors, gaps, expected):  # type: ignore[no-untyped-def]
    """True fit of each pair."""
    for i in range(mentees.shape[0]):
        for j in range(mentors.shape[0]):
            expected[i, j] = expected_gain(state, records[0], mentors[j], mentees[i], gaps[i, j])


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
