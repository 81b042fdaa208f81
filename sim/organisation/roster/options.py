"""What a planner can say about a roster that the file does not say itself; all of it in ``[organisation]``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.errors import InputError

__all__ = ["RosterOptions", "options_of"]


@dataclass(frozen=True, slots=True)
class RosterOptions:
    """How a roster is to be read.

    Attributes
    ----------
    start_year
        Calendar year of the first simulated month, 1950 to 2100.
    level_order
        The file's levels, grades or titles, lowest first; those that are equal share an entry. Empty:
        numbers and known words order themselves.
    level_1_is
        ``bottom`` or ``top`` where levels are numbers.
    dates
        ``day first`` or ``month first``; "" where the columns decide.
    file_date
        The day as of which the file was made; None where it is told from the start year and the file.
    contractors
        Whether contractors and agency workers count as staff.
    pay_is
        What the column of pay holds, such as ``per month``; "" where heading and cells tell.
    """

    start_year: int = 2026
    level_order: tuple[tuple[str, ...], ...] = ()
    level_1_is: str = ""
    dates: str = ""
    file_date: date | None = None
    contractors: bool = False
    pay_is: str = ""


def options_of(organisation: Any) -> RosterOptions:
    """The options that a resolved ``[organisation]`` section states.

    Raises
    ------
    InputError
        If the file date is no date, or an entry of the order is neither text nor a list of texts.
    """
    return RosterOptions(
        start_year=int(organisation["start_year"]),
        level_order=_order(organisation["level_order"]),
        level_1_is=organisation["level_1_is"] or "",
        dates=organisation["dates"] or "",
        file_date=_date(organisation["file_date"]),
        contractors=bool(organisation["contractors"]),
        pay_is=organisation["pay_is"] or "",
    )


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        remedy = 'write it as file_date = "2026-03-31"'
        problem = f"{text!r} is not a date"
        raise InputError(problem, remedy=remedy, key="organisation.file_date") from None


def _order(entries: Sequence[Any]) -> tuple[tuple[str, ...], ...]:
    found = []
    for entry in entries:
        group = [entry] if isinstance(entry, str | int) else list(entry)
        if not group or not all(isinstance(one, str | int) for one in group):
            remedy = 'write the levels lowest first, as in level_order = ["Band 5", "Band 6"]'
            problem = f"{entry!r} is not the name of a level, nor a list of names"
            raise InputError(problem, remedy=remedy, key="organisation.level_order")
        found.append(tuple(str(one) for one in group))
    return tuple(found)
