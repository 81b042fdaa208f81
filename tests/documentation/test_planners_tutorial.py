"""The planners' tutorial does what it says: every command runs, in order, in an empty folder.

``python tests/documentation/test_planners_tutorial.py`` takes its pictures anew, with a real browser.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
import tempfile
import time
from pathlib import Path

import pytest

from sim.cli import main

ROOT = Path(__file__).resolve().parents[2]  # this file is also run by itself
PAGE = ROOT / "docs" / "planners_tutorial.md"


def steps() -> list[tuple[str, str]]:
    """Files to write and commands to run, in order: (name, content) and ("", command)."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.finditer(
        r"(?:<!-- file: (\S+) -->\n)?```(sh skip|sh|toml)\n(.*?)```", text, re.DOTALL
    )
    found = []
    for block in blocks:
        name, kind, content = block.groups()
        if kind == "toml":
            found.append((name, content))
        elif kind == "sh":
            found += [("", line) for line in content.splitlines()]
    return found


def follow(folder: Path) -> dict[str, str]:
    """Do what the page says; return what each command printed."""
    said = {}
    for name, content in steps():
        if name:
            (folder / name).write_text(content, encoding="utf-8")
            continue
        program, *words = shlex.split(content)
        assert program == "mentorsim"
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            assert main(words) == 0, content
        said[content] = out.getvalue()
    return said


@pytest.mark.long
def test_every_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = follow(tmp_path)
    assert len(said) >= 6
    compared = next(
        text
        for command, text in said.items()
        if "--ensemble" not in command and " compare " in command
    )
    assert "People who stay" in compared
    page = (tmp_path / "results" / "decision" / "report.html").read_text(encoding="utf-8")
    for heading in ("What to do", "What it costs", "How sure this is", "What to do next"):
        assert f">{heading}</h2>" in page
    assert "EUR" in page
    assert "sets of assumptions" in (tmp_path / "results" / "hangs_on" / "report.html").read_text(
        encoding="utf-8"
    )
    assert (tmp_path / "pairs" / "pairs.csv").is_file()


def test_its_pictures_are_there() -> None:
    for name in re.findall(r"!\[.*?\]\((.*?)\)", PAGE.read_text(encoding="utf-8")):
        picture = PAGE.parent / name
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size < 300_000


def take_pictures() -> None:
    """The page and the app, as a planner sees them."""
    import os
    import subprocess

    sys.path.insert(0, str(ROOT / "tests"))
    from browsing import browser

    with tempfile.TemporaryDirectory() as place, browser() as chromium:
        folder = Path(place)
        os.chdir(folder)
        follow(folder)
        tab = chromium.new_page(viewport={"width": 1180, "height": 900})
        tab.goto((folder / "results" / "decision" / "report.html").as_uri())
        tab.screenshot(path=str(PAGE.parent / "images" / "planners_page.png"))
        command = [
            sys.executable,
            "-m",
            "sim",
            "app",
            "decision.toml",
            "--no-browser",
            "--port",
            "8799",
            "--firms",
            "24",
        ]
        app = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)})
        try:
            for _ in range(300):
                with contextlib.suppress(Exception):
                    tab.goto("http://127.0.0.1:8799/")
                    break
                time.sleep(0.2)
            tab.wait_for_selector("#status[data-doing=done]", timeout=120_000)
            tab.get_by_role("link", name="How are pairs looked after?").click()
            tab.screenshot(path=str(PAGE.parent / "images" / "planners_app.png"))
        finally:
            app.terminate()
            app.wait()
        os.chdir(ROOT)


if __name__ == "__main__":
    take_pictures()
