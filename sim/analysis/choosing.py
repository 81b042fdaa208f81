"""best, pareto, regret and map: what to choose, how surely, at what price, and where it goes wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.fronts import attained, box_of, commanded, together
from sim.analysis.plausible import own, plausible_means
from sim.analysis.results import Finding, Results
from sim.analysis.words import listed, percent, plural, with_unit
from sim.errors import InputError
from sim.experiments.statistics import interval_of
from sim.experiments.sweeps.optimising import front
from sim.scenario.messages import described, hint

__all__ = ["best", "check_two", "defined", "goals_of", "pareto"]

Real = NDArray[np.float64]


def best(results: Results, outcome: str | None = None, *, top: int = 3) -> Finding:
    """Probability of being the best, and of being among the best few; what choosing it would cost if it is not.

    Alternatives are the variants with the values of the levers, judged by their mean over the conditions.

    Parameters
    ----------
    outcome
        By default the first of the study.
    top
        How many are the best few.
    """
    (outcome,) = results.outcomes([outcome] if outcome else None)[:1]
    goal = results.goal_of(outcome)
    alternatives = results.alternatives
    check_two(alternatives.names)
    every = goal * alternatives.of(results.cube(outcome))
    kept, left_out = defined(every[None], alternatives.names)
    names = [alternatives.names[place] for place in kept]
    values = own(every[None, kept], results.sets)[0]
    drawn = plausible_means(values)
    counts = np.isfinite(values).sum(axis=1)
    highest = drawn.max(axis=1, keepdims=True)
    # What is simulated alike is equally good, and shares: a lever may change nothing under some variant.
    alike = 1e-9 * float(np.ptp(drawn))
    winners = drawn >= highest - alike
    ranks = np.array([(drawn > one[:, None] + alike).sum(axis=1) for one in drawn.T]).T
    table = pd.DataFrame(
        {
            "alternative": names,
            "outcome": outcome,
            "mean": goal * np.nanmean(values, axis=1),
            "probability_best": (winners / winners.sum(axis=1, keepdims=True)).mean(axis=0),
            f"probability_top_{top}": (ranks < top).mean(axis=0),
            "expected_opportunity_cost": (highest - drawn).mean(axis=0),
            "witnesses": counts,
        }
    ).sort_values("probability_best", ascending=False, kind="stable", ignore_index=True)
    first = table.iloc[0]
    unit = results.unit_of(outcome, difference=True)
    rivals = table[table["probability_best"] >= 0.05]["alternative"].tolist()
    sentences = [
        f"{first['alternative']} is best in {results.title_of(outcome)} with probability "
        f"{percent(float(first['probability_best']))}; if it is not, choosing it costs "
        f"{with_unit(float(first['expected_opportunity_cost']), unit)} in expectation.",
        f"Of {plural(len(table), 'alternative')}, {len(rivals)} may be the best with at least 5 %: {listed(rivals[:4])}"
        + (" and others." if len(rivals) > 4 else "."),
        "Judged by "
        + (
            f"the mean over {plural(len(alternatives.conditions), 'condition')} and "
            if len(alternatives.conditions) > 1
            else ""
        )
        + f"{_witnesses(counts, results)}.",
        *left_out,
    ]
    title = f"Which is best in {results.title_of(outcome)}"
    return Finding("best", f"best-{outcome}", title, tuple(sentences), table, {"outcome": outcome})


def _witnesses(counts: NDArray[np.int64], results: Results) -> str:
    """How many independent replicates the alternatives rest on."""
    least, most = int(counts.min()), int(counts.max())
    noun = "independent replicate" if results.sets is None else "parameter set"
    if least == most:
        return f"{plural(least, noun)}, the same for all"
    return f"{least} to {most} {noun}s, of which the first {least} are common to all"


def defined(values: Real, names: Sequence[str]) -> tuple[list[int], list[str]]:
    """Positions of the alternatives that have a value of every outcome, and a sentence on the others.

    Parameters
    ----------
    values
        Shape (outcomes, alternatives, conditions, replicates).

    Raises
    ------
    InputError
        If fewer than two have.
    """
    has = np.asarray(np.isfinite(values).any(axis=(2, 3)).all(axis=0))
    kept = [int(place) for place in np.flatnonzero(has)]
    check_two(kept)
    lacking = [name for name, known in zip(names, has, strict=True) if not known]
    told = f"Left out, because it is not defined there: {listed(lacking[:6])}."
    return kept, [told] if lacking else []


def check_two(names: Sequence[object]) -> None:
    """Raise :class:`~sim.errors.InputError` if there is nothing to choose between."""
    if len(names) < 2:
        raise InputError(
            "there is only one alternative", remedy="vary a lever, or simulate more variants"
        )


def pareto(
    results: Results, objectives: Mapping[str, str] | Sequence[str] | None = None
) -> Finding:
    """Which alternatives are beaten in no objective without being better in another, and how surely.

    Parameters
    ----------
    objectives
        Outcomes with "max" or "min"; outcomes alone take the direction that they declare. By default those
        of the study.
    """
    goals = goals_of(results, objectives)
    if len(goals) < 2:
        raise InputError(
            "a trade-off takes two objectives", remedy="name two outcomes", key="objectives"
        )
    alternatives = results.alternatives
    check_two(alternatives.names)
    signs = np.array(list(goals.values()))
    relative = {name: results.is_relative(name) for name in goals}
    stacked = np.stack([alternatives.of(results.relative(name)) for name in goals])
    kept, left_out = defined(stacked, alternatives.names)
    stacked, kept_names = stacked[:, kept], [alternatives.names[place] for place in kept]
    values = own(stacked, results.sets)  # (objectives, alternatives, witnesses)
    means = np.nanmean(values, axis=2)
    drawn = plausible_means(values, count=1000)  # (draws, objectives, alternatives)
    nothing, members = np.zeros(len(kept)), np.zeros(len(kept))
    for draw in drawn:
        members += front((-signs[:, None] * draw).T, nothing)
    table = pd.DataFrame({"alternative": kept_names})
    for place, name in enumerate(goals):
        ends = np.array([interval_of(row[np.isfinite(row)], 0.95) for row in values[place]])
        table[name], table[f"{name}_low"], table[f"{name}_high"] = (
            means[place],
            ends[:, 0],
            ends[:, 1],
        )
    table["on_front"] = front((-signs[:, None] * means).T, nothing)
    table["probability_on_front"] = members / len(drawn)
    names = list(goals)
    sure = table[table["probability_on_front"] >= 0.5].sort_values(names[0])["alternative"].tolist()
    told = [
        f"{results.title_of(name)} ({'more' if sign > 0 else 'less'} is better)"
        for name, sign in goals.items()
    ]
    differences = [results.title_of(name) for name in goals if relative[name]]
    against = results.variants[results.against]
    sentences = [
        f"Trade-off between {listed(told)}.",
        *(
            [f"Told as paired differences from {against}: {listed(differences)}."]
            if differences
            else []
        ),
        f"{len(sure)} of {plural(len(table), 'alternative')} are on the front with a probability of at least one half: "
        f"{listed(sure[:3])}" + (" and others." if len(sure) > 3 else "."),
        *(
            [
                "The others are probably beaten: something else is at least as good in every objective and "
                "better in one."
            ]
            if len(sure) < len(table)
            else []
        ),
        *_commands(
            results,
            together(-signs * drawn.swapaxes(1, 2), [not one for one in relative.values()]),
            alternatives.variants[kept],
        ),
        *left_out,
    ]
    kinds = alternatives.variants[kept].tolist()
    drawing: dict[str, object] = {"objectives": goals, "relative": relative, "variants": kinds}
    if len(goals) == 2:
        costs = -signs * drawn.swapaxes(1, 2)
        ends = np.quantile(costs[:, :, 0], [0.001, 0.999])
        at = np.linspace(float(ends[0]), float(ends[1]), 200)
        bands = attained(costs, (0.975, 0.5, 0.025), at)
        drawing["attained"] = (-signs[0] * at, -signs[1] * np.where(np.isinf(bands), np.nan, bands))
    return Finding("pareto", "pareto", "Where the trade-offs lie", tuple(sentences), table, drawing)


def _commands(results: Results, costs: Real, kinds: NDArray[np.int64]) -> list[str]:
    """How much of what is possible each variant's alternatives command together, and all of them.

    Parameters
    ----------
    costs
        Shape (draws, alternatives, objectives), smaller is better.
    kinds
        The variant of each alternative.
    """
    best, worst = box_of(costs.mean(axis=0))
    if not (worst > best).all():
        return []
    some = costs[:: max(1, len(costs) // 200)]
    told = []
    for variant in [None, *dict.fromkeys(kinds.tolist())]:
        own = kinds == variant if variant is not None else np.ones(len(kinds), dtype=np.bool_)
        shares = [commanded(one[own], best, worst) for one in some]
        low, high = np.quantile(shares, [0.025, 0.975])
        name = "All together" if variant is None else results.variants[variant]
        told.append(f"{name}: {np.mean(shares):.2f} ({low:.2f} to {high:.2f})")
    return [
        "Share of the box between the worst and the best means that is commanded (hypervolume; 95 % of the "
        f"plausible means): {'; '.join(told)}."
    ]


def goals_of(results: Results, given: Mapping[str, str] | Sequence[str] | None) -> dict[str, int]:
    """Outcomes with 1 (more is better) or -1.

    Raises
    ------
    InputError
        For an unknown outcome or goal.
    """
    if not isinstance(given, Mapping):
        return {
            name: results.goal_of(name) for name in results.outcomes(list(given) if given else None)
        }
    results.outcomes(list(given))
    for goal in given.values():
        if goal not in ("max", "min"):
            raise InputError(f"{described(goal)} is no goal", remedy=hint(goal, ("max", "min")))
    return {name: 1 if goal == "max" else -1 for name, goal in given.items()}
