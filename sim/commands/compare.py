"""Simulate every variant of a scenario on the same firms, and say what each changes.

Tables, figures, a report to read and a manifest go to results/<name of the scenario file>/, unless --output names
another folder. Ctrl-C stops early and keeps what is finished.
"""

from __future__ import annotations

import argparse
import io
import shlex
from contextlib import redirect_stderr
from pathlib import Path

from sim.commands.command import add_extensions, load_asked, sets_asked, whole_number
from sim.commands.progress import show_progress
from sim.commands.results import WRONG_PLACE, bytes_needed, keep, refuse_unusable
from sim.commands.stopping import answering, exit_code
from sim.commands.streams import say
from sim.files import told_path

NAME = "compare"
MEANING = "simulate all variants and compare them (the main job)"

_STOPPING = "stopping; what is finished is being saved. Once more, and nothing is saved."


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
    add("--verbose", action="store_true", help="print every programme with all its numbers")
    add("--quiet", action="store_true", help="show no progress")


def call(options: argparse.Namespace) -> int:
    """Compare, save, and print what came out."""
    from sim.scenario.unusual import unusual_pay

    scenario = load_asked(options, options.scenario)
    if options.replicates is not None:
        scenario = scenario.with_settings(replicates=options.replicates)
    for remark in unusual_pay(scenario):
        say(remark)
    folder = options.output or Path("results") / Path(options.scenario).stem
    needed = bytes_needed(scenario, tables=options.people + options.dyads)
    refuse_unusable(folder, needed, overwrite=options.overwrite)

    from sim.experiments.compare import compare

    if options.quiet:
        _compile_quietly()
    with answering(_STOPPING, goes_on=True), show_progress(quiet=options.quiet) as progress:
        comparison = compare(
            scenario,
            workers=options.workers,
            people=options.people,
            dyads=options.dyads,
            ensemble=sets_asked(options.ensemble, False),
            progress=progress,
        )
    wanted = folder
    folder, whole = keep(
        comparison,
        folder,
        overwrite=options.overwrite,
        command=_command(options),
        figures=not options.no_figures,
        report=not options.no_report,
    )
    if not whole:
        return exit_code()

    from sim.report import summarise

    print(summarise(comparison, verbose=options.verbose))
    print(f"\n{'Tables' if options.no_figures else 'Tables and figures'} are in {folder}/")
    if not options.no_report:
        print(f"The report is {folder / 'report.html'}")
    if comparison.interrupted:
        firms = f"{comparison.replicates} of {scenario.replicates} replicates"
        say(f"stopped early; the {firms} that were finished are saved in {folder}/")
        return exit_code()
    return 0 if folder == wanted else WRONG_PLACE


def _compile_quietly() -> None:
    """Compile the model, if need be, without the announcement."""
    from sim.simulation.warming import warm_up

    with redirect_stderr(io.StringIO()):
        warm_up()


def _command(options: argparse.Namespace) -> str:
    """The command as it could be given again where its files are, for the manifest."""
    words = ["mentorsim", NAME, told_path(options.scenario)]
    for name, value in sorted(vars(options).items()):
        option = f"--{name.replace('_', '-')}"
        if value is True:
            words.append(option)
        elif name in ("ensemble", "output") and value:
            words += [option, told_path(value)]
        elif name == "extensions":
            for file in value:
                words += ["--extension", told_path(file)]
        elif name in ("replicates", "seed", "workers") and value is not None:
            words += [option, str(value)]
    return shlex.join(words)
