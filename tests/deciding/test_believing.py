"""Learning from figures, on worlds whose truth is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import kstest

from sim.deciding.believing import contradiction, forecast, learn
from trusting import chances, gains, ranks

Real = NDArray[np.float64]

SETS, FIRMS = 150, 8


def worlds(seed: int, sets: int = SETS) -> tuple[Real, NDArray[np.int64], Real, Real]:
    """Three normal parameters; figures show the first well, the second badly, the third not at all.

    Figures: θ1 + N(0, .5²), θ1 - θ2 + N(0, 2²), noise. Later: 2 θ1 + θ3 + N(0, 1).
    """
    random = np.random.default_rng(seed)
    scores = random.standard_normal((sets, 3))
    numbers = np.repeat(np.arange(sets), FIRMS)
    theta = scores[numbers]
    noise = random.standard_normal((len(numbers), 4))
    figures = np.stack(
        [
            theta[:, 0] + 0.5 * noise[:, 0],
            theta[:, 0] - theta[:, 1] + 2.0 * noise[:, 1],
            noise[:, 2],
        ],
        axis=1,
    )
    later = 2.0 * theta[:, 0] + theta[:, 2] + noise[:, 3]
    return figures, numbers, scores, later


def truth(seen: Real) -> tuple[Real, Real]:
    """Mean and covariance of the parameters, given figures."""
    slope = np.array([[1.0, 0.0, 0.0], [1.0, -1.0, 0.0], [0.0, 0.0, 0.0]])
    error = np.diag([0.25, 4.0, 1.0])
    gain = slope.T @ np.linalg.inv(slope @ slope.T + error)
    return gain @ seen, np.eye(3) - gain @ slope


def test_forecasts_are_what_the_closed_form_says() -> None:
    seen = np.array([1.2, 0.4, -0.3])
    mean, cover = truth(seen)
    weights = np.array([2.0, 0.0, 1.0])
    spread = float(np.sqrt(weights @ cover @ weights + 1.0))
    found = [forecast(*_without_scores(worlds(seed)), seen) for seed in range(12)]
    assert np.mean([one.after for one in found]) == pytest.approx(weights @ mean, abs=0.12)
    assert np.mean([one.after_spread for one in found]) == pytest.approx(spread, rel=0.05)
    assert np.mean([one.before_spread for one in found]) == pytest.approx(6.0**0.5, rel=0.05)
    assert np.mean([one.held for one in found]) == pytest.approx(0.95, abs=0.015)
    # The gain in log score is the log of the ratio of the spreads.
    assert np.mean([one.gain for one in found]) == pytest.approx(
        np.log(6.0**0.5 / spread), abs=0.05
    )
    explained = 1.0 - spread**2 / 6.0
    assert np.mean([one.explained for one in found]) == pytest.approx(explained, abs=0.04)


def _without_scores(
    made: tuple[Real, NDArray[np.int64], Real, Real],
) -> tuple[Real, NDArray[np.int64], Real]:
    figures, numbers, _, later = made
    return figures, numbers, later


def test_moved_sets_are_the_posterior() -> None:
    seen = np.array([1.2, 0.4, -0.3])
    mean, cover = truth(seen)
    means, spreads, explained = [], [], []
    for seed in range(12):
        figures, numbers, scores, _ = worlds(seed)
        found = learn(figures, numbers, scores, figures[::FIRMS], seen, np.zeros(3, dtype=np.bool_))
        means.append(found.scores.mean(axis=0))
        spreads.append(found.scores.std(axis=0, ddof=1))
        explained.append([one.explained for one in found.lessons])
    np.testing.assert_allclose(np.mean(means, axis=0), mean, atol=0.1)
    np.testing.assert_allclose(np.mean(spreads, axis=0), np.sqrt(np.diag(cover)), atol=0.06)
    np.testing.assert_allclose(np.mean(explained, axis=0), 1.0 - np.diag(cover), atol=0.06)


def test_nothing_is_learnt_where_figures_say_nothing_and_what_is_fixed_stays() -> None:
    random = np.random.default_rng(8)
    moved = 0
    for seed in range(10):
        figures, numbers, scores, _ = worlds(seed)
        noise = random.standard_normal((SETS, 20))
        fixed = np.zeros(23, dtype=np.bool_)
        fixed[0] = True
        both = np.concatenate([scores, noise], axis=1)
        found = learn(figures, numbers, both, figures[::FIRMS], np.array([2.0, 0.0, 0.0]), fixed)
        np.testing.assert_array_equal(found.scores[:, 0], both[:, 0])
        same = (found.scores[:, 3:] == noise).all(axis=0)
        moved += int((~same).sum())
    assert moved <= 20  # of 200


def test_ranks_are_uniform_with_the_own_set_left_out() -> None:
    figures, numbers, scores, later = worlds(3)
    found = ranks(figures, numbers, scores, figures[::FIRMS])
    for place in range(3):
        one_each = found[::FIRMS, place]
        assert kstest(one_each, "uniform").pvalue > 0.01, place
    assert kstest(chances(figures, numbers, later)[::FIRMS], "uniform").pvalue > 0.01


def test_weighting_the_sets_collapses_and_regression_does_not() -> None:
    """With ten figures that each set apart the sets, few sets carry all the weight."""
    random = np.random.default_rng(5)
    scores = random.standard_normal((SETS, 10))
    numbers = np.repeat(np.arange(SETS), FIRMS)
    figures = scores[numbers] + 0.4 * random.standard_normal((len(numbers), 10))
    later = scores[numbers].sum(axis=1) + random.standard_normal(len(numbers))
    told = gains(figures, numbers, later)
    assert told["effective sets"] < 5.0
    assert told["regression"] > 0.5 > told["weighted"]
    assert told["regression"] < told["set known"] + 0.1


def test_the_alarm_sounds_falsely_in_one_of_twenty_and_sees_what_is_off() -> None:
    false, each = [], []
    for seed in range(6):
        figures, numbers, _, _ = worlds(seed)
        told = contradiction(figures, numbers, np.array([0.0, 0.0, 0.0]))
        false.append(told.false_alarms)
        assert not told.alarm and told.p_value > 0.5
        fresh, _, _, _ = worlds(100 + seed, sets=40)
        each += [contradiction(figures, numbers, one).alarm for one in fresh[::FIRMS]]
    assert np.mean(false) == pytest.approx(0.05, abs=0.015)
    assert np.mean(each) == pytest.approx(0.05, abs=0.035)
    assert contradiction(figures, numbers, np.array([5.5, 0.0, 0.0])).alarm
    # Each figure within its band, and together never: the first two go together.
    together = contradiction(figures, numbers, np.array([0.0, 0.0, 4.5]))
    assert together.alarm and together.unlike[2] < 0.001
