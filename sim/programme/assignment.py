"""Assignments: from a table of scores to pairs, within the mentors' capacity.

==============  ==========================================================================
name            who gets whom
==============  ==========================================================================
random          mentees in turn draw one of the allowed mentors who have room
first_come      mentees in turn take the best allowed mentor who has room
greedy          the best pair of all is made first, then the best of what is left
stable          nobody and no mentor would both rather have each other (Gale & Shapley 1962)
optimal         the greatest sum of scores
protective      the greatest sum of the scores' square roots: protects the worst served
==============  ==========================================================================

With ``everyone`` nobody stays out who could be matched: `optimal` and `protective` look for the most
pairs first, the methods that go step by step are completed by augmenting paths, in which matched
mentees change mentors but stay matched. A stable assignment is never rearranged, for it would no
longer be stable.

Equal scores are settled by row, then column. Only comparisons, sums and square roots are used, so that
the same table gives the same pairs everywhere; which of several equally good optima is taken is left
to SciPy's solver.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.programme.assigning import (
    complete,
    list_places,
    make_best_pairs,
    take_turns,
    worth_of_places,
)

__all__ = ["ASSIGNMENTS", "EXACT_UP_TO", "Problem", "assign"]

EXACT_UP_TO = 2_000
"""Mentees up to which one table of scores is made; above, see `sim.programme.large_assignment`."""

Scores = NDArray[np.float64]
Columns = NDArray[np.intp]
Capacities = NDArray[np.int64]
_FORBIDDEN = -1.0


class Problem(NamedTuple):
    """Who could be paired with whom; the fields are the parameters of `assign`."""

    scores: Scores
    capacity: Capacities
    order: Scores
    everyone: bool = True
    lots: Scores | None = None
    mentor_scores: Scores | None = None


def assign(
    name: str,
    scores: Scores,
    capacity: Capacities,
    order: Scores,
    *,
    everyone: bool = True,
    lots: Scores | None = None,
    mentor_scores: Scores | None = None,
) -> Columns:
    """Pair mentees with mentors; for each mentee the mentor's column, or -1.

    Parameters
    ----------
    name
        One of `ASSIGNMENTS`.
    scores
        How good each pair would be, 0 or more in any unit; negative where a pair is forbidden. Shape
        (mentees, mentors); either may be 0.
    capacity
        Mentees that each mentor can have, 0 or more; shape (mentors,).
    order
        Who comes first, lowest first; shape (mentees,). Decides where mentees come in turn, and who is
        let in first where a matching is completed.
    everyone
        Whether as many as possible are matched. If not, `optimal` and `protective` leave people out
        where that raises the sum (a pair with a score of 0 adds nothing and may be left out), and the
        other methods leave out those for whom they find nobody.
    lots
        Random numbers in (0, 1), for `random` alone; shape (mentees, mentors). The mentee takes the
        highest.
    mentor_scores
        The mentors' own liking, for `stable` alone; same shape and sign as `scores`, a pair is
        forbidden if either is negative. Without it both sides go by the same score; there is then one
        stable assignment, the one that `greedy` finds.

    Raises
    ------
    KeyError
        If there is no such assignment.
    ValueError
        If shapes do not agree, a score is not a number or infinite, or `random` gets no lots.
    """
    if name not in ASSIGNMENTS:
        raise KeyError(f"no assignment {name!r}; there are: {', '.join(ASSIGNMENTS)}")
    if scores.ndim != 2 or order.shape != scores.shape[:1] or capacity.shape != scores.shape[1:]:
        raise ValueError(f"scores {scores.shape}, capacity {capacity.shape}, order {order.shape}")
    for table in (lots, mentor_scores):
        if table is not None and table.shape != scores.shape:
            raise ValueError(f"a table has shape {table.shape}, the scores have {scores.shape}")
    if name == "random" and lots is None:
        raise ValueError("the random assignment needs lots")
    if scores.size == 0:
        return _nobody(scores)
    if not scores.max() < np.inf:
        raise ValueError("scores must be numbers below infinity")
    scores = np.ascontiguousarray(scores, dtype=np.float64)
    capacity = np.ascontiguousarray(capacity, dtype=np.int64)
    return ASSIGNMENTS[name](Problem(scores, capacity, order, everyone, lots, mentor_scores))


def _random(problem: Problem) -> Columns:
    """Mentees in turn draw one of the allowed mentors who have room."""
    assert problem.lots is not None
    return _in_turn(problem, np.where(problem.scores >= 0.0, problem.lots, _FORBIDDEN))


def _first_come(problem: Problem) -> Columns:
    """Mentees in turn take the best allowed mentor who has room."""
    return _in_turn(problem, problem.scores)


def _in_turn(problem: Problem, wishes: Scores) -> Columns:
    """Each mentee's highest wish among the mentors who have room when it is her turn."""
    found, room = _nobody(wishes), problem.capacity.copy()
    take_turns(wishes, room, np.argsort(problem.order, kind="stable"), found)
    return _completed(problem, found, wishes)


