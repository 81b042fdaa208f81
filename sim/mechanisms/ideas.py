"""Ideas: they arise where knowledge combines, are voiced up the hierarchy or not, and are adopted or not."""

from __future__ import annotations

import math

import numpy as np

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.counting import add
from sim.mechanisms.engagement import candour
from sim.mechanisms.mechanism import Mechanism
from sim.mechanisms.recombination import combined_quality, novelty_between
from sim.organisation.people import logistic
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "adoption", "have_ideas", "idea_rate", "recombination_of", "voice"]

MOST_IDEAS = 8
UNLIMITED = 1e6

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
        Parameter(
            "capacity_per_head",
            0.24,
            "per person and year",
            "Ideas that a department has time and budget to carry out, by its headcount; a million is as good as "
            "no limit.",
            0.0,
            UNLIMITED,
            source="I-IMPL and I-RATE: .35 of .64 a head; budgets are set per year and department",
            grade="derived",
            prior=(0.18, 0.32),
            neutral=UNLIMITED,
        ),
        Parameter(
            "capacity_per_idea",
            0.37,
            "share of ideas voiced",
            "The same by what is voiced: schemes pay for a share of what is submitted.",
            0.0,
            1.0,
            source="I-IMPL (35 % of what is submitted is carried out)",
            grade="derived",
            prior=(0.25, 0.5),
        ),
        Parameter(
            "capacity_by_ideas",
            0.5,
            "share",
            "How much of the capacity follows what is voiced; the rest follows headcount.",
            0.0,
            1.0,
            source="how budgets follow demand is not known; half is the middle",
            grade="assumed",
            prior=(0.0, 1.0),
        ),
    ),
)


@rule
def idea_rate(propensity, engagement, mean_engagement, recombination, p):
    """Ideas per month: ``rate/12 · propensity · exp(γ (e - mean)) · (1 + κ R)``, R 0 to 1."""
    return (
        p.rate
        / 12.0
        * propensity
        * math.exp(p.engagement_effect * (engagement - mean_engagement))
        * (1.0 + p.recombination_effect * recombination)
    )


@rule
def voice(levels_up, safety, safety_mean, confidence, confidence_mean, sponsor_quality, p):
    """Probability that an idea is heard where it is decided.

    Each level is a filter ``v = logistic(logit(pass) + by_safety (s - mean) + by_confidence (c - mean))``;
    a relationship upward bypasses them: ``1 - (1 - v^levels)(1 - min(1, bypass · q))``, `sponsor_quality` q being
    weighted by candour: as far as the junior dares to speak and the senior can act.
    """
    if levels_up <= 0:
        return 1.0
    filter_pass = min(0.999999, max(0.000001, p.voice_pass))
    v = logistic(
        math.log(filter_pass / (1.0 - filter_pass))
        + p.voice_by_safety * (safety - safety_mean)
        + p.voice_by_confidence * (confidence - confidence_mean)
    )
    passed = min(1.0, p.bypass * sponsor_quality)
    return 1.0 - (1.0 - math.pow(v, float(levels_up))) * (1.0 - passed)


@rule
def adoption(quality, sponsored, expertise, across, frank, p):
    """Probability that a voiced idea is found worth carrying out.

    ``logistic(adoption + by_quality · quality + [sponsor](by_sponsor + by_expertise · expertise) · candour
    - across [needs another department])``.
    """
    logit = p.adoption + p.adoption_by_quality * quality
    if sponsored == 1:
        logit += (p.adoption_by_sponsor + p.adoption_by_expertise * expertise) * frank
    if across == 1:
        logit -= p.adoption_across
    return logistic(logit)


@kernel
def recombination_of(state, p, slot):
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
def _partner_of(state, slot, number):
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
def _carry_out(state, p, slot, fresh, month):
    """An idea is carried out: count it."""
    state.whole[columns.IDEAS_IMPLEMENTED_NOW, slot] += 1
    state.whole[columns.IDEAS_IMPLEMENTED, slot] += 1
    add(state, p, slot, columns.M_IMPLEMENTED, 1.0, month)
    state.monthly[month, columns.M_NOVELTY] += fresh


