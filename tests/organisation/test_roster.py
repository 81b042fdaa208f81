"""The roster import: what is understood, what is refused in which words; nothing crashes."""

from __future__ import annotations

import dataclasses
import pickle
import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from places import ROSTERS
from sim.errors import InputError
from sim.organisation.roster import reading
from sim.organisation.roster.column_names import ROSTER_COLUMNS, TIES_COLUMNS
from sim.organisation.roster.findings import Findings
from sim.organisation.roster.headings import plain
from sim.organisation.roster.roster import Roster
from sim.organisation.roster.rows import read_rows
from sim.organisation.roster.ties import read_ties
from sim.organisation.roster.understanding import read_roster

SHIPPED = ROSTERS
HEAD = "employee_id,level,department"


def read(folder: Path, content: str | bytes, start_year: int = 2026) -> Roster:
    """Read a roster with this content."""
    path = folder / "roster.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_roster(path, start_year=start_year)


def refuse(folder: Path, content: str | bytes, start_year: int = 2026) -> InputError:
    """Return the error that reading a roster with this content raises; it must name the file."""
    with pytest.raises(InputError) as caught:
        read(folder, content, start_year)
    assert caught.value.file == str(folder / "roster.csv")
    assert str(folder / "roster.csv") in str(caught.value)
    return caught.value


def column(folder: Path, heading: str, *cells: str, delimiter: str = ",", **options: int) -> Roster:
    """Read a roster of as many people (ids 1, 2, ...) as there are cells of one extra column."""
    lines = [delimiter.join(("employee_id", "level", "department", heading))]
    lines += [
        delimiter.join((str(row), "1", "Sales", cell)) for row, cell in enumerate(cells, start=1)
    ]
    return read(folder, "\n".join(lines), **options)


# --- what is understood ---------------------------------------------------------------------------
def test_a_small_roster_with_every_column(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        "employee_id,level,department,manager_id,site,work_mode,age,hire_date,last_promotion_date,"
        "engagement_score,role,capacity,skills_have,skills_want,exclude_ids,past_partner_ids,"
        "must_pair_with,first_name,shoe_size\n"
        "a,2,Sales,,Oslo,on_site,50,2006-01-01,2020-01-01,4,mentor,2,Python:5;Law:3,,b,,,Ann,37\n"
        "b,1,Sales,a,Bergen,hybrid,30,2025-01-01,,3,mentee,,,python:1,,c,c,Bob,44\n"
        "c,1,Law,a,Oslo,remote,,,,,,,,,,,,Cleo,40\n",
    )
    assert roster.headcount == 3
    assert roster.employee_id == ("a", "b", "c")
    assert roster.level.tolist() == [2, 1, 1]
    assert roster.level_names == ("1", "2")
    assert roster.department.tolist() == [0, 0, 1]
    assert roster.department_names == ("Sales", "Law")
    assert roster.manager.tolist() == [-1, 0, 0]
    assert roster.site.tolist() == [0, 1, 0]
    assert roster.site_names == ("Oslo", "Bergen")
    assert roster.work_mode.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(roster.age, [50.0, 30.0, np.nan])
    np.testing.assert_array_equal(roster.age_half_range, [0.0, 0.0, np.nan])
    np.testing.assert_allclose(roster.tenure_months, [240.0, 12.0, np.nan], atol=0.05)
    np.testing.assert_allclose(roster.months_since_promotion, [72, np.nan, np.nan], atol=0.05)
    np.testing.assert_array_equal(roster.engagement, [0.75, 0.5, np.nan])
    assert roster.role.tolist() == [1, 2, -1]
    assert roster.capacity.tolist() == [2, -1, -1]
    assert roster.skills_have == ({"python": 1.0, "law": 0.5}, {}, {})
    assert roster.skills_want == ({}, {"python": 0.0}, {})
    assert roster.excluded_pairs.tolist() == [[0, 1]]
    assert roster.past_pairs.tolist() == [[1, 2]]
    assert roster.fixed_pairs.tolist() == [[1, 2]]
    assert roster.reference_date == date(2026, 1, 1)
    assert roster.left == 0
    assert roster.ties.shape == (0, 2)
    text = "\n".join(roster.notes)
    assert "Staff: 3 people, 2 levels, 2 departments, 2 sites." in text
    assert "Engagement: read on a scale from 1 to 5, told from the largest value, 4." in text
    assert "Personal columns used to find managers, and not kept: 'first_name'." in text
    assert "Columns not used: 'shoe_size'." in text
    assert "Skills wanted: the policy complementary pairs by them; the others do not." in text
    assert "Fixed pairs: 1; every cohort begins with them." in text
    assert "Age: missing for 1 of 3 people; drawn as in a synthetic firm." in text
    for name in ("Ann", "Bob", "Cleo"):
        assert name not in repr(roster)


def test_arrays_are_typed_and_read_only_and_a_roster_can_be_pickled(tmp_path: Path) -> None:
    roster = column(tmp_path, "age", "40", "")
    for field in dataclasses.fields(roster):
        value = getattr(roster, field.name)
        if isinstance(value, np.ndarray):
            assert value.dtype in (np.int32, np.float64, np.dtype("datetime64[D]")), field.name
            assert not value.flags.writeable, field.name
    assert pickle.loads(pickle.dumps(roster)).employee_id == roster.employee_id


