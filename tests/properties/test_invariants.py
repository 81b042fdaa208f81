"""What holds in every world, whatever the settings: drawn by Hypothesis, checked every month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import plan_of
from invariants import check_people, check_references
from sim.engine import columns
from sim.engine.state import State
from sim.programme.settings import FORMS, PARTICIPATIONS, POLICIES
from sim.simulation.simulation import Simulation

pytestmark = pytest.mark.long

ordinary = st.fixed_dictionaries(
    {
        "organisation.employees": st.integers(1, 60),
        "organisation.levels": st.none() | st.integers(1, 6),
        "departures.quit_rate": st.sampled_from([0.0, 0.25, 3.0]),
        "departures.contagion": st.sampled_from([0.0, 0.3]),
        "vacancies.fill_rate": st.sampled_from([0.1, 0.5, 1.0]),
        "vacancies.outside_share": st.sampled_from([0.0, 0.16, 1.0]),
        "learning.rate": st.sampled_from([0.0, 0.25, 1.0]),
        "learning.contact_gain": st.sampled_from([0.0, 0.02, 1.0]),
        "engagement.noise": st.sampled_from([0.0, 0.038, 0.5]),
        "informal.search_rate": st.sampled_from([0.0, 0.065, 1.0]),
        "programme.policy": st.sampled_from(POLICIES),
        "programme.form": st.sampled_from(FORMS),
        "programme.group_size": st.integers(2, 5),
        "programme.enrolment": st.sampled_from(["fixed", "rolling"]),
        "programme.check_in_months": st.sampled_from([0, 1, 3]),
        "programme.recognition": st.sampled_from([0.0, 100.0]),
        "recognition.story_gain": st.sampled_from([0.0, 5.0, 1000.0]),
        "programme.minimum_level_gap": st.just(0),
        "programme.participation": st.sampled_from(PARTICIPATIONS),
        "programme.mentor_capacity": st.integers(1, 4),
        "programme.places": st.sampled_from([0.0, 0.15, 1.0]),
        "programme.cohort_months": st.integers(1, 8),
        "programme.meetings_per_month": st.sampled_from([0.25, 1.0, 2.5, 4.0]),
        "programme.bar_own_manager": st.booleans(),
        "programme.bar_skip_level": st.booleans(),
        "programme.bar_same_team": st.booleans(),
        "programme.same_site_only": st.booleans(),
        "programme.start_month": st.integers(0, 4),
    }
)


def _check_pairs(state: State, settings_given: dict[str, Any]) -> None:
    active = state.whole[columns.ACTIVE] == 1
    rows = state.counts[columns.DYADS]
    pairs = state.dyad_whole[:, :rows]
    mentor, mentee = pairs[columns.MENTOR], pairs[columns.MENTEE]
    assert active[mentor].all()
    assert active[mentee].all()
    assert (mentor != mentee).all(), "nobody mentors themselves"
    quality = state.dyad[columns.QUALITY, :rows]
    assert ((quality >= 0.0) & (quality <= 1.0)).all()
    formal = pairs[columns.FORMAL] == 1
    people = state.whole.shape[1]
    group = settings_given["programme.form"] == "group"
    capacity = settings_given[f"programme.{'group_size' if group else 'mentor_capacity'}"]
    assert (np.bincount(mentor[formal], minlength=people) <= capacity).all()
    assert (np.bincount(mentee[formal], minlength=people) <= 1).all()
    for column, counted in (
        (columns.FORMAL_MENTORS, mentee[formal]),
        (columns.FORMAL_MENTEES, mentor[formal]),
        (columns.INFORMAL_MENTORS, mentee[~formal]),
        (columns.INFORMAL_MENTEES, mentor[~formal]),
    ):
        np.testing.assert_array_equal(
            state.whole[column][active], np.bincount(counted, minlength=people)[active]
        )


def _check_bars(state: State, given_settings: dict[str, Any], month: int) -> None:
    """At the opening of a cohort: the rules hold for every pair that begins."""
    pairs = state.dyad_whole[:, : state.counts[columns.DYADS]]
    fresh = pairs[:, (pairs[columns.FORMAL] == 1) & (pairs[columns.BEGUN] == month)]
    manager = state.whole[columns.MANAGER]
    boss = state.post[columns.POST_BOSS][state.whole[columns.PERSON_POST]]
    for mentor, mentee in zip(fresh[columns.MENTOR], fresh[columns.MENTEE], strict=True):
        for one, other in ((mentor, mentee), (mentee, mentor)):
            if given_settings["programme.bar_own_manager"]:
                assert manager[one] != other
            if given_settings["programme.bar_skip_level"] and manager[one] >= 0:
                assert manager[manager[one]] != other
        if given_settings["programme.bar_same_team"]:
            assert boss[mentor] < 0 or boss[mentor] != boss[mentee]
        if given_settings["programme.same_site_only"]:
            assert state.whole[columns.SITE, mentor] == state.whole[columns.SITE, mentee]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(given_settings=ordinary, seed=st.integers(0, 2**63 - 1))
def test_invariants_hold_every_month(given_settings: dict[str, Any], seed: int) -> None:
    levels = given_settings["organisation.levels"]
    if levels is not None:
        given_settings["organisation.levels"] = min(
            levels, given_settings["organisation.employees"]
        )
    if given_settings["programme.check_in_months"] >= given_settings["programme.cohort_months"]:
        given_settings["programme.check_in_months"] = 0
    plan = plan_of({"months": 14, **given_settings})
    simulation = Simulation(plan, seed, 0)

    def check(phase: str, state: State, p: Any, month: int) -> None:
        if phase in ("departures", "vacancies", "recording"):
            check_people(state)
            check_references(state)
        if phase == "programme":
            _check_bars(state, given_settings, month)
            _check_pairs(state, given_settings)
        if phase == "recording":
            _check_pairs(state, given_settings)
            stories = state.department[columns.STORIES]
            assert ((stories >= 0.0) & (stories <= 1.0)).all()

    simulation.run_phase_by_phase(between=check)


def test_clipping_is_rare_in_an_ordinary_firm() -> None:
    plan = plan_of({"months": 60, "organisation.employees": 200})
    simulation = Simulation(plan, 1, 0).run()
    assert simulation.state.counts[columns.CLIPPED] < 0.005 * 200 * 60
