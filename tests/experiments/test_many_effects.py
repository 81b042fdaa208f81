"""Many effects at once: some leave out 0 by chance alone, and the adjusted column says so."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.experiments.statistics import (
    effects_table,
    false_discovery_rates,
    p_value_of,
    share_better,
)
from sim.outcomes.declared import OUTCOMES
from sim.report.wording import share_of_firms


def test_p_values_are_students() -> None:
    values = np.random.default_rng(1).normal(0.3, 1.0, 12)
    assert p_value_of(values) == pytest.approx(stats.ttest_1samp(values, 0.0).pvalue, rel=1e-12)
    assert p_value_of(np.zeros(4)) == 1.0
    assert p_value_of(np.ones(4)) == 0.0
    assert np.isnan(p_value_of(np.ones(1)))


def test_adjusted_values_are_benjamini_and_hochbergs() -> None:
    p_values = np.random.default_rng(2).uniform(0.0, 1.0, 40) ** 3
    known = stats.false_discovery_control(p_values)
    np.testing.assert_allclose(false_discovery_rates(p_values), known, rtol=1e-12)
    with_gaps = np.insert(p_values, [3, 17], np.nan)
    adjusted = false_discovery_rates(with_gaps)
    assert np.isnan(adjusted[[3, 18]]).all()
    np.testing.assert_allclose(adjusted[np.isfinite(adjusted)], known, rtol=1e-12)
    assert false_discovery_rates(np.array([])).size == 0


def test_ten_programmes_without_effect_show_intervals_without_zero_and_no_discoveries() -> None:
    """Chance alone: about one interval in twenty leaves out 0, and hardly ever one is left after adjusting."""
    rng, found, left = np.random.default_rng(3), [], 0
    names = ("none", *(f"p{number}" for number in range(10)))
    for _ in range(8):
        values = rng.normal(0.0, 1.0, (len(names), 20, len(OUTCOMES)))
        table = effects_table(names, "none", values, np.zeros((len(names), 20)))
        found.append(table["distinguishable"].mean())
        left += bool((table["adjusted"] < 0.05).any())
    assert 0.02 < np.mean(found) < 0.09
    assert left <= 2


def test_a_tie_counts_half_wherever_firms_are_counted() -> None:
    differences = np.array([1.0, 0.0, 0.0, -2.0, np.nan, 3.0, 0.0])
    assert share_better(differences, True) == (2 + 1.5) / 6
    assert share_better(differences, False) == (1 + 1.5) / 6
    assert np.isnan(share_better(differences, None))
    assert share_of_firms(share_better(differences, True), 6) == "3½ of 6"
    assert share_of_firms(0.5, 4) == "2 of 4"
    assert share_of_firms(0.125, 4) == "½ of 4"
    assert share_of_firms(0.0, 4) == "0 of 4"
