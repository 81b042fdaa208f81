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

from sim.commands.command import add_extensions, load_extensions, whole_number
from sim.commands.progress import show_progress
from sim.commands.stopping import answering, saved_first, settle
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
    add("--seed", metavar="N", type=whole_number(0, 2**63 - 1), help="another master seed")
    add("--workers", metavar="N", type=whole_number(1, 1024), help="threads; default: all cores")
    add("--output", metavar="FOLDER", type=Path, help="where the results go")
    add(
        "--overwrite",
        action="store_true",
        help="replace earlier results in that folder, or the template",
    )
    add(
        "--ensemble",
        metavar="FILE",
        help="parameter sets that calibrate or update wrote; default: those of the package",
    )
    add_extensions(parser)
    add("--quiet", action="store_true", help="show no progress")


def call(options: argparse.Namespace) -> int:
    """Read, learn, save, and print what to believe."""
    from sim.scenario import load_scenario

    load_extensions(options)
    scenario = load_scenario(options.scenario)
    if options.template is not None:
        return _write_template(options.template, overwrite=options.overwrite)
    if options.observed is None:
        remedy = "name the file, or have an empty one written: --template FILE.csv"
        raise InputError("there is no file of figures", remedy=remedy)
    if options.seed is not None:
        scenario = scenario.with_settings(seed=options.seed)
    folder = options.output or Path("results") / f"update_{Path(options.scenario).stem}"

    from sim.calibration.ensemble import read_ensemble
    from sim.deciding.saving import check_folder
    from sim.deciding.update import update
    from sim.report.deciding import update_summary

    check_folder(folder, overwrite=options.overwrite)
    ensemble = True if options.ensemble is None else read_ensemble(options.ensemble)
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
    with saved_first("saving first what was learnt. Once more, and nothing is saved."):
        found.save(folder, overwrite=options.overwrite, command=_command(options))
    settle()
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
    return 0


def _write_template(file: Path, *, overwrite: bool) -> int:
    from sim.deciding.observed import template
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


def _command(options: argparse.Namespace) -> str:
    """The command as it could be given again where its files are, for the manifest."""
    words = ["mentorsim", NAME, told_path(options.scenario), told_path(options.observed)]
    for name in ("variant", "began", "horizon", "firms", "seed", "workers"):
        value = getattr(options, name)
        if value is not None:
            words += [f"--{name}", str(value)]
    for name in ("ensemble", "output"):
        value = getattr(options, name)
        if value is not None:
            words += [f"--{name}", told_path(value)]
    for file in options.extensions:
        words += ["--extension", told_path(file)]
    return shlex.join(words + (["--overwrite"] if options.overwrite else []))
