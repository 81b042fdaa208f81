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

    luck = model.fate.numbers("disposition", slot, when=holder)
    person.settledness = settled(
        standard_normal(*luck[:2]),
        hazard_lived_through(model, model.month - person.hire_month),
        settings.departures.settledness_effect,
    )
    person.initiative = standard_normal(*luck[2:])

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


def hazard_lived_through(model: ReferenceModel, months: float) -> float:
    """``rate · ((1 + t)^(1 - d) - 1) / (1 - d)`` over t years, d the decline with tenure."""
    given = model.settings.departures
    years = months / 12.0
    power = 1.0 - given.tenure_decline
    if abs(power) < 1e-9:
        return given.quit_rate * math.log(1.0 + years)
    return given.quit_rate * (math.pow(1.0 + years, power) - 1.0) / power


def settled(z: float, hazard: float, effect: float) -> float:
    """Settledness of a stayer: Laplace's approximation to ``exp(-s²/2 - H exp(-b s))``.

    With ``w e^w = b² H`` its mode is at ``w / b``, its mean ``b w / (2 (1 + w)²)`` above, and its spread
    ``1 / sqrt(1 + w)``; w by four steps of Newton's from ``ln(1 + b² H)``.
    """
    x = effect * effect * hazard
    if x <= 0.0:
        return z
    w = math.log(1.0 + x)
    for _ in range(4):
        e = math.exp(w)
        w = w - (w * e - x) / (e * (1.0 + w))
    mean = w / effect + 0.5 * effect * w / ((1.0 + w) * (1.0 + w))
    return mean + z / math.sqrt(1.0 + w)


def seeking(model: ReferenceModel, person: Person) -> float:
    """How often somebody asks, as a factor: more with initiative."""
    return max(0.0, 1.0 + model.settings.people.seeking_by_initiative * person.initiative)


def _draw_skills(model: ReferenceModel, person: Person, tenure: int) -> None:
    """Skills after `tenure` months of practice towards the potential."""
    set_potential(model, person)
    person.skills = [
        level_after(person.potential[skill.index], skill, tenure) for skill in model.skills
    ]
    person.skills_begin = list(person.skills)
    person.gain = [0.0] * len(model.skills)
    person.asked = [0.0] * len(model.skills)


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
