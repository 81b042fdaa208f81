"""Phase 9: ideas arise where knowledge combines, are voiced or not, are adopted or not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference.books import note, note_about
from reference.entities import Person
from reference.feelings import candour
from reference.luck import held_within, logistic, pick, total
from reference.meetings import novelty
from reference.words import MOST_IDEAS, UNLIMITED

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def have_ideas(model: ReferenceModel) -> None:
    """A Poisson number of ideas each, by inversion of one number, in the order of slots."""
    limited = model.settings.ideas.capacity_per_head < UNLIMITED
    waiting: list[Waiting] = []
    if limited:
        _open_rooms(model)
    for person in model.staff:
        person.ideas_heard = person.ideas_implemented_now = person.ideas_rejected = 0
        luck = model.fate.numbers("idea", person.slot, when=model.month)
        rate = idea_rate(model, person)
        for number in range(poisson(luck[0], rate)):
            found = _follow(model, person, number)
            if found is not None and not limited:
                _carry_out(model, found)
            elif found is not None:
                waiting.append(found)
    best_first = sorted(waiting, key=lambda idea: -idea.priority)
    chosen = [idea for idea in best_first if _has_room(idea.person)]
    for idea in waiting:
        if idea in chosen:
            _carry_out(model, idea)


@dataclass(eq=False)
class Waiting:
    """An idea that was found worth carrying out; the higher its priority, the sooner."""

    person: Person
    priority: float
    fresh: float


def _open_rooms(model: ReferenceModel) -> None:
    """Each department saves up time for ideas by its headcount, for a year at most, and for one idea at least."""
    given = model.settings.ideas
    for department in model.departments:
        yearly = total(
            given.capacity_per_head for person in model.staff if person.department is department
        )
        more = (1.0 - given.capacity_by_ideas) * yearly / 12.0
        department.room = min(max(1.0, yearly), department.room + more)


def _has_room(person: Person) -> bool:
    """Take up the department's time for one idea, if it has that."""
    if person.department.room < 1.0:
        return False
    person.department.room -= 1.0
    return True


def _carry_out(model: ReferenceModel, idea: Waiting) -> None:
    idea.person.ideas_implemented_now += 1
    idea.person.ideas_implemented += 1
    note_about(model, idea.person, "implemented")
    note(model, "novelty", idea.fresh)


def poisson(number: float, rate: float) -> int:
    """The least k with ``P(N <= k) > number`` for a Poisson number N, at most eight."""
    probability = math.exp(-rate)
    reached = probability
    count = 0
    while number >= reached and count < MOST_IDEAS:
        count += 1
        probability = probability * rate / count
        reached += probability
    return count


def idea_rate(model: ReferenceModel, person: Person) -> float:
    """Ideas per month: ``rate/12 · propensity · exp(γ (e - mean)) · (1 + κ R)``."""
    given = model.settings.ideas
    return (
        given.rate
        / 12.0
        * person.propensity
        * math.exp(
            given.engagement_effect * (person.engagement - model.settings.engagement.average)
        )
        * (1.0 + given.recombination_effect * recombination(model, person))
    )


def recombination(model: ReferenceModel, person: Person) -> float:
    """Fresh knowledge that relationships and ties bring, 0 to 1, with saturating attention."""
    views, attention = person.fresh_views, person.attention
    for adviser in person.ties:
        if adviser is not None:
            views += novelty(model, person, adviser)
            attention += 1.0
    return views / (attention + model.settings.ideas.saturation)


def _follow(model: ReferenceModel, person: Person, number: int) -> Waiting | None:
    """One idea: is it voiced, with whom is it built, is it worth carrying out?

    What is voiced earns its department some time to carry ideas out.
    """
    given = model.settings.ideas
    luck = model.fate.numbers("idea fate", person.slot, other=number, when=model.month)
    note_about(model, person, "ideas")
    if luck[0] >= voice(model, person):
        person.ideas_rejected += 1
        return None
    person.ideas_heard += 1
    person.ideas_voiced += 1
    note_about(model, person, "voiced")
    if given.capacity_per_head < UNLIMITED:
        person.department.room += given.capacity_by_ideas * given.capacity_per_idea
    partner = _partner(person, luck[2])
    adopted = adoption(model, person, partner, luck[3])
    if luck[1] >= adopted:
        return None
    fresh = 0.0 if partner is None else novelty(model, person, partner)
    return Waiting(person, adopted / luck[1], fresh)


def voice(model: ReferenceModel, person: Person) -> float:
    """Probability that an idea is heard where it is decided, at the second highest level.

    ``1 - (1 - v^levels)(1 - bypass · q)``: each level is a filter v, a relationship upward of
    quality q bypasses them, as far as people are frank.
    """
    given, ordinary = model.settings.ideas, model.settings.engagement
    levels_up = max(2, model.levels) - 1 - person.level
    if levels_up <= 0:
        return 1.0
    passes = held_within(given.voice_pass, 0.000001, 0.999999)
    v = logistic(
        math.log(passes / (1.0 - passes))
        + given.voice_by_safety * (person.safety - ordinary.safety_mean)
        + given.voice_by_confidence * (person.confidence - ordinary.confidence_mean)
    )
    blocked = 1.0 - math.pow(v, float(levels_up))
    passed = given.bypass * (person.sponsor_quality * candour(model, person))
    return 1.0 - blocked * (1.0 - min(1.0, passed))


def _partner(person: Person, number: float) -> Person | None:
    """Whom an idea is built with: the best relationship's partner, or a tie; None if alone."""
    places = len(person.ties)
    if person.partner is not None:
        share = person.attention / (person.attention + places)
        if number < share:
            return person.partner
        number = (number - share) / (1.0 - share)
    return person.ties[pick(number, places)]


def adoption(
    model: ReferenceModel, person: Person, partner: Person | None, field_number: float
) -> float:
    """Probability that a voiced idea is carried out: quality and a sponsor help, distance costs."""
    given = model.settings.ideas
    other = person if partner is None else partner
    logit = given.adoption + given.adoption_by_quality * combined_quality(model, person, other)
    sponsor = person.sponsor
    if sponsor is not None and person.sponsor_quality >= given.sponsor_from:
        expertise = sponsor.skills[pick(field_number, len(model.skills))]
        push = given.adoption_by_sponsor + given.adoption_by_expertise * expertise
        logit += push * candour(model, person)
    if other.department is not person.department:
        logit -= given.adoption_across
    return logistic(logit)


def combined_quality(model: ReferenceModel, one: Person, other: Person) -> float:
    """``[mean over skills of ((1 - c) min + c max)^r]^(1/r)`` (Cowan, Jonard & Zimmermann 2007)."""
    share = model.settings.recombination.complementarity
    evenness = model.settings.recombination.evenness
    powers = total(
        math.pow((1.0 - share) * min(a, b) + share * max(a, b), evenness)
        for a, b in zip(one.skills, other.skills, strict=True)
    )
    return math.pow(powers / len(one.skills), 1.0 / evenness)
