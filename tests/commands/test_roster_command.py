"""``mentorsim roster``: one screen in plain words, a template, a scenario to go on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import sim
from sim.organisation.roster.screen import screen
from sim.organisation.roster.template import EXPLAINED, write_template
from sim.organisation.roster.understanding import understand
from sim.scenario import load_scenario

FILES = Path(__file__).parents[1] / "organisation" / "rosters"


@pytest.mark.long
def test_one_screen_says_what_was_understood_and_what_to_decide(tmp_path: Path) -> None:
    done = sim("roster", str(FILES / "turned.csv"), "--write", "turned.toml", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for part in (
        "240 people on the staff", "'engagement_score_1_5'  engagement", "CHECK THIS",
        'level_1_is = "top"', "No reporting lines on file", "Wrote turned.toml",
    ):  # fmt: skip
        assert part in done.stdout
    scenario = load_scenario(tmp_path / "turned.toml")
    assert scenario.roster is not None
    assert scenario.roster.headcount == 240
    told = tmp_path / "turned.toml"
    text = told.read_text(encoding="utf-8").replace("\n# The real staff.", '\nlevel_1_is = "top"')
    told.write_text(text, encoding="utf-8")
    calm = sim("roster", str(FILES / "turned.csv"), "--settings", "turned.toml", folder=tmp_path)
    assert "CHECK THIS" not in calm.stdout
    assert sim("check", str(FILES / "turned.csv"), folder=tmp_path).stdout.startswith(str(FILES))


def test_a_file_that_cannot_be_used_is_shown_with_all_that_is_wrong(tmp_path: Path) -> None:
    done = sim("roster", str(FILES / "c50_skills_named.csv"), folder=tmp_path)
    assert done.returncode == 2
    assert "To put right (2)" in done.stdout
    assert "lines 2, 3 and 4" in done.stdout
    assert done.stderr == ""


def test_every_small_file_fits_on_a_screen() -> None:
    for path in sorted(FILES.glob("*.csv")):
        text = screen(understand(path.read_bytes(), name=path.name))
        assert len(text.splitlines()) < 75
        assert max(map(len, text.splitlines())) <= 140


def test_the_template_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    write_template(path)
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book["people"]
    assert [cell.value for cell in sheet[1]] == list(EXPLAINED)
    for column, (_, example, _) in enumerate(EXPLAINED.values(), 1):
        sheet.cell(row=2, column=column, value=example)
        sheet.cell(
            row=3,
            column=column,
            value={"employee_id": "E1002", "level": "4"}.get(list(EXPLAINED)[column - 1], ""),
        )
        sheet.cell(
            row=4,
            column=column,
            value={"employee_id": "E1007", "level": "1"}.get(list(EXPLAINED)[column - 1], ""),
        )
    book.save(path)
    found = understand(path)
    assert found.roster is not None, found.problems
    assert found.roster.manager.tolist() == [1, -1, -1]
    assert found.roster.skills_have[0] == {"leadership_and_strategy": 0.75, "digital_tools": 0.25}
    assert not found.not_read
