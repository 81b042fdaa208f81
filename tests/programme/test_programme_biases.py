"""What each policy leans to, by its declared mechanism: who is wished for, known, predicted, alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from table_by_table import expect_gains

from conftest import plan_of
from programmes import CHOSEN_UNDER, NOBODY_LEAVES, candidates_of, formal, opened, real, stopped
from sim.engine import columns
from sim.programme.candidates import Candidates
from sim.programme.scores import SCORES
from sim.programme.volunteering import chance_to_volunteer
from sim.simulation.simulation import Simulation

FIRM = {"organisation.employees": 300, "volunteering.several_mentees": 1.0}


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def true_fit(candidates: Candidates) -> np.ndarray:
    fit = np.empty(candidates.shape)
    expect_gains(
        candidates.handle, candidates.records, candidates.mentees, candidates.mentors,
        candidates.gaps(true=True), fit,
    )  # fmt: skip
    return fit


def mean_over_worlds(policy: str, of: Any, worlds: int = 5, **more: Any) -> float:
    """Mean over the pairs of the first cohort of several firms."""
    return float(
        np.mean(
            np.concatenate([of(opened(policy, world=world, **{**FIRM, **more})) for world in range(worlds)])
        )
    )  # fmt: skip


# --- who chooses ------------------------------------------------------------------------------------


def test_wishes_pile_up_on_the_few_who_are_seen() -> None:
    """Popular mentors: the tenth most wished for gets far more of the first wishes than by chance."""
    candidates = candidates_of(opened("self_selected", **FIRM))

    def share_of_top_tenth(score: str) -> float:
        scores = np.where(candidates.allowed, SCORES[score](candidates), -1.0)
        first = scores.argmax(axis=1)[scores.max(axis=1) >= 0.0]
        wished = np.sort(np.bincount(first, minlength=len(candidates.mentors)))[::-1]
        return float(wished[: len(wished) // 10].sum() / wished.sum())

    assert share_of_top_tenth("wishes") > 1.5 * share_of_top_tenth("random")


def test_self_selected_mentors_stand_higher_and_are_more_alike_and_more_often_known() -> None:
    def level(simulation: Simulation) -> np.ndarray:
        return simulation.state.whole[columns.LEVEL][formal(simulation)[columns.MENTOR]]

    def similarity(simulation: Simulation) -> np.ndarray:
        return real(simulation)[columns.SIMILARITY]

    def known(simulation: Simulation) -> np.ndarray:
        pairs, ties = formal(simulation), simulation.state.ties
        return (ties[pairs[columns.MENTEE]] == pairs[columns.MENTOR][:, None]).any(axis=1)

    for measure, times in ((level, 1.1), (similarity, 1.05), (known, 2.0)):
        chosen, chance = (
            mean_over_worlds(policy, measure, **CHOSEN_UNDER)
            for policy in ("self_selected", "random")
        )
        assert chosen > times * chance


def test_choosers_see_a_few_mentors_of_whom_three_in_four_accept() -> None:
    candidates = candidates_of(opened("self_selected", **FIRM))
    scores = np.where(candidates.allowed, SCORES["wishes"](candidates), -1.0)
    seen = (scores >= 0.0).sum(axis=1)
    allowed = candidates.allowed.sum(axis=1)
    assert seen.max() <= 5
    enough = allowed >= 5
    assert abs(seen[enough].sum() / (5 * enough.sum()) - 0.75) < 4 * np.sqrt(
        0.75 * 0.25 / (5 * enough.sum())
    )


# --- who pairs by hand ------------------------------------------------------------------------------


def test_people_whom_the_coordinator_does_not_know_come_off_worse() -> None:
    """What there is to teach in pairs of known people is what the coordinator looked for."""
    known_gaps, unknown_gaps = [], []
    for world in range(4):
        simulation = opened(
            "nominated", world=world, **{**FIRM, "pairing.coordinator_knows": 120.0}
        )
        pairs, scores = formal(simulation), real(simulation)[columns.SCORE]
        skills, weight = simulation.state.skills, simulation.state.skill[columns.SKILL_WEIGHT]
        gap = (
            np.maximum(0.0, skills[pairs[columns.MENTOR]] - skills[pairs[columns.MENTEE]]) @ weight
        )
        known_gaps.append(gap[scores > 1e-6])
        unknown_gaps.append(gap[scores <= 1e-6])
    known, unknown = np.concatenate(known_gaps), np.concatenate(unknown_gaps)
    assert len(known) > 20
    assert len(unknown) > 20
    assert known.mean() > 1.3 * unknown.mean()


def test_the_coordinator_knows_those_at_the_top_and_not_everybody() -> None:
    simulation = opened("nominated", **{**CHOSEN_UNDER, "organisation.employees": 600})
    candidates = candidates_of(simulation)
    scores = SCORES["coordinator"](candidates)
    known = (scores > 1e-6).any(axis=1)
    rank = candidates.of_mentors(columns.OUTPUT) * 0.0
    rank = simulation.state.whole[columns.LEVEL][candidates.mentees]
    assert 0.05 < known.mean() < 0.6
    assert rank[known].mean() > 1.15 * rank.mean()


def test_favourites_of_the_coordinator_have_high_output() -> None:
    def output(simulation: Simulation) -> np.ndarray:
        return simulation.state.person[columns.OUTPUT][formal(simulation)[columns.MENTOR]]

    knows = {"pairing.coordinator_knows": 1e6}
    liked = mean_over_worlds("nominated", output, **knows, **{"pairing.favourites": 10.0})
    assert liked > mean_over_worlds("nominated", output, **knows, **{"pairing.favourites": 0.0})


# --- predictions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("accuracy", [0.0, 0.5, 1.0])
def test_a_predicted_fit_agrees_with_the_true_one_as_well_as_its_accuracy_says(
    accuracy: float,
) -> None:
    candidates = candidates_of(
        opened("ai_assisted", **FIRM, **{"pairing.prediction_accuracy": accuracy})
    )
    allowed = candidates.allowed
    predicted, true = SCORES["predicted"](candidates)[allowed], true_fit(candidates)[allowed]
    assert correlation(predicted, true) == pytest.approx(accuracy, abs=0.02)


def test_a_prediction_that_is_right_makes_the_pairs_with_the_greatest_fit() -> None:
    def fit(simulation: Simulation) -> np.ndarray:
        candidates, pairs = candidates_of(simulation), formal(simulation)
        row = np.searchsorted(candidates.mentees, pairs[columns.MENTEE])
        column = np.searchsorted(candidates.mentors, pairs[columns.MENTOR])
        return true_fit(candidates)[row, column]

    fits = [
        mean_over_worlds("ai_assisted", fit, **{"pairing.prediction_accuracy": accuracy})
        for accuracy in (0.0, 0.5, 1.0)
    ]
    assert fits[0] < fits[1] < fits[2]
    assert fits[0] == pytest.approx(mean_over_worlds("random", fit), rel=0.15)


def same_department(simulation: Simulation) -> np.ndarray:
    pairs, department = formal(simulation), simulation.state.whole[columns.PERSON_DEPARTMENT]
    return department[pairs[columns.MENTOR]] == department[pairs[columns.MENTEE]]


def test_a_prediction_that_has_learnt_a_bias_pairs_within_departments() -> None:
    shares = [
        mean_over_worlds("ai_assisted", same_department, **{"pairing.prediction_bias": bias})
        for bias in (0.0, 1.0, 3.0)
    ]
    assert shares[0] < shares[1] < shares[2]
    assert mean_over_worlds("cross_functional", same_department) == 0.0


# --- likeness ---------------------------------------------------------------------------------------


def test_similar_pairs_are_more_similar_and_as_deeply_as_the_form_asks() -> None:
    def similarity(simulation: Simulation) -> np.ndarray:
        return real(simulation)[columns.SIMILARITY]

    chance = mean_over_worlds("random", similarity)
    deep, usual, shallow = (
        mean_over_worlds("similarity", similarity, **{"pairing.similarity_depth": depth})
        for depth in (1.0, 0.5, 0.0)
    )
    assert deep > usual > 1.1 * chance
    assert shallow == pytest.approx(chance, rel=0.1), "background says little about values"
    background = mean_over_worlds(
        "similarity", same_department, **{"pairing.similarity_depth": 0.0}
    )
    assert background > 2.0 * mean_over_worlds("random", same_department)


def test_skill_data_err_as_much_as_declared() -> None:
    error = 0.1
    candidates = candidates_of(opened("traditional", **FIRM, **{"pairing.skill_data_error": error}))
    state = candidates.state
    inside = (
        (state.skills > 0.35) & (state.skills < 0.65) & (state.whole[columns.ACTIVE] == 1)[:, None]
    )
    off = (candidates.seen - state.skills)[inside]
    assert abs(off.mean()) < 4 * error / np.sqrt(len(off))
    assert off.std() == pytest.approx(error, rel=0.1)


# --- who takes part ---------------------------------------------------------------------------------


def test_volunteers_are_more_engaged_and_keener_to_grow() -> None:
    """M-JOIN: who joins differs from who stays out, and weakly so by age."""
    state = opened("random", **{"organisation.employees": 2000}).state
    joined = state.whole[columns.VOLUNTEERED] == 1
    active = state.whole[columns.ACTIVE] == 1
    for column in (columns.ENGAGEMENT, columns.GROWTH_NEED, columns.MENTORING_ABILITY):
        assert state.person[column][joined].mean() > state.person[column][active & ~joined].mean()
    age = -state.whole[columns.BIRTH_MONTH]
    assert abs(correlation(joined[active], age[active])) < 0.1


def test_everybody_takes_part_where_participation_is_universal() -> None:
    state = opened("random", **{"programme.participation": "universal"}).state
    np.testing.assert_array_equal(state.whole[columns.VOLUNTEERED], state.whole[columns.ACTIVE])


def test_nomination_takes_the_best_as_managers_see_them() -> None:
    more = {"programme.participation": "nominated", "programme.nominated_share": 0.1,
            "programme.places": 1.0, "programme.direction": "anyone", **FIRM}  # fmt: skip
    exact = opened("random", **more, **{"pairing.nomination_error": 0.0}).state
    active = np.flatnonzero(exact.whole[columns.ACTIVE] == 1)
    output = exact.person[columns.OUTPUT][active]
    named = set(np.flatnonzero(exact.whole[columns.VOLUNTEERED] == 1).tolist())
    count = round(0.1 * len(active))
    best = set(active[np.argsort(-output, kind="stable")][:count].tolist())
    assert named == best
    seen = opened("random", **more, **{"pairing.nomination_error": 0.1}).state
    named = set(np.flatnonzero(seen.whole[columns.VOLUNTEERED] == 1).tolist())
    assert len(named) == count
    assert 0.1 * count < len(named & best) < count
    assert seen.person[columns.OUTPUT][sorted(named)].mean() > output.mean()
    mentees = formal(opened("random", **more))[columns.MENTEE]
    assert set(mentees.tolist()) <= named


def test_rolling_nominations_reach_further_than_the_first_named() -> None:
    plan = plan_of(
        {**CHOSEN_UNDER, "months": 18, "organisation.employees": 200, "programme.policy": "random",
         "programme.participation": "nominated", "programme.enrolment": "rolling",
         "programme.start_month": 0, "programme.cohort_months": 6, "programme.direction": "anyone",
         "pairing.nomination_error": 0.0, **NOBODY_LEAVES}
    )  # fmt: skip
    opened_pairs = Simulation(plan, 1, 0).run().state.monthly[:6, columns.M_OPENED]
    assert opened_pairs.sum() == 30, "those who have a mentor are not named again"


def test_a_lottery_draws_volunteers_at_random_and_equally() -> None:
    """Drawn or not says nothing about a volunteer: that is the control group's point."""
    lots = {"programme.participation": "lottery", "programme.places": 1.0, "programme.mentor_capacity": 10,
            "programme.direction": "anyone", **{f"programme.bar_{bar}": False for bar in
            ("own_manager", "skip_level", "same_team")}}  # fmt: skip
    drawn, about = [], []
    for world in range(6):
        simulation = opened("random", world=world, **lots, **FIRM)
        state = simulation.state
        volunteers = np.flatnonzero(state.whole[columns.VOLUNTEERED] == 1)
        voluntary = opened("random", world=world, **FIRM).state.whole[columns.VOLUNTEERED]
        np.testing.assert_array_equal(state.whole[columns.VOLUNTEERED], voluntary)
        drawn.append(np.isin(volunteers, formal(simulation)[columns.MENTEE]))
        about.append(state.person[:, volunteers])
    taken, facts = np.concatenate(drawn), np.concatenate(about, axis=1)
    count = len(taken)
    assert count > 500
    assert abs(taken.mean() - 0.5) < 4 * np.sqrt(0.25 / count)
    for column in (
        columns.ENGAGEMENT,
        columns.GROWTH_NEED,
        columns.OUTPUT,
        columns.MENTORING_ABILITY,
    ):
        assert abs(correlation(taken, facts[column])) < 4 / np.sqrt(count)


