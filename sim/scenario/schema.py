"""Which sections and keys a scenario file has, and the same as a JSON Schema for editors.

Everything is made from the declared parameters in :mod:`sim.scenario.catalogue`; what is added here is the
shape of the file: what stands at the top, which settings are lists of tables, and what a variant
may not change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sim.mechanisms.mechanism import section_of
from sim.organisation.settings import ORGANISATION, SHOCK, SKILL
from sim.parameters import Parameter, ParameterGroup
from sim.registry import ADDED, load_installed
from sim.scenario.frozen import plain
from sim.scenario.messages import measure
from sim.scenario.top import SCENARIO

__all__ = [
    "LISTS_OF_TABLES",
    "LONGEST_NAME",
    "MOST_VARIANTS",
    "ListOfTables",
    "free_in_variant",
    "json_schema",
    "sections",
]

LONGEST_NAME = 100
MOST_VARIANTS = 1000

_CLIMATE = ("hierarchy_strength", "management_support", "objectives_clarity")


@dataclass(frozen=True, slots=True)
class ListOfTables:
    """A setting whose value is a list of tables, each with the keys of one group.

    The first parameter of the group says which thing an entry is, and must be given.

    Attributes
    ----------
    entry
        The keys of one entry.
    fewest, most
        How many entries are allowed.
    unique
        Whether the first parameter is a name: letters, digits and underscores, each used once.
    """

    entry: ParameterGroup
    fewest: int
    most: int
    unique: bool

    @property
    def first(self) -> Parameter:
        """The parameter that every entry must give."""
        return self.entry.parameters[0]


LISTS_OF_TABLES: Mapping[tuple[str, str], ListOfTables] = {
    ("organisation", "skills"): ListOfTables(SKILL, 1, 31, unique=True),
    ("environment", "shocks"): ListOfTables(SHOCK, 0, 1200, unique=False),
}


def sections() -> Mapping[str, ParameterGroup]:
    """Return the declared sections by name, in order, without the keys at the top of the file.

    Those of mechanisms from outside the package come last.
    """
    load_installed()
    added = {name: section_of(mechanism) for name, mechanism in ADDED.mechanisms.items()}
    return {**_own_sections(), **added}


@cache
def _own_sections() -> Mapping[str, ParameterGroup]:
    from sim.scenario.catalogue import (
        GROUPS,  # here, so that importing the scenario imports no mechanism
    )

    return {group.name: group for group in GROUPS if group.name != SCENARIO.name}


def free_in_variant(section: str, name: str) -> bool:
    """Whether a variant may set a key: anything but the people whom all variants share."""
    return section != ORGANISATION.name or name in _CLIMATE


def json_schema() -> dict[str, Any]:
    """Return a JSON Schema (draft 2020-12) of scenario files, for editors that complete and check.

    It says less than :func:`sim.scenario.load_scenario` checks: rules between settings are not in it.
    """
    groups = sections()
    top = _properties(SCENARIO)
    in_variant: dict[str, Any] = {"name": _NAME_SCHEMA}
    for name, group in groups.items():
        top[name] = {"$ref": f"#/$defs/{name}"}
        in_variant[name] = _variant_section(group)
    top["variant"] = {
        "type": "array",
        "description": "The alternatives to compare; each says only what it changes.",
        "minItems": 1,
        "maxItems": MOST_VARIANTS,
        "items": _table(in_variant, required=["name"]),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mentorsim scenario",
        **_table(top),
        "$defs": {
            name: {"title": group.title, **_table(_properties(group))}
            for name, group in groups.items()
        },
    }


_NAME_SCHEMA = {
    "type": "string",
    "description": "Name of the variant, in tables and figures.",
    "minLength": 1,
    "maxLength": LONGEST_NAME,
}


def _variant_section(group: ParameterGroup) -> dict[str, Any]:
    free = {
        name: schema
        for name, schema in _properties(group).items()
        if free_in_variant(group.name, name)
    }
    if len(free) == len(group.parameters):
        return {"$ref": f"#/$defs/{group.name}"}
    return {"title": group.title, **_table(free)}


def _table(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    table = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**table, "required": required} if required else table


def _properties(group: ParameterGroup) -> dict[str, Any]:
    return {
        parameter.name: _schema_of(parameter, LISTS_OF_TABLES.get((group.name, parameter.name)))
        for parameter in group.parameters
    }


def _schema_of(parameter: Parameter, entries: ListOfTables | None) -> dict[str, Any]:
    facts = measure(parameter) if parameter.unit else ""
    meaning = f"{parameter.meaning} ({facts})" if facts else parameter.meaning
    schema: dict[str, Any] = {"description": meaning, **_type_of(parameter)}
    if entries is not None:
        schema |= {
            "type": "array",
            "minItems": entries.fewest,
            "maxItems": entries.most,
            "items": _table(_properties(entries.entry), required=[entries.first.name]),
        }
    if parameter.default is not None:
        schema["default"] = plain(parameter.default)
    return schema


def _type_of(parameter: Parameter) -> dict[str, Any]:
    """Return the JSON Schema keywords for the kind, range and choices of a parameter."""
    match parameter.kind:
        case "number" | "integer":
            schema: dict[str, Any] = {"type": parameter.kind}
            if math.isfinite(parameter.low):
                schema["minimum"] = parameter.low
            if math.isfinite(parameter.high):
                schema["maximum"] = parameter.high
            return schema
        case "choice":
            return {"type": "string", "enum": list(parameter.words)}
        case "shares":
            share = {"type": "number", "minimum": 0}
            if parameter.words:
                named = _table(dict.fromkeys(parameter.words, share))
                return {**named, "minProperties": 1}
            return {"type": "object", "additionalProperties": share, "minProperties": 1}
        case "boolean":
            return {"type": "boolean"}
        case "text":
            return {"type": "string"}
        case "list":
            if not math.isfinite(parameter.low):
                return {"type": "array"}
            return {"type": "array", "items": _type_of(replace(parameter, kind="number"))}
        case "table":
            return {"type": ["object", "array"]}
