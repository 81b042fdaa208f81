"""From a table of scores to pairs, the slow way.

Three assignments are left to the engine's own solver: what is best is a matter of mathematics, and which
of several equally good solutions is taken is no part of the model.
"""

from __future__ import annotations

import numpy as np

from reference.scores import Table
from sim.programme.assignment import assign as solve

SOLVED = ("stable", "optimal", "protective")

Found = list[int | None]
"""Each mentee's mentor, None for those who go without."""


def assign(
    how: str, table: Table, room: list[int], turns: list[float], lots: Table, *, everyone: bool
) -> Found:
    """The mentor's column for each mentee's row.

    Mentors have room for some mentees each; `turns` says which mentee comes first. Mentees draw
    mentors by `lots` where it is at random. If everyone is to be matched, those left out are let in
    where others can change their mentors.
    """
    if how in SOLVED:
        return _solved(how, table, room, turns, everyone)
    wishes = lots if how == "random" else table
    left = list(room)
    found = _best_first(table, left) if how == "greedy" else _in_turn(wishes, left, turns)
    if everyone:
        for row in sorted(range(len(table)), key=lambda row: turns[row]):
            if found[row] is None:
                _let_in(row, found, wishes, room, left)
    return found


def _solved(how: str, table: Table, room: list[int], turns: list[float], everyone: bool) -> Found:
    numbers = [[-1.0 if value is None else value for value in row] for row in table]
    found = solve(
        how,
        np.array(numbers, dtype=float).reshape(len(table), len(room)),
        np.array(room, dtype=np.int64),
        np.array(turns, dtype=float),
        everyone=everyone,
    )
    return [None if column < 0 else int(column) for column in found]


def _in_turn(wishes: Table, left: list[int], turns: list[float]) -> Found:
    """One mentee after the other takes the best mentor who has room left; the first of equals."""
    found: Found = [None] * len(wishes)
    for row in sorted(range(len(wishes)), key=lambda row: turns[row]):
        open_to = [
            (value, -c) for c, value in enumerate(wishes[row]) if value is not None and left[c]
        ]
        if open_to:
            column = -max(open_to)[1]
            found[row] = column
            left[column] -= 1
    return found


def _best_first(table: Table, left: list[int]) -> Found:
    """The best pair of all, then the best of what is left; of equals the first mentee, first mentor."""
    found: Found = [None] * len(table)
    pairs = [
        (-value, row, column)
        for row, values in enumerate(table)
        for column, value in enumerate(values)
        if value is not None
    ]
    for _, row, column in sorted(pairs):
        if found[row] is None and left[column] > 0:
            found[row] = column
            left[column] -= 1
    return found


def _let_in(row: int, found: Found, wishes: Table, room: list[int], left: list[int]) -> None:
    """Give a mentee a mentor by the shortest chain of mentees who change theirs, if there is one.

    She asks all her mentors, then those whom she would push out ask theirs, in the order of rows; nobody
    is asked twice. Whoever comes upon a mentor with room takes the best of those.
    """
    asked_by: dict[int, int] = {}
    asking = [row]
    for mentee in asking:
        asked = [
            column
            for column, value in enumerate(wishes[mentee])
            if value is not None and room[column] > 0 and column not in asked_by
        ]
        asked_by.update(dict.fromkeys(asked, mentee))
        free = [(wishes[mentee][column], -column) for column in asked if left[column] > 0]
        if not free:
            asking += [other for other, column in enumerate(found) if column in asked]
            continue
        taken: int | None = -max(free)[1]
        assert taken is not None
        left[taken] -= 1
        while taken is not None:
            mentee = asked_by[taken]
            found[mentee], taken = taken, found[mentee]
        return
