"""Assignments against trying everything, and wrong ones that these tests must reject."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from sim.programme import assignment
from sim.programme.assigning import list_places
from sim.programme.assignment import ASSIGNMENTS, Problem, assign

Found = NDArray[np.intp]
NAMES = ("random", "first_come", "greedy", "stable", "optimal", "protective")
STEPWISE = ("random", "first_come", "greedy")


def solved(name: str, problem: Problem) -> Found:
    return assign(name, *problem[:3], everyone=problem.everyone, lots=problem.lots,
                  mentor_scores=problem.mentor_scores)  # fmt: skip


def example(rng: np.random.Generator, most: int = 4, *, everyone: bool = True) -> Problem:
    """A small problem; scores are quarters, so that many are equal and sums are exact."""
    shape = tuple(rng.integers(1, most + 1, 2))
    return Problem(
        rng.integers(-2, 6, shape) / 4.0,
        np.ones(shape[1], dtype=np.int64) if rng.random() < 0.3 else rng.integers(0, 4, shape[1]),
        rng.integers(0, most, shape[0]) / most,
        everyone,
        (rng.permutation(shape[0] * shape[1]).reshape(shape) + 0.5) / (shape[0] * shape[1]),
        rng.integers(-1, 6, shape) / 4.0,
    )


@st.composite
def problems(draw: st.DrawFn, most: int = 4) -> Problem:
    seed, size = draw(st.integers(0, 2**32 - 1)), draw(st.integers(1, most))
    return example(np.random.default_rng(seed), size, everyone=draw(st.booleans()))


def ways(problem: Problem) -> Iterator[tuple[int, ...]]:
    """Every assignment that is allowed."""
    scores, capacity = problem.scores, problem.capacity
    choices = [[-1, *np.flatnonzero(row >= 0)] for row in scores]
    for way in itertools.product(*choices):
        if all(way.count(column) <= capacity[column] for column in range(len(capacity))):
            yield way


def worth(values: NDArray[np.float64], found: Found | tuple[int, ...]) -> float:
    return float(sum(values[row, column] for row, column in enumerate(found) if column >= 0))


def matched(found: Found | tuple[int, ...]) -> int:
    return sum(column >= 0 for column in found)


def most_pairs(problem: Problem) -> int:
    """By SciPy's Hopcroft-Karp, each mentor standing for as many columns as there is capacity."""
    allowed = np.repeat(problem.scores >= 0, problem.capacity, axis=1)
    return matched(maximum_bipartite_matching(csr_array(allowed), perm_type="column"))


# What is checked: each takes a problem and finds fault with the assignment of that name.


def check_legal(name: str, problem: Problem) -> None:
    found = solved(name, problem)
    rows = np.flatnonzero(found >= 0)
    assert found.shape == problem.scores.shape[:1] and found.dtype == np.intp
    assert (found >= -1).all()
    assert (np.bincount(found[rows], minlength=len(problem.capacity)) <= problem.capacity).all()
    assert (problem.scores[rows, found[rows]] >= 0).all()


def check_everyone(name: str, problem: Problem) -> None:
    assert matched(solved(name, problem._replace(everyone=True))) == most_pairs(problem)


def check_greatest(name: str, problem: Problem) -> None:
    values = np.sqrt(np.maximum(problem.scores, 0)) if name == "protective" else problem.scores
    found = solved(name, problem)
    sums = [(matched(way), worth(values, way)) for way in ways(problem)]
    if problem.everyone:
        assert (matched(found), worth(values, found)) == pytest.approx(max(sums))
    else:
        assert worth(values, found) == pytest.approx(max(value for _, value in sums))


def check_stepwise(name: str, problem: Problem) -> None:
    """The rule, word by word."""
    scores, room = problem.scores, problem.capacity.tolist()
    expected = np.full(len(scores), -1)
    if name == "greedy":
        steps = sorted(np.ndindex(*scores.shape), key=lambda cell: (-scores[cell], cell))
    else:
        wishes = problem.lots if name == "random" else scores
        assert wishes is not None
        turn = problem.order
        steps = sorted(
            np.ndindex(*scores.shape),
            key=lambda cell: (turn[cell[0]], cell[0], -wishes[cell], cell[1]),
        )
    for row, column in steps:
        if scores[row, column] >= 0 and room[column] and expected[row] < 0:
            expected[row] = column
            room[column] -= 1
    assert solved(name, problem._replace(everyone=False)).tolist() == expected.tolist()


