"""Measure what a sweep costs beside simulating, and what a second process brings.

    python benchmarks/sweeps.py [--runs 100000] [--rounds 3] [--quick]

Processor time is told beside the time on the clock, which other programs disturb; two processes are
measured beside a control, two independent sweeps of one process each at the same time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def started(runs: int, workers: int, employees: int, months: int) -> subprocess.Popen[str]:
    """Begin a sweep in a process of its own."""
    words = [
        sys.executable,
        str(HERE / "sweeping.py"),
        *map(str, (runs, workers, employees, months)),
    ]
    path = os.pathsep.join([str(HERE.parent), str(HERE), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)


def ended(sweep: subprocess.Popen[str]) -> dict[str, Any]:
    """What it says of itself."""
    told, _ = sweep.communicate()
    if sweep.returncode:
        raise SystemExit(f"a sweep ended with {sweep.returncode}")
    return dict(json.loads(told.splitlines()[-1]))


def parts_of(found: dict[str, Any]) -> None:
    """Print where the processor time went."""
    whole = found["driver"] + found["workers"]
    simulating = found["living"] + found["outcomes"]
    beside = whole - simulating
    rows = {
        "simulating: months, plans, firms": found["living"],
        "simulating: outcomes": found["outcomes"],
        "driver, without its tables": found["driver"] - found["tables"] - (0.0 if found["workers"] else simulating),
        "tables": found["tables"],
        "workers: starting": found["starting workers"],
        "workers: journal and the rest": found["workers"] - found["starting workers"] - simulating
        if found["workers"]
        else 0.0,
    }  # fmt: skip
    print(
        f"  {found['runs']:,} runs: {found['wall'] / 60:.1f} minutes, {found['runs'] / found['wall']:.0f} a second"
    )
    for name, seconds in rows.items():
        print(f"    {name:<36} {seconds:8.1f} s of processor time, {100 * seconds / whole:5.1f} %")
    steady = beside - found["starting workers"]
    print(
        f"    beside simulating: {100 * beside / whole:.1f} %; without starting the workers {100 * steady / whole:.1f} %"
    )
    print(
        f"    driver's memory: {found['memory early']:.0f} MB after a fifth, {found['memory late']:.0f} MB at the end"
    )
    print(f"    on the disk: {found['megabytes on disk']:.0f} MB", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=100_000, help="of the large sweep")
    parser.add_argument("--rounds", type=int, default=3, help="of one process against two")
    parser.add_argument("--quick", action="store_true", help="a try-out")
    options = parser.parse_args()
    runs, rounds = (4_000, 1) if options.quick else (options.runs, options.rounds)
    print(f"load at the beginning: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")

    print("\nRuns a second and core: 36 months, with and without a programme, everything included")
    for employees, number in ((50, 2_000), (200, 1_000), (500, 400)):
        found = ended(started(number // (5 if options.quick else 1), 0, employees, 36))
        simulating = found["living"] + found["outcomes"]
        print(
            f"  {employees} people: {found['runs'] / found['driver']:.0f} a second of processor time; "
            f"{100 * (1 - simulating / found['driver']):.1f} % of it is not simulating",
            flush=True,
        )

    print("\nFirms of 50 people over 24 months, two processes")
    parts_of(ended(started(runs, 2, 50, 24)))

    print(
        "\nTwo processes against one: runs a second since the first batch; firms of 200 over 36 months"
    )
    number = 400 if options.quick else 3_000
    for _ in range(rounds):
        one = ended(started(number, 1, 200, 36))
        two = ended(started(2 * number, 2, 200, 36))
        both = [ended(sweep) for sweep in [started(number, 1, 200, 36) for _ in range(2)]]
        rate = one["a second since the first"]
        speed = two["a second since the first"] / rate
        control = sum(found["a second since the first"] for found in both) / rate
        each = (one["driver"] + one["workers"] - one["starting workers"]) / one["runs"]
        again = (two["driver"] + two["workers"] - two["starting workers"]) / two["runs"]
        print(
            f"  {speed:.2f} × one; two independent sweeps at once: {control:.2f} ×; the sweep over the control: "
            f"{speed / control:.2f}; processor time of a run {1000 * each:.2f} and {1000 * again:.2f} ms, "
            f"so that idle processors would bring {2 * each / again:.2f} ×",
            flush=True,
        )


if __name__ == "__main__":
    main()
