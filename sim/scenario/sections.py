"""From what a scenario file says to every setting's value, with the origin of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.errors import InputError
from sim.parameters import ParameterGroup
from sim.scenario.frozen import Frozen
from sim.scenario.messages import described, hint, visible
from sim.scenario.schema import sections
from sim.scenario.source import Source, dotted
from sim.scenario.top import SCENARIO
from sim.scenario.values import checked

__all__ = ["DEFAULT", "resolve_sections", "section_table", "unknown_key"]

DEFAULT = "default"
"""Origin of a value that nobody wrote."""


def resolve_sections(
    document: Mapping[str, Any], source: Source
) -> tuple[dict[str, Frozen], dict[str, str]]:
    """Return all settings by section and name, and the origin of each by dotted key.

    Parameters
    ----------
    document
        The scenario as written: keys of the top, sections, and ``variant`` (left alone here).
    source
        Where it was written.

    Raises
    ------
    InputError
        For an unknown section or key, and for a value that its declaration does not allow.
    """
    for key, value in document.items():
        if key not in (*SCENARIO.names(), *sections(), "variant"):
            raise _unknown_at_top(key, value, source)
    settings: dict[str, Frozen] = {}
    origins: dict[str, str] = {}
    top = {key: document[key] for key in SCENARIO.names() if key in document}
    for group in (SCENARIO, *sections().values()):
        is_top = group is SCENARIO
        written = top if is_top else section_table(document, (), group.name, source)
        place = () if is_top else (group.name,)
        values = group.defaults()
        for name, default in values.items():
            if isinstance(default, Mapping | list | tuple):
                values[name] = checked(group[name], default, (*place, name), source.error)
            origins[dotted((*place, name))] = DEFAULT
        for name, value in written.items():
            here = (*place, name)
            if name not in values:
                raise unknown_key(group, name, here, source)
            if value is not None or group[name].default is not None:
                values[name] = checked(group[name], value, here, source.error)
                origins[dotted(here)] = source.origin(here)
        settings[group.name] = Frozen(values)
    return settings, origins


def section_table(
    table: Mapping[str, Any], place: tuple[str | int, ...], name: str, source: Source
) -> Mapping[str, Any]:
    """Return what `table` says under the section `name`; an empty mapping if nothing.

    Raises
    ------
    InputError
        If something else than a table stands there.
    """
    value = table.get(name, {})
    if not isinstance(value, Mapping):
        problem = f"{described(value)} stands where a section belongs"
        raise source.error((*place, name), problem, f"write {name}.key = value")
    return value


def unknown_key(
    group: ParameterGroup, name: object, place: tuple[str | int, ...], source: Source
) -> InputError:
    """Return the error for a key that the section does not have, with where it might belong."""
    key = str(name)
    elsewhere = [other.name for other in sections().values() if key in other.names()]
    remedy = hint(name, group.names())
    if key in SCENARIO.names():
        remedy = f"write {key} at the top of the file, above the first [section]"
    elif elsewhere:
        remedy = f"write {key} under {_either(f'[{section}]' for section in elsewhere)}"
    return source.error((*place[:-1], key), "unknown key", remedy)


def _unknown_at_top(key: object, value: object, source: Source) -> InputError:
    name = str(key)
    problem, valid = "unknown key", (*SCENARIO.names(), *sections(), "variant")
    if isinstance(value, Mapping | list):
        shape = "[[{}]]" if isinstance(value, list) else "[{}]"
        problem, valid = f"unknown section {shape.format(visible(name))}", (*sections(), "variant")
    homes = [group.name for group in sections().values() if name in group.names()]
    remedy = hint(name, valid)
    if name == SCENARIO.name:
        remedy = "its keys stand at the top of the file, without a section"
    elif homes:
        remedy = f"write {visible(name)} under {_either(f'[{section}]' for section in homes)}"
    return source.error((name,), problem, remedy)


def _either(words: Iterable[str]) -> str:
    return " or ".join(words)
