"""What one would see against what a programme did: participants and others, and the same firm without it.

Those who join differ from those who do not, so that their difference (*seen*) is not the programme's doing.
What it did is the difference from the same firm without a programme, here told per participant (*did*).
Where a lottery decided, those drawn and those not drawn differ in nothing but the lot (*drawn*).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.statistics import Sets, by_firm, mean_of, told_of
from sim.outcomes.declared import outcome

__all__ = ["COMPARISONS", "QUANTITIES", "selection_table"]

Real = NDArray[np.float64]

QUANTITIES = ("quits", "engagement", "output")
"""Outcomes that are told about."""

COMPARISONS = {
    "seen": "Participants less all others of the same firm, from the programme's start: what a dashboard "
    "shows.",
    "did": "The firm less the same firm without a programme, divided by the share of its months that "
    "people worked who take part or did: what the programme did, per participant, whoever felt it.",
    "drawn": "Those whom the lot drew less those whom it did not draw, mentored or not.",
    "per_place": "The same, divided by how many more of those drawn became mentees.",
}
"""What each comparison is."""


def selection_table(
    outcomes: pd.DataFrame, without: str | None, programmes: list[str], sets: Sets = None
) -> pd.DataFrame:
    """One row per programme, quantity and comparison (:data:`COMPARISONS`): mean over firms, 95 % interval.

    Parameters
    ----------
    outcomes
        One row per variant, replicate and outcome.
    without
        The variant without a programme; None if there is none: what a programme did is then unknown.
    programmes
        Variants with one.
    sets
        Of the worlds in order, see :mod:`sim.experiments.statistics`.
    """
    values = by_firm(outcomes)
    rows = []
    for variant in programmes:
        for quantity in QUANTITIES:
            for name, firms in _compared(values, variant, without, quantity).items():
                mean, low, high, number = told_of(firms, sets)
                rows.append(
                    {
                        "variant": variant,
                        "quantity": quantity,
                        "comparison": name,
                        "unit": outcome(quantity).unit,
                        "mean": mean,
                        "low": low,
                        "high": high,
                        "replicates": number,
                    }
                )
    names = ("variant", "quantity", "comparison", "unit", "mean", "low", "high", "replicates")
    return pd.DataFrame(rows, columns=list(names))


def _compared(
    values: dict[tuple[str, str], Real], variant: str, without: str | None, quantity: str
) -> dict[str, Real]:
    """Each comparison in every firm; NaN where it is undefined, no entry where it is never known."""
    if (variant, f"naive_{quantity}_gap") not in values:  # results of an earlier version
        return {}
    found = {"seen": values[variant, f"naive_{quantity}_gap"]}
    if without is not None:
        share = mean_of(values[variant, "joiners"]) / 100.0
        change = values[variant, quantity] - values[without, quantity]
        found["did"] = change / share if share > 0.0 else np.full_like(change, np.nan)
    drawn = values[variant, f"lottery_{quantity}_gap"]
    if np.isfinite(drawn).any():
        more = mean_of(values[variant, "lottery_mentored_gap"]) / 100.0
        found["drawn"] = drawn
        found["per_place"] = drawn / more if more > 0.0 else np.full_like(drawn, np.nan)
    return found
