"""Chance and ignorance apart, with made-up effects whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, spearmanr

from sim.calibration.ensemble import Ensemble, sets_of, shipped_ensemble
from sim.experiments.sensitivity import hinges_of
from sim.experiments.statistics import by_set, effects_table, interval_of
from sim.experiments.uncertainty import COLUMNS, CONCLUSIONS, uncertainty_table
from sim.experiments.variance_components import told_apart
from sim.outcomes.declared import CURVES, OUTCOMES

Real = np.ndarray


def table(effect: Real, ensemble: Ensemble, **fixed: set[str]) -> pd.Series:
    """The row of the first outcome."""
    values = np.zeros((2, len(effect), len(OUTCOMES)))
    values[1, :, 0] = effect
    sets = sets_of(range(len(effect)), len(ensemble))
    return uncertainty_table(("none", "some"), "none", sets, values, ensemble, fixed).iloc[0]


def made(rng: np.random.Generator, sets: int, mean: float, spread: float) -> tuple[Real, Real]:
    """Effects in two firms of every set, chance of one; and the sets' numbers."""
    truth = rng.normal(mean, spread, sets)
    return np.repeat(truth, 2) + rng.normal(size=2 * sets), np.repeat(np.arange(sets), 2)


def holds(effect: Real, numbers: Real) -> bool:
    found = told_apart(effect, numbers)
    return (found.low > 0.0 or found.high < 0.0) and found.same_direction >= 0.975


# --- chance and ignorance ----------------------------------------------------------------------------


def test_the_mean_squares_are_those_of_the_analysis_of_variance() -> None:
    from scipy.stats import f_oneway

    effect, numbers = made(np.random.default_rng(1), 30, 1.0, 0.7)
    found = told_apart(effect, numbers)
    anova = f_oneway(*effect.reshape(30, 2))
    assert found.odds == pytest.approx(anova.pvalue)
    within = effect.reshape(30, 2).var(axis=1, ddof=1).mean()
    between = effect.reshape(30, 2).mean(axis=1).var(ddof=1) - within / 2.0
    assert found.share == pytest.approx(between / (between + within))


@pytest.mark.parametrize("sets", [10, 50])
def test_holds_is_seldom_said_where_one_set_in_ten_disagrees(sets: int) -> None:
    """As docs/uncertainty.md says: in 7 to 16 of 100 runs."""
    rng = np.random.default_rng(5)
    runs = [holds(*made(rng, sets, norm.ppf(0.9) * 0.5, 0.5)) for _ in range(300)]
    assert np.mean(runs) < 0.2


def test_more_sets_let_more_conclusions_hold() -> None:
    rng = np.random.default_rng(6)
    mean = norm.ppf(0.99) * 0.5
    few, many = (
        np.mean([holds(*made(rng, sets, mean, 0.5)) for _ in range(200)]) for sets in (5, 50)
    )
    assert few < 0.4 < many


def test_the_range_of_the_sets_covers_what_it_says() -> None:
    rng = np.random.default_rng(7)
    inside = []
    for _ in range(200):
        effect, numbers = made(rng, 40, 0.3, 0.6)
        found = told_apart(effect, numbers)
        others = rng.normal(0.3, 0.6, 50)
        inside.append(np.mean(np.abs(others - found.mean) <= found.sets))
    assert 0.9 < np.mean(inside) < 0.99


def test_the_range_leaves_out_zero_where_nearly_all_sets_agree_and_only_there() -> None:
    rng = np.random.default_rng(8)
    agree = []
    for _ in range(200):
        effect, numbers = made(rng, 25, rng.uniform(0.0, 2.0), 0.5)
        found = told_apart(effect, numbers)
        agree.append((found.sets < abs(found.mean)) == (found.same_direction > 0.975))
    assert all(agree)


def test_chance_alone_is_never_wider_than_both_together() -> None:
    rng = np.random.default_rng(9)
    for _ in range(50):
        found = told_apart(*made(rng, 12, 0.0, 0.0))
        assert 2.0 * found.chance <= found.high - found.low + 1e-12


def test_nothing_that_varies_and_nothing_at_all() -> None:
    numbers = np.repeat(np.arange(8), 2)
    same = told_apart(np.full(16, 2.0), numbers)
    assert (same.chance, same.sets, same.same_direction, same.odds) == (0.0, 0.0, 1.0, 1.0)
    none = told_apart(np.zeros(16), numbers)
    assert (none.mean, none.same_direction) == (0.0, 0.5)
    certain = told_apart(np.repeat(np.arange(8.0) - 3.0, 2), numbers)  # no chance at all
    assert certain.odds == 0.0
    assert certain.share == 1.0


