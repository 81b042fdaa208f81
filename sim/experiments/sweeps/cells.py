"""Which runs a sweep is made of, and which of them are the same run.

A cell is a variant at a point. A run is a cell and a replicate; replicate r is the same firm, with the same
luck, in every cell. Cells in which the same thing happens share their runs: the one that comes first is
simulated, the others copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.experiments.sweeps.model import Model

__all__ = ["STATES", "Cells", "run_id"]

STATES = ("", "ok", "failed", "timed_out", "worker_died")
"""What can be said of a run, by its number in :attr:`Cells.state`."""


def run_id(point: int, variant: int, replicate: int) -> str:
    """The name of a run, which stays its own when replicates or points are added."""
    return f"{point}.{variant}.{replicate}"


class Cells:
    """The cells of a sweep with the state of every run.

    Parameters
    ----------
    model
        What is run.
    watched
        How many outcomes are watched while it runs.

    Attributes
    ----------
    variants
        Their number.
    rows
        The points so far.
    owner
        For each cell, the first cell in which the same happens; shape (cells,).
    state
        Position in :data:`STATES` of every run; shape (cells, replicates).
    values
        Watched outcomes; shape (watched, cells, replicates).
    """

    def __init__(self, model: Model, watched: int = 0) -> None:
        self.model = model
        self.variants = len(model.variants)
        self.rows: list[tuple[object, ...]] = []
        self.owner = np.zeros(0, dtype=np.int64)
        self.state = np.zeros((0, 0), dtype=np.int8)
        self.values = np.full((watched, 0, 0), np.nan)
        self._first: dict[tuple[object, ...], int] = {}

    def add(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Append points."""
        owners: list[int] = []
        for row in rows:
            for variant in range(self.variants):
                cell = len(self.owner) + len(owners)
                key = (variant, *self.model.decides(variant, row))
                owners.append(self._first.setdefault(key, cell))
            self.rows.append(row)
        self.owner = np.concatenate([self.owner, np.array(owners, dtype=np.int64)])
        self._grow(len(self.owner), self.state.shape[1])

    def _grow(self, cells: int, replicates: int) -> None:
        cells, replicates = max(cells, self.state.shape[0]), max(replicates, self.state.shape[1])
        if (cells, replicates) == self.state.shape:
            return
        state = np.zeros((cells, replicates), dtype=np.int8)
        values = np.full((len(self.values), cells, replicates), np.nan)
        old = self.state.shape
        state[: old[0], : old[1]] = self.state
        values[:, : old[0], : old[1]] = self.values
        self.state, self.values = state, values

    def cell(self, point: int, variant: int) -> int:
        """Position of a cell."""
        return point * self.variants + variant

    def put(self, cell: int, replicate: int, status: str, watched: Sequence[float]) -> None:
        """Note how a run ended. What is finished stays so."""
        if replicate >= self.state.shape[1]:
            self._grow(0, max(replicate + 1, 2 * self.state.shape[1]))
        if self.state[cell, replicate] != 1:
            self.state[cell, replicate] = STATES.index(status)
            self.values[:, cell, replicate] = watched

    def seen(self) -> NDArray[np.float64]:
        """Watched outcomes of all cells, copies among them; shape (watched, points, variants, replicates)."""
        values = self.values[:, self.owner]
        return values.reshape(len(values), len(self.rows), self.variants, -1)

    def done(self) -> NDArray[np.bool_]:
        """Which runs have ended, copies among them; shape (points, variants, replicates)."""
        done: NDArray[np.bool_] = self.state[self.owner] != 0
        return done.reshape(len(self.rows), self.variants, -1)

    def of_owners(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Replicates wanted of each cell that is simulated: the most that any of its copies wants; 0 for copies."""
        most = np.zeros(len(self.owner), dtype=np.int64)
        np.maximum.at(most, self.owner, wanted.ravel())
        return most

    def todo(
        self, wanted: NDArray[np.int64], shard: tuple[int, int] = (1, 1)
    ) -> Iterator[tuple[int, int]]:
        """Yield (cell, replicate) of what is not done: replicate 0 of all cells first, and so on.

        Parameters
        ----------
        wanted
            Replicates of each cell, shape (points, variants).
        shard
            Which part of how many.
        """
        most = self.of_owners(wanted)
        self._grow(0, int(most.max(initial=0)))
        simulated = np.flatnonzero(self.owner == np.arange(len(self.owner)))
        rank = np.arange(len(simulated))
        part, parts = shard
        for replicate in range(int(most.max(initial=0))):
            mine = (replicate * len(simulated) + rank) % parts == part - 1
            open_ = mine & (most[simulated] > replicate) & (self.state[simulated, replicate] == 0)
            for cell in simulated[open_].tolist():
                yield cell, replicate

    def count(self, wanted: NDArray[np.int64], shard: tuple[int, int] = (1, 1)) -> tuple[int, int]:
        """Runs that are to be simulated in all, and those of them that are done."""
        most = self.of_owners(wanted)
        self._grow(0, int(most.max(initial=0)))
        simulated = np.flatnonzero(self.owner == np.arange(len(self.owner)))
        number = np.arange(self.state.shape[1])
        asked = number[None, :] < most[simulated][:, None]
        index = number[None, :] * len(simulated) + np.arange(len(simulated))[:, None]
        asked &= index % shard[1] == shard[0] - 1
        done = asked & (self.state[simulated] != 0)
        return int(asked.sum()), int(done.sum())
