"""Months of a programme's own figures: counted from its start or of the calendar; rows of sums and remarks apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.deciding.observed_columns import COLUMNS, MONTHS_BEFORE, STANDING
from sim.organisation.roster.cells import number_in
from sim.organisation.roster.findings import CellError, Findings, quoted
from sim.organisation.roster.headings import plain
from sim.organisation.roster.rows import Rows
from sim.organisation.roster.words import MONTH_NAMES

__all__ = ["calendar_month", "check_months", "check_totals", "month_reader", "months_and_totals"]

Cells = Mapping[str, NDArray[np.float64]]

_TOTALS = re.compile(
    r"(grand )?totals?|summe|gesamt|total g[eé]n[eé]ral|somme|suma|totaal", re.IGNORECASE
)


def months_and_totals(rows: Rows) -> tuple[Rows, Rows]:
    """The rows of months, and those of sums; remarks are left out."""
    months, totals = [], []
    for place, text in enumerate(rows.texts("month")):
        if _TOTALS.fullmatch(text.rstrip(":")):
            totals.append(place)
        elif not text.startswith("#"):
            months.append(place)
    return rows.only(months), rows.only(totals)


def calendar_month(text: str) -> int | None:
    """Months since year 0 of ``2026-03``, ``03/2026``, ``2026-03-01``, ``Mar 2026``; None if it is no month."""
    text = text.strip()
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?(?:[ T].*)?", text)
    year, month = (found[1], found[2]) if found else ("", "")
    if not found and (found := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", text)):
        year, month = found[2], found[1]
    if not found and (found := re.fullmatch(r"([^\W\d_]+)\.?[ ./-]*(\d{4}|\d{2})", text)):
        year = found[2] if len(found[2]) == 4 else f"20{found[2]}"
        month = str(MONTH_NAMES.get(plain(found[1]), 0))
    if not found or not 1 <= int(month) <= 12:
        return None
    return 12 * int(year) + int(month) - 1


def month_reader(begun: int | None, horizon: int) -> Callable[[str], int]:
    """A reader of months, up to the last that can be told about; `begun` is the calendar's month of the start."""
    remedy = f"count from the start: 1 to {horizon}, or -1 to -{MONTHS_BEFORE} before it"

    def read(text: str) -> int:
        when = calendar_month(text)
        if when is not None:
            if begun is None:
                raise CellError(
                    f"{quoted(text)} is a month of the calendar",
                    "say when the first cohort opened (--began 2026-03), or count months from it",
                )
            month = when - begun + (1 if when >= begun else 0)
        else:
            number = number_in(text.replace("\u2212", "-"))
            if number is None or number != int(number):
                raise CellError(f"{quoted(text)} is no month", remedy)
            month = int(number)
        if month == 0:
            raise CellError("there is no month 0", f"{remedy}; the month before the start is -1")
        if month > horizon:
            raise CellError(
                f"month {month} is after the last one that can be told about",
                f"{remedy}; or set a longer horizon",
            )
        return month

    return read


def check_months(rows: Rows, months: list[int], findings: Findings) -> None:
    """Every month once, and no figures without one."""
    seen: dict[int, int] = {}
    for place, month in enumerate(months):
        if month and month in seen:
            findings.wrong(
                f"month {month} has two rows", "keep one, or add them up", "month",
                [rows.lines[seen[month]], rows.lines[place]],
            )  # fmt: skip
        seen.setdefault(month, place)
    blank = [place for place, text in enumerate(rows.texts("month")) if not text]
    filled = [
        place for place in blank if any(rows.texts(name)[place] for name in COLUMNS if name in rows)
    ]
    if filled:
        rows.wrong("month", filled, "the row has figures and no month", "say which month it is")
    early = [month for month in months if month < -MONTHS_BEFORE]
    if early:
        findings.note(
            f"Months before -{MONTHS_BEFORE} are not used ({len(early)} row{'s' if len(early) > 1 else ''})."
        )


def check_totals(totals: Rows, months: list[int], cells: Cells, findings: Findings) -> None:
    """Rows of sums are compared with the months, all of them or those since the start, and never counted."""
    since = np.array(months) > 0
    for place, line in enumerate(totals.lines):
        for name in cells:
            said = None if name in STANDING else number_in(totals.texts(name)[place])
            if said is None or totals.texts(name)[place].endswith("%"):
                continue
            sums = [float(np.nansum(cells[name][rows])) for rows in (since, since | True)]
            if min(abs(said - one) for one in sums) > 0.5:
                findings.wrong(
                    f"the total says {said:g}, and the months since the start add up to {sums[0]:g}",
                    "correct the total or the months, or leave the total out", name, [line],
                )  # fmt: skip
        findings.note(f"Line {line} is a total: it was only compared with the months.")
