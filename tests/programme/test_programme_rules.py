"""Random programmes in small firms: whatever is set, the rules hold for every pair that begins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from conftest import plan_of
from programmes import CHOSEN_UNDER, formal, opened
from sim.engine import columns
from sim.engine.state import State
from sim.errors import InputError
from sim.programme.policies import policies_of
from sim.programme.rules import RULES, Standing, broken_rules, rules_of
from sim.programme.settings import ASSIGNMENTS, DIRECTIONS, FORMS, PARTICIPATIONS, POLICIES, SCORES
from sim.simulation.simulation import Simulation

Settings = dict[str, Any]

LEVELS = st.sampled_from([(1, 12), (1, 12), (1, 2), (2, 3), (2, 12)])
PROGRAMMES = st.fixed_dictionaries(
    {
        "policy": st.sampled_from([policy for policy in POLICIES if policy != "none"]),
        "direction": st.none() | st.sampled_from(DIRECTIONS),
        "score": st.none() | st.sampled_from(SCORES),
        "assignment": st.none() | st.sampled_from(ASSIGNMENTS),
        "other_department_only": st.none() | st.booleans(),
        "form": st.sampled_from(FORMS),
        "group_size": st.integers(2, 5),
        "enrolment": st.sampled_from(["fixed", "rolling"]),
        "participation": st.sampled_from(PARTICIPATIONS),
        "mentees": LEVELS,
        "mentors": LEVELS,
        "minimum_tenure": st.sampled_from([0, 0, 6, 24]),
        "mentee_tenure_below": st.sampled_from([0, 0, 36, 120]),
        "places": st.sampled_from([0.0, 0.05, 0.15, 0.5, 1.0]),
        "mentor_capacity": st.integers(1, 3),
        "minimum_level_gap": st.integers(0, 2),
        "minimum_age_gap": st.sampled_from([0.0, 0.0, 3.0, 15.0]),
        "bar_own_manager": st.booleans(),
        "bar_skip_level": st.booleans(),
        "bar_same_team": st.booleans(),
        "same_site_only": st.booleans(),
        "bar_past_pairs": st.booleans(),
        "everyone_matched": st.booleans(),
        "check_in_months": st.sampled_from([0, 1, 2]),
        "cohort_months": st.integers(3, 5),
    }
)


def firm(programme: Settings, people: int, seed: int) -> Simulation:
    """A small firm with two sites; an impossible programme is another one's test."""
    given_programme = dict(programme)
    for role in ("mentee", "mentor"):
        low, high = given_programme.pop(f"{role}s")
        given_programme |= {f"{role}_from_level": low, f"{role}_to_level": high}
    try:
        plan = plan_of(
            {"months": 14, "organisation.employees": people, "departures.quit_rate": 1.0,
             "organisation.sites": {"North": 0.6, "South": 0.4},
             "support.failing_below": 0.45},
            programme={"start_month": 1, **given_programme},
        )  # fmt: skip
    except InputError:
        reject()
    return Simulation(plan, seed, 0)


def fits(direction: str, state: State, mentor: int, mentee: int, gap: int) -> bool:
    level, hired = state.whole[columns.LEVEL], state.whole[columns.HIRE_MONTH]
    up = int(level[mentor] - level[mentee])
    if direction == "either":
        return up > 0 or (up == 0 and hired[mentor] <= hired[mentee])
    return {
        "traditional": up >= gap,
        "reciprocal": up >= gap,
        "reverse": -up >= gap,
        "peer": up == 0 and hired[mentor] <= hired[mentee],
        "anyone": True,
    }[direction]


def barred(p: Settings, state: State, one: int, other: int) -> bool:
    whole = state.whole
    manager = whole[columns.MANAGER]
    boss = state.post[columns.POST_BOSS][whole[columns.PERSON_POST]]
    for lower, upper in ((one, other), (other, one)):
        if p["bar_own_manager"] and manager[lower] == upper:
            return True
        chain = manager[manager[lower]] if manager[lower] >= 0 else -1
        if p["bar_skip_level"] and chain == upper:
            return True
    if p["bar_same_team"] and boss[one] >= 0 and boss[one] == boss[other]:
        return True
    if p["same_site_only"] and whole[columns.SITE, one] != whole[columns.SITE, other]:
        return True
    years = abs(int(whole[columns.BIRTH_MONTH, one] - whole[columns.BIRTH_MONTH, other])) / 12.0
    return years < p["minimum_age_gap"]


def invited(p: Settings, state: State, slot: int, month: int, role: str) -> bool:
    level = int(state.whole[columns.LEVEL, slot])
    tenure = month - int(state.whole[columns.HIRE_MONTH, slot])
    newcomer = role == "mentor" or not p["mentee_tenure_below"] or tenure < p["mentee_tenure_below"]
    return (
        p[f"{role}_from_level"] <= level <= p[f"{role}_to_level"]
        and tenure >= p["minimum_tenure"]
        and newcomer
    )


