"""How exactly a sweep knows what it was run for: always told, whatever rule ended it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.plausible import own, plausible_means
from sim.analysis.results import Results
from sim.analysis.words import plural, three_figures
from sim.errors import InputError
from sim.experiments.statistics import by_set, interval_of
from sim.experiments.sweeps.stopping import groups_of, race

__all__ = ["precision_lines", "precision_table"]

Real = NDArray[np.float64]


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
        told = f"{outcome}: half-width of a {what}'s 95 % interval {three_figures(known.median())} in the middle, "
        told += f"{three_figures(known.max())} at most ({unit}; {count} replicates)".replace(
            "(; ", "("
        )
        if stopping.rule == "precision" and outcome == stopping.outcome:
            own = rows if stopping.variant is None else rows[rows["variant"] == stopping.variant]
            missed = int((~(own["half_width"] <= stopping.half_width)).sum())
            told += f"; asked for {stopping.half_width:g}: " + (
                f"not reached in {missed} of {len(own)} contrasts"
                if missed
                else "reached everywhere"
            )
        yield told
    if stopping.rule in ("selection", "allocation"):
        yield _singled_out(results)


def _singled_out(results: Results) -> str:
    """How far a rule has come that spends runs on finding the best."""
    options, model = results.study.stopping, results.study.model
    sign = 1.0 if options.goal == "max" else -1.0
    values, done = sign * results.cube(options.outcome), results.done
    have = np.logical_and.accumulate(done, axis=2).sum(axis=2).ravel()
    flat = values.reshape(-1, values.shape[2])
    groups = groups_of(options, values.shape)
    where = "in all" if options.among == "cells" else f"at {plural(len(groups), 'point')}"
    if options.rule == "selection":
        left = [
            int(
                (
                    race(options, flat[group], have[group], results.study.replicates).left_at == 0
                ).sum()
            )
            for group in groups
        ]
        one = sum(count == 1 for count in left)
        among = f"of {len(groups[0])} alternatives {where}"
        told = f"one is left {'' if options.among == 'cells' else f'at {one} of them'}".rstrip()
        if one < len(left):
            told = (
                f"{max(left)} are left"
                if options.among == "cells"
                else f"{told}, up to {max(left)} elsewhere"
            )
        return (
            f"selection: {among}, {told} (best with {100 * options.level:g} % wherever it is better by "
            f"{options.indifference:g} or more)"
        )
    owners = results.cells.owner == np.arange(len(results.cells.owner))
    spent = int(done.sum())
    chances = [_chance(flat[group], results.sets) for group in groups]
    told = f"allocation: {spent} of {options.budget} runs spent ({int(have[owners].sum())} of them simulated); "
    if not all(math.isfinite(chance) for chance in chances):
        return told + "too few to tell how surely the best is found"
    if options.among == "cells":
        best = int(np.nanargmax(np.nanmean(flat, axis=1)))
        point, variant = divmod(best, len(model.variants))
        return (
            told
            + f"{model.variants[variant]} at point {point} is best with probability {chances[0]:.2f}"
        )
    return told + f"the best is the best with probability {min(chances):.2f} or more {where}"


def _chance(values: Real, sets: NDArray[np.int64] | None) -> float:
    """Probability that what looks best is the best; NaN if some alternative has too few runs."""
    kept = values[np.isfinite(values).any(axis=1)]
    try:
        drawn = plausible_means(own(kept[None, :, None], sets)[0])
    except InputError:
        return math.nan
    return float((drawn.argmax(axis=1) == np.nanmean(kept, axis=1).argmax()).mean())
