"""Engine against idiomatic Mesa: the same model?, speed, and time to the same answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from idiomatic_mesa import MentoringFirm
from measuring import WITH, WITHOUT, Report, interleaved, plans, scenario_of
from numpy.typing import NDArray

from sim.experiments.compare import compare
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.outcome import Sums
from sim.simulation.plan import Plan, context_of, plans_of
from sim.simulation.simulation import simulate

Real = NDArray[np.float64]
NAMES = [item.name for item in OUTCOMES]
HEADLINES = [item.name for item in OUTCOMES if item.headline]
CHECKED = (
    *HEADLINES, "quits", "retirements", "promotions", "ideas", "voiced", "skill_emerging",
    "skill_institutional", "skill_interpersonal", "output", "ties", "ties_across_departments",
    "mentored_informally", "pairs_opened", "turned_away", "meetings_held", "pair_quality",
    "early_endings", "mentee_gain", "programme_hours",
)  # fmt: skip


def outcomes_of(plan: Plan, monthly: Real) -> Real:
    """Every outcome of one world."""
    window, context = Sums(monthly[plan.window_start :].sum(axis=0)), context_of(plan)
    return np.array([float(item.of(window, context)) for item in OUTCOMES])


def by_engine(plan: Plan, world: int) -> Real:
    """Outcomes of one world of the engine."""
    return outcomes_of(plan, simulate(plan, 1, world).monthly)


def by_mesa(plan: Plan, seed: int) -> Real:
    """Outcomes of one world of the idiomatic version."""
    firm = MentoringFirm(plan, seed)
    for _ in range(plan.months):
        firm.step()
    return outcomes_of(plan, firm.monthly())


FARTHEST = 4.5
"""Standard errors between the two versions from which they are not the same model.

