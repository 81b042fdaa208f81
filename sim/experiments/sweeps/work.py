"""What a worker process does: it lives through a batch of runs, and writes each down as soon as it is done."""

from __future__ import annotations

import gc
import json
import math
import os
import pickle
import platform
import signal
import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sim.engine.compiled import source_digest
from sim.experiments.sweeps.journal import Journal, Record, text_of
from sim.experiments.sweeps.model import Lived, Model
from sim.registry import load_sources

__all__ = [
    "Batch",
    "Job",
    "Receipt",
    "Run",
    "enter",
    "heading_of",
    "prepare",
    "release",
    "work_on",
    "work_on_pickled",
]

_TOGETHER_SECONDS = 0.1
_MOST_TOGETHER = 64
"""Runs whose outcomes are worked out, and that are written down, together."""

_TIMED_OUT = 17
"""Exit code of a process that ended itself because a run took too long."""


class Run(NamedTuple):
    """One run that is to be done."""

    point: int
    variant: int
    replicate: int
    attempt: int
    row: tuple[Any, ...]


Batch = Sequence[Run]


@dataclass(frozen=True, slots=True)
class Job:
    """What all batches share.

    Attributes
    ----------
    model
        What is run.
    watched
        Positions of the outcomes whose values the driver wants to see.
    folder, session, plan
        Where the journal is written, for which session of the driver, of which plan.
    timeout_seconds
        After which a run is given up, with its process; None for never.
    exits
        Whether a process may end itself (not where it is the driver's own).
    """

    model: Model
    watched: tuple[int, ...]
    folder: str
    session: str
    plan: str
    timeout_seconds: float | None = None
    exits: bool = True


class Receipt(NamedTuple):
    """What the driver learns of a batch.

    Attributes
    ----------
    done
        For each run: point, variant, replicate, status, values of the watched outcomes.
    seconds
        How long the runs took.
    lines
        The journal's lines, where this process cannot see the folder; else empty.
    heading
        What holds for these lines.
    """

    done: list[tuple[int, int, int, str, tuple[float, ...]]]
    seconds: float
    lines: str
    heading: dict[str, Any]


@dataclass
class _Worker:
    """What a process keeps between batches; `running` holds what each of its threads is at, and since when."""

    job: Job
    journal: Journal | None
    lock: threading.Lock
    running: dict[int, tuple[Run, float]]


_worker: _Worker | None = None


@cache
def heading_of(plan: str) -> dict[str, Any]:
    """What holds for everything that this process writes down."""
    return {
        "plan": plan,
        "host": platform.node(),
        "pid": os.getpid(),
        "code": source_digest(),
    }


def enter(extensions: tuple[str, ...], pickled: bytes) -> None:
    """Make a worker process ready. Signals are the driver's business, and it ends with the driver."""
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with_driver, daemon=True).start()
    load_sources(extensions)
    prepare(pickle.loads(pickled))  # noqa: S301 (our own)
    gc.freeze()  # what is there by now stays: the collector need not look at it again and again


def _end_with_driver() -> None:
    from multiprocessing import parent_process

    driver = parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)


def prepare(job: Job) -> None:
    """Be ready for the batches of a job."""
    global _worker
    release()
    worker = _worker = _Worker(job, None, threading.Lock(), {})
    if _sees(job):
        worker.journal = Journal(Path(job.folder), job.session, heading_of(job.plan))
    if job.timeout_seconds is not None and job.exits:
        threading.Thread(target=_watch, args=(worker, job.timeout_seconds), daemon=True).start()


def release() -> None:
    """Close the journal of this process."""
    global _worker
    if _worker is not None and _worker.journal is not None:
        _worker.journal.close()
    _worker = None


def _sees(job: Job) -> bool:
    """Whether this process stands before the same folder as the driver."""
    try:
        text = (Path(job.folder) / "study.json").read_text(encoding="utf-8")
        return bool(json.loads(text)["plan"] == job.plan)
    except (OSError, ValueError, KeyError):
        return False


def work_on_pickled(pickled: bytes, extensions: tuple[str, ...], batch: Batch) -> Receipt:
    """The same on a cluster, where processes are not ours to make ready: the job comes with each batch."""
    global _worker
    job_of_this = hash(pickled)
    if getattr(_thread, "job", None) != job_of_this or _worker is None:
        with _entering:
            if _known.get("job") != job_of_this:
                load_sources(extensions)
                prepare(pickle.loads(pickled))  # noqa: S301 (our own)
                _known["job"] = job_of_this
        _thread.job = job_of_this
    return work_on(batch)


