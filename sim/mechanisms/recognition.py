"""Recognition: who completes a pair is thanked, and what went well is told, so that more people join.

Without money for recognition nothing is felt and nothing is told.
"""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import kernel, rule
from sim.engine.counting import add
from sim.mechanisms.mechanism import Mechanism
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "next_stories", "recognise"]

PARAMETERS = ParameterGroup(
    "recognition",
    "Recognition and success stories",
    (
        Parameter(
            "story_from",
            0.5,
            "quality",
            "Quality from which a completed pair is a story worth telling.",
            0.0,
            1.0,
            source="scale of the model",
            grade="assumed",
        ),
        Parameter(
            "story_gain",
            5.0,
            "per story and head",
            "How much a story told per head of a department adds to what is told there.",
            0.0,
            1000.0,
            source="assumed: stories of success win people over; no size is published",
            grade="assumed",
            prior=(1.0, 10.0),
            neutral=0.0,
        ),
        Parameter(
            "story_fading",
            0.05,
            "per month",
            "How fast stories are forgotten.",
            0.0,
            1.0,
            source="assumed: stories of success win people over; no size is published",
            grade="assumed",
            prior=(0.02, 0.2),
        ),
    ),
)


@rule
def next_stories(stories, told_per_head, p):
    """``(1 - fading) s + min(1, gain · told per head) · (1 - s)``."""
    return (1.0 - p.story_fading) * stories + min(1.0, p.story_gain * told_per_head) * (
        1.0 - stories
    )


@kernel
def recognise(state, p, month):
    """In the last month of a formal pair that has met, thank both; tell the good ones where they work."""
    whole = state.whole
    dyad = state.dyad_whole
    stories = state.department[columns.STORIES]
    told = state.department[columns.TOLD]
    heads = state.department[columns.HEADS]
    for slot in range(whole.shape[1]):
        whole[columns.RECOGNISED, slot] = 0
    for department in range(told.shape[0]):
        told[department] = 0.0
        heads[department] = 0.0
    if p.levers.recognition > 0.0:
        for row in range(state.counts[columns.DYADS]):
            if (
                dyad[columns.FORMAL, row] == 0
                or month + 1 < dyad[columns.PLANNED_END, row]
                or dyad[columns.HELD, row] == 0
            ):
                continue
            for slot in (dyad[columns.MENTOR, row], dyad[columns.MENTEE, row]):
                if whole[columns.RECOGNISED, slot] == 0:
                    add(state, p, slot, columns.M_RECOGNISED, 1.0, month)
                whole[columns.RECOGNISED, slot] = 1
                good = state.dyad[columns.QUALITY, row] >= p.recognition.story_from
                if good and dyad[columns.INFLUENCE, row] == 1:
                    told[whole[columns.PERSON_DEPARTMENT, slot]] += p.levers.recognition
        for slot in range(whole.shape[1]):
            if whole[columns.ACTIVE, slot] == 1:
                heads[whole[columns.PERSON_DEPARTMENT, slot]] += 1.0
    for department in range(told.shape[0]):
        per_head = told[department] / max(1.0, heads[department])
        stories[department] = next_stories(stories[department], per_head, p.recognition)


MECHANISM = Mechanism(
    name="recognition",
    parameters=PARAMETERS,
    kernel=recognise,
    reads=(
        "active",
        "department",
        "counts",
        "birth_month",
        "level",
        "dyad.formal",
        "dyad.planned_end",
        "dyad.held",
        "dyad.influence",
        "dyad.quality",
        "dyad.mentor",
        "dyad.mentee",
    ),
    writes=(
        "recognised",
        "department.stories",
        "department.told",
        "department.heads",
        "monthly",
        "tally",
    ),
    draws=(),
)