Of some twenty outcomes one lies that far apart by chance in seven thousand runs.
"""


def check_same_model(report: Report, engine: Plan, mesa: Plan, replicates: int) -> None:
    """Means of both versions with the standard error of their difference; the same plan, in earnest."""
    employees, months = engine.chart.posts, engine.months
    report.title(f"The same model? {employees} employees, {months} months, reciprocal mentoring")
    by_agent = np.array([by_mesa(mesa, seed) for seed in range(replicates)])
    by_column = np.array([by_engine(engine, world) for world in range(20 * replicates)])
    rows, farthest, which = [], 0.0, ""
    for name in CHECKED:
        a, b = by_agent[:, NAMES.index(name)], by_column[:, NAMES.index(name)]
        a, b = a[np.isfinite(a)], b[np.isfinite(b)]
        # The engine's spread serves both, because it rests on more worlds.
        error = b.std(ddof=1) * math.sqrt(1.0 / len(a) + 1.0 / len(b))
        score = float((a.mean() - b.mean()) / error)
        if abs(score) > farthest:
            farthest, which = abs(score), name
        rows.append(
            {
                "outcome": name,
                "engine": f"{b.mean():.4g}",
                "idiomatic Mesa": f"{a.mean():.4g}",
                "standard errors apart": f"{score:+.1f}",
            }
        )
    report.table(rows)
    report.keep("same_model.standard_errors", farthest)
    report.line("worlds of the engine, of idiomatic Mesa", f"{len(by_column)}, {len(by_agent)}")
    if farthest > FARTHEST:
        report.unlike.append(f"idiomatic Mesa ({which} is {farthest:.1f} standard errors apart)")


def compare_speed(report: Report, worlds: int, rounds: int) -> tuple[float, float]:
    """(a) Seconds per pair of worlds; returns those of Mesa and of the engine at 400 employees."""
    report.title("(a) 500 employees, 60 months, reciprocal mentoring and none: one core")
    scenario, months = scenario_of(500, 60), 2 * 500 * 60
    both = plans_of(scenario)
    compare(scenario, replicates=1, workers=1)
    times = interleaved(
        rounds,
        engine=lambda: compare(scenario, replicates=worlds, workers=1),
        mesa=lambda: [by_mesa(plan, 1) for plan in both],
        single=lambda: whole_way(by_engine),
        single_mesa=lambda: whole_way(by_mesa),
    )
    engine, mesa = times["engine"], times["mesa"]
    report.figure("engine.pair", f"engine, a pair of {worlds}", engine, "ms", 1e3 / worlds)
    report.figure("mesa.pair", "idiomatic Mesa, a pair", mesa, "ms", 1e3)
    report.line("engine, an employee-month", engine.text(1e6 / worlds / months) + " µs")
    report.line("idiomatic Mesa, an employee-month", mesa.text(1e6 / months) + " µs")
    ratio = mesa.over(engine)
    report.line("idiomatic Mesa over engine", ratio.text(worlds))
    report.target("speed", "... median", ratio.median * worlds, 70.0, True)
    single = times["single_mesa"].over(times["single"])
    report.figure("engine.single", "engine, one replicate from scenario to outcomes",
                  times["single"], "ms", 1e3)  # fmt: skip
    report.target("speed.single", "idiomatic Mesa over engine, the same", single.median, 45.0, True)
    return mesa.median, engine.median / worlds


def whole_way(version: Callable[[Plan, int], Real]) -> Real:
    """One replicate with everything around it: scenario, plan, world, months, outcomes."""
    plan = plans_of(scenario_of(500, 60), [WITH])[0]
    return version(plan, 1)


def compare_answers(report: Report, pairs: int, worlds: int, rounds: int) -> None:
    """(c), (d) How many replicates, and how long, for the same half-width of a difference."""
    report.title("(c) 400 employees, 60 months: time to the same half-width of a difference")
    both = plans(400, 60)
    engine = np.array([[by_engine(plan, world) for plan in both] for world in range(worlds)])
    mesa = np.array([[by_mesa(plan, seed) for plan in both] for seed in range(pairs)])
    times = interleaved(
        rounds,
        engine=lambda: [by_engine(plan, world) for world in range(10) for plan in both],
        mesa=lambda: [by_mesa(plan, 0) for plan in both],
    )
    speed = times["mesa"].over(times["engine"]).median * 10.0
    report.line("pairs of worlds of the engine, of idiomatic Mesa", f"{worlds}, {pairs}")
    report.line("idiomatic Mesa over engine, time for a pair", f"{speed:.3g}")
    rows, gains = [], []
    for name in HEADLINES:
        paired, apart = _variances(engine[:, :, NAMES.index(name)])
        shared, apart_mesa = _variances(mesa[:, :, NAMES.index(name)])
        more, uncertain = shared / paired, math.sqrt(2.0 / (pairs - 1) + 2.0 / (worlds - 1))
        gains.append((name, more * speed, apart / paired))
        rows.append(
            {
                "outcome": name,
                "sd, engine paired": f"{math.sqrt(paired):.3g}",
                "Mesa shared seed": f"{math.sqrt(shared):.3g}",
                "Mesa own seeds": f"{math.sqrt(apart_mesa):.3g}",
                "replicates": f"{more:.3g} ± {more * uncertain:.2g}",
                "time": f"{more * speed:.3g}",
            }
        )
    report.table(rows)
    for name, time, _ in gains:
        report.target(f"answer.{name}", f"time to the same answer, {name}", time, 1_000.0, True)
    report.title("(d) What common random numbers buy: variance with independent worlds over paired")
    for name, _, ratio in gains:
        report.target(f"variance.{name}", f"variance ratio, {name}", ratio, 10.0, True)


def _variances(values: Sequence[Sequence[float]] | Real) -> tuple[float, float]:
    """Variance of the difference within pairs, and with worlds that have nothing in common."""
    table = np.asarray(values)
    table = table[np.isfinite(table).all(axis=1)]
    together = float((table[:, 1] - table[:, 0]).var(ddof=1))
    return together, float(table.var(axis=0, ddof=1).sum())


__all__ = ["WITHOUT", "check_same_model", "compare_answers", "compare_speed"]
