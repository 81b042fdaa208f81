"""Learn from a programme's own figures: what to believe now, and what the figures cannot tell.

OBSERVED.csv has one row for each month since the programme's start, and for the year before it: registered, matched,
pairs, fit, sessions, early endings, survey, quits. Whatever is known helps; nothing is made up for what is not.
--template writes an empty one. The page update.html, tables, and the parameter sets moved to where the figures say
(ensemble.csv, for compare --ensemble) go to results/update_<name of the scenario file>/, unless --output names another
folder.
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from sim.commands.command import add_how, load_asked, sets_asked, told_command, whole_number
from sim.commands.progress import show_progress
from sim.commands.results import WRONG_PLACE, refuse_unusable, save_finished
from sim.commands.stopping import answering
from sim.commands.streams import say
from sim.errors import InputError
from sim.files import told_path

NAME = "update"
MEANING = "learn from what a programme has shown so far"

_STOPPING = "stopping; nothing was learnt yet."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("scenario", metavar="SCENARIO", help="scenario file (TOML)")
    add(
        "observed", metavar="OBSERVED.csv", nargs="?", help="the programme's figures (CSV or Excel)"
    )
    add(
        "--template",
        metavar="FILE",
        type=Path,
        help="write an empty file of figures, and do nothing else",
    )
    add(
        "--variant",
        metavar="NAME",
        help="the programme that ran; default: the first of the scenario",
    )
    add(
        "--began",
        metavar="YYYY-MM",
        help="when the first cohort opened, if months are of the calendar",
    )
    add("--horizon", metavar="N", type=whole_number(2, 120), default=24, help="months from the start that are told about (default: 24)")  # fmt: skip
    add("--firms", metavar="N", type=whole_number(2, 1_000), default=8, help="simulated firms of every parameter set (default: 8)")  # fmt: skip
    add_how(parser, overwrite="replace earlier results in that folder, or the template")


def call(options: argparse.Namespace) -> int:
    """Read, learn, save, and print what to believe."""
    scenario = load_asked(options, options.scenario)
    if options.template is not None:
        return _write_template(options.template, overwrite=options.overwrite)
    if options.observed is None:
        remedy = "name the file, or have an empty one written: --template FILE.csv"
        raise InputError("there is no file of figures", remedy=remedy)
    folder = options.output or Path("results") / f"update_{Path(options.scenario).stem}"

    from sim.deciding.update import update
    from sim.report.deciding import update_summary

    refuse_unusable(folder, overwrite=options.overwrite)
    ensemble = sets_asked(options.ensemble, True)
    with answering(_STOPPING), show_progress(quiet=options.quiet) as progress:
        found = update(
            scenario,
            options.observed,
            options.variant,
            began=options.began,
            horizon=options.horizon,
            firms_per_set=options.firms,
            ensemble=ensemble,
            workers=options.workers,
            progress=progress,
        )
    files = [told_path(options.scenario), told_path(options.observed)]
    own = ("variant", "began", "horizon", "firms")
    command = told_command(NAME, files, options, own)
    wanted = folder
    folder = save_finished(
        lambda place, replace: found.save(place, overwrite=replace, command=command),
        wanted,
        "saving first what was learnt. Once more, and nothing is saved.",
        overwrite=options.overwrite,
    )
    print(update_summary(found))
    print(f"\nTables are in {folder}/, the page is {folder / 'update.html'}")
    for note in found.observed.notes:
        say(note)
    if found.contradiction.alarm:
        say("the model is contradicted by these figures; do not use the forecasts or ensemble.csv")
    else:
        print(
            "Compare programmes in the light of it: mentorsim compare "
            f"{shlex.quote(str(options.scenario))} --ensemble {shlex.quote(str(folder / 'ensemble.csv'))}"
        )
    return 0 if folder == wanted else WRONG_PLACE


def _write_template(file: Path, *, overwrite: bool) -> int:
    from sim.deciding.observed_columns import template
    from sim.files import whole_file
    from sim.report.page.render import refuse_existing

    refuse_existing(file, overwrite=overwrite)
    try:
        with whole_file(file) as draft:
            draft.write_text(template(), encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = f"the template cannot be written ({reason})"
        raise InputError(problem, remedy="name another file", file=file) from error
    print(f"An empty file of figures is {file}; fill in what is known.")
    return 0
