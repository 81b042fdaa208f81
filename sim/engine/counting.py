"""How events are written down: by month, and by group of people over the whole window.

Writing down draws nothing and changes nothing that a mechanism reads.
"""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import kernel, rule
from sim.engine.generations import FIRST_YEARS

__all__ = [
    "generation_of",
    "add",
    "add_at_level",
    "group_rows",
]


_SECOND, _THIRD, _FOURTH = FIRST_YEARS[1:]


@rule
def generation_of(birth_month, start_year):
    """Code of the generation (0 boomer to 3 gen_z) of a person born in `birth_month` (0 = first month)."""
    birth_year = start_year + birth_month // 12
    return int(birth_year >= _SECOND) + int(birth_year >= _THIRD) + int(birth_year >= _FOURTH)


@kernel
def add_at_level(state, p, slot, level, measure, amount, month):
    """As :func:`add`, the person counting as one of the given level."""
    state.monthly[month, measure] += amount
    if month >= state.counts[columns.WINDOW_START]:
        rows = group_rows(state.whole, slot, level, state.counts, p.organisation.start_year)
        tally = state.tally
        tally[rows[0], measure] += amount
        tally[rows[1], measure] += amount
        tally[rows[2], measure] += amount


@rule
def group_rows(whole, slot, level, counts, start_year):
    """Rows of the tally for a person: the four generations, the levels from 1, the departments."""
    return (
        generation_of(whole[columns.BIRTH_MONTH, slot], start_year),
        3 + level,
        4 + counts[columns.LEVELS] + whole[columns.PERSON_DEPARTMENT, slot],
    )


@kernel
def add(state, p, slot, measure, amount, month):
    """Add `amount` of a measure to the month, and within the window to the groups of the slot's person."""
    add_at_level(state, p, slot, state.whole[columns.LEVEL, slot], measure, amount, month)
