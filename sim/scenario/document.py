"""A scenario as written: nested tables, before anything is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import InputError
from sim.scenario.messages import described, quoted
from sim.scenario.positions import Position
from sim.scenario.schema import sections
from sim.scenario.variants import Variant

__all__ = ["changed_document", "nested", "places_of"]


def nested(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings given in code in the shape of a file: dotted keys as tables in tables.

    ``variants`` becomes ``variant``; its entries may be mappings, with dotted keys or not, or
    :class:`~sim.scenario.variants.Variant` objects.

    Raises
    ------
    InputError
        If a key is not text, or is given twice.
    """
    document = _with_sections(given)
    if "variant" in document:
        raise InputError('unknown key "variant"', remedy='did you mean "variants"?', key="variant")
    if "variants" in document:
        variants = document.pop("variants")
        if not isinstance(variants, list | tuple):
            problem = f"{described(variants)} is not a list of variants"
            raise InputError(problem, remedy='give [{"name": ...}, ...]', key="variants")
        document["variant"] = [_variant(entry) for entry in variants]
    return document


def _variant(entry: object) -> object:
    if isinstance(entry, Variant):
        entry = {"name": entry.name, **entry.overrides}
    return _with_sections(entry) if isinstance(entry, Mapping) else entry


def _with_sections(given: Mapping[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for key, value in given.items():
        if not isinstance(key, str):
            problem = f"{described(key)} is not the name of a setting"
            raise InputError(problem, remedy='write names as text, such as "months"')
        section, dot, name = key.partition(".")
        if dot:
            _put(document, section, {name: value})
        elif section in sections() and isinstance(value, Mapping):
            _put(document, section, value)
        else:
            document[key] = value
    return document


def _put(document: dict[str, Any], section: str, values: Mapping[str, Any]) -> None:
    table = document.setdefault(section, {})
    for name, value in values.items():
        if not isinstance(name, str):
            problem = f"{described(name)} is not the name of a setting"
            raise InputError(problem, remedy='write names as text, such as "months"', key=section)
        if not isinstance(table, dict) or name in table:
            problem = f"{quoted(name)} is given twice"
            raise InputError(problem, remedy="give it once", key=section)
        table[name] = value


def changed_document(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of `document` in which each key of `changes` has its new value."""
    changed = dict(document)
    for key, value in changes.items():
        old = document.get(key)
        merge = key in sections() and isinstance(value, Mapping) and isinstance(old, Mapping)
        changed[key] = {**old, **value} if merge and old is not None else value
    return changed


def places_of(changes: Mapping[str, Any]) -> Iterator[Position]:
    """Yield the place of each setting that `changes` replaces."""
    for key, value in changes.items():
        if key in sections() and isinstance(value, Mapping):
            yield from ((key, name) for name in value)
        else:
            yield (key,)
