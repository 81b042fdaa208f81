"""The tables of a sweep, made from its journals: the same whatever happened on the way to them.

Rows are sorted by replicate, point and variant. Only :data:`EXECUTION` tells anything of when, where and how
often something was run; all other columns of two sweeps with the same plan are equal to the last bit.
"""

from __future__ import annotations

import json
import math
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.sweeps.cells import STATES, Cells, run_id
from sim.experiments.sweeps.journal import FINAL, Record, record_of, scan
from sim.experiments.sweeps.store import SweepFolder, unwritable
from sim.files import neutralised
from sim.scenario.frozen import plain

__all__ = ["EXECUTION", "write_tables"]

EXECUTION = ("attempts", "wall_ms", "host", "code")
"""Columns of the runs that tell how they were run."""

_ROWS = 4096
"""Rows that are held in memory at a time."""

_TORN, _NOT_DETERMINISTIC = "torn", "differs"


class _Index:
    """Where the line of every run stands, of all journals of a sweep."""

    def __init__(self, folder: SweepFolder) -> None:
        self.files = folder.journals()
        self.headings: list[dict[str, Any]] = []
        self.cells = Cells(folder.study.model)
        self.cells.add(folder.rows())
        shape = (len(self.cells.owner), 1)
        self.file = np.zeros(shape, dtype=np.int32)
        self.at = np.full(shape, -1, dtype=np.int64)
        self.torn = 0
        self.differing: list[tuple[int, int]] = []
        for number, path in enumerate(self.files):
            self.headings.append({})
            for begin, _, told in scan(path):
                self._note(number, begin, told, folder.plan)
        self._open: dict[int, Any] = {}

    def _note(self, number: int, begin: int, told: Any, plan: str) -> None:
        if told is None:
            self.torn += 1
        elif "journal" in told:
            self.headings[number] = dict(told)
        elif "point" in told and self.headings[number].get("plan") == plan:
            cell = self.cells.cell(told["point"], told["variant"])
            if cell < len(self.cells.owner):
                self._place(cell, told, number, begin)

    def _place(self, cell: int, told: Any, number: int, begin: int) -> None:
        """Keep a line, unless a better one of the same run is known; equal runs must have equal results."""
        replicate = told["replicate"]
        if replicate >= self.at.shape[1]:
            wider = max(replicate + 1, 2 * self.at.shape[1]) - self.at.shape[1]
            self.at = np.pad(self.at, ((0, 0), (0, wider)), constant_values=-1)
            self.file = np.pad(self.file, ((0, 0), (0, wider)))
        if self.at[cell, replicate] >= 0:
            known, record = self.record(cell, replicate), record_of(told)
            if known.status == "ok" and record.status == "ok":
                if not np.array_equal(known.values, record.values, equal_nan=True):
                    self.differing.append((cell, replicate))
                return
            if known.status in FINAL:
                if record.status != "ok":
                    return
        self.file[cell, replicate], self.at[cell, replicate] = number, begin

    def record(self, cell: int, replicate: int) -> Record:
        """The line of a run, read again."""
        with self.files[self.file[cell, replicate]].open("rb") as stream:
            stream.seek(self.at[cell, replicate])
            return record_of(json.loads(stream.readline()))

    def records(self) -> Iterator[tuple[int, int, int, Record]]:
        """Yield (cell, replicate, number of the journal, record) of all cells, copies among them, in order."""
        streams: dict[int, Any] = {}
        try:
            for replicate in range(self.at.shape[1]):
                last: tuple[int, int, Record] | None = None
                for cell, owner in enumerate(self.cells.owner.tolist()):
                    at = int(self.at[owner, replicate])
                    if at < 0:
                        continue
                    number = int(self.file[owner, replicate])
                    if last is None or last[:2] != (number, at):
                        if number not in streams:
                            if len(streams) > 200:  # a system allows only so many open files
                                streams.pop(next(iter(streams))).close()
                            streams[number] = self.files[number].open("rb")
                        streams[number].seek(at)
                        last = (number, at, record_of(json.loads(streams[number].readline())))
                    yield cell, replicate, number, last[2]
        finally:
            for stream in streams.values():
                stream.close()


def write_tables(folder: SweepFolder) -> dict[str, int]:
    """Write runs.parquet, points.parquet and failures.csv (and series.parquet) from the journals.

    Each appears whole or not at all. Memory does not grow with the number of runs.

    Returns
    -------
    dict
        How many rows there are by status; ``torn`` lines; runs that were done twice and ``differs`` .

    Raises
    ------
    InputError
        If they cannot be written.
    """
    index = _Index(folder)
    told = dict.fromkeys((*STATES[1:], _TORN, _NOT_DETERMINISTIC), 0)
    told[_TORN], told[_NOT_DETERMINISTIC] = index.torn, len(index.differing)
    try:
        _write_points(folder, index)
        with (
            _Whole(folder.path / "runs.parquet") as runs,
            _Whole(folder.path / "series.parquet") as months,
            _Whole(folder.path / "failures.csv") as failures,
        ):
            _write(folder, index, told, runs, months, failures)
    except OSError as error:
        raise unwritable(folder.path, error) from error
    return told


class _Whole:
    """A file that appears when it is complete; without content it does not appear, and an old one goes."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.draft = place.with_name(f".{place.name}-{secrets.token_hex(4)}")

    def __enter__(self) -> Path:
        return self.draft

    def __exit__(self, kind: Any, *_: object) -> None:
        if kind is None and self.draft.exists():
            os.replace(self.draft, self.place)
        elif kind is None:
            self.place.unlink(missing_ok=True)
        self.draft.unlink(missing_ok=True)


def _cells_of(value: Any) -> Any:
    """A factor's value for a table: numbers and words as they are, anything else as JSON."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return json.dumps(plain(value), sort_keys=True)


