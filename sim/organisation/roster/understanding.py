"""A planner's file as it was understood: the roster, what was assumed, what is wrong, what to decide.

Names and e-mail addresses are never kept. What a roster does not say is left open (NaN or -1), is drawn later
like the rest of a synthetic firm, and is listed. Nothing is guessed silently, and all that is wrong comes out at
once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.organisation.roster import measures, notes, words
from sim.organisation.roster.cells import read_whole_number, read_word
from sim.organisation.roster.column_names import ROSTER_COLUMNS
from sim.organisation.roster.days import date_in_title, read_days
from sim.organisation.roster.findings import Decision, Findings, Problem, quoted
from sim.organisation.roster.groups import read_departments, read_groups
from sim.organisation.roster.headings import missing_columns, plain
from sim.organisation.roster.leaving import (
    OwnTurnover,
    own_turnover,
    say_own_turnover,
    say_too_little,
)
from sim.organisation.roster.levels import read_levels, say_if_on_its_head
from sim.organisation.roster.managers import Directory, find_managers_of
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.partners import read_partners, say_conflicts
from sim.organisation.roster.pay import read_pay
from sim.organisation.roster.posts import latest_records, without_vacant_posts
from sim.organisation.roster.reading import RosterSource, Table
from sim.organisation.roster.recognising import with_recognised_columns
from sim.organisation.roster.roster import LARGEST_CAPACITY, Real, Roster, Whole
from sim.organisation.roster.rows import Rows, read_rows
from sim.organisation.roster.staff import Membership, reasons_of, who_is_on_the_staff
from sim.organisation.settings import ORGANISATION

__all__ = ["Understanding", "read_roster", "understand"]


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a file.

    Attributes
    ----------
    file
        As the planner named it.
    roster
        The staff; None where something must be put right first.
    columns
        Our name and the file's heading of each column that was read.
    not_read
        Headings that were not read.
    rows, staff, left, contractors, starters
        How many rows there are, and how many people are on the staff, have left, are left out as contractors,
        are yet to come.
    levels
        Label and headcount of each level, lowest first; empty where they are not known.
    managers
        How many people have a manager on file, and how many have one who was found.
    reference_date
        The day as of which the file is read.
    notes, warnings
        Sentences: what was understood, assumed and left out; and what may turn a result upside down.
    problems, decisions
        What must be put right, and what to choose.
    turnover
        The firm's own, from the leavers in the file; None where too little is on file.
    """

    file: str
    roster: Roster | None
    columns: tuple[tuple[str, str], ...]
    not_read: tuple[str, ...]
    rows: int
    staff: int
    left: int
    contractors: int
    starters: int
    levels: tuple[tuple[str, int], ...]
    managers: tuple[int, int]
    reference_date: date | None
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]
    decisions: tuple[Decision, ...]
    turnover: OwnTurnover | None = None

    def error(self) -> InputError:
        """All that is wrong, as one error."""
        return Findings(problems=list(self.problems)).error(self.file)


def read_roster(
    source: RosterSource,
    *,
    start_year: int = 2026,
    options: RosterOptions | None = None,
    name: str | None = None,
) -> Roster:
    """Read a roster.

    Parameters
    ----------
    source
        A CSV file or an Excel workbook: a path, its content, or an open binary stream. One row names the
        columns; :data:`~sim.organisation.roster.headings.ROSTER_COLUMNS` lists the names understood.
    start_year
        Calendar year of the first simulated month, 1950 to 2100.
    options
        What the planner says besides; its start year goes before `start_year`.
    name
        What messages call the file; by default its path.

    Raises
    ------
    InputError
        With everything that is wrong: file, line and column of each problem, and what would be right.
    """
    found = understand(source, options or RosterOptions(start_year=start_year), name=name)
    if found.roster is None:
        raise found.error()
    return found.roster


