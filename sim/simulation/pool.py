"""Many worlds on threads or processes: the same numbers however many work on them, in whatever order.

A world is a pure function of (scenario, seed, replicate), so that it does not matter who simulates it,
or how often: work that is lost with a killed process is simply done again.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Literal, TypeVar

from sim.errors import InputError
from sim.registry import load_sources, out_of_reach, sources

__all__ = ["Kind", "WorkersLostError", "available_workers", "run_tasks"]

Kind = Literal["threads", "processes"]
Shared = TypeVar("Shared")
Result = TypeVar("Result")

_MOST_ATTEMPTS = 3
"""Pools that may break while the same piece of work is being done."""

_MOST_TOGETHER = 16
"""Worlds that a process is handed at a time, at most."""


class WorkersLostError(RuntimeError):
    """Worker processes died again and again while the same worlds were being simulated."""


def available_workers() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_tasks(
    work: Callable[[Shared, int], Result],
    shared: Shared,
    count: int,
    *,
    workers: int,
    executor: Kind = "threads",
) -> Generator[tuple[int, Result], None, None]:
    """Yield (task, ``work(shared, task)``) for the tasks 0 to `count` - 1, as they are finished.

    When the iterator is closed or an exception passes through it, what waits is dropped, and what is
    running ends by itself, unseen.

    Parameters
    ----------
    work
        For processes: a function of a module, its arguments and results picklable.
    shared
        Handed to every process once.
    workers
        How many tasks run at a time. With one thread, everything runs in the caller's.
    executor
        Processes are spawned; one that dies is replaced, and its work done again.

    Raises
    ------
    InputError
        If processes are wanted where none can be started, or where they could not see what was added.
    WorkersLostError
        If processes die three times while the same tasks are being done.
    """
    if executor == "processes":
        _refuse_in_vain()
        yield from _on_processes(work, shared, count, workers)
    elif workers == 1:
        for task in range(count):
            yield task, work(shared, task)
    else:
        pool = ThreadPoolExecutor(workers)
        try:
            for task, future in _in_flight(
                pool, lambda t: work(shared, t), range(count), 2 * workers
            ):
                yield task, future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _refuse_in_vain() -> None:
    """Complain where worker processes would fail one by one, each with a page of its own."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        # A worker that is being started imports the script, and has come to this call in it: the driver
        # sees it end and says what to do.
        raise SystemExit(1)
    threads = 'use threads (executor="threads")'
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    if getattr(main, "__spec__", None) is None and file is not None and not os.path.exists(file):
        problem = "worker processes cannot be started by a script on standard input"
        raise InputError(problem, remedy=f"save it as a file, or {threads}", key="executor")
    hidden = out_of_reach()
    if hidden:
        problem = f"worker processes cannot see what was added here: {', '.join(hidden)}"
        remedy = f"save it as a file and load that with sim.load_extension, or {threads}"
        raise InputError(problem, remedy=remedy, key="executor")


def _in_flight(
    pool: Executor, call: Callable[[Any], Any], pieces: Sequence[Any], most: int
) -> Iterator[tuple[Any, Future[Any]]]:
    """Submit the pieces in order, `most` at a time, and yield each with its finished future."""
    waiting = iter(pieces)
    running: dict[Future[Any], Any] = {}
    while True:
        try:
            for piece in itertools.islice(waiting, most - len(running)):
                running[pool.submit(call, piece)] = piece
        except BrokenProcessPool:  # what runs will say so as well
            waiting = iter(())
        if not running:
            return
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            yield running.pop(future), future


def _on_processes(
    work: Callable[[Shared, int], Result], shared: Shared, count: int, workers: int
) -> Iterator[tuple[int, Result]]:
    from multiprocessing import get_context

    together = max(1, min(_MOST_TOGETHER, count // (8 * workers)))
    left = dict.fromkeys(
        range(first, min(first + together, count)) for first in range(0, count, together)
    )
    attempts: Counter[range] = Counter()
    while left:
        given = (sources(), pickle.dumps((work, shared)))
        pool = ProcessPoolExecutor(min(workers, len(left)), get_context("spawn"), _enter, given)
        try:
            for piece, future in _in_flight(pool, _work_on, list(left), workers + 2):
                try:
                    results = future.result()
                except BrokenProcessPool:
                    attempts[piece] += 1
                    continue
                del left[piece]
                yield from zip(piece, results, strict=True)
        finally:
            pool.shutdown(wait=not left, cancel_futures=True)
        if left and max(attempts.values(), default=0) >= _MOST_ATTEMPTS:
            raise WorkersLostError(
                f"worker processes died {_MOST_ATTEMPTS} times during the same work. Most often memory "
                "runs out: use fewer workers, or threads. In a script, the call must stand under "
                'if __name__ == "__main__".'
            )


_task: tuple[Callable[[Any, int], Any], Any] | None = None
"""In a worker process: what it does, and what all tasks share."""


def _enter(extensions: tuple[str, ...], pickled: bytes) -> None:
    """Make a worker process ready: Ctrl-C is the driver's business, and it ends with the driver.

    Extensions are loaded before what may need them is unpickled.
    """
    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load_sources(extensions)
    _task = pickle.loads(pickled)  # noqa: S301 (our own)
    threading.Thread(target=_end_with_driver, daemon=True).start()


def _end_with_driver() -> None:
    from multiprocessing import parent_process

    driver = parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)


def _work_on(piece: range) -> list[Any]:
    assert _task is not None
    work, shared = _task
    return [work(shared, task) for task in piece]
