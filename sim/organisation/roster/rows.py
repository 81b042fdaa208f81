"""Rows of a file as columns of text under our names; what is wrong with them is written down by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sim.errors import InputError
from sim.organisation.roster.column_names import Names
from sim.organisation.roster.findings import CellError, Findings, listed, quoted
from sim.organisation.roster.headings import find_columns, missing_columns, plain, stated_scale
from sim.organisation.roster.reading import RosterSource, Table, read_table
from sim.organisation.roster.words import EMPTY, EMPTY_SIGNS

__all__ = ["Rows", "read_rows"]

Value = TypeVar("Value")

_OWN_WORDS = {"role": ("none", "aucun", "ninguno", "geen")}
"""Words of a column that mean something there, though they are empty elsewhere."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a file as columns of text, under the names of this project.

    Attributes
    ----------
    file
        As the planner named it.
    lines
        Line on which each row begins, counted from 1.
    cells
        Texts of each known column that the file has, without surrounding blanks.
    headings
        What the file calls each known column.
    left_out
        Headings of the columns that were not read.
    heading_line
        Line on which the headings stand.
    findings
        Where problems go.
    """

    file: str
    lines: tuple[int, ...]
    cells: Mapping[str, tuple[str, ...]]
    headings: Mapping[str, str]
    left_out: tuple[str, ...]
    heading_line: int
    findings: Findings

    def __len__(self) -> int:
        return len(self.lines)

    def __contains__(self, column: str) -> bool:
        return column in self.cells

    def only(self, rows: Sequence[int]) -> Rows:
        """Return the given rows alone."""
        cells = {name: tuple(texts[row] for row in rows) for name, texts in self.cells.items()}
        lines = tuple(self.lines[row] for row in rows)
        return replace(self, lines=lines, cells=cells)

    def added(self, column: str, heading: str, texts: tuple[str, ...]) -> Rows:
        """Return the same rows with one more column, of which `heading` was left out before."""
        texts = _without_empty_words(column, texts, {})
        others = list(self.left_out)
        others.remove(heading)
        return replace(
            self,
            cells={**self.cells, column: texts},
            headings={**self.headings, column: heading},
            left_out=tuple(others),
        )

    def without(self, column: str) -> Rows:
        """Return the same rows with a column left out."""
        return replace(
            self,
            cells={name: texts for name, texts in self.cells.items() if name != column},
            headings={name: text for name, text in self.headings.items() if name != column},
            left_out=(*self.left_out, self.headings[column]),
        )

    def texts(self, column: str) -> tuple[str, ...]:
        """Return the cells of a column, empty if the file does not have it."""
        found = self.cells.get(column)
        return ("",) * len(self) if found is None else found

    def filled(self, column: str) -> int:
        """How many cells of a column are not empty."""
        return sum(1 for text in self.texts(column) if text)

    def read(self, column: str, reader: Callable[[str], Value], missing: Value) -> list[Value]:
        """Return the values of a column, `missing` where the cell is empty or cannot be read.

        Equal texts are read once and share their value. What cannot be read is a problem for each remedy.
        """
        values: dict[str, Value] = {"": missing}
        failures: dict[str, CellError] = {}
        texts = self.texts(column)
        for text in dict.fromkeys(texts):
            if text:
                try:
                    values[text] = reader(text)
                except CellError as error:
                    values[text] = missing
                    failures[text] = error
        by_remedy: dict[str, list[str]] = {}
        for text, failure in failures.items():
            by_remedy.setdefault(failure.remedy, []).append(text)
        for remedy, same in by_remedy.items():
            wanted = set(same)
            rows = [row for row, text in enumerate(texts) if text in wanted]
            self.wrong(column, rows, failures[same[0]].problem, remedy, same)
        return [values[text] for text in texts]

    def wrong(
        self,
        column: str,
        rows: Sequence[int],
        problem: str,
        remedy: str,
        values: Sequence[str] = (),
    ) -> None:
        """Write down what is wrong with some rows of a column."""
        lines = [self.lines[row] for row in rows]
        self.findings.wrong(problem, remedy, self.key(column), lines, values)

    def key(self, column: str) -> str:
        """Return how a message names a column: by the heading of the file, and by ours."""
        heading = self.headings.get(column, column)
        return column if heading == column else f"{quoted(heading)} ({column})"

    def scale(self, column: str) -> tuple[float, float] | None:
        """Return the scale that the heading of a column states, if it does."""
        return stated_scale(self.headings.get(column, ""))[1]


def read_rows(
    source: RosterSource,
    names: Names,
    required: Iterable[str],
    findings: Findings,
    name: str | None = None,
    *,
    totals: bool = False,
) -> tuple[Rows, Table]:
    """Read a file whose headings name the columns; returns its rows, and the table that they are from.

    Rows of sums below the table are among them if `totals` are asked for.

    Raises
    ------
    InputError
        If the file cannot be read as a table, or a required column is missing.
    """
    table = read_table(source, name, names, findings, totals=totals)
    found = find_columns(table.headings, names)
    missing = [column for column in required if column not in found.positions]
    if missing:
        error = missing_columns(missing, table.headings, names)
        line = table.heading_line
        raise InputError(error.problem, remedy=error.remedy, file=table.file, line=line)
    for column, (taken, doubles) in found.doubled.items():
        more = listed([quoted(table.headings[double]) for double in doubles])
        findings.note(
            f"Columns: {quoted(table.headings[taken])} and {more} both mean {column}; the first was taken."
        )
    empty: dict[str, Counter[str]] = {}
    cells = {}
    for column, position in found.positions.items():
        cells[column] = _without_empty_words(column, table.columns[position], empty)
    headings = {name: table.headings[position] for name, position in found.positions.items()}
    if empty:
        words: Counter[str] = Counter()
        for counts in empty.values():
            words.update(counts)
        shown = [f"{quoted(word)} ({count:,})" for word, count in words.most_common()]
        where = listed([quoted(headings[column]) for column in empty], 8)
        cells_ = f"{words.total():,} cell{'s' if words.total() > 1 else ''}"
        findings.note(f"Empty in words: {cells_} read as empty: {listed(shown, 10)}, in {where}.")
    others = tuple(table.headings[position] for position in found.left_out)
    left_out = tuple(filter(None, others))
    rows = Rows(table.file, table.lines, cells, headings, left_out, table.heading_line, findings)
    return rows, table


def _without_empty_words(
    column: str, texts: tuple[str, ...], empty: dict[str, Counter[str]]
) -> tuple[str, ...]:
    """The same texts, with nothing where a word says that there is nothing; counts the words."""
    own = _OWN_WORDS.get(column, ())
    words = set()
    for text in set(texts):
        key = plain(text) if len(text) < 40 else text
        if text in EMPTY_SIGNS or (key in EMPTY and key not in own):
            words.add(text)
    if not words:
        return texts
    empty[column] = Counter(text for text in texts if text in words)
    return tuple("" if text in words else text for text in texts)
