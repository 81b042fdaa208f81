"""The value of knowing: what one would gain by learning a parameter before one chooses a programme.

Whoever chooses takes the programme that does most on average over the parameter sets. Knowing a parameter, one
would take what does most given its value. What that brings on average is the expected value of partial perfect
information (Raiffa & Schlaifer 1961). It is worked out from the runs at hand by regression of every programme's
effect on the parameter (Strong, Oakley & Brennan 2014, Medical Decision Making 34: 311-326): a cubic in the
normal scores of its ranks.

A regression on noise seems to find something, because the largest of several noisy means is too large. So what is
found is set beside what the same effects show when the sets are dealt anew (the null, which holds for every
parameter alike, since only ranks enter), and the bias is taken out with a wild bootstrap (Liu 1988).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble
from sim.experiments.sensitivity import ENOUGH_SETS, FALSE_SHARE
from sim.experiments.statistics import by_set
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.goals import Goal

__all__ = ["KNOWING", "Knowledge", "knowing_rows", "knowing_table", "worth_knowing"]

Real = NDArray[np.float64]

_DEGREE = 3
_DEALT = 4_000
"""Times that the sets are dealt anew."""

_DRAWS = 400
"""Draws of the bootstrap."""

_MOST = 10
"""Parameters of each goal that are told, those that seem to bring most."""

KNOWING: Mapping[str, str] = {
    "goal": "What one wants.",
    "unit": "Of the gain.",
    "choice": "What one would take without knowing more: what does most on average over the sets.",
    "parameter": "What one might learn.",
    "gain": "What knowing it exactly would bring on average, noise taken out: never below 0.",
    "low": "Lower end of its 95 % interval.",
    "high": "Upper end.",
    "by_chance": "What a parameter that has no influence would seem to bring on average; it is not in `gain`.",
    "p_value": "Share of dealings in which the sets, dealt anew, seem to bring as much.",
    "adjusted": "The same, adjusted for the number of parameters (Benjamini and Hochberg 1995).",
    "stands_out": "Whether `adjusted` is at most 0.05.",
    "changes": "Share of sets in which one would choose something else.",
    "choice_lowest": "What one would take where the parameter is lowest (in the middle of the lowest third of the sets).",
    "choice_highest": "What one would take where it is highest.",
    "grade": "How well the parameter is known: measured, derived, assumed.",
    "sets": "Parameter sets that this rests on.",
}
"""What every column of the table is."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What knowing one parameter would bring.

    Attributes
    ----------
    place
        Position of the parameter.
    gain, low, high
        In the unit of the effects, with the ends of its 95 % interval; never below 0.
    p_value
        Share of dealings in which the sets, dealt anew, seem to bring as much.
    changes
        Share of the sets in which the choice would be another one.
    lowest, highest
        The choice where the parameter is lowest, and highest: the middle of the outer thirds.
    """

    place: int
    gain: float
    low: float
    high: float
    p_value: float
    changes: float
    lowest: int
    highest: int


def worth_knowing(
    effects: Real, parameters: Real, *, most: int = _MOST, seed: int = 0
) -> tuple[list[Knowledge], Real, float]:
    """What knowing each parameter would bring to the choice between options.

    Parameters
    ----------
    effects
        Mean effect of every option under each set, larger is better; shape (options, sets).
    parameters
        Shape (sets, parameters), none of them constant.
    most
        Parameters that are told, those that seem to bring most.
    seed
        Decides the dealings and the draws.

    Returns
    -------
    tuple
        The parameters told, most first; the p values of all; what chance alone seems to bring on average.
    """
    random = np.random.default_rng(seed)
    sets = effects.shape[1]
    plain = _basis(np.arange(sets, dtype=np.float64))
    null = np.array([_seeming(effects[:, random.permutation(sets)], plain) for _ in range(_DEALT)])
    bases = [_basis(parameters[:, place]) for place in range(parameters.shape[1])]
    seeming = np.array([_seeming(effects, basis) for basis in bases])
    ordered = np.sort(null)
    p_values = (1.0 + len(null) - np.searchsorted(ordered, seeming, side="left")) / (
        1.0 + len(null)
    )
    first = np.argsort(-seeming, kind="stable")[:most]
    told = [
        _told(
            int(place), effects, parameters[:, place], bases[place], float(p_values[place]), random
        )
        for place in first
    ]
    return told, np.asarray(p_values, dtype=np.float64), float(null.mean())


def _basis(values: Real) -> Real:
    """Orthonormal columns, orthogonal to the constant, shape (sets, degree): powers of normal scores."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    scores = ndtri((rankdata(values) - 0.375) / (len(values) + 0.25))  # Blom 1958
    powers = np.stack([scores**power for power in range(_DEGREE + 1)], axis=1)
    return np.asarray(np.linalg.qr(powers)[0][:, 1:])


def _fitted(effects: Real, basis: Real) -> Real:
    """Regressions of the effects; the last axis are the sets."""
    return np.asarray(effects.mean(axis=-1, keepdims=True) + (effects @ basis) @ basis.T)


def _gain(fitted: Real, weights: Real | None = None) -> Real:
    """The largest effect under each set, less the largest on average; over the last two axes.

    Parameters
    ----------
    weights
        Of the sets, adding up to one; by default all alike.
    """
    if weights is None:
        weights = np.full(fitted.shape[-1], 1.0 / fitted.shape[-1])
    usual = np.einsum("...ds,...s->...d", fitted, weights).argmax(axis=-1)
    chosen = np.take_along_axis(fitted, usual[..., None, None], axis=-2)[..., 0, :]
    return np.asarray(((fitted.max(axis=-2) - chosen) * weights).sum(axis=-1))


