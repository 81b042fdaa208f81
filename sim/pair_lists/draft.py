"""Reading a draft pair list back: what a coordinator has fixed, forbidden or swapped.

A pair stays if its status says *fixed*, or if its mentor is another than the one drafted; it is kept away if its
status says *forbidden*. Every other row is open, and paired anew.
"""

from __future__ import annotations

from pathlib import Path

from sim.organisation.roster.findings import Findings, quoted
from sim.organisation.roster.headings import plain
from sim.organisation.roster.roster import Roster
from sim.organisation.roster.rows import Rows, read_rows
from sim.pair_lists.request import Draft

__all__ = ["read_draft"]

COLUMNS = {
    "mentee": ("mentee mentee_id",),
    "mentor": ("mentor mentor_id",),
    "status": ("status",),
    "drafted": ("mentor_as_drafted",),
}

_FIXED = ("fixed", "fix", "keep", "kept", "approved", "ok", "yes", "confirmed", "swapped")
_FORBIDDEN = ("forbidden", "forbid", "no", "rejected", "never", "exclude", "excluded")
_OPEN = ("", "draft", "open")


def read_draft(path: Path, roster: Roster) -> Draft:
    """Read a draft.

    Raises
    ------
    InputError
        With everything that is wrong: unknown people, somebody with two mentors, a pair that is both fixed and
        forbidden, words of status that are not known.
    """
    findings = Findings()
    rows, _ = read_rows(path, COLUMNS, ("mentee", "mentor"), findings)
    row_of = {one: row for row, one in enumerate(roster.employee_id)}
    canonical = {_canonical(one): one for one in roster.employee_id}
    people: dict[str, list[str]] = {}
    for side in ("mentee", "mentor"):
        texts = rows.texts(side)
        people[side] = [
            text if text in row_of else canonical.get(_canonical(text), "") for text in texts
        ]
        unknown = [row for row, one in enumerate(people[side]) if texts[row] and not one]
        if unknown:
            problem = f"{quoted(texts[unknown[0]])} is nobody on the staff of the roster"
            rows.wrong(
                side, unknown, problem, "give ids as the roster has them", _distinct(texts, unknown)
            )
    fixed, forbidden = _settled(rows, people)
    _check(rows, fixed, forbidden, people)
    if findings.problems:
        raise findings.error(rows.file)
    return Draft(
        tuple((people["mentee"][row], people["mentor"][row]) for row in fixed),
        tuple((people["mentee"][row], people["mentor"][row]) for row in forbidden),
    )


def _settled(rows: Rows, people: dict[str, list[str]]) -> tuple[list[int], list[int]]:
    """Rows that are fixed, and rows that are forbidden."""
    fixed, forbidden, strange = [], [], []
    drafted = rows.texts("drafted")
    for row, text in enumerate(rows.texts("status")):
        word = plain(text)
        whole = bool(people["mentee"][row] and people["mentor"][row])
        if word in _FORBIDDEN:
            if whole:
                forbidden.append(row)
        elif word in _FIXED:
            if whole:
                fixed.append(row)
        elif word not in _OPEN:
            strange.append(row)
        elif (
            whole and drafted[row] and _canonical(drafted[row]) != _canonical(people["mentor"][row])
        ):
            fixed.append(row)
    if strange:
        texts = rows.texts("status")
        problem = f"{quoted(texts[strange[0]])} is not a status"
        rows.wrong(
            "status", strange, problem, "write draft, fixed or forbidden", _distinct(texts, strange)
        )
    return fixed, forbidden


def _check(
    rows: Rows, fixed: list[int], forbidden: list[int], people: dict[str, list[str]]
) -> None:
    """Everybody has one fixed mentor, who is somebody else, and is not forbidden."""
    seen: dict[str, int] = {}
    barred = {(people["mentee"][row], people["mentor"][row]) for row in forbidden}
    for row in fixed:
        mentee, mentor = people["mentee"][row], people["mentor"][row]
        if mentee == mentor:
            rows.wrong(
                "mentor", [row], f"{quoted(mentor)} is their own mentor", "name somebody else"
            )
        if seen.setdefault(mentee, row) != row:
            problem = (
                f"{quoted(mentee)} has a fixed mentor on line {rows.lines[seen[mentee]]} already"
            )
            rows.wrong("mentee", [row], problem, "fix one pair for each mentee")
        if (mentee, mentor) in barred:
            problem = f"the pair {quoted(mentee)}, {quoted(mentor)} is fixed and forbidden"
            rows.wrong("status", [row], problem, "decide for one of the two")


def _canonical(text: str) -> str:
    text = text.casefold().strip().lstrip("'").removesuffix(".0")
    return text.lstrip("0") or text


def _distinct(texts: tuple[str, ...], rows: list[int]) -> list[str]:
    return list(dict.fromkeys(texts[row] for row in rows))
