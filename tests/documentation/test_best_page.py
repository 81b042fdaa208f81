"""What the page on the best programme shows is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from places import ROOT
from sim.cli import main

PAGE = (ROOT / "docs" / "best.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.full
def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (firm,) = blocks("toml")
    Path("firm.toml").write_text(firm, encoding="utf-8")
    (commands,) = blocks("console")
    for line in commands.splitlines():
        assert main(shlex.split(line)[1:]) == 0, line
    assert (tmp_path / "best" / "best.html").exists() and (tmp_path / "winners").is_dir()


def test_the_python_on_the_page_is_python() -> None:
    (code,) = blocks("python")
    compile(code, "best.md", "exec")


def test_every_table_and_goal_is_named() -> None:
    from sim.outcomes.goals import BY_NAME

    for name in (*BY_NAME, "curve.csv", "finalists.csv", "goals.csv", "designs.csv"):
        assert f"`{name}`" in PAGE
