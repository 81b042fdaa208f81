"""Who reports to whom: managers given by id, by name, by e-mail or by a mix of them, resolved to rows.

Names and e-mail addresses serve for this alone and are not kept. What does not resolve is counted; if most do
not, the planner is asked, and no lines are invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.organisation.roster.findings import people, quoted, rows_text
from sim.organisation.roster.headings import plain
from sim.organisation.roster.roster import Whole
from sim.organisation.roster.rows import Rows
from sim.organisation.roster.staff import canonical_id

__all__ = ["Directory", "find_managers_of", "reports_of"]

_INNER = (
    re.compile(r"[(\[<]\s*([^()\[\]<>]+?)\s*[)\]>]\s*$"),
    re.compile(r"^\s*([\w.@-]*\d[\w.@-]*)\s*[-\u2013:|,/]\s+"),
    re.compile(r"\s[-\u2013:|,/]\s*([\w.@-]*\d[\w.@-]*)\s*$"),
    re.compile(r"^\s*([\w.@-]*\d[\w.@-]*)\s+[^\W\d]"),
    re.compile(r"[^\W\d]\s+([\w.@-]*\d[\w.@-]*)\s*$"),
)
_NOBODY, _SEVERAL = -1, -2


class Directory:
    """Finds people by whatever a cell calls them: id, e-mail address, name.

    Parameters
    ----------
    rows
        The people who can be found.
    """

    def __init__(self, rows: Rows) -> None:
        self.exact: dict[str, int] = {}
        self._loose: dict[str, int] = {}
        self._mails: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._families: dict[str, int] = {}
        self.by_other_spelling = 0
        ids, mails = rows.texts("employee_id"), rows.texts("email")
        full, first, last = rows.texts("name"), rows.texts("first_name"), rows.texts("last_name")
        for row in range(len(rows)):
            self.exact.setdefault(ids[row], row)
            _add(self._loose, canonical_id(ids[row]), row)
            _add(self._mails, mails[row].casefold(), row)
            family = (
                last[row] or full[row]
            )  # beside a column of first names, a name is that of the family
            for name in {_name_key(full[row]), _name_key(f"{first[row]} {family}")}:
                _add(self._names, name, row)
            if (
                " " not in family.strip()
            ):  # for managers such as ``Holt A.``, where one person alone is called so
                _add(self._families, plain(family), row)

    def find(self, text: str) -> int:
        """Return the row that a text means; -1 if nobody, -2 if several people."""
        row = self.exact.get(text)
        if row is not None:
            return row
        found = self._look_up(text)
        if found >= 0:
            self.by_other_spelling += 1
            return found
        if found == _NOBODY:
            for pattern in _INNER:
                if inner := pattern.search(text):
                    row = self.exact.get(inner[1])
                    found = self._look_up(inner[1]) if row is None else row
                    if found >= 0:
                        return found
            bare = re.sub(r"[(\[<][^()\[\]<>]*[)\]>]", " ", text)
            if bare != text:
                return self._names.get(_name_key(bare), _NOBODY)
        return found

    def find_id(self, text: str) -> int:
        """Return the row of an id, however a spreadsheet has changed it; -1 if there is none."""
        row = self.exact.get(text)
        return max(-1, self._loose.get(canonical_id(text), -1)) if row is None else row

    def _look_up(self, text: str) -> int:
        found = self._loose.get(canonical_id(text), _NOBODY)
        if found == _NOBODY and "@" in text:
            found = self._mails.get(text.casefold(), _NOBODY)
        if found == _NOBODY:
            found = self._names.get(_name_key(text), _NOBODY)
        if found == _NOBODY:
            words = [word for word in re.split(r"[^\w]+", text) if len(word) > 1]
            if len(words) == 1 and not any(letter.isdigit() for letter in words[0]):
                found = self._families.get(plain(words[0]), _NOBODY)
        return found


def _add(table: dict[str, int], key: str, row: int) -> None:
    """Enter a row under a key; a key of several people means none of them."""
    if key:
        table[key] = row if table.get(key, row) == row else _SEVERAL


def _name_key(text: str) -> str:
    """A name whichever part of it stands first, without initials; "" for a single word or none."""
    parts = re.split(r"[^\w]+", text.casefold())
    words = sorted(plain(part) for part in parts if len(part) > 1)
    return " ".join(words) if len(words) > 1 else ""


def find_managers_of(staff: Rows, leavers: Rows) -> Whole:
    """Return the row of everybody's manager, -1 where unknown; circles are a problem."""
    directory = Directory(staff)
    gone = Directory(leavers)
    columns = [
        column for column in ("manager_id", "manager_email", "manager_name") if column in staff
    ]
    managers = [-1] * len(staff)
    stated: list[int] = []
    unknown: list[int] = []
    several = left = 0
    for row in range(len(staff)):
        texts = [
            text
            for column in columns
            if (text := staff.texts(column)[row]) and text.strip("0.") != ""
        ]
        if not texts:
            continue
        stated.append(row)
        before = directory.by_other_spelling
        found = [directory.find(text) for text in texts]
        directory.by_other_spelling = min(directory.by_other_spelling, before + 1)
        known = [one for one in found if one >= 0]
        if known:
            managers[row] = known[0]
            continue
        several += _SEVERAL in found
        left += any(gone.find(text) >= 0 for text in texts)
        unknown.append(row)
    key = columns[0] if columns else "manager_id"
    _say(staff, key, stated, unknown, several, left, directory)
    if own := [row for row, manager in enumerate(managers) if manager == row]:
        problem = f"{quoted(staff.texts('employee_id')[own[0]])} is their own manager"
        staff.wrong(key, own, problem, "leave the cell of whoever has no manager empty")
        for row in own:
            managers[row] = -1
    if circle := _find_circle(managers):
        shown = " -> ".join(quoted(staff.texts("employee_id")[row], 20) for row in circle[:6])
        end = f"... ({len(circle)} people)" if len(circle) > 6 else "the first again"
        problem = f"the managers form a circle, each reporting to the next: {shown} -> {end}"
        remedy = "correct one of these rows; a head has no manager"
        staff.wrong(key, circle[:1], problem, remedy)
        for row in circle:
            managers[row] = -1
        while circle := _find_circle(managers):
            managers[circle[0]] = -1
    return np.array(managers, dtype=np.int32)


