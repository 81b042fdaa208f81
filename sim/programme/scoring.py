"""Which pairs are allowed, and how good each would be."""

from __future__ import annotations

from sim import columns, draws
from sim.compiled import kernel, rule

__all__ = ["aims_of", "score_pairs", "FORBIDDEN"]

FORBIDDEN = -1.0
EITHER, TRADITIONAL, REVERSE, RECIPROCAL = range(4)


@kernel
def aims_of(state, direction, as_mentee):  # type: ignore[no-untyped-def]
    """Bit mask of the skills that a direction aims at, for the mentee or (two-way) for the mentor."""
    mask = 0
    for k in range(state.skills.shape[1]):
        emerging = state.skill[columns.SKILL_KIND, k] == columns.EMERGING
        wanted = True
        if direction == TRADITIONAL:
            wanted = as_mentee and not emerging
        elif direction == REVERSE:
            wanted = as_mentee and emerging
        elif direction == EITHER:
            wanted = as_mentee
        if wanted:
            mask |= 1 << k
    return mask


@rule
def _is_allowed(whole, boss_of, mentor, mentee, direction, p):  # type: ignore[no-untyped-def]
    """Whether the direction and the rules admit a pair."""
    if mentor == mentee:
        return False
    gap = whole[columns.LEVEL, mentor] - whole[columns.LEVEL, mentee]
    if direction == EITHER:
        longer = whole[columns.HIRE_MONTH, mentee] - whole[columns.HIRE_MONTH, mentor]
        if gap < 0 or (gap == 0 and (longer < 0 or (longer == 0 and mentor > mentee))):
            return False
    elif direction == REVERSE:
        if -gap < p.minimum_level_gap:
            return False
    elif gap < p.minimum_level_gap:
        return False
    return not _is_barred(whole, boss_of, mentor, mentee, p)


@rule
def _is_barred(whole, boss_of, one, other, p):  # type: ignore[no-untyped-def]
    """Whether two people may not be paired: reporting line, team, site."""
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
    return p.same_site_only == 1 and whole[columns.SITE, one] != whole[columns.SITE, other]


@rule
def _gap_score(skills, skill, teacher, learner, aims, threshold):  # type: ignore[no-untyped-def]
    """Usable gaps among the aims, weighted: what there is to teach."""
    total = 0.0
    for k in range(skills.shape[1]):
        if (aims >> k) & 1 == 1:
            gap = skills[teacher, k] - skills[learner, k] - threshold
            if gap > 0.0:
                total += skill[columns.SKILL_WEIGHT, k] * gap
    return total


@kernel
def score_pairs(state, p, month, mentees, mentors, direction, use_gap, scores):  # type: ignore[no-untyped-def]
    """Fill `scores` (mentees × mentors) with the score of each pair, :data:`FORBIDDEN` where barred.

    Allowed pairs score 0 or more: the weighted usable gap, or a random number in (0, 1).
    """
    whole = state.whole
    skills = state.skills
    skill = state.skill
    world_luck = state.luck
    boss_of = state.post[columns.POST_BOSS]
    aims_mentee = aims_of(state, direction, True)
    aims_mentor = aims_of(state, direction, False)
    threshold = p.learning.threshold
    for i in range(mentees.shape[0]):
        mentee = mentees[i]
        for j in range(mentors.shape[0]):
            mentor = mentors[j]
            if not _is_allowed(whole, boss_of, mentor, mentee, direction, p.programme):
                scores[i, j] = FORBIDDEN
            elif use_gap == 1:
                score = _gap_score(skills, skill, mentor, mentee, aims_mentee, threshold)
                if direction == RECIPROCAL:
                    score += _gap_score(skills, skill, mentee, mentor, aims_mentor, threshold)
                scores[i, j] = score
            else:
                scores[i, j] = draws.draw(world_luck, draws.PAIRING, mentor, mentee, month)[0]
