"""Beginning, resuming, merging and looking at sweeps: what the commands do, in calls of one line."""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.compiled import source_digest
from sim.errors import InputError
from sim.experiments.sweeps import journal
from sim.experiments.sweeps.cells import STATES, Cells
from sim.experiments.sweeps.journal import record_of, scan
from sim.experiments.sweeps.model import FirmModel
from sim.experiments.sweeps.runner import Ending, Progress, run_sweep, wanted_of
from sim.experiments.sweeps.store import Shard, SweepFolder, create_folder, open_folder, unwritable
from sim.experiments.sweeps.study import Execution, Study
from sim.experiments.sweeps.tables import write_tables
from sim.files import refuse_unfit
from sim.simulation.warming import warm_up

__all__ = ["Standing", "begin", "finish", "merge", "resume", "standing"]


def begin(
    study: Study,
    path: Path,
    *,
    as_written: str | None = None,
    shard: Shard = (1, 1),
    execution: Execution | None = None,
    progress: Progress | None = None,
    command: str | None = None,
) -> tuple[SweepFolder, Ending]:
    """Begin a sweep in a new folder and run it to its end.

    Parameters
    ----------
    study
        What to run.
    path
        A folder that is not there, or empty.
    as_written
        The study file, to be kept.
    shard
        Which part of how many to run here.
    execution
        How to run it, if other than the study says.

    Raises
    ------
    InputError
        If the folder is taken, cannot be written, or has no room for the results.
    """
    _check_shard(study, shard)
    refuse_unfit(path, _bytes_needed(study, shard))
    folder = create_folder(path, study, as_written=as_written, shard=shard)
    return folder, _run(folder, execution or study.execution, progress, False, command)


def _bytes_needed(study: Study, shard: Shard) -> int:
    """What journals and tables take at the very least: some digits of every number of every run."""
    cells = Cells(study.model)
    cells.add(study.rows())
    wanted = np.full((len(cells.rows), cells.variants), study.replicates, dtype=np.int64)
    return 100_000 + 8 * cells.count(wanted, shard)[0] * len(study.model.outcomes)


def _check_shard(study: Study, shard: Shard) -> None:
    if shard != (1, 1) and (study.stopping.rule != "fixed" or study.proposed):
        what = "a search" if study.proposed else f"the stopping rule {study.stopping.rule}"
        raise InputError(
            f"{what} cannot be split into shards: it needs all results as it goes on",
            remedy="run it as one sweep, or on dask",
            key="shard",
        )


def resume(
    path: Path,
    *,
    study: Study | None = None,
    replicates: int | None = None,
    execution: Execution | None = None,
    retry_failed: bool = False,
    strict_code: bool = False,
    progress: Progress | None = None,
    command: str | None = None,
) -> tuple[SweepFolder, Ending, list[str]]:
    """Go on with a sweep: what is missing, timed out or died is run, and what is new.

    Parameters
    ----------
    path
        Its folder.
    study
        The study as it is now. Only replicates, stopping and execution may have changed.
    replicates
        More replicates than before.
    execution
        How to run it.
    retry_failed
        Whether runs that failed are tried again.
    strict_code
        Whether to refuse if the package is not the one that began it.

    Returns
    -------
    tuple
        The folder, how it ended, and what a reader must know.

    Raises
    ------
    InputError
        If the plan is another, somebody is at work, or the code changed and `strict_code` is set.
    """
    folder = open_folder(path)
    folder.require_same_plan()
    warnings: list[str] = []
    kept = folder.study
    if study is not None:
        if study.plan() != folder.plan:
            raise InputError(
                "the study asks for something else than this sweep: "
                + _difference(folder.study, study),
                remedy="only replicates, stopping and execution may change; begin a new sweep",
                file=path,
            )
        document = {**kept.document}
        for name in ("replicates", "stopping", "execution", "outcomes"):
            document.pop(name, None)
            if name in study.document:
                document[name] = study.document[name]
        kept = replace(
            kept,
            replicates=study.replicates,
            stopping=study.stopping,
            execution=study.execution,
            outcomes=study.outcomes,
            document=document,
        )
    if replicates is not None:
        kept = replace(kept, replicates=replicates)
    _check_shard(kept, folder.shard)
    codes = {one["code"] for one in folder.sessions() if "code" in one}
    if codes and source_digest() not in codes:
        told = f"this is another version of mentorsim ({source_digest()}) than began the sweep ({', '.join(sorted(codes))})"
        if strict_code:
            raise InputError(
                told, remedy="use the same version, or leave --strict-code out", file=path
            )
        warnings.append(f"{told}: runs of both stand in its tables, told apart by the column code")
    ending = _run(folder, execution or kept.execution, progress, retry_failed, command, kept)
    return folder, ending, warnings


def _difference(old: Study, new: Study) -> str:
    """In which way the plans of two studies differ."""
    if old.model.variants != new.model.variants:
        return "other variants"
    if [factor.as_plain() for factor in old.factors] != [
        factor.as_plain() for factor in new.factors
    ]:
        return "other factors"
    if old.rows() != new.rows():
        return "other points"
    if old.model.digest() != new.model.digest():
        return "another scenario, seed, series or ensemble"
    return "another search"


