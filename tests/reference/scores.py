"""How good each possible pair looks to those who make pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reference.entities import Person
from reference.learning import status_damping
from reference.luck import held_within, standard_normal, total
from reference.meetings import quality_to_expect
from reference.network import similarity
from reference.policies import Policy, aims, is_allowed

if TYPE_CHECKING:
    from reference.model import ReferenceModel

Table = list[list[float | None]]
"""Score of each mentee (row) with each mentor (column); None where the pair is ruled out."""


def score(
    model: ReferenceModel, policy: Policy, mentees: list[Person], mentors: list[Person]
) -> Table:
    """The scores of all pairs that direction and rules allow."""
    if policy.score == "predicted":
        return _predicted(model, policy, mentees, mentors)
    return [_row(model, policy, mentee, mentors) for mentee in mentees]


def _row(
    model: ReferenceModel, policy: Policy, mentee: Person, mentors: list[Person]
) -> list[float | None]:
    possible = [mentor for mentor in mentors if is_allowed(model, policy, mentor, mentee)]
    if policy.score == "wishes":
        possible = _in_sight(model, mentee, possible)
    return [
        _pairwise(model, policy, mentor, mentee) if mentor in possible else None
        for mentor in mentors
    ]


def _pairwise(model: ReferenceModel, policy: Policy, mentor: Person, mentee: Person) -> float:
    """What can be said of a pair by itself."""
    match policy.score:
        case "random":
            return lot(model, mentor, mentee)
        case "gap":
            return seen_gap(model, policy, mentor, mentee)
        case "goals":
            return seen_gap(model, policy, mentor, mentee, goals=True)
        case "similarity":
            return likeness(model, mentor, mentee)
        case "wishes":
            status = model.settings.pairing.status_seeking
            return status * model.rank(mentor) + (1.0 - status) * similarity(mentee, mentor)
        case _:
            return _as_coordinator_sees(model, policy, mentor, mentee)


def lot(model: ReferenceModel, mentor: Person, mentee: Person) -> float:
    """A number in (0, 1) of the pair's own."""
    return _luck(model, mentor, mentee)[0]


def _luck(model: ReferenceModel, mentor: Person, mentee: Person) -> tuple[float, ...]:
    return model.fate.numbers("pairing", mentor.slot, other=mentee.slot, when=model.month)


# --- gaps ----------------------------------------------------------------------------------------
def seen_skills(model: ReferenceModel, person: Person) -> list[float]:
    """Skills as the skill data have them this month: with error, from 0 to 1."""
    if person in model.skill_data:
        return model.skill_data[person]
    error = model.settings.pairing.skill_data_error
    found = []
    for skill in model.skills:
        luck = model.fate.numbers("skill data", person.slot, other=skill.index, when=model.month)
        seen = person.skills[skill.index] + error * standard_normal(*luck[:2])
        found.append(held_within(seen, 0.0, 1.0))
    model.skill_data[person] = found
    return found


def seen_gap(
    model: ReferenceModel, policy: Policy, mentor: Person, mentee: Person, *, goals: bool = False
) -> float:
    """What there is to teach by the skill data; with `goals`, of what the mentee wants to learn."""
    return _gap(
        model,
        policy,
        seen_skills(model, mentor),
        seen_skills(model, mentee),
        mentee.goals if goals else frozenset(),
    )


def _gap(
    model: ReferenceModel,
    policy: Policy,
    of_mentor: Sequence[float],
    of_mentee: Sequence[float],
    goals: frozenset[int],
) -> float:
    """Usable gaps among the aims, of which goals count alone if there are any; both ways if both teach."""
    for_mentee, for_mentor = aims(model, policy)
    found = usable(model, of_mentor, of_mentee, for_mentee & goals or for_mentee)
    if policy.two_way:
        found += usable(model, of_mentee, of_mentor, for_mentor)
    return found


def usable(
    model: ReferenceModel,
    teacher: Sequence[float],
    learner: Sequence[float],
    subjects: frozenset[int],
) -> float:
    """Weighted gaps beyond the threshold."""
    worth = 0.0
    for skill in model.skills:
        gap = teacher[skill.index] - learner[skill.index] - model.settings.learning.threshold
        if skill.index in subjects and gap > 0.0:
            worth += skill.weight * gap
    return worth


