"""The search for the best programme: designs at random, a race, their neighbours, and a final on fresh firms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.deciding.levers import Candidate, Space, Values, designs_at_random, neighbours
from sim.deciding.racing import Question, Race, Stage
from sim.deciding.trials import NOTHING, Trials

__all__ = ["LEVELS", "MAIN", "Searched", "questions_of", "search"]

MAIN = "main"
"""Name of the question that was asked."""

LEVELS = (0.125, 0.25, 0.5, 1.0, 2.0)
"""Budgets of the curve, in shares of the one that was given."""

_FIRST = (Stage(8, 60), Stage(16, 30), Stage(32, 16))
_LAST = (Stage(64, 10),)
_MOST_LAST = 6
"""Room of the last stage, through all the firms of the search."""

_KEEP = 6
"""Finalists of the question that was asked; a stage has room in this proportion for the others."""

_GENERATIONS = 2
_FRESHLY_BRED = 0.4
"""New designs of a generation, in shares of those at random."""


def questions_of(goal: str, goals: tuple[str, ...], budget: float) -> dict[str, Question]:
    """What is raced at once: the goal under each budget of the curve, every other goal under the one given."""
    found = {
        (MAIN if share == 1.0 else f"budget {share:g}"): Question(
            goal, share * budget, _KEEP if share == 1.0 else 2
        )
        for share in LEVELS
    }
    return found | {f"goal {one}": Question(one, budget, 1) for one in goals if one != goal}


@dataclass
class Searched:
    """How far a search has come.

    Attributes
    ----------
    candidates
        By number.
    race
        See :class:`~sim.deciding.racing.Race`.
    firms
        How many firms those that are still in it have lived through.
    whole
        Whether it came to its end.
    """

    candidates: list[Candidate]
    race: Race
    firms: int
    whole: bool = False


def search(
    space: Space,
    tried: Trials,
    questions: Mapping[str, Question],
    *,
    designs: int,
    seed: int,
    stopped: Callable[[KeyboardInterrupt], bool],
) -> Searched:
    """Search for the best programmes.

    Parameters
    ----------
    space
        The designs that there are.
    tried
        Its candidates are no programme and whatever the scenario has; those that are tried are added.
    questions
        What is raced.
    designs
        How many designs at random it begins with.
    seed
        Decides which.
    stopped
        Asked when somebody stops it, with what came: whether what is done so far will do.
    """
    random = np.random.default_rng(seed)
    most = len(tried.firms)
    first = [Stage(min(stage.firms, most), stage.most) for stage in _FIRST]
    last = [*(stage for stage in _LAST if stage.firms < most), Stage(most, _MOST_LAST)]
    race = Race(tried, questions, _KEEP)
    found = Searched(tried.candidates, race, 0)
    known: set[Values] = set()

    def add(new: list[Values]) -> list[int]:
        numbers = []
        for values in new:
            known.add(values)
            numbers.append(len(tried.candidates))
            tried.candidates.append(space.candidate(values, f"Design {len(tried.candidates)}"))
        return numbers

    try:
        anchors = list(range(len(tried.candidates)))
        race.enter([*anchors, *add(designs_at_random(space, designs, random))], first)
        found.firms = first[-1].firms
        for _ in range(_GENERATIONS):
            parents = _parents(found)
            bred = neighbours(space, parents, known, round(_FRESHLY_BRED * designs), random)
            before = {name: list(who) for name, who in race.alive.items()}
            numbers = add(bred)
            try:
                race.enter(numbers, first)
            except KeyboardInterrupt:  # those that were there before have all that they need
                race.alive = before
                raise
        for stage in last:
            if stage.firms > found.firms:
                race.run(stage)
                found.firms = stage.firms
        found.whole = True
    except KeyboardInterrupt as interrupt:
        if not found.firms or not stopped(interrupt):
            raise
    return found


def _parents(found: Searched) -> list[Values]:
    """Designs of which neighbours are tried: the leaders of every question, those of the one asked first."""
    parents: dict[Values, None] = {}
    for name in sorted(found.race.questions, key=lambda one: one != MAIN):
        ranking = found.race.ranking(name, found.firms)
        for one in ranking[: 8 if name == MAIN else 3]:
            values = found.candidates[one].values
            if one != NOTHING and values is not None:
                parents[values] = None
    return list(parents)