def _seeming(effects: Real, basis: Real) -> float:
    return float(_gain(_fitted(effects, basis)))


def _told(
    place: int,
    effects: Real,
    values: Real,
    basis: Real,
    p_value: float,
    random: np.random.Generator,
) -> Knowledge:
    fitted = _fitted(effects, basis)
    seeming = float(_gain(fitted))
    sets = effects.shape[1]
    off = (effects - fitted) * math.sqrt(sets / max(1, sets - _DEGREE - 1))
    signs = random.choice((-1.0, 1.0), size=(_DRAWS, 1, sets))
    # Other sets might have been drawn, too: each draw counts the sets as often as a sample of them would.
    often = random.multinomial(sets, np.full(sets, 1.0 / sets), size=_DRAWS) / sets
    drawn = _gain(_fitted(fitted + signs * off, basis), often)
    # Noise draws both ends up, as it does what seems to be gained: where nothing stands out, the lower end is nought.
    low, high = (float(one) for one in np.quantile(drawn, (0.025, 0.975)))
    low = max(0.0, low) if p_value <= 0.05 else 0.0
    gain = min(max(2.0 * seeming - float(drawn.mean()), low), high)
    choice = fitted.argmax(axis=0)
    usual = int(effects.mean(axis=1).argmax())
    order = np.argsort(values, kind="stable")
    return Knowledge(
        place,
        gain,
        low,
        high,
        p_value,
        float((choice != usual).mean()),
        int(choice[order[sets // 6]]),
        int(choice[order[sets - 1 - sets // 6]]),
    )


def knowing_table(
    variants: Sequence[str],
    baseline: str,
    sets: NDArray[np.int64],
    values: Real,
    ensemble: Ensemble,
    fixed: frozenset[str],
    goals: Sequence[Goal],
    posts: float,
) -> pd.DataFrame:
    """One row per goal and parameter that seems to bring most; :data:`KNOWING` says what is in it.

    Empty with fewer than :data:`~sim.experiments.sensitivity.ENOUGH_SETS` sets, or nothing to choose from.

    Parameters
    ----------
    variants, baseline
        What there is to choose from.
    sets
        Number of each world's parameter set, shape (worlds,).
    values
        Shape (variants, worlds, len(OUTCOMES)).
    fixed
        Parameters that all variants fix.
    goals
        What one may want.
    posts
        People of the firm.
    """
    names = [item.name for item in OUTCOMES]
    firms = [dict(zip(names, own.T, strict=True)) for own in values]
    base = firms[list(variants).index(baseline)]
    asked = [
        (goal, list(variants), np.stack([goal.gains(own, base, posts) for own in firms]))
        for goal in goals
    ]
    return knowing_rows(asked, sets, ensemble, fixed)


def knowing_rows(
    asked: Sequence[tuple[Goal, list[str], Real]],
    sets: NDArray[np.int64],
    ensemble: Ensemble,
    fixed: frozenset[str],
) -> pd.DataFrame:
    """The same for any choices: each a goal, the names of its options, and their gains, shape (options, worlds)."""
    numbers = np.unique(sets)
    rows: list[dict[str, Any]] = []
    if len(numbers) >= ENOUGH_SETS:
        table = ensemble.values[numbers]
        varied = np.array([key not in fixed for key in ensemble.keys])
        moving = np.flatnonzero(varied & (table.min(axis=0) < table.max(axis=0)))
        for goal, options, gains in asked if len(moving) else ():
            rows += _rows(goal, options, gains, sets, ensemble, moving)
    return pd.DataFrame(rows, columns=list(KNOWING))


def _rows(
    goal: Goal,
    variants: list[str],
    effects: Real,
    sets: NDArray[np.int64],
    ensemble: Ensemble,
    moving: NDArray[np.intp],
) -> list[dict[str, Any]]:
    """The parameters of one goal."""
    from scipy.stats import false_discovery_control

    from sim.scenario.schema import sections

    options = np.flatnonzero(np.isfinite(effects).any(axis=1))
    known = np.isfinite(effects[options]).all(axis=0)
    numbers = np.unique(sets[known])
    if len(options) < 2 or len(numbers) < ENOUGH_SETS:
        return []
    means = np.stack([by_set(effects[place, known], sets[known]) for place in options])
    parameters = ensemble.values[numbers][:, moving]
    told, p_values, by_chance = worth_knowing(means, parameters)
    adjusted = false_discovery_control(p_values)
    names = [variants[place] for place in options]
    rows = []
    for one in told:
        key = ensemble.keys[moving[one.place]]
        section, _, name = key.partition(".")
        rows.append(
            {
                "goal": goal.key,
                "unit": goal.more,
                "choice": names[int(means.mean(axis=1).argmax())],
                "parameter": key,
                "gain": one.gain,
                "low": one.low,
                "high": one.high,
                "by_chance": by_chance,
                "p_value": one.p_value,
                "adjusted": float(adjusted[one.place]),
                "stands_out": bool(adjusted[one.place] <= FALSE_SHARE),
                "changes": one.changes,
                "choice_lowest": names[one.lowest],
                "choice_highest": names[one.highest],
                "grade": sections()[section][name].grade,
                "sets": len(numbers),
            }
        )
    return rows