def _greedy(problem: Problem) -> Columns:
    """The best pair of all is made first, then the best of what is left."""
    found, room = _nobody(problem.scores), problem.capacity.copy()
    make_best_pairs(problem.scores, room, found)
    return _completed(problem, found, problem.scores)


def _stable(problem: Problem) -> Columns:
    """Mentees ask, mentors keep those whom they like best, those let go ask on; never completed.

    Where several assignments are stable this is the one that every mentee likes best.
    """
    liking = problem.scores if problem.mentor_scores is None else problem.mentor_scores
    wishes = np.where((problem.capacity > 0) & (liking >= 0.0), problem.scores, _FORBIDDEN)
    ranked = np.argsort(-wishes, axis=1, kind="stable")
    last = np.count_nonzero(wishes >= 0.0, axis=1).tolist()
    to_ask = [iter(mentors[:end].tolist()) for mentors, end in zip(ranked, last, strict=True)]
    room = problem.capacity.tolist()
    kept: list[list[tuple[float, int]]] = [[] for _ in room]
    asking = list(range(len(wishes)))[::-1]
    while asking:
        row = asking.pop()
        for column in to_ask[row]:
            mentees, suitor = kept[column], (float(liking[row, column]), -row)
            if len(mentees) < room[column]:
                heapq.heappush(mentees, suitor)
                break
            if suitor > mentees[0]:
                asking.append(-heapq.heapreplace(mentees, suitor)[1])
                break
    found = _nobody(wishes)
    for column, mentees in enumerate(kept):
        for _, row in mentees:
            found[-row] = column
    return found


def _optimal(problem: Problem) -> Columns:
    """The greatest sum of scores."""
    return _greatest_sum(problem, problem.scores)


def _protective(problem: Problem) -> Columns:
    """The greatest sum of the scores' square roots."""
    roots = np.sqrt(np.maximum(problem.scores, 0.0))
    return _greatest_sum(problem, np.where(problem.scores >= 0.0, roots, _FORBIDDEN))


def _greatest_sum(problem: Problem, values: Scores) -> Columns:
    """SciPy's exact solver, on as few columns as are sure to hold an optimum.

    A mentor stands for as many columns as she has places, but for no more than there are mentees who
    have her on their short list: one optimum keeps to the short lists.
    """
    found = _nobody(values)
    mentor_of = list_places(values, problem.capacity)
    if not len(mentor_of):
        return found
    from scipy.optimize import (
        linear_sum_assignment,
    )  # a fifth of the start, and not every cohort asks

    worth = worth_of_places(values, mentor_of, int(problem.everyone))
    rows, places = linear_sum_assignment(worth, maximize=True)
    chosen = mentor_of[places]
    allowed = values[rows, chosen] >= 0.0
    found[rows[allowed]] = chosen[allowed]
    return found


def _completed(problem: Problem, found: Columns, wishes: Scores) -> Columns:
    """Let in, in their order, those without a mentor who can have one if others change theirs.

    Changes `found` and returns it.
    """
    without = np.flatnonzero(found < 0)
    if problem.everyone and without.size:
        room = problem.capacity - np.bincount(found[found >= 0], minlength=len(problem.capacity))
        turns = without[np.argsort(problem.order[without], kind="stable")]
        complete(problem.scores, wishes, room, turns, found)
    return found


ASSIGNMENTS: dict[str, Callable[[Problem], Columns]] = {
    "random": _random,
    "first_come": _first_come,
    "greedy": _greedy,
    "stable": _stable,
    "optimal": _optimal,
    "protective": _protective,
}
"""From a problem with at least one mentee and one mentor to the mentees' columns, by name."""


def _nobody(scores: Scores) -> Columns:
    """Every mentee without a mentor."""
    return np.full(scores.shape[0], -1, dtype=np.intp)
