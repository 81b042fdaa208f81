"""Engagement, confidence and psychological safety: states that return to a baseline and are moved by events.

No term says "is mentored": relationships, learning, being heard and being turned away do the moving, and a
bad relationship lowers engagement.
"""

from __future__ import annotations

import math

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.mechanisms.mechanism import Mechanism
from sim.parameters import Parameter, ParameterGroup

__all__ = [
    "MECHANISM",
    "candour",
    "engagement_push",
    "feel",
    "next_engagement",
    "output_of",
    "safety_level",
]

PARAMETERS = ParameterGroup(
    "engagement",
    "Engagement and climate",
    (
        Parameter(
            "average",
            0.634,
            "0 to 1",
            "Mean engagement of an ordinary workforce; effort is measured against it.",
            0.05,
            1.0,
            source="W-ENG: with the spread, 32 % engaged and 17 % disengaged",
            grade="derived",
        ),
        Parameter(
            "spread",
            0.141,
            "SD",
            "Spread of engagement between people at one time.",
            0.01,
            1.0,
            source="W-ENG (same)",
            grade="derived",
        ),
        Parameter(
            "engaged_from",
            0.715,
            "0 to 1",
            "Engagement from which somebody counts as engaged.",
            0.0,
            1.0,
            source="W-ENG (scale of the model)",
            grade="derived",
        ),
        Parameter(
            "disengaged_below",
            0.515,
            "0 to 1",
            "Engagement below which somebody counts as disengaged.",
            0.0,
            1.0,
            source="W-ENG (scale of the model)",
            grade="derived",
        ),
        Parameter(
            "baseline_spread",
            0.105,
            "SD",
            "Spread of the lasting part.",
            0.0,
            1.0,
            source="stability of attitudes over a year of about two thirds",
            grade="assumed",
            prior=(0.085, 0.125),
        ),
        Parameter(
            "reversion",
            0.12,
            "per month",
            "How fast engagement returns to its baseline.",
            0.0,
            1.0,
            source="fading of attitude effects over some months",
            grade="assumed",
            prior=(0.06, 0.25),
            neutral=0.0,
        ),
        Parameter(
            "noise",
            0.038,
            "SD per month",
            "Monthly ups and downs; with the reversion they make the rest of the spread.",
            0.0,
            1.0,
            source="W-ENG (closed form E1)",
            grade="derived",
            prior=(0.025, 0.05),
            neutral=0.0,
        ),
        Parameter(
            "neutral_quality",
            0.45,
            "0 to 1",
            "Quality at which a relationship neither lifts nor lowers.",
            0.0,
            1.0,
            source="M-NEG (bad relationships lower it)",
            grade="assumed",
            prior=(0.3, 0.55),
        ),
        Parameter(
            "relationship_effect",
            0.02,
            "per meeting and unit",
            "Effect of a meeting, times quality above neutral.",
            0.0,
            1.0,
            source="M-QUAL, M-SIZE (small)",
            grade="derived",
            prior=(0.005, 0.05),
            neutral=0.0,
        ),
        Parameter(
            "learning_effect",
            0.05,
            "per unit of skill",
            "Effect of what was learnt from mentors this month.",
            0.0,
            5.0,
            source="M-QUAL (instrumental support .36), M-SIZE",
            grade="derived",
            prior=(0.0, 0.15),
            neutral=0.0,
        ),
        Parameter(
            "giving_effect",
            0.03,
            "per unit of skill",
            "Effect of what others learnt from one this month in mentoring.",
            0.0,
            5.0,
            source="M-AGE (being learned from fulfils), M-MENTOR (direction)",
            grade="assumed",
            prior=(0.0, 0.08),
            neutral=0.0,
        ),
        Parameter(
            "age_contrast",
            0.4,
            "share",
            "How much more receiving does for the young and giving for the old than for those in the middle.",
            0.0,
            1.0,
            source="M-AGE (Burmeister et al. 2020, direction)",
            grade="assumed",
            prior=(0.0, 0.8),
            neutral=0.0,
        ),
        Parameter(
            "middle_age",
            42.0,
            "years",
            "Age at which neither counts for more.",
            18.0,
            70.0,
            source="mean age of an ordinary workforce",
            grade="assumed",
        ),
        Parameter(
            "heard_effect",
            0.004,
            "per idea",
            "Effect of an idea that was voiced.",
            0.0,
            1.0,
            source="I-SAFE (direction)",
            grade="assumed",
            prior=(0.0, 0.01),
            neutral=0.0,
        ),
        Parameter(
            "implemented_effect",
            0.015,
            "per idea",
            "Effect of an idea that was carried out.",
            0.0,
            1.0,
            source="I-TEAM (support for innovation), direction",
            grade="assumed",
            prior=(0.0, 0.03),
            neutral=0.0,
        ),
        Parameter(
            "unheard_effect",
            0.006,
            "per idea",
            "Loss by an idea that went unheard.",
            0.0,
            1.0,
            source="I-HELD (direction)",
            grade="assumed",
            prior=(0.0, 0.015),
            neutral=0.0,
        ),
        Parameter(
            "turned_away_effect",
            0.025,
            "once",
            "Loss by wanting a mentor and getting none.",
            0.0,
            1.0,
            source="assumed: who is left out minds it; no size is published, the middle of the range",
            grade="assumed",
            prior=(0.0, 0.05),
            neutral=0.0,
        ),
        Parameter(
            "recognition_effect",
            0.02,
            "engagement",
            "What being recognised in full for a completed pair adds.",
            0.0,
            1.0,
            source="assumed: programme guides advise to celebrate completion; no size is published",
            grade="assumed",
            prior=(0.0, 0.05),
            neutral=0.0,
        ),
        Parameter(
            "overload_effect",
            0.004,
            "per pair and month",
            "Loss by each mentee beyond the first two, formal and informal.",
            0.0,
            1.0,
            source="assumed: many mentees wear a mentor out; no size is published",
            grade="assumed",
            prior=(0.0, 0.01),
            neutral=0.0,
        ),
        Parameter(
            "awareness_effect",
            0.03,
            "per unit",
            "How much full awareness among leaders lifts the baseline of their department.",
            0.0,
            1.0,
            source="assumed: leaders who hear about the work change it; no size is published",
            grade="assumed",
            prior=(0.0, 0.08),
            neutral=0.0,
        ),
        Parameter(
            "safety_mean",
            0.55,
            "0 to 1",
            "Psychological safety in an ordinary climate.",
            0.0,
            1.0,
            source="scale of the model",
            grade="assumed",
        ),
        Parameter(
            "hierarchy_effect",
            0.4,
            "per unit",
            "How much hierarchy (against 0.5) lowers safety.",
            0.0,
            2.0,
            source="M-REV (centralisation weakens)",
            grade="assumed",
            prior=(0.1, 0.8),
            neutral=0.0,
        ),
        Parameter(
            "awareness_safety",
            0.2,
            "per unit",
            "How much leaders' awareness raises safety.",
            0.0,
            2.0,
            source="assumed: where leaders listen, status barriers fall; no size is published",
            grade="assumed",
            prior=(0.0, 0.4),
            neutral=0.0,
        ),
        Parameter(
            "safety_reversion",
            0.06,
            "per month",
            "How fast safety returns to the climate's level.",
            0.0,
            1.0,
            source="slow change of climate",
            grade="assumed",
            prior=(0.02, 0.15),
            neutral=0.0,
        ),
        Parameter(
            "candour_by_safety",
            4.0,
            "exponent",
            "How strongly psychological safety decides what comes of contacts across ranks: how frankly juniors "
            "speak there, and what seniors can make of it.",
            0.0,
            5.0,
            source="M-REV (formalisation and centralisation weaken it)",
            grade="assumed",
            prior=(2.0, 5.0),
            neutral=0.0,
        ),
        Parameter(
            "confidence_mean",
            0.5,
            "0 to 1",
            "Ordinary confidence in speaking up.",
            0.0,
            1.0,
            source="scale of the model",
            grade="assumed",
        ),
        Parameter(
            "confidence_reversion",
            0.04,
            "per month",
            "How fast confidence returns to it.",
            0.0,
            1.0,
            source="self-efficacy gains fade slowly",
            grade="assumed",
            prior=(0.01, 0.1),
            neutral=0.0,
        ),
        Parameter(
            "effort_share",
            0.25,
            "share",
            "Share of output that depends on engagement.",
            0.0,
            1.0,
            source="engagement and performance, modest correlation",
            grade="assumed",
            prior=(0.1, 0.4),
        ),
    ),
)


