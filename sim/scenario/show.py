"""The resolved scenario as a file: every value with its origin, unit and allowed range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.parameters import Parameter, ParameterGroup
from sim.scenario.invited import who_is_invited
from sim.scenario.messages import measure, visible
from sim.scenario.scenario import Scenario, Variant
from sim.scenario.schema import LISTS_OF_TABLES, sections
from sim.scenario.staff import FROM_ROSTER
from sim.scenario.toml_text import toml_key, toml_value
from sim.scenario.top import SCENARIO
from sim.scenario.unusual import unusual

__all__ = ["show"]

_COMMENT_COLUMN = 44


def show(scenario: Scenario, beside: Sequence[str] = ()) -> str:
    """Return the scenario as TOML in which nothing is left to defaults.

    Each line ends with a comment: where the value comes from, its unit, the allowed range. Values
    that are worked out later, and those that the roster decides, are comments as a whole. Variants
    show only what they change. Saved in the same folder, the text loads as an equal scenario.

    Parameters
    ----------
    beside
        What else is to be said about the roster, one sentence or more each.
    """
    lines = [*_heading(scenario, beside), *_section(SCENARIO, scenario)]
    for group in sections().values():
        lines += ["", f"# {group.title}", f"[{toml_key(group.name)}]"]
        lines += _section(group, scenario)
    for variant in scenario.variants:
        lines += ["", "[[variant]]", f"name = {toml_value(variant.name)}"]
        lines += _overrides(variant)
    return "\n".join(lines) + "\n"


def _heading(scenario: Scenario, beside: Sequence[str]) -> Iterator[str]:
    read = "" if scenario.file is None else f" of {visible(scenario.file.name)}"
    yield f"# Every setting{read}: value  # origin; unit; allowed"
    baseline = visible(scenario.baseline, longest=200)
    yield f'# Variants are compared with "{baseline}".'
    if scenario.roster is not None:
        yield "#"
        yield "# The roster:"
        for note in (*scenario.roster.notes, *beside):
            yield f"# - {visible(note, longest=1000)}"
    if people := who_is_invited(scenario):
        yield "#"
        yield "# Who is invited:"
        for line in people:
            yield f"# - {visible(line, longest=1000)}"
    if remarks := unusual(scenario):
        yield "#"
        yield "# Worth a look:"
        for remark in remarks:
            yield f"# - {visible(remark, longest=1000)}"
    yield ""


def _section(group: ParameterGroup, scenario: Scenario) -> Iterator[str]:
    prefix = "" if group is SCENARIO else f"{group.name}."
    for parameter in group.parameters:
        value = scenario.settings[group.name][parameter.name]
        origin = scenario.origins[prefix + parameter.name]
        entries = LISTS_OF_TABLES.get((group.name, parameter.name))
        if entries is not None and value:
            yield _commented(f"{parameter.name} = [", origin)
            yield f"    # {_ranges(entries.entry)}"
            yield from (f"    {toml_value(row)}," for row in value)
            yield "]"
        else:
            yield _line(parameter.name, value, parameter, origin)


def _ranges(group: ParameterGroup) -> str:
    ranges = ((parameter.name, measure(parameter)) for parameter in group.parameters)
    return "; ".join(f"{name}: {text}" for name, text in ranges if text)


def _overrides(variant: Variant) -> Iterator[str]:
    for key in variant.overrides:
        section, name = key.split(".", 1)
        parameter = sections()[section][name]
        yield _line(key, variant.settings[section][name], parameter, variant.origins[key])


def _line(key: str, value: Any, parameter: Parameter, origin: str) -> str:
    comment = "; ".join(fact for fact in (origin, measure(parameter)) if fact)
    if value is None:
        missing = "worked out" if parameter.is_numeric else "not set"
        return _commented(f"# {key} is {missing}", comment)
    mark = "# " if origin == FROM_ROSTER else ""
    return _commented(f"{mark}{key} = {toml_value(value)}", comment)


def _commented(text: str, comment: str) -> str:
    return f"{text:<{_COMMENT_COLUMN}}  # {comment}"
