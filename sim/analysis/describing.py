"""describe: mean, spread and interval of every outcome in every cell."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.precision import precision_lines
from sim.analysis.results import Finding, Results
from sim.analysis.words import plural
from sim.experiments.statistics import by_set, interval_of

__all__ = ["bootstrap_interval", "describe"]

Real = NDArray[np.float64]

_MOST_BOOTSTRAPPED = 2000
"""Rows up to which the bootstrap's interval is worked out as well."""


def bootstrap_interval(values: Real, level: float = 0.95, seed: int = 0) -> tuple[float, float]:
    """Bias-corrected and accelerated interval of a mean (Efron 1987); (NaN, NaN) from fewer than five values."""
    if len(values) < 5 or np.ptp(values) == 0.0:
        return math.nan, math.nan
    from scipy.special import ndtr, ndtri

    count = len(values)
    random = np.random.default_rng(seed)
    means = np.sort(values[random.integers(0, count, (1999, count))].mean(axis=1))
    below = (np.sum(means < values.mean()) + 0.5 * np.sum(means == values.mean())) / len(means)
    if not 0.0 < below < 1.0:
        return math.nan, math.nan
    jack = (values.sum() - values) / (count - 1)
    lean = jack.mean() - jack
    acceleration = float((lean**3).sum() / (6.0 * (lean**2).sum() ** 1.5))
    middle = float(ndtri(below))
    ends = []
    for share in (0.5 - level / 2.0, 0.5 + level / 2.0):
        shift = middle + float(ndtri(share))
        ends.append(float(ndtr(middle + shift / (1.0 - acceleration * shift))))
    low, high = np.quantile(means, ends)
    return float(low), float(high)


def describe(results: Results, outcomes: Sequence[str] | None = None) -> Finding:
    """Mean, standard deviation, intervals and replicates of every outcome under every variant at every point.

    Parameters
    ----------
    outcomes
        By default those of the study.
    """
    names = results.outcomes(outcomes)
    size = len(names) * len(results.rows) * len(results.variants)
    rows = []
    for outcome in names:
        cube = results.cube(outcome)
        for point in range(cube.shape[0]):
            for variant, name in enumerate(results.variants):
                values = cube[point, variant]
                known = np.isfinite(values)
                sets = None if results.sets is None else results.sets[known]
                means = by_set(values[known], sets)
                low, high = interval_of(means, 0.95)
                rest = (
                    bootstrap_interval(means)
                    if size <= _MOST_BOOTSTRAPPED
                    else (math.nan, math.nan)
                )
                rows.append(
                    {
                        "point": point,
                        "variant": name,
                        "outcome": outcome,
                        "replicates": int(known.sum()),
                        "mean": float(means.mean()) if len(means) else math.nan,
                        "sd": float(values[known].std(ddof=1)) if known.sum() > 1 else math.nan,
                        "low": low,
                        "high": high,
                        "bootstrap_low": rest[0],
                        "bootstrap_high": rest[1],
                    }
                )
    table = pd.DataFrame(rows)
    lost = int((results.runs["status"] != "ok").sum())
    sentences = [
        f"{plural(len(results.rows), 'point')}, {plural(len(results.variants), 'variant')}; "
        f"{plural(len(results.runs), 'run')}, "
        + (
            f"of which {lost} {'has' if lost == 1 else 'have'} no result."
            if lost
            else "all with a result."
        ),
        *(f"Precision: {line}." for line in precision_lines(results)),
    ]
    return Finding(
        "describe", "describe", "What was simulated", tuple(sentences), table, {"outcomes": names}
    )
