"""Large assignments against the exact optimum of companies that are small enough for it."""

from __future__ import annotations

import builtins
import tracemalloc
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.programme import large_assignment
from sim.programme.assignment import assign
from sim.programme.large_assignment import assign_large

Scores = NDArray[np.float64]
Columns = NDArray[np.intp]

needs_solver = pytest.mark.skipif(
    not large_assignment.has_solver(), reason="needs the optional OR-tools"
)


def company(mentees: int, mentors: int, seed: int = 1, forbidden: float = 0.6) -> Scores:
    """Popular mentors, gaps in four skills, and most pairs forbidden."""
    rng = np.random.default_rng(seed)
    needs, skills = rng.random((mentees, 1, 4)), rng.random((1, mentors, 4))
    scores = np.maximum(skills + 0.3 * rng.random((1, mentors, 1)) - needs, 0.0).mean(axis=2)
    return np.where(rng.random(scores.shape) < forbidden, -1.0, scores)


class Blocks:
    """A table that is handed out in blocks; remembers the largest and how many there were."""

    def __init__(self, table: Scores) -> None:
        self.table, self.largest, self.asked = table, 0, 0

    def __call__(self, rows: Columns, columns: Columns) -> Scores:
        block = self.table[np.ix_(rows, columns)]
        self.largest, self.asked = max(self.largest, block.size), self.asked + 1
        return block


def worth(table: Scores, found: Columns) -> float:
    rows = np.flatnonzero(found >= 0)
    return float(table[rows, found[rows]].sum())


def check_legal(table: Scores, capacity: NDArray[np.int64], found: Columns) -> None:
    rows = np.flatnonzero(found >= 0)
    assert found.shape == table.shape[:1] and (found >= -1).all()
    assert (np.bincount(found[rows], minlength=len(capacity)) <= capacity).all()
    assert (table[rows, found[rows]] >= 0).all()


@pytest.fixture
def without_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if OR-tools were not installed."""
    usual = builtins.__import__

    def refuse(name: str, *others: Any, **named: Mapping[str, Any]) -> ModuleType:
        if name.startswith("ortools"):
            raise ImportError(name)
        return usual(name, *others, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)


@needs_solver
@pytest.mark.parametrize("most", [1, 3])
@pytest.mark.parametrize(("sample", "share"), [(0, 0.98), (100, 0.94)])
def test_short_lists_reach_nearly_the_optimum(most: int, sample: int, share: float) -> None:
    """A sample does worst here, where who is forbidden says nothing about who else is."""
    for seed in range(3):
        table = company(300, 300, seed)
        capacity = np.random.default_rng(seed).integers(1, most + 1, 300)
        found, notes = assign_large(Blocks(table), 300, capacity, candidates=12, sample=sample)
        check_legal(table, capacity, found)
        best = assign("optimal", table, capacity, np.zeros(300))
        assert worth(table, found) >= share * worth(table, best)
        assert (found >= 0).sum() >= 0.97 * (best >= 0).sum()
        assert "found exactly" in " ".join(notes)


@needs_solver
def test_lists_by_score_alone_would_leave_many_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trap that prices are there for."""
    table, one = company(300, 300), np.ones(300, dtype=np.int64)
    priced, _ = assign_large(Blocks(table), 300, one, candidates=8)
    monkeypatch.setattr(large_assignment, "_prices", lambda *_: np.zeros(300))
    monkeypatch.setattr(
        large_assignment, "_drawn", lambda allowed, numbers: np.zeros(numbers.shape, np.intp)
    )
    monkeypatch.setattr(large_assignment, "_late", lambda *_: 0)
    unpriced, _ = assign_large(Blocks(table), 300, one, candidates=8)
    assert worth(table, unpriced) < 0.9 * worth(table, priced)


@needs_solver
@pytest.mark.parametrize("everyone", [True, False])
def test_with_everybody_on_every_list_it_is_the_optimum(everyone: bool) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        shape = tuple(rng.integers(1, 12, 2))
        table, capacity = company(*shape, seed), rng.integers(0, 3, shape[1])
        found, _ = assign_large(Blocks(table), shape[0], capacity, candidates=50, everyone=everyone)
        check_legal(table, capacity, found)
        best = assign("optimal", table, capacity, np.zeros(shape[0]), everyone=everyone)
        assert worth(table, found) == pytest.approx(worth(table, best), abs=1e-4)
        if everyone:
            assert (found >= 0).sum() == (best >= 0).sum()


def test_without_the_solver_the_best_pairs_come_first(without_solver: None) -> None:
    table, capacity = company(300, 200), np.full(200, 2)
    found, notes = assign_large(Blocks(table), 300, capacity)
    check_legal(table, capacity, found)
    assert any("OR-tools is not installed" in note for note in notes)
    best = assign("optimal", table, capacity, np.zeros(300))
    assert worth(table, found) > 0.9 * worth(table, best)
    assert (found >= 0).mean() > 0.97


def test_without_the_solver_and_with_everybody_listed_it_is_greedy(without_solver: None) -> None:
    for seed in range(10):
        table, capacity = company(20, 15, seed), np.ones(15, dtype=np.int64)
        found, _ = assign_large(Blocks(table), 20, capacity, candidates=60)
        greedy = assign("greedy", table, capacity, np.zeros(20), everyone=False)
        assert found.tolist() == greedy.tolist()


