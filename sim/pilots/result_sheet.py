"""The file of results of a real pilot as a sheet: its rows, which column holds what, what is wrong, what was assumed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sim.errors import InputError
from sim.files import restored
from sim.organisation.roster.findings import Findings
from sim.organisation.roster.headings import plain
from sim.organisation.roster.reading import read_table as read_file
from sim.organisation.roster.words import EMPTY, EMPTY_SIGNS, YES_NO
from sim.pilots.designs import design_named
from sim.pilots.measures import Measure, measure_named
from sim.pilots.protocols import Protocol
from sim.scenario.messages import hint, visible

__all__ = ["COLUMNS", "MOST", "Rows", "Sheet", "column_of", "is_yes", "lottery_of", "rows_of"]

Rows = list[tuple[int, list[str]]]
"""Cells of every row, with its line in the file."""

COLUMNS: Mapping[str, str] = {
    "person": "person person_id id employee employee_id employee_number staff_id",
    "month": "month months months_after_start reading",
    "arm": "arm group lot drawn condition",
    "quit": "quit has_quit resigned left_voluntarily left",
    "promoted": "promoted promotion has_promotion",
    "engagement": "engagement engagement_score survey survey_score",
    "skills": "skills skill test test_score skills_test",
    "level": "level grade",
    "tenure_years": "tenure_years tenure years_of_service service",
    "age": "age age_years",
    "department": "department dept unit",
    "turn": "turn step wave",
}
"""Columns, and headings that are taken for them (without capitals, spaces and signs)."""

_NAMES = {name: (texts,) for name, texts in COLUMNS.items()}
_KNOWN = {plain(text): name for name, texts in COLUMNS.items() for text in texts.split()}

MOST = 5
"""People who are named in a message; of more it is said how many."""


def rows_of(
    results: str | Path | pd.DataFrame, file: str
) -> tuple[Rows, list[str], list[str], list[str]]:
    """Rows with their line, as texts; the heading; what is wrong with the file, and what was noticed about it.

    Raises
    ------
    InputError
        If it cannot be read at all, or has no rows.
    """
    findings = Findings()
    if isinstance(results, pd.DataFrame):
        header = [str(name) for name in results]
        rows = [
            (number, ["" if pd.isna(cell) else str(cell) for cell in row])
            for number, row in enumerate(results.itertuples(index=False), 2)
        ]
    else:
        table = read_file(results, file, _NAMES, findings, totals=True)
        header = list(table.headings)
        rows = list(zip(table.lines, map(list, zip(*table.columns, strict=True)), strict=True))
    if not rows:
        problem = "there are no rows of results in it"
        raise InputError(problem, remedy="write a row for every person and month", file=file)
    problems = [
        f"line {', '.join(map(str, one.lines[:MOST]))}: {one.problem} ({one.remedy})"
        for one in findings.problems
    ]
    return rows, header, problems, [*findings.warnings, *findings.notes]


def is_yes(text: str) -> bool | None:
    """Whether a cell says yes; None if it says neither yes nor no."""
    found = YES_NO.get(plain(text))
    return None if found is None else bool(found)


def _is_empty(text: str) -> bool:
    """Whether a cell says in words that there is nothing."""
    return text in EMPTY_SIGNS or (len(text) < 40 and plain(text) in EMPTY)


def _bare(person: str) -> str:
    """What is left of an id when spreadsheets and systems have had it."""
    return re.sub(r"\.0$", "", person.casefold()).lstrip("0")


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
        self.rows = self._without_empty_words(rows, header)
        self.listed: set[str] = set() if lot is None else set(lot["person"])
        bare = Counter(map(_bare, self.listed))
        self.alike = {_bare(one): one for one in self.listed if bare[_bare(one)] == 1}
        self.resembling: set[str] = set()

    def _without_empty_words(self, rows: Rows, header: list[str]) -> Rows:
        """The rows, with nothing where a word such as N/A says that there is nothing."""
        found: Counter[str] = Counter()
        columns = set()
        told: Rows = []
        for line, row in rows:
            cells = [cell.strip() for cell in row]
            for place in self.place.values():
                if cells[place] and _is_empty(cells[place]):
                    found[cells[place]] += 1
                    columns.add(place)
                    cells[place] = ""
            told.append((line, cells))
        if found:
            words = ", ".join(f"“{visible(word)}” ({n})" for word, n in found.most_common(MOST))
            where = ", ".join(visible(header[place]) for place in sorted(columns))
            self.notes.append(
                f"Cells that say that nothing is known were read as empty: {words}, in {where}."
            )
        return told

    def _headings(self, header: list[str]) -> dict[str, int]:
        place: dict[str, int] = {}
        ignored = []
        for number, heading in enumerate(header):
            name = _KNOWN.get(plain(heading))
            if name is None:
                if heading.strip():
                    ignored.append(heading.strip())
            elif name in place:
                self.problems.append(
                    f"two columns are taken for {name}: {visible(header[place[name]])} and {visible(heading)}"
                )
            else:
                place[name] = number
                if plain(heading) != plain(name):
                    self.notes.append(f"Column “{visible(heading.strip())}” was taken for {name}.")
        column = column_of(measure_named(self.protocol.measure))
        for name in ("person", "month", column):
            if name not in place:
                near = hint(name, ignored) if ignored else ""
                what = ": a row is one person in one month" if name == "person" else ""
                self.problems.append(
                    f"there is no column {name}{what}{f' ({near})' if near else ''}"
                )
        if "arm" not in place and self.lot is None:
            self.problems.append("there is no column arm (offered or waits), and no lottery list")
        if ignored:
            self.notes.append(
                f"Columns that no analysis takes were left out: {', '.join(map(visible, ignored))}."
            )
        return place

    def cell(self, row: list[str], name: str) -> str:
        """A cell's text; "" where there is no such column."""
        return row[self.place[name]] if name in self.place else ""

    def person(self, row: list[str]) -> str:
        """The id as the lottery list has it, without the sign that keeps spreadsheets from taking it for a formula."""
        text = self.cell(row, "person")
        text = text[1:] if re.match(r"'+[=+\-@]", text) else text
        if text in self.listed:
            return text
        found = self.alike.get(_bare(text), text)
        if found != text:
            self.resembling.add(found)
        return found

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