@rule
def next_engagement(engagement, baseline, push, noise, p):
    """``e + reversion · (baseline - e) + push + noise``, before it is held within 0 to 1."""
    return engagement + p.reversion * (baseline - engagement) + push + p.noise * noise


@rule
def safety_level(hierarchy, awareness, p):
    """Psychological safety that a climate leads to, 0 to 1."""
    level = p.safety_mean - p.hierarchy_effect * (hierarchy - 0.5) + p.awareness_safety * awareness
    return min(1.0, max(0.0, level))


@rule
def candour(safety, p):
    """How much of a contact across ranks comes through: ``min(2, (safety / safety_mean)^candour_by_safety)``.

    1 at ordinary safety. Source: M-REV, read as a moderation by formal, centralised structures; the form is
    ours.
    """
    if p.candour_by_safety == 0.0:
        return 1.0
    return min(2.0, math.pow(safety / p.safety_mean, p.candour_by_safety))


@rule
def output_of(skill, engagement, p):
    """Output of a person: weighted skill times ``1 - effort + effort · engagement / average``."""
    return skill * (1.0 - p.effort_share + p.effort_share * engagement / p.average)


@rule
def engagement_push(
    relationship,
    learnt,
    heard,
    implemented,
    unheard,
    turned_away,
    overload,
    recognised,
    given,
    older,
    p,
):
    """What the month's events add to engagement: a sum of each event times its effect.

    Learning counts ``1 - age_contrast · older`` times, giving ``1 + age_contrast · older`` times; `older` is
    years from the middle age over twenty, held within -1 and 1.
    """
    return (
        p.relationship_effect * relationship
        + p.learning_effect * (learnt * (1.0 - p.age_contrast * older))
        + p.heard_effect * heard
        + p.implemented_effect * implemented
        - p.unheard_effect * unheard
        - p.turned_away_effect * turned_away
        - p.overload_effect * overload
        + p.recognition_effect * recognised
        + p.giving_effect * (given * (1.0 + p.age_contrast * older))
    )


