"""Everything that is wrong with a study, said at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import InputError
from sim.scenario.positions import Position
from sim.scenario.source import dotted

__all__ = ["Problems"]


@dataclass
class Problems:
    """Collects what is wrong, with the place of each.

    Attributes
    ----------
    file, lines
        The study file and the line of each key in it, where there is one.
    found
        What was found so far.
    """

    file: Path | None = None
    lines: Mapping[Position, int] = field(default_factory=dict)
    found: list[InputError] = field(default_factory=list)

    def error(self, place: Position, problem: str, remedy: str) -> InputError:
        """The error about one place: its line is that of the place, else of what it stands in."""
        above = (place[:length] for length in range(len(place), 0, -1))
        line = next((self.lines[one] for one in above if one in self.lines), None)
        return InputError(
            problem, remedy=remedy, file=self.file, line=line, key=dotted(place) or None
        )

    def add(self, place: Position, problem: str, remedy: str) -> None:
        """Note one thing that is wrong, and go on."""
        self.found.append(self.error(place, problem, remedy))

    def keep(self, error: InputError) -> None:
        """Note what another part of the package complained about."""
        self.found.append(error)

    def raise_if_any(self) -> None:
        """Raise one error that holds all that was noted.

        Raises
        ------
        InputError
            If anything was noted; with several, its message has a line for each.
        """
        if not self.found:
            return
        if len(self.found) == 1:
            raise self.found[0]
        told = dict.fromkeys(error.describe() for error in self.found)
        problem = f"{len(told)} things are wrong with this study:\n" + "\n".join(
            f"  {text}" for text in told
        )
        raise InputError(problem)