# --- likeness, wishes, judgement -----------------------------------------------------------------
def likeness(model: ReferenceModel, mentor: Person, mentee: Person) -> float:
    """``depth · deep + (1 - depth) · ([same department] + (1 - years apart / 30)^+) / 2``."""
    depth = model.settings.pairing.similarity_depth
    years = abs(mentee.birth_month - mentor.birth_month) / 12.0
    background = 0.5 * (mentor.department is mentee.department) + 0.5 * max(0.0, 1.0 - years / 30.0)
    return depth * similarity(mentee, mentor) + (1.0 - depth) * background


def _in_sight(model: ReferenceModel, mentee: Person, possible: list[Person]) -> list[Person]:
    """Of the allowed mentors, the few whom the mentee sees first and who would accept.

    They come into sight at exponential times, at the rate ``exp(prominence · rank)``, times
    `acquaintance` for those whom the mentee knows.
    """
    given = model.settings.pairing
    times = []
    for mentor in possible:
        rate = math.exp(given.prominence * model.rank(mentor))
        if mentor in mentee.ties:
            rate *= given.acquaintance
        times.append(-math.log(_luck(model, mentor, mentee)[1]) / rate)
    first = sorted(range(len(possible)), key=lambda place: times[place])
    seen = [possible[place] for place in first[: math.floor(given.visible_mentors)]]
    return [mentor for mentor in seen if lot(model, mentor, mentee) < given.acceptance]


def _as_coordinator_sees(
    model: ReferenceModel, policy: Policy, mentor: Person, mentee: Person
) -> float:
    """``gap · (1 + favourites · output of the mentor)`` where both are known, else next to nothing."""
    if not (_is_known(model, mentor) and _is_known(model, mentee)):
        return 1e-6 * lot(model, mentor, mentee)
    favour = 1.0 + model.settings.pairing.favourites * mentor.output
    return seen_gap(model, policy, mentor, mentee) * favour


def _is_known(model: ReferenceModel, person: Person) -> bool:
    """With probability ``knows / headcount · (1/2 + 2 · rank)``."""
    luck = model.fate.numbers("judgement", person.slot, when=model.month)
    share = model.settings.pairing.coordinator_knows / len(model.staff)
    return luck[0] < share * (0.5 + 2.0 * model.rank(person))


# --- prediction ----------------------------------------------------------------------------------
def _predicted(
    model: ReferenceModel, policy: Policy, mentees: list[Person], mentors: list[Person]
) -> Table:
    """The true fit in standard deviations over all allowed pairs, with noise and a learnt bias.

    ``1/2 + (accuracy · z + (1 - accuracy²)^½ · noise + bias · [same department]) / 10``, at least
    one in a million.
    """
    given = model.settings.pairing
    pairs = [
        (row, column)
        for row, mentee in enumerate(mentees)
        for column, mentor in enumerate(mentors)
        if is_allowed(model, policy, mentor, mentee)
    ]
    fits = [true_fit(model, policy, mentors[column], mentees[row]) for row, column in pairs]
    mean = total(fits) / max(1, len(fits))
    variance = total((fit - mean) * (fit - mean) for fit in fits) / max(1, len(fits))
    spread = math.sqrt(variance)
    table: Table = [[None for _ in mentors] for _ in mentees]
    for (row, column), fit in zip(pairs, fits, strict=True):
        mentor, mentee = mentors[column], mentees[row]
        z = (fit - mean) / spread if spread > 0.0 else 0.0
        noise = standard_normal(*_luck(model, mentor, mentee)[1:3])
        predicted = (
            given.prediction_accuracy * z
            + math.sqrt(1.0 - given.prediction_accuracy * given.prediction_accuracy) * noise
            + given.prediction_bias * (mentor.department is mentee.department)
        )
        table[row][column] = max(1e-6, 0.5 + 0.1 * predicted)
    return table


def true_fit(model: ReferenceModel, policy: Policy, mentor: Person, mentee: Person) -> float:
    """The true usable gap times the quality to be expected, damped where teaching goes up."""
    quality = quality_to_expect(model, mentor, mentee)
    gap = _gap(model, policy, mentor.skills, mentee.skills, frozenset())
    part = math.pow(quality, model.settings.learning.quality_exponent)
    return gap * part * status_damping(model, mentor, mentee, quality)
