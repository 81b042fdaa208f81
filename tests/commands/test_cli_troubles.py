"""The command line in trouble: wrong input, Ctrl-C, closed pipes, narrow encodings, faults."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from command_line import SCENARIO, complaint, contents, sim, sim_here

pytestmark = pytest.mark.long


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with a tiny scenario in it."""
    (tmp_path / "office.toml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


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
    assert expected.casefold() in complaint(sim_here(*words, folder=office)).casefold()
    assert [path.name for path in office.iterdir()] == ["office.toml"]


def test_overwriting_spares_what_is_no_result(office: Path) -> None:
    (office / "precious").mkdir()
    (office / "precious" / "letter.txt").write_text("dear")
    words = ("compare", "office.toml", "--output", "precious", "--overwrite")
    complaint(sim_here(*words, folder=office))
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
        # Where tests run in the background of a shell, Ctrl-C is ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_full_disk_is_said(office: Path) -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "sim", "check", "office.toml"],
            cwd=office,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert result.returncode == 2
    assert result.stderr == "mentorsim: the output cannot be written (No space left on device).\n"
