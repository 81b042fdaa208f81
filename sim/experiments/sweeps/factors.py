"""Factors: what a sweep varies, in the terms of XLRM: levers (somebody decides) and uncertainties (nobody does).

A factor is a setting of the scenario by its dotted key. ``programme.places`` changes the base and with it
every variant; ``Reverse: programme.places`` changes one variant; ``*: programme.places`` is set in every
variant, whatever it sets itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sim.experiments.sweeps.problems import Problems
from sim.parameters import Parameter
from sim.scenario import addresses
from sim.scenario.catalogue import GROUPS
from sim.scenario.frozen import plain
from sim.scenario.messages import allowed, described, hint, quoted
from sim.scenario.positions import Position
from sim.scenario.scenario import Scenario
from sim.scenario.schema import free_in_variant, sections
from sim.scenario.staff import FROM_ROSTER
from sim.scenario.top import SCENARIO
from sim.scenario.values import checked

__all__ = ["EVERY", "Factor", "Role", "factor_of", "split_key"]

Role = Literal["lever", "uncertainty"]

EVERY = addresses.EVERY
"""In front of a key: set in every variant."""

_TOP = ("months",)
"""Keys at the top of a scenario that may vary; the others say how it is simulated."""

_MOST_VALUES = 1000


@dataclass(frozen=True, slots=True)
class Factor:
    """One setting that varies.

    Attributes
    ----------
    key
        As it is written: ``section.name``, with ``Variant: `` in front where it is of one variant.
    role
        Lever or uncertainty.
    variant
        The variant that it changes; None for the base, "*" for every variant.
    section, name
        The setting.
    values
        The values in their order, checked; empty for a range.
    low, high
        The range; the same number for both means that nothing varies. Infinite for values (NaN would make no
        two factors equal).
    logarithmic
        Whether orders of magnitude are equally likely, rather than values.
    whole
        Whether values are whole numbers.
    title, unit
        For figures.
    """

    key: str
    role: Role
    variant: str | None
    section: str
    name: str
    values: tuple[Any, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    logarithmic: bool = False
    whole: bool = False
    unit: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers, so that it has an axis."""
        return not self.values or all(
            isinstance(value, int | float) and not isinstance(value, bool) for value in self.values
        )

    def at(self, share: float) -> Any:
        """The value at a share (0 to 1) of the range, or of the list of values."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole:
            count = int(self.high) - int(self.low) + 1
            return int(self.low) + min(int(share * count), count - 1)
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** share)
        return float(self.low + share * (self.high - self.low))

    def levels(self, count: int) -> tuple[Any, ...]:
        """Its values, or `count` values spread evenly from end to end of its range."""
        if self.values:
            return self.values
        if self.whole:
            span = int(self.high) - int(self.low)
            places = {round(span * step / max(1, count - 1)) for step in range(count)}
            return tuple(int(self.low) + place for place in sorted(places))
        if count == 1 or self.low == self.high:
            return (self.at(0.5),)
        ends = [self.at(step / (count - 1)) for step in range(count)]
        ends[-1] = float(self.high)
        return tuple(ends)

    def as_plain(self) -> dict[str, Any]:
        """What a file keeps of it."""
        kept: dict[str, Any] = {"key": self.key, "role": self.role, "unit": self.unit}
        if self.values:
            return kept | {"values": [plain(value) for value in self.values]}
        return kept | {
            "low": self.low,
            "high": self.high,
            "logarithmic": self.logarithmic,
            "whole": self.whole,
        }


def split_key(key: str) -> tuple[str | None, str, str]:
    """Variant, section and name of a factor's key; the section of ``months`` is the scenario's."""
    variant, setting = addresses.split_key(key)
    section, dot, name = setting.partition(".")
    return (variant, section, name) if dot else (variant, SCENARIO.name, section)


def factor_of(
    key: str,
    given: Any,
    role: Role,
    scenario: Scenario,
    variants: Sequence[str],
    place: Position,
    problems: Problems,
) -> Factor | None:
    """Read one factor; what is wrong with it goes to `problems`, and None is returned.

    Parameters
    ----------
    key, given
        As in the study: ``{low, high, scale}``, ``{values}``, a list of values, or ``{}`` for the declared
        plausible range.
    scenario, variants
        What is simulated, and which of its variants.
    """
    parameter = _parameter(key, scenario, variants, place, problems)
    if parameter is None:
        return None
    variant, section, name = split_key(key)
    here: Position = (section, name) if section != SCENARIO.name else (name,)

    def complain(_: Position, problem: str, remedy: str) -> Any:
        return problems.error(place, problem, remedy)

    if isinstance(given, list | tuple):
        given = {"values": list(given)}
    if not isinstance(given, Mapping):
        remedy = "write { low = ..., high = ... } or a list of values"
        problems.add(place, f"{described(given)} is neither a range nor values", remedy)
        return None
    unknown = [one for one in given if one not in ("low", "high", "scale", "values")]
    for one in unknown:
        problems.add(
            (*place, str(one)), "unknown key", hint(one, ("low", "high", "scale", "values"))
        )
    if unknown:
        return None
    if "values" in given and ("low" in given or "high" in given):
        problems.add(place, "both a range and values are given", "keep one of the two")
        return None
    common: tuple[str, Role, str | None, str, str] = (key, role, variant, section, name)
    try:
        if "values" in given or parameter.kind not in ("number", "integer"):
            values = _values(given.get("values"), parameter, here, place, problems, complain)
            return Factor(*common, values=values, unit=parameter.unit) if values else None
        return _range(given, parameter, common, place, problems, complain)
    except ValueError as error:  # an InputError made by complain
        problems.keep(error)  # type: ignore[arg-type]
        return None


def _parameter(
    key: str, scenario: Scenario, variants: Sequence[str], place: Position, problems: Problems
) -> Parameter | None:
    """The declaration of a factor's setting, if it may vary there."""
    variant, section, name = split_key(key)
    if variant is not None and variant != EVERY and variant not in variants:
        problems.add(place, f"there is no variant {quoted(variant)}", hint(variant, variants))
        return None
    if section == SCENARIO.name:
        if name in _TOP and variant is None:
            return SCENARIO[name]
        if name in _TOP:
            problems.add(place, f"variants cannot differ in {name}", f"write {name} alone")
        elif name in SCENARIO.names():
            problems.add(place, f"{name} cannot vary", "set it for the whole study")
        else:
            homes = [f"{group.name}.{name}" for group in GROUPS if name in group.names()]
            problems.add(place, "unknown key", hint(name, homes or tuple(sections())))
        return None
    if section not in sections():
        homes = [f"{group.name}.{name}" for group in GROUPS if name in group.names()]
        problems.add(
            place, f"unknown section {quoted(section)}", hint(section, homes or sections())
        )
        return None
    if name not in sections()[section].names():
        names = [f"{section}.{one}" for one in sections()[section].names()]
        problems.add(place, "unknown key", hint(f"{section}.{name}", names))
        return None
    parameter = sections()[section][name]
    if parameter.kind == "text":
        problems.add(place, "text cannot vary", "vary numbers, words of a choice, true or false")
        return None
    if variant is not None and not free_in_variant(section, name):
        remedy = f"write {section}.{name} alone: all variants share the same people"
        problems.add(place, "variants cannot differ in it", remedy)
        return None
    if section == "costs" and scenario.origins.get("costs.salary_by_level") == FROM_ROSTER:
        if name.startswith("salary"):
            problem = "the roster says what people earn, and varying it does nothing"
            problems.add(place, problem, "remove it, or the salaries from the roster")
            return None
    if variant is None:
        own = [one for one in variants if f"{section}.{name}" in scenario.variant(one).overrides]
        if own:
            remedy = (
                f'write "{own[0]}: {section}.{name}" to vary it there, "*: {section}.{name}" to set it '
                "in every variant, or leave it out of the variants"
            )
            listed = ", ".join(quoted(one) for one in own)
            problems.add(
                place, f"it is set by {listed}, where varying the base does nothing", remedy
            )
            return None
    return parameter


