"""Measure the pairing of many: how near to the optimum, how long, how much memory.

    python benchmarks/pairing_at_scale.py [--quick | --full] [--json FILE]

The people are made up: eight skills, six of which seniors are strong in and two juniors, profiles by
department, and a third of all pairs allowed (not with one's manager or the manager's manager, nor
another site unless both can work remotely). One such company for each size: shares of the
optimum are indicative, times hold for the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import time
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402
from measuring import Report  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from sim.programme import large_assignment as large  # noqa: E402
from sim.programme.assignment import assign  # noqa: E402


class Company:
    """People who could be paired, as many mentors as mentees."""

    def __init__(self, size: int, seed: int = 20261122) -> None:
        rng = np.random.default_rng(seed)
        seniority = rng.random((2, size))
        profiles = rng.normal(0.0, 0.12, (10, 8))
        self.department = rng.integers(0, 10, (2, size))
        slope = np.where(np.arange(8) < 6, 0.4, -0.4)
        skills = 0.5 + (seniority - 0.5)[..., np.newaxis] * slope + profiles[self.department]
        self.skills = np.clip(skills + rng.normal(0.0, 0.12, skills.shape), 0.0, 1.0)
        goals = rng.random((2, size, 8)) ** 3
        self.goals = goals / goals.sum(axis=2, keepdims=True)
        self.site = rng.integers(0, 5, (2, size))
        self.remote = rng.random((2, size)) < 0.4
        self.manager = rng.integers(0, size, (2, size))

    def scores(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float64]:
        """Scores of these mentees with these mentors; negative where forbidden."""
        block = np.zeros((len(rows), len(columns)))
        for skill in range(8):
            gap = self.skills[1, columns, skill] - self.skills[0, rows, skill][:, np.newaxis]
            gains = np.maximum(gap, 0.0)
            block += gains * self.goals[0, rows, skill][:, np.newaxis]
            gains -= gap
            block += gains * (0.5 * self.goals[1, columns, skill])
        block += 0.03 * (self.department[0, rows][:, np.newaxis] != self.department[1, columns])
        apart = self.site[0, rows][:, np.newaxis] != self.site[1, columns]
        apart &= ~(self.remote[0, rows][:, np.newaxis] & self.remote[1, columns])
        for level in self.manager[:, rows]:
            apart |= level[:, np.newaxis] == columns
        block[apart] = -1.0
        return block

    def sum_of(self, found: NDArray[np.intp]) -> float:
        """Sum of the scores of the pairs."""
        paired = np.flatnonzero(found >= 0)
        parts = np.array_split(paired, max(1, len(paired) // 256))
        return float(sum(np.diagonal(self.scores(rows, found[rows])).sum() for rows in parts))


def main() -> None:
    """Measure and print; with ``--json`` also write the figures down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="2,000 a side only, seconds")
    how.add_argument(
        "--full", action="store_true", help="the exact optimum at 10,000 as well: minutes, 4 GB"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    given = parser.parse_args()
    report = Report()
    _describe(report)
    exact_at(report, 2_000)
    if not given.quick:
        bounded_at(report, 10_000, 98.0)
        alone_at(report, 100_000, 60.0)
    if given.full:
        # Last, because its memory would hide that of the others.
        exact_at(report, 10_000)
    if given.json is not None:
        given.json.write_text(json.dumps(report.figures, indent=2) + "\n")


def exact_at(report: Report, size: int) -> None:
    """Every assignment, and the large ones, against the exact optimum of the whole table."""
    company = Company(size)
    every, one = np.arange(size), np.ones(size, dtype=np.int64)
    table, lots = company.scores(every, every), np.random.default_rng(1).random((size, size))
    names = ("optimal", "protective", "stable", "greedy", "first_come", "random")
    if size > 2_000:
        names = ("optimal", "greedy", "first_come", "random")
    report.title(
        f"{size:,} a side, {np.mean(table >= 0):.0%} of pairs allowed, against the optimum"
    )
    rows, best = [], 0.0
    for name in names:
        begun = time.process_time()
        found = assign(name, table, one, lots[0], lots=lots)
        seconds = time.process_time() - begun
        best = best or company.sum_of(found)
        rows.append(_row(report, f"{size} {name}", name, company, found, best, seconds))
    for sample, candidates in ((0, 20), (0, 50), (1_000, 20)):
        rows.append(_large(report, company, size, sample, candidates, best))
    report.table(rows)


def bounded_at(report: Report, size: int, target: float) -> None:
    """The large assignments against what no assignment can exceed."""
    company = Company(size)
    bound = upper_bound(company, size)
    report.title(f"{size:,} a side, against an upper bound of the optimum (which is less)")
    rows = [
        _large(report, company, size, sample, candidates, bound)
        for sample, candidates in ((0, 20), (0, 50), (1_000, 20))
    ]
    report.table(rows)
    share = report.figures[f"{size} all, 20 candidates"]["share"]
    report.target(
        f"{size} share", "% of the bound with 20 candidates", share, target, at_least=True
    )


def alone_at(report: Report, size: int, target: float) -> None:
    """Time and memory where the whole table would not fit; what is optimal is not known."""
    report.title(f"{size:,} a side")
    company = Company(size)
    begun, cpu = time.perf_counter(), time.process_time()
    found, notes = large.assign_large(company.scores, size, np.ones(size, dtype=np.int64))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    for note in notes:
        print(f"  {note}")
    rng = np.random.default_rng(2)
    chance = company.scores(rng.integers(0, size, 2_000), rng.integers(0, size, 2_000))
    report.line("matched", f"{np.mean(found >= 0):.2%}")
    report.line("mean score of the pairs", f"{company.sum_of(found) / np.sum(found >= 0):.3f}")
    report.line("mean score of allowed pairs by chance", f"{chance[chance >= 0].mean():.3f}")
    report.line("seconds of processor time", f"{cpu:.1f}")
    report.keep(f"{size} processor seconds", cpu)
    report.target(f"{size} seconds", "seconds", seconds, target, at_least=False)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    report.keep(f"{size} memory", memory)
    report.line("peak memory, this size and those before", f"{memory:.0f} MiB")


def upper_bound(company: Company, size: int) -> float:
    """What the sum of scores cannot exceed, whoever is paired (linear programming duality).

    Any prices, not below 0, give a bound: the sum of the prices, and of what each mentee has at most
    when paying them. The prices here are those at which the best assignment on lists of 100 is the best,
    or the large assignment's own where those are higher.
    """
    one = np.ones(size, dtype=np.int64)
    prices = large._prices(company.scores, size, one)
    arcs = large._candidates(company.scores, large._everybody(size, size), prices, 100, size)
    found = large._flow(arcs, size, one, True)
    if found is None:
        raise SystemExit("the bound needs OR-tools: pip install mentorsim[large]")
    mentees, mentors, scores = arcs
    has = np.zeros(size)
    taken = found[mentees] == mentors
    has[mentees[taken]] = scores[taken]
    by_mentor = np.argsort(mentors, kind="stable")
    mentees, scores = mentees[by_mentor], scores[by_mentor]
    wanted, first = np.unique(mentors[by_mentor], return_index=True)
    lowest = np.zeros(size)
    for _ in range(1_000):
        offer = scores - np.where(found >= 0, has - lowest[found], 0.0)[mentees]
        risen = np.maximum(np.maximum.reduceat(offer, first), lowest[wanted])
        if np.max(risen - lowest[wanted]) < 1e-7:
            break
        lowest[wanted] = risen
    bounds = [_bound(company, size, each) for each in (lowest, np.maximum(lowest, prices), prices)]
    return min(bounds)


def _bound(company: Company, size: int, prices: NDArray[np.float64]) -> float:
    total, every = float(prices.sum()), np.arange(size)
    for rows in np.array_split(every, max(1, size // 200)):
        best = (company.scores(rows, every) - prices).max(axis=1)
        total += float(np.maximum(best, 0.0).sum())
    return total


def _large(
    report: Report, company: Company, size: int, sample: int, candidates: int, best: float
) -> dict[str, str]:
    begun = time.process_time()
    found, _ = large.assign_large(
        company.scores, size, np.ones(size, dtype=np.int64), candidates=candidates, sample=sample
    )
    seconds = time.process_time() - begun
    name = f"{sample or 'all'}, {candidates} candidates"
    return _row(report, f"{size} {name}", f"large: {name}", company, found, best, seconds)


def _row(
    report: Report,
    key: str,
    name: str,
    company: Company,
    found: NDArray[np.intp],
    best: float,
    seconds: float,
) -> dict[str, str]:
    share, matched = 100 * company.sum_of(found) / best, 100 * float(np.mean(found >= 0))
    report.figures[key] = {"share": share, "matched": matched, "seconds": seconds}
    return {
        "assignment": name,
        "% of the best sum": f"{share:.2f}",
        "% matched": f"{matched:.2f}",
        "processor s": f"{seconds:.2f}",
    }


def _describe(report: Report) -> None:
    """What it was measured on."""
    names = ("mentorsim", "numpy", "scipy") + (("ortools",) if large.has_solver() else ())
    versions = {name: version(name) for name in names} | {"python": platform.python_version()}
    report.figures["versions"] = versions
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    print(f"{platform.machine()}, {processors} processors, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
