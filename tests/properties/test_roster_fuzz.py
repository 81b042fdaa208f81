"""Whatever a staff list holds, it is read or refused in words, and every way of reading it says the same.

Files of every kind (.csv, .txt, .xlsx) with headings, cells, encodings and separators of many systems, then
damaged; a sample each time (``MENTORSIM_FUZZ_SEED`` takes another one), thousands with ``-m full``.
"""

from __future__ import annotations

import csv
import io
import os
import random
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from command_line import sim_here
from sim.errors import InputError
from sim.organisation.roster.column_names import ROSTER_COLUMNS
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.roster import LARGEST_CAPACITY, LONGEST_TENURE, Roster
from sim.organisation.roster.understanding import read_roster, understand

SEED = int(os.environ.get("MENTORSIM_FUZZ_SEED", "1"))
"""Of what is tried; another one tries other things."""

NASTY: tuple[str, ...] = (
    "", " ", "-", "n/a", "NULL", "None", "nan", "inf", "-inf", "1e400", "1e308", "-0", "+5", "0x10", "1_000", "½",
    "٣", "１２", "²", "1,5", "1.234.567,8", "99999999999999999999", "0.1.2", "true", "#REF!", "#N/A", "#DIV/0!",
    "=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "\t", "a\nb", "a\r\nb", '"', "'", '"quoted"', ";", "|", ",", "a;b:1",
    "a:", ":", "a:nan", "a:1e9", ";;;", "a:1;a:2", "<script>alert(1)</script>", "{{7*7}}", "%s%n", "\\", "\x07",
    "\x1b[31mred\x1b[0m", "\u200b", "\u202eabc", "\ufeff", "\ufffd", "\U0001f600", "e\u0301", "İ", "ß", "x" * 3000,
    "../../etc/passwd", "2020-02-30", "31/12/2020", "12/31/20", "5/6/2020", "0000-00-00", "9999-12-31", "1.1.2020",
    "2020-01-01T25:00:00Z", "2020-01-01T00:00:00+02:00", "29 Feb 2019", "March 2020", "43831", "00000000", "1900-01-00",
    "under 0", "100+", "39-30", "30 - 39 years", "row 2", "total", "Total", "yes", "N", "CEO", "Band 8a", "G7", "level 0",
)  # fmt: skip
"""Cells that have broken readers of tables."""

WORDS = (
    "1", "2", "3", "12", "senior", "Manager", "A", "B", "Sales", "Zürich", "remote", "hybrid", "active", "terminated",
    "contractor", "mentor", "mentee", "2019-04-01", "01.04.2019", "0.5", "4.5", "45", "1975", "30-39", "gen_x", "yes",
    "python:0.5;law:1", "p1", "p2", "p1; p2", "p3@firm.example", "Ann Lee",
)  # fmt: skip
"""Cells as they should be, if not always in their place."""

FIT: dict[str, Callable[[random.Random, int], str]] = {
    "employee_id": lambda rng, row: f"p{row}",
    "name": lambda rng, row: f"Ann{row} Lee",
    "first_name": lambda rng, row: f"Ann{row}",
    "email": lambda rng, row: f"p{row}@firm.example",
    "manager_id": lambda rng, row: f"p{rng.randint(1, row - 1)}" if row > 1 else "",
    "manager_name": lambda rng, row: f"Ann{rng.randint(1, row - 1)} Lee" if row > 1 else "",
    "manager_email": lambda rng, row: f"p{rng.randint(1, row - 1)}@firm.example" if row > 1 else "",
    "hire_date": lambda rng, row: (
        f"20{rng.randint(10, 25)}-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}"
    ),
    "tenure_years": lambda rng, row: f"{rng.random() * 20:.1f}",
    "age": lambda rng, row: str(rng.randint(18, 66)),
    "birth_year": lambda rng, row: str(rng.randint(1960, 2005)),
}

