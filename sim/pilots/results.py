"""What came back from a real pilot: read, checked against its protocol, and analysed as declared."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError
from sim.pilots.analyses import Estimate, adjusted, by_department, changed, filled, stepped
from sim.pilots.designs import STEPS, Design, design_named
from sim.pilots.measures import Measure, measure_named
from sim.pilots.protocols import Protocol, read_protocol
from sim.pilots.result_cells import read_table
from sim.pilots.result_table import Table

__all__ = ["Found", "PilotFound", "read_pilot"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """What one measure shows.

    Attributes
    ----------
    measure
        Which.
    decides
        Whether the pilot is judged by it.
    estimate
        Difference, error, interval and p.
    offered, others
        Means of both arms: people in 100, or points of 100.
    missing
        Of those who are compared, how many have no value.
    why_not
        Why nothing is told; "" if something is.
    complete
        Whether nothing is told though everybody's value is known, because nothing happened to anybody.
    """

    measure: Measure
    decides: bool
    estimate: Estimate
    offered: float
    others: float
    missing: int
    why_not: str = ""
    complete: bool = False


@dataclass(frozen=True, slots=True)
class PilotFound:
    """A real pilot, read as its protocol declares.

    Attributes
    ----------
    protocol
        What was agreed.
    found
        One per measure, the deciding one first.
    notes
        Every assumption that was made about the file.
    """

    protocol: Protocol
    found: tuple[Found, ...]
    notes: tuple[str, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row per measure."""
        rows = []
        for one in self.found:
            told = one.estimate
            rows.append(
                {
                    "measure": one.measure.name,
                    "decides": one.decides,
                    "unit": one.measure.unit,
                    "offered": one.offered,
                    "others": one.others,
                    "difference": told.value,
                    "low": told.low,
                    "high": told.high,
                    "standard_error": told.error,
                    "p": told.p,
                    "people_offered": told.treated,
                    "people_others": told.others,
                    "missing": one.missing,
                    "why_not": one.why_not,
                }
            )
        return pd.DataFrame(rows)


def read_pilot(protocol: str | Path | Protocol, results: str | Path | pd.DataFrame) -> PilotFound:
    """Do the declared analysis on what came back.

    Parameters
    ----------
    protocol
        The protocol, or the file that it was written to; the lottery list lies beside the file.
    results
        A CSV file with one row per person and month (:mod:`sim.pilots.result_cells` says which columns), or the
        same as a frame.

    Raises
    ------
    InputError
        Naming everything that is wrong at once.
    """
    folder = Path(protocol).parent if isinstance(protocol, str | Path) else Path()
    agreed = protocol if isinstance(protocol, Protocol) else read_protocol(protocol)
    table = read_table(results, agreed, folder)
    design = design_named(agreed.design)
    found = [_found(measure_named(agreed.measure), design, agreed, table, decides=True)]
    if found[0].why_not and not found[0].complete:
        raise InputError(
            found[0].why_not, remedy="complete the file and read again", file=table.file
        )
    for name in agreed.also:
        found.append(_found(measure_named(name), design, agreed, table, decides=False))
    return PilotFound(agreed, tuple(found), tuple(table.notes))


def _found(
    measure: Measure, design: Design, protocol: Protocol, table: Table, *, decides: bool
) -> Found:
    column = {"quits": "quit", "promotions": "promoted", "engagement": "engagement"}.get(
        measure.name, "skills"
    )
    values = table.at(column, protocol.months)
    nothing = Found(measure, decides, Estimate(), math.nan, math.nan, 0)
    if values is None:
        return _without(nothing, f"there is no column {column} for month {protocol.months}")
    known = np.isfinite(values)
    treated = table.treated
    if measure.counts_events and not known.all():
        count = int((~known).sum())
        text = f"of {count} people it is not known whether they {'quit' if column == 'quit' else 'were promoted'}"
        return _without(nothing, text)
    if measure.counts_events and not values.any():
        text = f"nobody had {'quit' if column == 'quit' else 'been promoted'} by month {protocol.months}"
        return replace(_without(nothing, text), complete=True)
    estimate = _estimate(values, measure, design, protocol, table)
    if isinstance(estimate, str):
        return _without(nothing, estimate)
    if not math.isfinite(estimate.error):
        text = f"too few people have a value: {int((known & treated).sum())} of those offered a place and {int((known & ~treated).sum())} of the others"
        return _without(nothing, text)
    return Found(
        measure,
        decides,
        estimate,
        float(values[known & treated].mean()),
        float(values[known & ~treated].mean()) if (known & ~treated).any() else math.nan,
        int((~known).sum()),
    )


def _without(nothing: Found, why: str) -> Found:
    return Found(nothing.measure, nothing.decides, Estimate(), math.nan, math.nan, 0, why)


def _estimate(
    values: Real, measure: Measure, design: Design, protocol: Protocol, table: Table
) -> Estimate | str:
    level = protocol.significance
    covariates = table.covariates(measure) if design.adjusted else np.empty((len(values), 0))
    if design.kind == "changed":
        before = table.at("engagement" if measure.source == "survey" else "skills", 0)
        if measure.counts_events or before is None:
            return "before and after takes a score from before the start (month 0)"
        return changed(before[table.treated], values[table.treated], level=level)
    if design.kind == "departments":
        if table.department is None:
            return "the departments of the people are not known"
        return by_department(
            values, table.treated, table.department, filled(covariates), level=level
        )
    if design.kind == "stepped":
        return _stepped(values, measure, protocol, table, covariates)
    return adjusted(
        values,
        table.treated,
        filled(covariates),
        level=level,
        small=protocol.small_arm,
        seed=protocol.seed,
    )


def _stepped(
    values: Real, measure: Measure, protocol: Protocol, table: Table, covariates: Real
) -> Estimate | str:
    if table.turn is None:
        return "in which step everybody began is not known (column turn: 1 begins first)"
    step = protocol.months // (STEPS - 1)
    column = {"quits": "quit", "promotions": "promoted", "engagement": "engagement"}.get(
        measure.name, "skills"
    )
    parts = []
    earlier = np.zeros(len(values))
    for place in range(STEPS - 1):
        here = table.at(column, (place + 1) * step)
        if here is None:
            return f"there is no column {column} for month {(place + 1) * step}"
        now = here
        if (
            measure.counts_events
        ):  # what happened in this period, to those who were there at its start
            quit_before = earlier
            now = np.where(quit_before > 0.0, np.nan, here)
            earlier = here if measure.name == "quits" else earlier
        parts.append(
            (
                now,
                table.turn <= place + 1,
                np.full(len(values), (place + 1) * step),
                np.arange(len(values)),
            )
        )
    rows, begun, period, person = (np.concatenate(part) for part in zip(*parts, strict=True))
    return stepped(
        rows, begun, period, person, filled(covariates)[person], level=protocol.significance
    )
