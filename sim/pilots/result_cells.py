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

import re
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError
from sim.pilots.protocols import Protocol
from sim.pilots.result_checks import check_months, check_scales, check_together
from sim.pilots.result_people import months_of, persons_of, without_totals
from sim.pilots.result_sheet import Sheet, lottery_of, rows_of
from sim.pilots.result_table import Table
from sim.pilots.result_values import arms_of, departments_of, facts_of, turns_of, value_of
from sim.scenario.messages import visible

__all__ = ["read_table"]

Real = NDArray[np.float64]


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
    rows, header, problems, notes = rows_of(results, file)
    lot = lottery_of(protocol, folder)
    sheet = Sheet(protocol, lot, header, rows, file)
    sheet.problems += problems
    sheet.notes += notes
    table = _table(sheet)
    if sheet.problems:
        problems = _gathered(sheet.problems)
        shown = problems[:12]
        if len(problems) > len(shown):
            shown.append(f"and {len(problems) - len(shown)} more")
        raise InputError("; ".join(shown), remedy="put it right and read again", file=file)
    assert table is not None
    return table


def _gathered(problems: list[str]) -> list[str]:
    """The problems, each once: the first line that has it, and how many more have."""
    lines: dict[str, list[str]] = {}
    for problem in problems:
        found = re.fullmatch(r"line (\d+): (.*)", problem, re.DOTALL)
        lines.setdefault(found[2] if found else problem, []).append(found[1] if found else "")
    told = []
    for text, where in lines.items():
        more = f" and {len(where) - 1:,} more" if len(where) > 1 else ""
        told.append(f"line {where[0]}{more}: {text}" if where[0] else text)
    return told


def _table(sheet: Sheet) -> Table | None:
    """The results, as far as they can be used."""
    if sheet.problems:
        return None
    people = without_totals(sheet)
    months = months_of(sheet, people)
    persons = persons_of(sheet, people)
    if sheet.problems:
        return None
    index = {person: number for number, person in enumerate(persons)}
    values: dict[tuple[str, int], Real] = {}
    seen: dict[tuple[str, int], int] = {}
    for (line, row), month in zip(people, months, strict=True):
        person = sheet.person(row)
        if (person, month) in seen:
            sheet.problems.append(
                f"line {line}: {visible(person)} has month {month} twice (see line {seen[person, month]})"
            )
            continue
        seen[person, month] = line
        for name in ("quit", "promoted", "engagement", "skills"):
            if name in sheet.place:
                column = values.setdefault((name, month), np.full(len(persons), np.nan))
                column[index[person]] = value_of(sheet, name, sheet.cell(row, name), line)
    treated = arms_of(sheet, persons, people)
    table = Table(
        sheet.file,
        persons,
        treated,
        turns_of(sheet, persons, people),
        departments_of(sheet, persons, people),
        dict(facts_of(sheet, persons, people)),
        values,
        sheet.notes,
    )
    check_months(sheet, table, seen)
    check_scales(sheet, table)
    check_together(sheet, table)
    return table
