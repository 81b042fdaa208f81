"""Departments and sites: names as the file spells them, with spellings of one name brought together."""

from __future__ import annotations

from difflib import get_close_matches

import numpy as np

from sim.organisation.roster.findings import listed, people, quoted, rows_text
from sim.organisation.roster.headings import plain
from sim.organisation.roster.managers import reports_of
from sim.organisation.roster.roster import Whole
from sim.organisation.roster.rows import Rows
from sim.organisation.settings import ORGANISATION

__all__ = ["EVERYBODY", "read_departments", "read_groups"]

EVERYBODY = "Everybody"
"""Name of the one department of a file that names none."""

_FILLERS = frozenset(["department", "dept", "team", "unit", "group", "division", "abteilung", "service", "departamento", "afdeling", "the", "and", "of"])  # fmt: skip


def read_groups(staff: Rows, column: str) -> tuple[Whole, tuple[str, ...]]:
    """Return codes and names of departments or sites, in order of first appearance; -1 where empty."""
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
        staff.findings.wrong(problem, remedy, staff.key(column))
    if merged:
        staff.findings.note(f"{column.capitalize()}: read {listed(merged)}.")
    _suggest(staff, column, names)
    return np.array([codes[text] for text in staff.texts(column)], dtype=np.int32), tuple(names)


def _suggest(staff: Rows, column: str, names: list[str]) -> None:
    """List names that may be spellings of one thing; they are left apart."""
    if not 1 < len(names) <= 400:
        return
    keys = {name: _key(name) for name in names}
    found = []
    for index, name in enumerate(names):
        if len(keys[name]) < 5:
            continue
        earlier = {keys[other]: other for other in names[:index]}
        same = earlier.get(keys[name])
        near = get_close_matches(keys[name], [key for key in earlier if len(key) >= 5], 1, 0.88)
        other = same or (earlier[near[0]] if near else None)
        # 'Ward 3' and 'Ward 4' differ by what is meant to tell them apart.
        if other and _digits(name) == _digits(other):
            found.append(f"{quoted(name)} and {quoted(other)}")
    if found:
        text = (
            f"{column.capitalize()}: may be spellings of one name: {listed(found, 8)}; left apart."
        )
        staff.findings.note(text)
        staff.findings.ask(
            f"Are these one {column}? {listed(found, 8)}. If so, rename them in the file."
        )


def _key(name: str) -> str:
    words = [plain(word) for word in name.split()]
    return "".join(word for word in words if word not in _FILLERS) or plain(name)


def _digits(name: str) -> str:
    return "".join(character for character in name if character.isdigit())


def read_departments(staff: Rows, managers: Whole) -> tuple[Whole, tuple[str, ...]]:
    """Departments of everybody: whoever has none on file has the manager's, the reports', or the most common."""
    if not staff.filled("department"):
        staff.findings.note(
            "Department: the file has no column of departments; everybody is taken as one department, and pairs "
            "across departments cannot be told."
        )
        return np.zeros(len(staff), dtype=np.int32), (EVERYBODY,)
    codes, names = read_groups(staff, "department")
    empty = np.flatnonzero(codes < 0)
    if empty.size:
        codes = codes.copy()
        most = int(np.bincount(codes[codes >= 0]).argmax())
        reports = reports_of(managers)
        for row in empty.tolist():
            manager = int(managers[row])
            of_reports = codes[reports(row)]
            of_reports = of_reports[of_reports >= 0]
            if manager >= 0 and codes[manager] >= 0:
                codes[row] = codes[manager]
            elif of_reports.size:
                codes[row] = np.bincount(of_reports).argmax()
            else:
                codes[row] = most
        where = rows_text([staff.lines[row] for row in empty], 6)
        staff.findings.note(
            f"Department: missing for {people(len(empty))} ({where}); taken from their manager or reports, else "
            f"{quoted(names[most])}, the largest."
        )
    return codes, names
