"""The variants of a scenario: the alternatives to compare, each a set of changes."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.scenario.frozen import Frozen, freeze
from sim.scenario.messages import described, hint, quoted
from sim.scenario.positions import Position
from sim.scenario.scalars import checked_name
from sim.scenario.schema import MOST_VARIANTS, free_in_variant, sections
from sim.scenario.sections import section_table, unknown_key
from sim.scenario.source import Source, dotted
from sim.scenario.top import SCENARIO
from sim.scenario.values import checked

__all__ = ["IMPLIED", "Variant", "resolve_variants", "tables_of_variants"]

IMPLIED = "Base"
"""Name of the only variant of a scenario that lists none."""


@dataclass(frozen=True)
class Variant:
    """One alternative: the base settings with some of them replaced.

    Attributes
    ----------
    name
        As in tables and figures.
    overrides
        What the variant sets, by dotted key, as it is written.
    settings
        Every setting by section and name, read-only; shares sum to one, ``None`` = worked out later.
    origins
        Where each override comes from ("line 12", "given", "changed"); not part of equality.
    """

    name: str
    overrides: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Any]]
    origins: Mapping[str, str] = field(default_factory=lambda: Frozen({}), compare=False)


def tables_of_variants(document: Mapping[str, Any], source: Source) -> Sequence[Mapping[str, Any]]:
    """Return the variants as they are written; none if the scenario lists none.

    Raises
    ------
    InputError
        If ``variant`` is anything but a list of tables, or too long.
    """
    tables = document.get("variant", ())
    if not isinstance(tables, list | tuple):
        problem = f"{described(tables)} stands where a list of variants belongs"
        remedy = "write [[variant]] with double brackets, once for each variant"
        raise source.error(("variant",), problem, remedy)
    for number, table in enumerate(tables):
        if not isinstance(table, Mapping):
            problem = f"{described(table)} is not a variant"
            raise source.error(("variant", number), problem, "write [[variant]] with a name")
    if len(tables) > MOST_VARIANTS:
        problem = f"there are {len(tables)} variants"
        remedy = f"use at most {MOST_VARIANTS}; a sweep is made for larger numbers"
        raise source.error(("variant", MOST_VARIANTS), problem, remedy)
    return tables


def resolve_variants(
    tables: Sequence[Mapping[str, Any]], base: Mapping[str, Frozen], source: Source
) -> tuple[Variant, ...]:
    """Return the variants with all their settings; one named "Base" if there are no `tables`.

    Raises
    ------
    InputError
        For a missing or repeated name, an unknown key, a value that is not allowed, and a key in
        which variants may not differ.
    """
    if not tables:
        return (Variant(IMPLIED, Frozen({}), Frozen(base)),)
    seen: dict[str, str] = {}
    variants = []
    for number, table in enumerate(tables):
        place = ("variant", number, "name")
        if table.get("name") is None:
            raise source.error(place, "the variant has no name", 'write name = "..." under it')
        name = checked_name(table["name"], place, source.error)
        earlier = seen.setdefault(_as_it_looks(name), name)
        if len(seen) <= number:
            problem = "two variants have the same name"
            if earlier != name:
                problem = f"the name differs only in case, or looks the same as {quoted(earlier)}"
            raise source.error(place, problem, "give each a name of its own")
        variants.append(_variant(name, number, table, base, source))
    return tuple(variants)


_LOOK_ALIKE = str.maketrans(
    "АВЕКМНОРСТХаеорсухі" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXaeopcyxi" + "ABEZHIKMNOPTYXo"
)
"""Cyrillic and Greek letters that look like Latin ones."""


def _as_it_looks(name: str) -> str:
    """What two names are the same by: invisible characters, ways of writing and case make no difference."""
    plain = unicodedata.normalize("NFKC", name).translate(_LOOK_ALIKE)
    return "".join(one for one in plain if unicodedata.category(one) != "Cf").casefold()


def _variant(
    name: str, number: int, table: Mapping[str, Any], base: Mapping[str, Frozen], source: Source
) -> Variant:
    place: Position = ("variant", number)
    settings = dict(base)
    overrides: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for section in table:
        if section == "name":
            continue
        _check_section(section, (*place, section), source)
        values = dict(base[section])
        for key, value in section_table(table, place, section, source).items():
            here = (*place, section, key)
            _check_key(section, key, here, source)
            if value is None and base[section][key] is None:
                continue
            if value is None:
                problem = "a variant cannot go back to what is worked out"
                remedy = f"leave {key} out of [{section}], and set it in the other variants"
                raise source.error(here, problem, remedy)
            values[key] = checked(sections()[section][key], value, here, source.error)
            overrides[dotted((section, key))] = freeze(value)
            origins[dotted((section, key))] = source.origin(here)
        settings[section] = Frozen(values)
    return Variant(name, Frozen(overrides), Frozen(settings), Frozen(origins))


def _check_section(section: str, place: Position, source: Source) -> None:
    if section in sections():
        return
    if section in SCENARIO.names():
        problem = f"variants cannot differ in {section}"
        raise source.error(
            place, problem, f"write {section} at the top of the file, for all variants"
        )
    homes = [group.name for group in sections().values() if section in group.names()]
    remedy = f"write {homes[0]}.{section} = ..." if homes else hint(section, ("name", *sections()))
    raise source.error((*place[:-1], str(section)), "unknown key in a variant", remedy)


def _check_key(section: str, key: str, place: Position, source: Source) -> None:
    group = sections()[section]
    if key not in group.names():
        raise unknown_key(group, key, place, source)
    if not free_in_variant(section, key):
        problem = "variants cannot differ in it, because they are compared on the same people"
        free = ", ".join(name for name in group.names() if free_in_variant(section, name))
        remedy = f"write it under [{section}] for all variants, or vary {free}"
        raise source.error(place, problem, remedy)
