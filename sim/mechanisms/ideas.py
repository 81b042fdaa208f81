"""Ideas: they arise where knowledge combines, are voiced up the hierarchy or not, and are adopted or not."""

from __future__ import annotations

import math

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.counting import add
from sim.mechanisms.mechanism import Mechanism
from sim.mechanisms.recombination import combined_quality, novelty_between
from sim.organisation.people import logistic
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "adoption", "have_ideas", "idea_rate", "voice"]

MOST_IDEAS = 8

PARAMETERS = ParameterGroup(
    "ideas",
    "Ideas, voice and adoption",
    (
        Parameter(
            "rate",
            0.8,
            "per person and year",
            "Ideas of a person with average propensity, "
            "average engagement and nobody to combine with.",
            0.0,
            50.0,
            source="I-RATE (56-72 voiced per 100 and year)",
            grade="derived",
            prior=(0.6, 1.5),
            neutral=0.0,
        ),
        Parameter(
            "engagement_effect",
            1.5,
            "log rate per unit",
            "How engagement (0 to 1) raises the rate.",
            0.0,
            20.0,
            source="engagement and creativity (direction)",
            grade="assumed",
            prior=(0.5, 3.0),
        ),
        Parameter(
            "recombination_effect",
            0.8,
            "factor",
            "How much a full set of fresh views adds to the rate.",
            0.0,
            20.0,
            source="I-BROK (brokers' ideas, ratio 1.2-3)",
            grade="derived",
            prior=(0.3, 2.0),
        ),
        Parameter(
            "saturation",
            4.0,
            "relationships",
            "How many relationships half fill one's attention.",
            0.1,
            100.0,
            source="bounded attention",
            grade="assumed",
            prior=(2.0, 8.0),
        ),
        Parameter(
            "voice_pass",
            0.75,
            "probability",
            "Probability that an idea passes one level of the "
            "hierarchy, at ordinary safety and confidence.",
            0.0,
            1.0,
            source="I-HELD, I-RATE",
            grade="derived",
            prior=(0.5, 0.9),
        ),
        Parameter(
            "voice_by_safety",
            3.0,
            "logit per unit",
            "Effect of psychological safety on it.",
            0.0,
            20.0,
            source="I-SAFE",
            grade="derived",
            prior=(1.0, 5.0),
        ),
        Parameter(
            "voice_by_confidence",
            2.0,
            "logit per unit",
            "Effect of confidence on it.",
            0.0,
            20.0,
            source="M-REV (confidence in upward feedback)",
            grade="assumed",
            prior=(0.5, 4.0),
        ),
        Parameter(
            "bypass",
            0.5,
            "probability",
            "Probability that a full-quality relationship with "
            "somebody higher up carries an idea past the levels.",
            0.0,
            1.0,
            source="I-BROK, M-REV (direction)",
            grade="assumed",
            prior=(0.1, 0.8),
        ),
        Parameter(
            "adoption",
            -2.05,
            "logit",
            "Log odds that a voiced idea of no quality is carried out.",
            -20.0,
            10.0,
            source="I-IMPL, pattern: 20-40 % adopted",
            grade="derived",
            prior=(-3.0, -1.4),
        ),
        Parameter(
            "adoption_by_quality",
            3.0,
            "logit per unit",
            "Effect of the idea's quality.",
            0.0,
            20.0,
            source="I-IMPL (form)",
            grade="assumed",
            prior=(1.5, 5.0),
        ),
        Parameter(
            "adoption_by_sponsor",
            0.4,
            "logit",
            "Effect of a sponsor.",
            0.0,
            10.0,
            source="pattern: sponsored above unsponsored",
            grade="assumed",
            prior=(0.0, 1.0),
        ),
        Parameter(
            "adoption_by_expertise",
            0.6,
            "logit per unit",
            "Effect of the sponsor's own skill in the idea's field.",
            0.0,
            10.0,
            source="M-REV (leaders' competence)",
            grade="assumed",
            prior=(0.0, 1.5),
        ),
        Parameter(
            "adoption_across",
            0.4,
            "logit",
            "What it costs an idea to need another department.",
            0.0,
            10.0,
            source="cross-functional ideas meet resistance",
            grade="assumed",
            prior=(0.0, 1.0),
        ),
        Parameter(
            "sponsor_from",
            0.4,
            "quality",
            "Quality from which somebody higher up sponsors.",
            0.0,
            1.0,
            source="sponsorship takes trust",
            grade="assumed",
        ),
    ),
)


