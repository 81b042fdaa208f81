"""A race between many alternatives over the same firms: runs go where they decide something.

All alternatives still in the race live through the same firms, a stage of firms after another; what is surely
worse than another one leaves, and of the rest only as many stay as the stage has room for (Karnin, Koren & Somekh
2013; López-Ibáñez et al. 2016). Several questions (a goal under a budget) are raced at once over the same firms,
and an alternative stays as long as it may be the answer to one of them.

The procedure of Kim and Nelson, which sweeps offer, promises more, the best with a given probability, and takes
too long here: with 300 alternatives and eight first firms it needs 49 · variance / (smallest difference)² firms
of each before it drops one that is no worse than the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Question", "Race", "Stage", "Tried", "best_under", "survivors"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: most of a goal for at most so much.

    Attributes
    ----------
    goal
        Key of the goal.
    limit
        Mean cost at most; infinite where it does not matter.
    keep
        How many alternatives go into the final for it.
    """

    goal: str
    limit: float
    keep: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: up to how many firms, and how many alternatives may stay for each question afterwards."""

    firms: int
    most: int


class Tried(Protocol):
    """Where results come from: alternatives are numbers, firms too."""

    def run(self, who: Sequence[int], firms: int) -> None:
        """See to it that these have lived through the firms 0 to `firms` - 1."""

    def gains(self, goal: str, who: Sequence[int], firms: int) -> Real:
        """Change for the better against no programme in the same firm; shape (len(who), firms)."""

    def costs(self, who: Sequence[int], firms: int) -> Real:
        """Cost; the same shape."""


def survivors(
    gains: Real, costs: Real, limit: float, *, most: int, surely: float = 0.01
) -> NDArray[np.bool_]:
    """Which alternatives may still be the best that a budget allows.

    One leaves that surely costs more than the limit, or that is surely worse than the best of those within it: a
    one-sided paired t test over the firms at `surely`. Of the rest the `most` with the greatest means stay.

    Parameters
    ----------
    gains, costs
        Shape (alternatives, firms).
    """
    from scipy.special import stdtrit

    count = gains.shape[1]
    quantile = float(stdtrit(count - 1, 1.0 - surely)) if count > 1 else np.inf
    cost, error = costs.mean(axis=1), costs.std(axis=1, ddof=1) / np.sqrt(count)
    stays = np.asarray(cost - quantile * error <= limit)
    within = np.flatnonzero(cost <= limit)
    means = gains.mean(axis=1)
    if len(within):
        best = within[int(np.argmax(means[within]))]
        behind = gains[best] - gains
        spread = behind.std(axis=1, ddof=1) / np.sqrt(count)
        stays &= behind.mean(axis=1) - quantile * spread <= 0.0
    order = np.argsort(-np.where(stays, means, -np.inf), kind="stable")
    stays[order[most:]] = False
    return stays


def best_under(gains: Real, costs: Real, limit: float) -> list[int]:
    """Positions of those whose mean cost keeps the limit, the greatest mean gain first."""
    means = gains.mean(axis=1)
    within = np.flatnonzero(costs.mean(axis=1) <= limit)
    return [int(place) for place in within[np.argsort(-means[within], kind="stable")]]


@dataclass
class Race:
    """A race of several questions.

    Attributes
    ----------
    tried
        Where results come from.
    questions
        What is asked, by name.
    full
        Finalists of a question for which a stage has all the room that it says; others have it in proportion.
    alive
        Alternatives that are still in the race for each question.
    left
        After how many firms an alternative left the race altogether.
    """

    tried: Tried
    questions: Mapping[str, Question]
    full: int
    alive: dict[str, list[int]] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)

    @property
    def running(self) -> list[int]:
        """Alternatives that are in the race for any question."""
        return sorted({one for many in self.alive.values() for one in many})

    def enter(self, who: Sequence[int], stages: Sequence[Stage]) -> None:
        """Let alternatives into the race: they live through what the others have lived through, stage by stage."""
        before = {name: set(self.alive.get(name, ())) for name in self.questions}
        for name in self.questions:
            self.alive[name] = sorted({*before[name], *who})
        for stage in stages:
            # Those that have been through more firms do not leave for what the first few of them say.
            self.run(stage, {} if stage is stages[-1] else before)

    def run(self, stage: Stage, safe: Mapping[str, set[int]] | None = None) -> None:
        """One stage: all that are in the race live through its firms, and some leave.

        Parameters
        ----------
        safe
            By question, those who stay in any case.
        """
        before = self.running
        self.tried.run(before, stage.firms)
        for name, question in self.questions.items():
            who = self.alive[name]
            if not who:
                continue
            gains = self.tried.gains(question.goal, who, stage.firms)
            costs = self.tried.costs(who, stage.firms)
            most = max(question.keep, round(stage.most * question.keep / self.full))
            stays = survivors(gains, costs, question.limit, most=most)
            held = (safe or {}).get(name, set())
            self.alive[name] = [
                one for one, kept in zip(who, stays, strict=True) if kept or one in held
            ]
        for one in set(before) - set(self.running):
            self.left[one] = stage.firms

    def ranking(self, name: str, firms: int) -> list[int]:
        """Those in the race for a question that keep its limit, the best first."""
        question, who = self.questions[name], self.alive[name]
        if not who:
            return []
        gains = self.tried.gains(question.goal, who, firms)
        return [
            who[place] for place in best_under(gains, self.tried.costs(who, firms), question.limit)
        ]
