"""The roster: a planner's own staff list, read from a CSV file into columns.

Only ``employee_id``, ``level`` and ``department`` are required. What a roster does not say is left
open here (NaN or -1), is drawn later like the rest of a synthetic firm, and is listed in
:attr:`Roster.notes`. Names and e-mail addresses are never kept. Whatever cannot be understood is an
:class:`~sim.errors.InputError` with file, line and column; nothing is guessed silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.organisation.roster import columns
from sim.organisation.roster.columns import Rows, quoted
from sim.organisation.settings import ORGANISATION

__all__ = ["Roster", "read_roster", "read_ties"]

Whole = NDArray[np.int32]
Real = NDArray[np.float64]

MONTHS_PER_DAY = 12.0 / 365.25
LONGEST_TENURE = 70.0  # years
YOUNGEST_AT_HIRE = 14.0  # years
LARGEST_CAPACITY = 10  # mentees per mentor: the most that mentoring platforms let a person state

WORK_MODES = {
    **dict.fromkeys(("onsite", "office", "inoffice", "inperson"), 0),
    "hybrid": 1,
    **dict.fromkeys(("remote", "fullyremote", "home", "homeoffice", "virtual"), 2),
}
# A person who is not 'remote' is taken to work on site, the far end of the three modes.
REMOTE = {
    **dict.fromkeys(("no", "n", "false", "0"), 0),
    **dict.fromkeys(("yes", "y", "true", "1"), 2),
}
ROLES = {
    **dict.fromkeys(("either", "both", "mentorandmentee", "mentorormentee"), 0),
    "mentor": 1,
    **dict.fromkeys(("mentee", "protege"), 2),
    **dict.fromkeys(("none", "neither", "disabled"), 3),
}
IS_MENTOR = {
    **dict.fromkeys(("yes", "y", "true", "1"), 1),
    **dict.fromkeys(("no", "n", "false", "0"), 2),
}
ACTIVE, ON_LEAVE, LEFT = range(3)
STATUSES = {
    **dict.fromkeys(("a", "active", "current", "employed"), ACTIVE),
    **dict.fromkeys(("l", "leave", "onleave", "leaveofabsence", "loa"), ON_LEAVE),
    **dict.fromkeys(("t", "terminated", "left", "former", "resigned", "retired"), LEFT),
}
# Headings that say too little, and what they should say.
UNCLEAR = {
    **dict.fromkeys(("tenure", "seniority", "lengthofservice"), "tenure_years or tenure_months"),
    **dict.fromkeys(("skills", "expertise"), "skills_have or skills_want (name:level;name:level)"),
    **dict.fromkeys(("manageremail", "managername"), "manager_id, with ids"),
    **dict.fromkeys(("inactive", "isactive", "attrition"), "status (active, leave or terminated)"),
}
# Headings of personal data, whole and in part; never read, and named apart in the notes.
PERSONAL = ("name", "sex", "race", "employeename", "preferredname", "displayname")
PRIVATE = (
    *("firstname", "lastname", "fullname", "surname", "mail", "phone", "address"),
    *("gender", "ethnic", "religion", "maritalstatus", "nationality", "disability"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """The staff of a firm, one row per person in the order of the file; arrays are read-only.

    Attributes
    ----------
    employee_id
        The planner's ids.
    level, level_names
        1 (lowest) to L; the file's own label of each level.
    department, department_names
        Code into the names, which stand in order of first appearance.
    manager
        Row of the manager; -1 where unknown or none. Never a circle.
    site, site_names
        Code into the names; -1 where unknown.
    work_mode
        0 on site, 1 hybrid, 2 remote; -1 where unknown.
    age, age_half_range
        Years at the start, 14 to 100, and how far the true age may lie to either side: 0 for an age
        as stated, 0.5 for a birth year, more for a band or a generation. NaN where unknown.
    tenure_months, months_since_promotion
        Months, at most 840, as of the reference date; NaN where unknown.
    engagement
        0 to 1; NaN where unknown.
    role
        0 either, 1 mentor, 2 mentee, 3 none; -1 where unknown.
    capacity
        Mentees that the person would take at a time, 0 to 10; -1 where unknown.
    skills_have, skills_want
        Level (0 to 1) by name of skill; empty where unknown. Rows may share a dictionary.
    excluded_pairs, past_pairs, fixed_pairs
        (m, 2) rows of people who must not, once did, and must form a pair; the lower row first.
    ties
        (m, 2): the first row seeks advice from the second. Empty until :func:`read_ties` is used.
    left, left_employee_id, left_date, left_tenure_months
        Number of people in the file who have left, their ids, when (NaT where unknown) and after
        how many months of service (NaN where unknown).
    reference_date
        The day as of which tenure is counted: 1 January of the start year, or the latest date of
        the file if that is later.
    notes
        Plain sentences: what was understood, what is missing, what was left out.
    """

    employee_id: tuple[str, ...]
    level: Whole
    level_names: tuple[str, ...]
    department: Whole
    department_names: tuple[str, ...]
    manager: Whole
    site: Whole
    site_names: tuple[str, ...]
    work_mode: Whole
    age: Real
    age_half_range: Real
    tenure_months: Real
    months_since_promotion: Real
    engagement: Real
    role: Whole
    capacity: Whole
    skills_have: tuple[dict[str, float], ...]
    skills_want: tuple[dict[str, float], ...]
    excluded_pairs: Whole
    past_pairs: Whole
    fixed_pairs: Whole
    ties: Whole
    left: int
    left_employee_id: tuple[str, ...]
    left_date: NDArray[np.datetime64]
    left_tenure_months: Real
    reference_date: date
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def headcount(self) -> int:
        """Number of people on the staff."""
        return len(self.employee_id)


def read_roster(path: str | Path, *, start_year: int = 2026) -> Roster:
    """Read a roster.

    Parameters
    ----------
    path
        A CSV file in UTF-8, separated by commas, semicolons or tabs, whose first row names the
        columns; :data:`~sim.organisation.roster.columns.ROSTER_COLUMNS` lists the names understood.
    start_year
        Calendar year of the first simulated month, 1950 to 2100.

    Raises
    ------
    InputError
        With file, line and column of the first problem, and what would be right.
    """
    allowed = ORGANISATION["start_year"]
    if not allowed.low <= start_year <= allowed.high:
        raise InputError(
            f"{start_year} is out of range",
            remedy=f"give a year from {allowed.low} to {allowed.high}",
            key="organisation.start_year",
        )
    rows = columns.read_rows(path, columns.ROSTER_COLUMNS, ("employee_id", "level", "department"))
    notes: list[str] = []
    today, staying, leaving = _split_by_status(rows, start_year, notes)
    staff, leavers = rows.only(staying), rows.only(leaving)
    row_of, left_ids = _check_ids(staff, leavers), leavers.texts("employee_id")
    level, level_names = _levels(staff, notes)
    department, department_names = _groups(staff, "department", notes)
    site, site_names = _groups(staff, "site", notes)
    age, age_half_range = _ages(staff, start_year)
    oldest = age + np.maximum(age_half_range, 1.0)  # a stated age is in whole years
    tenure = _tenures(staff, np.full(len(staff), float(today)), oldest)
    skills_have, skills_want = _skills(staff, notes)
    excluded, past, fixed = (
        _pairs(staff, column, row_of, frozenset(left_ids), notes)
        for column in ("exclude_ids", "past_partner_ids", "must_pair_with")
    )
    _check_fixed_pairs(staff, fixed, excluded)
    left_date = _days(leavers, "termination_date")
    roster = Roster(
        employee_id=staff.texts("employee_id"),
        level=level,
        level_names=level_names,
        department=department,
        department_names=department_names,
        manager=_managers(staff, row_of, level, notes),
        site=site,
        site_names=site_names,
        work_mode=_codes(
            staff,
            ("work_mode", columns.read_word(WORK_MODES, "on_site, hybrid, remote")),
            ("remote", columns.read_word(REMOTE, "yes, no")),
        ),
        age=age,
        age_half_range=age_half_range,
        tenure_months=tenure,
        months_since_promotion=_promotions(staff, today, tenure, notes),
        engagement=_engagement(staff, notes),
        role=_codes(
            staff,
            ("role", columns.read_word(ROLES, "mentor, mentee, either, none")),
            ("is_mentor", columns.read_word(IS_MENTOR, "yes, no")),
        ),
        capacity=_codes(staff, ("capacity", columns.read_whole_number(0, LARGEST_CAPACITY))),
        skills_have=skills_have,
        skills_want=skills_want,
        excluded_pairs=excluded,
        past_pairs=past,
        fixed_pairs=fixed,
        ties=np.zeros((0, 2), dtype=np.int32),
        left=len(leavers),
        left_employee_id=left_ids,
        left_date=_as_dates(left_date),
        left_tenure_months=_tenures(leavers, left_date, np.full(len(leavers), np.inf)),
        reference_date=date.fromordinal(today),
        notes=(),
    )
    notes = [*_summary(rows, roster), *notes, *_gaps(roster), *_left_out(rows)]
    return replace(roster, notes=tuple(notes))


def read_ties(path: str | Path, roster: Roster) -> Whole:
    """Read who seeks advice from whom: (m, 2) rows of `roster`, sorted, each tie once.

    The file has the columns ``source`` and ``target`` with employee ids. Ties of people who are
    listed in the roster as having left are passed over.

    Raises
    ------
    InputError
        If an id is in no row of the roster, or somebody is their own adviser.
    """
    rows = columns.read_rows(path, columns.TIES_COLUMNS, ("source", "target"))
    row_of = {employee: row for row, employee in enumerate(roster.employee_id)}
    left = frozenset(roster.left_employee_id)
    found: dict[str, list[int]] = {}
    for column in ("source", "target"):
        _require(rows, column)
        texts = rows.texts(column)
        found[column] = [_find(text, row_of) for text in texts]
        unknown = [
            row for row, end in enumerate(found[column]) if end < 0 and texts[row] not in left
        ]
        if unknown:
            problem = f"{quoted(texts[unknown[0]])} is nobody's id in the roster"
            examples = ", ".join(quoted(employee) for employee in roster.employee_id[:3])
            remedy = f"give ids as the roster has them, such as {examples}"
            rows.fail(column, unknown, problem, remedy)
    pairs = list(zip(found["source"], found["target"], strict=True))
    if same := [row for row, (source, target) in enumerate(pairs) if source == target >= 0]:
        problem = f"{quoted(rows.texts('source')[same[0]])} seeks advice from themselves"
        rows.fail("target", same, problem, "remove the row")
    return _unique([pair for pair in pairs if min(pair) >= 0])


# --- who is on the staff --------------------------------------------------------------------------
def _split_by_status(
    rows: Rows, start_year: int, notes: list[str]
) -> tuple[int, list[int], list[int]]:
    """Return the reference day, the rows of the staff and the rows of those who have left."""
    if not len(rows):
        raise InputError(
            "there are headings but no people", remedy="add one row per person", file=rows.file
        )
    allowed = "A or active, L or leave, T or terminated"
    status = np.array(rows.read("status", columns.read_word(STATUSES, allowed), -1))
    hired, promoted = _days(rows, "hire_date"), _days(rows, "last_promotion_date")
    ended = _days(rows, "termination_date")
    first, last = (date(start_year, *day).toordinal() for day in ((1, 1), (12, 31)))
    past = {"hire_date": hired, "last_promotion_date": promoted}
    past["termination_date"] = np.where(status == LEFT, ended, np.nan)
    today = first
    for column, days in past.items():
        if late := _where(days > last):
            problem = f"{rows.texts(column)[late[0]]} lies after the start year {start_year}"
            remedy = "leave out what has not happened yet, or set organisation.start_year"
            rows.fail(column, late, problem, remedy)
        today = max(today, int(np.nanmax(days, initial=first)))
    gone = (status == LEFT) | ((status < 0) & (ended <= today))
    if gone.all():
        raise InputError(
            f"all {len(rows):,} people in the file have left",
            remedy="the roster must hold the present staff, too",
            file=rows.file,
            key=rows.key("status" if "status" in rows else "termination_date"),
        )
    day = date.fromordinal(today).isoformat()
    known = hired[~np.isnan(hired)]
    if on_leave := int((status == ON_LEAVE).sum()):
        notes.append(f"Status: {_people(on_leave)} on leave counted as staff.")
    if ending := int((~gone & ~np.isnan(ended)).sum()):
        notes.append(
            f"Termination date: {_people(ending)} counted as staff on {day} in spite of it."
        )
    if today > first:
        notes.append(f"Dates: tenure is counted up to {day}, the latest date in the file.")
    if known.size and today - known.max() > 730:
        newest = date.fromordinal(int(known.max())).isoformat()
        notes.append(
            f"Dates: the newest hire is of {newest}, more than two years before {day}; if the file "
            "is older than the scenario, set organisation.start_year."
        )
    return today, _where(~gone), _where(gone)


def _check_ids(staff: Rows, leavers: Rows) -> dict[str, int]:
    """Return the row of each id of the staff; every id must be there, once, and fit to print.

    Somebody who left and came back may stand among the leavers, too, once per date of leaving.
    """
    for rows in (staff, leavers):
        _require(rows, "employee_id")
        ids = rows.texts("employee_id")
        if odd := [row for row, text in enumerate(ids) if not text.isprintable()]:
            problem = f"{quoted(ids[odd[0]])} contains a character that cannot be printed"
            rows.fail("employee_id", odd, problem, "use letters, digits and signs")
        keys = [*zip(ids, rows.texts("termination_date"), strict=True)] if rows is leavers else ids
        first: dict[object, int] = {}
        again = [row for row, key in enumerate(keys) if first.setdefault(key, row) != row]
        if again:
            before, line = rows.lines[first[keys[again[0]]]], rows.lines[again[0]]
            problem = f"the id {quoted(ids[again[0]])} is on line {before} and again on line {line}"
            remedy = "give everybody one row and an id of their own"
            rows.fail("employee_id", again, problem, remedy)
    return {text: row for row, text in enumerate(staff.texts("employee_id"))}


# --- places in the organisation -------------------------------------------------------------------
def _levels(staff: Rows, notes: list[str]) -> tuple[Whole, tuple[str, ...]]:
    """Return levels 1..L in the order of the file's numbers or words, and the file's labels."""
    _require(staff, "level")
    texts = staff.texts("level")
    values = staff.read("level", columns.read_level, ("", 0))
    if mixed := [row for row, (kind, _) in enumerate(values) if kind != values[0][0]]:
        problem = f"{quoted(texts[mixed[0]])} and {quoted(texts[0])} mix numbers and words"
        staff.fail("level", mixed, problem, "use either numbers or words for all levels")
    ranks, first_rows, codes = np.unique(
        [rank for _, rank in values], return_index=True, return_inverse=True
    )
    most = int(ORGANISATION["levels"].high)
    if len(ranks) > most:
        problem = f"there are {len(ranks):,} different levels"
        remedy = f"group them into {most} at most; 1 is the lowest"
        raise InputError(problem, remedy=remedy, file=staff.file, key=staff.key("level"))
    labels = tuple(texts[row] for row in first_rows)
    if labels != tuple(str(number) for number in range(1, len(ranks) + 1)):
        became = ", ".join(f"{quoted(label)} is {code}" for code, label in enumerate(labels, 1))
        notes.append(f"Level: from lowest to highest, {became}.")
    return (codes + 1).astype(np.int32), labels


def _groups(staff: Rows, column: str, notes: list[str]) -> tuple[Whole, tuple[str, ...]]:
    """Return codes and names of departments or sites, in order of first appearance."""
    if column == "department":
        _require(staff, column)
    names: list[str] = []
    code_of: dict[str, int] = {}  # by name in small letters
    codes: dict[str, int] = {"": -1}  # by text of the cell
    merged: list[str] = []
    for text in dict.fromkeys(staff.texts(column)):
        name = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if text:
            codes[text] = code_of.setdefault(name.casefold(), len(names))
            if codes[text] == len(names):
                names.append(name)
            elif name != names[codes[text]]:
                merged.append(f"{quoted(name)} as {quoted(names[codes[text]])}")
    most = int(ORGANISATION["departments"].high)
    if len(names) > most:
        problem = f"there are {len(names):,} different names"
        remedy = f"group them into {most:,} at most; is this the right column?"
        raise InputError(problem, remedy=remedy, file=staff.file, key=staff.key(column))
    if merged:
        notes.append(f"{column.capitalize()}: read {_listed(merged)}.")
    return _whole([codes[text] for text in staff.texts(column)]), tuple(names)


def _managers(staff: Rows, row_of: dict[str, int], level: Whole, notes: list[str]) -> Whole:
    """Return the row of everybody's manager, -1 where unknown; refuse circles."""
    column = "manager_id"
    texts = staff.texts(column)
    managers = [_find(text, row_of) for text in texts]
    if own := [row for row, manager in enumerate(managers) if manager == row]:
        problem = f"{quoted(texts[own[0]])} is their own manager"
        staff.fail(column, own, problem, "leave the cell of whoever has no manager empty")
    if unknown := [row for row, text in enumerate(texts) if text and managers[row] < 0]:
        notes.append(
            f"Manager: {_people(len(unknown))} with a manager who is not among the staff of the "
            f"file (the first on line {staff.lines[unknown[0]]}); taken as unknown."
        )
    if circle := _find_circle(managers):
        shown = " -> ".join(quoted(staff.texts("employee_id")[row], 20) for row in circle[:6])
        end = f"... ({len(circle)} people)" if len(circle) > 6 else "the first again"
        problem = f"the managers form a circle, each reporting to the next: {shown} -> {end}"
        staff.fail(column, circle[:1], problem, "correct one of these rows; a head has no manager")
    known = [(row, manager) for row, manager in enumerate(managers) if manager >= 0]
    below = sum(1 for row, manager in known if level[manager] < level[row])
    if 2 * below > len(known):
        notes.append(
            f"Level: {below:,} of {len(known):,} people stand on a higher level than their "
            "manager; 1 must be the lowest level, so the numbers may have to be turned round."
        )
    return _whole(managers)


