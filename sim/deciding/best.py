"""The best programme for the money: a race, and a final on firms and parameter sets that the race never saw."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from sim.calibration.ensemble import Ensemble, shipped_ensemble
from sim.deciding.best_tables import curve_table, designs_table, finalists_table, goals_table
from sim.deciding.final import Final
from sim.deciding.levers import Candidate, Space
from sim.deciding.saving import Kept
from sim.deciding.searching import Searched, questions_of, search
from sim.deciding.trials import BUDGETS, NOTHING, Trials, halves
from sim.deciding.writing import winning_scenario
from sim.errors import InputError
from sim.experiments.manifest import identity
from sim.outcomes.goals import BY_NAME
from sim.scenario.messages import described, hint
from sim.scenario.scenario import Scenario
from sim.simulation.plan import plans_of
from sim.simulation.pool import available_workers
from sim.simulation.turnover import with_own_turnover
from sim.simulation.warming import warm_up

__all__ = ["Best", "best"]

Progress = Callable[[int, int], None]

_FRESH = 150
_FEWEST_FRESH = 20
"""Fresh firms without which nothing is said about them."""

_WINNING = ("pick", "equal", "not told apart", "ahead")
_MOST_WINNERS = 5
"""Programmes in the scenario of the winners, besides none."""


@dataclass(eq=False, repr=False)
class Best(Kept):
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

    def _tables(self) -> Mapping[str, pd.DataFrame]:
        return {
            "curve": self.curve,
            "finalists": self.finalists,
            "goals": self.goals,
            "designs": self.designs,
            "value_of_knowing": self.value_of_knowing,
        }

    def _texts(self, folder: Path, command: str | None) -> Mapping[str, str]:
        from sim.report.deciding import best_page

        return {"best.toml": self.toml_in(folder), "best.html": best_page(self, command=command)}


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
    chosen = _finalists(found)
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
    told = Final(
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
    return _told(
        told,
        budget_in,
        fresh=judged_on if judged is final else 0,
        interrupted=bool(stops),
        manifest=identity(scenario, [plan]) | made,
    )


def _told(
    final: Final, budget_in: str, *, fresh: int, interrupted: bool, manifest: Mapping[str, Any]
) -> Best:
    """What came of the final."""
    return Best(
        scenario=final.scenario,
        goal=final.goal,
        budget=final.budget,
        budget_in=budget_in,
        pick=final.names[final.pick],
        names=tuple(final.names[one] for one in final.chosen),
        candidates=tuple(final.found.candidates[one] for one in final.chosen),
        interrupted=interrupted,
        fresh=fresh,
        curve=curve_table(final),
        finalists=finalists_table(final),
        goals=goals_table(final),
        designs=designs_table(final),
        value_of_knowing=final.knowing(),
        hinges=final.hinges(),
        facts=final.facts(),
        manifest=manifest,
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


def _finalists(found: Searched) -> list[int]:
    """Who is judged on fresh firms: the leaders of every question, and the best of the scenario's own programmes."""
    race = found.race
    chosen: dict[int, None] = {}
    for name, question in race.questions.items():
        ranking = race.ranking(name, found.firms)
        for one in ranking[: question.keep]:
            chosen[one] = None
    chosen[NOTHING] = None
    return list(chosen)
