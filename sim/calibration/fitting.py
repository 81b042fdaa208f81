"""Fitting: which parameter sets agree with the targets, and which targets say something about which.

Waves of simulations narrow down the plausible ranges (history matching; Andrianakis et al. 2015): the
first wave spreads over the priors; a cheap statistical stand-in for the model (a quadratic regression per
target) then proposes sets that may agree, which the next wave simulates, each in firms of its own.

A few firms show a figure with chance in it, and a target's range is about what many firms would show. So a
set is judged by the best estimate of that: between the stand-in's prediction, which rests on all sets, and
the set's own figure, weighted by how far the stand-in is off beyond chance (kriging with a nugget; Rasmussen
& Williams 2006, ch. 2). What is kept in the end are draws from the prior whose estimates agree with all the
targets that some set can agree with: approximate Bayesian computation by rejection (Beaumont 2010), with the
stand-in saving simulations and taking chance out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from sim.calibration.observation import Setting, observe, setting
from sim.calibration.priors import FREE, FreeParameter, draw_priors
from sim.calibration.targets import TARGETS, Target

__all__ = [
    "WORLDS",
    "Fit",
    "Screening",
    "fit",
    "screen",
    "simulate_set",
    "values_of",
    "worlds_of",
]

Real = NDArray[np.float64]
Progress = Callable[[int, int], None]

WORLDS = 3
"""Firms that are simulated for each parameter set."""

_PROPOSED = 40_000
_STEPS = 1_200
_ANEW = 4.0
"""Draws that a walk begins with, its steps, and coordinates that a step draws anew on average."""

_FEWEST = 100
"""Sets without which the stand-in's error is not judged."""

_NEAR = 3.0
"""Sets predicted within so many half widths of a target tell how far the stand-in is off where it matters."""

_LET_GO = 3
_INFLUENTIAL = 8
_RIDGE = 1e-3


def values_of(shares: Real, free: Sequence[FreeParameter] = FREE) -> dict[str, float]:
    """The parameter set at given shares of the ranges, by key."""
    return {
        one.key: float(one.value_at(np.asarray(share)))
        for one, share in zip(free, shares, strict=True)
    }


def worlds_of(number: int) -> range:
    """The firms of the set that is tried as the n-th: no two sets share the luck of firms."""
    return range(WORLDS * number, WORLDS * (number + 1))


def simulate_set(firms: Setting, values: Mapping[str, float], worlds: Sequence[int]) -> Real:
    """What the targets measure under one parameter set; shape (targets,), NaN where undefined."""
    observed = observe(firms, values, worlds)
    return np.array([target.of(observed) for target in TARGETS])


@dataclass(frozen=True, slots=True)
class Screening:
    """Which targets say something about which parameters.

    Attributes
    ----------
    correlations
        Rank correlation of each parameter with each target over the prior; shape (parameters, targets).
    threshold, family_threshold
        Size that chance alone exceeds in one of a thousand cases: for one parameter and one target, and
        for one parameter and the largest of all fitted targets (Bonferroni).
    """

    correlations: Real
    threshold: float
    family_threshold: float

    def strongest(self, target: int) -> NDArray[np.intp]:
        """All parameters, the one that moves a target most first."""
        return np.argsort(-np.abs(self.correlations[:, target]), kind="stable")

    def movers(self, target: int, most: int = 4) -> list[int]:
        """The parameters that move a target most, strongest first."""
        sizes = np.abs(self.correlations[:, target])
        return [int(k) for k in self.strongest(target)[:most] if sizes[k] > self.threshold]

    @property
    def identified(self) -> NDArray[np.bool_]:
        """Parameters that some fitted target responds to; shape (parameters,)."""
        fitted = np.array([target.fitted for target in TARGETS])
        sizes = np.abs(self.correlations[:, fitted])
        return np.asarray((sizes > self.family_threshold).any(axis=1))


def _ranks(table: Real) -> Real:
    return np.asarray(np.argsort(np.argsort(table, axis=0), axis=0), dtype=np.float64)


def screen(shares: Real, figures: Real) -> Screening:
    """Rank correlations of parameters with targets, over sets for which all targets are defined."""
    whole = np.isfinite(figures).all(axis=1)
    x, y = _ranks(shares[whole]), _ranks(figures[whole])
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    spread = np.outer(np.sqrt((x * x).sum(axis=0)), np.sqrt((y * y).sum(axis=0)))
    correlations = np.divide(x.T @ y, spread, out=np.zeros_like(spread), where=spread > 0.0)
    error = 1.0 / np.sqrt(max(1, whole.sum()))
    family = sum(target.fitted for target in TARGETS)
    each, largest = norm.isf(0.0005), norm.isf(0.0005 / family)
    return Screening(correlations, float(each * error), float(largest * error))


