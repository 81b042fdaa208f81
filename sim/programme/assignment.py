"""Assignments: from a table of scores to pairs, within the mentors' capacity.

Each takes scores of shape (mentees, mentors), negative where a pair is forbidden, with the mentors'
capacities, and returns for each mentee the column of the mentor, or -1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["ASSIGNMENTS", "assign_at_random", "assign_optimally", "EXACT_UP_TO"]

EXACT_UP_TO = 2_000
"""Participants up to which one assignment is made; larger cohorts are dealt out into blocks."""

Scores = NDArray[np.float64]
Columns = NDArray[np.intp]
Capacities = NDArray[np.int64]


def assign_at_random(scores: Scores, capacity: Capacities, order: Scores) -> Columns:
    """Mentees, in their order, get a random allowed mentor who has room.

    Parameters
    ----------
    scores
        Shape (mentees, mentors); forbidden pairs are negative. For the random policy these are random
        numbers, and the mentee gets the highest of what is left.
    capacity
        Mentees that each mentor can have, 0 or more; shape (mentors,).
    order
        Who comes first, lowest number first; shape (mentees,).
    """
    room = capacity.copy()
    found = np.full(scores.shape[0], -1, dtype=np.intp)
    for row in np.argsort(order, kind="stable"):
        choice = np.where(room > 0, scores[row], -1.0)
        best = int(np.argmax(choice)) if choice.size else -1
        if best >= 0 and choice[best] >= 0.0:
            found[row] = best
            room[best] -= 1
    return found


def assign_optimally(scores: Scores, capacity: Capacities, order: Scores) -> Columns:
    """The assignment with most pairs, and among those the greatest sum of scores (SciPy's solver).

    Each mentor stands for as many columns as their capacity; `order` plays no part.
    """
    from scipy.optimize import linear_sum_assignment

    found = np.full(scores.shape[0], -1, dtype=np.intp)
    mentor_of = np.repeat(np.arange(scores.shape[1]), np.minimum(capacity, scores.shape[0]))
    repeated = scores[:, mentor_of]
    if repeated.size == 0:
        return found
    # A forbidden pair costs more than all that could be gained by it, so that it is taken only where
    # a mentee would go without; such rows are then left unmatched.
    worst = -(float(np.max(scores)) + 1.0) * (min(repeated.shape) + 1)
    rows, places = linear_sum_assignment(np.where(repeated < 0.0, worst, repeated), maximize=True)
    allowed = repeated[rows, places] >= 0.0
    found[rows[allowed]] = mentor_of[places[allowed]]
    return found


ASSIGNMENTS: dict[str, Callable[[Scores, Capacities, Scores], Columns]] = {
    "random": assign_at_random,
    "optimal": assign_optimally,
}
