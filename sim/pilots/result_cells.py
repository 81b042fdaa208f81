"""The file of results of a real pilot: headings, cells, people and months, checked all at once.

One row per person and month. Columns:

========== ========================================================================================
column     holds
========== ========================================================================================
person     id as on the lottery list
month      months after the start; 0 is before it
arm        offered or waits; may be missing where there is a lottery list
quit       yes or no: has left of their own will by then
promoted   yes or no: has been promoted by then
engagement score of the survey, on the protocol's scale; empty for those who did not answer
skills     score of the test, likewise
level, tenure_years, age, department, turn    what was known before the start; in any row of a person
========== ========================================================================================
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError
from sim.files import restored
from sim.pilots.designs import design_named
from sim.pilots.measures import Measure, measure_named
from sim.pilots.protocols import Protocol
from sim.scenario.messages import hint, visible

__all__ = ["COLUMNS", "Table", "read_table"]

Real = NDArray[np.float64]
Flags = NDArray[np.bool_]

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

_ARMS = {
    "offered": True, "treated": True, "treatment": True, "drawn": True, "yes": True, "1": True,
    "waits": False, "waiting": False, "control": False, "not drawn": False, "not offered": False,
    "refused": False, "no": False, "0": False,
}  # fmt: skip
_YES = {"yes": 1.0, "y": 1.0, "true": 1.0, "1": 1.0, "no": 0.0, "n": 0.0, "false": 0.0, "0": 0.0}
_TOTAL = re.compile(r"(grand )?total|sum|all|overall", re.IGNORECASE)
_MOST = 5


@dataclass(eq=False)
class Table:
    """Results by person, in the order of the lottery list or of the file.

    Attributes
    ----------
    file
        Where they were read.
    persons
        Ids.
    treated
        Who was offered a place.
    turn
        In which step each began, from 1; None where that is not known.
    department
        Codes; None where not known.
    known
        What was known before the start, by column.
    values
        By column and month; quits and promotions per 100, scores in points of 100.
    notes
        Every assumption that was made.
    """

    file: str
    persons: list[str]
    treated: Flags
    turn: NDArray[np.int64] | None
    department: NDArray[np.int64] | None
    known: dict[str, Real]
    values: dict[tuple[str, int], Real]
    notes: list[str] = field(default_factory=list)

    def at(self, column: str, month: int) -> Real | None:
        """A column in a month, by person; None where it was not given."""
        return self.values.get((column, month))

    def covariates(self, measure: Measure) -> Real:
        """What the analysis takes into account, as far as it was given; shape (people, ...)."""
        found = []
        for name in ("level", "tenure_years", "age"):
            if name in self.known:
                values = self.known[name]
                found.append(
                    np.log1p(np.maximum(0.0, values)) if name == "tenure_years" else values
                )
        for column in ("engagement", "skills"):
            before = self.at(column, 0)
            wanted = column == "engagement" or (measure.source == "test" and measure.baseline)
            if before is not None and wanted and np.isfinite(before).any():
                found.append(before)
        return np.column_stack(found) if found else np.empty((len(self.persons), 0))


def read_table(results: str | Path | pd.DataFrame, protocol: Protocol, folder: Path) -> Table:
    """Read and check the results.

    Parameters
    ----------
    folder
        Where the lottery list lies.

    Raises
    ------
    InputError
        With everything that is wrong, one thing after another.
    """
    file = "the results" if isinstance(results, pd.DataFrame) else str(results)
    rows, header = _rows_of(results, file)
    lot = _lottery(protocol, folder)
    reader = _Reader(protocol, lot, header, rows, file)
    table = reader.table()
    if reader.problems:
        shown = reader.problems[:12]
        if len(reader.problems) > len(shown):
            shown.append(f"and {len(reader.problems) - len(shown)} more")
        raise InputError("; ".join(shown), remedy="put it right and read again", file=file)
    assert table is not None
    return table


def _rows_of(
    results: str | Path | pd.DataFrame, file: str
) -> tuple[list[tuple[int, list[str]]], list[str]]:
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


def _lottery(protocol: Protocol, folder: Path) -> pd.DataFrame | None:
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


class _Reader:
    """One reading of a file: collects what is wrong and what was assumed."""

    def __init__(
        self,
        protocol: Protocol,
        lot: pd.DataFrame | None,
        header: list[str],
        rows: list[tuple[int, list[str]]],
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
        column = _column_of(measure_named(self.protocol.measure))
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

    def table(self) -> Table | None:
        """The results, as far as they can be used."""
        if self.problems:
            return None
        people = self._without_totals()
        months = self._months(people)
        persons = self._persons(people)
        if self.problems:
            return None
        index = {person: number for number, person in enumerate(persons)}
        values: dict[tuple[str, int], Real] = {}
        seen: dict[tuple[str, int], int] = {}
        for (line, row), month in zip(people, months, strict=True):
            person = self._person(row)
            if (person, month) in seen:
                self.problems.append(
                    f"line {line}: {visible(person)} has month {month} twice (see line {seen[person, month]})"
                )
                continue
            seen[person, month] = line
            for name in ("quit", "promoted", "engagement", "skills"):
                if name in self.place:
                    column = values.setdefault((name, month), np.full(len(persons), np.nan))
                    column[index[person]] = self._value(name, self.cell(row, name), line)
        treated = self._arms(persons, people)
        table = Table(
            self.file,
            persons,
            treated,
            self._turns(persons, people),
            self._departments(persons, people),
            dict(self._facts(persons, people)),
            values,
            self.notes,
        )
        self._check_months(table, seen)
        self._check_together(table)
        return table

    # --- people and months -----------------------------------------------------------------------------

    def _person(self, row: list[str]) -> str:
        text = self.cell(row, "person")
        return text[1:] if re.match(r"'+[=+\-@]", text) else text

    def _without_totals(self) -> list[tuple[int, list[str]]]:
        """The rows of people; rows of totals are checked against them."""
        people: list[tuple[int, list[str]]] = []
        totals: list[tuple[int, list[str]]] = []
        for line, row in self.rows:
            (totals if _TOTAL.fullmatch(self.cell(row, "person")) else people).append((line, row))
        for line, row in totals:
            self._check_total(line, row, people)
        return people

    def _check_total(self, line: int, row: list[str], people: list[tuple[int, list[str]]]) -> None:
        month = self.cell(row, "month")
        here = [one for _, one in people if not month or self.cell(one, "month") == month]
        for name in ("quit", "promoted"):
            text = self.cell(row, name)
            if not text:
                continue
            counted = sum(_YES.get(self.cell(one, name).lower(), 0.0) for one in here)
            try:
                said = float(text)
            except ValueError:
                self.problems.append(f"line {line}: the total of {name} is {visible(text)}")
                continue
            if said != counted:
                self.problems.append(
                    f"line {line}: the total says {said:g} for {name}, and the rows add up to {counted:g}"
                )
        self.notes.append(
            f"Line {line} is a total and no person: it was only compared with the rows."
        )

    def _months(self, people: list[tuple[int, list[str]]]) -> list[int]:
        found = []
        for line, row in people:
            text = self.cell(row, "month")
            try:
                number = float(text)
            except ValueError:
                number = math.nan
            if not (number == number and number >= 0.0 and number == int(number)):
                self.problems.append(
                    f"line {line}: month is {visible(text) or 'empty'}, and should be a whole number of months after "
                    "the start, 0 before it"
                )
                number = -1.0
            found.append(int(number))
        wanted = self._wanted_months()
        missing = [month for month in wanted if month not in found]
        if missing and not self.problems:
            there = ", ".join(str(month) for month in sorted(set(found)))
            self.problems.append(
                f"there are no rows for month {', '.join(map(str, missing))}, which the protocol asks for (there are: {there})"
            )
        others = sorted(set(found) - set(wanted) - {0, -1})
        if others:
            self.notes.append(
                f"Month {', '.join(map(str, others))} is not in the protocol, and was not looked at."
            )
        return found

    def _wanted_months(self) -> list[int]:
        months = [self.protocol.months]
        if design_named(self.protocol.design).kind == "stepped":
            months.insert(0, self.protocol.months // 2)
        if design_named(self.protocol.design).kind == "changed":
            months.insert(0, 0)
        return months

    def _persons(self, people: list[tuple[int, list[str]]]) -> list[str]:
        there: dict[str, int] = {}
        for line, row in people:
            person = self._person(row)
            if not person:
                self.problems.append(f"line {line}: there is no id")
            there.setdefault(person, line)
        if self.lot is None:
            planned = self.protocol.offered + self.protocol.others
            if planned and len(there) < 0.9 * planned and design_named(self.protocol.design).by_lot:
                self.notes.append(
                    f"The protocol planned about {planned} people, and {len(there)} are in the file: whoever is missing "
                    "is not known, and is assumed to be missing by chance in both arms."
                )
            return list(there)
        listed = self.lot["person"].tolist()
        strange = [one for one in there if one not in set(listed)]
        if strange:
            shown = ", ".join(f"{visible(one)} (line {there[one]})" for one in strange[:_MOST])
            more = f" and {len(strange) - _MOST} more" if len(strange) > _MOST else ""
            self.problems.append(
                f"{len(strange)} people are not on the lottery list: {shown}{more}"
            )
        absent = [one for one in listed if one not in there]
        measure = measure_named(self.protocol.measure)
        if absent and measure.counts_events:
            shown = ", ".join(map(visible, absent[:_MOST]))
            more = f" and {len(absent) - _MOST} more" if len(absent) > _MOST else ""
            self.problems.append(
                f"{len(absent)} people of the lottery list are missing ({shown}{more}): everybody counts in the arm "
                "that the lot put them in, leavers too"
            )
        elif absent:
            self.notes.append(
                f"{len(absent)} people of the lottery list are not in the file: they were taken for people who left or "
                "did not answer."
            )
        return listed

    # --- cells -----------------------------------------------------------------------------------------

    def _value(self, name: str, text: str, line: int) -> float:
        if not text:
            return math.nan
        if name in ("quit", "promoted"):
            if text.lower() in _YES:
                return 100.0 * _YES[text.lower()]
            share = re.fullmatch(r"\d+([.,]\d+)?\s*%?", text)
            more = ": a row is one person, not a share of a group" if share else ""
            self.problems.append(
                f"line {line}: {name} is {visible(text)}, and should be yes or no{more}"
            )
            return math.nan
        scale = "survey" if name == "engagement" else "test"
        low = float(getattr(self.protocol, f"{scale}_lowest"))
        high = float(getattr(self.protocol, f"{scale}_highest"))
        percent = text.endswith("%")
        plain = (
            text.rstrip("% ").replace(",", ".")
            if text.count(",") == 1 and "." not in text
            else text.rstrip("% ")
        )
        try:
            number = float(plain)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.problems.append(
                f"line {line}: {name} is {visible(text)}, and should be a number from {low:g} to {high:g}"
            )
            return math.nan
        if percent:
            note = f"Cells of {name} with a % sign were taken for points of 100."
            if note not in self.notes:
                self.notes.append(note)
            low, high = 0.0, 100.0
        if not low <= number <= high:
            self.problems.append(
                f"line {line}: {name} is {visible(text)}, outside the protocol's scale of {low:g} to {high:g} (its ends "
                f"are {scale}_lowest and {scale}_highest of the protocol)"
            )
            return math.nan
        return 100.0 * (number - low) / (high - low)

    def _arms(self, persons: list[str], people: list[tuple[int, list[str]]]) -> Flags:
        said: dict[str, bool] = {}
        for line, row in people:
            text = self.cell(row, "arm").lower()
            if not text:
                continue
            if text not in _ARMS:
                self.problems.append(
                    f"line {line}: arm is {visible(text)}, and should be offered or waits"
                )
                continue
            person = self._person(row)
            if said.setdefault(person, _ARMS[text]) != _ARMS[text]:
                self.problems.append(
                    f"line {line}: {visible(person)} is in another arm than in an earlier row"
                )
        if self.lot is not None:
            drawn = dict(zip(self.lot["person"], self.lot["arm"] == "offered", strict=True))
            wrong = [one for one, arm in said.items() if one in drawn and drawn[one] != arm]
            if wrong:
                shown = ", ".join(map(visible, wrong[:_MOST]))
                self.problems.append(
                    f"{len(wrong)} people are in another arm than the lot put them in ({shown}): leave the arm as it "
                    "was drawn, whether they took the place or not"
                )
            return np.array([bool(drawn[one]) for one in persons])
        unknown = [one for one in persons if one not in said]
        if unknown:
            self.problems.append(
                f"{len(unknown)} people have no arm ({', '.join(map(visible, unknown[:_MOST]))})"
            )
        return np.array([said.get(one, False) for one in persons])

    def _first(self, people: list[tuple[int, list[str]]], name: str) -> dict[str, tuple[int, str]]:
        """The first value that is given of each person, with its line."""
        found: dict[str, tuple[int, str]] = {}
        for line, row in people:
            text = self.cell(row, name)
            if text:
                found.setdefault(self._person(row), (line, text))
        return found

    def _facts(
        self, persons: list[str], people: list[tuple[int, list[str]]]
    ) -> Iterator[tuple[str, Real]]:
        for name in ("level", "tenure_years", "age"):
            given = self._first(people, name)
            if not given and self.lot is not None and name in self.lot.columns:
                texts = dict(zip(self.lot["person"], self.lot[name], strict=True))
                given = {one: (0, texts[one]) for one in persons if texts[one]}
            if not given:
                self.notes.append(
                    f"Nothing is known of {name.replace('_', ' in ')}: it was not taken into account."
                )
                continue
            numbers = {one: _number(text) for one, (_, text) in given.items()}
            if name == "level" and not all(map(math.isfinite, numbers.values())):
                order = {
                    text: float(place)
                    for place, text in enumerate(sorted({t for _, t in given.values()}))
                }
                numbers = {one: order[text] for one, (_, text) in given.items()}
                self.notes.append("Levels are no numbers: they were put in alphabetical order.")
            yield name, np.array([numbers.get(one, math.nan) for one in persons])

    def _departments(
        self, persons: list[str], people: list[tuple[int, list[str]]]
    ) -> NDArray[np.int64] | None:
        texts = {one: text for one, (_, text) in self._first(people, "department").items()}
        if not texts and self.lot is not None and "department" in self.lot.columns:
            texts = dict(zip(self.lot["person"], self.lot["department"], strict=True))
        if not all(one in texts for one in persons):
            return None
        names = sorted(set(texts.values()))
        return np.array([names.index(texts[one]) for one in persons], dtype=np.int64)

    def _turns(
        self, persons: list[str], people: list[tuple[int, list[str]]]
    ) -> NDArray[np.int64] | None:
        texts = {one: text for one, (_, text) in self._first(people, "turn").items()}
        if not texts and self.lot is not None and "turn" in self.lot.columns:
            texts = dict(zip(self.lot["person"], self.lot["turn"], strict=True))
        numbers = [_number(texts.get(one, "")) for one in persons]
        if not all(map(math.isfinite, numbers)):
            return None
        return np.array(numbers, dtype=np.int64)

    # --- what must agree -------------------------------------------------------------------------------

    def _check_months(self, table: Table, seen: dict[tuple[str, int], int]) -> None:
        """Of a measure of records everybody must be known; of scores it is said who has none."""
        measure = measure_named(self.protocol.measure)
        column = _column_of(measure)
        for month in self._wanted_months():
            values = table.at(column, month)
            if values is None:
                continue
            empty = int((~np.isfinite(values)).sum())
            if measure.counts_events and empty and not self.problems:
                self.problems.append(
                    f"in month {month} {column} is empty for {empty} people: say yes or no for everybody, leavers too"
                )
            elif empty:
                arms = [
                    int((~np.isfinite(values) & arm).sum())
                    for arm in (table.treated, ~table.treated)
                ]
                self.notes.append(
                    f"In month {month} {empty} of {len(values)} people have no {column} ({arms[0]} offered a place, {arms[1]} "
                    "others): they were taken for people who left or did not answer."
                )

    def _check_together(self, table: Table) -> None:
        """Nobody quits and comes back, or answers after having quit."""
        months = sorted({month for _, month in table.values})
        gone = np.zeros(len(table.persons), dtype=np.bool_)
        for month in months:
            quits = table.at("quit", month)
            if quits is None:
                continue
            now = quits == 100.0
            back = gone & (quits == 0.0)
            if back.any():
                shown = visible(table.persons[int(np.flatnonzero(back)[0])])
                self.problems.append(
                    f"{int(back.sum())} people have quit and are back in month {month} ({shown}): quit says by then, not in that month"
                )
            gone |= now
            for name in ("engagement", "skills"):
                scores = table.at(name, month)
                if scores is not None and (now & np.isfinite(scores)).any():
                    count = int((now & np.isfinite(scores)).sum())
                    self.problems.append(
                        f"in month {month} {count} people have quit and have a score of {name}"
                    )
        planned = self.protocol.offered
        offered = int(table.treated.sum())
        kind = design_named(self.protocol.design).kind
        if self.lot is None and kind == "lottery" and planned and offered != planned:
            self.notes.append(f"{offered} people were offered a place, and {planned} were planned.")


def _column_of(measure: Measure) -> str:
    return {"quits": "quit", "promotions": "promoted", "engagement": "engagement"}.get(
        measure.name, "skills"
    )


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        return math.nan
