"""What must agree between the cells of results: nobody is unknown, comes back or answers after having quit."""

from __future__ import annotations

import numpy as np

from sim.pilots.designs import design_named
from sim.pilots.measures import measure_named
from sim.pilots.result_sheet import Sheet, column_of
from sim.pilots.result_table import Table
from sim.scenario.messages import visible

__all__ = ["check_months", "check_together"]


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
                f"in month {month} {column} is empty for {empty} people: say yes or no for everybody, leavers too"
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
                f"{int(back.sum())} people have quit and are back in month {month} ({shown}): quit says by then, not in that month"
            )
        gone |= now
        for name in ("engagement", "skills"):
            scores = table.at(name, month)
            if scores is not None and (now & np.isfinite(scores)).any():
                count = int((now & np.isfinite(scores)).sum())
                sheet.problems.append(
                    f"in month {month} {count} people have quit and have a score of {name}"
                )
    planned = sheet.protocol.offered
    offered = int(table.treated.sum())
    kind = design_named(sheet.protocol.design).kind
    if sheet.lot is None and kind == "lottery" and planned and offered != planned:
        sheet.notes.append(f"{offered} people were offered a place, and {planned} were planned.")