EXAMPLES = {
    "employee_id": "7", "level": "3", "department": "Sales", "manager_id": "", "site": "Oslo",
    "work_mode": "hybrid", "remote": "yes", "age": "40", "birth_year": "1980",
    "age_band": "30-39", "generation": "Gen X", "hire_date": "2020-01-31", "tenure_months": "9",
    "tenure_years": "9", "last_promotion_date": "2020-01-31", "months_since_promotion": "4",
    "years_since_promotion": "4", "engagement": "0.5", "role": "both", "is_mentor": "yes",
    "capacity": "2", "skills_have": "a:1", "skills_want": "a:1", "exclude_ids": "",
    "past_partner_ids": "", "must_pair_with": "", "record_date": "2025-12-31", "record_year": "2025", "pay": "42000", "pay_currency": "EUR", "status": "A", "termination_date": "",
    "job_title": "Engineer", "manager_email": "", "manager_name": "", "is_mentee": "yes",
    "both_roles": "yes", "active": "yes", "gone": "no", "employment_type": "Permanent", "fte": "1.0",
    "leaving_reason": "resigned", "name": "A B", "first_name": "A", "last_name": "B",
    "email": "a@b.org",
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", ROSTER_COLUMNS)
def test_every_alias_is_read_as_its_column(tmp_path: Path, name: str) -> None:
    aliases = " ".join(ROSTER_COLUMNS[name]).split()
    for alias in aliases:
        camel = "".join(part.capitalize() for part in alias.split("_"))
        for heading in (alias, alias.upper(), camel, f" {alias.replace('_', ' ')}", camel + "-"):
            row = {"employee_id": "7", "level": "3", "department": "Sales"}
            row.pop(name, None)
            row[heading] = EXAMPLES[name]
            path = tmp_path / "roster.csv"
            path.write_text(",".join(row) + "\n" + ",".join(row.values()))
            rows = read_rows(path, ROSTER_COLUMNS, (), Findings())[0]
            assert rows.texts(name) == (EXAMPLES[name],)
            assert rows.left_out == ()
        assert read_roster(path).headcount == 1


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("employeeId", "employee_id"), ("EmployeeNumber", "employee_id"),
        ("supervisorId", "manager_id"), ("manager", "manager_id"), ("JobLevel", "level"),
        ("grade", "level"), ("management level", "level"), ("departmentName", "department"),
        ("business unit", "department"), ("office", "site"), ("location", "site"),
        ("hire date", "hire_date"), ("lastHireDate", "hire_date"),
        ("YearsAtCompany", "tenure_years"), ("YearsSinceLastPromotion", "years_since_promotion"),
        ("employeeStatusCode", "status"), ("date of seniority", "last_promotion_date"),
        ("date of termination", "termination_date"), ("mentoring type", "role"),
    ],
)  # fmt: skip
def test_headings_of_known_systems(heading: str, meant: str) -> None:
    ranks = ROSTER_COLUMNS[meant]
    known = {plain(name) for text in ranks for name in text.split()}
    assert plain(heading) in known


def test_no_alias_means_two_columns() -> None:
    for names in (ROSTER_COLUMNS, TIES_COLUMNS):
        every = [
            plain(alias) for ranks in names.values() for text in ranks for alias in text.split()
        ]
        assert len(every) == len(set(every))


def test_the_better_of_two_columns_is_taken_and_the_other_noted(tmp_path: Path) -> None:
    roster = read(tmp_path, "id,level,departmentId,departmentName\n1,1,D7,Sales\n")
    assert roster.department_names == ("Sales",)
    assert "Columns not used: 'departmentId'." in roster.notes


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_delimiters_marks_and_line_ends(
    tmp_path: Path, delimiter: str, mark: bytes, end: bytes
) -> None:
    lines = [
        b"", delimiter.join(("employee_id", '"level"', "department", "age")).encode(),
        delimiter.join(("1", "1", f'"Fish{delimiter} chips"', "40.5")).encode(),
        delimiter.join(("", "", "", "")).encode(),
        delimiter.join(("2", "2", '"A ""B"""', '"30,5"')).encode(),
    ]  # fmt: skip
    roster = read(tmp_path, mark + end.join(lines))
    assert roster.department_names == (f"Fish{delimiter} chips".replace("\t", ""), 'A "B"')
    assert roster.age.tolist() == [40.5, 30.5]


def test_lines_are_counted_through_quoted_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    error = refuse(tmp_path, f'\n{HEAD},age\n1,1,"Sales\nNorth",40\n\n2,1,Sales,4\n')
    assert error.line == 6


@pytest.mark.parametrize(
    ("cells", "levels", "names"),
    [
        (("1", "2", "3"), [1, 2, 3], ("1", "2", "3")),
        (("7", "2", "4", "2"), [3, 1, 2, 1], ("2", "4", "7")),
        (("L10", "L9", "0"), [3, 2, 1], ("0", "L9", "L10")),
        (("Grade 3", "3.0"), [1, 1], ("Grade 3",)),
        (("partner", "Associate"), [2, 1], ("Associate", "partner")),
        (("Executive", "Intern", "Vice-President", "VP"), [3, 1, 2, 2],
         ("Intern", "Vice-President", "Executive")),
    ],
)  # fmt: skip
def test_levels(tmp_path: Path, cells: tuple[str, ...], levels: list[int], names: object) -> None:
    text = "\n".join([HEAD, *(f"{row},{cell},Sales" for row, cell in enumerate(cells))])
    roster = read(tmp_path, text)
    assert roster.level.tolist() == levels
    assert roster.level_names == names
    noted = any(note.startswith("Level: from lowest to highest") for note in roster.notes)
    assert noted == (names != ("1", "2", "3"))


