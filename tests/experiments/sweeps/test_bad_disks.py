"""File systems that are really full or cannot be written, two drivers, files that are torn: nothing is lost."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import sweep_functions
from places import ROOT, TESTS
from sim.analysis.sweep import Sweep, load_sweep, sweep
from sim.cli import main
from sim.errors import InputError
from sim.experiments.sweeps import sweeping
from sim.experiments.sweeps.tables import EXECUTION

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.name == "nt", reason="file systems are mounted otherwise there"),
]

FACTORS = {"a": [float(one) for one in range(30)], "b": [0.0, 1.0]}
RUNS = 60 * 8


def run(folder: Path, **given: object) -> Sweep:
    told = {"replicates": 8, "outcomes": ["y", "z"], "output": folder, "engine": "here"} | given
    return sweep(sweep_functions.plain, FACTORS, "grid", **told)  # type: ignore[arg-type]


def table(folder: Path) -> bytes:
    frame = pd.read_parquet(folder / "runs.parquet").drop(columns=list(EXECUTION))
    return bytes(frame.to_parquet())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("undisturbed") / "sweep").folder


@pytest.fixture
def unlooked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills up after it was looked whether there is room."""
    monkeypatch.setattr(sweeping, "refuse_unfit", lambda *_: None)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a megabyte, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    words = [str(mount), "-t", "tmpfs", "-o", "size=1m", "none", str(place)]
    if mount is None or subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    # Lazily: what pytest keeps of an error keeps its open files.
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def lines(folder: Path) -> int:
    """Runs that are written down whole."""
    texts = (path.read_bytes() for path in folder.glob("journal/*.jsonl"))
    found = (line for text in texts for line in text.splitlines(keepends=True))
    return sum(line.endswith(b"}\n") and b'"status"' in line for line in found)


def fill(disk: Path, left: int) -> Path:
    """Fill a disk but for some kilobytes; returns what fills it."""
    filler = disk / "filler"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with filler.open("wb") as stream:
        stream.write(bytes(max(0, free - 1024 * left)))
    return filler


def refused(told: str) -> bool:
    """Whether it is said why nothing could be written, in words and not as a fault."""
    reasons = ("Read-only file system", "may not be written to", "No space left", "MB free, and")
    return any(reason in told for reason in reasons) and "fault of mentorsim" not in told


@pytest.mark.parametrize("left", [0, 4, 8, 12, 16, 20, 28, 40, 60, 80, 100])
def test_a_full_disk_at_every_stage(
    undisturbed: Path, disk: Path, unlooked: None, left: int
) -> None:
    """Whatever could no longer be written: it is said, and the same call completes the sweep afterwards."""
    filler = fill(disk, left)
    done = 0
    try:
        run(disk / "sweep")
    except InputError as error:
        assert "the sweep cannot be written (No space left on device)" in str(error)
        assert "Nothing that was finished is lost" in str(error)
        done = lines(disk / "sweep")
    else:
        assert left >= 80
        done = RUNS
    filler.unlink()
    again = run(disk / "sweep")
    assert again.ending is not None and again.ending.complete
    assert again.ending.ran == RUNS - done
    assert table(disk / "sweep") == table(undisturbed)
    assert not [path for path in (disk / "sweep").iterdir() if "parquet-" in path.name]


def test_a_full_disk_under_worker_processes(undisturbed: Path, disk: Path, unlooked: None) -> None:
    filler = fill(disk, 40)
    with pytest.raises(InputError, match="No space left on device"):
        run(disk / "sweep", engine="local", workers=2)
    assert main(["status", str(disk / "sweep")]) == 3
    filler.unlink()
    again = run(disk / "sweep", engine="local", workers=1)
    assert again.ending is not None and again.ending.complete
    assert table(disk / "sweep") == table(undisturbed)


