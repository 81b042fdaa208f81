"""The race on functions whose best is known: with noise, under a limit, beside exhaustive search; and its luck."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.deciding.racing import Question, Race, Stage, best_under, survivors

Real = NDArray[np.float64]

STAGES = (Stage(8, 60), Stage(16, 30), Stage(32, 16), Stage(64, 10), Stage(120, 6))


class Toy:
    """Alternatives with known means; what a firm does is common to all of them, the rest is their own noise."""

    def __init__(self, means: Real, costs: Real, *, noise: float, seed: int, firms: int = 400):
        random = np.random.default_rng(seed)
        common = 3.0 * random.standard_normal(firms)
        self.table = means[:, None] + common + noise * random.standard_normal((len(means), firms))
        self.cost = costs[:, None] * (1.0 + 0.05 * random.standard_normal((len(means), firms)))
        self.lived = np.zeros(len(means), dtype=np.int64)

    def run(self, who: Sequence[int], firms: int) -> None:
        self.lived[list(who)] = np.maximum(self.lived[list(who)], firms)

    def gains(self, goal: str, who: Sequence[int], firms: int) -> Real:
        assert (self.lived[list(who)] >= firms).all()
        return np.asarray(self.table[list(who), :firms])

    def costs(self, who: Sequence[int], firms: int) -> Real:
        return np.asarray(self.cost[list(who), :firms])


def raced(toy: Toy, limit: float) -> list[int]:
    """The ranking at the end of a race of all alternatives."""
    race = Race(toy, {"main": Question("any", limit, 6)}, 6)
    race.enter(range(len(toy.table)), STAGES[:3])
    for stage in STAGES[3:]:
        race.run(stage)
    return race.ranking("main", 120)


def grid() -> tuple[Real, Real]:
    """A small grid of two levers with an optimum inside, and what each point costs."""
    points = np.array(list(itertools.product(range(8), range(8))), dtype=np.float64)
    return 5.0 - 0.2 * ((points - (4.0, 5.0)) ** 2).sum(axis=1), points.sum(axis=1)


def test_it_finds_what_exhaustive_search_finds() -> None:
    means, costs = grid()
    close, runs = 0, []
    for seed in range(20):
        toy = Toy(means, costs, noise=1.0, seed=seed)
        first = raced(toy, np.inf)[0]
        exhaustive = int(toy.table[:, :120].mean(axis=1).argmax())
        close += means[first] >= means.max() - 0.2  # the best, or one step beside it
        assert toy.table[first, :120].mean() >= toy.table[exhaustive, :120].mean() - 0.15
        runs.append(toy.lived.sum())
    assert close >= 19
    assert np.mean(runs) < 0.35 * 64 * 120  # of what exhaustive search spends


def test_it_keeps_the_limit() -> None:
    means, costs = grid()
    truly = means[costs <= 6.0].max()
    for seed in range(10):
        toy = Toy(means, costs, noise=1.0, seed=seed)
        first = raced(toy, 6.05)[0]
        assert toy.cost[first, :120].mean() <= 6.05
        assert costs[first] <= 6.1
        assert means[first] >= truly - 0.45


def test_what_is_surely_worse_or_too_dear_leaves_and_nothing_else() -> None:
    random = np.random.default_rng(1)
    common = random.standard_normal(40)
    gains = np.stack(
        [common, common - 0.01, common - 5.0, common + 9.0]
    ) + 0.3 * random.standard_normal((4, 40))
    costs = np.array([1.0, 1.0, 1.0, 9.0])[:, None] * np.ones((4, 40))
    assert survivors(gains, costs, 2.0, most=4).tolist() == [True, True, False, False]
    assert survivors(gains, costs, 10.0, most=4).tolist() == [False, False, False, True]
    assert survivors(gains, costs, 2.0, most=1).sum() == 1
    assert not survivors(gains, costs, 0.5, most=4).any()
    assert best_under(gains, costs, 2.0)[0] in (0, 1)


def test_a_tie_is_not_decided_by_the_test() -> None:
    """Of two equal alternatives each is dropped in about one of a hundred looks."""
    dropped = 0
    for seed in range(300):
        random = np.random.default_rng(seed)
        gains = random.standard_normal((2, 30))
        dropped += int((~survivors(gains, np.ones((2, 30)), 2.0, most=2)).sum())
    assert 1 <= dropped <= 16  # 300 looks, the better one against the other: about two of a hundred


def test_the_lead_of_a_search_shrinks_where_there_is_none_and_stays_where_there_is() -> None:
    kept = {}
    for spread in (0.0, 3.0):
        then, now = [], []
        for seed in range(40):
            random = np.random.default_rng(seed)
            means = spread * random.standard_normal(100)
            toy = Toy(means, np.ones(100), noise=2.0, seed=seed)
            table = toy.table[:, :8]
            first = int(table.mean(axis=1).argmax())
            then.append(table[first].mean() - table.mean())
            fresh = toy.table[:, 200:]
            now.append(fresh[first].mean() - fresh.mean())
        kept[spread] = np.mean(now) / np.mean(then)
    assert abs(kept[0.0]) < 0.1  # all of it was luck
    assert kept[3.0] > 0.85


def test_newcomers_do_not_push_out_what_has_seen_more() -> None:
    """An old leader stays through the early stages of the new; a bad newcomer leaves."""
    means = np.array([5.0, 4.9, 0.0, -1.0, 5.2])
    toy = Toy(means, np.ones(5), noise=0.5, seed=3)
    race = Race(toy, {"main": Question("any", 2.0, 6)}, 6)
    race.enter([0, 1], STAGES[:3])
    race.enter([2, 3, 4], STAGES[:3])
    assert {2, 3} & set(race.running) == set()
    assert 4 in race.running
    assert race.left[2] == race.left[3] == 8
