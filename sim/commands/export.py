"""Write a sweep for other tools.

Forms:
  csv        runs.csv and points.csv
  netcdf     labelled arrays for xarray (sweep.nc)
  ema        experiments and outcomes for EMA Workbench
  salib      problem, points and results for SALib
  ro-crate   study, tables, analyses and ODD, for a repository of models (sweep.crate.zip)
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.command import add_extensions, load_extensions
from sim.files import refuse_unfit

NAME = "export"
MEANING = "write a sweep for other tools"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("folder", metavar="FOLDER", type=Path, help="folder of the sweep")
    add(
        "form",
        metavar="FORM",
        choices=("csv", "netcdf", "ema", "salib", "ro-crate"),
        help="see above",
    )
    add("--output", metavar="FOLDER", type=Path, help="default: export in the folder of the sweep")
    add("--overwrite", action="store_true", help="replace what was exported before")
    add_extensions(parser)


def call(options: argparse.Namespace) -> int:
    """Write it, and say where."""
    from sim.analysis.exporting import write_safely
    from sim.analysis.results import load_results

    load_extensions(options)
    results = load_results(options.folder)
    odd = ""
    if options.form == "ro-crate":
        from sim.documentation import description_of_study

        odd = description_of_study(results.study)
    output = options.output or options.folder / "export"
    rows, columns = results.runs.shape
    refuse_unfit(output, 50_000 + 2 * rows * columns)
    for path in write_safely(results, options.form, output, odd, overwrite=options.overwrite):
        print(f"Wrote {path}")
    return 0
