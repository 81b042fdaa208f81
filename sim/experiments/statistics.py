"""What can be said from worlds in pairs: mean effects with their uncertainty, and the spread of firms.

Two things are told apart. The *interval* says how well the mean effect is known; it shrinks with more
replicates. The *spread over firms* says how differently single firms fare; it does not shrink.

Firms that share a parameter set of an ensemble are no independent witnesses of what the parameters do.
Where there are `sets`, intervals therefore rest on the means of the sets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcomes.declared import CURVES, GROUPED, OUTCOMES

__all__ = [
    "Effect",
    "FEWEST_PEOPLE",
    "Sets",
    "by_firm",
    "by_set",
    "effect_of",
    "effects_table",
    "false_discovery_rates",
    "groups_table",
    "growing_intervals",
    "interval_of",
    "mean_of",
    "monthly_replicates_table",
    "monthly_table",
    "outcomes_table",
    "p_value_of",
    "share_better",
    "spread_by_month",
    "told_of",
    "variance_ratios",
]

Real = NDArray[np.float64]
Sets = NDArray[np.int64] | None
"""Number of the parameter set of every world; None if all have the same parameters."""

FEWEST_PEOPLE = 5
"""Groups whose mean headcount is lower are not told about: single people could be recognised."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a variant changes in one outcome, over worlds in pairs.

    Attributes
    ----------
    baseline_mean, variant_mean
        Means over the worlds in which both are defined; where there are none, over those in which each
        is defined.
    difference
        Mean of the paired differences, variant minus baseline.
    low, high, low50, high50
        95 % and 50 % intervals of the mean difference (Student's t); NaN from one world. With parameter
        sets, of the mean over these.
    firm_low, firm_high
        Between these lie the differences of 95 of 100 single firms; NaN from one world.
    probability_better
        Share of worlds in which the variant was better, ties counting half; NaN where neither
        direction is better.
    distinguishable
        Whether the 95 % interval leaves out 0.
    replicates
        Worlds that the difference rests on: those in which both are defined.
    p_value
        Probability of a mean difference as far from 0, or further, if there were none (Student's t); NaN
        from one world.
    """

    baseline_mean: float
    variant_mean: float
    difference: float
    low: float
    high: float
    low50: float
    high50: float
    firm_low: float
    firm_high: float
    probability_better: float
    distinguishable: bool
    replicates: int
    p_value: float


def effect_of(
    baseline: Real, variant: Real, higher_is_better: bool | None, sets: Sets = None
) -> Effect:
    """Compare an outcome in the same worlds under two variants.

    Parameters
    ----------
    baseline, variant
        Value in each world, shape (worlds,); NaN where undefined.
    higher_is_better
        As the outcome declares.
    sets
        See the module.
    """
    both = np.isfinite(baseline) & np.isfinite(variant)
    differences = variant[both] - baseline[both]
    means = by_set(differences, None if sets is None else sets[both])
    low, high = interval_of(means, 0.95)
    low50, high50 = interval_of(means, 0.5)
    firms = (np.nan, np.nan)
    if len(differences) > 1:
        firms = tuple(_range_of(differences))
    return Effect(
        baseline_mean=mean_of(baseline[both] if both.any() else baseline),
        variant_mean=mean_of(variant[both] if both.any() else variant),
        difference=mean_of(means),
        low=low,
        high=high,
        low50=low50,
        high50=high50,
        firm_low=float(firms[0]),
        firm_high=float(firms[1]),
        probability_better=share_better(differences, higher_is_better),
        distinguishable=bool(low > 0.0 or high < 0.0),
        replicates=len(differences),
        p_value=p_value_of(means),
    )


def by_set(values: Real, sets: Sets) -> Real:
    """The mean of every parameter set; the values themselves without sets, or within a single one.

    Parameters
    ----------
    values
        Shape (worlds, ...), all defined.
    """
    if sets is None or not len(sets) or (sets == sets[0]).all():
        return values
    _, place, counts = np.unique(sets, return_inverse=True, return_counts=True)
    total = np.zeros((len(counts), *values.shape[1:]))
    np.add.at(total, place, values)
    return np.asarray(total / counts.reshape(-1, *(1,) * (values.ndim - 1)))


def by_firm(outcomes: pd.DataFrame) -> dict[tuple[str, str], Real]:
    """Every outcome of every variant by (variant, outcome): its values in the order of replicates.

    Parameters
    ----------
    outcomes
        One row per variant, replicate and outcome.
    """
    ordered = outcomes.sort_values("replicate", kind="stable")
    values = ordered["value"].to_numpy(dtype=float)
    keys = zip(outcomes["variant"].astype(str), outcomes["outcome"].astype(str), strict=True)
    places = ordered.groupby(
        [ordered["variant"].astype(str), ordered["outcome"].astype(str)], sort=False
    ).indices
    return {key: values[places[key]] for key in dict.fromkeys(keys)}


def told_of(firms: Real, sets: Sets) -> tuple[float, float, float, int]:
    """Mean over firms of what is defined, its 95 % interval, and in how many firms it is.

    Parameters
    ----------
    firms
        Shape (worlds,), NaN where undefined.
    """
    known = np.isfinite(firms)
    means = by_set(firms[known], None if sets is None else sets[known])
    return (mean_of(means), *interval_of(means, 0.95), int(known.sum()))


def mean_of(values: Real) -> float:
    """The mean of what is defined; NaN if nothing is."""
    defined = values[np.isfinite(values)]
    return float(defined.mean()) if defined.size else math.nan


def interval_of(values: Real, level: float) -> tuple[float, float]:
    """Student's interval of the mean of defined values; (NaN, NaN) from fewer than two."""
    count = len(values)
    if count < 2:
        return math.nan, math.nan
    mean = float(values.mean())
    half = _student(count - 1, level) * float(values.std(ddof=1)) / math.sqrt(count)
    return mean - half, mean + half


def growing_intervals(values: Real, sets: Sets, level: float) -> tuple[Real, Real]:
    """Mean, and half of Student's interval of it, of the first value, the first two, and so on.

    What :func:`interval_of` says of :func:`by_set`, worked out for every beginning at once.

    Parameters
    ----------
    values
        All defined; shape (worlds,).

    Returns
    -------
    tuple
        Means, and half-widths (NaN of fewer than two independent values); shape (worlds,) each.
    """
    middle = float(values.mean()) if len(values) else 0.0
    shifted = values - middle
    total, squares = np.cumsum(shifted), np.cumsum(shifted**2)
    count = np.arange(1, len(values) + 1)
    if sets is not None and len(sets):
        _, place = np.unique(sets, return_inverse=True)
        own = place[:, None] == np.arange(place.max() + 1)
        met = np.cumsum(own, axis=0)
        means = np.cumsum(np.where(own, shifted[:, None], 0.0), axis=0) / np.maximum(met, 1)
        several = (met > 0).sum(axis=1) > 1  # within a single set, its worlds are all that there is
        count = np.where(several, (met > 0).sum(axis=1), count)
        total = np.where(several, means.sum(axis=1), total)
        squares = np.where(several, (means**2).sum(axis=1), squares)
    mean, free = total / count, np.maximum(count - 1, 1)
    spread = np.sqrt(np.maximum(squares - count * mean**2, 0.0) / free)
    half = np.array([_student(int(one), level) for one in free]) * spread / np.sqrt(count)
    return mean + middle, np.where(count < 2, np.nan, half)


def p_value_of(values: Real) -> float:
    """Two-sided p-value of the mean of defined values against 0 (Student's t); NaN from fewer than two."""
    count = len(values)
    if count < 2:
        return math.nan
    from scipy.special import stdtr

    mean, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(count)
    if error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return float(2.0 * stdtr(count - 1, -abs(mean) / error))


def false_discovery_rates(p_values: Real) -> Real:
    """P-values adjusted for their number (Benjamini and Hochberg 1995); NaN where one is undefined.

    Of all effects whose adjusted value is below 0.05, about 5 of 100 are expected to be there by chance.
    """
    adjusted = np.full(p_values.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p_values))
    order = known[np.argsort(-p_values[known], kind="stable")]
    ranks = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum.accumulate(p_values[order] * len(order) / ranks)
    return adjusted


@cache
def _student(freedom: int, level: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2.0))


