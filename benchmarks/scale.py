"""Sweeps, a million people, the main job, and pairing by the model's own score."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from measuring import Report, Sample, interleaved, plans

from sim.engine import columns
from sim.experiments.tasks import Job, Results, simulate_task
from sim.programme.assignment import assign
from sim.programme.candidates import SeenSkills
from sim.programme.matching import BLOCK, score_pairs
from sim.simulation.simulation import Simulation

ROOT = Path(__file__).resolve().parents[1]
MAIN_JOB = ROOT / "scenarios" / "pairing_policies.toml"
NOBODY = np.empty((0, 2), dtype=np.int64)

MILLION = """
import json, sys, time
from costs import memory
from measuring import scenario_of
from sim.simulation.plan import plans_of
from sim.simulation.simulation import Simulation
employees, months, which = (int(word) for word in sys.argv[1:])
scenario = scenario_of(employees, months).with_settings({"*: programme.start_month": 0})
before, begun = memory(), time.perf_counter()
world = Simulation(plans_of(scenario)[which], 1, 0)
settled = time.perf_counter()
world.run()
ended = time.perf_counter()
print(json.dumps({"setting up": settled - begun, "months": ended - settled, "megabytes": memory() - before}))
"""


def runs_per_second(report: Report, rounds: int) -> None:
    """(g) How many simulated firms a second and core, with everything that a sweep needs of each."""
    report.title("(g) Runs a second and core: 36 months, a pair's mean, outcomes included")
    for employees, replicates in ((50, 40), (200, 20), (500, 10)):
        both = plans(employees, 36)

        def sweep(both: Any = both, replicates: int = replicates) -> None:
            job, results = Job(both, 1, people=False, dyads=False), Results(both, replicates)
            for task in range(2 * replicates):
                variant, replicate = job.place(task)
                results.put(variant, replicate, simulate_task(job, task))
            results.finish()

        sweep()
        taken = interleaved(rounds, sweep=sweep)["sweep"]
        rate = Sample(tuple(2 * replicates / seconds for seconds in taken.values))
        name = f"{employees} employees"
        if employees == 200:
            report.target(f"runs.{employees}", name, rate.median, 300.0, True)
        else:
            report.figure(f"runs.{employees}", name, rate)


def a_million(report: Report, employees: int, months: int) -> None:
    """(h) The largest firm, without and with a programme, each in a process of its own."""
    report.title(
        f"(h) {employees:,} employees, {months} months, without and with reciprocal mentoring"
    )
    bounds = (100.0, 200.0) if (employees, months) == (1_000_000, 120) else (None, None)
    for which, name, bound in ((0, "without", bounds[0]), (1, "with", bounds[1])):
        found = json.loads(_program(MILLION, employees, months, which))
        seconds = found["setting up"] + found["months"]
        if bound is None:
            report.keep(f"million.{name}", seconds)
            report.line(f"{name}: seconds in all", f"{seconds:.1f}")
        else:
            report.target(f"million.{name}", f"{name}: seconds in all", seconds, bound, False)
        report.line("    setting the firm up", f"{found['setting up']:.1f} s")
        each = 1e9 * found["months"] / employees / months
        report.line("    months, an employee-month", f"{found['months']:.1f} s, {each:.0f} ns")
        report.target(f"million.{name}.gigabytes", "    memory, gigabytes",
                      found["megabytes"] / 1024.0, 3.0, False)  # fmt: skip


def _program(program: str, *arguments: Any, **environment: str) -> str:
    """What a small program prints, run in a process of its own beside this file."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=os.path.dirname(os.path.abspath(__file__)),
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        text=True,
    )
    return done.stdout


def main_job(report: Report) -> None:
    """(i) What a planner waits for: the main job from the command line, the very first time and after."""
    report.title("(i) The main job (mentorsim compare), by the clock on the wall")
    with tempfile.TemporaryDirectory() as folder:
        for key, name, bound in (
            ("cold", "the very first time, with nothing compiled", 32.0),
            ("warm", "once compiled", 11.0),
        ):
            begun = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "sim", "compare", str(MAIN_JOB), "--output",
                 str(Path(folder) / key)],
                cwd=ROOT,
                env={**os.environ, "MENTORSIM_CACHE": str(Path(folder) / "compiled")},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )  # fmt: skip
            seconds = time.perf_counter() - begun
            report.target(f"main_job.{key}", f"{name}, seconds", seconds, bound, False)


def pairing(report: Report, sizes: Sequence[int]) -> None:
    """(j) Pairing by the model's own score: all at once against blocks, as large cohorts are paired."""
    report.title(
        "(j) Pairing as many mentees as mentors, by the usable gap of the model's own people"
    )
    for size in sizes:
        simulation = Simulation(plans(4 * size, 12)[1], 1, 0).run(6)
        now, programme = simulation.moment(), simulation.programme
        rng = np.random.default_rng(1)
        here = rng.permutation(np.flatnonzero(now.state.whole[columns.ACTIVE] == 1))
        mentees, mentors = here[:size], here[size : 2 * size]
        policy, skills = programme.policies[0], SeenSkills(now)

        def paired(rows: Any, others: Any, given: Any = (now, policy, skills, programme)) -> float:
            now, policy, skills, programme = given
            table = programme.candidates(now, policy, skills, np.sort(rows), np.sort(others))
            scores = score_pairs(table, policy, NOBODY)
            found = assign("optimal", scores, np.full(len(others), 1), np.zeros(len(rows)))
            chosen = np.flatnonzero(found >= 0)
            return float(scores[chosen, found[chosen]].sum())

        begun = time.process_time()
        blocks = size // BLOCK
        parts = sum(paired(mentees[b::blocks], mentors[b::blocks]) for b in range(blocks))
        middle = time.process_time()
        whole = paired(mentees, mentors)
        ended = time.process_time()
        report.keep(f"pairing.{size}.share", parts / whole)
        report.keep(f"pairing.{size}.seconds", ended - middle)
        report.line(f"{size:,} a side, all at once", f"{ended - middle:.2f} s")
        report.line(f"    in blocks of {BLOCK}",
                    f"{middle - begun:.2f} s, {100 * parts / whole:.2f} % of the greatest sum")  # fmt: skip
