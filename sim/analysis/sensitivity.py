"""sensitivity: which factors matter, and how much of what is seen is chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.discovering import cases_of
from sim.analysis.indices import chance_share, elementary_effects, morris, pawn, slices_of, sobol
from sim.analysis.results import Finding, Results
from sim.analysis.words import listed, percent, plural
from sim.errors import InputError
from sim.experiments.sweeps.designs import Block
from sim.experiments.sweeps.factors import Factor
from sim.scenario.messages import described, hint

__all__ = ["sensitivity"]

Real = NDArray[np.float64]


def sensitivity(
    results: Results,
    outcome: str | None = None,
    *,
    variant: str | None = None,
    of: str = "effect",
    block: int | None = None,
) -> Finding:
    """Which factors matter for an outcome.

    The design says how: "saltelli" gives Sobol' indices, "morris" elementary effects, anything else PAWN
    indices (Pianosi and Wagener 2018), which need no design.

    Parameters
    ----------
    outcome, variant
        By default the first outcome of the study, and the first variant that is not the baseline.
    of
        "effect": of the paired difference from the baseline; "level": of the variant's own value.
    block
        Which design of the study, from 0; by default the first that was made for it, else all points.

    Raises
    ------
    InputError
        If points of a design are missing, or there are too few.
    """
    (outcome,) = results.outcomes([outcome] if outcome else None)[:1]
    place = results.variant(variant)
    if of not in ("effect", "level"):
        raise InputError(
            f"{described(of)} is not known", remedy=hint(of, ("effect", "level")), key="of"
        )
    if place == results.against and len(results.variants) > 1:
        of = "level"
    values = results.effect(outcome, place) if of == "effect" else results.cube(outcome)[:, place]
    blocks = results.study.blocks
    if block is None:
        made = [number for number, one in enumerate(blocks) if one.kind in ("saltelli", "morris")]
        block = made[0] if made else None
    elif not 0 <= block < len(blocks):
        raise InputError(
            f"there is no design {block}", remedy=f"use 0 to {len(blocks) - 1}", key="block"
        )
    kind = blocks[block].kind if block is not None else ""
    if block is not None and kind in ("saltelli", "morris"):
        points = results.points_of(block)
        needed = (
            [place] if of == "level" or len(results.variants) == 1 else [place, results.against]
        )
        results.require_complete(points, needed, outcome)
        kept = values[points]
        kept = kept[:, np.isfinite(kept).all(axis=0)]
        if not kept.shape[1]:
            raise InputError(
                f"no replicate has a value of {outcome} at every point",
                remedy="choose another outcome",
            )
        table = _SHAPED[kind](results, blocks[block], kept, points)
    else:
        kept = values
        table = _given_data(results, outcome, place, of)
        kind = "pawn"
    share = chance_share(kept)
    what = results.title_of(outcome)
    if of == "effect" and len(results.variants) > 1:
        what = f"what {results.variants[place]} changes in {what}"
    sentences = [*_told(table, kind), _chance_told(results, share, kept.shape[1])]
    unit = results.unit_of(outcome, difference=of == "effect")
    drawing = {"kind": kind, "chance": share, "what": results.title_of(outcome), "unit": unit}
    name = f"sensitivity-{outcome}" + ("" if of == "effect" else "-level")
    return Finding(
        "sensitivity", name, f"What matters for {what}", tuple(sentences), table, drawing
    )


def _chance_told(results: Results, share: float, replicates: int) -> str:
    if np.isnan(share):
        return "One replicate per point: what is chance cannot be told apart."
    if results.sets is not None:
        return (
            f"{percent(share)} of the variance of single runs is between replicates: luck, and what the parameter "
            f"sets do to all points alike; {plural(replicates, 'replicate')} per point."
        )
    return (
        f"{percent(share)} of the variance of single runs is chance, the same firm's luck apart from all "
        f"factors; {plural(replicates, 'replicate')} per point."
    )


def _told(table: pd.DataFrame, kind: str) -> list[str]:
    index, low, word = {
        "saltelli": ("total", "total_low", "of the variance, interactions included"),
        "morris": ("effect", "effect_low", "on average, from end to end of its range"),
        "pawn": ("pawn", "pawn_low", "PAWN index"),
    }[kind]
    if kind == "saltelli" and table[low].isna().all():
        return [
            "The factors' share of the variance cannot be told from none: luck may be all of it. Add replicates."
        ]
    if kind == "pawn":
        sure = table[table["pawn"] > table["by_chance"] + 1e-9]  # which steps where cases are few
    else:
        floor = 0.02 if kind == "saltelli" else 0.1 * float(table[index].max())
        sure = table[table[low] > floor]
    told = []
    for row in sure.head(4).to_dict("records"):
        size = f"{100 * row[index]:.0f} %" if kind == "saltelli" else f"{row[index]:.3g}"
        told.append(f"{row['factor']} ({size})")
    rest = len(table) - len(sure)
    first = f"What surely matters: {listed(told)} {word}." if told else "No factor surely matters."
    if len(sure) > 4:
        first += f" {len(sure) - 4} more matter less."
    return [first, f"{plural(rest, 'factor')} cannot be told apart from no influence worth naming."]


def _saltelli(
    results: Results, block: Block, values: Real, points: NDArray[np.int64]
) -> pd.DataFrame:
    size = len(block.factors)
    found = sobol(values.reshape(-1, size + 2, values.shape[1]))
    table = pd.DataFrame(
        {
            "factor": [results.study.keys[place] for place in block.factors],
            "role": [results.study.factors[place].role for place in block.factors],
            "first": found.first,
            "first_low": found.first_interval[:, 0],
            "first_high": found.first_interval[:, 1],
            "total": found.total,
            "total_low": found.total_interval[:, 0],
            "total_high": found.total_interval[:, 1],
        }
    )
    return table.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def _morris(
    results: Results, block: Block, values: Real, points: NDArray[np.int64]
) -> pd.DataFrame:
    size = len(block.factors)
    factors = [results.study.factors[place] for place in block.factors]
    rows = [[results.rows[point][place] for place in block.factors] for point in points]
    shares = np.array([[_share(f, v) for f, v in zip(factors, row, strict=True)] for row in rows])
    effects, _ = elementary_effects(
        shares.reshape(-1, size + 1, size), values.reshape(-1, size + 1, values.shape[1])
    )
    means, ends, spread = morris(effects)
    table = pd.DataFrame(
        {
            "factor": [factor.key for factor in factors],
            "role": [factor.role for factor in factors],
            "effect": means,
            "effect_low": ends[:, 0],
            "effect_high": ends[:, 1],
            "signed_effect": np.nanmean(effects, axis=(0, 2)),
            "spread": spread,
        }
    )
    return table.sort_values("effect", ascending=False, kind="stable", ignore_index=True)


def _share(factor: Factor, value: Any) -> float:
    """Where on its range a value stands, from 0 to 1."""
    if factor.values:
        return factor.values.index(value) / max(1, len(factor.values) - 1)
    if factor.high == factor.low:
        return 0.0
    if factor.logarithmic:
        return float(np.log(value / factor.low) / np.log(factor.high / factor.low))
    return float((value - factor.low) / (factor.high - factor.low))


def _given_data(results: Results, outcome: str, variant: int, of: str) -> pd.DataFrame:
    """PAWN indices of the cases, beside what the largest of them is where nothing matters.

    Points and parameter sets are few where cases are many: a case is a set at a point. So luck is found by
    dealing the points (or the sets) anew to the values of the factors, all factors alike, and intervals by
    drawing points and sets with replacement, not cases.
    """
    cases = cases_of(results, outcome, variant, level=of == "level")
    effect, keys = cases.effect, cases.keys
    if len(effect) < 20:
        raise InputError(
            f"{plural(len(effect), 'case')} are too few to tell what matters",
            remedy="use at least 20 points, better ten for each factor",
        )
    random = np.random.default_rng(0)
    count = int(np.clip(len(effect) // 15, 2, 10))
    slices = np.array([slices_of(column, count) for column in cases.features.T])
    draws = int(np.clip(6000 // len(keys), 60, 200))
    shape = (int(cases.point.max()) + 1, int(cases.kind.max()) + 1)
    at = np.full(shape, -1)
    at[cases.point, cases.kind] = np.arange(len(effect))
    drawn = []
    for _ in range(draws):
        point, kind = (random.integers(0, size, size) for size in shape)
        chosen = at[np.ix_(point, kind)].ravel() if shape[1] > 1 else at[point, 0]
        chosen = chosen[chosen >= 0]
        drawn.append(pawn(slices[:, chosen], effect[chosen]))
    ends = np.quantile(np.array(drawn), (0.025, 0.975), axis=0)
    of_sets = np.array(cases.of_sets)
    floors = np.zeros(len(keys))
    for own, unit, size in ((~of_sets, cases.point, shape[0]), (of_sets, cases.kind, shape[1])):
        if own.any():
            one_of_each = np.full(size, -1)
            one_of_each[unit] = np.arange(len(unit))
            values = slices[own][:, one_of_each]
            largest = [
                pawn(values[:, random.permutation(size)[unit]], effect).max() for _ in range(draws)
            ]
            floors[own] = np.quantile(largest, 0.95)
    roles = {factor.key: factor.role for factor in results.study.factors}
    table = pd.DataFrame(
        {
            "factor": keys,
            "role": [roles.get(name.partition(" = ")[0], "uncertainty") for name in keys],
            "pawn": pawn(slices, effect),
            "pawn_low": ends[0],
            "pawn_high": ends[1],
            "by_chance": floors,
            "cases": len(effect),
        }
    )
    return table.sort_values("pawn", ascending=False, kind="stable", ignore_index=True)


_SHAPED = {"saltelli": _saltelli, "morris": _morris}
