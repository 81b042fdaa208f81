"""Whoever has no manager on file reports to the nearest level above, in the department first, in turn."""

from __future__ import annotations

import pytest

from sim.organisation.design import chart_from_roster
from sim.organisation.roster.understanding import read_roster
from sim.scenario import Scenario


@pytest.mark.parametrize(
    ("rows", "bosses"),
    [
        # The top of one's own department, though another one's stands first; in a department without, the first.
        ("a,3,A b,3,B c,2,B d,2,C e,1,B", {"c": "b", "d": "a", "e": "c"}),
        # In turn within a department; a level that nobody has is passed over.
        ("a,4,A b,2,A c,2,A d,1,A e,1,A f,1,A", {"b": "a", "c": "a", "d": "b", "e": "c", "f": "b"}),
    ],
)
def test_guessed_managers(rows: str, bosses: dict[str, str]) -> None:
    text = "employee_id,level,department\n" + rows.replace(" ", "\n")
    roster = read_roster(text.encode())
    chart = chart_from_roster(roster, Scenario().settings["organisation"])
    name = [roster.employee_id[row] for row in chart.slot]
    found = {name[post]: name[boss] for post, boss in enumerate(chart.boss) if boss >= 0}
    assert found == bosses
