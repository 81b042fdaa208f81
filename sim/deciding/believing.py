"""What figures change in what is believed: forecasts by regression, sets moved by regression, and a contradiction.

Weighting the parameter sets by how well they fit collapses: figures of a programme differ so much between sets that
three of three hundred would take all the weight. Two things that do not:

- *Forecasts by regression.* Over the simulated firms, what comes later is regressed on the figures so far; errors are
  those on firms of sets that the regression has not seen.
- *Sets moved by regression* (Beaumont, Zhang & Balding 2002, Genetics 162: 2025-2035): every parameter, as the normal
  score of its share of its range, is regressed on the figures, and every set is moved by what the regression says
  about the difference between the figures that were seen and those of a firm of its own. All sets stay; where the
  figures say nothing about a parameter, it stays where it is.

Everything here is plain arrays, so that it can be tried on made-up worlds whose truth is known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Contradiction", "Forecast", "Learnt", "Lesson", "contradiction", "forecast", "learn"]

Real = NDArray[np.float64]
Whole = NDArray[np.int64]

_FOLDS = 10
_RIDGES = (1e-3, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Penalties, in units of the number of rows."""

_ENDS = (0.025, 0.975)

_LEAST = 0.02
"""Share of a parameter's variance that the figures must explain in unseen sets for it to be moved at all."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is forecast of one quantity, before and after what was seen.

    Attributes
    ----------
    before, before_spread, after, after_spread
        Mean and standard deviation.
    low, high
        Between these it lies with 95 %, after what was seen: by the errors in unseen sets, whatever their shape.
    gain
        Mean gain in log score (nats) on simulated firms of unseen sets.
    gain_error
        Its standard error, over sets.
    explained
        Share of the variance that the figures explain in unseen sets; below 0 where they mislead.
    held
        Of 95 % intervals after, the share that held the truth in unseen sets.
    """

    before: float
    before_spread: float
    after: float
    after_spread: float
    low: float
    high: float
    gain: float
    gain_error: float
    explained: float
    held: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learnt about one parameter.

    Attributes
    ----------
    explained
        Share of its variance that figures like these explain, in unseen sets; 0 where they explain none.
    before, after
        Mean normal score of its share, before and after.
    narrowed
        Its spread after, as a share of that before.
    """

    explained: float
    before: float
    after: float
    narrowed: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """The sets after what was seen.

    Attributes
    ----------
    scores
        Normal scores of the shares, moved; shape (sets, parameters).
    lessons
        One for each parameter.
    """

    scores: Real
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Whether what was seen is unlike all that is simulated.

    Attributes
    ----------
    distance
        Mahalanobis distance, squared, of what was seen from the simulated firms.
    p_value
        Share of simulated firms that are as far from the firms of other sets.
    alarm
        Whether `p_value` is below `level`.
    false_alarms
        Share of simulated firms in which it would have sounded, though the model was right: each judged by firms of
        other sets.
    unlike
        Of every figure, how far out it lies: the share of firms that are at least as far on that side.
    """

    distance: float
    p_value: float
    alarm: bool
    false_alarms: float
    unlike: Real


