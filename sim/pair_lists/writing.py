"""Writing a pair list: ``pairs.csv``, ``unmatched.csv`` and ``pairs.xlsx`` with three sheets.

No text from the roster can become a formula, in a CSV file or in a workbook.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.files import neutralised, put_in_place, sibling
from sim.pair_lists.making import PairList
from sim.pair_lists.tables import STATUSES, how_it_was_made, pairs_table, unmatched_table

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["PAIRS", "UNMATCHED", "HOW", "write_list"]

PAIRS, UNMATCHED, HOW = "pairs", "unmatched", "how it was made"

_WIDE = {
    "reason": 27,
    "largest": 18,
    "rules": 30,
    "mentee": 11,
    "mentor": 11,
    "status": 10,
    "direction": 13,
    "score": 8,
    "levels": 8,
    "other": 10,
    "basis": 10,
    "person": 14,
}
_ID_COLUMNS = ("mentee", "mentor", "alternative 1", "alternative 2", "person")
"""Columns of ids, as wide as the longest of them, up to 30 characters."""


def write_list(
    found: PairList, folder: Path, *, source: str, version: str, seed: int, replace: bool = False
) -> list[Path]:
    """Write the three files into a new folder, whole or not at all; returns their paths.

    Raises
    ------
    InputError
        If the folder holds anything already, unless it may be replaced; or it cannot be written.
    """
    if folder.exists() and not replace and (not folder.is_dir() or any(folder.iterdir())):
        remedy = "choose another --output, or replace it with --force"
        raise InputError("there is something already", remedy=remedy, file=folder)
    pairs, unmatched = pairs_table(found), unmatched_table(found)
    how = how_it_was_made(found, source, version, seed)
    draft = sibling(folder)
    try:
        draft.mkdir(parents=True)
        try:
            for name, table in ((PAIRS, pairs), (UNMATCHED, unmatched)):
                neutralised(table).to_csv(draft / f"{name}.csv", index=False, encoding="utf-8-sig")
            _write_workbook(draft / "pairs.xlsx", pairs, unmatched, how)
            if folder.exists() and not any(folder.iterdir()):
                folder.rmdir()
            put_in_place(draft, folder)
        finally:
            if draft.exists():
                shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        problem = f"the list cannot be written ({error.strerror or error})"
        raise InputError(problem, remedy="choose another --output", file=folder) from None
    return [folder / name for name in ("pairs.csv", "unmatched.csv", "pairs.xlsx")]


def _write_workbook(
    path: Path, pairs: pd.DataFrame, unmatched: pd.DataFrame, how: list[tuple[str, str]]
) -> None:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet: Worksheet = book.active  # type: ignore[assignment]
    sheet.title = PAIRS
    _fill(sheet, list(pairs.columns), pairs.itertuples(index=False), "C2")
    if len(pairs):
        place = list(pairs.columns).index("status") + 1
        letter = get_column_letter(place)
        choice = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True)
        choice.error, choice.errorTitle = "draft, fixed or forbidden", "Status"
        sheet.add_data_validation(choice)
        choice.add(f"{letter}2:{letter}{len(pairs) + 1}")
    _fill(
        book.create_sheet(UNMATCHED),
        list(unmatched.columns),
        unmatched.itertuples(index=False),
        "B2",
    )
    _fill(book.create_sheet(HOW), ["what", "in words"], how, "A2", wide=[26, 100])
    book.save(path)


def _fill(
    sheet: Worksheet,
    names: list[str],
    rows: Iterable[Sequence[Any]],
    freeze: str,
    wide: list[int] | None = None,
) -> None:
    """Write a table with a heading that stays in sight; texts are texts, whatever they begin with."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    head = PatternFill("solid", fgColor="DDE6EE")
    rows = list(rows)
    widths: list[int] = []
    wrapped = Alignment(wrap_text=True, vertical="top")
    for column, name in enumerate(names, 1):
        title = sheet.cell(row=1, column=column, value=name)
        title.font, title.fill, title.alignment = Font(bold=True), head, wrapped
        width = next((wide_ for part, wide_ in _WIDE.items() if name.startswith(part)), 13)
        if name == "reason":
            width = 90
        if name.endswith("free"):
            width = 11
        if name in _ID_COLUMNS:
            longest = max((len(str(row[column - 1])) for row in rows), default=0)
            width = min(30, max(width if name == "person" else 11, longest + 2))
        widths.append(wide[column - 1] if wide else width)
        sheet.column_dimensions[get_column_letter(column)].width = widths[-1]
    number = 1
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(row=number, column=column)
            if isinstance(value, str):
                cell.value = _printable(value)
                cell.data_type = "s"  # never a formula
                cell.quotePrefix = value[:1] in "=+-@" and bool(value)
                cell.number_format = "@"
                cell.alignment = wrapped
            else:
                cell.value = value
                cell.alignment = Alignment(horizontal="center", vertical="top")
        lines = [
            -(-len(str(value)) // max(1, int(widths[column] * 0.95)))
            for column, value in enumerate(row)
        ]
        sheet.row_dimensions[number].height = 15.0 * max(1, *lines)
    sheet.row_dimensions[1].height = 45.0 if len(names) > 3 else 18.0
    sheet.freeze_panes = freeze
    if names:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{max(number, 1)}"
    sheet.page_margins = PageMargins(left=0.3, right=0.3, top=0.4, bottom=0.4)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    if "basis" in names:  # what is the same for every pair stands on the last sheet
        last = get_column_letter(names.index("basis") + 1)
        sheet.print_area = f"A1:{last}{max(number, 1)}"


def _printable(text: str) -> str:
    """A text without the control characters that a workbook cannot hold."""
    return "".join(character for character in text if character.isprintable())
