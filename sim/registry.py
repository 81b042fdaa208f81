"""What extensions have added to the model, and the loading of their files.

This module imports no other part of the model, so that declarations can consult it; what is added is
checked by :mod:`sim.extensions`.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import re
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import InputError

__all__ = [
    "ADDED",
    "digests",
    "line_at_fault",
    "load_extension",
    "load_installed",
    "load_sources",
    "out_of_reach",
    "sources",
]

ENTRY_POINTS = "mentorsim.extensions"

_PREFIX = "mentorsim_extension_"


@dataclass(slots=True)
class _Added:
    """Everything that has been added so far, by name, in the order in which it was."""

    policies: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Callable[..., Any]] = field(default_factory=dict)
    mechanisms: dict[str, Any] = field(default_factory=dict)
    measures: dict[str, int] = field(default_factory=dict)
    reporters: dict[str, Callable[..., float]] = field(default_factory=dict)
    decisions: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, Any] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    installed: bool = False

    def names(self, kind: str) -> tuple[str, ...]:
        """Names of what was added of a kind ("policies", "scores")."""
        return tuple(getattr(self, kind))


ADDED = _Added()


def load_extension(source: str | Path) -> None:
    """Load an extension: a Python file, or the name of a module.

    Raises
    ------
    InputError
        If there is no such file or module, or it fails.
    """
    name = str(source)
    if name in ADDED.sources:
        return
    is_file = name.endswith(".py")
    try:
        if is_file:
            _import_file(Path(source).resolve())
            name = str(Path(source).resolve())
        else:
            importlib.import_module(name)
    except InputError as error:
        raise InputError(str(error), file=source) from error
    except FileNotFoundError:
        raise InputError("there is no such extension", remedy="name a file", file=source) from None
    except Exception as error:
        problem = f"the extension cannot be loaded ({type(error).__name__}: {error})"
        line = _line_in(source, error) if is_file else None
        remedy = "mend it, or leave it out"
        raise InputError(problem, remedy=remedy, file=source, line=line) from error
    if name not in ADDED.sources:
        ADDED.sources.append(name)


def _line_in(source: str | Path, error: Exception) -> int | None:
    """The innermost line of a file that an error passed through, or that cannot be read."""
    place = str(Path(source).resolve())
    if isinstance(error, SyntaxError) and error.filename == place:
        return error.lineno
    frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename == place]
    return frames[-1].lineno if frames else None


def _import_file(path: Path) -> None:
    name = _PREFIX + path.stem
    if not path.is_file():
        raise FileNotFoundError(path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise


def load_installed() -> None:
    """Load the extensions that installed packages offer, once.

    Raises
    ------
    InputError
        If one of them fails.
    """
    if ADDED.installed:
        return
    ADDED.installed = True
    from importlib.metadata import entry_points

    for entry in entry_points(group=ENTRY_POINTS):
        load_extension(entry.module)


def sources() -> tuple[str, ...]:
    """Files and modules that were loaded, or imported, for worker processes to load as well."""
    found = dict.fromkeys(ADDED.sources)
    for function in _functions().values():
        name = function.__module__
        if not name.startswith((_PREFIX, "__")) and _is_found_by_name(name):
            found[name] = None
    return tuple(found)


def _functions() -> dict[str, Callable[..., Any]]:
    """Everything that was added and can be called, by what it is."""
    found = {f"score {name}": score for name, score in ADDED.scores.items()}
    found |= {f"mechanism {name}": one.step for name, one in ADDED.mechanisms.items()}
    found |= {f"measure {name}": of for name, of in ADDED.reporters.items()}
    found |= {f"outcome {name}": one.of for name, one in ADDED.outcomes.items()}
    return {what: one for what, one in found.items() if hasattr(one, "__module__")}


def _is_found_by_name(module: str) -> bool:
    """Whether another process that imports a module by its name gets the same file."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.origin == _file_of(module)


def _file_of(module: str) -> str | None:
    """The file that a module came from, if there is one."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return str(file) if file and Path(file).is_file() else None


def out_of_reach() -> tuple[str, ...]:
    """What was added in a notebook, at a prompt or on standard input, where worker processes cannot see it."""
    return tuple(
        what
        for what, function in _functions().items()
        if function.__module__ == "__main__" and _file_of("__main__") is None
    )


def load_sources(names: tuple[str, ...]) -> None:
    """Load what another process had loaded."""
    for name in names:
        load_extension(name)


def digests() -> dict[str, str]:
    """SHA-256 of every extension, for the manifest: of its file, by the file's name; else of its source."""
    found = {}
    for source in ADDED.sources:
        path = Path(source)
        if not source.endswith(".py"):
            path = Path(str(sys.modules[source].__file__))
        found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    for what, function in _functions().items():
        file = _file_of(function.__module__)
        if file is not None:
            found[Path(file).name] = hashlib.sha256(Path(file).read_bytes()).hexdigest()
        else:
            found[what] = hashlib.sha256(_source_of(function)).hexdigest()
    return found


def _source_of(function: Callable[..., Any]) -> bytes:
    """The text of a function from a notebook, or what it was translated to."""
    try:
        return inspect.getsource(function).encode()
    except (OSError, TypeError):
        code = getattr(function, "__code__", None)
        return repr(function).encode() if code is None else bytes(code.co_code)


def line_at_fault(error: BaseException) -> tuple[str, int] | None:
    """File and line of the extension in which an error arose, by the innermost of its lines; None if in none.

    Errors that came from another process are read from what it wrote down.
    """
    files = {source for source in ADDED.sources if source.endswith(".py")}
    modules = {function.__module__ for function in _functions().values()}
    modules |= {source for source in ADDED.sources if not source.endswith(".py")}
    files |= {file for module in modules if (file := _file_of(module)) is not None}
    lines = re.findall(r'File "(.+?)", line (\d+)', "".join(traceback.format_exception(error)))
    for file, line in reversed(lines):
        if file in files:
            return file, int(line)
    return None