_thread = threading.local()
_entering = threading.Lock()
_known: dict[str, int] = {}


def work_on(batch: Batch) -> Receipt:
    """Live through the runs of a batch, one after the other."""
    assert _worker is not None
    worker, job = _worker, _worker.job
    begun = time.perf_counter()
    done: list[tuple[int, int, int, str, tuple[float, ...]]] = []
    lines: list[str] = []
    waiting: list[tuple[Run, Any, float]] = []
    thread, since = threading.get_ident(), begun
    for run in batch:
        with worker.lock:
            worker.running[thread] = (run, time.monotonic())
        waiting.append(_lived(job.model, run))
        # A run that was handed out again is written down before the next begins: if this process dies, it
        # is clear during which run.
        late = time.perf_counter() - since > _TOGETHER_SECONDS
        if late or run.attempt > 1 or len(waiting) == _MOST_TOGETHER or run is batch[-1]:
            records = _told(job.model, waiting)
            text = "".join(map(text_of, records))
            with worker.lock:  # from here on it cannot time out
                del worker.running[thread]
                if worker.journal is None:
                    lines.append(text)
                else:
                    _put(worker, text)
            done += [(*one[:3], one.status, _watched(one, job.watched)) for one in records]
            waiting, since = [], time.perf_counter()
    if worker.journal is not None:
        worker.journal.sync()
    heading = heading_of(job.plan) if lines else {}
    return Receipt(done, time.perf_counter() - begun, "".join(lines), heading)


def _put(worker: _Worker, text: str) -> None:
    """Write to the journal; after a failure a fresh one is begun, so that a torn line stays the last."""
    assert worker.journal is not None
    try:
        worker.journal.add(text)
    except OSError:
        job = worker.job
        try:
            worker.journal = Journal(Path(job.folder), job.session, heading_of(job.plan))
        except OSError:
            worker.journal = None
        raise


def _lived(model: Model, run: Run) -> tuple[Run, Any, float]:
    """One run with its milliseconds; the record of its failure where it has one."""
    begun = time.perf_counter()
    try:
        return run, model.run(run.variant, run.row, run.replicate), _since(begun)
    except MemoryError:
        raise  # not the run's fault alone: tried again with less around it
    except Exception as error:
        return run, _failure(run, error, _since(begun)), 0.0


def _failure(run: Run, error: Exception, milliseconds: float) -> Record:
    return Record(
        *run[:3],
        "failed",
        milliseconds=milliseconds,
        attempts=run.attempt,
        reason=f"{type(error).__name__}: {error}",
        traceback="".join(traceback.format_exception(error, limit=-8)),
    )


def _told(model: Model, waiting: Sequence[tuple[Run, Any, float]]) -> list[Record]:
    """What is kept of some runs, in their order."""
    good = [one for one in waiting if not isinstance(one[1], Record)]
    begun = time.perf_counter()
    try:
        found = iter(model.told([raw for _, raw, _ in good]))
    except MemoryError:
        raise
    except Exception as error:
        if len(waiting) == 1:
            return [_failure(waiting[0][0], error, waiting[0][2])]
        return [record for one in waiting for record in _told(model, [one])]
    extra = _since(begun) / max(1, len(good))
    return [
        raw if isinstance(raw, Record) else _record(run, next(found), spent + extra)
        for run, raw, spent in waiting
    ]


def _record(run: Run, lived: Lived, milliseconds: float) -> Record:
    return Record(
        *run[:3],
        "ok",
        lived.values,
        [[None if value != value else value for value in months] for months in lived.series],
        round(milliseconds, 3),
        run.attempt,
    )


def _since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000.0, 3)


def _watched(record: Record, positions: tuple[int, ...]) -> tuple[float, ...]:
    if record.status != "ok":
        return (math.nan,) * len(positions)
    return tuple(record.values[position] for position in positions)


def _watch(worker: _Worker, seconds: float) -> None:
    """Give a run up that takes too long: compiled code cannot be interrupted, so its process ends."""
    while _worker is worker:
        time.sleep(min(0.5, seconds / 4.0))
        with worker.lock:
            late = [
                run for run, since in worker.running.values() if time.monotonic() - since >= seconds
            ]
            if not late:
                continue
            run = late[0]
            record = Record(
                run.point,
                run.variant,
                run.replicate,
                "timed_out",
                milliseconds=round(1000.0 * seconds, 3),
                attempts=run.attempt,
                reason=f"it took longer than {seconds:g} seconds",
            )
            if worker.journal is not None:
                worker.journal.add(text_of(record))
            os._exit(_TIMED_OUT)
