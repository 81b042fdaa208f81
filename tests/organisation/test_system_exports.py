"""Exports of HR systems, payrolls, city registers and mentoring platforms, with invented people.

Headings, words of employment, encodings and habits are those of the systems (SuccessFactors, ADP, UKG, HiBob,
Personio, DATEV, Lucca, Factorial, AFAS, Zucchetti, Odoo, ERPNext, SAP, BambooHR, Chronus, sign-up forms, sample
databases, public payrolls); each file has four to nine people, and what is right for it stands here.
"""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook

from sim.organisation.roster.cells import duration_in
from sim.organisation.roster.level_lines import order_by_lines
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.understanding import Understanding, understand

FOLDER = Path(__file__).parent / "rosters"


def read(name: str, **options: Any) -> Understanding:
    (path,) = FOLDER.glob(f"{name}_*.csv")
    return understand(path, RosterOptions(**options))


def order(*labels: str) -> tuple[tuple[str, ...], ...]:
    return tuple((label,) for label in labels)


# Ids, how many have left, levels, managers; parts of what must be said; what only the planner can say.
Case = tuple[str, int, list[int], list[int], tuple[str, ...], dict[str, Any]]
READ: dict[str, Case] = {
    "s01": ("1001 1002 1003 1004 1006", 1, [5, 4, 2, 3, 1], [-1, 0, 1, 0, 1],
            ("taken from line 2", "'L2' is 1"), {}),
    "s02": ("000101 000102 000103 000104 000106", 1, [3, 2, 1, 1, 1], [-1, 0, 1, 1, 1],
            ("4 of 4 found", "on leave"), {}),
    "s03": ("10001 10002 10003 10004", 1, [3, 2, 1, 1], [-1, 0, 1, 1],
            ("UTF-16", "'Org Level 2' as department"), {}),
    "s04": ("1 2 3 4 5 7", 1, [6, 5, 4, 3, 2, 1], [-1, 0, 1, 2, 2, 2],
            ("follows from who reports to whom; in 5 of 5 lines", "'Tenure' as tenure_years"), {}),
    "s05": ("17 18 19 22", 1, [4, 3, 2, 1], [-1, 0, 1, 1], ("'Kündigungsart' as leaving_reason",), {}),
    "s06": ("00001 00002 00003 00004 00005 00006", 0, [6, 5, 4, 3, 2, 1], [-1] * 6,
            ("'Entgeltgruppe' as level", "'Tätigkeit' as job_title", "encoding of DOS"), {}),
    "s07": ("0001 0002 0003 0004 0006", 1, [4, 3, 3, 1, 2], [-1, 0, 1, 1, 1], ("'CSP' as level",), {}),
    "s08": ("row 2,row 3,row 4,row 5", 1, [3, 2, 1, 1], [-1, 0, 1, 1],
            ("old Macintosh", "'Técnico' is 1"), {}),
    "s09": ("1000 1001 1002 1003", 1, [4, 3, 2, 1], [-1, 0, 1, 1], ("'Medewerker' as employee_id",), {}),
    "s10": ("0001 0002 0003 0004", 1, [4, 3, 2, 1], [-1, 0, 1, 1], ("Italian categories",), {}),
    "s11": ("row 2,row 3,row 4", 1, [3, 2, 1], [-1] * 3, ("Contractors: 1 person",),
            {"level_order": order("Medico", "Responsabile", "Direttore")}),
    "s12": ("1 2 3 5 6", 0, [2, 3, 2, 2, 1], [1, -1, 1, 1, 3], ("follow from the reporting lines",), {}),
    "s13": ("100 101 102 103 104 105 108 109", 0, [4, 3, 3, 2, 1, 1, 2, 1], [-1, 0, 0, 2, 3, 3, 1, 6],
            ("follow from the reporting lines",), {}),
    "s14": ("HR-EMP-00001 HR-EMP-00002 HR-EMP-00003 HR-EMP-00005", 1, [4, 3, 2, 1], [-1, 0, 1, 1],
            ("'Relieving Date' as termination_date",), {}),
    "s15": ("row 2,row 3,row 4,row 6", 1, [4, 3, 2, 1], [-1] * 4, ("not known are 'SEASONAL'",),
            {"level_order": order("Seasonal worker", "City park worker", "Park manager", "Commissioner")}),
    "s16": ("row 2,row 3,row 4,row 5", 0, [4, 3, 2, 1], [-1] * 4, ("'Date First Hired' as hire_date",),
            {"level_order": order("Office Services Coordinator", "Master Police Officer",
                                  "Police Sergeant", "Chief of Police")}),
    "s17": ("1 2 3 4 5", 0, [1, 1, 2, 3, 1], [-1] * 5, ("'LengthService' as tenure_years",),
            {"level_order": (("Baker", "Cashier"), ("Store Manager",), ("Director",))}),
    "s19": ("101 102 103", 1, [3, 2, 1], [-1] * 3, ("'KostenstellenBezeichner' as department",), {}),
    "s20": ("100 101 102 104", 1, [3, 2, 1, 1], [-1, 0, 1, 1], ("'manager_personalnummer'",), {}),
    "s21": ("E001 E002 E003 E004", 0, [3, 2, 1, 1], [-1, 0, 1, 1], ("3 of 3 found",), {}),
    "s22": ("1 2 3 4", 0, [3, 2, 1, 1], [-1, 0, 1, 1], ("Contractors: 1 person", "several currencies"), {}),
    "s23": ("1 2 3 5", 0, [4, 3, 1, 2], [-1] * 4, ("'State' as status", "'Mid-Career' is 2"), {}),
    "s24": ("row 2,row 3,row 4,row 6", 0, [4, 3, 2, 1], [-1] * 4,
            ("'I would like to be a...' as role", "1 is there twice"), {}),
    "s25": ("hr.emp_1 hr.emp_2 hr.emp_3 hr.emp_5", 1, [3, 2, 1, 1], [-1, 0, 1, 1], ("3 of 3 found",), {}),
    "s26": ("S1 S2 S3 S4 S5 S6 S7 S8", 1, [5, 4, 3, 2, 2, 1, 4, 1], [-1, 0, 1, 2, 2, 2, 1, 2],
            ("3 people on leave",),
            {"level_order": (("Band 2", "Non AfC Band 2"), ("Band 5",), ("Band 7",),
                             ("Band 8b", "M&D - Consultant"), ("Band 9",))}),
    "s27": ("E10 E11 E12 E13 E14 E15", 1, [6, 5, 4, 3, 2, 1], [-1, 0, 1, 1, 2, 2],
            ("'C2' is 1, 'C1' is 2", "in 5 of 5 lines"), {}),
    "s28": ("00001001 00001002 00001003 00001004", 1, [4, 3, 2, 1], [-1] * 4, ("history of jobs",),
            {"level_order": order("E5", "E9", "AT1", "AT3")}),
    "s29": ("1 2 3 4", 0, [3, 2, 1, 1], [-1] * 4, ("2 people on several rows with the same name",), {}),
    "s30": ("1 2 3 4", 0, [3, 2, 4, 1], [-1] * 4, ("'Work Type' as work_mode",),
            {"level_order": order("Grade A1", "Grade B1", "Grade B2", "Grade C1")}),
    "s31": ("1 2 3 4", 1, [4, 3, 2, 1], [-1, 0, 1, 1], ("2 people on leave", "'Pleno' is 2"), {}),
    "s32": ("row 2,row 3,row 4,row 5,row 6", 0, [5, 4, 3, 1, 2], [-1, 0, 1, 1, 1],
            ("'Bes.-/Entgeltgruppe' as level", "2 people on leave"), {}),
    "s33": ("1 2 3", 1, [3, 2, 1], [-1, 0, 1], ("'Person Number' as employee_id",), {}),
    "s34": ("S001 S002 S003 S005", 1, [4, 3, 2, 1], [-1, 0, 1, 1], ("3 of 3 found",), {}),
    "s35": ("row 2,row 3,row 6", 1, [3, 2, 1], [-1, 0, 1], ("2 of 2 found",), {}),
    "s36": ("001 002 003 005", 1, [4, 3, 2, 1], [-1, 0, 1, 1], ("'Nº resp.' as manager_id",), {}),
    "s37": ("101 102 103 105", 1, [3, 2, 1, 1], [-1, 0, 1, 1], ("'Cost Center 1' as department",), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_an_export_is_read_as_its_planner_would(name: str) -> None:
    ids, left, level, manager, parts, told = READ[name]
    found = read(name, **told)
    roster = found.roster
    assert roster is not None, found.problems
    assert roster.employee_id == tuple(ids.split("," if "," in ids else None))
    assert found.left == left
    assert roster.level.tolist() == level
    assert roster.manager.tolist() == manager
    told_of = " ".join(found.notes)
    for part in parts:
        assert part in told_of, (part, found.notes)


def test_files_without_levels_say_so_alone() -> None:
    """People without ids and departments are read; only what is truly needed is asked for."""
    found = read("s18")
    assert (found.staff, found.left) == (2, 3)
    assert [problem.problem for problem in found.problems] == ["there is no column level"]


def test_every_export_has_a_case() -> None:
    assert {path.name[:3] for path in FOLDER.glob("s*.csv")} == {*READ, "s18"}


def test_details_of_them() -> None:
    spoken = read("s30", **READ["s30"][5]).roster
    assert spoken is not None
    assert spoken.age.tolist() == [47.25, 29.0, 38.0, 24.0]
    assert (spoken.tenure_months / 12.0).round(2).tolist() == [3.33, 0.92, 7.0, 0.5]
    assert spoken.work_mode.tolist() == [1, 0, 2, 0]
    forms = read("s24").roster
    assert forms is not None
    assert forms.role.tolist() == [1, 0, 2, 2]
    assert forms.capacity.tolist() == [2, 1, -1, -1]
    joined = read("s17", **READ["s17"][5]).roster
    assert joined is not None
    assert joined.tenure_months[0] == pytest.approx(12 * 6.018477905)
    two = read("s29").roster
    assert two is not None
    assert [two.department_names[code] for code in two.department] == ["Maths", "Maths", "Maths", "Physics"]  # fmt: skip
    assert read("s05").roster.left_reason.tolist() == [0]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("3y 4m", 40.0), ("9 years, 2 months", 110.0), ("11 months", 11.0), ("2 Jahre und 6 Monate", 30.0),
        ("1 an", 12.0), ("3 anni e 2 mesi", 38.0), ("1,5 years", 18.0), ("7y", 84.0),
        ("12", None), ("", None), ("m", None), ("3x", None), ("Bo 3y", None),
    ],
)  # fmt: skip
def test_durations_say_their_units(text: str, months: float | None) -> None:
    assert duration_in(text) == (pytest.approx(months) if months is not None else None)