def _find_circle(managers: Sequence[int]) -> list[int]:
    """Return the rows of one circle, from its lowest row upwards the line, or nothing. O(n)."""
    seen_from = [-1] * len(managers)  # the row from which the walk up the line first came here
    for start in range(len(managers)):
        row = start
        while row >= 0 and seen_from[row] < 0:
            seen_from[row] = start
            row = managers[row]
        if row >= 0 and seen_from[row] == start:
            circle = [row]
            while managers[circle[-1]] != row:
                circle.append(managers[circle[-1]])
            lowest = circle.index(min(circle))
            return circle[lowest:] + circle[:lowest]
    return []


# --- times and measures ---------------------------------------------------------------------------
def _ages(staff: Rows, start_year: int) -> tuple[Real, Real]:
    """Return age and half the width of the band in which it may lie, both in years."""

    def exact(text: str) -> tuple[float, float]:
        age = columns.read_number(*columns.PLAUSIBLE_AGES, "years")(text)
        return age, age

    band = np.full((len(staff), 2), np.nan)
    for column, reader in (
        ("age", exact),
        ("birth_year", columns.read_birth_year(start_year)),
        ("age_band", columns.read_age_band),
        ("generation", columns.read_generation(start_year)),
    ):
        found = np.array(staff.read(column, reader, (np.nan, np.nan)))
        band = np.where(np.isnan(band), found, band)
    return band.mean(axis=1), (band[:, 1] - band[:, 0]) / 2.0


