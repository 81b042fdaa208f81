"""Fieldwork: the firms of one replicate of a study, whom it asks in them, and with which error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.engine import columns, decisions, draws
from sim.simulation.plan import Plan
from sim.simulation.simulation import Simulation
from sim.simulation.tables import NEVER, Columns, dyad_columns, people_columns

__all__ = ["Fieldwork", "Firm"]

Real = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Firm:
    """One simulated firm, seen from outside.

    Attributes
    ----------
    people, pairs
        Everybody who was ever there, every pair: columns as in :mod:`sim.simulation.tables`.
    months
        How many went by until the study ended.
    start
        Month in which outcomes begin to count: that of the programme.
    panel
        By name ("engagement", "output"): shape (months, people), NaN where somebody was not there.
        The columns are in the order of `people`. Empty unless the study wants it.
    """

    people: Columns
    pairs: Columns
    months: int
    start: int
    panel: Mapping[str, Real]

    def there(self, month: int) -> NDArray[np.bool_]:
        """Who was there at the end of a month."""
        left = self.people["left"]
        return np.asarray((self.people["hired"] <= month) & ((left == NEVER) | (left > month)))

    def tenure(self, month: int) -> Real:
        """Months of service by then."""
        return np.asarray(month - self.people["hired"], dtype=float)

    def of(self, persons: ArrayLike, column: str) -> NDArray[Any]:
        """A column of the people whose numbers are given (mentors, mentees)."""
        return self.people[column][np.searchsorted(self.people["person"], persons)]


class Fieldwork:
    """One replicate of a study: it simulates the firms and hands out samples and measurements.

    Parameters
    ----------
    plans
        The study's arms.
    seed, replicate
        All luck follows from them: that of the firms, and that of asking.
    until
        Month in which the study ends; 0 for the end of the simulated time.
    panel
        Whether everybody is observed every month.
    """

    def __init__(
        self,
        plans: tuple[Plan, ...],
        seed: int,
        replicate: int,
        *,
        until: int = 0,
        panel: bool = False,
    ) -> None:
        self._plans = {plan.name: plan for plan in plans}
        self._seed, self._replicate = seed, replicate
        self._until, self._panel = until, panel
        self._luck = draws.luck_of(seed, replicate)
        self._firms: dict[str, Firm] = {}

    @property
    def firm(self) -> Firm:
        """The firm of a study with one arm."""
        (name,) = self._plans
        return self.arm(name)

    def arm(self, name: str) -> Firm:
        """The firm under one arm."""
        if name not in self._firms:
            plan = self._plans[name]
            months = self._until or plan.months
            self._firms[name] = _lived(plan, self._seed, self._replicate, months, self._panel)
        return self._firms[name]

    def sample(self, among: ArrayLike, size: int, question: int = 0) -> Rows:
        """Draw `size` rows (all, if there are fewer) of those for whom `among` is true, in order."""
        rows = np.flatnonzero(among)
        if len(rows) <= size:
            return rows
        order = np.array([self._draw(row, question)[2] for row in rows.tolist()])
        return np.sort(rows[np.argsort(order, kind="stable")[:size]])

    def measured(self, values: ArrayLike, reliability: float, question: int) -> Real:
        """Add an error such that `reliability` of the variance is true; the n-th value has its own luck.

        Parameters
        ----------
        values
            True values of a sample.
        reliability
            In (0, 1]; a perfect measure has 1.
        question
            Number of the question: different ones have independent errors.
        """
        true = np.asarray(values, dtype=float)
        if reliability >= 1.0 or not len(true):
            return true
        spread = float(true.std()) * np.sqrt((1.0 - reliability) / reliability)
        noise = [draws.normal(*self._draw(row, question)[:2]) for row in range(len(true))]
        return np.asarray(true + spread * np.array(noise))

    def _draw(self, who: int, question: int) -> tuple[float, float, float, float]:
        one, two, three, four = draws.draw(self._luck, decisions.STUDY, int(who), question, 0)
        return float(one), float(two), float(three), float(four)


def _lived(plan: Plan, seed: int, replicate: int, months: int, panel: bool) -> Firm:
    simulation = Simulation(plan, seed, replicate, keep_people=True, keep_dyads=True)
    seen: dict[str, list[Real]] = {"number": [], "engagement": [], "output": []}
    while simulation.month < months:
        simulation.run(1 if panel else months)
        if panel:
            state = simulation.state
            there = state.whole[columns.ACTIVE] == 1
            seen["number"].append(state.whole[columns.NUMBER][there].astype(float))
            seen["engagement"].append(state.person[columns.ENGAGEMENT][there])
            seen["output"].append(state.person[columns.OUTPUT][there])
    people = people_columns(simulation.state, plan)
    tables: dict[str, Real] = {}
    for name in ("engagement", "output") if panel else ():
        table = np.full((months, len(people["person"])), np.nan)
        for month, (numbers, values) in enumerate(zip(seen["number"], seen[name], strict=True)):
            table[month, np.searchsorted(people["person"], numbers.astype(np.int64))] = values
        tables[name] = table
    return Firm(people, dyad_columns(simulation.state), months, plan.window_start, tables)
