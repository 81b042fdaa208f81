"""Meetings: pairs meet or do not, and their relationship grows or fades.

What a relationship can become depends most on deep similarity; rank that is not made safe, no training
and no say in the match hold it down. Surface likeness (age, generation) has no term (M-SURF).
"""

from __future__ import annotations

import math

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.counting import add
from sim.mechanisms.engagement import candour
from sim.mechanisms.mechanism import Mechanism
from sim.mechanisms.recombination import novelty_between
from sim.organisation.costs import pay_factor
from sim.organisation.people import logistic
from sim.parameters import Parameter, ParameterGroup

__all__ = [
    "MECHANISM",
    "are_apart",
    "attendance",
    "chance_to_meet",
    "meet",
    "members_of",
    "planned_meetings",
    "quality_target",
    "target_of",
]

PARAMETERS = ParameterGroup(
    "meetings",
    "Meetings and the quality of relationships",
    (
        Parameter(
            "attendance",
            2.0,
            "logit",
            "Log odds that a planned formal meeting takes place, at middling quality.",
            -50.0,
            10.0,
            source="programme owners report most sessions held (M-LEN)",
            grade="assumed",
            prior=(1.0, 3.0),
            neutral=-50.0,
        ),
        Parameter(
            "attendance_informal",
            0.4,
            "logit",
            "The same for the monthly meeting of an informal pair.",
            -50.0,
            10.0,
            source="M-PREV (about 4 hours a month, uneven)",
            grade="assumed",
            prior=(-0.5, 1.5),
            neutral=-50.0,
        ),
        Parameter(
            "attendance_by_quality",
            1.2,
            "logit per unit",
            "How much better relationships keep their appointments.",
            0.0,
            10.0,
            source="M-FREQ (.25)",
            grade="derived",
            prior=(0.5, 4.0),
        ),
        Parameter(
            "rank_cancels",
            0.8,
            "logit",
            "How much less often meetings with somebody at the very top take place.",
            0.0,
            10.0,
            source="assumed: executives who cancel are named the top cause of failure (Jordan & Sorell 2019, Harvard Business Review), without a size",
            grade="assumed",
            prior=(0.0, 1.5),
        ),
        Parameter(
            "load_cancels",
            0.3,
            "logit per pair",
            "The same for each further pair of the same mentor.",
            0.0,
            10.0,
            source="assumed: who mentors several has less time for each; no size is published",
            grade="assumed",
            prior=(0.0, 0.6),
        ),
        Parameter(
            "distance_cancels",
            0.5,
            "logit",
            "The same for pairs that are apart.",
            0.0,
            10.0,
            source="M-DIST, M-TIME",
            grade="derived",
            prior=(0.0, 0.8),
        ),
        Parameter(
            "support_helps",
            1.0,
            "logit per unit",
            "How much management support (against 0.6) helps meetings to take place.",
            0.0,
            10.0,
            source="M-INPUT (direction)",
            grade="assumed",
            prior=(0.0, 2.0),
        ),
        Parameter(
            "check_in_helps",
            0.3,
            "logit",
            "How much monthly check-ins help meetings to take place; rarer ones in proportion.",
            0.0,
            10.0,
            source="assumed: programme guides advise regular check-ins; no size is published",
            grade="assumed",
            prior=(0.0, 0.8),
            neutral=0.0,
        ),
        Parameter(
            "reminders_lacking",
            0.3,
            "logit",
            "How much less often meetings take place without a platform that reminds.",
            0.0,
            10.0,
            source="assumed: mentoring software reminds of meetings; no size is published",
            grade="assumed",
            prior=(0.0, 0.8),
            neutral=0.0,
        ),
        Parameter(
            "language_effect",
            0.05,
            "quality",
            "How much lower a pair from two departments begins, which lacks a shared language.",
            0.0,
            1.0,
            source="assumed: two departments lack a shared language at first; no size is published",
            grade="assumed",
            prior=(0.0, 0.15),
            neutral=0.0,
        ),
        Parameter(
            "first_quality",
            0.4,
            "0 to 1",
            "Quality at which a formal relationship begins.",
            0.0,
            1.0,
            source="scale of the model",
            grade="assumed",
            prior=(0.3, 0.5),
        ),
        Parameter(
            "quality_level",
            0.6,
            "logit",
            "Level that a relationship tends to, other things middling.",
            -10.0,
            10.0,
            source="M-BENEFIT (14 % no use, 28 % great)",
            grade="derived",
            prior=(-0.3, 0.7),
        ),
        Parameter(
            "similarity_effect",
            2.0,
            "logit per unit",
            "Effect of deep-level similarity.",
            0.0,
            20.0,
            source="M-SIM (.38-.59)",
            grade="derived",
            prior=(1.2, 3.5),
            neutral=0.0,
        ),
        Parameter(
            "rank_effect",
            0.25,
            "logit per level",
            "How much a difference of rank that is not safe holds the relationship down.",
            0.0,
            10.0,
            source="M-REV, I-SAFE (direction)",
            grade="assumed",
            prior=(0.0, 0.6),
            neutral=0.0,
        ),
        Parameter(
            "humility_effect",
            0.6,
            "logit per unit",
            "How much a humble senior lifts it when the junior teaches.",
            0.0,
            10.0,
            source="M-REV (leaders' humility)",
            grade="assumed",
            prior=(0.0, 1.5),
            neutral=0.0,
        ),
        Parameter(
            "ability_effect",
            1.5,
            "logit per unit",
            "Effect of the mentor's ability (against the middle of the scale).",
            0.0,
            20.0,
            source="M-TYPE (direction)",
            grade="assumed",
            prior=(0.5, 2.5),
            neutral=0.0,
        ),
        Parameter(
            "training_effect",
            0.5,
            "logit",
            "Effect of full training.",
            0.0,
            10.0,
            source="M-INPUT (direction)",
            grade="assumed",
            prior=(0.1, 1.0),
            neutral=0.0,
        ),
        Parameter(
            "say_effect",
            0.4,
            "logit",
            "Effect of having chosen each other.",
            0.0,
            10.0,
            source="M-INPUT, M-CHOICE (direction)",
            grade="assumed",
            prior=(0.1, 0.8),
            neutral=0.0,
        ),
        Parameter(
            "group_effect",
            0.15,
            "logit per mentee",
            "How much each further mentee of a group holds the relationship with the mentor down.",
            0.0,
            10.0,
            source="less personal support in groups (direction assumed)",
            grade="assumed",
            prior=(0.0, 0.4),
            neutral=0.0,
        ),
        Parameter(
            "mood_effect",
            0.2,
            "logit per SD",
            "How much the mentee's engagement colours the relationship: the engaged make more of it.",
            0.0,
            3.0,
            source="M-QUAL (common source: one mood answers both questions)",
            grade="assumed",
            prior=(0.1, 0.4),
            neutral=0.0,
        ),
        Parameter(
            "ordinary_similarity",
            0.44,
            "0 to 1",
            "Deep-level similarity at which it neither helps nor hinders: that of two people on average.",
            0.0,
            1.0,
            source="closed form (1 + 2/V)^(-V/2) over V = 4 values",
            grade="derived",
        ),
        Parameter(
            "ordinary_support",
            0.6,
            "0 to 1",
            "Management support at which meetings take place as often as they ordinarily do.",
            0.01,
            0.99,
            source="scale of the model: the default of the organisation",
            grade="assumed",
        ),
        Parameter(
            "chemistry_spread",
            0.8,
            "logit SD",
            "Spread of what nothing explains.",
            0.0,
            10.0,
            source="M-SIM (what .45 leaves open)",
            grade="derived",
            prior=(0.4, 1.0),
            neutral=0.0,
        ),
        Parameter(
            "growth",
            0.25,
            "per meeting",
            "How fast quality moves to its target.",
            0.0,
            1.0,
            source="relationships settle within some meetings",
            grade="assumed",
            prior=(0.1, 0.5),
            neutral=0.0,
        ),
        Parameter(
            "fading",
            0.05,
            "per month",
            "How fast quality fades in a month without a meeting.",
            0.0,
            1.0,
            source="M-FREQ (direction)",
            grade="assumed",
            prior=(0.02, 0.2),
            neutral=0.0,
        ),
        Parameter(
            "safety_gain",
            0.06,
            "per meeting and unit",
            "Psychological safety gained by the one "
            "of lower rank per meeting, times quality above neutral.",
            0.0,
            1.0,
            source="I-SAFE, safe space (direction)",
            grade="assumed",
            prior=(0.0, 0.12),
            neutral=0.0,
        ),
        Parameter(
            "confidence_gain",
            0.03,
            "per meeting and unit",
            "Confidence gained by somebody who teaches upward per meeting, times quality.",
            0.0,
            1.0,
            source="M-REV (juniors' confidence)",
            grade="assumed",
            prior=(0.0, 0.06),
            neutral=0.0,
        ),
    ),
)


