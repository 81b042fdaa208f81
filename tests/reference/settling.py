"""How the firm has settled before the first month: advice ties, and informal mentors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference.embeddedness import measure
from reference.entities import Person
from reference.feelings import know_units
from reference.luck import held_within
from reference.meetings import quality_target
from reference.network import look_for_mentors, pick_adviser
from reference.words import CANDIDATES, FIRST_SEARCH, SEARCHES_BEFORE

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def settle(model: ReferenceModel) -> None:
    """Form everybody's ties, then let two years' worth of searches for informal mentors happen.

    The relationships found stand at the quality that they tend to.
    """
    know_units(model)
    for person in model.staff:
        person.engagement = held_within(person.engagement + person.unit, 0.02, 0.98)
        person.engagement_begin = person.engagement
    if not model.settings.organisation.ties_complete:
        for person in model.staff:
            _form_ties(model, person)
    for search in range(SEARCHES_BEFORE):
        look_for_mentors(model, FIRST_SEARCH + search, -1)
    for pair in model.pairs:
        pair.quality = quality_target(model, pair)
    measure(model, 1.0)


def _form_ties(model: ReferenceModel, person: Person) -> None:
    """Fill the places that a roster left free."""
    for place, known in enumerate(person.ties):
        if known is None:
            person.ties[place] = pick_adviser(
                model, person, "tie at start", place * CANDIDATES, person.holder
            )
