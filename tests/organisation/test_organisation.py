"""The firm: charts of every size, the people in it, and the ties between them."""

from __future__ import annotations

import numpy as np
import pytest

from conftest import plan_of
from sim.engine import columns
from sim.errors import InputError
from sim.organisation.design import Chart, default_departments, default_levels, design_chart
from sim.organisation.population import TENURE_BY_AGE
from sim.scenario import Scenario
from sim.simulation.plan import prepare
from sim.simulation.start import new_state

ROSTERS = "scenarios/rosters"


def chart_of(**organisation: object) -> Chart:
    scenario = Scenario(organisation=dict(organisation))
    return design_chart(scenario.variants[0].settings["organisation"])


@pytest.mark.parametrize("employees", [1, 2, 3, 5, 10, 36, 60, 150, 400, 1000, 5000])
def test_a_chart_has_every_post_a_boss_and_departments_in_one_run(employees: int) -> None:
    chart = chart_of(employees=employees)
    assert chart.posts == employees
    assert (chart.boss == -1).sum() == 1
    below_top = chart.boss >= 0
    assert (chart.boss[below_top] < np.flatnonzero(below_top)).all(), "no cycles: bosses come first"
    if chart.levels > 1:
        assert (chart.level[chart.boss[below_top]] > chart.level[below_top]).all()
    assert (np.diff(chart.department) >= 0).all()
    first, end = chart.ranges()
    assert (end > first).all()
    assert end[-1] == employees
    assert chart.level.max() == chart.levels


@pytest.mark.parametrize("employees", [150, 400, 1000, 5000, 20000])
def test_spans_and_departments_look_like_firms(employees: int) -> None:
    """W-SPAN: direct reports 7-11 on average, median 5-6 (here 7 by setting); departments 15-50."""
    chart = chart_of(employees=employees)
    reports = np.bincount(chart.boss[chart.boss >= 0])
    reports = reports[reports > 0]
    assert 4.5 <= reports.mean() <= 11.0
    assert 4 <= np.median(reports) <= 8
    first, end = chart.ranges()
    assert 15 <= np.median(end - first) <= 50


def test_levels_grow_with_log_size() -> None:
    """W-SPAN: 150 people 3-4 levels, 1,000 4-6, 5,000 5-7; one more for the two levels of staff."""
    assert 4 <= default_levels(150) <= 5
    assert 5 <= default_levels(1000) <= 7
    assert 6 <= default_levels(5000) <= 8
    assert default_levels(1) == 1
    assert default_departments(1) == 1


def test_generations_and_tenure_follow_their_sources() -> None:
    """Shares as set; tenure by age as in the BLS table where firms do not keep their own, pooled over worlds."""
    plan = plan_of({"organisation.employees": 400, "months": 1, "people.keeps_tenures": False})
    ages, tenures = [], []
    for world in range(30):
        state = new_state(plan, 3, world)
        ages.append(-state.whole[columns.BIRTH_MONTH] / 12)
        tenures.append(-state.whole[columns.HIRE_MONTH])
    age, tenure = np.concatenate(ages), np.concatenate(tenures)
    birth_year = np.floor(2026 - age)
    shares = [
        (birth_year < 1965).mean(),
        ((birth_year >= 1965) & (birth_year < 1981)).mean(),
        ((birth_year >= 1981) & (birth_year < 1997)).mean(),
        (birth_year >= 1997).mean(),
    ]
    np.testing.assert_allclose(shares, [0.12, 0.31, 0.38, 0.19], atol=0.02)
    for band, (low, high) in enumerate([(18, 25), (25, 35), (35, 45), (45, 55), (55, 65)]):
        within = (age >= low) & (age < high)
        first_year = (tenure[within] < 12).mean() * 100
        expected = TENURE_BY_AGE[band, 0] / TENURE_BY_AGE[band].sum() * 100
        assert abs(first_year - expected) < 4 * 100 * np.sqrt(0.25 / within.sum()) + 2.0
    assert (tenure <= np.maximum(0, (age - 18) * 12) + 1).all()


def test_generations_differ_only_by_age_tenure_and_level() -> None:
    """W-GEN: traits are the same in all generations; no trait knows the birth year."""
    plan = plan_of({"organisation.employees": 400, "months": 1})
    traits = (columns.BASELINE_ENGAGEMENT, columns.HUMILITY, columns.MENTORING_ABILITY,
              columns.GROWTH_NEED, columns.PROPENSITY)  # fmt: skip
    ages, rows = [], []
    for world in range(20):
        state = new_state(plan, 8, world)
        ages.append(-state.whole[columns.BIRTH_MONTH] / 12)
        rows.append(state.person[list(traits)])
    age, table = np.concatenate(ages), np.concatenate(rows, axis=1)
    for row in table:
        assert abs(np.corrcoef(age, row)[0, 1]) < 4 / np.sqrt(len(age))