@rule
def planned_meetings(age, per_month):
    """Meetings planned in a pair's month `age` (0 = first), at a cadence that need not be whole."""
    return int(math.floor((age + 1.0) * per_month) - math.floor(age * per_month))


@rule
def attendance(formal, quality, rank, further_pairs, apart, levers, p):
    """Probability that a planned meeting takes place.

    Formal: ``logistic(attendance + by_quality (q - 1/2) - rank_cancels · rank · (1 - support) / (1 - ordinary) -
    load_cancels · further pairs - distance_cancels [apart] + support_helps (support - ordinary) +
    check_in_helps · check-ins - reminders_lacking [no platform])``; `rank` is 0 to 1, the higher of the
    two: those at the top cancel where nobody stands behind the programme. Informal:
    ``logistic(attendance_informal + by_quality (q - 1/2) - rank_cancels · rank - distance_cancels
    [apart])``.
    """
    cancels = p.rank_cancels * rank
    logit = p.attendance_informal
    if formal == 1:
        cancels = cancels * (1.0 - levers.support) / (1.0 - p.ordinary_support)
        logit = (
            p.attendance
            - p.load_cancels * further_pairs
            + p.support_helps * (levers.support - p.ordinary_support)
            + p.check_in_helps * levers.check_ins
            - p.reminders_lacking * (1.0 - levers.platform)
        )
    logit += p.attendance_by_quality * (quality - 0.5) - cancels
    if apart == 1:
        logit -= p.distance_cancels
    return logistic(logit)