def _tenures(rows: Rows, until: Real, oldest: Real) -> Real:
    """Return months of service until the days `until`; nobody may be hired before the age of 14."""
    tenure = (until - _days(rows, "hire_date")) * MONTHS_PER_DAY
    if wrong := _where(tenure < 0.0):
        remedy = "correct one of the two dates"
        rows.fail("hire_date", wrong, "the hire date lies after the termination date", remedy)
    if wrong := _where(tenure > 12.0 * LONGEST_TENURE):
        problem = f"{rows.texts('hire_date')[wrong[0]]} is more than {LONGEST_TENURE:g} years ago"
        rows.fail("hire_date", wrong, problem, "check the year, or leave the cell empty")
    stated = _months(rows, "tenure_months", "tenure_years")
    from_date = ~np.isnan(tenure)
    tenure = np.where(from_date, tenure, stated)
    if wrong := _where(tenure / 12.0 > oldest - YOUNGEST_AT_HIRE):
        years, age = tenure[wrong[0]] / 12.0, oldest[wrong[0]]
        problem = (
            f"{years:.1f} years of service do not fit an age of {age:g} at most: hired before the "
            f"age of {YOUNGEST_AT_HIRE:g}"
        )
        given = ("tenure_months", "tenure_years")
        column = next((name for name in given if rows.texts(name)[wrong[0]]), "hire_date")
        column = "hire_date" if from_date[wrong[0]] else column
        rows.fail(column, wrong, problem, "check the age and the time of service")
    return tenure