CHOICES: dict[str, tuple[str, ...]] = {
    "level": ("1", "2", "3", "4"), "department": ("Sales", "Lab", "Büro"), "site": ("York", "Ulm", ""),
    "work_mode": ("remote", "hybrid", "on site"), "remote": ("yes", "no"), "age_band": ("30-39", "under 30", "60+"),
    "generation": ("gen_x", "Gen Z", "Boomer", "millennial"), "tenure_months": ("3", "17", "240"),
    "last_promotion_date": ("2021-05-06", "", "2019-11-30"), "months_since_promotion": ("4", "", "61"),
    "years_since_promotion": ("1", "2.5", ""), "engagement": ("1", "2", "3.5", "5"), "capacity": ("0", "1", "2"),
    "role": ("mentor", "mentee", "either", "none"), "is_mentor": ("Y", "N"), "is_mentee": ("yes", "no"),
    "both_roles": ("yes", "no"), "skills_have": ("law:1;python:0.5", "law:0.2", ""), "skills_want": ("python:1", ""),
    "exclude_ids": ("p1", ""), "past_partner_ids": ("", "p1;p2"), "must_pair_with": ("",),
    "status": ("Active", "Active", "On leave", "Terminated"), "active": ("1", "1", "0"), "gone": ("No", "No", "Yes"),
    "employment_type": ("Permanent", "Contractor", "Full time"), "termination_date": ("", "", "2024-05-06"),
    "leaving_reason": ("", "resigned", "retired"), "job_title": ("Analyst", "Head of Sales", "Clerk"),
}  # fmt: skip

ENCODINGS = (
    *["utf-8"] * 9, "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "mac_roman",
    "shift_jis", "gb18030", "koi8_r", "cp037",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A file, and how it is to be read."""

    name: str
    data: bytes
    options: RosterOptions


def case_of(number: int, seed: int) -> Case:
    """The case of a number, the same wherever it is asked for."""
    rng = random.Random(f"{seed}/{number}")
    rows = table_of(rng)
    name = rng.choice(("staff.csv", "staff.csv", "staff.txt", "staff.xlsx"))
    data = workbook_of(rows, rng) if name.endswith("xlsx") else text_of(rows, rng)
    if rng.random() < 0.2:
        data = damaged(data, rng)
    if rng.random() < 0.03:
        name = rng.choice(("staff.csv", "staff.xlsx", "staff.txt"))  # not what it says
    options = RosterOptions(
        start_year=rng.choice((2026,) * 8 + (1950, 2100)),
        level_order=rng.choice(((),) * 6 + ((("1",), ("2", "3"), ("4",)), (("senior",), ("1",)))),
        level_1_is=rng.choice(("", "", "", "top", "bottom")),
        dates=rng.choice(("", "", "day first", "month first")),
        file_date=rng.choice(
            (None,) * 6 + (date(2026, 6, 1), date(1900, 1, 1), date(2099, 12, 31))
        ),
        contractors=rng.random() < 0.2,
    )
    return Case(name, data, options)


def table_of(rng: random.Random) -> list[list[str]]:
    """Headings and rows: mostly as they should be, with nasty cells here and there."""
    names = ["employee_id", "level", "department"] if rng.random() < 0.95 else []
    names += rng.sample([*ROSTER_COLUMNS], rng.randint(0, 9))
    rng.shuffle(names)
    names = names if rng.random() < 0.1 else list(dict.fromkeys(names))
    nasty = rng.choice((0.0, 0.0, 0.005, 0.05, 0.5))
    headings = [_heading(name, rng) for name in names] + rng.sample(NASTY, rng.choice((0, 0, 0, 2)))
    rows = [headings]
    for row in range(1, 1 + rng.choice((0, 1, 2, 2, 5, 5, 5, 12, 12, 30))):
        cells = [_cell(names[at] if at < len(names) else "", row, nasty, rng)
                 for at in range(len(headings))]  # fmt: skip
        if rng.random() < nasty / 2:
            cells = cells[: rng.randint(0, len(cells))] + rng.sample(NASTY, rng.randint(0, 2))
        rows.append(cells)
    if rng.random() < 0.1:
        rows.insert(0, [rng.choice(("Staff as of 31.12.2025", "Headcount", *NASTY))])
    if rng.random() < 0.1:
        rows.append(["Total", str(len(rows))])
    if rng.random() < 0.1:
        rows.insert(rng.randint(0, len(rows)), [""] * len(headings))
    return rows


def _heading(name: str, rng: random.Random) -> str:
    text = rng.choice(" ".join(ROSTER_COLUMNS[name]).split()) if rng.random() < 0.5 else name
    if name in ("engagement", "skills_have", "skills_want") and rng.random() < 0.4:
        text += rng.choice(("_1_5", "_0_10", "_0_100", "_5_1", "_0_0", " (1-7)"))
    shape = rng.choice((str, str.upper, str.title, lambda one: one.replace("_", " ")))
    return shape(text)


def _cell(name: str, row: int, nasty: float, rng: random.Random) -> str:
    if rng.random() < nasty:
        return rng.choice(NASTY)
    if rng.random() < 0.002 or not name:
        return rng.choice(WORDS)
    return FIT[name](rng, row) if name in FIT else rng.choice(CHOICES.get(name, ("",)))


def text_of(rows: list[list[str]], rng: random.Random) -> bytes:
    """The table as CSV of some system."""
    text = io.StringIO()
    separator = rng.choice((*",;\t|" * 5, ":", " "))
    quoting = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    end = rng.choice(("\n", "\r\n") * 5 + ("\r", "\n\n", "\x85"))
    csv.writer(text, delimiter=separator, quoting=quoting, lineterminator=end).writerows(rows)
    start = f"sep={separator}{end}" if rng.random() < 0.05 else ""
    return (start + text.getvalue()).encode(rng.choice(ENCODINGS), "replace")


def workbook_of(rows: list[list[str]], rng: random.Random) -> bytes:
    """The table as a workbook: numbers, dates and errors as such, other sheets, formulas, merged cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    for at, row in enumerate(rows, 1 + rng.choice((0, 0, 0, 3))):
        for column, text in enumerate(row, 1 + rng.choice((0,) * 30 + (1,))):
            value = _typed(text, rng)
            cell = sheet.cell(row=at, column=column)
            try:
                cell.value = value
            except (ValueError, openpyxl.utils.exceptions.IllegalCharacterError):
                cell.value = "odd"
    for title in rng.sample(("Notes", "Pivot", "Data"), rng.choice((0, 0, 1, 2))):
        book.create_sheet(title, rng.choice((0, 1))).append(["employee_id", "see", "elsewhere"])
    if rng.random() < 0.1:
        sheet.merge_cells("A1:C1")
    if rng.random() < 0.05:
        chart = BarChart()
        chart.add_data(Reference(sheet, 1, 1, 1, 2))
        book.create_chartsheet("Chart").add_chart(chart)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _typed(text: str, rng: random.Random) -> Any:
    if rng.random() < 0.02:
        return rng.choice(
            (True, False, 1.5, -3, 10**15, 1e300, datetime(2020, 2, 29, 23, 59), date(1900, 1, 1), time(8, 30),
             timedelta(days=3.5), datetime(9999, 12, 31), "=A1", "#VALUE!", None)
        )  # fmt: skip
    if rng.random() < 0.7:
        for kind in (int, float, date.fromisoformat):
            try:
                value = kind(text)
            except ValueError:
                continue
            return value if not isinstance(value, float) or np.isfinite(value) else text
    return text


def damaged(data: bytes, rng: random.Random) -> bytes:
    """A few bytes replaced, lost or put in; or the end cut off."""
    content = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 8))):
        at = rng.randrange(len(content) + 1)
        what = rng.random()
        if what < 0.4 and at < len(content):
            content[at] = rng.randrange(256)
        elif what < 0.6:
            del content[at : at + rng.choice((1, 2, 7, 60))]
        elif what < 0.9:
            content[at:at] = rng.choice(
                (
                    b'"',
                    b",",
                    b"\n",
                    b"\r",
                    b"\0",
                    b'""',
                    b"\xff",
                    b";",
                    b"\t",
                    b"\xc3",
                    b"PK\x03\x04",
                )
            )
        else:
            del content[at:]
    return bytes(content)


