"""The programme: who takes part, who is paired with whom, and that the dose is the same for all."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import lived, plan_of
from sim import columns
from sim.programme.assignment import assign_at_random, assign_optimally
from sim.programme.cohorts import cohort_months
from sim.programme.policies import PRESETS, policy_of
from sim.programme.settings import POLICIES
from sim.scenario import Scenario
from sim.simulation import Simulation

PAIRING = tuple(policy for policy in POLICIES if policy != "none")


def opened(policy: str, **more: Any) -> Simulation:
    """A firm in the month in which its first cohort has just opened."""
    plan = plan_of(
        {"months": 24, "organisation.employees": 200, "programme.policy": policy,
         "programme.start_month": 3, **more}
    )  # fmt: skip
    simulation = Simulation(plan, 2, 0)
    simulation.run(3)

    def stop(name: str, *_: Any) -> None:
        if name == "programme":
            raise StopIteration

    with pytest.raises(StopIteration):
        simulation.run_phase_by_phase(1, between=stop)
    return simulation


def formal(simulation: Simulation) -> np.ndarray:
    state = simulation.state
    rows = state.dyad_whole[:, : state.counts[columns.DYADS]]
    return rows[:, rows[columns.FORMAL] == 1]


def test_every_policy_named_is_a_preset() -> None:
    assert set(PRESETS) == set(POLICIES)


@pytest.mark.parametrize("policy", PAIRING)
def test_directions_decide_who_teaches_whom(policy: str) -> None:
    simulation = opened(policy)
    pairs = formal(simulation)
    gap = pairs[columns.LEVEL_GAP]
    kinds = simulation.state.skill[columns.SKILL_KIND]

    def taught(mask: int) -> set[int]:
        return {int(kinds[k]) for k in range(len(kinds)) if mask >> k & 1}

    mentee_aims = taught(int(pairs[columns.AIMS_MENTEE, 0]))
    mentor_aims = taught(int(pairs[columns.AIMS_MENTOR, 0]))
    emerging, others = {columns.EMERGING}, {columns.INSTITUTIONAL, columns.INTERPERSONAL}
    if policy == "traditional":
        assert (gap >= 1).all()
        assert (mentee_aims, mentor_aims) == (others, set())
    elif policy == "reverse":
        assert (gap <= -1).all()
        assert (mentee_aims, mentor_aims) == (emerging, set())
    elif policy == "reciprocal":
        assert (gap >= 1).all()
        assert (mentee_aims, mentor_aims) == (emerging | others, emerging | others)
        assert (pairs[columns.TWO_WAY] == 1).all()
    else:
        assert (gap >= 0).all()
        assert mentor_aims == set()


def test_the_dose_is_the_same_under_every_policy() -> None:
    """The same number of pairs and of planned meetings opens under each policy, to the pair."""
    doses = {policy: formal(opened(policy)).shape[1] for policy in PAIRING}
    assert len(set(doses.values())) == 1, doses
    active = int(opened("random").state.whole[columns.ACTIVE].sum())
    assert doses["random"] == round(0.15 * active)


def test_the_same_people_volunteer_under_every_policy() -> None:
    who = [opened(policy).state.whole[columns.VOLUNTEERED].copy() for policy in PAIRING]
    for other in who[1:]:
        np.testing.assert_array_equal(who[0], other)


def test_volunteers_are_more_engaged_and_keener_to_grow() -> None:
    """M-JOIN: who joins differs from who stays out, and weakly so by age."""
    simulation = opened("random", **{"organisation.employees": 2000})
    state = simulation.state
    joined = state.whole[columns.VOLUNTEERED] == 1
    active = state.whole[columns.ACTIVE] == 1
    for column in (columns.ENGAGEMENT, columns.GROWTH_NEED, columns.MENTORING_ABILITY):
        assert state.person[column][joined].mean() > state.person[column][active & ~joined].mean()
    age = -state.whole[columns.BIRTH_MONTH]
    assert abs(np.corrcoef(joined[active], age[active])[0, 1]) < 0.1


def test_everybody_takes_part_where_participation_is_universal() -> None:
    state = opened("random", **{"programme.participation": "universal"}).state
    np.testing.assert_array_equal(state.whole[columns.VOLUNTEERED], state.whole[columns.ACTIVE])


def test_cohorts_follow_each_other_and_fit() -> None:
    def months(**programme: Any) -> tuple[int, ...]:
        scenario = Scenario(programme={"policy": "random", **programme})
        return cohort_months(scenario.variants[0].settings["programme"], 60)

    assert months() == (6, 18, 30, 42)
    assert months(cohorts=2) == (6, 18)
    assert months(start_month=0, cohort_months=60) == (0,)
    assert months(start_month=1, cohort_months=60) == ()


def test_a_cohort_ends_with_its_last_month() -> None:
    plan = plan_of(
        {"months": 20, "organisation.employees": 100, "programme.policy": "random",
         "programme.start_month": 2, "programme.cohort_months": 6, "programme.cohorts": 1}
    )  # fmt: skip
    pairs = lived(plan).state.monthly[:, columns.M_FORMAL_PAIRS]
    assert pairs[1] == 0
    assert (pairs[2:7] > 0).all()
    assert (pairs[7:] == 0).all(), "completed at the end of the sixth month"


def test_parts_of_a_policy_can_be_set_apart() -> None:
    settings_of = (
        Scenario(programme={"policy": "reverse", "assignment": "random"}).variants[0].settings
    )
    policy = policy_of(settings_of["programme"])
    assert policy is not None
    assert (policy.direction, policy.score, policy.assignment) == ("reverse", "gap", "random")


def best_by_trying(scores: np.ndarray, capacity: int) -> tuple[int, float]:
    """Most pairs, then the greatest sum, by trying everything (small tables only)."""
    best = (0, 0.0)
    for choice in itertools.product(range(-1, scores.shape[1]), repeat=scores.shape[0]):
        used = [column for column in choice if column >= 0]
        if any(used.count(column) > capacity for column in set(used)):
            continue
        values = [scores[row, column] for row, column in enumerate(choice) if column >= 0]
        if all(value >= 0 for value in values):
            best = max(best, (len(values), float(sum(values))))
    return best


tables = st.integers(1, 4).flatmap(
    lambda rows: st.integers(1, 4).flatmap(
        lambda columns_: st.lists(
            st.lists(
                st.sampled_from([-1.0, 0.0, 0.25, 0.5, 0.75, 1.0]),
                min_size=columns_, max_size=columns_,
            ),
            min_size=rows, max_size=rows,
        )
    )
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(table=tables, capacity=st.integers(1, 3))
def test_assignments_keep_to_capacity_and_optimal_is_best(
    table: list[list[float]], capacity: int
) -> None:
    scores = np.array(table)
    order = np.linspace(0.1, 0.9, len(scores))
    reached = {}
    for name, assign in (("random", assign_at_random), ("optimal", assign_optimally)):
        found = assign(scores, np.full(scores.shape[1], capacity), order)
        rows = np.flatnonzero(found >= 0)
        assert (np.bincount(found[rows], minlength=scores.shape[1]) <= capacity).all()
        assert (scores[rows, found[rows]] >= 0).all(), "no forbidden pair"
        reached[name] = (len(rows), float(scores[rows, found[rows]].sum()))
    assert reached["optimal"] == pytest.approx(best_by_trying(scores, capacity))
    assert reached["random"] <= (reached["optimal"][0], reached["optimal"][1] + 1e-9)


def test_gap_scores_pair_better_than_chance() -> None:
    """What the policy aims at: more to teach in the pairs that it makes."""
    gains = {}
    for score in ("gap", "random"):
        plan = plan_of(
            {"months": 18, "organisation.employees": 200, "programme.policy": "traditional",
             "programme.score": score, "programme.assignment": "optimal"}
        )  # fmt: skip
        monthly = sum(lived(plan, world=world).state.monthly.sum(axis=0) for world in range(4))
        gains[score] = monthly[columns.M_MENTEE_GAIN] / monthly[columns.M_HELD]
    assert gains["gap"] > 1.15 * gains["random"]


def test_nobody_to_pair_is_no_error() -> None:
    plan = plan_of(
        {"months": 12, "organisation.employees": 1, "programme.policy": "random",
         "programme.minimum_level_gap": 0}
    )  # fmt: skip
    assert lived(plan).state.monthly[:, columns.M_OPENED].sum() == 0


def test_a_roster_decides_roles_capacity_and_pairs_to_avoid(tmp_path: Path) -> None:
    """Nobody has a part who wants none; mentors only mentor; capacity 0 and exclusions hold."""
    lines = ["employee_id,level,department,role,capacity,exclude_ids"]
    for row in range(60):
        role = ("either", "mentor", "mentee", "none")[row % 4]
        exclude = ";".join(f"e{other}" for other in range(0, 60, 2)) if row == 1 else ""
        capacity = "0" if row == 5 else "1"
        lines.append(f"e{row},{1 + row // 20},Department {row % 5},{role},{capacity},{exclude}")
    path = tmp_path / "roster.csv"
    path.write_text("\n".join(lines))
    plan = plan_of(
        {"months": 13, "organisation.roster": str(path), "programme.policy": "traditional",
         "programme.participation": "universal", "programme.start_month": 0,
         "programme.places": 1.0, **{f"departures.{name}_rate": 0.0 for name in
                                     ("quit", "involuntary", "retirement")}}
    )  # fmt: skip
    simulation = Simulation(plan, 1, 0)
    simulation.run(1)
    pairs = formal(simulation)
    mentors, mentees = pairs[columns.MENTOR], pairs[columns.MENTEE]
    assert len(mentors) >= 8
    assert not set(mentors % 4) & {2, 3}, "neither those who only learn nor those without a part"
    assert not set(mentees % 4) & {1, 3}
    assert np.bincount(mentors).max() == 1
    assert 5 not in mentors
    assert not any(
        mentee % 2 == 0 for mentor, mentee in zip(mentors, mentees, strict=True) if mentor == 1
    )


def test_a_roster_decides_known_skills(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(
        "employee_id,level,department,skills_have (0-1)\n"
        "a,1,Sales,digital_tools:0.9;market_trends:0.2\nb,2,Sales,\n"
    )
    plan = plan_of({"months": 2, "organisation.roster": str(path)})
    state = Simulation(plan, 1, 0).state
    names = plan.skill_names
    assert state.skills[0, names.index("digital_tools")] == 0.9
    assert state.skills[0, names.index("market_trends")] == 0.2
