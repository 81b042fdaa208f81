"""Comparing the variants of a scenario on the same simulated firms: the main job."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble, sets_of, shipped_ensemble
from sim.errors import InputError
from sim.experiments import statistics
from sim.experiments.nulls import nulls_of
from sim.experiments.saving import identity, save_comparison
from sim.experiments.selection import selection_of
from sim.experiments.uncertainty import uncertainty_table
from sim.experiments.value import value_of
from sim.outcomes.declared import CURVES, GROUPED, OUTCOMES
from sim.scenario.messages import described, hint
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario
from sim.scenario.top import SCENARIO
from sim.simulation.plan import Plan
from sim.simulation.pool import (
    Job,
    Kind,
    Summary,
    available_workers,
    group_labels,
    plans_of,
    run_tasks,
    simulate_task,
)
from sim.simulation.simulation import simulate
from sim.simulation.tables import Columns, RunResult, dyads_frame, people_frame
from sim.simulation.warming import warm_up

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Comparison", "Results", "compare", "run"]

Progress = Callable[[int, int], None]
"""Called with how many worlds are done, and of how many."""


class Results:
    """What is kept of all worlds, by variant and replicate; filled in any order.

    Attributes
    ----------
    values
        Outcomes; shape (variants, replicates, len(OUTCOMES)).
    curves
        Outcomes by month; shape (variants, replicates, len(CURVES), months).
    groups
        Shape (variants, replicates, groups, 1 + len(GROUPED)): mean headcount, then outcomes.
    meetings
        Formal meetings held; shape (variants, replicates).
    done
        Whether a world is finished; the same shape.
    people, dyads
        Columns of the tables by (variant, replicate), where they are wanted.
    """

    def __init__(self, plans: Sequence[Plan], replicates: int) -> None:
        self.plans = tuple(plans)
        shape = (len(plans), replicates)
        groups = len(group_labels(plans[0]))
        self.values = np.empty((*shape, len(OUTCOMES)))
        self.curves = np.empty((*shape, len(CURVES), plans[0].months))
        self.groups = np.empty((*shape, groups, 1 + len(GROUPED)))
        self.meetings = np.empty(shape)
        self.done = np.zeros(shape, dtype=np.bool_)
        self.people: dict[tuple[int, int], Columns] = {}
        self.dyads: dict[tuple[int, int], Columns] = {}

    def put(self, variant: int, replicate: int, summary: Summary) -> None:
        """Keep what is told about one world."""
        here = (variant, replicate)
        self.values[here] = summary.values
        self.curves[here] = summary.curves
        self.groups[here] = summary.groups
        self.meetings[here] = summary.meetings
        if summary.people is not None:
            self.people[here] = summary.people
        if summary.dyads is not None:
            self.dyads[here] = summary.dyads
        self.done[here] = True

    @property
    def complete(self) -> NDArray[np.intp]:
        """Replicates that are finished under every variant."""
        return np.flatnonzero(self.done.all(axis=0))


@dataclass(eq=False, repr=False)
class Comparison:
    """What the variants of a scenario change, compared with its baseline; tables are pandas frames.

    Attributes
    ----------
    scenario
        What was simulated. After :func:`~sim.experiments.saving.load_comparison`, a roster is replaced
        by a firm of its size.
    variants, baseline
        Names of the variants compared, in the scenario's order, the baseline among them.
    worlds
        Replicates that were finished under every variant.
    interrupted
        Whether it was stopped before all replicates were done.
    notes
        Plain sentences about what a reader must know.
    manifest
        How it was made: settings, seed, versions, duration.
    results
        What is kept of the worlds; None if it was read from a folder.
    keep_monthly
        Whether `monthly_replicates` is kept.
    ensemble
        The parameter sets that the worlds took; None if all had the same parameters.
    """

    scenario: Scenario
    variants: tuple[str, ...]
    baseline: str
    worlds: tuple[int, ...]
    interrupted: bool
    notes: tuple[str, ...]
    manifest: dict[str, Any]
    results: Results | None
    keep_monthly: bool = False
    ensemble: Ensemble | None = None

    def __repr__(self) -> str:
        stopped = ", interrupted" if self.interrupted else ""
        count = f"{len(self.variants)} variants, {self.replicates} replicates{stopped}"
        return f"<Comparison {self.scenario.title!r}: {count}>"

    @property
    def replicates(self) -> int:
        """How many replicates there are of every variant."""
        return len(self.worlds)

    @property
    def sets(self) -> NDArray[np.int64] | None:
        """Number of each world's parameter set; None if all had the same parameters."""
        known = int(self.manifest.get("ensemble", {}).get("sets", 0))
        return sets_of(self.worlds, known) if known else None

    @cached_property
    def effects(self) -> pd.DataFrame:
        """One row per variant and outcome: see :func:`sim.experiments.statistics.effects_table`."""
        made = self._made("effects")
        return statistics.effects_table(
            self.variants, self.baseline, self._of(made.values), self._of(made.meetings), self.sets
        )

    @cached_property
    def uncertainty(self) -> pd.DataFrame:
        """Chance and ignorance apart: see :func:`sim.experiments.uncertainty.uncertainty_table`.

        Needs a comparison with an ensemble.
        """
        made = self._made("uncertainty")
        if self.ensemble is None or self.sets is None:
            raise _not_kept("uncertainty", "ensemble=True")
        fixed = {name: _fixed(self.scenario, name) for name in self.variants}
        values = self._of(made.values)
        return uncertainty_table(
            self.variants, self.baseline, self.sets, values, self.ensemble, fixed
        )

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row per variant, replicate and outcome."""
        values = self._of(self._made("outcomes").values)
        return statistics.outcomes_table(self.variants, self.worlds, values)

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """One row per variant, outcome and month: see :func:`sim.experiments.statistics.monthly_table`."""
        curves = self._of(self._made("monthly").curves)
        return statistics.monthly_table(self.variants, self.baseline, curves, self.sets)

    @cached_property
    def monthly_replicates(self) -> pd.DataFrame:
        """One row per variant, replicate, outcome and month; needs ``keep_monthly=True``."""
        made = self._made("monthly_replicates")
        if not self.keep_monthly:
            raise _not_kept("monthly_replicates", "keep_monthly=True")
        curves = self._of(made.curves)
        return statistics.monthly_replicates_table(self.variants, self.worlds, curves)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """One row per variant, group of people and outcome; small groups are suppressed."""
        made = self._made("groups")
        labels = group_labels(made.plans[0])
        groups = self._of(made.groups)
        return statistics.groups_table(self.variants, self.baseline, labels, groups, self.sets)

    @cached_property
    def value(self) -> pd.DataFrame:
        """What each programme costs and brings: see :func:`sim.experiments.value.value_table`.

        Empty if the baseline has a programme itself.
        """
        return value_of(self)

    @cached_property
    def selection(self) -> pd.DataFrame:
        """What one would see against what each programme did: see :mod:`sim.experiments.selection`."""
        return selection_of(self)

    @cached_property
    def nulls(self) -> pd.DataFrame:
        """Which headline effects survive the null models: see :mod:`sim.experiments.nulls`.

        Empty where no variant is one, besides the one without a programme.
        """
        return nulls_of(self)

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row per variant, replicate and person; needs ``people=True``."""
        made = self._made("people")
        return people_frame(self._worlds(made.people, "people"), made.plans[0])

    @cached_property
    def dyads(self) -> pd.DataFrame:
        """One row per variant, replicate and pair; needs ``dyads=True``."""
        return dyads_frame(self._worlds(self._made("dyads").dyads, "dyads"))

    def variance_ratio(self) -> pd.DataFrame:
        """What pairing buys: see :func:`sim.experiments.statistics.variance_ratios`."""
        return statistics.variance_ratios(self.outcomes, self.baseline)

    def save(
        self, folder: str | Path, *, overwrite: bool = False, command: str | None = None
    ) -> Path:
        """Write tables and manifest into a folder; returns it.

        Raises
        ------
        InputError
            If there are results already, unless they are to be overwritten, or nothing can be written.
        """
        return save_comparison(self, folder, overwrite=overwrite, command=command)

    def report(self, file: str | Path, *, overwrite: bool = False) -> Path:
        """Write everything that a board and its analysts need into one HTML file; returns its path.

        Raises
        ------
        InputError
            If the file exists, unless it is to be overwritten, or cannot be written.
        """
        from sim.report.page import write_report

        return write_report(self, file, overwrite=overwrite)

    def plot(self, folder: str | Path | None = None) -> dict[str, Figure]:
        """Return the figures by name; write them into an existing `folder`, if one is given."""
        from sim.report import figures

        if folder is not None:
            figures.save_figures(self, Path(folder))
        return {"effects": figures.effects_figure(self), "curves": figures.curves_figure(self)}

    def _made(self, table: str) -> Results:
        if self.results is None:
            raise InputError(f"there is no table {table} in the folder that was read")
        return self.results

    def _of(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """The finished worlds of a table whose second axis are the replicates."""
        return table[:, list(self.worlds)]

    def _worlds(
        self, tables: dict[tuple[int, int], Columns], what: str
    ) -> list[tuple[str, int, Columns]]:
        if not tables:
            raise _not_kept(what, f"{what}=True")
        return [
            (name, world, tables[index, world])
            for index, name in enumerate(self.variants)
            for world in self.worlds
        ]


def _not_kept(what: str, option: str) -> InputError:
    return InputError(f"{what} were not kept", remedy=f"run the comparison with {option}")


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
    plans = plans_of(scenario, _chosen(scenario, variants))
    sets = shipped_ensemble() if ensemble is True else ensemble or None
    fixed = tuple(_fixed(scenario, plan.name) for plan in plans)
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
    worlds = tuple(int(world) for world in results.complete)
    made = {
        "replicates": len(worlds),
        "replicates_asked": count,
        "interrupted": len(worlds) < count,
        "started": begun.isoformat(timespec="seconds"),
        "duration_seconds": round(time.perf_counter() - clock, 3),
        "workers": workers,
        "executor": executor,
        "parameter_sets": len(np.unique(sets_of(worlds, len(sets)))) if sets else 0,
        "ensemble": _varied(sets, fixed) if sets else {},
    }
    notes = _notes(plans, scenario.baseline, results)
    return Comparison(
        scenario=scenario,
        variants=tuple(plan.name for plan in plans),
        baseline=scenario.baseline,
        worlds=worlds,
        interrupted=len(worlds) < count,
        notes=tuple(notes),
        manifest=identity(scenario, plans) | made | {"notes": notes},
        results=results,
        keep_monthly=keep_monthly,
        ensemble=sets,
    )


def _varied(ensemble: Ensemble, fixed: Sequence[frozenset[str]]) -> dict[str, int | bool]:
    """Whether it is the package's, how many sets it has, how many parameters vary under any variant."""
    return {
        "shipped": ensemble is shipped_ensemble(),
        "sets": len(ensemble),
        "parameters": len(ensemble.without(frozenset.intersection(*fixed))),
    }


def _fixed(scenario: Scenario, name: str) -> frozenset[str]:
    """The parameters that a variant's scenario sets itself."""
    base = {key for key, origin in scenario.origins.items() if origin != "default"}
    return frozenset(base | set(scenario.variant(name).overrides))


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


def _chosen(scenario: Scenario, names: Sequence[str] | None) -> list[str]:
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
