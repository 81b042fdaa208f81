"""Phase 7: what is taught at meetings, what is picked up from ties, what work itself teaches."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from reference.books import note
from reference.entities import Pair, Person
from reference.luck import pick, total
from reference.meetings import members
from reference.people import seeking

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def learn(model: ReferenceModel) -> None:
    """All gains of a month follow from the skills at its start and are applied together."""
    for person in model.staff:
        person.learnt = person.given = 0.0
        person.gain = [0.0] * len(model.skills)
        person.asked = [0.0] * len(model.skills)
    given = model.settings.learning
    if given.asking_rate > 0.0 or given.asking_lasting > 0.0:
        _ask_around(model)
    for pair in model.pairs:
        if pair.met_now > 0 and pair.influence:
            _teach_in_pair(model, pair)
    for person in model.staff:
        _learn_from_tie(model, person)
    for person in model.staff:
        for k, gain in enumerate(person.gain):
            person.skills[k] += gain
            if person.skills[k] > 1.0:
                person.skills[k] = 1.0
                model.clipped += 1


def _ask_around(model: ReferenceModel) -> None:
    """Newcomers learn by asking where they are below what is usual in their department.

    ``share = 1 - exp(-seeking · (rate · (1 - tenure/months)^+ + lasting))`` of the distance.
    """
    given = model.settings.learning
    for department in model.departments:
        people = [person for person in model.staff if person.department is department]
        department.usual = [
            total(person.skills[k] for person in people) / max(1.0, float(len(people)))
            for k in range(len(model.skills))
        ]
    for person in model.staff:
        fading = max(0.0, 1.0 - (model.month - person.hire_month) / given.asking_months)
        rate = given.asking_rate * fading + given.asking_lasting
        share = 1.0 - math.exp(-seeking(model, person) * rate)
        for k, usual in enumerate(person.department.usual):
            gap = usual - given.asking_below - person.skills[k]
            if gap > 0.0:
                person.asked[k] = person.gain[k] = share * gap


def _teach_in_pair(model: ReferenceModel, pair: Pair) -> None:
    """Teaching forward, in a two-way pair also backward; without a usable gap it is taught out.

    Clear objectives leave more of a meeting's time to them; a group divides the mentor's attention.
    """
    given = model.settings.learning
    attention = given.informal_attention
    if pair.formal:
        share = 1.0
        if members(model, pair) > 1:
            share = math.pow(float(members(model, pair)), -given.group_dilution)
        attention = share * model.levers.clarity * model.settings.programme.meeting_hours
    # Each side of a two-way pair gets half of the meeting: of an odd subject, half of its time.
    subjects = 0.5 * given.focus if pair.two_way else float(given.focus)

    mentor, mentee = pair.mentor, pair.mentee
    strength = teaching_strength(model, pair, mentor, mentee, attention)
    forward = _teach(model, mentor, mentee, pair.aims_mentee, subjects, strength)
    mentor.given += total(forward)
    backward: list[float] = []
    if pair.two_way:
        strength = teaching_strength(model, pair, mentee, mentor, attention)
        backward = _teach(model, mentee, mentor, pair.aims_mentor, subjects, strength)
        mentee.given += total(backward)
    if not forward and not backward:
        pair.taught_out = given.rate > 0.0
        return
    pair.taught_out = False

    mentee_gain = total(forward)
    mentor_gain = total(backward) + _grow_by_mentoring(model, pair, mentor)
    if pair.two_way:
        mentee_gain += _grow_by_mentoring(model, pair, mentee)
    pair.mentee_gain += mentee_gain
    pair.mentor_gain += mentor_gain
    mentee.learnt += mentee_gain
    mentor.learnt += mentor_gain
    if pair.formal:
        note(model, "mentee_gain", mentee_gain)
        note(model, "mentor_gain", mentor_gain)


def teaching_strength(
    model: ReferenceModel, pair: Pair, teacher: Person, learner: Person, attention: float
) -> float:
    """Share of a usable gap that the month's meetings would close, before absorption."""
    given = model.settings.learning
    damping = status_damping(model, teacher, learner, pair.quality)
    ability = 0.5 + teacher.mentoring_ability
    part = math.pow(pair.quality, given.quality_exponent)
    return given.rate * pair.met_now * attention * part * ability * damping