def understand(
    source: RosterSource, options: RosterOptions | None = None, *, name: str | None = None
) -> Understanding:
    """Read a file as far as it can be understood.

    Raises
    ------
    InputError
        If it cannot be read as a table at all, or the start year is out of range.
    """
    options = options or RosterOptions()
    allowed = ORGANISATION["start_year"]
    if not allowed.low <= options.start_year <= allowed.high:
        raise InputError(
            f"{options.start_year} is out of range",
            remedy=f"give a year from {allowed.low} to {allowed.high}",
            key="organisation.start_year",
        )
    findings = Findings()
    rows, table = read_rows(source, ROSTER_COLUMNS, (), findings, name)
    rows = with_recognised_columns(rows, table)
    options = _dated(options, table, findings)
    if not _has_people(rows, table, findings):
        return _understood(rows, None, findings)
    return replace(_understand_people(rows, options, findings), rows=len(rows))


def _understand_people(rows: Rows, options: RosterOptions, findings: Findings) -> Understanding:
    """Tell who is on the staff, and read what there is about them."""
    rows = without_vacant_posts(_with_ids(rows))
    days = read_days(rows, options)
    rows, days, options = latest_records(rows, days, options)
    members = who_is_on_the_staff(rows, days, options)
    if not members.staff:
        gone = f"all {len(rows):,} people in the file have left"
        if members.contractors or members.starters:
            gone += ", are contractors, or are yet to come"
        key = rows.key("status" if "status" in rows else "termination_date")
        findings.wrong(gone, "the roster must hold the present staff, too", key)
        return _understood(rows, None, findings, members)
    return _read_staff(rows, members, days, options, findings)


def _dated(options: RosterOptions, table: Table, findings: Findings) -> RosterOptions:
    """Take the date of the file from its title, if the planner gives none."""
    if options.file_date is not None:
        return options
    stated = date_in_title(table.above)
    if stated is None:
        return options
    findings.note(
        f"Dates: the title says {stated.isoformat()}, which is taken as the file's date; file_date in the scenario "
        "goes before it."
    )
    return replace(options, file_date=stated)


def _has_people(rows: Rows, table: Table, findings: Findings) -> bool:
    """Whether the table has rows, and headings by which anything could be read."""
    of_people = ("employee_id", "level", "department", "manager_id", "name", "email", "job_title")
    if not any(column in rows for column in (*of_people, "age", "birth_year", "hire_date")):
        missing = ("employee_id", "level", "department")
        error = missing_columns(missing, table.headings, ROSTER_COLUMNS)
        remedy = error.remedy
        if _looks_like_a_person(table):
            remedy += "; this looks like a person: put a row of headings above it"
        findings.wrong(error.problem, remedy, None, [table.heading_line])
        return False
    if not len(rows):
        findings.wrong("there are headings but no people", "add one row per person")
        return False
    return True


def _looks_like_a_person(table: Table) -> bool:
    """Whether the headings look like the cells below them."""
    return any(re.match(r"[0-9]", text.strip()) for text in table.headings)


def _with_ids(rows: Rows) -> Rows:
    """Give everybody an id: by their row, where the file has no column of ids."""
    if rows.filled("employee_id"):
        ids = rows.texts("employee_id")
        if empty := [row for row, text in enumerate(ids) if not text]:
            remedy = "this column is needed for everybody"
            rows.wrong("employee_id", empty, "the cell is empty", remedy)
            ids = tuple(text or f"row {line}" for text, line in zip(ids, rows.lines, strict=True))
        if odd := [row for row, text in enumerate(ids) if not text.isprintable()]:
            problem = f"{quoted(ids[odd[0]])} contains a character that cannot be printed"
            rows.wrong("employee_id", odd, problem, "use letters, digits and signs")
    else:
        rows.findings.note(
            "Ids: the file has no column of employee ids; people are known by their rows (row 2 is line 2 of the "
            "file)."
        )
        first: dict[str, int] = {}  # one address is one person, who may stand on several rows
        mails = rows.texts("email")
        ids = tuple(
            f"row {first.setdefault(mail.casefold(), line) if mail else line}"
            for mail, line in zip(mails, rows.lines, strict=True)
        )
    cells = {"employee_id": ids, **{k: v for k, v in rows.cells.items() if k != "employee_id"}}
    return replace(rows, cells=cells)


