"""All columns of dates of a roster, read together: they are written alike, and help each other out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.organisation.roster.cells import read_birth_year
from sim.organisation.roster.dates import Order, is_no_date, order_of, read_date, year_of
from sim.organisation.roster.findings import CellError, listed, quoted
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.rows import Rows

__all__ = ["Real", "birth_year_reader", "date_in_title", "day_text", "read_days"]

Real = NDArray[np.float64]

COLUMNS = ("hire_date", "termination_date", "last_promotion_date", "record_date")


def read_days(rows: Rows, options: RosterOptions) -> dict[str, Real]:
    """Return each column of dates as day numbers (1 is 1 January of the year 1), NaN where empty."""
    texts = {column: rows.texts(column) for column in COLUMNS}
    nothing = {
        text for column in COLUMNS for text in set(texts[column]) if text and is_no_date(text)
    }
    if nothing:
        count = sum(text in nothing for column in COLUMNS for text in texts[column])
        rows.findings.note(
            f"Dates: {count:,} {'stand' if count > 1 else 'stands'} for no date "
            f"({listed([quoted(text) for text in sorted(nothing)], 4)}); read as empty."
        )
    texts = {
        column: tuple("" if text in nothing else text for text in cells)
        for column, cells in texts.items()
    }
    orders = {column: order_of(dict.fromkeys(texts[column])) for column in COLUMNS}
    latest = options.start_year % 100 + 1
    found = {}
    for column in COLUMNS:
        first = _first(rows, column, orders, options)
        if first is None:
            found[column] = np.full(len(rows), np.nan)
            continue
        reader = _reader(first, latest)
        cells = replace(rows, cells={column: texts[column]})
        found[column] = np.array(cells.read(column, reader, np.nan), dtype=np.float64)
        _say_short_years(rows, column, texts[column], latest)
    return found


def _reader(first: str, latest: int) -> Callable[[str], float]:
    def read(text: str) -> float:
        return float(read_date(text, first, latest).toordinal())

    return read


def _first(rows: Rows, column: str, orders: dict[str, Order], options: RosterOptions) -> str | None:
    """Which of day and month stands first; None where that is open, and has been asked."""
    order = orders[column]
    if options.dates and (order.undecided or order.first):
        if order.first and order.first != options.dates:
            rows.findings.note(
                f"Dates ({rows.key(column)}): {order.first}, {order.why}, whatever the scenario says."
            )
            return order.first
        rows.findings.note(f"Dates ({rows.key(column)}): {options.dates}, as the scenario says.")
        return options.dates
    if order.clash:
        one, other = order.clash
        wrong = [row for row, text in enumerate(rows.texts(column)) if text == other]
        rows.wrong(
            column,
            wrong,
            f"{quoted(one)} has the day first and {quoted(other)} the month",
            "write all dates in one way, best as yyyy-mm-dd",
        )
        return None
    if order.first:
        rows.findings.note(f"Dates ({rows.key(column)}): {order.first}, {order.why}.")
        return order.first
    if not order.undecided:
        return ""
    others = {one.first for one in orders.values() if one.first}
    if len(others) == 1:
        first = others.pop()
        rows.findings.note(
            f"Dates ({rows.key(column)}): {first}, as in the other dates of the file."
        )
        return first
    undecided = set(order.undecided)
    wrong = [row for row, text in enumerate(rows.texts(column)) if text in undecided]
    rows.wrong(
        column,
        wrong,
        f"{quoted(order.undecided[0])} can be read as day/month or as month/day",
        "write dates as yyyy-mm-dd, for example 2020-03-31, or say in the scenario which it is: "
        'dates = "day first" or dates = "month first" in [organisation]',
        order.undecided,
    )
    rows.findings.ask(
        f"Are the dates of {rows.key(column)} written with the day or with the month first?",
        'dates = "day first"      # or "month first"',
    )
    return None


def _say_short_years(rows: Rows, column: str, texts: tuple[str, ...], latest: int) -> None:
    """Say how years of two digits were read, if there are any."""
    for text in dict.fromkeys(texts):
        parts = text.replace("/", ".").replace("-", ".").split(".")
        if len(parts) == 3 and all(len(part) <= 2 and part.isdecimal() for part in parts):
            rows.findings.note(
                f"Dates ({rows.key(column)}): years of two digits up to {latest:02d} are of this century, "
                "later ones of the one before."
            )
            return


def birth_year_reader(start_year: int) -> Callable[[str], tuple[float, float]]:
    """Return a reader of birth years and dates; only the year matters, so day and month may be either."""
    latest = (start_year - 14) % 100

    def year(text: str) -> int | None:
        return None if is_no_date(text) else year_of(text, latest)

    inner = read_birth_year(start_year, year)

    def read(text: str) -> tuple[float, float]:
        if is_no_date(text) and text != "0":
            return np.nan, np.nan
        return inner(text)

    return read


def day_text(day: float) -> str:
    """A day number as yyyy-mm-dd."""
    return date.fromordinal(int(day)).isoformat()


def date_in_title(texts: tuple[str, ...]) -> date | None:
    """The day that a line above the headings states (``as of 31 March 2026``), if there is just one."""
    import re

    found = set()
    marks = r"(?:as (?:of|at)|per|stand(?: vom)?|stichtag|au|a fecha(?: de)?|al|peildatum|date)"
    for text in texts:
        for part in re.findall(rf"\b{marks}\b:?\s+(.{{6,30}})", text, re.IGNORECASE):
            words = part.split()
            for length in (3, 2, 1):
                try:
                    value = read_date(" ".join(words[:length]).strip(" .,;)"), "", 99)
                except CellError:
                    continue
                found.add(value)
                break
    return found.pop() if len(found) == 1 else None
