"""Candidates tried on the same firms: who lives through which firm, under which parameter set, and what came out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble
from sim.deciding.levers import Candidate
from sim.errors import InputError
from sim.experiments.tasks import fixed_parameters
from sim.organisation.design import Chart
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.goals import BY_NAME
from sim.outcomes.many_worlds import values_of
from sim.scenario.scenario import Scenario
from sim.simulation.beginnings import Beginnings
from sim.simulation.plan import Plan, context_of, prepare, with_parameters
from sim.simulation.pool import run_tasks

__all__ = ["BUDGETS", "NOTHING", "Firm", "Trials", "halves"]

Real = NDArray[np.float64]

NOTHING = 0
"""Number of the candidate without a programme."""

BUDGETS = {
    "cash": ("outside_cost", "coordinator, sponsor, platform, fees and recognition"),
    "total": ("programme_cost", "participants’ time and everything else"),
}
"""What a budget may be in: the outcome that counts against it, and what that is."""

_SEARCH = 120
"""Firms of a search, at least."""

_PLACES = {item.name: place for place, item in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True)
class Firm:
    """One firm to live through: its luck (replicate), and the number of its parameter set."""

    luck: int
    parameters: int


def halves(ensemble: Ensemble, seed: int, fresh: int) -> tuple[list[Firm], list[Firm]]:
    """Firms to search on, and fresh ones to judge on: with other luck and other parameter sets.

    Half of the sets belong to each, dealt by the seed. Every set is used equally often: the search has so many firms
    that each has had its turn once, or twice; so has the final where it has at least a firm of each. An ensemble of
    one set serves both.

    Parameters
    ----------
    fresh
        How many firms there are to judge on, about.
    """
    order = np.random.default_rng(seed).permutation(len(ensemble)).tolist()
    half = max(1, len(order) // 2)
    first, second = order[:half], order[half:] or order
    turns = -(-_SEARCH // half)
    search = [Firm(luck, one) for luck, one in enumerate(first * turns)]
    if fresh >= len(second):
        fresh = round(fresh / len(second)) * len(second)
    judged = [Firm(len(search) + place, second[place % len(second)]) for place in range(fresh)]
    return search, judged


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the workers are handed: which plan in which firm."""

    plans: tuple[Plan, ...]
    firms: tuple[Firm, ...]
    tasks: tuple[tuple[int, int], ...]
    seed: int
    ensemble: Ensemble
    fixed: tuple[frozenset[str], ...]
    beginnings: Beginnings = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "beginnings", Beginnings(self.plans))


def _live(batch: _Batch, task: int) -> Real:
    """Outcomes of one plan in one firm, shape (len(OUTCOMES),)."""
    who, where = batch.tasks[task]
    firm = batch.firms[where]
    plan = with_parameters(
        batch.plans[who], batch.ensemble.set_at(firm.parameters, batch.fixed[who])
    )
    state = batch.beginnings.simulation(plan, batch.seed, firm.luck).run().state
    window = state.monthly[plan.window_start :].sum(axis=0)
    return np.asarray(values_of(window[None], context_of(plan))[0])


