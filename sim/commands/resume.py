"""Go on with a sweep: run what is missing, what took too long and what killed its process.

The plan stays as it was; only the number of replicates, the stopping rule and how it is run may change. With
more replicates, only the new ones are run.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from sim.commands.command import add_extensions, load_extensions, whole_number
from sim.commands.progress import show_progress
from sim.commands.streams import say
from sim.commands.sweep import add_execution, conclude, execution_of, tell_what_is_kept

NAME = "resume"
MEANING = "go on with a sweep that was stopped, or add replicates"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("folder", metavar="FOLDER", type=Path, help="folder of the sweep")
    add("--study", metavar="STUDY", help="the study file as it is now")
    add("--replicates", metavar="N", type=whole_number(1, 1_000_000), help="more replicates")
    add("--retry-failed", action="store_true", help="try runs again that failed")
    add("--strict-code", action="store_true", help="refuse if mentorsim is another version")
    add_execution(parser)
    add_extensions(parser)
    add("--quiet", action="store_true", help="show no progress")


def call(options: argparse.Namespace) -> int:
    """Go on, and say how it ended."""
    from sim.experiments.sweeps.reading import load_study
    from sim.experiments.sweeps.store import open_folder
    from sim.experiments.sweeps.sweeping import resume

    load_extensions(options)
    study = None if options.study is None else load_study(options.study)
    if study is not None and options.replicates is not None:
        study = replace(study, replicates=options.replicates)
    given = (study or open_folder(options.folder).study).execution
    tell_what_is_kept(options.folder)
    with show_progress(quiet=options.quiet) as progress:
        folder, ending, warnings = resume(
            options.folder,
            study=study,
            replicates=options.replicates,
            execution=execution_of(options, given),
            retry_failed=options.retry_failed,
            strict_code=options.strict_code,
            progress=progress,
            command=shlex.join(["mentorsim", *sys.argv[1:]]),
        )
    for warning in warnings:
        say(warning)
    return conclude(folder, ending)
