"""The command line in operation: real signals, a real full disk, real damaged and left-over files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any

import pandas
import pytest

from command_line import SCENARIO, complaint, sim_here
from sim.experiments import comparison, saving
from sim.experiments.sweeps.tables import EXECUTION

pytestmark = pytest.mark.long

QUICK = ("--no-figures", "--no-report")
POSIX = pytest.mark.skipif(os.name != "posix", reason="such signals are POSIX")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with a tiny scenario in it."""
    (tmp_path / "office.toml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Finished results, to be copied."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "office.toml").write_text(SCENARIO, encoding="utf-8")
    assert sim_here("compare", "office.toml", *QUICK, folder=folder).returncode == 0
    return folder / "results" / "office"


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    """A long comparison of which some simulations are done."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "compare", "office.toml", "--replicates", "4000", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "simulations done" in line:
            return process
    raise AssertionError(process.wait())


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(".*"))


# --- signals ---------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize(
    ("name", "code"),
    [("SIGTERM", 143), pytest.param("SIGHUP", 129, marks=pytest.mark.full)],
)
def test_what_ends_a_job_keeps_what_is_finished(name: str, code: int, office: Path) -> None:
    process = started(office, *QUICK)
    process.send_signal(getattr(signal, name))
    assert process.stderr is not None
    asked = time.monotonic()
    answer = next(line for line in process.stderr if "stopping" in line)
    assert time.monotonic() - asked < 2.0, "answered at once"
    assert answer.startswith("mentorsim: stopping; what is finished is being saved")
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == code
    assert "Traceback" not in stderr
    assert "of 4000 replicates that were finished are saved" in stderr.splitlines()[-1]
    manifest = json.loads((office / "results" / "office" / "manifest.json").read_text())
    assert manifest["interrupted"] is True
    assert 1 <= manifest["replicates"] < 4000
    assert "simulated firms of 25 people" in stdout
    assert not hidden(office)


@POSIX
@pytest.mark.full
@pytest.mark.parametrize("pause", [0.0, 0.2, 0.6, 0.9, 1.2, 2.0])
def test_the_second_control_c_tells_the_truth(pause: float, office: Path) -> None:
    """Whenever it comes: the last line says whether the tables are there."""
    process = started(office)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1 + pause)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    last = stderr.splitlines()[-1]
    if (office / "results" / "office" / "manifest.json").exists():
        assert "are saved in results/office/" in last
        assert json.loads((office / "results/office/manifest.json").read_text())["interrupted"]
    else:
        assert last == "mentorsim: stopped; nothing was saved."
    assert not hidden(office)


@POSIX
def test_control_c_while_the_tables_are_saved_lets_them_be_saved(
    office: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    plain = saving.put_in_place

    def interrupted(*given: Path) -> None:
        signal.raise_signal(signal.SIGINT)  # to this thread, whichever others there are
        plain(*given)

    monkeypatch.setattr(saving, "put_in_place", interrupted)
    # Whatever an earlier test of a program's end has left in this process: Ctrl-C is heard.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    try:
        result = sim_here("compare", "office.toml", folder=office)
    finally:
        signal.signal(signal.SIGINT, before)
    assert result.returncode == 130
    assert "mentorsim: saving first what is finished." in capfd.readouterr().err
    assert "the tables of 3 of 3 replicates are saved in results/office/" in result.stderr
    assert "figures and report are not" in result.stderr.splitlines()[-1]
    assert sim_here("report", "results/office", folder=office).returncode == 0


def run_code(code: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


# --- what kill -9 leaves behind --------------------------------------------------------------------------

KILLED = (
    "import os, signal, sys, pathlib\n"
    "from sim.cli import main\n"
    "plain, left = pathlib.Path.rename, [{renames}]\n"
    "def rename(self, other):\n"
    "    if not left[0]: os.kill(os.getpid(), signal.SIGKILL)\n"
    "    left[0] -= 1\n"
    "    return plain(self, other)\n"
    "pathlib.Path.rename = rename\n"
    "sys.exit(main(sys.argv[1:]))"
)
"""A command that is killed after so many renames."""


@POSIX
@pytest.mark.parametrize("renames", [pytest.param(0, marks=pytest.mark.full), 1])
def test_results_of_a_run_that_was_killed_while_it_replaced_others_are_found(
    renames: int, office: Path, finished: Path
) -> None:
    """Killed before the old results are moved away, and between that and the new ones' coming."""
    folder = office / "results" / "office"
    shutil.copytree(finished, folder)
    words = ("compare", "office.toml", "--overwrite", "--seed", "99", *QUICK)
    assert run_code(KILLED.format(renames=renames), *words, folder=office).returncode == -9
    assert folder.exists() == (renames == 0)
    assert len(hidden(office / "results")) == 1 + renames
    result = sim_here("report", "results/office", folder=office)
    assert result.returncode == 0, result.stderr
    assert "the results that a killed run had left hidden are in" in result.stderr
    assert json.loads((folder / "manifest.json").read_text())["seed"] == 99
    assert not hidden(office)


