"""The table of what planners ask points to things that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from places import ROOT
from sim.scenario import load_scenario
from sim.scenario.catalogue import GROUPS

TEXT = (ROOT / "docs" / "what_planners_ask.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("|") and "`" in line
]
PARAMETERS = {f"{group.name}.{name}" for group in GROUPS for name in group.names()}


def test_the_table_is_there_in_full() -> None:
    assert len(ROWS) >= 34
    steps = [row[0] for row in ROWS if re.match(r"\d\. ", row[0])]
    assert [step[0] for step in steps] == list("1234567")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_pointer_leads_somewhere(row: list[str]) -> None:
    _, parameters, mechanisms, scenarios = (re.findall(r"`([^`]+)`", cell) for cell in row)
    assert parameters and set(parameters) <= PARAMETERS, set(parameters) - PARAMETERS
    assert mechanisms and all((ROOT / file).is_file() for file in mechanisms), mechanisms
    assert scenarios and all((ROOT / file).is_file() for file in scenarios), scenarios


@pytest.mark.parametrize("file", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda f: f.stem)
def test_every_scenario_of_the_library_loads_and_says_what_it_asks(file: Path) -> None:
    scenario = load_scenario(file)
    assert len(scenario.variants) >= 4
    assert any(v.settings["programme"]["policy"] == "none" for v in scenario.variants)
    comment = [line for line in file.read_text("utf-8").splitlines() if line.startswith("#")]
    assert len(comment) >= 5
    assert any("ook " in line or "ompare" in line or "xpect" in line for line in comment), (
        "what to look at?"
    )
