"""Repeat published studies on simulated firms, and lay what they find beside the published figures.

The table tells which figures parameters were fitted to: agreement there validates nothing. Misses are listed
with the reason, where one is known. A study of one's own is added with --extension (docs/studies.md).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.command import add_extensions, load_extensions, whole_number
from sim.commands.progress import show_progress
from sim.errors import InputError
from sim.files import refuse_unfit

if TYPE_CHECKING:
    from sim.experiments.validation import Found, Validation

NAME = "validate"
MEANING = "repeat published studies on simulated firms"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("--replicates", metavar="N", type=whole_number(1, 100_000), default=20,
        help="how often each study is repeated (default: 20)")  # fmt: skip
    add("--study", metavar="NAME", dest="studies", action="append",
        help="only this study (may be repeated)")  # fmt: skip
    add("--seed", metavar="N", type=whole_number(0, 2**63 - 1), help="another master seed")
    add("--workers", metavar="N", type=whole_number(1, 1024), help="threads; default: all cores")
    add("--output", metavar="FOLDER", type=Path, default=Path("results/validation"),
        help="where the table and the figure go (default: results/validation)")  # fmt: skip
    add("--overwrite", action="store_true", help="replace earlier ones in that folder")
    add_extensions(parser)
    add("--quiet", action="store_true", help="show no progress")


def call(options: argparse.Namespace) -> int:
    """Carry the studies out, save, and print the table."""
    from sim.experiments.validation import SEED, validate
    from sim.report.studies import FILES, save_validation

    load_extensions(options)
    if not options.overwrite and any((options.output / name).exists() for name in FILES):
        remedy = "name another folder, or replace them with --overwrite"
        raise InputError("there is a validation already", remedy=remedy, file=options.output)
    refuse_unfit(options.output)
    with show_progress(quiet=options.quiet) as progress:
        validation = validate(
            options.studies,
            replicates=options.replicates,
            seed=SEED if options.seed is None else options.seed,
            workers=options.workers,
            progress=progress,
        )
    save_validation(validation, options.output, overwrite=options.overwrite)
    print(_written(validation))
    print(f"\nThe table and the figure are in {options.output}/")
    return 0


def _written(validation: Validation) -> str:
    """The table as text, then the misses with their reasons."""
    rows = [("study", "published", "simulated [95 %]", "agrees?", "used for fitting?")]
    for one in validation.found:
        study, (low, high) = one.study, one.range
        rows.append(
            (
                f"{study.title} ({study.unit})",
                f"{_published(study.published, study.low, study.high)} ({study.source}, {study.mark})",
                f"{one.median:.3g} [{low:.3g}, {high:.3g}]",
                _verdict(one),
                "yes" if one.used_for_fitting else "no",
            )
        )
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    missed = [one for one in validation.found if not one.agrees]
    lines += ["", f"{len(validation.found) - len(missed)} of {len(validation.found)} agree."]
    for one in missed:
        why = one.study.misses or "No reason is known."
        lines.append(f"  misses {one.study.title}: {why}")
    return "\n".join(lines)


def _verdict(one: Found) -> str:
    """Whether it agrees; of a direction, in how many repetitions it was seen: those show its power."""
    if not one.study.direction:
        return "yes" if one.agrees else "no"
    seen = f"in {100.0 * one.seen_in:.0f} of 100 repetitions"
    if not one.agrees:
        return f"no: direction {seen}"
    weak = ", which proves little" if one.seen_in < _TELLING else ""
    return f"direction seen {seen}{weak}"


_TELLING = 0.8
"""Share of repetitions from which a study of a direction says something."""


def _published(value: float, low: float, high: float) -> str:
    if value == value:
        return f"{value:g}"
    return f"above {low:g}" if high == float("inf") else f"{low:g} to {high:g}"
