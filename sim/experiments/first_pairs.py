"""Who is paired with whom when the first cohort begins: counts by level and department, in one firm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from sim.engine import columns
from sim.simulation.plan import Plan
from sim.simulation.simulation import Simulation

__all__ = ["first_pairs"]

_MOST_PEOPLE = 5_000
"""In larger firms the picture would say no more, and cost seconds."""


def first_pairs(plans: Sequence[Plan], seed: int) -> dict[str, list[list[int]]]:
    """Pairs of the first cohort of every programme, in the first firm, by variant.

    Each entry is [mentor's department, mentor's level, mentee's department, mentee's level, pairs];
    departments and levels count from 0. Variants without a programme, or without a pair, are left out.
    """
    found = {}
    for plan in plans:
        openings = plan.calendar.openings
        if not plan.policies or not openings or _people(plan) > _MOST_PEOPLE:
            continue
        opening = min(openings)
        state = Simulation(plan, seed, 0).run(opening + 1).state
        dyads = state.dyad_whole[:, : int(state.counts[columns.DYADS])]
        chosen = (dyads[columns.FORMAL] == 1) & (dyads[columns.BEGUN] == opening)
        mentors, mentees = (dyads[row, chosen] for row in (columns.MENTOR, columns.MENTEE))
        level, department = (state.whole[row] for row in (columns.LEVEL, columns.PERSON_DEPARTMENT))
        counts = Counter(
            zip(
                *(department[mentors].tolist(), (level[mentors] - 1).tolist()),
                *(department[mentees].tolist(), (level[mentees] - 1).tolist()),
                strict=True,
            )
        )
        if counts:
            found[plan.name] = [[*map(int, key), number] for key, number in sorted(counts.items())]
    return found


def _people(plan: Plan) -> int:
    return int(np.asarray(plan.settings["organisation"]["employees"]))
