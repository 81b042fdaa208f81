"""Write the data of a run of a classic model: a roster with everybody's levels, and the ties.

Usage: ``python prepare.py cowan_jonard [--run N] [--rewired SHARE] [--experts SHARE] [FOLDER]`` or
``python prepare.py deffuant [--run N] [FOLDER]``

The files are those that the scenarios of this folder name; they are written to ``FOLDER``, by default
``data`` beside this script. Runs differ in their luck: the same run gives the same files, byte for byte.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["cowan_jonard", "deffuant", "small_world"]

FIELDS = 5
"""Fields of knowledge in Cowan & Jonard."""


def small_world(
    people: int, links: int, rewired: float, luck: np.random.Generator
) -> list[tuple[int, int]]:
    """Watts & Strogatz (1998): a ring in which everybody has `links` neighbours, a share of links rewired.

    Each link stands twice, once from either end, because ties are directed.
    """
    half = links // 2
    ends = (np.arange(people)[:, None] + np.arange(1, half + 1)) % people
    neighbours: list[set[int]] = [set() for _ in range(people)]
    for one, row in enumerate(ends):
        for other in row:
            neighbours[one].add(int(other))
            neighbours[int(other)].add(one)
    for place in range(half):
        for one in range(people):
            if luck.random() >= rewired:
                continue
            new = int(luck.integers(people))
            while new == one or new in neighbours[one]:
                new = int(luck.integers(people))
            old = int(ends[one, place])
            neighbours[one].remove(old)
            neighbours[old].remove(one)
            neighbours[one].add(new)
            neighbours[new].add(one)
            ends[one, place] = new
    return [(one, other) for one, found in enumerate(neighbours) for other in sorted(found)]


def _write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)
    return path


def _write_roster(path: Path, levels: NDArray[np.float64], names: Sequence[str], top: int) -> Path:
    """People of one level in one department, with the levels of their skills on a scale of 0 to `top`."""
    return _write(
        path,
        ("employee_id", "level", "department", f"skills_have_0_{top}"),
        (
            (
                number,
                1,
                "All",
                ";".join(f"{name}:{value:.6f}" for name, value in zip(names, row, strict=True)),
            )
            for number, row in enumerate(levels.tolist(), 1)
        ),
    )


def cowan_jonard(
    folder: Path, run: int = 0, *, rewired: float = 0.1, experts: float = 0.05, people: int = 500
) -> tuple[Path, Path]:
    """Cowan & Jonard 2004: knowledge even on 0 to 10; experts, as many in each field, have 30 in one.

    Returns
    -------
    The files of the roster and of the ties, ten to everybody on average.
    """
    luck = np.random.default_rng((run, int(1000 * rewired)))
    knowledge = luck.uniform(0.0, 10.0, (people, FIELDS))
    chosen = luck.choice(people, round(experts * people), replace=False)
    knowledge[chosen, np.arange(len(chosen)) % FIELDS] = 30.0
    names = [f"field_{number + 1}" for number in range(FIELDS)]
    links = small_world(people, 10, rewired, luck)
    return (
        _write_roster(folder / "cowan_jonard_roster.csv", knowledge, names, 30),
        _write(
            folder / "cowan_jonard_ties.csv",
            ("source", "target"),
            ((one + 1, other + 1) for one, other in links),
        ),
    )


def deffuant(folder: Path, run: int = 0, *, people: int = 1000) -> Path:
    """Deffuant et al. 2000: opinions even on 0 to 1. Returns the file of the roster."""
    opinions = np.random.default_rng(run).random((people, 1))
    return _write_roster(folder / "deffuant_roster.csv", opinions, ["opinion"], 1)


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="Write the data of a run of a classic model.")
    parser.add_argument("model", choices=("cowan_jonard", "deffuant"))
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parent / "data")
    parser.add_argument("--run", type=int, default=0, help="which run, from 0")
    parser.add_argument("--rewired", type=float, default=0.1, help="share of links rewired")
    parser.add_argument("--experts", type=float, default=0.05, help="share of people")
    arguments = parser.parse_args()
    if arguments.model == "deffuant":
        deffuant(arguments.folder, arguments.run)
    else:
        cowan_jonard(
            arguments.folder, arguments.run, rewired=arguments.rewired, experts=arguments.experts
        )


if __name__ == "__main__":
    main()
