"""Say what is understood of a staff list, what is assumed, and what to decide; nothing is simulated.

FILE is a CSV file or an Excel workbook with one row per person, in whatever order and language. Names and e-mail
addresses serve to find managers and are not kept. Exit code 0: it can be used; 2: something must be put right.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.organisation.roster.options import RosterOptions
    from sim.organisation.roster.understanding import Understanding

NAME = "roster"
MEANING = "say what is understood of a staff list (CSV or Excel), and what to decide"


_LARGEST_SHOWN = 20_000
"""People beyond which the model's own turnover is not simulated for the screen."""


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
    add(
        "--turnover",
        choices=("file", "model"),
        default="model",
        help="whose turnover the written scenario has: that of the leavers in the file, or the model's (default)",
    )
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
    return show_roster(
        options.file, options.settings, options.write, options.force, options.turnover == "file"
    )


def show_roster(
    file: Path,
    settings: Path | None = None,
    write: Path | None = None,
    replace: bool = False,
    own_turnover: bool = False,
) -> int:
    """Print what is understood of a file; write a scenario for it if it can be used."""
    from sim.organisation.roster.options import RosterOptions, options_of
    from sim.organisation.roster.screen import screen
    from sim.organisation.roster.understanding import understand

    told = {} if settings is None else _told(settings)
    chosen = RosterOptions()
    if told:
        from sim.scenario import Scenario

        chosen = options_of(Scenario(organisation=told).settings["organisation"])
    found = understand(file, chosen)
    if own_turnover and (found.turnover is None or not found.turnover.lines()):
        problem = "the file has too few leavers with a day of leaving to tell the firm's turnover"
        raise InputError(problem, remedy="leave --turnover file out", file=file)
    print(screen(found, _models_turnover(found, chosen)), end="")
    sys.stdout.flush()
    if found.roster is None:
        return 2
    if write is not None:
        _write_scenario(write, file, found, told, own_turnover, replace)
        print(f"\nWrote {write}. Put your decisions in, then: mentorsim compare {write}")
    return 0


def _told(settings: Path) -> dict[str, Any]:
    """What the [organisation] of a scenario says on reading a roster, whatever its own roster is worth."""
    import tomllib

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
    return {name: given[name] for name in names if isinstance(given, dict) and name in given}


def _models_turnover(found: Understanding, options: RosterOptions) -> str:
    """What the model shows for these people at default settings, where the file has a rate to lay beside."""
    if found.turnover is None or found.roster is None or found.staff > _LARGEST_SHOWN:
        return ""
    from sim.organisation.roster.options import RosterOptions
    from sim.scenario import Scenario
    from sim.scenario.source import Source
    from sim.scenario.staff import Staff
    from sim.simulation.plan import plans_of
    from sim.simulation.turnover import shown_turnover
    from sim.simulation.warming import warm_up

    asked = {"roster": found.file, "start_year": options.start_year}
    document = {"months": 24, "organisation": asked, "programme": {"policy": "none"}}
    # The people have been read already; only the start year still matters.
    plain = RosterOptions(start_year=options.start_year)
    staff = Staff(found.roster, (".", found.file, None, plain))
    scenario = Scenario.from_document(document, Source(), staff)
    warm_up()
    shown = shown_turnover(plans_of(scenario)[0])
    return (
        f"The model's own for these people, without a programme: {shown.total:.1%} of the staff leave in a "
        f"year, {shown.quits:.1%} quit of their own will."
    )


def _write_scenario(
    path: Path,
    roster: Path,
    found: Understanding,
    told: Mapping[str, Any],
    own_turnover: bool,
    replace: bool,
) -> None:
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
    assert found.roster is not None
    title = f"Which mentoring programme suits our {found.staff:,} people?"
    for line in new_scenario(title, len(found.roster.level_names)).splitlines():
        name = line.lstrip("# ").split("=")[0].strip()
        if name in decided and "=" in line:
            lines.append(f"# {name}: as the roster has it")
            continue
        lines.append(line)
        if line == "[organisation]":
            lines += ["", "# The real staff.", f"roster = {toml_value(relative)}"]
            lines += [f"{key} = {toml_value(value)}" for key, value in told.items()]
            if found.turnover is not None and (turnover := found.turnover.lines()):
                mark = "" if own_turnover else "# "
                lines += [
                    "",
                    "# Turnover by the leavers in the file; without it the model's own holds.",
                ]
                lines += [mark + one for one in turnover]
    write_new(path, "\n".join(lines) + "\n", replace=replace)
