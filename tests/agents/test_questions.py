"""What employees say about themselves, held against what then happens in the engine."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.agents import questions
from sim.agents.model import Employee, MentoringModel
from sim.engine import columns
from sim.engine.draws import look_up
from sim.mechanisms.ideas import MOST_IDEAS

QUIET: dict[str, Any] = {
    "departures": {"quit_rate": 0.0, "involuntary_rate": 0.0, "retirement_rate": 0.0}
}
"""Nobody leaves, so that what is asked before a month still holds when its turn comes."""

PROGRAMME: dict[str, Any] = {
    "policy": "reciprocal",
    "start_month": 0,
    "cohort_months": 4,
    "places": 0.4,
    "mentee_from_level": 1,
}
"""Everybody is invited, so that a small firm has pairs enough."""


def make(months: int = 6, employees: int = 40, **settings: Any) -> MentoringModel:
    return MentoringModel(months=months, organisation={"employees": employees}, **settings)


def lane(model: MentoringModel, decision: str, slot: int, place: int, other: int = -1) -> float:
    """The number that decides something about a person next month."""
    numbers = look_up(model.seed, model.replicate, decision, slot, other=other, when=model.month)
    return list(numbers.values())[place]


def test_quit_hazard_is_the_probability_that_the_engine_uses() -> None:
    model = make(
        departures={
            "quit_rate": 2.0,
            "involuntary_rate": 0.0,
            "retirement_rate": 0.0,
            "contagion": 0.5,
        },
        environment={"shocks": [{"kind": "downturn", "month": 2, "months": 2}]},
    )
    quits = 0
    while model.running:
        expected = {
            employee.unique_id
            for employee in model.agents
            if lane(model, "departure", employee.slot, 2) < employee.quit_hazard()
        }
        model.step()
        left = {
            one.unique_id for one in model.former_employees if one.left_month == model.month - 1
        }
        assert left == expected
        quits += len(left)
    assert quits > 5
    assert all(0 < employee.quit_hazard() < 1 for employee in model.agents), "also after the end"


def test_explanation_multiplies_to_the_hazard() -> None:
    model = make(departures={"contagion": 0.3, "quit_rate": 0.9})
    model.run_model()
    for employee in model.agents:
        factors = employee.explain()
        assert list(factors) == [
            "base", "engagement", "embeddedness", "settledness", "unit", "tenure", "age", "level", "stagnation", "exits",
            "market",
        ]  # fmt: skip
        product = math.prod(factors.values())
        assert 1 - math.exp(-product) == pytest.approx(employee.quit_hazard(), rel=1e-12)
        assert factors["base"] == pytest.approx(0.9 / 12)
        engaged = employee.engagement > model.plan.settings["engagement"]["average"]
        assert (factors["engagement"] < 1) == engaged
    nobody = next(iter(make(departures={"quit_rate": 0.0}).agents))
    assert nobody.quit_hazard() == 0.0
    assert nobody.explain() == {name: float(name != "base") for name in nobody.explain()}


def test_volunteering_probability_is_the_one_that_the_engine_uses() -> None:
    model = make(**QUIET, programme=PROGRAMME)
    expected = {
        employee.unique_id: lane(model, "volunteering", employee.slot, 0)
        < employee.volunteering_probability()
        for employee in model.agents
    }
    model.step()
    assert {one.unique_id: one.volunteered == 1 for one in model.agents} == expected
    assert 0 < sum(expected.values()) < 40
    universal = make(programme={**PROGRAMME, "participation": "universal"})
    assert {one.volunteering_probability() for one in universal.agents} == {1.0}


def test_idea_rate_is_the_one_that_the_engine_used() -> None:
    model = make(**QUIET, ideas={"rate": 6.0})
    model.step()
    for employee in model.agents:
        numbers = look_up(model.seed, 0, "idea", employee.slot, when=0)
        number, reached = 0, math.exp(-employee.idea_rate())
        probability = reached
        while list(numbers.values())[0] >= reached and number < MOST_IDEAS:
            number += 1
            probability *= employee.idea_rate() / number
            reached += probability
        assert employee.ideas_heard + employee.ideas_rejected == number
    assert sum(model.agents.get("ideas_heard")) > 0


def test_chance_to_meet_is_the_one_that_the_engine_uses() -> None:
    model = make(employees=60, **QUIET, programme={**PROGRAMME, "meetings_per_month": 3})
    simulation = model.simulation
    told: dict[int, float] = {}
    checked = [0, 0]  # informal, formal

    def check(phase: str, state: Any, p: Any, month: int) -> None:
        pairs = state.dyad_whole[:, : state.counts[columns.DYADS]]
        mentors, mentees = pairs[columns.MENTOR].tolist(), pairs[columns.MENTEE].tolist()
        if phase == "informal":
            told.update(
                {row: questions.meeting_probability(simulation, mentees[row], mentors[row])
                 for row in range(len(mentors))}
            )  # fmt: skip
        elif phase == "meetings":
            for row, (mentor, mentee) in enumerate(zip(mentors, mentees, strict=True)):
                if _has_both_kinds(pairs, row):
                    continue
                luck = look_up(model.seed, 0, "meeting", mentor, other=mentee, when=month).values()
                planned = list(luck)[: pairs[columns.PLANNED_NOW, row]]
                assert pairs[columns.MET_NOW, row] == sum(u < told[row] for u in planned)
                checked[pairs[columns.FORMAL, row]] += 1

    simulation.run_phase_by_phase(3, between=check)
    assert min(checked) > 10


def _has_both_kinds(pairs: Any, row: int) -> bool:
    both = set(pairs[[columns.MENTOR, columns.MENTEE], row].tolist())
    others = pairs[[columns.MENTOR, columns.MENTEE]].T.tolist()
    return sum(set(pair) == both for pair in others) > 1


@pytest.mark.parametrize("policy", ["traditional", "reverse", "reciprocal"])
@pytest.mark.parametrize("focus", [1, 3])
def test_gain_is_what_a_meeting_brings(policy: str, focus: int) -> None:
    model = make(
        **QUIET,
        programme={**PROGRAMME, "policy": policy},
        learning={
            "contact_rate": 0.0,
            "asking_rate": 0.0,
            "asking_lasting": 0.0,
            "focus": focus,
        },
    )
    simulation = model.simulation
    names = model.plan.skill_names
    expected = np.zeros_like(simulation.state.gain)
    gained = [0.0, 0.0]  # in informal, in formal pairs

    def check(phase: str, state: Any, p: Any, month: int) -> None:
        pairs = state.dyad_whole[:, : state.counts[columns.DYADS]]
        if phase == "meetings":
            expected[:] = 0.0
            for row in range(pairs.shape[1]):
                if pairs[columns.MET_NOW, row] == 0:
                    continue
                assert pairs[columns.MET_NOW, row] == 1
                assert not _has_both_kinds(pairs, row)
                mentor, mentee = pairs[[columns.MENTOR, columns.MENTEE], row].tolist()
                for one, other in ((mentor, mentee), (mentee, mentor)):
                    for name, gain in questions.expected_gain(simulation, one, other).items():
                        expected[one, names.index(name)] += gain
                        gained[pairs[columns.FORMAL, row]] += gain
        elif phase == "learning":
            np.testing.assert_allclose(state.gain, expected, rtol=1e-12, atol=0)

    simulation.run_phase_by_phase(3, between=check)
    assert min(gained) > 0.02


def test_a_placebo_teaches_nothing() -> None:
    model = make(**QUIET, programme={**PROGRAMME, "placebo": True})
    model.step()
    mentee = next(one for one in model.agents if one.formal_mentors)
    assert mentee.gain_from(mentee.formal_mentors[0]) == {}


def test_strangers_are_asked_about_a_pair_that_begins_now() -> None:
    model = make(**QUIET)
    one, other = (model.employee(number) for number in (3, 17))
    assert other not in (*one.mentors, *one.mentees)
    settings = model.plan.settings
    rank = (max(one.level, other.level) - 1) / (model.plan.chart.levels - 1)
    apart = one.site != other.site or "remote" in (one.work_mode, other.work_mode)
    own = settings["meetings"]
    logit = (
        own["attendance"]
        + own["support_helps"] * (settings["organisation"]["management_support"] - 0.6)
        + own["attendance_by_quality"] * (own["first_quality"] - 0.5)
        - own["rank_cancels"] * rank
        - own["distance_cancels"] * apart
    )
    assert one.chance_to_meet(other) == pytest.approx(1 / (1 + math.exp(-logit)))
    gain = one.gain_from(other)
    assert len(gain) <= settings["learning"]["focus"]
    assert all(0 < value < other.skills[name] - one.skills[name] for name, value in gain.items())
    one.skills.update(dict.fromkeys(one.skills, 1.0))
    assert one.gain_from(other) == {}


@pytest.mark.parametrize("ask", [Employee.chance_to_meet, Employee.gain_from])
def test_who_can_be_asked_about(ask: Any) -> None:
    model, elsewhere = make(), make()
    one = model.employee(1)
    with pytest.raises(ValueError, match="same person"):
        ask(one, one)
    for other in (elsewhere.employee(2), 2, None):
        with pytest.raises(TypeError, match="not an employee of this model"):
            ask(one, other)