def test_departments_that_differ_in_spelling_only_are_one(tmp_path: Path) -> None:
    roster = read(tmp_path, f"{HEAD}\n1,1,Sales\n2,1,sales\n3,1,Human  Resources\n4,1,SALES \n")
    assert roster.department.tolist() == [0, 0, 1, 0]
    assert roster.department_names == ("Sales", "Human Resources")
    assert "Department: read 'sales' as 'Sales', 'SALES' as 'Sales'." in roster.notes


@pytest.mark.parametrize(
    ("heading", "cell", "age", "half"),
    [
        ("age", "41", 41.0, 0.0),
        ("birth_year", "1980", 45.5, 0.5),
        ("date_of_birth", "1980-12-31", 45.5, 0.5),
        ("age_band", "30-39", 35.0, 5.0),
        ("age_band", "30 \u2013 39", 35.0, 5.0),
        ("age_band", "30 to 39", 35.0, 5.0),
        ("age_band", "under 30", 24.0, 6.0),
        ("age_band", "<30", 24.0, 6.0),
        ("age_band", "60+", 65.0, 5.0),
        ("age_band", "over 60", 65.0, 5.0),
        ("age_band", "60 and over", 65.0, 5.0),
        ("generation", "Baby Boomers", 65.5, 4.5),
        ("generation", "gen_x", 53.0, 8.0),
        ("generation", "Generation Y", 37.0, 8.0),
        ("generation", "Z", 23.5, 5.5),
    ],
)
def test_ages(tmp_path: Path, heading: str, cell: str, age: float, half: float) -> None:
    roster = column(tmp_path, heading, cell, "")
    np.testing.assert_array_equal(roster.age, [age, np.nan])
    np.testing.assert_array_equal(roster.age_half_range, [half, np.nan])


def test_a_birth_year_goes_before_an_age_and_both_before_a_band(tmp_path: Path) -> None:
    text = (
        f"{HEAD},generation,age,birth_year\n1,1,S,gen_x,50,1980\n2,1,S,gen_x,,1980\n3,1,S,gen_x,,\n"
    )
    roster = read(tmp_path, text)
    assert roster.age.tolist() == [45.5, 45.5, 53.0]
    assert any("1 person whose age and birth do not fit (line 2;" in note for note in roster.notes)


@pytest.mark.parametrize(
    "cell", ["2020-01-01", "2020/1/1", "01.01.2020", "1.1.2020", "2020-01-01 00:00:00",
             "2020-01-01T00:00:00Z"],
)  # fmt: skip
def test_dates(tmp_path: Path, cell: str) -> None:
    roster = column(tmp_path, "hire_date", cell)
    np.testing.assert_allclose(roster.tenure_months, [72.0], atol=0.05)


def test_time_of_service_and_promotion_from_durations(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        f"{HEAD},tenure_years,tenure_months,YearsSinceLastPromotion\n"
        "1,1,S,2,,1.5\n2,1,S,2,30,\n3,1,S,,,3\n4,1,S,1,,3\n",
    )
    np.testing.assert_array_equal(roster.tenure_months, [24, 30, np.nan, 12])
    np.testing.assert_array_equal(roster.months_since_promotion, [18, np.nan, 36, 12])
    assert "Promotion: 1 person promoted before the hire; counted from the hire." in roster.notes


def test_the_reference_date_moves_with_the_newest_date_of_the_file(tmp_path: Path) -> None:
    roster = column(tmp_path, "hire_date", "2026-07-01", "2025-07-01")
    assert roster.reference_date == date(2026, 7, 1)
    np.testing.assert_allclose(roster.tenure_months, [0.0, 12.0], atol=0.05)
    assert any("counted up to 2026-07-01" in note for note in roster.notes)
    old = column(tmp_path, "hire_date", "2019-07-01")
    assert any("the newest hire or leaver is of 2019-07-01" in note for note in old.notes)


@pytest.mark.parametrize(
    ("heading", "cells", "expected", "scale"),
    [
        ("engagement", ("0.2", "1"), [0.2, 1.0], "0 to 1, told"),
        ("engagement_score", ("1", "5"), [0.0, 1.0], "1 to 5, told"),
        ("engagement_score", ("20", "100"), [0.2, 1.0], "0 to 100, told"),
        ("engagement_score_1_4", ("2.5", ""), [0.5, np.nan], "1 to 4, as the heading"),
        ("Engagement (0-10)", ("3", "5"), [0.3, 0.5], "0 to 10, as the heading"),
        ("engagement_1_to_7", ("4", "7"), [0.5, 1.0], "1 to 7, as the heading"),
    ],
)
def test_engagement(
    tmp_path: Path, heading: str, cells: tuple[str, ...], expected: list[float], scale: str
) -> None:
    roster = column(tmp_path, heading, *cells)
    np.testing.assert_allclose(roster.engagement, expected)
    assert any(f"Engagement: read on a scale from {scale}" in note for note in roster.notes)


