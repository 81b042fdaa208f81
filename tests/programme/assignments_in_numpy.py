"""Assignments in NumPy and plain Python: what the compiled ones are checked against, pair by pair."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from sim.programme.assignment import Problem

Scores = NDArray[np.float64]
Columns = NDArray[np.intp]
Capacities = NDArray[np.int64]
_FORBIDDEN = -1.0


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


def _nobody(scores: Scores) -> Columns:
    """Every mentee without a mentor."""
    return np.full(scores.shape[0], -1, dtype=np.intp)


IN_NUMPY = {
    "random": _random,
    "first_come": _first_come,
    "greedy": _greedy,
    "optimal": _optimal,
    "protective": _protective,
}
