"""The best programme for the money: a race, and a final on firms and parameter sets that the race never saw."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.plausible import plausible_means
from sim.calibration.ensemble import Ensemble, shipped_ensemble
from sim.deciding.levers import LEVERS, Candidate, Space
from sim.deciding.saving import save_folder
from sim.deciding.searching import LEVELS, MAIN, Searched, questions_of, search
from sim.deciding.trials import BUDGETS, NOTHING, Trials, halves
from sim.deciding.writing import winning_scenario
from sim.errors import InputError
from sim.experiments.knowing import knowing_rows
from sim.experiments.manifest import identity
from sim.experiments.sensitivity import ENOUGH_SETS, hinges_of
from sim.experiments.statistics import by_set, interval_of
from sim.outcomes.goals import BY_NAME, Goal, band_of
from sim.scenario.messages import described, hint
from sim.scenario.scenario import Scenario
from sim.simulation.plan import plans_of
from sim.simulation.pool import available_workers
from sim.simulation.turnover import with_own_turnover
from sim.simulation.warming import warm_up

__all__ = ["Best", "best"]

Real = NDArray[np.float64]
Progress = Callable[[int, int], None]

_FRESH = 150
_FEWEST_FRESH = 20
"""Fresh firms without which nothing is said about them."""

_WINNING = ("pick", "equal", "not told apart", "ahead")
_MOST_WINNERS = 5
"""Programmes in the scenario of the winners, besides none."""


@dataclass(eq=False, repr=False)
class Best:
    """What the best programme for the money is; tables are pandas frames.

    Attributes
    ----------
    scenario
        Whose firm it is.
    goal, budget, budget_in
        What was asked.
    pick
        Name of the programme that led the search.
    names
        Names of the finalists, the pick first.
    candidates
        The finalists themselves, in the same order.
    interrupted
        Whether it was stopped before its end.
    fresh
        Fresh firms on which the finalists were judged; 0 if it was stopped before: then all rests on the firms that
        they were chosen on, and is too good.
    curve
        One row per budget: the best design, what it brings, how much of its lead was luck.
    finalists
        One row per finalist.
    goals
        One row per goal: the best design for it, and what the pick gives up.
    designs
        One row per design that was tried.
    value_of_knowing
        As of a comparison, for the choice between the finalists within the budget.
    hinges
        What the pick's effect hangs on.
    facts
        Single numbers that the report needs.
    manifest
        How it was made.
    """

    scenario: Scenario
    goal: str
    budget: float
    budget_in: str
    pick: str
    names: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    interrupted: bool
    fresh: int
    curve: pd.DataFrame
    finalists: pd.DataFrame
    goals: pd.DataFrame
    designs: pd.DataFrame
    value_of_knowing: pd.DataFrame
    hinges: tuple[str, ...]
    facts: Mapping[str, Any]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Best {self.scenario.title!r}: {self.goal} for {self.budget:g} in {self.budget_in}: {self.pick!r}>"

    @property
    def toml(self) -> str:
        """A scenario of no programme, the pick, and whatever cannot be told apart from it."""
        return self.toml_in(None)

    def toml_in(self, folder: Path | None) -> str:
        """The same, with the files that it names as seen from a folder."""
        standing = dict(zip(self.finalists["design"], self.finalists["standing"], strict=True))
        both = list(zip(self.names, self.candidates, strict=True))
        winners = [
            (name, one) for name, one in both if one.has_programme and standing[name] in _WINNING
        ][:_MOST_WINNERS]
        nothing = next(name for name, one in both if not one.has_programme)
        asked = f"Goal: {self.goal}; budget: {self.budget:g} a year in {self.budget_in}."
        return winning_scenario(self.scenario, nothing, winners, asked, folder)

    def save(
        self, folder: str | Path, *, overwrite: bool = False, command: str | None = None
    ) -> Path:
        """Write the tables, best.toml, best.html and a manifest into a folder, whole or not at all; returns it.

        Raises
        ------
        InputError
            If the folder holds something else than results, or results that may not be overwritten, or cannot
            be written. It is then as it was before.
        """
        from sim.report.deciding import best_page

        tables = {
            "curve": self.curve,
            "finalists": self.finalists,
            "goals": self.goals,
            "designs": self.designs,
            "value_of_knowing": self.value_of_knowing,
        }
        texts = {
            "best.toml": self.toml_in(Path(folder)),
            "best.html": best_page(self, command=command),
        }
        manifest = {**self.manifest, "command": command}
        return save_folder(folder, tables, texts, manifest, overwrite=overwrite)


def best(
    scenario: Scenario,
    budget: float,
    goal: str = "retention",
    *,
    budget_in: str = "cash",
    designs: int = 160,
    fresh: int = _FRESH,
    ensemble: Ensemble | bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Best:
    """Search for the best programme that a budget allows.

    What a planner decides is varied (:data:`sim.deciding.levers.LEVERS`); everything else is as the scenario has it.
    The programmes that the scenario lists compete, too, and so does no programme. The result does not depend on
    `workers`.

    Parameters
    ----------
    scenario
        The firm, and the programme that every design starts from.
    budget
        Mean cost per year at most, in the scenario's currency.
    goal
        A name of :data:`sim.outcomes.goals.BY_NAME`.
    budget_in
        ``"cash"``: coordinator, sponsor, platform, fees, recognition; ``"total"``: participants' time as well.
    designs
        Designs at random to begin with.
    fresh
        Fresh firms to judge the finalists on, about: each of the final's parameter sets is used equally often.
    ensemble
        Parameter sets; by default those of the package. Half of them serve the search, half the final.
    workers
        Threads; by default as many as there are processors for this process.
    progress
        Called after each simulation with how many are done, and of about how many.

    Raises
    ------
    InputError
        For numbers out of range, an unknown goal, a goal that this firm does not have.
    KeyboardInterrupt
        If it was stopped before anything could be said.
    """
    _check(budget, goal, budget_in, designs, fresh)
    workers = workers or available_workers()
    begun, clock = datetime.now(UTC), time.perf_counter()
    scenario = with_own_turnover(scenario)
    (plan,) = plans_of(scenario, [scenario.baseline])
    sets = ensemble if isinstance(ensemble, Ensemble) else shipped_ensemble()
    space = Space(scenario, plan.chart.level)
    searching, judging = halves(sets, scenario.seed, fresh)
    cost, _ = BUDGETS[budget_in]
    counter = _Counter(progress, _about(designs, fresh))
    candidates = list(space.anchors())
    tried = Trials(
        scenario, plan.chart, candidates, searching, sets, cost, workers=workers, count=counter
    )
    warm_up()
    tried.run([NOTHING], 2)
    known_goals = tuple(name for name in BY_NAME if _defined(tried, name))
    tried.gains(goal, [NOTHING], 2)
    stops: list[KeyboardInterrupt] = []

    def stopped(interrupt: KeyboardInterrupt) -> bool:
        stops.append(interrupt)
        return True

    questions = questions_of(goal, known_goals, budget)
    found = search(
        space, tried, questions, designs=designs, seed=scenario.seed % 2**32, stopped=stopped
    )
    chosen = _finalists(found, goal)
    judged, judged_on = tried, found.firms
    final = Trials(
        scenario, plan.chart, candidates, judging, sets, cost, workers=workers, count=counter
    )
    if not stops:
        counter.total = counter.done + len({NOTHING, *chosen}) * len(judging)
        try:
            for firms in range(10, len(judging) + 10, 10):
                final.run(chosen, min(firms, len(judging)))
        except KeyboardInterrupt as interrupt:
            stops.append(interrupt)
        if final.known(NOTHING) >= min(_FEWEST_FRESH, len(judging)):
            judged, judged_on = final, final.known(NOTHING)
    told = _Telling(
        scenario, space, found, tried, judged, judged_on, goal, budget, chosen, known_goals, sets
    )
    made = {
        "kind": "best",
        "goal": goal,
        "budget": budget,
        "budget_in": budget_in,
        "designs": len(candidates),
        "search_firms": found.firms,
        "fresh_firms": judged_on if judged is final else 0,
        "simulations": counter.done,
        "interrupted": bool(stops),
        "started": begun.isoformat(timespec="seconds"),
        "duration_seconds": round(time.perf_counter() - clock, 3),
        "workers": workers,
        "ensemble": {"shipped": sets is shipped_ensemble(), "sets": len(sets)},
    }
    return told.best(
        budget_in,
        fresh=judged_on if judged is final else 0,
        interrupted=bool(stops),
        manifest=identity(scenario, [plan]) | made,
    )


class _Counter:
    """Counts simulations, and tells whoever waits."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.done, self.total = progress, 0, total

    def __call__(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, max(self.total, self.done))


