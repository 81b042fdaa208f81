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
    assert "simulated firms of 25 people" in stdout


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


BROKEN = """\
import sim


def count(state, p, month):
    return 1.0 / (month - 7)


sim.register_reporter("broken", count)
"""


def test_an_error_in_an_extension_is_named_as_the_extensions(office: Path) -> None:
    (office / "mine.py").write_text(BROKEN)
    for command in (("run", "office.toml"), ("compare", "office.toml")):
        line = complaint(sim(*command, "--extension", "mine.py", folder=office)).replace("\\", "/")
        assert "mine.py, line 5: this extension fails: ZeroDivisionError" in line
        assert "fault of mentorsim" not in line
    (office / "mine.py").write_text("import sim\n\nsim.register_measure('a' + 1)\n")
    line = complaint(sim("check", "office.toml", "--extension", "mine.py", folder=office))
    assert "mine.py, line 3: the extension cannot be loaded (TypeError" in line
    (office / "mine.py").write_text("import sim\n\nsim.register_measure(\n")
    line = complaint(sim("check", "office.toml", "--extension", "mine.py", folder=office))
    assert "mine.py, line 3: the extension cannot be loaded (SyntaxError" in line


def test_an_outcome_over_a_measure_that_is_not_there_is_told_of_one_that_is(office: Path) -> None:
    (office / "mine.py").write_text(
        "import sim\n"
        "sim.register_outcome(sim.Outcome('x', 'X', 'index', 'X.', 'x', None,\n"
        "    lambda sums, context: sums['headcoun']))\n"
    )
    line = complaint(sim("run", "office.toml", "--extension", "mine.py", folder=office))
    assert 'there is no measure "headcoun". Did you mean "headcount"?' in line


STAFF = """\
employee_id,manager_id,department,level
ann.smith@firm.example,,Sales,3
bob@firm.example,ann.smith@firm.example,Sales,2
cat@firm.example,ann.smith@firm.example,Sales,1
dan@firm.example,bob@firm.example,Sales,1
eve@firm.example,nobody@firm.example,Sales,1
fay@firm.example,bob@firm.example,Sales,1
"""


def test_results_say_nothing_about_whose_machine_and_whose_mail(office: Path) -> None:
    """No absolute path, no user's name, no e-mail address that served as an id."""
    (office / "staff.csv").write_text(STAFF)
    (office / "mine.py").write_text("")
    scenario = SCENARIO.replace("employees = 25\nlevels = 3", f'roster = "{office / "staff.csv"}"')
    (office / "office.toml").write_text(scenario, encoding="utf-8")
    folder = office / "told"
    result = sim(
        "compare", str(office / "office.toml"), "--output", str(folder), "--no-figures",
        "--extension", str(office / "mine.py"), folder=office,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    command = "mentorsim compare office.toml --extension mine.py --no-figures --output told"
    assert manifest["command"] == command
    assert manifest["scenario"]["organisation"]["roster"] == "staff.csv"
    for file in folder.iterdir():
        text = file.read_bytes().decode("utf-8", "replace")
        for secret in (str(office), str(Path.home()), "@firm.example", "ann.smith"):
            assert secret not in text, (file.name, secret)
