"""How exactly a sweep knows what it was run for: always told, whatever rule ended it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.analysis.results import Results
from sim.experiments.statistics import by_set, interval_of

__all__ = ["precision_lines", "precision_table"]


def precision_table(results: Results, level: float = 0.95) -> pd.DataFrame:
    """One row per outcome, variant and point: replicates and half-width of the paired difference's interval.

    Of the mean itself for the only variant of a sweep, and where the baseline has no value.
    """
    rows = []
    outcomes = tuple(dict.fromkeys((*results.study.stopping.watched, *results.study.outcomes)))
    for outcome in outcomes:
        for variant in results.others:
            effect = results.effect(outcome, variant)
            if not np.isfinite(effect).any():  # it is not defined under the baseline
                effect = results.cube(outcome)[:, variant]
            for point, values in enumerate(effect):
                known = np.isfinite(values)
                sets = None if results.sets is None else results.sets[known]
                low, high = interval_of(by_set(values[known], sets), level)
                rows.append(
                    (
                        outcome,
                        results.variants[variant],
                        point,
                        int(known.sum()),
                        (high - low) / 2.0,
                    )
                )
    return pd.DataFrame(rows, columns=["outcome", "variant", "point", "replicates", "half_width"])


def precision_lines(results: Results) -> Iterator[str]:
    """A line for each outcome: the median and the largest half-width over all points and variants."""
    table = precision_table(results)
    if not len(table):
        return
    stopping = results.study.stopping
    for outcome, rows in table.groupby("outcome", sort=False):
        known = rows["half_width"].dropna()
        if not len(known):
            some = int(rows["replicates"].max())
            yield f"{outcome}: " + (
                "one replicate tells no precision" if some else "it has no value"
            )
            continue
        unit = results.unit_of(str(outcome), difference=True)
        paired = any(np.isfinite(results.effect(str(outcome), one)).any() for one in results.others)
        what = "difference" if paired and len(results.variants) > 1 else "mean"
        least, most = int(rows["replicates"].min()), int(rows["replicates"].max())
        count = f"{least}" if least == most else f"{least} to {most}"
        told = f"{outcome}: half-width of a {what}'s 95 % interval {known.median():.3g} in the middle, "
        told += f"{known.max():.3g} at most ({unit}; {count} replicates)".replace("(; ", "(")
        if stopping.rule == "precision" and outcome == stopping.outcome:
            own = rows if stopping.variant is None else rows[rows["variant"] == stopping.variant]
            missed = int((~(own["half_width"] <= stopping.half_width)).sum())
            told += f"; asked for {stopping.half_width:g}: " + (
                f"not reached in {missed} of {len(own)} contrasts"
                if missed
                else "reached everywhere"
            )
        yield told
    if math.isnan(float(table["half_width"].max())):
        return