class Trials:
    """Results of candidates on some firms, made when they are asked for.

    Parameters
    ----------
    scenario
        Whose firm it is.
    chart
        Its chart.
    candidates
        By number; the first is no programme. More may be added.
    firms
        To live through, in their order.
    ensemble
        Where parameter sets come from.
    cost
        The outcome that counts against the budget.
    workers
        Threads.
    count
        Called with how many simulations were made just now: one.
    """

    def __init__(
        self,
        scenario: Scenario,
        chart: Chart,
        candidates: list[Candidate],
        firms: Sequence[Firm],
        ensemble: Ensemble,
        cost: str,
        *,
        workers: int,
        count: Callable[[], None] | None = None,
    ) -> None:
        self.scenario, self.chart, self.candidates = scenario, chart, candidates
        self.firms, self.ensemble, self.cost = tuple(firms), ensemble, cost
        self.workers, self.count = workers, count
        self.posts = float(scenario.settings["organisation"]["employees"])
        self._known: dict[int, list[Real]] = {}
        self._plans: dict[int, Plan] = {}
        starts = [
            int(one.settings["programme"]["start_month"]) for one in candidates if one.has_programme
        ]
        self._window = min([*starts, int(scenario.settings["programme"]["start_month"])])
        self._fixed = frozenset.intersection(
            *(fixed_parameters(scenario, one.name) for one in scenario.variants)
        )

    @property
    def sets(self) -> NDArray[np.int64]:
        """Number of every firm's parameter set."""
        return np.array([firm.parameters for firm in self.firms], dtype=np.int64)

    @property
    def fixed(self) -> frozenset[str]:
        """Parameters that the scenario sets, so that no parameter set changes them."""
        return self._fixed

    def known(self, one: int) -> int:
        """How many firms a candidate has lived through."""
        return len(self._known.get(one, ()))

    def run(self, who: Sequence[int], firms: int) -> None:
        """See to it that these have lived through the first firms; no programme always has, too.

        Raises
        ------
        KeyboardInterrupt
            If it was stopped: what these firms gave is forgotten, everything before is kept.
        """
        wanted = [one for one in sorted({NOTHING, *who}) if self.known(one) < firms]
        if not wanted:
            return
        tasks = tuple(
            (place, firm)
            for firm in range(firms)
            for place, one in enumerate(wanted)
            if firm >= self.known(one)
        )
        plans = tuple(self._plan(one) for one in wanted)
        fixed = tuple(self._fixed_of(one) for one in wanted)
        batch = _Batch(plans, self.firms, tasks, self.scenario.seed, self.ensemble, fixed)
        found: dict[tuple[int, int], Real] = {}
        with closing(run_tasks(_live, batch, len(tasks), workers=self.workers)) as finished:
            for task, values in finished:
                found[tasks[task]] = values
                if self.count is not None:
                    self.count()
        for place, one in enumerate(wanted):
            kept = self._known.setdefault(one, [])
            kept += [found[place, firm] for firm in range(len(kept), firms)]

    def _plan(self, one: int) -> Plan:
        if one not in self._plans:
            candidate = self.candidates[one]
            self._plans[one] = prepare(
                candidate.name,
                candidate.settings,
                roster=self.scenario.roster,
                chart=self.chart,
                window_start=self._window,
            )
        return self._plans[one]

    def _fixed_of(self, one: int) -> frozenset[str]:
        base = {key for key, origin in self.scenario.origins.items() if origin != "default"}
        return frozenset(base | set(self.candidates[one].overrides))

    def outcome(self, name: str, who: Sequence[int], firms: int) -> Real:
        """An outcome; shape (len(who), firms)."""
        place = _PLACES[name]
        return np.array([[row[place] for row in self._known[one][:firms]] for one in who])

    def gains(self, goal: str, who: Sequence[int], firms: int) -> Real:
        """Change for the better against no programme in the same firm; shape (len(who), firms).

        Where it is undefined in a firm, that is taken to be as in the candidate's other firms.

        Raises
        ------
        InputError
            If it is undefined in all of them.
        """
        base = self._outcomes(NOTHING, firms)
        wanted = BY_NAME[goal]
        rows = []
        for one in who:
            row = np.array(wanted.gains(self._outcomes(one, firms), base, self.posts))
            known = np.isfinite(row)
            if not known.any():
                raise InputError(
                    f"the goal {goal} is undefined in this firm",
                    remedy="choose another goal (leaders takes four levels and emerging skills)",
                    key="goal",
                )
            rows.append(np.where(known, row, row[known].mean()))
        return np.stack(rows) if rows else np.zeros((0, firms))

    def without(self, goal: str, firms: int) -> float:
        """Mean of what there is without a programme, in the goal's unit."""
        base = self._outcomes(NOTHING, firms)
        return float(np.nanmean(BY_NAME[goal].level(base, base, self.posts)))

    def costs(self, who: Sequence[int], firms: int) -> Real:
        """What counts against the budget, in currency per year; shape (len(who), firms)."""
        return self.outcome(self.cost, who, firms)

    def _outcomes(self, one: int, firms: int) -> dict[str, Real]:
        table = np.stack(self._known[one][:firms])
        return {name: table[:, place] for name, place in _PLACES.items()}
