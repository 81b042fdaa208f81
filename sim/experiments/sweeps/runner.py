"""The driver of a sweep: hands out batches, survives what happens to them, and asks for what is missing.

Nothing that was finished is ever lost, because the processes write it down themselves before the driver
hears of it; whatever the driver believes can be read again from the journals.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensemble import sets_of
from sim.errors import InputError
from sim.experiments.sweeps.cells import Cells
from sim.experiments.sweeps.engines import Engine, make_engine
from sim.experiments.sweeps.journal import Journal, Record, record_of, scan, text_of
from sim.experiments.sweeps.model import FirmModel
from sim.experiments.sweeps.optimising import watched_by_search
from sim.experiments.sweeps.search import Search
from sim.experiments.sweeps.signals import Stopper, stop_on_signals
from sim.experiments.sweeps.stopping import RULES, Seen
from sim.experiments.sweeps.store import SweepFolder, unwritable
from sim.experiments.sweeps.study import Execution, Study
from sim.experiments.sweeps.work import Batch, Job, Receipt, Run, heading_of
from sim.simulation.pool import available_workers

__all__ = ["Ending", "Progress", "WorkersLostError", "run_sweep", "seen_of", "wanted_of"]

Progress = Callable[[int, int], None]

_MOST_ATTEMPTS = 3
"""Attempts of a run that kills its process; the last in a fresh process of its own."""

_MOST_IN_A_ROW = 5
"""Runs, one after the other, whose processes died: then it is not the runs."""

_LARGEST_BATCH = 1000
_LOOK_UP_SECONDS = 0.5


class WorkersLostError(RuntimeError):
    """Worker processes die whatever they are given."""


@dataclass
class Ending:
    """How a session ended.

    Attributes
    ----------
    total, done
        Runs to be simulated here, and those that are done.
    failed, timed_out, worker_died
        Runs without a result, by reason.
    stopped_by
        Number of the signal that stopped it, or None.
    seconds
        From beginning to end.
    busy
        Seconds of simulating, over all processes.
    ran
        Runs that this session did.
    attempts
        Runs that this session handed out again because a process had died.
    """

    total: int = 0
    done: int = 0
    failed: int = 0
    timed_out: int = 0
    worker_died: int = 0
    stopped_by: int | None = None
    seconds: float = 0.0
    busy: float = 0.0
    ran: int = 0
    attempts: int = 0

    @property
    def complete(self) -> bool:
        """Whether every run has a result."""
        return self.done == self.total and not (self.failed + self.timed_out + self.worker_died)

    def as_plain(self) -> dict[str, Any]:
        """For the list of sessions."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass
class _Flight:
    """What is being worked on, and what is to be handed out again."""

    running: dict[Future[Receipt], Batch] = field(default_factory=dict)
    again: deque[Run] = field(default_factory=deque)


def run_sweep(
    folder: SweepFolder,
    execution: Execution,
    *,
    progress: Progress | None = None,
    retry_failed: bool = False,
    command: str | None = None,
) -> Ending:
    """Run what is missing in a sweep; the folder must be locked by the caller.

    Parameters
    ----------
    folder
        The sweep.
    execution
        How to run it.
    progress
        Called with how many runs are done, and of how many.
    retry_failed
        Whether runs that failed are tried again.
    command
        What started it, for the record.

    Raises
    ------
    InputError
        If the folder cannot be written (a full disk), or the engine cannot be reached. Whatever was finished
        is kept.
    WorkersLostError
        If processes die whatever they are given.
    KeyboardInterrupt
        If it was asked to stop twice.
    """
    return _Driver(folder, execution, progress, command).run(retry_failed=retry_failed)


