"""Learning: what is taught at meetings, what mentors learn by mentoring, what is picked up from ties.

Skills are non-rival: a learner closes part of the gap to the teacher, and nobody gets worse (M-ASYM).
All gains of a month are worked out from the skills at its start and applied together.

Newcomers learn by asking around, those with initiative more. What somebody would have learnt so comes first, and
a mentor gives what is left: who would not have asked gains most by being given one. With a the share of the gap
that asking closes and m the share that the mentor would, the pair gives ``(m - a)^+ / (1 - a)`` of what asking
leaves, that is, ``(m - a)^+`` of the gap (Morrison 1993; Wanberg & Kammeyer-Mueller 2000: those who seek information
need assigned help less).
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.mechanisms.mechanism import Mechanism
from sim.mechanisms.meetings import members_of
from sim.organisation.people import seeking
from sim.parameters import Parameter, ParameterGroup

__all__ = [
    "MECHANISM",
    "asking_share",
    "gap_between",
    "learn",
    "part_of_quality",
    "share_closed",
    "share_of_attention",
    "skill_gain",
    "upward_damping",
]

PARAMETERS = ParameterGroup(
    "learning",
    "Learning from mentors and colleagues",
    (
        Parameter(
            "rate",
            0.25,
            "per meeting",
            "Share of the usable gap that an hour with a full-quality "
            "mentor of middling ability closes.",
            0.0,
            1.0,
            source="M-GAIN, M-DEFIC",
            grade="derived",
            prior=(0.1, 0.4),
            neutral=0.0,
        ),
        Parameter(
            "threshold",
            0.05,
            "skill",
            "Gaps below this teach nothing.",
            0.0,
            1.0,
            source="M-DEFIC (gains where one is strong and the other weak)",
            grade="assumed",
            prior=(0.0, 0.1),
        ),
        Parameter(
            "absorption",
            0.6,
            "skill",
            "Width of absorptive capacity: gains fall off where the "
            "gap is much larger; a large number switches it off.",
            0.05,
            1e6,
            source="Cohen & Levinthal 1990 (form)",
            grade="assumed",
            prior=(0.4, 0.8),
        ),
        Parameter(
            "absorption_within",
            0.0,
            "share",
            "How far absorptive capacity limits learning from somebody of one's own department, too: within a "
            "trade a wide gap is no lack of background.",
            0.0,
            1.0,
            source="M-DEFIC, M-GAIN: the weakest gain most",
            grade="derived",
            neutral=1.0,
        ),
        Parameter(
            "variety",
            0.15,
            "share",
            "How far two people of one department know different parts of a skill: what one knows and the other "
            "does not is more than the difference of their levels.",
            0.0,
            1.0,
            source="M-KEEP (sister study: colleagues of one trade who met in pairs gained > 15 %)",
            grade="assumed",
            prior=(0.0, 0.4),
            neutral=0.0,
        ),
        Parameter(
            "quality_exponent",
            0.3,
            "exponent",
            "How learning grows with the quality of the relationship: 1 in proportion, less where an acceptable "
            "relationship is enough.",
            0.0,
            2.0,
            source="M-SIM with M-DEFIC: support follows likeness, gains follow what the other knows",
            grade="assumed",
            prior=(0.15, 0.5),
            neutral=1.0,
        ),
        Parameter(
            "asking_rate",
            0.6,
            "per month",
            "Share of the gap to what is usual in the department that a newcomer of ordinary initiative closes in "
            "the first month by asking around (as a rate).",
            0.0,
            5.0,
            source="Morrison 1993; Ashford & Black 1996: information seeking and newcomers' performance",
            grade="assumed",
            prior=(0.2, 0.8),
            neutral=0.0,
        ),
        Parameter(
            "asking_months",
            3.0,
            "months",
            "Months of service over which asking fades to nothing, evenly.",
            0.5,
            120.0,
            source="newcomers' adjustment within a year",
            grade="assumed",
            prior=(2.0, 6.0),
        ),
        Parameter(
            "asking_lasting",
            0.01,
            "per month",
            "The same for those who have long been there: what everybody keeps picking up by asking (as a rate).",
            0.0,
            1.0,
            source="M-BENEFIT: above about .01 too few are left whom a mentor helps",
            grade="assumed",
            prior=(0.004, 0.014),
            neutral=0.0,
        ),
        Parameter(
            "asking_below",
            0.05,
            "skill",
            "How far below the department's mean asking around reaches.",
            -1.0,
            1.0,
            source="what everybody knows is told; what few know is not",
            grade="assumed",
            prior=(0.0, 0.1),
        ),
        Parameter(
            "focus",
            2,
            "skills",
            "Most skills worked on at a meeting; a two-way pair splits them, an odd one by halves of its time.",
            1,
            31,
            source="programme owners' session plans",
            grade="assumed",
            kind="integer",
        ),
        Parameter(
            "informal_attention",
            0.5,
            "share",
            "Share of an informal meeting that is spent on skills.",
            0.0,
            1.0,
            source="M-PREV",
            grade="assumed",
            prior=(0.2, 0.8),
        ),
        Parameter(
            "group_dilution",
            0.4,
            "exponent",
            "How a group divides the mentor's attention: each of n mentees gets n^-dilution of it.",
            0.0,
            1.0,
            source="class size and learning (direction)",
            grade="assumed",
            prior=(0.1, 0.8),
            neutral=0.0,
        ),
        Parameter(
            "status_damping",
            0.5,
            "share",
            "How far the widest status gap damps teaching upward, "
            "where neither quality nor safety has closed it.",
            0.0,
            1.0,
            source="M-REV (formalisation weakens), M-AGE",
            grade="assumed",
            prior=(0.0, 0.8),
            neutral=0.0,
        ),
        Parameter(
            "mentor_rate",
            0.006,
            "per meeting",
            "What a full-quality meeting adds to the mentor's "
            "own leadership and communication, as a share of what is left to learn.",
            0.0,
            1.0,
            source="M-MENTOR (direction)",
            grade="assumed",
            prior=(0.0, 0.015),
            neutral=0.0,
        ),
        Parameter(
            "contact_rate",
            0.5,
            "per month",
            "Probability of picking something up from one of one's ties in a month.",
            0.0,
            1.0,
            source="M-ASYM, M-TIME",
            grade="assumed",
            prior=(0.2, 0.8),
            neutral=0.0,
        ),
        Parameter(
            "contact_gain",
            0.04,
            "share",
            "Share of the usable gap in the strongest subject that is picked up.",
            0.0,
            1.0,
            source="M-ASYM",
            grade="assumed",
            prior=(0.01, 0.06),
        ),
    ),
)


@rule
def skill_gain(gap, strength, background, p):
    """Skill gained over one gap: ``strength · exp(-b gap²/(2 absorption²)) · (gap - threshold)^+``.

    `gap` is what the teacher knows more than the learner; `strength` joins rate, quality, ability, time; b, the
    `background`, is 1 between departments and `absorption_within` inside one.
    """
    usable = gap - p.threshold
    if usable <= 0.0:
        return 0.0
    if background == 0.0:
        return strength * usable
    width = 2.0 * p.absorption * p.absorption
    return strength * math.exp(-background * gap * gap / width) * usable


@rule
def gap_between(teacher, learner, variety):
    """What a teacher knows of a skill and the learner does not: ``t - l + variety · l (1 - t)``.

    With skills as shares of what there is to know: at variety 0 the weaker knows a part of what the stronger
    knows; at variety 1 the two know parts that are independent of each other, and the gap is ``t (1 - l)``.
    """
    return teacher - learner + variety * learner * (1.0 - teacher)


@rule
def part_of_quality(quality, p):
    """Factor on teaching: ``quality ** quality_exponent``."""
    if p.quality_exponent == 1.0:
        return quality
    return math.pow(quality, p.quality_exponent)


@rule
def asking_share(tenure, sought, p):
    """Share of the gap to what is usual that asking closes in a month.

    ``1 - exp(-seeking · (rate · (1 - tenure/months)^+ + lasting))``; `tenure` is in months, `sought` as
    :func:`sim.organisation.people.seeking` has it.
    """
    rate = p.asking_rate * max(0.0, 1.0 - tenure / p.asking_months) + p.asking_lasting
    if rate == 0.0:
        return 0.0
    return 1.0 - math.exp(-sought * rate)


@rule
def upward_damping(levels_up, levels, quality, safety, p):
    """Factor on teaching somebody `levels_up` levels higher: ``1 - damping · share · (1 - q · safety)``.

    `share` is the gap over the widest possible one; `safety` is the teacher's.
    """
    if levels_up <= 0:
        return 1.0
    share = levels_up / (levels - 1.0)
    return 1.0 - p.status_damping * share * (1.0 - quality * safety)


@rule
def share_of_attention(members, p):
    """Attention that each of a mentor's mentees gets at a meeting: ``members ** -group_dilution``."""
    if members <= 1:
        return 1.0
    return math.pow(float(members), -p.group_dilution)


