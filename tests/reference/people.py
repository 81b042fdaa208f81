"""Who a newcomer is: traits and skills, the same for the k-th person of a slot in every world."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reference.entities import Person, Post, Skill
from reference.luck import held_within, logistic, standard_normal, two_standard_normals

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def bring_in(
    model: ReferenceModel, slot: int, holder: int, post: Post, age: float, tenure: int
) -> Person:
    """Let somebody begin (or have begun, `tenure` months ago) on a post, and return them."""
    month = model.month
    person = Person(model, slot, holder, post)
    model.everybody.append(person)
    person.number = len(model.everybody)
    person.birth_month = month - math.floor(12.0 * age)
    person.hire_month = month - tenure
    person.level_month = month - tenure
    post.person = person
    _draw_traits(model, person)
    _draw_skills(model, person, tenure)
    person.ties = [None] * model.settings.ties.places
    person.engagement_begin = person.engagement
    return person


def _draw_traits(model: ReferenceModel, person: Person) -> None:
    """Values, character, temper, work mode and growth need, from the person's own luck."""
    settings = model.settings
    slot, holder = person.slot, person.holder
    luck = model.fate.numbers("values", slot, when=holder)
    person.values = [*two_standard_normals(*luck[:2]), *two_standard_normals(*luck[2:])]

    luck = model.fate.numbers("character", slot, when=holder)
    spread = settings.people.ability_spread
    person.mentoring_ability = logistic(spread * standard_normal(*luck[:2]))
    person.humility = logistic(spread * standard_normal(*luck[2:]))

    luck = model.fate.numbers("temper", slot, when=holder)
    mean, spread = settings.engagement.average, settings.engagement.baseline_spread
    person.baseline_engagement = held_within(mean + spread * standard_normal(*luck[:2]), 0.05, 0.95)
    person.engagement = person.baseline_engagement
    z = held_within(standard_normal(*luck[2:]), -3.0, 3.0)
    sigma = settings.people.idea_spread
    person.propensity = math.exp(sigma * z - 0.5 * sigma * sigma)

    luck = model.fate.numbers("place", slot, when=holder)
    on_site, hybrid, _ = settings.organisation.work_modes.values()
    if luck[0] < on_site:
        person.work_mode = 0
    elif luck[0] < on_site + hybrid:
        person.work_mode = 1
    else:
        person.work_mode = 2
    person.growth_need = luck[1]
    person.confidence = settings.engagement.confidence_mean
    person.safety = settings.engagement.safety_mean


def _draw_skills(model: ReferenceModel, person: Person, tenure: int) -> None:
    """Skills after `tenure` months of practice towards the potential."""
    set_potential(model, person)
    person.skills = [
        level_after(person.potential[skill.index], skill, tenure) for skill in model.skills
    ]
    person.skills_begin = list(person.skills)
    person.gain = [0.0] * len(model.skills)


def set_potential(model: ReferenceModel, person: Person) -> None:
    """The level of every skill that practice leads to, at the person's present age and level."""
    age = person.age_in(model.month)
    person.potential = []
    for skill in model.skills:
        luck = model.fate.numbers("skill level", person.slot, other=skill.index, when=person.holder)
        z = standard_normal(*luck[:2])
        emphasis = person.department.emphasis[skill.index]
        person.potential.append(potential(model, skill, age, person.level, emphasis, z))


def potential(
    model: ReferenceModel, skill: Skill, age: float, level: int, emphasis: float, z: float
) -> float:
    """``logistic(level of the kind + spread · (age slope · (age - 40)/10 + z)
    + level slope · (level - 2) + the department's emphasis)``, without level slope for emerging
    skills.
    """
    given = model.settings.skill_levels
    base = getattr(given, f"{skill.kind}_level")
    age_slope = getattr(given, f"{skill.kind}_age_slope")
    level_slope = 0.0
    if skill.kind != "emerging":
        level_slope = getattr(given, f"{skill.kind}_level_slope")
    return logistic(
        base
        + given.spread * (age_slope * (age - 40.0) / 10.0 + z)
        + level_slope * (level - 2.0)
        + emphasis
    )


def level_after(potential: float, skill: Skill, months: int) -> float:
    """Skill after months of practice and obsolescence, from entry on.

    The distance to the fixed point of ``s <- (1 - decay)(s + practice (potential - s))`` shrinks by
    ``(1 - decay)(1 - practice)`` a month; a newcomer brings the share `entry` of the fixed point.
    Without practice, it stays at the share `entry` of the potential.
    """
    keep = (1.0 - skill.decay) * (1.0 - skill.practice)
    if skill.practice == 0.0:
        return skill.entry * potential
    fixed_point = (1.0 - skill.decay) * skill.practice * potential / (1.0 - keep)
    return fixed_point - (1.0 - skill.entry) * fixed_point * math.pow(keep, float(months))


def entry_age(model: ReferenceModel, level: int, z: float) -> float:
    """Age at hire: ``18 + exp(ln(median past 18 at this level) + spread · z)``, at most 64."""
    given = model.settings.people
    median = given.entry_age - 18.0 + given.entry_age_per_level * (level - 1.0)
    return min(64.0, 18.0 + math.exp(math.log(median) + given.entry_age_spread * z))
