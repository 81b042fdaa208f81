"""What was worked out is kept whole, or elsewhere, or it is said that it is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from sim.commands.results import save_somewhere
from sim.deciding.saving import Kept
from sim.errors import InputError
from sim.experiments.manifest import MAKER


class Small(Kept):
    """One table and one text."""

    manifest = {"made_by": MAKER, "kind": "small"}

    def _tables(self) -> Mapping[str, pd.DataFrame]:
        return {"numbers": pd.DataFrame({"of": ["=1+1"], "value": [2.0]})}

    def _texts(self, folder: Path, command: str | None) -> Mapping[str, str]:
        return {"page.html": f"made by {command} for {folder.name}"}


def test_a_folder_that_can_take_nothing_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It became a file while firms were simulated; everything goes home, and it is said where."""
    (tmp_path / "home").mkdir()
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    (tmp_path / "file").write_text("mine")
    places = [tmp_path / "file" / "out"]
    save_somewhere(
        lambda place, replace: Small().save(place, overwrite=replace, command="x"),
        places,
        overwrite=False,
    )
    (kept,) = (tmp_path / "home").iterdir()
    assert places[-1] == kept and kept.name.startswith("mentorsim_out_")
    assert f"They are kept in {kept} instead." in capsys.readouterr().err
    told = json.loads((kept / "manifest.json").read_text())
    assert (told["kind"], told["command"]) == ("small", "x")
    assert told["files"] == ["manifest.json", "numbers.csv", "page.html"]
    assert (kept / "numbers.csv").read_text() == "of,value\n'=1+1,2.0\n"
    assert (tmp_path / "file").read_text() == "mine"


def test_a_second_time_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    Small().save(tmp_path / "out")
    with pytest.raises(InputError, match="there are results already"):
        Small().save(tmp_path / "out")
    Small().save(tmp_path / "out", overwrite=True)
    (tmp_path / "out" / "mine.txt").write_text("x")
    with pytest.raises(InputError, match=r"also holds \"mine.txt\""):
        Small().save(tmp_path / "out", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