@pytest.mark.parametrize(
    ("effect", "conclusion"),
    [
        ([], "undefined"),
        ([math.nan] * 8, "undefined"),
        ([1.0, 1.1], "cannot be told"),
        ([1.0, 1.1, 1.2, 0.9], "cannot be told"),  # two sets
        ([1.0, math.nan] * 10, "cannot be told"),  # one firm each
        ([1.0, 1.1] * 20, "holds"),
        ([-1.0, -1.1] * 20, "holds"),
        ([1.0, -1.1, 0.2, 0.4, -0.9, 1.2, -0.3] * 6, "not clear"),
        ([1.0, 1.1, -1.0, -1.1] * 10, "depends"),
    ],
    ids=str,
)
def test_conclusions(effect: list[float], conclusion: str) -> None:
    ensemble = Ensemble(("learning.rate",), np.linspace(0.1, 0.2, 50)[:, None])
    row = table(np.array(effect), ensemble)
    assert row["conclusion"] == conclusion
    assert conclusion in CONCLUSIONS
    assert row["holds"] == (conclusion == "holds")
    assert list(row.index) == list(COLUMNS)
    assert row["replicates"] == int(np.isfinite(effect).sum())


def test_sets_that_come_again_are_the_same_sets() -> None:
    """Three sets in twelve firms are three witnesses, not six."""
    ensemble = Ensemble(("learning.rate",), np.array([[0.1], [0.2], [0.3]]))
    effect = np.tile([1.0, 1.2, 2.0, 2.2, 3.0, 3.2], 2)
    row = table(effect, ensemble)
    assert (row["sets"], row["replicates"]) == (3, 12)
    low, high = interval_of(np.array([1.1, 2.1, 3.1]), 0.95)
    assert (row["low"], row["high"]) == (pytest.approx(low), pytest.approx(high))


def test_effects_and_uncertainty_have_the_same_interval() -> None:
    rng = np.random.default_rng(10)
    sets = np.array([0, 0, 1, 1, 2, 2, 3])  # stopped in the middle of a set
    values = rng.normal(size=(2, 7, len(OUTCOMES)))
    values[1, 2, 0] = math.nan
    ensemble = Ensemble(("learning.rate",), np.linspace(0.1, 0.4, 4)[:, None])
    one = effects_table(("a", "b"), "a", values, np.zeros((2, 7)), sets)
    other = uncertainty_table(("a", "b"), "a", sets, values, ensemble)
    for name in ("difference", "low", "high", "replicates"):
        np.testing.assert_array_equal(one[name], other[name])
    firms = effects_table(("a", "b"), "a", values, np.zeros((2, 7)))
    assert not np.allclose(firms["low"], one["low"])


def test_means_of_sets() -> None:
    values = np.arange(10.0).reshape(5, 2)
    np.testing.assert_array_equal(
        by_set(values, np.array([3, 1, 1, 3, 2])), [[3.0, 4.0], [8.0, 9.0], [3.0, 4.0]]
    )
    assert by_set(values, None) is values
    assert by_set(values, np.zeros(5, dtype=np.int64)) is values


# --- what it hinges on -------------------------------------------------------------------------------


def test_where_nothing_matters_a_parameter_is_seldom_named() -> None:
    rng, ensemble = np.random.default_rng(11), shipped_ensemble()
    named = [bool(hinges_of(rng.normal(size=50), np.arange(50), ensemble)) for _ in range(200)]
    assert np.mean(named) < 0.1


def test_a_parameter_that_matters_is_found_among_all_others() -> None:
    rng, ensemble = np.random.default_rng(12), shipped_ensemble()
    column = ensemble.values[:50, 7]
    found = 0
    for _ in range(50):
        means = 0.6 * (column - column.mean()) / column.std() + 0.8 * rng.normal(size=50)
        found += ensemble.keys[7] in [
            hinge.key for hinge in hinges_of(means, np.arange(50), ensemble)
        ]
    assert found > 40


