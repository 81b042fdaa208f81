"""Files of the kinds that planners have, each small, with what is right for it."""

from __future__ import annotations

import io
import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError
from sim.experiments.compare import compare
from sim.organisation.roster import posts
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.understanding import Understanding, read_roster, understand
from sim.scenario import load_scenario

FOLDER = Path(__file__).parent / "rosters"


def understood(name: str, **options: Any) -> Understanding:
    (path,) = FOLDER.glob(f"{name}_*.csv")
    return understand(path, RosterOptions(**options))


def said(found: Understanding, *parts: str) -> bool:
    """Whether one note or warning has all the parts."""
    return any(all(part in note for part in parts) for note in found.notes)


# File, number of people, and what must hold of their columns; then parts of what must be said.
READ: list[tuple[str, dict[str, Any], tuple[tuple[str, ...], ...]]] = [
    ("c00", {"level": [4, 3, 2, 1, 2, 1, 1], "manager": [-1, 0, 1, 2, 1, 4, 4]}, ()),
    ("c01", {"years": [24.0, 26.5, 15.1]}, (("hire_date", "day first", "20-01-2002"),)),
    ("c03", {"years": [12.5, 26.5, 15.1]}, ()),
    ("c05", {"years": [12.5, 26.5, 15.1], "left": 0}, (("3 stand for no date", "99991231"),)),
    ("c08", {"years": [12.5, 26.5, 15.1]}, (("years of two digits",),)),
    ("c09", {"manager": [-1, 0, 0], "site_names": ("London",), "site": [-1, 0, -1]},
     (("6 cells read as empty", "'N/A' (3)", "'site'"),)),
    ("c11", {"level": [2, 1, 2, 2]}, (("Level: missing for 2 people (lines 4 and 5)",),)),
    ("c13", {"manager": [-1, 0, 1, 1]}, (("3 of 3 found", "by name"), ("'name'", "not kept"))),
    ("c15", {"manager": [-1, 0, 1], "level": [3, 2, 1], "site_names": ("Nord", "Süd"), "left": 1,
             "years": [15.9, 13.8, 9.7]}, (("Separator: semicolons",), ("'Inaktiv' (1 person)",))),
    ("c16", {"manager": [-1, 0, 0]},
     (("taken from line 3", "Headcount report"), ("as of 2026-03-31",))),
    ("c18", {"manager": [-1, 0, 0]}, ()),
    ("c19", {"manager": [-1, 0, 0], "site": [-1, 0, -1]}, (("Short rows: 2", "lines 2 and 4"),)),
    ("c20", {"manager": [-1, 0, 0], "level": [2, 1, 1]}, ()),
    ("c21", {"level": [4, 3, 2, 1, 2, 1, 1]}, (("UTF-16",),)),
    ("c23", {"department_names": ("Pädiatrie", "Chirurgie"), "engagement": [0.8, 0.6875, 0.614]},
     (("semicolons",), ("scale from 1 to 5",))),
    ("c25", {"level": [2, 1, 1]}, (("vertical bars",),)),
    ("c33", {"level": [3, 2, 1]}, (("bands of the NHS",),)),
    ("c34", {"level_names": ("Band 5", "Band 7", "Band 8a")}, ()),
    ("c35", {"level_names": ("EO", "SEO", "Grade 6", "SCS1")}, (("British civil service",),)),
    ("c38", {"level": [1, 2, 3, 3]}, (("on its head", 'level_1_is = "top"'),)),
    ("c40", {"employee_id": ("1", "4"), "left": 2},
     (("'Inactive' (1 person) counts as having left",), ("1 person on leave",),
      ("Contractors: 1 person left out",), ("Starters: 1 person",))),
    ("c41", {"employee_id": ("1",)}, (("Contractors: 2 people left out", "contractors = true"),)),
    ("c42", {"employee_id": ("1", "2", "3"), "left": 0}, (("2 people counted as staff",),)),
    ("c44", {"age": [45.0, 30.0, 16.0]}, ()),
    ("c46", {"engagement": [0.82, 0.64, 0.71]}, (("scale from 0 to 100", "percentages"),)),
    ("c48", {"engagement": [0.9, 0.7, 1.0]}, (("scale from 0 to 10", "net promoter"),)),
    ("c49", {"level": [2, 1, 1]}, (("Columns not used", "'Skills I can offer'"),)),
    ("c52", {"department_names": ("Wards", "Lab")}, (("'Department Name' and 'Dept' both",),)),
    ("c54", {"employee_id": ("row 2", "row 3", "row 4"), "role": [1, 2, 2], "level": [2, 1, 1]},
     (("no column of employee ids",),)),
    ("c55", {"level_names": ("EO", "Grade 7", "SCS1"), "role": [0, -1, -1],
             "department_names": ("Dept A", "Dept B")}, ()),
    ("c57", {"level": [3, 2, 1, 1]}, (("follow from the reporting lines",),)),
    ("c60", {"level": [1]}, ()),
    ("c61", {"department_names": ("A", "B")}, (("Quotation marks", "line 2"),)),
    ("c63", {"manager": [-1, 0, 0]}, ()),
    ("c64", {"employee_id": ("001", "002", "003")}, ()),
    ("c67", {"age": [42.5, 50.5, 55.5]}, (("3 people whose age and birth", "birth was believed"),)),
    ("c68", {"department": [0, 0, 1, 2]},
     (("'nursing' as 'Nursing'",), ("may be spellings", "'Nursing Dept'", "'Nusing'"))),
    ("c69", {"site": [-1, 0, -1, -1], "site_names": ("London",)}, (("'TBC' (1)",),)),
    ("c72", {"employee_id": ("1", "2", "3")}, (("Rows: 1 is there twice",),)),
    ("c74", {"years": [16.0, np.nan, np.nan]}, (("2 stand for no date",),)),
    ("c76", {"engagement": [0.7, 0.6, 0.85]}, (("scale from 0 to 10", "largest value, 8.5"),)),
    ("c78", {"site_names": ("North", "South")}, (("'site' and 'Location' both mean site",),)),
    ("c79", {"fixed_pairs": [[0, 1]]}, (("their own manager", "goes before the rule"),)),
    ("c81", {"level": [1, 2, 2, 3, 3, 3, 3, 3]}, (("on its head", "younger the higher"),)),
    ("c82", {"manager": [-1, 0, 1]}, ()),
    ("c83", {"manager": [-1, 0, 1]}, ()),
    ("c85", {"level": [2, 1, 1]}, ()),
    ("c86", {"level": [2, 1, 1]}, ()),
    ("c88", {"employee_id": ("1", "2", "3"), "manager": [-1, 0, 1], "left": 0,
             "years": [16.0, 14.0, 11.0]}, (("1 person on several rows",),)),
    ("c91", {"employee_id": ("1", "4"), "left": 2}, ()),
    ("c93", {"manager": [-1, 0, 1]}, ()),
    ("c95", {"employee_id": ("1", "3")}, (("Starters: 1 person yet to come",),)),
    ("c97", {"years": [np.nan, 14.0, 13.0]}, (("service does not fit their age", "believed"),)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected", "notes"), READ, ids=[case[0] for case in READ])
def test_what_is_plain_is_read_and_said(
    name: str, expected: dict[str, Any], notes: tuple[tuple[str, ...], ...]
) -> None:
    found = understood(name)
    roster = found.roster
    assert roster is not None, found.problems
    for attribute, value in expected.items():
        if attribute == "years":
            np.testing.assert_allclose(roster.tenure_months / 12.0, value, atol=0.06)
        elif isinstance(value, list):
            np.testing.assert_allclose(getattr(roster, attribute), value, atol=1e-9)
        else:
            assert getattr(roster, attribute) == value
    for parts in notes:
        assert said(found, *parts), (parts, found.notes)


# File, and parts of each problem with the lines that it has; all in one go.
REFUSED: list[tuple[str, list[tuple[tuple[int, ...], tuple[str, ...]]]]] = [
    ("c28", [((3,), ("'1.00E+05'", "powers of ten"))]),
    ("c30", [((2,), ("circle",))]),
    ("c31", [((2,), ("'1' is their own manager",))]),
    ("c50", [((2, 3), ("not name:level",)), ((2, 3, 4), ("not name:level",))]),
    ("c58", [((), ("headings but no people",))]),
    ("c59", [((1,), ("no column employee_id", "looks like a person"))]),
    ("c98", [((4,), ("1 of the 1 managers", "delete the column"))]),
]


@pytest.mark.parametrize(("name", "problems"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_is_not_plain_is_asked_all_at_once(
    name: str, problems: list[tuple[tuple[int, ...], tuple[str, ...]]]
) -> None:
    found = understood(name)
    assert found.roster is None
    assert [problem.lines for problem in found.problems] == [lines for lines, _ in problems]
    for problem, (_, parts) in zip(found.problems, problems, strict=True):
        for part in parts:
            assert part in f"{problem.problem}. {problem.remedy}"
    (path,) = FOLDER.glob(f"{name}_*.csv")
    with pytest.raises(InputError) as caught:
        read_roster(path)
    for problem in found.problems:
        assert problem.problem in str(caught.value)


def test_every_file_of_the_folder_has_a_case() -> None:
    names = {path.name.split("_")[0] for path in FOLDER.glob("c*.csv")}
    assert names == {case[0] for case in (*READ, *REFUSED)}


def test_six_problems_at_once_are_read_as_far_as_they_are_plain() -> None:
    found = understood("c98")
    assert (found.staff, found.left) == (2, 1)
    for parts in (
        ("taken from line 2",), ("Below the table", "'Total'"), ("day first", "13/05/2015"),
        ("on leave",), ("percentages",), ("'N/A'",),
    ):  # fmt: skip
        assert said(found, *parts), parts
    assert "Alpha" not in repr(found)


def test_levels_that_count_from_the_top_agree_once_told() -> None:
    right = read_roster(FOLDER / "right.csv")
    turned = read_roster(FOLDER / "turned.csv", options=RosterOptions(level_1_is="top"))
    assert turned.level.tolist() == right.level.tolist()
    assert turned.level_names == right.level_names[::-1]
    untold = understand(FOLDER / "turned.csv")
    assert untold.warnings
    assert any(decision.lines == ('level_1_is = "top"',) for decision in untold.decisions)
    assert not understand(FOLDER / "right.csv").warnings
    for name in ("c38", "c81"):
        told = understood(name, level_1_is="top")
        assert told.roster is not None
        assert told.roster.level[0] == 3
        assert not told.warnings


def test_an_order_of_levels_is_the_planners(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text(
        "id,job grade,department\n1,Sister,A\n2,Nurse,A\n3,Matron,A\n4,Nurse 2,A\n5,Nurse,A\n"
    )
    found = understand(path)
    assert found.roster is None
    (problem,) = found.problems
    assert set(problem.values) == {"Sister", "Nurse", "Matron", "Nurse 2"}
    assert found.decisions[0].lines[0].startswith("level_order = [")
    order = (("Nurse", "Nurse 2"), ("Sister",), ("matron",))
    roster = read_roster(path, options=RosterOptions(level_order=order))
    assert roster.level.tolist() == [2, 1, 3, 1, 1]
    short = understand(path, RosterOptions(level_order=order[:2]))
    assert "'Matron' is not in the order of levels" in short.problems[0].problem


def test_titles_can_be_put_in_order_where_there_are_no_levels(tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"
    path.write_text("id,job title,department\n1,Head of Care,A\n2,Carer,A\n3,Senior Carer,A\n")
    found = understand(path)
    assert found.roster is None
    assert found.decisions[0].lines == ('level_order = ["Carer", "Senior Carer", "Head of Care"]',)
    order = (("Carer",), ("Senior Carer",), ("Head of Care",))
    assert read_roster(path, options=RosterOptions(level_order=order)).level.tolist() == [3, 1, 2]


def test_the_planner_says_what_no_date_decides(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("id,level,department,hire date\n1,2,A,03/04/2010\n2,1,A,05/06/2012\n")
    found = understand(path)
    assert found.roster is None
    assert found.problems[0].lines == (2, 3)
    assert found.decisions[0].lines[0].startswith('dates = "day first"')
    for order, months in (("day first", 188.9), ("month first", 189.9)):
        roster = read_roster(path, options=RosterOptions(dates=order))
        assert roster.tenure_months[0] == pytest.approx(months, abs=0.1)
    path.write_text(
        "id,level,department,hire date,date of birth\n1,2,A,2010-04-03,03/04/1980\n2,1,A,2012-06-05,04/05/1990\n"
    )
    assert read_roster(path).age.tolist() == [45.5, 35.5]


def test_contractors_and_the_date_of_the_file_are_the_planners(tmp_path: Path) -> None:
    from datetime import date

    assert understood("c41", contractors=True).staff == 3
    found = understood("c42", file_date=date(2026, 10, 31))
    assert (found.staff, found.left) == (2, 1)
    found = understood("c95", file_date=date(2027, 3, 31), start_year=2027)
    assert found.staff == 3


def test_workbooks_and_streams(tmp_path: Path) -> None:
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Read me"
    book.active.append(["Export of the staff list"])
    sheet = book.create_sheet("Staff")
    sheet.append(["Staff list as at 31.03.2026"])
    sheet.append(["Employee ID", "Job Level", "Department", "Manager ID", "Hire Date", "Age"])
    sheet.append([1001, 2, "Wards", None, datetime(2012, 5, 1), 50])
    sheet.append([1002.0, 1, "N/A", 1001, datetime(2020, 5, 1), 30.0])
    sheet.append(["=1+1", 1, "Lab", "1001", None, None])
    path = tmp_path / "staff.xlsx"
    book.save(path)
    for source in (path, path.read_bytes(), io.BytesIO(path.read_bytes())):
        found = understand(source, name="your file")
        assert found.file == "your file"
        assert found.reference_date is not None
        assert found.reference_date.isoformat() == "2026-03-31"
    found = understand(path)
    assert said(found, "sheet 'Staff'", "'Read me'")
    assert found.problems[0].problem == "the cell is empty"  # a formula without a value
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="the workbook cannot be read"):
        read_roster(broken)


def test_levels_that_are_numbered_from_the_top_give_the_same_results_once_told() -> None:
    few = {"months": 16, "replicates": 2}
    right = load_scenario(FOLDER / "right.toml").with_settings(few)
    turned = load_scenario(FOLDER / "turned.toml").with_settings(few)
    told = turned.with_settings({"organisation.level_1_is": "top"})
    assert any("on its head" in note for note in turned.roster.notes)  # type: ignore[union-attr]
    tables = [compare(one, workers=1).outcomes for one in (right, told, turned)]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    assert not tables[0].equals(tables[2])


@pytest.mark.full
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_two_hundred_thousand_rows_are_read_in_ten_seconds(tmp_path: Path, kind: str) -> None:
    import time

    from openpyxl import Workbook

    head = [
        "employee_id",
        "level",
        "department",
        "manager_id",
        "site",
        "hire_date",
        "age",
        "status",
        "annual_salary",
    ]
    rows = [
        [f"E{n:06d}", 1 + (n < 40_000) + (n < 8_000), f"D{n % 60}", f"E{n // 6:06d}" if n else "",
         "NSW"[n % 3], f"{2005 + n % 20}-0{1 + n % 9}-1{n % 10}", 40 + n % 20,
         "terminated" if n % 50 == 49 else "active", 30_000 + n % 5_000]
        for n in range(200_000)
    ]  # fmt: skip
    path = tmp_path / f"large.{kind}"
    if kind == "csv":
        path.write_text("\n".join(",".join(map(str, row)) for row in [head, *rows]))
    else:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("staff")
        for row in [head, *rows]:
            sheet.append(row)
        book.save(path)
    begun = time.process_time()
    found = understand(path)
    assert time.process_time() - begun < 10.0
    assert found.staff == 196_000
    assert not found.problems


@pytest.mark.parametrize("text", ["²", "²⁰²⁵", "③", "9" * 5000, "", "20 25"])
def test_what_looks_like_a_digit_is_no_year(text: str) -> None:
    """A superscript is a digit to Unicode, but no number."""
    assert math.isnan(posts._end_of(text))
    assert posts._end_of("2025") == date(2025, 12, 31).toordinal()