def status_damping(
    model: ReferenceModel, teacher: Person, learner: Person, quality: float
) -> float:
    """Teaching somebody higher up suffers from the gap that quality and safety have not closed."""
    levels_up = learner.level - teacher.level
    if levels_up <= 0:
        return 1.0
    share = levels_up / (max(2, model.levels) - 1.0)
    damping = model.settings.learning.status_damping
    return 1.0 - damping * share * (1.0 - quality * teacher.safety)


def _teach(
    model: ReferenceModel,
    teacher: Person,
    learner: Person,
    aims: Iterable[int],
    subjects: float,
    strength: float,
) -> list[float]:
    """Teach the subjects with the largest usable gaps among the aims; returns the gains.

    The largest gap goes first; of equal ones, that of the first skill. Of half a subject, half is taught. What
    asking gives anyway is no gain by the teacher. People of one department know different parts of a skill, and
    have the same background.
    """
    given = model.settings.learning
    variety, background = 0.0, 1.0
    if teacher.department is learner.department:
        variety, background = given.variety, given.absorption_within
    gaps = [(gap_of(teacher.skills[k], learner.skills[k], variety), k) for k in sorted(aims)]
    usable = [(gap, k) for gap, k in gaps if gap > given.threshold]
    usable.sort(key=lambda item: -item[0])
    gains = []
    for place, (gap, k) in enumerate(usable[: math.ceil(subjects)]):
        closed = min(1.0, min(1.0, subjects - place) * strength)
        absorbed = math.exp(-background * gap * gap / (2.0 * given.absorption * given.absorption))
        gain = closed * absorbed * (gap - given.threshold)
        anyway = min(gain, learner.asked[k])
        learner.asked[k] -= anyway
        gain -= anyway
        learner.gain[k] += gain
        gains.append(gain)
    return gains


def gap_of(teacher: float, learner: float, variety: float) -> float:
    """What the one knows and the other does not: ``t - l + variety · l (1 - t)``."""
    return teacher - learner + variety * learner * (1.0 - teacher)


def _grow_by_mentoring(model: ReferenceModel, pair: Pair, person: Person) -> float:
    """What teaching does for the teacher's own leadership and communication."""
    strength = model.settings.learning.mentor_rate * pair.met_now * pair.quality
    gains = []
    for skill in model.skills:
        if skill.grows_by_mentoring:
            gain = strength * (1.0 - person.skills[skill.index])
            person.gain[skill.index] += gain
            gains.append(gain)
    return total(gains)


def _learn_from_tie(model: ReferenceModel, person: Person) -> None:
    """Perhaps pick something up from one of the ties, in the strongest subject."""
    given = model.settings.learning
    luck = model.fate.numbers("contact", person.slot, when=model.month)
    if luck[0] >= given.contact_rate * seeking(model, person):
        return
    adviser = person.ties[pick(luck[1], len(person.ties))]
    if adviser is not None:
        _teach(model, adviser, person, model.everything, 1.0, given.contact_gain)


def practise(model: ReferenceModel) -> None:
    """``(1 - decay)(s + practice · (potential - s)^+)`` for everybody, at the month's pace."""
    now = model.environment[model.month]
    for skill in model.skills:
        decay = skill.decay
        if skill.kind == "emerging":
            decay = min(1.0, decay * now.obsolescence + now.jump)
        for person in model.staff:
            level, potential = person.skills[skill.index], person.potential[skill.index]
            if potential > level:
                level = level + skill.practice * (potential - level)
            person.skills[skill.index] = (1.0 - decay) * level