@kernel
def _open_rooms(state, p):
    """A month's worth of time by headcount for every department, saved up for a year at most."""
    whole = state.whole
    room = state.department[columns.ROOM]
    yearly = np.zeros(room.shape[0])
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 1:
            yearly[whole[columns.PERSON_DEPARTMENT, slot]] += p.ideas.capacity_per_head
    for department in range(room.shape[0]):
        more = (1.0 - p.ideas.capacity_by_ideas) * yearly[department] / 12.0
        room[department] = min(max(1.0, yearly[department]), room[department] + more)


@kernel
def _carry_out_the_best(state, p, month, waiting, number):
    """Of the month's ideas that were found worth it, each department carries out the best it has time for.

    `waiting` has a row each for the slot, the priority and the novelty of an idea; the first of equals goes first.
    """
    room = state.department[columns.ROOM]
    department = state.whole[columns.PERSON_DEPARTMENT]
    chosen = np.zeros(number, dtype=np.int64)
    for _ in range(number):
        best = -1
        for place in range(number):
            own = department[int(waiting[0, place])]
            if chosen[place] == 0 and room[own] >= 1.0:
                if best < 0 or waiting[1, place] > waiting[1, best]:
                    best = place
        if best < 0:
            break
        chosen[best] = 1
        room[department[int(waiting[0, best])]] -= 1.0
    for place in range(number):
        if chosen[place] == 1:
            _carry_out(state, p, int(waiting[0, place]), waiting[2, place], month)


@kernel
def _follow_idea(state, p, slot, number, month, waiting, length):
    """One idea of a person: is it voiced, is it worth carrying out? Returns how many ideas wait.

    Its priority is the probability of adoption over its lot: above 1 it is worth it, and the better the idea and
    its sponsor, the higher it stands.
    """
    person = state.person
    whole = state.whole
    luck = draws.draw(state.luck, decisions.IDEA_FATE, slot, number, month)
    add(state, p, slot, columns.M_IDEAS, 1.0, month)
    decided_at = max(2, state.counts[columns.LEVELS]) - 1
    frank = candour(person[columns.SAFETY, slot], p.engagement)
    heard = voice(
        levels_up=decided_at - whole[columns.LEVEL, slot],
        safety=person[columns.SAFETY, slot],
        safety_mean=p.engagement.safety_mean,
        confidence=person[columns.CONFIDENCE, slot],
        confidence_mean=p.engagement.confidence_mean,
        sponsor_quality=person[columns.SPONSOR_QUALITY, slot] * frank,
        p=p.ideas,
    )
    if luck[0] >= heard:
        whole[columns.IDEAS_REJECTED, slot] += 1
        return length
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
    limited = p.ideas.capacity_per_head < UNLIMITED
    if limited:
        own = whole[columns.PERSON_DEPARTMENT, slot]
        more = p.ideas.capacity_by_ideas * p.ideas.capacity_per_idea
        state.department[columns.ROOM, own] += more
    adopted = adoption(quality, sponsored, expertise, across, frank, p.ideas)
    if luck[1] < adopted:
        if not limited:
            _carry_out(state, p, slot, fresh, month)
            return length
        waiting[0, length] = slot
        waiting[1, length] = adopted / luck[1]
        waiting[2, length] = fresh
        return length + 1
    return length


@kernel
def have_ideas(state, p, month):
    """The month's ideas of everybody: a Poisson number each, from one uniform number by inversion.

    The costly part, how much fresh knowledge there is, is worked out only where it can matter: where
    the number would exceed zero with all the attention filled. Where departments have time for so many ideas
    only, those of the month that are worth it compete for it at its end.
    """
    person = state.person
    whole = state.whole
    world_luck = state.luck
    luck = state.numbers
    draws.draw_for_all(world_luck, decisions.IDEA, month, luck)
    fullest = draws.MARGIN * p.ideas.rate / 12.0 * (1.0 + p.ideas.recombination_effect)
    waiting = np.empty((3, 0))
    if p.ideas.capacity_per_head < UNLIMITED:
        waiting = np.empty((3, MOST_IDEAS * whole.shape[1]))
        _open_rooms(state, p)
    length = 0
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
            length = _follow_idea(
                state=state,
                p=p,
                slot=slot,
                number=number,
                month=month,
                waiting=waiting,
                length=length,
            )
            number += 1
            probability = probability * rate / number
            reached += probability
    if length > 0:
        _carry_out_the_best(state, p, month, waiting, length)


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
        "department.room",
        "monthly",
        "tally",
    ),
    draws=("idea", "idea fate"),
)
