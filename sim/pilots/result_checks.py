"""What must agree between the cells of results: nobody is unknown, comes back or answers after having quit."""

from __future__ import annotations

import numpy as np

from sim.organisation.roster.findings import people as told_people
from sim.pilots.designs import design_named
from sim.pilots.measures import measure_named
from sim.pilots.result_sheet import Sheet, column_of
from sim.pilots.result_table import Table
from sim.scenario.messages import visible

__all__ = ["check_months", "check_scales", "check_together"]

_WIDE = 50.0
"""A scale so long that a score between 0 and 1 on it must be a share."""
_BOTTOM, _SEVERAL = 10.0, 10
"""Points of 100 that not all of so many scores are below, unless they are on another scale."""


def check_months(sheet: Sheet, table: Table, seen: dict[tuple[str, int], int]) -> None:
    """Of a measure of records everybody must be known; of scores it is said who has none."""
    measure = measure_named(sheet.protocol.measure)
    column = column_of(measure)
    for month in sheet.wanted_months():
        values = table.at(column, month)
        if values is None:
            continue
        empty = int((~np.isfinite(values)).sum())
        if measure.counts_events and empty and not sheet.problems:
            sheet.problems.append(
                f"in month {month} {column} is empty for {told_people(empty)}: say yes or no for everybody, leavers too"
            )
        elif empty:
            arms = [
                int((~np.isfinite(values) & arm).sum()) for arm in (table.treated, ~table.treated)
            ]
            sheet.notes.append(
                f"In month {month} {empty} of {len(values)} people have no {column} ({arms[0]} offered a place, {arms[1]} "
                "others): they were taken for people who left or did not answer."
            )


def check_together(sheet: Sheet, table: Table) -> None:
    """Nobody quits and comes back, or answers after having quit."""
    months = sorted({month for _, month in table.values})
    gone = np.zeros(len(table.persons), dtype=np.bool_)
    for month in months:
        quits = table.at("quit", month)
        if quits is None:
            continue
        now = quits == 100.0
        back = gone & (quits == 0.0)
        if back.any():
            shown = visible(table.persons[int(np.flatnonzero(back)[0])])
            sheet.problems.append(
                f"{told_people(int(back.sum()))} quit and came back in month {month} ({shown}): quit says by then, not in that month"
            )
        gone |= now
        for name in ("engagement", "skills"):
            scores = table.at(name, month)
            if scores is not None and (now & np.isfinite(scores)).any():
                count = int((now & np.isfinite(scores)).sum())
                sheet.problems.append(
                    f"{told_people(count)} quit by month {month} and answered then all the same ({name})"
                )
    planned = sheet.protocol.offered
    offered = int(table.treated.sum())
    kind = design_named(sheet.protocol.design).kind
    if sheet.lot is None and kind == "lottery" and planned and offered != planned:
        sheet.notes.append(f"{offered} people were offered a place, and {planned} were planned.")


def check_scales(sheet: Sheet, table: Table) -> None:
    """Scores on another scale than the protocol's, and shares among scores, are told and never read as low scores."""
    for name, test in (("engagement", "survey"), ("skills", "test")):
        low = float(getattr(sheet.protocol, f"{test}_lowest"))
        high = float(getattr(sheet.protocol, f"{test}_highest"))
        columns = [column for (of, _), column in table.values.items() if of == name]
        points = np.concatenate(columns) if columns else np.empty(0)
        points = points[np.isfinite(points)]
        scores = low + points * (high - low) / 100.0
        shares = int(((scores > 0.0) & (scores < 1.0)).sum())
        if len(points) >= _SEVERAL and points.max() < _BOTTOM:
            sheet.problems.append(
                f"no score of {name} is above {scores.max():g}, and the protocol's scale is {low:g} to {high:g}: they are "
                f"on another scale ({test}_lowest and {test}_highest of the protocol), or shares (write 45 or 45 % for .45)"
            )
        elif shares and high - low >= _WIDE:
            verb = "score of {} lies" if shares == 1 else "scores of {} lie"
            sheet.problems.append(
                f"{shares} {verb.format(name)} between 0 and 1, and the protocol's scale is {low:g} to {high:g}: "
                "shares, perhaps; write 45 or 45 % for .45"
            )