def _promotions(staff: Rows, today: int, tenure: Real, notes: list[str]) -> Real:
    """Return months since the last promotion; one before the hire counts from the hire."""
    since = (today - _days(staff, "last_promotion_date")) * MONTHS_PER_DAY
    stated = _months(staff, "months_since_promotion", "years_since_promotion")
    since = np.where(np.isnan(since), stated, since)
    if before := int((since > tenure).sum()):
        notes.append(
            f"Promotion: {_people(before)} promoted before the hire; counted from the hire."
        )
    # np.fmin would put the tenure where the promotion is unknown.
    return np.where(since > tenure, tenure, since)


def _months(rows: Rows, months: str, years: str) -> Real:
    """Return a duration in months from the column in months or else from the column in years."""
    in_months = columns.read_number(0.0, 12.0 * LONGEST_TENURE, "months")
    in_years = columns.read_number(0.0, LONGEST_TENURE, "years")
    first = np.array(rows.read(months, in_months, np.nan))
    return np.where(np.isnan(first), 12.0 * np.array(rows.read(years, in_years, np.nan)), first)


def _engagement(staff: Rows, notes: list[str]) -> Real:
    """Return engagement, 0 to 1; its scale is stated by the heading or told from the maximum."""
    column = "engagement"
    if column not in staff:
        return np.full(len(staff), np.nan)
    scale, how = staff.scale(column), "as the heading states"
    advice = "(another scale can be stated in the heading, as in engagement_score_0_10)"
    if scale is None:
        values = np.array(staff.read(column, columns.read_number(0.0, 100.0), np.nan))
        most = float(np.nanmax(values, initial=0.0))
        if 5.0 < most <= 10.0:
            largest = [int(np.nanargmax(values))]
            problem = f"the scale cannot be told from the largest value, {most:g}"
            staff.fail(
                column, largest, problem, "state it in the heading, as engagement_score_0_10"
            )
        scale = (0.0, 1.0) if most <= 1.0 else (1.0, 5.0) if most <= 5.0 else (0.0, 100.0)
        how = f"told from the largest value, {most:g}"
    low, high = scale
    values = np.array(staff.read(column, columns.read_number(low, high, advice), np.nan))
    if not np.isnan(values).all():
        notes.append(f"Engagement: read on a scale from {low:g} to {high:g}, {how}.")
    return (values - low) / (high - low)


