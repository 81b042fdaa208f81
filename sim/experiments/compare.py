"""Comparing the variants of a scenario on the same simulated firms: the main job."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import numpy as np

from sim.calibration.ensemble import Ensemble, sets_of, shipped_ensemble
from sim.errors import InputError
from sim.experiments.comparison import Comparison
from sim.experiments.first_pairs import first_pairs
from sim.experiments.manifest import identity
from sim.experiments.tasks import Job, Results, fixed_parameters, group_labels, simulate_task
from sim.outcomes.declared import OUTCOMES
from sim.scenario.messages import described, hint
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario
from sim.scenario.top import SCENARIO
from sim.simulation.plan import Plan, plans_of
from sim.simulation.pool import Kind, available_workers, run_tasks
from sim.simulation.simulation import simulate
from sim.simulation.tables import RunResult
from sim.simulation.turnover import with_own_turnover
from sim.simulation.warming import warm_up

__all__ = ["chosen_names", "compare", "comparison_of", "run"]

Progress = Callable[[int, int], None]
"""Called with how many worlds are done, and of how many."""


def compare(
    scenario: Scenario,
    *,
    replicates: int | None = None,
    variants: Sequence[str] | None = None,
    workers: int | None = None,
    people: bool = False,
    dyads: bool = False,
    keep_monthly: bool = False,
    ensemble: Ensemble | bool = False,
    progress: Progress | None = None,
    executor: Kind = "threads",
) -> Comparison:
    """Simulate the variants of a scenario on the same firms, and compare them with the baseline.

    The result does not depend on `workers` and `executor`, to the last bit. Ctrl-C stops it; what is
    complete by then is returned, marked as interrupted.

    Parameters
    ----------
    scenario
        What to simulate.
    replicates
        Simulated firms per variant; by default the scenario's.
    variants
        Names of the variants to compare; the baseline is added. By default all.
    workers
        Worlds simulated at a time; by default as many as there are processors for this process.
    people, dyads
        Whether to keep a table of every person, of every pair.
    keep_monthly
        Whether `monthly_replicates` is wanted.
    ensemble
        Whether each world takes one of the parameter sets that agree with the published figures
        (``True``: those of the package), so that ignorance is told apart from chance. Parameters that
        the scenario sets stay as they are.
    progress
        Called after each world with how many are done, and of how many. It may raise
        KeyboardInterrupt to stop.
    executor
        ``"threads"``, or ``"processes"``, which survive one that is killed.

    Raises
    ------
    InputError
        For a variant that does not exist, and numbers that are out of range.
    KeyboardInterrupt
        If it was stopped before any replicate was complete.
    WorkersLostError
        If processes die again and again.
    """
    count = _whole(replicates, scenario.replicates, "replicates", int(SCENARIO["replicates"].high))
    workers = _whole(workers, available_workers(), "workers", 10_000)
    if executor not in ("threads", "processes"):
        problem = f"{described(executor)} is no executor"
        raise InputError(problem, remedy='use "threads" or "processes"', key="executor")
    scenario = with_own_turnover(scenario)
    plans = plans_of(scenario, chosen_names(scenario, variants))
    sets = shipped_ensemble() if ensemble is True else ensemble or None
    fixed = tuple(fixed_parameters(scenario, plan.name) for plan in plans)
    job = Job(plans, scenario.seed, people, dyads, sets, fixed)
    try:
        results = Results(plans, count)
    except MemoryError:
        problem = f"the results of {count} replicates do not fit into memory"
        raise InputError(problem, remedy="use fewer", key="replicates") from None
    begun, clock = datetime.now(UTC), time.perf_counter()
    warm_up()
    total, done = count * len(plans), 0
    try:
        with closing(
            run_tasks(simulate_task, job, total, workers=workers, executor=executor)
        ) as finished:
            for task, summary in finished:
                results.put(*job.place(task), summary)
                done += 1
                if progress is not None:
                    progress(done, total)
    except KeyboardInterrupt:
        if not len(results.complete):
            raise
    results.finish()
    made = {
        "replicates_asked": count,
        "started": begun.isoformat(timespec="seconds"),
        "duration_seconds": round(time.perf_counter() - clock, 3),
        "workers": workers,
        "executor": executor,
    }
    worlds = [int(world) for world in results.complete]
    return comparison_of(
        scenario, plans, results, worlds, sets, made=made, keep_monthly=keep_monthly
    )


def comparison_of(
    scenario: Scenario,
    plans: Sequence[Plan],
    results: Results,
    worlds: Sequence[int],
    sets: Ensemble | None,
    *,
    made: Mapping[str, Any],
    keep_monthly: bool = False,
) -> Comparison:
    """The comparison of some finished worlds.

    Parameters
    ----------
    worlds
        Replicates that are finished under every variant.
    made
        What the manifest says about how they were made: how many were asked for, when, on what.
    """
    fixed = tuple(fixed_parameters(scenario, plan.name) for plan in plans)
    here, asked = tuple(worlds), int(made["replicates_asked"])
    told = {
        "replicates": len(here),
        "replicates_asked": asked,
        "interrupted": len(here) < asked,
        **{key: made[key] for key in ("started", "duration_seconds", "workers", "executor")},
        "parameter_sets": len(np.unique(sets_of(here, len(sets)))) if sets else 0,
        "ensemble": _varied(sets, fixed) if sets else {},
    }
    notes = _notes(plans, scenario.baseline, results)
    return Comparison(
        scenario=scenario,
        variants=tuple(plan.name for plan in plans),
        baseline=scenario.baseline,
        worlds=here,
        interrupted=len(here) < asked,
        notes=tuple(notes),
        manifest=identity(scenario, plans) | told | {"notes": notes} | _first(plans, scenario.seed),
        results=results,
        keep_monthly=keep_monthly,
        ensemble=sets,
    )


def _first(plans: Sequence[Plan], seed: int) -> dict[str, Any]:
    """The pairs with which programmes begin, and what their levels and departments are called."""
    labels = group_labels(plans[0])
    names = {by: [name for kind, name in labels if kind == by] for by in ("level", "department")}
    return {
        "pairs": first_pairs(plans, seed),
        "pairs_of": {"levels": names["level"], "departments": names["department"]},
    }


def _varied(ensemble: Ensemble, fixed: Sequence[frozenset[str]]) -> dict[str, int | bool]:
    """Whether it is the package's, how many sets it has, how many parameters vary under any variant."""
    return {
        "shipped": ensemble is shipped_ensemble(),
        "sets": len(ensemble),
        "parameters": len(ensemble.without(frozenset.intersection(*fixed))),
    }


