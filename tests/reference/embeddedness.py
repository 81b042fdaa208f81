"""Phase 7: what holds people: relationships, ties, the team, years of service, fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference.entities import Person
from reference.luck import logistic

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def embed(model: ReferenceModel) -> None:
    """At the end of the month embeddedness goes part of the way to what makes it up."""
    measure(model, model.settings.embeddedness.adjustment)


def measure(model: ReferenceModel, adjustment: float) -> None:
    """Go the share `adjustment` of the way; where that is all of it, be there."""
    holds = relationships(model)
    sought = dict.fromkeys(model.chairs, 0)
    for person in model.staff:
        for adviser in person.ties:
            if adviser is not None:
                sought[adviser] += 1
    for person in model.chairs:
        if not person.active:
            person.embeddedness = 0.0
            continue
        full = embeddedness(model, person, holds[person], sought[person])
        if adjustment < 1.0:
            full = person.embeddedness + adjustment * (full - person.embeddedness)
        person.embeddedness = full


def relationships(model: ReferenceModel) -> dict[Person, float]:
    """Sum of qualities over the full one, of running pairs that have influence."""
    holds = dict.fromkeys(model.chairs, 0.0)
    for pair in model.pairs:
        if pair.influence:
            hold = pair.quality / model.settings.embeddedness.relationships_full
            holds[pair.mentor] += hold
            holds[pair.mentee] += hold
    return holds


def embeddedness(model: ReferenceModel, person: Person, held: float, sought: int) -> float:
    """A weighted sum, each part 0 to 1, and at most 1 in all.

    Relationships, ties given and received, and ties to boss and team count up to where they are full; of
    years as many as `tenure_half` count half; fit is settledness as it is felt.
    """
    given = model.settings.embeddedness
    advisers = [adviser for adviser in person.ties if adviser is not None]
    team = sum(in_one_team(person, adviser) for adviser in advisers)
    years = (model.month - person.hire_month) / 12.0
    parts = float(
        given.relationships_weight * min(1.0, held)
        + given.ties_weight * min(1.0, (len(advisers) + sought) / given.ties_full)
        + given.team_weight * min(1.0, team / given.team_full)
        + given.tenure_weight * years / (years + given.tenure_half)
        + given.fit_weight * logistic(person.settledness)
    )
    return min(1.0, parts)


def in_one_team(one: Person, other: Person) -> bool:
    """Whether one manages the other, or both have the same manager."""
    if other is one.manager or one is other.manager:
        return True
    return one.manager is not None and one.manager is other.manager