@pytest.mark.parametrize(
    ("heading", "cells", "attribute", "expected"),
    [
        ("work_mode", ("On-site", "office", "HYBRID", "remote", ""), "work_mode", [0, 0, 1, 2, -1]),
        ("remote", ("yes", "N", "true", "0", ""), "work_mode", [2, 0, 2, 0, -1]),
        ("role", ("either", "Both", "mentor", "mentee", "none", ""), "role", [0, 0, 1, 2, 3, -1]),
        ("is_mentor", ("Y", "no", ""), "role", [1, 2, -1]),
        ("capacity", ("0", "10", "3.0", ""), "capacity", [0, 10, 3, -1]),
    ],
)
def test_words_and_whole_numbers(
    tmp_path: Path, heading: str, cells: tuple[str, ...], attribute: str, expected: list[int]
) -> None:
    assert getattr(column(tmp_path, heading, *cells), attribute).tolist() == expected


def test_skills_on_their_scales(tmp_path: Path) -> None:
    shares = column(tmp_path, "skills_have", "python: 0.8; Public-Speaking :1;", "python:0|law:0.5")
    assert shares.skills_have == (
        {"python": 0.8, "public_speaking": 1.0},
        {"python": 0.0, "law": 0.5},
    )
    stated = column(tmp_path, "skills_want_0_10", "python:4", "")
    assert stated.skills_want == ({"python": 0.4}, {})
    text = f'{HEAD};skills_have;skills_want\n1;1;S;"law:1;tax:1";"law:3"\n'.replace(",", ";")
    both = read(tmp_path, text)  # one column above 1 puts both on the scale from 1 to 5
    assert both.skills_have == ({"law": 0.0, "tax": 0.0},)
    assert both.skills_want == ({"law": 0.5},)


def test_status_and_leavers(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        f"{HEAD},status,hire_date,termination_date,manager_id,exclude_ids\n"
        "1,1,S,A,2020-01-01,,,\n"
        "2,,,T,2020-01-01,2024-01-01,,\n"
        "3,1,S,L,2021-01-01,,2,2\n"
        "4,,,terminated,,,,\n"
        "1,1,S,T,2010-01-01,2015-01-01,,\n"
        "5,1,S,,2020-01-01,2025-06-30,,\n"
        "6,1,S,,2020-01-01,2031-01-01,,\n",
    )
    assert roster.employee_id == ("1", "3", "6")
    assert roster.left == 4
    assert roster.left_employee_id == ("2", "4", "1", "5")
    np.testing.assert_allclose(roster.left_tenure_months, [48, np.nan, 60, 66], atol=0.1)
    assert roster.left_date[0] == np.datetime64("2024-01-01")
    assert np.isnat(roster.left_date).tolist() == [False, True, False, False]
    assert roster.manager.tolist() == [-1, -1, -1]
    assert roster.excluded_pairs.shape == (0, 2)
    text = "\n".join(roster.notes)
    assert "Left: 4 people no longer on the staff, kept apart." in text
    assert "Status: 1 person on leave counted as staff." in text
    assert "Termination date: 1 person counted as staff on 2026-01-01 in spite of it." in text
    assert "1 person with a manager who is not among the staff of the file (line 4)" in text


def test_managers_unknown_decimal_or_below(tmp_path: Path) -> None:
    roster = column(tmp_path, "manager_id", "", "1.0", "1", "John Doe", "99")
    assert roster.manager.tolist() == [-1, 0, 0, -1, -1]
    note = next(
        note for note in roster.notes if note.startswith("Manager: 2 people with a manager")
    )
    assert "(lines 5 and 6)" in note
    assert "John" not in note
    with pytest.raises(InputError) as caught:
        column(tmp_path, "manager_id", "", "1", "John Doe", "99")
    assert "2 of the 3 managers who are named are nobody on the staff" in str(caught.value)
    assert "John" not in str(caught.value)
    upside_down = read(tmp_path, f"{HEAD},manager_id\n1,1,S,\n2,2,S,1\n3,3,S,2\n")
    assert any("2 of 2 people stand on a higher level than" in note for note in upside_down.notes)


def test_pairs(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        f"{HEAD},exclude_ids,past_partners,must_pair_with\n"
        '1,1,S,2;3,"2, 9",\n2,1,S,1|3,1,\n3,1,S,,,4\n4,1,S,,,3\n',
    )
    assert roster.excluded_pairs.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert roster.past_pairs.tolist() == [[0, 1]]
    assert roster.fixed_pairs.tolist() == [[2, 3]]
    assert any("Past partners: 1 ids are not in the file" in note for note in roster.notes)


def test_headings_that_say_too_little_are_pointed_out(tmp_path: Path) -> None:
    roster = column(tmp_path, "tenure", "4")
    expected = "Column 'tenure': not read; to be read, name it tenure_years or tenure_months."
    assert expected in roster.notes


