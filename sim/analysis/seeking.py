"""optimise: what a search found, judged on firms that it never saw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.fronts import box_of, commanded, together
from sim.analysis.plausible import own, plausible_means
from sim.analysis.results import Finding, Results
from sim.analysis.words import listed, plural, three_figures, with_unit
from sim.errors import InputError
from sim.experiments.statistics import by_set, interval_of
from sim.experiments.sweeps.optimising import costs_of, front, searched_variant, violations_of

__all__ = ["optimum"]

Flags = NDArray[np.bool_]
Real = NDArray[np.float64]


def optimum(results: Results) -> Finding:
    """The points of the front that a search found, with their outcomes on fresh firms, and all others tried.

    Raises
    ------
    InputError
        If the study has no search.
    """
    block = results.study.proposed
    if block is None:
        raise InputError(
            "the study has no search",
            remedy='write [[design]] with kind = "optimise" and objectives, and run it',
            file=results.path,
        )
    options = block.options
    names = list(dict.fromkeys((*options["objectives"], *options["constraints"])))
    first = sum(len(one.rows) for one in results.study.blocks)
    variant, seen = searched_variant(results.study), results.study.replicates
    cubes = {name: results.cube(name)[first:, variant] for name in names}
    searched = {name: _means(cube[:, :seen]) for name, cube in cubes.items()}
    fresh = {name: _means(cube[:, seen:]) for name, cube in cubes.items()}
    changes = {}
    if variant != results.against:
        own = [name for name in names if results.is_relative(name)]
        changes = {name: results.effect(name, variant)[first:] for name in own}
    on_front = front(costs_of(options, searched), violations_of(options, searched))
    judged = np.isfinite(np.stack(list(fresh.values()))).all(axis=0) & on_front
    still = np.zeros(len(on_front), dtype=np.bool_)
    if judged.any():
        again = {name: np.where(judged, means, np.nan) for name, means in fresh.items()}
        still = front(costs_of(options, again), violations_of(options, again))
    points = results.points.iloc[first:].reset_index(drop=True)
    keys = [results.study.keys[place] for place in block.factors]
    table = points[["point", *keys]].copy()
    for name in names:
        table[f"{name}_searched"] = searched[name]
        table[name] = fresh[name]
        ends = np.array([_interval(results, row, seen) for row in cubes[name]]).reshape(-1, 2)
        table[f"{name}_low"], table[f"{name}_high"] = ends[:, 0], ends[:, 1]
        if name in changes:  # from the same firms without it, which is known far more surely
            told = f"{name}_change"
            table[f"{told}_searched"] = _means(changes[name][:, :seen])
            table[told] = _means(changes[name][:, seen:])
            ends = np.array([_interval(results, row, seen) for row in changes[name]])
            table[f"{told}_low"], table[f"{told}_high"] = ends.reshape(-1, 2).T
    table["on_front"], table["on_front_of_fresh_firms"] = on_front, still
    table = table.sort_values(
        ["on_front_of_fresh_firms", "on_front"], ascending=False, kind="stable", ignore_index=True
    )
    return Finding(
        "optimise",
        "optimise",
        f"The best programmes of {results.variants[variant]}",
        (*_sentences(results, table, keys, names), *_volume(results, searched, cubes, on_front)),
        table,
        {
            "objectives": dict(options["objectives"]),
            "names": names,
            "relative": {name: name in changes for name in names},
        },
    )


def _volume(
    results: Results, searched: Mapping[str, Real], cubes: Mapping[str, Real], chosen: Flags
) -> list[str]:
    """How much the front commands on fresh firms, and what the last part of the budget still added to it."""
    block = results.study.proposed
    assert block is not None
    options, goals = block.options, list(block.options["objectives"])
    if len(goals) < 2 or not chosen.any():
        return []
    costs, violations = costs_of(options, searched), violations_of(options, searched)
    good = (violations <= 0.0) & np.isfinite(costs).all(axis=1)
    best, worst = box_of(costs[good])
    if not (worst > best).all():
        return []
    number = np.arange(len(costs))
    before, after = (
        commanded(costs[good & (number < until)], best, worst)
        for until in (len(costs) * 3 // 4, len(costs))
    )
    seen = results.study.replicates
    told = [
        f"The last quarter of the points added {100 * (after - before):.1f} % to the share of the box between "
        f"the worst and the best that the front commands (hypervolume, on the firms of the search)."
    ]
    fresh = np.stack([cubes[name][chosen, seen:] for name in goals])
    try:
        drawn = plausible_means(
            own(fresh[:, :, None], None if results.sets is None else results.sets[seen:])
        )
    except InputError:
        return told
    signs = np.array([1.0 if options["objectives"][name] == "min" else -1.0 for name in goals])
    moved = together(signs * drawn.swapaxes(1, 2))
    shares = [commanded(one, best, worst) for one in moved[:: max(1, len(moved) // 400)]]
    low, high = np.quantile(shares, [0.025, 0.975])
    told.append(
        f"On firms that the search never saw, the front commands {np.mean(shares):.2f} of that box "
        f"({low:.2f} to {high:.2f} in 95 % of the plausible means); the search itself saw {after:.2f}."
    )
    return told


def _means(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _interval(
    results: Results, row: np.ndarray[tuple[int, ...], np.dtype[np.float64]], seen: int
) -> tuple[float, float]:
    fresh = row[seen:]
    known = np.isfinite(fresh)
    sets = None if results.sets is None else results.sets[seen:][known]
    return interval_of(by_set(fresh[known], sets), 0.95)


def _sentences(
    results: Results, table: pd.DataFrame, keys: list[str], names: list[str]
) -> list[str]:
    block = results.study.proposed
    assert block is not None
    kept = table[table["on_front"]]
    told = [
        f"{plural(len(table), 'point')} were tried; {len(kept)} were not beaten by any other that keeps the constraints."
    ]
    if not len(kept):
        return [*told, "No point keeps the constraints: loosen them, or widen the levers."]
    fresh = table[table["on_front_of_fresh_firms"]]
    told.append(
        f"On firms that the search never saw, {len(fresh)} of them are still not beaten; "
        "what is told of them here rests on these firms alone."
    )
    name, goal = next(iter(block.options["objectives"].items()))
    if len(fresh):
        row = fresh.loc[fresh[name].idxmax() if goal == "max" else fresh[name].idxmin()]
        values = [f"{key.rpartition('.')[2].replace('_', ' ')} {_value(row[key])}" for key in keys]
        change = f"{name}_change"
        is_change = change in table
        column = change if is_change else name
        outcome = with_unit(
            float(row[column]), results.unit_of(name, difference=is_change), sign=is_change
        )
        if is_change:
            outcome += f" compared with {results.variants[results.against]}"
        ends = f"95 % interval {three_figures(row[f'{column}_low'])} to {three_figures(row[f'{column}_high'])}"
        told.append(
            f"The one with the best {results.title_of(name)} ({outcome}; {ends}) has {listed(values)}."
        )
    return told


def _value(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