def reports_of(managers: Whole) -> Callable[[int], NDArray[np.intp]]:
    """Return a function that gives the rows of those who report to a row."""
    order = np.argsort(managers, kind="stable")
    sorted_ = managers[order]

    def of(row: int) -> NDArray[np.intp]:
        begin, end = np.searchsorted(sorted_, [row, row + 1])
        return order[begin:end]

    return of


def _say(
    staff: Rows,
    key: str,
    stated: list[int],
    unknown: list[int],
    several: int,
    left: int,
    directory: Directory,
) -> None:
    """Say how many managers were found, and how; ask if most were not."""
    if not stated:
        return
    resolved = len(stated) - len(unknown)
    if 2 * (len(unknown) - left) > len(stated):
        gone = f"; {left:,} of them have left" if left else ""
        staff.wrong(
            key,
            unknown,
            f"{len(unknown):,} of the {len(stated):,} managers who are named are nobody on the staff of the "
            f"file{gone}",
            "name managers by employee id, or add the column with the names or e-mail addresses by which they "
            "are called; delete the column to go on without reporting lines",
        )
        staff.findings.ask(
            "Who manages whom? Most managers in the file are nobody in it, and lines are not made up. Give ids, "
            "or delete the column."
        )
        return
    if directory.by_other_spelling:
        staff.findings.note(
            f"Manager: {resolved:,} of {len(stated):,} found; {directory.by_other_spelling:,} of them by name, by "
            "e-mail address, or by an id that is written differently."
        )
    if unknown:
        where = rows_text([staff.lines[row] for row in unknown], 6)
        why = f"; {several:,} of them by a name that several people have" if several else ""
        staff.findings.note(
            f"Manager: {people(len(unknown))} with a manager who is not among the staff of the file "
            f"({where}){why}; taken as unknown."
        )


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
