"""What a mechanism declares about itself, be it of the model or from outside the package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.parameters import Parameter, ParameterGroup

__all__ = ["AddedMechanism", "Mechanism", "section_of"]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One job in the life of the firm, with its parameters and its kernel.

    Attributes
    ----------
    name
        Also the name of its section in a scenario file.
    parameters
        Its declared parameters; those with a `neutral` value form the neutral setting, under which
        a month with the mechanism is the same, bit for bit, as a month without it.
    kernel
        ``kernel(state, p, month)``: changes the state in place. `p` is the record of parameters.
    reads, writes
        Names of columns, as :func:`sim.engine.state.columns_of` and :class:`sim.engine.state.State` spell them.
        What is written may also be read.
    draws
        Names of the decisions that it draws.
    after
        For an optional mechanism (:data:`sim.mechanisms.month.OPTIONAL`), behind which other it acts; "" for one
        that is part of every month. Its kernel reads the record with the optional sections.
    """

    name: str
    parameters: ParameterGroup
    kernel: Callable[[Any, Any, int], None]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    draws: tuple[str, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class AddedMechanism:
    """A mechanism from outside the package.

    Attributes
    ----------
    name
        Also the name of its section in a scenario file.
    parameters
        Its declared parameters; ``active`` (false by default) is added in front of them.
    step
        ``step(state, p, own, month)``: changes the state in place, once a month. `state` is the
        :class:`sim.engine.state.State`, `p` the record of the model's parameters, `own` that of its own.
    after
        The mechanism of the model behind which it is called: a name of
        :data:`sim.mechanisms.month.MECHANISMS`, ``"begin"`` or ``"programme"``.
    writes
        Names of columns, as a :class:`sim.mechanisms.mechanism.Mechanism` declares them. ``"monthly"`` stands
        for all added measures, ``"monthly.lunches"`` for one. Under a variant in which nothing that acts
        records a measure, it is missing, never 0.
    draws
        Names of the decisions that it draws (:func:`register_decision`).
    """

    name: str
    parameters: ParameterGroup
    step: Callable[[Any, Any, Any, int], None]
    after: str
    writes: tuple[str, ...]
    draws: tuple[str, ...] = ()

    def records(self, measure: str) -> bool:
        """Whether it declares that it records an added measure."""
        return "monthly" in self.writes or f"monthly.{measure}" in self.writes


def section_of(mechanism: AddedMechanism) -> ParameterGroup:
    """The section of an added mechanism: whether it acts, and its own parameters."""
    active = Parameter("active", False, "", "Whether this mechanism acts.", kind="boolean")
    own = mechanism.parameters
    return ParameterGroup(own.name, own.title, (active, *own.parameters))
