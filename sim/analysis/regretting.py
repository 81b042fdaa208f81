"""regret and map: under which conditions a choice goes wrong, and what would have been right there."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.choosing import check_two, defined
from sim.analysis.results import Finding, Results
from sim.analysis.words import percent, plural, with_unit
from sim.errors import InputError
from sim.scenario.messages import described, hint, number_text

__all__ = ["binned", "by_condition", "map_best", "regret"]

Real = NDArray[np.float64]

_MOST_BINS = 5


def by_condition(results: Results, outcome: str) -> Real:
    """Values, larger is better, shape (alternatives, conditions, replicates within a condition).

    With an ensemble, every parameter set is a condition of its own within each condition of the design.
    """
    values = results.goal_of(outcome) * results.alternatives.of(results.cube(outcome))
    if results.sets is None:
        return values
    kinds = np.unique(results.sets)
    width = max(int((results.sets == kind).sum()) for kind in kinds)
    split = np.full((values.shape[0], values.shape[1] * len(kinds), width), np.nan)
    for place, kind in enumerate(kinds):
        own = values[:, :, results.sets == kind]
        split[:, place :: len(kinds), : own.shape[2]] = own
    return split


def regret(results: Results, outcome: str | None = None) -> Finding:
    """How much worse each alternative is than the best one of the same condition: in the mean and at worst.

    The best is chosen by one half of the replicates and the loss measured by the other half, and the other way
    round, so that nobody is blamed for another's luck. With one replicate per condition that is not possible;
    it is said then that regrets are too large.

    Parameters
    ----------
    outcome
        By default the first of the study.
    """
    (outcome,) = results.outcomes([outcome] if outcome else None)[:1]
    check_two(results.alternatives.names)
    values = by_condition(results, outcome)
    kept, left_out = defined(values[None], results.alternatives.names)
    values = values[kept]
    whole = np.asarray(np.isfinite(values).all(axis=0))  # (conditions, replicates)
    first, second = _means(values, whole, 0), _means(values, whole, 1)
    crossed = np.isfinite(first).all(axis=0) & np.isfinite(second).all(axis=0)
    halves = crossed.sum() >= 2
    if halves:
        chosen, other = first[:, crossed], second[:, crossed]
        places = np.arange(chosen.shape[1])
        losses = 0.5 * (
            (other[chosen.argmax(axis=0), places] - other)
            + (chosen[other.argmax(axis=0), places] - chosen)
        )
        shares = 0.5 * (_wins(chosen) + _wins(other))
    else:
        means = _means(values, whole, None)
        means = means[:, np.isfinite(means).all(axis=0)]
        losses, shares = means.max(axis=0) - means, _wins(means)
    if losses.shape[1] < 2:
        raise InputError(
            "there are fewer than two conditions in which every alternative has a value",
            remedy="vary uncertainties, or run with the ensemble",
        )
    table = pd.DataFrame(
        {
            "alternative": [results.alternatives.names[place] for place in kept],
            "outcome": outcome,
            "mean_regret": losses.mean(axis=1),
            "regret_90": np.quantile(losses, 0.9, axis=1),
            "largest_regret": losses.max(axis=1),
            "share_best": shares,
            "conditions": losses.shape[1],
        }
    ).sort_values("mean_regret", kind="stable", ignore_index=True)
    unit = results.unit_of(outcome, difference=True)
    robust = table.iloc[int(table["regret_90"].to_numpy().argmin())]
    sentences = [
        f"{table['alternative'][0]} has the least mean regret in {results.title_of(outcome)}: "
        f"{_loss(float(table['mean_regret'][0]), unit)} below the best of each of "
        f"{plural(losses.shape[1], 'condition')}; it is the best in {percent(float(table['share_best'][0]))} of them.",
        f"{robust['alternative']} is the most robust: in nine conditions of ten it loses "
        f"{_loss(float(robust['regret_90']), unit, 'at most ')}.",
        "The best of a condition was chosen by half of its replicates and the loss measured by the other half, so "
        "that chance does not count as regret; estimates near nothing may fall below it."
        if halves
        else "With one replicate per condition, luck counts as regret: the figures are too large.",
    ]
    drawing = {"losses": losses}
    sentences += left_out
    title = f"Regret in {results.title_of(outcome)}"
    return Finding("regret", f"regret-{outcome}", title, tuple(sentences), table, drawing)


def _loss(value: float, unit: str, before: str = "") -> str:
    """A regret as one says it; estimates may fall below nothing."""
    return before + with_unit(value, unit) if value > 0.0 else "nothing"


def _means(values: Real, whole: NDArray[np.bool_], half: int | None) -> Real:
    """Means over every second replicate (or all), shape (alternatives, conditions); NaN without any."""
    used = whole.copy()
    if half is not None:
        number = used.cumsum(axis=1) - 1
        used &= number % 2 == half
    total = np.where(used[None], np.nan_to_num(values), 0.0).sum(axis=2)
    count = used.sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _wins(means: Real) -> Real:
    """Share of the conditions in which each alternative is the best; equals share it."""
    top = means == means.max(axis=0)
    return np.asarray((top / top.sum(axis=0)).mean(axis=1))


def map_best(
    results: Results, outcome: str | None = None, *, x: str | None = None, y: str | None = None
) -> Finding:
    """Which variant is best where, over two factors; and by how much it leads the next.

    Parameters
    ----------
    outcome
        By default the first of the study.
    x, y
        Keys of two factors; by default an uncertainty and a lever, or the first two that vary.

    Raises
    ------
    InputError
        If fewer than two factors vary.
    """
    (outcome,) = results.outcomes([outcome] if outcome else None)[:1]
    check_two(results.variants)
    keys = results.study.keys
    varied = results.factor_columns()
    for key in (x, y):
        if key is not None and key not in keys:
            raise InputError(f"{described(key)} is no factor of this study", remedy=hint(key, keys))
    chosen = [keys.index(key) for key in (x, y) if key is not None]
    if not chosen and results.factor_columns("lever") and results.factor_columns("uncertainty"):
        chosen = [results.factor_columns(role)[0] for role in ("uncertainty", "lever")]
    chosen += [place for place in varied if place not in chosen][: 2 - len(chosen)]
    if len(chosen) < 2:
        raise InputError("a map takes two factors that vary", remedy="vary another one")
    axes = [binned(results, place) for place in chosen]
    goal = results.goal_of(outcome)
    cube = goal * results.cube(outcome)
    rows = []
    for down, down_name in enumerate(axes[1][1]):
        for right, right_name in enumerate(axes[0][1]):
            here = np.flatnonzero((axes[0][0] == right) & (axes[1][0] == down))
            if len(here):
                rows.append(_cell(results, cube[here], right_name, down_name, len(here)))
    table = pd.DataFrame(rows)
    names = [keys[place] for place in chosen]
    table = table.rename(columns={"x": names[0], "y": names[1]})
    counts = table.loc[table["best"] != "", "best"].value_counts()
    untold = int((table["best"] == "").sum())
    sure = int((table["probability_best"] >= 0.9).sum())
    sentences = [
        f"{name} is best in {results.title_of(outcome)} in {plural(int(count), 'part')} of {len(table)}."
        for name, count in counts.items()
    ]
    sentences.append(
        f"In {plural(sure, 'part') if sure else 'no part'} of {len(table)} it is so with a probability of at least 90 %."
    )
    if untold:
        sentences.append(
            f"In {plural(untold, 'part')} nothing can be told: fewer than two replicates have a value there."
        )
    title = f"Which variant is best where, in {results.title_of(outcome)}"
    drawing = {"x": names[0], "y": names[1], "variants": list(results.variants)}
    drawing |= {"x_names": axes[0][1], "y_names": axes[1][1]}
    return Finding("map", f"map-{outcome}", title, tuple(sentences), table, drawing)


def _cell(results: Results, cube: Real, x: str, y: str, count: int) -> dict[str, object]:
    """The best variant of a part of the map: `cube` has shape (points, variants, replicates)."""
    from sim.analysis.plausible import common, plausible_means

    try:
        values = common(np.moveaxis(cube, 1, 0), results.sets).mean(axis=1)
    except InputError:
        return {
            "x": x,
            "y": y,
            "best": "",
            "lead": np.nan,
            "probability_best": np.nan,
            "points": count,
        }
    drawn = plausible_means(values, count=2000)
    chances = np.bincount(drawn.argmax(axis=1), minlength=len(values)) / len(drawn)
    place = int(chances.argmax())
    means = values.mean(axis=1)
    lead = float(means[place] - np.delete(means, place).max())
    return {
        "x": x,
        "y": y,
        "best": results.variants[place],
        "lead": lead,
        "probability_best": float(chances[place]),
        "points": count,
    }


def binned(results: Results, place: int) -> tuple[NDArray[np.int64], list[str]]:
    """For every point, the part of a factor's range that it is in; and the names of the parts."""
    factor = results.study.factors[place]
    values = [row[place] for row in results.rows]
    distinct = sorted({str(value) for value in values}) if not factor.is_numeric else None
    if distinct is not None:
        known = [str(value) for value in factor.values if str(value) in distinct]
        names = known + [one for one in distinct if one not in known]
        return np.array([names.index(str(value)) for value in values]), names
    numbers = np.array([float(value) for value in values])
    levels = np.unique(numbers)
    if len(levels) <= 2 * _MOST_BINS:
        short = [f"{one:.3g}" if abs(one) < 1000 else number_text(one) for one in levels.tolist()]
        told = short if len(set(short)) == len(short) else list(map(number_text, levels.tolist()))
        return np.searchsorted(levels, numbers), told
    edges = np.quantile(numbers, np.linspace(0.0, 1.0, _MOST_BINS + 1))
    bins = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, _MOST_BINS - 1)
    return bins, [
        f"{low:.3g} to {high:.3g}" for low, high in zip(edges[:-1], edges[1:], strict=True)
    ]
