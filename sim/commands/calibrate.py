"""Fit the model's free parameters to published figures, and keep the sets that agree.

Writes ensemble.csv (the sets, for compare --ensemble), targets.csv (what is published and what is
simulated, target by target) and parameters.csv into results/calibration/, unless --output names another
folder. The package's own were made with: mentorsim calibrate --output sim/calibration/data --overwrite
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.command import whole_number
from sim.commands.progress import show_progress
from sim.commands.stopping import saved_first, settle, telling

NAME = "calibrate"
MEANING = "fit free parameters to published figures (minutes)"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add(
        "--sets",
        metavar="N",
        type=whole_number(1, 10_000),
        default=300,
        help="parameter sets wanted",
    )
    many = whole_number(10, 1_000_000)
    add("--draws", metavar="N", type=many, default=1_300, help="sets that each wave simulates")
    add("--waves", metavar="N", type=whole_number(1, 20), default=4, help="waves at most")
    add("--seed", metavar="N", type=whole_number(0, 2**32 - 1), default=1, help="decides the draws")
    add("--workers", metavar="N", type=whole_number(1, 1024), help="processes; default: all cores")
    add("--output", metavar="FOLDER", type=Path, help="where the results go")
    add("--overwrite", action="store_true", help="replace an earlier calibration in that folder")
    add(
        "--check",
        action="store_true",
        help="fit nothing: try the sets and the defaults again, on the model as it is now",
    )
    add("--quiet", action="store_true", help="show no progress")


def call(options: argparse.Namespace) -> int:
    """Calibrate, save, and print the table of targets."""
    from sim.calibration.calibrating import calibrate, save_calibration
    from sim.errors import InputError
    from sim.files import refuse_unfit

    folder = options.output or Path("results") / "calibration"
    if options.check:
        return _check(folder, options)
    if (folder / "ensemble.csv").exists() and not options.overwrite:
        remedy = "name another folder with --output, or replace it with --overwrite"
        raise InputError("there is a calibration already", remedy=remedy, file=folder)
    refuse_unfit(folder, 1_000 * options.sets + 50 * options.draws * options.waves)
    telling(lambda: _kept_waves(folder))
    with show_progress(quiet=options.quiet) as progress:
        found = calibrate(
            options.sets,
            options.draws,
            options.waves,
            options.seed,
            workers=options.workers,
            keep=folder,
            progress=progress,
        )
    with saved_first("saving first what was found. Once more, and it is not."):
        save_calibration(found, folder, overwrite=options.overwrite)
    settle()
    print(
        f"{len(found.fit.shares)} of {found.fit.tried:,} parameter sets agree with the targets.\n"
    )
    print(f"{'':<40}{'published':>20}{'defaults':>10}{'sets (90 %)':>20}  role")
    for row in found.targets.to_dict("records"):
        published = f"{row['published']:g} [{row['low']:g}, {row['high']:g}]"
        sets = f"{row['ensemble_low']:.3g} to {row['ensemble_high']:.3g}"
        miss = "" if row["central_agrees"] else " (defaults miss it)"
        print(
            f"{row['title']:<40}{published:>20}{row['central']:>10.3g}{sets:>20}  {row['role']}{miss}"
        )
    print(f"\nThe tables are in {folder}/")
    return 0


def _kept_waves(folder: Path) -> str | None:
    """What is said when it is stopped: whether it can go on from somewhere."""
    if not any(folder.glob(".wave_*[0-9].npz")):
        return None
    return f"stopped. Finished waves are kept in {folder}/: the same command goes on from there."


def _check(folder: Path, options: argparse.Namespace) -> int:
    """Try what a calibration left again, and print in how many sets each figure is still met."""
    from sim.calibration.checking import save_check

    with show_progress(quiet=options.quiet) as progress:
        table = save_check(folder, workers=options.workers, progress=progress)
    settle()
    print(f"{'':<40}{'published':>20}{'defaults':>10}{'sets (90 %)':>20}{'agree':>8}")
    for row in table.to_dict("records"):
        published = f"{row['published']:g} [{row['low']:g}, {row['high']:g}]"
        sets = f"{row['fresh_low']:.3g} to {row['fresh_high']:.3g}"
        share = f"{100 * row['fresh_agrees']:.0f} %"
        miss = "" if row["central_agrees"] else " (defaults miss it)"
        print(
            f"{row['title']:<40}{published:>20}{row['central']:>10.3g}{sets:>20}{share:>8}  {row['role']}{miss}"
        )
    print(
        f"\n{table['fresh_sets'].iloc[0]} sets agree with all fitted figures within chance. "
        f"The table is in {folder}/targets.csv"
    )
    return 0