# --- what is refused ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "line", "problem", "remedy"),
    [
        (b"", None, "the file is empty", "The first row must name the columns"),
        (b"\xef\xbb\xbf \n\n", None, "the file is empty", "The first row"),
        (b"\x0b\n,,\n", None, "the file is empty", "The first row"),
        (f"{HEAD}\n".encode(), None, "there are headings but no people", "Add one row per person"),
        (b"\xef\xbb\xbfid\n\n\xff", 3, "byte 0xff is not UTF-8", "'CSV UTF-8'"),
        (f"{HEAD}\n1,1,a\0b\n".encode(), 2, "NUL byte", "'CSV UTF-8'"),
        (f"{HEAD}\n".encode("utf-16")[:-1], None, "broken UTF-16", "'CSV UTF-8'"),
        (b"PK\x03\x04rest", None, "workbook", "'CSV UTF-8'"),
        (b"\xd0\xcf\x11\xe0rest", None, "old Excel", ".xlsx"),
        (f"{HEAD}\n1,1,S\n2,1,S,x\n".encode(), 3, "4 cells, but the heading has 3", "quotation"),
        (f'{HEAD}\n1,1,S\n2,1,"S, T\n\n'.encode(), 3, "opened and never closed", "not closed"),
        (f'{HEAD}\n1,1,"S"x,y\n'.encode(), 2, "separated by commas", "quotation mark"),
        (f'{HEAD.replace(",", chr(9))}\n1\t1\t"S"x\ty\n'.encode(), 2, "by tabs", "quotation mark"),
        (
            f"{HEAD}\n1,1,{'x' * 140_000}\n".encode(),
            2,
            "more than 131,072 characters",
            "quotation mark",
        ),
    ],
)
def test_files_that_are_no_table(
    tmp_path: Path, content: bytes, line: int | None, problem: str, remedy: str
) -> None:
    error = refuse(tmp_path, content)
    assert error.line == line
    assert problem in str(error)
    assert remedy in str(error)


def test_a_file_that_is_too_large_is_told_its_size(tmp_path: Path) -> None:
    path = tmp_path / "photo.csv"
    with path.open("wb") as file:
        file.truncate(1_234_567_890)  # a hole: no disk is needed
    with pytest.raises(InputError, match="the file has 1,235 MB. At most 500 MB are read"):
        read_roster(path)


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    for path, problem in (
        (tmp_path, "this is a folder. Name a CSV file in it."),
        (tmp_path / "none.csv", "there is no such file. Check the path"),
        (tmp_path / "a\0b", "the file cannot be read"),
        (tmp_path / ("x" * 5000), "the file cannot be read"),
        (Path("/dev/null"), "this is not an ordinary file"),
    ):
        with pytest.raises(InputError) as caught:
            read_roster(path)
        assert problem in str(caught.value)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE", 10)
    assert "is this the right file?" in str(refuse(tmp_path, f"{HEAD}\n1,1,S\n"))


@pytest.mark.parametrize(
    ("headings", "problem", "remedy"),
    [
        ("employee_id,department", "there is no column level", "level may also be called job"),
        ("foo,bar", "no column employee_id and no column level and no column department",
         "found: 'foo', 'bar'"),
        ("employee_id,levle,department", "there is no column level", "'levle' looks like level"),
    ],
)  # fmt: skip
def test_headings_that_cannot_be_used(
    tmp_path: Path, headings: str, problem: str, remedy: str
) -> None:
    error = refuse(tmp_path, f"\n{headings}\n" + "1," * headings.count(",") + "1\n")
    assert error.line == 2
    assert problem in str(error)
    assert remedy in str(error)


@pytest.mark.parametrize(
    ("heads", "column"),
    [
        ("EmployeeId,emp-id,level,department", "'EmployeeId' and 'emp-id' both mean employee_id"),
        ("id,level,Department,department", "'department' and 'Department' both mean department"),
        ("employee_id,level,department,office,location", "'office' and 'location' both mean site"),
        ("id,level,department,engagement_1_5,engagement", "'engagement' and 'engagement_1_5' both"),
    ],
)
def test_of_two_columns_of_one_meaning_the_one_taken_is_said(
    tmp_path: Path, heads: str, column: str
) -> None:
    roster = read(tmp_path, f"{heads}\n" + "1," * heads.count(",") + "1\n")
    assert any(column in note and "the first was taken" in note for note in roster.notes)


LAST = "give whole numbers (1 is the lowest), or words such as intern < entry < associate"
AGES = "Give a number from 14 to 100 years, or leave the cell empty"
ISO = "Write dates as yyyy-mm-dd"