def run(
    scenario: Scenario,
    variant: str | int | None = None,
    replicate: int = 0,
    *,
    people: bool = False,
    dyads: bool = False,
) -> RunResult:
    """Simulate one firm under one variant: the same firm as that replicate of a comparison.

    Parameters
    ----------
    scenario, variant
        Name or position of the variant; by default the first that is not the baseline.
    replicate
        Which firm, from 0.
    people, dyads
        Whether everybody, and every pair, is written down.

    Raises
    ------
    InputError
        For a variant that does not exist, and a replicate out of range.
    """
    number = _whole(replicate, 0, "replicate", 2**32 - 1, low=0)
    scenario = with_own_turnover(scenario)
    (plan,) = plans_of(scenario, [scenario.variant(variant).name])
    warm_up()
    return RunResult(plan, simulate(plan, scenario.seed, number, people=people, dyads=dyads))


def _whole(given: Any, default: int, key: str, high: int, low: int = 1) -> int:
    """A whole number within its range, or the default.

    Raises
    ------
    InputError
        If it is anything else.
    """
    if given is None:
        return default
    try:
        number = operator.index(given)
    except TypeError:
        number = low - 1
    if isinstance(given, bool) or not low <= number <= high:
        remedy = f"give a whole number from {low} to {high}"
        raise InputError(f"{described(given)} is out of range", remedy=remedy, key=key)
    return number


def chosen_names(scenario: Scenario, names: Sequence[str] | None) -> list[str]:
    """Names of the variants to compare, in the scenario's order, the baseline among them.

    Raises
    ------
    InputError
        If there is none, or no such variant.
    """
    every = [variant.name for variant in scenario.variants]
    if names is None:
        return every
    wanted = [names] if isinstance(names, str) else list(names)
    if not wanted:
        raise InputError("no variant is chosen", remedy=hint(None, every), key="variants")
    wanted = [scenario.variant(name).name for name in wanted]
    return [name for name in every if name in wanted or name == scenario.baseline]


def _notes(plans: Sequence[Plan], baseline: str, results: Results) -> list[str]:
    """What would mislead if it were not said."""
    notes = []
    if len(plans) > 1 and all(plan.policies for plan in plans):
        notes.append(
            "Every variant has a programme: what a programme costs and brings in money is not told, "
            "because that takes a variant without one."
        )
    held = results.values[:, results.complete, _place("pairs_opened")]
    for index, plan in enumerate(plans):
        if not has_programme(plan.settings):
            continue
        if not plan.openings:
            notes.append(
                f'The programme of "{plan.name}" never starts: no whole cohort of '
                f"{plan.settings['programme']['cohort_months']} months fits before the end of month "
                f"{plan.months}."
            )
        elif not held[index].any():
            notes.append(
                f'The programme of "{plan.name}" never finds a pair: its rules allow none.'
            )
    if plans[0].months - plans[0].window_start < 12:
        notes.append(
            "There is no full year after the programme starts, so that there is no retention over 12 "
            "months."
        )
    return notes


def _place(name: str) -> int:
    return next(place for place, item in enumerate(OUTCOMES) if item.name == name)
