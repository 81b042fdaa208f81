"""The researchers' tutorial: its commands on a small copy of its study, its sentences on the full one."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from places import ROOT, SCENARIOS
from sim.cli import main

PAGE = (ROOT / "docs" / "researchers_tutorial.md").read_text(encoding="utf-8")
STUDY = (SCENARIOS / "sweeps" / "levers_and_ensemble.toml").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def follow(
    folder: Path, study: str, capsys: pytest.CaptureFixture[str]
) -> tuple[str, dict[str, Any]]:
    """What the page's commands print, and what its code makes."""
    scenario = (SCENARIOS / "pairing_policies.toml").as_posix()
    text = study.replace('"../pairing_policies.toml"', f'"{scenario}"')
    (folder / "levers_and_ensemble.toml").write_text(text, encoding="utf-8")
    capsys.readouterr()
    for block in blocks("console"):
        for line in block.splitlines():
            assert main(shlex.split(line)[1:]) == 0, line
    names: dict[str, Any] = {}
    exec(blocks("python")[0], names)
    return capsys.readouterr().out, names


@pytest.mark.long
def test_the_commands_and_the_finding_in_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    small = STUDY
    for full, less in (
        ("replicates = 40", "replicates = 8"), ("months = 36", "months = 24"),
        ("employees = 120", "employees = 80"), ("points = 20", "points = 4"),
    ):  # fmt: skip
        assert full in small
        small = small.replace(full, less)
    told, names = follow(tmp_path, small + '\n[execution]\nengine = "here"\n', capsys)
    assert "How the others differ from Traditional" in told
    assert (tmp_path / "results" / "levers" / "analysis.html").exists()
    # The half of the finding that four sets and four points show.
    assert names["gain"]["sets"] == names["gain"]["sets_below"] == 4
    assert names["gain"]["high"] < 0.0


def test_the_page_shows_the_study_that_is_shipped() -> None:
    (shown,) = blocks("toml")
    for line in filter(None, shown.splitlines()):
        assert line in STUDY.splitlines(), line


@pytest.mark.full
def test_the_full_study_says_what_the_page_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    told, names = follow(tmp_path, STUDY, capsys)
    quoted = re.findall(r"^> (.*)$", PAGE, re.MULTILINE)
    assert len(quoted) == 3
    for sentence in quoted:
        assert sentence in told
    assert names["engagement"]["sets_above"] == names["gain"]["sets_below"] == 20
