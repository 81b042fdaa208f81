"""Excel workbooks: the sheet with the staff, its cells as texts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sim.errors import InputError
from sim.organisation.roster.findings import Findings, listed, quoted
from sim.organisation.roster.headings import Names
from sim.organisation.roster.lines import Line, cleaned, named_columns

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
    from python_calamine import CalamineWorkbook  # several times as fast as openpyxl, which writes

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
    best = max(scores, key=lambda title: (scores[title][0], scores[title][1]))
    if len(sheets) > 1:
        others = [quoted(title) for title in sheets if title != best]
        findings.note(f"Workbook: read the sheet {quoted(best)}; not read: {listed(others, 6)}.")
    return sheets[best]


def _rows(sheet: Any) -> list[Line]:
    found: list[Line] = []
    blank = 0
    for number, values in enumerate(_values(sheet), 1):
        cells = [_text(value) for value in values]
        if any(cells):
            found.append(Line(number, cells))
            blank = 0
        else:
            blank += 1
            if blank >= _BLANK_ROWS:
                break
    return found


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
