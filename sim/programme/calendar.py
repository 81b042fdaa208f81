"""When a programme acts: the months in which cohorts open and in which the coordinator checks in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Calendar", "calendar_of"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A programme's months, each in order.

    Attributes
    ----------
    openings
        Months in which people are paired.
    check_ins
        Months in which the coordinator asks every running pair how it goes.
    parts
        In how many parts a cohort's people join: 1, or one a month where enrolment is rolling.
    """

    openings: tuple[int, ...] = ()
    check_ins: tuple[int, ...] = ()
    parts: int = 1

    @property
    def months(self) -> tuple[int, ...]:
        """All months in which the programme does something."""
        return tuple(sorted({*self.openings, *self.check_ins}))


def calendar_of(programme: Mapping[str, Any], months: int) -> Calendar:
    """The calendar of a resolved ``[programme]`` section, in a simulation of `months` months.

    Fixed cohorts follow one another, as long as the whole cohort fits. With rolling enrolment people
    join every month, as long as the whole time of their pairs fits; `cohorts` then counts the spans of
    `cohort_months` during which they may join. Check-ins take place while pairs run, counted from the
    opening.
    """
    length, start = int(programme["cohort_months"]), int(programme["start_month"])
    limit, interval = int(programme["cohorts"]), int(programme["check_in_months"])
    rolling = programme["enrolment"] == "rolling"
    opening = range(start, months - length + 1, 1 if rolling else length)
    openings = tuple(opening[: limit * (length if rolling else 1)] if limit else opening)
    check_ins: set[int] = set()
    if interval and openings:
        if rolling:
            check_ins.update(range(start + interval, openings[-1] + length, interval))
        else:
            for first in openings:
                check_ins.update(range(first + interval, first + length, interval))
    return Calendar(openings, tuple(sorted(check_ins)), length if rolling else 1)
