"""What a platform and personnel records report of a programme in its first six months."""

from __future__ import annotations

import numpy as np

from sim.deciding.observed_columns import COLUMNS

MONTHS = (*range(-12, 0), *range(1, 7))
"""Of the programme; what lies before 0 is the time before it."""


def reported() -> dict[str, np.ndarray]:
    """Which cells they fill in (1; else NaN): shape (months,) for every column."""
    pattern = {name: np.full(len(MONTHS), np.nan) for name in COLUMNS}
    for place, month in enumerate(MONTHS):
        for name in COLUMNS:
            if (name == "survey" and month in (-1, 6)) or (
                name != "survey" and (month > 0 or name in ("headcount", "quits"))
            ):
                pattern[name][place] = 1.0
    return pattern
