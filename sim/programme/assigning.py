"""The compiled part of the assignments (:mod:`sim.programme.assignment`): loops over a table of scores.

Tables have the shape (mentees, mentors); negative where a pair is ruled out. `room` holds the mentees that
each mentor can still take and `found` each mentee's column, -1 for none; both are changed in place.
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import kernel, rule

__all__ = ["complete", "list_places", "make_best_pairs", "take_turns", "worth_of_places"]


@rule
def _best_with_room(wishes, row, room):
    """The column of a row's highest wish among the mentors who have room, the first of equals; -1 if none."""
    best = -1
    for column in range(room.shape[0]):
        if room[column] > 0 and wishes[row, column] >= 0.0:
            if best < 0 or wishes[row, column] > wishes[row, best]:
                best = column
    return best


@kernel
def take_turns(wishes, room, turns, found):
    """Rows take, in the order of `turns`, their highest wish among the mentors who have room."""
    for turn in range(turns.shape[0]):
        row = turns[turn]
        column = _best_with_room(wishes, row, room)
        found[row] = column
        if column >= 0:
            room[column] -= 1


@kernel
def make_best_pairs(scores, room, found):
    """The best pair of all is made first, then the best of what is left; of equals by row, then column.

    Every row waits with its best pair. Where its mentor has meanwhile no room, it waits again with the best
    of what is left.
    """
    rows = scores.shape[0]
    waiting = np.empty(rows, dtype=np.int64)
    for row in range(rows):
        found[row] = -1
        waiting[row] = _best_with_room(scores, row, room)
    while True:
        best = -1
        for row in range(rows):
            if waiting[row] >= 0:
                if best < 0 or scores[row, waiting[row]] > scores[best, waiting[best]]:
                    best = row
        if best < 0:
            return
        column = waiting[best]
        if room[column] > 0:
            found[best] = column
            room[column] -= 1
            waiting[best] = -1
        else:
            waiting[best] = _best_with_room(scores, best, room)


@kernel
def complete(scores, wishes, room, turns, found):
    """Let in, in the order of `turns`, rows without a mentor who can have one if others change theirs.

    Augmenting paths (Berge 1957), the shortest first: nobody who is matched loses her place, and in the end
    as many are matched as can be.
    """
    rows = scores.shape[0]
    mentors = scores.shape[1]
    worth_asking = np.empty(mentors, dtype=np.bool_)
    unasked = np.empty(mentors, dtype=np.bool_)
    asked_by = np.empty(mentors, dtype=np.int64)
    chain = np.empty(rows, dtype=np.int64)
    left = 0
    for column in range(mentors):
        worth_asking[column] = room[column] > 0
        left += room[column]
    for row in range(rows):
        if found[row] >= 0:
            worth_asking[found[row]] = True
    for turn in range(turns.shape[0]):
        if left == 0:
            return
        for column in range(mentors):
            unasked[column] = worth_asking[column]
        column = _search(scores, wishes, room, found, turns[turn], unasked, asked_by, chain)
        if column < 0:
            # No path leads on from the mentors that were asked, nor will any later.
            worth_asking, unasked = unasked, worth_asking
            continue
        room[column] -= 1
        left -= 1
        while column >= 0:
            mentee = asked_by[column]
            column, found[mentee] = found[mentee], column


@rule
def _search(scores, wishes, room, found, first, unasked, asked_by, chain):
    """The mentor with room at the end of the shortest chain of changes that gives `first` one; -1 if none.

    Marks in `unasked` who was reached, and in `asked_by` from where; `chain` is room for the mentees on the way.
    """
    asked_by[:] = -1
    chain[0] = first
    end = 1
    place = 0
    while place < end:
        mentee = chain[place]
        place += 1
        free = -1
        for column in range(room.shape[0]):
            if unasked[column] and scores[mentee, column] >= 0.0:
                unasked[column] = False
                asked_by[column] = mentee
                if room[column] > 0:
                    if free < 0 or wishes[mentee, column] > wishes[mentee, free]:
                        free = column
        if free >= 0:
            return free
        for row in range(found.shape[0]):
            column = found[row]
            if column >= 0 and not unasked[column] and asked_by[column] == mentee:
                chain[end] = row
                end += 1
    return -1


@rule
def _nth_largest(row, nth, scratch):
    """The nth largest number of a row, 1 for the largest (Hoare's selection); `scratch` is room for the row."""
    for place in range(row.shape[0]):
        scratch[place] = row[place]
    low = 0
    high = row.shape[0] - 1
    wanted = nth - 1
    while low < high:
        middle = scratch[(low + high) // 2]
        left = low
        right = high
        while left <= right:
            while scratch[left] > middle:
                left += 1
            while scratch[right] < middle:
                right -= 1
            if left <= right:
                scratch[left], scratch[right] = scratch[right], scratch[left]
                left += 1
                right -= 1
        if wanted <= right:
            high = right
        elif wanted >= left:
            low = left
        else:
            return scratch[wanted]
    return scratch[wanted]


@kernel
def list_places(values, capacity):
    """The mentor of each place that an optimum needs: no more than there are mentees who list her.

    A mentee's short list holds her best mentors who have, together, a place for every mentee. The other
    mentees cannot take all of these places. Whoever has a mentor who is not on her list can therefore
    move to one who is, without loss and without anybody else's moving, so that some optimum keeps to the
    lists.
    """
    mentees = values.shape[0]
    mentors = values.shape[1]
    smallest = mentees
    for column in range(mentors):
        if capacity[column] > 0:
            smallest = min(smallest, capacity[column])
    length = -(-mentees // smallest)
    scratch = np.empty(mentors)
    masked = np.empty(mentors)
    wanted = np.zeros(mentors, dtype=np.int64)
    for row in range(mentees):
        for column in range(mentors):
            masked[column] = values[row, column] if capacity[column] > 0 else -1.0
        last = 0.0
        if length < mentors:
            last = max(0.0, _nth_largest(masked, length, scratch))
        for column in range(mentors):
            wanted[column] += masked[column] >= last
    count = 0
    for column in range(mentors):
        wanted[column] = min(wanted[column], capacity[column])
        count += wanted[column]
    mentor_of = np.empty(count, dtype=np.int64)
    place = 0
    for column in range(mentors):
        for _ in range(wanted[column]):
            mentor_of[place] = column
            place += 1
    return mentor_of


@kernel
def worth_of_places(values, mentor_of, everyone):
    """What each mentee in each place would be worth, for a solver that puts everybody somewhere.

    Leaving a mentee out costs nothing; or, if `everyone` is to be matched, more than all that could be gained
    by it.
    """
    mentees = values.shape[0]
    places = mentor_of.shape[0]
    worth = np.empty((mentees, places))
    top = values[0, mentor_of[0]]
    for row in range(mentees):
        for place in range(places):
            worth[row, place] = values[row, mentor_of[place]]
            top = max(top, worth[row, place])
    out = 0.0
    if everyone == 1:
        out = -(top + 1.0) * (min(mentees, places) + 1)
    for row in range(mentees):
        for place in range(places):
            if worth[row, place] < 0.0:
                worth[row, place] = out
    return worth
