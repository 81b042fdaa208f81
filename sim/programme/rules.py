"""Which pairs are allowed, and on what they work: the same rules for every policy."""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import kernel, rule

__all__ = ["aims_of", "allow_pairs", "is_allowed", "is_barred"]


@rule
def aims_of(skill, direction, as_mentee):  # type: ignore[no-untyped-def]
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
