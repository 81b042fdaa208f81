"""Run a study: every variant at every point of a design, as often as the study asks.

The study file (TOML) names a scenario, what varies (levers and uncertainties), and one or more designs.
Results go to results/<name of the study file>/, unless --output names another folder. Ctrl-C or a signal to
end finishes what is running and keeps it; whatever happens, mentorsim resume goes on from there.

Exit codes: 0 complete; 3 some runs have no result; 2 the study cannot be used; 130 or 143 stopped.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.command import add_extensions, load_extensions, whole_number
from sim.commands.progress import show_progress
from sim.commands.stopping import telling
from sim.commands.streams import say

if TYPE_CHECKING:
    from sim.experiments.sweeps.forecast import Forecast
    from sim.experiments.sweeps.runner import Ending
    from sim.experiments.sweeps.store import SweepFolder
    from sim.experiments.sweeps.study import Execution, Study

NAME = "sweep"
MEANING = "run a study: variants × points × replicates"

INCOMPLETE = 3
"""Exit code where some runs have no result."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("study", metavar="STUDY", help="study file (TOML)")
    add("--output", metavar="FOLDER", type=Path, help="where the results go")
    add(
        "--dry-run", action="store_true", help="say what it would take, and run nothing but a pilot"
    )
    add("--shard", metavar="I/N", type=shard, default=(1, 1), help="run one of N parts; see merge")
    add_execution(parser)
    add_extensions(parser)
    add("--quiet", action="store_true", help="show no progress")


def add_execution(parser: argparse.ArgumentParser) -> None:
    """Declare how it is run; this never changes a result."""
    add = parser.add_argument
    add("--workers", metavar="N", type=whole_number(1, 1024), help="processes; default: all cores")
    add(
        "--engine",
        metavar="ENGINE",
        help='"local" (processes here), "here" (this process), or "dask:" with the address of a '
        "scheduler or a scheduler file",
    )
    add("--timeout", metavar="SECONDS", type=seconds, help="give a run up after that long")


def seconds(text: str) -> float:
    """Read a number of seconds above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.001 <= number <= 1e7:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return number


def shard(text: str) -> tuple[int, int]:
    """Read "2/8": which part of how many."""
    part, _, parts = text.partition("/")
    if part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts) <= 100_000:
        return int(part), int(parts)
    raise argparse.ArgumentTypeError(f"{text!r} is no part; write 1/4 to 4/4 for four parts")


def call(options: argparse.Namespace) -> int:
    """Run it, and say how it ended."""
    from sim.experiments.sweeps.reading import load_study

    load_extensions(options)
    study = load_study(options.study)
    if options.dry_run:
        from sim.experiments.sweeps.forecast import forecast

        print("\n".join(_told(study, forecast(study, options.workers))))
        return 0
    from sim.experiments.sweeps.sweeping import begin

    output = options.output or _default_folder(options)
    tell_what_is_kept(output)
    with show_progress(quiet=options.quiet) as progress:
        folder, ending = begin(
            study,
            output,
            as_written=Path(options.study).read_text(encoding="utf-8-sig"),
            shard=options.shard,
            execution=execution_of(options, study.execution),
            progress=progress,
            command=shlex.join(["mentorsim", *sys.argv[1:]]),
        )
    return conclude(folder, ending)


def tell_what_is_kept(folder: Path) -> None:
    """Should somebody ask twice to stop, it is said that a sweep that has begun loses nothing."""

    def word() -> str | None:
        if not (folder / "study.json").is_file():
            return None
        again = f"mentorsim resume {shlex.quote(str(folder))}"
        return f"stopped at once; what was finished is kept. Go on with: {again}"

    telling(word)


def _default_folder(options: argparse.Namespace) -> Path:
    name = Path(options.study).stem
    part, parts = options.shard
    return Path("results") / (name if parts == 1 else f"{name}-{part}-of-{parts}")


def execution_of(options: argparse.Namespace, given: Execution) -> Execution:
    """How to run it: as the study says, but for what was asked for.

    Raises
    ------
    InputError
        For an engine that does not exist.
    """
    from dataclasses import replace

    from sim.experiments.sweeps.problems import Problems
    from sim.experiments.sweeps.reading import read_execution

    problems = Problems()
    asked = {"engine": options.engine} if options.engine else {}
    engine = read_execution(asked, problems).engine if asked else given.engine
    problems.raise_if_any()
    return replace(
        given,
        workers=options.workers or given.workers,
        engine=engine,
        timeout_seconds=options.timeout or given.timeout_seconds,
    )


def conclude(folder: SweepFolder, ending: Ending) -> int:
    """Say how a session ended; returns the exit code."""
    where = folder.path
    print(f"{ending.done} of {ending.total} runs are done; the tables are in {where}/")
    if ending.attempts:
        told = f"{ending.attempts} runs were handed out again after a process had died"
        print(f"{told}; nothing is missing because of it")
    lost = {
        "failed": ending.failed,
        "took too long": ending.timed_out,
        "killed their process": ending.worker_died,
    }
    told = ", ".join(f"{count} {what}" for what, count in lost.items() if count)
    if told:
        print(f"without a result: {told}; see {where / 'failures.csv'}")
    _tell_precision(folder)
    if ending.stopped_by is not None:
        say(f"stopped; go on with: mentorsim resume {shlex.quote(str(where))}")
        return 128 + ending.stopped_by
    return 0 if ending.complete else INCOMPLETE


def _tell_precision(folder: SweepFolder) -> None:
    """The precision that was reached, always."""
    from sim.analysis.precision import precision_lines
    from sim.analysis.results import load_results

    for line in precision_lines(load_results(folder.path)):
        print(line)


def _told(study: Study, found: Forecast) -> list[str]:
    """What a sweep would take, in lines."""
    shape = " × ".join(
        f"{count} {noun}{'' if count == 1 else 's'}"
        for count, noun in (
            (found.points, "point"),
            (found.variants, "variant"),
            (found.replicates, "replicate"),
        )
    )
    lines = [
        study.title,
        f"  {shape} = {found.rows} rows",
        f"  {found.simulated} runs to simulate: what is equal is simulated once",
    ]
    if study.stopping.rule != "fixed":
        lines.append(
            f"  more replicates where the stopping rule ({study.stopping.rule}) asks for them"
        )
    lines += [
        f"  a run took {found.milliseconds:.1f} ms in a pilot of {found.pilots}",
        f"  about {duration(found.seconds)} with {found.workers} processes",
        f"  about {found.journal_bytes * 4 / 3 / 1e6:.1f} MB on the disk",
    ]
    return lines


def duration(seconds: float) -> str:
    """A length of time as one says it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
