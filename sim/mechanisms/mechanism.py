"""What a mechanism declares about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.parameters import ParameterGroup

__all__ = ["Mechanism"]


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
        Names of columns, as :func:`sim.state.columns_of` and :class:`sim.state.State` spell them.
        What is written may also be read.
    draws
        Names of the decisions that it draws.
    after
        For an optional mechanism (:data:`sim.catalogue.OPTIONAL`), behind which other it acts; "" for one
        that is part of every month. Its kernel reads the record with the optional sections.
    """

    name: str
    parameters: ParameterGroup
    kernel: Callable[[Any, Any, int], None]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    draws: tuple[str, ...]
    after: str = ""
