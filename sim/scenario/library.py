"""The scenarios and sweeps that come with the package: to run, to copy, and to change.

They stand in ``scenarios/`` of the repository, and only there; building the package copies them into it
(``setup.py``), so that an installation without the repository has them too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.scenario.messages import nearest, quoted

__all__ = ["LibraryScenario", "copy_scenario", "library_folder", "library_scenarios", "named"]

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class LibraryScenario:
    """A scenario of the library, or a sweep over one.

    Attributes
    ----------
    name
        What to call it: its path within the library, with slashes and without the ending.
    title
        The question that it asks.
    file
        Where it is.
    command
        What runs it: "compare" or "sweep".
    """

    name: str
    title: str
    file: Path
    command: str


def library_folder() -> Path:
    """Where the scenarios are: within an installed package, beside the package in a clone.

    Raises
    ------
    InputError
        If neither is there, as after copying ``sim/`` alone.
    """
    for folder in (_PACKAGE / "library", _PACKAGE.parent / "scenarios"):
        if (folder / "pairing_policies.toml").is_file():
            return folder
    problem = "the scenarios that come with mentorsim are missing from this installation"
    raise InputError(problem, remedy="install it again", file=_PACKAGE)


def library_scenarios() -> list[LibraryScenario]:
    """All that the library has: what stands in it by name, then what stands in the folders in it."""
    folder = library_folder()
    found = []
    for file in sorted(folder.rglob("*.toml"), key=lambda file: (len(file.parts), file.as_posix())):
        name = file.relative_to(folder).with_suffix("").as_posix()
        document = _document(file)
        command = "sweep" if isinstance(document.get("scenario"), str) else "compare"
        found.append(LibraryScenario(name, document["title"], file, command))
    return found


def copy_scenario(name: str, to: str | Path, *, replace: bool = False) -> list[Path]:
    """Copy a scenario of the library, and the files that it names, to where they can be changed.

    Parameters
    ----------
    name
        As :func:`library_scenarios` lists it; ``.toml`` at the end does not matter.
    to
        The file to write. Rosters go to the places beside it that the scenario names, and the scenario
        of a sweep comes to stand beside it.
    replace
        Whether files that are there already may be replaced. One that is the same already is left.

    Returns
    -------
    list of Path
        What was written, the scenario first.

    Raises
    ------
    InputError
        If there is no such scenario, a file is there already, or one cannot be written.
    """
    copies = _copies(named(name).file, Path(to))
    try:
        wanted = {file: text for file, text in copies.items() if not _holds(file, text)}
        taken = [file for file in wanted if file.exists()]
        if taken and not replace:
            remedy = "choose another name, or replace it with --force"
            raise InputError("the file exists already", remedy=remedy, file=taken[0])
        for file, text in wanted.items():
            if file != Path(to):
                file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)
    except InputError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        problem = f"the file cannot be written ({getattr(error, 'strerror', None) or error})"
        raise InputError(problem, remedy="choose another place", file=to) from None
    return list(copies)


def named(name: str) -> LibraryScenario:
    """The one of that name; ``.toml`` at its end does not matter.

    Raises
    ------
    InputError
        If there is none.
    """
    there = {one.name: one for one in library_scenarios()}
    plain = name.replace("\\", "/").removesuffix(".toml")
    if plain in there:
        return there[plain]
    near = nearest(plain, list(there))
    remedy = f"did you mean {quoted(near)}?" if near else "mentorsim new --list shows them all"
    raise InputError(f"there is no scenario {quoted(name)} in the library", remedy=remedy)


def _copies(source: Path, to: Path) -> dict[Path, bytes]:
    """What to write where, so that a copy finds the files that it names."""
    text = source.read_bytes()
    copies = {to: text}
    for reference in sorted(_files_named_in(_document(source), source.parent)):
        file, beside = source.parent / reference, reference
        if reference.startswith("../"):
            beside = file.name
            text = text.replace(f'"{reference}"'.encode(), f'"{beside}"'.encode())
        if to.parent / beside == to:
            problem = f"the sweep and the scenario that it names would both be {quoted(beside)}"
            raise InputError(problem, remedy="choose another name", file=to)
        nested = file.suffix == ".toml"
        copies |= (
            _copies(file, to.parent / beside) if nested else {to.parent / beside: file.read_bytes()}
        )
    copies[to] = text
    return copies


def _document(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _files_named_in(value: Any, folder: Path) -> Iterator[str]:
    """Texts of a document that name a file, relative to its folder."""
    if isinstance(value, str):
        if value.endswith((".csv", ".toml")) and "\n" not in value and (folder / value).is_file():
            yield value
    elif isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _files_named_in(part, folder)


def _holds(file: Path, text: bytes) -> bool:
    return file.is_file() and file.read_bytes() == text
