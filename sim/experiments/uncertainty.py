"""Two uncertainties: chance, and not knowing the parameters; told apart by worlds that share parameters.

With an ensemble every two neighbouring worlds share a parameter set and nothing else. How much the two
differ is chance; how much the sets differ beyond that is ignorance.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble
from sim.experiments.sensitivity import Hinge, hinges_of
from sim.experiments.statistics import by_set
from sim.experiments.variance_components import FEWEST_SETS, Apart, told_apart
from sim.outcomes.declared import OUTCOMES

__all__ = ["COLUMNS", "CONCLUSIONS", "ROBUST_FROM", "conclusion_of", "uncertainty_table"]

Real = NDArray[np.float64]

ROBUST_FROM = 0.975
"""Share of parameter sets that must agree on the direction for a conclusion to hold over the ensemble."""

_SHOWN = 0.01
"""Sets that differ more than chance would make them once in a hundred comparisons do differ."""

CONCLUSIONS: Mapping[str, str] = {
    "holds": "the interval leaves out zero, and nearly all sets (at least 97.5 %) have this direction",
    "depends": "it does not hold, and the sets differ by more than chance (at one in a hundred) or the "
    "effect goes with a parameter: its direction, or whether there is any, depends on what is assumed",
    "not clear": "neither: chance alone could make what is seen, and more firms might tell",
    "cannot be told": f"fewer than {FEWEST_SETS} sets, or one firm for each",
    "undefined": "the outcome is undefined in these firms",
}
"""What a conclusion means."""

COLUMNS: Mapping[str, str] = {
    "variant": "The variant that is compared with the baseline.",
    "outcome": "The outcome ([outcomes](outcomes.md)).",
    "unit": "Its unit.",
    "difference": "Mean effect over the parameter sets.",
    "low": "Lower end of its 95 % interval, chance and parameters together: as in effects.csv.",
    "high": "Upper end.",
    "chance_low": "Lower end of the interval if the parameters were known.",
    "chance_high": "Upper end.",
    "sets_low": "The mean effect less twice (1.96 times) how much the sets differ, chance taken out, and "
    "averaged over what chance leaves open about that. Between this and sets_high lie the effects under about "
    "95 of 100 parameter sets where they are spread normally; where it was tried, 91 to 92 of 100 did.",
    "sets_high": "Upper end.",
    "share_of_ignorance": "Part of the variance of single firms' effects that the parameters make.",
    "same_direction": "Share of parameter sets under which the effect has the direction of the mean, "
    "averaged in the same way.",
    "holds": "Whether the conclusion is *holds*.",
    "conclusion": "; ".join(f"*{name}*: {text}" for name, text in CONCLUSIONS.items()) + ".",
    "hinges_on": "Parameters that the effect goes with, strongest first, at most three: rank correlation "
    "over the sets, of 100 named at most 5 by chance (Benjamini and Hochberg). Looked for from 20 sets. "
    "It finds steady and strong influence of single parameters only.",
    "grades": "How well each of them is known: measured, derived, assumed.",
    "correlation": "Rank correlation of the first of them with the effect.",
    "lowest_third": "The first parameter's highest value in the third of the sets where it is lowest.",
    "effect_lowest": "Mean effect in that third.",
    "effect_lowest_low": "Lower end of its 95 % interval.",
    "effect_lowest_high": "Upper end.",
    "highest_third": "The first parameter's lowest value in the third of the sets where it is highest.",
    "effect_highest": "Mean effect in that third. Because the same sets chose the parameter, the two "
    "thirds lie somewhat too far apart.",
    "effect_highest_low": "Lower end of its 95 % interval.",
    "effect_highest_high": "Upper end.",
    "sets": "Parameter sets under which the outcome is defined.",
    "replicates": "Firms in which it is.",
}
"""What every column of the table is."""


def uncertainty_table(
    variants: Sequence[str],
    baseline: str,
    sets: NDArray[np.int64],
    values: Real,
    ensemble: Ensemble,
    fixed: Mapping[str, Collection[str]] | None = None,
) -> pd.DataFrame:
    """One row per variant other than the baseline and outcome; :data:`COLUMNS` says what is in it.

    Parameters
    ----------
    sets
        Number of each world's parameter set, shape (worlds,).
    values
        Shape (variants, worlds, len(OUTCOMES)).
    fixed
        By variant, the parameters that its scenario sets. A parameter that both a variant and the
        baseline fix does not vary.
    """
    base, held = list(variants).index(baseline), fixed or {}
    rows = []
    for index, name in enumerate(variants):
        if index == base:
            continue
        still = set(held.get(name, ())) & set(held.get(baseline, ()))
        for place, item in enumerate(OUTCOMES):
            effect = values[index, :, place] - values[base, :, place]
            known = np.isfinite(effect)
            rows.append(
                {"variant": name, "outcome": item.name, "unit": item.unit}
                | _row(effect[known], sets[known], ensemble, still)
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    effect: Real, sets: NDArray[np.int64], ensemble: Ensemble, fixed: Collection[str]
) -> dict[str, Any]:
    apart, numbers = told_apart(effect, sets), np.unique(sets)
    hinges = hinges_of(by_set(effect, sets), numbers, ensemble, fixed)
    conclusion = conclusion_of(apart, hinged=bool(hinges)) if len(effect) else "undefined"
    return {
        "difference": apart.mean,
        "low": apart.low,
        "high": apart.high,
        "chance_low": apart.mean - apart.chance,
        "chance_high": apart.mean + apart.chance,
        "sets_low": apart.mean - apart.sets,
        "sets_high": apart.mean + apart.sets,
        "share_of_ignorance": apart.share,
        "same_direction": apart.same_direction,
        "holds": conclusion == "holds",
        "conclusion": conclusion,
        **_hinge_cells(hinges),
        "sets": len(numbers),
        "replicates": len(effect),
    }


def conclusion_of(apart: Apart, *, hinged: bool) -> str:
    """The conclusion on an effect that is defined; see :data:`CONCLUSIONS`.

    Parameters
    ----------
    hinged
        Whether the effect goes with a parameter.
    """
    if math.isnan(apart.same_direction):
        return "cannot be told"
    if (apart.low > 0.0 or apart.high < 0.0) and apart.same_direction >= ROBUST_FROM:
        return "holds"
    return "depends" if apart.odds < _SHOWN or hinged else "not clear"


def _hinge_cells(hinges: list[Hinge]) -> dict[str, Any]:
    """Names and grades of all, numbers of the first."""
    from sim.scenario.schema import sections

    grades = []
    for hinge in hinges:
        section, _, name = hinge.key.partition(".")
        grades.append(sections()[section][name].grade)
    nothing = (math.nan,) * 3
    first = hinges[0] if hinges else Hinge("", math.nan, math.nan, math.nan, nothing, nothing)
    ends = ("", "_low", "_high")
    return {
        "hinges_on": ", ".join(hinge.key for hinge in hinges),
        "grades": ", ".join(grades),
        "correlation": first.correlation,
        "lowest_third": first.below,
        **{f"effect_lowest{end}": number for end, number in zip(ends, first.low, strict=True)},
        "highest_third": first.above,
        **{f"effect_highest{end}": number for end, number in zip(ends, first.high, strict=True)},
    }
