"""The targets of the calibration: every statistic worked out by hand, on firms of a few people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.calibration import leaving, mentoring, staff
from sim.calibration.observation import MONTHS, START, ObservedFirm, observe, setting
from sim.calibration.targets import TARGETS, Target
from sim.engine import columns
from sim.simulation.tables import NEVER

Real = np.ndarray
QUIT, RETIRED = leaving.QUIT, leaving.RETIRED


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_target_is_declared_in_full(target: Target) -> None:
    assert target.low <= target.value < target.high
    assert target.source and target.mark and target.unit
    assert target.agrees(target.value) and not target.agrees(target.high + 1e-9)
    assert target.distance(target.value) == 0.0
    assert target.distance(math.nan) == math.inf and not target.agrees(math.nan)
    assert (target.of.__doc__ or "").strip() or "<locals>" in target.of.__qualname__


def test_targets_have_names_of_their_own() -> None:
    assert len({target.name for target in TARGETS}) == len(TARGETS)
    assert len({target.title for target in TARGETS}) == len(TARGETS)


def people(**given: Sequence[float]) -> dict[str, Real]:
    return {name: np.array(values) for name, values in given.items()}


def firm(
    persons: Mapping[str, Real] | None = None,
    pairs: Mapping[str, Real] | None = None,
    later: Mapping[str, Mapping[int, float]] | None = None,
    state: Any = None,
    plan: Any = None,
) -> ObservedFirm:
    """A world of which only some parts are filled in."""
    return ObservedFirm(
        sums=None,  # type: ignore[arg-type]
        context=None,  # type: ignore[arg-type]
        people=dict(persons or {}),
        pairs=dict(pairs or {}),
        begin={},
        later=later or {},
        state=state,
        plan=plan,
    )


def statistic(name: str, **parts: Any) -> float:
    target = next(target for target in TARGETS if target.name == name)
    return target.of(SimpleNamespace(**parts))  # type: ignore[arg-type]


# --- who leaves, and who is there ------------------------------------------------------------------------


def test_quits_by_service_and_by_age() -> None:
    leavers = people(
        cause=[QUIT, QUIT, QUIT, RETIRED],
        hired=[10, -4, -100, -300],
        left=[20, 20, 20, 36],
        birth_year=[1990, 1980, 1970, 1965],
    )
    assert statistic("first_year_quits", leavers=leavers) == pytest.approx(100 / 3)  # 10 months
    assert statistic("second_year_quits", leavers=leavers) == pytest.approx(100 / 3)  # 24 months
    assert statistic("late_quits", leavers=leavers) == pytest.approx(100 / 3)  # 120 months
    assert statistic("retirement_age", leavers=leavers) == pytest.approx(2026 + 3 - 1965)
    assert statistic("quits_among_young", leavers=leavers) == 100.0
    assert statistic("quits_among_middle", leavers=leavers) == 100.0  # born 1980: 47
    assert statistic("quits_among_old", leavers=leavers) == pytest.approx(50.0)  # 57 and 64
    nobody = {name: values[:0] for name, values in leavers.items()}
    assert math.isnan(statistic("late_quits", leavers=nobody))


def test_quits_of_those_who_lead() -> None:
    counts = np.zeros(len(columns.COUNTS), dtype=np.int64)
    counts[columns.LEVELS] = 4
    tally = np.zeros((4 + 4 + 1, len(columns.M)))
    tally[:, columns.M_QUITS] = [9, 9, 9, 9, 8, 4, 2, 1, 15]
    tally[:, columns.M_HEADCOUNT] = [9, 9, 9, 9, 100, 100, 80, 20, 300]
    world = firm(state=SimpleNamespace(tally=tally, counts=counts))
    assert statistic("quits_of_upper_levels", without=[world]) == pytest.approx(0.5)


def test_tenure_by_age() -> None:
    at_end = people(
        birth_year=[2000] * 4 + [1980] * 4,
        hired=[MONTHS - 1, MONTHS - 12, MONTHS - 13, -300, MONTHS - 1, -72, -71, -300],
    )
    assert statistic("newcomers_by_age", at_end=at_end) == pytest.approx(2.0)
    assert statistic("long_service", at_end=at_end) == pytest.approx(50.0)  # 120 and 348 months
    present = people(hired=[START - 1, START - 12, START - 13, -50])
    assert statistic("newcomers", present=present) == pytest.approx(50.0)


def test_correlations_with_leaving() -> None:
    present = people(
        hired=[0] * 20,
        left=[START + 3, NEVER, NEVER, NEVER] * 5,
        cause=[QUIT, 0, 0, 0] * 5,
        birth_year=[2000, 1980, 1980, 1980] * 5,
        engagement_begin=[0.4, 0.6, 0.6, 0.6] * 5,
    )
    assert statistic("age_and_leaving", present=present) == pytest.approx(-1.0)
    assert math.isnan(statistic("engagement_and_leaving", present=present))  # five are too few


def leavers_by_engagement() -> tuple[Real, Real]:
    rng = np.random.default_rng(1)
    return rng.normal(0.6, 0.1, 3000), rng.normal(0.5, 0.1, 3000)


def test_the_standard_deviation_of_leavers_gives_the_correlation_at_even_odds() -> None:
    stays, leaves = leavers_by_engagement()
    present = {
        "engagement_begin": np.concatenate([stays, leaves]),
        "left": np.array([NEVER] * 3000 + [START + 2] * 3000),
        "cause": np.array([0] * 3000 + [QUIT] * 3000),
    }
    difference = -0.1 / present["engagement_begin"].std()
    expected = difference / math.sqrt(difference**2 + 4)
    assert statistic("engagement_and_leaving", present=present) == pytest.approx(expected, abs=0.02)


def test_hazard_per_standard_deviation_is_found_again() -> None:
    rng = np.random.default_rng(2)
    score = rng.normal(size=4000)
    time = np.floor(rng.exponential(40.0 * np.exp(0.5 * score))).astype(int)
    present = {
        "engagement_begin": 0.6 + 0.1 * score,
        "left": np.where(time < 36, START + time, NEVER),
        "cause": np.where(time < 36, QUIT, 0),
    }
    assert statistic("engagement_hazard", present=present) == pytest.approx(
        math.exp(-0.5), abs=0.05
    )


# --- the staff -------------------------------------------------------------------------------------------


def test_spans_are_those_of_the_chart() -> None:
    chart = SimpleNamespace(boss=np.array([-1, 0, 0, 0, 0, 0, 0, 1, 1]))
    world = firm(plan=SimpleNamespace(chart=chart))
    assert statistic("direct_reports", without=[world]) == pytest.approx(4.0)
    assert statistic("small_spans", without=[world]) == pytest.approx(50.0)


def test_managers_hired_from_outside() -> None:
    persons = people(
        level=[3, 4, 3, 3, 1], hired=[0, START + 9, -5, -70, START], promotions=[0, 0, 1, 0, 0]
    )
    assert statistic("outside_hires", without=[firm(persons)]) == pytest.approx(100 * 2 / 3)


def network(ties: Sequence[Sequence[int]], **rows: Sequence[int]) -> Any:
    whole = np.zeros((len(columns.PERSON_WHOLE), len(ties)), dtype=np.int64)
    whole[columns.ACTIVE] = 1
    for name, values in rows.items():
        whole[getattr(columns, name)] = values
    person = np.ones((len(columns.PERSON), len(ties)))
    return SimpleNamespace(ties=np.array(ties), whole=whole, person=person)


def test_advice_from_older_and_from_much_younger_people() -> None:
    born = [12 * 1970, 12 * 1980, 12 * 1990]
    state = network([[1, 2], [0, -1], [0, 1]], BIRTH_MONTH=born)
    observed = {"without": [firm(state=state)]}
    assert statistic("older_advisers", **observed) == pytest.approx(60.0)  # 3 of 5
    assert statistic("younger_advisers", **observed) == pytest.approx(20.0)  # 20 years younger


def test_ideas_of_bridges_are_told_apart_from_gifts() -> None:
    ties = [[3], [3], [0], [4]] + [[3]] * 2 + [[0]]
    born = {"PERSON_DEPARTMENT": [0, 0, 0, 1, 1, 1, 1], "IDEAS_VOICED": [4, 2, 1, 3, 2, 1, 50]}
    state = network(ties, HIRE_MONTH=[-1] * 6 + [3], **born)  # the last is new, and not counted
    state.person[columns.PROPENSITY] = [2.0, 1.0, 1.0, 3.0, 2.0, 1.0, 1.0]
    observed = SimpleNamespace(year=[firm(state=state)])
    found = staff.ideas_of_bridges(observed)  # type: ignore[arg-type]
    assert found == pytest.approx((6 / 3) / (7 / 7))  # the first two reach across


def test_inequality_of_ideas_is_found_again() -> None:
    rng = np.random.default_rng(3)
    shape, mean = 0.17, 0.64
    voiced = rng.negative_binomial(shape, shape / (shape + mean), 200_000)
    found = statistic("idea_shape", at_first={"ideas_voiced": voiced})
    assert found == pytest.approx(shape, rel=0.03)
    alike = {"ideas_voiced": rng.poisson(0.64, 200_000)}
    assert not statistic("idea_shape", at_first=alike) < 5.0  # everybody alike: no such shape


def test_generations_apart() -> None:
    at_first = people(generation=[0] * 20 + [1] * 20 + [2] * 3,
                      engagement_begin=[0.9] * 10 + [0.1] * 10 + [0.9] * 5 + [0.1] * 15 + [0.9] * 3)  # fmt: skip
    plan = SimpleNamespace(settings={"engagement": {"engaged_from": 0.7}})
    found = statistic("engaged_apart", at_first=at_first, year=[firm(plan=plan)])
    assert found == pytest.approx(25.0)  # the generation of three is too small to count


# --- mentoring -------------------------------------------------------------------------------------------


def test_correlations_of_pairs() -> None:
    pairs = people(held=[3.0] * 12, missed=[1.0] * 12, similarity=np.arange(12) / 12.0,
                   quality_end=np.arange(12) / 12.0)  # fmt: skip
    assert statistic("similarity_and_quality", pairs=pairs) == pytest.approx(1.0)
    assert math.isnan(statistic("meeting_and_quality", pairs=pairs))  # nothing varies
    informal = people(begun=[-5, 0, 24], ended=[11, 23, NEVER])
    assert statistic("informal_years", informal=informal) == pytest.approx((12 + 24 + 24) / 2 / 12)


def programme(**given: Any) -> ObservedFirm:
    """Four people; persons 1 and 2 are mentored by 3 and 4 at two sites and at one."""
    persons = people(
        person=[1, 2, 3, 4], site=[0, 1, 1, 1], skill_x_begin=[0.0] * 4, skill_x_end=[0.5] * 4,
        left=[NEVER] * 4, cause=[0] * 4,
    )  # fmt: skip
    pairs = people(
        kind=[1, 1, 0], begun=[START, START, START], mentor=[3, 4, 3], mentee=[1, 2, 2],
        held=[2, 6, 9], missed=[2, 2, 0], quality_end=[0.4, 0.6, 0.1],
        mentee_gain=[0.001, 0.1, 0.2],
    )  # fmt: skip
    return firm({**persons, **given}, pairs)


def test_meetings_near_and_apart() -> None:
    found = statistic("meetings_kept_near", with_programme=[programme()])
    assert found == pytest.approx((6 / 8) / (2 / 4))
    assert math.isnan(statistic("quality_near", with_programme=[programme()]))  # too few pairs


def test_mentees_per_mentor_and_who_was_hardly_helped() -> None:
    assert statistic("mentees_per_mentor", with_programme=[programme()]) == 1.0
    one = programme()
    one.pairs["mentor"][:] = 4
    assert statistic("mentees_per_mentor", with_programme=[one]) == 2.0
    # .001 of .499 is a fifth of a per cent, .1 of .4 is a quarter; informal pairs do not count
    assert statistic("not_helped", with_programme=[programme()]) == pytest.approx(50.0)


def test_effects_are_those_on_the_same_people() -> None:
    numbers = list(range(1, 21))
    pairs = people(kind=[1] * 10, begun=[START] * 10, mentor=[20] * 10, mentee=numbers[:10])
    alone = {number: 0.1 * number for number in numbers}
    mentored = {number: value + 0.3 * (number <= 10) for number, value in alone.items()}
    worlds = [
        firm({}, pairs, {"engagement": later, "output": later}) for later in (mentored, alone)
    ]
    given = {"with_programme": worlds[:1], "without": worlds[1:]}
    expected = 0.3 / np.std(list(alone.values()))
    assert statistic("effect_on_engagement", **given) == pytest.approx(expected)
    del mentored[1]  # has left: not compared
    assert statistic("effect_on_output", **given) == pytest.approx(math.nan, nan_ok=True)


def test_odds_of_quitting_of_the_same_people() -> None:
    stayed = columns.STAYED
    gone = programme(left=np.array([START + 5, NEVER, 0, 0]), cause=np.array([QUIT, *[stayed] * 3]))
    both = programme(left=np.array([START + 23, START + 24, 0, 0]), cause=np.array([QUIT] * 4))
    found = statistic("quitting_of_mentees", with_programme=[gone], without=[both])
    assert found == pytest.approx(1.0)  # person 2 leaves without a programme, but after two years
    stays = programme(cause=np.array([stayed] * 4))
    assert statistic("quitting_of_mentees", with_programme=[stays], without=[gone]) == 0.0


def test_what_is_observed_is_what_was_simulated() -> None:
    observed = observe(setting(), {}, [0])
    assert len(observed.with_programme[0].pairs["kind"]) > 0
    assert (observed.pairs["kind"] == 1).all() and (observed.informal["kind"] == 0).all()
    assert (observed.leavers["left"] >= START).all()
    assert (observed.at_end["left"] == NEVER).all()
    assert len(observed.present["person"]) > 250
    assert observed.mean("quits") == pytest.approx(
        1200.0
        * float(observed.without[0].sums["quits"])
        / float(observed.without[0].sums["headcount"])
    )
    later = observed.without[0].later["engagement"]
    left = dict(
        zip(observed.without[0].people["person"], observed.without[0].people["left"], strict=True)
    )
    assert all(left[number] == NEVER or left[number] >= START + 12 for number in later)


def test_a_trial_keeps_what_it_sets_itself() -> None:
    """The call centre's turnover is not the firm's: a set that changes it changes nothing there."""
    firms = setting()
    one = observe(firms, {"departures.quit_rate": 0.05}, [0]).trials[0]
    other = observe(firms, {}, [0]).trials[0]
    np.testing.assert_array_equal(one.firm.people["left"], other.firm.people["left"])
    third = observe(firms, {"learning.rate": 0.1}, [0]).trials[0]
    assert not np.array_equal(third.firm.people["output_end"], other.firm.people["output_end"])


def test_all_figures_of_the_defaults_are_defined() -> None:
    observed = observe(setting(), {}, range(2))
    undefined = [target.name for target in TARGETS if not math.isfinite(target.of(observed))]
    assert undefined == []
    assert {mentoring.newcomers_gain.__module__, staff.adopted.__module__} <= {
        target.of.__module__ for target in TARGETS
    }
