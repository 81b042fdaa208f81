"""Excel workbooks: the sheet with the staff, its cells as texts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sim.errors import InputError
from sim.organisation.roster.column_names import Names
from sim.organisation.roster.findings import Findings, listed, quoted
from sim.organisation.roster.headings import find_columns
from sim.organisation.roster.lines import Line, cleaned, named_columns, one_line

__all__ = ["read_workbook"]

_LARGEST_WORKBOOK = 2_000_000_000
"""Bytes of the unpacked parts of a workbook."""
_BLANK_ROWS = 1_000
"""Rows without content after which a sheet is taken to have ended."""


def read_workbook(data: bytes, file: str, names: Names, findings: Findings) -> list[Line]:
    """Return the rows with content of the sheet that names most columns; formulas as their last values.

    Raises
    ------
    InputError
        If the file is no workbook, or cannot be read as one.
    """
    # several times as fast as openpyxl, which writes
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    remedy = "open it in a spreadsheet and save it again as .xlsx, or as 'CSV UTF-8'"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            entries = parts.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            kind = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in kind:
            what = "an OpenDocument table" if "mimetype" in kind else "a compressed file"
            raise InputError(f"this is {what}, not an Excel workbook", remedy=remedy, file=file)
        if unpacked > _LARGEST_WORKBOOK:
            problem = f"the workbook unpacks to {unpacked / 1e6:,.0f} MB"
            raise InputError(problem, remedy="save the sheet as 'CSV UTF-8'", file=file)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            hidden = {
                one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible
            }
            sheets = {name: _rows(book.get_sheet_by_name(name)) for name in book.sheet_names}
    except (InputError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except (
        BaseException
    ) as error:  # the library raises whatever the damage leads to, panics of its own too
        problem = f"the workbook cannot be read ({type(error).__name__})"
        raise InputError(problem, remedy=remedy, file=file) from None
    if not sheets:
        raise InputError("the workbook has no sheet with cells", remedy=remedy, file=file)
    scores = {
        title: (max((named_columns(row.cells, names) for row in rows[:40]), default=0), len(rows))
        for title, rows in sheets.items()
    }
    best = max(
        scores, key=lambda title: (title not in hidden and scores[title][0] > 1, *scores[title])
    )
    rows, stacked = _stacked(sheets, best, hidden, names, findings)
    others = [
        title for title in sheets if title not in stacked and (sheets[title] or len(sheets) < 9)
    ]
    if others:
        shown = [f"{quoted(title)}{' (hidden)' if title in hidden else ''}" for title in others]
        read = listed([quoted(title) for title in stacked], 6)
        word = "sheet" if len(stacked) == 1 else "sheets"
        findings.note(f"Workbook: read the {word} {read}; not read: {listed(shown, 6)}.")
    return rows


def _stacked(
    sheets: dict[str, list[Line]], best: str, hidden: set[str], names: Names, findings: Findings
) -> tuple[list[Line], list[str]]:
    """The rows of the best sheet, and below them those of further sheets of the same staff list.

    These have the very same headings, are not hidden, and hold other people: a sheet for each department. Sheets
    with the same people are of other days.
    """
    rows = sheets[best]
    head = _headings(rows, names)
    if head < 0 or len(sheets) == 1:
        return rows, [best]
    width, cells = len(rows[head].cells), rows[head].cells
    same = {best: head}
    people = {tuple(row.cells[:2]) for row in rows[head + 1 :]}
    for title, others in sheets.items():
        where = _headings(others, names)
        if title in same or title in hidden or where < 0 or others[where].cells[:width] != cells:
            continue
        more = {tuple(row.cells[:2]) for row in others[where + 1 :]}
        ids = {row.cells[0] for row in others[where + 1 :]} & {one[0] for one in people}
        if more and len(ids) < 0.3 * len(more):
            same[title] = where
            people |= more
    if len(same) == 1:
        return rows, [best]
    order = [title for title in sheets if title in same]
    named = "department" not in find_columns([one_line(cell) for cell in cells], names).positions
    found = list(sheets[order[0]][: same[order[0]] + 1])
    if named:
        found[-1] = found[-1]._replace(cells=[*found[-1].cells, "Department"])
    number, begins = found[-1].number, []
    for title in order:
        begins.append(f"{quoted(title)} from line {number + 1:,}")
        for row in sheets[title][same[title] + 1 :]:
            number += 1
            filled = [*row.cells[:width], *[""] * (width - len(row.cells))]
            found.append(Line(number, [*filled, title] if named else filled))
    became = "; their names are taken for departments" if named else ""
    findings.note(
        f"Workbook: {len(order)} sheets with the same headings and other people were read one below the other "
        f"({listed(begins, 6)}){became}."
    )
    return found, order


def _headings(rows: list[Line], names: Names) -> int:
    """Position of the row that names most columns; -1 if none names two."""
    named = [named_columns(row.cells, names) for row in rows[:40]]
    best = max(named, default=0)
    return named.index(best) if best >= 2 else -1


def _rows(sheet: Any) -> list[Line]:
    found: list[Line] = []
    blank = 0
    above: dict[int, str] = {}  # texts of merged cells, by the column
    down = _merged(sheet)
    for number, values in enumerate(_values(sheet), 1):
        cells = [_text(value) for value in values]
        if number in down:
            _fill(cells, down[number], above)
        if any(cells):
            found.append(Line(number, cells))
            blank = 0
        else:
            blank += 1
            if blank >= _BLANK_ROWS:
                break
    return found


_Merged = dict[int, list[tuple[int, int, bool]]]
"""By the number of a row: first and last column of each merged field in it, and whether the field begins there."""


def _merged(sheet: Any) -> _Merged:
    """Merged fields of a sheet; only the first cell of one has its text."""
    found: _Merged = {}
    for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[:20_000]:
        for row in range(top, min(bottom, top + 5_000) + 1):
            found.setdefault(row + 1, []).append((left, right, row == top))
    return found


def _fill(cells: list[str], fields: list[tuple[int, int, bool]], above: dict[int, str]) -> None:
    """Repeat the text of merged fields in the rows below their first, where it is meant for each of them."""
    for left, _, begins in fields:
        if left >= len(cells):
            continue
        if begins:
            above[left] = cells[left]
        elif not cells[left]:
            cells[left] = above.get(left, "")


def _values(sheet: Any) -> Iterable[list[Any]]:
    """The rows of a sheet from its first on, whatever stands there; a sheet of pictures has none."""
    rows: Iterable[list[Any]] = sheet.to_python(skip_empty_area=False)
    return rows


def _text(value: object) -> str:
    """A cell as it would stand in a CSV file: whole numbers without decimals, dates as yyyy-mm-dd."""
    if value is None:
        return ""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return cleaned(str(value))
