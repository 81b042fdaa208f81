"""What a pilot may measure: from personnel records, a survey, a test of skills; each with its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["JUDGED", "MEASURES", "Measure", "measure_named"]

RATIO = "log hazard ratio"

Source = Literal["records", "survey", "test"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes
    ----------
    name, title
        As in tables, and as planners say it.
    unit
        Of a difference.
    source
        Where it comes from.
    baseline
        Whether the same is measured before the start and taken into account.
    higher_is_better
        Which way is good.
    what
        What it is, in a sentence.
    """

    name: str
    title: str
    unit: str
    source: Source
    baseline: bool
    higher_is_better: bool
    what: str

    @property
    def counts_events(self) -> bool:
        """Whether it is an event (somebody quits), not a score."""
        return self.source == "records"

    @property
    def is_ratio(self) -> bool:
        """Whether it is a ratio of rates, told beside the difference and never judged by."""
        return self.unit == RATIO


MEASURES: tuple[Measure, ...] = (
    Measure(
        "quits",
        "Quits",
        "people in 100",
        "records",
        False,
        False,
        "Who has quit by then, of those who were there at the start.",
    ),
    Measure(
        "quit_times",
        "Quits, by when they happen (Cox)",
        RATIO,
        "records",
        False,
        False,
        "The same people, by the month in which they quit: ratio of the hazards of both sides, others who leave are "
        "censored.",
    ),
    Measure(
        "promotions",
        "Promotions",
        "people in 100",
        "records",
        False,
        True,
        "Who has been promoted by then, of those who were there at the start; leavers count as not promoted.",
    ),
    Measure(
        "engagement",
        "Engagement survey",
        "points of 100",
        "survey",
        True,
        True,
        "Score of those who are still there and answer, with the survey before the start taken into account.",
    ),
    Measure(
        "skills",
        "Skills test, with one before the start",
        "points of 100",
        "test",
        True,
        True,
        "Test of what mentees are to learn, of those who are still there and sit it, with the test before the start "
        "taken into account.",
    ),
    Measure(
        "skills_after_only",
        "Skills test, afterwards only",
        "points of 100",
        "test",
        False,
        True,
        "The same test, sat once.",
    ),
)
"""In the order in which they are shown."""

JUDGED: tuple[Measure, ...] = tuple(one for one in MEASURES if not one.is_ratio)
"""Those by which a pilot can be judged."""


def measure_named(name: str) -> Measure:
    """The measure of a name.

    Raises
    ------
    InputError
        If there is none.
    """
    from sim.errors import InputError
    from sim.scenario.messages import hint

    for one in MEASURES:
        if one.name == name:
            return one
    names = [one.name for one in MEASURES]
    raise InputError(f"there is no measure {name!r}", remedy=hint(name, names), key="measure")