def test_lines_that_do_not_tell_an_order_are_not_believed() -> None:
    nobody = np.full(4, -1)
    assert order_by_lines(("X", "Y", "Z", "X"), nobody) is None
    circular = np.array([-1, 0, 1, 2])  # X above Y above X above Y
    assert order_by_lines(("X", "Y", "X", "Y"), circular) is None
    told = order_by_lines(("X", "Y", "Z", "Z"), np.array([-1, 0, 1, 1]))
    assert told is not None
    places, upward, lines = told
    assert sorted(places, key=lambda text: places[text]) == ["Z", "Y", "X"]
    assert (upward, lines) == (3, 3)


# --- workbooks ------------------------------------------------------------------------------------
HEAD = ["Emp ID", "Full Name", "Title", "Grade", "Dept", "Joined", "Left", "Manager Name"]


def book(
    *sheets: tuple[str, list[list[Any]]], hidden: str = "", merged: tuple[str, ...] = ()
) -> bytes:
    made = Workbook()
    assert made.active is not None
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title == hidden:
            sheet.sheet_state = "hidden"
        for cells in merged if title == sheets[-1][0] else ():
            sheet.merge_cells(cells)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_a_report_with_merged_cells_sums_and_a_larger_hidden_sheet() -> None:
    rows: list[list[Any]] = [
        ["Headcount as of 31 March 2026"], [], ["Person", None, "Job"], HEAD,
        [1, "Holt, Anna", "CEO", 5, "Board", datetime(2009, 4, 1), None, None],
        [2, "Kim, Bo", "Head", 4, "Sales", 41000, None, "Holt, Anna"],
        [3, "Cruz, Cleo", "Rep", 2, None, "15/03/2019", None, "Kim, Bo"],
        [4, "Dale, Dan", "Rep", 2, None, 43921.0, None, "Kim, Bo"],
        [5, "Ekl, Eva", "Rep", 1, "Ops", "2021-05-30", datetime(2025, 9, 30), "Kim, Bo"],
        [], ["Total", 5],
    ]  # fmt: skip
    old: list[list[Any]] = [
        HEAD,
        *([100 + n, f"X Y{n}", "Rep", 1, "Ops", None, None, None] for n in range(20)),
    ]
    found = understand(book(("Old", old), ("Data", rows), hidden="Old", merged=("E6:E8",)))
    roster = found.roster
    assert roster is not None, found.problems
    assert (found.staff, found.left) == (4, 1)
    assert [roster.department_names[code] for code in roster.department] == [
        "Board",
        *["Sales"] * 3,
    ]
    assert (roster.tenure_months / 12).round(1).tolist() == [17.0, 14.0, 7.0, 6.0]
    assert any("'Old' (hidden)" in note for note in found.notes)


