"""The compiled opening of a cohort against the same in tables and NumPy: equal to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from assignments_in_numpy import IN_NUMPY
from table_by_table import TABLES, allowed_pairs

import sim
from programmes import opened
from sim.engine import columns
from sim.extensions import forget
from sim.programme.assignment import Problem, assign
from sim.programme.candidates import Candidates, SeenSkills
from sim.programme.matching import score_pairs
from sim.programme.policies import Policy
from sim.programme.rules import RULES, Sides
from sim.programme.scores import FORBIDDEN, SCORES
from sim.programme.settings import DIRECTIONS
from sim.simulation.simulation import Simulation

STRICT = {
    "organisation.employees": 120,
    "programme.minimum_age_gap": 4.0,
    "programme.same_site_only": True,
    "programme.minimum_level_gap": 0,
}
LOOSE = {
    "organisation.employees": 90,
    "programme.bar_own_manager": False,
    "programme.bar_skip_level": False,
    "programme.bar_same_team": False,
    "pairing.skill_data_error": 0.0,
    "pairing.visible_mentors": 2.5,
    "pairing.acceptance": 1.0,
    "pairing.prediction_bias": 1.0,
    "pairing.coordinator_knows": 60.0,
}
NO_PAIRS = np.empty((0, 2), dtype=np.int64)


def candidates_in(simulation: Simulation, direction: str, seed: int = 0) -> Candidates:
    """Some people on either side, others on both."""
    now, rng = simulation.moment(), np.random.default_rng(seed)
    here = np.flatnonzero(now.state.whole[columns.ACTIVE] == 1)
    mentees, mentors = (np.sort(rng.permutation(here)[: len(here) * 2 // 3]) for _ in range(2))
    sides = Sides(mentees, mentors, columns.DIRECTIONS.index(direction), seed % 2)
    goals = rng.integers(0, 2**8, len(now.state.skills)) * rng.integers(0, 2, len(now.state.skills))
    return Candidates(now, simulation.plan.settings, sides, goals, SeenSkills(now))


@pytest.fixture(scope="module", params=[{}, STRICT, LOOSE], ids=["usual", "strict", "loose"])
def firm(request: pytest.FixtureRequest) -> Simulation:
    return opened("random", **request.param)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_scores_are_those_made_of_tables(firm: Simulation, direction: str) -> None:
    for seed, (name, table) in enumerate(TABLES.items()):
        candidates = candidates_in(firm, direction, seed)
        allowed = allowed_pairs(candidates)
        policy = Policy(direction, name, "optimal")
        apart = np.stack([candidates.mentees[:9], candidates.mentors[3:12]], axis=1)
        scores = score_pairs(candidates, policy, apart)
        expected = np.where(allowed, table(candidates), FORBIDDEN)
        expected[np.arange(9), np.arange(3, 12)] = FORBIDDEN
        assert 0 < allowed.sum() < allowed.size
        np.testing.assert_array_equal(scores, expected, err_msg=name)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_rules_are_those_spelt_out_pair_by_pair(firm: Simulation, direction: str) -> None:
    candidates = candidates_in(firm, direction, 1)
    allowed = allowed_pairs(candidates)
    np.testing.assert_array_equal(candidates.allowed, allowed)
    np.testing.assert_array_equal(candidates.broken_rules == 0, allowed)
    np.testing.assert_array_equal(candidates.prospects(), allowed.any(axis=1))


def test_a_broken_rule_is_named(firm: Simulation) -> None:
    """Each rule is seen by itself, from the columns that it is about."""
    candidates = candidates_in(firm, "anyone", 1)
    whole, programme = firm.state.whole, firm.plan.settings["programme"]
    down, across = candidates.mentees[:, None], candidates.mentors[None, :]
    broken = {name: (candidates.broken_rules >> bit) & 1 == 1 for bit, name in enumerate(RULES)}
    manager, boss = (
        whole[columns.MANAGER],
        firm.state.post[columns.POST_BOSS, whole[columns.PERSON_POST]],
    )
    own = (manager[down] == across) | (manager[across] == down)
    born, site = whole[columns.BIRTH_MONTH], whole[columns.SITE]
    expected = {
        "oneself": down == across,
        "direction": np.zeros(candidates.shape, dtype=bool),
        "bar_own_manager": own & programme["bar_own_manager"],
        "bar_same_team": (boss[down] == boss[across])
        & (boss[down] >= 0)
        & programme["bar_same_team"],
        "same_site_only": (site[down] != site[across]) & programme["same_site_only"],
        "other_department_only": candidates.same_department(),
        "minimum_age_gap": abs(born[down] - born[across]) < 12 * programme["minimum_age_gap"],
    }
    for name, where in expected.items():
        np.testing.assert_array_equal(broken[name], where, err_msg=name)
    assert set(RULES) - set(expected) == {"bar_skip_level"}


@pytest.mark.parametrize("name", IN_NUMPY)
def test_assignments_are_those_made_in_numpy(name: str) -> None:
    """Small problems, many with equal scores, with little room, with nobody allowed."""
    rng = np.random.default_rng(7)
    for number in range(400):
        mentees, mentors = rng.integers(1, 30, 2)
        steps = int(rng.choice([2, 5, 1000]))
        scores = rng.integers(-steps // 2, steps, (mentees, mentors)) / steps
        problem = Problem(
            np.where(scores < 0.0, -1.0, scores),
            rng.integers(0, 4, mentors),
            rng.random(mentees),
            bool(number % 2),
            rng.random((mentees, mentors)),
        )
        found = assign(
            name, *problem[:3], everyone=problem.everyone, lots=problem.lots
        )  # fmt: skip
        np.testing.assert_array_equal(found, IN_NUMPY[name](problem))


def test_a_score_of_ones_own_gets_the_same_tables_and_makes_the_same_pairs() -> None:
    """The seam for users: a score in Python that says the same as one of the model's makes the same firm."""
    for name in SCORES:
        sim.register_score("own", TABLES[name])
        try:
            policy = Policy("either", name, "optimal")
            for given in (opened("random", **{"programme.score": name}),):
                candidates = candidates_in(given, "either")
                np.testing.assert_array_equal(
                    score_pairs(candidates, Policy("either", "own", "optimal"), NO_PAIRS),
                    score_pairs(candidates, policy, NO_PAIRS),
                )
            own = opened("reciprocal", **{"programme.score": "own"})
            model = opened("reciprocal", **{"programme.score": name})
        finally:
            forget("own")
        np.testing.assert_array_equal(own.state.dyad, model.state.dyad)
        np.testing.assert_array_equal(own.state.dyad_whole, model.state.dyad_whole)