@POSIX
def test_half_a_draft_is_removed_and_the_earlier_results_are_put_back(
    office: Path, finished: Path
) -> None:
    nobody = subprocess.Popen([sys.executable, "-c", ""])
    nobody.wait()
    folder = office / "results" / "office"
    shutil.copytree(finished, folder.with_name(f".office-earlier-{nobody.pid}-0123abcd"))
    draft = folder.with_name(f".office-draft-{nobody.pid}-4567abcd")
    shutil.copytree(finished, draft)
    (draft / "manifest.json").unlink()
    own = folder.with_name(f".office-draft-{os.getppid()}-4567abcd")
    own.mkdir()
    refused = sim_here("compare", "office.toml", folder=office)
    assert refused.returncode == 2
    assert "there are results already" in refused.stderr
    assert "the earlier results that a killed run had left hidden are in" in refused.stderr
    assert "removed .office-draft-" in refused.stderr
    assert hidden(office) == [own.name], "who is still at work is left alone"
    assert (folder / "manifest.json").read_bytes() == (finished / "manifest.json").read_bytes()


@POSIX
def test_half_a_report_is_removed(office: Path, finished: Path) -> None:
    nobody = subprocess.Popen([sys.executable, "-c", ""])
    nobody.wait()
    folder = office / "results" / "office"
    shutil.copytree(finished, folder)
    (folder / f".report.html-draft-{nobody.pid}-0123abcd").write_text("half")
    result = sim_here("compare", "office.toml", "--overwrite", *QUICK, folder=office)
    assert result.returncode == 0, "it was no result, and nothing was overwritten"
    assert not hidden(office)


# --- damaged results -------------------------------------------------------------------------------------


