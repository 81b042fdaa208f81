"""Simulate every variant of a scenario on the same firms, and say what each changes.

Tables, figures, a report to read and a manifest go to results/<name of the scenario file>/, unless --output names
another folder. Ctrl-C stops early and keeps what is finished.
"""

from __future__ import annotations

import argparse
import io
import os
import shlex
from contextlib import redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.command import STOPPED, add_extensions, load_extensions, whole_number
from sim.commands.progress import show_progress
from sim.commands.streams import say
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.calibration.ensemble import Ensemble
    from sim.experiments.comparison import Comparison

NAME = "compare"
MEANING = "simulate all variants and compare them (the main job)"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    many = whole_number(1, 1_000_000)
    add = parser.add_argument
    add("scenario", metavar="SCENARIO", help="scenario file (TOML)")
    add("--replicates", metavar="N", type=many, help="simulated firms per variant")
    add("--seed", metavar="N", type=whole_number(0, 2**63 - 1), help="another master seed")
    add("--workers", metavar="N", type=whole_number(1, 1024), help="threads; default: all cores")
    add("--output", metavar="FOLDER", type=Path, help="where the results go")
    add("--overwrite", action="store_true", help="replace earlier results in that folder")
    add("--people", action="store_true", help="also a table of every simulated person")
    add("--dyads", action="store_true", help="also a table of every mentoring pair")
    add(
        "--ensemble",
        metavar="FILE",
        nargs="?",
        const=True,
        default=None,
        help="parameter sets that agree with published figures, one for every two firms (of the "
        "package, or a file that calibrate wrote): tells ignorance apart from chance",
    )
    add("--no-figures", action="store_true", help="no effects.svg, curves.svg and their PNG")
    add("--no-report", action="store_true", help="no report.html")
    add_extensions(parser)
    add("--quiet", action="store_true", help="show no progress")


def call(options: argparse.Namespace) -> int:
    """Compare, save, and print what came out."""
    from sim.scenario import load_scenario

    load_extensions(options)
    scenario = load_scenario(options.scenario)
    if options.seed is not None:
        scenario = scenario.with_settings(seed=options.seed)
    if options.replicates is not None:
        scenario = scenario.with_settings(replicates=options.replicates)
    folder = options.output or Path("results") / Path(options.scenario).stem
    _refuse_unusable(folder, overwrite=options.overwrite)

    from sim.experiments.compare import compare

    if options.quiet:
        _compile_quietly()
    with show_progress(quiet=options.quiet) as progress:
        comparison = compare(
            scenario,
            workers=options.workers,
            people=options.people,
            dyads=options.dyads,
            ensemble=_ensemble(options.ensemble),
            progress=progress,
        )
    _save(comparison, folder, options)

    from sim.report import summarise

    print(summarise(comparison))
    print(f"\n{'Tables' if options.no_figures else 'Tables and figures'} are in {folder}/")
    if not options.no_report:
        print(f"The report is {folder / 'report.html'}")
    if comparison.interrupted:
        asked = f"{comparison.replicates} of {scenario.replicates} replicates"
        say(f"stopped early; the {asked} that were finished are saved in {folder}/")
        return STOPPED
    return 0


def _ensemble(given: str | bool | None) -> Ensemble | bool:
    """The parameter sets that were asked for: the package's, a file's, or none."""
    if isinstance(given, str):
        from sim.calibration.ensemble import read_ensemble

        return read_ensemble(given)
    return bool(given)


def _compile_quietly() -> None:
    """Compile the model, if need be, without the announcement."""
    from sim.simulation.warming import warm_up

    with redirect_stderr(io.StringIO()):
        warm_up()


def _save(comparison: Comparison, folder: Path, options: argparse.Namespace) -> None:
    """Write tables and manifest, then the figures and the report beside them."""
    command = _command(options)
    comparison.save(folder, overwrite=options.overwrite, command=command)
    if not options.no_figures:
        from sim.report import save_figures

        try:
            save_figures(comparison, folder)
        except OSError as error:
            problem = f"the tables are there, but not the figures ({error.strerror or error})"
            raise InputError(problem, remedy="make room, and start again", file=folder) from error
    if not options.no_report:
        from sim.report.page import write_report

        write_report(comparison, folder / "report.html", overwrite=True, command=command)


def _command(options: argparse.Namespace) -> str:
    """The command as it could be given again, for the manifest."""
    words = ["mentorsim", NAME, str(options.scenario)]
    for name, value in sorted(vars(options).items()):
        option = f"--{name.replace('_', '-')}"
        if value is True:
            words.append(option)
        elif name == "ensemble" and value:
            words += [option, str(value)]
        elif name == "extensions":
            for file in value:
                words += ["--extension", str(file)]
        elif name in ("replicates", "seed", "workers", "output") and value is not None:
            words += [option, str(value)]
    return shlex.join(words)


def _refuse_unusable(folder: Path, *, overwrite: bool) -> None:
    """Complain, before hours are spent, about a folder that could not take the results.

    Raises
    ------
    InputError
        If it holds something that may not be replaced, is not a folder, or cannot be written.
    """
    from sim.experiments.saving import refuse_unless_free

    try:
        trouble = _trouble_making(folder.resolve())
        if trouble is None and folder.is_dir() and any(folder.iterdir()):
            if not overwrite:
                remedy = "name another folder with --output, or replace them with --overwrite"
                raise InputError("there are results already", remedy=remedy, file=folder)
            refuse_unless_free(folder, overwrite)
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        if isinstance(error, InputError):
            raise
        trouble = str(getattr(error, "strerror", None) or error)
    if trouble is not None:
        problem = f"the results cannot be put there ({trouble})"
        raise InputError(problem, remedy="name another folder with --output", file=folder)


def _trouble_making(folder: Path) -> str | None:
    """Why a folder could not be made or replaced, or None."""
    if folder.exists() and not folder.is_dir():
        return "it is a file, not a folder"
    for place in folder.parents:
        if place.is_dir():
            may = os.access(place, os.W_OK | os.X_OK)
            return None if may else f"{place} may not be written to"
        if place.exists() or place.is_symlink():
            return f"{place} is not a folder"
    return None
