"""The file of results of a real pilot as a sheet: its rows, which column holds what, what is wrong, what was assumed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sim.errors import InputError
from sim.files import restored
from sim.pilots.designs import design_named
from sim.pilots.measures import Measure, measure_named
from sim.pilots.protocols import Protocol
from sim.scenario.messages import hint, visible

__all__ = ["COLUMNS", "MOST", "YES", "Rows", "Sheet", "column_of", "lottery_of", "rows_of"]

Rows = list[tuple[int, list[str]]]
"""Cells of every row, with its line in the file."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "person": ("person", "personid", "id", "employee", "employeeid", "employeenumber", "staffid"),
    "month": ("month", "months", "monthsafterstart", "reading"),
    "arm": ("arm", "group", "lot", "drawn", "condition"),
    "quit": ("quit", "hasquit", "resigned", "leftvoluntarily", "left"),
    "promoted": ("promoted", "promotion", "haspromotion"),
    "engagement": ("engagement", "engagementscore", "survey", "surveyscore"),
    "skills": ("skills", "skill", "test", "testscore", "skillstest"),
    "level": ("level", "grade"),
    "tenure_years": ("tenureyears", "tenure", "yearsofservice", "service"),
    "age": ("age", "ageyears"),
    "department": ("department", "dept", "unit"),
    "turn": ("turn", "step", "wave"),
}
"""Columns, and headings that are taken for them (without capitals, spaces and signs)."""

YES = {"yes": 1.0, "y": 1.0, "true": 1.0, "1": 1.0, "no": 0.0, "n": 0.0, "false": 0.0, "0": 0.0}
MOST = 5
"""People who are named in a message; of more it is said how many."""


def rows_of(results: str | Path | pd.DataFrame, file: str) -> tuple[Rows, list[str]]:
    """Rows with their line, as texts, and the heading."""
    if isinstance(results, pd.DataFrame):
        texts = [
            ["" if pd.isna(cell) else str(cell) for cell in row]
            for row in results.itertuples(index=False)
        ]
        return [(n + 2, row) for n, row in enumerate(texts)], [str(name) for name in results]
    try:
        text = Path(results).read_bytes()
    except OSError as error:
        problem = f"the results cannot be read ({error.strerror or error})"
        raise InputError(problem, remedy="name a CSV file", file=file) from None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            content = text.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError("this is no text", remedy="save it as CSV, UTF-8", file=file)
    if "\0" in content:
        raise InputError("this is no CSV file", remedy="save it as CSV, UTF-8", file=file)
    first = content.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    lines = [
        (number, row)
        for number, row in enumerate(csv.reader(io.StringIO(content), delimiter=separator), start=1)
        if any(cell.strip() for cell in row)
    ]
    if len(lines) < 2:
        problem = "there are no rows of results in it"
        raise InputError(problem, remedy="write a row for every person and month", file=file)
    return lines[1:], lines[0][1]


def lottery_of(protocol: Protocol, folder: Path) -> pd.DataFrame | None:
    """The list that the lot drew; None where the protocol names none.

    Raises
    ------
    InputError
        If it names one that is not there, or is none.
    """
    if not protocol.lottery_list:
        return None
    path = folder / Path(protocol.lottery_list).name
    remedy = "put it beside the protocol, as it was written"
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"the lottery list cannot be read ({error})", remedy=remedy, file=path
        ) from None
    if not {"person", "arm"} <= set(table.columns):
        raise InputError("this is no lottery list", remedy=remedy, file=path)
    return restored(table, table.columns)


class Sheet:
    """One reading of a file: collects what is wrong and what was assumed."""

    def __init__(
        self,
        protocol: Protocol,
        lot: pd.DataFrame | None,
        header: list[str],
        rows: Rows,
        file: str,
    ) -> None:
        self.protocol, self.lot, self.file = protocol, lot, file
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.place = self._headings(header)
        self.width = len(header)
        self.rows = [(line, row + [""] * (self.width - len(row))) for line, row in rows]

    def _headings(self, header: list[str]) -> dict[str, int]:
        place: dict[str, int] = {}
        ignored = []
        for number, heading in enumerate(header):
            plain = re.sub(r"[^a-z0-9]", "", heading.lower())
            name = next((one for one, known in COLUMNS.items() if plain in known), None)
            if name is None:
                if heading.strip():
                    ignored.append(heading.strip())
            elif name in place:
                self.problems.append(
                    f"two columns are taken for {name}: {visible(header[place[name]])} and {visible(heading)}"
                )
            else:
                place[name] = number
                if plain != name.replace("_", ""):
                    self.notes.append(f"Column “{visible(heading.strip())}” was taken for {name}.")
        column = column_of(measure_named(self.protocol.measure))
        for name in ("person", "month", column):
            if name not in place:
                near = hint(name, ignored) if ignored else ""
                self.problems.append(f"there is no column {name}{f' ({near})' if near else ''}")
        if "arm" not in place and self.lot is None:
            self.problems.append("there is no column arm (offered or waits), and no lottery list")
        if ignored:
            self.notes.append(
                f"Columns that no analysis takes were left out: {', '.join(map(visible, ignored))}."
            )
        return place

    def cell(self, row: list[str], name: str) -> str:
        """A cell's text; "" where there is no such column."""
        return row[self.place[name]].strip() if name in self.place else ""

    def person(self, row: list[str]) -> str:
        """The id, without the sign that keeps spreadsheets from reading it as a formula."""
        text = self.cell(row, "person")
        return text[1:] if re.match(r"'+[=+\-@]", text) else text

    def first(self, people: Rows, name: str) -> dict[str, tuple[int, str]]:
        """The first value that is given of each person, with its line."""
        found: dict[str, tuple[int, str]] = {}
        for line, row in people:
            text = self.cell(row, name)
            if text:
                found.setdefault(self.person(row), (line, text))
        return found

    def wanted_months(self) -> list[int]:
        """The months that the protocol's analysis looks at."""
        months = [self.protocol.months]
        if design_named(self.protocol.design).kind == "stepped":
            months.insert(0, self.protocol.months // 2)
        if design_named(self.protocol.design).kind == "changed":
            months.insert(0, 0)
        return months


def column_of(measure: Measure) -> str:
    """The column in which a measure is written."""
    return {"quits": "quit", "promotions": "promoted", "engagement": "engagement"}.get(
        measure.name, "skills"
    )
