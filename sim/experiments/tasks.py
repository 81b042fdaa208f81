"""What a comparison simulates, task by task, and what is kept of every world."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble, set_of
from sim.engine.generations import GENERATIONS
from sim.outcomes.declared import CURVES, GROUPED, OUTCOMES
from sim.outcomes.many_worlds import curves_of, groups_of, values_of
from sim.outcomes.outcome import Context, Sums
from sim.scenario.scenario import Scenario
from sim.simulation.beginnings import Beginnings
from sim.simulation.plan import Plan, context_of, with_parameters
from sim.simulation.tables import Columns, dyad_columns, people_columns, without_identities

__all__ = ["Job", "Recorded", "Results", "fixed_parameters", "group_labels", "simulate_task"]

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
    beginnings
        What the variants of a replicate have in common, lived once.
    contexts
        For each variant, what its outcomes use besides what is recorded.
    """

    plans: tuple[Plan, ...]
    seed: int
    people: bool
    dyads: bool
    ensemble: Ensemble | None = None
    fixed: tuple[frozenset[str], ...] = ()
    beginnings: Beginnings = field(init=False, compare=False)
    contexts: tuple[Context, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "beginnings", Beginnings(self.plans))
        object.__setattr__(self, "contexts", tuple(context_of(plan) for plan in self.plans))

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
class Recorded:
    """What one world leaves behind.

    Attributes
    ----------
    monthly, tally
        As in :class:`sim.simulation.simulation.WorldResult`.
    context
        What the outcomes use besides.
    people, dyads
        Columns of the tables, where they are wanted.
    """

    monthly: Real
    tally: Real
    context: Context
    people: Columns | None
    dyads: Columns | None


class Results:
    """What is kept of all worlds, by variant and replicate; filled in any order.

    Worlds are worked out by the dozen: a formula costs as much for one as for fifty. :meth:`finish` works
    out those that wait.

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
        self._waiting: list[tuple[int, int, Recorded]] = []

    def put(self, variant: int, replicate: int, recorded: Recorded) -> None:
        """Keep what is told about one world."""
        here = (variant, replicate)
        if recorded.people is not None:
            self.people[here] = recorded.people
        if recorded.dyads is not None:
            self.dyads[here] = recorded.dyads
        self.done[here] = True
        self._waiting.append((variant, replicate, recorded))
        if len(self._waiting) * recorded.monthly.nbytes >= _WAITING_BYTES:
            self.finish()

    def finish(self) -> None:
        """Work out the worlds that wait."""
        waiting = sorted(self._waiting, key=lambda one: one[:2])
        self._waiting = []
        for (variant, _), alike in itertools.groupby(waiting, _of_one_kind()):
            worlds = list(alike)
            here = (variant, [replicate for _, replicate, _ in worlds])
            told = [recorded for _, _, recorded in worlds]
            monthly = np.stack([one.monthly for one in told])
            tally = np.stack([one.tally for one in told])
            context, first = told[0].context, self.plans[variant].window_start
            window = monthly[:, first:].sum(axis=1)
            self.values[here] = values_of(window, context)
            self.curves[here] = curves_of(monthly, context, first)
            self.groups[here] = groups_of(tally, context)
            self.meetings[here] = Sums(window)["held"]

    @property
    def complete(self) -> NDArray[np.intp]:
        """Replicates that are finished under every variant."""
        return np.flatnonzero(self.done.all(axis=0))


_WAITING_BYTES = 16_000_000
"""Monthly sums that wait at a time, at most."""


def _of_one_kind() -> Callable[[tuple[int, int, Recorded]], tuple[int, int]]:
    """A key by which neighbours that share a variant and a context belong together."""
    last: list[Any] = [None, 0]

    def key(one: tuple[int, int, Recorded]) -> tuple[int, int]:
        context = one[2].context
        if context is not last[0] and context != last[0]:
            last[0], last[1] = context, last[1] + 1
        return one[0], last[1]

    return key


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


def simulate_task(job: Job, task: int) -> Recorded:
    """Simulate one world and keep what is told about it."""
    variant, replicate = job.place(task)
    plan = job.plan_of(task)
    world = job.beginnings.simulation(
        plan, job.seed, replicate, people=job.people, dyads=job.dyads
    ).run()
    people, dyads = without_identities(
        people_columns(world.state, plan) if job.people else None,
        dyad_columns(world.state) if job.dyads else None,
        plan,
    )
    return Recorded(
        monthly=world.state.monthly,
        tally=world.state.tally,
        context=job.contexts[variant] if plan is job.plans[variant] else context_of(plan),
        people=people,
        dyads=dyads,
    )
