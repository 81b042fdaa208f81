"""Write the report page from saved results: one HTML file that needs nothing else.

By default it is report.html in the folder of results.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from sim.commands.streams import say

NAME = "report"
MEANING = "write the report page from saved results"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("folder", metavar="FOLDER", type=Path, help="folder of results that compare wrote")
    add("--output", metavar="FILE", type=Path, help="default: report.html in FOLDER")
    add("--overwrite", action="store_true", help="replace FILE if it exists")


def call(options: argparse.Namespace) -> int:
    """Read the results and write the page."""
    from sim.experiments.loading import load_comparison
    from sim.experiments.saving import put_in_order

    with suppress(OSError):  # the folder in which this was started is gone
        for done in put_in_order(options.folder.resolve()):
            say(done)
    comparison = load_comparison(options.folder)
    file = options.output or options.folder / "report.html"
    comparison.report(file, overwrite=options.overwrite)
    print(f"Wrote {file}")
    return 0