@pytest.mark.parametrize(
    ("heading", "cells", "line", "problem", "remedy"),
    [
        ("age", ("40", "abc"), 3, "'abc' is not a number", AGES),
        ("age", ("old",), 2, "'old' is not a number", AGES),
        ("age", ("-40",), 2, "-40 is out of range", AGES),
        ("age", ("13",), 2, "13 is out of range", AGES),
        ("age", ("101", "40", "7"), 2, "(and 1 more row with the same problem: '7')", AGES),
        (
            "age",
            ("1", "2", "40", "3"),
            2,
            "(and 2 more rows with the same problem: '2', '3')",
            AGES,
        ),
        ("age", ("1e2",), 2, "'1e2' is not a number", AGES),
        ("age", ("9" * 5000,), 2, "...' is not a number", AGES),
        ("birth_year", ("1900",), 2, "birth year 1900 is out of range", "aged 14 to 100 in 2026"),
        ("birth_year", ("85",), 2, "'85' is not a birth year or date", "Give a year"),
        ("age_band", ("30s",), 2, "'30s' is not an age band", "30-39, under 30 or 60+"),
        ("age_band", ("39-30",), 2, "'39-30' is out of range", "within 14 to 100"),
        ("generation", ("alpha",), 2, "'alpha' is not a known generation", "millennial, gen_z"),
        ("tenure_years", ("71",), 2, "71 is out of range", "Give a number from 0 to 70 years"),
        ("tenure_months", ("-1",), 2, "-1 is out of range", "from 0 to 840 months"),
        ("months_since_promotion", ("x",), 2, "'x' is not a number", "from 0 to 840 months"),
        ("years_since_promotion", ("80",), 2, "80 is out of range", "from 0 to 70 years"),
        ("hire_date", ("03/04/2020",), 2, "as day/month or as month/day", ISO),
        ("hire_date", ("2020-02-30",), 2, "'2020-02-30' is not a day of the calendar", ISO),
        ("hire_date", ("soon",), 2, "'soon' is not a date", ISO),
        ("hire_date", ("1850-01-01",), 2, "'1850-01-01' is out of range", ISO),
        ("hire_date", ("1950-01-01",), 2, "more than 70 years ago", "Check the year"),
        ("work_mode", ("sometimes",), 2, "'sometimes' is not known", "on_site, hybrid, remote"),
        ("remote", ("partly",), 2, "'partly' is not known", "Allowed: yes, no"),
        ("capacity", ("11",), 2, "11 is out of range", "Give a whole number from 0 to 10"),
        ("capacity", ("-1",), 2, "-1 is out of range", "Give a whole number from 0 to 10"),
        ("capacity", ("two",), 2, "'two' is not a whole number", "from 0 to 10"),
        ("is_mentor", ("perhaps",), 2, "'perhaps' is not known", "Allowed: yes, no"),
        ("status", ("T", "T"), None, "all 2 people in the file have left", "present staff"),
        ("engagement", ("0.5", "4"), 2, "between 0.5 and 4", "State it in the heading"),
        ("engagement", ("-1",), 2, "-1 is out of range", "from 0 to 100"),
        ("engagement_1_4", ("5",), 2, "5 is out of range", "from 1 to 4"),
        ("skills_have", ("python",), 2, "'python' is not name:level", "name:level;name:level"),
        ("skills_have", ("py!:1",), 2, "'py!:1' is not name:level", "0 to 1, or 1 to 5"),
        ("skills_have", ("a:1;A:1",), 2, "the skill 'a' is named twice", "name:level"),
        ("skills_have", ("a:6",), 2, "skill 'a': 6 is out of range", "skills_have_0_10"),
        ("skills_want", ("a:0.5;b:3",), 2, "skill 'a': 0.5 is out of range", "1 to 5"),
        ("skills_want_0_10", ("a:11",), 2, "skill 'a': 11 is out of range", "from 0 to 10"),
        ("manager_id", ("", "2"), 3, "'2' is their own manager", "Leave the cell"),
        (
            "manager_id",
            ("", "3", "4", "2"),
            3,
            "'2' -> '3' -> '4' -> the first again",
            "Correct one",
        ),
        ("exclude_ids", ("1",), 2, "'1' is named as their own partner", "Remove the id"),
        ("exclude_ids", ("", "1;77"), 3, "'77' is nobody's id", "Give ids of people on the staff"),
        ("must_pair_with", ("88",), 2, "'88' is nobody's id", "Give ids of people on the staff"),
    ],
)
def test_cells_that_cannot_be_used(
    tmp_path: Path,
    heading: str,
    cells: tuple[str, ...],
    line: int | None,
    problem: str,
    remedy: str,
) -> None:
    with pytest.raises(InputError) as caught:
        column(tmp_path, heading, *cells)
    message = str(caught.value)
    assert caught.value.line == line
    assert heading in (caught.value.key or "")
    assert problem in message
    assert remedy in message
    assert len(message) < 600


