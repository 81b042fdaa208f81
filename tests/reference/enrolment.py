"""Phase 4, who takes part: who is invited, who volunteers, is nominated, or drawn by lot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference.books import note
from reference.entities import Person
from reference.luck import logistic, standard_normal

if TYPE_CHECKING:
    from reference.entities import Department
    from reference.model import ReferenceModel


@dataclass
class Enrolment:
    """Who asked for a mentor (or was put forward), may get a mentor, may get mentees (several?); by slot."""

    asked: list[Person]
    mentees: list[Person]
    mentors: dict[Person, bool]


def enrol(model: ReferenceModel) -> Enrolment:
    """Invite people and see who comes; whoever has a formal mentor already gets no other."""
    programme = model.settings.programme
    asked: list[Person] = []
    eligible: list[Person] = []
    mentees: list[Person] = []
    mentors: dict[Person, bool] = {}
    for person in model.staff:
        roles = [role for role in ("mentee", "mentor") if _is_invited(model, person, role)]
        if not roles:
            continue
        offered = [role for role in roles if person.mentoring_role in (None, "either", role)]
        for role in offered:
            note(model, f"invited_{role}s", 1.0)
        if "mentee" in roles and person.mentoring_role not in ("mentor", "none"):
            eligible.append(person)
        if not _comes(model, person):
            continue
        inclination, given = _luck(model, person)[2], model.settings.volunteering
        chance = chance_to_mentor(model, person)
        wants_to_mentor = inclination < chance
        wants_several = inclination < chance * given.several_mentees
        if not given.mentors_drafted and not _would_come(model, person):
            wants_to_mentor = wants_several = False
        if person.mentoring_role in ("mentee", "mentor", "none"):
            roles = [role for role in roles if role == person.mentoring_role]
            wants_to_mentor = wants_several = True
        if "mentee" in roles:
            asked.append(person)
            mentees.append(person)
        if "mentor" in roles and wants_to_mentor:
            mentors[person] = wants_several
    invited = len(mentees)
    mentees = [person for person in mentees if person.formal_mentors == 0]
    if programme.participation == "nominated":
        count = round(programme.nominated_share * invited / model.parts)
        mentees.sort(key=lambda person: -_impression(model, person))
        mentees = sorted(mentees[:count], key=lambda person: person.slot)
        asked = mentees
    elif programme.participation in ("lottery", "offered_by_lot"):
        by_offer = programme.participation == "offered_by_lot"
        entered = mentees
        if by_offer:
            entered = [person for person in eligible if person.formal_mentors == 0]
        if model.turns and not by_offer:  # those who wait had signed up before
            mentees = [p for p in model.staff if p.formal_mentors == 0 and p in model.turns]
        decided = draw_lots(model, entered)
        mentees = [person for person in mentees if decided.get(person, False)]
        if by_offer or programme.waiting_list or programme.lottery_steps > 1:
            asked = mentees
        if programme.mentors_outside:
            mentors = {person: several for person, several in mentors.items() if person.arm == 0}
    return Enrolment(asked, mentees, mentors)


def draw_lots(model: ReferenceModel, entered: list[Person]) -> dict[Person, bool]:
    """Who is drawn of those whom the lot is about; the first lot about somebody is written down."""
    programme = model.settings.programme
    if programme.lottery_steps > 1 and model.turns:
        step = (model.month - programme.start_month) // programme.step_months
        return {person: turn == step for person, turn in model.turns.items() if person.active}
    if programme.lottery_by == "department":
        homes = _departments_drawn(model)
        said = {p: homes[p.department] for p in model.staff if p.department in homes}
    elif (
        not programme.lottery_offers
        and not programme.lottery_people
        and programme.lottery_steps == 1
    ):
        said = {person: _is_drawn(model, person) for person in model.staff}
    else:
        line = sorted(entered, key=lambda person: _luck(model, person)[3])
        line = line[: programme.lottery_people or len(line)]
        drawn = programme.lottery_offers or round(programme.lottery_share * len(line))
        if programme.lottery_steps > 1:
            model.turns = {p: n * programme.lottery_steps // len(line) for n, p in enumerate(line)}
            said = {person: turn == 0 for person, turn in model.turns.items()}
        else:
            said = {person: place < drawn for place, person in enumerate(line)}
    for person in entered:
        if person in said and person.arm == 0:
            person.arm = 1 if said[person] else 2
    return said


def _departments_drawn(model: ReferenceModel) -> dict[Department, bool]:
    """Of whole departments with more than one person: those that the lot is about, and whether it draws them."""
    programme, staff = model.settings.programme, model.staff
    sizes = [sum(person.department is one for person in staff) for one in model.departments]
    numbers = [number for number, size in enumerate(sizes) if size > 1]
    numbers.sort(
        key=lambda number: model.fate.numbers("department lot", number, when=model.month)[0]
    )
    if programme.lottery_people:
        usual = sum(sizes[number] for number in numbers) / len(numbers)
        numbers = numbers[: max(4, 2 * round(programme.lottery_people / usual / 2.0))]
    drawn = round(programme.lottery_share * len(numbers))
    return {model.departments[number]: place < drawn for place, number in enumerate(numbers)}


def chance_to_mentor(model: ReferenceModel, person: Person) -> float:
    """Of those who come: the settled are readier, in odds."""
    given = model.settings.volunteering
    if given.mentors_by_settledness == 0.0:
        return float(given.mentor_share)
    odds = given.mentor_share * math.exp(given.mentors_by_settledness * person.settledness)
    return float(odds / (odds + 1.0 - given.mentor_share))


def _is_drawn(model: ReferenceModel, person: Person) -> bool:
    return _luck(model, person)[3] < float(model.settings.programme.lottery_share)


def place_in_line(model: ReferenceModel, person: Person) -> float:
    """Who comes first in a cohort: the lowest number."""
    return _luck(model, person)[1]


def _luck(model: ReferenceModel, person: Person) -> tuple[float, float, float, float]:
    return model.fate.numbers("volunteering", person.slot, when=model.month)


def _is_invited(model: ReferenceModel, person: Person, role: str) -> bool:
    """By level and by tenure in months; a limit of 0 on the mentees' tenure is none."""
    programme = model.settings.programme
    tenure = model.month - person.hire_month
    if tenure < programme.minimum_tenure:
        return False
    if role == "mentor":
        return bool(programme.mentor_from_level <= person.level <= programme.mentor_to_level)
    if 0 < programme.mentee_tenure_below <= tenure:
        return False
    return bool(programme.mentee_from_level <= person.level <= programme.mentee_to_level)


