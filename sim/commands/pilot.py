"""Say what a pilot of a programme could show, before anybody begins; and read one that has run.

  mentorsim pilot SCENARIO                    run pilots inside simulated firms, and diagnose how they are read
  mentorsim pilot read PROTOCOL RESULTS.csv   do the declared analysis on what came back

The first writes pilot.html, tables, a protocol to file (protocol.toml, protocol.md) and, where there is a staff list,
the lot's list, to results/pilot_<name of the scenario file>/, unless --output names another folder. Ctrl-C stops
early and keeps what is finished.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.command import (
    add_how,
    load_asked,
    load_extensions,
    sets_asked,
    told_command,
    whole_number,
)
from sim.commands.progress import show_progress
from sim.commands.results import WRONG_PLACE, refuse_unusable, save_finished
from sim.commands.stopping import answering, exit_code
from sim.commands.streams import say
from sim.errors import InputError
from sim.files import told_path

if TYPE_CHECKING:
    from sim.pilots.pilot import Pilot

NAME = "pilot"
MEANING = "say what a pilot could show, and read one that has run"

_STOPPING = "stopping; what is finished is being saved. Once more, and nothing is saved."
_READ = "read"
_OWN = (
    "roster",
    "lottery_list",
    "variant",
    "offered",
    "months",
    "designs",
    "protocol",
    "firms",
    "quick",
)


def _numbers(low: int, high: int) -> Any:
    """A reader of whole numbers with commas between them."""
    one = whole_number(low, high)

    def read(text: str) -> list[int]:
        return [one(part.strip()) for part in text.split(",")]

    return read


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("words", metavar="SCENARIO | read PROTOCOL RESULTS.csv", nargs="+",
        help="scenario file (TOML); or a protocol and what came back")  # fmt: skip
    add(
        "--roster",
        metavar="FILE",
        type=Path,
        help="staff list instead of the scenario's; draws the lot's list, too",
    )
    add(
        "--list",
        metavar="FILE",
        dest="lottery_list",
        type=Path,
        help="lottery list of an earlier pilot: offers go to those whom it names",
    )
    add("--variant", metavar="NAME", help="the programme; default: the first that is no null model")
    add("--offered", metavar="N,N", type=_numbers(5, 1_000_000),
        help="people offered a place; default: three numbers that fit the firm")  # fmt: skip
    add(
        "--months",
        metavar="N,N",
        type=_numbers(1, 600),
        help="months after the start; default: 6,12,24",
    )
    add(
        "--design",
        metavar="NAME",
        dest="designs",
        action="append",
        help="only this design (may be repeated)",
    )
    add("--protocol", metavar="DESIGN,MEASURE,N,MONTHS",
        help="what the protocol is about; default: what is advised")  # fmt: skip
    add("--firms", metavar="N", type=whole_number(4, 1_000_000),
        help="simulated firms; default: two for every parameter set")  # fmt: skip
    add("--quick", action="store_true", help="40 firms: a first look")
    add_how(parser)


def call(options: argparse.Namespace) -> int:
    """Diagnose a pilot, or read one."""
    words: list[str] = options.words
    if words[0] == _READ and len(words) != 1:
        load_extensions(options)
        return _read(options)
    if len(words) > 1:
        problem = f"one scenario is wanted, and there are {len(words)} words"
        remedy = "give a scenario file, or: read PROTOCOL RESULTS.csv"
        raise InputError(problem, remedy=remedy)
    return _diagnose(options, words[0])


def _read(options: argparse.Namespace) -> int:
    if len(options.words) != 3:
        problem = (
            f"read takes a protocol and a file of results, and not {len(options.words) - 1} files"
        )
        raise InputError(problem, remedy="mentorsim pilot read protocol.toml RESULTS.csv")
    from sim.pilots.results import read_pilot
    from sim.report.pilots.found import found_lines

    _, protocol, results = options.words
    found = read_pilot(protocol, results)
    print("\n".join(found_lines(found)))
    return 0


def _diagnose(options: argparse.Namespace, file: str) -> int:
    scenario = load_asked(options, file)
    if options.roster is not None:
        scenario = scenario.with_settings({"organisation.roster": str(options.roster.resolve())})
    folder = options.output or Path("results") / f"pilot_{Path(file).stem}"
    refuse_unusable(folder, overwrite=options.overwrite)
    from sim.pilots.pilot import QUICK, pilot

    if options.protocol is not None:
        _wanted(options.protocol)
    with answering(_STOPPING, goes_on=True), show_progress(quiet=options.quiet) as progress:
        found = pilot(
            scenario,
            variant=options.variant,
            designs=options.designs,
            offered=options.offered,
            months=options.months,
            firms=QUICK if options.quick and options.firms is None else options.firms,
            lottery_list=options.lottery_list,
            ensemble=sets_asked(options.ensemble, True),
            workers=options.workers,
            progress=progress,
        )
    question = None if options.protocol is None else _question(found, options.protocol)
    command = told_command(NAME, [told_path(file)], options, _OWN)
    wanted = folder
    folder = save_finished(
        lambda place, replace: found.save(
            place, overwrite=replace, command=command, question=question
        ),
        wanted,
        "saving first what is finished. Once more, and nothing is saved.",
        overwrite=options.overwrite,
    )
    from sim.report.pilots.summary import summary_lines

    print("\n".join(summary_lines(found)))
    print(f"\nThe page is {folder / 'pilot.html'}; tables and protocol are beside it.")
    if found.interrupted:
        say(f"stopped early; the {found.firms} firms that were finished are saved in {folder}/")
        return exit_code()
    return 0 if folder == wanted else WRONG_PLACE


def _wanted(text: str) -> tuple[str, str, int, int]:
    """Design, measure, people and months of a protocol that is asked for."""
    from sim.pilots.designs import design_named
    from sim.pilots.measures import measure_named

    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4 or not all(part.isdecimal() for part in parts[2:]):
        remedy = "write it as volunteers_waiting,skills,60,12"
        raise InputError(f"{text!r} is no reading", remedy=remedy, key="--protocol")
    design, measure = design_named(parts[0]).name, measure_named(parts[1]).name
    return design, measure, int(parts[2]), int(parts[3])


def _question(found: Pilot, text: str) -> Any:
    design, measure, offered, months = _wanted(text)
    for one in found.job.questions:
        told = (one.design.name, one.measure.name, one.offered, one.months)
        if told == (design, measure, offered, months):
            return one
    problem = f"nothing was tried with {offered} people and read after {months} months in that way"
    remedy = f"people: {', '.join(map(str, found.sizes))}; months: {', '.join(map(str, found.job.readings))}"
    raise InputError(problem, remedy=remedy, key="--protocol")
