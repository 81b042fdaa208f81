"""What people earn by level: one's own salaries, or a structure that grows from level to level."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_LEVELS", "PAY", "base_salary", "pay_of_levels"]

MOST_LEVELS = 12
PAY = {"of_level": MOST_LEVELS + 1}
"""Table of pay that compiled rules read, by level; entry 0 belongs to nobody."""


def base_salary(costs: Mapping[str, Any]) -> float:
    """Yearly salary at levels 1 and 2 on average, the unit in which pay is counted; in the scenario's currency."""
    stated = costs.get("salary_by_level", ())  # results of earlier versions have none
    if not stated:
        return float(costs["salary"])
    lowest = [float(salary) for salary in stated[:2]]
    return math.fsum(lowest) / len(lowest)


def pay_of_levels(costs: Mapping[str, Any]) -> NDArray[np.float64]:
    """Pay of each level in salaries of levels 1 and 2: shape (:data:`MOST_LEVELS` + 1,), entry 0 unused.

    With salaries by level it is these over their mean at levels 1 and 2 (1 where that is 0); otherwise
    ``salary_growth ** max(0, level - 2)``.
    """
    stated, unit = costs.get("salary_by_level", ()), base_salary(costs)
    table = np.ones(MOST_LEVELS + 1)
    for level in range(1, MOST_LEVELS + 1):
        if not stated:
            table[level] = math.pow(costs["salary_growth"], max(0.0, level - 2.0))
        elif unit > 0.0:
            table[level] = float(stated[min(level, len(stated)) - 1]) / unit
    return table
