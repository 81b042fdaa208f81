"""Which pairs are allowed, and how good each would be."""

from __future__ import annotations

from sim import columns, draws
from sim.compiled import kernel

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


@kernel
def _is_allowed(state, p, mentor, mentee, direction):  # type: ignore[no-untyped-def]
    """Whether the rules and the direction admit a pair."""
    whole = state.whole
    if mentor == mentee:
        return False
    gap = whole[columns.LEVEL, mentor] - whole[columns.LEVEL, mentee]
    least = p.programme.minimum_level_gap
    if direction == TRADITIONAL and gap < least:
        return False
    if direction == REVERSE and -gap < least:
        return False
    if direction == RECIPROCAL and gap < least:
        return False
    if direction == EITHER and (
        gap < 0
        or (
            gap == 0
            and (whole[columns.HIRE_MONTH, mentor], mentor)
            > (whole[columns.HIRE_MONTH, mentee], mentee)
        )
    ):
        return False
    return not _is_barred(state, p, mentor, mentee)


@kernel
def _is_barred(state, p, one, other):  # type: ignore[no-untyped-def]
    """Whether two people may not be paired: reporting line, team, site."""
    whole = state.whole
    manager = whole[columns.MANAGER]
    if p.programme.bar_own_manager == 1 and (manager[one] == other or manager[other] == one):
        return True
    if p.programme.bar_skip_level == 1:
        if manager[one] >= 0 and manager[manager[one]] == other:
            return True
        if manager[other] >= 0 and manager[manager[other]] == one:
            return True
    if p.programme.bar_same_team == 1:
        post = state.post[columns.POST_BOSS]
        boss = post[whole[columns.PERSON_POST, one]]
        if boss >= 0 and boss == post[whole[columns.PERSON_POST, other]]:
            return True
    return p.programme.same_site_only == 1 and whole[columns.SITE, one] != whole[columns.SITE, other]


@kernel
def _gap_score(state, p, teacher, learner, aims):  # type: ignore[no-untyped-def]
    """Usable gaps among the aims, weighted: what there is to teach."""
    total = 0.0
    for k in range(state.skills.shape[1]):
        if (aims >> k) & 1 == 1:
            gap = state.skills[teacher, k] - state.skills[learner, k] - p.learning.threshold
            if gap > 0.0:
                total += state.skill[columns.SKILL_WEIGHT, k] * gap
    return total


@kernel
def score_pairs(state, p, month, mentees, mentors, direction, use_gap, scores):  # type: ignore[no-untyped-def]
    """Fill `scores` (mentees × mentors) with the score of each pair, :data:`FORBIDDEN` where barred.

    Allowed pairs score 0 or more: the weighted usable gap, or a random number in (0, 1).
    """
    aims_mentee = aims_of(state, direction, True)
    aims_mentor = aims_of(state, direction, False)
    for i in range(mentees.shape[0]):
        for j in range(mentors.shape[0]):
            mentee = mentees[i]
            mentor = mentors[j]
            if not _is_allowed(state, p, mentor, mentee, direction):
                scores[i, j] = FORBIDDEN
            elif use_gap == 1:
                score = _gap_score(state, p, mentor, mentee, aims_mentee)
                if direction == RECIPROCAL:
                    score += _gap_score(state, p, mentee, mentor, aims_mentor)
                scores[i, j] = score
            else:
                scores[i, j] = draws.draw(state.luck, draws.PAIRING, mentor, mentee, month)[0]