class Watch:
    """Checks every pair that begins, and keeps what has to be remembered for it."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.p = dict(simulation.plan.settings["programme"])
        self.policies = {p.direction: p for p in policies_of(self.p)}
        self.couples: set[frozenset[int]] = set()
        self.begun: dict[int, int] = {}
        self.made = 0

    def __call__(self, phase: str, state: State, _: Any, month: int) -> None:
        if phase == "programme":
            self.check(state, month)

    def check(self, state: State, month: int) -> None:
        p = self.p
        running = state.dyad_whole[:, : state.counts[columns.DYADS]]
        running = running[:, running[columns.FORMAL] == 1]
        fresh = running[:, running[columns.BEGUN] == month]
        opens = fresh[columns.PLANNED_END] == month + p["cohort_months"]
        most = p["group_size"] if p["form"] == "group" else p["mentor_capacity"]
        people = state.whole.shape[1]
        assert np.bincount(running[columns.MENTOR], minlength=people).max(initial=0) <= most
        assert np.bincount(running[columns.MENTEE], minlength=people).max(initial=0) <= 1
        assert (state.whole[columns.ACTIVE][running[[columns.MENTOR, columns.MENTEE]]] == 1).all()
        couples = set()
        for column, (mentor, mentee) in enumerate(
            fresh[[columns.MENTOR, columns.MENTEE]].T.tolist()
        ):
            direction = columns.DIRECTIONS[fresh[columns.DIRECTION, column]]
            assert mentor != mentee
            assert fits(direction, state, mentor, mentee, p["minimum_level_gap"])
            assert not barred(p, state, mentor, mentee)
            if p["policy"] != "portfolio" and self.policies[direction].other_department:
                department = state.whole[columns.PERSON_DEPARTMENT]
                assert department[mentor] != department[mentee]
            if opens[column]:
                assert invited(p, state, mentee, month, "mentee")
                if p["enrolment"] == "fixed":
                    assert invited(p, state, mentor, month, "mentor")
            else:
                assert p["check_in_months"]
            numbers = state.whole[columns.NUMBER]
            couples.add(frozenset((int(numbers[mentor]), int(numbers[mentee]))))
        if p["bar_past_pairs"]:
            assert not couples & self.couples, "together again"
        self.couples |= couples
        self.made += len(couples)
        places = p["places"] * int(state.whole[columns.ACTIVE].sum())
        self.begun[month] = int(opens.sum())
        if p["enrolment"] == "fixed":
            assert self.begun[month] <= round(places)
        else:
            length = p["cohort_months"]
            assert self.begun[month] <= np.ceil(places / length)
            recent = sum(self.begun.get(month - back, 0) for back in range(length))
            assert recent <= round(places) or not self.begun[month]


@pytest.mark.long
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programme=PROGRAMMES, people=st.integers(20, 90), seed=st.integers(0, 2**32))
def test_every_pair_that_begins_keeps_to_the_rules(
    programme: Settings, people: int, seed: int
) -> None:
    simulation = firm(programme, people, seed)
    simulation.run_phase_by_phase(between=Watch(simulation))


@pytest.mark.parametrize("direction", [name for name in DIRECTIONS if name != "anyone"])
def test_no_two_begin_twice_each_way_round(direction: str) -> None:
    for world in range(4):
        given_settings = {**CHOSEN_UNDER, "programme.direction": direction, "programme.places": 0.3}
        pairs = formal(opened("traditional", world=world, **given_settings))
        couples = {frozenset(pair) for pair in pairs[[columns.MENTOR, columns.MENTEE]].T.tolist()}
        assert len(couples) == pairs.shape[1] > 20


def test_the_random_programmes_above_do_make_pairs() -> None:
    """The test above is about something: most of its rules leave pairs to be made."""
    base = {"mentees": (1, 12), "mentors": (1, 12), "places": 0.5, "cohort_months": 3}
    for policy in POLICIES[1:]:
        simulation = firm({**base, "policy": policy, "check_in_months": 1}, 80, 1)
        watch = Watch(simulation)
        simulation.run_phase_by_phase(between=watch)
        assert watch.made >= 15, policy
        assert simulation.state.monthly[:, columns.M_RE_PAIRED].sum() > 0, policy


@pytest.mark.parametrize(
    ("months", "allowed"), [(119, False), (120, True), (-120, True), (0, False)]
)
def test_an_age_gap_of_exactly_the_minimum_is_enough(months: int, allowed: bool) -> None:
    p = plan_of({"programme.policy": "random", "programme.minimum_age_gap": 10.0}).record[0]
    rules = rules_of(columns.ANYONE, 0, p.programme)
    nobody = -1
    one = Standing(0, 1, 0, -400, nobody, nobody, nobody, 0, 0)
    other = one._replace(slot=1, born=one.born + months)
    place = RULES.index("minimum_age_gap")
    assert broken_rules(one, other, rules) == (0 if allowed else 1 << place)
