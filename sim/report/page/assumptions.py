"""What the simulation was told, and what it takes for granted: settings changed, grades, doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from sim.mechanisms.mechanism import section_of
from sim.mechanisms.month import OPTIONAL
from sim.parameters import Parameter, ParameterGroup
from sim.registry import ADDED
from sim.report.page.view import View
from sim.report.wording import clipped
from sim.scenario.catalogue import GROUPS

__all__ = ["Assumptions", "Changed", "Section", "Setting", "Widest", "assumptions", "grades"]

_UNTOLD = ("title", "description", "seed", "replicates", "baseline")
_PLANNING = ("scenario", "programme", "costs", "organisation")
"""Sections that the planner decides or knows; the others describe how people behave."""

_MOST_EACH = 3
_MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting that is not as it comes."""

    key: str
    where: str
    value: str
    default: str
    grade: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that is not as it comes, and its values under all variants in one line."""

    key: str
    values: str
    default: str
    grade: str


@dataclass(frozen=True, slots=True)
class Widest:
    """An assumed value with a wide plausible range."""

    key: str
    value: str
    plausible: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Section:
    """How well a section is known, and its most uncertain assumptions."""

    name: str
    title: str
    counts: tuple[int, int, int]
    widest: tuple[Widest, ...]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The section."""

    changed: tuple[Changed, ...]
    settings: tuple[Setting, ...]
    sections: tuple[Section, ...]
    roster: tuple[str, ...]
    counts: Counter[str]


def assumptions(view: View) -> Assumptions:
    """Everything that the simulation was told or assumes."""
    settings: Mapping[str, Mapping[str, Any]] = view.manifest["scenario"]
    changed, groups = [], _groups(settings)
    for group in groups:
        for one in group.parameters:
            # Results of an earlier version do not know what was declared since.
            value = settings.get(group.name, {}).get(one.name, one.default)
            if one.name in _UNTOLD or _same(value, one.default):
                continue
            changed.append(_changed(group, one, value, "all variants"))
    for variant in view.manifest["overrides"]:
        for key, value in variant.items():
            if key != "name":
                section, name = key.split(".", 1)
                group = next(group for group in groups if group.name == section)
                changed.append(_changed(group, group[name], value, str(variant["name"])))
    untouched = {one.name for one in OPTIONAL} - {one.key.partition(".")[0] for one in changed}
    left_out = {*_PLANNING[:2], *untouched}
    return Assumptions(
        changed=tuple(changed),
        settings=_settings(changed),
        sections=tuple(_section(group, settings) for group in GROUPS if group.name not in left_out),
        roster=tuple(view.manifest.get("roster") or ()),
        counts=grades(),
    )


def _groups(settings: Mapping[str, Mapping[str, Any]]) -> tuple[ParameterGroup, ...]:
    """The declared sections, with those of extensions that the scenario knew."""
    added = (section_of(one) for name, one in ADDED.mechanisms.items() if name in settings)
    return (*GROUPS, *added)


def _settings(changed: list[Changed]) -> tuple[Setting, ...]:
    """The same, a line per setting."""
    by_key: dict[str, list[Changed]] = {}
    for one in changed:
        by_key.setdefault(one.key, []).append(one)
    lines = []
    for key, found in by_key.items():
        texts = [
            one.value if one.where == "all variants" else f"{one.where}: {one.value}"
            for one in found[:_MOST_VALUES]
        ]
        more = len(found) - len(texts)
        texts += [f"{more} more in the details"] if more else []
        lines.append(Setting(key, "; ".join(texts), found[0].default, found[0].grade))
    return tuple(lines)


def grades() -> Counter[str]:
    """How many declared parameters have which grade."""
    return Counter(one.grade for group in GROUPS for one in group.parameters)


def _same(value: Any, default: Any) -> bool:
    if isinstance(default, Mapping) and isinstance(value, Mapping):
        total = sum(default.values()) or 1.0
        return all(
            abs(value.get(key, 0.0) - default.get(key, 0.0) / total) < 1e-9
            for key in {*value, *default}
        )
    if isinstance(default, list | tuple):
        # Entries are complete in the settings, and name only what is special in the default.
        return len(value or ()) == len(default) and all(
            one == entry or (isinstance(entry, Mapping) and one.items() >= entry.items())
            for one, entry in zip(value or (), default, strict=True)
        )
    return bool(value == default)


def _changed(group: ParameterGroup, one: Parameter, value: Any, where: str) -> Changed:
    return Changed(
        f"{group.name}.{one.name}" if group.name != "scenario" else one.name,
        where,
        _text(one, value),
        "worked out" if one.default is None else _text(one, one.default, unit=False),
        one.grade,
        one.meaning,
    )


def _text(one: Parameter, value: Any, *, unit: bool = True) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        total = sum(value.values()) or 1.0
        return ", ".join(
            f"{key} {100 * share / total:.0f} %" for key, share in value.items() if share
        )
    if one.kind == "text":
        # Of a path only the file's name: where it stood is nobody's business.
        return clipped(PurePath(str(value)).name or str(value), 60)
    if isinstance(value, list | tuple):
        return f"{len(value)} in scenario.toml"
    if isinstance(value, int | float):
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
        return f"{text} {one.unit}".strip() if unit else text
    return clipped(str(value), 80)


def _section(group: ParameterGroup, settings: Mapping[str, Mapping[str, Any]]) -> Section:
    counts = Counter(one.grade for one in group.parameters)
    assumed = [one for one in group.parameters if one.grade == "assumed" and one.prior is not None]
    assumed.sort(key=_width, reverse=True)
    return Section(
        group.name,
        group.title,
        (counts["measured"], counts["derived"], counts["assumed"]),
        tuple(
            Widest(
                one.name,
                _text(one, settings.get(group.name, {}).get(one.name, one.default)),
                "{:g} to {:g}".format(*(one.prior or ())),
                one.meaning,
            )
            for one in assumed[:_MOST_EACH]
        ),
    )


def _width(one: Parameter) -> float:
    """Width of the plausible range in sizes of the default."""
    low, high = one.prior or (0.0, 0.0)
    return (high - low) / (abs(float(one.default)) or 1.0)
