"""The command line, as people and scripts meet it: in processes of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from command_line import SCENARIO, complaint, contents, sim, sim_here

pytestmark = pytest.mark.long

TABLES = ("effects.csv", "groups.csv", "manifest.json", "monthly.csv", "outcomes.csv")
FIGURES = ("curves.png", "curves.svg", "effects.png", "effects.svg")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with a tiny scenario in it."""
    (tmp_path / "office.toml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def compared(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A folder in which the tiny scenario was compared, and what the command said."""
    folder = tmp_path_factory.mktemp("compared")
    (folder / "office.toml").write_text(SCENARIO, encoding="utf-8")
    return folder, sim("compare", "office.toml", folder=folder)


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("compare", "--help")])
def test_help_imports_nothing_heavy(words: tuple[str, ...], tmp_path: Path) -> None:
    code = (
        "import sys; from sim.cli import main; code = main(sys.argv[1:]);"
        "print(sorted(sys.modules), file=sys.stderr); sys.exit(code)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"numba", "numpy", "pandas", "mesa", "matplotlib", "scipy", "pyarrow", "rich", "jinja2"}
    assert not heavy & set(eval(result.stderr))
    assert result.stdout.startswith(("usage: mentorsim", "mentorsim 0"))


def test_every_command_explains_itself(tmp_path: Path) -> None:
    listed = sim_here("--help", folder=tmp_path).stdout
    for command in ("compare", "report", "run", "check", "new", "schema"):
        assert f"    {command} " in listed
        result = sim_here(command, "--help", folder=tmp_path)
        assert result.returncode == 0
        assert result.stdout.startswith(f"usage: mentorsim {command}")


def test_from_new_to_check(tmp_path: Path) -> None:
    assert sim_here("new", "firm.toml", folder=tmp_path).returncode == 0
    assert "exists already" in complaint(sim_here("new", "firm.toml", folder=tmp_path))
    (tmp_path / "firm.toml").write_text("months = 0")
    assert "months" in complaint(sim_here("check", "firm.toml", folder=tmp_path))
    assert sim_here("new", "firm.toml", "--force", folder=tmp_path).returncode == 0
    shown = sim_here("check", "firm.toml", folder=tmp_path)
    assert shown.returncode == 0
    assert tomllib.loads(shown.stdout)["months"] == 60
    assert tomllib.loads(sim_here("new", folder=tmp_path).stdout)["months"] == 60
    assert "cannot be written" in complaint(sim_here("new", "no/firm.toml", folder=tmp_path))


def test_schema_is_json(tmp_path: Path) -> None:
    assert "organisation" in json.loads(sim_here("schema", folder=tmp_path).stdout)["properties"]


def test_compare_says_and_saves(compared: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, result = compared
    assert result.returncode == 0
    results = folder / "results" / "office"
    for name in (*TABLES, *FIGURES):
        assert (results / name).stat().st_size > 0, name
    text = result.stdout
    assert text.startswith("Ein winziges Büro\n")
    assert "3 simulated firms of 25 people over 18 months" in text
    heads = next(line for line in text.splitlines() if line.startswith("Change a year"))
    assert heads.split("  ")[0] == "Change a year"
    for words in ("People who stay", "People engaged", "Ideas carried out", "Cost"):
        assert words in heads
    assert len(text.splitlines()) < 40
    assert "results/office/" in text


def test_every_printed_difference_has_its_interval_of_the_table(
    compared: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, result = compared
    effects = pd.read_csv(folder / "results" / "office" / "effects.csv").set_index("outcome")
    line = next(line for line in result.stdout.splitlines() if line.startswith("Réciproque"))
    cells = re.findall(r"([▲▼≈○]) (\S+) \[(\S+), (\S+)\]", line.replace("−", "-"))
    assert len(cells) == 3
    for (mark, *numbers), outcome in zip(cells[1:], ("engaged", "innovation"), strict=True):
        row = effects.loc[outcome]
        for printed, column in zip(numbers, ("difference", "low", "high"), strict=True):
            assert abs(float(printed) - 25 / 100 * row[column]) <= 0.051
        assert (mark in "▲▼") == (row["low"] > 0.0 or row["high"] < 0.0)


def test_progress_in_a_log_is_plain_lines(
    compared: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    lines = [line for line in compared[1].stderr.splitlines() if "simulations done" in line]
    assert 3 <= len(lines) <= 10
    assert lines[-1] == "mentorsim: 6 of 6 simulations done (100 %)"
    assert "\x1b" not in compared[1].stderr
    assert "\r" not in compared[1].stderr


def test_nothing_is_overwritten_unless_asked(
    compared: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = compared
    results = folder / "results" / "office"
    before = contents(results)
    started = time.monotonic()
    message = complaint(sim_here("compare", "office.toml", "--replicates", "100000", folder=folder))
    assert time.monotonic() - started < 60  # it was not simulated first
    assert "--overwrite" in message
    assert "--output" in message
    assert contents(results) == before
    words = ("--overwrite", "--seed", "8", "--no-figures", "--quiet")
    again = sim_here("compare", "office.toml", *words, folder=folder)
    assert again.returncode == 0
    assert again.stderr == ""
    assert contents(results)["outcomes.csv"] != before["outcomes.csv"]
    assert not (results / "effects.svg").exists()
    assert json.loads((results / "manifest.json").read_text())["seed"] == 8
    other = sim_here("compare", "office.toml", "--output", "other", "--no-figures", folder=folder)
    assert other.returncode == 0
    assert contents(folder / "other")["outcomes.csv"] == before["outcomes.csv"]


def test_people_and_dyads_on_request(office: Path) -> None:
    words = ("--people", "--dyads", "--replicates", "2", "--workers", "1", "--no-figures")
    assert sim_here("compare", "office.toml", *words, folder=office).returncode == 0
    people = pd.read_parquet(office / "results" / "office" / "people.parquet")
    assert set(people["replicate"]) == {0, 1}
    assert (office / "results" / "office" / "dyads.parquet").exists()


def test_run_shows_one_firm_beside_its_baseline(office: Path) -> None:
    result = sim_here("run", "office.toml", "--replicate", "2", folder=office)
    assert result.returncode == 0
    assert "replicate 2" in result.stdout
    head = next(line for line in result.stdout.splitlines() if "No programme" in line)
    assert "Réciproque 方" in head
    alone = sim_here("run", "office.toml", "--variant", "No programme", folder=office)
    assert "Réciproque" not in alone.stdout
    message = complaint(sim_here("run", "office.toml", "--variant", "Réciproq", folder=office))
    assert 'did you mean "Réciproque 方"' in message.replace("Did", "did")
