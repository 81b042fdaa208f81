"""Threads, processes, kills and Ctrl-C: the same numbers, or what is complete of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from pool_work import (
    always_dies,
    dies_once,
    doubled,
    doubled_late,
    own_process,
    refuses,
    told,
)
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.scenario import Scenario
from sim.simulation.plan import plans_of
from sim.simulation.pool import WorkersLostError, available_workers, run_tasks

pytestmark = pytest.mark.long

SCENARIO = Scenario(
    months=24,
    seed=9,
    organisation={"employees": 40, "levels": 4, "departments": 4},
    variants=[
        {"name": "none", "programme.policy": "none"},
        {"name": "random", "programme.policy": "random"},
    ],
)
TABLES = ("effects", "outcomes", "monthly", "monthly_replicates", "groups", "people", "dyads")
ROOT = Path(sim.__file__).parents[1]

# A script that compares until it is stopped, then tells what it has.
SCRIPT = """
import sys
import sim

scenario = sim.Scenario(
    months=24, seed=9, organisation={"employees": 40, "levels": 4, "departments": 4},
    variants=[{"name": "none"}, {"name": "random", "programme.policy": "random"}],
)

def progress(done, total):
    print("done", done, flush=True)

if __name__ == "__main__":
    found = sim.compare(
        scenario, replicates=100_000, workers=2, executor=sys.argv[1], progress=progress
    )
    # On a line of its own: Ctrl-C may have cut the last line of progress in two.
    print("\\nstopped", found.interrupted, found.replicates, found.worlds == tuple(found.worlds))
    found.outcomes.to_parquet(sys.argv[2])
    found.save(sys.argv[3])
    print("saved", flush=True)
