"""A real scheduler and two real worker processes, one of which is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import sweep_functions
from places import ROOT, TESTS
from sim.analysis.sweep import sweep
from sim.errors import InputError
from sim.experiments.sweeps.tables import EXECUTION

pytest.importorskip("distributed")

FACTORS = {"a": [0.0, 1.0, 2.0, 3.0], "b": [0.0, 1.0]}


def start(*words: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(ROOT), str(TESTS), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
@pytest.mark.filterwarnings("ignore")
def test_two_workers_one_of_them_killed(tmp_path: Path) -> None:
    address = tmp_path / "scheduler.json"
    where = ["--scheduler-file", str(address)]
    scheduler = start(
        "dask_scheduler", *where, "--port", "0", "--no-dashboard", "--host", "127.0.0.1"
    )
    workers = [
        start("dask_worker", *where, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1",
              "--local-directory", str(tmp_path))
        for _ in range(2)
    ]  # fmt: skip
    killed: list[float] = []

    def kill_one(done: int, total: int) -> None:
        if not killed and done >= 0.3 * total:
            workers[0].send_signal(signal.SIGKILL)
            killed.append(time.monotonic())

    try:
        made = sweep(
            sweep_functions.slow, FACTORS, "grid", replicates=12, outcomes=["y", "z"],
            output=tmp_path / "cluster", engine=f"dask:{address}", progress=kill_one,
        )  # fmt: skip
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
    assert killed and made.ending is not None and made.ending.complete
    whole = sweep(
        sweep_functions.slow, FACTORS, "grid", replicates=12, outcomes=["y", "z"],
        output=tmp_path / "whole", engine="here",
    )  # fmt: skip
    tables = [pd.read_parquet(one.folder / "runs.parquet") for one in (made, whole)]
    assert (
        tables[0].drop(columns=list(EXECUTION)).to_parquet()
        == tables[1].drop(columns=list(EXECUTION)).to_parquet()
    )


@pytest.mark.full
@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no dask scheduler answers at tcp://127.0.0.1:1"):
        sweep(
            sweep_functions.plain, FACTORS, "grid", outcomes=["y"], output=tmp_path / "s",
            engine="dask:tcp://127.0.0.1:1",
        )  # fmt: skip
