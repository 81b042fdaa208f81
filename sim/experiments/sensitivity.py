"""The parameters that an effect hinges on, and what it is where they are low and where they are high.

What this can find: a parameter along which the effect rises or falls steadily, strongly enough to stand out
among some 160 others. With 50 sets that takes a rank correlation of about 0.5, a quarter of all that differs
between the sets' means, chance included; with 188 sets about 0.27. What it cannot find: many parameters with
a little influence each, influence that turns or that needs two parameters together, and which one it is of
several that the published figures tie to each other. That none is found does not mean that there is none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble
from sim.experiments.statistics import interval_of

__all__ = ["ENOUGH_SETS", "FALSE_SHARE", "Hinge", "hinges_of"]

Real = NDArray[np.float64]

FALSE_SHARE = 0.05
"""Of the parameters named, at most so many on average are named by chance (Benjamini & Hochberg 1995)."""

ENOUGH_SETS = 20
"""With fewer sets no parameter is looked for."""

_MOST = 3


@dataclass(frozen=True, slots=True)
class Hinge:
    """One parameter that an effect goes with.

    Attributes
    ----------
    key
        ``section.name``.
    correlation
        Spearman's, of the parameter and the effect's mean under each set; -1 to 1.
    below, above
        The highest value in the lowest third of the sets and the lowest in the highest third, in the
        parameter's unit.
    low, high
        Mean effect over the sets of the lowest and of the highest third, each with the ends of its
        95 % interval. The same sets chose the parameter, so that they lie somewhat too far apart.
    """

    key: str
    correlation: float
    below: float
    above: float
    low: tuple[float, float, float]
    high: tuple[float, float, float]


def hinges_of(
    means: Real, sets: NDArray[np.int64], ensemble: Ensemble, fixed: Collection[str] = ()
) -> list[Hinge]:
    """The parameters that an effect goes with, strongest first, at most three; see the module.

    Parameters
    ----------
    means
        Mean effect under each set, shape (sets,).
    sets
        Numbers of the sets.
    fixed
        Parameters that did not vary, because the scenario sets them.
    """
    from scipy.stats import false_discovery_control, pearsonr, rankdata

    if len(sets) < ENOUGH_SETS or means.min() == means.max():
        return []
    table = ensemble.values[sets]
    varied = np.array([key not in fixed for key in ensemble.keys])
    moving = np.flatnonzero(varied & (table.min(axis=0) < table.max(axis=0)))
    if not len(moving):
        return []
    # Spearman's correlation is Pearson's of the ranks.
    ranks = rankdata(table[:, moving], axis=0)
    found = pearsonr(ranks, np.broadcast_to(rankdata(means)[:, None], ranks.shape), axis=0)
    kept = false_discovery_control(found.pvalue) <= FALSE_SHARE
    order = np.argsort(-np.abs(found.statistic), kind="stable")
    return [
        _hinge(
            ensemble.keys[moving[place]],
            float(found.statistic[place]),
            means,
            table[:, moving[place]],
        )
        for place in order[kept[order]][:_MOST]
    ]


def _hinge(key: str, correlation: float, means: Real, values: Real) -> Hinge:
    ordered, third = np.sort(values), len(values) // 3
    below, above = float(ordered[third - 1]), float(ordered[-third])
    low, high = means[values <= below], means[values >= above]
    return Hinge(
        key,
        correlation,
        below,
        above,
        (float(low.mean()), *interval_of(low, 0.95)),
        (float(high.mean()), *interval_of(high, 0.95)),
    )
