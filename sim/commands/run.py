"""Simulate one firm under one variant, beside the same firm under the baseline.

One firm shows how a scenario plays out, not what a programme does: chance is not told apart from
effect. For differences with intervals, use compare.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.commands.command import add_extensions, load_extensions, whole_number

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

NAME = "run"
MEANING = "simulate one firm under one variant"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("scenario", metavar="SCENARIO", help="scenario file (TOML)")
    add("--variant", metavar="NAME", help="default: the first that is not the baseline")
    number = whole_number(0, 999_999)
    add("--replicate", metavar="N", type=number, default=0, help="which firm, from 0")
    add_extensions(parser)


def call(options: argparse.Namespace) -> int:
    """Simulate, and print every outcome."""
    from sim.scenario import load_scenario

    load_extensions(options)
    scenario = load_scenario(options.scenario)
    name = scenario.variant(options.variant).name

    from sim.experiments.compare import run

    outcomes = run(scenario, name, options.replicate).outcomes
    baseline = None
    if name != scenario.baseline:
        baseline = run(scenario, scenario.baseline, options.replicate).outcomes
    print("\n".join(_lines(scenario, name, options.replicate, outcomes, baseline)))
    return 0


def _lines(
    scenario: Scenario, name: str, replicate: int, outcomes: pd.Series, baseline: pd.Series | None
) -> Iterator[str]:
    """A table of all outcomes: under the variant and, if it is another, under the baseline."""
    from sim.outcomes.declared import OUTCOMES
    from sim.report.wording import clipped, unsigned

    yield scenario.title
    yield ""
    yield (
        f"One simulated firm (replicate {replicate}) over {scenario.months} months. One firm cannot "
        "tell an effect\nfrom chance: for differences with intervals, use mentorsim compare."
    )
    yield ""
    columns = [(clipped(name, 20), outcomes)]
    if baseline is not None:
        columns.append((clipped(scenario.baseline, 20), baseline))
    widths = [max(14, len(head)) for head, _ in columns]
    heads = [f"{head:>{width}}" for (head, _), width in zip(columns, widths, strict=True)]
    yield "  ".join([f"{'':<34}", *heads])
    for outcome in OUTCOMES:
        values = [float(table[outcome.name]) for _, table in columns]
        decimals = _decimals(max(abs(value) for value in values))
        cells = [
            f"{unsigned(value, decimals):>{width}}"
            for value, width in zip(values, widths, strict=True)
        ]
        yield "  ".join([f"{outcome.title:<34}", *cells, outcome.unit])


def _decimals(size: float) -> int:
    """Four figures, at least."""
    return 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 10 else 4
