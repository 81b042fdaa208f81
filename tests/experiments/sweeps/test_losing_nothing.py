"""Real processes, really killed: the tables are those of an undisturbed sweep but for times and hosts."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sweep_functions
from places import ROOT, TESTS
from sim.analysis.sweep import Sweep, load_sweep, sweep
from sim.errors import InputError
from sim.experiments.sweeps import sweeping
from sim.experiments.sweeps.journal import Record, record_of, text_of
from sim.experiments.sweeps.reading import study_of
from sim.experiments.sweeps.sweeping import merge
from sim.experiments.sweeps.tables import EXECUTION

pytestmark = pytest.mark.long

FACTORS = {"a": [0.0, 1.0, 2.0, 3.0], "b": [0.0, 1.0]}
POSIX = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")


def run(function: object, folder: Path, **given: object) -> Sweep:
    told = {"replicates": 3, "outcomes": ["y", "z"], "output": folder, "engine": "here"} | given
    return sweep(function, FACTORS, "grid", **told)  # type: ignore[arg-type]


def table(folder: Path) -> pd.DataFrame:
    """The runs without what tells how they were run."""
    return pd.read_parquet(folder / "runs.parquet").drop(columns=list(EXECUTION))


def same(one: Path, other: Path) -> bool:
    """Byte for byte: written again without the columns on execution."""
    return table(one).to_parquet() == table(other).to_parquet()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed") / "sweep"
    assert run(sweep_functions.plain, folder).ending.complete
    return folder


def test_workers_make_no_difference(undisturbed: Path, tmp_path: Path) -> None:
    made = run(sweep_functions.plain, tmp_path / "two", engine="local", workers=2)
    assert made.ending.complete
    assert same(undisturbed, made.folder)


@POSIX
def test_a_killed_worker_costs_nothing(
    undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWEEP_TEST_MARK", str(tmp_path / "died"))
    made = run(sweep_functions.dies_once, tmp_path / "sweep", engine="local", workers=2)
    assert (tmp_path / "died").exists()
    assert made.ending.complete and made.ending.attempts >= 1
    assert same(undisturbed, made.folder)


@POSIX
def test_runs_that_kill_fail_and_never_end_are_rows(undisturbed: Path, tmp_path: Path) -> None:
    made = sweep(
        sweep_functions.poison, {"a": FACTORS["a"], "b": [0.0]}, "grid", replicates=3,
        outcomes=["y", "z"], output=tmp_path / "s", workers=1, timeout_seconds=1.0,
    )  # fmt: skip
    runs = made.runs
    lost = runs[runs["status"] != "ok"]
    # Values of a: 3 kills in replicate 1, 2 fails in replicate 0, 1 never ends in replicate 2.
    found = {(row.a, row.replicate, row.status) for row in lost.itertuples()}
    assert found == {(3.0, 1, "worker_died"), (2.0, 0, "failed"), (1.0, 2, "timed_out")}
    assert (lost.loc[lost["status"] == "worker_died", "attempts"] == 3).all()
    assert lost["y"].isna().all()
    keys = ["a", "b", "replicate"]
    good = runs.loc[runs["status"] == "ok", [*keys, "y", "z"]]
    expected = good[keys].merge(table(undisturbed)[[*keys, "y", "z"]], on=keys, how="left")
    pd.testing.assert_frame_equal(good.reset_index(drop=True), expected)
    failures = pd.read_csv(made.folder / "failures.csv")
    assert len(failures) == 3
    assert failures["reason"].str.contains("ValueError: =this run has a fault").sum() == 1
    ended = made.ending
    assert (ended.worker_died, ended.timed_out, ended.failed, ended.complete) == (1, 1, 1, False)
    # Resumed, what died and what took too long is tried again, what failed is not.
    before = lines(made.folder)
    again = made.resume(workers=1)
    assert (again.ending.worker_died, again.ending.timed_out) == (1, 1)
    assert lines(made.folder) == before + 2
    assert same(made.folder, again.folder)


DRIVER = """
import sys
from pathlib import Path
import sweep_functions
from sim.analysis.sweep import sweep
if __name__ == "__main__":
    sweep(sweep_functions.slow, {"a": [0.0, 1.0, 2.0, 3.0], "b": [0.0, 1.0]}, "grid", replicates=25,
          outcomes=["y", "z"], output=sys.argv[1], workers=2)
