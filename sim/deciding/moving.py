"""Parameter sets, moved by what was seen; and how much was learnt about each parameter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble
from sim.calibration.priors import FREE
from sim.deciding.believing import learn
from sim.experiments.tasks import fixed_parameters
from sim.scenario.scenario import Scenario

__all__ = ["moved_sets", "shares"]

Real = NDArray[np.float64]


def moved_sets(
    scenario: Scenario,
    variant: str,
    sets: Ensemble,
    table: Real,
    numbers: NDArray[np.int64],
    mine: Real,
    firms_per_set: int,
) -> tuple[Ensemble, pd.DataFrame]:
    """The sets, moved; and what was learnt about each parameter."""
    from scipy.special import ndtr, ndtri

    free = {one.key: one for one in FREE}
    fixed_keys = fixed_parameters(scenario, variant)
    known = np.array([key in free and key not in fixed_keys for key in sets.keys])
    scores = np.zeros_like(sets.values)
    for place, key in enumerate(sets.keys):
        if key in free:
            scores[:, place] = ndtri(
                np.clip(shares(free[key], sets.values[:, place]), 1e-3, 1.0 - 1e-3)
            )
    found = learn(table, numbers, scores, table[::firms_per_set], mine, ~known)
    values = sets.values.copy()
    rows = []
    for place, key in enumerate(sets.keys):
        lesson = found.lessons[place]
        if lesson.explained > 0.0:
            values[:, place] = free[key].value_at(ndtr(found.scores[:, place]))
        if not known[place]:
            continue
        before, after = (
            np.quantile(one[:, place], (0.05, 0.5, 0.95)) for one in (sets.values, values)
        )
        rows.append(
            {
                "parameter": key,
                "learnt": _degree(lesson.explained),
                "explained": lesson.explained,
                "before": before[1],
                "before_low": before[0],
                "before_high": before[2],
                "after": after[1],
                "after_low": after[0],
                "after_high": after[2],
                "moved": lesson.after - lesson.before,
            }
        )
    learnt = pd.DataFrame(rows).sort_values(
        "explained", ascending=False, kind="stable", ignore_index=True
    )
    return Ensemble(sets.keys, values), learnt


def shares(parameter: Any, values: Real) -> Real:
    """The inverse of a free parameter's ``value_at``."""
    low, high = parameter.low, parameter.high
    if parameter.logarithmic:
        return np.asarray(np.log(np.maximum(values, low) / low) / np.log(high / low))
    return np.asarray((values - low) / (high - low))


def _degree(explained: float) -> str:
    """How much was learnt, in a word."""
    return (
        "much"
        if explained >= 0.3
        else "some"
        if explained >= 0.1
        else "little"
        if explained > 0.0
        else "nothing"
    )