def outcome(case: Case, folder: Path) -> str:
    """How one file is read by every way, which is the same; its roster can be lived with."""
    try:
        found: Roster | str = read_roster(
            io.BytesIO(case.data), options=case.options, name=case.name
        )
    except InputError as error:
        assert error.problem and str(error).replace("\n", "").isprintable(), str(error)
        assert len(str(error)) < 8000, "nobody reads this"
        found = str(error)
    else:
        check_roster(found)
        again = understand(case.data, case.options, name=case.name)
        assert again.roster is not None and again.roster.notes == found.notes
        for note in found.notes:
            assert note.replace("\n", "").isprintable(), note
    path = folder / case.name
    path.write_bytes(case.data)
    plainly = _plainly(path)
    for words in (("roster", case.name), ("check", case.name)):
        done = sim_here(*words, folder=folder)
        assert "Traceback" not in done.stderr and "fault of mentorsim" not in done.stderr, (
            done.stderr
        )
        assert done.returncode == (2 if isinstance(plainly, InputError) else 0), (words, done)
        assert done.stdout or done.stderr
    if not isinstance(plainly, InputError):
        done = sim_here("roster", case.name, "--write", "s.toml", "--force", folder=folder)
        assert done.returncode == 0, done
        done = sim_here("check", "s.toml", folder=folder)
        assert done.returncode in (0, 2) and "fault of mentorsim" not in done.stderr, done
    return "refused" if isinstance(found, str) else "read"


def _plainly(path: Path) -> Roster | InputError:
    try:
        return read_roster(path)
    except InputError as error:
        return error