@rule
def members_of(formal, mentees, levers):
    """Mentees who share a meeting: those of a group, else one."""
    if formal == 1 and levers.group > 0.0:
        return max(1, mentees)
    return 1


@rule
def quality_target(
    similarity,
    level_gap,
    safety,
    humility,
    upward,
    ability,
    training,
    say,
    chemistry,
    further,
    mood,
    p,
):
    """Quality that a relationship tends to, 0 to 1.

    ``logistic(level + similarity_effect (similarity - ordinary) - rank_effect · |gap| · (1 - safety)
    + humility_effect (humility - 1/2) [upward] + ability_effect (ability - 1/2) + training_effect
    · training + say_effect · say + chemistry_spread · chemistry - group_effect · further mentees
    + mood_effect · mood)``. `safety` and `humility` are those of the lower and of the higher in rank;
    `further` are the other mentees of a group; `mood` is the mentee's engagement, in SD from the ordinary.
    """
    logit = (
        p.quality_level
        + p.similarity_effect * (similarity - p.ordinary_similarity)
        - p.rank_effect * level_gap * (1.0 - safety)
        + p.ability_effect * (ability - 0.5)
        + p.training_effect * training
        + p.say_effect * say
        + p.chemistry_spread * chemistry
        - p.group_effect * further
        + p.mood_effect * mood
    )
    if upward == 1:
        logit += p.humility_effect * (humility - 0.5)
    return logistic(logit)


@rule
def _further_meetings(mentees, levers):
    """Other meetings of a mentor with as many mentees; those of a group come together."""
    if levers.group > 0.0:
        return 0
    return max(0, mentees - 1)


@kernel
def are_apart(state, one, other):
    """1 if two people sit at different sites or either works remotely."""
    whole = state.whole
    if (
        whole[columns.SITE, one] != whole[columns.SITE, other]
        or whole[columns.WORK_MODE, one] == 2
        or whole[columns.WORK_MODE, other] == 2
    ):
        return 1
    return 0


@kernel
def chance_to_meet(state, p, row):
    """Probability that the pair of a row holds a planned meeting, as things stand."""
    whole = state.whole
    dyad = state.dyad_whole
    mentor = dyad[columns.MENTOR, row]
    mentee = dyad[columns.MENTEE, row]
    highest = max(whole[columns.LEVEL, mentor], whole[columns.LEVEL, mentee])
    levels = max(2, state.counts[columns.LEVELS])
    return attendance(
        formal=dyad[columns.FORMAL, row],
        quality=state.dyad[columns.QUALITY, row],
        rank=(highest - 1.0) / (levels - 1.0),
        further_pairs=_further_meetings(whole[columns.FORMAL_MENTEES, mentor], p.levers),
        apart=are_apart(state, mentor, mentee),
        levers=p.levers,
        p=p.meetings,
    )