def test_damaged_results_are_named(office: Path, finished: Path) -> None:
    """Half of groups.csv passed unnoticed, half of effects.csv was "a fault of mentorsim"."""
    folder = office / "mine"
    shutil.copytree(finished, folder)
    for name in ("groups.csv", "effects.csv"):
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join(lines[: len(lines) // 2]), encoding="utf-8")
    (folder / "value.csv").unlink()
    changed = (folder / "monthly.csv").read_text(encoding="utf-8").replace("0", "1", 1)
    (folder / "monthly.csv").write_text(changed, encoding="utf-8")
    line = complaint(sim_here("report", "mine", folder=office))
    rows = json.loads((folder / "manifest.json").read_text())["contents"]["groups.csv"]["rows"]
    assert f"groups.csv is not as it was saved ({(rows + 1) // 2 - 1} rows, and {rows} were" in line
    assert "effects.csv is not as it was saved (" in line
    assert "monthly.csv is not as it was saved;" in line
    assert "value.csv is missing" in line
    assert "outcomes" not in line
    assert not (folder / "report.html").exists()


# --- where nothing can be written ------------------------------------------------------------------------


@POSIX
def test_a_name_that_is_not_utf_8(office: Path) -> None:
    """Everything was simulated, then the manifest could not be written, and nothing was kept."""
    name = os.fsdecode(b"caf\xe9.toml")
    try:
        (office / "office.toml").rename(office / name)
    except OSError:
        pytest.skip("this file system has no such names")
    result = sim_here("compare", name, *QUICK, folder=office)
    assert result.returncode == 0, result.stderr
    manifest = json.loads((office / "results" / Path(name).stem / "manifest.json").read_text())
    assert name in manifest["command"]
    again = sim_here("report", f"results/{Path(name).stem}", folder=office)
    assert again.returncode == 0


@POSIX
def test_a_working_folder_that_is_gone_is_said_before_anything_is_simulated(office: Path) -> None:
    (office / "gone").mkdir()
    with chdir(office / "gone"):
        (office / "gone").rmdir()
        line = complaint(sim_here("compare", str(office / "office.toml")))
    assert "the folder in which this was started is gone" in line


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    words = [str(mount), "-t", "tmpfs", "-o", "size=400k", "none", str(place)]
    if mount is None or subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_room_is_looked_for_before_anything_is_simulated(office: Path, small_disk: Path) -> None:
    words = ("compare", "office.toml", "--output", "disk/here", "--replicates", "5000")
    line = complaint(sim_here(*words, folder=office))
    assert "0.4 MB free, and they take at least" in line
    assert "--output" in line
    assert not list(small_disk.iterdir())


def test_results_that_find_no_room_are_kept_elsewhere(
    office: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else filled the disk while the firms were simulated."""
    (office / "home").mkdir()
    monkeypatch.setattr(Path, "home", lambda: office / "home")
    plain = comparison.save_tables

    def late(*given: Any, **more: Any) -> Path:
        with open(small_disk / "filler", "ab", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        return plain(*given, **more)

    monkeypatch.setattr(comparison, "save_tables", late)
    words = ("compare", "office.toml", "--output", "disk/here", *QUICK)
    result = sim_here(*words, folder=office)
    assert result.returncode == 2
    assert "No space left on device" in result.stderr
    assert "They are kept in" in result.stderr
    (kept,) = (office / "home").glob("mentorsim_*")
    assert kept.name.startswith("mentorsim_here_")
    assert json.loads((kept / "manifest.json").read_text())["replicates"] == 3
    assert "simulated firms of 25 people" in result.stdout
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


STUDY = """\
scenario = "office.toml"
replicates = {replicates}
[uncertainties]
organisation.hierarchy_strength = {{ low = 0.0, high = 1.0 }}
[[design]]
kind = "sobol"
points = 8
[execution]
engine = "here"
"""


def test_every_command_looks_for_room_before_it_works(office: Path, small_disk: Path) -> None:
    """So did compare alone; the others found out at their end."""
    (office / "study.toml").write_text(STUDY.format(replicates=900), encoding="utf-8")
    (office / "staff.csv").write_text("employee_id,level,department\n1,2,A\n2,1,A\n", "utf-8")
    (office / "small.toml").write_text(STUDY.format(replicates=1), encoding="utf-8")
    words = ("sweep", "small.toml", "--output", "swept", "--quiet")
    assert sim_here(*words, folder=office).returncode == 0
    (small_disk / "file").write_bytes(bytes(370_000))
    for words in (
        ("sweep", "study.toml", "--output", "disk/here"),
        ("merge", "swept", "--output", "disk/here"),
        ("export", "swept", "csv", "--output", "disk/here/export"),
        ("calibrate", "--output", "disk/here"),
        ("validate", "--output", "disk/here"),
        ("pilot", "office.toml", "--output", "disk/here"),
        ("pair", "staff.csv", "--policy", "reverse", "--output", "disk/here"),
    ):
        line = complaint(sim_here(*words, folder=office))
        assert "0.0 MB free, and they take at least" in line, line
        assert "--output" in line
        beside = (*words[:-1], "disk/file")
        assert "it is a file, not a folder" in complaint(sim_here(*beside, folder=office))
    assert [path.name for path in small_disk.iterdir()] == ["file"]
    (small_disk / "file").unlink()
    shutil.move(office / "swept", small_disk / "swept")
    filler = bytes(shutil.disk_usage(small_disk).free)
    (small_disk / "filler").write_bytes(filler)
    line = complaint(sim_here("analyse", "disk/swept", "describe", folder=office))
    assert "0.0 MB free" in line and "Make room" in line


def test_a_sweep_that_fills_the_disk_loses_nothing(office: Path, small_disk: Path) -> None:
    """The file system is really full in the middle; with room, what is missing is run."""
    (office / "study.toml").write_text(STUDY.format(replicates=30), encoding="utf-8")
    words = ("sweep", "study.toml", "--quiet", "--output")
    full = sim_here(*words, "disk/swept", folder=office)
    assert full.returncode == 2, full
    assert "No space left on device" in full.stderr
    assert "with mentorsim resume" in full.stderr
    more = ["mount", "-o", "remount,size=8m", str(small_disk)]
    subprocess.run(more, check=True)
    resumed = sim_here("resume", "disk/swept", "--quiet", folder=office)
    assert resumed.returncode == 0, resumed.stderr
    assert sim_here(*words, "undisturbed", folder=office).returncode == 0
    one, other = (
        pandas.read_parquet(folder / "runs.parquet").drop(columns=list(EXECUTION))
        for folder in (small_disk / "swept", office / "undisturbed")
    )
    assert len(one) == 8 * 2 * 30
    pandas.testing.assert_frame_equal(one, other, check_exact=True)
