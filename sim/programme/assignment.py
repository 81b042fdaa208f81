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
from scipy.optimize import linear_sum_assignment

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
    return ASSIGNMENTS[name](Problem(scores, capacity, order, everyone, lots, mentor_scores))


def _random(problem: Problem) -> Columns:
    """Mentees in turn draw one of the allowed mentors who have room."""
    assert problem.lots is not None
    wishes = np.where(problem.scores >= 0.0, problem.lots, _FORBIDDEN)
    return _completed(problem, _in_turn(problem, wishes), wishes)


def _first_come(problem: Problem) -> Columns:
    """Mentees in turn take the best allowed mentor who has room."""
    return _completed(problem, _in_turn(problem, problem.scores), problem.scores)


def _in_turn(problem: Problem, wishes: Scores) -> Columns:
    """Each mentee's highest wish among the mentors who have room when it is her turn."""
    found = _nobody(wishes)
    wishes = np.where(problem.capacity > 0, wishes, _FORBIDDEN)
    room = problem.capacity.tolist()
    first = wishes.argmax(axis=1).tolist()
    for row in np.argsort(problem.order, kind="stable").tolist():
        column = first[row] if room[first[row]] else int(wishes[row].argmax())
        if wishes[row, column] < 0.0:
            continue
        found[row] = column
        room[column] -= 1
        if not room[column]:
            wishes[:, column] = _FORBIDDEN
    return found


def _greedy(problem: Problem) -> Columns:
    """The best pair of all is made first, then the best of what is left.

    Every mentee waits with her best pair. Where its mentor has meanwhile no room, she waits again with
    her best of what is left.
    """
    found = _nobody(problem.scores)
    left = np.where(problem.capacity > 0, problem.scores, _FORBIDDEN)
    room = problem.capacity.tolist()
    columns = left.argmax(axis=1)
    scores = left[np.arange(len(left)), columns]
    waiting = [
        (-score, row, column)
        for row, (score, column) in enumerate(zip(scores.tolist(), columns.tolist(), strict=True))
        if score >= 0.0
    ]
    heapq.heapify(waiting)
    places = sum(room)
    while waiting and places:
        _, row, column = waiting[0]
        if room[column]:
            heapq.heappop(waiting)
            found[row] = column
            room[column] -= 1
            places -= 1
            if not room[column]:
                left[:, column] = _FORBIDDEN
            continue
        column = int(left[row].argmax())
        score = float(left[row, column])
        if score >= 0.0:
            heapq.heapreplace(waiting, (-score, row, column))
        else:
            heapq.heappop(waiting)
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
    values = np.where(problem.capacity > 0, values, _FORBIDDEN)
    wanted = _short_lists(values, problem.capacity).sum(axis=0)
    mentor_of = np.repeat(np.arange(values.shape[1]), np.minimum(problem.capacity, wanted))
    places = values.take(mentor_of, axis=1)
    if places.size == 0:
        return found
    # Leaving a mentee out costs nothing; or, if everyone is to be matched, more than all that could be
    # gained by it.
    out = -(float(places.max()) + 1.0) * (min(places.shape) + 1) if problem.everyone else 0.0
    rows, chosen = linear_sum_assignment(np.where(places < 0.0, out, places), maximize=True)
    allowed = places[rows, chosen] >= 0.0
    found[rows[allowed]] = mentor_of[chosen[allowed]]
    return found


def _short_lists(values: Scores, capacity: Capacities) -> NDArray[np.bool_]:
    """Each mentee's best mentors who have, together, a place for every mentee; shape of `values`.

    The other mentees cannot take all of these places. Whoever has a mentor who is not on her list can
    therefore move to one who is, without loss and without anybody else's moving, so that some optimum
    has no such pair.
    """
    mentees, mentors = values.shape
    length = -(-mentees // int(np.min(capacity, initial=mentees, where=capacity > 0)))
    if length >= mentors:
        return values >= 0.0
    last = np.partition(values, mentors - length, axis=1)[:, mentors - length]
    return (values >= last[:, np.newaxis]) & (values >= 0.0)


def _completed(problem: Problem, found: Columns, wishes: Scores) -> Columns:
    """Let in, in their order, those without a mentor who can have one if others change theirs.

    Augmenting paths (Berge 1957): nobody who is matched loses her place, and in the end as many are
    matched as can be. Changes `found` and returns it.
    """
    without = np.flatnonzero(found < 0)
    if not problem.everyone or not without.size:
        return found
    room = problem.capacity - np.bincount(found[found >= 0], minlength=len(problem.capacity))
    allowed = problem.scores >= 0.0
    worth_asking = problem.capacity > 0
    for row in without[np.argsort(problem.order[without], kind="stable")].tolist():
        if not room.any():
            break
        unasked = worth_asking.copy()
        if not _let_in(row, found, room, allowed, unasked, wishes):
            # No path leads on from the mentors that were asked, nor will any later.
            worth_asking = unasked
    return found


def _let_in(
    row: int,
    found: Columns,
    room: Capacities,
    allowed: NDArray[np.bool_],
    unasked: NDArray[np.bool_],
    wishes: Scores,
) -> bool:
    """Find the shortest chain of changes that gives a mentee a mentor, and make it; False if none is.

    Changes `found` and `room` along the chain; marks in `unasked` the mentors that were reached.
    """
    asked_by = np.full(len(room), -1, dtype=np.intp)
    # One place more than there are mentors: those without one, -1, look there.
    reached = np.zeros(len(room) + 1, dtype=np.bool_)
    chain = [row]
    for mentee in chain:
        mentors = np.flatnonzero(allowed[mentee] & unasked)
        unasked[mentors] = False
        asked_by[mentors] = mentee
        free = mentors[room[mentors] > 0]
        if free.size:
            column = int(free[np.argmax(wishes[mentee, free])])
            room[column] -= 1
            while column >= 0:
                mentee = int(asked_by[column])
                column, found[mentee] = int(found[mentee]), column
            return True
        reached[mentors] = True
        chain.extend(np.flatnonzero(reached[found]).tolist())
        reached[mentors] = False
    return False


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