@rule
def share_closed(strength, halves):
    """Share of a usable gap that is closed: ``min(1, strength)`` in a whole subject's time, or in half of it.

    `halves` is what is left of the teaching time, in halves of a subject's: two or more make it whole.
    """
    return min(1.0, 0.5 * min(2, halves) * strength)


@rule
def _teach(skills, gain, asked, teacher, learner, aims, halves, strength, same, p):
    """Teach the subjects with the largest gaps among the aims; returns the gain, or -1 if no gap is left.

    `halves` is the time in halves of a subject's: each subject takes two, the last one what is left.
    `strength` is that of a whole subject's time; at most all of a gap is closed. What asking gives anyway is no
    gain by the teacher. `same` is 1 within a department.
    """
    variety = p.variety if same == 1 else 0.0
    background = p.absorption_within if same == 1 else 1.0
    taught = 0
    total = 0.0
    while halves > 0:
        best = -1
        best_gap = p.threshold
        open_aims = aims & ~taught
        for k in range(skills.shape[1]):
            gap = gap_between(skills[teacher, k], skills[learner, k], variety)
            wider = gap > best_gap and (open_aims >> k) & 1 == 1
            best = k if wider else best
            best_gap = gap if wider else best_gap
        if best < 0:
            break
        taught |= 1 << best
        more = skill_gain(best_gap, share_closed(strength, halves), background, p)
        anyway = min(more, asked[learner, best])
        asked[learner, best] -= anyway
        more -= anyway
        gain[learner, best] += more
        total += more
        halves -= 2
    if taught == 0:
        return -1.0
    return total