def check_completion(name: str, problem: Problem) -> None:
    """The matched stay matched, and nothing changes where nobody can be let in."""
    before = solved(name, problem._replace(everyone=False))
    after = solved(name, problem._replace(everyone=True))
    assert (after[before >= 0] >= 0).all()
    if matched(before) == matched(after):
        assert before.tolist() == after.tolist()


def is_stable(problem: Problem, found: Found | tuple[int, ...]) -> bool:
    scores, liking = problem.scores, problem.mentor_scores
    liking = scores if liking is None else liking
    for row, column in np.ndindex(*scores.shape):
        if scores[row, column] < 0 or liking[row, column] < 0:
            if found[row] == column:
                return False
            continue
        has = found[row]
        she_would = has < 0 or (-scores[row, column], column) < (-scores[row, has], has)
        theirs = [other for other in range(len(scores)) if found[other] == column]
        mentor_would = len(theirs) < problem.capacity[column] or any(
            (-liking[row, column], row) < (-liking[other, column], other) for other in theirs
        )
        if she_would and mentor_would:
            return False
    return True


def check_stable(name: str, problem: Problem) -> None:
    """No pair would rather have each other; no mentee could do better in a stable assignment."""
    for each in (problem, problem._replace(mentor_scores=None)):
        found = solved(name, each)
        assert is_stable(each, found)
        for way in ways(each):
            if is_stable(each, way):
                for row, column in enumerate(way):
                    has = found[row]
                    assert column < 0 or has == column or (
                        has >= 0 and (-each.scores[row, has], has) < (-each.scores[row, column], column)
                    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(problem=problems(8))
def test_capacity_is_kept_and_no_forbidden_pair_is_made(problem: Problem) -> None:
    for name in NAMES:
        check_legal(name, problem)


@settings(max_examples=300, deadline=None)
@given(problem=problems(8))
def test_everyone_is_matched_who_can_be(problem: Problem) -> None:
    for name in NAMES:
        if name != "stable":
            check_everyone(name, problem)


@settings(max_examples=200, deadline=None)
@given(problem=problems())
def test_optimal_and_protective_have_the_greatest_sum(problem: Problem) -> None:
    check_greatest("optimal", problem)
    check_greatest("protective", problem)


@settings(max_examples=300, deadline=None)
@given(problem=problems(8))
def test_step_by_step_methods_do_what_they_say(problem: Problem) -> None:
    for name in STEPWISE:
        check_stepwise(name, problem)


@settings(max_examples=300, deadline=None)
@given(problem=problems(8))
def test_who_is_matched_stays_matched_when_others_are_let_in(problem: Problem) -> None:
    for name in STEPWISE:
        check_completion(name, problem)


@pytest.mark.long
@settings(max_examples=200, deadline=None)
@given(problem=problems())
def test_no_pair_would_rather_have_each_other(problem: Problem) -> None:
    check_stable("stable", problem)


@settings(max_examples=200, deadline=None)
@given(problem=problems(8))
def test_with_one_score_for_both_sides_stable_is_greedy(problem: Problem) -> None:
    alike = problem._replace(everyone=False, mentor_scores=None)
    assert solved("stable", alike).tolist() == solved("greedy", alike).tolist()


@settings(max_examples=300, deadline=None)
@given(problem=problems(8))
def test_no_other_assignment_of_as_many_pairs_beats_optimal(problem: Problem) -> None:
    scores = problem.scores
    best = solved("optimal", problem)
    for name in NAMES:
        found = solved(name, problem)
        if matched(found) == matched(best) or not problem.everyone:
            assert worth(scores, found) <= worth(scores, best) + 1e-9


def test_greedy_pairs_score_more_than_random_ones_on_average() -> None:
    means: dict[str, list[float]] = {"random": [], "greedy": []}
    for seed in range(40):
        rng = np.random.default_rng(seed)
        scores = np.where(rng.random((30, 25)) < 0.3, -1.0, rng.random((30, 25)))
        for name, values in means.items():
            found = assign(name, scores, np.full(25, 2), rng.random(30), lots=rng.random((30, 25)))
            values.append(worth(scores, found) / matched(found))
    assert np.mean(means["greedy"]) > 1.3 * np.mean(means["random"])


def test_protective_serves_the_worst_served_better() -> None:
    scores = np.array([[1.0, 0.5], [0.6, 0.0]])
    one, none = np.ones(2, dtype=np.int64), np.zeros(2)
    assert assign("optimal", scores, one, none).tolist() == [1, 0]
    assert assign("protective", scores, one, none).tolist() == [1, 0]
    uneven = np.array([[1.0, 0.45], [0.5, 0.04]])
    assert assign("optimal", uneven, one, none).tolist() == [0, 1]
    assert assign("protective", uneven, one, none).tolist() == [1, 0]


def test_lots_decide_the_random_assignment_and_scores_do_not() -> None:
    rng = np.random.default_rng(5)
    scores, lots = rng.random((2, 20, 30))
    problem = Problem(scores, np.full(30, 1), rng.random(20), lots=lots)
    found = solved("random", problem)
    assert found.tolist() == solved("random", problem._replace(scores=scores**3)).tolist()
    assert found.tolist() != solved("random", problem._replace(lots=1.0 - lots)).tolist()


def test_those_who_came_first_are_let_in_first() -> None:
    """One more place than greedy fills, and two whom a change could let in."""
    scores, one = np.array([[0.9, 0.8], [0.5, -1.0], [0.5, -1.0]]), np.ones(2, dtype=np.int64)
    assert assign("greedy", scores, one, np.array([0.0, 1.0, 2.0])).tolist() == [1, 0, -1]
    assert assign("greedy", scores, one, np.array([0.0, 2.0, 1.0])).tolist() == [1, -1, 0]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_empty_tables_give_no_pairs(shape: tuple[int, int]) -> None:
    for name in NAMES:
        found = assign(name, np.zeros(shape), np.ones(shape[1], dtype=np.int64), np.zeros(shape[0]),
                       lots=np.zeros(shape))  # fmt: skip
        assert found.tolist() == [-1] * shape[0]


def test_without_room_or_permission_nobody_is_paired() -> None:
    shape = (4, 3)
    for name, everyone in itertools.product(NAMES, (True, False)):
        for scores, capacity in ((np.ones(shape), 0), (np.full(shape, -1.0), 2)):
            found = assign(name, scores, np.full(3, capacity), np.zeros(4), everyone=everyone,
                           lots=np.ones(shape))  # fmt: skip
            assert found.tolist() == [-1] * 4


def test_identical_scores_go_by_index() -> None:
    """And are a matching as large as any other; the solver's choice among them is its own."""
    scores, capacity = np.full((5, 3), 0.25), np.array([1, 2, 1])
    for name in ("first_come", "greedy", "stable"):
        assert assign(name, scores, capacity, np.zeros(5)).tolist() == [0, 1, 1, 2, -1]
    for name in ("optimal", "protective"):
        assert matched(assign(name, scores, capacity, np.zeros(5))) == 4


def test_the_same_input_gives_the_same_pairs_and_is_left_alone() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        problem = example(rng, 12)
        kept = [np.array(table, copy=True) for table in problem]
        turned = problem._replace(scores=np.asfortranarray(problem.scores))
        for name in NAMES:
            found = solved(name, problem).tolist()
            assert found == solved(name, problem).tolist() == solved(name, turned).tolist()
        for table, before in zip(problem, kept, strict=True):
            np.testing.assert_array_equal(np.asarray(table), before)


def test_capacity_beyond_all_mentees_is_exact_and_cheap() -> None:
    """Short lists: everybody gets her favourite, from one column each."""
    rng = np.random.default_rng(8)
    scores = rng.random((300, 200))
    for name in ("first_come", "greedy", "stable", "optimal", "protective"):
        found = assign(name, scores, np.full(200, 10**9), np.zeros(300))
        assert found.tolist() == scores.argmax(axis=1).tolist()
    wanted = len(list_places(scores, np.full(200, 10**9)))
    assert wanted == 300


def test_faulty_tables_are_refused() -> None:
    scores, capacity, order = np.ones((2, 3)), np.ones(3, dtype=np.int64), np.zeros(2)
    with pytest.raises(KeyError, match="there are: random, first_come"):
        assign("best", scores, capacity, order)
    with pytest.raises(ValueError, match="needs lots"):
        assign("random", scores, capacity, order)
    with pytest.raises(ValueError, match="shape"):
        assign("random", scores, capacity, order, lots=np.ones((3, 2)))
    with pytest.raises(ValueError, match="order"):
        assign("greedy", scores, capacity, np.zeros(3))
    for wrong in (np.nan, np.inf):
        with pytest.raises(ValueError, match="numbers below infinity"):
            assign("greedy", np.where(np.eye(2, 3) > 0, wrong, 0.5), capacity, order)


def test_names_are_those_that_scenarios_can_give() -> None:
    assert tuple(ASSIGNMENTS) == NAMES


# Wrong variants: each must be found out by the check that is there for it.


def overfull(problem: Problem) -> Found:
    return assignment._greedy(problem._replace(capacity=problem.capacity + 1))


def blind(problem: Problem) -> Found:
    return assignment._optimal(problem._replace(scores=np.abs(problem.scores)))


def never_completed(problem: Problem) -> Found:
    return assignment._greedy(problem._replace(everyone=False))


def always_completed(problem: Problem) -> Found:
    return assignment._optimal(problem._replace(everyone=True))


def rearranged(problem: Problem) -> Found:
    return assignment._completed(problem, assignment._stable(problem), problem.scores)


def mentors_ignored(problem: Problem) -> Found:
    return assignment._stable(problem._replace(mentor_scores=None))


def mentors_propose(problem: Problem) -> Found:
    """Stable, but the best for mentors (capacity 1 only, else as it is)."""
    liking = problem.scores if problem.mentor_scores is None else problem.mentor_scores
    if (problem.capacity != 1).any():
        return assignment._stable(problem)
    back = assignment._stable(
        Problem(liking.T.copy(), np.ones(len(liking), dtype=np.int64), np.zeros(liking.shape[1]),
                mentor_scores=problem.scores.T.copy())
    )  # fmt: skip
    found = np.full(len(liking), -1, dtype=np.intp)
    found[back[back >= 0]] = np.flatnonzero(back >= 0)
    return found


def last_of_equals(problem: Problem) -> Found:
    turned = problem._replace(scores=problem.scores[:, ::-1], capacity=problem.capacity[::-1])
    found = assignment._greedy(turned)
    return np.where(found >= 0, len(problem.capacity) - 1 - found, -1)


def pushed_out(problem: Problem) -> Found:
    """Makes as many pairs as can be, but not of those who had one."""
    return assignment._optimal(problem) if problem.everyone else assignment._greedy(problem)


def only_best_short_list(problem: Problem) -> Found:
    """A short list of one, as if every mentor had a place for all."""
    best = problem.scores == problem.scores.max(axis=1, keepdims=True)
    return assignment._optimal(problem._replace(scores=np.where(best, problem.scores, -1.0)))


WRONG: tuple[tuple[str, Callable[[Problem], Found], Callable[[str, Problem], None]], ...] = (
    ("greedy", overfull, check_legal),
    ("optimal", blind, check_legal),
    ("greedy", never_completed, check_everyone),
    ("greedy", pushed_out, check_completion),
    ("greedy", last_of_equals, check_stepwise),
    ("greedy", assignment._first_come, check_stepwise),
    ("first_come", assignment._greedy, check_stepwise),
    ("random", assignment._first_come, check_stepwise),
    ("optimal", assignment._greedy, check_greatest),
    ("optimal", always_completed, check_greatest),
    ("optimal", only_best_short_list, check_greatest),
    ("optimal", assignment._protective, check_greatest),
    ("protective", assignment._optimal, check_greatest),
    ("stable", rearranged, check_stable),
    ("stable", mentors_ignored, check_stable),
    ("stable", mentors_propose, check_stable),
    ("stable", assignment._optimal, check_stable),
)


@pytest.mark.parametrize(
    ("name", "wrong", "check"), WRONG, ids=lambda part: getattr(part, "__name__", part)
)
def test_wrong_variants_are_found_out(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    wrong: Callable[[Problem], Found],
    check: Callable[[str, Problem], None],
) -> None:
    rng = np.random.default_rng(11)
    tried = [example(rng, 4, everyone=bool(number % 2)) for number in range(400)]
    for problem in tried:
        check(name, problem)
    monkeypatch.setitem(ASSIGNMENTS, name, wrong)
    with pytest.raises(AssertionError):
        for problem in tried:
            check(name, problem)
