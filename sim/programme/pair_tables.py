"""Tables of possible pairs (mentees × mentors) that scores are made from.

Compiled, because only compiled code uses the C library's functions: the same bits on every machine.
Each kernel fills its last argument.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.pairs import similarity_of_values
from sim.mechanisms.learning import part_of_quality, upward_damping
from sim.mechanisms.meetings import quality_target

__all__ = [
    "SkillData",
    "draw_lots",
    "draw_pairs",
    "expected_gain",
    "find_gaps",
    "find_similarities",
    "see_skills",
]


class SkillData(NamedTuple):
    """Skills of people, 0 to 1, shape (people, K), what each skill weighs, and which gaps teach nothing."""

    levels: NDArray[np.float64]
    weight: NDArray[np.float64]
    threshold: float


@kernel
def draw_pairs(state, month, sides, numbers):
    """Two numbers of each pair's pairing draw: its lot and a standard normal one; shape (2, m, n)."""
    world_luck = state.luck
    for i in range(sides.mentees.shape[0]):
        for j in range(sides.mentors.shape[0]):
            luck = draws.draw(
                world_luck, decisions.PAIRING, sides.mentors[j], sides.mentees[i], month
            )
            numbers[0, i, j] = luck[0]
            numbers[1, i, j] = draws.normal(luck[1], luck[2])


@kernel
def draw_lots(state, month, sides, allowed, lots):
    """Each pair's lot where it is allowed, -1 elsewhere; shape (m, n)."""
    world_luck = state.luck
    for i in range(lots.shape[0]):
        mentee = sides.mentees[i]
        for j in range(lots.shape[1]):
            lots[i, j] = -1.0
            if allowed[i, j]:
                luck = draws.draw(world_luck, decisions.PAIRING, sides.mentors[j], mentee, month)
                lots[i, j] = luck[0]


@kernel
def see_skills(state, records, month, members, known, seen):
    """The members' skills as the skill data have them, 0 to 1: with error; shape (people, K).

    Those whose place in `known` is 1 have been seen before; the others are marked there.
    """
    error = records[0].pairing.skill_data_error
    world_luck = state.luck
    skills = state.skills
    for i in range(members.shape[0]):
        slot = members[i]
        if known[slot] == 1:
            continue
        known[slot] = 1
        for k in range(seen.shape[1]):
            level = skills[slot, k]
            if error > 0.0:
                luck = draws.draw(world_luck, decisions.SKILL_DATA, slot, k, month)
                level += error * draws.normal(luck[0], luck[1])
            seen[slot, k] = min(1.0, max(0.0, level))


@kernel
def find_gaps(data, sides, aims, aims_back, gaps):
    """The usable gaps among the aims, weighted: what there is to teach, and to be taught in return.

    `aims` are bit masks of what each mentee is to learn, `aims_back` is that of all mentors, 0 where only
    mentors teach.

    Notes
    -----
    Skill by skill over all mentors side by side, so that the loop has no branch. Each way is summed by itself.
    """
    skills = data.levels.shape[1]
    threshold = data.threshold
    theirs = np.empty((skills, sides.mentors.shape[0]))
    for j in range(sides.mentors.shape[0]):
        for k in range(skills):
            theirs[k, j] = data.levels[sides.mentors[j], k]
    back = np.empty(sides.mentors.shape[0])
    for i in range(sides.mentees.shape[0]):
        out = gaps[i]
        out[:] = 0.0
        back[:] = 0.0
        for k in range(skills):
            own = data.levels[sides.mentees[i], k]
            weight = data.weight[k]
            level = theirs[k]
            if (aims[i] >> k) & 1 == 1:
                for j in range(level.shape[0]):
                    gap = level[j] - own - threshold
                    out[j] += weight * gap if gap > 0.0 else 0.0
            if (aims_back >> k) & 1 == 1:
                for j in range(level.shape[0]):
                    gap = own - level[j] - threshold
                    back[j] += weight * gap if gap > 0.0 else 0.0
        if aims_back > 0:
            for j in range(out.shape[0]):
                out[j] += back[j]


@kernel
def find_similarities(state, sides, similarities):
    """Deep-level similarity of each pair, 0 to 1."""
    values = state.values
    for i in range(sides.mentees.shape[0]):
        for j in range(sides.mentors.shape[0]):
            similarities[i, j] = similarity_of_values(values, sides.mentees[i], sides.mentors[j])


@rule
def _expected_quality(state, p, mentor, mentee):
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
        0.0,
        p.meetings,
    )


@rule
def expected_gain(state, p, mentor, mentee, gap):
    """True fit of a pair: its usable gap times the quality to be expected, damped where it goes up."""
    levels = max(2, state.counts[columns.LEVELS])
    quality = _expected_quality(state, p, mentor, mentee)
    up = state.whole[columns.LEVEL, mentee] - state.whole[columns.LEVEL, mentor]
    damping = upward_damping(up, levels, quality, state.person[columns.SAFETY, mentor], p.learning)
    return gap * part_of_quality(quality, p.learning) * damping
