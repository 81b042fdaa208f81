"""What the tutorial shows is run as it stands, in the order in which it stands."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from command_line import sim_here
from places import ROOT


@pytest.mark.long
def test_the_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs" / "first_study.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:<!-- (\S+) -->\n)?```(\w+)\n(.*?)```\n", text, re.DOTALL)
    assert [kind for _, kind, _ in blocks].count("python") == 2
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    shown = io.StringIO()
    for file, kind, block in blocks:
        if kind == "toml":
            (tmp_path / file).write_text(block, encoding="utf-8")
        elif kind == "python":
            with contextlib.redirect_stdout(shown):
                exec(compile(block, "first_study.md", "exec"), names)
        else:
            (command,) = block.splitlines()
            program, *words = shlex.split(command)
            assert program == "mentorsim"
            result = sim_here(*words, folder=tmp_path)
            assert result.returncode == 0, result.stderr
    assert re.search(r"^[+-]\d+\.\d\d \[[+-]", shown.getvalue(), re.MULTILINE)
    assert "per 100 employee-years, standard error" in shown.getvalue()
    assert (tmp_path / "results" / "both_kinds" / "uncertainty.csv").exists()