def _columns(
    folder: SweepFolder, rows: list[tuple[Any, ...]]
) -> dict[str, tuple[Any, Callable[[Any], Any]]]:
    """For each factor, the type of its column and what makes a value fit it."""
    found: dict[str, tuple[Any, Callable[[Any], Any]]] = {}
    for place, key in enumerate(folder.study.keys):
        values = [_cells_of(row[place]) for row in rows]
        kinds = {type(value) for value in values if value is not None}
        if kinds <= {int}:
            found[key] = (pa.int64(), lambda value: value)
        elif kinds <= {int, float}:
            found[key] = (pa.float64(), lambda value: None if value is None else float(value))
        elif kinds <= {bool}:
            found[key] = (pa.bool_(), lambda value: value)
        else:
            found[key] = (
                pa.string(),
                lambda value: None if value is None else str(_cells_of(value)),
            )
    return found


def _write_points(folder: SweepFolder, index: _Index) -> None:
    rows = index.cells.rows
    columns = _columns(folder, rows)
    blocks = np.full(len(rows), len(folder.study.blocks) - 1, dtype=np.int64)
    for number, (first, last) in enumerate(folder.study.block_ranges()):
        blocks[first:last] = number
    table = {"point": pa.array(range(len(rows)), pa.int64()), "block": pa.array(blocks)}
    for place, (key, (kind, fit)) in enumerate(columns.items()):
        table[key] = pa.array([fit(row[place]) for row in rows], kind)
    with _Whole(folder.path / "points.parquet") as draft:
        pq.write_table(pa.table(table), draft)


def _write(
    folder: SweepFolder,
    index: _Index,
    told: dict[str, int],
    runs: Path,
    months: Path,
    failures: Path,
) -> None:
    study = folder.study
    columns = _columns(folder, index.cells.rows)
    names = list(folder.outcomes)
    schema = pa.schema(
        [
            ("run_id", pa.string()),
            ("point", pa.int64()),
            ("variant", pa.string()),
            ("replicate", pa.int64()),
            ("seed", pa.int64()),
            *((key, kind) for key, (kind, _) in columns.items()),
            ("status", pa.string()),
            *((name, pa.float64()) for name in names),
            ("attempts", pa.int64()),
            ("wall_ms", pa.float64()),
            ("host", pa.string()),
            ("code", pa.string()),
        ]
    )
    seed = getattr(getattr(study.model, "scenario", None), "seed", 0)
    held: list[tuple[Any, ...]] = []
    series: list[tuple[Any, ...]] = []
    failed: list[dict[str, Any]] = []
    fits = [fit for _, fit in columns.values()]
    writer = pq.ParquetWriter(runs, schema, compression="zstd")
    other = _series_writer(study.model.series, months)
    nothing = (math.nan,) * len(names)
    try:
        for cell, replicate, number, record in index.records():
            point, variant = divmod(cell, index.cells.variants)
            name = study.model.variants[variant]
            identity = (run_id(point, variant, replicate), point, name, replicate)
            told[record.status] += 1
            row = index.cells.rows[point]
            values = record.values or nothing
            heading = index.headings[number]
            held.append(
                (
                    *identity,
                    seed,
                    *(fit(value) for fit, value in zip(fits, row, strict=True)),
                    record.status,
                    *values,
                    record.attempts,
                    record.milliseconds,
                    str(heading.get("host", "")),
                    str(heading.get("code", "")),
                )
            )
            if record.status != "ok":
                failed.append(
                    dict(zip(("run_id", "point", "variant", "replicate"), identity, strict=True))
                    | {"status": record.status, "attempts": record.attempts}
                    | {"reason": record.reason, "traceback": record.traceback}
                )
            if other is not None and record.series:
                for month, at in enumerate(zip(*record.series, strict=True)):
                    series.append((*identity, month, *at))
            if len(held) >= _ROWS:
                _flush(writer, schema, held)
                if other is not None:
                    _flush(other, other.schema, series)
        _flush(writer, schema, held)
        if other is not None:
            _flush(other, other.schema, series)
    finally:
        writer.close()
        if other is not None:
            other.close()
    for cell, replicate in index.differing:
        point, variant = divmod(cell, index.cells.variants)
        failed.append(
            {"run_id": run_id(point, variant, replicate), "point": point}
            | {"variant": study.model.variants[variant], "replicate": replicate}
            | {"status": _NOT_DETERMINISTIC, "attempts": 2, "traceback": ""}
            | {
                "reason": "it was run twice with different results: something in it is not determined by the seed"
            }
        )
    if failed:
        neutralised(pd.DataFrame(failed)).to_csv(failures, index=False, lineterminator="\n")


def _series_writer(names: tuple[str, ...], place: Path) -> pq.ParquetWriter | None:
    if not names:
        return None
    first = [("run_id", pa.string()), ("point", pa.int64()), ("variant", pa.string())]
    first += [("replicate", pa.int64()), ("month", pa.int64())]
    schema = pa.schema([*first, *((name, pa.float64()) for name in names)])
    return pq.ParquetWriter(place, schema, compression="zstd")


def _flush(writer: pq.ParquetWriter, schema: pa.Schema, held: list[tuple[Any, ...]]) -> None:
    """Write what is held as one group of rows."""
    if held:
        arrays = [
            pa.array(column, kind.type)
            for column, kind in zip(zip(*held, strict=True), schema, strict=True)
        ]
        writer.write_table(pa.table(arrays, schema=schema), row_group_size=len(held))
        held.clear()
