"""Resolved scenarios and the JSON Schema: both say what the declarations say, and can be used."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.parameters import Parameter, ParameterGroup
from sim.scenario import Scenario, json_schema, load_scenario, new_scenario, show
from sim.scenario.schema import free_in_variant, sections
from sim.scenario.top import SCENARIO

COMPARISON = """\
title = 'An "odd" \\ title'
description = '''
Two
lines'''

[organisation]
sites = { "Älpha, Ltd" = 1, b = 2, "c.d" = 3 }
[[organisation.skills]]
name = "coding"
kind = "emerging"
weight = 1e-7
[[organisation.skills]]
name = "selling"

[environment]
shocks = [{ kind = "downturn", month = 3 }]

[[variant]]
name = "# not a comment"
organisation.management_support = 0.1
[[variant]]
name = 'quo"ted'
programme = { policy = "reverse", direction = "either" }
environment.shocks = [{ kind = "technology_jump", size = 0.5 }]
"""


def reloaded(folder: Path, scenario: Scenario) -> Scenario:
    path = folder / "shown.toml"
    path.write_text(show(scenario), encoding="utf-8")
    return load_scenario(path)


@pytest.mark.parametrize("text", ["", COMPARISON, new_scenario()])
def test_what_is_shown_loads_as_the_same_scenario(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    scenario = load_scenario(path)
    again = reloaded(tmp_path, scenario)
    assert again == scenario
    assert again.settings == scenario.settings
    assert [variant.settings for variant in again.variants] == [
        variant.settings for variant in scenario.variants
    ]


def test_a_roster_is_shown_with_its_notes_and_what_it_decides(tmp_path: Path) -> None:
    staff = "employee_id,level,department,site\na,2,Sales,Here\nb,1,Sales,There\n"
    (tmp_path / "staff.csv").write_text(staff)
    (tmp_path / "scenario.toml").write_text('organisation.roster = "staff.csv"')
    scenario = load_scenario(tmp_path / "scenario.toml")
    text = show(scenario)
    assert "\n# employees = 2 " in text and "# roster; posts" in text
    assert scenario.roster is not None
    for note in scenario.roster.notes:
        assert f"# - {note}" in text
    assert reloaded(tmp_path, scenario) == scenario


@pytest.mark.parametrize(
    ("programme", "words"),
    [
        ({}, None),
        ({"participation": "universal"}, "places for 30 % of the people: most get no mentor"),
        ({"participation": "universal", "places": 0.8}, None),
        (
            {"participation": "nominated", "nominated_share": 0.5},
            "put forward 50 % of those eligible",
        ),
        ({"participation": "nominated"}, None),
        ({"places": 0.0}, "no places"),
        ({"start_month": 50}, "No cohort opens: one of 12 months from month 50 on does not fit"),
        ({"minimum_score": 0.1}, "only where everyone_matched is false"),
        ({"minimum_score": 0.1, "everyone_matched": False}, None),
        ({"policy": "none", "places": 0.0}, None),
    ],
)
def test_what_is_unusual_is_said(programme: dict[str, Any], words: str | None) -> None:
    text = show(Scenario(programme={"policy": "random", **programme}))
    assert ("# Worth a look:" in text) == (words is not None)
    assert words is None or words in text


def test_what_is_unusual_is_said_once_with_the_variants() -> None:
    variants = [{"name": name, "programme.policy": name} for name in ("none", "random", "reverse")]
    text = show(Scenario(programme={"participation": "universal"}, variants=variants))
    assert text.count("most get no mentor") == 1
    assert 'most get no mentor. ("random", "reverse")\n' in text


def test_every_setting_is_shown_with_origin_unit_and_range(tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(COMPARISON, encoding="utf-8")
    text = show(load_scenario(path))
    rows = [" ".join(row.split()) for row in text.split("\n")]
    assert "months = 60 # default; months; 1 to 1200" in rows
    assert "# levels is worked out # default; levels; 1 to 12" in rows
    assert "skills = [ # line 8" in rows
    assert "organisation.management_support = 0.1 # line 20; 0 to 1" in rows
    for group in (SCENARIO, *sections().values()):
        for name in group.names():
            assert any(row.startswith((f"{name} = ", f"# {name} is ")) for row in rows)


def test_a_variant_shows_only_what_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(COMPARISON, encoding="utf-8")
    _, first, second = show(load_scenario(path)).split("[[variant]]\n")
    assert tomllib.loads(first) == {
        "name": "# not a comment",
        "organisation": {"management_support": 0.1},
    }
    assert set(tomllib.loads(second)) == {"name", "programme", "environment"}


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Any allowed value of a plain parameter, as a file or code may give it."""
    if parameter.kind == "number":
        low, high = max(parameter.low, -1e9), min(parameter.high, 1e9)
        return st.floats(low, high)
    if parameter.kind == "integer":
        return st.integers(int(parameter.low), int(parameter.high))
    if parameter.kind == "choice":
        return st.sampled_from(parameter.choices)
    if parameter.kind == "shares":
        names = st.sampled_from(parameter.choices or ("A", "B b", "é", "x.y", '"'))
        weights = st.floats(0, 1e300) | st.integers(0, 9)
        return st.dictionaries(names, weights, min_size=1)
    return st.booleans()


