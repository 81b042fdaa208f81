"""Writing files so that nobody finds half of one, and no spreadsheet takes a text for a formula."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, cast

from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "left_over",
    "neutralised",
    "noting",
    "put_in_place",
    "read_parquet",
    "refuse_unfit",
    "remove",
    "restored",
    "sibling",
    "told_path",
    "trouble_making",
    "trouble_with_room",
    "whole_file",
    "write_csv",
]

_LONGEST_NAME = 150
"""Bytes of a name beside which another one can be made; longer ones are shortened."""

_AN_HOUR = 3600.0
_noted: list[tuple[Path, tuple[int, int]]] | None = None
"""Where drafts were to be put, and what they are to the file system; None if nobody wants to know."""

_MEGABYTE = 1_000_000

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")


def neutralised(table: pd.DataFrame) -> pd.DataFrame:
    """A copy in which no text can be taken for a formula by a spreadsheet.

    Text that begins with = + - @ (or tab, carriage return) gets an apostrophe in front; so does text
    with apostrophes before one of these, so that :func:`restored` can tell the two apart.
    """
    texts = table.select_dtypes(include=["object", "string"]).columns
    return _changed(table, texts, lambda text: f"'{text}" if _DANGEROUS.match(text) else text)


def read_parquet(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """A table that was saved as Parquet, or some of its columns.

    No thread of Arrow's takes part: one that gives back a buffer of Python's while the interpreter ends
    aborts the process, when all its work is done (Apache Arrow's issue 34314). Bytes are read here, because
    Arrow takes no path that is not UTF-8.

    Raises
    ------
    FileNotFoundError
        If there is no such file. What Arrow raises for one that is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(pa.BufferReader(path.read_bytes()), pre_buffer=False) as file:
        table = file.read(columns=columns, use_threads=False)
    return cast("pd.DataFrame", table.to_pandas(use_threads=False))


def restored(table: pd.DataFrame, texts: Iterable[str]) -> pd.DataFrame:
    """The inverse of :func:`neutralised`, for the columns that hold texts."""
    found = [name for name in table.columns if name in set(texts)]
    return _changed(
        table, found, lambda text: text[1:] if text[:1] == "'" and _DANGEROUS.match(text) else text
    )


def _changed(
    table: pd.DataFrame, columns: Iterable[str], change: Callable[[str], str]
) -> pd.DataFrame:
    return table.assign(
        **{
            name: table[name].map(
                {
                    cell: change(cell) if isinstance(cell, str) else cell
                    for cell in table[name].unique()
                }
            )
            for name in columns
        }
    )


def told_path(path: str | Path) -> str:
    """How results name a file or folder: as it was given, or by its last part if it says where home is.

    Results are handed on; whose machine they were made on, and in which folder, is nobody's business.
    """
    text = str(path)
    for kind in (PurePosixPath, PureWindowsPath):
        if kind(text).is_absolute() or text.startswith("~"):
            return kind(text).name
    return text


def sibling(path: Path, what: str = "draft") -> Path:
    """A free name beside a file or folder, so that renaming stays within one file system.

    The name says what is there, whose it is and which process made it, for :func:`left_over`.
    """
    return path.with_name(f"{_stem(path)}-{what}-{os.getpid()}-{secrets.token_hex(4)}")


def _stem(path: Path) -> str:
    """What the names of everything beside a path begin with, however long its own is."""
    name = path.name
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = f"{name[:40]}~{hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}"
    return f".{name}"


def left_over(path: Path) -> Iterator[tuple[str, Path]]:
    """What killed processes left beside a path: what it is ("draft", "earlier"), and where; newest first."""
    pattern = re.compile(rf"{re.escape(_stem(path))}-(draft|earlier)-(\d+)-[0-9a-f]{{8}}")
    found = []
    with suppress(OSError):
        for other in path.parent.iterdir():
            match = pattern.fullmatch(other.name)
            if match and not _is_at_work(int(match[2]), other):
                found.append((other.lstat().st_mtime, match[1], other))
    for _, what, other in sorted(found, reverse=True):
        yield what, other


def _is_at_work(process: int, made: Path) -> bool:
    """Whether a process that writes something may still be running.

    Where one cannot ask, and for a number that another process has by now, an hour decides.
    """
    if os.name == "posix":
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        except OSError:  # somebody else's
            pass
    return process != os.getpid() and time.time() - made.lstat().st_mtime < _AN_HOUR


def refuse_unfit(folder: Path, needed: int = 200_000, *, remedy: str = "") -> None:
    """Complain, before any work is done, about a folder that could not take results.

    Parameters
    ----------
    folder
        Where they are to go; it need not be there yet.
    needed
        Bytes that they take at the very least.
    remedy
        What to do; by default, to name another folder with ``--output``.

    Raises
    ------
    InputError
        If it is no folder, cannot be made or written, or has too little room.
    """
    trouble: str | None
    try:
        place = folder.resolve()
        trouble = trouble_making(place) or trouble_with_room(place, needed)
    except FileNotFoundError:
        trouble = "the folder in which this was started is gone"
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        trouble = str(getattr(error, "strerror", None) or error)
    if trouble is not None:
        problem = f"the results cannot be put there ({trouble})"
        remedy = remedy or "name another folder with --output"
        raise InputError(problem, remedy=remedy, file=folder)


def trouble_making(folder: Path) -> str | None:
    """Why a folder could not be made, replaced or written to; None if it could."""
    if folder.exists() and not folder.is_dir():
        return "it is a file, not a folder"
    if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
        return "it may not be written to"
    for place in folder.parents:
        if place.is_dir():
            may = folder.is_dir() or os.access(place, os.W_OK | os.X_OK)
            return None if may else f"{place} may not be written to"
        if place.exists() or place.is_symlink():
            return f"{place} is not a folder"
    return None


def trouble_with_room(folder: Path, needed: int) -> str | None:
    """Why a folder has no room for so many bytes; None if it has."""
    for place in (folder, *folder.parents):
        if place.is_dir():
            free = shutil.disk_usage(place).free
            if free >= needed:
                return None
            return (
                f"there are {free / _MEGABYTE:,.1f} MB free, and they take at least "
                f"{needed / _MEGABYTE:,.1f} MB"
            )
    return None


def write_csv(table: pd.DataFrame, path: Path, *, float_format: str | None = None) -> None:
    """Write a table as all ours are written: neutralised, UTF-8, the same bytes on every system."""
    neutralised(table).to_csv(
        path, index=False, lineterminator="\n", encoding="utf-8", float_format=float_format
    )


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Hand out the path of a draft, which takes the file's place if all goes well, and else vanishes.

    Raises
    ------
    OSError
        If the file cannot be replaced; what was there is then as it was.
    """
    draft = sibling(path)
    try:
        yield draft
        _note(draft, path)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def put_in_place(draft: Path, folder: Path) -> None:
    """Put a finished draft in the folder's place; what was there is put back if that fails."""
    _note(draft, folder)
    if not folder.exists():
        draft.rename(folder)
        return
    old = sibling(folder, "earlier")
    try:
        folder.rename(old)
        draft.rename(folder)
    except BaseException:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def noting() -> Iterator[Callable[[], list[Path]]]:
    """Hand out what tells which files and folders have been put in their places meanwhile.

    It is true at any moment, as it looks whether what is there is what was written.
    """
    global _noted
    mine: list[tuple[Path, tuple[int, int]]] = []
    earlier, _noted = _noted, mine
    try:
        yield lambda: list(dict.fromkeys(path for path, known in mine if _known(path) == known))
    finally:
        _noted = earlier


def _note(draft: Path, place: Path) -> None:
    known = _known(draft)
    if _noted is not None and known is not None:
        _noted.append((place, known))


def _known(path: Path) -> tuple[int, int] | None:
    """What a file or folder is to the file system, whatever its name; None if it is not there."""
    with suppress(OSError):
        status = path.lstat()
        return status.st_dev, status.st_ino
    return None


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, as far as that is possible."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
