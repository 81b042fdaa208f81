"""What a command is: a module with these four names."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sim.files import told_path

if TYPE_CHECKING:
    from sim.calibration.ensemble import Ensemble
    from sim.scenario import Scenario

__all__ = [
    "STOPPED",
    "Command",
    "add_extensions",
    "add_how",
    "load_asked",
    "load_extensions",
    "sets_asked",
    "told_command",
    "whole_number",
]

STOPPED = 130
"""Exit code after Ctrl-C."""


class Command(Protocol):
    """A module of this package; its docstring is the description that ``--help`` shows."""

    NAME: str
    MEANING: str

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare what the command takes."""

    def call(self, options: argparse.Namespace) -> int:
        """Do it and return the exit code."""


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `low` to `high`, for an option."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            shown = text if len(text) <= 40 else f"{text[:39]}…"
            problem = f"{shown!r} is not a whole number from {low} to {high}"
            raise argparse.ArgumentTypeError(problem)
        return number

    return read


def add_extensions(parser: argparse.ArgumentParser) -> None:
    """Declare the option that loads extensions."""
    parser.add_argument(
        "--extension",
        metavar="FILE.py",
        dest="extensions",
        action="append",
        default=[],
        help="a Python file that adds policies, mechanisms or outcomes (it is run; may be repeated)",
    )


def load_extensions(options: argparse.Namespace) -> None:
    """Load the extensions that were asked for.

    Raises
    ------
    InputError
        If one of them is missing or fails.
    """
    if options.extensions:
        from sim.registry import load_extension

        for file in options.extensions:
            load_extension(file)


def add_how(
    parser: argparse.ArgumentParser, *, overwrite: str = "replace earlier results in that folder"
) -> None:
    """Declare how a question is answered and where the answer goes: what all that simulate and save have in common.

    Parameters
    ----------
    overwrite
        What the option means here.
    """
    add = parser.add_argument
    add(
        "--ensemble",
        metavar="FILE",
        help="parameter sets that calibrate or update wrote; default: those of the package",
    )
    add("--seed", metavar="N", type=whole_number(0, 2**63 - 1), help="another master seed")
    add("--workers", metavar="N", type=whole_number(1, 1024), help="threads; default: all cores")
    add("--output", metavar="FOLDER", type=Path, help="where the results go")
    add("--overwrite", action="store_true", help=overwrite)
    add_extensions(parser)
    add("--quiet", action="store_true", help="show no progress")


_HOW = ("ensemble", "seed", "workers", "output", "extensions", "overwrite")
_FILES = ("ensemble", "extensions", "lottery_list", "output", "roster")
_SPELT = {"designs": "design", "extensions": "extension", "lottery_list": "list"}
"""Options that are spelt otherwise than what they fill."""


def told_command(
    name: str, words: Sequence[str], options: argparse.Namespace, names: Sequence[str] = ()
) -> str:
    """The command as it could be given again where its files are, for a manifest.

    Parameters
    ----------
    name
        Of the command.
    words
        What comes first: its files.
    names
        Its own options, as `options` names them; those of :func:`add_how` follow.
    """
    told = ["mentorsim", name, *words]
    for one in (*names, *_HOW):
        value = getattr(options, one)
        option = f"--{_SPELT.get(one, one).replace('_', '-')}"
        if value is True:
            told.append(option)
        elif value is None or value is False:
            continue
        elif isinstance(value, list) and one in _SPELT:  # may be repeated
            for each in value:
                told += [option, told_path(each) if one in _FILES else str(each)]
        elif isinstance(value, list):
            told += [option, ",".join(map(str, value))]
        elif one in _FILES:
            told += [option, told_path(value)]
        else:
            told += [option, f"{value:.12g}" if isinstance(value, float) else str(value)]
    return shlex.join(told)


def load_asked(options: argparse.Namespace, file: str) -> Scenario:
    """Load the extensions and a scenario file, with the seed that was asked for."""
    from sim.scenario import load_scenario

    load_extensions(options)
    scenario = load_scenario(file)
    return scenario if options.seed is None else scenario.with_settings(seed=options.seed)


def sets_asked(given: str | bool | None, otherwise: bool) -> Ensemble | bool:
    """The parameter sets that were asked for: a file's, or the package's (true), or none.

    Parameters
    ----------
    given
        Of the option ``--ensemble``.
    otherwise
        What holds without it.
    """
    if isinstance(given, str):
        from sim.calibration.ensemble import read_ensemble

        return read_ensemble(given)
    return otherwise if given is None else given