def _about(designs: int, fresh: int) -> int:
    """About how many simulations a search takes, for whoever waits; it was counted on the package's scenarios."""
    return 40 * designs + 3_000 + 18 * fresh


def _check(budget: float, goal: str, budget_in: str, designs: int, fresh: int) -> None:
    """Complain about what cannot be asked."""
    number = isinstance(budget, int | float) and not isinstance(budget, bool)
    if not number or not 0.0 < budget < math.inf:
        raise InputError(
            f"{described(budget)} is no budget", remedy="give an amount above 0", key="budget"
        )
    if goal not in BY_NAME:
        raise InputError(f"{described(goal)} is no goal", remedy=hint(goal, BY_NAME), key="goal")
    if budget_in not in BUDGETS:
        problem = f"a budget in {described(budget_in)} is not known"
        raise InputError(problem, remedy=hint(budget_in, BUDGETS), key="budget_in")
    for name, value, low, high in (("designs", designs, 10, 5_000), ("fresh", fresh, 20, 100_000)):
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            remedy = f"give a whole number from {low} to {high}"
            raise InputError(f"{described(value)} is out of range", remedy=remedy, key=name)


def _defined(tried: Trials, goal: str) -> bool:
    try:
        tried.gains(goal, [NOTHING], 2)
    except InputError:
        return False
    return True


