"""Reading a scenario file: from bytes to a validated scenario, with a plain word for every slip."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, BinaryIO

from sim.errors import InputError
from sim.scenario.files import trouble_with
from sim.scenario.positions import BeyondUseError, Position, scan_lines
from sim.scenario.scenario import Scenario
from sim.scenario.source import Source
from sim.scenario.syntax import syntax_error

__all__ = ["load_scenario", "parse_scenario", "read_toml"]

_LARGEST = 5_000_000  # bytes
_SMALL = "a scenario takes a few kilobytes and 4 levels; people belong in a roster"


def load_scenario(
    path: str | os.PathLike[str] | bytes | BinaryIO, *, name: str | None = None
) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path
        A TOML 1.0 file in UTF-8, at most 5 MB: its path, its content, or an open binary stream. An
        empty file is a scenario: all defaults. The roster and the ties that it names are read as well,
        relative to its folder; to that of the program where there is no path.
    name
        What messages call the file; by default its path.

    Raises
    ------
    InputError
        If anything is wrong, with file, line, key, value and remedy as far as they can be told.
    """
    if isinstance(path, str | os.PathLike):
        file = Path(path)
        document, lines = read_toml(file)
    else:
        file = Path(name or str(getattr(path, "name", "the scenario")))
        content = path if isinstance(path, bytes) else path.read(_LARGEST + 1)
        document, lines = parse_scenario(content, str(file))
    return Scenario.from_document(document, Source(file, lines))


def parse_scenario(content: bytes, name: str) -> tuple[dict[str, Any], dict[Position, int]]:
    """Return what the content of a TOML file says, and the line of each key; no other file is read.

    Parameters
    ----------
    name
        What messages call it.

    Raises
    ------
    InputError
        If it is too large, not UTF-8, or no TOML.
    """
    file = Path(name)
    return _parse(_text(content, file), file)


def read_toml(file: Path) -> tuple[dict[str, Any], dict[Position, int]]:
    """Return what a TOML file says, and the line of each key as far as it can be told.

    Raises
    ------
    InputError
        If it cannot be read, or is no TOML.
    """
    return _parse(_read(file), file)


def _read(file: Path) -> str:
    """Return the text of a file, with plain line ends and without a byte order mark."""
    trouble = trouble_with(file, ".toml")
    if trouble is not None:
        raise InputError(trouble[0], remedy=trouble[1], file=file)
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as error:
        problem = f"the file cannot be read ({error.strerror or error})"
        raise InputError(problem, remedy="check the file", file=file) from None
    return _text(content, file)


def _text(content: bytes, file: Path) -> str:
    """The text of a file's content, with plain line ends and without a byte order mark."""
    if len(content) > _LARGEST:
        problem = f"the file is larger than {_LARGEST // 1_000_000} MB"
        raise InputError(problem, remedy=_SMALL, file=file)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"the file is not UTF-8 text (byte {content[error.start]:#04x})"
        remedy = "save it with the encoding UTF-8"
        raise InputError(problem, remedy=remedy, file=file, line=line) from None


def _parse(text: str, file: Path) -> tuple[dict[str, Any], dict[Position, int]]:
    """Return the parsed document and the line of each key."""
    last_statement = 1
    try:
        scan = scan_lines(text)  # first: what is beyond all use would keep the real reader busy
        last_statement = scan.last_statement
        document = tomllib.loads(text)
        return document, scan.agreeing_with(document)
    except BeyondUseError as error:
        problem, line = str(error), error.line
        raise InputError(problem, remedy=_SMALL, file=file, line=line) from None
    except tomllib.TOMLDecodeError as error:
        raise syntax_error(str(error), text, file, last_statement) from None
    except RecursionError:
        raise InputError("it is nested too deeply", remedy=_SMALL, file=file) from None
    except ValueError:  # a whole number of more than 4,300 digits
        problem, remedy = "a number has too many digits to be read", "look for a very long number"
        raise InputError(problem, remedy=remedy, file=file) from None