def _run(
    folder: SweepFolder,
    execution: Execution,
    progress: Progress | None,
    retry_failed: bool,
    command: str | None,
    study: Study | None = None,
) -> Ending:
    with folder.locked():
        if study is not None and study != folder.study:
            folder = folder.with_study(study)
        if isinstance(folder.study.model, FirmModel):
            warm_up()
        try:
            return run_sweep(
                folder, execution, progress=progress, retry_failed=retry_failed, command=command
            )
        finally:
            finish(folder)


def finish(folder: SweepFolder) -> dict[str, int]:
    """Make the tables from the journals; returns rows by status."""
    return write_tables(folder)


def merge(paths: Sequence[Path], output: Path) -> tuple[SweepFolder, Standing]:
    """Put shards of one sweep together in a new folder.

    Raises
    ------
    InputError
        If they are of different sweeps, or the folder is taken or cannot be written.
    """
    folders = [open_folder(path) for path in paths]
    size = sum(one.stat().st_size for folder in folders for one in folder.journals())
    refuse_unfit(output, 100_000 + size)
    first = folders[0]
    for other in folders[1:]:
        if other.plan != first.plan:
            problem = f"it belongs to another sweep than {first.path}"
            remedy = "merge folders that the same study file made: " + _difference(
                first.study, other.study
            )
            raise InputError(problem, remedy=remedy, file=other.path)
    most = max(folders, key=lambda folder: folder.study.replicates)
    written = first.path / "study.toml"
    text = written.read_text(encoding="utf-8") if written.exists() else None
    merged = create_folder(output, most.study, as_written=text)
    try:
        for number, folder in enumerate(folders, start=1):
            for path in folder.journals():
                shutil.copyfile(path, output / journal.FOLDER / f"{number:03d}-{path.name}")
            _append(folder.path / "sessions.jsonl", output / "sessions.jsonl")
    except OSError as error:
        raise unwritable(output, error) from error
    finish(merged)
    return merged, standing(merged)


def _append(source: Path, target: Path) -> None:
    if source.exists():
        with target.open("ab") as stream:
            stream.write(source.read_bytes())


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a sweep is.

    Attributes
    ----------
    total, done
        Runs to be simulated, and those with an end of some kind.
    counts
        Runs by state.
    missing
        The first runs that are missing: (point, variant, replicate).
    torn
        Lines that a killed process left unfinished.
    sessions
        Who ran it.
    milliseconds
        Mean time of a run.
    rows
        Rows of its tables: copies count.
    busy
        Whether the last session seems to be at work.
    """

    total: int
    done: int
    counts: dict[str, int]
    missing: list[tuple[int, str, int]]
    torn: int
    sessions: list[dict[str, Any]]
    milliseconds: float
    rows: int
    busy: bool

    @property
    def complete(self) -> bool:
        """Whether every run has a result."""
        return self.done == self.total and set(self.counts) <= {"ok"}


def standing(folder: SweepFolder) -> Standing:
    """Look how far a sweep is; nothing is changed, and somebody may be at work in it."""
    study = folder.study
    places = tuple(folder.outcomes.index(name) for name in study.stopping.watched)
    cells = Cells(study.model, len(places))
    cells.add(folder.rows())
    torn, spent, number = 0, 0.0, 0
    for path in folder.journals():
        for _, _, told in scan(path):
            if told is None:
                torn += 1
            elif "point" in told:
                record = record_of(told)
                spent, number = spent + record.milliseconds, number + 1
                cell = cells.cell(record.point, record.variant)
                if cell < len(cells.owner):
                    found = [np.nan] * len(places)
                    if record.status == "ok":
                        found = [record.values[place] for place in places]
                    cells.put(cell, record.replicate, record.status, found)
    wanted = wanted_of(study, cells, study.stopping.watched)
    total, done = cells.count(wanted, folder.shard)
    missing = []
    for cell, replicate in cells.todo(wanted, folder.shard):
        point, variant = divmod(cell, cells.variants)
        missing.append((point, study.model.variants[variant], replicate))
        if len(missing) == 10:
            break
    counts = {
        name: count
        for place, name in enumerate(STATES)
        if place and (count := int((cells.state == place).sum()))
    }
    rows = int((cells.state[cells.owner] != 0).sum())
    return Standing(
        total,
        done,
        counts,
        missing,
        torn,
        folder.sessions(),
        spent / number if number else 0.0,
        rows,
        _busy(folder),
    )


def _busy(folder: SweepFolder) -> bool:
    """Whether the last session is at work: it holds the lock, or wrote in the last minute from another machine."""
    last = folder.sessions()[-1:]
    if not last or "ended" in last[0]:
        return False
    if folder.is_locked():
        return True
    open_ = {str(one["session"]) for one in last if one.get("host") != platform.node()}
    now = time.time()
    return any(
        now - path.stat().st_mtime < 60.0 and any(path.name.find(one) >= 0 for one in open_)
        for path in folder.journals()
    )