def _read_staff(
    rows: Rows,
    members: Membership,
    days: dict[str, Real],
    options: RosterOptions,
    findings: Findings,
) -> Understanding:
    """Read every column of those on the staff, once."""
    staff, leavers = rows.only(members.staff), rows.only(members.leavers)
    left_ids = leavers.texts("employee_id")
    managers = find_managers_of(staff, leavers)
    level, level_names = read_levels(staff, managers, options)
    department, department_names = read_departments(staff, managers)
    site, site_names = read_groups(staff, "site")
    age, age_half_range = measures.read_ages(staff, options.start_year)
    oldest = age + np.maximum(age_half_range, 1.0)  # a stated age is in whole years
    today = np.full(len(staff), float(members.today))
    tenure = measures.read_tenures(staff, members.hired[members.staff], today, oldest)
    promoted = days["last_promotion_date"][members.staff]
    skills_have, skills_want = measures.read_skill_lists(staff)
    directory = Directory(staff)
    excluded, past, fixed = (
        read_partners(staff, column, directory, frozenset(left_ids))
        for column in ("exclude_ids", "past_partner_ids", "must_pair_with")
    )
    say_conflicts(staff, fixed, excluded, managers)
    left_date = members.ended[members.leavers]
    nobody_is_old = np.full(len(leavers), np.inf)
    left_reason = reasons_of(leavers.texts("leaving_reason"))
    known = not findings.problems
    turnover = None
    if known:
        say_if_on_its_head(staff, level, level_names, managers, age, options)
        turnover = own_turnover(members, left_reason)
        if turnover is not None:
            say_own_turnover(turnover, findings)
        elif members.leavers:
            say_too_little(members, findings)
    roster = Roster(
        employee_id=staff.texts("employee_id"),
        level=level,
        level_names=level_names,
        department=department,
        department_names=department_names,
        manager=managers,
        site=site,
        site_names=site_names,
        work_mode=_codes(
            staff,
            ("work_mode", read_word(words.WORK_MODES, "on_site, hybrid, remote")),
            ("remote", read_word({**_scaled(words.YES_NO, 2), **words.WORK_MODES}, "yes, no")),
        ),
        age=age,
        age_half_range=age_half_range,
        tenure_months=tenure,
        months_since_promotion=measures.read_promotions(staff, promoted, members.today, tenure),
        engagement=measures.read_engagement(staff),
        role=_roles(staff),
        capacity=_codes(staff, ("capacity", read_whole_number(0, LARGEST_CAPACITY))),
        skills_have=skills_have,
        skills_want=skills_want,
        excluded_pairs=excluded,
        past_pairs=past,
        fixed_pairs=fixed,
        ties=np.zeros((0, 2), dtype=np.int32),
        left=len(leavers),
        left_employee_id=left_ids,
        left_date=_as_dates(left_date),
        left_tenure_months=measures.read_tenures(
            leavers, members.hired[members.leavers], left_date, nobody_is_old
        ),
        left_reason=left_reason,
        reference_date=date.fromordinal(members.today),
        notes=(),
        salary_by_level=read_pay(staff, level, len(level_names), options) if known else np.zeros(0),
    )
    found = [
        *findings.warnings,
        *notes.summary(rows, roster),
        *findings.notes,
        *notes.gaps(roster),
        *notes.left_out(rows),
    ]
    roster = replace(roster, notes=tuple(found))
    return _understood(rows, roster, findings, members, turnover)


