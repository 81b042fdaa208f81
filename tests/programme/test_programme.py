"""The programme: who teaches whom, that the dose is the same for all, when cohorts begin and end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conftest import lived, plan_of
from programmes import CHOSEN_UNDER, NOBODY_LEAVES, formal, opened, real
from sim.engine import columns
from sim.programme.calendar import calendar_of
from sim.programme.policies import PRESETS, policies_of
from sim.programme.settings import DIRECTIONS, POLICIES
from sim.scenario import Scenario
from sim.simulation.simulation import Simulation

PAIRING = tuple(policy for policy in POLICIES if policy != "none")
UNDIRECTED = (
    "random",
    "cross_functional",
    "similarity",
    "self_selected",
    "nominated",
    "ai_assisted",
)


def settings_of(**programme: Any) -> Any:
    return Scenario(programme=programme).variants[0].settings["programme"]


def test_every_policy_named_is_a_preset_none_or_the_portfolio() -> None:
    assert set(POLICIES) == {*PRESETS, "none", "portfolio"}
    assert {policy.direction for policy in PRESETS.values()} <= set(DIRECTIONS)
    assert policies_of(settings_of(policy="none")) == ()


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_directions_decide_who_teaches_whom(direction: str) -> None:
    simulation = opened("random", **{"programme.direction": direction})
    pairs = formal(simulation)
    gap = pairs[columns.LEVEL_GAP]
    kinds = simulation.state.skill[columns.SKILL_KIND]
    emerging, others = {columns.EMERGING}, {columns.INSTITUTIONAL, columns.INTERPERSONAL}

    def taught(mask: int) -> set[int]:
        return {int(kinds[k]) for k in range(len(kinds)) if mask >> k & 1}

    aims = (taught(int(pairs[columns.AIMS_MENTEE, 0])), taught(int(pairs[columns.AIMS_MENTOR, 0])))
    everything = emerging | others
    assert (
        aims
        == {
            "either": (everything, set()),
            "anyone": (everything, set()),
            "traditional": (others, set()),
            "reverse": (emerging, set()),
            "reciprocal": (everything, everything),
            "peer": (everything, everything),
        }[direction]
    )
    assert (pairs[columns.TWO_WAY] == (direction in ("reciprocal", "peer"))).all()
    right = {
        "either": gap >= 0,
        "anyone": gap >= -12,
        "traditional": gap >= 1,
        "reverse": gap <= -1,
        "reciprocal": gap >= 1,
        "peer": gap == 0,
    }[direction]
    assert right.all()
    if direction == "anyone":
        assert (gap > 0).any()
        assert (gap < 0).any()


def test_the_dose_is_the_same_under_every_policy() -> None:
    """The same number of pairs opens under each policy, to the pair, from the same volunteers."""
    worlds = {policy: opened(policy, **CHOSEN_UNDER) for policy in PAIRING}
    doses = {policy: formal(simulation).shape[1] for policy, simulation in worlds.items()}
    assert len(set(doses.values())) == 1, doses
    active = int(worlds["random"].state.whole[columns.ACTIVE].sum())
    assert doses["random"] == round(0.15 * active)
    asked = {
        policy: simulation.state.whole[columns.VOLUNTEERED] for policy, simulation in worlds.items()
    }
    upward = {"reverse", "reciprocal", "portfolio"}
    for policy, who in asked.items():
        like = "reverse" if policy in upward else "random"
        np.testing.assert_array_equal(who, asked[like], err_msg=policy)
    assert (asked["reverse"] <= asked["random"]).all(), "some at the top shy away from being taught"


@pytest.mark.parametrize("assignment", ["random", "first_come", "greedy", "optimal", "protective"])
@pytest.mark.parametrize("form", ["one_to_one", "group"])
def test_the_dose_is_the_same_under_every_assignment_and_form(assignment: str, form: str) -> None:
    simulation = opened(
        "traditional",
        **{**CHOSEN_UNDER, "programme.assignment": assignment, "programme.form": form},
    )
    active = int(simulation.state.whole[columns.ACTIVE].sum())
    assert formal(simulation).shape[1] == round(0.15 * active)


def test_places_are_given_in_the_order_in_which_people_came() -> None:
    """With more applicants than places, those with the lowest numbers get them, under every score."""
    for policy in UNDIRECTED:
        simulation = opened(policy, **{"programme.places": 0.05, "programme.direction": "anyone"})
        if policy in ("cross_functional", "self_selected"):
            continue  # somebody for whom no mentor is left makes room for the next
        mentees = set(formal(simulation)[columns.MENTEE].tolist())
        if policy == UNDIRECTED[0]:
            first = mentees
        assert mentees == first, policy


def test_a_portfolio_shares_the_places() -> None:
    shares = {"reverse": 0.5, "reciprocal": 0.2, "similarity": 0.3, "random": 0.0}
    simulation = opened(
        "portfolio",
        **{**CHOSEN_UNDER, "programme.portfolio": shares, "organisation.employees": 400},
    )
    counts = np.bincount(formal(simulation)[columns.DIRECTION], minlength=7)
    places = round(0.15 * int(simulation.state.whole[columns.ACTIVE].sum()))
    assert counts[columns.REVERSE] == round(0.5 * places)
    assert counts[columns.RECIPROCAL] == round(0.2 * places)
    assert counts[columns.EITHER] == places - round(0.5 * places) - round(0.2 * places)
    assert len(policies_of(settings_of(policy="portfolio", portfolio=shares))) == 3


def test_cohorts_follow_each_other_and_fit() -> None:
    def months(**programme: Any) -> tuple[int, ...]:
        return calendar_of(settings_of(policy="random", **programme), 60).openings

    assert months() == (6, 18, 30, 42)
    assert months(cohorts=2) == (6, 18)
    assert months(start_month=0, cohort_months=60) == (0,)
    assert months(start_month=1, cohort_months=60) == ()
    assert months(enrolment="rolling") == tuple(range(6, 49))
    assert months(enrolment="rolling", cohorts=2) == tuple(range(6, 30))


def test_check_ins_take_place_while_pairs_run() -> None:
    def months(**programme: Any) -> tuple[int, ...]:
        given = {"policy": "random", "cohort_months": 12, "start_month": 6, **programme}
        return calendar_of(settings_of(**given), 33).check_ins

    assert months() == ()
    assert months(check_in_months=3) == (9, 12, 15, 21, 24, 27)
    assert months(check_in_months=5, cohorts=1) == (11, 16)
    assert months(check_in_months=6, enrolment="rolling") == (12, 18, 24, 30)


def test_a_cohort_ends_with_its_last_month() -> None:
    plan = plan_of(
        {"months": 20, "organisation.employees": 100, "programme.policy": "random",
         "programme.start_month": 2, "programme.cohort_months": 6, "programme.cohorts": 1}
    )  # fmt: skip
    pairs = lived(plan).state.monthly[:, columns.M_FORMAL_PAIRS]
    assert pairs[1] == 0
    assert (pairs[2:7] > 0).all()
    assert (pairs[7:] == 0).all(), "completed at the end of the sixth month"


def test_rolling_enrolment_opens_a_few_pairs_each_month_and_never_more_than_places() -> None:
    plan = plan_of(
        {**CHOSEN_UNDER, "months": 40, "organisation.employees": 200, "programme.policy": "random",
         "programme.start_month": 3, "programme.enrolment": "rolling"}
    )  # fmt: skip
    monthly = lived(plan).state.monthly
    begun, people = monthly[:, columns.M_OPENED], monthly[:, columns.M_HEADCOUNT]
    assert begun[:3].sum() == begun[29:].sum() == 0
    assert set(begun[3:29]) <= {0.0, 1.0, 2.0, 3.0}
    assert begun[3:15].sum() >= 27
    for month in range(14, 29):
        assert begun[month - 11 : month + 1].sum() <= round(0.15 * 1.05 * people[month])
    assert (monthly[:, columns.M_FORMAL_PAIRS] <= np.ceil(0.16 * people)).all()


def test_parts_of_a_policy_can_be_set_apart() -> None:
    (policy,) = policies_of(settings_of(policy="reverse", assignment="random", say=0.5))
    assert (policy.direction, policy.score, policy.assignment) == ("reverse", "gap", "random")
    assert policy.say == 0.5
    parts = policies_of(settings_of(policy="portfolio", assignment="greedy"))
    assert [part.assignment for part in parts] == ["greedy"] * 3
    assert sum(part.share for part in parts) == pytest.approx(1.0)


def test_gap_scores_pair_better_than_chance() -> None:
    """What the policy aims at: more to teach in the pairs that it makes."""
    gains = {}
    for score in ("gap", "random"):
        plan = plan_of(
            {"months": 18, "organisation.employees": 200, "programme.policy": "traditional",
             "programme.score": score, "programme.assignment": "optimal",
             "volunteering.several_mentees": 1.0}
        )  # fmt: skip
        monthly = sum(lived(plan, world=world).state.monthly.sum(axis=0) for world in range(4))
        gains[score] = monthly[columns.M_MENTEE_GAIN] / monthly[columns.M_HELD]
    assert gains["gap"] > 1.15 * gains["random"]


def test_pairs_across_departments_begin_lower() -> None:
    simulation = opened("random")
    pairs, department = formal(simulation), simulation.state.whole[columns.PERSON_DEPARTMENT]
    same = department[pairs[columns.MENTOR]] == department[pairs[columns.MENTEE]]
    quality = real(simulation)[columns.QUALITY]
    assert 0 < same.sum() < len(same)
    meetings = simulation.plan.record[0].meetings
    np.testing.assert_allclose(
        quality, np.where(same, meetings.first_quality, meetings.first_quality - meetings.language_effect)
    )  # fmt: skip


@pytest.mark.parametrize("policy", PAIRING)
@pytest.mark.parametrize("form", ["one_to_one", "group"])
def test_nobody_to_pair_is_no_error(policy: str, form: str) -> None:
    for people in (1, 2):
        plan = plan_of(
            {"months": 12, "organisation.employees": people, "programme.policy": policy,
             "programme.start_month": 0, "programme.minimum_level_gap": 0, "programme.form": form,
             "programme.check_in_months": 2}
        )  # fmt: skip
        assert lived(plan).state.monthly[:, columns.M_OPENED].sum() <= people - 1


def test_the_two_sides_may_be_too_many_for_one_table() -> None:
    """Dealt into blocks, the pairs keep to the same rules and the places are filled as exactly."""
    large = {**CHOSEN_UNDER, "organisation.employees": 4000, "programme.places": 0.6, "months": 8,
             "programme.cohort_months": 3, "programme.participation": "universal"}  # fmt: skip
    for form, most in (("one_to_one", 2), ("group", 4)):
        simulation = opened("traditional", **large, **{"programme.form": form})
        pairs = formal(simulation)
        places = round(0.6 * int(simulation.state.whole[columns.ACTIVE].sum()))
        assert 0.5 * places < pairs.shape[1] <= places
        mentees = np.bincount(pairs[columns.MENTOR])
        assert mentees.max() <= most
        assert (pairs[columns.LEVEL_GAP] >= 1).all()
        if form == "group":
            assert mentees[mentees > 0].mean() > 3.0, "few mentors, with full groups"


# --- rosters -----------------------------------------------------------------------------------------


def roster_plan(tmp_path: Path, lines: list[str], **more: Any) -> Any:
    path = tmp_path / "roster.csv"
    path.write_text("\n".join(lines))
    return plan_of(
        {**CHOSEN_UNDER, "months": 13, "organisation.roster": str(path), "programme.policy": "traditional",
         "programme.participation": "universal", "programme.start_month": 0,
         "programme.places": 1.0, **NOBODY_LEAVES, **more}
    )  # fmt: skip


def test_a_roster_decides_roles_capacity_and_pairs_to_avoid(tmp_path: Path) -> None:
    """Nobody has a part who wants none; mentors only mentor; capacity 0 and exclusions hold."""
    lines = ["employee_id,level,department,role,capacity,exclude_ids"]
    for row in range(60):
        role = ("either", "mentor", "mentee", "none")[row % 4]
        exclude = ";".join(f"e{other}" for other in range(0, 60, 2)) if row == 1 else ""
        capacity = "0" if row == 5 else "1"
        lines.append(f"e{row},{1 + row // 20},Department {row % 5},{role},{capacity},{exclude}")
    simulation = Simulation(roster_plan(tmp_path, lines), 1, 0)
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


def test_a_role_does_not_invite(tmp_path: Path) -> None:
    """Who is to mentor only, and stands at a level that is not invited to mentor, has no part."""
    lines = ["employee_id,level,department,role"]
    for row in range(60):
        role = ("either", "mentor", "mentee")[row % 3]
        lines.append(f"e{row},{1 + row // 20},Department {row % 5},{role}")
    given = {"programme.mentor_from_level": 3, "programme.mentee_to_level": 1}
    state_of = opened_with_roster = Simulation(roster_plan(tmp_path, lines, **given), 1, 0)
    opened_with_roster.run(1)
    pairs = formal(opened_with_roster)
    level = state_of.state.whole[columns.LEVEL]
    assert pairs.shape[1] > 5
    assert (level[pairs[columns.MENTOR]] == 3).all()
    assert (level[pairs[columns.MENTEE]] == 1).all()


@pytest.mark.parametrize("policy", PAIRING)
def test_every_cohort_begins_with_the_fixed_pairs(tmp_path: Path, policy: str) -> None:
    """Fixed pairs are paired again and again; excluded and past ones never, under every policy."""
    lines = ["employee_id,level,department,must_pair_with,exclude_ids,past_partner_ids"]
    for row in range(40):
        fixed = f"e{row + 20}" if row < 3 else ""
        excluded = ";".join(f"e{other}" for other in range(20, 30)) if row == 5 else ""
        past = ";".join(f"e{other}" for other in range(30, 40)) if row == 5 else ""
        lines.append(f"e{row},{1 + row // 20},D{row % 4},{fixed},{excluded},{past}")
    plan = roster_plan(
        tmp_path, lines, **{"programme.policy": policy, "programme.cohort_months": 3}
    )
    simulation, cohorts = Simulation(plan, 3, 0), 0

    def check(phase: str, *_: Any) -> None:
        nonlocal cohorts
        if phase != "programme":
            return
        cohorts += 1
        pairs = formal(simulation)
        couples = {frozenset(pair) for pair in pairs[[columns.MENTOR, columns.MENTEE]].T.tolist()}
        assert {frozenset((row, row + 20)) for row in range(3)} <= couples
        assert not {frozenset((5, other)) for other in range(20, 40)} & couples
        assert len(couples) > 3

    simulation.run_phase_by_phase(between=check)
    assert cohorts == 4


def test_complementary_pairs_by_what_people_want_to_learn(tmp_path: Path) -> None:
    """Known goals decide on what a pair works, and with whom: those who know it."""
    names = [skill["name"] for skill in Scenario().settings["organisation"]["skills"]]
    lines = ["employee_id,level,department,skills_want (0-1)"]
    for row in range(80):
        want = f"{names[row % 3]}:0.9" if row % 2 else ""
        lines.append(f"e{row},{1 + row // 30},D{row % 5},{want}")
    for policy, used in (("complementary", True), ("traditional", False)):
        plan = roster_plan(tmp_path, lines, **{"programme.policy": policy, "programme.places": 0.4,
                                               "programme.mentor_capacity": 1})  # fmt: skip
        simulation = Simulation(plan, 3, 0)
        simulation.run(1)
        pairs, skills = formal(simulation), simulation.state.skills
        goal = np.where(pairs[columns.MENTEE] % 2, 1 << pairs[columns.MENTEE] % 3, 0)
        has_goal = goal > 0
        assert 5 < has_goal.sum() < len(goal)
        assert ((pairs[columns.AIMS_MENTEE] == goal)[has_goal]).all() == used
        aims = pairs[columns.AIMS_MENTEE][~has_goal]
        assert (np.array([bin(mask).count("1") for mask in aims]) > 1).all()
        if used:
            wanted = pairs[columns.MENTEE][has_goal] % 3
            gap = (skills[pairs[columns.MENTOR][has_goal], wanted]
                   - skills[pairs[columns.MENTEE][has_goal], wanted])  # fmt: skip
            everybody = (
                skills[:, wanted].mean(axis=0) - skills[pairs[columns.MENTEE][has_goal], wanted]
            )
            assert gap.mean() > everybody.mean() + 0.1


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