def _values(
    given: Any,
    parameter: Parameter,
    here: Position,
    place: Position,
    problems: Problems,
    complain: Any,
) -> tuple[Any, ...] | None:
    """The values of a list, checked; all words of a choice where none are given."""
    if given is None and parameter.kind == "boolean":
        return (False, True)
    if given is None and parameter.words:
        return parameter.words
    if not isinstance(given, list | tuple) or not given:
        problems.add(place, "there are no values", f"give a list, each {allowed(parameter)}")
        return None
    if len(given) > _MOST_VALUES:
        problems.add(place, f"there are {len(given)} values", f"use at most {_MOST_VALUES}")
        return None
    found: list[Any] = []
    for value in given:
        try:
            found.append(checked(parameter, value, here, complain))
        except ValueError as error:
            problems.keep(error)  # type: ignore[arg-type]
    if len(found) < len(given):
        return None
    for index, value in enumerate(found):
        if value in found[:index]:
            problems.add(place, f"{described(value)} is there twice", "give each value once")
            return None
    return tuple(found)


def _range(
    given: Mapping[str, Any],
    parameter: Parameter,
    common: tuple[str, Role, str | None, str, str],
    place: Position,
    problems: Problems,
    complain: Any,
) -> Factor | None:
    """A range, by default the declared plausible one."""
    scale = given.get("scale")
    if scale not in (None, "linear", "logarithmic"):
        problems.add(
            (*place, "scale"), f"{described(scale)} is no scale", 'use "linear" or "logarithmic"'
        )
        return None
    prior = parameter.prior
    if ("low" in given) != ("high" in given):
        lacking = "high" if "low" in given else "low"
        problems.add(
            place, f"{lacking} is missing", "give both ends, or neither for the declared range"
        )
        return None
    if "low" not in given and prior is None:
        problems.add(
            place,
            "no plausible range is declared for it",
            f"give low and high, each {allowed(parameter)}",
        )
        return None
    ends = (given["low"], given["high"]) if "low" in given else prior
    assert ends is not None
    name = parameter.name
    low, high = (checked(parameter, end, (name,), complain) for end in ends)
    if low > high:
        problems.add(
            place, f"low ({described(low)}) is above high ({described(high)})", "swap them"
        )
        return None
    if scale == "logarithmic" and low <= 0:
        problems.add(place, "a logarithmic scale cannot begin at 0 or below", "raise low")
        return None
    if scale is None:  # as the calibration draws priors
        logarithmic = (
            "low" not in given and low > 0 and high / low >= 10 and parameter.kind == "number"
        )
    else:
        logarithmic = scale == "logarithmic"
    whole = parameter.kind == "integer"
    return Factor(*common, (), low, high, logarithmic, whole, parameter.unit)
