"""An order of levels that follows from who reports to whom, for grades that have no order of their own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from sim.organisation.roster.headings import plain
from sim.organisation.roster.roster import Whole

__all__ = ["order_by_lines"]

_TRACK = re.compile(r"(.*?)[\s_.-]*([0-9]{1,3})[\s_.-]*([a-z]?)")
_UPWARD = 0.85
"""Share of the lines between different levels in which the manager must stand higher."""
_APART = 0.25
"""Least difference of the mean number of steps below the top between two tracks that follow each other."""

Place = tuple[int, int, int]


def order_by_lines(
    cells: Sequence[str], managers: Whole
) -> tuple[dict[str, Place], int, int] | None:
    """Put the levels of a column in order, lowest first, by the reporting lines.

    Levels of one track differ in their number alone (``IC3``, ``IC4``); numbers go up with the level unless the
    lines within the tracks say the contrary. Tracks stand in the order of their mean number of steps below the top.

    Parameters
    ----------
    cells
        The level of each of n people, "" where it is empty.
    managers
        Row of everybody's manager, -1 where there is none; no circles; shape (n,).

    Returns
    -------
    places, upward, lines
        Where each level stands; how many lines between different levels lead upward, of how many. None if the
        lines do not tell an order.
    """
    track: dict[str, tuple[str, int, int]] = {}
    for text in dict.fromkeys(filter(None, cells)):
        found = _TRACK.fullmatch(text.casefold())
        name = plain(found[1]) if found else plain(text)
        track[text] = (
            (name, int(found[2]), ord(found[3]) if found[3] else 0) if found else (name, -1, 0)
        )
    pairs = [
        (track[cells[row]], track[cells[manager]])
        for row, manager in enumerate(managers.tolist())
        if manager >= 0 and cells[row] and cells[manager]
    ]
    within = [(own[1], above[1]) for own, above in pairs if own[0] == above[0]]
    sign = (
        -1
        if sum(own > above for own, above in within) > sum(own < above for own, above in within)
        else 1
    )
    steps = defaultdict(list)
    for text, depth in zip(cells, _steps_below_the_top(managers), strict=True):
        if text:
            steps[track[text][0]].append(depth)
    mean = {name: float(np.mean(depths)) for name, depths in steps.items()}
    order = sorted(mean, key=lambda name: (-mean[name], name))
    if any(mean[low] - mean[high] < _APART for low, high in zip(order, order[1:], strict=False)):
        return None
    places = {
        text: (order.index(name), sign * number, sign * letter)
        for text, (name, number, letter) in track.items()
    }
    place_of = {one: places[text] for text, one in track.items()}
    different = [
        (place_of[own], place_of[above]) for own, above in pairs if place_of[own] != place_of[above]
    ]
    upward = sum(own < above for own, above in different)
    if len(different) < 2 or upward < _UPWARD * len(different) or 2 * len(different) < len(pairs):
        return None
    return places, upward, len(different)


def _steps_below_the_top(managers: Whole) -> list[int]:
    """How many managers stand above each person."""
    steps = [-1] * len(managers)
    for start in range(len(managers)):
        path, row = [], start
        while row >= 0 and steps[row] < 0:
            path.append(row)
            row = int(managers[row])
        depth = steps[row] if row >= 0 else -1
        for member in reversed(path):
            depth += 1
            steps[member] = depth
    return steps