@kernel
def target_of(state, p, row):
    """Quality that the pair of a row tends to, as things stand."""
    whole = state.whole
    person = state.person
    mentor = state.dyad_whole[columns.MENTOR, row]
    mentee = state.dyad_whole[columns.MENTEE, row]
    gap = whole[columns.LEVEL, mentor] - whole[columns.LEVEL, mentee]
    lower = mentee
    higher = mentor
    upward = state.dyad_whole[columns.TWO_WAY, row]
    if gap < 0:
        lower = mentor
        higher = mentee
        upward = 1
    return quality_target(
        similarity=state.dyad[columns.SIMILARITY, row],
        level_gap=abs(gap),
        safety=person[columns.SAFETY, lower],
        humility=person[columns.HUMILITY, higher],
        upward=upward,
        ability=person[columns.MENTORING_ABILITY, mentor],
        training=state.dyad[columns.TRAINING, row],
        say=state.dyad[columns.SAY, row],
        chemistry=state.dyad[columns.CHEMISTRY_TERM, row],
        further=members_of(
            state.dyad_whole[columns.FORMAL, row], whole[columns.FORMAL_MENTEES, mentor], p.levers
        )
        - 1,
        mood=(person[columns.ENGAGEMENT, mentee] - p.engagement.average) / p.engagement.spread,
        p=p.meetings,
    )


@kernel
def _follow_from(state, p, row, held):
    """What a pair's meetings do to the two people besides learning."""
    person = state.person
    whole = state.whole
    mentor = state.dyad_whole[columns.MENTOR, row]
    mentee = state.dyad_whole[columns.MENTEE, row]
    quality = state.dyad[columns.QUALITY, row]
    gap = whole[columns.LEVEL, mentor] - whole[columns.LEVEL, mentee]
    push = held * (quality - p.engagement.neutral_quality)
    novelty = novelty_between(state.skills, mentor, mentee, p.recombination)
    for slot in (mentor, mentee):
        person[columns.RELATIONSHIP_PUSH, slot] += push
        person[columns.FRESH_VIEWS, slot] += quality * novelty
        person[columns.ATTENTION, slot] += quality
    if gap != 0:
        lower = mentee
        if gap < 0:
            lower = mentor
        frank = candour(person[columns.SAFETY, lower], p.engagement)
        person[columns.SAFETY_PUSH, lower] += p.meetings.safety_gain * push * frank
        if gap < 0 or state.dyad_whole[columns.TWO_WAY, row] == 1:
            gained = p.meetings.confidence_gain * held * quality * frank
            person[columns.CONFIDENCE_PUSH, lower] += gained


@kernel
def _note_partners(state, row):
    """Keep, for two who have met, the best relationship, and for the lower in rank the best one upward."""
    person = state.person
    whole = state.whole
    mentor = state.dyad_whole[columns.MENTOR, row]
    mentee = state.dyad_whole[columns.MENTEE, row]
    quality = state.dyad[columns.QUALITY, row]
    if quality > person[columns.PARTNER_QUALITY, mentor]:
        person[columns.PARTNER_QUALITY, mentor] = quality
        whole[columns.PARTNER, mentor] = mentee
    if quality > person[columns.PARTNER_QUALITY, mentee]:
        person[columns.PARTNER_QUALITY, mentee] = quality
        whole[columns.PARTNER, mentee] = mentor
    gap = whole[columns.LEVEL, mentor] - whole[columns.LEVEL, mentee]
    if gap > 0 and quality > person[columns.SPONSOR_QUALITY, mentee]:
        person[columns.SPONSOR_QUALITY, mentee] = quality
        whole[columns.SPONSOR, mentee] = mentor
    if gap < 0 and quality > person[columns.SPONSOR_QUALITY, mentor]:
        person[columns.SPONSOR_QUALITY, mentor] = quality
        whole[columns.SPONSOR, mentor] = mentee


@kernel
def _hold_meetings(state, p, row, month):
    """Plan and hold the month's meetings of one pair; returns how many were held."""
    dyad = state.dyad_whole
    mentor = dyad[columns.MENTOR, row]
    mentee = dyad[columns.MENTEE, row]
    planned = 1
    if dyad[columns.FORMAL, row] == 1:
        planned = planned_meetings(month - dyad[columns.BEGUN, row], p.programme.meetings_per_month)
    luck = draws.draw(state.luck, decisions.MEETING, mentor, mentee, month)
    chance = chance_to_meet(state, p, row)
    held = 0
    for number in range(planned):
        if luck[number] < chance:
            held += 1
    dyad[columns.PLANNED_NOW, row] = planned
    dyad[columns.MET_NOW, row] = held
    dyad[columns.HELD, row] += held
    dyad[columns.MISSED, row] += planned - held
    if held > 0:
        dyad[columns.SILENT, row] = 0
    elif planned > 0:
        dyad[columns.SILENT, row] += 1
    return held


