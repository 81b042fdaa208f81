"""Compiled code in files: what numba has made of one function, kept for the next start.

numba's own cache names its files after the path of the source, so that every environment and every copy
of the code compiles for itself; it takes what lies there at its word; and it looks only at the file of
the function that is called. Here a file is named after what the machine code depends on (the function,
the types that it was called with, the processor, numba's own settings), so that installations with the
same code share it. It begins with a digest of its contents: a file that was cut short or changed is
thrown away and made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numba
from llvmlite.binding import Linkage, parse_assembly
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from sim.engine.cache_folder import is_private

__all__ = ["CodeFiles"]

_DIGEST = hashlib.sha256().digest_size


class CodeFiles(_Cache):  # type: ignore[misc]
    """What has been compiled of one function, one file for each set of types and kind of processor.

    Parameters
    ----------
    function
        The plain Python function.
    folder
        Says where the files are: None for nowhere. It is asked when it is first needed.

    Notes
    -----
    The folder stands for one state of this package's source. A function from elsewhere is known by its
    code, by that of what it calls, and by the constants that it names.
    """

    def __init__(self, function: Callable[..., Any], folder: Callable[[], Path | None]) -> None:
        self._function = function
        self._folder = folder
        self._stem = re.sub(r"[^\w.]", "", f"{function.__module__}.{function.__qualname__}")[-100:]
        self._enabled = True

    @property
    def cache_path(self) -> str:
        """The folder, as numba's statistics show it."""
        return str(self._folder() or "")

    def enable(self) -> None:
        """Load and save from now on."""
        self._enabled = True

    def disable(self) -> None:
        """Neither load nor save from now on."""
        self._enabled = False

    def flush(self) -> None:
        """Remove what was kept of this function."""
        folder = self._folder()
        for path in [] if folder is None else folder.glob(f"{self._stem}-*.code"):
            _remove(path)

    def is_kept(self, sig: Any, target_context: Any) -> bool:
        """Whether what was compiled for these types lies there whole."""
        path = self._path(sig, target_context.codegen())
        return path is not None and _contents(path) is not None

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was compiled for these types, ready to be called; None where there is nothing."""
        target_context.refresh()
        path = self._path(sig, target_context.codegen())
        contents = None if path is None else _contents(path)
        if path is None or contents is None:
            return None
        try:
            return CompileResult._rebuild(target_context, *pickle.loads(contents))
        except Exception:  # whole, but not what this numba can read
            _remove(path)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled for these types. Where that fails, it is in memory all the same."""
        if data.library.has_dynamic_globals or not all(lifted.can_cache for lifted in data.lifted):
            return
        path = self._path(sig, data.codegen)
        if path is not None:
            data.library._shared_module = _names_only(data.library)
            with contextlib.suppress(OSError):
                _write(path, dumps(data._reduce()))

    def _path(self, sig: Any, codegen: Any) -> Path | None:
        folder = self._folder() if self._enabled else None
        if folder is None:
            return None
        key = hashlib.sha256(f"{sig}".encode())
        for part in self._identity():
            key.update(part)
        return folder / f"{self._stem}-{_machine(codegen)}-{key.hexdigest()[:16]}.code"

    def _identity(self) -> Iterator[bytes]:
        """What tells this function from another of its name."""
        function = self._function
        yield f"{function.__module__}.{function.__qualname__}".encode()
        if function.__closure__ is not None:
            yield dumps(tuple(cell.cell_contents for cell in function.__closure__))
        if not _is_of_package(function):
            yield from _meaning(function, set())


def _names_only(library: Any) -> Any:
    """The names that Python calls a function by, without what numba would keep besides its machine code.

    That is the translation, for other functions to take over: ours take it from the source
    (:mod:`sim.engine.handing_on`), and reading it would be a tenth of every start.
    """
    names = [one.name for one in library.get_defined_functions() if one.linkage is Linkage.external]
    return parse_assembly("\n".join(f'define void @"{name}"() {{ unreachable }}' for name in names))


def _is_of_package(function: Callable[..., Any]) -> bool:
    return function.__module__.partition(".")[0] == __name__.partition(".")[0]


def _meaning(function: Callable[..., Any], seen: set[CodeType]) -> Iterator[bytes]:
    """What a function from outside the package does: its code, what it calls, the constants that it names.

    Its source would not do: a notebook has none, and a file may have been edited since it was imported.
    """
    code = function.__code__
    if code in seen or _is_of_package(function):
        return
    seen.add(code)
    yield from _instructions(code)
    places = [function.__globals__]
    for name in code.co_names:
        for place in [place for place in places if name in place]:
            value = place[name]
            called = getattr(value, "py_func", None)
            if isinstance(value, ModuleType):
                places.append(vars(value))
            elif called is not None:
                yield from _meaning(called, seen)
            elif not callable(value):
                yield name.encode() + dumps(value)


def _instructions(code: CodeType) -> Iterator[bytes]:
    yield code.co_code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _instructions(constant)
        else:
            yield repr(constant).encode()


def _machine(codegen: Any) -> str:
    """Eight digits for the processor and for numba's settings that compiled code depends on."""
    config = numba.config
    settings = (config.OPT, config.LOOP_VECTORIZE, config.BOUNDSCHECK, config.DEBUGINFO_DEFAULT)
    return hashlib.sha256(repr((codegen.magic_tuple(), settings)).encode()).hexdigest()[:8]


def _contents(path: Path) -> bytes | None:
    """What was written to a file; None, and the file removed, if it is not that any more."""
    try:
        with path.open("rb") as stream:
            if not is_private(os.fstat(stream.fileno())):
                return None
            digest, contents = stream.read(_DIGEST), stream.read()
    except OSError:
        return None
    if hashlib.sha256(contents).digest() == digest:
        return contents
    _remove(path)
    return None


def _write(path: Path, contents: bytes) -> None:
    """Write a file in one go: whoever reads finds all of it or nothing."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(hashlib.sha256(contents).digest())
            stream.write(contents)
        os.replace(name, path)
    except OSError:
        _remove(Path(name))
        raise


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
