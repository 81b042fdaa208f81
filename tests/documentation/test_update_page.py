"""What the page on updating says is there."""

from __future__ import annotations

import re

from places import ROOT
from sim.cli import main
from sim.deciding.observed_columns import COLUMNS
from sim.deciding.worlds import TARGETS

PAGE = (ROOT / "docs" / "update.md").read_text(encoding="utf-8")


def test_every_column_stands_there_with_its_meaning() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert rows == {name: column.meaning for name, column in COLUMNS.items()}


def test_every_forecast_has_its_gain() -> None:
    gains = re.findall(r"^\| [a-z ]+( \| −?\.\d\d){4} \(\.\d\d\) \|$", PAGE, re.MULTILINE)
    assert len(gains) == len(TARGETS)


def test_every_way_of_being_wrong_has_its_share() -> None:
    shares = re.findall(r"^\| [^|]+ \| (\d+) \|$", PAGE, re.MULTILINE)
    assert len(shares) == 8 and max(map(int, shares)) <= 100


def test_the_options_on_the_page_are_there(capsys: object) -> None:
    for option in re.findall(r"mentorsim update .*?(--[a-z]+)", PAGE):
        assert option in ("--template", "--variant")
    for words in (["update", "--help"], ["best", "--help"]):
        try:
            main(words)
        except SystemExit as done:
            assert done.code == 0
