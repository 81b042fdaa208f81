"""Whether an update may be trusted: every simulated firm is the truth once, and its own set is left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.deciding.believing import _FOLDS, _LEAST, _RIDGES, _Regression

Real = NDArray[np.float64]

# How a figure of one's own sets is left out: regressions and sets are those of other folds of sets.


def chances(figures: Real, sets: NDArray[np.int64], later: Real) -> Real:
    """Where the truth lies in its forecast: its probability integral transform, shape (firms,)."""
    from scipy.special import ndtr

    regression = _Regression(figures, sets)
    best, predictions = regression.best_ridge(later[:, None])
    off = later - predictions[int(best[0])][:, 0]
    spread = regression.means_unseen((off**2)[:, None])[0][:, 0] ** 0.5
    return np.asarray(ndtr(off / spread))


def gains(figures: Real, sets: NDArray[np.int64], later: Real) -> dict[str, float]:
    """Gain in log score over not updating: with the set known, by weighting the sets, by regression."""
    from sim.deciding.believing import _log_density, forecast

    numbers = np.unique(sets)
    regression = _Regression(figures, sets)
    usual, wide = (one[:, 0] for one in regression.means_unseen(later[:, None]))
    plain = _log_density(later, usual, wide)
    known, weighted, effective = [], [], []
    means = np.stack([figures[sets == one].mean(axis=0) for one in numbers])
    within = np.concatenate(
        [figures[sets == one] - figures[sets == one].mean(axis=0) for one in numbers]
    )
    firms = len(sets) // len(numbers)
    cover = np.cov(within, rowvar=False) * firms / (firms - 1)
    inverse = np.linalg.inv(np.atleast_2d(cover) * (1.0 + 1.0 / firms))
    by_set = np.stack(
        [[later[sets == one].mean(), later[sets == one].var(ddof=1)] for one in numbers]
    )
    spread = by_set[:, 1].mean() ** 0.5
    for place in range(len(sets)):
        own = np.flatnonzero(numbers == sets[place])[0]
        others = (sets == sets[place]) & (np.arange(len(sets)) != place)
        known.append(
            _log_density(later[place], later[others].mean(), spread * (1 + 1 / (firms - 1)) ** 0.5)
        )
        off = figures[place] - means
        logs = -0.5 * (off @ inverse * off).sum(axis=1)
        logs[own] = -np.inf
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        effective.append(1.0 / (weights**2).sum())
        parts = np.exp(_log_density(later[place], by_set[:, 0], np.full(len(numbers), spread)))
        weighted.append(np.log(max(float(weights @ parts), 1e-12)))
    return {
        "set known": float(np.mean(known) - plain.mean()),
        "weighted": float(np.mean(weighted) - plain.mean()),
        "regression": forecast(figures, sets, later, figures[0]).gain,
        "effective sets": float(np.mean(effective)),
    }


def ranks(figures: Real, sets: NDArray[np.int64], scores: Real, own: Real) -> Real:
    """Rank of each firm's true parameters among the moved sets of other folds, 0 to 1; shape (firms, parameters)."""
    numbers = np.unique(sets)
    regression = _Regression(figures, sets)
    at = np.searchsorted(numbers, sets)
    table = scores[at]
    found = np.empty(table.shape)
    fold_of_set = np.array([regression.fold[sets == one][0] for one in numbers])
    for one in range(_FOLDS):
        out = regression.fold == one
        if not out.any():
            continue
        inside = _Regression(figures[~out], sets[~out])
        best, predictions = inside.best_ridge(table[~out])
        errors = np.stack([((table[~out] - each) ** 2).mean(axis=0) for each in predictions])
        usual = ((table[~out] - inside.means_unseen(table[~out])[0]) ** 2).mean(axis=0)
        explained = 1.0 - errors.min(axis=0) / usual
        slopes = np.zeros((figures.shape[1], scores.shape[1]))
        for number, ridge in enumerate(_RIDGES):
            which = (best == number) & (explained >= _LEAST)
            if which.any():
                everything = np.ones(int((~out).sum()), dtype=np.bool_)
                slopes[:, which] = inside.fitted(table[~out][:, which], ridge, everything)[1]
        kept = fold_of_set != one
        for place in np.flatnonzero(out):
            step = (figures[place] - own[kept]) / inside.scale
            moved = scores[kept] + step @ slopes
            found[place] = (moved < table[place]).mean(axis=0)
    return found
