"""Whatever is loaded, the outcome is a scenario or one message: never another exception."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.scenario import Scenario, load_scenario, new_scenario

FUZZ = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

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


@FUZZ
@example(b"\x00=A")  # found: the remedy repeated the key as it was
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_give_a_scenario_or_a_message(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzz.toml"
    path.write_bytes(content)
    _outcome(path)


@FUZZ
@given(st.data())
def test_any_mutation_gives_a_scenario_or_a_message(tmp_path: Path, data: st.DataObject) -> None:
    text = new_scenario() + "[[environment.shocks]]\nkind = 'downturn'\nmonth = 5\n"
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(text)))
        end = begin + data.draw(st.sampled_from([0, 0, 1, 3, 20]))
        text = text[:begin] + data.draw(SNIPPETS | st.text(max_size=3)) + text[end:]
    path = tmp_path / "fuzz.toml"
    path.write_bytes(text.encode("utf-8", "replace"))
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


@FUZZ
@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_any_settings_in_code_give_a_scenario_or_a_message(given: dict[str, Any]) -> None:
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