@rule
def idea_rate(propensity, engagement, mean_engagement, recombination, p):  # type: ignore[no-untyped-def]
    """Ideas per month: ``rate/12 · propensity · exp(γ (e - mean)) · (1 + κ R)``, R 0 to 1."""
    return (
        p.rate
        / 12.0
        * propensity
        * math.exp(p.engagement_effect * (engagement - mean_engagement))
        * (1.0 + p.recombination_effect * recombination)
    )


@rule
def voice(levels_up, safety, safety_mean, confidence, confidence_mean, sponsor_quality, p):  # type: ignore[no-untyped-def]
    """Probability that an idea is heard where it is decided.

    Each level is a filter ``v = logistic(logit(pass) + by_safety (s - mean) + by_confidence (c - mean))``;
    a relationship upward bypasses them: ``1 - (1 - v^levels)(1 - bypass · q)``.
    """
    if levels_up <= 0:
        return 1.0
    filter_pass = min(0.999999, max(0.000001, p.voice_pass))
    v = logistic(
        math.log(filter_pass / (1.0 - filter_pass))
        + p.voice_by_safety * (safety - safety_mean)
        + p.voice_by_confidence * (confidence - confidence_mean)
    )
    return 1.0 - (1.0 - math.pow(v, float(levels_up))) * (1.0 - p.bypass * sponsor_quality)


@rule
def adoption(quality, sponsored, expertise, across, p):  # type: ignore[no-untyped-def]
    """Probability that a voiced idea is carried out.

    ``logistic(adoption + by_quality · quality + [sponsor](by_sponsor + by_expertise · expertise)
    - across [needs another department])``.
    """
    logit = p.adoption + p.adoption_by_quality * quality
    if sponsored == 1:
        logit += p.adoption_by_sponsor + p.adoption_by_expertise * expertise
    if across == 1:
        logit -= p.adoption_across
    return logistic(logit)


@kernel
def recombination_of(state, p, slot):  # type: ignore[no-untyped-def]
    """How much fresh knowledge a person's ties and relationships bring, 0 to 1 (saturating attention)."""
    ties = state.ties
    skills = state.skills
    total = state.person[columns.FRESH_VIEWS, slot]
    weight = state.person[columns.ATTENTION, slot]
    for place in range(ties.shape[1]):
        other = ties[slot, place]
        if other >= 0:
            total += novelty_between(skills, slot, other, p.recombination)
            weight += 1.0
    return total / (weight + p.ideas.saturation)


@kernel
def _partner_of(state, slot, number):  # type: ignore[no-untyped-def]
    """Whom an idea is built with: the best relationship's partner, or a tie; -1 if alone."""
    places = state.ties.shape[1]
    partner = state.whole[columns.PARTNER, slot]
    if partner >= 0:
        share = state.person[columns.ATTENTION, slot] / (
            state.person[columns.ATTENTION, slot] + places
        )
        if number < share:
            return partner
        number = (number - share) / (1.0 - share)
    return state.ties[slot, int(math.floor(number * places))]