def settings_of(group: ParameterGroup, in_variant: bool) -> st.SearchStrategy[dict[str, Any]]:
    plain = {
        f"{group.name}.{parameter.name}": values_of(parameter)
        for parameter in group.parameters
        if parameter.kind in ("number", "integer", "choice", "shares", "boolean")
        and (not in_variant or free_in_variant(group.name, parameter.name))
    }
    return st.fixed_dictionaries({}, optional=plain)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    groups = st.sampled_from(tuple(sections().values()))
    given = {"months": draw(st.integers(1, 1200)), "seed": draw(st.integers(0, 2**63 - 1))}
    for group in draw(st.lists(groups, max_size=3)):
        given |= draw(settings_of(group, in_variant=False))
    variants = [
        {"name": name, **draw(settings_of(draw(groups), in_variant=True))}
        for name in draw(st.lists(st.sampled_from(["A", "b", "é#", '"']), unique=True))
    ]
    try:
        return Scenario(**given, variants=variants)
    except InputError as error:
        assume("out of range" in error.problem)  # only rules between settings may refuse these
        raise


@pytest.mark.long
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(scenarios())
def test_any_scenario_can_be_shown_and_loaded(tmp_path: Path, scenario: Scenario) -> None:
    assert reloaded(tmp_path, scenario) == scenario


def test_the_schema_declares_every_key_with_range_and_default() -> None:
    schema = json.loads(json.dumps(json_schema(), allow_nan=False))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    months = schema["properties"]["months"]
    assert (months["type"], months["minimum"], months["maximum"]) == ("integer", 1, 1200)
    assert (months["default"], "1 to 1200" in months["description"]) == (60, True)
    for section, group in sections().items():
        assert tuple(schema["$defs"][section]["properties"]) == group.names()
    shock = schema["$defs"]["environment"]["properties"]["shocks"]["items"]
    assert shock["required"] == ["kind"]
    variant = schema["properties"]["variant"]["items"]["properties"]
    assert "employees" not in variant["organisation"]["properties"]
    assert "management_support" in variant["organisation"]["properties"]


@pytest.mark.parametrize(
    "text, fits",
    [
        ("", True),
        (COMPARISON, True),
        (new_scenario(), True),
        ("months = 0", False),
        ("months = 1.5", False),
        ("months = true", False),
        ("polcy = 1", False),
        ("[programme]\npolicy = 'revers'", False),
        ("[programme]\npolcy = 'reverse'", False),
        ("[organisation]\ngenerations = { genz = 1 }", False),
        ("[organisation]\nsites = {}", False),
        ("[organisation]\nsites = { A = -1 }", False),
        ("[organisation]\nskills = []", False),
        ("[[environment.shocks]]\nmonth = 1", False),
        ("[[variant]]", False),
        ("[[variant]]\nname = 'A'\nmonths = 3", False),
        ("[[variant]]\nname = 'A'\norganisation.employees = 3", False),
    ],
)
def test_schema_and_loading_agree(tmp_path: Path, text: str, fits: bool) -> None:
    assert conforms(tomllib.loads(text), json_schema()) == fits
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    try:
        loads = bool(load_scenario(path).variants)
    except InputError:
        loads = False
    assert loads == fits


def conforms(value: Any, schema: dict[str, Any]) -> bool:
    """Judge by the part of JSON Schema that the schema of scenarios uses; other words fail."""
    known = {"$schema", "$defs", "title", "description", "default"}
    if "$ref" in schema:
        return conforms(value, json_schema()["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    size = len(value) if isinstance(value, str | list | dict) else 0
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    types = {
        "object": isinstance(value, dict),
        "array": isinstance(value, list),
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "number": is_number,
        "integer": is_number and float(value).is_integer(),
    }
    rules: dict[str, Callable[[Any], bool]] = {
        "type": lambda kinds: any(
            types[kind] for kind in (kinds if isinstance(kinds, list) else [kinds])
        ),
        "enum": lambda choices: value in choices,
        "minimum": lambda low: value >= low,
        "maximum": lambda high: value <= high,
        "minLength": lambda least: size >= least,
        "maxLength": lambda most: size <= most,
        "minItems": lambda least: size >= least,
        "maxItems": lambda most: size <= most,
        "minProperties": lambda least: size >= least,
        "required": lambda names: all(name in value for name in names),
        "items": lambda item: all(conforms(entry, item) for entry in value),
        "properties": lambda named: all(
            conforms(value[name], part) for name, part in named.items() if name in value
        ),
        "additionalProperties": lambda other: all(
            other and conforms(value[name], other)
            for name in value
            if name not in schema.get("properties", {})
        ),
    }
    return rules["type"](schema["type"]) and all(
        rules[word](argument) for word, argument in schema.items() if word not in known
    )