@pytest.mark.parametrize(
    ("text", "line", "key", "problem", "remedy"),
    [
        (f"{HEAD}\n1,,S\n2,,S\n", 2, "level", "the cell is empty (and 1 more row", "everybody"),
        (f"{HEAD}\n1,1,S\n,1,S\n", 3, "employee_id", "the cell is empty", "needed for everybody"),
        (f"{HEAD}\n1,boss,S\n", 2, "level", "'boss' is not a known level", LAST[1:]),
        (f"{HEAD}\n1,-3,S\n", 2, "level", "'-3' is not a known level", LAST[1:]),
        (f"{HEAD}\n1,2.5,S\n", 2, "level", "'2.5' is not a known level", LAST[1:]),
        (f"{HEAD}\n1,1,S\n2,partner,S\n", 3, "level", "'partner' and '1' mix numbers and words",
         "Use either"),
        (f"{HEAD}\n" + "".join(f"{n},{n},S\n" for n in range(13)), None, "level",
         "there are 13 different levels", "Group them into 12 at most"),
        ("id,level,team\n" + "".join(f"{n},1,D{n}\n" for n in range(10_001)), None,
         "'team' (department)",
         "there are 10,001 different names", "is this the right column?"),
        (f"{HEAD}\n1,1,S\n2,1,S\n1,1,T\n", 4, "employee_id",
         "the id '1' is on line 2 and again on line 4", "Give everybody one row"),
        (f"{HEAD},status,termination_date\n1,1,S,,\n2,,,T,2020-01-01\n2,,X,T,2020-01-01\n", 4,
         "employee_id", "the id '2' is on line 3 and again on line 4", "Give everybody one row"),
        (f"{HEAD}\n\x1b[2J,1,S\n", 2, "employee_id", r"'\x1b[2J' contains a character that cannot",
         "letters"),
        (f"{HEAD},age,tenure_years\n1,1,S,30,18\n2,1,S,30,18\n", 2, "tenure_years",
         "18.0 years of service do not fit an age of 31 at most", "Check the age"),
        (f"{HEAD},generation,hire_date\n1,1,S,gen_z,2010-01-01\n2,1,S,gen_z,2010-01-01\n", 2, "hire_date",
         "do not fit an age of 29 at most", "Check the age"),
        (f"{HEAD},exclude_ids,must_pair_with\n1,1,S,,2\n2,1,S,1,\n", 2, "must_pair_with",
         "'1' and '2' must pair and must not pair", "Remove the id"),
        (f"{HEAD},status,must_pair_with\n1,1,S,A,2\n2,1,S,T,\n", 2, "must_pair_with",
         "'2' is nobody's id on the staff", "Give ids"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_used(
    tmp_path: Path, text: str, line: int | None, key: str, problem: str, remedy: str
) -> None:
    error = refuse(tmp_path, text)
    assert error.line == line
    assert error.key == key
    assert problem in str(error)
    assert remedy in str(error)


def test_the_message_names_the_heading_of_the_file(tmp_path: Path) -> None:
    error = refuse(tmp_path, "EmployeeNumber,JobLevel,Department,YearsAtCompany\n1,1,S,99\n")
    assert error.key == "'YearsAtCompany' (tenure_years)"
    assert f"{tmp_path / 'roster.csv'}, line 2: 'YearsAtCompany' (tenure_years): 99" in str(error)


def test_a_long_circle_is_shortened(tmp_path: Path) -> None:
    cells = [str(row % 10 + 1) for row in range(1, 11)]
    with pytest.raises(InputError, match=r"'1' -> '2' -> .* -> '6' -> \.\.\. \(10 people\)"):
        column(tmp_path, "manager_id", *cells)


def test_the_start_year_must_be_plausible(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(f"{HEAD}\n1,1,S\n")
    with pytest.raises(InputError, match=r"organisation\.start_year: 20 is out of range\. Give"):
        read_roster(path, start_year=20)
    with pytest.raises(InputError, match="Check the start year"):
        column(tmp_path, "generation", "gen_z", start_year=2000)


# --- ties -----------------------------------------------------------------------------------------
def test_ties(tmp_path: Path) -> None:
    roster = read(tmp_path, f"{HEAD},status\na,1,S,A\nb,1,S,A\nc,1,S,T\nd,1,S,A\n")
    path = tmp_path / "ties.csv"
    path.write_text("Source;Target;weight\nd;a;1\na;b;2\na;b;3\nc;a;1\nb;c;1\n")
    ties = read_ties(path, roster)
    assert ties.tolist() == [[0, 1], [2, 0]]
    assert ties.dtype == np.int32
    assert dataclasses.replace(roster, ties=ties).ties.shape == (2, 2)
    path.write_text("source,target\n")
    assert read_ties(path, roster).shape == (0, 2)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("source,target\na,b\na,z\n", 3, "target: 'z' is nobody's id in the roster. Give ids as"),
        ("source,target\na,a\n", 2, "'a' seeks advice from themselves. Remove the row."),
        ("source,target\n,a\n", 2, "source: the cell is empty"),
        ("a,b\n", 1, "there is no column source and no column target"),
    ],
)
def test_ties_that_cannot_be_used(tmp_path: Path, text: str, line: int, problem: str) -> None:
    roster = read(tmp_path, f"{HEAD}\na,1,S\nb,1,S\n")
    path = tmp_path / "ties.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_ties(path, roster)
    assert caught.value.line == line
    assert problem in str(caught.value)


# --- the shipped rosters --------------------------------------------------------------------------
def test_the_law_firm() -> None:
    roster = read_roster(SHIPPED / "lazega_law_firm.csv")
    assert roster.headcount == 71
    assert roster.level_names == ("associate", "partner")
    assert np.bincount(roster.level).tolist() == [0, 35, 36]
    sizes = dict(zip(roster.department_names, np.bincount(roster.department), strict=True))
    assert sizes == {"litigation": 41, "corporate": 30}
    offices = dict(zip(roster.site_names, np.bincount(roster.site), strict=True))
    assert offices == {"Boston": 48, "Hartford": 19, "Providence": 4}
    assert (roster.age.min(), roster.age.max()) == (26.0, 67.0)
    assert roster.tenure_months.max() == 12 * 32
    assert (roster.manager == -1).all()
    ties = read_ties(SHIPPED / "lazega_law_firm_advice.csv", roster)
    assert len(ties) == 892
    across = (roster.site[ties[:, 0]] != roster.site[ties[:, 1]]).mean()
    assert across == pytest.approx(0.215, abs=0.001)
    older = (roster.age[ties[:, 1]] > roster.age[ties[:, 0]]).mean()
    assert older == pytest.approx(0.62, abs=0.01)


def test_the_fictional_hr_extract() -> None:
    roster = read_roster(SHIPPED / "ibm_hr_fictional.csv")
    assert roster.headcount == 1470
    assert roster.left == 0
    assert np.bincount(roster.level).tolist() == [0, 543, 534, 218, 106, 69]
    sizes = dict(zip(roster.department_names, np.bincount(roster.department), strict=True))
    assert sizes == {"Sales": 446, "Research & Development": 961, "Human Resources": 63}
    assert roster.age.mean() == pytest.approx(36.92, abs=0.005)
    assert roster.tenure_months.mean() == pytest.approx(84.1, abs=0.05)
    assert roster.engagement.mean() == pytest.approx((2.7268 - 1) / 3, abs=0.0005)
    assert not np.isnan(roster.months_since_promotion).any()
    assert "fictional" in (SHIPPED / "README.md").read_text(encoding="utf-8")


# --- size and fuzz --------------------------------------------------------------------------------
@pytest.mark.long
def test_a_hundred_thousand_people_are_read_in_seconds(tmp_path: Path) -> None:
    count = 100_000
    lines = ["employee_id,level,department,manager_id,hire_date,age,engagement"]
    lines += [
        f"{row},{5 if row == 0 else 1},D{row % 500},{row - 1 if row else ''},"
        f"20{row % 26:02d}-0{row % 9 + 1}-11,{40 + row % 20},{row % 100 / 100}"
        for row in range(count)
    ]
    begin = time.process_time()
    roster = read(tmp_path, "\n".join(lines))
    assert time.process_time() - begin < 20.0  # about 1 s; the chain of managers is the worst case
    assert roster.headcount == count
    assert roster.manager[-1] == count - 2


def roster_or_error(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        roster = read_roster(path)
    except InputError as error:
        assert len(str(error)) < 3000
        return
    assert roster.headcount == len(set(roster.employee_id)) > 0
    assert roster.level.min() == 1
    assert set(roster.level.tolist()) == set(range(1, len(roster.level_names) + 1))
    for values, low, high in (
        (roster.age, 14.0, 100.0),
        (roster.tenure_months, 0.0, 840.0),
        (roster.months_since_promotion, 0.0, 840.0),
        (roster.engagement, 0.0, 1.0),
    ):
        assert (np.isnan(values) | ((values >= low) & (values <= high))).all()


HEADINGS = [name for texts in ROSTER_COLUMNS.values() for name in texts[0].split()[:1]]
CELLS = st.one_of(
    st.sampled_from(
        ["", "1", "2", "3", "-1", "0.5", "40", "nan", "1e999", "x", "1;2", "a:1;b:0.2", "a:5",
         "yes", "mentor", "T", "A", "L", "partner", "remote", "gen_x", "30-39", "2020-01-01",
         "1.2.2020", "03/04/2020", "2026-12-31", "9999-12-31", '"', "'", "\x1b", "\u202e",
         "=1+1", "\xa0"]
    ),
    st.text(max_size=8),
)  # fmt: skip
FUZZ = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.long
@FUZZ
@given(content=st.binary(max_size=300))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    roster_or_error(tmp_path / "any.csv", content)
    roster_or_error(tmp_path / "any.csv", f"{HEAD}\n1,1,S\n".encode() + content)


@pytest.mark.long
@FUZZ
@given(data=st.data(), delimiter=st.sampled_from(",;\t"), extra=st.text(max_size=6))
def test_any_table(tmp_path: Path, data: st.DataObject, delimiter: str, extra: str) -> None:
    others = st.lists(st.sampled_from([*HEADINGS[3:], extra]), unique=True, max_size=6)
    headings = [*HEADINGS[:3], *data.draw(others)]
    lines = [headings]
    for row in range(data.draw(st.integers(0, 5))):
        given_cells = [data.draw(CELLS) for _ in headings[3:]]
        lines.append([str(row), data.draw(st.sampled_from("123")), "S", *given_cells])
    quote = '"'
    text = "\n".join(
        delimiter.join(f'"{cell.replace(quote, quote * 2)}"' for cell in line) for line in lines
    )
    roster_or_error(tmp_path / "any.csv", text.encode(errors="replace"))


@pytest.mark.long
@FUZZ
@given(managers=st.lists(st.integers(-1, 11), min_size=1, max_size=12))
def test_circles_are_found_exactly_where_there_are_some(
    tmp_path: Path, managers: list[int]
) -> None:
    def comes_back(row: int) -> bool:
        up = managers[row]
        for _ in managers:
            if not 0 <= up < len(managers) or up == row:
                return up == row
            up = managers[up]
        return False

    circular = any(comes_back(row) for row in range(len(managers)))
    cells = ["" if manager < 0 else str(manager + 1) for manager in managers]
    try:
        roster = column(tmp_path, "manager_id", *cells)
    except InputError as error:
        words = ("circle", "their own manager", "nobody on the staff")
        assert any(word in str(error) for word in words)
        unknown = sum(manager >= len(managers) for manager in managers)
        assert circular or 2 * unknown > sum(manager >= 0 for manager in managers)
    else:
        assert not circular
        expected = [m if m < len(managers) else -1 for m in managers]
        assert roster.manager.tolist() == expected
