"""Whether a file can be read, and what to say if it cannot."""

from __future__ import annotations

import itertools
import os
import stat
from pathlib import Path

from sim.scenario.messages import nearest, quoted

__all__ = ["trouble_with"]

_MOST_FILES = 1000


def trouble_with(path: Path, suffix: str | tuple[str, ...]) -> tuple[str, str] | None:
    """Return why `path` cannot be read as a file and what to do about it, or None if it can.

    What to do is to name another file of the folder, if possible one that ends in `suffix` (or one of them).
    Only an ordinary file is read: a pipe or a device could keep the program waiting for ever.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return _missing(path, suffix)
    except NotADirectoryError:
        return "the path leads through a file that is not a folder", "check the path"
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        return f"the path cannot be used ({_reason(error)})", "check the path"
    if stat.S_ISDIR(mode):
        inside = _names_in(path, suffix)
        remedy = f"name a file in it, such as {quoted(inside[0])}" if inside else "name a file"
        return f"{quoted(str(path))} is a folder", remedy
    if not stat.S_ISREG(mode):
        return f"{quoted(str(path))} is not an ordinary file", "save the content to a file"
    if not os.access(path, os.R_OK):
        return f"{quoted(str(path))} may not be read", "ask for permission to read it"
    return None


def _missing(path: Path, suffix: str | tuple[str, ...]) -> tuple[str, str]:
    folder = path.parent
    if not folder.is_dir():
        return f"the folder {quoted(str(folder))} does not exist", "check the path"
    names = _names_in(folder, suffix)
    near = nearest(path.name, names)
    problem = f"the file {quoted(path.name)} does not exist"
    if near is not None:
        return problem, f"did you mean {quoted(near)}?"
    if names:
        shown = ", ".join(quoted(name) for name in names[:5])
        return problem, f"the folder has {shown}{' and more' if len(names) > 5 else ''}"
    return problem, "check the name and the folder"


def _names_in(folder: Path, suffix: str | tuple[str, ...]) -> list[str]:
    """Names of the ordinary files in a folder; those with `suffix`, if there are any."""
    try:
        with os.scandir(folder) as entries:
            found = itertools.islice(entries, _MOST_FILES)
            names = sorted(entry.name for entry in found if entry.is_file())
    except OSError:
        return []
    return [name for name in names if name.endswith(suffix)] or names


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
