"""One value against its declaration, for kinds and ranges that any section may declare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.parameters import Parameter
from sim.scenario import Scenario, load_scenario
from sim.scenario.frozen import plain
from sim.scenario.messages import allowed, described
from sim.scenario.source import Source
from sim.scenario.values import checked


def check(parameter: Parameter, value: object) -> Any:
    return checked(parameter, value, ("section", parameter.name), Source().error)


def parameter(kind: Any, **facts: Any) -> Parameter:
    return Parameter("name", None, "", "Meaning.", kind=kind, **facts)


@pytest.mark.parametrize(
    "declared, value, result",
    [
        (parameter("number"), 10**300, 1e300),
        (parameter("number"), np.float32(0.5), 0.5),
        (parameter("number"), np.int64(2), 2.0),
        (parameter("integer"), np.int8(2), 2),
        (parameter("boolean"), np.bool_(True), True),
        (parameter("text"), Path("staff.csv"), "staff.csv"),
        (parameter("list"), ["a", 1, 0.5, True], ("a", 1, 0.5, True)),
        (parameter("list", choices=("a", "b")), ["b", "b"], ("b", "b")),
        (parameter("list"), [["a", "b"], []], (("a", "b"), ())),
        (parameter("table"), {"a": {"b": [np.float64(1.5)]}}, {"a": {"b": (1.5,)}}),
        (parameter("shares"), {"a": np.int32(1), "b": np.float64(3)}, {"a": 0.25, "b": 0.75}),
    ],
)
def test_allowed_values_become_plain_and_fixed(
    declared: Parameter, value: object, result: object
) -> None:
    outcome = check(declared, value)
    assert outcome == result
    assert type(outcome) is type(result) or isinstance(result, dict)


@pytest.mark.parametrize(
    "declared, value, problem",
    [
        (parameter("number"), 10**400, "out of range"),
        (parameter("integer"), 2**63, "out of range"),
        (parameter("number", low=1.0), 0, "out of range"),
        (parameter("list"), "a", "not a list"),
        (parameter("list", choices=("a", "b")), ["c"], "not one of the choices"),
        (parameter("list"), [float("nan")], "cannot be used"),
        (parameter("list"), [2**70], "cannot be used"),
        (parameter("list"), [None], "cannot be used"),
        (parameter("list"), ["\x1b"], "U+001B"),
        (parameter("table"), 3, "not a table"),
        (parameter("table"), {"": 1}, "empty"),
        (parameter("table"), {3: 1}, "not a name"),
        (parameter("text"), "\ud800", "U+D800"),
        (parameter("shares"), {"a": 10**400}, "not a share"),
        (parameter("shares"), {"a": True}, "not a share"),
    ],
)
def test_other_values_are_refused(declared: Parameter, value: object, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        check(declared, value)
    assert problem in caught.value.problem
    assert str(caught.value).isprintable()


def test_a_list_that_contains_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(InputError, match="nested too deeply"):
        check(parameter("table"), endless)


def test_ranges_are_told_in_words() -> None:
    assert allowed(parameter("number")) == "a number"
    assert allowed(parameter("number", low=0.5)) == "a number of at least 0.5"
    assert allowed(parameter("integer", high=9)) == "a whole number of at most 9"
    assert allowed(parameter("number", low=-1.0, high=1e30)) == "a number from -1 to 1e+30"
    assert described("x" * 1000) == f'the text "{"x" * 59}…"'


def test_settings_are_read_like_dictionaries() -> None:
    scenario = Scenario(environment={"shocks": [{"kind": "downturn"}]})
    (shock,) = scenario.settings["environment"]["shocks"]
    assert repr(shock) == repr(dict(shock))
    assert plain(scenario.settings)["environment"]["shocks"][0]["kind"] == "downturn"
    assert repr(scenario) == '<Scenario "Untitled scenario": 60 months; "Base">'


@pytest.mark.parametrize("extra", ["", ",site"])
def test_a_roster_without_sites_leaves_them_to_the_scenario(tmp_path: Path, extra: str) -> None:
    cell = ",Here" if extra else ""
    staff = f"employee_id,level,department{extra}\na,2,Sales{cell}\nb,1,Sales{cell}\n"
    (tmp_path / "staff.csv").write_text(staff)
    text = 'organisation.roster = "staff.csv"\norganisation.sites = { North = 1 }\n'
    (tmp_path / "scenario.toml").write_text(text)
    if extra:
        with pytest.raises(InputError, match="the roster sets it"):
            load_scenario(tmp_path / "scenario.toml")
    else:
        scenario = load_scenario(tmp_path / "scenario.toml")
        assert dict(scenario.settings["organisation"]["sites"]) == {"North": 1.0}


def test_a_roster_beyond_the_allowed_range_is_refused(tmp_path: Path) -> None:
    rows = "".join(f"e{level},{level},Sales\n" for level in range(1, 14))
    (tmp_path / "staff.csv").write_text("employee_id,level,department\n" + rows)
    (tmp_path / "scenario.toml").write_text('\norganisation.roster = "staff.csv"')
    with pytest.raises(InputError) as caught:
        load_scenario(tmp_path / "scenario.toml")
    assert "13" in caught.value.problem


def test_what_everything_is_measured_against_is_never_nothing() -> None:
    """An average engagement of 0 was accepted, and output was infinite without a word."""
    with pytest.raises(InputError, match="average: 0 is out of range. Write a number from 0.05"):
        Scenario(engagement={"average": 0.0})
    firm = {"months": 3, "organisation": {"employees": 10}}
    told = sim.run(Scenario(**firm, engagement={"average": 0.05}), 0).outcomes
    assert np.isfinite(told["output"])


@pytest.mark.parametrize("shares", [{"a": 0.6, "b": 0.6}, {"a": 0.2, "b": 0.2}, {"a": 0.8, "b": 1}])
def test_fractions_that_do_not_sum_to_one_are_asked_about(shares: dict[str, float]) -> None:
    """Which of them is wrong is not known: 0.6 and 0.6 were taken for 0.5 and 0.5 without a word."""
    with pytest.raises(InputError) as caught:
        check(parameter("shares"), shares)
    assert f"the shares sum to {sum(shares.values()):g}" in str(caught.value)
    assert "Let them sum to 1" in str(caught.value)


@pytest.mark.parametrize(
    ("weights", "first"),
    [({"a": 60, "b": 40}, 0.6), ({"a": 3, "b": 1}, 0.75), ({"a": 0.33, "b": 0.66}, 1 / 3),
     ({"a": 1, "b": 1}, 0.5), ({"a": 12.5, "b": 37.5}, 0.25), ({"a": 0.5, "b": 0.505}, 0.5 / 1.005)],
)  # fmt: skip
def test_rounded_shares_and_weights_are_scaled(weights: dict[str, float], first: float) -> None:
    assert check(parameter("shares"), weights)["a"] == pytest.approx(first, rel=1e-12)