def _skills(
    staff: Rows, notes: list[str]
) -> tuple[tuple[dict[str, float], ...], tuple[dict[str, float], ...]]:
    """Return skills had and wanted, 0 to 1; both on one scale unless a heading states another."""
    found: list[tuple[dict[str, float], ...]] = []
    words = "0 to 1, or 1 to 5"
    names = ("skills_have", "skills_want")
    nothing: dict[str, float] = {}
    unstated = [
        skills
        for name in names
        if staff.scale(name) is None
        for skills in staff.read(name, columns.read_skills(0.0, 5.0, words), nothing)
    ]
    # The reader gives shares of the scale that it was given, here of 0 to 5.
    most = 5.0 * max((max(skills.values(), default=0.0) for skills in unstated), default=0.0)
    for name in names:
        scale = staff.scale(name) or ((0.0, 1.0) if most <= 1.0 else (1.0, 5.0))
        told = "" if staff.scale(name) else words
        found.append(tuple(staff.read(name, columns.read_skills(*scale, told), nothing)))
        known = sorted({skill for skills in found[-1] for skill in skills})
        if known:
            notes.append(
                f"Skills ({name}): levels read on a scale from {scale[0]:g} to {scale[1]:g}; "
                f"{_listed([quoted(skill) for skill in known])}."
            )
    return found[0], found[1]


