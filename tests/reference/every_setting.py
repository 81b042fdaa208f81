"""Values away from the default for any declared parameter, so that none is forgotten when one is added."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["values_away"]

TRIED = (0.3, 0.7, 1.0, 2.0, 3.0, 6.0, 40.0)
"""Numbers that are tried where they are allowed, beside half of a default and twice as much."""


def values_away(parameter: Any) -> list[Any]:
    """Values of a parameter, as its declaration allows them, that differ from its default.

    Raises
    ------
    TypeError
        For a kind of parameter for which nobody has said how.
    """
    if parameter.kind == "boolean":
        return [not parameter.default]
    if parameter.kind == "choice":
        return [word for word in parameter.choices if word != parameter.default]
    if parameter.kind == "shares":
        return [dict.fromkeys(parameter.choices[-3:], 1.0 / len(parameter.choices[-3:]))]
    if parameter.kind not in ("number", "integer"):
        raise TypeError(f"{parameter.name}: no values are known for the kind {parameter.kind!r}")
    low, high = parameter.prior or (parameter.low, parameter.high)
    given = parameter.default
    wanted = [*parameter.prior] if parameter.prior else []
    if given:
        wanted += [given / 2, given * 2]
    wanted += TRIED
    if parameter.kind == "integer":
        wanted = [math.floor(number) for number in wanted]
    allowed = [number for number in wanted if low <= number <= high and number != given]
    return list(dict.fromkeys(allowed))
