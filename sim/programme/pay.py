"""What people earn and what replacing them costs, in salaries of levels 1 and 2."""

from __future__ import annotations

import math

from sim.compiled import rule

__all__ = ["band_of", "pay_factor", "replacement_in_salaries"]


@rule
def pay_factor(level, p):  # type: ignore[no-untyped-def]
    """Salary of a level in salaries of levels 1 and 2."""
    return math.pow(p.costs.salary_growth, max(0.0, level - 2.0))


@rule
def band_of(level, levels):  # type: ignore[no-untyped-def]
    """0 staff (levels 1 and 2), 1 middle, 2 leaders (the top two of four or more levels)."""
    if level <= 2:
        return 0
    if levels >= 4 and level >= levels - 1:
        return 2
    return 1


@rule
def replacement_in_salaries(level, levels, p):  # type: ignore[no-untyped-def]
    """Cost of replacing a person of a level, in salaries of levels 1 and 2 (W-COST)."""
    band = band_of(level, levels)
    share = p.costs.replacement_staff
    if band == 1:
        share = p.costs.replacement_middle
    elif band == 2:
        share = p.costs.replacement_leader
    return share * pay_factor(level, p)
