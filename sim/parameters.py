"""Declared parameters: the one place where a value has its unit, range, default and source.

A :class:`ParameterGroup` is one section of a scenario file (``[learning]``, ``[departures]``, ...).
The scenario schema, the JSON Schema, error messages, documentation tables and the record that the
compiled rules read are all made from these declarations; none of them repeats a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.registry import ADDED

__all__ = [
    "Grade",
    "Kind",
    "Parameter",
    "ParameterGroup",
    "record_dtype",
    "fill_record",
]

Grade = Literal["measured", "derived", "assumed", "choice"]
"""How well a default is known: *measured* in a publication, *derived* from one by a stated formula,
*assumed* (a wide prior), or a *choice* that the planner makes (not a claim about the world)."""

Kind = Literal["number", "integer", "boolean", "choice", "text", "shares", "table", "list"]
"""``shares``: names with non-negative weights that are scaled to sum to one; ``table`` and
``list``: structured settings whose contents the section that owns them checks."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared value.

    Attributes
    ----------
    name
        Key in the scenario file, in the field's words.
    default
        Used where the scenario is silent. ``None`` means: worked out from the rest, as `meaning` says.
    unit
        Unit in words ("per month", "share", "months"); "" for names.
    meaning
        One sentence that a planner can read.
    low, high
        Allowed range, both ends included (numbers only).
    source
        An identifier of the evidence table, a paper, or the reason for the choice.
    grade
        See :data:`Grade`.
    prior
        Plausible range for calibration and sensitivity; the allowed range if absent.
    kind
        See :data:`Kind`.
    choices
        The words allowed where `kind` is ``"choice"``.
    neutral
        The value at which this parameter's effect is absent, if it has one.
    open_to
        What extensions can add to the words.
    coded
        Whether compiled rules read a choice, as the position of its word among `choices`.
    """

    name: str
    default: Any
    unit: str
    meaning: str
    low: float = -np.inf
    high: float = np.inf
    source: str = "planner's choice"
    grade: Grade = "choice"
    prior: tuple[float, float] | None = None
    kind: Kind = "number"
    choices: tuple[str, ...] = ()
    neutral: float | str | None = None
    open_to: Literal["", "policies", "scores"] = ""
    coded: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The words allowed, with those that extensions add."""
        if not self.open_to:
            return self.choices
        return (*self.choices, *ADDED.names(self.open_to))

    @property
    def is_numeric(self) -> bool:
        """Whether the value is a number (or yes or no), which compiled rules can read as it is."""
        return self.kind in ("number", "integer", "boolean")

    @property
    def is_compiled(self) -> bool:
        """Whether compiled rules read the value: numbers that have a default, and coded choices."""
        return self.coded or (self.is_numeric and self.default is not None)


@dataclass(frozen=True, slots=True)
class ParameterGroup:
    """One section of a scenario file: a mechanism's parameters, or a part of the organisation.

    Attributes
    ----------
    name
        Section name in the scenario file.
    title
        What the section is about, in a few words.
    parameters
        The declared values, in the order in which they are shown.
    """

    name: str
    title: str
    parameters: tuple[Parameter, ...]

    def __post_init__(self) -> None:
        names = [parameter.name for parameter in self.parameters]
        if len(set(names)) != len(names):
            raise ValueError(f"section {self.name!r} declares a parameter twice")

    def __getitem__(self, name: str) -> Parameter:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(f"{self.name}.{name}")

    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""
        return tuple(parameter.name for parameter in self.parameters)

    def defaults(self) -> dict[str, Any]:
        """Default of every parameter, by name."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def neutral(self) -> dict[str, float | str]:
        """The setting that switches the mechanism's effects off, by name."""
        return {
            parameter.name: parameter.neutral
            for parameter in self.parameters
            if parameter.neutral is not None
        }

    def is_neutral(self, values: Mapping[str, Any]) -> bool:
        """Whether these values are the neutral setting."""
        return all(values[name] == value for name, value in self.neutral().items())

    def coded(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The same values with coded choices as numbers, as compiled rules read them."""
        found = dict(values)
        for parameter in self.parameters:
            if parameter.coded:
                found[parameter.name] = parameter.choices.index(values[parameter.name])
        return found


def record_dtype(
    groups: Iterable[ParameterGroup], derived: Mapping[str, Mapping[str, int]] | None = None
) -> np.dtype[np.void]:
    """The structured type that compiled rules read: ``p.learning.rate``.

    Numbers become float64; integers, yes-or-no and coded choices become int64. A parameter with another
    kind, or whose default is worked out (``None``), is not part of the record. Sections of `derived`
    numbers follow, by name: how many each holds, a table where it is more than one.
    """
    sections = []
    for group in groups:
        fields = [
            (parameter.name, np.float64 if parameter.kind == "number" else np.int64)
            for parameter in group.parameters
            if parameter.is_compiled
        ]
        for name, _ in fields:
            if hasattr(np.record, name):
                raise ValueError(f"{group.name}.{name}: NumPy's records have a method of that name")
        if fields:
            sections.append((group.name, np.dtype((np.record, fields))))
    for section, numbers in (derived or {}).items():
        own = [(name, np.float64, (many,) if many > 1 else ()) for name, many in numbers.items()]
        sections.append((section, np.dtype((np.record, own))))
    return np.dtype((np.record, sections))


def fill_record(
    dtype: np.dtype[np.void], values: Mapping[str, Mapping[str, Any]]
) -> np.ndarray[Any, np.dtype[np.void]]:
    """Return a record array of length one, of type `dtype`, holding `values[section][name]`.

    Raises
    ------
    KeyError
        If a section or a name of `dtype` is missing from `values`.
    """
    record = np.zeros(1, dtype=dtype)
    for section in dtype.names or ():
        for name in dtype[section].names or ():
            record[section][name][0] = values[section][name]
    return record