def share_better(differences: Real, higher_is_better: bool | None) -> float:
    """Share of the defined differences that are for the better, a tie counting half, wherever it is told.

    Parameters
    ----------
    differences
        Of worlds in pairs; NaN where undefined.
    higher_is_better
        None where neither direction is better; the share is then NaN, as it is of nothing.
    """
    known = differences[np.isfinite(differences)]
    if higher_is_better is None or not known.size:
        return math.nan
    better = known > 0.0 if higher_is_better else known < 0.0
    return float((better.sum() + 0.5 * (known == 0.0).sum()) / known.size)


def effects_table(
    variants: tuple[str, ...], baseline: str, values: Real, meetings: Real, sets: Sets = None
) -> pd.DataFrame:
    """One row per variant other than the baseline and outcome.

    Parameters
    ----------
    values
        Shape (variants, worlds, len(OUTCOMES)).
    meetings
        Formal meetings held in the window, shape (variants, worlds). `per_meeting` is the difference
        per 1,000 of them; it is missing where the variant holds none, and where the baseline holds
        some, because the difference is then not theirs.
    sets
        See the module.

    Notes
    -----
    Ten programmes and sixty outcomes show some thirty intervals without 0 where nothing has an effect at all.
    `adjusted` is the p-value adjusted for all rows of the table (:func:`false_discovery_rates`).
    """
    base = variants.index(baseline)
    rows = []
    for index, name in enumerate(variants):
        if index == base:
            continue
        held = mean_of(meetings[index]) if not meetings[base].any() else 0.0
        for place, item in enumerate(OUTCOMES):
            effect = effect_of(
                values[base, :, place], values[index, :, place], item.higher_is_better, sets
            )
            rows.append(
                {"variant": name, "outcome": item.name, "unit": item.unit}
                | {field: getattr(effect, field) for field in Effect.__slots__}
                | {"per_meeting": 1000.0 * effect.difference / held if held > 0.0 else math.nan}
            )
    names = ["variant", "outcome", "unit", *Effect.__slots__, "per_meeting"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(adjusted=false_discovery_rates(table["p_value"].to_numpy(dtype=np.float64)))


def outcomes_table(
    variants: tuple[str, ...], worlds: tuple[int, ...], values: Real
) -> pd.DataFrame:
    """One row per variant, replicate and outcome; `values` as for :func:`effects_table`."""
    return _long(variants, worlds, [item.name for item in OUTCOMES], values)


def _long(
    variants: tuple[str, ...], worlds: tuple[int, ...], names: list[str], values: Real
) -> pd.DataFrame:
    """Columns variant, replicate, outcome, value, from shape (variants, worlds, outcomes)."""
    shape = values.shape
    variant, world, place = (axis.ravel() for axis in np.indices(shape))
    return pd.DataFrame(
        {
            "variant": np.array(variants, dtype=object)[variant],
            "replicate": np.array(worlds, dtype=np.int64)[world],
            "outcome": np.array(names, dtype=object)[place],
            "value": values.ravel(),
        }
    )


def monthly_table(
    variants: tuple[str, ...], baseline: str, curves: Real, sets: Sets = None
) -> pd.DataFrame:
    """One row per variant, outcome and month: mean over worlds, and between which values 95 of 100 lie.

    `difference`, `difference_low` and `difference_high` are the mean of the paired differences from the
    baseline and its 95 % interval; missing for the baseline itself.

    Parameters
    ----------
    curves
        Shape (variants, worlds, len(CURVES), months).
    sets
        See the module.
    """
    base = variants.index(baseline)
    parts = []
    for index, name in enumerate(variants):
        for place, item in enumerate(CURVES):
            mean, low, high = spread_by_month(curves[index, :, place])
            months = np.arange(len(mean))
            columns = {"variant": name, "month": months, "outcome": item.name}
            columns |= {"mean": mean, "low": low, "high": high}
            changes = curves[index, :, place] - curves[base, :, place]
            if index == base:
                changes = np.full_like(changes, np.nan)
            columns |= dict(zip(_CHANGES, _means_by_month(changes, sets), strict=True))
            parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


_CHANGES = ("difference", "difference_low", "difference_high")


def _means_by_month(table: Real, sets: Sets) -> Real:
    """Mean over worlds and its 95 % interval, shape (3, months), of what is defined in (worlds, months)."""
    result = np.full((3, table.shape[1]), np.nan)
    whole = np.isfinite(table).all(axis=0) & (len(table) > 1)
    if len(table) > 1:
        means = by_set(table[:, whole], sets)
        mean = means.mean(axis=0)
        half = _student(len(means) - 1, 0.95) * means.std(axis=0, ddof=1)
        half /= math.sqrt(len(means))
        result[:, whole] = mean, mean - half, mean + half
    for month in np.flatnonzero(~whole):
        known = np.isfinite(table[:, month])
        means = by_set(table[known, month], None if sets is None else sets[known])
        result[:, month] = mean_of(means), *interval_of(means, 0.95)
    return result


def spread_by_month(table: Real) -> tuple[Real, Real, Real]:
    """Mean, 2.5 % and 97.5 % quantile over worlds, each of shape (months,); NaN where all is missing.

    Parameters
    ----------
    table
        Shape (worlds, months); what is missing in a world is left out.
    """
    result = np.full((3, table.shape[1]), np.nan)
    whole = np.isfinite(table).all(axis=0) & (len(table) > 0)
    if len(table):
        result[:, whole] = table[:, whole].mean(axis=0), *_range_of(table[:, whole])
    for month in np.flatnonzero(~whole):
        defined = table[np.isfinite(table[:, month]), month]
        if defined.size:
            result[:, month] = defined.mean(), *_range_of(defined)
    return result[0], result[1], result[2]


def _range_of(values: Real) -> Real:
    """2.5 % and 97.5 % quantile along the first axis, as ``numpy.quantile`` has them, many times sooner."""
    ordered, last = np.sort(values, axis=0), len(values) - 1
    found = []
    for share in (0.025, 0.975):
        below, part = divmod(share * last, 1.0)
        low, high = ordered[int(below)], ordered[min(int(below) + 1, last)]
        rise = high - low
        found.append(low + rise * part if part < 0.5 else high - rise * (1.0 - part))
    return np.array(found)


def monthly_replicates_table(
    variants: tuple[str, ...], worlds: tuple[int, ...], curves: Real
) -> pd.DataFrame:
    """One row per variant, replicate, outcome and month; `curves` as for :func:`monthly_table`."""
    shape = curves.shape
    table = _long(variants, worlds, [item.name for item in CURVES], curves[..., 0])
    table = table.loc[table.index.repeat(shape[-1])].reset_index(drop=True)
    table["value"] = curves.ravel()
    table.insert(3, "month", np.tile(np.arange(shape[-1]), math.prod(shape[:-1])))
    return table


def groups_table(
    variants: tuple[str, ...],
    baseline: str,
    labels: list[tuple[str, str]],
    groups: Real,
    sets: Sets = None,
) -> pd.DataFrame:
    """One row per variant other than the baseline, group and outcome.

    Parameters
    ----------
    labels
        What each group is of (generation, level, department) and its name.
    groups
        Shape (variants, worlds, len(labels), 1 + len(GROUPED)): mean headcount, then the outcomes.
        Where the mean headcount under either variant is below :data:`FEWEST_PEOPLE`, values are
        withheld.
    sets
        See the module.
    """
    base = variants.index(baseline)
    shown = ("baseline_mean", "variant_mean", "difference", "low", "high")
    rows = []
    for index, name in enumerate(variants):
        for group, (by, label) in enumerate(labels):
            if index == base:
                continue
            people = mean_of(groups[index, :, group, 0])
            suppressed = min(people, mean_of(groups[base, :, group, 0])) < FEWEST_PEOPLE
            for place, item in enumerate(GROUPED, start=1):
                effect = effect_of(
                    groups[base, :, group, place], groups[index, :, group, place], None, sets
                )
                rows.append(
                    {"variant": name, "by": by, "group": label, "outcome": item.name}
                    | {key: math.nan if suppressed else getattr(effect, key) for key in shown}
                    | {"people": people, "suppressed": suppressed}
                )
    names = ["variant", "by", "group", "outcome", *shown, "people", "suppressed"]
    return pd.DataFrame(rows, columns=names)


def variance_ratios(outcomes: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """What the same luck under every variant buys, for each headline outcome and variant.

    `ratio` is the variance that the difference would have with worlds of its own for each variant,
    ``var(baseline) + var(variant)``, over the variance of the paired difference: as many times more
    replicates would be needed without pairing. NaN from fewer than two worlds or where nothing varies,
    infinite where all paired differences are equal.

    Parameters
    ----------
    outcomes
        As :func:`outcomes_table` makes it.
    """
    headlines = [item.name for item in OUTCOMES if item.headline]
    rows = []
    for name in outcomes["variant"].unique():
        if name == baseline:
            continue
        for outcome in headlines:
            table = outcomes[outcomes["outcome"] == outcome]
            values = table.pivot(index="replicate", columns="variant", values="value")
            pair = values[[baseline, name]].dropna().to_numpy(dtype=np.float64)
            independent = paired = ratio = math.nan
            if len(pair) > 1:
                independent = float(pair.var(axis=0, ddof=1).sum())
                paired = float((pair[:, 1] - pair[:, 0]).var(ddof=1))
                if independent > 0.0:
                    ratio = independent / paired if paired > 0.0 else math.inf
            rows.append((name, outcome, independent, paired, ratio))
    return pd.DataFrame(rows, columns=["variant", "outcome", "independent", "paired", "ratio"])