# --- pairs ----------------------------------------------------------------------------------------
def _pairs(
    staff: Rows, column: str, row_of: dict[str, int], left: frozenset[str], notes: list[str]
) -> Whole:
    """Return the pairs that a column of ids names, lower row first, each once.

    An id that the file does not know is an error, as a ban or a fixed pair would be lost; for past
    partners it is noted. Partners who have left are passed over, except that none can be fixed.
    """
    pairs: list[tuple[int, int]] = []
    unknown: list[int] = []
    strange = ""
    for row, cell in enumerate(staff.texts(column)):
        whole = _find(cell, row_of) >= 0
        for text in [cell] if whole else filter(None, map(str.strip, re.split("[;|,]", cell))):
            partner = _find(text, row_of)
            if partner == row:
                problem = f"{quoted(text)} is named as their own partner"
                staff.fail(column, [row], problem, "remove the id")
            elif partner >= 0:
                pairs.append((min(row, partner), max(row, partner)))
            elif text not in left or column == "must_pair_with":
                strange = strange or text
                unknown.append(row)
    if unknown and column == "past_partner_ids":
        notes.append(
            f"Past partners: {len(unknown):,} ids are not in the file (the first on line "
            f"{staff.lines[unknown[0]]}); passed over."
        )
    elif unknown:
        remedy = "give ids of people on the staff, separated by ';', or remove the id"
        staff.fail(column, unknown, f"{quoted(strange)} is nobody's id on the staff", remedy)
    return _unique(pairs)


