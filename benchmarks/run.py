"""Measure mentorsim against idiomatic Mesa, against a hand-fused kernel, and against itself.

    python benchmarks/run.py [--quick | --full] [--only LETTER ...] [--json FILE] [--page FILE]

Every ratio is taken against a baseline measured in the same run, the two taking turns.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from comparisons import check_same_model, compare_answers, compare_speed  # noqa: E402
from costs import against_floor, against_neutral, by_size, compile_apart, on_two_threads  # noqa: E402
from measuring import Report, plans  # noqa: E402
from scale import a_million, main_job, pairing, runs_per_second  # noqa: E402

from sim.simulation.warming import warm_up  # noqa: E402


@dataclass(frozen=True)
class Effort:
    """How much is measured.

    Attributes
    ----------
    worlds
        Replicates of the engine at a time in (a).
    rounds
        Times that each figure is taken.
    check
        Worlds of idiomatic Mesa for the check that it is the same model.
    pairs, paired_worlds
        Pairs of worlds of Mesa and of the engine for the spread of differences.
    largest
        Most employees.
    thread_worlds
        Worlds simulated in (f).
    million, million_months
        Employees and months of the largest firm in (h).
    sides
        Mentees, and mentors, in (j).
    """

    worlds: int
    rounds: int
    check: int
    pairs: int
    paired_worlds: int
    largest: int
    thread_worlds: int
    million: int
    million_months: int
    sides: tuple[int, ...]


QUICK = Effort(4, 1, 3, 3, 20, 20_000, 8, 20_000, 12, (1_000,))
DEFAULT = Effort(20, 3, 20, 12, 150, 200_000, 40, 1_000_000, 12, (1_000, 2_000))
FULL = replace(DEFAULT, million_months=120, sides=(1_000, 2_000, 4_000))


def main() -> None:
    """Measure and print; with ``--json`` also write the figures down. Exits with 1 if a baseline is no baseline."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="a try-out, under a minute")
    how.add_argument(
        "--full", action="store_true", help="120 months of a million people: five minutes more"
    )
    parser.add_argument(
        "--only", nargs="+", choices=[*_parts(Report(), DEFAULT)], metavar="LETTER",
        help="only these parts: same, a, compilation, b, neutral, c (with d), e to j",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write a page of the results")
    given = parser.parse_args()
    effort = QUICK if given.quick else FULL if given.full else DEFAULT
    begun, report = time.perf_counter(), Report()
    _describe(report)
    warm_up()
    for name, part in _parts(report, effort).items():
        left_out = given.quick and name in ("compilation", "i")
        if name in given.only if given.only else not left_out:
            part()
    seconds = time.perf_counter() - begun
    report.keep("seconds", seconds)
    print(f"\n{seconds:.0f} seconds in all.")
    if given.json is not None:
        given.json.write_text(json.dumps(report.figures, indent=2) + "\n")
    if given.page is not None and not given.only:  # a page is of one whole run
        how_long = "--quick" if given.quick else "--full" if given.full else ""
        given.page.write_text(report.page(f"python benchmarks/run.py {how_long}".strip()))
    raise SystemExit(report.verdict())


def _parts(report: Report, effort: Effort) -> dict[str, Callable[[], None]]:
    """What is measured, in its order, by the letter of its heading."""

    def same() -> None:
        _, plan = plans(200, 36)
        check_same_model(report, plan, plan, effort.check)

    return {
        "same": same,
        "a": lambda: compare_speed(report, effort.worlds, effort.rounds),
        "compilation": lambda: compile_apart(report),
        "b": lambda: against_floor(report, 2 * effort.rounds),
        "neutral": lambda: against_neutral(report, 2 * effort.rounds),
        "c": lambda: compare_answers(report, effort.pairs, effort.paired_worlds, effort.rounds),
        "e": lambda: by_size(report, 2 * effort.rounds, effort.largest),
        "f": lambda: on_two_threads(report, effort.thread_worlds, effort.rounds),
        "g": lambda: runs_per_second(report, effort.rounds),
        "j": lambda: pairing(report, effort.sides),
        "h": lambda: a_million(report, effort.million, effort.million_months),
        "i": lambda: main_job(report),
    }


class _Plain(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Help that keeps the line breaks of the description."""


def _describe(report: Report) -> None:
    """What it was measured on."""
    names = ("mentorsim", "mesa", "numba", "numpy", "scipy")
    versions = {name: version(name) for name in names} | {"python": platform.python_version()}
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    report.figures["versions"], report.figures["processors"] = versions, processors
    report.machine = (
        ", ".join(f"{name} {number}" for name, number in versions.items()),
        f"{_processor()}, {processors} processors, load {os.getloadavg()[0]:.1f} at the beginning"
        if hasattr(os, "getloadavg")
        else f"{_processor()}, {processors} processors",
    )
    print("\n".join(report.machine))


def _processor() -> str:
    """The processor's name where the system tells it."""
    described = Path("/proc/cpuinfo")
    if described.is_file():
        for line in described.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
