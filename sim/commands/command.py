"""What a command is: a module with these four names."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Protocol

__all__ = ["STOPPED", "Command", "add_extensions", "load_extensions", "whole_number"]

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