"""


def drive(folder: Path, script: Path) -> subprocess.Popen[bytes]:
    script.write_text(DRIVER, encoding="utf-8")
    path = os.pathsep.join([str(ROOT), str(TESTS), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.Popen([sys.executable, str(script), str(folder)], env=environment)


def lines(folder: Path) -> int:
    """Runs that are written down whole."""
    texts = (path.read_bytes() for path in folder.glob("journal/*.jsonl"))
    return sum(
        line.endswith(b"}\n") and b'"status"' in line
        for text in texts
        for line in text.splitlines(keepends=True)
    )


@POSIX
def test_a_killed_driver_costs_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "sweep"
    driver = drive(folder, tmp_path / "driver.py")
    end = time.monotonic() + 120
    while lines(folder) < 80 and time.monotonic() < end:  # 40 % of 200
        time.sleep(0.01)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    time.sleep(0.5)  # its workers end with it
    done = lines(folder)
    assert 80 <= done < 200
    assert not load_sweep(folder).status().busy  # a killed one does not look as if it were at work
    with pytest.raises(InputError, match="there is no runs.parquet"):
        _ = load_sweep(folder).runs
    journal = sorted(folder.glob("journal/*.jsonl"))[0]
    with journal.open("ab") as stream:  # and its last line is torn
        stream.write(b'{"point":1,"variant":0,"repl')
    again = load_sweep(folder).resume(engine="here")
    assert again.ending.complete
    assert again.ending.ran == 200 - done  # no finished run is done again
    whole = run(sweep_functions.plain, tmp_path / "whole", replicates=25)
    assert same(folder, whole.folder)
    assert again.status().torn == 1


@POSIX
@pytest.mark.parametrize("name", ["SIGTERM", pytest.param("SIGINT", marks=pytest.mark.full)])
def test_a_signal_finishes_what_runs_and_keeps_it(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "sweep"
    driver = drive(folder, tmp_path / "driver.py")
    end = time.monotonic() + 120
    while lines(folder) < 20 and time.monotonic() < end:
        time.sleep(0.01)
    driver.send_signal(getattr(signal, name))
    assert driver.wait(timeout=60) == 0
    made = load_sweep(folder)
    assert 20 <= len(made.runs) < 200
    assert len(made.runs) == lines(folder)
    ended = [
        one
        for one in (json.loads(x) for x in (folder / "sessions.jsonl").read_text().splitlines())
        if "ended" in one
    ]
    assert ended[-1]["stopped_by"] == getattr(signal, name)
    # Replicate 0 of everything comes first: what is there is balanced to within what was in flight.
    counts = made.runs.groupby("point").size()
    assert counts.max() - counts.min() <= 10


def test_shards_make_the_whole(undisturbed: Path, tmp_path: Path) -> None:
    document = {
        "levers": FACTORS, "design": "grid", "replicates": 3, "outcomes": ["y", "z"],
        "execution": {"engine": "here"},
    }  # fmt: skip
    model = load_sweep(undisturbed).study.model
    study = study_of(document, model)  # type: ignore[arg-type]
    parts = []
    for part in range(1, 5):
        folder, ending = sweeping.begin(study, tmp_path / f"part-{part}", shard=(part, 4))
        assert ending.total == ending.done == 6
        parts.append(folder.path)
    lacking, found = merge(parts[:3], tmp_path / "three")
    assert (found.total, found.done, found.complete) == (24, 18, False)
    assert len(found.missing) == 6
    whole, found = merge(parts, tmp_path / "four")
    assert found.complete
    assert same(undisturbed, whole.path)


def test_more_replicates_run_only_the_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "calls"
    monkeypatch.setenv("SWEEP_TEST_MARK", str(mark))
    made = run(sweep_functions.counted, tmp_path / "sweep", replicates=10)
    first = table(made.folder)
    assert len(mark.read_text().splitlines()) == 80
    again = made.resume(replicates=15)
    assert again.ending.ran == 40
    calls = mark.read_text().splitlines()
    assert len(calls) == len(set(calls)) == 120
    assert {line.split()[2] for line in calls[80:]} == {"10", "11", "12", "13", "14"}
    second = table(made.folder)
    pd.testing.assert_frame_equal(second[second["replicate"] < 10].reset_index(drop=True), first)


def test_the_same_call_again_runs_nothing(undisturbed: Path) -> None:
    again = run(sweep_functions.plain, undisturbed)
    assert again.ending.ran == 0 and again.ending.complete


def test_another_plan_is_refused(undisturbed: Path) -> None:
    with pytest.raises(
        InputError, match="the study asks for something else than this sweep: other points"
    ):
        sweep(
            sweep_functions.plain, FACTORS, "one_at_a_time", outcomes=["y", "z"], output=undisturbed,
        )  # fmt: skip


def test_a_line_says_its_numbers_to_the_last_bit() -> None:
    """Packed, undefined ones among them; lines of an earlier version, with digits and null, are read as well."""
    values = [0.1, -0.0, math.nan, math.inf, 5e-324, 1e300]
    record = Record(3, 1, 17, "ok", values, [[1.0, None]], 1.5, 2)
    line = text_of(record)
    again = record_of(json.loads(line))
    assert [value.hex() for value in again.values] == [value.hex() for value in values]
    assert again._replace(values=()) == record._replace(values=())
    earlier = record_of({**json.loads(line), "values": [0.1, None]})
    assert earlier.values[0] == 0.1
    assert math.isnan(earlier.values[1])


def test_what_is_not_determined_by_the_seed_is_found_out(tmp_path: Path) -> None:
    made = run(sweep_functions.unsteady, tmp_path / "sweep")
    (first, *_) = made.folder.glob("journal/*.jsonl")
    heading, line = first.read_text().splitlines()[:2]
    record = record_of(json.loads(line))
    other = text_of(record._replace(values=[record.values[0] + 1.0, *record.values[1:]]))
    (made.folder / "journal" / "z.jsonl").write_text(f"{heading}\n{other}")
    made.resume()
    failures = pd.read_csv(made.folder / "failures.csv")
    assert list(failures["status"]) == ["differs"]
    assert "not determined by the seed" in failures["reason"][0]


def test_two_drivers_cannot_share_a_folder(undisturbed: Path) -> None:
    made = load_sweep(undisturbed)
    with made._folder.locked(), pytest.raises(InputError, match="another mentorsim is at work"):
        made.resume()


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_a_full_disk_stops_the_sweep_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sweep"
    from sim.experiments.sweeps import journal

    real, count = os.write, iter(range(10_000))

    def full(file: int, content: bytes) -> int:
        if next(count) == 2:  # the heading and two batches are written
            half = real(file, content[: len(content) // 2])
            with open("/dev/full", "wb", buffering=0) as device:
                device.write(content[half:])
        return real(file, content)

    monkeypatch.setattr(journal.os, "write", full)
    with pytest.raises(
        InputError, match="No space left on device.*Nothing that was finished is lost"
    ):
        run(sweep_functions.plain, folder)
    monkeypatch.undo()
    done = lines(folder)
    assert 1 <= done < 24
    again = run(sweep_functions.plain, folder)
    assert again.ending.complete
    assert again.ending.ran == 24 - done
    assert again.status().torn == 1


@POSIX
@pytest.mark.skipif(
    not Path("/proc").is_dir(), reason="there is no folder that nobody can write to"
)
def test_a_folder_that_cannot_be_written() -> None:
    with pytest.raises(InputError, match="the results cannot be put there"):
        run(sweep_functions.plain, Path("/proc/sweep"))


def test_a_folder_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("keep me")
    with pytest.raises(InputError, match="not empty, and holds no sweep"):
        run(sweep_functions.plain, tmp_path)
    assert (tmp_path / "diary.txt").read_text() == "keep me"


def test_another_version_of_the_code_is_told(
    undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run(sweep_functions.plain, tmp_path / "sweep", replicates=1)
    monkeypatch.setattr(sweeping, "source_digest", lambda: "0123456789abcdef")
    again = made.resume(replicates=2)
    assert any("another version" in note for note in again.notes)
    with pytest.raises(InputError, match="another version"):
        sweeping.resume(made.folder, strict_code=True)


def test_values_are_the_functions(undisturbed: Path) -> None:
    runs = table(undisturbed)
    noise = np.array([sweep_functions.noise(int(one)) for one in runs["replicate"]])
    np.testing.assert_array_equal(runs["y"], 2.0 * runs["a"] - runs["b"] + 0.1 * noise)
