"""discover: under which conditions a policy fails (or does well), as rules in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.results import Finding, Results
from sim.analysis.words import listed, percent, plural
from sim.errors import InputError
from sim.experiments.sweeps.model import FirmModel
from sim.scenario.messages import number_text

__all__ = ["Box", "Cases", "cases_of", "discover", "peel"]

Real = NDArray[np.float64]

_RESAMPLES = 50
_LEAST_SHARE = 0.05


class Box(NamedTuple):
    """A rule: limits of some factors.

    Attributes
    ----------
    limits
        Lower and upper limit by position of the factor; infinite where there is none.
    coverage
        Share of all cases of interest that lie in it.
    density
        Share of the cases in it that are of interest.
    mass
        Share of all cases that lie in it.
    """

    limits: dict[int, tuple[float, float]]
    coverage: float
    density: float
    mass: float

    def holds(self, features: Real) -> NDArray[np.bool_]:
        """In which cases it holds; shape (cases,)."""
        inside = np.ones(len(features), dtype=np.bool_)
        for place, (low, high) in self.limits.items():
            inside &= (features[:, place] > low) & (features[:, place] <= high)
        return inside


def discover(
    results: Results,
    outcome: str | None = None,
    *,
    variant: str | None = None,
    threshold: float = 0.0,
    method: str = "tree",
) -> Finding:
    """Conditions under which a variant does not beat the baseline: rules with coverage and density.

    Parameters
    ----------
    outcome, variant
        By default the first outcome of the study, and the first variant that is not the baseline.
    threshold
        A case fails where the variant's mean effect, in the direction that is better, is at most this.
    method
        "tree": leaves of a classification tree (Breiman et al. 1984). "prim": boxes that are peeled (Friedman
        and Fisher 1999).

    Raises
    ------
    InputError
        If nothing varies, or all or none of the cases fail.
    """
    (outcome,) = results.outcomes([outcome] if outcome else None)[:1]
    place = results.variant(variant)
    name = results.variants[place]
    cases = cases_of(results, outcome, place)
    features, keys = cases.features, cases.keys
    effect = results.goal_of(outcome) * cases.effect
    fails = effect <= threshold
    share = float(fails.mean())
    title = f"When {name} fails in {results.title_of(outcome)}"
    what = (
        "is no better than the baseline"
        if threshold == 0.0
        else f"gains at most {number_text(threshold)}"
    )
    if not 0.0 < share < 1.0:
        told = f"{name} {what} in {'all' if share else 'none'} of {plural(len(fails), 'case')}: no conditions tell them apart."
        empty = pd.DataFrame(columns=["rule", "coverage", "density", "mass", "stability"])
        return Finding("discover", f"discover-{outcome}", title, (told,), empty, {})
    find = {"tree": _tree_boxes, "prim": _peeled}.get(method)
    if find is None:
        raise InputError(f"{method!r} is no method", remedy='use "tree" or "prim"', key="method")
    boxes = sorted(find(features, fails, 0), key=lambda box: -box.coverage * box.density)
    stability = _stability(find, features, fails, boxes)
    table = pd.DataFrame(
        [
            {
                "rule": _words(box, keys),
                "coverage": box.coverage,
                "density": box.density,
                "mass": box.mass,
                "stability": stable,
            }
            for box, stable in zip(boxes, stability, strict=True)
        ],
        columns=["rule", "coverage", "density", "mass", "stability"],
    )
    sentences = [f"{name} {what} in {percent(share)} of {plural(len(fails), 'case')}."]
    for row in table.head(3).to_dict("records"):
        sentences.append(
            f"Where {row['rule']}, it fails in {percent(row['density'])} of the cases; these are "
            f"{percent(row['coverage'])} of all failures. The rule's factors came back in "
            f"{percent(row['stability'])} of {_RESAMPLES} resamples"
            + ("." if row["stability"] >= 0.5 else ": take it as a hint, not as a finding.")
        )
    if not len(table):
        sentences.append("No rule gathers the failures: no factor tells where they are.")
    if results.sets is not None:
        sentences.append("A case is a parameter set of the ensemble (at a point of the design).")
    drawing: dict[str, Any] = {"features": features, "keys": keys, "fails": fails, "boxes": boxes}
    return Finding("discover", f"discover-{outcome}", title, tuple(sentences), table, drawing)


class Cases(NamedTuple):
    """What rules and given-data indices are found from.

    Attributes
    ----------
    features
        Shape (cases, features).
    keys
        Their names.
    effect
        Mean effect or level of every case, shape (cases,).
    point, kind
        The point of every case, and the position of its parameter set among those that were used.
    of_sets
        Of every feature whether it varies with the parameter set rather than with the point.
    """

    features: Real
    keys: list[str]
    effect: Real
    point: NDArray[np.int64]
    kind: NDArray[np.int64]
    of_sets: list[bool]


def cases_of(results: Results, outcome: str, variant: int, *, level: bool = False) -> Cases:
    """The mean effect (or `level`) of every case with its features: a point, or a parameter set at a point.

    Categories are features of their own, one for each word. Cases without a value are left out.

    Raises
    ------
    InputError
        If nothing varies.
    """
    effect = results.cube(outcome)[:, variant] if level else results.effect(outcome, variant)
    columns: list[Real] = []
    keys: list[str] = []
    for place in results.factor_columns():
        factor = results.study.factors[place]
        values = [row[place] for row in results.rows]
        if factor.is_numeric and not any(value is None for value in values):
            keys.append(factor.key)
            columns.append(np.array([float(value) for value in values]))
            continue
        for word in dict.fromkeys(values):
            keys.append(f"{factor.key} = {word}")
            columns.append(np.array([float(value == word) for value in values]))
    of_sets = [False] * len(keys)
    point = np.arange(len(results.rows))
    kind = np.zeros_like(point)
    points = np.array(columns).reshape(len(columns), len(results.rows)).T
    model = results.study.model
    if results.sets is None or not isinstance(model, FirmModel) or model.ensemble is None:
        means, features = _mean(effect), points
    else:
        ensemble, fixed = model.ensemble, model.fixed(variant)
        free = [place for place, key in enumerate(ensemble.keys) if key not in fixed]
        keys += [ensemble.keys[place] for place in free]
        of_sets += [True] * len(free)
        kinds = np.unique(results.sets)
        point, kind = np.tile(point, len(kinds)), np.repeat(np.arange(len(kinds)), len(point))
        means = np.concatenate([_mean(effect[:, results.sets == kind]) for kind in kinds])
        own = ensemble.values[kinds][:, free]
        features = np.hstack(
            [np.tile(points, (len(kinds), 1)), np.repeat(own, len(points), axis=0)]
        )
    if not features.shape[1]:
        raise InputError("no factor varies", remedy="vary uncertainties, or run with the ensemble")
    known = np.isfinite(means)
    return Cases(features[known], keys, means[known], point[known], kind[known], of_sets)


def _mean(values: Real) -> Real:
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _box(limits: dict[int, tuple[float, float]], features: Real, fails: NDArray[np.bool_]) -> Box:
    inside = Box(limits, 0.0, 0.0, 0.0).holds(features)
    hit = int((inside & fails).sum())
    return Box(
        limits,
        hit / max(1, int(fails.sum())),
        hit / max(1, int(inside.sum())),
        float(inside.mean()),
    )


def _tree_boxes(features: Real, fails: NDArray[np.bool_], seed: int) -> list[Box]:
    """Leaves of a small tree in which failures are denser than outside."""
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError:
        raise InputError(
            "scikit-learn is not installed, which grows the tree",
            remedy='install it (pip install "mentorsim[analysis]"), or use method "prim"',
        ) from None
    least = max(5, int(_LEAST_SHARE * len(fails)))
    tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=least, random_state=seed)
    grown = tree.fit(features, fails).tree_
    found: list[Box] = []

    def walk(node: int, limits: dict[int, tuple[float, float]]) -> None:
        if grown.children_left[node] < 0:
            box = _box(limits, features, fails)
            if limits and box.density > fails.mean():
                found.append(box)
            return
        place, at = int(grown.feature[node]), float(grown.threshold[node])
        low, high = limits.get(place, (-np.inf, np.inf))
        walk(int(grown.children_left[node]), limits | {place: (low, min(high, at))})
        walk(int(grown.children_right[node]), limits | {place: (max(low, at), high)})

    walk(0, {})
    return found


def peel(features: Real, fails: NDArray[np.bool_], share: float = 0.05) -> Box:
    """Peel one box: again and again take away the slice whose loss makes failures densest.

    Peeling stops where the box would hold less than one case in twenty, or nothing gets denser; of all boxes on
    the way, the one with the largest product of coverage and density is kept, without the limits that do not
    matter to its density.
    """
    limits: dict[int, tuple[float, float]] = {}
    kept = _box(limits, features, fails)
    inside = np.ones(len(fails), dtype=np.bool_)
    while inside.sum() > _LEAST_SHARE * len(fails):
        options = []
        for place in range(features.shape[1]):
            column = features[inside, place]
            low, high = limits.get(place, (-np.inf, np.inf))
            for end in (
                (float(np.quantile(column, share)), high),
                (low, float(np.quantile(column, 1.0 - share, method="lower"))),
            ):
                trial = limits | {place: end}
                box = _box(trial, features, fails)
                if 0 < box.mass < inside.mean():
                    options.append((box.density, trial, box))
        if not options:
            break
        density, limits, box = max(options, key=lambda one: one[0])
        if density <= fails[inside].mean():
            break
        inside = box.holds(features)
        if box.coverage * box.density >= kept.coverage * kept.density or not kept.limits:
            kept = box
    for place in list(kept.limits):
        rest = {other: ends for other, ends in kept.limits.items() if other != place}
        without = _box(rest, features, fails)
        if without.density >= kept.density - 0.01 and rest:
            kept = without
    return kept


def _peeled(features: Real, fails: NDArray[np.bool_], seed: int) -> list[Box]:
    """Up to three boxes, each peeled from what the ones before left over."""
    found: list[Box] = []
    left = np.ones(len(fails), dtype=np.bool_)
    for _ in range(3):
        if fails[left].sum() < 5:
            break
        box = peel(features[left], fails[left])
        if not box.limits:
            break
        whole = _box(box.limits, features, fails)
        if whole.density <= fails.mean():
            break
        found.append(whole)
        left &= ~whole.holds(features)
    return found


def _stability(
    find: Any, features: Real, fails: NDArray[np.bool_], boxes: Sequence[Box]
) -> list[float]:
    """For every rule, the share of resamples in which some rule rests on the same factors."""
    if not boxes:
        return []
    random = np.random.default_rng(0)
    counts = np.zeros(len(boxes))
    tried = 0
    for number in range(_RESAMPLES):
        chosen = random.integers(0, len(fails), len(fails))
        if not 0 < fails[chosen].sum() < len(chosen):
            continue
        tried += 1
        again = [set(box.limits) for box in find(features[chosen], fails[chosen], number)]
        for place, box in enumerate(boxes):
            counts[place] += any(set(box.limits) <= other for other in again)
    return [float(count) / max(1, tried) for count in counts]


def _words(box: Box, keys: Sequence[str]) -> str:
    """A rule as it is said: "turnover is above 0.21 and capacity is at most 2"."""
    told = []
    for place, (low, high) in box.limits.items():
        key = keys[place]
        if " = " in key:
            factor, _, word = key.partition(" = ")
            told.append(
                f"{factor} is {word}" if low > 0.0 or high > 1.0 else f"{factor} is not {word}"
            )
        elif np.isfinite(low) and np.isfinite(high):
            told.append(f"{key} is between {low:.3g} and {high:.3g}")
        elif np.isfinite(low):
            told.append(f"{key} is above {low:.3g}")
        else:
            told.append(f"{key} is at most {high:.3g}")
    return listed(told)
