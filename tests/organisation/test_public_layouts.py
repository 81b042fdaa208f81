"""Layouts of well-known public files and templates, with invented people: each is read as its planner would.

Two teaching data sets of human resources, a ten-year panel of terminations, a sample of a spreadsheet course, a
people-analytics course, generated employee records, a satisfaction survey, an organogram of the British civil
service, a city's payroll, a mentoring platform's import of preferences, and a report of a large HR system.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.organisation.roster.findings import quoted
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.understanding import Understanding, understand

FOLDER = Path(__file__).parent / "rosters"


def order(*titles: str) -> tuple[tuple[str, ...], ...]:
    return tuple((title,) for title in titles)


@dataclass
class Right:
    """What is right for a file, once its planner has said what only they can say."""

    ids: tuple[str, ...]
    left: int
    level: list[int]
    manager: list[int]
    said: tuple[tuple[str, ...], ...]
    told: dict[str, Any] = field(default_factory=dict)
    contractors: int = 0
    starters: int = 0
    columns: dict[str, str] = field(default_factory=dict)


FILES = {
    # Managers have numbers of their own that are nobody's id: their names resolve.
    "p01": Right(
        ("20001", "20002", "20004", "20006", "20007", "20008"), 2, [3, 2, 1, 1, 1, 2],
        [-1, 0, 1, 5, 5, 0],
        (("follow from the reporting lines",), ("5 of 6 found", "by name"), ("Pay: on no level",)),
        columns={"ManagerName": "manager_name", "Termd": "gone", "Salary": "pay"},
    ),
    # One row a year for everybody: the latest counts, 1/1/1900 is no day, the last record dates the file.
    "p02": Right(
        ("1", "2", "5"), 2, [3, 2, 1], [-1, -1, -1],
        (("5 people on several rows, one for each 'recorddate_key'",),
         ("2015-12-31 at the latest", "file's date"), ("8 stand for no date",)),
        told={"level_order": order("Cashier", "Store Manager", "CEO"), "start_year": 2016},
        columns={"orighiredate_key": "hire_date", "termreason_desc": "leaving_reason"},
    ),
    "p03": Right(
        ("E90387", "E90388", "E90389", "E90390", "E90391", "E90393"), 1, [6, 5, 4, 3, 2, 1], [-1] * 6,
        (("month first", "Hire Date"),),
        told={"level_order": order("Analyst", "Analyst II", "Sr. Analyst", "Sr. Manger", "Director",
                                   "Vice President")},
        columns={"EEID": "employee_id", "Annual Salary": "pay", "Exit Date": "termination_date"},
    ),
    "p04": Right(
        ("E10012", "E10025", "E10027", "E10048", "E6655", "E9335"), 1, [1, 1, 2, 3, 4, 5],
        [5, 4, 5, 5, 5, -1],
        (("'cutoff_date'", "2014-12-31"), ("'Inactive' (1 person) counts as having left",)),
        told={"level_order": order("Analyst", "Specialist", "Assistant Manager", "Manager", "Director"),
              "start_year": 2015},
        columns={"mgr_id": "manager_id", "emp_age": "age", "last_working_date": "termination_date"},
    ),
    "p05": Right(
        ("00-10000001", "00-10000002", "00-10000004", "00-10000005"), 1, [1, 2, 1, 2], [-1] * 4,
        (("Separator: semicolons",), ("day first", "'16/04/2016'")),
        told={"level_order": (("Help Desk Technician", "Operations Analyst"),
                              ("Customer Service Manager", "Operations Manager"))},
        columns={"Termdate": "termination_date", "Birthdate": "birth_year"},
    ),
    # A vacant post is nobody; who reports to it reports to its own manager.
    "p08": Right(
        ("100", "101", "103", "105"), 0, [3, 2, 1, 1], [-1, 0, 1, 0],
        (("2 are vacant posts (lines 4 and 6)",), ("British civil service",)),
        columns={"Grade (or equivalent)": "level", "Reports to Senior Post": "manager_id", "Unit": "department"},
    ),
    "p09": Right(
        ("row 2", "row 3", "row 4", "row 5", "row 6", "row 7"), 0, [1, 2, 3, 1, 1, 1], [-1] * 6,
        (("no column of employee ids",),),
        told={"level_order": (("CROSSING GUARD", "MOTOR TRUCK DRIVER", "POLICE OFFICER"), ("SERGEANT",),
                              ("LIEUTENANT",))},
        columns={"Job Titles": "job_title", "Annual Salary": "pay"},
    ),
    "p10": Right(
        ("row 2", "row 3", "row 4", "row 5", "row 6"), 0, [4, 3, 2, 2, 1], [-1] * 5, (),
        columns={"Mentoring Type *": "role", "Maximum Mentees": "capacity"},
    ),
    # The smallest number of a management level is the highest; the words say so.
    "p11": Right(
        ("100401", "100402", "100403", "100406"), 1, [4, 3, 1, 2], [-1, 0, 1, 1],
        (("smallest of the numbers before them is the highest",), ("title says 2025-06-30",)),
        contractors=1,
        columns={"Worker's Manager": "manager_id", "Active Status": "active"},
    ),
}  # fmt: skip


def read(name: str, **options: Any) -> Understanding:
    (path,) = FOLDER.glob(f"{name}_*.csv")
    return understand(path, RosterOptions(**options))


@pytest.mark.parametrize("name", FILES)
def test_public_layouts_are_read(name: str) -> None:
    right = FILES[name]
    found = read(name, **right.told)
    assert found.roster is not None, found.problems
    roster = found.roster
    assert roster.employee_id == right.ids
    assert (roster.left, found.contractors, found.starters) == (
        right.left, right.contractors, right.starters,
    )  # fmt: skip
    assert roster.level.tolist() == right.level
    assert roster.manager.tolist() == right.manager
    columns = {heading: column for column, heading in found.columns}
    assert {heading: columns.get(heading) for heading in right.columns} == right.columns
    for parts in right.said:
        assert any(all(part in note for part in parts) for note in found.notes), parts
    # Nobody's own pay is told by levels of so few people.
    assert roster.salary_by_level.size == 0


@pytest.mark.parametrize(
    "name", [name for name, right in FILES.items() if "level_order" in right.told]
)
def test_the_order_that_only_the_planner_knows_is_asked_for(name: str) -> None:
    found = read(name)
    assert found.roster is None
    assert len(found.problems) == 1
    (line,) = [" ".join(one.lines) for one in found.decisions if "Lowest first" in one.question]
    assert line.startswith("level_order = [")
    assert all(
        quoted(title)[1:-1] in line for group in FILES[name].told["level_order"] for title in group
    )


def test_details_of_them() -> None:
    panel = read("p02", **FILES["p02"].told)
    assert panel.roster is not None
    assert panel.rows == 13
    assert panel.roster.left_reason.tolist() == [0, 2]
    assert panel.roster.left_date.astype(str).tolist() == ["2014-09-15", "2015-12-01"]
    assert panel.roster.tenure_months / 12 == pytest.approx([26.3, 19.9, 1.8], abs=0.05)
    assert not np.isnan(panel.roster.age).any()
    reasons = read("p01").roster
    assert reasons is not None
    assert reasons.left_reason.tolist() == [0, 1]
    cut = read("p04", **FILES["p04"].told).roster
    assert cut is not None
    assert cut.age.tolist() == [25.1, 26.0, 30.3, 34.6, 39.2, 45.0]
    assert cut.reference_date.isoformat() == "2014-12-31"
    asked = [line for one in read("p04").decisions for line in one.lines]
    assert "start_year = 2014" in asked
    wishes = read("p10").roster
    assert wishes is not None
    assert wishes.role.tolist() == [1, 0, 2, 3, 2]
    assert wishes.capacity.tolist() == [2, 1, -1, -1, -1]


def test_managers_from_elsewhere_are_asked_about_and_not_made_up() -> None:
    found = read("p06")
    assert (found.staff, found.left, found.contractors, found.starters) == (2, 1, 1, 1)
    assert found.roster is None
    managers, levels = found.problems
    assert "2 of the 2 managers who are named are nobody" in managers.problem
    assert "no column level" in levels.problem
    assert any("Who manages whom?" in one.question for one in found.decisions)


def test_a_survey_without_people_is_refused_in_plain_words() -> None:
    (problem,) = read("p07").problems
    assert (
        problem.problem
        == "there is no column employee_id and no column level and no column department"
    )
    assert "looks like a person" not in problem.remedy


def test_who_is_missing_from_the_latest_record_has_left(tmp_path: Path) -> None:
    path = tmp_path / "panel.csv"
    path.write_text(
        "employee_id,level,department,snapshot_date\n"
        "a,2,X,2024-12-31\nb,1,X,2024-12-31\nc,1,X,2024-12-31\n"
        "a,2,X,2025-12-31\nc,2,X,2025-12-31\n",
        encoding="utf-8",
    )
    found = understand(path, RosterOptions())
    assert found.roster is not None
    assert found.roster.employee_id == ("a", "c")
    assert found.roster.level.tolist() == [1, 1]
    assert found.roster.left_employee_id == ("b",)
    assert found.roster.left_date.astype(str).tolist() == ["2024-12-31"]
    assert any("1 person not in the latest record" in note for note in found.notes)
