"""Taking times: interleaved rounds, medians with their range, and what is printed of them."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sim.scenario import Scenario
from sim.simulation.plan import Plan, plans_of

WITHOUT, WITH = "No programme", "Reciprocal"


@dataclass(frozen=True, slots=True)
class Sample:
    """A figure measured some times."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def text(self, factor: float = 1.0, digits: int = 3) -> str:
        """Median with range, in significant digits."""
        low, high = min(self.values), max(self.values)
        shown = [f"{value * factor:.{digits}g}" for value in (self.median, low, high)]
        return f"{shown[0]} ({shown[1]} to {shown[2]})"

    def over(self, other: Sample) -> Sample:
        """Ratios round by round: both were measured in the same rounds."""
        return Sample(tuple(a / b for a, b in zip(self.values, other.values, strict=True)))


def interleaved(
    rounds: int, clock: Callable[[], float] = time.process_time, **tasks: Callable[[], Any]
) -> dict[str, Sample]:
    """Seconds of each task, the tasks taking turns so that a slow spell of the machine hits all.

    By default processor time of this process is measured, which other programs disturb less.
    """
    found: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            gc.collect()
            begun = clock()
            task()
            found[name].append(clock() - begun)
    return {name: Sample(tuple(values)) for name, values in found.items()}


def scenario_of(employees: int, months: int, seed: int = 20261122) -> Scenario:
    """The benchmark's scenario: no programme against reciprocal mentoring."""
    return Scenario(
        months=months,
        seed=seed,
        organisation={"employees": employees},
        variants=[
            {"name": WITHOUT, "programme.policy": "none"},
            {"name": WITH, "programme.policy": "reciprocal"},
        ],
    )


def plans(employees: int, months: int) -> tuple[Plan, Plan]:
    """Its two variants."""
    without, with_programme = plans_of(scenario_of(employees, months))
    return without, with_programme


@dataclass(slots=True)
class Report:
    """What is printed, and kept for ``--json``.

    Attributes
    ----------
    told
        What was printed: headings, and the lines of a page of documentation below each.
    unlike
        Baselines that were found not to compute the engine's model: ratios to them mean nothing.
    """

    figures: dict[str, Any] = field(default_factory=dict)
    machine: tuple[str, ...] = ()
    told: list[tuple[str, list[str]]] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)

    def page(self, command: str) -> str:
        """All that was printed, as a page of documentation with its date and machine."""
        lines = [
            "# Performance",
            "",
            f"Measured on {datetime.now(UTC).date().isoformat()} by `{command}`, which writes this page "
            "with `--page docs/performance.md`. Every ratio is taken against a baseline in the same run, "
            "the two taking turns; figures are medians with their range.",
            "",
            *(f"- {line}" for line in self.machine),
        ]
        if self.unlike:
            lines += ["", f"**Not valid: {self.complaint()}**"]
        for heading, told in self.told:
            lines += ["", f"## {heading}", "", *told]
        return "\n".join(lines) + "\n"

    def complaint(self) -> str:
        """What is wrong with the baselines."""
        return f"these baselines do not compute the engine's model: {'; '.join(self.unlike)}."

    def verdict(self) -> int:
        """The command's exit code: 1, and a complaint, where a baseline is another model than the engine."""
        if not self.unlike:
            return 0
        print(f"\nbenchmark: {self.complaint()}", file=sys.stderr, flush=True)
        return 1

    def title(self, text: str) -> None:
        """A heading."""
        self.told.append((text, []))
        print(f"\n{text}\n{'-' * len(text)}", flush=True)

    def line(self, name: str, text: str) -> None:
        """A named figure."""
        told = self.told[-1][1]
        if not told or not told[-1]:
            told += ["| figure | measured |", "|---|---|"]
        told.append(f"| {name.strip()} | {text} |")
        print(f"  {name:<58} {text}", flush=True)

    def keep(self, key: str, value: Sample | float) -> None:
        """Keep a figure without printing it."""
        self.figures[key] = list(value.values) if isinstance(value, Sample) else value

    def figure(
        self, key: str, name: str, sample: Sample, unit: str = "", factor: float = 1.0
    ) -> None:
        """Print and keep a measured figure."""
        self.keep(key, sample)
        self.line(name, f"{sample.text(factor)} {unit}".rstrip())

    def target(self, key: str, name: str, value: float, bound: float, at_least: bool) -> None:
        """Print and keep a figure that has a target."""
        met = value >= bound if at_least else value <= bound
        sign = "at least" if at_least else "at most"
        verdict = "met" if met else "MISSED"
        self.figures[key] = {"value": value, "target": bound, "met": met}
        self.line(name, f"{value:.3g}   target {sign} {bound:g}: {verdict}")

    def table(self, rows: list[Mapping[str, str]]) -> None:
        """Rows of text under headings."""
        if not rows:
            return
        widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in rows[0]}
        told = self.told[-1][1]
        told += [
            *([""] if told and told[-1] else []),
            f"| {' | '.join(rows[0])} |",
            "|---" * len(rows[0]) + "|",
            *(f"| {' | '.join(row.values())} |" for row in rows),
            "",
        ]
        for row in [{name: name for name in rows[0]}, *rows]:
            print("  " + "  ".join(row[name].rjust(width) for name, width in widths.items()))