@dataclass(frozen=True, slots=True)
class Fit:
    """What came out of a calibration.

    Attributes
    ----------
    shares, figures
        The sets that agree: shares of the ranges, shape (sets, parameters), and the best estimates of
        what the targets measure under them, shape (sets, targets).
    prior
        Figures over the prior, shape (sets, targets).
    screening
        Over the prior.
    binding
        Targets that the sets were held to; a target that almost no set can meet together with the
        others is let go, and listed as a miss.
    weights
        Of a set's own figures in these estimates, against the stand-in's predictions; shape (targets,).
    tried
        Parameter sets that were simulated.
    """

    shares: Real
    figures: Real
    prior: Real
    screening: Screening
    binding: NDArray[np.bool_]
    weights: Real
    tried: int


def fit(
    count: int = 300,
    draws: int = 1_300,
    waves: int = 4,
    seed: int = 1,
    *,
    noise: Real | None = None,
    run: Callable[[Sequence[Real]], list[Real]] | None = None,
) -> Fit:
    """Find parameter sets that agree with the targets.

    Parameters
    ----------
    count
        Sets that are wanted.
    draws
        Sets that each wave simulates.
    waves
        Waves at most, the first over the prior; it ends when there are enough sets.
    seed
        Decides the draws.
    noise
        Variance by chance of each target's figure between sets of firms, shape (targets,). By default
        none: figures are taken as they are.
    run
        Simulates sets (shares) and returns their figures, in order; by default one after the other.
    """
    run = run or _one_by_one()
    noise = np.zeros(len(TARGETS)) if noise is None else noise
    rng = np.random.default_rng(seed)
    shares = draw_priors(draws, seed)
    figures = np.array(run(list(shares)))
    prior = figures
    screening = screen(shares, figures)
    binding = np.array([target.fitted for target in TARGETS])
    estimates, weights = _estimated(shares, figures, screening, noise)
    for _ in range(waves - 1):
        if _agreeing(estimates, binding).sum() >= count:
            break
        more = _proposed(shares, figures, screening, binding, draws, rng)
        shares = np.concatenate([shares, more])
        figures = np.concatenate([figures, np.array(run(list(more)))])
        estimates, weights = _estimated(shares, figures, screening, noise)
    binding = _bindable(estimates, binding, count)
    kept = np.flatnonzero(_agreeing(estimates, binding))
    if (
        len(kept) > count
    ):  # any of those that agree, not the closest: agreement is all that is known
        kept = np.sort(rng.choice(kept, size=count, replace=False))
    return Fit(shares[kept], estimates[kept], prior, screening, binding, weights, len(shares))


def _one_by_one() -> Callable[[Sequence[Real]], list[Real]]:
    firms, tried = setting(), 0

    def run(sets: Sequence[Real]) -> list[Real]:
        nonlocal tried
        first, tried = tried, tried + len(sets)
        return [
            simulate_set(firms, values_of(one), worlds_of(first + place))
            for place, one in enumerate(sets)
        ]

    return run


def _estimated(shares: Real, figures: Real, screening: Screening, noise: Real) -> tuple[Real, Real]:
    """Best estimates of what many firms would show, shape (sets, targets), and the figures' own weights.

    ``prediction + weight · (figure - prediction)``, the weight being the part of the residuals' variance
    that is not chance. Without chance the figures are taken as they are.
    """
    estimates, weights = figures.copy(), np.ones(figures.shape[1])
    for place, target in enumerate(TARGETS):
        known = np.isfinite(figures[:, place])
        if not noise[place] or known.sum() < 2 * _FEWEST:
            continue
        model = _StandIn.of(target, shares, figures[:, place], screening.strongest(place))
        predicted = model.predicted(shares[known])
        off = model.scaled(figures[known, place]) - predicted
        near = model.distances_of(predicted) <= _NEAR
        chance = noise[place] / target.value**2 if model.logarithmic else noise[place]
        spread = float((off[near] ** 2).mean()) if near.sum() >= _FEWEST else float((off**2).mean())
        weights[place] = max(0.0, 1.0 - chance / spread) if spread > 0.0 else 0.0
        estimates[known, place] = model.unscaled(predicted + weights[place] * off)
    return estimates, weights


def _meets(figures: Real) -> NDArray[np.bool_]:
    """Where a figure lies within its target's range; shape (sets, targets)."""
    low = np.array([target.low for target in TARGETS])
    high = np.array([target.high for target in TARGETS])
    return np.asarray((figures >= low) & (figures <= high))


