"""Columns of dates: which of day and month stands first is decided by the column, never by one cell.

A day above 12 somewhere decides; dots mean the day first; where no date of a column decides, the other
columns of the file do, if they agree; else the planner is asked (``dates = "day first"``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sim.organisation.roster.findings import CellError, quoted
from sim.organisation.roster.headings import plain
from sim.organisation.roster.words import MONTH_NAMES, NO_DATES

__all__ = ["DATE_ORDERS", "Order", "is_no_date", "order_of", "read_date", "year_of"]

DATE_ORDERS = ("day first", "month first")
_REMEDY = "write dates as yyyy-mm-dd, for example 2020-03-31"
_TIME = re.compile(
    r"[T ,]\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?\s*([ap]\.?m\.?)?\s*(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?$",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"([0-9]{1,2})([/.\- ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(\.0+)?")
_SPREADSHEET = re.compile(r"([0-9]{5})(\.[0-9]+)?")
_YEAR = re.compile(r"((?:19[3-9]|20[0-9])[0-9])(\.0+)?")
_MONTH = re.compile(r"([0-9]{1,2})[/.-]((?:19|20)[0-9]{2})|((?:19|20)[0-9]{2})[/.-]([0-9]{1,2})")
_WEEKDAY = re.compile(r"^[^\W\d_]{2,10}\.?,\s*(?=.*[0-9])", re.UNICODE)
FIRST_YEAR, LAST_YEAR = 1900, 2099
_NULL_YEARS = (1, 1600, 1753, 1899, 1900, 1901)
"""Years of the first day of databases and spreadsheets."""
_FIRST_DAY = date(1899, 12, 30).toordinal()
"""Day 0 of spreadsheets, for days after February 1900."""


@dataclass(frozen=True, slots=True)
class Order:
    """How the dates of a column are written.

    Attributes
    ----------
    first
        ``day first``, ``month first``, or "" where no date is written so that it matters.
    why
        Why this was taken; "" where nothing had to be decided.
    undecided
        Texts that could be read either way, where nothing decides.
    clash
        A text that has the day first and one that has the month first, where both occur.
    """

    first: str
    why: str = ""
    undecided: tuple[str, ...] = ()
    clash: tuple[str, str] | None = None


def order_of(texts: Iterable[str]) -> Order:
    """Decide which of day and month stands first, from all texts of a column."""
    day_first = month_first = ""
    open_ones: list[str] = []
    dots = 0
    for text in texts:
        found = _NUMBERS.fullmatch(_bare(text))
        if not found:
            continue
        one, other = int(found[1]), int(found[3])
        if one > 12 >= other:
            day_first = day_first or text
        elif other > 12 >= one:
            month_first = month_first or text
        elif one != other:
            open_ones.append(text)
            dots += found[2] == "."
    if day_first and month_first:
        return Order("", clash=(day_first, month_first))
    if day_first:
        return Order("day first", f"as {quoted(day_first)} can be read in no other way")
    if month_first:
        return Order("month first", f"as {quoted(month_first)} can be read in no other way")
    if open_ones and dots == len(open_ones):
        return Order("day first", "as dates with dots are")
    return Order("", undecided=tuple(open_ones))


def is_no_date(text: str) -> bool:
    """Whether a text is what systems write where there is no date."""
    digits = re.sub("[^0-9]", "", _bare(text))
    if digits in NO_DATES or (digits and not digits.strip("0")):
        return True
    try:
        value = _date(text, "day first", 30)
    except CellError:
        return False
    return value.year in _NULL_YEARS or value.year > LAST_YEAR


@lru_cache(maxsize=200_000)
def read_date(text: str, first: str, latest_short_year: int) -> date:
    """Read one date.

    ``2020-03-31``, ``31.3.2020``, ``31-Mar-2020``, ``March 31, 2020``, ``20200331``, a spreadsheet's day
    number, a year alone (1 July); with or without a time after it.

    Parameters
    ----------
    first
        ``day first`` or ``month first``; "" where it is not known.
    latest_short_year
        The last two-digit year of this century; the ones after it are of the one before.

    Raises
    ------
    CellError
        If the text is no date, could be read in two ways, or lies outside 1900 to 2099.
    """
    value = _date(text, first, latest_short_year)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise CellError(f"{quoted(text)} is out of range", _REMEDY)
    return value


def _date(text: str, first: str, latest_short_year: int) -> date:
    """One date of any year."""
    bare = _bare(text)
    if found := _ISO.fullmatch(bare):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif found := _NUMBERS.fullmatch(bare):
        one, other = int(found[1]), int(found[3])
        year = _full_year(found[4], latest_short_year)
        if not first and one != other and one <= 12 and other <= 12:
            problem = f"{quoted(text)} can be read as day/month or as month/day"
            raise CellError(problem, _REMEDY)
        turned = first == "month first" or (not first and other > 12)
        day, month = (other, one) if turned else (one, other)
    elif found := _YEAR.fullmatch(bare):
        year, month, day = int(found[1]), 7, 1  # half a year off at most
    elif found := _MONTH.fullmatch(bare):
        year, month, day = int(found[2] or found[3]), int(found[1] or found[4]), 1
    elif found := _COMPACT.fullmatch(bare):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif (found := _SPREADSHEET.fullmatch(bare)) and 10_000 <= int(found[1]) <= 75_000:
        value = date.fromordinal(_FIRST_DAY) + timedelta(days=int(found[1]))
        year, month, day = value.year, value.month, value.day
    else:
        year, month, day = _with_month_name(text, bare, latest_short_year)
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError(f"{quoted(text)} is not a day of the calendar", _REMEDY) from None


def year_of(text: str, latest_short_year: int) -> int | None:
    """Return the year of a date, whichever of day and month stands first; None if it is no date."""
    for first in DATE_ORDERS:
        try:
            return read_date(text, first, latest_short_year).year
        except CellError:
            continue
    return None


def _bare(text: str) -> str:
    """A date without weekday and time."""
    return _TIME.sub("", text.strip()).strip()


def _full_year(text: str, latest_short_year: int) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year <= latest_short_year else 1900)


def _with_month_name(text: str, bare: str, latest_short_year: int) -> tuple[int, int, int]:
    words = [word for word in re.split(r"[\s,./\-]+", _WEEKDAY.sub("", bare)) if word]
    words = [word for word in words if plain(word) not in ("de", "del", "of", "the", "den", "der")]
    months = [index for index, word in enumerate(words) if plain(word) in MONTH_NAMES]
    numbers = [re.sub(r"(st|nd|rd|th|er|º)$", "", word) for word in words]
    if len(words) == 3 and len(months) == 1:
        month = MONTH_NAMES[plain(words[months[0]])]
        rest = [number for index, number in enumerate(numbers) if index != months[0]]
        if all(re.fullmatch("[0-9]{1,4}", number) for number in rest):
            if len(rest[0]) == 4:
                return int(rest[0]), month, int(rest[1])
            if len(rest[0]) <= 2 and len(rest[1]) in (2, 4):
                return _full_year(rest[1], latest_short_year), month, int(rest[0])
    if len(words) == 2 and len(months) == 1 and re.fullmatch("[0-9]{4}", words[1 - months[0]]):
        return int(words[1 - months[0]]), MONTH_NAMES[plain(words[months[0]])], 1
    raise CellError(f"{quoted(text)} is not a date", _REMEDY)
