"""Which pilot to run: the smallest that can show something, or the plain statement that none can."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.pilots.designs import DESIGNS, Design
from sim.pilots.diagnosing import Diagnosis
from sim.pilots.findings import Findings
from sim.pilots.measures import JUDGED, Measure
from sim.pilots.reading import Question

__all__ = [
    "Choice",
    "best_for",
    "choose",
    "is_sound",
    "main_month",
    "people_needed",
    "smallest_for",
]

_PREFERRED = {design.name: place for place, design in enumerate(DESIGNS)}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is advised.

    Attributes
    ----------
    question
        The reading on which the pilot is to be judged.
    able
        Whether it finds the expected effect as often as is wanted.
    also
        Other measures that the same pilot reaches with as much power.
    not_by
        Measures by which no pilot of these sizes can judge.
    """

    question: Question
    able: bool
    also: tuple[Measure, ...]
    not_by: tuple[Measure, ...]


def main_month(pilot: Findings) -> int:
    """The month after the start that is told first: the twelfth, or the last there is."""
    months = pilot.job.readings
    return 12 if 12 in months else months[-1]


def is_sound(told: Diagnosis) -> bool:
    """Whether a reading can be made in most firms, and finds nothing where there is nothing."""
    return bool(told.firms) and told.undefined < 0.2 and told.sound


def _readings(
    pilot: Findings, measure: Measure | None = None, design: Design | None = None
) -> Iterator[tuple[Question, Diagnosis]]:
    """Readings of lotteries that find nothing where there is nothing."""
    for question in pilot.job.questions:
        if not question.design.by_lot or (design is not None and question.design != design):
            continue
        if measure is not None and question.measure != measure:
            continue
        told = pilot.of(question)
        if is_sound(told) and _right_way(told):
            yield question, told


def _right_way(told: Diagnosis) -> bool:
    """Whether what it would find has the direction of the true effect, and is not mostly something else."""
    more = told.bias.value * told.offered.value > 0.0
    off = told.bias.clear and abs(told.bias.value) > _MOST_OFF * abs(told.offered.value)
    return told.expected.value * told.offered.value >= 0.0 and not (more and off)


_MOST_OFF = 0.25
"""Of the true effect: a lottery whose estimate is larger by more (because those refused mind) is not advised."""


def best_for(pilot: Findings, measure: Measure, offered: int | None = None) -> Question | None:
    """The lottery that finds the effect on a measure most often, going by the lower ends of intervals.

    None where there is none that could be read.
    """
    found = [
        (told.power.low, -_PREFERRED[question.design.name], -question.months, question)
        for question, told in _readings(pilot, measure)
        if offered is None or question.offered == offered
    ]
    return max(found, key=lambda one: one[:3])[-1] if found else None


def smallest_for(pilot: Findings, measure: Measure) -> Question | None:
    """The smallest lottery, then the earliest, that finds the effect as often as is wanted; None if none does.

    Of those that are equal the one whose estimand is least blurred by spill-over, in the order of the designs.
    """
    wanted = float(pilot.settings["power"])
    found = [
        (question.offered, question.months, _PREFERRED[question.design.name], question)
        for question, told in _readings(pilot, measure)
        if told.power.value >= wanted and told.offered.clear
    ]
    return min(found, key=lambda one: one[:3])[-1] if found else None


def choose(pilot: Findings) -> Choice | None:
    """What to run; None where nothing can be read at all."""
    wanted = float(pilot.settings["power"])
    able = [one for measure in JUDGED if (one := smallest_for(pilot, measure)) is not None]
    if able:
        # What a board cares for most comes first in the list of measures; a test once only if nothing else does.
        main = min(able, key=lambda one: (one.measure.name == "skills_after_only", one.offered))
    else:
        best = [one for measure in JUDGED if (one := best_for(pilot, measure)) is not None]
        if not best:
            return None
        main = max(best, key=lambda one: pilot.of(one).power.low)
    also = tuple(
        measure
        for measure in JUDGED
        if measure != main.measure
        and (other := replace(main, measure=measure)) in pilot.job.questions
        and pilot.of(other).power.value >= wanted
    )
    there = {one.measure for one in able}
    return Choice(
        main, bool(able), also, tuple(measure for measure in JUDGED if measure not in there)
    )


def people_needed(pilot: Findings, question: Question) -> tuple[float, float, float]:
    """How many people it would take to offer a place to, with the interval; infinite where nothing is expected."""
    told = pilot.of(question).needed
    if not told.known:
        return (math.nan,) * 3
    value, low, high = (question.offered * one for one in (told.value, told.low, told.high))
    return value, low, high
