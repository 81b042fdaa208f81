"""Models under Mesa's own tools: iterations differ, history stays, nobody is removed, numbers are unique."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import mesa
import pytest

from sim import Employee, MentoringModel
from sim.agents.employees import FormerEmployee

FIRM: dict[str, Any] = {"months": 8, "organisation": {"employees": 25}}


class Counted(MentoringModel):
    """A firm that collects its engagement."""

    def __init__(self, replicate: int = 0, seed: int | None = None) -> None:
        super().__init__(**FIRM, replicate=replicate, seed=seed)
        self.datacollector = mesa.DataCollector(model_reporters={"e": "mean_engagement"})

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def batch(parameters: dict[str, Any], iterations: int) -> list[float]:
    if not hasattr(mesa, "batch_run"):
        pytest.skip("this Mesa has no batch_run")
    rows = mesa.batch_run(
        Counted, parameters, iterations=iterations, max_steps=8, display_progress=False
    )
    return [row["e"] for row in rows]


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_iterations_of_batch_run_are_different_firms() -> None:
    """They were five times the same one: Mesa tells a model nothing about the iteration."""
    found = batch({}, 3)
    assert len(set(found)) == 3
    assert found == batch({"replicate": [0, 1, 2]}, 1), "each is the next of the scenario's firms"
    with pytest.raises(ValueError, match="every iteration would be the same firm"):
        batch({"replicate": [1]}, 2)


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_seeds_of_batch_run_are_the_firms_of_those_seeds() -> None:
    """Later versions of Mesa 3 hand a seed to each iteration; the firm is the one made with it by hand."""
    if "rng" not in inspect.signature(getattr(mesa, "batch_run", len)).parameters:
        pytest.skip("this Mesa's batch_run takes no seeds")
    rows = mesa.batch_run(Counted, {}, rng=[5, 6], max_steps=8, display_progress=False)
    by_hand = [Counted(seed=seed) for seed in (5, 6)]
    for firm in by_hand:
        firm.run_model()
    assert [row["e"] for row in rows] == [firm.mean_engagement for firm in by_hand]


def test_collected_skills_stay_as_they_were() -> None:
    """mesa 2835 and 3035: history was rewritten, as what was kept was a view."""
    model = MentoringModel(**FIRM)
    collector = mesa.DataCollector(
        agent_reporters={"skills": "skills", "begin": "skills_begin", "digital": lambda one: one.skills["digital_tools"]}
    )  # fmt: skip
    for _ in range(8):
        model.step()
        collector.collect(model)
    frame = collector.get_agent_vars_dataframe()
    assert (frame["skills"].map(lambda one: one["digital_tools"]) == frame["digital"]).all()
    assert frame["digital"].groupby(level=1).nunique().max() == 8


def test_skills_of_a_moment_write_and_go_no_further() -> None:
    model = MentoringModel(**{**FIRM, "months": 60}, **{"departures.quit_rate": 1.5})
    model.step()
    one = next(iter(model.agents))
    now = one.skills
    now["digital_tools"] = 0.25
    now |= {"market_trends": 0.5}
    assert now["digital_tools"] == one.skills["digital_tools"] == 0.25
    assert one.skills["market_trends"] == 0.5
    for plain in (copy.deepcopy(now), copy.copy(now), pickle.loads(pickle.dumps(now))):
        assert type(plain) is dict
        assert plain == now
    for refused in (
        now.clear,
        now.popitem,
        lambda: now.pop("market_trends"),
        one.skills_begin.clear,
    ):
        with pytest.raises(TypeError):
            refused()
    while model.running and isinstance(one, Employee):
        model.step()
    assert isinstance(one, FormerEmployee)
    with pytest.raises(TypeError, match="has left"):
        now["digital_tools"] = 0.5


def test_nobody_is_removed_by_any_way() -> None:
    model = MentoringModel(**FIRM)
    model.step()
    one = next(iter(model.agents))
    for way in (one.remove, lambda: model.deregister_agent(one), model.remove_all_agents):
        with pytest.raises(RuntimeError, match="cannot be removed"):
            way()
    model.agents.remove(one)
    model.agents_by_type[Employee].discard(one)
    assert one in model.agents
    assert len(model.agents) == len(model.agents_by_type[Employee]) == model.headcount
    model.step()


class Visitor(mesa.Agent):
    """Somebody who is no employee."""


def test_other_agents_share_no_number_with_a_person() -> None:
    model = MentoringModel(**FIRM)
    visitors = [Visitor(model) for _ in range(3)]
    model.step()
    numbers = [one.unique_id for one in model.agents]
    assert len(set(numbers)) == len(numbers) == model.headcount + 3
    visitors[0].remove()
    assert len(model.agents) == model.headcount + 2
    again = pickle.loads(pickle.dumps(model))
    assert Visitor(again).unique_id == visitors[2].unique_id + 1


@pytest.mark.parametrize("name", ["seed", "replicate"])
@pytest.mark.parametrize("given", ["spring", 1.5, "7"])
def test_seeds_are_whole_numbers(name: str, given: Any) -> None:
    with pytest.raises(TypeError, match=f"{name} must be a whole number, not "):
        MentoringModel(**FIRM, **{name: given})