def _check_fixed_pairs(staff: Rows, fixed: Whole, excluded: Whole) -> None:
    """Refuse a pair that must and must not be formed."""
    barred = {tuple(pair) for pair in excluded.tolist()}
    for first, second in fixed.tolist():
        if (first, second) in barred:
            ids = staff.texts("employee_id")
            problem = f"{quoted(ids[first])} and {quoted(ids[second])} must pair and must not pair"
            remedy = "remove the id from must_pair_with or from exclude_ids"
            staff.fail("must_pair_with", [first], problem, remedy)


# --- notes ----------------------------------------------------------------------------------------
def _summary(rows: Rows, roster: Roster) -> list[str]:
    """Say what was read, from which columns."""
    counts = [
        f"{len(names):,} {word if len(names) > 1 else word[:-1]}"
        for word, names in (
            ("levels", roster.level_names),
            ("departments", roster.department_names),
            ("sites", roster.site_names),
        )
        if names
    ]
    found = [f"Staff: {_people(roster.headcount)}, {', '.join(counts)}."]
    if roster.left:
        found.append(f"Left: {_people(roster.left)} no longer on the staff, kept apart.")
    renamed = [
        f"{quoted(heading)} as {column}"
        for column, heading in rows.headings.items()
        if columns.plain(heading) != columns.plain(column)
    ]
    if renamed:
        found.append(f"Columns: read {_listed(renamed)}.")
    return found


