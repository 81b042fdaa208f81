"""Say what is understood of a staff list, what is assumed, and what to decide; nothing is simulated.

FILE is a CSV file or an Excel workbook with one row per person, in whatever order and language. Names and e-mail
addresses serve to find managers and are not kept. Exit code 0: it can be used; 2: something must be put right.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sim.errors import InputError

NAME = "roster"
MEANING = "say what is understood of a staff list (CSV or Excel), and what to decide"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("file", metavar="FILE", type=Path, nargs="?", help="staff list (.csv, .txt, .xlsx)")
    add(
        "--settings",
        metavar="SCENARIO",
        type=Path,
        help="scenario whose [organisation] says how to read it",
    )
    add("--template", metavar="NEW.xlsx", type=Path, help="write a workbook to fill in, and end")
    add("--write", metavar="SCENARIO", type=Path, help="write a scenario for this roster")
    add("--force", action="store_true", help="replace what is there")


def call(options: argparse.Namespace) -> int:
    """Write the template, or show the file and write a scenario for it."""
    if options.template is not None:
        from sim.organisation.roster.template import write_template

        write_template(options.template, replace=options.force)
        print(f"Wrote {options.template}. Fill it in, then: mentorsim roster {options.template}")
        return 0
    if options.file is None:
        remedy = "name a CSV file or workbook, or use --template NEW.xlsx"
        raise InputError("there is no staff list", remedy=remedy)
    return show_roster(options.file, options.settings, options.write, options.force)


def show_roster(file: Path, settings: Path | None, write: Path | None, replace: bool) -> int:
    """Print what is understood of a file; write a scenario for it if it can be used."""
    from sim.organisation.roster.options import RosterOptions, options_of
    from sim.organisation.roster.screen import screen
    from sim.organisation.roster.understanding import understand

    chosen = RosterOptions()
    if settings is not None:
        chosen = options_of(_organisation(settings))
    found = understand(file, chosen)
    print(screen(found), end="")
    sys.stdout.flush()
    if found.roster is None:
        return 2
    if write is not None:
        _write_scenario(write, file, found.staff, replace)
        print(f"\nWrote {write}. Put your decisions in, then: mentorsim compare {write}")
    return 0


def _organisation(settings: Path) -> object:
    """The [organisation] of a scenario, whatever its own roster is worth."""
    import tomllib

    from sim.scenario import Scenario

    try:
        document = tomllib.loads(settings.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        remedy = "name a scenario (TOML)"
        raise InputError(f"it cannot be read ({error})", remedy=remedy, file=settings) from None
    names = (
        "level_order",
        "level_1_is",
        "dates",
        "file_date",
        "contractors",
        "pay_is",
        "start_year",
    )
    given = document.get("organisation", {})
    told = {name: given[name] for name in names if isinstance(given, dict) and name in given}
    return Scenario(organisation=told).settings["organisation"]


def _write_scenario(path: Path, roster: Path, staff: int, replace: bool) -> None:
    """Write the usual comparison for this roster."""
    import os

    from sim.commands.new import write_new
    from sim.scenario import new_scenario
    from sim.scenario.toml_text import toml_value

    try:
        relative = Path(os.path.relpath(roster.resolve(), path.resolve().parent)).as_posix()
    except ValueError:  # another drive
        relative = roster.resolve().as_posix()
    decided = {"employees", "levels", "departments", "sites"}
    lines: list[str] = []
    for line in new_scenario(f"Which mentoring programme suits our {staff:,} people?").splitlines():
        name = line.lstrip("# ").split("=")[0].strip()
        if name in decided and "=" in line:
            lines.append(f"# {name}: as the roster has it")
            continue
        lines.append(line)
        if line == "[organisation]":
            lines += ["", "# The real staff.", f"roster = {toml_value(relative)}"]
    write_new(path, "\n".join(lines) + "\n", replace=replace)