def _understood(
    rows: Rows,
    roster: Roster | None,
    findings: Findings,
    members: Membership | None = None,
    turnover: OwnTurnover | None = None,
) -> Understanding:
    levels: tuple[tuple[str, int], ...] = ()
    managers = (0, 0)
    if roster is not None:
        counts = np.bincount(roster.level, minlength=len(roster.level_names) + 1)[1:]
        if not any("level" in (problem.key or problem.problem) for problem in findings.problems):
            levels = tuple(zip(roster.level_names, counts.tolist(), strict=True))
        columns = ("manager_id", "manager_email", "manager_name")
        stated = 0 if members is None else sum(
            any(rows.texts(column)[row] for column in columns) for row in members.staff
        )  # fmt: skip
        managers = stated, int((roster.manager >= 0).sum())
    told = roster.notes if roster is not None else (*findings.notes, *notes.left_out(rows))
    usable = roster if not findings.problems else None
    return Understanding(
        file=rows.file,
        roster=usable,
        columns=tuple((column, heading) for column, heading in rows.headings.items()),
        not_read=rows.left_out,
        rows=len(rows),
        staff=0 if members is None else len(members.staff),
        left=0 if members is None else len(members.leavers),
        contractors=0 if members is None else members.contractors,
        starters=0 if members is None else members.starters,
        levels=levels,
        managers=managers,
        reference_date=None if members is None else date.fromordinal(members.today),
        notes=tuple(told),
        warnings=tuple(findings.warnings),
        problems=tuple(findings.problems),
        decisions=tuple(findings.decisions),
        turnover=turnover,
    )


# --- words ----------------------------------------------------------------------------------------
def _roles(staff: Rows) -> Whole:
    """Roles in a programme: one column of roles, or yes and no in two of them."""
    column = "role"
    known = {text: words.ROLES.get(plain(text), -1) for text in set(staff.texts(column)) if text}
    # A column that is called role may hold jobs.
    jobs = bool(known) and all(code < 0 for code in known.values())
    if jobs and plain(staff.headings.get(column, "")) in ("role", "rolle", "rol"):
        staff.findings.note(
            f"Role: {staff.key(column)} does not hold mentor, mentee, either or none, so it is taken for jobs and not "
            "read."
        )
        roles = np.full(len(staff), -1, dtype=np.int32)
    else:
        roles = _codes(staff, (column, read_word(words.ROLES, "mentor, mentee, either, none")))
    mentor, mentee, both = (
        _codes(staff, (name, read_word(words.YES_NO, "yes, no")))
        for name in ("is_mentor", "is_mentee", "both_roles")
    )
    if "is_mentor" in staff and "is_mentee" not in staff:
        mentee = np.where(mentor >= 0, 1 - mentor, -1).astype(np.int32)
    if "is_mentee" in staff and "is_mentor" not in staff:
        mentor = np.where(mentee >= 0, 1 - mentee, -1).astype(np.int32)
    said = (mentor >= 0) | (mentee >= 0)
    by_flags = np.select(
        [~said, (mentor == 1) & (mentee == 1), mentor == 1, mentee == 1], [-1, 0, 1, 2], 3
    )
    by_flags = np.where((by_flags < 0) & (both == 1), 0, by_flags)
    return np.where(roles < 0, by_flags, roles).astype(np.int32)


def _scaled(table: dict[str, int], factor: int) -> dict[str, int]:
    return {word: factor * value for word, value in table.items()}


def _codes(rows: Rows, *readers: tuple[str, Callable[[str], int]]) -> Whole:
    """Return the codes of the first column that has one for the row, -1 where none has."""
    codes: NDArray[np.int64] = np.full(len(rows), -1)
    for column, reader in readers:
        codes = np.where(codes < 0, np.array(rows.read(column, reader, -1)), codes)
    return codes.astype(np.int32)


def _as_dates(days: Real) -> NDArray[np.datetime64]:
    """Turn day numbers into dates, NaN into NaT."""
    dates = np.full(len(days), np.datetime64("NaT", "D"), dtype="datetime64[D]")
    known = ~np.isnan(days)
    since_1970 = days[known] - date(1970, 1, 1).toordinal()
    dates[known] = since_1970.astype(np.int64).astype("datetime64[D]")
    return dates
