"""What an employee-month of the engine costs: against the floor, by size, on two threads; compilation."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from floor_kernel import WITH_PROGRAMME, Floor, errors, floor_of
from fused_kernel import PHASES, firm_of, same_numbers
from measuring import WITH, WITHOUT, Report, Sample, interleaved, plans, scenario_of

from sim.experiments.compare import compare
from sim.scenario.catalogue import GROUPS
from sim.simulation.plan import Plan, plans_of
from sim.simulation.pool import available_workers
from sim.simulation.simulation import Simulation

SIZES = (200, 2_000, 20_000, 200_000)
BASE = 2_000

FIRST_RUN = """
import time
begun = time.perf_counter()
from sim.simulation.warming import warm_up
warm_up()
from measuring import scenario_of
from sim.simulation.plan import plans_of
from sim.simulation.simulation import simulate
for plan in plans_of(scenario_of(50, 20)):
    simulate(plan, 1, 0)
print(time.perf_counter() - begun)
"""

LARGEST = """
import sys
from costs import memory
from measuring import plans
from sim.simulation.simulation import Simulation
small, large = plans(50, 12)[0], plans(int(sys.argv[1]), 12)[0]
Simulation(small, 1, 0).run(3)
before = memory()
Simulation(large, 1, 0).run(3)
print(memory() - before)
"""


def memory() -> float:
    """The most memory that this process has held so far, in megabytes.

    Linux counts it anew for every program; what other systems count may begin with that of whoever started it.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        found = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return float(found["VmHWM"].split()[0]) / 1024.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        2**20 if sys.platform == "darwin" else 1024
    )


def in_new_process(program: str, *arguments: str, **environment: str) -> float:
    """What a small program prints, run in a process of its own beside this file."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=os.path.dirname(os.path.abspath(__file__)),
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        text=True,
    )
    return float(done.stdout)


def compile_apart(report: Report) -> None:
    """Seconds from importing to the first results, with an empty cache and with a filled one."""
    report.title("(a, apart) Compilation: seconds from import to the first results, new processes")
    with tempfile.TemporaryDirectory() as folder:
        first = in_new_process(FIRST_RUN, MENTORSIM_CACHE=folder)
        again = in_new_process(FIRST_RUN, MENTORSIM_CACHE=folder)
    report.target("compilation.first", "with an empty cache", first, 14.0, False)
    report.target("compilation.cached", "from the cache", again, 0.8, False)


OFF = {
    "people": "seeking_by_initiative",
    "departures": "settledness_effect unit_effect dismissal_by_output",
    "units": "department_spread manager_effect",
    "embeddedness": "ties_weight team_weight tenure_weight fit_weight",
    "engagement": "giving_effect age_contrast candour_by_safety",
    "learning": "asking_rate asking_lasting absorption_within variety quality_exponent",
    "meetings": "mood_effect",
    "informal": "by_promise",
    "ties": "team_odds reciprocity_odds",
    "ideas": "capacity_per_head",
}
"""Names of what is switched off, by section; what that is, each parameter declares."""

NEUTRAL: dict[str, Any] = {
    **{
        f"{group.name}.{name}": group[name].neutral
        for group in GROUPS
        for name in OFF.get(group.name, "").split()
    },
    "embeddedness.relationships_weight": 1.0,  # of all ties, mentoring alone holds people, as it did
}
"""Lasting traits, units, embeddedness of all ties, asking, candour and the capacity for ideas, switched off."""


def against_neutral(report: Report, rounds: int) -> None:
    """The month as it is against the same with traits, units, ties' hold, asking and candour at neutral."""
    report.title(
        "(b, apart) What traits, units, embeddedness of ties, asking, candour and capacity cost"
    )
    months = 6
    scenario = scenario_of(BASE, 14 + months * (rounds + 1))
    settled = {}
    for name, given in (("own", {}), ("neutral", NEUTRAL)):
        for plan in plans_of(scenario.with_settings(given) if given else scenario):
            settled[name, plan.name] = Simulation(plan, 1, 0).run(14)
    for variant in (WITHOUT, WITH):
        times = interleaved(
            rounds,
            own=lambda variant=variant: settled["own", variant].run(months),
            neutral=lambda variant=variant: settled["neutral", variant].run(months),
        )
        ratio = times["own"].over(times["neutral"])
        key = "with" if variant == WITH else "without"
        report.figure(
            f"neutral.{key}", f"{BASE:,} employees, {variant.lower()}: as it is over neutral", ratio
        )
        report.target(f"neutral.{key}.median", "its median", ratio.median, 1.15, False)


def check_fused(report: Report, plan: Plan) -> None:
    """Say whether the fused kernel computes what the engine does, bit for bit."""
    same = same_numbers(plan, 3)
    report.line("the loop computes the engine's numbers", str(same))
    if not same:
        report.unlike.append("the fused kernel (its numbers differ)")