def test_thirds_and_correlation_are_those_of_the_parameter() -> None:
    rng = np.random.default_rng(13)
    values = rng.permutation(np.linspace(0.1, 0.4, 30))
    means = -10.0 * values + rng.normal(size=30) / 10.0
    ensemble = Ensemble(("learning.rate",), values[:, None])
    (hinge,) = hinges_of(means, np.arange(30), ensemble)
    order = np.argsort(values)
    assert hinge.correlation == pytest.approx(spearmanr(values, means).statistic)
    assert (hinge.below, hinge.above) == (values[order[9]], values[order[20]])
    assert hinge.low == pytest.approx(
        (means[order[:10]].mean(), *interval_of(means[order[:10]], 0.95))
    )
    assert hinge.high == pytest.approx(
        (means[order[20:]].mean(), *interval_of(means[order[20:]], 0.95))
    )
    assert hinge.low[0] > hinge.high[0]


def test_what_the_scenario_fixes_is_never_what_an_effect_hinges_on() -> None:
    rng = np.random.default_rng(14)
    values = rng.random((40, 2)) / 10.0 + 0.1
    ensemble = Ensemble(("learning.rate", "learning.contact_rate"), values)
    effect = np.repeat(values[:, 0] + 1e-9 * rng.random(40), 2)
    assert table(effect, ensemble)["hinges_on"] == "learning.rate"
    key = "learning.rate"
    assert table(effect, ensemble, none={key}, some={key})["hinges_on"] == ""
    # One of the two still lets it vary: the effect can come from there.
    assert table(effect, ensemble, none=set(), some={key})["hinges_on"] == key
    row = table(effect, ensemble)
    assert row["grades"] == "derived"
    assert row["effect_lowest"] < row["effect_highest"]


def test_few_sets_and_constant_parameters_name_nothing() -> None:
    ensemble = Ensemble(("learning.rate",), np.linspace(0.1, 0.4, 19)[:, None])
    assert hinges_of(np.arange(19.0), np.arange(19), ensemble) == []
    still = Ensemble(("learning.rate",), np.full((30, 1), 0.2))
    assert hinges_of(np.arange(30.0), np.arange(30), still) == []
    assert hinges_of(np.ones(19), np.arange(19), ensemble) == []
    two = Ensemble(("learning.rate",), np.tile([0.1, 0.4], 15)[:, None])
    (hinge,) = hinges_of(np.tile([1.0, 2.0], 15) + np.arange(30.0) / 100.0, np.arange(30), two)
    assert hinge.low[0] < hinge.high[0]  # ties stay together


# --- every other table -------------------------------------------------------------------------------


def test_null_models_money_and_months_rest_on_the_sets_too() -> None:
    """Twelve firms of three sets are three witnesses: intervals are those of three means."""
    import sim
    from sim.experiments.nulls import nulls_table

    firm = sim.Scenario(
        months=20,
        organisation={"employees": 40},
        programme={"start_month": 2},
        variants=[{"name": "none"}, {"name": "some", "programme.policy": "random"}],
    )
    own = Ensemble(("learning.rate",), np.array([[0.1], [0.3], [0.2]]))
    found = sim.compare(firm, replicates=12, ensemble=own)
    sets, values = found.sets, found.outcomes.pivot(index="replicate", columns=["variant", "outcome"], values="value")  # fmt: skip
    assert sets is not None and sets.tolist() == [0, 0, 1, 1, 2, 2] * 2

    def expected(change: np.ndarray) -> list[float]:
        means = np.array([change[sets == number].mean() for number in range(3)])
        return [means.mean(), *interval_of(means, 0.95)]

    change = (values["some"] - values["none"])["engagement"].to_numpy()
    nulls = nulls_table(found.outcomes, {"some": [("no_programme", "none")]}, found.variants, sets)
    one = nulls[nulls["outcome"] == "engagement"].iloc[0]
    assert [one["difference"], one["low"], one["high"]] == pytest.approx(expected(change))
    cost = found.value[found.value["quantity"] == "cost"].iloc[0]
    change = (values["some"] - values["none"])["programme_cost"].to_numpy()
    assert [cost["mean"], cost["low"], cost["high"]] == pytest.approx(expected(change))
    results = found.results
    assert results is not None
    place = [item.name for item in CURVES].index("engagement")
    monthly = found.monthly.query("variant == 'some' and outcome == 'engagement' and month == 15")
    change = results.curves[1, :, place, 15] - results.curves[0, :, place, 15]
    shown = monthly[["difference", "difference_low", "difference_high"]].iloc[0].tolist()
    assert shown == pytest.approx(expected(change))