@kernel
def _note_fit(state, quality, month, p):
    """What platforms ask after the first meeting: a good fit, not a good fit, or still deciding."""
    state.monthly[month, columns.M_FIRST_MEETINGS] += 1.0
    if quality >= p.good_fit_from:
        state.monthly[month, columns.M_GOOD_FITS] += 1.0
    elif quality < p.poor_fit_below:
        state.monthly[month, columns.M_POOR_FITS] += 1.0


@kernel
def _count_meetings(state, p, row, month):
    whole = state.whole
    dyad = state.dyad_whole
    held = dyad[columns.MET_NOW, row]
    mentor = dyad[columns.MENTOR, row]
    mentee = dyad[columns.MENTEE, row]
    if dyad[columns.FORMAL, row] == 0:
        state.monthly[month, columns.M_INFORMAL_HELD] += held
        return
    state.monthly[month, columns.M_PLANNED] += dyad[columns.PLANNED_NOW, row]
    if held == 0:
        return
    hours = held * (p.programme.meeting_hours + p.programme.preparation_hours)
    add(state, p, mentee, columns.M_HELD, held, month)
    members = members_of(1, whole[columns.FORMAL_MENTEES, mentor], p.levers)
    of_mentor = hours / members * pay_factor(whole[columns.LEVEL, mentor], p)
    add(state, p, mentor, columns.M_MEETING_PAY, of_mentor, month)
    of_mentee = hours * pay_factor(whole[columns.LEVEL, mentee], p)
    add(state, p, mentee, columns.M_MEETING_PAY, of_mentee, month)
    state.monthly[month, columns.M_HOURS] += hours + hours / members
    whole[columns.MEETINGS_AS_MENTEE, mentee] += held
    whole[columns.MEETINGS_AS_MENTOR, mentor] += held


@kernel
def meet(state, p, month):
    """Every pair's month, in the order in which pairs began."""
    person = state.person
    whole = state.whole
    dyad = state.dyad
    dyad_whole = state.dyad_whole
    for slot in range(person.shape[1]):
        person[columns.RELATIONSHIP_PUSH, slot] = 0.0
        person[columns.FRESH_VIEWS, slot] = 0.0
        person[columns.ATTENTION, slot] = 0.0
        person[columns.SAFETY_PUSH, slot] = 0.0
        person[columns.CONFIDENCE_PUSH, slot] = 0.0
        person[columns.PARTNER_QUALITY, slot] = 0.0
        person[columns.SPONSOR_QUALITY, slot] = 0.0
        whole[columns.PARTNER, slot] = -1
        whole[columns.SPONSOR, slot] = -1
    for row in range(state.counts[columns.DYADS]):
        held = _hold_meetings(state, p, row, month)
        quality = dyad[columns.QUALITY, row]
        if held > 0:
            target = target_of(state, p, row)
            for _ in range(held):
                quality += p.meetings.growth * (target - quality)
        elif dyad_whole[columns.PLANNED_NOW, row] > 0:
            quality = (1.0 - p.meetings.fading) * quality
        dyad[columns.QUALITY, row] = quality
        if held > 0 and dyad_whole[columns.HELD, row] == held:
            dyad[columns.FIRST_QUALITY, row] = quality
            if dyad_whole[columns.FORMAL, row] == 1:
                _note_fit(state, quality, month, p.recording)
        _count_meetings(state, p, row, month)
        if dyad_whole[columns.INFLUENCE, row] == 1 and dyad_whole[columns.HELD, row] > 0:
            _note_partners(state, row)
            if held > 0:
                _follow_from(state, p, row, held)


MECHANISM = Mechanism(
    name="meetings",
    parameters=PARAMETERS,
    kernel=meet,
    reads=(
        "luck",
        "level",
        "site",
        "work_mode",
        "birth_month",
        "department",
        "formal_mentees",
        "humility",
        "safety",
        "engagement",
        "mentoring_ability",
        "skills",
        "counts",
    ),
    writes=(
        "relationship_push",
        "fresh_views",
        "attention",
        "partner",
        "partner_quality",
        "sponsor",
        "sponsor_quality",
        "safety_push",
        "confidence_push",
        "meetings_as_mentee",
        "meetings_as_mentor",
        "pairs",
        "monthly",
        "tally",
    ),
    draws=("meeting",),
)
