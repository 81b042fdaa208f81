"""Line numbers: right for every spelling of TOML, and absent rather than wrong."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.positions import BeyondUseError, Position, scan_lines
from sim.scenario.toml_text import toml_key, toml_value

TRICKY = '''\
plain = 1 # [not a header] = 2
"quoted key" = "a \\" # string"
'its' = 1
dotted . "in parts".'x' = { a = 1, b.c = [2, { d = "}" }] }
text = """
[variant]
months = 3 \\"""
"""""
literal = \'\'\'
a = 1\'\'\'\'
lists = [ # a = 1
    [1, "]"],
    { deep = true }, # }
    { deep = 1979-05-27 07:32:00 },
]

[section]
key = 1
[section.sub."q.r"]
key = 1
  [[variant]]
  name = 'A'
  programme.policy = "none"
    [variant.costs]
    load = 1
    [[variant.environment.shocks]]
    kind = 'x'
    [[variant.environment.shocks]]
    kind = 'y'
[[variant]]
name = "B"
[variant.programme]
policy = "x"
"\\u0041\\t\\"" = 1
'''


def lines_of(text: str) -> dict[Position, int]:
    return scan_lines(text).agreeing_with(tomllib.loads(text))


def test_every_spelling_is_found_on_its_line() -> None:
    found = lines_of(TRICKY)
    rows = TRICKY.split("\n")
    expected: dict[Position, str] = {
        ("plain",): "plain =",
        ("quoted key",): '"quoted key"',
        ("its",): "'its'",
        ("dotted", "in parts", "x"): "dotted .",
        ("dotted", "in parts", "x", "b", "c"): "dotted .",
        ("dotted", "in parts", "x", "b", "c", 1, "d"): "dotted .",
        ("text",): "text =",
        ("literal",): "literal =",
        ("lists", 1, "deep"): "    { deep = true }",
        ("lists", 2, "deep"): "    { deep = 1979",
        ("section",): "[section]",
        ("section", "key"): "key = 1",
        ("section", "sub"): "[section.sub",
        ("variant", 0): "  [[variant]]",
        ("variant", 0, "programme", "policy"): "  programme.policy",
        ("variant", 0, "costs", "load"): "    load = 1",
        ("variant", 0, "environment", "shocks", 1, "kind"): "    kind = 'y'",
        ("variant", 1): "[[variant]]",
        ("variant", 1, "name"): 'name = "B"',
        ("variant", 1, "programme", "policy"): 'policy = "x"',
        ("variant", 1, "programme", 'A\t"'): '"\\u0041',
    }
    for place, begin in expected.items():
        assert rows[found[place] - 1].startswith(begin), place
    assert found["section", "sub", "q.r", "key"] == found["section", "sub", "q.r"] + 1


def test_no_lines_are_better_than_wrong_ones() -> None:
    scan = scan_lines("a = 1\nb = 2\n")
    assert scan.agreeing_with({"a": 1, "b": 2}) == {("a",): 1, ("b",): 2}
    assert scan.agreeing_with({"a": 1}) == {}
    assert scan.agreeing_with({"a": 1, "b": {"c": 2}}) == {}
    assert not scan_lines("a = 1\n=").complete


@pytest.mark.parametrize(
    "text, line",
    [
        ("a=1\nb=" + "[" * 40, 2),
        ("a=" + "{a=" * 40, 1),
        ("\n[" + ".".join("a" * 40) + "]", 2),
        ("a=1\n" * 100_001, 100_001),
        ("[[a]]\n" * 100_001, 100_001),
    ],
)
def test_what_would_keep_the_reader_busy_is_stopped(text: str, line: int) -> None:
    with pytest.raises(BeyondUseError) as caught:
        scan_lines(text)
    assert caught.value.line == line


NAMES = st.sampled_from(["a", "b-1", "a.b", "", "[x]", '"', "#", "é", "'''", "=", "\\"])
SCALARS = st.integers(-9, 9) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    SCALARS | st.sampled_from(["", "#", "]", "}", '"""', "'", "\\", "a = 1", "\n[x]\n", "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(NAMES, VALUES, max_size=4)


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, TABLES | st.lists(TABLES, min_size=1, max_size=3), max_size=4))
def test_whatever_is_written_is_found_where_it_was_written(
    document: dict[str, dict[str, Any] | list[dict[str, Any]]],
) -> None:
    rows: list[str] = []
    expected: dict[Position, int] = {}
    for name, content in document.items():
        tables = content if isinstance(content, list) else [content]
        for index, table in enumerate(tables):
            header = f"[[{toml_key(name)}]]" if isinstance(content, list) else f"[{toml_key(name)}]"
            place: Position = (name, index) if isinstance(content, list) else (name,)
            rows += ["# a = 1", header]
            expected[place] = len(rows)
            for key, value in table.items():
                rows.append(f"{toml_key(key)} = {toml_value(value)}")
                expected[*place, key] = len(rows)
    text = "\n".join(rows)
    assert tomllib.loads(text) == document
    found = lines_of(text)
    assert {place: found[place] for place in expected} == expected