class _Regression:
    """Ridge regressions of many quantities on the same figures, with errors in unseen sets.

    Parameters
    ----------
    figures
        Shape (firms, figures).
    sets
        Set of every firm; all firms of a set are left out together.
    """

    def __init__(self, figures: Real, sets: Whole) -> None:
        self.centre, scale = figures.mean(axis=0), figures.std(axis=0)
        self.scale = np.where(scale > 0.0, scale, 1.0)
        self.x = (figures - self.centre) / self.scale
        numbers = np.unique(sets)
        fold = np.arange(len(numbers)) % _FOLDS
        place = np.random.default_rng(0).permutation(len(numbers))
        self.fold = fold[place[np.searchsorted(numbers, sets)]]

    def fitted(self, y: Real, ridge: float, rows: NDArray[np.bool_]) -> tuple[Real, Real]:
        """Constants and slopes, shapes (quantities,) and (figures, quantities)."""
        x = self.x[rows]
        centre, middle = x.mean(axis=0), y[rows].mean(axis=0)
        inner = (x - centre).T @ (x - centre) + ridge * len(x) * np.eye(x.shape[1])
        slopes = np.linalg.solve(inner, (x - centre).T @ (y[rows] - middle))
        return np.asarray(middle - centre @ slopes), np.asarray(slopes)

    def unseen(self, y: Real, ridge: float) -> Real:
        """Predictions of every firm from firms of other sets; the shape of y."""
        found = np.empty_like(y)
        for one in range(_FOLDS):
            out = self.fold == one
            if out.any():
                constant, slopes = self.fitted(y, ridge, ~out)
                found[out] = constant + self.x[out] @ slopes
        return found

    def means_unseen(self, y: Real) -> tuple[Real, Real]:
        """Of every firm, mean and standard deviation over firms of other sets."""
        mean, spread = np.empty_like(y), np.empty_like(y)
        for one in range(_FOLDS):
            out = self.fold == one
            if out.any():
                mean[out], spread[out] = y[~out].mean(axis=0), y[~out].std(axis=0, ddof=1)
        return mean, spread

    def within(self, off: Real) -> NDArray[np.bool_]:
        """Which errors lie between the outer fortieths of the errors in other sets; shape (firms,)."""
        found = np.zeros(len(off), dtype=np.bool_)
        for one in range(_FOLDS):
            out = self.fold == one
            if out.any():
                least, most = np.quantile(off[~out], _ENDS)
                found[out] = (off[out] >= least) & (off[out] <= most)
        return found

    def best_ridge(self, y: Real) -> tuple[Real, list[Real]]:
        """For each quantity, the number of the penalty with the least error in unseen sets; and all predictions."""
        predictions = [self.unseen(y, ridge) for ridge in _RIDGES]
        errors = np.stack([((y - one) ** 2).mean(axis=0) for one in predictions])
        return errors.argmin(axis=0), predictions


def forecast(figures: Real, sets: Whole, later: Real, seen: Real) -> Forecast:
    """Forecast a quantity from what was seen.

    Parameters
    ----------
    figures, sets
        Of the simulated firms, shapes (firms, figures) and (firms,).
    later
        The quantity in each of them, shape (firms,).
    seen
        The figures that were seen, shape (figures,).
    """
    regression = _Regression(figures, sets)
    y = later[:, None]
    best, predictions = regression.best_ridge(y)
    ridge = _RIDGES[int(best[0])]
    predicted = predictions[int(best[0])][:, 0]
    off = later - predicted
    usual, usual_spread = (one[:, 0] for one in regression.means_unseen(y))
    # The spread of the errors, too, is that of other sets.
    spread = regression.means_unseen((off**2)[:, None])[0][:, 0] ** 0.5
    scores = _log_density(later, predicted, spread) - _log_density(later, usual, usual_spread)
    by_set = np.array([scores[sets == one].mean() for one in np.unique(sets)])
    constant, slopes = regression.fitted(y, ridge, np.ones(len(later), dtype=np.bool_))
    x = (seen - regression.centre) / regression.scale
    after = float((constant + x @ slopes)[0])
    least, most = (float(one) for one in np.quantile(off, _ENDS))
    whole = float(((later - usual) ** 2).mean())
    return Forecast(
        before=float(later.mean()),
        before_spread=float(later.std(ddof=1)),
        after=after,
        after_spread=float(math.sqrt((off**2).mean())),
        low=after + least,
        high=after + most,
        gain=float(by_set.mean()),
        gain_error=float(by_set.std(ddof=1) / math.sqrt(len(by_set))),
        explained=1.0 - float((off**2).mean()) / whole if whole > 0.0 else 0.0,
        held=float(regression.within(off).mean()),
    )