def _agreeing(figures: Real, binding: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Sets whose figures meet all binding targets."""
    return np.asarray(_meets(figures)[:, binding].all(axis=1))


def _bindable(figures: Real, binding: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """The binding targets, less the few that keep almost all sets out which meet the others.

    If more than :data:`_LET_GO` would have to go, all are kept: then the model does not fit, or not enough
    was tried.
    """
    held = binding.copy()
    meets = _meets(figures)
    while meets[:, held].all(axis=1).sum() < max(3, count // 10):
        without = [
            meets[:, held & (np.arange(len(held)) != place)].all(axis=1).sum()
            if held[place]
            else -1
            for place in range(len(held))
        ]
        held[int(np.argmax(without))] = False
        if binding.sum() - held.sum() > _LET_GO:
            return binding
    return held


@dataclass(frozen=True, slots=True)
class _StandIn:
    """A quadratic regression for one target: all parameters, and products of those that move it most.

    Figures that are always positive are taken by their logarithm.
    """

    chosen: NDArray[np.intp]
    weights: Real
    logarithmic: bool
    low: float
    high: float

    @classmethod
    def of(
        cls, target: Target, shares: Real, figures: Real, strongest: NDArray[np.intp]
    ) -> _StandIn:
        known = np.isfinite(figures)
        logarithmic = target.low > 0.0 and bool((figures[known] > 0.0).all())
        chosen = strongest[:_INFLUENTIAL]
        design = _terms(shares[known], chosen)
        wanted = np.log(figures[known]) if logarithmic else figures[known]
        ridge = _RIDGE * len(design) * np.eye(design.shape[1])
        ridge[0, 0] = 0.0  # the constant is not held back
        weights = np.asarray(
            np.linalg.solve(design.T @ design + ridge, design.T @ wanted), dtype=np.float64
        )
        low, high = target.low, target.high
        if logarithmic:
            low, high = float(np.log(low)), float(np.log(high))
        return cls(chosen, weights, logarithmic, low, high)

    def predicted(self, shares: Real) -> Real:
        """Of the figures, in logarithms where they are taken so; shape (sets,)."""
        return np.asarray(_terms(shares, self.chosen) @ self.weights)

    def scaled(self, figures: Real) -> Real:
        """Figures as the stand-in takes them."""
        return np.log(figures) if self.logarithmic else figures

    def unscaled(self, values: Real) -> Real:
        """The reverse."""
        return np.exp(values) if self.logarithmic else values

    def distances_of(self, predicted: Real) -> Real:
        """Of predictions from the middle of the range, in half widths; shape (sets,)."""
        off = np.abs(predicted - 0.5 * (self.low + self.high))
        return np.asarray(off / (0.5 * (self.high - self.low)))

    def distances(self, shares: Real) -> Real:
        """Of the predicted figures of sets."""
        return self.distances_of(self.predicted(shares))


def _terms(shares: Real, chosen: NDArray[np.intp]) -> Real:
    """Constant, all shares, and squares and products of the chosen ones; shape (sets, terms)."""
    centred = shares - 0.5
    some = centred[:, chosen]
    products = [some[:, [i]] * some[:, i:] for i in range(some.shape[1])]
    return np.hstack([np.ones((len(shares), 1)), centred, *products])


def _proposed(
    shares: Real,
    figures: Real,
    screening: Screening,
    binding: NDArray[np.bool_],
    count: int,
    rng: np.random.Generator,
) -> Real:
    """Draws from the prior that agree with the binding targets according to the stand-ins.

    A Metropolis walk from the best of many draws: each step draws some coordinates anew and is taken if
    the set then agrees, or is no further off than it was; within the region all sets are equally likely.
    """
    models = []
    for place in np.flatnonzero(binding):
        strongest = screening.strongest(int(place))
        models.append(_StandIn.of(TARGETS[place], shares, figures[:, place], strongest))

    def worst_of(sets: Real) -> Real:
        worst = np.zeros(len(sets))
        for model in models:
            worst = np.maximum(worst, model.distances(sets))
        return worst

    start = rng.random((_PROPOSED, shares.shape[1]))
    worst = np.concatenate([worst_of(start[k : k + 5_000]) for k in range(0, _PROPOSED, 5_000)])
    best = np.argsort(worst, kind="stable")[:count]
    sets, worst = start[best], worst[best]
    for _ in range(_STEPS):
        anew = rng.random(sets.shape) < _ANEW / sets.shape[1]
        moved = np.where(anew, rng.random(sets.shape), sets)
        reached = worst_of(moved)
        taken = reached <= np.maximum(1.0, worst)
        sets[taken], worst[taken] = moved[taken], reached[taken]
    return np.asarray(sets)