def check_roster(roster: Roster) -> None:
    """Every number is within what the roster promises."""
    n = roster.headcount
    assert n > 0 and len(set(roster.employee_id)) == n
    assert roster.level.min() >= 1 and roster.level.max() <= len(roster.level_names)
    assert roster.department.min() >= 0 and roster.department.max() < len(roster.department_names)
    assert roster.site.min() >= -1 and roster.site.max() < max(1, len(roster.site_names))
    assert set(roster.work_mode.tolist()) <= {-1, 0, 1, 2}
    assert set(roster.role.tolist()) <= {-1, 0, 1, 2, 3}
    assert roster.capacity.min() >= -1 and roster.capacity.max() <= LARGEST_CAPACITY
    for values, low, high in (
        (roster.age, 14, 100), (roster.age_half_range, 0, 50), (roster.engagement, 0, 1),
        (roster.tenure_months, 0, 12 * LONGEST_TENURE),
        (roster.months_since_promotion, 0, 12 * LONGEST_TENURE),
    ):  # fmt: skip
        known = values[~np.isnan(values)]
        assert len(values) == n and ((low <= known) & (known <= high)).all()
    for skills in (*roster.skills_have, *roster.skills_want):
        assert all(0.0 <= level <= 1.0 for level in skills.values())
    at = roster.manager.copy()
    assert at.min() >= -1 and at.max() < n
    for _ in range(n):
        at = np.where(at >= 0, roster.manager[at], -1)
    assert (at == -1).all(), "managers stand in a circle"
    for pairs in (roster.excluded_pairs, roster.past_pairs, roster.fixed_pairs):
        assert pairs.shape[1:] == (2,)
        assert ((pairs >= 0) & (pairs < n)).all() and (pairs[:, 0] < pairs[:, 1]).all()
    assert roster.left == len(roster.left_employee_id)


@pytest.mark.long
@pytest.mark.filterwarnings("error")
def test_a_sample_of_staff_lists(tmp_path: Path) -> None:
    found = tried(range(100), SEED, tmp_path)
    assert min(found["read"], found["refused"]) > 10, "both happen often"


@pytest.mark.full
@pytest.mark.filterwarnings("error")
def test_thousands_of_staff_lists(tmp_path: Path) -> None:
    tried(range(3000), SEED + 1, tmp_path)


def tried(numbers: range, seed: int, folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for number in numbers:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="openpyxl")
            case = case_of(number, seed)
        try:
            found[outcome(case, folder)] += 1
        except Exception as error:
            kept = folder / f"fails_{number}_{case.name}"
            kept.write_bytes(case.data)
            error.add_note(f"case {number} of seed {seed}, {case.options}: {kept}")
            raise
    return found


def random_workbook(seed: int) -> bytes:
    """Sheets of cells of every kind: errors, dates, times, truth values, merged fields, hidden and empty sheets."""
    rng = random.Random(seed)
    names = [name for ranks in ROSTER_COLUMNS.values() for text in ranks for name in text.split()]

    def cell() -> object:
        return rng.choice(
            [None, "", rng.randint(-5, 10**6), rng.random() * 1e5, True, False, "#N/A", "=1/0",
             datetime(rng.randint(1901, 2090), 1, 2, 3, 4), time(3, 4), timedelta(days=rng.randint(0, 9000)),
             rng.choice(["Active", "L3", "3y 4m", "01/02/2020", "x" * 500, "Total", "mentor", "1e400", "²", " "]),
             rng.choice(names)]
        )  # fmt: skip

    made = openpyxl.Workbook()
    made.active.title = "first"
    for number in range(rng.randint(1, 3)):
        sheet = made.create_sheet(f"sheet {number}")
        width = rng.choice([3, 6, 9]) if rng.random() < 0.97 else 2_500
        for _ in range(rng.randint(0, 2)):
            sheet.append([cell() for _ in range(rng.randint(0, width))])
        sheet.append(rng.choices(names, k=width))
        for place in range(rng.randint(0, 8)):
            sheet.append([cell() if rng.random() < 0.7 else place for _ in range(width)])
        for _ in range(rng.randint(0, 2)):
            row, column = rng.randint(1, 8), rng.randint(1, min(width, 9))
            sheet.merge_cells(
                start_row=row, start_column=column, end_row=row + 2, end_column=column + 1
            )
        if rng.random() < 0.2:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "seeds", [range(8), pytest.param(range(8, 600), marks=pytest.mark.full)], ids=["few", "many"]
)
def test_workbooks_of_any_cells_end_in_words(seeds: range) -> None:
    for seed in seeds:
        try:
            understand(random_workbook(seed), name="x.xlsx")
        except InputError as error:
            assert error.problem, seed