@kernel
def _follow_idea(state, p, slot, number, month):  # type: ignore[no-untyped-def]
    """One idea of a person: is it voiced, is it adopted?"""
    person = state.person
    whole = state.whole
    luck = draws.draw(state.luck, decisions.IDEA_FATE, slot, number, month)
    add(state, p, slot, columns.M_IDEAS, 1.0, month)
    decided_at = max(2, state.counts[columns.LEVELS]) - 1
    heard = voice(
        decided_at - whole[columns.LEVEL, slot],
        person[columns.SAFETY, slot],
        p.engagement.safety_mean,
        person[columns.CONFIDENCE, slot],
        p.engagement.confidence_mean,
        person[columns.SPONSOR_QUALITY, slot],
        p.ideas,
    )
    if luck[0] >= heard:
        whole[columns.IDEAS_REJECTED, slot] += 1
        return
    whole[columns.IDEAS_HEARD, slot] += 1
    whole[columns.IDEAS_VOICED, slot] += 1
    add(state, p, slot, columns.M_VOICED, 1.0, month)
    partner = _partner_of(state, slot, luck[2])
    quality = 0.0
    fresh = 0.0
    across = 0
    if partner >= 0:
        quality = combined_quality(state.skills, slot, partner, p.recombination)
        fresh = novelty_between(state.skills, slot, partner, p.recombination)
        if whole[columns.PERSON_DEPARTMENT, partner] != whole[columns.PERSON_DEPARTMENT, slot]:
            across = 1
    else:
        quality = combined_quality(state.skills, slot, slot, p.recombination)
    sponsor = whole[columns.SPONSOR, slot]
    sponsored = 0
    expertise = 0.0
    if sponsor >= 0 and person[columns.SPONSOR_QUALITY, slot] >= p.ideas.sponsor_from:
        field = int(math.floor(luck[3] * state.skills.shape[1]))
        sponsored = 1
        expertise = state.skills[sponsor, field]
    if luck[1] < adoption(quality, sponsored, expertise, across, p.ideas):
        whole[columns.IDEAS_IMPLEMENTED_NOW, slot] += 1
        whole[columns.IDEAS_IMPLEMENTED, slot] += 1
        add(state, p, slot, columns.M_IMPLEMENTED, 1.0, month)
        state.monthly[month, columns.M_NOVELTY] += fresh


@kernel
def have_ideas(state, p, month):  # type: ignore[no-untyped-def]
    """The month's ideas of everybody: a Poisson number each, from one uniform number by inversion.

    The costly part, how much fresh knowledge there is, is worked out only where it can matter: where
    the number would exceed zero with all the attention filled.
    """
    person = state.person
    whole = state.whole
    world_luck = state.luck
    luck = state.numbers
    draws.draw_for_all(world_luck, decisions.IDEA, month, luck)
    fullest = draws.MARGIN * p.ideas.rate / 12.0 * (1.0 + p.ideas.recombination_effect)
    for slot in range(whole.shape[1]):
        whole[columns.IDEAS_HEARD, slot] = 0
        whole[columns.IDEAS_IMPLEMENTED_NOW, slot] = 0
        whole[columns.IDEAS_REJECTED, slot] = 0
        if whole[columns.ACTIVE, slot] == 0:
            continue
        number_drawn = luck[0, slot]
        propensity = person[columns.PROPENSITY, slot]
        engagement = person[columns.ENGAGEMENT, slot]
        # Cheaper bounds first: with the rate at most r, 1 - r <= exp(-r) is the chance of none, and
        # exp(b) <= 1 / (1 - b) for b < 1 bounds the rate.
        above = p.ideas.engagement_effect * (engagement - p.engagement.average)
        if above < 1.0 and (1.0 - number_drawn) * (1.0 - above) > fullest * propensity:
            continue
        most = idea_rate(propensity, engagement, p.engagement.average, 1.0, p.ideas)
        if number_drawn < math.exp(-most):
            continue
        rate = idea_rate(
            propensity, engagement, p.engagement.average, recombination_of(state, p, slot), p.ideas
        )
        probability = math.exp(-rate)
        reached = probability
        number = 0
        while number_drawn >= reached and number < MOST_IDEAS:
            _follow_idea(state, p, slot, number, month)
            number += 1
            probability = probability * rate / number
            reached += probability


MECHANISM = Mechanism(
    name="ideas",
    parameters=PARAMETERS,
    kernel=have_ideas,
    reads=(
        "luck",
        "active",
        "level",
        "department",
        "birth_month",
        "propensity",
        "engagement",
        "safety",
        "confidence",
        "fresh_views",
        "attention",
        "partner",
        "sponsor",
        "sponsor_quality",
        "skills",
        "ties",
        "counts",
    ),
    writes=(
        "ideas_heard",
        "ideas_implemented_now",
        "ideas_rejected",
        "ideas_voiced",
        "ideas_implemented",
        "monthly",
        "tally",
    ),
    draws=("idea", "idea fate"),
)
