"""What a programme's own figures say, month by month: the file that platforms and personnel records fill.

One row for each month, counted from the programme's start: 1 is the month in which the first cohort opened, -1 the
month before it. Blank cells are unknown; whatever is there is used, and nothing is made up for what is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.deciding.observed_cells import shares_of, survey_share, values_of
from sim.deciding.observed_checks import check_parts, fill_headcount, note_gaps, note_sums
from sim.deciding.observed_columns import COLUMNS, MONTHS_BEFORE, NAMES
from sim.deciding.observed_months import (
    calendar_month,
    check_months,
    check_totals,
    month_reader,
    months_and_totals,
)
from sim.errors import InputError
from sim.organisation.roster.findings import Findings, listed, quoted
from sim.organisation.roster.rows import read_rows
from sim.scenario.messages import hint

__all__ = ["Observed", "read_observed"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen.

    Attributes
    ----------
    months
        Numbers of the months with a row, in order; negative before the start.
    cells
        By column, a value for each of these months; NaN where unknown. The survey as a share (0 to 1).
    notes
        What was assumed, left out or is missing, in plain sentences.
    """

    months: tuple[int, ...]
    cells: Mapping[str, Real]
    notes: tuple[str, ...]

    @property
    def last(self) -> int:
        """The last month that was seen."""
        return max(self.months)


def read_observed(
    path: str | Path, *, employees: float, horizon: int, began: str | None = None
) -> Observed:
    """Read what was seen.

    Parameters
    ----------
    path
        CSV or Excel, with headings as in :data:`COLUMNS` or near to them.
    employees
        People of the scenario's firm: where the file has no headcount, this is taken.
    horizon
        The last month that can be told about.
    began
        ``YYYY-MM``: when the first cohort opened, for files whose months are of the calendar.

    Raises
    ------
    InputError
        With everything that is wrong at once.
    """
    findings = Findings()
    begun = calendar_month(began) if began is not None else None
    if began is not None and begun is None:
        problem = f"{quoted(began)} is no month"
        raise InputError(problem, remedy="write it as 2026-03", key="began")
    rows, table = read_rows(Path(path), NAMES, ["month"], findings, totals=True)
    rows, totals = months_and_totals(rows)
    if rows.left_out:
        names = listed([quoted(name) for name in rows.left_out], 8)
        known = ", ".join(COLUMNS)
        findings.note(f"Not read, because no column is called so: {names}. Columns are: {known}.")
        for name in rows.left_out:
            near = hint(name, COLUMNS)
            if near.startswith("did you mean"):
                findings.wrong(f"{quoted(name)} is no column", near, None, [table.heading_line])
    months = rows.read("month", month_reader(begun, horizon), 0)
    check_months(rows, months, findings)
    values = {name: values_of(rows, name, findings) for name in COLUMNS if name in rows}
    cells = shares_of(rows, values, findings)
    check_totals(totals, months, cells, findings)
    if "survey" in cells:
        cells["survey"] = survey_share(rows, cells["survey"], findings)
    order = [
        place
        for place in np.argsort(months, kind="stable")
        if months[place] >= -MONTHS_BEFORE and months[place]
    ]
    if not findings.problems and not any(months[place] > 0 for place in order):
        findings.wrong(
            "no month since the programme's start has a row",
            "count months from the start: 1 is the month in which the first cohort opened",
            "month",
        )
    told = {name: column[order] for name, column in cells.items()}
    at = [months[place] for place in order]
    check_parts(told, [rows.lines[place] for place in order], findings)
    fill_headcount(told, at, employees, findings)
    if not findings.problems and not any(
        np.isfinite(column).any() for name, column in told.items() if name != "headcount"
    ):
        findings.wrong("nothing but months is filled in", "fill in at least one figure")
    if findings.problems:
        raise findings.error(str(path))
    note_gaps(at, told, findings)
    note_sums(at, told, findings)
    return Observed(tuple(at), told, (*findings.warnings, *findings.notes))
