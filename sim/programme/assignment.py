"""Assignments: from a table of scores to pairs, within the mentors' capacity.

Each takes scores of shape (mentees, mentors), negative where a pair is forbidden, with the mentors'
capacity, and returns for each mentee the column of the mentor, or -1.
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


def assign_at_random(scores: Scores, capacity: int, order: Scores) -> Columns:
    """Mentees, in their order, get a random allowed mentor who has room.

    Parameters
    ----------
    scores
        Shape (mentees, mentors); forbidden pairs are negative. For the random policy these are random
        numbers, and the mentee gets the highest of what is left.
    capacity
        Mentees per mentor.
    order
        Who comes first, lowest number first; shape (mentees,).
    """
    room = np.full(scores.shape[1], capacity)
    found = np.full(scores.shape[0], -1, dtype=np.intp)
    for row in np.argsort(order, kind="stable"):
        choice = np.where(room > 0, scores[row], -1.0)
        best = int(np.argmax(choice)) if choice.size else -1
        if best >= 0 and choice[best] >= 0.0:
            found[row] = best
            room[best] -= 1
    return found


def assign_optimally(scores: Scores, capacity: int, order: Scores) -> Columns:
    """The assignment with most pairs, and among those the greatest sum of scores (SciPy's solver).

    Each mentor stands for `capacity` columns; `order` plays no part.
    """
    from scipy.optimize import linear_sum_assignment

    found = np.full(scores.shape[0], -1, dtype=np.intp)
    if scores.size == 0:
        return found
    copies = min(capacity, scores.shape[0])
    repeated = np.repeat(scores, copies, axis=1)
    # A forbidden pair costs more than all that could be gained by it, so that it is taken only where
    # a mentee would go without; such rows are then left unmatched.
    worst = -(float(np.max(scores)) + 1.0) * (min(repeated.shape) + 1)
    rows, places = linear_sum_assignment(np.where(repeated < 0.0, worst, repeated), maximize=True)
    allowed = repeated[rows, places] >= 0.0
    found[rows[allowed]] = places[allowed] // copies
    return found


ASSIGNMENTS: dict[str, Callable[[Scores, int, Scores], Columns]] = {
    "random": assign_at_random,
    "optimal": assign_optimally,
}