@kernel
def _direct(state, p, row, teacher, learner, aims, halves, attention, part):
    """One direction of teaching in a pair; returns as :func:`_teach`. `part` is what its quality makes of it."""
    whole = state.whole
    quality = state.dyad[columns.QUALITY, row]
    levels = max(2, state.counts[columns.LEVELS])
    damping = upward_damping(
        whole[columns.LEVEL, learner] - whole[columns.LEVEL, teacher],
        levels,
        quality,
        state.person[columns.SAFETY, teacher],
        p.learning,
    )
    ability = 0.5 + state.person[columns.MENTORING_ABILITY, teacher]
    held = state.dyad_whole[columns.MET_NOW, row]
    strength = p.learning.rate * held * attention * part * ability * damping
    same = whole[columns.PERSON_DEPARTMENT, learner] == whole[columns.PERSON_DEPARTMENT, teacher]
    gained = _teach(
        skills=state.skills,
        gain=state.gain,
        asked=state.asked,
        teacher=teacher,
        learner=learner,
        aims=aims,
        halves=halves,
        strength=strength,
        same=int(same),
        p=p.learning,
    )
    state.person[columns.GIVEN, teacher] += max(0.0, gained)
    return gained


@kernel
def _mentor_grows(state, p, row, slot):
    """What teaching does for the teacher; returns the gain."""
    total = 0.0
    held = state.dyad_whole[columns.MET_NOW, row]
    strength = p.learning.mentor_rate * held * state.dyad[columns.QUALITY, row]
    for k in range(state.skills.shape[1]):
        if state.skill[columns.SKILL_BY_MENTORING, k] > 0.0:
            gain = strength * (1.0 - state.skills[slot, k])
            state.gain[slot, k] += gain
            total += gain
    return total


@kernel
def _pair_learns(state, p, row, month):
    dyad = state.dyad_whole
    mentor = dyad[columns.MENTOR, row]
    mentee = dyad[columns.MENTEE, row]
    attention = p.learning.informal_attention
    if dyad[columns.FORMAL, row] == 1:
        members = members_of(1, state.whole[columns.FORMAL_MENTEES, mentor], p.levers)
        attention = share_of_attention(members, p.learning) * p.levers.clarity
        attention *= p.programme.meeting_hours
    # A two-way pair gives each side half of the meeting.
    two_way = dyad[columns.TWO_WAY, row] == 1
    halves = p.learning.focus if two_way else 2 * p.learning.focus
    part = part_of_quality(state.dyad[columns.QUALITY, row], p.learning)
    backward = -1.0
    forward = _direct(
        state=state,
        p=p,
        row=row,
        teacher=mentor,
        learner=mentee,
        aims=dyad[columns.AIMS_MENTEE, row],
        halves=halves,
        attention=attention,
        part=part,
    )
    if two_way:
        backward = _direct(
            state=state,
            p=p,
            row=row,
            teacher=mentee,
            learner=mentor,
            aims=dyad[columns.AIMS_MENTOR, row],
            halves=halves,
            attention=attention,
            part=part,
        )
    if forward < 0.0 and backward < 0.0:
        if p.learning.rate > 0.0:
            dyad[columns.TAUGHT_OUT, row] = 1
        return
    dyad[columns.TAUGHT_OUT, row] = 0
    mentee_gain = max(0.0, forward)
    mentor_gain = max(0.0, backward)
    mentor_gain += _mentor_grows(state, p, row, mentor)
    if two_way:
        mentee_gain += _mentor_grows(state, p, row, mentee)
    state.dyad[columns.MENTEE_GAIN, row] += mentee_gain
    state.dyad[columns.MENTOR_GAIN, row] += mentor_gain
    state.person[columns.LEARNT, mentee] += mentee_gain
    state.person[columns.LEARNT, mentor] += mentor_gain
    if dyad[columns.FORMAL, row] == 1:
        state.monthly[month, columns.M_MENTEE_GAIN] += mentee_gain
        state.monthly[month, columns.M_MENTOR_GAIN] += mentor_gain


