"""How the model's rules become machine code, and where the result is kept.

A rule is a scalar function of plain numbers; a kernel is the loop that applies rules to everybody.
Both are compiled by numba without fast-math, so that the compiled code, the same code run as plain
Python (``NUMBA_DISABLE_JIT=1``) and the C library agree to the last bit.

Numba's own cache looks only at the file of the function that is called, so that an edited rule could
be served stale from a kernel in another file. Our cache folder is therefore named after a digest of
the package's whole source: any edit starts a fresh one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

__all__ = [
    "rule",
    "inlined_rule",
    "kernel",
    "code_digest",
    "source_digest",
    "cache_folder",
    "is_cached",
    "is_switched_off",
    "announce_compilation",
]

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).resolve().parents[1]
_KEPT_CACHES = 12


def code_digest() -> str:
    """Return the first 16 hexadecimal digits of a SHA-256 over all source that is compiled.

    That is every file with a rule or a kernel, and the constants that compiled code folds in. The
    parameters' values do not matter, because compiled code reads them when it runs.
    """
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        source = path.read_bytes()
        marked = any(
            b"\n@" + mark + b"\n" in source for mark in (b"rule", b"inlined_rule", b"kernel")
        )
        if marked or path.name in ("columns.py", "decisions.py"):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(source)
    return digest.hexdigest()[:16]


def source_digest() -> str:
    """Return the first 16 hexadecimal digits of a SHA-256 over the package's whole source.

    This is what a result's manifest calls the code that made it.
    """
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _choose_cache_folder() -> Path:
    """A private, writable folder for this version of the code; the system's temporary one if need be."""
    base = os.environ.get("MENTORSIM_CACHE")
    root = Path(base) if base else Path.home() / ".cache" / "mentorsim"
    name = f"{code_digest()}-{sys.implementation.cache_tag}-numba{numba.__version__}"
    for parent in (root, Path(tempfile.gettempdir()) / f"mentorsim-{os.getuid()}"):
        folder = parent / name
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if os.access(folder, os.W_OK):
                _forget_old_caches(parent, folder)
                return folder
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="mentorsim-"))


def _forget_old_caches(parent: Path, current: Path) -> None:
    """Keep the newest few caches only; another process may be using one, so errors do not matter."""
    others = sorted(
        (path for path in parent.iterdir() if path.is_dir() and path != current),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in others[_KEPT_CACHES:]:
        shutil.rmtree(path, ignore_errors=True)


_CACHE = _choose_cache_folder()


def cache_folder() -> Path:
    """Folder that holds the compiled code of this version of the package."""
    return _CACHE


def is_cached() -> bool:
    """Whether compiled code of this version was found on this machine."""
    return any(_CACHE.rglob("*live_months-*.nbc"))


def is_switched_off() -> bool:
    """Whether rules and kernels run as plain Python (``NUMBA_DISABLE_JIT=1``)."""
    return bool(numba.config.DISABLE_JIT)


def announce_compilation() -> None:
    """Say on standard error that the first run on a machine compiles, if it is about to."""
    if not is_switched_off() and not is_cached():
        print(
            "mentorsim: compiling the model for this machine (once, well under a minute) ...",
            file=sys.stderr,
            flush=True,
        )


def _compile(function: Function, **options: bool) -> Function:
    """Compile on first call, cached in our folder; the folder is set only while numba looks it up."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_CACHE)
    try:
        compiled: Function = numba.njit(
            function, cache=True, nogil=True, error_model="numpy", **options
        )
    finally:
        numba.config.CACHE_DIR = before
    if not numba.config.DISABLE_JIT:
        _compile_once_for_constants(compiled)
    return compiled


def _compile_once_for_constants(compiled: Any) -> None:
    """Let ``f(0)`` and ``f(1)`` share one compilation: numba would make one for each constant."""
    find_template = compiled.get_call_template

    def find(arguments: Any, keywords: Any) -> Any:
        plain = tuple(numba.types.unliteral(argument) for argument in arguments)
        return find_template(plain, keywords)

    compiled.get_call_template = find


def rule(function: Function) -> Function:
    """Mark a scalar function of plain numbers as a rule of the model."""
    return _compile(function)


def inlined_rule(function: Function) -> Function:
    """Mark a rule that becomes part of whatever calls it, so that a loop over it can be vectorised."""
    return _compile(function, forceinline=True)


def kernel(function: Function) -> Function:
    """Mark a function of a world's state as the loop of a mechanism."""
    return _compile(function)
