"""A study: what is asked of which model, at which points, how often, and how far one may rely on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.experiments.sweeps.designs import LATER, Block
from sim.experiments.sweeps.factors import EVERY, Factor
from sim.experiments.sweeps.model import FirmModel, FunctionModel, Model
from sim.experiments.sweeps.stopping import Stopping
from sim.scenario.frozen import plain

__all__ = ["Execution", "Row", "Study"]

Row = tuple[Any, ...]

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Execution:
    """How a study is run; it never changes a result.

    Attributes
    ----------
    workers
        Processes; None for as many as there are processors.
    engine
        "local", "here" (this process, one run at a time) or "dask:ADDRESS".
    timeout_seconds
        After which a run is given up; None for never.
    batch_seconds
        Work that a process is handed at a time.
    """

    workers: int | None = None
    engine: str = "local"
    timeout_seconds: float | None = None
    batch_seconds: float = 1.0


@dataclass(frozen=True)
class Study:
    """A study, checked and complete.

    Attributes
    ----------
    title, question
        What it asks.
    model
        What is simulated.
    factors
        What varies.
    blocks
        Its designs, one after another.
    replicates
        Runs of every variant at every point, where the stopping rule asks for no more.
    outcomes
        What the analysis looks at unless it is asked for others; every outcome is recorded.
    stopping
        How many replicates are enough.
    execution
        How it is run.
    document
        As it was written.
    """

    title: str
    question: str
    model: Model
    factors: tuple[Factor, ...]
    blocks: tuple[Block, ...]
    replicates: int
    outcomes: tuple[str, ...]
    stopping: Stopping = field(default_factory=Stopping)
    execution: Execution = field(default_factory=Execution)
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(factor.key for factor in self.factors)

    @property
    def proposed(self) -> Block | None:
        """The block whose points are proposed while the sweep runs, if there is one."""
        return next((block for block in self.blocks if block.kind == LATER), None)

    def rows(self) -> list[Row]:
        """The points that are known beforehand: a value for every factor, the scenario's where left out."""
        own = self.own_values()
        found: list[Row] = []
        for block in self.blocks:
            for values in block.rows:
                row = list(own)
                for place, value in zip(block.factors, values, strict=True):
                    if value is not None:
                        row[place] = value
                found.append(tuple(row))
        return found

    def own_values(self) -> Row:
        """What the scenario itself says for every factor; None where it is worked out, or differs."""
        if not isinstance(self.model, FirmModel):
            return (None,) * len(self.factors)
        scenario = self.model.scenario
        found: list[Any] = []
        for factor in self.factors:
            settings = scenario.settings
            if factor.variant == EVERY:
                found.append(None)
                continue
            if factor.variant is not None:
                settings = scenario.variant(factor.variant).settings
            found.append(settings[factor.section][factor.name])
        return tuple(found)

    def block_ranges(self) -> list[tuple[int, int]]:
        """First point, and the one after the last, of every block."""
        ranges, first = [], 0
        for block in self.blocks:
            ranges.append((first, first + len(block.rows)))
            first += len(block.rows)
        return ranges

    def plan(self) -> str:
        """Digest of what decides the results: model, factors, points. Replicates and stopping may change."""
        digest = hashlib.sha256(self.model.digest().encode())
        shape = [_FORMAT, [factor.as_plain() for factor in self.factors], list(self.model.outcomes)]
        for block in self.blocks:
            shape.append(
                [block.kind, block.factors, plain(block.options) if block.kind == LATER else None]
            )
        digest.update(json.dumps(shape, default=str).encode())
        for row in self.rows():
            digest.update(json.dumps([plain(value) for value in row]).encode())
        return digest.hexdigest()

    def is_function(self) -> bool:
        """Whether it runs a function rather than firms."""
        return isinstance(self.model, FunctionModel)
