"""What the page on sweeps shows is what happens."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from places import ROOT
from sim.analysis.sweep import load_sweep
from sim.cli import main

FIRM = """\
months = 18
[organisation]
employees = 40
[programme]
start_month = 3
[[variant]]
name = "No programme"
programme.policy = "none"
[[variant]]
name = "Traditional"
programme.policy = "traditional"
[[variant]]
name = "Reverse"
programme.policy = "reverse"
"""


def blocks(language: str) -> list[str]:
    text = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.long
def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("firm.toml").write_text(FIRM, encoding="utf-8")
    (study,) = blocks("toml")
    Path("study.toml").write_text(study + '\n[execution]\nengine = "here"\n', encoding="utf-8")
    (commands,) = blocks("console")
    for line in commands.splitlines():
        words = shlex.split(line)[1:]
        assert main(words) == 0, line
    assert os.path.exists("out/analysis.html") and os.path.exists("out/export/runs.csv")
    (code,) = blocks("python")
    names: dict[str, object] = {}
    exec(code, names)
    made, shown = load_sweep("out").runs, names["made"]
    theirs = shown.runs  # type: ignore[attr-defined]
    first = made[made["replicate"] < 4].reset_index(drop=True)
    assert first["engagement"].equals(theirs["engagement"])
    assert names["words"]
