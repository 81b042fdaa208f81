"""The README keeps its word: its commands, its snippets, its figures, its names.

``python tests/documentation/test_readme.py`` writes the result and the picture that it shows anew, after a
change of the model.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sim.organisation.roster.column_names import ROSTER_COLUMNS, SCALED
from sim.organisation.roster.headings import plain

ROOT = Path(__file__).resolve().parents[2]  # this file is also run by itself
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "pairing_policies.svg"


def block(name: str) -> str:
    """What stands between the fences below a marker."""
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\n```\w*\n(.*?)```\n", text, re.DOTALL)
    assert found is not None, name
    return found[1]


def steps(name: str) -> list[list[str]]:
    """The words of each step of a command, which is one line."""
    (line,) = block(name).splitlines()
    return [shlex.split(step) for step in line.split(" && ")]


def printed(folder: Path) -> str:
    """What the README's main command prints about the result, run with this interpreter."""
    words = steps("main job")[-1][1:]
    result = subprocess.run(
        [sys.executable, "-m", "sim", *words, "--output", str(folder), "--quiet"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return result.stdout.rsplit("\n\n", 1)[0] + "\n"


def test_main_command_needs_nothing_but_python() -> None:
    make, install, compare = steps("main job")
    assert make == ["python3", "-m", "venv", ".venv"]
    assert install == [".venv/bin/pip", "install", "-q", "."]
    assert compare[:2] == [".venv/bin/mentorsim", "compare"]
    assert (ROOT / compare[2]).is_file()
    assert "--overwrite" in compare  # so that it can be repeated


def test_test_command_needs_nothing_but_python() -> None:
    make, install, test = steps("tests")
    assert make == ["python3", "-m", "venv", ".venv"]
    assert install == [".venv/bin/pip", "install", "-q", "-e", ".[test]"]
    assert test == [".venv/bin/python", "-m", "pytest", "-n", "auto", "--dist", "worksteal"]


@pytest.mark.parametrize("name", ["main job", "tests"])
def test_windows_has_the_same_commands(name: str) -> None:
    """Written as PowerShell 5 understands it, which has no ``&&``."""
    line = block(name).replace(" && ", "; ").replace("python3 -m venv", "py -m venv")
    line = line.replace("'", '"').replace(".venv/bin/", ".venv/Scripts/").replace("/", "\\")
    assert block(f"{name} on Windows") == line


def words_of(picture: Path) -> list[str]:
    """What a figure says, as it notes beside the outlines of the letters."""
    return re.findall(r"<!-- (.*?) -->", picture.read_text(encoding="utf-8"))


def test_the_first_screen_has_a_picture_and_both_commands() -> None:
    text = README.read_text(encoding="utf-8")
    first = text.split("\n## ")[0]
    assert f"]({PICTURE.relative_to(ROOT).as_posix()})" in first
    assert PICTURE.stat().st_size < 100_000
    for name in ("main job", "tests", "main job on Windows", "tests on Windows"):
        assert f"<!-- {name} -->" in first
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
    assert set(re.findall(r"\]\(#([\w-]+)\)", first)) <= anchors


@pytest.mark.long
def test_shown_result_is_what_comes_out(tmp_path: Path) -> None:
    assert printed(tmp_path / "results") == block("result")
    assert words_of(tmp_path / "results" / "effects.svg") == words_of(PICTURE)
    table = README.read_text(encoding="utf-8").split("| File | What |")[1].split("\n\n")[0]
    always = [row for row in table.splitlines() if "| with `--" not in row]
    named = {name for name in re.findall(r"`([\w.]+)`", "\n".join(always)) if "." in name}
    written = {path.name for path in (tmp_path / "results").iterdir()}
    assert named == {name for name in written if not name.endswith(".parquet")}


@pytest.mark.long
def test_python_snippet_runs(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", block("python")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    for name in ("Random", "Traditional", "Reverse", "Reciprocal"):
        assert name in result.stdout


def test_named_columns_are_understood() -> None:
    table = README.read_text(encoding="utf-8").split("| Columns | |")[1].split("\n\n")[0]
    named = re.findall(r"`(\w+)`", table)
    known = {
        plain(name) for texts in ROSTER_COLUMNS.values() for text in texts for name in text.split()
    }
    assert len(named) > 15
    for name in named:
        stem = re.sub(r"_\d_\d$", "", name)
        assert plain(stem) in known, name
        assert stem == name or stem.split("_")[0] in SCALED


def test_named_places_exist() -> None:
    table = README.read_text(encoding="utf-8").split("## What is where")[1].split("\n## ")[0]
    named = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)[1:]
    places = [place for cell in named for place in re.findall(r"`(.*?)`", cell)]
    assert len(places) > 15
    for place in places:
        assert (ROOT / place).exists(), place
    rooms = {f"sim/{file.parent.name}/" for file in (ROOT / "sim").glob("*/__init__.py")}
    assert rooms <= set(places), "every room of the package has its line"


def test_every_package_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = README.read_text(encoding="utf-8").split("| Package | Reason |")[1].split("\n\n")[0]
    named = {name for cell in re.findall(r"^\| (.*?) \|", table, re.M) for name in cell.split(", ")}
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    assert named == {re.split(r"[<>=]", requirement)[0] for requirement in wanted}


@pytest.mark.parametrize("name", ["README.md", "LICENSE", ".ci/run"])
def test_no_machine_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"/home/|/root/|/work/|pypi|pythonhosted|index-url", text)


def test_continuous_integration_runs_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "<!-- tests -->" in script.read_text(encoding="utf-8")


def write_result_anew() -> None:
    """Put what the main command prints and draws now in the place of what the README shows."""
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        result = printed(Path(folder) / "results")
        PICTURE.parent.mkdir(exist_ok=True)
        shutil.copyfile(Path(folder) / "results" / "effects.svg", PICTURE)
    text = README.read_text(encoding="utf-8")
    head, rest = text.split("<!-- result -->\n```text\n")
    tail = rest.split("```\n", 1)[1]
    README.write_text(f"{head}<!-- result -->\n```text\n{result}```\n{tail}", encoding="utf-8")


if __name__ == "__main__":
    write_result_anew()
