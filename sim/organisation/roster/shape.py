"""The shape of a table: headings on two rows, rows of sums, and rows that name the section below them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.organisation.roster.column_names import Names
from sim.organisation.roster.findings import Findings, listed, quoted, rows_text
from sim.organisation.roster.headings import find_columns, plain
from sim.organisation.roster.lines import Line, one_line

__all__ = ["joined_headings", "without_sections", "without_sums"]

_TOTALS = re.compile(
    r"(grand |sub[ -]?)?totals?( (headcount|employees|staff|general|cost))?|(zwischen|gesamt)?summen?|sous-total"
    r"|totale?( parziale| general)?|gesamt|suma|subtotaal|totaal|count|headcount|average|mittelwert|durchschnitt",
    re.IGNORECASE,
)
_FULL = 3
"""Cells that a row of sums has at most besides those of numbers."""


def joined_headings(above: Line | None, headings: Sequence[str], names: Names) -> list[str]:
    """Headings with those of the row above put before them, where they mean something only together.

    ``Employee | Line Manager`` above ``ID | ID`` is ``Employee ID`` and ``Line Manager ID``.
    """
    if above is None:
        return list(headings)
    over = [one_line(cell) for cell in above.cells[: len(headings)]]
    if sum(map(bool, over)) < 2:
        return list(headings)
    over += [""] * (len(headings) - len(over))
    current = ""
    for position, text in enumerate(
        over
    ):  # a group's name stands above the first of its columns alone
        current = text or current
        over[position] = current
    seen = [plain(heading) for heading in headings]
    joined = []
    for group, heading in zip(over, headings, strict=True):
        both = f"{group} {heading}".strip()
        unclear = seen.count(plain(heading)) > 1 or not _known(heading, names)
        joined.append(
            both
            if unclear and group != heading and (_known(both, names) or _double(heading, seen))
            else heading
        )
    return joined


def _known(heading: str, names: Names) -> bool:
    return bool(find_columns([heading], names).positions)


def _double(heading: str, seen: Sequence[str]) -> bool:
    return seen.count(plain(heading)) > 1


def without_sums(body: list[Line], findings: Findings, *, keep_sums: bool = False) -> list[Line]:
    """Leave out rows of sums wherever they stand, and notes below the table that fill one cell alone.

    Whoever compares sums has them kept.
    """
    kept = list(body)
    passed: list[Line] = []
    wide = sum(1 for row in body if sum(map(bool, row.cells)) > 1)
    while kept and wide:
        full = [cell for cell in kept[-1].cells if cell]
        remark = len(full) == 1 and len(kept[-1].cells) > 2 and len(full[0]) > 25
        if not ((_is_sum(kept[-1]) and not keep_sums) or remark):
            break
        passed.append(kept.pop())
    if passed:
        texts = [quoted(next(filter(None, row.cells)), 60) for row in reversed(passed)]
        findings.note(f"Below the table: passed over {listed(texts, 4)}.")
    inside = [row for row in kept if wide and not keep_sums and _is_sum(row)]
    if inside and len(inside) < len(kept):
        where = rows_text([row.number for row in inside], 4)
        findings.note(f"Rows: {len(inside):,} with sums between the others ({where}), passed over.")
        numbers = {row.number for row in inside}
        kept = [row for row in kept if row.number not in numbers]
    return kept


def _is_sum(row: Line) -> bool:
    """Whether a row holds a word for a sum and hardly anything but numbers besides."""
    full = [cell for cell in row.cells if cell]
    words = [cell for cell in full if not re.fullmatch(r"[-+ \d.,'%€$£]+", cell)]
    told = any(_TOTALS.fullmatch(cell.rstrip(": ")) for cell in full[:2])
    return told and (len(full) <= _FULL or len(words) <= 1)


def without_sections(
    body: list[Line], headings: list[str], names: Names, findings: Findings
) -> list[Line]:
    """Leave out rows that name the section below them; they are departments where the file has no others.

    Such a row fills one cell alone, in a table whose other rows fill most of theirs and begin with a number or code.
    """
    if len(headings) < 3 or len(body) < 3:
        return body
    alone = {
        row.number: next(filter(None, row.cells)) for row in body if sum(map(bool, row.cells)) == 1
    }
    full = [row for row in body if row.number not in alone]
    coded = sum(any(re.search(r"\d", cell) for cell in row.cells[:1]) for row in full)
    begins = body[0].number in alone
    if not begins or not full or any(re.search(r"\d", text) for text in alone.values()):
        return body
    if coded < 0.9 * len(full) or sum(sum(map(bool, row.cells)) for row in full) < 2.5 * len(full):
        return body
    needed = "department" not in find_columns(headings, names).positions
    section = ""
    kept = []
    for row in body:
        if row.number in alone:
            section = alone[row.number]
            continue
        if needed:
            row.cells.extend([""] * (len(headings) - len(row.cells)))
            row.cells.insert(len(headings), section)
        kept.append(row)
    shown = listed([quoted(text) for text in dict.fromkeys(alone.values())], 6)
    became = "taken for the departments of the rows below them" if needed else "passed over"
    findings.note(f"Rows: {len(alone):,} name a section ({shown}); {became}.")
    if needed:
        headings.append("Department")
    return kept
