"""The tables of an update: every figure beside its prediction, and every forecast before and after."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.deciding.believing import Contradiction, Forecast
from sim.deciding.figures import Figure
from sim.deciding.worlds import TARGETS

__all__ = ["figures_table", "forecasts_table"]

Real = NDArray[np.float64]


def figures_table(
    figures: list[Figure], table: Real, mine: Real, told: Contradiction
) -> pd.DataFrame:
    """One row per figure: what was seen, and the band in which it was predicted."""
    rows = []
    for place, figure in enumerate(figures):
        low, middle, high = np.quantile(table[:, place], (0.025, 0.5, 0.975))
        rows.append(
            {
                "figure": figure.name,
                "title": figure.title,
                "unit": figure.unit,
                "about": figure.about,
                "seen": float(figure.shown(mine[place])),
                "predicted": float(figure.shown(middle)),
                "low": float(figure.shown(low)),
                "high": float(figure.shown(high)),
                "inside": bool(low <= mine[place] <= high),
                "beyond": float(told.unlike[place]),
            }
        )
    return pd.DataFrame(rows)


def forecasts_table(
    forecasts: Mapping[str, Forecast], later: Mapping[str, Real], anew: Mapping[str, Real]
) -> pd.DataFrame:
    """One row per quantity: before, after, and under the moved sets."""
    rows = []
    for target in TARGETS:
        one = forecasts[target.key]
        low, high = np.quantile(later[target.key], (0.025, 0.975))
        moved = np.quantile(anew[target.key], (0.025, 0.975))
        least = -np.inf if target.effect else 0.0  # nobody counts fewer than no people
        rows.append(
            {
                "quantity": target.key,
                "title": target.title,
                "unit": target.unit,
                "effect": target.effect,
                "before": one.before,
                "before_low": float(low),
                "before_high": float(high),
                "after": max(least, one.after),
                "after_low": max(least, one.low),
                "after_high": max(least, one.high),
                "moved": float(anew[target.key].mean()),
                "moved_low": float(moved[0]),
                "moved_high": float(moved[1]),
                "explained": one.explained,
                "gain": one.gain,
                "gain_error": one.gain_error,
                "held": one.held,
            }
        )
    return pd.DataFrame(rows)
