"""What a programme's own figures say, month by month: the file that platforms and personnel records fill.

One row for each month, counted from the programme's start: 1 is the month in which the first cohort opened, -1 the
month before it. Blank cells are unknown; whatever is there is used, and nothing is made up for what is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.organisation.roster.cells import number_in
from sim.organisation.roster.findings import CellError, Findings, listed, quoted
from sim.organisation.roster.rows import Rows, read_rows
from sim.scenario.messages import hint

__all__ = ["COLUMNS", "MONTHS_BEFORE", "Column", "Observed", "read_observed", "template"]

Real = NDArray[np.float64]

MONTHS_BEFORE = 12
"""Months before the start that are used, at most."""


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a month.

    Attributes
    ----------
    names
        What others call it.
    meaning
        What it is.
    share_of
        The column of which a share, written as a percentage, is taken; "" if it must be a number.
    """

    names: str
    meaning: str
    share_of: str = ""


COLUMNS: Mapping[str, Column] = {
    "headcount": Column("employees staff people fte", "People employed at the end of the month."),
    "registered": Column(
        "sign_ups signups enrolled applicants registrations volunteers registered_participants",
        "People who asked for a place this month, as mentor or mentee.",
    ),
    "matched": Column(
        "participants matched_participants people_matched participants_matched",
        "People who got a partner this month, both sides counted.",
        "registered",
    ),
    "pairs": Column(
        "matches pairs_opened pairs_started new_pairs new_matches relationships",
        "Pairs that began this month.",
    ),
    "good_fit": Column(
        "good_matches good_fits satisfied_pairs positive_fit",
        "Pairs that called it a good fit after their first meeting this month.",
        "pairs",
    ),
    "poor_fit": Column(
        "bad_matches poor_fits bad_fit negative_fit", "Pairs that called it a poor one.", "pairs"
    ),
    "sessions_planned": Column(
        "meetings_planned planned_sessions planned_meetings sessions_scheduled scheduled",
        "Meetings that were planned for the month.",
    ),
    "sessions_held": Column(
        "meetings_held held_sessions held_meetings sessions_completed meetings_completed sessions meetings "
        "attendance",
        "Those of them that took place.",
        "sessions_planned",
    ),
    "ended_early": Column(
        "early_endings pairs_ended_early early_closures broken_up dropped_pairs",
        "Pairs that broke up this month (not because somebody left).",
        "pairs",
    ),
    "survey": Column(
        "engagement engagement_score survey_score survey_mean engagement_survey",
        "Mean of the engagement survey, if there was one this month, always on the same scale.",
    ),
    "quits": Column(
        "resignations voluntary_exits leavers_voluntary", "People who quit this month."
    ),
    "participants_now": Column(
        "participants_employed current_participants ever_participants",
        "People employed who take part or ever did.",
    ),
    "quits_participants": Column(
        "participant_quits quits_of_participants resignations_participants",
        "People who quit and took part or ever did.",
    ),
}
"""The columns besides the month, in the order of the template."""

_NAMES = {
    "month": ("month months month_number month_of_programme period monat mois mes maand",),
    **{name: (f"{name} {column.names}",) for name, column in COLUMNS.items()},
}

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


def template(horizon: int = 6) -> str:
    """The text of an empty file: what each column means, the year before, and some months."""
    lines = [
        "# Figures of a mentoring programme, one row a month. Leave blank what is not known: nothing is made up."
    ]
    lines += ["# month: 1 is the month in which the first cohort opened, -1 the month before it."]
    lines += [f"# {name}: {column.meaning}" for name, column in COLUMNS.items()]
    lines.append(",".join(["month", *COLUMNS]))
    months = [*range(-MONTHS_BEFORE, 0), *range(1, horizon + 1)]
    lines += [f"{month}{',' * len(COLUMNS)}" for month in months]
    return "\n".join(lines) + "\n"


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
    begun = _calendar(began) if began is not None else None
    if began is not None and begun is None:
        problem = f"{quoted(began)} is no month"
        raise InputError(problem, remedy="write it as 2026-03", key="began")
    rows, table = read_rows(Path(path), _NAMES, ["month"], findings)
    rows = _without_remarks(rows)
    if rows.left_out:
        names = listed([quoted(name) for name in rows.left_out], 8)
        known = ", ".join(COLUMNS)
        findings.note(f"Not read, because no column is called so: {names}. Columns are: {known}.")
        for name in rows.left_out:
            near = hint(name, COLUMNS)
            if near.startswith("did you mean"):
                findings.wrong(f"{quoted(name)} is no column", near, None, [table.heading_line])
    months = rows.read("month", _month_reader(begun, horizon), 0)
    _check_months(rows, months, findings)
    values = {name: _values(rows, name, findings) for name in COLUMNS if name in rows}
    cells = _shares(rows, values, findings)
    if "survey" in cells:
        cells["survey"] = _as_share(rows, cells["survey"], findings)
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
    _check_parts(rows, told, [rows.lines[place] for place in order], findings)
    _fill_headcount(told, at, employees, findings)
    if not findings.problems and not any(
        np.isfinite(column).any() for name, column in told.items() if name != "headcount"
    ):
        findings.wrong("nothing but months is filled in", "fill in at least one figure")
    if findings.problems:
        raise findings.error(str(path))
    _note_gaps(at, told, findings)
    return Observed(tuple(at), told, (*findings.warnings, *findings.notes))


