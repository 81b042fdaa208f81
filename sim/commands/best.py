"""Search for the best programme that a budget allows, and say how sure that is and what it gives up.

What a planner decides is varied: pairing, who is invited, places, mentees per mentor, pairs or groups, how often and
how long, training, check-ins. No programme, and the programmes of the scenario, compete with the rest. Tables,
best.html and best.toml (a scenario of the winners, which compare takes) go to results/best_<name of the scenario
file>/, unless --output names another folder. It takes some minutes. Ctrl-C stops early and keeps what is finished.
"""

from __future__ import annotations

import argparse
import math
import shlex
from pathlib import Path

from sim.commands.command import add_how, load_asked, sets_asked, told_command, whole_number
from sim.commands.progress import show_progress
from sim.commands.results import WRONG_PLACE, refuse_unusable, save_finished
from sim.commands.stopping import answering, exit_code
from sim.commands.streams import say
from sim.files import told_path

NAME = "best"
MEANING = "search for the best programme that a budget allows"

_GOALS = ("retention", "engagement", "innovation", "leaders", "newcomers", "knowledge", "money")
_STOPPING = "stopping; what is finished is being told. Once more, and nothing is saved."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("scenario", metavar="SCENARIO", help="scenario file (TOML)")
    add(
        "--budget",
        metavar="AMOUNT",
        type=_amount,
        required=True,
        help="mean cost per year at most, in the scenario's currency",
    )
    add(
        "--budget-in",
        choices=("cash", "total"),
        default="cash",
        help="what counts: cash (coordinator, sponsor, platform, fees; the default), or total (participants' time, too)",
    )
    add(
        "--goal",
        choices=_GOALS,
        default="retention",
        help="what is wanted (default: retention); leaders means their digital skills",
    )
    add("--designs", metavar="N", type=whole_number(10, 5_000), default=160, help="programmes tried at random to begin with (default: 160)")  # fmt: skip
    add("--fresh", metavar="N", type=whole_number(20, 100_000), default=150, help="fresh firms on which the finalists are judged (default: 150)")  # fmt: skip
    add_how(parser)


def _amount(text: str) -> float:
    """An amount above 0; thousands may be set apart."""
    try:
        number = float(text.replace(",", "").replace("_", "").replace(" ", ""))
    except ValueError:
        number = math.nan
    if not 0.0 < number < math.inf:
        shown = text if len(text) <= 40 else f"{text[:39]}…"
        raise argparse.ArgumentTypeError(f"{shown!r} is not an amount above 0")
    return number


def call(options: argparse.Namespace) -> int:
    """Search, save, and print what came out."""
    scenario = load_asked(options, options.scenario)
    folder = options.output or Path("results") / f"best_{Path(options.scenario).stem}"

    from sim.deciding.best import best
    from sim.report.deciding import best_summary

    refuse_unusable(folder, overwrite=options.overwrite)
    ensemble = sets_asked(options.ensemble, True)
    with answering(_STOPPING, goes_on=True), show_progress(quiet=options.quiet) as progress:
        found = best(
            scenario,
            options.budget,
            options.goal,
            budget_in=options.budget_in,
            designs=options.designs,
            fresh=options.fresh,
            ensemble=ensemble,
            workers=options.workers,
            progress=progress,
        )
    own = ("budget", "goal", "budget_in", "designs", "fresh")
    command = told_command(NAME, [told_path(options.scenario)], options, own)
    wanted = folder
    folder = save_finished(
        lambda place, replace: found.save(place, overwrite=replace, command=command),
        wanted,
        "saving first what is finished. Once more, and nothing is saved.",
        overwrite=options.overwrite,
    )
    print(best_summary(found))
    print(f"\nTables are in {folder}/, the page is {folder / 'best.html'}")
    print(
        f"The winners in full: mentorsim compare {shlex.quote(str(folder / 'best.toml'))} --ensemble"
    )
    if found.interrupted:
        say(f"stopped early; what was finished is saved in {folder}/")
        return exit_code()
    return 0 if folder == wanted else WRONG_PLACE
