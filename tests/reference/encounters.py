"""Chance encounters, behind learning: who happens to meet, and what passes between the two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reference.entities import Person
from reference.luck import pick

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def meet_by_chance(model: ReferenceModel) -> None:
    """One encounter after the other, each with the skills that the last one left."""
    given = model.settings.encounters
    if given.who in ("linked", "anybody"):
        _draw_encounters(model)
    elif given.who in ("matched", "matched_by_department"):
        for one, other in _pairs(model):
            if model.fate.numbers("matching", one.slot, when=model.month)[1] < given.chance:
                _meet(model, one, other, one.slot)


def _draw_encounters(model: ReferenceModel) -> None:
    """So many per post; chairs are drawn, or take turns, and one that is empty meets nobody."""
    given = model.settings.encounters
    chairs = len(model.chairs)
    for event in range(math.floor(given.per_person * chairs + 0.5)):
        luck = model.fate.numbers("encounter", event, when=model.month)
        slot = pick(luck[0], chairs) if given.seekers == "by_lot" else event % chairs
        one = model.chairs[slot]
        if given.who == "linked":
            known = [tie for tie in one.ties if tie is not None]
            other = known[pick(luck[1], len(known))] if known else one
        else:
            other = model.chairs[(slot + 1 + pick(luck[1], chairs - 1)) % chairs]
        if luck[2] < given.chance and one.active and other.active and one is not other:
            _meet(model, one, other, event)


def _pairs(model: ReferenceModel) -> list[tuple[Person, Person]]:
    """Everybody present by lot: neighbours of a group meet; those sent out meet across a line."""
    given = model.settings.encounters
    shuffled = sorted(
        model.staff,
        key=lambda person: model.fate.numbers("matching", person.slot, when=model.month)[0],
    )
    groups = [shuffled]
    share = 0.0
    if given.who == "matched_by_department":
        share = given.across
        groups = [
            [person for person in shuffled if person.department is department]
            for department in model.departments
        ]
    pairs: list[tuple[Person, Person]] = []
    line: list[Person] = []
    for group in groups:
        sent_out = math.floor(share * len(group) + 0.5)
        line += group[:sent_out]
        stay = group[sent_out:]
        pairs += zip(stay[0::2], stay[1::2], strict=False)
    half = len(line) // 2
    return pairs + list(zip(line[:half], line[len(line) - half :], strict=True))


def _meet(model: ReferenceModel, one: Person, other: Person, event: int) -> None:
    """The gate says which skills pass between the two, in the order of skills."""
    given = model.settings.encounters
    ahead = [k for k in sorted(model.everything) if _is_ahead(model, one, other, k)]
    behind = [k for k in sorted(model.everything) if _is_ahead(model, other, one, k)]
    if given.gate == "barter":
        number = min(len(ahead), len(behind))
        passing = _some_of(model, ahead, number, event) + _some_of(model, behind, number, event)
    elif given.gate == "likeness":
        passing = [
            k for k in ahead + behind if not abs(one.skills[k] - other.skills[k]) >= given.width
        ]
    else:
        passing = ahead + behind
    for k in passing:
        _pass_on(model, one, other, k)


def _is_ahead(model: ReferenceModel, one: Person, other: Person, k: int) -> bool:
    """Whether a level counts as higher: by more than a share of the other."""
    return one.skills[k] > (1.0 + model.settings.encounters.tolerance) * other.skills[k]


def _some_of(model: ReferenceModel, skills: list[int], number: int, event: int) -> list[int]:
    """So many of the skills by lot: each with the probability still wanted / still left."""
    chosen: list[int] = []
    for place, k in enumerate(skills):
        luck = model.fate.numbers("barter", event, other=k, when=model.month)
        if luck[0] * (len(skills) - place) < number - len(chosen):
            chosen.append(k)
    return chosen


def _pass_on(model: ReferenceModel, one: Person, other: Person, k: int) -> None:
    """Both move by the rule for a gain over a gap: only upward, or (averaging) towards each other."""
    given = model.settings.encounters
    before, level = one.skills[k], other.skills[k]
    after = before + _step(model, before, level, given.rate)
    seen = after if given.update == "in_turn" else before
    one.skills[k] = after
    other.skills[k] = level + _step(model, level, seen, given.other_rate)


def _step(model: ReferenceModel, level: float, other: float, rate: float) -> float:
    """``rate · exp(-gap² / (2 absorption²)) · (gap - threshold)^+``, with the sign of the gap."""
    given = model.settings.learning
    gap = abs(other - level)
    if other < level and model.settings.encounters.kernel != "averaging":
        return 0.0
    usable = gap - given.threshold
    if usable <= 0.0:
        return 0.0
    gain = rate * math.exp(-gap * gap / (2.0 * given.absorption * given.absorption)) * usable
    return gain if other > level else -gain
