"""The Mesa face of the model: an ordinary Mesa model, whatever is looked at and whenever."""

from __future__ import annotations

import ast
import copy
import doctest
import gc
import pickle
import weakref
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mesa import Agent, DataCollector, Model

import sim.agents.model
from sim.agents.model import Employee, MentoringModel
from sim.engine import columns
from sim.errors import InputError
from sim.scenario import Scenario
from sim.simulation.plan import plans_of
from sim.simulation.simulation import Simulation, simulate

MONTHS = 10
SETTINGS: dict[str, Any] = {
    "months": MONTHS,
    "seed": 5,
    "organisation": {"employees": 30},
    "departures": {"quit_rate": 1.0},
    "programme": {"policy": "reciprocal", "start_month": 2, "cohort_months": 6, "places": 0.3},
}
SCENARIO = Scenario(**SETTINGS)


def make(**more: Any) -> MentoringModel:
    return MentoringModel(SCENARIO, **more)


def stepped(months: int, **more: Any) -> MentoringModel:
    model = make(**more)
    for _ in range(months):
        model.step()
    return model


def assert_same_world(one: Simulation, other: Simulation) -> None:
    """Every number of two worlds is the same."""
    for name, mine, theirs in zip(one.state._fields, one.state, other.state, strict=True):
        np.testing.assert_array_equal(mine, theirs, err_msg=name)


@pytest.fixture(scope="module")
def unseen() -> MentoringModel:
    """A model lived to its end that nobody ever looked at."""
    return stepped(MONTHS)


