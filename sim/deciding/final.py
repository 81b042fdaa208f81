"""The final: the leaders of the search on the firms that judge them, each against the others and against none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble
from sim.deciding.levers import Space
from sim.deciding.naming import names_of
from sim.deciding.searching import MAIN, Searched
from sim.deciding.trials import NOTHING, Trials
from sim.experiments.knowing import knowing_rows
from sim.experiments.sensitivity import ENOUGH_SETS, hinges_of
from sim.experiments.statistics import by_set, interval_of
from sim.outcomes.goals import BY_NAME, band_of
from sim.scenario.scenario import Scenario

__all__ = ["Final"]

Real = NDArray[np.float64]


class Final:
    """What the finalists did: the pick first, then the others by what they bring."""

    def __init__(
        self,
        scenario: Scenario,
        space: Space,
        found: Searched,
        tried: Trials,
        judged: Trials,
        firms: int,
        goal: str,
        budget: float,
        chosen: list[int],
        goals: tuple[str, ...],
        ensemble: Ensemble,
    ) -> None:
        self.scenario, self.space, self.found, self.tried = scenario, space, found, tried
        self.judged, self.firms, self.goal, self.budget = judged, firms, goal, budget
        self.goals, self.ensemble = goals, ensemble
        self.sets = judged.sets[:firms]
        ranking = found.race.ranking(MAIN, found.firms)
        self.pick = ranking[0] if ranking else NOTHING
        rest = [one for one in chosen if one != self.pick]
        gains = {one: float(judged.gains(goal, [one], firms).mean()) for one in chosen}
        self.chosen = [self.pick, *sorted(rest, key=lambda one: -gains[one])]
        self.names = names_of(self.chosen, found.candidates, space, tried.posts)

    def change(self, goal: str, one: int, other: int | None = None) -> Real:
        """Gain against no programme, or against another finalist, by parameter set; shape (sets,)."""
        values = self.judged.gains(goal, [one], self.firms)[0]
        if other is not None:
            values = values - self.judged.gains(goal, [other], self.firms)[0]
        return by_set(values, self.sets)

    def interval(self, goal: str, one: int, other: int | None = None) -> tuple[float, float, float]:
        """Mean and 95 % interval of a change."""
        means = self.change(goal, one, other)
        return (float(means.mean()), *interval_of(means, 0.95))

    def cost(self, one: int) -> Real:
        """Cost a year as the budget counts it, by firm; shape (firms,)."""
        return np.asarray(self.judged.costs([one], self.firms)[0])

    def affordable(self, one: int) -> bool:
        """Whether the mean cost keeps the budget, in the search or on fresh firms: the two differ by their sets."""
        searched = (
            float(self.tried.costs([one], self.found.firms).mean())
            if self.tried.known(one) >= self.found.firms
            else math.inf
        )
        return min(searched, float(self.cost(one).mean())) <= self.budget

    def standing(self, one: int, low: float, high: float, within: bool) -> str:
        """How a finalist stands to the pick, by the interval of what it is behind."""
        if one == self.pick:
            return "pick"
        if not within:
            return "costs more"
        band = band_of(self.judged.without(self.goal, self.firms))
        if -band < low and high < band:
            return "equal"
        if high < 0.0:
            return "ahead"
        return "behind" if low > 0.0 else "not told apart"

    def leads(self, one: int, ranking: list[int]) -> tuple[float, float]:
        """By how much a pick leads the mean of the other finalists: in the search, and on fresh firms."""
        others = [
            other for other in self.chosen if other not in (one, NOTHING) and other in ranking
        ]
        others = others or [other for other in self.chosen if other != one]
        if not others:
            return math.nan, math.nan
        firms = self.found.firms
        shared = min(firms, *(self.tried.known(other) for other in (one, *others)))
        before = self.tried.gains(self.goal, [one, *others], shared).mean(axis=1)
        now = self.judged.gains(self.goal, [one, *others], self.firms).mean(axis=1)
        return float(before[0] - before[1:].mean()), float(now[0] - now[1:].mean())

    def _kept(self) -> float:
        """Slope of the finalists' gains on fresh firms over those in the search: what is left of differences.

        1 where none of them was luck, 0 where all were; NaN where there are too few to tell.
        """
        shared = self.found.firms
        who = [one for one in self.chosen if self.tried.known(one) >= shared and one != NOTHING]
        if len(who) < 4:
            return math.nan
        then = self.tried.gains(self.goal, who, shared).mean(axis=1)
        now = self.judged.gains(self.goal, who, self.firms).mean(axis=1)
        spread = float(((then - then.mean()) ** 2).sum())
        product = float(((then - then.mean()) * (now - now.mean())).sum())
        return product / spread if spread > 0.0 else math.nan

    def facts(self) -> dict[str, Any]:
        """Single numbers that the report needs."""
        currency = str(self.scenario.settings["costs"].get("currency") or "")
        return {
            "posts": self.tried.posts,
            "currency": currency,
            "without": {one: self.judged.without(one, self.firms) for one in self.goals},
            "search_firms": self.found.firms,
            "judged_firms": self.firms,
            "sets": len(np.unique(self.sets)),
            "kept": self._kept(),
        }

    def _effects(self) -> tuple[list[str], Real]:
        within = [one for one in self.chosen if self.affordable(one)]
        values = np.stack([self.judged.gains(self.goal, [one], self.firms)[0] for one in within])
        return [self.names[one] for one in within], values

    def knowing(self) -> pd.DataFrame:
        """What knowing a parameter would bring to the choice between the finalists within the budget."""
        names, effects = self._effects()
        return knowing_rows(
            [(BY_NAME[self.goal], names, effects)], self.sets, self.ensemble, self.judged.fixed
        )

    def hinges(self) -> tuple[str, ...]:
        """What the pick's effect goes with."""
        means, numbers = self.change(self.goal, self.pick), np.unique(self.sets)
        if self.pick == NOTHING or len(numbers) < ENOUGH_SETS:
            return ()
        found = hinges_of(means, numbers, self.ensemble, self.judged.fixed)
        return tuple(one.key for one in found)
