"""What a search for the best programme is asked for: objectives, constraints, and which points are not beaten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.sweeps.designs import Block
from sim.experiments.sweeps.problems import Problems
from sim.experiments.sweeps.study import Study
from sim.scenario.messages import described, hint, named

__all__ = [
    "METHODS",
    "check_search",
    "costs_of",
    "front",
    "searched_variant",
    "violations_of",
    "watched_by_search",
]

Real = NDArray[np.float64]

METHODS = ("tpe", "random")


def check_search(block: Block, study: Study, problems: Problems) -> None:
    """Note what is wrong with the options of a search."""
    place, options, outcomes = ("design",), block.options, study.model.outcomes
    objectives, constraints = options["objectives"], options["constraints"]
    if not isinstance(objectives, Mapping) or not objectives:
        remedy = 'write objectives = { retention_12_months = "max", programme_cost = "min" }'
        problems.add((*place, "objectives"), f"{described(objectives)} are no objectives", remedy)
    else:
        for name, goal in objectives.items():
            if name not in outcomes:
                problems.add(
                    (*place, "objectives"),
                    f"there is no outcome {named(name)}",
                    hint(name, outcomes),
                )
            if goal not in ("max", "min"):
                problems.add(
                    (*place, "objectives"), f"{described(goal)} is no goal", 'use "max" or "min"'
                )
    if not isinstance(constraints, Mapping):
        remedy = "write constraints = { programme_cost = { most = 50000 } }"
        problems.add(
            (*place, "constraints"), f"{described(constraints)} are no constraints", remedy
        )
    else:
        for name, limits in constraints.items():
            if name not in outcomes:
                problems.add(
                    (*place, "constraints"),
                    f"there is no outcome {named(name)}",
                    hint(name, outcomes),
                )
            good = isinstance(limits, Mapping) and limits and set(limits) <= {"most", "least"}
            if not good or not all(isinstance(one, int | float) for one in limits.values()):
                problems.add(
                    (*place, "constraints"),
                    f"{described(limits)} is no limit",
                    "write { most = ... } or { least = ... }",
                )
    if options["variant"] is not None and options["variant"] not in study.model.variants:
        problems.add(
            (*place, "variant"),
            f"there is no variant {named(options['variant'])}",
            hint(options["variant"], study.model.variants),
        )
    if options["method"] not in METHODS:
        problems.add(
            (*place, "method"),
            f"{described(options['method'])} is no method",
            hint(options["method"], METHODS),
        )
    if not block.factors:
        problems.add(place, "there is nothing to search over", "write [levers]")
    for index in block.factors:
        values = study.factors[index].values
        if any(not isinstance(value, str | int | float) for value in values):
            problems.add(
                place,
                f"{study.factors[index].key} cannot be searched over",
                "leave it out of factors",
            )


def searched_variant(study: Study) -> int:
    """Position of the variant whose outcomes are sought: by default the first that is not the baseline."""
    block = study.proposed
    assert block is not None
    names = study.model.variants
    if block.options["variant"] is not None:
        return names.index(block.options["variant"])
    return next((place for place, name in enumerate(names) if name != study.model.against), 0)


def watched_by_search(study: Study) -> tuple[str, ...]:
    """Outcomes that the search looks at; none without a search."""
    block = study.proposed
    if block is None:
        return ()
    return tuple(dict.fromkeys((*block.options["objectives"], *block.options["constraints"])))


def front(costs: Real, violations: Real) -> NDArray[np.bool_]:
    """Which points are not beaten: feasible, and no feasible point is as good in all costs and better in one.

    Parameters
    ----------
    costs
        Shape (points, objectives), smaller is better; NaN where unknown.
    violations
        How far the constraints are missed in sum, 0 where they hold; shape (points,).
    """
    good = np.isfinite(costs).all(axis=1) & (violations <= 0.0)
    kept = good.copy()
    for place in np.flatnonzero(good):
        others = costs[good]
        beats = (others <= costs[place]).all(axis=1) & (others < costs[place]).any(axis=1)
        kept[place] = not beats.any()
    return kept


def costs_of(options: Mapping[str, Any], means: Mapping[str, Real]) -> Real:
    """The objectives, each so that smaller is better; shape (points, objectives)."""
    signs = {"max": -1.0, "min": 1.0}
    return np.stack(
        [signs[goal] * means[name] for name, goal in options["objectives"].items()], axis=-1
    )


def violations_of(options: Mapping[str, Any], means: Mapping[str, Real]) -> Real:
    """How far the constraints are missed, in sum; shape (points,)."""
    some = next(iter(means.values()))
    total = np.zeros(some.shape)
    for name, limits in options["constraints"].items():
        if "most" in limits:
            total += np.maximum(0.0, means[name] - float(limits["most"]))
        if "least" in limits:
            total += np.maximum(0.0, float(limits["least"]) - means[name])
    return total
