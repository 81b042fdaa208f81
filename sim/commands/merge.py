"""Put the parts of a sweep together that were run with --shard.

Exit codes: 0 complete; 3 something is missing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.sweep import INCOMPLETE

NAME = "merge"
MEANING = "put the parts of a sweep together"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("folders", metavar="FOLDER", type=Path, nargs="+", help="folders of the parts")
    add("--output", metavar="FOLDER", type=Path, required=True, help="where the whole goes")


def call(options: argparse.Namespace) -> int:
    """Merge, and say what is missing."""
    from sim.experiments.sweeps.sweeping import merge

    folder, found = merge(options.folders, options.output)
    print(f"{found.done} of {found.total} runs are there; the tables are in {folder.path}/")
    for point, variant, replicate in found.missing:
        print(f"  missing: point {point}, {variant}, replicate {replicate}")
    if found.total - found.done > len(found.missing):
        print(f"  and {found.total - found.done - len(found.missing)} more")
    return 0 if found.complete else INCOMPLETE
