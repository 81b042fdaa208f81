"""compare: what each variant changes, in pairs of the same firm, at every point and over all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.describing import bootstrap_interval
from sim.analysis.results import Finding, Results
from sim.analysis.words import listed, plural, three_figures, with_unit
from sim.errors import InputError
from sim.experiments.statistics import by_set, interval_of

__all__ = ["adjusted", "compare_variants"]

Real = NDArray[np.float64]

POOLED = -1
"""The point that stands for all of them."""


def adjusted(p: Sequence[float]) -> list[float]:
    """Holm's (1979) adjusted p values, which keep the chance of any false alarm among them; NaN stay NaN."""
    values = np.asarray(p, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    result = np.full(len(values), np.nan)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, float(values[place]) * (len(order) - rank)))
        result[place] = highest
    return result.tolist()


def _p_value(values: Real) -> float:
    """Two-sided, of the t test that the mean is 0."""
    if len(values) < 2:
        return math.nan
    spread = float(values.std(ddof=1)) / math.sqrt(len(values))
    mean = float(values.mean())
    if spread == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    from scipy.special import stdtr

    return float(2.0 * stdtr(len(values) - 1, -abs(mean) / spread))


def compare_variants(
    results: Results, outcomes: Sequence[str] | None = None, against: str | None = None
) -> Finding:
    """Paired differences from the baseline, or another variant: of each point, and pooled over all points (`point` -1).

    What is pooled is the mean over the points in every replicate, so that a replicate counts once, however
    many points it met.

    Parameters
    ----------
    outcomes
        By default those of the study.
    against
        The variant that the others are compared with; by default the study's baseline.

    Raises
    ------
    InputError
        If there is only one variant, or no such outcome or variant.
    """
    if len(results.variants) < 2:
        raise InputError(
            "there is only one variant, and nothing to compare it with", remedy="use describe"
        )
    names = results.outcomes(outcomes)
    base = results.against if against is None else results.variant(against)
    rows = []
    for outcome in names:
        for variant in (one for one in range(len(results.variants)) if one != base):
            effect = results.effect(outcome, variant, base)
            known = np.asarray(np.isfinite(effect).all(axis=0))
            pooled = effect[:, known].mean(axis=0) if known.any() else np.zeros(0)
            somewhere = int(np.isfinite(effect).any(axis=1).sum())
            counts = {"points": somewhere, "of_points": len(effect)}
            rows.append(_row(results, outcome, variant, POOLED, pooled, known) | counts)
            if len(effect) > 1:
                for point, values in enumerate(effect):
                    here = np.isfinite(values)
                    rows.append(_row(results, outcome, variant, point, values[here], here))
    told = [row for row in rows if row["point"] == POOLED]
    table = pd.DataFrame(rows).drop(columns=["points", "of_points"])
    for outcome in names:
        for where in (table["point"] == POOLED, table["point"] != POOLED):
            own = where & (table["outcome"] == outcome)
            table.loc[own, "p_adjusted"] = adjusted(table.loc[own, "p"].tolist())
    table["distinguishable"] = table["p_adjusted"] < 0.05
    sentences = [
        _sentence(results, row | {"distinguishable": known}, results.variants[base])
        for row, known in zip(
            told, table.loc[table["point"] == POOLED, "distinguishable"], strict=True
        )
        if row["replicates"] or row["points"]
    ]
    for outcome in names:
        apart = [
            str(row["variant"])
            for row in told
            if row["outcome"] == outcome and not row["replicates"] and not row["points"]
        ]
        if apart:
            sentences.append(
                f"{results.title_of(outcome)}: {listed(apart)} {'has' if len(apart) == 1 else 'have'} no "
                f"value that {results.variants[base]} has as well, so there is no difference to tell; see describe."
            )
    sentences.append(
        "Intervals are of the mean paired difference; p values are adjusted for all comparisons of an "
        "outcome (Holm)."
    )
    title = f"What each variant changes, compared with {results.variants[base]}"
    if base != results.against and results.variants[results.against] in set(table["variant"]):
        title = f"How the others differ from {results.variants[base]}"
    name = "compare" if base == results.against else f"compare-{base}"
    return Finding("compare", name, title, tuple(sentences), table, {"outcomes": names})


def _row(
    results: Results, outcome: str, variant: int, point: int, values: Real, known: NDArray[np.bool_]
) -> dict[str, object]:
    sets = None if results.sets is None else results.sets[known]
    means = by_set(values, sets) if len(values) else values
    low, high = interval_of(means, 0.95)
    ends = bootstrap_interval(means) if point == POOLED else (math.nan, math.nan)
    return {
        "outcome": outcome,
        "variant": results.variants[variant],
        "point": point,
        "replicates": len(values),
        "sets": len(means) if sets is not None else 0,
        "sets_above": int((means > 0.0).sum()) if sets is not None else 0,
        "sets_below": int((means < 0.0).sum()) if sets is not None else 0,
        "difference": float(means.mean()) if len(means) else math.nan,
        "low": low,
        "high": high,
        "bootstrap_low": ends[0],
        "bootstrap_high": ends[1],
        "p": _p_value(means),
        "p_adjusted": math.nan,
    }


def _sentence(results: Results, row: Mapping[Any, Any], base: str) -> str:
    outcome = str(row["outcome"])
    title = results.title_of(outcome)
    if not row["replicates"]:
        return (
            f"{title}: {row['variant']} and {base} both have it at {row['points']} of {row['of_points']} points "
            "only, so there is no mean over all; see the table, or mentorsim status for what is missing."
        )
    unit = results.unit_of(outcome, difference=True)
    low, high = float(row["low"]), float(row["high"])
    told = f"{row['variant']}: {title} {with_unit(float(row['difference']), unit, sign=True)}"
    told += (
        f" (95 % interval {three_figures(low)} to {three_figures(high)}; "
        f"{plural(int(row['replicates']), 'replicate')})"
    )
    if row["sets"]:
        above, below = int(row["sets_above"]), int(row["sets_below"])
        where = "above" if above >= below else "below"
        told += f", {where} 0 in {max(above, below)} of {row['sets']} parameter sets"
    return told + (
        "." if row["distinguishable"] else "; it cannot be told apart from no difference."
    )
