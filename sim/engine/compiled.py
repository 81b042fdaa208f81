"""How the model's rules become machine code, and where the result is kept.

A rule is a scalar function of plain numbers; a kernel is the loop that applies rules to everybody.
Both are compiled by numba without fast-math, so that the compiled code, the same code run as plain
Python (``NUMBA_DISABLE_JIT=1``) and the C library agree to the last bit.

The machine code is kept (:mod:`sim.engine.code_files`) in a folder named after a digest of all source
that is compiled: any edit of a rule starts a fresh one, whatever kernel calls it.
"""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

from sim.engine.cache_folder import CacheFolder, choose_folder
from sim.engine.code_files import CodeFiles
from sim.engine.handing_on import Quietly, hand_on

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
        if marked or path.name in ("columns.py", "decisions.py", "handing_on.py"):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(source)
    return digest.hexdigest()[:16]


@functools.cache
def source_digest() -> str:
    """Return the first 16 hexadecimal digits of a SHA-256 over the package's whole source.

    This is what a result's manifest calls the code that made it. It is read once in a process: what is edited
    later is not what runs.
    """
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def _cache() -> CacheFolder:
    """Where compiled code of this version is kept; looked for once, when first needed."""
    return choose_folder(f"{code_digest()}-{sys.implementation.cache_tag}-numba{numba.__version__}")


def cache_folder() -> Path | None:
    """Folder that holds the compiled code of this version of the package; None where nothing can be written."""
    return _cache().path


def is_cached(function: Callable[..., Any], *arguments: Any) -> bool:
    """Whether a call need not compile: that was done in this process, or is kept for this kind of machine.

    Installations with the same code, Python and numba share what is kept, wherever they are.
    """
    dispatcher: Any = function
    signature = tuple(numba.typeof(argument) for argument in arguments)
    return signature in dispatcher.overloads or bool(
        dispatcher._cache.is_kept(signature, dispatcher.targetctx)
    )


def is_switched_off() -> bool:
    """Whether rules and kernels run as plain Python (``NUMBA_DISABLE_JIT=1``)."""
    return bool(numba.config.DISABLE_JIT)


def announce_compilation() -> None:
    """Say on standard error that the model is about to be compiled, and whether that will happen again."""
    cache = _cache()
    often = "once for this version" if cache.lasts else "at every start, as it cannot be kept"
    for sentence in (*cache.notes, f"compiling the model for this machine ({often}) ..."):
        print(f"mentorsim: {sentence}", file=sys.stderr, flush=True)


def _compile(function: Function, **options: bool) -> Function:
    """Compile on first call, and keep the machine code in our folder."""
    compiled: Any = numba.njit(
        function, nogil=True, error_model="numpy", pipeline_class=Quietly, **options
    )
    if not numba.config.DISABLE_JIT:
        compiled._cache = CodeFiles(function, cache_folder)
        hand_on(compiled)
    typed: Function = compiled
    return typed


def rule(function: Function) -> Function:
    """Mark a scalar function of plain numbers as a rule of the model."""
    return _compile(function)


def inlined_rule(function: Function) -> Function:
    """Mark a rule that becomes part of whatever calls it, so that a loop over it can be vectorised."""
    return _compile(function, forceinline=True)


def kernel(function: Function) -> Function:
    """Mark a function of a world's state as the loop of a mechanism."""
    return _compile(function)
