"""Words for messages: values shown short and safely, allowed ranges, nearest names."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from typing import Any

from sim.parameters import Parameter

__all__ = [
    "allowed",
    "described",
    "hint",
    "limits",
    "listed",
    "measure",
    "named",
    "nearest",
    "number_text",
    "quoted",
    "visible",
]

_LONGEST = 60
_MOST_NAMES = 12


def visible(text: str, longest: int = _LONGEST) -> str:
    """Return `text` cut to `longest` characters, with unprintable ones written as escapes."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in cut
    )


def quoted(text: str) -> str:
    """Return `text`, made visible, in double quotes."""
    return f'"{visible(text)}"'


def described(value: object) -> str:
    """Say what was found, in a few words that are safe to print, however odd the value."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number of more than 19 digits"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, Mapping):
        return f"a table with {_counted(len(value), 'key')}"
    if isinstance(value, list | tuple):
        return f"a list of {_counted(len(value), 'value')}"
    return f"{type(value).__name__} {visible(str(value))}"


def named(value: object) -> str:
    """What stands where a name belongs: in quotation marks if it is one."""
    return quoted(value) if isinstance(value, str) else described(value)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def number_text(value: float) -> str:
    """Write a number as a planner would: 1200, 0.25, 1e+30."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def limits(parameter: Parameter) -> str:
    """Return the allowed range in words ("0 to 1", "at least 1"), or "" if there is none."""
    low, high = parameter.low, parameter.high
    if math.isfinite(low) and math.isfinite(high):
        return f"{number_text(low)} to {number_text(high)}"
    if math.isfinite(low):
        return f"at least {number_text(low)}"
    if math.isfinite(high):
        return f"at most {number_text(high)}"
    return ""


def measure(parameter: Parameter) -> str:
    """Return the unit and what is allowed, for a comment: "months; 1 to 1200"."""
    if parameter.kind == "boolean":
        return "true or false"
    if parameter.words:
        return listed(parameter.words)
    span = limits(parameter)
    return "; ".join(dict.fromkeys(fact for fact in (parameter.unit, span) if fact))


def allowed(parameter: Parameter) -> str:
    """Say in words which values a parameter takes, with its unit."""
    if parameter.kind in ("number", "integer"):
        noun = "a number" if parameter.kind == "number" else "a whole number"
        span = limits(parameter)
        unit = f" ({parameter.unit})" if parameter.unit not in ("", span) else ""
        joint = " from " if " to " in span else " of "
        return f"{noun}{joint}{span}{unit}" if span else f"{noun}{unit}"
    if parameter.kind == "choice":
        return f"one of {listed(parameter.words)}"
    if parameter.kind == "shares":
        names = parameter.words or ("first", "second")
        return f"names with their shares, such as {{ {names[0]} = 0.6, {names[-1]} = 0.4 }}"
    words = {"boolean": "true or false", "text": "text in quotes", "list": "a list in [ ]"}
    return words.get(parameter.kind, "a table, or a list of tables")


def listed(names: Iterable[str]) -> str:
    """Return the names in quotes, separated by commas; a long list is cut."""
    every = tuple(names)
    shown = ", ".join(quoted(name) for name in every[:_MOST_NAMES])
    rest = len(every) - _MOST_NAMES
    return f"{shown} and {rest} more" if rest > 0 else shown


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that is spelt most like `name`, if any comes close."""
    by_spelling: dict[str, str] = {}
    for candidate in names:
        by_spelling.setdefault(_spelling(candidate), candidate)
    close = difflib.get_close_matches(_spelling(name), by_spelling, n=1, cutoff=0.6)
    return by_spelling[close[0]] if close else None


def _spelling(name: str) -> str:
    """What two names are compared by: case, dashes and blanks aside, and never a long text."""
    return name[:_LONGEST].casefold().replace("-", "_").replace(" ", "_")


def hint(name: Any, names: Iterable[str]) -> str:
    """Propose the nearest of `names`, or list them if none is near."""
    every = tuple(names)
    near = nearest(name, every) if isinstance(name, str) else None
    if near is not None:
        return f"did you mean {quoted(near)}?"
    return f"choose from {listed(every)}" if every else "remove it"
