"""The folder of a sweep: what was asked, the points, the journals, and who is working in it.

```
study.toml         the study as it was written
study.json         the same with everything that it takes to go on: scenario, ensemble, digest of the plan
sessions.jsonl     who ran it when, with which code
points.jsonl       the points, one line each; only ever added to
journal/*.jsonl    finished runs; only ever added to
runs.parquet ...   tables made from these, and made again whenever a sweep ends
```
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import numpy as np

from sim.calibration.ensemble import Ensemble
from sim.engine.compiled import source_digest
from sim.errors import InputError
from sim.experiments.sweeps import journal
from sim.experiments.sweeps.designs import Block
from sim.experiments.sweeps.model import FirmModel, FunctionModel
from sim.experiments.sweeps.reading import Kept, study_of
from sim.experiments.sweeps.study import Row, Study
from sim.registry import digests
from sim.scenario.frozen import freeze, plain
from sim.scenario.scenario import Scenario
from sim.scenario.source import Source

__all__ = ["Shard", "SweepFolder", "create_folder", "open_folder", "unwritable"]

Shard = tuple[int, int]
"""Which part of how many, from 1."""

_FORMAT = 1
_STUDY, _AS_WRITTEN, _SESSIONS, _POINTS, _LOCK = (
    "study.json",
    "study.toml",
    "sessions.jsonl",
    "points.jsonl",
    ".lock",
)


def unwritable(folder: Path, error: Exception) -> InputError:
    """The error to raise where a folder cannot be written."""
    number = getattr(error, "errno", None)  # libraries put words of their own beside it
    reason = os.strerror(number) if number else str(error)
    problem = f"the sweep cannot be written ({reason})"
    remedy = "nothing that was finished is lost: make room, then go on with mentorsim resume"
    return InputError(problem, remedy=remedy, file=folder)


class SweepFolder:
    """One sweep on the disk.

    Attributes
    ----------
    path
        The folder.
    study
        What is asked.
    plan
        Digest of what decides its results.
    shard
        Which part of the runs is done here; (1, 1) for all.
    outcomes
        Names of the numbers in its journals and tables, of whichever version made them.
    """

    def __init__(
        self,
        path: Path,
        study: Study,
        plan: str,
        shard: Shard,
        outcomes: Sequence[str] | None = None,
    ) -> None:
        self.path, self.study, self.plan, self.shard = path, study, plan, shard
        self.outcomes = tuple(study.model.outcomes if outcomes is None else outcomes)

    def require_same_plan(self) -> None:
        """Complain if running it would no longer give what was asked for when it began.

        Raises
        ------
        InputError
            If the scenario, its roster, an extension or the package's defaults changed.
        """
        found = self.study.plan()
        if found == self.plan:
            return
        codes = {one["code"] for one in self.sessions() if "code" in one}
        what, remedy = "the function is", "put it back"
        if not self.study.is_function():
            what, remedy = "the scenario, its roster or an extension is", "put it back"
        if codes and source_digest() not in codes:
            what = f"with this version of mentorsim ({source_digest()}) the study is"
            remedy = f"go on with the version that began it ({', '.join(sorted(codes))})"
        raise InputError(
            f"{what} not what it was when the sweep began (plan {self.plan[:12]}, now {found[:12]})",
            remedy=f"{remedy}, or begin a new sweep in another folder; what is there can still be analysed",
            file=self.path,
        )

    def rows(self) -> list[Row]:
        """All points so far, those that were proposed while it ran among them."""
        return list(_rows(self.path / _POINTS))

    def add_rows(self, rows: Sequence[Row]) -> None:
        """Write more points down."""
        text = "".join(json.dumps([plain(value) for value in row]) + "\n" for row in rows)
        place = self.path / _POINTS
        try:
            _drop_torn_end(place)
            with place.open("ab") as stream:
                stream.write(text.encode())
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise unwritable(self.path, error) from error

    def journals(self) -> list[Path]:
        """Every process's file, in the order of their names."""
        return sorted((self.path / journal.FOLDER).glob("*.jsonl"))

    def sessions(self) -> list[dict[str, Any]]:
        """Who ran it, in order; a torn line is left out."""
        found: dict[str, dict[str, Any]] = {}
        try:
            lines = (self.path / _SESSIONS).read_text(encoding="utf-8").splitlines()
        except OSError:
            return []
        for line in lines:
            try:
                told = json.loads(line)
                found.setdefault(told["session"], {}).update(told)
            except (ValueError, KeyError, TypeError):
                continue
        return [told for told in found.values() if "started" in told]

    def begin_session(self, **told: Any) -> str:
        """Write down that somebody begins; returns the name of the session."""
        now = datetime.now(UTC)
        session = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        self._tell_session(
            {
                "session": session,
                "started": now.isoformat(timespec="seconds"),
                "host": platform.node(),
                "platform": platform.platform(),
                "pid": os.getpid(),
                "code": source_digest(),
                "extensions": digests(),
                "versions": {"mentorsim": version("mentorsim"), "python": platform.python_version()}
                | {name: version(name) for name in ("numpy", "numba", "scipy")},
                **told,
            }
        )
        return session

    def end_session(self, session: str, **told: Any) -> None:
        """Write down how a session ended."""
        ended = datetime.now(UTC).isoformat(timespec="seconds")
        self._tell_session({"session": session, "ended": ended, **told})

    def _tell_session(self, told: Mapping[str, Any]) -> None:
        try:
            with (self.path / _SESSIONS).open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(json.dumps(told) + "\n")
        except OSError as error:
            raise unwritable(self.path, error) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other driver out; the lock ends with the process, however it ends.

        Raises
        ------
        InputError
            If somebody is at work in the folder, or it cannot be written.
        """
        place = self.path / _LOCK
        try:
            stream = place.open("a+b", buffering=0)
        except OSError as error:
            raise unwritable(self.path, error) from error
        with stream:
            if not _lock_soon(stream):
                stream.seek(1)
                who = stream.read().decode(errors="replace").strip()
                told = f" ({who})" if who else ""
                raise InputError(
                    f"another mentorsim is at work in this folder{told}",
                    remedy="wait for it, or look at it with mentorsim status",
                    file=self.path,
                )
            try:
                stream.truncate(0)
                stream.write(f"\nprocess {os.getpid()} on {platform.node()}\n".encode())
            except OSError as error:
                raise unwritable(self.path, error) from error
            yield

    def is_locked(self) -> bool:
        """Whether a driver is at work in it; False where that cannot be told."""
        try:
            with (self.path / _LOCK).open("r+b", buffering=0) as stream:
                return not _lock(stream)
        except OSError:
            return False

    def with_study(self, study: Study) -> SweepFolder:
        """Keep a study whose replicates, stopping or execution are others; the same plan."""
        document = {**study.document}
        document["replicates"] = study.replicates
        changed = replace(study, document=document)
        _write_study(self.path, changed, self.plan, self.shard)
        return SweepFolder(self.path, changed, self.plan, self.shard, self.outcomes)


def _drop_torn_end(place: Path) -> None:
    """Cut off a last line that a killed process or a full disk left unfinished."""
    if not place.exists():
        return
    with place.open("r+b") as stream:
        content = stream.read()
        end = content.rfind(b"\n") + 1
        if end < len(content):
            stream.truncate(end)


def _lock_soon(stream: IO[bytes]) -> bool:
    """Take the lock; somebody who asks whether it is taken holds it for a moment."""
    for _ in range(_TRIES):
        if _lock(stream):
            return True
        time.sleep(0.05)
    return False


_TRIES = 6


def _lock(stream: IO[bytes]) -> bool:
    """Take the lock of an open file, if it is free; it ends when the file is closed."""
    try:
        if os.name == "nt":
            import msvcrt

            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def create_folder(
    path: Path, study: Study, *, as_written: str | None = None, shard: Shard = (1, 1)
) -> SweepFolder:
    """Make the folder of a new sweep.

    Raises
    ------
    InputError
        If the folder holds anything, or cannot be written.
    """
    _clear_beginning(path)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        if (path / _STUDY).is_file():
            remedy = "go on with mentorsim resume, or name another folder with --output"
            raise InputError("there is a sweep already", remedy=remedy, file=path)
        if not path.is_dir():
            raise InputError("this is a file, not a folder", remedy="name another one", file=path)
        problem = "the folder is not empty, and holds no sweep"
        raise InputError(problem, remedy="name another folder with --output", file=path)
    plan = study.plan()
    try:
        (path / journal.FOLDER).mkdir(parents=True, exist_ok=True)
        if as_written is not None:
            (path / _AS_WRITTEN).write_text(as_written, encoding="utf-8", newline="\n")
        folder = SweepFolder(path, study, plan, shard)
        folder.add_rows(study.rows())
        _write_study(path, study, plan, shard)
    except OSError as error:
        raise unwritable(path, error) from error
    return folder


def _clear_beginning(path: Path) -> None:
    """Remove what a killed process or a full disk left of a sweep that never began: not the least run is in it."""
    begun = path / journal.FOLDER
    if not begun.is_dir() or any(begun.iterdir()):
        return
    ours = {journal.FOLDER, _AS_WRITTEN, _POINTS}
    drafts = f".{_STUDY}-"
    if all(one.name in ours or one.name.startswith(drafts) for one in path.iterdir()):
        shutil.rmtree(path, ignore_errors=True)


def _write_study(path: Path, study: Study, plan: str, shard: Shard) -> None:
    """Write study.json, whole or not at all."""
    told: dict[str, Any] = {
        "made_by": "mentorsim",
        "format": _FORMAT,
        "title": study.title,
        "question": study.question,
        "plan": plan,
        "shard": list(shard),
        "replicates": study.replicates,
        "variants": list(study.model.variants),
        "against": study.model.against,
        "outcomes": list(study.model.outcomes),
        "series": list(study.model.series),
        "factors": [factor.as_plain() for factor in study.factors],
        "blocks": [
            {
                "kind": block.kind,
                "factors": [study.keys[index] for index in block.factors],
                "points": len(block.rows),
                "options": plain(block.options),
            }
            for block in study.blocks
        ],
        "document": plain(study.document),
        "code": source_digest(),
    }
    model = study.model
    if isinstance(model, FirmModel):
        file = model.scenario.file
        told["scenario"] = plain(model.scenario.document)
        told["scenario_file"] = None if file is None else str(file.resolve())
        if model.ensemble is not None:
            told["ensemble"] = {
                "keys": list(model.ensemble.keys),
                "values": model.ensemble.values.tolist(),
            }
    elif isinstance(model, FunctionModel):
        told["function"] = {
            "function": model.function,
            "keys": list(model.keys),
            "outcomes": list(model.outcomes),
            "variants": list(model.variants),
        }
    draft = path / f".{_STUDY}-{secrets.token_hex(4)}"
    try:
        draft.write_text(
            json.dumps(told, indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8"
        )
        os.replace(draft, path / _STUDY)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def open_folder(path: str | os.PathLike[str]) -> SweepFolder:
    """Open the folder of a sweep, for reading; see :meth:`SweepFolder.require_same_plan` for running it.

    Raises
    ------
    InputError
        If it is none, or its scenario can no longer be read at all.
    """
    place = Path(path)
    try:
        told = json.loads((place / _STUDY).read_text(encoding="utf-8"))
        if told["made_by"] != "mentorsim" or told["format"] != _FORMAT:
            raise ValueError("another format")
    except (OSError, ValueError, KeyError, TypeError):
        remedy = f"name a folder with a {_STUDY} that mentorsim sweep wrote"
        raise InputError("this is not the folder of a sweep", remedy=remedy, file=place) from None
    study = _study(place, told)
    shard = (told["shard"][0], told["shard"][1])
    return SweepFolder(place, study, told["plan"], shard, told["outcomes"])


def _study(place: Path, told: Mapping[str, Any]) -> Study:
    """The study of a folder, with its points and parameter sets as they were then."""
    folder = None
    if "function" in told:
        given = told["function"]
        model: Scenario | FunctionModel = FunctionModel(
            given["function"],
            tuple(given["keys"]),
            tuple(given["outcomes"]),
            tuple(given["variants"]),
        )
    else:
        file = told["scenario_file"]
        folder = None if file is None else Path(file).parent
        source = Source(None if file is None else Path(file))
        model = Scenario.from_document(told["scenario"], source)
    ensemble = None
    if "ensemble" in told:
        ensemble = Ensemble(tuple(told["ensemble"]["keys"]), np.array(told["ensemble"]["values"]))
    # The scenario already has the study's own settings.
    done = ("settings", "seed", "scenario")
    document = {key: value for key, value in told["document"].items() if key not in done}
    kept = Kept(_blocks(place, told), ensemble)
    return replace(study_of(document, model, folder, kept), document=told["document"])


def _blocks(place: Path, told: Mapping[str, Any]) -> tuple[Block, ...]:
    """The designs with the points that were drawn then."""
    keys = [factor["key"] for factor in told["factors"]]
    rows = list(_rows(place / _POINTS))
    found, first = [], 0
    for block in told["blocks"]:
        places = tuple(keys.index(key) for key in block["factors"])
        own = rows[first : first + block["points"]]
        first += block["points"]
        points = tuple(tuple(row[index] for index in places) for row in own)
        found.append(Block(block["kind"], places, block["options"], points))
    return tuple(found)


def _rows(place: Path) -> Iterator[Row]:
    """The points of a file, without a torn last line."""
    with place.open("rb") as stream:
        for line in stream:
            if line.endswith(b"\n"):
                yield tuple(freeze(value) for value in json.loads(line))