"""


def whole(**options: Any) -> Comparison:
    return compare(SCENARIO, replicates=6, people=True, dyads=True, keep_monthly=True, **options)


@pytest.fixture(scope="module")
def one_thread() -> Comparison:
    return whole(workers=1)


def assert_equal(one: Comparison, other: Comparison) -> None:
    assert (one.worlds, one.interrupted) == (other.worlds, other.interrupted)
    for table in TABLES:
        first, second = getattr(one, table), getattr(other, table)
        assert len(first) > 0
        pd.testing.assert_frame_equal(first, second, check_exact=True)


# --- the same numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"workers": 2},
        {"workers": 5},
        {"workers": 2, "executor": "processes"},
        {"workers": 1, "executor": "processes"},
    ],
)
def test_results_do_not_depend_on_who_works(
    one_thread: Comparison, options: dict[str, Any]
) -> None:
    assert_equal(one_thread, whole(**options))


@pytest.mark.parametrize(
    ("workers", "executor"), [(1, "threads"), (3, "threads"), (2, "processes")]
)
def test_every_task_is_done_once(workers: int, executor: Any) -> None:
    with closing(run_tasks(doubled_late, 2, 57, workers=workers, executor=executor)) as found:
        pairs = list(found)
    assert sorted(pairs) == [(task, 2 * task) for task in range(57)]


def test_threads_do_finish_out_of_order() -> None:
    """Otherwise the tests above would show nothing."""
    order = [task for task, _ in run_tasks(doubled_late, 2, 57, workers=3)]
    assert order != sorted(order)


def test_nothing_to_do_is_done() -> None:
    for executor in ("threads", "processes"):
        assert list(run_tasks(doubled, 2, 0, workers=2, executor=executor)) == []


def test_processes_are_other_processes_and_as_many_as_asked() -> None:
    pids = {pid for _, pid in run_tasks(own_process, 0, 300, workers=2, executor="processes")}
    assert os.getpid() not in pids
    assert 1 <= len(pids) <= 2
    assert {pid for _, pid in run_tasks(own_process, 0, 9, workers=2)} == {os.getpid()}


def test_there_are_as_many_workers_as_processors_for_this_process() -> None:
    assert available_workers() == len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("workers", "executor"), [(1, "threads"), (2, "threads"), (2, "processes")]
)
def test_an_error_in_a_task_reaches_the_caller(workers: int, executor: Any) -> None:
    with pytest.raises(KeyError, match="task 4"):
        list(run_tasks(refuses, 4, 20, workers=workers, executor=executor))


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_what_waits_is_dropped_when_the_caller_stops(tmp_path: Path, executor: Any) -> None:
    with closing(run_tasks(told, str(tmp_path), 500, workers=2, executor=executor)) as found:
        next(found)
    begun = -1
    while begun < (begun := len(list(tmp_path.iterdir()))):
        time.sleep(0.5)  # time for 20 tasks
    assert 1 <= begun <= 100


# --- kills -------------------------------------------------------------------------------------------


def test_a_comparison_survives_a_killed_worker(one_thread: Comparison) -> None:
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if done == 2:
            victim = multiprocessing.active_children()[0]
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGKILL)
            victim.join(10)
            killed.append(victim.pid)

    assert_equal(one_thread, whole(workers=2, executor="processes", progress=kill_one))
    assert len(killed) == 1


def test_work_lost_with_a_process_is_done_again(tmp_path: Path) -> None:
    mark = tmp_path / "died"
    found = list(run_tasks(dies_once, str(mark), 40, workers=2, executor="processes"))
    assert mark.exists()
    assert sorted(found) == [(task, task) for task in range(40)]


def test_work_that_always_kills_its_process_ends_in_a_clear_error(tmp_path: Path) -> None:
    deaths = tmp_path / "deaths"
    with pytest.raises(WorkersLostError, match="died 3 times during the same work.*fewer workers"):
        list(run_tasks(always_dies, str(deaths), 40, workers=2, executor="processes"))
    assert len(deaths.read_text()) == 3


def test_workers_end_with_their_driver(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    with started(script, "processes", tmp_path) as driver:
        wait_for(driver, lambda line: line == "done 3")
        children = children_of(driver.pid)
        assert len(children) >= 2
        driver.kill()
    until = time.monotonic() + 20
    while any(is_alive(child) for child in children) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [child for child in children if is_alive(child)]


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(after_name[1]) == pid:
                found.append(int(entry.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# --- Ctrl-C ------------------------------------------------------------------------------------------


def started(script: Path, executor: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(script), executor, str(folder / "o.parquet"), str(folder / "saved")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Where tests run in the background of a shell, Ctrl-C is ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def wait_for(process: subprocess.Popen[str], wanted: Callable[[str], bool]) -> None:
    assert process.stdout is not None
    watch = threading.Timer(120, process.kill)
    watch.start()
    for line in process.stdout:
        if wanted(line.strip()):
            watch.cancel()
            return
    watch.cancel()
    raise AssertionError(f"it ended too early: {process.communicate()[1]}")


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_ctrl_c_leaves_the_finished_replicates(tmp_path: Path, executor: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    process = started(script, executor, tmp_path)
    wait_for(process, lambda line: line == "done 12")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the driver and to its workers
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    found = next(line for line in output.splitlines() if line.startswith("stopped")).split()
    assert found[1] == "True"
    assert 4 <= int(found[2]) < 50_000
    outcomes = pd.read_parquet(tmp_path / "o.parquet")
    worlds = outcomes["replicate"].unique()
    assert len(worlds) == int(found[2])
    assert (outcomes.groupby("replicate")["variant"].nunique() == 2).all()
    undisturbed = compare(SCENARIO, replicates=int(worlds.max()) + 1, workers=1).outcomes
    expected = undisturbed[undisturbed["replicate"].isin(worlds)].reset_index(drop=True)
    pd.testing.assert_frame_equal(outcomes, expected, check_exact=True)
    read = sim.load_comparison(tmp_path / "saved")
    assert read.interrupted
    assert read.replicates == len(worlds)
    assert read.manifest["replicates_asked"] == 100_000


def test_being_stopped_between_variants_keeps_complete_replicates_only() -> None:
    def stop(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    found = compare(SCENARIO, replicates=6, workers=1, progress=stop)
    assert found.interrupted
    assert found.worlds == (0, 1)
    assert (found.effects["replicates"] <= 2).all()
    assert len(found.outcomes["replicate"].unique()) == 2


def test_being_stopped_before_anything_is_complete_is_passed_on() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(SCENARIO, replicates=6, workers=1, progress=stop)


def test_being_stopped_after_everything_is_complete_is_no_interruption() -> None:
    def stop(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    assert not compare(SCENARIO, replicates=2, workers=1, progress=stop).interrupted


def test_worlds_are_handed_out_replicate_by_replicate() -> None:
    from sim.experiments.tasks import Job, simulate_task

    job = Job(plans_of(SCENARIO), SCENARIO.seed, people=False, dyads=False)
    assert [job.place(task) for task in range(5)] == [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2)]
    summary = simulate_task(job, 1)
    assert summary.people is None
    assert summary.dyads is None