def test_a_sheet_for_each_department_and_sheets_of_other_days() -> None:
    head = ["Staff No", "Level", "Manager"]
    sheets: dict[str, list[list[Any]]] = {
        name: [head, *([f"{name}{n}", 3 - n, None if n == 0 else f"{name}0"] for n in range(3))]
        for name in ("Sales", "Ops", "IT")
    }
    found = understand(book(*sheets.items()))
    assert found.roster is not None
    assert found.staff == 9
    assert found.managers == (6, 6)
    assert found.roster.department_names == ("Sales", "Ops", "IT")
    assert any("'Ops' from line 5" in note for note in found.notes)
    again = understand(book(("2024", sheets["Ops"]), ("2025", sheets["Ops"])))
    assert again.staff == 3


def test_headings_on_two_rows_are_read_together() -> None:
    rows: list[list[Any]] = [
        ["Employee", None, None, "Line Manager", None, "Hire", "Contract"],
        ["ID", "Name", "Grade", "ID", "Name", "Date", "Type"],
        [1, "A B", 3, None, None, datetime(2010, 1, 1), "Permanent"],
        [2, "C D", 2, 1, "A B", datetime(2012, 1, 1), "Permanent"],
        [3, "E F", 1, 2, "C D", datetime(2018, 1, 1), "Agency"],
    ]
    found = understand(book(("Staff", rows)))
    assert found.roster is not None
    assert dict(found.columns) | {
        "manager_id": "Line Manager ID", "hire_date": "Hire Date", "employment_type": "Contract Type",
    } == dict(found.columns)  # fmt: skip
    assert (found.staff, found.contractors, found.managers) == (2, 1, (1, 1))


