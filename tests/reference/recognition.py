"""Phase 7: who completes a pair is thanked, and what went well is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference.books import note_about

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def recognise(model: ReferenceModel) -> None:
    """Thank both sides of formal pairs that have met, in their last month; tell of the good ones.

    A story told per head of a department lifts what is told there, which otherwise fades:
    ``(1 - fading) s + min(1, gain · told per head) · (1 - s)``. Without money for it there is none.
    """
    given = model.settings.recognition
    recognition = model.levers.recognition
    for person in model.chairs:
        person.recognised = False
    for department in model.departments:
        department.told = 0.0
        department.heads = 0
    if recognition > 0.0:
        for person in model.staff:
            person.department.heads += 1
        for pair in model.pairs:
            if not pair.formal or pair.held == 0 or model.month + 1 < pair.planned_end:
                continue
            for person in (pair.mentor, pair.mentee):
                if not person.recognised:
                    note_about(model, person, "recognised")
                person.recognised = True
                if pair.influence and pair.quality >= given.story_from:
                    person.department.told += recognition
    for department in model.departments:
        lift = min(1.0, given.story_gain * (department.told / max(1.0, float(department.heads))))
        stories = department.stories
        department.stories = (1.0 - given.story_fading) * stories + lift * (1.0 - stories)
