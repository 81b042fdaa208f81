"""What the page on pilots shows is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pages import check
from places import ROOT
from sim.cli import main
from sim.pilots.designs import DESIGNS

FIRM = """\
months = 18
[organisation]
employees = 80
levels = 3
[programme]
start_month = 3
cohort_months = 6
[volunteering]
level = 0.5
[[variant]]
name = "No programme"
programme.policy = "none"
[[variant]]
name = "Traditional"
programme.policy = "traditional"
"""

PAGE = (ROOT / "docs" / "pilot.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_every_design_is_on_the_page() -> None:
    for design in DESIGNS:
        assert f"`{design.name}`" in PAGE


@pytest.mark.long
def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("firm.toml").write_text(FIRM, encoding="utf-8")
    (commands,) = blocks("console")
    words = shlex.split(commands.splitlines()[1])[1:]  # the other takes forty firms
    assert main(words) == 0
    folder = Path("small_pilot")
    for name in re.findall(r"`([a-z_]+\.\w+)`", PAGE.split("## Designs")[0]):
        if name not in ("staff.csv", "lottery_list.csv", "balance.csv", "firm.toml"):
            assert (folder / name).exists(), name
    check((folder / "pilot.html").read_text(encoding="utf-8"))
    assert main([*words]) == 2  # there are results already
    assert main([*words, "--overwrite"]) == 0
    (code,) = blocks("python")
    names: dict[str, object] = {}
    exec(code, names)
    assert len(names["table"])  # type: ignore[arg-type]
    assert (Path("from_python") / "protocol.toml").exists()
