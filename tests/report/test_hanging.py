"""What a recommendation hangs on that no study measures is said with it, and made from the ablation."""

from __future__ import annotations

import numpy as np
import pytest

import sim
import sim.programme.policies
from sim.outcomes.goals import GOALS
from sim.report import hanging as hanging_module
from sim.report.advice import Advice
from sim.report.carried import CARRIED
from sim.report.decisions import Decisions
from sim.report.hanging import hanging
from sim.report.plain import PLAIN
from sim.scenario import Scenario
from verification.what_carries_half import carried, module_of, told
from verification.what_carries_settings import HEADLINES, POLICIES


def tables(**left: dict[str, float]) -> dict[str, dict[str, np.ndarray]]:
    """Effects of 1 on every headline in nine firms, but what a setting leaves of some policy's."""
    noise = np.linspace(-0.1, 0.1, 9)[:, None]
    whole = {name: 1.0 + noise + np.zeros((9, len(HEADLINES))) for name in POLICIES}
    found = {"as it is": whole}
    for setting, by_policy in left.items():
        found[f"`{setting.replace('__', '.')}`"] = {
            name: by_policy.get(name, 1.0) * whole[name] for name in POLICIES
        }
    return found


def test_what_leaves_less_than_half_carries_an_effect_and_the_strongest_comes_first() -> None:
    found = carried(
        tables(
            awareness__gain={"Reverse": 0.2, "Reciprocal": 0.4},
            ideas__bypass={"Reverse": -0.3},
            meetings__attendance=dict.fromkeys(POLICIES, 0.0),  # no programme is left
        )
    )
    both = ["ideas.bypass", "awareness.gain"]
    assert found == {
        "reverse": dict.fromkeys(("ideas", "engaged", "stay"), both),
        "reciprocal": dict.fromkeys(("ideas", "engaged", "stay"), ["awareness.gain"]),
    }
    space: dict[str, object] = {}
    exec(module_of(found), space)  # the module that it writes is Python
    assert space["CARRIED"]["reverse"]["ideas"] == tuple(both)  # type: ignore[index]


def test_means_and_half_widths() -> None:
    mean, half = told(np.array([1.0, 2.0, 3.0, 4.0]))
    assert mean == 2.5
    assert half == pytest.approx(1.96 * np.std([1, 2, 3, 4], ddof=1) / 2)


def test_what_carries_is_known_and_has_plain_words() -> None:
    goals = {goal.key for goal in GOALS}
    for policy, by_goal in CARRIED.items():
        assert policy in sim.programme.policies.PRESETS or policy == "portfolio"
        assert set(by_goal) <= goals
        assert all(key in PLAIN for keys in by_goal.values() for key in keys)


def test_a_recommendation_says_what_it_hangs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hanging_module, "CARRIED", {"reverse": {"engaged": ("awareness.gain",)}})
    scenario = Scenario(
        months=14, replicates=3, organisation={"employees": 40},
        variants=[{"name": "None", "programme.policy": "none"},
                  {"name": "Upward", "programme.policy": "reverse"},
                  {"name": "By lot", "programme.policy": "random"}],
    )  # fmt: skip
    decisions = Decisions(sim.compare(scenario))
    ideas, engaged = GOALS[2], GOALS[1]

    def advice(goal: object, *names: str) -> Advice:
        front = tuple(decisions.of(goal, name) for name in names)  # type: ignore[arg-type]
        return Advice(goal, "take", front, (), (), "")  # type: ignore[arg-type]

    assert hanging(decisions, [advice(ideas, "Upward"), advice(engaged, "By lot")]) == []
    (said,) = hanging(decisions, [advice(engaged, "Upward"), advice(ideas, "Upward")])
    assert said == (
        "No study measures how much leaders learn about the work from juniors who teach them: half or more of "
        "what “Upward” does for people engaged hangs on it in a firm like that of the main scenario."
    )


def test_one_assumption_that_carries_all_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    both = ("engagement.awareness_effect", "awareness.gain")
    monkeypatch.setattr(
        hanging_module,
        "CARRIED",
        {"reverse": {"engaged": both, "ideas": ("awareness.gain",)}},
    )
    scenario = Scenario(
        months=14, replicates=2, organisation={"employees": 30},
        variants=[{"name": "None", "programme.policy": "none"},
                  {"name": "Upward", "programme.policy": "reverse"}],
    )  # fmt: skip
    decisions = Decisions(sim.compare(scenario))
    every = [
        Advice(goal, "take", (decisions.of(goal, "Upward"),), (), (), "") for goal in GOALS[1:3]
    ]
    (said,) = hanging(decisions, every)
    assert "people engaged and ideas carried out hangs on it" in said


def test_halves_that_chance_could_take_are_not_told() -> None:
    noise = np.linspace(-3.0, 3.0, 9)[:, None]
    found = tables()
    found["`ideas.bypass`"] = {
        name: 0.3 * values + noise for name, values in found["as it is"].items()
    }
    assert carried(found) == {}