def _gaps(roster: Roster) -> list[str]:
    """Say what the roster does not tell and what becomes of it."""
    drawn, rules = "drawn as in a synthetic firm", "as the programme's settings say"
    no_skills = np.array([not skills for skills in roster.skills_have])
    found = []
    for name, missing, instead in (
        ("Age", np.isnan(roster.age), drawn),
        ("Tenure", np.isnan(roster.tenure_months), drawn),
        ("Time since promotion", np.isnan(roster.months_since_promotion), drawn),
        ("Engagement", np.isnan(roster.engagement), drawn),
        ("Site", roster.site < 0, drawn),
        ("Work mode", roster.work_mode < 0, drawn),
        ("Manager", roster.manager < 0, "heads, or placed under a manager by level and department"),
        ("Skills had", no_skills, drawn),
        ("Role", roster.role < 0, rules),
        ("Capacity", roster.capacity < 0, rules),
    ):
        count = int(missing.sum())
        if count == roster.headcount:
            found.append(f"{name}: known for nobody; {instead}.")
        elif count:
            found.append(
                f"{name}: missing for {count:,} of {roster.headcount:,} people; {instead}."
            )
    if any(roster.skills_want):
        found.append("Skills wanted: the policy complementary pairs by them; the others do not.")
    if len(roster.fixed_pairs):
        found.append(f"Fixed pairs: {len(roster.fixed_pairs):,}; every cohort begins with them.")
    return found


def _left_out(rows: Rows) -> list[str]:
    """Say which columns were not read, and why."""
    plain = {heading: columns.plain(heading) for heading in rows.left_out}
    unclear = [heading for heading in plain if plain[heading] in UNCLEAR]
    personal = [
        heading
        for heading, text in plain.items()
        if heading not in unclear and (text in PERSONAL or any(word in text for word in PRIVATE))
    ]
    others = [quoted(heading) for heading in plain if heading not in (*unclear, *personal)]
    found = [
        f"Column {quoted(heading)}: not read; to be read, name it {UNCLEAR[plain[heading]]}."
        for heading in unclear
    ]
    if personal:
        found.append(f"Personal columns not read: {_listed([quoted(name) for name in personal])}.")
    if others:
        found.append(f"Columns not used: {_listed(others)}.")
    return found


# --- small helpers --------------------------------------------------------------------------------
def _require(rows: Rows, column: str) -> None:
    """Refuse empty cells in a column."""
    if empty := [row for row, text in enumerate(rows.texts(column)) if not text]:
        rows.fail(column, empty, "the cell is empty", "this column is needed for everybody")


def _days(rows: Rows, column: str) -> Real:
    """Return a column of dates as day numbers (1 is 1 January of the year 1), NaN where empty."""
    return np.array(
        rows.read(column, lambda text: float(columns.read_date(text).toordinal()), np.nan),
        dtype=np.float64,
    )


def _as_dates(days: Real) -> NDArray[np.datetime64]:
    """Turn day numbers into dates, NaN into NaT."""
    dates = np.full(len(days), np.datetime64("NaT"), dtype="datetime64[D]")
    known = ~np.isnan(days)
    since_1970 = days[known] - date(1970, 1, 1).toordinal()
    dates[known] = since_1970.astype(np.int64).astype("datetime64[D]")
    return dates


def _codes(rows: Rows, *readers: tuple[str, Callable[[str], int]]) -> Whole:
    """Return the codes of the first column that has one for the row, -1 where none has."""
    codes = np.full(len(rows), -1)
    for column, reader in readers:
        codes = np.where(codes < 0, np.array(rows.read(column, reader, -1)), codes)
    return codes.astype(np.int32)


def _find(text: str, row_of: dict[str, int]) -> int:
    """Return the row of an id, -1 if there is none.

    Programs that keep a column of ids with gaps as decimal numbers write ``17.0`` for ``17``.
    """
    row = row_of.get(text)
    return row_of.get(text.removesuffix(".0"), -1) if row is None else row


def _unique(pairs: Sequence[tuple[int, ...]]) -> Whole:
    """Return sorted pairs, each once, as an array of shape (m, 2)."""
    return np.array(sorted(set(pairs)), dtype=np.int32).reshape(-1, 2)


def _whole(values: Sequence[int]) -> Whole:
    return np.array(values, dtype=np.int32)


def _where(condition: NDArray[np.bool_]) -> list[int]:
    return [int(row) for row in np.flatnonzero(condition)]


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _listed(names: Sequence[str], most: int = 15) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