def _without_remarks(rows: Rows) -> Rows:
    """Rows without those that are remarks."""
    return rows.only(
        [place for place, text in enumerate(rows.texts("month")) if not text.startswith("#")]
    )


def _calendar(text: str) -> int | None:
    """Months since year 0 of ``2026-03``, ``03/2026``, ``2026-03-01``; None if it is no month."""
    text = text.strip()
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?(?:[ T].*)?", text)
    year, month = (found[1], found[2]) if found else ("", "")
    if not found and (found := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", text)):
        year, month = found[2], found[1]
    if not found or not 1 <= int(month) <= 12:
        return None
    return 12 * int(year) + int(month) - 1


def _month_reader(begun: int | None, horizon: int) -> Callable[[str], int]:
    remedy = f"count from the start: 1 to {horizon}, or -1 to -{MONTHS_BEFORE} before it"

    def read(text: str) -> int:
        when = _calendar(text)
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


def _check_months(rows: Rows, months: list[int], findings: Findings) -> None:
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


def _values(rows: Rows, name: str, findings: Findings) -> list[tuple[float, bool]]:
    """Of each row: the number, and whether it was written as a percentage."""
    percentages = bool(COLUMNS[name].share_of)
    remedy = "write a number of people, pairs or meetings; leave it blank if it is not known"
    if percentages:
        remedy += f", or a percentage of {COLUMNS[name].share_of} with its sign, as in 82 %"
    if name == "survey":
        remedy = "write the mean of the survey, always on the same scale"

    def read(text: str) -> tuple[float, bool]:
        number = number_in(text)
        percent = text.rstrip().endswith("%")
        if number is None:
            raise CellError(f"{quoted(text)} is not a number", remedy)
        if number < 0.0:
            raise CellError(f"{text} is below nought", remedy)
        if name == "survey":
            return (number / 100.0 if percent else number), percent
        if percent and not percentages:
            raise CellError(f"{quoted(text)} is a percentage", remedy)
        if percent and number > 100.0:
            raise CellError(f"{quoted(text)} is more than all", remedy)
        if not percent and number != int(number) and name != "headcount":
            raise CellError(f"{text} is no whole number; a share, perhaps", remedy)
        return number, percent

    return rows.read(name, read, (np.nan, False))


def _shares(
    rows: Rows, values: Mapping[str, list[tuple[float, bool]]], findings: Findings
) -> dict[str, Real]:
    """Numbers of every column; percentages are made numbers of what they are a share of."""
    cells = {name: np.array([number for number, _ in column]) for name, column in values.items()}
    for name, column in values.items():
        percent = np.array([flag for _, flag in column], dtype=np.bool_)
        whole = COLUMNS[name].share_of
        if not percent.any() or not whole:
            continue
        against = cells.get(whole, np.full(len(rows), np.nan))
        lacking = [int(place) for place in np.flatnonzero(percent & ~np.isfinite(against))]
        if lacking:
            rows.wrong(
                name, lacking, f"a percentage, and {whole} of that month is not known",
                f"fill in {whole}, or give the number itself",
            )  # fmt: skip
        cells[name] = np.where(percent, cells[name] * against / 100.0, cells[name])
        findings.note(f"{name}: percentages were taken of {whole} of the same month.")
    return cells


def _as_share(rows: Rows, survey: Real, findings: Findings) -> Real:
    """The survey as a share of its scale."""
    known = survey[np.isfinite(survey)]
    if not len(known):
        return survey
    stated = rows.scale("survey")
    if stated is None:
        most = float(known.max())
        scales = (
            (1.0, (0.0, 1.0)),
            (5.0, (1.0, 5.0)),
            (7.0, (1.0, 7.0)),
            (10.0, (0.0, 10.0)),
            (100.0, (0.0, 100.0)),
        )
        stated = next((scale for limit, scale in scales if most <= limit), None)
        if stated is None:
            findings.wrong(
                f"a survey mean of {most:g} is on no known scale",
                "say the scale in the heading, as in survey_1_5", "survey",
            )  # fmt: skip
            return survey
        findings.note(
            f"survey: taken to be on a scale of {stated[0]:g} to {stated[1]:g}; another one can be said in the heading, as in survey_1_7."
        )
    low, high = stated
    outside = np.isfinite(survey) & ((survey < low) | (survey > high))
    if outside.any():
        rows.wrong(
            "survey", [int(place) for place in np.flatnonzero(outside)],
            f"not on the scale of {low:g} to {high:g}", "use one scale for all months",
        )  # fmt: skip
    return np.asarray((survey - low) / (high - low))


def _check_parts(
    rows: Rows, cells: Mapping[str, Real], lines: list[int], findings: Findings
) -> None:
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


def _fill_headcount(
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


def _note_gaps(months: list[int], cells: Mapping[str, Real], findings: Findings) -> None:
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
