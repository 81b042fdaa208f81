"""What extensions have added to the model, and the loading of their files.

This module imports no other part of the model, so that declarations can consult it; what is added is
checked by :mod:`sim.extensions`.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import InputError

__all__ = [
    "ADDED",
    "digests",
    "load_extension",
    "load_installed",
    "load_sources",
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
        raise InputError(problem, remedy="mend it, or leave it out", file=source) from error
    if name not in ADDED.sources:
        ADDED.sources.append(name)


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
    """Files and modules that were loaded, for worker processes to load as well."""
    return tuple(ADDED.sources)


def load_sources(names: tuple[str, ...]) -> None:
    """Load what another process had loaded."""
    for name in names:
        load_extension(name)


def digests() -> dict[str, str]:
    """SHA-256 of every loaded extension's file, by its name, for the manifest."""
    found = {}
    for source in ADDED.sources:
        path = Path(source)
        if not source.endswith(".py"):
            path = Path(str(sys.modules[source].__file__))
        found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
