"""What a front commands and attains, against answers worked out in another way."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.analysis.fronts import attained, commanded, hypervolume
from sim.analysis.plausible import own, plausible_means


def by_boxes(costs: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    """The volume as a sum over all boxes between neighbouring coordinates."""
    edges = [
        np.unique(np.append(column, end)) for column, end in zip(costs.T, reference, strict=True)
    ]
    total = 0.0
    for corner in itertools.product(*(range(len(one) - 1) for one in edges)):
        low = np.array([one[place] for one, place in zip(edges, corner, strict=True)])
        high = np.array([one[place + 1] for one, place in zip(edges, corner, strict=True)])
        if (high <= reference).all() and (costs <= low).all(axis=1).any():
            total += float((high - low).prod())
    return total


def test_a_staircase() -> None:
    stairs = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0], [3.0, 3.0], [9.0, 0.0], [np.nan, 0.0]])
    assert hypervolume(stairs, np.array([4.0, 4.0])) == 6.0
    assert hypervolume(np.array([[5.0, 5.0]]), np.array([4.0, 4.0])) == 0.0
    assert commanded(stairs[:3], np.array([1.0, 1.0]), np.array([4.0, 4.0])) == pytest.approx(6 / 9)


@pytest.mark.parametrize("objectives", [1, 2, 3, 4])
def test_any_points(objectives: int) -> None:
    random = np.random.default_rng(objectives)
    for _ in range(5):
        costs = random.integers(0, 6, (7, objectives)).astype(float)
        reference = np.full(objectives, 5.0)
        assert hypervolume(costs, reference) == pytest.approx(by_boxes(costs, reference))


def test_what_is_attained() -> None:
    drawn = np.array([[[0.0, 4.0], [2.0, 1.0]], [[1.0, 3.0], [3.0, 2.0]]])
    found = attained(drawn, (1.0, 0.5), np.array([-1.0, 0.5, 1.5, 2.5, 3.5]))
    assert found[0].tolist() == [math.inf, math.inf, 4.0, 3.0, 2.0]
    assert found[1].tolist() == [math.inf, math.inf, 4.0, 3.0, 2.0]
    assert attained(drawn, (0.4,), np.array([0.5, 2.5]))[0].tolist() == [math.inf, 3.0]


def test_means_of_unequal_numbers_of_runs() -> None:
    """One alternative has more runs than the other: its mean rests on all of them, and nothing is too sure."""
    random = np.random.default_rng(2)
    chances = []
    for number in range(300):
        luck = random.normal(0.0, 2.0, 40)
        values = luck + random.normal(0.0, 1.0, (2, 40))
        values[1, 10:] = np.nan
        drawn = plausible_means(values, seed=number, count=400)
        chances.append((drawn[:, 0] > drawn[:, 1]).mean())
    # Two equal alternatives: any chance is as likely, but for degrees of freedom taken cautiously.
    for share in (0.05, 0.1, 0.25):
        assert (np.array(chances) < share).mean() < share + 3 * math.sqrt(share * (1 - share) / 300)
        assert (np.array(chances) > 1 - share).mean() < share + 3 * math.sqrt(
            share * (1 - share) / 300
        )
    assert np.std(chances) > 0.2
    # Where all have the same, the mean and spread are as they always were.
    whole = random.normal(0.0, 1.0, (3, 12))
    holed = np.concatenate([whole, np.full((3, 1), np.nan)], axis=1)
    holed[0, 12] = whole[0].mean()
    told = plausible_means(whole, count=20_000), plausible_means(holed, count=20_000)
    np.testing.assert_allclose(told[0].mean(axis=0), told[1].mean(axis=0), atol=0.02)
    np.testing.assert_allclose(np.cov(told[0].T), np.cov(told[1].T), atol=0.02)


def test_an_alternatives_own_witnesses() -> None:
    values = np.arange(24.0).reshape(1, 2, 2, 6)  # two alternatives, two conditions, six replicates
    values[0, 1, 1, 4:] = np.nan
    found = own(values, None)
    np.testing.assert_allclose(found[0, 0], values[0, 0].mean(axis=0))
    assert np.isnan(found[0, 1, 4:]).all() and np.isfinite(found[0, 1, :4]).all()
    by_set = own(values, np.array([0, 0, 1, 1, 2, 2]))
    assert by_set.shape == (1, 2, 3)
    np.testing.assert_allclose(by_set[0, 0], values[0, 0].mean(axis=0).reshape(3, 2).mean(axis=1))
    assert np.isnan(by_set[0, 1, 2])
