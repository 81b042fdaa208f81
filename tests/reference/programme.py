"""Phase 4: a cohort opens: people volunteer, pairs are scored and assigned, and begin."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from reference import words
from reference.books import note, note_about
from reference.entities import Person
from reference.luck import logistic
from reference.network import begin_pair
from reference.pairing import assign, score

if TYPE_CHECKING:
    from reference.model import ReferenceModel

Match = tuple[Person, Person, float]
"""Mentee, mentor, score."""


def cohort_months(programme: Any, months: int) -> list[int]:
    """Months in which a cohort opens: one after the other, as long as the whole cohort fits."""
    if programme.policy == "none":
        return []
    openings: list[int] = []
    month = programme.start_month
    while month + programme.cohort_months <= months:
        if programme.cohorts and len(openings) == programme.cohorts:
            break
        openings.append(month)
        month += programme.cohort_months
    return openings


def open_cohort(model: ReferenceModel) -> None:
    """Enrol, pair and begin; the number of pairs is a share of the headcount in every policy."""
    participants = _volunteers(model)
    places = round(model.settings.programme.places * len(model.staff))
    matches = _matches(model, participants)
    matches.sort(key=lambda match: (-match[2], match[0].slot))
    for mentee, mentor, value in sorted(matches[:places], key=lambda match: match[0].slot):
        _begin(model, mentor, mentee, value)
    for person, _, _ in participants:
        note_about(model, person, "volunteers")
        if person.formal_mentors + person.formal_mentees > 0:
            note_about(model, person, "participants")
        else:
            note_about(model, person, "turned_away")
            person.turned_away = not model.settings.programme.placebo


def direction_of(model: ReferenceModel) -> str:
    """Who teaches whom: as set apart, else the policy's own."""
    programme = model.settings.programme
    return str(programme.direction or words.PRESETS[programme.policy][0])


def _volunteers(model: ReferenceModel) -> list[tuple[Person, bool, float]]:
    """Who takes part, in the order of slots; whether willing to mentor; the order of places.

    Somebody who, by the roster, has no part counts as a volunteer and does not take part all the same.
    """
    programme = model.settings.programme
    found = []
    for person in model.staff:
        luck = model.fate.numbers("volunteering", person.slot, when=model.month)
        joins = programme.participation == "universal" or luck[0] < logistic(
            willingness(model, person)
        )
        if joins:
            person.volunteered += 1
        if joins and person.mentoring_role != "none":
            mentors = luck[2] < model.settings.volunteering.mentor_share
            if person.mentoring_role in ("mentor", "mentee"):
                mentors = person.mentoring_role == "mentor"
            found.append((person, mentors, luck[1]))
    return found


def willingness(model: ReferenceModel, person: Person) -> float:
    """Log odds of volunteering: engagement, growth need, ability, management support."""
    given, ordinary = model.settings.volunteering, model.settings.engagement
    z = (person.engagement - ordinary.average) / ordinary.spread
    support = model.settings.organisation.management_support
    return (
        given.level
        + given.by_engagement * z
        + given.by_growth_need * (person.growth_need - 0.5)
        + given.by_ability * (person.mentoring_ability - 0.5)
        + given.by_support * (support - words.ORDINARY_SUPPORT)
    )


def _matches(model: ReferenceModel, participants: list[tuple[Person, bool, float]]) -> list[Match]:
    """All pairs that the policy would make; large cohorts are dealt out into blocks, in order."""
    programme = model.settings.programme
    preset = words.PRESETS[programme.policy]
    by_gap = (programme.score or preset[1]) == "gap"
    how = programme.assignment or preset[2]
    direction = direction_of(model)
    dealt = sorted(participants, key=lambda participant: participant[2])
    blocks = 1
    if len(dealt) > model.paired_together:
        blocks = math.ceil(len(dealt) / model.block)
    matches: list[Match] = []
    for block in range(blocks):
        members = sorted(dealt[block::blocks], key=lambda participant: participant[0].slot)
        mentors = [person for person, willing, _ in members if willing]
        table = [
            [score(model, mentor, mentee, direction, by_gap) for mentor in mentors]
            for mentee, _, _ in members
        ]
        places = [place for _, _, place in members]
        room = [
            programme.mentor_capacity if mentor.own_capacity is None else mentor.own_capacity
            for mentor in mentors
        ]
        found = assign(how, table, room, places)
        for row, column in enumerate(found):
            if column is not None:
                value = table[row][column]
                assert value is not None
                matches.append((members[row][0], mentors[column], value))
    return matches


def _begin(model: ReferenceModel, mentor: Person, mentee: Person, value: float) -> None:
    programme = model.settings.programme
    direction = direction_of(model)
    two_way = direction == "reciprocal"
    emerging = frozenset(skill.index for skill in model.skills if skill.kind == "emerging")
    aims = {"traditional": model.everything - emerging, "reverse": emerging}
    begin_pair(
        model,
        mentor,
        mentee,
        when=model.month,
        begun=model.month,
        planned_end=model.month + programme.cohort_months,
        direction=direction,
        aims_mentee=aims.get(direction, model.everything),
        aims_mentor=model.everything if two_way else frozenset(),
        two_way=two_way,
        influence=not programme.placebo,
        quality=model.settings.meetings.first_quality,
        training=1.0 - math.exp(-programme.training_hours / words.TRAINING_SCALE),
        score=value,
    )
    mentee.cohorts_as_mentee += 1
    mentor.cohorts_as_mentor += 1
    note(model, "opened", 1.0)
