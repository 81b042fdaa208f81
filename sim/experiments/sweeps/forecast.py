"""What a sweep would take, told before it is begun: runs, time, rows, room on the disk."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from sim.experiments.sweeps.cells import Cells
from sim.experiments.sweeps.journal import Record, text_of
from sim.experiments.sweeps.model import FirmModel
from sim.experiments.sweeps.study import Study
from sim.simulation.pool import available_workers
from sim.simulation.warming import warm_up

__all__ = ["Forecast", "forecast"]

_PILOT_SECONDS = 3.0
_MOST_PILOTS = 24


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a sweep would take.

    Attributes
    ----------
    points, variants, replicates
        Of the study; with a search, all points that it may try.
    rows
        Rows of its table: points × variants × replicates.
    simulated
        Runs that are simulated: what is equal is simulated once.
    milliseconds
        Of one run, in the pilot.
    pilots
        Runs of the pilot.
    workers
        Processes.
    seconds
        Expected, with all workers.
    journal_bytes
        Room that the journals take; the tables take about a third of it more.
    """

    points: int
    variants: int
    replicates: int
    rows: int
    simulated: int
    milliseconds: float
    pilots: int
    workers: int
    seconds: float
    journal_bytes: int


def forecast(study: Study, workers: int | None = None) -> Forecast:
    """Time a few runs at points drawn at random, in this process, and multiply."""
    if isinstance(study.model, FirmModel):
        warm_up()
    cells = Cells(study.model)
    cells.add(study.rows() or [study.own_values()])
    wanted = np.full((len(cells.rows), cells.variants), study.replicates, dtype=np.int64)
    simulated, _ = cells.count(wanted)
    extra = 0
    if study.proposed is not None:
        options = study.proposed.options
        extra = int(options["budget"]) - (0 if study.rows() else 1)
        simulated += extra * study.replicates * max(1, cells.variants - 1)
    random = np.random.default_rng(0)
    owners = np.flatnonzero(cells.owner == np.arange(len(cells.owner)))
    chosen = random.choice(owners, min(_MOST_PILOTS, len(owners)), replace=False).tolist()
    warmed: set[int] = set()
    for cell in chosen:  # the first one of each variant compiles what is still to be compiled
        point, variant = divmod(cell, cells.variants)
        if variant not in warmed:
            warmed.add(variant)
            study.model.run(variant, cells.rows[point], 0)
    begun, times, size = time.monotonic(), [], 0
    for cell in chosen:
        point, variant = divmod(cell, cells.variants)
        before = time.perf_counter()
        (lived,) = study.model.told([study.model.run(variant, cells.rows[point], 0)])
        times.append(time.perf_counter() - before)
        size += len(text_of(Record(point, variant, 0, "ok", lived.values, lived.series, 1.0)))
        if time.monotonic() - begun > _PILOT_SECONDS:
            break
    each = float(np.mean(times))
    workers = workers or study.execution.workers or available_workers()
    return Forecast(
        points=len(cells.rows) + extra,
        variants=cells.variants,
        replicates=study.replicates,
        rows=(len(cells.rows) + extra) * cells.variants * study.replicates,
        simulated=simulated,
        milliseconds=1000.0 * each,
        pilots=len(times),
        workers=workers,
        seconds=simulated * each / workers,
        journal_bytes=simulated * size // len(times),
    )