def _log_density(y: Real, mean: Real, spread: Real) -> Real:
    wide = np.maximum(spread, 1e-12)
    return np.asarray(
        -0.5 * ((y - mean) / wide) ** 2 - np.log(wide) - 0.5 * math.log(2.0 * math.pi)
    )


def learn(
    figures: Real, sets: Whole, scores: Real, own: Real, seen: Real, fixed: NDArray[np.bool_]
) -> Learnt:
    """Move all sets to where what was seen says that they should be.

    Parameters
    ----------
    figures, sets
        Of the simulated firms.
    scores
        Normal scores of the parameters' shares, shape (sets, parameters), in the order of the sets' numbers.
    own
        Of each set the figures of one firm, shape (sets, figures).
    seen
        The figures that were seen.
    fixed
        Parameters that do not vary; they stay.
    """
    regression = _Regression(figures, sets)
    numbers = np.unique(sets)
    table = scores[np.searchsorted(numbers, sets)]
    best, predictions = regression.best_ridge(table)
    errors = np.stack([((table - one) ** 2).mean(axis=0) for one in predictions])
    usual = ((table - regression.means_unseen(table)[0]) ** 2).mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        explained = 1.0 - errors.min(axis=0) / usual
    explained = np.where(np.isfinite(explained) & ~fixed, explained, 0.0)
    moved = scores.copy()
    everything = np.ones(len(sets), dtype=np.bool_)
    step = (seen - own) / regression.scale
    for number, ridge in enumerate(_RIDGES):
        which = (best == number) & (explained >= _LEAST)
        if which.any():
            _, slopes = regression.fitted(table[:, which], ridge, everything)
            moved[:, which] += step @ slopes
    lessons = []
    for place in range(scores.shape[1]):
        spread = float(scores[:, place].std(ddof=1))
        lessons.append(
            Lesson(
                explained=float(max(0.0, explained[place])) if explained[place] >= _LEAST else 0.0,
                before=float(scores[:, place].mean()),
                after=float(moved[:, place].mean()),
                narrowed=float(moved[:, place].std(ddof=1)) / spread if spread > 0.0 else 1.0,
            )
        )
    return Learnt(moved, tuple(lessons))


def contradiction(figures: Real, sets: Whole, seen: Real, *, level: float = 0.05) -> Contradiction:
    """Whether what was seen is unlike all that is simulated.

    Parameters
    ----------
    level
        Share of firms of which the model is right in which the alarm sounds all the same.
    """
    regression = _Regression(figures, sets)
    distances = np.empty(len(figures))
    for one in range(_FOLDS):
        out = regression.fold == one
        if out.any():
            distances[out] = _distances(figures[~out], figures[out])
    mine = float(_distances(figures, seen[None])[0])
    p_value = float((1 + (distances >= mine).sum()) / (1 + len(distances)))
    alarms = np.zeros(len(figures), dtype=np.bool_)
    for one in range(_FOLDS):  # the limit, too, is that of other sets
        out = regression.fold == one
        if out.any():
            alarms[out] = distances[out] > np.quantile(distances[~out], 1.0 - level)
    below = (figures < seen).mean(axis=0) + 0.5 * (figures == seen).mean(axis=0)
    return Contradiction(
        distance=mine,
        p_value=p_value,
        alarm=p_value < level,
        false_alarms=float(alarms.mean()),
        unlike=np.asarray(np.minimum(below, 1.0 - below)),
    )


def _distances(figures: Real, of: Real) -> Real:
    """Squared Mahalanobis distances from the mean of some firms; a hair is added where figures hang together."""
    centre = figures.mean(axis=0)
    spread = np.atleast_2d(np.cov(figures, rowvar=False))
    spread = spread + 1e-6 * np.diag(np.maximum(np.diag(spread), 1e-12))
    off = of - centre
    return np.asarray((off * np.linalg.solve(spread, off.T).T).sum(axis=1))
