"""What must agree between a programme's own figures, and what is said about those that are missing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.deciding.observed_columns import COLUMNS, MONTHS_BEFORE, STANDING
from sim.organisation.roster.findings import Findings, listed

__all__ = ["check_parts", "fill_headcount", "note_gaps", "note_sums"]

Real = NDArray[np.float64]

_SEVERAL = 4
"""Months in a row in which a figure grows before it is asked whether it is a sum since the start."""

_PARTS = (
    ("matched", "registered", "more people are matched than registered", False),
    ("sessions_held", "sessions_planned", "more sessions are held than planned", False),
    ("quits_participants", "quits", "more participants quit than people", False),
    ("quits_participants", "participants_now", "more participants quit than there are", False),
    ("participants_now", "headcount", "more people take part than there are", False),
    ("quits", "headcount", "more people quit than there are", False),
    ("ended_early", "pairs", "more pairs broke up than ever began", True),
    ("good_fit", "pairs", "more pairs fit than ever began", True),
    ("poor_fit", "pairs", "more pairs fit badly than ever began", True),
)
"""What cannot be larger than what; True: since the start, else month by month."""


def check_parts(cells: Mapping[str, Real], lines: list[int], findings: Findings) -> None:
    """Totals that do not add up."""
    for part, whole, words, summed in _PARTS:
        if part not in cells or whole not in cells:
            continue
        one, other = cells[part], cells[whole]
        if summed:
            one, other = np.nancumsum(one), np.nancumsum(other)
            if not np.isfinite(cells[whole]).any():
                continue
        wrong = np.isfinite(one) & np.isfinite(other) & (one > other + 0.5)
        if wrong.any():
            places = np.flatnonzero(wrong)[:1] if summed else np.flatnonzero(wrong)
            first = int(places[0])
            since = " since the start" if summed else ""
            findings.wrong(
                f"{words}{since} ({one[first]:g} and {other[first]:g})",
                f"correct {part} or {whole}, or leave the one blank that is not known", part,
                [lines[int(place)] for place in places],
            )  # fmt: skip
    if {"good_fit", "poor_fit", "pairs"} <= set(cells):
        both = np.nancumsum(cells["good_fit"]) + np.nancumsum(cells["poor_fit"])
        begun = np.nancumsum(cells["pairs"])
        known = np.isfinite(cells["pairs"]).any()
        over = np.flatnonzero(both > begun + 0.5)
        single = (np.nancumsum(cells["good_fit"]) <= begun + 0.5) & (
            np.nancumsum(cells["poor_fit"]) <= begun + 0.5
        )
        if known and len(over) and single[over[0]]:
            first = int(over[0])
            findings.wrong(
                f"good and poor fits together ({both[first]:g}) are more than the pairs that ever began ({begun[first]:g})",
                "count each pair once, in the month of its first meeting", "good_fit", [lines[first]],
            )  # fmt: skip


def fill_headcount(
    cells: dict[str, Real], months: list[int], employees: float, findings: Findings
) -> None:
    """A headcount for every month: that of the file, or the scenario's."""
    given = cells.get("headcount", np.full(len(months), np.nan))
    known = np.isfinite(given)
    if not known.any():
        findings.note(
            f"headcount is not given: the scenario’s {employees:,.0f} people are taken for every month."
        )
        cells["headcount"] = np.full(len(months), employees)
        return
    mean = float(given[known].mean())
    if not 0.75 * employees <= mean <= 1.33 * employees:
        findings.wrong(
            f"the file has {mean:,.0f} people and the scenario {employees:,.0f}",
            "set organisation.employees of the scenario to the firm that the figures are of",
            "headcount",
        )
    elif abs(mean - employees) > 0.05 * employees:
        findings.warn(
            f"The file has {mean:,.0f} people and the scenario {employees:,.0f}; figures are compared per head."
        )
    if not known.all():
        findings.note("headcount: months without one have the mean of the others.")
        cells["headcount"] = np.where(known, given, mean)


def note_gaps(months: list[int], cells: Mapping[str, Real], findings: Findings) -> None:
    """Which months are missing, and which columns."""
    since = [month for month in months if month > 0]
    gaps = sorted(set(range(1, max(since) + 1)) - set(since))
    if gaps:
        findings.note(
            f"Month{'s' if len(gaps) > 1 else ''} {listed([str(month) for month in gaps])} "
            f"{'are' if len(gaps) > 1 else 'is'} missing: every figure is of the months that are there, in the simulated firms as in yours."
        )
    before = [month for month in months if month < 0]
    if not before:
        findings.note(
            "There is nothing about the year before the start, which would say most about quits and the survey."
        )
    elif len(before) < MONTHS_BEFORE:
        findings.note(f"Of the year before the start {len(before)} months are there.")
    lacking = [name for name in COLUMNS if name not in cells or not np.isfinite(cells[name]).any()]
    if lacking:
        findings.note(f"Not given, and so not learnt from: {listed(lacking)}.")
    holes = [
        f"{name} ({int((~np.isfinite(cells[name][[m > 0 for m in months]])).sum())})"
        for name in COLUMNS
        if name in cells
        and name not in lacking
        and name not in ("survey", "headcount")
        and not np.isfinite(cells[name][[m > 0 for m in months]]).all()
    ]
    if holes:
        findings.note(
            f"Blank months, which are left out in the simulated firms too: {listed(holes)}."
        )


def note_sums(months: list[int], cells: Mapping[str, Real], findings: Findings) -> None:
    """Say which figures grow every month, as sums since the start would."""
    since = np.array(months) > 0
    growing = []
    for name, column in cells.items():
        known = column[since][np.isfinite(column[since])]
        if name not in STANDING and len(known) >= _SEVERAL and (np.diff(known) > 0.0).all():
            growing.append(name)
    if growing:
        findings.warn(
            f"Growing every month: {listed(growing)}. They were taken for what happened in each month; if they are sums "
            "since the start, write the months."
        )