def against_floor(report: Report, rounds: int) -> None:
    """(b) The engine against one hand-fused loop of the same arithmetic, and against the floor."""
    report.title(
        "(b) Against a hand-fused kernel of the core arithmetic (policy none), and the floor"
    )
    report.keep("floor.error", errors())
    for employees, months in ((500, 60), (20_000, 6)):
        plan, with_programme = plans(employees, 2 + months * (rounds + 2))
        if employees == 500:
            check_fused(report, plan)
        world = Simulation(plan, 1, 0).run(2)
        by_phase = Simulation(plan, 1, 0).run(2)
        mentored, floor = Simulation(with_programme, 1, 0).run(2), Floor(employees)
        floor.run(1)
        firm = firm_of(Simulation(plan, 1, 0))
        firm.run(1)
        phases: list[dict[str, float]] = []

        def live_phases(by_phase: Any = by_phase, months: int = months) -> None:
            phases.append(_time_of_phases(by_phase, months))  # noqa: B023

        times = interleaved(
            rounds,
            fused=lambda firm=firm, months=months: firm.run(months),
            engine=lambda world=world, months=months: world.run(months),
            phases=live_phases,
            mentored=lambda mentored=mentored, months=months: mentored.run(months),
            floor=lambda floor=floor, months=months: floor.run(months),
        )
        scale = 1e9 / employees / months
        fused = times["fused"]
        common = Sample(tuple(sum(found[name] for name in PHASES) for found in phases))
        label = f"{employees:,} employees: "
        report.figure(f"fused.{employees}", f"{label}fused kernel", fused, "ns", scale)
        report.figure(f"month.{employees}", f"{label}whole month", times["engine"], "ns", scale)
        if employees > 500:
            ratio = common.over(fused).median
            report.figure(f"phases.{employees}", f"{label}phases with that arithmetic", common,
                          "ns", scale)  # fmt: skip
            report.target(f"floor.{employees}", f"{label}those phases over the kernel", ratio, 2.0,
                          False)  # fmt: skip
            for name in phases[0]:
                median = Sample(tuple(found[name] for found in phases))
                report.figure(f"phase.{name}", f"    {name}", median, "ns", scale)
        ratio = times["engine"].over(fused).median
        report.target(f"month_over_floor.{employees}", f"{label}whole month over the kernel",
                      ratio, 1.2, False)  # fmt: skip
        report.figure(f"dense.{employees}", f"{label}dense part of the floor", times["floor"], "ns",
                      scale)  # fmt: skip
        if employees == 500:
            report.figure("mentored.500", f"{label}whole month with a programme", times["mentored"],
                          "ns", scale)  # fmt: skip
            least = floor_of(times["floor"].median, fused.median)
            for key, name, bottom in (
                ("engine", "without a programme over the estimated floor", least),
                ("mentored", "with one", WITH_PROGRAMME * least),
            ):
                share = times[key].median / bottom
                report.target(f"over_floor.{key}", f"{label}{name}", share, 2.0, False)


def _time_of_phases(world: Simulation, months: int) -> dict[str, float]:
    """Seconds by mechanism, each called by itself."""
    found: defaultdict[str, float] = defaultdict(float)
    last = time.process_time()

    def note(name: str, *_: Any) -> None:
        nonlocal last
        now = time.process_time()
        found[name] += now - last
        last = time.process_time()

    world.run_phase_by_phase(months, between=note)
    return dict(found)


def by_size(report: Report, rounds: int, largest: int) -> None:
    """(e) Cost of an employee-month from small firms to large ones, and memory of the largest."""
    report.title("(e) Cost of an employee-month by size (policy none, after two months)")
    sizes = [size for size in SIZES if size <= largest]
    worlds = {size: Simulation(plans(size, 1_200)[0], 1, 0).run(2) for size in sizes}
    months = {size: max(1, min(200, 100_000 // size)) for size in sizes}
    times = interleaved(
        rounds,
        **{str(n): lambda n=n: worlds[n].run(months[n]) for n in sizes},  # type: ignore[misc]
    )
    base = Sample(tuple(value / BASE / months[BASE] for value in times[str(BASE)].values))
    for size in sizes:
        cost = Sample(tuple(value / size / months[size] for value in times[str(size)].values))
        report.figure(f"cost.{size}", f"{size:,} employees", cost, "ns", 1e9)
        if size != BASE:
            ratio = cost.over(base).median
            report.target(f"cost_ratio.{size}", f"    over {BASE:,}", ratio, 1.3, False)
    memory = in_new_process(LARGEST, str(sizes[-1]))
    report.keep("memory.megabytes", memory)
    report.line(f"memory of {sizes[-1]:,} employees", f"{memory:.0f} MB above the bare program, "
                f"{memory * 1024.0 / sizes[-1]:.1f} kB each")  # fmt: skip


def on_two_threads(report: Report, worlds: int, rounds: int) -> None:
    """(f) Two threads against one, by the clock on the wall."""
    report.title(f"(f) Two threads against one: {worlds} worlds of 500 employees, 60 months")
    if available_workers() < 2:
        report.line("only one processor here", "left out")
        return
    scenario = scenario_of(500, 60)
    times = interleaved(
        rounds,
        time.perf_counter,
        one=lambda: compare(scenario, replicates=worlds // 2, workers=1),
        two=lambda: compare(scenario, replicates=worlds // 2, workers=2),
    )
    report.figure("threads.one", "one thread", times["one"], "s")
    report.figure("threads.two", "two threads", times["two"], "s")
    gain = times["one"].over(times["two"]).median
    report.target("threads", "one over two", gain, 1.9, True)


def plan_without(employees: int, months: int) -> Plan:
    """The plan without a programme."""
    return plans_of(scenario_of(employees, months), [WITHOUT])[0]
