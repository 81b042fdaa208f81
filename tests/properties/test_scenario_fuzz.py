"""Whatever is loaded, the outcome is a scenario or one message: never another exception."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.scenario import Scenario, load_scenario, new_scenario

FUZZ = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
THOUSANDS = settings(FUZZ, max_examples=1500)

SNIPPETS = st.sampled_from(
    [
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "=",
        ".",
        ",",
        "'",
        '"',
        "'''",
        '"""',
        "#",
        "\n",
        "\r",
        "\\",
        "\\u0000",
        "\x00",
        "\ufeff",
        "-1",
        "1e999",
        "nan",
        "true",
        "07",
        "1_0",
        "9e9",
        "[variant]",
        "[[variant]]",
        "name=1",
        "programme.",
        "organisation={}",
        "shocks=[{}]",
        "policy='none'",
        "é",
    ]
)


CONTENTS = st.binary(max_size=60) | st.text(max_size=60).map(str.encode)


@FUZZ
@example(b"\x00=A")  # found: the remedy repeated the key as it was
@given(CONTENTS)
def test_any_bytes_give_a_scenario_or_a_message(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzz.toml"
    path.write_bytes(content)
    _outcome(path)


@st.composite
def edited(draw: st.DrawFn) -> bytes:
    """The template with a few places overwritten."""
    text = new_scenario() + "[[environment.shocks]]\nkind = 'downturn'\nmonth = 5\n"
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(text)))
        end = begin + draw(st.sampled_from([0, 0, 1, 3, 20]))
        text = text[:begin] + draw(SNIPPETS | st.text(max_size=3)) + text[end:]
    return text.encode("utf-8", "replace")


@FUZZ
@given(edited())
def test_any_mutation_gives_a_scenario_or_a_message(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzz.toml"
    path.write_bytes(content)
    _outcome(path)


@pytest.mark.full
@THOUSANDS
@given(CONTENTS | edited())
def test_thousands_of_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzz.toml"
    path.write_bytes(content)
    _outcome(path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "kind", "policy", "A", ""]), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "title",
        "months",
        "baseline",
        "variants",
        "programme",
        "organisation",
        "environment.shocks",
        "organisation.skills",
        "organisation.sites",
        "organisation.generations",
        "organisation.levels",
        "programme.policy",
        "x",
    ]
)


GIVEN = st.dictionaries(KEYS, VALUES, max_size=3)


@FUZZ
@given(GIVEN)
def test_any_settings_in_code_give_a_scenario_or_a_message(given: dict[str, Any]) -> None:
    _settings(given)


@pytest.mark.full
@THOUSANDS
@given(GIVEN)
def test_thousands_of_settings_in_code(given: dict[str, Any]) -> None:
    _settings(given)


def _settings(given: dict[str, Any]) -> None:
    try:
        assert Scenario(**given).variants
    except InputError as error:
        assert error.problem


def _outcome(path: Path) -> None:
    """Load: a scenario, or a message on one line; a key has the number of a line that exists."""
    try:
        assert load_scenario(path).variants
    except InputError as error:
        assert error.problem
        assert str(error).isprintable()
        assert error.line is None or 1 <= error.line <= path.read_bytes().count(b"\n") + 1
        assert error.line is not None or error.key is None