@rule
def _meetings_of(mentees, levers):
    """Meetings that a mentor's formal mentees make: a group comes together."""
    if levers.group > 0.0:
        return min(1, mentees)
    return mentees


@kernel
def feel(state, p, month):
    """Everybody's engagement, safety and confidence at the end of the month's meetings."""
    person = state.person
    whole = state.whole
    own = p.engagement
    awareness_of = state.department[columns.AWARENESS]
    world_luck = state.luck
    clipped = 0
    luck = state.numbers
    draws.draw_for_all(world_luck, decisions.MOOD, month, luck)
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 0:
            continue
        awareness = awareness_of[whole[columns.PERSON_DEPARTMENT, slot]]
        mentees = whole[columns.INFORMAL_MENTEES, slot]
        recognised = 0.0
        if p.programme.placebo == 0:
            mentees += _meetings_of(whole[columns.FORMAL_MENTEES, slot], p.levers)
            recognised = p.levers.recognition * whole[columns.RECOGNISED, slot]
        age = (month - whole[columns.BIRTH_MONTH, slot]) / 12.0
        push = engagement_push(
            relationship=person[columns.RELATIONSHIP_PUSH, slot],
            learnt=person[columns.LEARNT, slot],
            heard=whole[columns.IDEAS_HEARD, slot],
            implemented=whole[columns.IDEAS_IMPLEMENTED_NOW, slot],
            unheard=whole[columns.IDEAS_REJECTED, slot],
            turned_away=whole[columns.TURNED_AWAY, slot],
            overload=max(0, mentees - 2),
            recognised=recognised,
            given=person[columns.GIVEN, slot],
            older=min(1.0, max(-1.0, (age - own.middle_age) / 20.0)),
            p=own,
        )
        engagement = next_engagement(
            person[columns.ENGAGEMENT, slot],
            person[columns.BASELINE_ENGAGEMENT, slot]
            + person[columns.UNIT, slot]
            + own.awareness_effect * awareness,
            push,
            draws.normal(luck[0, slot], luck[1, slot]),
            own,
        )
        if engagement < 0.0 or engagement > 1.0:
            engagement = min(1.0, max(0.0, engagement))
            clipped += 1
        person[columns.ENGAGEMENT, slot] = engagement
        whole[columns.TURNED_AWAY, slot] = 0
        level = safety_level(p.organisation.hierarchy_strength, awareness, own)
        safety = person[columns.SAFETY, slot]
        safety += own.safety_reversion * (level - safety) + person[columns.SAFETY_PUSH, slot]
        person[columns.SAFETY, slot] = min(1.0, max(0.0, safety))
        confidence = person[columns.CONFIDENCE, slot]
        confidence += (
            own.confidence_reversion * (own.confidence_mean - confidence)
            + person[columns.CONFIDENCE_PUSH, slot]
        )
        person[columns.CONFIDENCE, slot] = min(1.0, max(0.0, confidence))
    state.counts[columns.CLIPPED] += clipped


MECHANISM = Mechanism(
    name="engagement",
    parameters=PARAMETERS,
    kernel=feel,
    reads=(
        "luck",
        "active",
        "department",
        "department.awareness",
        "baseline_engagement",
        "birth_month",
        "unit",
        "relationship_push",
        "learnt",
        "given",
        "safety_push",
        "confidence_push",
        "ideas_heard",
        "ideas_implemented_now",
        "ideas_rejected",
        "recognised",
        "formal_mentees",
        "informal_mentees",
    ),
    writes=("engagement", "safety", "confidence", "turned_away", "counts"),
    draws=("mood",),
)
