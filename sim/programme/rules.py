"""Which pairs are allowed, and on what they work: the same rules for every policy.

What the rules look at is gathered once for each side of a cohort (:class:`Standing`), so that the loop over
all possible pairs runs over narrow rows without a branch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.compiled import inlined_rule, kernel, rule

__all__ = [
    "RULES",
    "Rules",
    "Sides",
    "Standing",
    "aims_of",
    "allow_pairs",
    "broken_rules",
    "find_broken_rules",
    "find_prospects",
    "is_allowed",
    "is_barred",
    "rules_of",
    "standing_of",
]

RULES = (
    "oneself",
    "direction",
    "bar_own_manager",
    "bar_skip_level",
    "bar_same_team",
    "same_site_only",
    "other_department_only",
    "minimum_age_gap",
)
"""What can rule a pair out, in the order of the bits of :func:`broken_rules`; but for the first two, the
settings of ``[programme]`` that say so."""

_BY_RANK = 0b11
"""The first two: what a direction asks for."""


class Standing(NamedTuple):
    """What the rules look at in a person: whole numbers, or a row of them for one side of a cohort."""

    slot: int
    level: int
    hired: int  # month
    born: int  # month
    manager: int  # slot, -1 if none
    above: int  # slot of the manager's manager, -1 if none
    boss: int  # post that the person's own reports to, -1 at the top
    site: int
    department: int


class Sides(NamedTuple):
    """The two sides of a cohort and how they are brought together.

    Attributes
    ----------
    mentees, mentors
        Slots; shapes (m,) and (n,).
    direction
        Code of :data:`sim.engine.columns.DIRECTIONS`.
    other_department
        1 where pairs must cross departments, else 0.
    """

    mentees: NDArray[np.int64]
    mentors: NDArray[np.int64]
    direction: int
    other_department: int


class Rules(NamedTuple):
    """The rules of a programme, as compiled code reads them."""

    direction: int
    level_gap: int
    own_manager: int
    skip_level: int
    same_team: int
    same_site: int
    other_department: int
    months_apart: float


@rule
def aims_of(skill, direction, as_mentee):
    """Bit mask of the skills that a direction aims at, for the mentee or (two-way) for the mentor."""
    mask = 0
    two_way = direction == columns.RECIPROCAL or direction == columns.PEER
    for k in range(skill.shape[1]):
        emerging = skill[columns.SKILL_KIND, k] == columns.EMERGING
        wanted = as_mentee or two_way
        if direction == columns.TRADITIONAL:
            wanted = as_mentee and not emerging
        elif direction == columns.REVERSE:
            wanted = as_mentee and emerging
        if wanted:
            mask |= 1 << k
    return mask


@rule
def rules_of(direction, other_department, p):
    """The rules under a direction; `other_department` is 1 where pairs must cross departments."""
    return Rules(
        direction,
        p.minimum_level_gap,
        p.bar_own_manager,
        p.bar_skip_level,
        p.bar_same_team,
        p.same_site_only,
        other_department,
        12.0 * p.minimum_age_gap,
    )


@rule
def standing_of(whole, boss_of, slot):
    """What the rules look at in the person of a slot; `boss_of` gives the post above each post."""
    manager = whole[columns.MANAGER, slot]
    above = -1
    if manager >= 0:
        above = whole[columns.MANAGER, manager]
    return Standing(
        slot,
        whole[columns.LEVEL, slot],
        whole[columns.HIRE_MONTH, slot],
        whole[columns.BIRTH_MONTH, slot],
        manager,
        above,
        boss_of[whole[columns.PERSON_POST, slot]],
        whole[columns.SITE, slot],
        whole[columns.PERSON_DEPARTMENT, slot],
    )


@kernel
def _gathered(state, slots):
    """The standing of one side, a row for each of the fields; shape (len(Standing._fields), slots)."""
    found = np.empty((9, slots.shape[0]), dtype=np.int32)
    boss_of = state.post[columns.POST_BOSS]
    for place in range(slots.shape[0]):
        one = standing_of(state.whole, boss_of, slots[place])
        found[0, place] = one.slot
        found[1, place] = one.level
        found[2, place] = one.hired
        found[3, place] = one.born
        found[4, place] = one.manager
        found[5, place] = one.above
        found[6, place] = one.boss
        found[7, place] = one.site
        found[8, place] = one.department
    return Standing(
        found[0], found[1], found[2], found[3], found[4], found[5], found[6], found[7], found[8]
    )


@inlined_rule
def _at(side, place):
    """The standing of one person of a side."""
    return Standing(
        side.slot[place],
        side.level[place],
        side.hired[place],
        side.born[place],
        side.manager[place],
        side.above[place],
        side.boss[place],
        side.site[place],
        side.department[place],
    )


@inlined_rule
def _fits_direction(mentor, mentee, rules):
    """Whether rank, and between equals length of service, is as the direction asks.

    Of two peers the longer-serving one is the mentor on paper: no two begin twice, each way round.
    """
    gap = mentor.level - mentee.level
    longer = mentee.hired - mentor.hired
    before = (longer > 0) | ((longer == 0) & (mentor.slot < mentee.slot))
    if rules.direction == columns.ANYONE:
        return True
    if rules.direction == columns.REVERSE:
        return -gap >= rules.level_gap
    if rules.direction == columns.PEER:
        return (gap == 0) & before
    if rules.direction == columns.EITHER:
        return (gap > 0) | ((gap == 0) & before)
    return gap >= rules.level_gap


@inlined_rule
def broken_rules(mentor, mentee, rules):
    """Bit mask of the :data:`RULES` that a pair would break: 0 where it is allowed."""
    apart = abs(mentor.born - mentee.born)
    own = (mentor.manager == mentee.slot) | (mentee.manager == mentor.slot)
    skip = (mentor.above == mentee.slot) | (mentee.above == mentor.slot)
    team = (mentor.boss >= 0) & (mentor.boss == mentee.boss)
    here = mentor.site != mentee.site
    inside = mentor.department == mentee.department
    return (
        int(mentor.slot == mentee.slot)
        | (int(not _fits_direction(mentor, mentee, rules)) << 1)
        | (int(own & (rules.own_manager == 1)) << 2)
        | (int(skip & (rules.skip_level == 1)) << 3)
        | (int(team & (rules.same_team == 1)) << 4)
        | (int(here & (rules.same_site == 1)) << 5)
        | (int(inside & (rules.other_department == 1)) << 6)
        | (int(apart < rules.months_apart) << 7)
    )


@rule
def is_barred(whole, boss_of, one, other, other_department, p):
    """Whether two people may not be paired: reporting line, team, site, department, age."""
    broken = broken_rules(
        standing_of(whole, boss_of, one),
        standing_of(whole, boss_of, other),
        rules_of(columns.ANYONE, other_department, p),
    )
    return broken & ~_BY_RANK != 0


@rule
def is_allowed(whole, boss_of, mentor, mentee, rules):
    """Whether direction and rules admit a pair."""
    one, other = standing_of(whole, boss_of, mentor), standing_of(whole, boss_of, mentee)
    return broken_rules(one, other, rules) == 0


@kernel
def find_broken_rules(state, records, sides, broken):
    """Fill `broken` (mentees × mentors) with bit masks of the :data:`RULES` that each pair would break."""
    rules = rules_of(sides.direction, sides.other_department, records[0].programme)
    across = _gathered(state, sides.mentors)
    down = _gathered(state, sides.mentees)
    for i in range(broken.shape[0]):
        mentee = _at(down, i)
        for j in range(broken.shape[1]):
            broken[i, j] = broken_rules(_at(across, j), mentee, rules)


@kernel
def allow_pairs(state, records, sides, allowed):
    """Fill `allowed` (mentees × mentors) with whether direction and rules admit a pair."""
    rules = rules_of(sides.direction, sides.other_department, records[0].programme)
    across = _gathered(state, sides.mentors)
    down = _gathered(state, sides.mentees)
    for i in range(allowed.shape[0]):
        mentee = _at(down, i)
        row = allowed[i]
        for j in range(row.shape[0]):
            row[j] = broken_rules(_at(across, j), mentee, rules) == 0


@kernel
def find_prospects(state, records, sides, found):
    """Fill `found` with whether any of the mentors is allowed for each mentee; looks no further than the first."""
    rules = rules_of(sides.direction, sides.other_department, records[0].programme)
    across = _gathered(state, sides.mentors)
    down = _gathered(state, sides.mentees)
    for i in range(found.shape[0]):
        mentee = _at(down, i)
        found[i] = False
        for j in range(sides.mentors.shape[0]):
            if broken_rules(_at(across, j), mentee, rules) == 0:
                found[i] = True
                break