class _Driver:
    def __init__(
        self,
        folder: SweepFolder,
        execution: Execution,
        progress: Progress | None,
        command: str | None,
    ) -> None:
        self.folder, self.execution, self.progress = folder, execution, progress
        self.study = folder.study
        outcomes = self.study.model.outcomes
        self.watched = tuple(
            dict.fromkeys((*self.study.stopping.watched, *watched_by_search(self.study)))
        )
        self.places = tuple(outcomes.index(name) for name in self.watched)
        self.cells = Cells(self.study.model, len(self.watched))
        self.ending = Ending()
        self.command = command
        self.own: Journal | None = None
        self.session = ""
        self.per_run = 0.0
        self.in_a_row = 0
        self.read_to: dict[Path, int] = {}

    # What is there already.

    def run(self, *, retry_failed: bool) -> Ending:
        begun = time.monotonic()
        self.cells.add(self.folder.rows())
        self._catch_up()
        kept = (1,) if retry_failed else (1, 2)
        self.cells.state[~np.isin(self.cells.state, kept)] = 0
        workers = self.execution.workers or available_workers()
        self.session = self.folder.begin_session(
            command=self.command,
            workers=workers,
            engine=self.execution.engine,
            plan=self.folder.plan,
        )
        job = Job(
            self.study.model,
            self.places,
            str(self.folder.path.resolve()),
            self.session,
            self.folder.plan,
            self.execution.timeout_seconds,
        )
        search = Search(self.study, self.folder) if self.study.proposed else None
        engine: Engine | None = None
        now = True
        try:
            with stop_on_signals() as stopper:
                while stopper.asked is None:
                    wanted = self._wanted(search)
                    self._count(wanted)
                    todo = self.cells.todo(wanted, self.folder.shard)
                    first = next(todo, None)
                    if first is None:
                        if search is None or not search.propose(self.cells, self.watched):
                            break
                        continue
                    if engine is None:
                        engine = make_engine(self.execution.engine, job, workers)
                    self._execute(engine, _runs(self.cells, first, todo), stopper)
                now = False
                self.ending.stopped_by = stopper.asked
        finally:
            if engine is not None:
                engine.close(now=now)
            if self.own is not None:
                self.own.close()
            self.ending.seconds = round(time.monotonic() - begun, 3)
            self._tally()
            self.folder.end_session(self.session, **self.ending.as_plain())
        return self.ending

    def _catch_up(self) -> None:
        """Read what the journals say beyond what was read before."""
        for path in self.folder.journals():
            start = end = self.read_to.get(path, 0)
            for _, end_of_line, told in scan(path, start):
                if told is None:
                    continue
                end = end_of_line
                if "point" not in told:
                    continue
                record = record_of(told)
                watched = [np.nan] * len(self.places)
                if record.status == "ok":
                    watched = [record.values[place] for place in self.places]
                cell = self.cells.cell(record.point, record.variant)
                if cell < len(self.cells.owner):
                    self.cells.put(cell, record.replicate, record.status, watched)
            self.read_to[path] = end

    # What is wanted.

    def _wanted(self, search: Search | None) -> NDArray[np.int64]:
        """Replicates wanted of every cell."""
        shape = (len(self.cells.rows), self.cells.variants)
        if search is not None:
            return search.wanted(shape)
        return wanted_of(self.study, self.cells, self.watched)

    def _count(self, wanted: NDArray[np.int64]) -> None:
        self.ending.total, self.ending.done = self.cells.count(wanted, self.folder.shard)

    def _tally(self) -> None:
        """How many runs are without a result, and why."""
        for place, name in ((2, "failed"), (3, "timed_out"), (4, "worker_died")):
            setattr(self.ending, name, int((self.cells.state == place).sum()))

    # Doing it.

    def _execute(self, engine: Engine, runs: Iterator[Run], stopper: Stopper) -> None:
        """Do all runs, or as many as can be finished when somebody asks to stop."""
        flight = _Flight()
        while True:
            broken = False
            while stopper.asked is None and len(flight.running) < engine.lanes + 2 and not broken:
                given = self._next_batch(flight.again, runs, engine.lanes)
                if not given:
                    break
                try:
                    flight.running[engine.submit(given)] = given
                except engine.lost:
                    flight.again.extendleft(reversed(given))
                    broken = True
            if not flight.running and not broken:
                return
            finished, _ = wait(
                flight.running, timeout=_LOOK_UP_SECONDS, return_when=FIRST_COMPLETED
            )
            lost: list[Batch] = []
            for future in finished:
                batch = flight.running.pop(future)
                if not self._take(future, batch, engine):
                    lost.append(batch)
            if lost or broken:
                self._recover(engine, flight, lost, stopper)

    def _next_batch(self, again: deque[Run], runs: Iterator[Run], lanes: int) -> list[Run]:
        """As many runs as take about as long as a batch should."""
        size = 1
        if self.per_run > 0.0:
            size = int(self.execution.batch_seconds / self.per_run)
            left = self.ending.total - self.ending.done
            size = max(1, min(size, _LARGEST_BATCH, -(-left // (3 * lanes))))
        batch: list[Run] = []
        while len(batch) < size:
            run = again.popleft() if again else next(runs, None)
            if run is None:
                break
            batch.append(run)
        return batch

    def _take(self, future: Future[Receipt], batch: Batch, engine: Engine) -> bool:
        """Note what a batch gave; False if its process died.

        Raises
        ------
        InputError
            If a process cannot write its journal.
        """
        try:
            receipt = future.result()
        except (CancelledError, MemoryError):
            return False
        except engine.lost:
            return False
        except InputError:
            raise
        except OSError as error:
            raise unwritable(self.folder.path, error) from error
        if receipt.lines:
            self._write(receipt.lines)
        for point, variant, replicate, status, watched in receipt.done:
            self.cells.put(self.cells.cell(point, variant), replicate, status, watched)
        self.ending.busy += receipt.seconds
        self.ending.ran += len(receipt.done)
        self.ending.done += len(receipt.done)
        self.in_a_row = 0
        pace = receipt.seconds / max(1, len(receipt.done))
        self.per_run = pace if not self.per_run else 0.7 * self.per_run + 0.3 * pace
        self._tell()
        return True

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.ending.done, self.ending.total)

    def _write(self, text: str) -> None:
        """Write lines in the driver's own journal."""
        try:
            if self.own is None:
                self.own = Journal(self.folder.path, self.session, heading_of(self.folder.plan))
            self.own.add(text)
            self.own.sync()
        except OSError as error:
            raise unwritable(self.folder.path, error) from error

    # When processes die.

    def _recover(
        self, engine: Engine, flight: _Flight, lost: list[Batch], stopper: Stopper
    ) -> None:
        """After a death: keep what was written down, try the suspects alone, hand the rest out again."""
        if engine.share_fate:
            # A broken pool takes all its batches with it.
            for future, batch in list(flight.running.items()):
                del flight.running[future]
                if not future.done() or not self._take(future, batch, engine):
                    lost.append(batch)
            engine.renew()
        before = self._done()
        self._catch_up()
        self.ending.done += self._done() - before
        suspects: list[Run] = []
        for batch in lost:
            missing = [run for run in batch if not self._state(run)]
            self.ending.attempts += len(missing)
            if missing:
                reached = batch.index(missing[0])
                ended = (
                    reached and self._state(batch[reached - 1]) == 3
                )  # it ended its process itself
                if ended:
                    flight.again.extend(missing)
                else:
                    suspects.append(missing[0])
                    flight.again.extend(missing[1:])
        for run in suspects:
            if stopper.asked is not None:
                return
            self._try_alone(engine, run, stopper)

    def _state(self, run: Run) -> int:
        """State of a run, as far as it is known."""
        cell = self.cells.cell(run.point, run.variant)
        return int(self.cells.state[cell, run.replicate])

    def _done(self) -> int:
        return int((self.cells.state != 0).sum())

    def _try_alone(self, engine: Engine, run: Run, stopper: Stopper) -> None:
        """Try a suspect with nothing else running, until it gives a result or has had its attempts."""
        for attempt in range(run.attempt + 1, _MOST_ATTEMPTS + 1):
            one = [run._replace(attempt=attempt)]
            future = engine.alone(one, fresh=attempt == _MOST_ATTEMPTS)
            while not future.done():
                wait([future], timeout=_LOOK_UP_SECONDS)
            if self._take(future, one, engine):
                return
            engine.renew()
            before = self._done()
            self._catch_up()
            self.ending.done += self._done() - before
            if self._state(run):  # it took too long, which was written down
                return
            if stopper.asked is not None:
                return
        self.in_a_row += 1
        if self.in_a_row >= _MOST_IN_A_ROW:
            raise WorkersLostError(
                f"worker processes died during {_MOST_IN_A_ROW} runs in a row, {_MOST_ATTEMPTS} times each. "
                "Most often memory runs out: use fewer workers. In a script, the call must stand under "
                'if __name__ == "__main__". What was finished is kept.'
            )
        reason = f"its process died {_MOST_ATTEMPTS} times, the last time alone; most often memory runs out"
        record = Record(*run[:3], "worker_died", attempts=_MOST_ATTEMPTS, reason=reason)
        self._write(text_of(record))
        self.cells.put(
            self.cells.cell(run.point, run.variant),
            run.replicate,
            "worker_died",
            [np.nan] * len(self.places),
        )
        self.ending.done += 1
        self._tell()


def _runs(cells: Cells, first: tuple[int, int], rest: Iterator[tuple[int, int]]) -> Iterator[Run]:
    """The runs of (cell, replicate) pairs, with the points that they are at."""
    pair: tuple[int, int] | None = first
    while pair is not None:
        point, variant = divmod(pair[0], cells.variants)
        yield Run(point, variant, pair[1], 1, cells.rows[point])
        pair = next(rest, None)


def seen_of(cells: Cells, watched: tuple[str, ...], model: Any) -> Seen:
    """What rules look at: watched outcomes by name."""
    values = cells.seen()
    sets = None
    if isinstance(model, FirmModel) and model.ensemble is not None:
        sets = sets_of(range(values.shape[3]), len(model.ensemble))
    return Seen(
        {name: values[place] for place, name in enumerate(watched)},
        cells.done(),
        sets,
        model.variants.index(model.against),
    )


def wanted_of(study: Study, cells: Cells, watched: tuple[str, ...]) -> NDArray[np.int64]:
    """Replicates that a study's stopping rule wants of every cell; shape (points, variants)."""
    shape = (len(cells.rows), cells.variants)
    options = study.stopping
    if options.rule == "fixed" or not cells.state.size:
        return np.full(shape, study.replicates, dtype=np.int64)
    seen = seen_of(cells, watched, study.model)
    return RULES[options.rule](options, study.replicates, study.model.variants, seen)
