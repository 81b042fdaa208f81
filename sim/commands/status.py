"""Say how far a sweep is, from its journals; it may be running.

Exit codes: 0 complete; 3 something is missing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.sweep import INCOMPLETE, duration

NAME = "status"
MEANING = "say how far a sweep is"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="folder of the sweep")


def call(options: argparse.Namespace) -> int:
    """Print how far it is."""
    from sim.experiments.sweeps.store import open_folder
    from sim.experiments.sweeps.sweeping import standing

    folder = open_folder(options.folder)
    found = standing(folder)
    share = 100 * found.done // found.total if found.total else 100
    part, parts = folder.shard
    print(folder.study.title)
    print(
        f"  {found.done} of {found.total} runs are done ({share} %)"
        + (f", part {part} of {parts}" if parts > 1 else "")
    )
    for state, count in found.counts.items():
        print(f"  {state.replace('_', ' ')}: {count}")
    if found.torn:
        print(f"  lines that were torn off: {found.torn}; their runs are done again")
    for one in found.sessions:
        ended = one.get("ended")
        busy = found.busy and one is found.sessions[-1]
        how = f"to {ended}" if ended else "and is at work" if busy else "and ended without a word"
        print(f"  {one['host']}, from {one['started']} {how}, code {one['code']}")
    if found.missing:
        left = (found.total - found.done) * found.milliseconds / 1000.0
        first = ", ".join(
            f"point {point} {variant} replicate {replicate}"
            for point, variant, replicate in found.missing[:3]
        )
        if found.milliseconds:
            print(f"  left: about {duration(left)} of simulating for one process")
        print(f"  first missing: {first}")
    return 0 if found.complete else INCOMPLETE