@kernel
def _find_usual(state):
    """Mean skills of every department's people; shape (D, K)."""
    usual = state.usual
    skills = state.skills
    whole = state.whole
    usual[:, :] = 0.0
    members = np.zeros(usual.shape[0])
    for slot in range(skills.shape[0]):
        if whole[columns.ACTIVE, slot] == 1:
            department = whole[columns.PERSON_DEPARTMENT, slot]
            members[department] += 1.0
            for k in range(skills.shape[1]):
                usual[department, k] += skills[slot, k]
    for department in range(usual.shape[0]):
        for k in range(skills.shape[1]):
            usual[department, k] /= max(1.0, members[department])


@rule
def _ask_for(usual, department, below, share, skills, slot, asked, gain):
    """Close a share of what one is `below` the usual, in every skill."""
    for k in range(skills.shape[1]):
        gap = usual[department, k] - below - skills[slot, k]
        more = share * gap if gap > 0.0 else 0.0
        asked[slot, k] = more
        gain[slot, k] = more


@kernel
def _ask_around(state, p, month):
    """What people learn this month by asking, newcomers above all, where they are below the usual.

    Fills `asked`, and begins the month's `gain` with the same.
    """
    own = p.learning
    skills = state.skills
    asked = state.asked
    gain = state.gain
    if own.asking_rate == 0.0 and own.asking_lasting == 0.0:
        asked[:, :] = 0.0
        gain[:, :] = 0.0
        return
    active = state.whole[columns.ACTIVE]
    hired = state.whole[columns.HIRE_MONTH]
    department = state.whole[columns.PERSON_DEPARTMENT]
    initiative = state.person[columns.INITIATIVE]
    usual = state.usual
    _find_usual(state)
    for slot in range(skills.shape[0]):
        share = 0.0
        if active[slot] == 1:
            share = asking_share(month - hired[slot], seeking(initiative[slot], p.people), own)
        _ask_for(usual, department[slot], own.asking_below, share, skills, slot, asked, gain)


@kernel
def _learn_from_ties(state, p, month):
    """Everybody may pick something up from one of their ties, in the order of slots."""
    skills = state.skills
    gain = state.gain
    ties = state.ties
    active = state.whole[columns.ACTIVE]
    initiative = state.person[columns.INITIATIVE]
    department = state.whole[columns.PERSON_DEPARTMENT]
    world_luck = state.luck
    everything = (1 << skills.shape[1]) - 1
    luck = state.numbers
    draws.draw_for_all(world_luck, decisions.CONTACT, month, luck)
    for slot in range(skills.shape[0]):
        rate = p.learning.contact_rate * seeking(initiative[slot], p.people)
        if luck[0, slot] >= rate or active[slot] == 0:
            continue
        other = ties[slot, int(math.floor(luck[1, slot] * ties.shape[1]))]
        if other >= 0:
            _teach(
                skills=skills,
                gain=gain,
                asked=state.asked,
                teacher=other,
                learner=slot,
                aims=everything,
                halves=2,
                strength=p.learning.contact_gain,
                same=int(department[other] == department[slot]),
                p=p.learning,
            )


@kernel
def _apply_gains(state):
    skills = state.skills.reshape(-1)
    gain = state.gain.reshape(-1)
    clipped = 0
    for place in range(skills.shape[0]):
        level = skills[place] + gain[place]
        clipped += level > 1.0
        skills[place] = min(1.0, level)
    state.counts[columns.CLIPPED] += clipped


@kernel
def learn(state, p, month):
    """Newcomers ask; pairs that met learn, in the order in which they began; then everybody from a tie."""
    state.person[columns.LEARNT, :] = 0.0
    state.person[columns.GIVEN, :] = 0.0
    _ask_around(state, p, month)
    met = state.dyad_whole[columns.MET_NOW]
    influence = state.dyad_whole[columns.INFLUENCE]
    for row in range(state.counts[columns.DYADS]):
        if met[row] > 0 and influence[row] == 1:
            _pair_learns(state, p, row, month)
    _learn_from_ties(state, p, month)
    _apply_gains(state)


MECHANISM = Mechanism(
    name="learning",
    parameters=PARAMETERS,
    kernel=learn,
    reads=(
        "luck",
        "active",
        "level",
        "department",
        "hire_month",
        "safety",
        "initiative",
        "mentoring_ability",
        "formal_mentees",
        "ties",
        "skill",
        "counts",
    ),
    writes=(
        "skills",
        "gain",
        "asked",
        "usual",
        "learnt",
        "given",
        "pairs",
        "counts",
        "monthly",
    ),
    draws=("contact",),
)
