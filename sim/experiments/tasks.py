"""What a comparison simulates, task by task, and what is kept of every world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble, set_of
from sim.engine.counting import GENERATIONS
from sim.outcomes.declared import CURVES, GROUPED, OUTCOMES
from sim.outcomes.outcome import Sums, curve_of
from sim.scenario.scenario import Scenario
from sim.simulation.plan import Plan, context_of, with_parameters
from sim.simulation.simulation import simulate
from sim.simulation.tables import Columns, dyad_columns, people_columns

__all__ = ["Job", "Results", "Summary", "fixed_parameters", "group_labels", "simulate_task"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Job:
    """What a comparison simulates: world 0 of all variants, then world 1 of all, and so on.

    Attributes
    ----------
    plans
        The variants.
    seed
        Master seed.
    people, dyads
        Whether tables of people and of pairs are wanted.
    ensemble
        Parameter sets of which each world takes one; None for the variants' own parameters.
    fixed
        For each variant, the parameters that its scenario sets, which no ensemble changes.
    """

    plans: tuple[Plan, ...]
    seed: int
    people: bool
    dyads: bool
    ensemble: Ensemble | None = None
    fixed: tuple[frozenset[str], ...] = ()

    def plan_of(self, task: int) -> Plan:
        """What a task simulates: its variant, with the parameter set of its world."""
        variant, replicate = self.place(task)
        plan = self.plans[variant]
        if self.ensemble is None:
            return plan
        return with_parameters(plan, self.ensemble.set_at(set_of(replicate), self.fixed[variant]))

    def place(self, task: int) -> tuple[int, int]:
        """Variant (its position) and replicate of a task."""
        replicate, variant = divmod(task, len(self.plans))
        return variant, replicate


@dataclass(frozen=True, slots=True)
class Summary:
    """What is kept of one world.

    Attributes
    ----------
    values
        The outcomes; shape (len(OUTCOMES),).
    curves
        Those with a curve, by month; shape (len(CURVES), months).
    groups
        Mean headcount and the outcomes by group; shape (groups, 1 + len(GROUPED)).
    meetings
        Formal meetings held in the window.
    people, dyads
        Columns of the tables, where they are wanted.
    """

    values: Real
    curves: Real
    groups: Real
    meetings: float
    people: Columns | None
    dyads: Columns | None


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


def fixed_parameters(scenario: Scenario, variant: str) -> frozenset[str]:
    """The parameters that a variant's scenario sets itself, and no parameter set changes."""
    base = {key for key, origin in scenario.origins.items() if origin != "default"}
    return frozenset(base | set(scenario.variant(variant).overrides))


def group_labels(plan: Plan) -> list[tuple[str, str]]:
    """What each row of a world's tally is of: (generation, level or department; its name)."""
    levels = [str(level + 1) for level in range(plan.chart.levels)]
    if plan.roster is not None:
        levels = list(plan.roster.level_names)
    return [
        *(("generation", name) for name in GENERATIONS),
        *(("level", name) for name in levels),
        *(("department", name) for name in plan.chart.department_names),
    ]


def simulate_task(job: Job, task: int) -> Summary:
    """Simulate one world and keep what is told about it."""
    _, replicate = job.place(task)
    plan = job.plan_of(task)
    world = simulate(plan, job.seed, replicate, people=job.people, dyads=job.dyads)
    context = context_of(plan)
    window = Sums(world.monthly[plan.window_start :].sum(axis=0))
    groups = Sums(world.tally)
    headcount = groups["headcount"] / context.months
    return Summary(
        values=np.array([float(item.of(window, context)) for item in OUTCOMES]),
        curves=np.array(
            [curve_of(item, world.monthly, context, plan.window_start) for item in CURVES]
        ),
        groups=np.stack([headcount, *(item.of(groups, context) for item in GROUPED)], axis=1),
        meetings=float(window["held"]),
        people=people_columns(world.state, plan) if job.people and world.state else None,
        dyads=dyad_columns(world.state) if job.dyads and world.state else None,
    )