def test_sections_and_sums_between_people() -> None:
    rows: list[list[Any]] = [
        ["Employee ID", "Name", "Grade", "Salary"], ["Finance"], [1, "A B", 3, 90000], [2, "C D", 1, 50000],
        ["Subtotal", None, None, 140000], ["HR"], [3, "E F", 2, 60000], ["Subtotal", None, None, 60000],
        [None, "Grand Total", None, 200000],
    ]  # fmt: skip
    found = understand(book(("Staff", rows)))
    assert found.roster is not None
    assert found.roster.employee_id == ("1", "2", "3")
    assert found.roster.department_names == ("Finance", "HR")


SMALL = {
    "a status of rank": (
        "Matricule;Nom;Prénom;Statut;Service;Responsable\n1;MARTIN;Anne;Cadre dirigeant;Dir;\n"
        "2;BERNARD;Hugo;Cadre;Info;MARTIN Anne\n3;PETIT;Lea;Employé;Info;BERNARD Hugo\n",
        [3, 2, 1], [-1, 0, 1],
    ),
    "a family name with an initial": (
        "Staff No,Surname,Initials,Grade,School,Line Manager\nS1,Holt,A,3,Arts,\nS2,Kim,B,2,Arts,Holt A\n"
        "S3,Cruz,C,1,Arts,\"Kim, B.\"\n",
        [3, 2, 1], [-1, 0, 1],
    ),
    "days of hire by month, and words for engagement": (
        "ID,Level,Department,Start,engagement\n1,2,A,Mar-2010,Engaged\n2,1,A,03/2015,Not engaged\n"
        "3,1,A,2019-07,Engaged\n",
        [2, 1, 1], [-1, -1, -1],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", SMALL)
def test_small_things_that_stopped_files(kind: str) -> None:
    text, level, manager = SMALL[kind]
    roster = understand(text.encode(), name="staff.csv").roster
    assert roster is not None
    assert roster.level.tolist() == level
    assert roster.manager.tolist() == manager
    if "month" in kind:
        assert (roster.tenure_months / 12).round(1).tolist() == [15.8, 10.8, 6.5]
        assert np.isnan(roster.engagement).all()


def test_numbers_that_happen_to_be_ids_are_no_managers_and_years_are_no_levels() -> None:
    text = "EmployeeNumber,JobLevel,Department,YearsWithCurrManager,seniority\n" + "".join(
        f"{n},{1 + n % 3},A,{n % 3 + 1},{n % 4 + 1}\n" for n in range(1, 13)
    )
    found = understand(text.encode(), name="staff.csv")
    assert found.managers == (0, 0)
    assert "YearsWithCurrManager" in found.not_read
    unlevelled = understand(text.replace("JobLevel", "x").encode(), name="staff.csv")
    assert [problem.problem for problem in unlevelled.problems] == ["there is no column level"]


def test_days_and_names_of_something_else_are_not_taken() -> None:
    text = (
        "id,Name,level,Leave start date,Hiring manager\n1,Ann Lee,3,2024-01-01,\n2,Bo Kim,2,2024-02-01,Ann Lee\n"
        "3,Cy Orr,1,2024-03-01,Ann Lee\n4,Di Poe,1,2024-03-01,Ann Lee\n"
    )
    taken = dict(understand(text.encode(), name="staff.csv").columns)
    assert {"hire_date", "manager_id"}.isdisjoint(taken)
    ours = text.replace("Leave start", "Entry").replace("Hiring manager", "Our boss")
    assert dict(understand(ours.encode(), name="staff.csv").columns) == taken | {
        "hire_date": "Entry date", "manager_id": "Our boss",
    }  # fmt: skip
