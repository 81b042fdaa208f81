"""When a programme acts: when cohorts open, the coordinator checks in, partners are shuffled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Calendar", "calendar_of", "is_by_lot"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A programme's months, each in order.

    Attributes
    ----------
    openings
        Months in which people are paired.
    check_ins
        Months in which the coordinator asks every running pair how it goes.
    deals
        Months in which the mentees of the running pairs are dealt anew among their mentors.
    parts
        In how many parts a cohort's people join: 1, or one a month where enrolment is rolling.
    """

    openings: tuple[int, ...] = ()
    check_ins: tuple[int, ...] = ()
    deals: tuple[int, ...] = ()
    parts: int = 1

    @property
    def months(self) -> tuple[int, ...]:
        """All months in which the programme does something."""
        return tuple(sorted({*self.openings, *self.check_ins, *self.deals}))


def is_by_lot(programme: Mapping[str, Any]) -> bool:
    """Whether a lot decides who gets a place, in a resolved ``[programme]`` section."""
    return programme["participation"] in ("lottery", "offered_by_lot")


def calendar_of(programme: Mapping[str, Any], months: int) -> Calendar:
    """The calendar of a resolved ``[programme]`` section, in a simulation of `months` months.

    Fixed cohorts follow one another, as long as the whole cohort fits. With rolling enrolment people
    join every month, as long as the whole time of their pairs fits; `cohorts` then counts the spans of
    `cohort_months` during which they may join. Check-ins take place while pairs run, counted from the
    opening; so does the monthly shuffle, in all months of a cohort but its first. Where a lot offers places in
    steps, a cohort opens at each.
    """
    length, start = int(programme["cohort_months"]), int(programme["start_month"])
    limit, interval = int(programme["cohorts"]), int(programme["check_in_months"])
    rolling = programme["enrolment"] == "rolling"
    opening = range(start, months - length + 1, 1 if rolling else length)
    openings = tuple(opening[: limit * (length if rolling else 1)] if limit else opening)
    steps = int(programme["lottery_steps"])
    if steps > 1 and is_by_lot(programme):
        every = int(programme["step_months"])
        openings = tuple(range(start, months - length + 1, every)[:steps])
    begins = openings[:1] if rolling else openings

    def while_pairs_run(every: int) -> tuple[int, ...]:
        found: set[int] = set()
        for first in begins if every else ():
            last = openings[-1] if rolling else first
            found.update(range(first + every, last + length, every))
        return tuple(sorted(found))

    return Calendar(
        openings,
        while_pairs_run(interval),
        while_pairs_run(int(programme["shuffled"])),
        length if rolling else 1,
    )