def _comes(model: ReferenceModel, person: Person) -> bool:
    """All who are invited where it is for everybody or managers nominate; else volunteers.

    Where a cohort joins in parts, chances are such that over all parts they come to the same.
    """
    if model.settings.programme.participation in ("universal", "nominated"):
        return True
    return _would_come(model, person)


def _would_come(model: ReferenceModel, person: Person) -> bool:
    """Whether somebody volunteers."""
    chance = logistic(willingness(model, person))
    if model.parts > 1:
        chance = 1.0 - math.pow(1.0 - chance, 1.0 / model.parts)
    return _luck(model, person)[0] < chance


def willingness(model: ReferenceModel, person: Person) -> float:
    """Log odds of volunteering: engagement, growth need, ability, support, stories, resistance.

    Those at the top who are not humble shy away where juniors teach and nobody stands behind it.
    """
    given, ordinary = model.settings.volunteering, model.settings.engagement
    z = (person.engagement - ordinary.average) / ordinary.spread
    support = model.levers.support
    shyness = 0.0
    if any(policy.upward for policy in model.policies):
        shyness = model.rank(person) * (1.0 - person.humility) * (1.0 - support)
    return (
        given.level
        + given.by_engagement * z
        + given.by_growth_need * (person.growth_need - 0.5)
        + given.by_ability * (person.mentoring_ability - 0.5)
        + given.by_support * (support - model.settings.meetings.ordinary_support)
        + given.by_stories * person.department.stories
        - given.resistance * shyness
        + given.by_initiative * person.initiative
        + given.by_settledness * person.settledness
        + given.by_request * float(model.settings.programme.participation == "asked_by_name")
    )


def _impression(model: ReferenceModel, person: Person) -> float:
    """The output that managers see, with error."""
    luck = model.fate.numbers("judgement", person.slot, when=model.month)
    return person.output + model.settings.pairing.nomination_error * standard_normal(*luck[1:3])
