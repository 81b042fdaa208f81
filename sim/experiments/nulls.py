"""Null models: which headline effects are more than what is left without fit, lasting pairs, or influence.

A variant is a null model by its settings, whatever its name. Every programme is compared with those below it,
firm by firm, as with no programme: its effect *survives* a null model if it can be told from what the null
model gives, in the same direction.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.statistics import Sets, by_firm, mean_of, told_of
from sim.experiments.value import Settings
from sim.outcomes.declared import OUTCOMES
from sim.programme.policies import policies_of
from sim.scenario.rules import has_programme

__all__ = ["NULLS", "VERDICTS", "kind_of", "nulls_table", "opponents"]

Real = NDArray[np.float64]

NULLS = {
    "no_programme": "Nobody is paired.",
    "zero_effect": "The pairs meet and cost, and nothing follows (programme.placebo).",
    "shuffled_partners": "The same people meet, and nobody keeps a partner (programme.shuffled).",
    "random_pairing": "Pairs that last, made by lot (every score is random).",
}
"""The null models, each leaving more of a programme in place than the one before."""

VERDICTS = ("survives", "does not survive", "reversed", "no effect shown")
"""What becomes of an effect; `no effect shown`: it cannot be told from none to begin with."""

_MADE_BY = (
    "policy",
    "direction",
    "score",
    "assignment",
    "portfolio",
    "other_department_only",
    "say",
    "shuffled",
    "placebo",
)
"""Settings of a programme in which a null model may differ from what it is held against."""

_COLUMNS = (
    *("variant", "outcome", "null", "null_variant", "unit", "difference", "low", "high"),
    *("replicates", "meetings", "verdict"),
)


def kind_of(settings: Settings) -> str | None:
    """Which null model a variant with these settings is: a name of :data:`NULLS`, or None."""
    if not has_programme(settings):
        return "no_programme"
    programme = settings["programme"]
    if programme["placebo"]:
        return "zero_effect"
    if programme["shuffled"]:
        return "shuffled_partners"
    if all(policy.score == "random" for policy in policies_of(programme)):
        return "random_pairing"
    return None


def opponents(
    settings: Mapping[str, Settings], without: str | None
) -> dict[str, list[tuple[str, str]]]:
    """The null models that each variant is held against: their kinds and the variants that stand for them.

    `without` is the variant without a programme that all are compared with; without one there is no effect
    to speak of. A null model must be the same firm with the same programme but for how pairs are made; of
    several, the one whose policy is most alike is taken, of equals the first.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    if without is None:
        return found
    kinds = {name: kind_of(given) for name, given in settings.items()}
    for name, own in settings.items():
        below = list(NULLS)
        if kinds[name] is not None:
            below = below[: below.index(str(kinds[name]))]
        chosen = [("no_programme", without)] if "no_programme" in below else []
        for kind in below[1:]:
            alike = {
                other: _likeness(own, settings[other])
                for other in settings
                if kinds[other] == kind and _rest(settings[other]) == _rest(own)
            }
            if alike:
                chosen.append((kind, max(alike, key=lambda other: alike[other])))
        if len(chosen) > 1:
            found[name] = chosen
    return found


def _rest(settings: Settings) -> dict[str, dict[str, Any]]:
    """All settings but those that say how pairs are made."""
    return {
        section: {
            name: value
            for name, value in values.items()
            if section != "programme" or name not in _MADE_BY
        }
        for section, values in settings.items()
    }


def _likeness(one: Settings, other: Settings) -> int:
    """In how many parts the policies of two variants agree."""
    pairs = (policies_of(one["programme"]), policies_of(other["programme"]))
    parts = ("direction", "other_department", "score", "assignment", "say")
    return sum(
        [getattr(policy, part) for policy in pairs[0]]
        == [getattr(policy, part) for policy in pairs[1]]
        for part in parts
    )


def nulls_table(
    outcomes: pd.DataFrame,
    against: Mapping[str, list[tuple[str, str]]],
    variants: tuple[str, ...],
    sets: Sets = None,
) -> pd.DataFrame:
    """One row per programme, headline outcome and null model below it; empty where there is none.

    `difference` is the programme less the null model, paired by firm, with its 95 % interval; `meetings`
    how many formal meetings the programme holds for each of the null model's; `verdict` one of
    :data:`VERDICTS`.

    Parameters
    ----------
    outcomes
        One row per variant, replicate and outcome.
    against
        See :func:`opponents`.
    variants
        In their order.
    sets
        Of the worlds in order, see :mod:`sim.experiments.statistics`.
    """
    values = by_firm(outcomes)
    rows = []
    for name in variants:
        for item in (item for item in OUTCOMES if item.headline):
            effect = 0.0
            for kind, null in against.get(name, []):
                change = values[name, item.name] - values[null, item.name]
                mean, low, high, firms = told_of(change, sets)
                if kind == "no_programme":
                    effect = _sign(low, high)
                row = (name, item.name, kind, null, item.unit_of_differences, mean)
                told = (low, high, firms, _per_meeting(values, name, null))
                rows.append((*row, *told, _verdict(effect, _sign(low, high))))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _sign(low: float, high: float) -> float:
    """1 or -1 where an interval is above or below zero, else 0."""
    return float(low > 0.0) - float(high < 0.0)


def _verdict(effect: float, left: float) -> str:
    if effect == 0.0:
        return "no effect shown"
    if left == 0.0:
        return "does not survive"
    return "survives" if left == effect else "reversed"


def _per_meeting(values: Mapping[tuple[str, str], Real], name: str, null: str) -> float:
    held, of_null = (mean_of(values[one, "meetings_held"]) for one in (name, null))
    return held / of_null if of_null > 0.0 else math.nan
