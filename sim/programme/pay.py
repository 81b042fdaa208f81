"""What people earn and what replacing them costs, in salaries of levels 1 and 2."""

from __future__ import annotations

import math

from sim.compiled import rule

__all__ = ["pay_factor", "replacement_in_salaries"]


@rule
def pay_factor(level, p):  # type: ignore[no-untyped-def]
    """Salary of a level in salaries of levels 1 and 2."""
    return math.pow(p.costs.salary_growth, max(0.0, level - 2.0))


@rule
def replacement_in_salaries(level, levels, p):  # type: ignore[no-untyped-def]
    """Cost of replacing a person of a level, in salaries of levels 1 and 2 (W-COST)."""
    if level <= 2:
        share = p.costs.replacement_staff
    elif levels >= 4 and level >= levels - 1:
        share = p.costs.replacement_leader
    else:
        share = p.costs.replacement_middle
    return share * pay_factor(level, p)
