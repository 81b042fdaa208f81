"""Check-ins: the coordinator asks every running pair how it goes, and finds those that fail."""

from __future__ import annotations

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.pairs import remove_ended_pairs

__all__ = ["end_failing", "find_failing", "is_failing"]


@rule
def is_failing(quality, silent, p):
    """Whether a pair needs a new start: a poor relationship, or two months without a meeting."""
    return quality < p.failing_below or silent >= 2


@kernel
def find_failing(state, records, month, failing):
    """Fill `failing`, by row of the table of pairs, with 1 for failing pairs that the check-in finds.

    Pairs that have not met yet are left alone.
    """
    p = records[0]
    dyad = state.dyad_whole
    for row in range(failing.shape[0]):
        failing[row] = 0
        if dyad[columns.FORMAL, row] == 0:
            continue
        state.monthly[month, columns.M_CHECK_INS] += 1.0
        if dyad[columns.HELD, row] + dyad[columns.MISSED, row] == 0:
            continue
        if is_failing(state.dyad[columns.QUALITY, row], dyad[columns.SILENT, row], p.support):
            luck = draws.draw(
                state.luck,
                decisions.CHECK_IN,
                dyad[columns.MENTOR, row],
                dyad[columns.MENTEE, row],
                month,
            )
            if luck[0] < p.support.found_out:
                failing[row] = 1


@kernel
def end_failing(state, records, month, failing):
    """End the pairs whose rows are marked 1 in `failing`."""
    for row in range(failing.shape[0]):
        if failing[row] == 1:
            state.dyad_whole[columns.ENDING, row] = columns.RE_PAIRED
            state.monthly[month, columns.M_RE_PAIRED] += 1.0
    remove_ended_pairs(state, month)
