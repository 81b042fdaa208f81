"""Phase 8: engagement, psychological safety and confidence; and what leaders hear from below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reference.entities import Person
from reference.luck import held_within, standard_normal
from reference.words import MENTEES_WITHOUT_OVERLOAD, ORDINARY_HIERARCHY

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def feel(model: ReferenceModel) -> None:
    """Everybody's states return to where they belong and are moved by the month's events."""
    given = model.settings.engagement
    for person in model.staff:
        awareness = person.department.awareness
        luck = model.fate.numbers("mood", person.slot, when=model.month)
        baseline = person.baseline_engagement + person.unit + given.awareness_effect * awareness
        engagement = (
            person.engagement
            + given.reversion * (baseline - person.engagement)
            + events(model, person)
            + given.noise * standard_normal(*luck[:2])
        )
        if not 0.0 <= engagement <= 1.0:
            model.clipped += 1
        person.engagement = held_within(engagement, 0.0, 1.0)
        person.turned_away = False

        climate = safety_of_climate(model, awareness)
        person.safety = held_within(
            person.safety
            + (given.safety_reversion * (climate - person.safety) + person.safety_push),
            0.0,
            1.0,
        )
        person.confidence = held_within(
            person.confidence
            + (
                given.confidence_reversion * (given.confidence_mean - person.confidence)
                + person.confidence_push
            ),
            0.0,
            1.0,
        )


def events(model: ReferenceModel, person: Person) -> float:
    """What this month's relationships and last month's ideas add to engagement.

    Being a mentee is no event: relationships, learning, being heard, turned away or thanked are.
    A group is no more of a load than one mentee.
    """
    given = model.settings.engagement
    mentees, recognised = person.informal_mentees, 0.0
    if not model.settings.programme.placebo:
        formal = person.formal_mentees
        mentees += min(1, formal) if model.levers.group else formal
        recognised = model.levers.recognition * person.recognised
    overload = max(0, mentees - MENTEES_WITHOUT_OVERLOAD)
    older = held_within((person.age_in(model.month) - given.middle_age) / 20.0, -1.0, 1.0)
    return (
        given.relationship_effect * person.relationship_push
        + given.learning_effect * (person.learnt * (1.0 - given.age_contrast * older))
        + given.heard_effect * person.ideas_heard
        + given.implemented_effect * person.ideas_implemented_now
        - given.unheard_effect * person.ideas_rejected
        - given.turned_away_effect * person.turned_away
        - given.overload_effect * overload
        + given.recognition_effect * recognised
        + given.giving_effect * (person.given * (1.0 + given.age_contrast * older))
    )


def know_units(model: ReferenceModel) -> None:
    """``department_spread · climate + manager_effect · ((ability + humility)/2 - 1/2)``; see Bliese 2000."""
    given = model.settings.units
    for person in model.staff:
        ability = humility = 0.5
        if person.manager is not None:
            ability, humility = person.manager.mentoring_ability, person.manager.humility
        person.unit = given.department_spread * person.department.climate + given.manager_effect * (
            0.5 * (ability + humility) - 0.5
        )


def candour(model: ReferenceModel, person: Person) -> float:
    """How much of a contact upward comes through where it is as safe as the person feels; at most twice."""
    given = model.settings.engagement
    if given.candour_by_safety == 0.0:
        return 1.0
    return min(2.0, math.pow(person.safety / given.safety_mean, given.candour_by_safety))


def safety_of_climate(model: ReferenceModel, awareness: float) -> float:
    """Psychological safety that the climate leads to: hierarchy lowers it, awareness raises it."""
    given = model.settings.engagement
    hierarchy = model.settings.organisation.hierarchy_strength
    return held_within(
        given.safety_mean
        - given.hierarchy_effect * (hierarchy - ORDINARY_HIERARCHY)
        + given.awareness_safety * awareness,
        0.0,
        1.0,
    )


def leaders_hear(model: ReferenceModel) -> None:
    """Awareness of each department from this month's meetings at which a leader was taught upward.

    ``(1 - fading) a + gain · heard · (1 - a)``: `heard` is quality-weighted meetings per leader.
    """
    given = model.settings.awareness
    heard = dict.fromkeys(model.departments, 0.0)
    for pair in model.pairs:
        if pair.met_now == 0 or not pair.influence:
            continue
        leader, junior = None, pair.mentor
        if pair.mentor.level < pair.mentee.level:
            leader = pair.mentee
        elif pair.mentor.level > pair.mentee.level and pair.two_way:
            leader, junior = pair.mentor, pair.mentee
        if leader is not None and leader.level >= given.leader_level:
            heard[leader.department] += pair.met_now * pair.quality * candour(model, junior)
    for department in model.departments:
        share = min(1.0, given.gain * (heard[department] / max(1.0, float(department.leaders))))
        awareness = department.awareness
        department.awareness = (1.0 - given.fading) * awareness + share * (1.0 - awareness)