class Watched(MentoringModel):
    """A model as a Mesa user writes one, with data collected each step."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.datacollector = DataCollector(
            model_reporters={
                "headcount": "headcount",
                "engagement": "mean_engagement",
                "agents": lambda model: len(model.agents),
                "managers": partial(lambda model, level: _at(model, level), level=2),
                "quits": lambda model: model.last_month["quits"],
            },
            agent_reporters={
                "engagement": "engagement",
                "hazard": lambda employee: employee.quit_hazard(),
                "skills": "skills",
            },
            agenttype_reporters={Employee: {"level": "level"}},
        )

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def _at(model: MentoringModel, level: int) -> int:
    return sum(employee.level == level for employee in model.agents)


class Gaining(Employee):
    """Somebody who learns a little every month, as a Mesa user writes it."""

    def __init__(self, model: MentoringModel, slot: int) -> None:
        super().__init__(model, slot)
        self.steps_taken = 0

    def step(self) -> None:
        self.steps_taken += 1
        self.skills["digital_tools"] = min(1.0, self.skills["digital_tools"] + 0.01)


# --- time ---------------------------------------------------------------------------------------------


def test_stepping_equals_running_at_a_stretch(unseen: MentoringModel) -> None:
    at_a_stretch = Simulation(unseen.plan, 5, 0, keep_people=True).run()
    assert_same_world(unseen.simulation, at_a_stretch)
    assert unseen.former_employees, "the test needs turnover"


def test_month_and_running() -> None:
    model = make()
    assert isinstance(model, Model)
    assert (model.month, model.running) == (0, True)
    model.step()
    assert (model.month, model.running) == (1, True)
    model.run_model()
    assert (model.month, model.running) == (MONTHS, False)


def test_a_step_too_many_says_so() -> None:
    model = stepped(MONTHS)
    with pytest.raises(RuntimeError, match="ended after 10 months"):
        model.step()


def test_last_month_is_what_was_recorded() -> None:
    model = make()
    assert np.isnan(list(model.last_month.values())).all()
    model.step()
    assert tuple(model.last_month) == columns.MEASURES
    assert model.last_month["headcount"] == model.headcount


# --- looking ------------------------------------------------------------------------------------------


def test_looking_every_month_changes_nothing(unseen: MentoringModel) -> None:
    model = make()
    _ = model.agents
    for _ in range(MONTHS):
        model.step()
        model.random.random()
        model.rng.random()
        model.agents.shuffle_do("quit_hazard")
        for employee in model.agents:
            employee.explain()
            employee.idea_rate()
            employee.volunteering_probability()
            for other in (*employee.mentors, *employee.mentees, *employee.ties[:1]):
                employee.chance_to_meet(other)
                employee.gain_from(other)
        _ = model.former_employees
    assert_same_world(model.simulation, unseen.simulation)
    assert [one.unique_id for one in model.agents] == [one.unique_id for one in unseen.agents]


def test_agents_are_those_present_in_the_order_of_their_numbers() -> None:
    model = stepped(MONTHS)
    whole = model.simulation.state.whole
    present = whole[columns.ACTIVE] == 1
    assert 0 < present.sum() < present.size, "the test needs vacancies"
    numbers = [employee.unique_id for employee in model.agents]
    assert numbers == sorted(whole[columns.NUMBER, present].tolist())
    assert all(isinstance(employee, Agent) and employee.model is model for employee in model.agents)
    assert len(model.agents) == model.headcount
    assert model.agent_types == [Employee]
    assert [employee.unique_id for employee in model.agents_by_type[Employee]] == numbers


@pytest.mark.parametrize("name", ["agents", "agent_types", "agents_by_type"])
def test_each_way_of_looking_brings_up_to_date(name: str) -> None:
    model = stepped(3)
    found = getattr(model, name)
    if name == "agent_types":
        assert found == [Employee]
    else:
        assert len(found if name == "agents" else found[Employee]) == model.headcount


def test_one_person_is_one_object() -> None:
    model = stepped(2)
    first = {employee.unique_id: employee for employee in model.agents}
    model.step()
    model.step()
    for employee in model.agents:
        assert first.get(employee.unique_id, employee) is employee
        assert model.employee(employee.unique_id) is employee
    with pytest.raises(KeyError, match="no employee has the number 9999"):
        model.employee(9999)


def test_no_agents_are_made_unless_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    original = Agent.__init__

    def counting(agent: Agent, *arguments: Any, **more: Any) -> None:
        made.append(agent)
        original(agent, *arguments, **more)

    monkeypatch.setattr(Agent, "__init__", counting)
    model = stepped(MONTHS)
    simulate(model.plan, 1, 1, people=True)
    assert model.headcount > 0
    assert model.mean_engagement > 0
    assert not made
    _ = model.agents
    assert len(made) == model.headcount


# --- Mesa's own tools ---------------------------------------------------------------------------------


def test_agent_set_tools() -> None:
    model = stepped(3)
    state = model.simulation.state
    engagement = model.agents.get("engagement")
    by_number = np.argsort(state.whole[columns.NUMBER])
    present = [slot for slot in by_number if state.whole[columns.ACTIVE, slot]]
    assert engagement == state.person[columns.ENGAGEMENT, present].tolist()
    keen = model.agents.select(lambda employee: employee.engagement > 0.6)
    assert [one.engagement for one in keen] == [value for value in engagement if value > 0.6]
    assert model.agents.agg("engagement", np.mean) == pytest.approx(model.mean_engagement)
    assert model.agents.agg("level", [min, max]) == [1, model.plan.chart.levels]
    levels = model.agents.groupby("level").count()
    assert sum(levels.values()) == model.headcount
    assert set(levels) == set(model.agents.get("level"))
    oldest = next(iter(model.agents.sort("age")))
    assert oldest.age == max(model.agents.get("age"))
    seen: list[int] = []
    model.agents.do(lambda employee: seen.append(employee.unique_id))
    assert seen == [employee.unique_id for employee in model.agents]
    model.agents.shuffle_do(lambda employee: seen.append(employee.unique_id))
    assert sorted(seen[model.headcount :]) == seen[: model.headcount]
    assert model.agents.map("quit_hazard") == [one.quit_hazard() for one in model.agents]
    keen.set("engagement", 0.5)
    assert model.agents.agg("engagement", max) <= 0.6
    with pytest.raises(AttributeError, match="level follows"):
        model.agents.set("level", 3)
    with pytest.raises(AttributeError):
        model.agents = []  # type: ignore[misc, assignment]


def test_data_collector(unseen: MentoringModel) -> None:
    model = Watched(SCENARIO)
    model.run_model()
    assert_same_world(model.simulation, unseen.simulation)
    table = model.datacollector.get_model_vars_dataframe()
    monthly = unseen.simulation.state.monthly
    headcount = monthly[:, columns.M_HEADCOUNT]
    np.testing.assert_array_equal(table["headcount"], headcount)
    np.testing.assert_array_equal(table["agents"], headcount)
    np.testing.assert_allclose(
        table["engagement"].astype(float), monthly[:, columns.M_ENGAGEMENT] / headcount
    )
    np.testing.assert_array_equal(table["quits"], monthly[:, columns.M_QUITS])
    people = model.datacollector.get_agent_vars_dataframe()
    assert len(people) == headcount.sum()
    last = people.loc[people.index.get_level_values("Step").max()]
    assert last["engagement"].to_dict() == {
        employee.unique_id: employee.engagement for employee in model.agents
    }
    assert last["hazard"].between(0, 1).all()
    assert set(last["skills"].iloc[0]) == set(model.plan.skill_names)
    levels = model.datacollector.get_agenttype_vars_dataframe(Employee)
    assert len(levels) == headcount.sum()


def test_other_agents_can_live_in_the_model(unseen: MentoringModel) -> None:
    class Customer(Agent):  # type: ignore[misc]
        pass

    model = make()
    customer = Customer(model)
    model.run_model()
    assert customer in model.agents
    assert set(model.agent_types) == {Customer, Employee}
    assert len(model.agents) == model.headcount + 1
    customer.remove()
    assert len(model.agents) == model.headcount
    assert_same_world(model.simulation, unseen.simulation)


def test_means_are_those_of_the_columns() -> None:
    model = stepped(4)
    state = model.simulation.state
    present = state.whole[columns.ACTIVE] == 1
    for name in ("engagement", "confidence", "safety", "output"):
        column = state.person[columns.PERSON.index(name)]
        assert getattr(model, f"mean_{name}") == column[present].mean()
        assert isinstance(getattr(model, f"mean_{name}"), float)
    assert type(model.headcount) is int
    state.whole[columns.ACTIVE] = 0
    assert np.isnan(model.mean_engagement)


# --- a user's own step --------------------------------------------------------------------------------


def test_own_step_is_called_for_everybody_after_each_month() -> None:
    model = make(employee_class=Gaining)
    by_hand = Simulation(model.plan, 5, 0, keep_people=True)
    for _ in range(MONTHS):
        model.step()
        by_hand.run(1)
        present = by_hand.state.whole[columns.ACTIVE] == 1
        skill = by_hand.state.skills[:, 0]
        skill[present] = np.minimum(1.0, skill[present] + 0.01)
    assert_same_world(model.simulation, by_hand)
    assert model.agent_types == [Gaining]
    for employee in model.agents:
        assert employee.steps_taken == MONTHS - max(0, employee.hire_month)


def test_own_step_goes_by_person_number() -> None:
    order: list[int] = []

    class Noting(Employee):
        def step(self) -> None:
            order.append(self.unique_id)

    model = make(employee_class=Noting)
    model.agents.shuffle(inplace=True)
    model.step()
    assert order == sorted(order)
    assert len(order) == model.headcount


@pytest.mark.parametrize(
    "wrong", [Agent, Employee.step, 3, type("Odd", (Employee,), {"__slots__": ("x",)})]
)
def test_employee_class_must_be_usable(wrong: Any) -> None:
    with pytest.raises(TypeError, match="subclass of Employee|__slots__"):
        make(employee_class=wrong)


# --- what a model is made from ------------------------------------------------------------------------


def test_scenario_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text("months = 3\nseed = 9\n[organisation]\nemployees = 12\n")
    for given in (file, str(file)):
        model = MentoringModel(given)
        assert (model.plan.months, model.seed, model.headcount) == (3, 9, 12)
    assert MentoringModel(file, organisation={"employees": 14}).headcount == 14


def test_defaults_and_settings() -> None:
    assert MentoringModel().headcount == 400
    model = MentoringModel(months=2, organisation={"employees": 11})
    assert (model.plan.months, model.headcount, model.scenario.months) == (2, 11, 2)
    with pytest.raises(InputError, match="employes"):
        MentoringModel(organisation={"employes": 11})
    with pytest.raises(TypeError, match="path of a file"):
        MentoringModel(3)  # type: ignore[arg-type]


def test_variants_and_their_common_window() -> None:
    scenario = SCENARIO.with_settings(
        variants=[
            {"name": "Nothing", "programme.policy": "none"},
            {"name": "Late", "programme.policy": "reverse", "programme.start_month": 4},
            {"name": "Early", "programme.policy": "random", "programme.start_month": 3},
        ]
    )
    assert MentoringModel(scenario).variant == "Late"
    for name, plan in zip(("Nothing", "Late", "Early"), plans_of(scenario), strict=True):
        model = MentoringModel(scenario, variant=name)
        assert (
            (model.variant, model.plan.window_start) == (name, 3) == (plan.name, plan.window_start)
        )
        model.run_model()
        assert_same_world(model.simulation, Simulation(plan, 5, 0, keep_people=True).run())
    assert MentoringModel(scenario, variant=2).variant == "Early"
    with pytest.raises(InputError, match="no variant"):
        MentoringModel(scenario, variant="Never")


def test_seed_and_replicate_decide_the_luck(unseen: MentoringModel) -> None:
    assert unseen.seed == SCENARIO.seed == 5
    other = stepped(MONTHS, seed=np.int64(6), replicate=2)
    assert_same_world(other.simulation, Simulation(other.plan, 6, 2, keep_people=True).run())
    assert not np.array_equal(other.simulation.state.monthly, unseen.simulation.state.monthly)
    with pytest.raises(ValueError, match="seed -1"):
        make(seed=-1)
    with pytest.raises(TypeError):
        make(seed="six")
    assert make(seed=2**64 - 1, replicate=2**32 - 1).headcount == 30


def test_a_model_keeps_its_scenario() -> None:
    model = make()
    assert model.scenario is SCENARIO
    with pytest.raises(AttributeError, match="make another model"):
        model.scenario = Scenario()


def test_a_subclass_can_hide_the_scenario_from_mesa() -> None:
    class ForSolara(MentoringModel):
        scenario = property(lambda self: None, lambda self, value: None)

    model: Any = ForSolara(SCENARIO)
    model.step()
    assert model.scenario is None
    assert model.plan.months == MONTHS


# --- copies, and the end ------------------------------------------------------------------------------


def test_two_live_models_are_independent(unseen: MentoringModel) -> None:
    one, other = make(), make()
    for _ in range(MONTHS):
        one.step()
        for employee in one.agents:
            employee.engagement = 0.1
        other.step()
        assert not set(map(id, one.agents)) & set(map(id, other.agents))
    assert_same_world(other.simulation, unseen.simulation)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
@pytest.mark.parametrize("months", [0, 4])
@pytest.mark.parametrize("look", [False, True])
def test_copies_go_on_identically(
    copied: Any, months: int, look: bool, unseen: MentoringModel
) -> None:
    model = stepped(months)
    if look:
        _ = model.agents
    twin = copied(model)
    assert twin.simulation.handle is not model.simulation.handle
    numbers = [employee.unique_id for employee in model.agents]
    assert [employee.unique_id for employee in twin.agents] == numbers
    assert all(employee.model is twin for employee in twin.agents)
    for one in (model, twin):
        while one.running:
            one.step()
            _ = one.agents
    assert_same_world(model.simulation, unseen.simulation)
    assert_same_world(twin.simulation, unseen.simulation)
    assert [employee.unique_id for employee in twin.agents] == [
        employee.unique_id for employee in model.agents
    ]


def test_copies_keep_what_the_user_holds() -> None:
    model = make(employee_class=Gaining)
    model.step()
    held = list(model.agents)
    model.held, model.notes = held, held[0].skills  # type: ignore[attr-defined]
    model.run_model()
    twin: Any = pickle.loads(pickle.dumps(model))
    for one, other in zip(held, twin.held, strict=True):
        assert type(one) is type(other)
        assert (one.unique_id, one.engagement) == (other.unique_id, other.engagement)
        assert other.model is twin
        assert one.steps_taken == other.steps_taken
    assert [one for one in twin.held if one in twin.former_employees], "the test needs leavers"
    assert {id(one) for one in twin.held} >= {
        id(one) for one in twin.former_employees if one.hire_month < 0 and one.left_month > 0
    }
    deep: Any = copy.deepcopy(model)
    assert deep.notes == model.notes  # type: ignore[attr-defined]
    alone = pickle.loads(pickle.dumps(next(iter(model.agents))))
    assert alone in alone.model.agents


@pytest.mark.parametrize("look", [False, True])
def test_a_dropped_model_leaves_nothing_behind(look: bool) -> None:
    model = Watched(SCENARIO) if look else make()
    model.run_model()
    traces = [weakref.ref(model), weakref.ref(model.simulation), weakref.ref(model.faces)]
    if look:
        traces.append(weakref.ref(next(iter(model.agents))))
    del model
    gc.collect()
    assert [trace() for trace in traces] == [None] * len(traces)


# --- the house ----------------------------------------------------------------------------------------


def test_only_the_model_module_imports_mesa() -> None:
    package = Path(sim.agents.model.__file__).parent
    importing = set()
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            if any(name.split(".")[0] == "mesa" for name in names):
                importing.add(file.relative_to(package).as_posix())
    assert importing == {"model.py"}


def test_names_that_mesa_keeps_for_agents_are_free() -> None:
    kept = {
        "current_action",
        "start_action",
        "interrupt_for",
        "cancel_action",
        "is_busy",
        "scenario",
    }
    ours = set().union(
        *(vars(one) for one in Employee.__mro__ if one.__module__.startswith("sim."))
    )
    assert not ours & kept


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(sim.agents.model).failed == 0
