"""Rows that are no person on one day: vacant posts, and a panel with one row per person and day of record."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np

from sim.organisation.roster.findings import people, rows_text
from sim.organisation.roster.headings import plain
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.roster import Real
from sim.organisation.roster.rows import Rows

__all__ = ["latest_records", "without_vacant_posts"]

VACANT = frozenset(
    plain(word)
    for word in [
        "vacant",
        " vacancy",
        " vacant post",
        " vacant position",
        " open position",
        " open role",
        " open post",
        " open requisition",
        " unfilled",
        " to be hired",
        " tbh",
        " eliminated",
        " abolished",
        " vakant",
        " unbesetzt",
        " offene stelle",
        " nicht besetzt",
        " poste vacant",
        " a pourvoir",
        " vacante",
        " puesto vacante",
        " plaza vacante",
        " sin cubrir",
        " vacature",
        " openstaand",
    ]
)
"""What stands in the place of a name, or of a status, where a post has no holder."""

_PANEL = 0.5
"""Share of the people who have the latest day of record above which days of record are those of a panel."""


def without_vacant_posts(rows: Rows) -> Rows:
    """Leave out posts without a holder; who reported to one reports to whom it reports."""
    columns = ("name", "first_name", "last_name", "status")
    words = {
        column: {text for text in set(rows.texts(column)) if text and plain(text) in VACANT}
        for column in columns
    }
    vacant = {
        row
        for column, found in words.items()
        if found
        for row, text in enumerate(rows.texts(column))
        if text in found
    }
    if not vacant or len(vacant) == len(rows):
        return rows
    where = rows_text([rows.lines[row] for row in sorted(vacant)], 4)
    count = len(vacant)
    rows.findings.note(
        f"Rows: {count:,} {'is a vacant post' if count == 1 else 'are vacant posts'} ({where}), left out; who reports to "
        "one is taken to report to its own manager."
    )
    ids, managers = rows.texts("employee_id"), rows.texts("manager_id")
    above = {ids[row]: managers[row] for row in vacant if ids[row]}
    cells = dict(rows.cells)
    if above and "manager_id" in rows:
        cells["manager_id"] = tuple(_holder(text, above) for text in managers)
    kept = [row for row in range(len(rows)) if row not in vacant]
    return replace(rows, cells=cells).only(kept)


def _holder(text: str, above: dict[str, str]) -> str:
    """The first manager up the line whose post is not vacant; "" where the line ends, or runs in a circle."""
    for _ in range(len(above) + 1):
        if text not in above:
            return text
        text = above[text]
    return ""


def latest_records(
    rows: Rows, days: dict[str, Real], options: RosterOptions
) -> tuple[Rows, dict[str, Real], RosterOptions]:
    """Keep everybody's latest row of a panel, and take the latest day of record as the file's.

    Who is missing on the latest day counts as having left on the last one that has them.
    """
    recorded = days["record_date"]
    column = "record_date"
    if np.isnan(recorded).all():
        column = "record_year"
        recorded = np.array([_end_of(text) for text in rows.texts(column)])
        if np.isnan(recorded).all():
            return rows, days, options
    latest = float(np.nanmax(recorded))
    options = _dated(rows, column, latest, options)
    ids = rows.texts("employee_id")
    several = {text for text, count in Counter(ids).items() if count > 1 and text}
    if not several:
        return rows, days, options
    last: dict[str, int] = {}
    kept = []
    for row, text in enumerate(ids):
        if text not in several or np.isnan(recorded[row]):
            kept.append(row)
        elif text not in last or recorded[row] >= recorded[last[text]]:
            last[text] = row
    kept = sorted([*kept, *last.values()])
    if len(kept) == len(rows):
        return rows, days, options
    rows.findings.note(
        f"Rows: {people(len(last))} on several rows, one for each {rows.key(column)}; the latest counts."
    )
    days = {name: values[kept].copy() for name, values in days.items()}
    recorded, rows = recorded[kept], rows.only(kept)
    gone = (recorded < latest) & np.isnan(days["termination_date"])
    if gone.any() and (recorded == latest).mean() > _PANEL:
        days["termination_date"][gone] = recorded[gone]
        rows.findings.note(
            f"Rows: {people(int(gone.sum()))} not in the latest record count as having left after their last one."
        )
    return rows, days, options


def _end_of(text: str) -> float:
    return (
        float(date(int(text), 12, 31).toordinal())
        if len(text) == 4 and text.isdecimal() and 1950 <= int(text) <= 2100
        else np.nan
    )


def _dated(rows: Rows, column: str, latest: float, options: RosterOptions) -> RosterOptions:
    """The latest day of record is the file's date, if the planner gives none."""
    if options.file_date is not None:
        return options
    day = date.fromordinal(int(latest))
    rows.findings.note(
        f"Dates: {rows.key(column)} is {day.isoformat()} at the latest, which is taken as the file's date; file_date in "
        "the scenario goes before it."
    )
    if options.start_year - day.year >= 2:
        rows.findings.ask(
            f"The file is of {day.year}. Are its people to be simulated as of then?",
            f"start_year = {day.year}",
        )
    return replace(options, file_date=day)
