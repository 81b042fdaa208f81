"""The ensemble: parameter sets that agree with the published figures, as shipped with the package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calibration.priors import FREE
from sim.errors import InputError

__all__ = [
    "WORLDS_PER_SET",
    "Ensemble",
    "read_ensemble",
    "set_of",
    "sets_of",
    "shipped_ensemble",
    "text_of",
]

WORLDS_PER_SET = 2
"""Neighbouring worlds of a comparison that share a parameter set, so that chance can be told apart."""

_FILE = "ensemble.csv"


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Parameter sets, all equally plausible.

    Attributes
    ----------
    keys
        The parameters that vary: ``section.name``.
    values
        Shape (sets, parameters).
    """

    keys: tuple[str, ...]
    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.values)

    def set_at(self, number: int, fixed: frozenset[str] = frozenset()) -> dict[str, float]:
        """One set, by key, without those parameters that a scenario has fixed."""
        row = self.values[number % len(self.values)].tolist()
        return {key: value for key, value in zip(self.keys, row, strict=True) if key not in fixed}

    def without(self, fixed: frozenset[str]) -> tuple[str, ...]:
        """The parameters that vary where some are fixed."""
        return tuple(key for key in self.keys if key not in fixed)


def set_of(replicate: int) -> int:
    """Number of the parameter set of a world."""
    return replicate // WORLDS_PER_SET


def sets_of(worlds: Sequence[int], size: int) -> NDArray[np.int64]:
    """Numbers of the parameter sets of worlds, for an ensemble of `size` sets: the first follows the last."""
    return np.array([set_of(world) % size for world in worlds], dtype=np.int64)


def read_ensemble(path: str | Path) -> Ensemble:
    """Read parameter sets from a CSV file: a heading of ``section.name``, one set per line.

    Raises
    ------
    InputError
        Naming file, line and what is wrong: no such file, an unknown parameter, a value out of the
        allowed range.
    """
    place = Path(path)
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the ensemble cannot be read", remedy="name a CSV file of parameter sets", file=place
        ) from error
    return _parsed([line for line in lines if not line.startswith("#")], place)


def _parsed(lines: list[str], place: Path) -> Ensemble:
    from sim.scenario.schema import sections

    keys = tuple(lines[0].split(",")) if lines else ()
    limits = []
    for key in keys:
        section, _, name = key.partition(".")
        group = sections().get(section)
        if group is None or name not in group.names() or not group[name].is_numeric:
            raise InputError(
                f"{key!r} is not a parameter that can vary",
                remedy="make the ensemble again with mentorsim calibrate",
                file=place,
                line=1,
            )
        limits.append((group[name].low, group[name].high))
    rows = list(_rows(lines[1:], limits, place))
    if not rows:
        raise InputError("there are no parameter sets in it", remedy="make it again", file=place)
    return Ensemble(keys, np.array(rows))


def _rows(
    lines: list[str], limits: list[tuple[float, float]], place: Path
) -> Iterator[list[float]]:
    for number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        try:
            row = [float(cell) for cell in line.split(",")]
        except ValueError:
            row = []
        inside = len(row) == len(limits) and all(
            low <= value <= high for value, (low, high) in zip(row, limits, strict=True)
        )
        if not inside:
            raise InputError(
                "this is not a set of allowed values",
                remedy="make it again",
                file=place,
                line=number,
            )
        yield row


@cache
def shipped_ensemble() -> Ensemble:
    """The ensemble that comes with the package."""
    place = files("sim.calibration").joinpath("data", _FILE)
    text = place.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return _parsed(lines, Path(_FILE))


def text_of(values: NDArray[np.float64], heading: Mapping[str, str]) -> str:
    """The text of an ensemble's file: remarks, the keys, one set per line (five digits)."""
    lines = [f"# {name}: {value}" for name, value in heading.items()]
    lines.append(",".join(one.key for one in FREE))
    lines += [",".join(f"{value:.5g}" for value in row) for row in values.tolist()]
    return "\n".join(lines) + "\n"