def test_the_more_senior_sit_higher() -> None:
    plan = plan_of({"organisation.employees": 400, "months": 1})
    state = new_state(plan, 1, 0)
    level, age = state.whole[columns.LEVEL], -state.whole[columns.BIRTH_MONTH] / 12
    assert age[level >= 4].mean() > age[level == 3].mean() > age[level == 1].mean()


def test_the_law_firm_is_taken_as_it_is() -> None:
    scenario = Scenario(
        organisation={
            "roster": f"{ROSTERS}/lazega_law_firm.csv",
            "ties": f"{ROSTERS}/lazega_law_firm_advice.csv",
        }
    )
    roster = scenario.roster
    assert roster is not None
    plan = prepare("law", scenario.variants[0].settings, roster=roster)
    state = new_state(plan, 1, 0)
    assert state.whole.shape[1] == 71
    np.testing.assert_array_equal(state.whole[columns.LEVEL], roster.level)
    np.testing.assert_array_equal(state.whole[columns.PERSON_DEPARTMENT], roster.department)
    np.testing.assert_array_equal(state.whole[columns.SITE], roster.site)
    np.testing.assert_allclose(-state.whole[columns.BIRTH_MONTH], np.floor(12 * roster.age))
    known = {tuple(pair) for pair in roster.ties}
    formed = {(i, int(j)) for i, row in enumerate(state.ties) for j in row if j >= 0}
    asked = np.bincount(roster.ties[:, 0], minlength=71)
    for person in range(71):
        own = {pair for pair in formed if pair[0] == person}
        assert len(own & known) == min(asked[person], plan.settings["ties"]["places"])


def _all_ties(places: int) -> Scenario:
    return Scenario(
        organisation={
            "roster": f"{ROSTERS}/lazega_law_firm.csv",
            "ties": f"{ROSTERS}/lazega_law_firm_advice.csv",
            "ties_complete": True,
        },
        ties={"places": places},
    )


def test_complete_ties_are_all_there_are() -> None:
    """Nobody gets a further one at the start."""
    scenario = _all_ties(32)
    assert scenario.roster is not None
    plan = prepare("law", scenario.variants[0].settings, roster=scenario.roster)
    state = new_state(plan, 1, 0)
    formed = {(i, int(j)) for i, row in enumerate(state.ties) for j in row if j >= 0}
    assert formed == {tuple(pair) for pair in scenario.roster.ties.tolist()}


def test_complete_ties_must_have_places() -> None:
    with pytest.raises(InputError, match=r'room for 8 of the \d+ ties of "\d+"') as caught:
        _all_ties(8)
    assert caught.value.key == "ties.places"


def test_synthetic_ties_show_the_measured_pattern() -> None:
    """W-TIES, on the law firm's own people without its ties: the shares it reports, within bands."""
    scenario = Scenario(organisation={"roster": f"{ROSTERS}/lazega_law_firm.csv"})
    plan = prepare("law", scenario.variants[0].settings, roster=scenario.roster)
    shares = []
    for world in range(40):
        state = new_state(plan, 1, world)
        source = np.repeat(np.arange(71), state.ties.shape[1])
        target = state.ties.ravel()
        source, target = source[target >= 0], target[target >= 0]

        def across(
            column: int, s: np.ndarray = source, t: np.ndarray = target, w=state.whole
        ) -> float:  # noqa: ANN001
            return float((w[column][s] != w[column][t]).mean())

        age = -state.whole[columns.BIRTH_MONTH] / 12
        shares.append(
            [across(columns.SITE), across(columns.PERSON_DEPARTMENT), across(columns.LEVEL),
             float((age[target] > age[source]).mean())]
        )  # fmt: skip
    site, practice, status, older = np.mean(shares, axis=0)
    assert 0.12 < site < 0.40, "21.5 % across offices measured, 47.5 % at random"
    assert 0.15 < practice < 0.40, "25.9 % across practices measured, 49.5 % at random"
    assert 0.25 < status < 0.50, "33.7 % across status measured, 50.7 % at random"
    assert 0.50 < older < 0.75, "62 % of advice is sought from older colleagues"
