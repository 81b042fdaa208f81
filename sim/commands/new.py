"""Write a scenario to begin with: a short, annotated one, or one of those that come with mentorsim.

mentorsim new                          print the usual comparison of pairing policies
mentorsim new my_firm.toml             write it to a file
mentorsim new --list                   the scenarios that come along, and what each asks
mentorsim new --from law_firm          copy one, with the files that it names

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
    parser.add_argument("--list", action="store_true", help="list the scenarios that come along")
    parser.add_argument(
        "--from", dest="source", metavar="NAME", help="copy this one, by default to NAME.toml here"
    )
    parser.add_argument("--force", action="store_true", help="replace FILE if it exists")


def call(options: argparse.Namespace) -> int:
    """List the library, copy from it, or write or print the template."""
    from sim.scenario import new_scenario

    if options.list:
        _list()
        return 0
    if options.source is not None:
        _copy(options.source, options.file, replace=options.force)
        return 0
    text = new_scenario()
    if options.file is None:
        print(text, end="")
        return 0
    write_new(options.file, text, replace=options.force)
    print(f"Wrote {options.file}. Edit it, then: mentorsim compare {options.file}")
    return 0


def _list() -> None:
    from sim.scenario.library import library_scenarios

    found = library_scenarios()
    width = max(len(one.name) for one in found)
    for one in found:
        print(f"{one.name:<{width}}  {one.title}")
    print("\nCopy one with: mentorsim new --from NAME [FILE]")


def _copy(name: str, file: Path | None, *, replace: bool) -> None:
    from sim.scenario.library import copy_scenario, named

    to = file or Path(Path(name.replace("\\", "/")).name).with_suffix(".toml")
    scenario, *others = copy_scenario(name, to, replace=replace)
    beside = f", with {', '.join(map(str, others))} beside it" if others else ""
    print(f"Wrote {scenario}{beside}. Edit it, then: mentorsim {named(name).command} {scenario}")


def write_new(file: Path, text: str, *, replace: bool) -> None:
    """Write a text file that is not there yet.

    Raises
    ------
    InputError
        If it exists and may not be replaced, or cannot be written.
    """
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
