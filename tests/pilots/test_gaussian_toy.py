"""The diagnosis on a Gaussian toy whose answers are known: power, bias, coverage, errors of sign and size, ICC."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from sim.pilots.analyses import _by_person, adjusted, by_department, changed, filled, stepped
from sim.pilots.diagnosing import (
    Interval,
    analytic_power,
    diagnose,
    needed_factor,
    sign_and_size,
    wilson,
)
from sim.pilots.reading import FIELDS

Z = 1.959963984540054
NOBODY = np.empty((200, 0))


def toy(
    firms: int,
    *,
    effect: float,
    spill: float = 0.0,
    people: int = 200,
    sd: float = 1.0,
    seed: int = 1,
) -> np.ndarray:
    """Answers of lotteries in firms of normal scores: half are offered, and gain `effect`; the others `spill`."""
    rng = np.random.default_rng(seed)
    rows = []
    arm = np.arange(people) % 2 == 0
    nobody = np.empty((people, 0))
    for _ in range(firms):
        none = rng.normal(0.0, sd, people)
        one = none + np.where(arm, effect, spill)
        found, placebo = adjusted(one, arm, nobody), adjusted(none, arm, nobody)
        truth = (effect, effect, 0.5 * (effect + spill), spill)
        rows.append((*found[:4], *placebo[:4], *truth, arm.sum(), (~arm).sum(), 0.0))
    return np.array(rows)


def within(share: Interval, expected: float) -> bool:
    """Whether a counted share agrees with what is expected: by four standard errors."""
    firms_error = (share.high - share.low) / (2.0 * Z)
    return abs(share.value - expected) < 4.0 * firms_error + 1e-9


@pytest.mark.parametrize("effect", [0.0, 0.1, 0.3, 0.5])
def test_power_bias_and_coverage_are_those_of_the_normal_distribution(effect: float) -> None:
    firms, people = 400, 200
    answers = toy(firms, effect=effect, people=people)
    told = diagnose(answers, np.arange(firms) // 2, by_lot=True, significance=0.05, power=0.8)
    error = math.sqrt(4.0 / people)
    assert told.error == pytest.approx(error, rel=0.01)
    assert told.spread == pytest.approx(error, rel=0.1)
    assert told.expected.value == pytest.approx(
        effect, abs=1e-9
    )  # exactly: the twin takes chance out
    assert told.bias.value == pytest.approx(0.0, abs=1e-9)
    closed = norm.cdf(effect / error - Z) + norm.cdf(-effect / error - Z)
    assert told.power.value == pytest.approx(closed, abs=0.01)
    assert within(told.counted, closed)
    assert within(told.coverage, 0.95)
    assert within(told.false_positives, 0.05)
    assert told.sound


def test_spill_over_is_the_bias_and_lowers_coverage() -> None:
    firms, effect, spill, people = 400, 0.4, 0.15, 200
    answers = toy(firms, effect=effect, spill=spill, people=people)
    told = diagnose(answers, np.arange(firms) // 2, by_lot=True, significance=0.05, power=0.8)
    error = math.sqrt(4.0 / people)
    assert told.contrast.value == pytest.approx(effect - spill)
    assert told.expected.value == pytest.approx(effect - spill, abs=1e-9)
    assert told.bias.value == pytest.approx(-spill, abs=1e-9)
    assert (told.by_spill_over, told.by_selection) == (pytest.approx(-spill), 0.0)
    assert told.by_the_rest == pytest.approx(0.0, abs=1e-9)
    off = spill / error
    assert within(told.coverage, norm.cdf(Z - off) - norm.cdf(-Z - off))


def test_selection_is_what_a_placebo_shows() -> None:
    """Groups that differ beforehand by .3: the estimate is off by as much, and a placebo is called an effect."""
    rng = np.random.default_rng(5)
    rows, people = [], 200
    arm = np.arange(people) % 2 == 0
    for _ in range(400):
        none = rng.normal(0.0, 1.0, people) + 0.3 * arm
        found = adjusted(none + 0.2 * arm, arm, np.empty((people, 0)))
        placebo = adjusted(none, arm, np.empty((people, 0)))
        rows.append((*found[:4], *placebo[:4], 0.2, 0.2, 0.1, 0.0, 100, 100, 0.0))
    told = diagnose(np.array(rows), np.arange(400) // 2, by_lot=False, significance=0.05, power=0.8)
    error = math.sqrt(4.0 / people)
    assert told.bias.low < 0.3 < told.bias.high
    assert told.by_selection == pytest.approx(0.3, abs=0.03)
    assert within(told.false_positives, norm.cdf(0.3 / error - Z) + norm.cdf(-0.3 / error - Z))
    assert not told.sound


@pytest.mark.parametrize(("effect", "error"), [(0.5, 1.0), (0.1, 1.0), (2.8, 1.0)])
def test_errors_of_sign_and_size_are_gelman_and_carlins(effect: float, error: float) -> None:
    """Against their own simulation: estimates that are significant, their sign and mean size."""
    rng = np.random.default_rng(3)
    estimates = effect + error * rng.standard_normal(2_000_000)
    significant = np.abs(estimates) > Z * error
    wrong, times = sign_and_size(effect, 0.0, np.array([error]), np.array([Z]), effect)
    assert wrong == pytest.approx(float((estimates[significant] < 0.0).mean()), abs=0.004)
    assert times == pytest.approx(float(np.abs(estimates[significant]).mean() / effect), rel=0.01)


def test_a_weak_study_finds_what_is_not_there() -> None:
    """A true effect of .3 at a standard error of 3.3: what is found has the wrong sign in 39 of 100, and is 26 times too large."""
    errors, critical = np.array([3.3]), np.array([Z])
    assert analytic_power(0.3, 0.0, errors, critical) == pytest.approx(0.051, abs=0.001)
    wrong, times = sign_and_size(0.3, 0.0, errors, critical, 0.3)
    assert wrong == pytest.approx(0.39, abs=0.01)
    assert times == pytest.approx(25.8, abs=0.5)


def test_effects_that_differ_between_sets_are_averaged_over() -> None:
    errors, critical = np.full(50, 1.0), np.full(50, Z)
    rng = np.random.default_rng(8)
    effects = rng.normal(1.5, 0.8, 400_000)
    counted = float((np.abs(effects + rng.standard_normal(400_000)) > Z).mean())
    assert analytic_power(1.5, 0.8, errors, critical) == pytest.approx(counted, abs=0.003)


def test_firms_that_differ_in_what_the_programme_does_are_averaged_over() -> None:
    """Effects of single firms spread by .2 around .4, whatever their set: power as counted, below that of .4 alone."""
    firms, people = 500, 200
    rng = np.random.default_rng(21)
    rows = []
    for number, effect in enumerate(rng.normal(0.4, 0.2, firms)):
        rows.append(toy(1, effect=float(effect), people=people, seed=1000 + number)[0])
    told = diagnose(
        np.array(rows), np.arange(firms) // 2, by_lot=True, significance=0.05, power=0.8
    )
    error = math.sqrt(4.0 / people)
    whole = math.hypot(error, 0.2)
    closed = norm.cdf((0.4 - Z * error) / whole) + norm.cdf((-0.4 - Z * error) / whole)
    assert told.power.value == pytest.approx(closed, abs=0.02)
    assert within(told.counted, closed)
    assert told.power.value < norm.cdf(0.4 / error - Z) - 0.05


def test_the_size_that_is_needed_has_the_power_that_is_wanted() -> None:
    factor = needed_factor(Interval(0.5, 0.4, 0.6), np.array([1.0]), 0.05, 0.8)
    assert factor.value == pytest.approx((Z + 0.8416212) ** 2 / 0.25, rel=1e-6)
    error = 1.0 / math.sqrt(factor.value)
    assert analytic_power(0.5, 0.0, np.array([error]), np.array([Z])) == pytest.approx(
        0.8, abs=0.001
    )
    assert factor.low < factor.value < factor.high
    unknown = needed_factor(Interval(0.1, -0.1, 0.3), np.array([1.0]), 0.05, 0.8)
    assert unknown.high == math.inf


def test_adjusting_takes_out_what_was_known() -> None:
    """With a baseline that explains r² of the variance, errors shrink by √(1 - r²)."""
    rng = np.random.default_rng(2)
    people, r = 4000, 0.8
    before = rng.standard_normal(people)
    arm = np.arange(people) % 2 == 0
    after = r * before + math.sqrt(1.0 - r * r) * rng.standard_normal(people) + 0.1 * arm
    plain = adjusted(after, arm, np.empty((people, 0)))
    known = adjusted(after, arm, filled(before[:, None]))
    assert known.error / plain.error == pytest.approx(math.sqrt(1.0 - r * r), rel=0.03)
    assert abs(known.value - 0.1) < 4.0 * known.error


def test_least_squares_and_its_errors_are_those_of_scipy_and_of_the_book() -> None:
    """Without covariates: Welch's test. With them: numpy's least squares, and HC2 worked out the long way."""
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(4)
    arm = np.arange(60) < 20
    y = rng.normal(0.0, np.where(arm, 2.0, 1.0))
    found = adjusted(y, arm, np.empty((60, 0)))
    welch = ttest_ind(y[arm], y[~arm], equal_var=False)
    assert found.p == pytest.approx(welch.pvalue, rel=1e-9)
    assert found.freedom == pytest.approx(welch.df, rel=1e-9)
    x = rng.standard_normal((60, 2))
    table = np.column_stack([np.ones(60), arm, x])
    bread = np.linalg.inv(table.T @ table)
    slopes = bread @ table.T @ y
    hat = np.einsum("ij,jk,ik->i", table, bread, table)
    meat = (table * ((y - table @ slopes) ** 2 / (1.0 - hat))[:, None]).T @ table
    found = adjusted(y, arm, x)
    assert found.value == pytest.approx(slopes[1])
    assert found.error == pytest.approx(math.sqrt((bread @ meat @ bread)[1, 1]))


@pytest.mark.parametrize("few", [6, 10, 15])
def test_small_arms_find_a_placebo_in_five_of_a_hundred(few: int) -> None:
    rng = np.random.default_rng(few)
    arm = np.arange(60) < few
    found = [
        adjusted(
            rng.exponential(1.0, 60), arm, filled(rng.standard_normal((60, 2))), small=20, seed=n
        ).p
        < 0.05
        for n in range(600)
    ]
    share = wilson(float(sum(found)), 600.0)
    assert within(share, 0.05)


@pytest.mark.parametrize("departments", [4, 8, 20])
def test_departments_by_lot_have_the_design_effect_of_their_icc(departments: int) -> None:
    """Means of departments: 5 % false alarms, and variance ``(1 + (m - 1) ICC)`` times that of single persons."""
    rng = np.random.default_rng(departments)
    size, icc, repeats = 30, 0.1, 600
    home = np.repeat(np.arange(departments), size)
    drawn = home < departments // 2
    values, alarms, naive = [], 0, 0
    for _ in range(repeats):
        y = math.sqrt(icc) * rng.standard_normal(departments)[home]
        y += math.sqrt(1.0 - icc) * rng.standard_normal(len(home))
        found = by_department(y, drawn, home, np.empty((len(home), 0)), level=0.05)
        values.append(found.value)
        alarms += found.p < 0.05
        naive += adjusted(y, drawn, np.empty((len(home), 0))).p < 0.05
        assert found.freedom == departments - 2
    assert within(wilson(float(alarms), float(repeats)), 0.05)
    effect = 1.0 + (size - 1) * icc
    single = 4.0 / (departments * size)
    assert np.var(values) / single == pytest.approx(effect, rel=0.2)
    too_often = 2.0 * norm.cdf(-Z / math.sqrt(effect))
    assert within(
        wilson(float(naive), float(repeats)), too_often
    )  # as if people were alone: far above 5 %


def test_a_stepped_start_is_right_on_average_and_keeps_its_level() -> None:
    """Three steps, two readings, people who differ for good: an effect of .4 is found as .4, a placebo in 5 %."""
    rng = np.random.default_rng(11)
    people = 90
    turn = np.arange(people) % 3
    person = np.tile(np.arange(people), 2)
    period = np.repeat([0, 1], people)
    begun = np.concatenate([turn <= 0, turn <= 1])
    estimates, alarms, covered = [], 0, 0
    for _ in range(500):
        own = rng.standard_normal(people)
        none = own[person] + 0.5 * period + 0.7 * rng.standard_normal(2 * people)
        nobody = np.empty((2 * people, 0))
        alarms += stepped(none, begun, period, person, nobody, level=0.05).p < 0.05
        one = stepped(none + 0.4 * begun, begun, period, person, nobody, level=0.05)
        estimates.append(one.value)
        covered += one.low <= 0.4 <= one.high
    assert np.mean(estimates) == pytest.approx(0.4, abs=4.0 * np.std(estimates) / math.sqrt(500))
    assert within(wilson(float(alarms), 500.0), 0.05)
    assert within(wilson(float(covered), 500.0), 0.95)


def test_before_and_after_finds_what_time_does() -> None:
    rng = np.random.default_rng(6)
    before = rng.standard_normal(100)
    found = changed(before, before + 0.3 + 0.1 * rng.standard_normal(100), level=0.05)
    assert found.value == pytest.approx(0.3, abs=0.05)
    assert found.p < 1e-6


def test_every_field_of_an_answer_is_known() -> None:
    assert toy(2, effect=0.1).shape == (2, len(FIELDS))


@pytest.mark.long
@pytest.mark.parametrize(("offered", "rate"), [(30, 0.02), (30, 0.08), (60, 0.02), (100, 0.15)])
def test_rare_events_find_a_placebo_no_more_often_than_they_may(offered: int, rate: float) -> None:
    """An arm in which nobody is promoted must not seem to know that nobody ever is."""
    rng = np.random.default_rng(offered)
    arm = np.arange(210) < offered
    alarms = covered = told = 0
    for number in range(500):
        y = 100.0 * (rng.random(210) < rate)
        found = adjusted(y, arm, filled(rng.standard_normal((210, 2))), seed=number)
        if math.isfinite(found.error):
            told += 1
            alarms += found.p < 0.05
            covered += found.low <= 0.0 <= found.high
    assert wilson(float(alarms), float(told), z=3.9).low <= 0.05
    assert covered / told > (
        0.93 if offered * rate > 1.0 else 0.9
    )  # with less than one event, no normal interval is right


@pytest.mark.parametrize("people", [12, 20])
def test_a_stepped_start_of_few_people_finds_nothing_in_five_of_a_hundred(people: int) -> None:
    """Where each is seen twice, some are missing, and what people have in common with themselves is large."""
    rng = np.random.default_rng(people)
    draws = 1500
    person, period = np.repeat(np.arange(people), 2), np.tile([0, 1], people)
    found = []
    for _ in range(draws):
        begun = np.repeat(rng.permutation(np.arange(people) % 3), 2) <= period
        lasting = rng.standard_normal(people)
        values = 0.9 * lasting[person] + 0.45 * rng.standard_normal(2 * people)
        values[rng.random(2 * people) < 0.2] = np.nan
        before = np.column_stack([lasting + rng.standard_normal(people), rng.random(people) < 0.4])
        found.append(stepped(values, begun, period, person, before[person], level=0.05).p)
    known = np.isfinite(found)
    assert known.mean() > 0.95
    alarms = wilson(float((np.array(found)[known] < 0.05).sum()), int(known.sum()), z=3.3)
    assert alarms.low <= 0.05 <= alarms.high


def test_errors_by_person_of_a_balanced_mean_are_the_textbook_ones() -> None:
    """Everybody seen equally often and nothing explained but the mean: the error is that of the persons' means."""
    rng = np.random.default_rng(3)
    people, times = 11, 3
    values = rng.standard_normal((people, 1)) + 0.3 * rng.standard_normal((people, times))
    left = (values - values.mean()).ravel()
    q = np.full((people * times, 1), 1.0 / math.sqrt(people * times))
    weights = np.full(people * times, 1.0 / (people * times))
    variance, freedom = _by_person(q, weights, left, np.repeat(np.arange(people), times))
    assert variance == pytest.approx(values.mean(axis=1).var(ddof=1) / people)
    assert freedom == pytest.approx(people - 1)
