"""Where a scenario's settings come from: a file with lines, code, or a change of another scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.scenario.messages import quoted, visible
from sim.scenario.positions import Position

__all__ = ["Source", "dotted"]


def dotted(place: Position) -> str:
    """Write a place as its key: ``programme.policy``, ``organisation.skills[1].name``.

    Entries of a list are counted from 1. Parts are cut and made printable.
    """
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{visible(part)}" if text else visible(part)
    return text


@dataclass(frozen=True)
class Source:
    """What is known about where each setting was written.

    Attributes
    ----------
    file
        The file, if there is one.
    lines
        Line of each key in that file, as far as it can be told.
    changed
        Keys whose values were given in code after the file was read.
    variant_names
        Name of each variant as far as it has one, for messages.
    """

    file: Path | None = None
    lines: Mapping[Position, int] = field(default_factory=dict)
    changed: frozenset[Position] = frozenset()
    variant_names: tuple[str, ...] = ()

    def with_variants(self, tables: Iterable[Mapping[str, Any]]) -> Source:
        """Return the same, knowing the names of the variants."""
        names = (table.get("name") for table in tables)
        words = tuple(name if isinstance(name, str) else "" for name in names)
        return replace(self, variant_names=words)

    def with_changes(self, places: Iterable[Position]) -> Source:
        """Return the same, with the values at `places` given in code."""
        return replace(self, changed=self.changed | frozenset(places))

    def is_changed(self, place: Position) -> bool:
        """Whether the value at `place` was given in code after the file was read."""
        return any(place[: len(change)] == change for change in self.changed)

    def line(self, place: Position) -> int | None:
        """Line on which the key at `place` stands in the file, if it can be told."""
        return self.lines.get(place)

    def origin(self, place: Position) -> str:
        """Say where the value at `place` comes from: "line 12", "file", "changed" or "given"."""
        if self.is_changed(place):
            return "changed"
        line = self.line(place)
        if line is not None:
            return f"line {line}"
        return "given" if self.file is None else "file"

    def key(self, place: Position) -> str:
        """Name a place in a message, with the variant that it belongs to."""
        if len(place) < 2 or place[0] != "variant" or not isinstance(place[1], int):
            return dotted(place)
        number = place[1]
        named = self.variant_names[number] if number < len(self.variant_names) else ""
        variant = f"variant {quoted(named)}" if named.strip() else f"variant {number + 1}"
        rest = dotted(place[2:])
        return f"{variant}: {rest}" if rest else variant

    def error(self, place: Position, problem: str, remedy: str, *also: Position) -> InputError:
        """Return the error to raise about `place`.

        Its line is that of `place`, else that of the first place in `also` that has one, else that
        of the header above `place`. If one of these values was given in code, no file is to blame.
        """
        if any(self.is_changed(candidate) for candidate in (place, *also)):
            return InputError(problem, remedy=remedy, key=self.key(place))
        above = (place[:length] for length in range(len(place) - 1, 0, -1))
        found = (self.line(candidate) for candidate in (place, *also, *above))
        line = next((number for number in found if number is not None), None)
        return InputError(problem, remedy=remedy, file=self.file, line=line, key=self.key(place))
