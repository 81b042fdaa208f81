"""Two uncertainties: chance, and not knowing the parameters; told apart by worlds that share parameters.

With an ensemble every two neighbouring worlds share a parameter set and nothing else. How much the two
differ is chance; how much the sets differ beyond that is ignorance (one-way analysis of variance with
random effects; Searle, Casella & McCulloch 1992).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble, set_of
from sim.experiments.statistics import interval_of
from sim.outcomes import OUTCOMES

__all__ = ["uncertainty_table"]

Real = NDArray[np.float64]

ROBUST_FROM = 0.975
"""Share of parameter sets that must agree on the direction for a conclusion to hold over the ensemble."""

_COLUMNS = [
    *("variant", "outcome", "unit", "difference", "low", "high", "chance_low", "chance_high"),
    *("sets_low", "sets_high", "share_of_ignorance", "same_direction", "holds", "hinges_on"),
    *("sets", "replicates"),
]


def uncertainty_table(
    variants: Sequence[str], baseline: str, worlds: Sequence[int], values: Real, ensemble: Ensemble
) -> pd.DataFrame:
    """One row per variant other than the baseline and outcome.

    `low` to `high` is the 95 % interval of the mean over the ensemble, `chance_low` to `chance_high` what
    it would be if the parameters were known. Between `sets_low` and `sets_high` lie the effects of 95 of
    100 parameter sets, chance taken out. `share_of_ignorance` is the part of one firm's variance that the
    parameters make; `same_direction` the share of sets under which the effect has the direction of the
    mean. A conclusion `holds` if nearly all agree on it; `hinges_on` names the parameters that the effect
    goes with (rank correlation over the sets; beyond chance at one in a thousand).

    Parameters
    ----------
    values
        Shape (variants, worlds, len(OUTCOMES)).
    """
    base = list(variants).index(baseline)
    numbers = np.array([set_of(world) for world in worlds])
    rows = []
    for index, name in enumerate(variants):
        if index == base:
            continue
        for place, item in enumerate(OUTCOMES):
            effect = values[index, :, place] - values[base, :, place]
            rows.append(
                {"variant": name, "outcome": item.name, "unit": item.unit}
                | _told_apart(effect, numbers, ensemble)
            )
    return pd.DataFrame(rows, columns=_COLUMNS)


def _told_apart(effect: Real, numbers: NDArray[np.int64], ensemble: Ensemble) -> dict[str, object]:
    known = np.isfinite(effect)
    effect, numbers = effect[known], numbers[known]
    sets, place = np.unique(numbers, return_inverse=True)
    counts = np.bincount(place, minlength=len(sets)).astype(float)
    result: dict[str, object] = dict.fromkeys(_COLUMNS[3:12], math.nan)
    result |= {"holds": False, "hinges_on": "", "sets": len(sets), "replicates": len(effect)}
    if len(sets) < 3:
        return result
    means = np.bincount(place, weights=effect) / counts
    mean = float(means.mean())
    low, high = interval_of(means, 0.95)
    within = float(((effect - means[place]) ** 2).sum() / max(1.0, counts.sum() - len(sets)))
    between = max(0.0, float(means.var(ddof=1)) - within * float((1.0 / counts).mean()))
    if counts.max() < 2:  # one world each: nothing tells the two apart
        within = between = math.nan
    spread = math.sqrt(between) if between == between else math.nan
    half = 1.96 * math.sqrt(within / len(effect)) if within == within else math.nan
    agree = _share_beyond(mean, spread)
    distinct = low > 0.0 or high < 0.0
    result |= {
        "difference": mean,
        "low": low,
        "high": high,
        "chance_low": mean - half,
        "chance_high": mean + half,
        "sets_low": mean - 1.96 * spread,
        "sets_high": mean + 1.96 * spread,
        "share_of_ignorance": between / (between + within) if within + between > 0.0 else math.nan,
        "same_direction": agree,
        "holds": bool(distinct and agree >= ROBUST_FROM),
        "hinges_on": ", ".join(_hinges(means, sets, ensemble)),
    }
    return result


def _share_beyond(mean: float, spread: float) -> float:
    """Share of a normal distribution on the mean's own side of zero."""
    if spread != spread:
        return math.nan
    if spread == 0.0:
        return 1.0 if mean else 0.5
    return 0.5 * math.erfc(-abs(mean) / spread / math.sqrt(2.0))


def _hinges(means: Real, sets: NDArray[np.int64], ensemble: Ensemble, most: int = 3) -> list[str]:
    """The parameters that an effect goes with, strongest first."""
    if len(sets) < 20 or means.std() == 0.0:
        return []
    table = ensemble.values[sets % len(ensemble)]
    moving = np.flatnonzero(table.std(axis=0) > 0.0)
    x = np.argsort(np.argsort(table[:, moving], axis=0), axis=0).astype(float)
    y = np.argsort(np.argsort(means)).astype(float)
    x, y = x - x.mean(axis=0), y - y.mean()
    correlation = (x.T @ y) / np.sqrt((x * x).sum(axis=0) * float(y @ y))
    threshold = 3.29 / math.sqrt(len(sets))
    order = np.argsort(-np.abs(correlation), kind="stable")[:most]
    return [ensemble.keys[moving[k]] for k in order if abs(correlation[k]) > threshold]
