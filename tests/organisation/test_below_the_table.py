"""Notes below a staff list: a long one that fills one cell of a table of three columns or more is no person."""

from __future__ import annotations

import pytest

from sim.organisation.roster.findings import Findings
from sim.organisation.roster.lines import Line
from sim.organisation.roster.shape import without_sums

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
