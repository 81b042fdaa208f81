"""Phase 10: what is counted, by month, and within the window by group of people."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from reference.entities import Person
from reference.luck import total
from reference.words import GENERATION_YEARS, band

if TYPE_CHECKING:
    from reference.model import ReferenceModel

KINDS = ("emerging", "institutional", "interpersonal")


class Ledger:
    """Sums of measures: every month's, and over the window every group's.

    Groups are the four generations, the levels from the lowest, and the departments.
    """

    def __init__(self, months: int, levels: int, departments: int) -> None:
        self.monthly: list[dict[str, float]] = [defaultdict(float) for _ in range(months)]
        self.generations: list[dict[str, float]] = [defaultdict(float) for _ in range(4)]
        self.levels: list[dict[str, float]] = [defaultdict(float) for _ in range(levels)]
        self.departments: list[dict[str, float]] = [defaultdict(float) for _ in range(departments)]

    @property
    def groups(self) -> list[dict[str, float]]:
        """The sums of all groups, generations first."""
        return [*self.generations, *self.levels, *self.departments]


def note(model: ReferenceModel, measure: str, amount: float) -> None:
    """Add to the month only."""
    model.ledger.monthly[model.month][measure] += amount


def note_about(
    model: ReferenceModel,
    person: Person,
    measure: str,
    amount: float = 1.0,
    *,
    level: int | None = None,
) -> None:
    """Add to the month, and within the window to the groups of the person (as one of `level`)."""
    note(model, measure, amount)
    if model.month < model.window_start:
        return
    level = person.level if level is None else level
    model.ledger.generations[generation_of(model, person)][measure] += amount
    model.ledger.levels[level - 1][measure] += amount
    model.ledger.departments[person.department.index][measure] += amount


def generation_of(model: ReferenceModel, person: Person) -> int:
    """0 boomer to 3 generation Z; whoever is older or younger counts with the nearest."""
    year = model.settings.organisation.start_year + math.floor(person.birth_month / 12.0)
    return sum(year >= first for first, _ in GENERATION_YEARS[1:])


def open_month(model: ReferenceModel) -> None:
    """When the window or one of its years begins, note who is there; the last year must be full."""
    since = model.month - model.window_start
    if since < 0 or since % 12 != 0:
        return
    for person in model.staff:
        person.year_level = person.level
        if model.month + 12 <= model.months:
            note_about(model, person, "year_base")
        if since == 0:
            note_about(model, person, "cohort_base")
            person.engagement_begin = person.engagement
            person.output_begin = person.output
            person.skills_begin = list(person.skills)


def pay_factor(model: ReferenceModel, level: int) -> float:
    """Salary of a level in salaries of levels 1 and 2."""
    own = model.settings.costs.salary_by_level
    if own:
        lowest = sum(own[:2]) / len(own[:2])
        return float(own[level - 1] / lowest) if lowest > 0 else 1.0
    return math.pow(model.settings.costs.salary_growth, max(0.0, level - 2.0))


def weighted(model: ReferenceModel, levels: list[float]) -> float:
    """Skills weighted by what they are worth to output."""
    return total(skill.weight * levels[skill.index] for skill in model.skills)


def output_of(model: ReferenceModel, person: Person) -> float:
    """Weighted skill times ``1 - effort + effort · engagement / average``."""
    given = model.settings.engagement
    effort = given.effort_share
    skill = weighted(model, person.skills)
    return skill * (1.0 - effort + effort * person.engagement / given.average)


def work_out_outputs(model: ReferenceModel) -> None:
    """Everybody's output before the first month."""
    for person in model.staff:
        person.output = output_of(model, person)
        person.output_begin = person.output


def mean_skill(model: ReferenceModel, person: Person, kind: str) -> float:
    """Mean of a person's skills of one kind; 0 if there are none."""
    levels = [person.skills[skill.index] for skill in model.skills if skill.kind == kind]
    return total(levels) / max(1, len(levels))


def record(model: ReferenceModel) -> None:
    """Sum up the month over people and pairs; of what rules read, only output changes."""
    for person in model.staff:
        _record_state(model, person)
        _record_groups(model, person)
        _record_relations(model, person)
        _record_status(model, person)
    for pair in model.pairs:
        if pair.formal:
            note(model, "formal_pairs", 1.0)
            note(model, "pair_quality", pair.quality)


def _record_state(model: ReferenceModel, person: Person) -> None:
    given = model.settings.engagement
    person.output = output_of(model, person)
    if person.hire_month == model.month:
        person.output_begin = person.output
    note_about(model, person, "headcount")
    note_about(model, person, "engagement", person.engagement)
    if person.engagement >= given.engaged_from:
        note_about(model, person, "engaged")
    elif person.engagement < given.disengaged_below:
        note_about(model, person, "disengaged")
    for kind in KINDS:
        note_about(model, person, kind, mean_skill(model, person, kind))
    note_about(model, person, "output", person.output)
    note(model, "safety", person.safety)
    pay = pay_factor(model, person.level)
    note(model, "pay", pay)
    note(model, "output_pay", pay * person.output)


def _record_groups(model: ReferenceModel, person: Person) -> None:
    """Newcomers (first year), the young, the old, and leaders."""
    given = model.settings.recording
    emerging = mean_skill(model, person, "emerging")
    age = person.age_in(model.month)
    if model.month - person.hire_month < 12:
        note(model, "newcomers", 1.0)
        note(model, "newcomers_output", person.output)
    if age < given.young_below:
        note(model, "young", 1.0)
        note(model, "young_emerging", emerging)
    elif age >= given.old_from:
        note(model, "old", 1.0)
        note(model, "old_emerging", emerging)
    if band(model.levels, person.level) == "leaders":
        note(model, "leaders", 1.0)
        note(model, "leaders_emerging", emerging)


def statuses(person: Person) -> list[str]:
    """Whether the person ever took part, and in which arm of a lottery they are."""
    joined = person.cohorts_as_mentee + person.cohorts_as_mentor > 0
    return ["joiners"] * joined + [["drawn"], ["undrawn"]][person.arm - 1] * (person.arm > 0)


def _record_status(model: ReferenceModel, person: Person) -> None:
    for status in statuses(person):
        note(model, status, 1.0)
        note(model, f"{status}_engagement", person.engagement)
        note(model, f"{status}_output", person.output)
        if status != "joiners":
            note(model, f"{status}_mentored", float(person.cohorts_as_mentee > 0))


def _record_relations(model: ReferenceModel, person: Person) -> None:
    if person.formal_mentors > 0:
        note(model, "mentored_formally", 1.0)
        person.months_formal += 1
    if person.informal_mentors > 0:
        note(model, "mentored_informally", 1.0)
        person.months_informal += 1
    for adviser in person.ties:
        if adviser is None:
            continue
        note(model, "ties", 1.0)
        if adviser.level != person.level:
            note(model, "ties_across_levels", 1.0)
        if adviser.department is not person.department:
            note(model, "ties_across_departments", 1.0)