def test_a_programme_for_newcomers_invites_them_alone() -> None:
    simulation = opened("random", **{**FIRM, "programme.mentee_tenure_below": 12,
                                     "programme.mentor_from_level": 2})  # fmt: skip
    pairs, state = formal(simulation), simulation.state
    tenure = 3 - state.whole[columns.HIRE_MONTH]
    assert pairs.shape[1] > 5
    assert (tenure[pairs[columns.MENTEE]] < 12).all()
    assert (state.whole[columns.LEVEL][pairs[columns.MENTOR]] >= 2).all()
    asked = (state.whole[columns.VOLUNTEERED] == 1) & (state.whole[columns.ACTIVE] == 1)
    assert ((tenure < 12) | (state.whole[columns.LEVEL] >= 2))[asked].all()


def test_those_at_the_top_shy_away_from_being_taught_unless_they_are_backed() -> None:
    def chances(support: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        simulation = stopped(
            Simulation(plan_of({**FIRM, "organisation.management_support": support}), 1, 0),
            "vacancies",
        )
        p, state = simulation.plan.record[0], simulation.state
        people = range(state.whole.shape[1])
        down, up = (
            np.array(
                [chance_to_volunteer(simulation.handle, p, slot, upward, 1) for slot in people]
            )
            for upward in (0, 1)
        )
        return down, up, state.whole[columns.LEVEL]

    down, up, level = chances(0.3)
    assert (up[level == 1] == down[level == 1]).all()
    assert (up[level > 1] < down[level > 1]).all()
    lost = 1.0 - up / down
    assert lost[level >= 4].mean() > lost[level == 2].mean()
    backed_down, backed_up, _ = chances(1.0)
    np.testing.assert_allclose(backed_up, backed_down, rtol=1e-12)


def test_joining_month_by_month_adds_up_to_joining_at_once() -> None:
    simulation = Simulation(plan_of(FIRM), 1, 0)
    p = simulation.plan.record[0]
    for slot in (3, 50, 200):
        whole = chance_to_volunteer(simulation.handle, p, slot, 0, 1)
        part = chance_to_volunteer(simulation.handle, p, slot, 0, 12)
        assert 1.0 - (1.0 - part) ** 12 == pytest.approx(whole)
