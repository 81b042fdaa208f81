"""Write a short, annotated scenario to begin with: the usual comparison of pairing policies.

Without FILE it is printed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.errors import InputError

NAME = "new"
MEANING = "write a scenario to begin with"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="where to write it")
    parser.add_argument("--force", action="store_true", help="replace FILE if it exists")


def call(options: argparse.Namespace) -> int:
    """Write or print the template."""
    from sim.scenario import new_scenario

    text = new_scenario()
    if options.file is None:
        print(text, end="")
        return 0
    _write(options.file, text, replace=options.force)
    print(f"Wrote {options.file}. Edit it, then: mentorsim compare {options.file}")
    return 0


def _write(file: Path, text: str, *, replace: bool) -> None:
    try:
        with file.open("w" if replace else "x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        remedy = "choose another name, or replace it with --force"
        raise InputError("the file exists already", remedy=remedy, file=file) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        reason = getattr(error, "strerror", None) or error
        problem = f"the file cannot be written ({reason})"
        raise InputError(problem, remedy="choose another place", file=file) from None
