"""One number, word or name against its declaration."""

from __future__ import annotations

import math
import os
import sys
import unicodedata
from collections.abc import Callable, Mapping

import numpy as np

from sim.errors import InputError
from sim.organisation.amounts import read_amount
from sim.parameters import Parameter
from sim.scenario.messages import allowed, described, hint, listed, number_text, quoted
from sim.scenario.positions import Position
from sim.scenario.schema import LONGEST_NAME, sections

__all__ = [
    "LARGEST_WHOLE",
    "Complain",
    "checked_name",
    "checked_scalar",
    "is_finite",
    "refuse_controls",
    "without_numpy",
    "wrong_kind",
]

Complain = Callable[[Position, str, str], InputError]
"""Makes the error to raise: place, what is wrong, what would be right."""

LARGEST_WHOLE = 2**63 - 1
_LARGEST_REAL = int(sys.float_info.max)

_MANY_LINES = {("description",)}
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KINDS = {
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "choice": "one of the choices",
    "text": "text",
    "shares": "a table of shares",
    "table": "a table",
    "list": "a list",
}


def checked_scalar(
    parameter: Parameter, value: object, place: Position, complain: Complain
) -> float | str:
    """Return `value` as the simulation uses it: numbers as floats, whole numbers as integers.

    Raises
    ------
    InputError
        Made by `complain`, if the value is of another kind or outside the allowed range.
    """
    return _CHECKS[parameter.kind](parameter, without_numpy(value), place, complain)


def without_numpy(value: object) -> object:
    """Return a NumPy scalar as the Python value that it stands for, anything else as it is."""
    return value.item() if isinstance(value, np.generic) else value


def is_finite(value: float) -> bool:
    """Whether a number, which may be a whole number of any length, is finite as a float."""
    return abs(value) <= _LARGEST_REAL


def _number(parameter: Parameter, value: object, place: Position, complain: Complain) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_kind(parameter, value, place, complain)
    if isinstance(value, float) and not math.isfinite(value):
        raise complain(place, f"{described(value)} is not a finite number", _expect(parameter))
    if parameter.kind == "integer" and value != int(value):
        raise complain(place, f"{described(value)} is not a whole number", _expect(parameter))
    fits = is_finite(value) if parameter.kind == "number" else abs(value) <= LARGEST_WHOLE
    if not (fits and parameter.low <= value <= parameter.high):
        raise complain(place, f"{described(value)} is out of range", _expect(parameter))
    return int(value) if parameter.kind == "integer" else float(value) + 0.0  # no negative zero


def _boolean(parameter: Parameter, value: object, place: Position, complain: Complain) -> bool:
    if not isinstance(value, bool):
        raise wrong_kind(parameter, value, place, complain)
    return value


def _choice(parameter: Parameter, value: object, place: Position, complain: Complain) -> str:
    if not isinstance(value, str):
        raise wrong_kind(parameter, value, place, complain)
    if value not in parameter.words:
        remedy = hint(value, parameter.words)
        if remedy.startswith("did you mean"):
            remedy = f"{remedy} The choices are {listed(parameter.words)}"
        raise complain(place, f"{quoted(value)} is not one of the choices", remedy)
    return value


def _text(parameter: Parameter, value: object, place: Position, complain: Complain) -> str:
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, str):
        raise wrong_kind(parameter, value, place, complain)
    refuse_controls(value, place, complain, "\n\t" if place in _MANY_LINES else "")
    return value


def refuse_controls(text: str, place: Position, complain: Complain, allow: str = "") -> None:
    """Raise if `text` has characters that would break a line, a table or the reading direction."""
    for character in text:
        category = unicodedata.category(character)
        odd = category in ("Cc", "Cs", "Zl", "Zp") or character in _BIDI_CONTROLS
        if odd and character not in allow:
            raise complain(
                place,
                f"{quoted(text)} contains the control character U+{ord(character):04X}",
                "use printable characters only, on one line",
            )


def checked_name(value: object, place: Position, complain: Complain) -> str:
    """Return a name that can stand in tables: 1 to 100 printable characters.

    Raises
    ------
    InputError
        If it is not text, is empty, has blanks at its ends or control characters, or is too long.
    """
    if not isinstance(value, str):
        raise complain(place, f"{described(value)} is not a name", "write a name in quotes")
    if not value.strip():
        raise complain(place, "the name is empty", "give a name of at least one character")
    refuse_controls(value, place, complain)
    if value != value.strip():
        raise complain(
            place,
            f"the name {quoted(value)} has blanks at its ends",
            f"write {quoted(value.strip())}",
        )
    if len(value) > LONGEST_NAME:
        remedy = f"use at most {LONGEST_NAME}"
        raise complain(place, f"the name {quoted(value)} has {len(value)} characters", remedy)
    return value


def wrong_kind(
    parameter: Parameter, value: object, place: Position, complain: Complain
) -> InputError:
    """The error for a value of another kind, with the usual slips named."""
    remedy = _expect(parameter)
    if isinstance(value, str) and parameter.is_numeric:
        remedy = f"{remedy}, without quotes"
        amount = None if value.strip().isdigit() else read_amount(value)
        if amount is not None and parameter.low <= amount.value <= parameter.high:
            remedy = f"write {number_text(amount.value)}, without quotes, separators and words"
    if isinstance(value, Mapping | list | tuple) and len(place) >= 2:
        section = sections().get(str(place[-2]))
        by_level = f"{place[-1]}_by_level"
        if section is not None and by_level in section.names():
            remedy = f"{remedy}, or {by_level} = [...], the lowest level's first"
    return complain(place, f"{described(value)} is not {_KINDS[parameter.kind]}", remedy)


def _expect(parameter: Parameter) -> str:
    return f"write {allowed(parameter)}"


_CHECKS: dict[str, Callable[[Parameter, object, Position, Complain], float | str]] = {
    "number": _number,
    "integer": _number,
    "boolean": _boolean,
    "choice": _choice,
    "text": _text,
}
