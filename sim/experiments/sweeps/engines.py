"""Where batches run: in processes of this machine, in this process, or on a dask cluster.

An engine is little more than an executor of :mod:`concurrent.futures`; it promises nothing about processes
that die, which is the runner's business.
"""

from __future__ import annotations

import pickle
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from sim.engine.compiled import source_digest
from sim.errors import InputError
from sim.experiments.sweeps import work
from sim.experiments.sweeps.work import Batch, Job, Receipt
from sim.registry import sources

__all__ = ["Engine", "make_engine"]


class Engine(Protocol):
    """Runs batches.

    Attributes
    ----------
    lanes
        How many run at a time.
    lost
        What a future raises when the process that worked on it died.
    share_fate
        Whether the death of one process takes all batches with it.
    """

    lanes: int
    lost: tuple[type[BaseException], ...]
    share_fate: bool

    def submit(self, batch: Batch) -> Future[Receipt]:
        """Begin a batch, or queue it."""

    def alone(self, batch: Batch, *, fresh: bool) -> Future[Receipt]:
        """Begin a batch while nothing else runs, so that it is clear who killed the process; in a `fresh` one
        if wanted."""

    def renew(self) -> None:
        """Be ready again after a process died."""

    def close(self, *, now: bool) -> None:
        """End; `now` without waiting for what runs."""


class _Here:
    """This process, one run at a time: for looking at a run with a debugger, and where no process can start."""

    lanes = 1
    lost: tuple[type[BaseException], ...] = ()
    share_fate = False

    def __init__(self, job: Job) -> None:
        work.prepare(replace(job, exits=False))

    def submit(self, batch: Batch) -> Future[Receipt]:
        future: Future[Receipt] = Future()
        try:
            future.set_result(work.work_on(batch))
        except Exception as error:
            future.set_exception(error)
        return future

    def alone(self, batch: Batch, *, fresh: bool) -> Future[Receipt]:
        return self.submit(batch)

    def renew(self) -> None:
        pass

    def close(self, *, now: bool) -> None:
        work.release()


class _Local:
    """Processes of this machine, spawned, so that they are the same on every system."""

    share_fate = True

    def __init__(self, job: Job, workers: int) -> None:
        from concurrent.futures.process import BrokenProcessPool

        self.lanes = workers
        self.lost: tuple[type[BaseException], ...] = (BrokenProcessPool,)
        self._given = (sources(), pickle.dumps(job))
        self._pool: ProcessPoolExecutor | None = None
        self._single: ProcessPoolExecutor | None = None

    def _new(self, workers: int) -> ProcessPoolExecutor:
        from multiprocessing import get_context

        return ProcessPoolExecutor(workers, get_context("spawn"), work.enter, self._given)

    def submit(self, batch: Batch) -> Future[Receipt]:
        if self._pool is None:
            self._pool = self._new(self.lanes)
        return self._pool.submit(work.work_on, batch)

    def alone(self, batch: Batch, *, fresh: bool) -> Future[Receipt]:
        if fresh or self._single is None:
            _end(self._single, now=True)
            self._single = self._new(1)
        return self._single.submit(work.work_on, batch)

    def renew(self) -> None:
        _end(self._pool, now=True)
        _end(self._single, now=True)
        self._pool = self._single = None

    def close(self, *, now: bool) -> None:
        _end(self._single, now=now)
        _end(self._pool, now=now)
        self._pool = self._single = None


def _end(pool: ProcessPoolExecutor | None, *, now: bool) -> None:
    """End a pool; `now` kills what its processes are at."""
    if pool is None:
        return
    if now:
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            with suppress(OSError, ValueError):
                process.kill()
    pool.shutdown(wait=True, cancel_futures=True)


class _Dask:
    """A dask cluster that runs already, by the address of its scheduler or a scheduler file."""

    share_fate = False

    def __init__(self, job: Job, where: str) -> None:
        try:
            from distributed import Client, KilledWorker
        except ImportError:
            raise InputError(
                "dask.distributed is not installed",
                remedy='install it (pip install "mentorsim[cluster]")',
                key="engine",
            ) from None
        given: dict[str, Any] = (
            {"scheduler_file": where} if where.endswith(".json") else {"address": where}
        )
        try:
            self._client: Any = Client(**given, timeout=10, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            problem = f"no dask scheduler answers at {where} ({error})"
            raise InputError(
                problem, remedy="start it, or check the address", key="engine"
            ) from None
        self.lost: tuple[type[BaseException], ...] = (KilledWorker,)
        self._check()
        self.lanes = max(1, sum(self._client.nthreads().values()))
        self._executor: Executor = self._client.get_executor(pure=False, retries=0)
        self._given = (pickle.dumps(job), sources())

    def _check(self) -> None:
        """All workers must have this version of the package.

        Raises
        ------
        InputError
            If there is no worker, or one has another version, or none.
        """
        try:
            self._client.wait_for_workers(1, timeout=30)
            codes = self._client.run(source_digest)
        except Exception as error:
            self._client.close()
            problem = f"the cluster cannot run mentorsim ({type(error).__name__}: {error})"
            remedy = "start workers where the same version is installed"
            raise InputError(problem, remedy=remedy, key="engine") from None
        others = [name for name, code in codes.items() if code != source_digest()]
        if others:
            self._client.close()
            problem = f"worker {others[0]} has another version of mentorsim"
            raise InputError(problem, remedy="install the same one everywhere", key="engine")

    def submit(self, batch: Batch) -> Future[Receipt]:
        return self._executor.submit(work.work_on_pickled, *self._given, list(batch))

    def alone(self, batch: Batch, *, fresh: bool) -> Future[Receipt]:
        return self.submit(batch)

    def renew(self) -> None:
        """The cluster looks after its own workers."""
        self.lanes = max(1, sum(self._client.nthreads().values()))

    def close(self, *, now: bool) -> None:
        self._executor.shutdown(wait=not now)
        self._client.close()


def make_engine(name: str, job: Job, workers: int) -> Engine:
    """Return the engine of a name: "local", "here", or "dask:" and an address or scheduler file.

    Raises
    ------
    InputError
        If it cannot be reached, or its library is missing.
    """
    if name == "here":
        return _Here(job)
    if name.startswith("dask:"):
        return _Dask(job, name.removeprefix("dask:"))
    return _Local(job, workers)
