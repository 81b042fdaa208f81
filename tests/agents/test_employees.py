"""Employees: what they show, what may be written, whom they know, and what stays when they leave."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest

from sim.agents.employees import FormerEmployee
from sim.agents.model import Employee, MentoringModel
from sim.agents.person import WholeColumn
from sim.engine import columns
from sim.engine.generations import GENERATIONS
from sim.scenario import Scenario
from sim.simulation.simulation import Simulation

SCENARIO = Scenario(
    months=12,
    organisation={"employees": 36},
    departures={"quit_rate": 1.2},
    vacancies={"fill_rate": 0.8},
    programme={
        "policy": "reciprocal",
        "start_month": 2,
        "cohort_months": 6,
        "places": 0.3,
        "mentee_from_level": 1,
    },
)
WRITABLE = tuple(
    name for name in columns.PERSON if "may be written" in str(getattr(Employee, name).__doc__)
)


def stepped(months: int, **more: Any) -> MentoringModel:
    model = MentoringModel(SCENARIO, **more)
    for _ in range(months):
        model.step()
    return model


@pytest.fixture
def model() -> MentoringModel:
    return stepped(5)


def any_employee(model: MentoringModel) -> Employee:
    return next(iter(model.agents))


# --- what is shown ------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", range(len(columns.PERSON)), ids=columns.PERSON)
def test_every_real_column_is_an_attribute(column: int, model: MentoringModel) -> None:
    name = columns.PERSON[column]
    for employee in model.agents:
        value = getattr(employee, name)
        assert type(value) is float
        assert value == model.simulation.state.person[column, employee.slot]
    assert getattr(Employee, name).__doc__


WHOLE = [
    name for name in columns.PERSON_WHOLE if isinstance(getattr(Employee, name, 0), WholeColumn)
]


@pytest.mark.parametrize("name", WHOLE)
def test_whole_columns_are_whole_numbers(name: str, model: MentoringModel) -> None:
    column = columns.PERSON_WHOLE.index(name)
    for employee in model.agents:
        value = getattr(employee, name)
        assert type(value) is int
        assert value == model.simulation.state.whole[column, employee.slot]


def test_what_follows_from_the_columns(model: MentoringModel) -> None:
    whole = model.simulation.state.whole
    chart = model.plan.chart
    for employee in model.agents:
        own = whole[:, employee.slot]
        assert employee.unique_id == own[columns.NUMBER]
        assert employee.age == (5 - own[columns.BIRTH_MONTH]) / 12
        assert employee.birth_year == 2026 + math.floor(own[columns.BIRTH_MONTH] / 12)
        assert employee.tenure == 5 - own[columns.HIRE_MONTH] > 0
        assert employee.department == chart.department_names[own[columns.PERSON_DEPARTMENT]]
        assert employee.site == chart.site_names[own[columns.SITE]]
        assert employee.work_mode == ("on_site", "hybrid", "remote")[own[columns.WORK_MODE]]
        first = dict(zip(GENERATIONS, (0, 1965, 1981, 1997), strict=True))[employee.generation]
        assert first <= employee.birth_year
        assert len(employee.values) == 4
    assert repr(any_employee(model)) == f"<Employee {any_employee(model).unique_id}>"


def test_relations_are_those_of_the_columns(model: MentoringModel) -> None:
    state = model.simulation.state
    pairs = state.dyad_whole[:, : state.counts[columns.DYADS]]
    here = {employee.slot: employee for employee in model.agents}
    for slot, employee in here.items():
        managed_by = state.whole[columns.MANAGER, slot]
        assert employee.manager is here.get(managed_by)
        assert all(report.manager is employee for report in employee.reports)
        assert {one.slot for one in employee.ties} == {t for t in state.ties[slot] if t >= 0}
        mentors = {
            (pair[columns.MENTOR], pair[columns.FORMAL])
            for pair in pairs.T
            if pair[columns.MENTEE] == slot
        }
        assert {one.slot for one in employee.mentors} == {mentor for mentor, _ in mentors}
        assert {one.slot for one in employee.formal_mentors} == {
            m for m, formal in mentors if formal
        }
        assert {one.slot for one in employee.informal_mentors} == {
            m for m, formal in mentors if not formal
        }
        assert all(employee in mentor.mentees for mentor in employee.mentors)
        assert all(employee in mentee.formal_mentors for mentee in employee.formal_mentees)
        assert all(employee in mentee.informal_mentors for mentee in employee.informal_mentees)
        numbers = [tie.unique_id for tie in employee.ties]
        assert numbers == sorted(numbers)
    assert sum(employee.manager is None for employee in here.values()) >= 1
    assert sum(len(employee.reports) for employee in here.values()) == len(here) - sum(
        employee.manager is None for employee in here.values()
    )
    assert any(employee.formal_mentors for employee in here.values())
    assert any(employee.informal_mentors for employee in here.values())


def test_nobody_refers_to_somebody_who_left() -> None:
    model = stepped(0)
    while model.running:
        model.step()
        present = set(model.agents)
        for employee in present:
            others = [*employee.mentors, *employee.mentees, *employee.ties, *employee.reports]
            others += filter(None, (employee.manager, employee.sponsor, employee.partner))
            assert set(others) <= present - {employee}
    assert model.former_employees


# --- what may be written ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITABLE)
def test_states_and_traits_may_be_written(name: str, model: MentoringModel) -> None:
    employee = any_employee(model)
    for value in (0, 1, 0.25, np.float64(0.5)):
        setattr(employee, name, value)
        assert getattr(employee, name) == value
        column = model.simulation.state.person[columns.PERSON.index(name)]
        assert column[employee.slot] == value
    for wrong in (-0.01, math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match=f"{name} must be (within 0 to 1|0 or more), not"):
            setattr(employee, name, wrong)
    for odd in ("0.5", None, [0.5], 1j):
        with pytest.raises(TypeError, match=f"{name} must be a number"):
            setattr(employee, name, odd)
    assert getattr(employee, name) == 0.5


def test_range_ends_at_one_but_for_propensity(model: MentoringModel) -> None:
    employee = any_employee(model)
    employee.propensity = 3.5
    assert employee.propensity == 3.5
    with pytest.raises(ValueError, match="engagement must be within 0 to 1, not 1.5"):
        employee.engagement = 1.5


@pytest.mark.parametrize(
    "name",
    sorted(
        {*columns.PERSON, *WHOLE, "age", "tenure", "department", "site", "work_mode", "manager",
         "mentors", "mentees", "reports", "ties", "skills", "generation", "values"}
        - set(WRITABLE)
    ),
)  # fmt: skip
def test_the_rest_cannot_be_written(name: str, model: MentoringModel) -> None:
    before = model.simulation.state.whole.copy()
    with pytest.raises(AttributeError, match=f"^{name} follows from the life of the firm"):
        setattr(any_employee(model), name, 2)
    np.testing.assert_array_equal(model.simulation.state.whole, before)


def test_skills_read_and_write_the_columns(model: MentoringModel) -> None:
    employee = any_employee(model)
    skills = employee.skills
    row = model.simulation.state.skills[employee.slot]
    assert tuple(skills) == model.plan.skill_names
    assert list(skills.values()) == row.tolist()
    assert len(skills) == row.size
    assert repr(skills) == repr(dict(skills))
    assert all(type(value) is float for value in skills.values())
    skills["digital_tools"] = 0.9
    skills.update(market_trends=0, emerging_technology=1)
    assert row[:3].tolist() == [0.9, 1.0, 0.0]
    assert employee.skills == dict(skills)
    assert "digital_tools" in skills
    assert "magic" not in skills
    with pytest.raises(KeyError, match="no skill 'magic'; there are: digital_tools, "):
        skills["magic"] = 0.5
    with pytest.raises(KeyError, match="no skill 'magic'"):
        skills["magic"]
    with pytest.raises(
        ValueError, match=r"skills\['digital_tools'\] must be within 0 to 1, not 1.1"
    ):
        skills["digital_tools"] = 1.1
    with pytest.raises(TypeError, match="must be a number"):
        skills["digital_tools"] = "high"  # type: ignore[assignment]
    with pytest.raises(TypeError, match="cannot be taken away"):
        del skills["digital_tools"]
    begin = model.simulation.state.skills_begin[employee.slot]
    assert list(employee.skills_begin.values()) == begin.tolist()
    with pytest.raises(TypeError):
        employee.skills_begin["digital_tools"] = 0.5  # type: ignore[index]


def test_skills_copied_alone_are_a_dictionary(model: MentoringModel) -> None:
    skills = any_employee(model).skills
    copied = copy.deepcopy(skills)
    assert type(copied) is dict
    assert copied == skills


def test_what_is_written_is_what_the_engine_goes_on_from(model: MentoringModel) -> None:
    by_hand = Simulation(model.plan, model.seed, 0, keep_people=True).run(5)
    for employee in model.agents:
        employee.skills["digital_tools"] = 0.9
        employee.engagement = 0.3
    present = by_hand.state.whole[columns.ACTIVE] == 1
    by_hand.state.skills[present, 0] = 0.9
    by_hand.state.person[columns.ENGAGEMENT, present] = 0.3
    model.run_model()
    by_hand.run()
    for mine, theirs in zip(model.simulation.state, by_hand.state, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    untouched = stepped(12).simulation.state
    assert not np.array_equal(model.simulation.state.monthly, untouched.monthly)


# --- hiring and leaving -------------------------------------------------------------------------------


def test_employees_are_neither_made_nor_removed_by_hand(model: MentoringModel) -> None:
    with pytest.raises(TypeError, match="hired by the firm"):
        Employee(model, 3)
    with pytest.raises(RuntimeError, match="leave by themselves"):
        any_employee(model).remove()
    assert len(model.agents) == model.headcount


def test_employees_cannot_look_around_while_being_made() -> None:
    class Curious(Employee):
        def __init__(self, model: MentoringModel, slot: int) -> None:
            super().__init__(model, slot)
            self.first_manager = self.manager

    model = MentoringModel(SCENARIO, employee_class=Curious)
    with pytest.raises(RuntimeError, match="do it in step"):
        _ = model.agents


def test_vacant_slots_have_no_agents() -> None:
    model = MentoringModel(SCENARIO.with_settings({"vacancies.fill_rate": 0.0}))
    model.run_model()
    whole = model.simulation.state.whole
    assert model.headcount == len(model.agents) < 36
    assert {employee.slot for employee in model.agents} == set(
        np.flatnonzero(whole[columns.ACTIVE]).tolist()
    )
    assert model.faces.at(int(np.argmin(whole[columns.ACTIVE]))) is None
    assert model.faces.at(-1) is None


SHOWN_AFTERWARDS = (
    *columns.PERSON,
    *WHOLE,
    "department",
    "site",
    "work_mode",
    "generation",
    "birth_year",
)


def test_somebody_who_leaves_becomes_a_former_employee() -> None:
    model = stepped(0)
    left = 0
    while model.running:
        faces = list(model.agents)
        before = {
            one: (
                {name: getattr(one, name) for name in SHOWN_AFTERWARDS},
                dict(one.skills),
                one.age,
            )
            for one in faces
        }
        for one in faces:
            one.remark = one.unique_id  # type: ignore[attr-defined]
        model.step()
        gone = [one for one in faces if not isinstance(one, Employee)]
        assert {*faces} - {*gone} == {*model.agents} & {*faces}
        for one in gone:
            assert type(one) is FormerEmployee
            shown, skills, age = before[one]
            if model.month - 1 == model.plan.window_start:  # noted before people leave
                shown = {name: shown[name] for name in shown if not name.endswith("_begin")}
            assert {name: getattr(one, name) for name in shown} == shown
            assert (dict(one.skills), one.age) == (skills, age)
            assert (one.left_month, one.cause in columns.CAUSES[1:]) == (model.month - 1, True)
            assert one.remark == one.unique_id
            assert one.model is model
            assert one.tenure == one.left_month - one.hire_month
            with pytest.raises(AttributeError, match="has left; engagement stays"):
                one.engagement = 0.5
            with pytest.raises(TypeError):
                one.skills["digital_tools"] = 0.5
            with pytest.raises(AttributeError):
                _ = one.manager
        left += len(gone)
    assert left > 3


def test_former_employees_never_show_their_successors() -> None:
    model = stepped(0)
    held = list(model.agents)
    slots = {one.unique_id: one.slot for one in held}
    model.run_model()
    former = [one for one in held if isinstance(one, FormerEmployee)]
    recorded = {one: (one.engagement, dict(one.skills), one.holder) for one in former}
    replaced = [one for one in former if model.faces.at(slots[one.unique_id]) is not None]
    assert replaced, "the test needs successors"
    for one in replaced:
        successor = model.faces.at(slots[one.unique_id])
        assert successor is not None
        assert successor.unique_id != one.unique_id
        successor.engagement = 0.123
        successor.skills["digital_tools"] = 0.123
        assert (one.engagement, dict(one.skills), one.holder) == recorded[one]
        assert one.holder < successor.holder


def test_former_employees_are_known_whether_looked_at_or_not() -> None:
    watched, unseen = stepped(0), stepped(12)
    held = []
    while watched.running:
        held += [one for one in watched.agents if one not in held]
        watched.step()
    state = unseen.simulation.state
    assert len(unseen.former_employees) == state.counts[columns.LEAVERS] > 3
    for seen, late in zip(watched.former_employees, unseen.former_employees, strict=True):
        assert type(seen) is type(late) is FormerEmployee
        for name in ("unique_id", "left_month", "cause", *SHOWN_AFTERWARDS):
            assert getattr(seen, name) == getattr(late, name), name
        assert seen.skills == late.skills
        assert seen.skills_begin == late.skills_begin
        if seen.left_month > max(seen.hire_month, 0):
            assert any(one is seen for one in held)
    assert unseen.former_employees[0] in list(unseen.former_employees)
    kept = unseen.former_employees
    assert all(one is again for one, again in zip(kept, unseen.former_employees, strict=True))
    months = [one.left_month for one in kept]
    assert months == sorted(months)


def test_leavers_nobody_holds_vanish_from_agent_sets() -> None:
    model = stepped(0)
    team = model.agents.select(lambda employee: employee.level == 1)
    size = len(team)
    model.run_model()
    assert len(team) < size
    assert all(type(one) is Employee for one in team)


def test_without_records_the_month_and_the_cause_remain() -> None:
    model = stepped(0, keep_people=False)
    held = list(model.agents)
    while model.running:
        model.step()
    with pytest.raises(RuntimeError, match="keep_people=True"):
        _ = model.former_employees
    recorded = {one.unique_id: one for one in stepped(12).former_employees}
    former = [one for one in held if isinstance(one, FormerEmployee)]
    assert former
    for one in former:
        twin = recorded[one.unique_id]
        assert (one.left_month, one.cause) == (twin.left_month, twin.cause)
        assert not hasattr(one, "engagement")
        with pytest.raises(
            AttributeError, match="not written down; make the model with keep_people"
        ):
            _ = one.skills["digital_tools"]
        assert repr(one) == f"<FormerEmployee {one.unique_id}>"
