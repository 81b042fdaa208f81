"""Where compiled code is kept: a folder of the user's own, and nobody else's.

What lies in the folder is loaded and run, so that it is only used where it belongs to the user who runs
the program and nobody else can write to it. Where the home cannot be written to, or there is none, a
folder in the system's temporary one is taken under the same condition; where that fails too, a fresh
one that ends with the program.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["VARIABLE", "CacheFolder", "choose_folder", "is_private"]

VARIABLE = "MENTORSIM_CACHE"
"""The environment variable that names another folder than the usual one."""

_OURS = re.compile(r"[0-9a-f]{16}-[\w-]+-numba[\w.+-]+")
"""How the folders of single versions are named; nothing else is ever removed."""

_KEPT_VERSIONS = 12
"""Versions of the code whose compiled code is kept."""


@dataclass(frozen=True, slots=True)
class CacheFolder:
    """Where compiled code is kept.

    Attributes
    ----------
    path
        The folder; None where nothing can be written at all, so that code is kept in memory only.
    lasts
        Whether the next start will find the folder again.
    notes
        Sentences about folders that could not be used, for whoever runs the program.
    """

    path: Path | None
    lasts: bool
    notes: tuple[str, ...] = ()


def choose_folder(name: str) -> CacheFolder:
    """Return the folder for one version of the code, made if need be; old versions' are forgotten.

    Parameters
    ----------
    name
        What tells this version from others: its digest, Python's and numba's version.
    """
    notes = []
    for parent in (_usual_parent(), _temporary_parent()):
        if parent is None:
            continue
        try:
            folder = _private_folder(parent / name)
        except PermissionError as error:
            notes.append(str(error) if error.errno is None else f"{parent} cannot be written to")
        except OSError as error:
            notes.append(f"{parent} cannot be used ({error.strerror})")
        else:
            _forget_old_versions(parent, folder)
            return CacheFolder(folder, lasts=True, notes=tuple(notes))
    return CacheFolder(_passing_folder(name), lasts=False, notes=tuple(notes))


def is_private(status: os.stat_result) -> bool:
    """Whether a file or folder belongs to the user who runs the program and only they can write to it.

    On systems without user numbers (Windows) a user's own folders are private by their access lists,
    and no other folders are used.
    """
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _usual_parent() -> Path | None:
    """The folder that the user names, or the system's place for such things; None without a home."""
    named = os.environ.get(VARIABLE)
    try:
        if named:
            return Path(named).expanduser().absolute()
        if sys.platform == "win32":
            local = os.environ.get("LOCALAPPDATA")
            return (Path(local) if local else Path.home() / "AppData" / "Local") / "mentorsim"
        return Path.home() / ".cache" / "mentorsim"
    except (RuntimeError, OSError):  # nobody knows this user's home, or the working folder is gone
        return None


def _temporary_parent() -> Path | None:
    """A folder that is found again, in the temporary one; None where its owner could not be asked for."""
    if not hasattr(os, "geteuid"):
        return None
    try:
        parent = Path(tempfile.gettempdir()) / f"mentorsim-{os.geteuid()}"
        return _private_folder(parent)
    except OSError:
        return None


def _private_folder(path: Path) -> Path:
    """Make a folder, or take it as it is, if it is private and can be written to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or not is_private(status):
        raise PermissionError(f"{path} belongs to somebody else, or others can write to it")
    with tempfile.TemporaryFile(dir=path):  # os.access does not know of read-only and full disks
        return path


def _passing_folder(name: str) -> Path | None:
    """A fresh folder for this process and those that it starts; it goes when this one ends."""
    try:
        parent = Path(tempfile.mkdtemp(prefix="mentorsim-"))
        folder = _private_folder(parent / name)
    except OSError:
        return None
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    os.environ[VARIABLE] = str(parent)  # worker processes find it here
    return folder


def _forget_old_versions(parent: Path, current: Path) -> None:
    """Keep the versions used last; another process may be removing them too, so errors do not matter."""
    with contextlib.suppress(OSError):
        os.utime(current)
        others = [path for path in parent.iterdir() if _OURS.fullmatch(path.name)]
        others = [path for path in others if path != current and not path.is_symlink()]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in others[_KEPT_VERSIONS:]:
            shutil.rmtree(path, ignore_errors=True)
