"""Read a scenario, check it, and show every setting with its origin, unit and allowed range.

A staff list (.csv, .txt, .xlsx) in its place is shown as mentorsim roster shows it.

The output is itself a scenario file. Of a roster it says how far its ages and years of service drift without a
programme, for which a few firms are simulated; otherwise nothing is.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.command import add_extensions, load_extensions

NAME = "check"
MEANING = "check a scenario and show every setting with its origin"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("scenario", metavar="SCENARIO", help="scenario file (TOML)")
    add_extensions(parser)


def call(options: argparse.Namespace) -> int:
    """Print the resolved scenario, or what is understood of a staff list."""
    if Path(options.scenario).suffix.casefold() in (".csv", ".txt", ".xlsx"):
        from sim.commands.roster import show_roster

        return show_roster(Path(options.scenario))
    from sim.scenario import load_scenario, show

    load_extensions(options)
    scenario = load_scenario(options.scenario)
    beside = []
    if scenario.roster is not None:
        from sim.simulation.drift import drift_of, drift_words

        beside.append(drift_words(drift_of(scenario)))
    print(show(scenario, beside), end="")
    return 0
