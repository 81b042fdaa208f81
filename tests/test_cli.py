"""The command line, as people and scripts meet it: in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pandas as pd
import pytest

SCENARIO = """\
title = "Ein winziges Büro"
months = 18
seed = 7
replicates = 3

[organisation]
employees = 25
levels = 3

[programme]
start_month = 3

[[variant]]
name = "No programme"

[[variant]]
name = "Réciproque 方"
programme.policy = "reciprocal"
"""
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


def sim(
    *words: str, folder: Path, encoding: str = "utf-8", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; its output in the given encoding."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *words],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": encoding, **environment},
        capture_output=True,
        encoding=encoding,
        timeout=300,
        check=False,
    )


def complaint(result: subprocess.CompletedProcess[str]) -> str:
    """The one message of a command that refused its input."""
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith("mentorsim: ")
    return line


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


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
    heavy = {"numba", "numpy", "pandas", "mesa", "matplotlib", "scipy", "pyarrow", "rich"}
    assert not heavy & set(eval(result.stderr))
    assert result.stdout.startswith(("usage: mentorsim", "mentorsim 0"))


def test_every_command_explains_itself(tmp_path: Path) -> None:
    listed = sim("--help", folder=tmp_path).stdout
    for command in ("compare", "run", "check", "new", "schema"):
        assert f"    {command} " in listed
        result = sim(command, "--help", folder=tmp_path)
        assert result.returncode == 0
        assert result.stdout.startswith(f"usage: mentorsim {command}")


def test_from_new_to_check(tmp_path: Path) -> None:
    assert sim("new", "firm.toml", folder=tmp_path).returncode == 0
    assert "exists already" in complaint(sim("new", "firm.toml", folder=tmp_path))
    (tmp_path / "firm.toml").write_text("months = 0")
    assert "months" in complaint(sim("check", "firm.toml", folder=tmp_path))
    assert sim("new", "firm.toml", "--force", folder=tmp_path).returncode == 0
    shown = sim("check", "firm.toml", folder=tmp_path)
    assert shown.returncode == 0
    assert tomllib.loads(shown.stdout)["months"] == 60
    assert tomllib.loads(sim("new", folder=tmp_path).stdout)["months"] == 60
    assert "cannot be written" in complaint(sim("new", "no/firm.toml", folder=tmp_path))


def test_schema_is_json(tmp_path: Path) -> None:
    assert "organisation" in json.loads(sim("schema", folder=tmp_path).stdout)["properties"]


def test_compare_says_and_saves(compared: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, result = compared
    assert result.returncode == 0
    results = folder / "results" / "office"
    for name in (*TABLES, *FIGURES):
        assert (results / name).stat().st_size > 0, name
    text = result.stdout
    assert text.startswith("Ein winziges Büro\n")
    assert "3 simulated firms of 25 people over 18 months" in text
    for words in ("Innovation", "Engagement", "Retention over 12 months", "Cost of the programme"):
        assert text.count(f"  {words}") == (1 if words.startswith("Cost") else 2)
    assert "of 3 firms" in text
    assert "results/office/" in text
    for name in ("No programme (the baseline)", "Réciproque 方"):
        assert name in text.splitlines()


def test_every_printed_difference_has_its_interval_of_the_table(
    compared: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, result = compared
    effects = pd.read_csv(folder / "results" / "office" / "effects.csv").set_index("outcome")
    line = next(
        line
        for line in result.stdout.split("Réciproque 方\n")[1].splitlines()
        if "Innovation" in line
    )
    numbers = line.split("Innovation")[1].replace("−", "-").split(" per ")[0]
    value, low, high = (float(part.strip(" [],")) for part in numbers.split())
    row = effects.loc["innovation"]
    half = (row["high"] - row["low"]) / 2
    for printed, exact in ((value, "difference"), (low, "low"), (high, "high")):
        assert abs(printed - row[exact]) <= 0.06 * half
    unsure = row["low"] <= 0.0 <= row["high"]
    assert ("cannot tell apart" in result.stdout) or not unsure


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
    message = complaint(sim("compare", "office.toml", "--replicates", "100000", folder=folder))
    assert time.monotonic() - started < 60  # it was not simulated first
    assert "--overwrite" in message
    assert "--output" in message
    assert contents(results) == before
    words = ("--overwrite", "--seed", "8", "--no-figures", "--quiet")
    again = sim("compare", "office.toml", *words, folder=folder)
    assert again.returncode == 0
    assert again.stderr == ""
    assert contents(results)["outcomes.csv"] != before["outcomes.csv"]
    assert not (results / "effects.svg").exists()
    assert json.loads((results / "manifest.json").read_text())["seed"] == 8
    other = sim("compare", "office.toml", "--output", "other", "--no-figures", folder=folder)
    assert other.returncode == 0
    assert contents(folder / "other")["outcomes.csv"] == before["outcomes.csv"]


def test_people_and_dyads_on_request(office: Path) -> None:
    words = ("--people", "--dyads", "--replicates", "2", "--workers", "1", "--no-figures")
    assert sim("compare", "office.toml", *words, folder=office).returncode == 0
    people = pd.read_parquet(office / "results" / "office" / "people.parquet")
    assert set(people["replicate"]) == {0, 1}
    assert (office / "results" / "office" / "dyads.parquet").exists()


def test_run_shows_one_firm_beside_its_baseline(office: Path) -> None:
    result = sim("run", "office.toml", "--replicate", "2", folder=office)
    assert result.returncode == 0
    assert "replicate 2" in result.stdout
    head = next(line for line in result.stdout.splitlines() if "No programme" in line)
    assert "Réciproque 方" in head
    alone = sim("run", "office.toml", "--variant", "No programme", folder=office)
    assert "Réciproque" not in alone.stdout
    message = complaint(sim("run", "office.toml", "--variant", "Réciproq", folder=office))
    assert 'did you mean "Réciproque 方"' in message.replace("Did", "did")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "required: COMMAND"),
        (("compar", "office.toml"), 'Did you mean "compare"?'),
        (("compare",), "required: SCENARIO"),
        (("compare", "office.toml", "--replicate", "3"), 'Did you mean "--replicates"?'),
        (("compare", "office.toml", "--replicates", "0"), "not a whole number from 1"),
        (("compare", "office.toml", "--replicates", "many"), "'many' is not a whole number"),
        (("compare", "office.toml", "--seed", "-1"), "not a whole number from 0"),
        (("compare", "offices.toml"), 'did you mean "office.toml"?'),
        (("check", "."), "is a folder"),
        (("run", "office.toml", "--variant", "Reverse"), "there is no variant"),
        (("compare", "office.toml", "--output", "office.toml"), "not a folder"),
        (("compare", "office.toml", "--output", "office.toml/results"), "not a folder"),
        (("compare", "office.toml", "--output", "."), "--output"),
    ],
)
def test_wrong_input_is_one_message(words: tuple[str, ...], expected: str, office: Path) -> None:
    assert expected.casefold() in complaint(sim(*words, folder=office)).casefold()
    assert [path.name for path in office.iterdir()] == ["office.toml"]


def test_overwriting_spares_what_is_no_result(office: Path) -> None:
    (office / "precious").mkdir()
    (office / "precious" / "letter.txt").write_text("dear")
    words = ("compare", "office.toml", "--output", "precious", "--overwrite")
    complaint(sim(*words, folder=office))
    assert contents(office / "precious") == {"letter.txt": b"dear"}


def test_control_c_keeps_what_is_finished(office: Path) -> None:
    words = ["compare", "office.toml", "--replicates", "4000", "--no-figures"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *words],
        cwd=office,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "simulations done" in line:
            break
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "of 4000 replicates that were finished are saved" in stderr.splitlines()[-1]
    manifest = json.loads((office / "results" / "office" / "manifest.json").read_text())
    assert manifest["interrupted"] is True
    outcomes = pd.read_csv(office / "results" / "office" / "outcomes.csv")
    assert 1 <= outcomes["replicate"].nunique() == manifest["replicates"] < 4000
    assert "Innovation" in stdout


def test_closed_pipe_is_quiet(office: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "check", "office.toml"],
        cwd=office,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 141


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_output_in_any_encoding(encoding: str, office: Path) -> None:
    shown = sim("check", "office.toml", folder=office, encoding=encoding)
    assert shown.returncode == 0
    assert tomllib.loads(shown.stdout)["variant"][1]["name"] == "Réciproque 方"
    words = ("compare", "office.toml", "--no-figures", "--replicates", "2")
    result = sim(*words, folder=office, encoding=encoding)
    assert result.returncode == 0
    assert "\\u65b9" in result.stdout


def test_a_fault_asks_for_a_report(office: Path) -> None:
    code = (
        "import sys, sim.scenario; from sim.cli import main\n"
        "def broken(path): raise RuntimeError('the flux is out of phase')\n"
        "sim.scenario.load_scenario = broken\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "check", "office.toml"]
    result = subprocess.run(command, cwd=office, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert "RuntimeError: the flux is out of phase" in line
    assert "Please report it" in line
    shown = subprocess.run(
        [*command, "--debug"], cwd=office, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 1
    assert "Traceback" in shown.stderr