def _finalists(found: Searched, goal: str) -> list[int]:
    """Who is judged on fresh firms: the leaders of every question, and the best of the scenario's own programmes."""
    race = found.race
    chosen: dict[int, None] = {}
    for name, question in race.questions.items():
        ranking = race.ranking(name, found.firms)
        for one in ranking[: question.keep]:
            chosen[one] = None
    chosen[NOTHING] = None
    return list(chosen)


class _Telling:
    """Makes the tables."""

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
        self.names = self._names()

    def _names(self) -> dict[int, str]:
        """Of the finalists: a letter and the three things that matter most; their own where they have one."""
        names, letters = {}, 0
        for one in self.chosen:
            candidate = self.found.candidates[one]
            if candidate.values is None:
                names[one] = candidate.name
                continue
            words = self.space.words(candidate.values)
            programme = candidate.settings["programme"]
            places = round(float(programme["places"]) * self.tried.posts)
            letter = chr(ord("A") + letters) if letters < 26 else f"A{letters}"
            what = _INVITED[programme["participation"], bool(programme["mentee_tenure_below"])]
            names[one] = (
                f"{letter}: {words['policy']}, {what}, {places} place{'' if places == 1 else 's'}"
            )
            letters += 1
        return self._told_apart(names)

    def _told_apart(self, names: dict[int, str]) -> dict[int, str]:
        """Names that are the same but for their letter get what sets them apart."""
        alike: dict[str, list[int]] = {}
        for one, name in names.items():
            if self.found.candidates[one].values is not None:
                alike.setdefault(name.partition(": ")[2], []).append(one)
        for same in (many for many in alike.values() if len(many) > 1):
            words = [self.space.words(self.found.candidates[one].values or ()) for one in same]
            apart = [
                lever.name for lever in LEVERS[3:] if len({told[lever.name] for told in words}) > 1
            ][:2]
            for one, told in zip(same, words, strict=True):
                more = ", ".join(_SHORT.get(key, "{}").format(told[key]) for key in apart)
                names[one] = f"{names[one]}, {more}"[:100] if more else names[one]
        return names

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
        return np.asarray(self.judged.costs([one], self.firms)[0])

    def best(
        self, budget_in: str, *, fresh: int, interrupted: bool, manifest: Mapping[str, Any]
    ) -> Best:
        return Best(
            scenario=self.scenario,
            goal=self.goal,
            budget=self.budget,
            budget_in=budget_in,
            pick=self.names[self.pick],
            names=tuple(self.names[one] for one in self.chosen),
            candidates=tuple(self.found.candidates[one] for one in self.chosen),
            interrupted=interrupted,
            fresh=fresh,
            curve=self.curve(),
            finalists=self.finalists(),
            goals=self.by_goal(),
            designs=self.designs(),
            value_of_knowing=self.knowing(),
            hinges=self.hinges(),
            facts=self.facts(),
            manifest=manifest,
        )

    def facts(self) -> dict[str, Any]:
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

    def curve(self) -> pd.DataFrame:
        """Every budget with its best design, judged on fresh firms, and with how much of its lead was luck."""
        rows = []
        race, firms = self.found.race, self.found.firms
        for share in LEVELS:
            name = MAIN if share == 1.0 else f"budget {share:g}"
            ranking = race.ranking(name, firms)
            one = ranking[0] if ranking else NOTHING
            mean, low, high = self.interval(self.goal, one)
            searched = float(self.tried.gains(self.goal, [one], firms).mean())
            lead_then, lead_now = self._leads(one, ranking)
            cost = self.cost(one)
            rows.append(
                {
                    "budget": share * self.budget,
                    "share_of_budget": share,
                    "design": self.names[one],
                    "gain": mean,
                    "low": low,
                    "high": high,
                    "cost": float(cost.mean()),
                    "cost_low": float(np.quantile(cost, 0.025)),
                    "cost_high": float(np.quantile(cost, 0.975)),
                    "share_above": float((cost > share * self.budget).mean()),
                    "gain_in_search": searched,
                    "lead_in_search": lead_then,
                    "lead_on_fresh": lead_now,
                    "shrinkage": 1.0 - lead_now / lead_then if lead_then > 0.0 else math.nan,
                }
            )
        return pd.DataFrame(rows)

    def _leads(self, one: int, ranking: list[int]) -> tuple[float, float]:
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

    def finalists(self) -> pd.DataFrame:
        """Every finalist: what it is, costs and brings, and whether it can be told apart from the pick."""
        within = [one for one in self.chosen if self._affordable(one)]
        values = np.stack([self.change(self.goal, one) for one in within])
        drawn = plausible_means(values)
        largest = drawn.max(axis=1)
        wrong = {one: float((largest - drawn[:, place]).mean()) for place, one in enumerate(within)}
        chances = np.bincount(drawn.argmax(axis=1), minlength=len(within)) / len(drawn)
        chance = dict(zip(within, chances.tolist(), strict=True))
        rows = []
        for one in self.chosen:
            candidate = self.found.candidates[one]
            mean, low, high = self.interval(self.goal, self.pick, one)
            row: dict[str, Any] = {
                "design": self.names[one],
                "within_budget": one in within,
                "standing": self._standing(one, low, high, one in within),
                "behind": mean,
                "behind_low": low,
                "behind_high": high,
                "probability_best": chance.get(one, math.nan),
                "cost_of_wrong_pick": wrong.get(one, math.nan),
                "cost": float(self.cost(one).mean()),
                "share_above": float((self.cost(one) > self.budget).mean()),
            }
            for kind, (outcome, _) in BUDGETS.items():
                row[f"cost_{kind}"] = float(self.judged.outcome(outcome, [one], self.firms).mean())
            for name in self.goals:
                row[name], row[f"{name}_low"], row[f"{name}_high"] = self.interval(name, one)
            for outcome in ("participants", "turned_away", "early_endings", "meetings_kept"):
                told = self.judged.outcome(outcome, [one], self.firms)
                row[outcome] = float(np.nanmean(told)) if np.isfinite(told).any() else math.nan
            row |= self._levers(candidate)
            rows.append(row)
        return pd.DataFrame(rows)

    def _affordable(self, one: int) -> bool:
        """Whether the mean cost keeps the budget, in the search or on fresh firms: the two differ by their sets."""
        searched = (
            float(self.tried.costs([one], self.found.firms).mean())
            if self.tried.known(one) >= self.found.firms
            else math.inf
        )
        return min(searched, float(self.cost(one).mean())) <= self.budget

    def _standing(self, one: int, low: float, high: float, within: bool) -> str:
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

    def _levers(self, candidate: Candidate) -> dict[str, str]:
        if candidate.values is not None:
            return self.space.words(candidate.values)
        return {lever.name: "" for lever in LEVERS}

    def by_goal(self) -> pd.DataFrame:
        """The best design for every goal under the budget, and what the pick gives up against it."""
        rows = []
        for name in self.goals:
            question = MAIN if name == self.goal else f"goal {name}"
            ranking = self.found.race.ranking(question, self.found.firms)
            one = ranking[0] if ranking else NOTHING
            mean, low, high = self.interval(name, one)
            own = self.interval(name, self.pick)
            less = self.interval(name, one, self.pick)
            goal: Goal = BY_NAME[name]
            rows.append(
                {
                    "goal": name,
                    "unit": goal.more,
                    "design": self.names[one],
                    "gain": mean,
                    "low": low,
                    "high": high,
                    "gain_of_pick": own[0],
                    "pick_low": own[1],
                    "pick_high": own[2],
                    "given_up": less[0],
                    "given_up_low": less[1],
                    "given_up_high": less[2],
                    "without": self.judged.without(name, self.firms),
                }
            )
        return pd.DataFrame(rows)

    def designs(self) -> pd.DataFrame:
        """Everything that was tried."""
        rows = []
        for one, candidate in enumerate(self.found.candidates):
            firms = self.tried.known(one)
            if not firms:
                continue
            gains = self.tried.gains(self.goal, [one], firms)[0]
            rows.append(
                {
                    "design": self.names.get(one, candidate.name),
                    **self._levers(candidate),
                    "firms": firms,
                    "left_after": self.found.race.left.get(one, 0),
                    "gain": float(gains.mean()),
                    "cost": float(self.tried.costs([one], firms).mean()),
                }
            )
        return pd.DataFrame(rows)

    def _effects(self) -> tuple[list[str], Real]:
        within = [one for one in self.chosen if self._affordable(one)]
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


_SHORT = {
    "capacity": "{} a mentor",
    "training": "training {}",
    "check_ins": "check-ins {}",
}

_INVITED = {
    ("voluntary", False): "volunteers",
    ("voluntary", True): "volunteers of two years or less",
    ("nominated", False): "nominated",
    ("offered_by_lot", False): "by lot",
    ("asked_by_name", False): "asked by name",
}