def test_a_disk_that_can_only_be_read(
    undisturbed: Path, disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(undisturbed, disk / "sweep")
    before = table(disk / "sweep")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        with pytest.raises(InputError, match="Read-only file system|may not be written to"):
            run(disk / "new")
        assert main(["resume", str(disk / "sweep"), "--replicates", "9"]) == 2
        assert refused(capsys.readouterr().err)
        assert main(["status", str(disk / "sweep")]) == 0
        assert main(["analyse", str(disk / "sweep"), "describe"]) == 2
        told = capsys.readouterr().err
        assert refused(told)
        assert main(["export", str(disk / "sweep"), "csv"]) == 2
        assert refused(capsys.readouterr().err)
        assert main(["merge", str(disk / "sweep"), "--output", str(disk / "m")]) == 2
        assert refused(capsys.readouterr().err)
        assert load_sweep(disk / "sweep").ask("describe").sentences
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert table(disk / "sweep") == before


def test_no_room_for_an_answer(
    undisturbed: Path, disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was run is there, but neither page nor export finds room: said, without half a file."""
    shutil.copytree(undisturbed, disk / "sweep")
    filler = fill(disk, 8)
    for words in (["analyse", "describe"], ["export", "csv"], ["export", "netcdf"], ["export", "ro-crate"]):  # fmt: skip
        assert main([words[0], str(disk / "sweep"), *words[1:]]) == 2, words
        told = capsys.readouterr().err
        assert refused(told), words
    filler.unlink()
    for words in (["analyse", "describe"], ["export", "csv"], ["export", "netcdf"], ["export", "ro-crate"]):  # fmt: skip
        assert main([words[0], str(disk / "sweep"), *words[1:]]) == 0, words


DRIVER = """
import sys
import sweep_functions
from sim.analysis.sweep import sweep
sweep(sweep_functions.gated, {"a": [0.0, 1.0], "b": [0.0]}, "grid", replicates=3,
      outcomes=["y", "z"], output=sys.argv[1], engine="here")
"""


def test_two_drivers_on_one_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is refused; whoever only looks is not."""
    folder, gate = tmp_path / "sweep", tmp_path / "gate"
    monkeypatch.setenv("SWEEP_TEST_MARK", str(gate))
    path = os.pathsep.join([str(ROOT), str(TESTS), os.environ.get("PYTHONPATH", "")])
    words = [sys.executable, "-c", DRIVER, str(folder)]
    driver = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": path})
    try:
        while driver.poll() is None and not list(folder.glob("journal/*.jsonl")):
            time.sleep(0.02)
        assert main(["resume", str(folder)]) == 2
        told = capsys.readouterr().err
        assert f"another mentorsim is at work in this folder (process {driver.pid} on " in told
        assert main(["status", str(folder)]) == 3
        assert "and is at work" in capsys.readouterr().out
        assert driver.poll() is None
        gate.touch()
        assert driver.wait(timeout=120) == 0
    finally:
        driver.kill()
    assert main(["resume", str(folder)]) == 0
    assert load_sweep(folder).status().complete


def test_files_that_were_torn_anywhere(undisturbed: Path, tmp_path: Path) -> None:
    """A killed machine leaves any beginning of a file."""
    luck = random.Random(5)
    whole = table(undisturbed)
    for number in range(8):
        place = tmp_path / str(number)
        shutil.copytree(undisturbed, place)
        (journal,) = place.glob("journal/*.jsonl")
        content = journal.read_bytes()
        cut = [0, 1, len(content) - 1][number] if number < 3 else luck.randrange(len(content))
        journal.write_bytes(content[:cut])
        sessions = (place / "sessions.jsonl").read_bytes()
        (place / "sessions.jsonl").write_bytes(sessions[: luck.randrange(len(sessions))])
        for name in ("runs.parquet", "points.parquet"):
            table_file = (place / name).read_bytes()
            (place / name).write_bytes(table_file[: luck.randrange(len(table_file))])
        with pytest.raises(InputError, match="cannot be read"):
            _ = load_sweep(place).runs
        again = load_sweep(place).resume()
        assert again.ending is not None and again.ending.complete
        assert table(place) == whole
        # A session whose beginning was lost, and one that is no session.
        lost = '{"session": "lost", "ended": "2026-11-27"}\n3\n{}\n'
        with (place / "sessions.jsonl").open("a") as stream:
            stream.write(lost)
        assert main(["status", str(place)]) == 0


def test_a_function_or_roster_that_changed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "people.csv").write_text(
        "employee_id,level,department,birth_year\n"
        + "".join(f"p{n},{1 + n % 3},d{n % 2},{1975 + n}\n" for n in range(20))
    )
    (tmp_path / "firm.toml").write_text(
        'months = 10\n[organisation]\nroster = "people.csv"\n'
        '[[variant]]\nname = "No programme"\n[[variant]]\nname = "Some"\nprogramme.policy = "random"\n'
    )
    (tmp_path / "study.toml").write_text(
        'title = "x"\nscenario = "firm.toml"\nreplicates = 2\n[levers]\nprogramme.places = [0.1, 0.3]\n'
        '[[design]]\nkind = "grid"\n[execution]\nengine = "here"\n'
    )
    folder = str(tmp_path / "out")
    assert main(["sweep", str(tmp_path / "study.toml"), "--output", folder, "--quiet"]) == 0
    people = (tmp_path / "people.csv").read_text()
    (tmp_path / "people.csv").write_text(people.replace("p3,1", "p3,3"))
    capsys.readouterr()
    assert main(["resume", folder, "--replicates", "3"]) == 2
    told = capsys.readouterr().err
    assert "its roster or an extension is not what it was when the sweep began" in told
    assert main(["analyse", folder, "compare"]) == 0
    (tmp_path / "people.csv").write_text(people)
    assert main(["resume", folder, "--replicates", "3", "--quiet"]) == 0
