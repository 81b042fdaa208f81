"""Measures of people: age, time of service and since the last promotion, engagement, skills."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.organisation.roster import cells
from sim.organisation.roster.days import birth_year_reader
from sim.organisation.roster.findings import listed, people, quoted, rows_text
from sim.organisation.roster.roster import LONGEST_TENURE, Real
from sim.organisation.roster.rows import Rows

__all__ = ["MONTHS_PER_DAY", "read_ages", "read_engagement", "read_promotions", "read_skill_lists", "read_tenures"]  # fmt: skip

MONTHS_PER_DAY = 12.0 / 365.25
YOUNGEST_AT_HIRE = 14.0  # years
_MANY = 0.2
"""Share of rows that contradict themselves above which the columns are not what they seem."""

Skills = tuple[dict[str, float], ...]


def read_ages(staff: Rows, start_year: int) -> tuple[Real, Real]:
    """Return age and half the width of the band in which it may lie, both in years.

    A birth year goes before an age, as it does not grow old; an age before a band and a generation.
    """
    exact = cells.read_number(*cells.PLAUSIBLE_AGES, "years")
    band = np.full((len(staff), 2), np.nan)
    found = {}
    for column, reader in (
        ("birth_year", birth_year_reader(start_year)),
        ("age", lambda text: (_age(text, exact),) * 2),
        ("age_band", cells.read_age_band),
        ("generation", cells.read_generation(start_year)),
    ):
        found[column] = np.array(staff.read(column, reader, (np.nan, np.nan)), dtype=np.float64)
        band = np.where(np.isnan(band), found[column].reshape(-1, 2), band)
    born, age = found["birth_year"].reshape(-1, 2), found["age"].reshape(-1, 2)
    apart = np.flatnonzero((age[:, 0] < born[:, 0] - 1.0) | (age[:, 0] > born[:, 1] + 1.0))
    if apart.size:
        row = int(apart[0])
        where = rows_text([staff.lines[one] for one in apart], 4)
        staff.findings.note(
            f"Age: {people(len(apart))} whose age and birth do not fit ({where}; there "
            f"{staff.texts('age')[row]} against {born[row, 0]:g} to {born[row, 1]:g} in {start_year}); the birth "
            "was believed, as it does not grow old."
        )
    return band.mean(axis=1), (band[:, 1] - band[:, 0]) / 2.0


def _age(text: str, exact: Callable[[str], float]) -> float:
    """An age in years: ``45``, ``45 years``, ``47 yrs 3 mths``."""
    months = cells.duration_in(text)
    return exact(text) if months is None else exact(f"{months / 12.0:.6f}".rstrip("0").rstrip("."))


def read_tenures(rows: Rows, hired: Real, until: Real, oldest: Real, *, say: bool = True) -> Real:
    """Return months of service until the days `until`; nobody is hired before the age of 14.

    Parameters
    ----------
    hired, until
        Days, NaN where unknown.
    oldest
        The highest age that each person can have, years.
    say
        Whether what does not fit is written down.
    """
    tenure = (until - hired) * MONTHS_PER_DAY
    if wrong := _where(tenure < 0.0):
        if say:
            remedy = "correct one of the two dates"
            problem = "the hire date lies after the termination date"
            rows.wrong("hire_date", wrong, problem, remedy)
        tenure[wrong] = np.nan
    if wrong := _where(tenure > 12.0 * LONGEST_TENURE):
        problem = f"{rows.texts('hire_date')[wrong[0]]} is more than {LONGEST_TENURE:g} years ago"
        if say:
            rows.wrong("hire_date", wrong, problem, "check the year, or leave the cell empty")
        tenure[wrong] = np.nan
    stated = _months(rows, "tenure_months", "tenure_years")
    from_date = ~np.isnan(tenure)
    tenure = np.where(from_date, tenure, stated)
    if wrong := _where(tenure / 12.0 > oldest - YOUNGEST_AT_HIRE):
        _hired_as_children(rows, wrong, tenure, oldest, from_date, say)
        tenure[wrong] = np.nan
    return tenure


def _hired_as_children(
    rows: Rows,
    wrong: list[int],
    tenure: Real,
    oldest: Real,
    from_date: NDArray[np.bool_],
    say: bool,
) -> None:
    """Say that time of service and age contradict each other; refuse it where many rows do."""
    if not say:
        return
    row = wrong[0]
    years, age = tenure[row] / 12.0, oldest[row]
    problem = (
        f"{years:.1f} years of service do not fit an age of {age:g} at most: hired before the age of "
        f"{YOUNGEST_AT_HIRE:g}"
    )
    given = ("tenure_months", "tenure_years")
    column = next((name for name in given if rows.texts(name)[row]), "hire_date")
    column = "hire_date" if from_date[row] else column
    if len(wrong) > max(1.0, _MANY * len(rows)):
        rows.wrong(column, wrong, problem, "check the age and the time of service")
        return
    where = rows_text([rows.lines[one] for one in wrong], 4)
    rows.findings.note(
        f"Tenure: {people(len(wrong))} whose service does not fit their age ({where}; there {problem}); the age was "
        f"believed, as most else hangs on it, and {rows.key(column)} passed over."
    )


def read_promotions(staff: Rows, promoted: Real, today: int, tenure: Real) -> Real:
    """Return months since the last promotion; one before the hire counts from the hire."""
    since = (today - promoted) * MONTHS_PER_DAY
    if later := _where(since < 0.0):
        where = rows_text([staff.lines[row] for row in later], 4)
        staff.findings.note(
            f"Promotion: {people(len(later))} with a promotion that is still to come ({where}); passed over."
        )
        since[later] = np.nan
    since[since > 12.0 * LONGEST_TENURE] = np.nan
    stated = _months(staff, "months_since_promotion", "years_since_promotion")
    since = np.where(np.isnan(since), stated, since)
    if before := int((since > tenure).sum()):
        staff.findings.note(
            f"Promotion: {people(before)} promoted before the hire; counted from the hire."
        )
    # np.fmin would put the tenure where the promotion is unknown.
    return np.where(since > tenure, tenure, since)


def _months(rows: Rows, months: str, years: str) -> Real:
    """Return a duration in months from the column in months or else from the column in years."""
    longest = 12.0 * LONGEST_TENURE
    in_months = cells.read_months(1.0, longest, "months")
    in_years = cells.read_months(12.0, longest, "years")
    first = np.array(rows.read(months, in_months, np.nan), dtype=np.float64)
    second = np.array(rows.read(years, in_years, np.nan), dtype=np.float64)
    return np.where(np.isnan(first), second, first)


def read_engagement(staff: Rows) -> Real:
    """Return engagement, 0 to 1; its scale is stated by the heading or told from the values."""
    column = "engagement"
    if not staff.filled(column):
        return np.full(len(staff), np.nan)
    scale, how = staff.scale(column), "as the heading states"
    advice = "(another scale can be stated in the heading, as in engagement_score_0_10)"
    heading = staff.headings.get(column, column)
    texts = [text for text in staff.texts(column) if text]
    if all(cells.number_in(text) is None for text in texts):
        shown = listed([quoted(text) for text in dict.fromkeys(texts)], 4)
        staff.findings.note(
            f"Engagement: {staff.key(column)} holds words ({shown}), not a score; not read."
        )
        return np.full(len(staff), np.nan)
    if scale is None and all("%" in text for text in texts):
        scale, how = (0.0, 100.0), "as percentages are"
    if scale is None and re.search(r"\be[\s_-]?nps\b", heading, re.IGNORECASE):
        scale, how = (0.0, 10.0), "as that of a net promoter score"
    if scale is None:
        values = np.array(staff.read(column, cells.read_number(0.0, 100.0, advice), np.nan))
        most = float(np.nanmax(values, initial=0.0))
        ends = ((1.0, (0.0, 1.0)), (5.0, (1.0, 5.0)), (10.0, (0.0, 10.0)), (100.0, (0.0, 100.0)))
        scale = next(scale for end, scale in ends if most <= end)
        how = f"told from the largest value, {most:g}"
        if np.isnan(values).all():
            return values
        if scale == (1.0, 5.0) and float(np.nanmin(values)) < 1.0:
            low = [int(np.nanargmin(values))]
            problem = (
                f"the scale cannot be told from values between {np.nanmin(values):g} and {most:g}"
            )
            remedy = "state it in the heading, as in engagement_score_0_5 or engagement_score_0_10"
            staff.wrong(column, low, problem, remedy)
            return np.full(len(staff), np.nan)
    low_end, high_end = scale
    reader = cells.read_number(low_end, high_end, advice)
    values = np.array(staff.read(column, reader, np.nan), dtype=np.float64)
    if not np.isnan(values).all():
        staff.findings.note(f"Engagement: read on a scale from {low_end:g} to {high_end:g}, {how}.")
        if how.startswith("told") and high_end > 5.0:
            staff.findings.ask(
                f"Is engagement on a scale from {low_end:g} to {high_end:g}? If not, state it in the heading, as in "
                "engagement_score_1_7."
            )
    return (values - low_end) / (high_end - low_end)


def read_skill_lists(staff: Rows) -> tuple[Skills, Skills]:
    """Return skills had and wanted, 0 to 1; both on one scale unless a heading states another."""
    found: list[Skills] = []
    words = "0 to 1, or 1 to 5"
    names = ("skills_have", "skills_want")
    nothing: dict[str, float] = {}
    before = len(staff.findings.problems)
    unstated = [
        skills
        for name in names
        if staff.scale(name) is None
        for skills in staff.read(name, cells.read_skills(0.0, 5.0, words), nothing)
    ]
    if len(staff.findings.problems) > before:
        return (nothing,) * len(staff), (nothing,) * len(staff)
    # The reader gives shares of the scale that it was given, here of 0 to 5.
    most = 5.0 * max((max(skills.values(), default=0.0) for skills in unstated), default=0.0)
    for name in names:
        scale = staff.scale(name) or ((0.0, 1.0) if most <= 1.0 else (1.0, 5.0))
        told = "" if staff.scale(name) else words
        found.append(tuple(staff.read(name, cells.read_skills(*scale, told), nothing)))
        known = sorted({skill for skills in found[-1] for skill in skills})
        if known:
            staff.findings.note(
                f"Skills ({name}): levels read on a scale from {scale[0]:g} to {scale[1]:g}; "
                f"{listed([quoted(skill) for skill in known])}."
            )
    return found[0], found[1]


def _where(condition: NDArray[np.bool_]) -> list[int]:
    return [int(row) for row in np.flatnonzero(condition)]