def test_scarce_places_go_round_and_no_more() -> None:
    table, capacity = company(200, 40, forbidden=0.3), np.full(40, 2)
    capacity[:10] = 0
    found, _ = assign_large(Blocks(table), 200, capacity)
    check_legal(table, capacity, found)
    assert (found >= 0).sum() == capacity.sum()


@pytest.mark.parametrize("sample", [0, 10])
def test_odd_inputs_give_no_pairs(sample: int) -> None:
    one = np.ones(30, dtype=np.int64)
    for mentees, capacity, table in (
        (0, one, np.ones((0, 30))),
        (20, one[:0], np.ones((20, 0))),
        (20, 0 * one, np.ones((20, 30))),
        (20, one, np.full((20, 30), -1.0)),
    ):
        found, _ = assign_large(Blocks(table), mentees, capacity, sample=sample)
        assert found.tolist() == [-1] * mentees


@pytest.mark.parametrize("value", [0.0, 0.25])
def test_identical_scores_match_everybody(value: float) -> None:
    table, one = np.full((50, 60), value), np.ones(60, dtype=np.int64)
    for sample in (0, 20):
        found, _ = assign_large(Blocks(table), 50, one, sample=sample)
        check_legal(table, one, found)
        assert (found >= 0).all()


def test_the_same_input_gives_the_same_pairs_in_any_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    table, one = company(150, 120), np.ones(120, dtype=np.int64)
    for sample in (0, 60):
        found, _ = assign_large(Blocks(table), 150, one, sample=sample)
        again, _ = assign_large(Blocks(table), 150, one, sample=sample)
        assert found.tolist() == again.tolist()
    found, _ = assign_large(Blocks(table), 150, one)
    monkeypatch.setattr(large_assignment, "_CELLS", 1_000)
    again, _ = assign_large(Blocks(table), 150, one)
    assert found.tolist() == again.tolist()


@pytest.mark.long
def test_blocks_stay_small_and_few_pairs_are_scored_in_a_sample() -> None:
    """8,000 people a side: the whole table would be half a gigabyte."""
    size, scored = 8_000, 0
    needs, skills = np.random.default_rng(2).random((2, size))

    def block(rows: Columns, columns: Columns) -> Scores:
        nonlocal scored
        scored += len(rows) * len(columns)
        assert len(rows) * len(columns) <= large_assignment._CELLS
        return 1.0 - np.abs(needs[rows][:, np.newaxis] - skills[columns])

    tracemalloc.start()
    found, _ = assign_large(block, size, np.ones(size, dtype=np.int64), candidates=8, sample=50)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found >= 0).mean() > 0.98
    assert scored < 0.25 * size**2
    assert peak < 300e6


def test_random_integers_depend_on_their_place_alone() -> None:
    numbers = large_assignment._numbers(7, 0, 40)
    for start in (0, 1, 2, 3, 4, 17):
        assert (
            large_assignment._numbers(7, start, 9).tolist() == numbers[start : start + 9].tolist()
        )
    assert large_assignment._numbers(8, 0, 40).tolist() != numbers.tolist()


def test_candidates_by_chance_are_allowed_and_cover_all() -> None:
    allowed = np.random.default_rng(4).random((5, 30)) < 0.4
    allowed[2] = False
    drawn = large_assignment._drawn(
        allowed, large_assignment._numbers(1, 0, 5_000).reshape(5, 1_000)
    )
    for row in (0, 1, 3, 4):
        assert set(drawn[row]) == set(np.flatnonzero(allowed[row]))
    assert (drawn[2] == 0).all()


def test_groups_hold_everybody_once_and_those_who_are_alike() -> None:
    kinds = np.arange(600) % 3
    table = np.where(kinds[:, np.newaxis] == np.arange(90) % 3, 0.9, 0.1)
    groups = list(large_assignment._alike(Blocks(table), 600, 90))
    assert sorted(np.concatenate([rows for rows, _ in groups])) == list(range(600))
    for rows, typical in groups:
        assert len(rows) <= large_assignment._TOGETHER
        assert len(set(kinds[rows])) == 1
        assert 0 <= typical < len(rows)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"candidates": 0}, "0 candidates"),
        ({"sample": -1}, "sample -1"),
        ({"mentees": -1}, "-1 mentees"),
    ],
)
def test_faulty_calls_are_refused(given: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        assign_large(
            Blocks(np.ones((3, 3))), **{"mentees": 3, "capacity": np.ones(3, np.int64), **given}
        )  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_faulty_scores_are_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="numbers below infinity"):
        assign_large(Blocks(np.full((3, 3), wrong)), 3, np.ones(3, np.int64))


def test_as_many_as_possible_is_more_than_the_sum() -> None:
    """One mentee can have one mentor alone, who would be worth more to the other."""
    scores = np.array([[0.2, -1.0], [1.0, 0.05]], dtype=np.float32)

    def block(rows: Any, columns: Any) -> Any:
        return scores[np.ix_(rows, columns)]

    for everyone, expected in ((True, [0, 1]), (False, [-1, 0])):
        found, _ = assign_large(block, 2, np.array([1, 1]), everyone=everyone)
        assert found.tolist() == expected
