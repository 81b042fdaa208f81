"""The journal: one line for each finished run, only ever added to; the one durable truth of a sweep.

A line is JSON; the outcomes in it are packed (base64 of 8 bytes each, lowest first), exact and as short as
they can be: writing out their digits took longer than all else that is done with a run once it is simulated.

Every process that runs something writes a file of its own, so that nobody waits for anybody and a file that
is torn by a killed process or a full disk loses one line at most.
"""

from __future__ import annotations

import base64
import json
import math
import os
import secrets
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["ABORTED", "FINAL", "FOLDER", "Journal", "Record", "record_of", "scan", "text_of"]

FOLDER = "journal"

FINAL = ("ok", "failed")
"""States that are not tried again: the same run would end the same way."""

ABORTED = ("timed_out", "worker_died")
"""States that a resumed sweep tries again."""


class Record(NamedTuple):
    """What is kept of one run.

    Attributes
    ----------
    point, variant, replicate
        Which run (variant by position).
    status
        "ok", "failed" (an exception, which would come again), "timed_out" or "worker_died".
    values
        One number for each outcome, NaN where undefined; empty unless "ok".
    series
        One list of months for each series that is kept.
    milliseconds
        How long it took.
    attempts
        Which attempt it was, from 1.
    reason, traceback
        Why there is no result.
    """

    point: int
    variant: int
    replicate: int
    status: str
    values: Sequence[float] = ()
    series: Sequence[Sequence[float | None]] = ()
    milliseconds: float = 0.0
    attempts: int = 1
    reason: str = ""
    traceback: str = ""


_NAMES = {
    "point": "point",
    "variant": "variant",
    "replicate": "replicate",
    "status": "status",
    "milliseconds": "ms",
    "attempts": "attempts",
    "series": "series",
    "reason": "reason",
    "traceback": "traceback",
}


def text_of(record: Record) -> str:
    """A record as a line, with its line end; what is empty is left out."""
    kept = {
        short: value
        for name, short in _NAMES.items()
        if (value := getattr(record, name)) not in ((), "", [])
    }
    if record.values:
        kept["values"] = _packed(record.values)
    return _in_one_line(kept) + "\n"


def record_of(line: Mapping[str, Any]) -> Record:
    """A parsed line as a record; KeyError or TypeError if it is none."""
    given = {name: line[short] for name, short in _NAMES.items() if short in line}
    return Record(**given, values=_unpacked(line.get("values", ())))


_in_one_line = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def _packed(values: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(values)}d", *values)).decode()


def _unpacked(told: str | Sequence[float | None]) -> Sequence[float]:
    """The outcomes of a line; those of an earlier version are written out, with null where undefined."""
    if not isinstance(told, str):
        return [math.nan if value is None else value for value in told]
    content = base64.b64decode(told)
    return struct.unpack(f"<{len(content) // 8}d", content)


class Journal:
    """One process's file.

    Parameters
    ----------
    folder
        Of the sweep.
    session
        Of the driver.
    heading
        What holds for all its lines (host, code, plan).
    """

    def __init__(self, folder: Path, session: str, heading: Mapping[str, Any]) -> None:
        name = f"{session}-{os.getpid()}-{secrets.token_hex(2)}.jsonl"
        self.path = folder / FOLDER / name
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._file = os.open(self.path, flags, 0o666)
        self._write(json.dumps({"journal": 1, **heading}, separators=(",", ":")) + "\n")

    def add(self, text: str) -> None:
        """Write lines; they are with the operating system when this returns, so that only a crash of the
        machine can lose them."""
        self._write(text)

    def _write(self, text: str) -> None:
        content = text.encode()
        while content:
            content = content[os.write(self._file, content) :]

    def sync(self) -> None:
        """Have the operating system put everything on the disk."""
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def scan(path: Path, start: int = 0) -> Iterator[tuple[int, int, Mapping[str, Any] | None]]:
    """Yield where each line begins, where it ends, and what it says; None for a line that is torn.

    Parameters
    ----------
    path
        A journal.
    start
        Where to begin: the end of a line.
    """
    with path.open("rb") as stream:
        stream.seek(start)
        at = start
        for line in stream:
            end = at + len(line)
            told: Any = None
            if line.endswith(b"\n"):
                try:
                    told = json.loads(line)
                except ValueError:
                    told = None
            yield at, end, told if isinstance(told, dict) else None
            at = end
