"""Staff lists: notes below the table are no people, and what is missing is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.organisation.roster.findings import Findings
from sim.organisation.roster.lines import Line
from sim.organisation.roster.notes import missing
from sim.organisation.roster.shape import without_sums
from sim.organisation.roster.understanding import read_roster

NOTE = "As of the end of March, without trainees"


@pytest.mark.parametrize(
    ("below", "kept"),
    [
        ([NOTE, "", ""], 2),
        ([NOTE, "", "", ""], 2),
        ([NOTE, ""], 3),  # a list of two columns may have a long name without anything
        (["A short name", "", ""], 3),
        ([NOTE, "A", ""], 3),
        ([NOTE[:25], "", ""], 3),
        ([NOTE[:26], "", ""], 2),
    ],
)
def test_a_note_is_passed_over(below: list[str], kept: int) -> None:
    body = [Line(1, ["1", "A", "2"]), Line(2, ["2", "B", "3"]), Line(3, below)]
    assert len(without_sums(body, Findings())) == kept


def test_what_is_missing_is_counted_for_those_who_lack_it(tmp_path: Path) -> None:
    """Every role that is given is known, the first of the list, too."""
    file = tmp_path / "staff.csv"
    heads = "employee_id,level,department,role,capacity,site"
    rows = ["1,1,A,mentor,0,N", "2,1,A,mentee,2,S", "3,1,A,either,1,N", "4,2,A,none,,", "5,2,A,,3,"]
    file.write_text("\n".join([heads, *rows]), "utf-8")
    told = {name: count for name, count, _ in missing(read_roster(file))}
    assert told["Role"] == 1
    assert told["Capacity"] == 1
    assert told["Site"] == 2
    assert told["Age"] == 5
