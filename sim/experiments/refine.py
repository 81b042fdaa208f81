"""A comparison that grows: a first answer from a few firms, sharpened until there are enough, or it is stopped.

Worlds that are finished are kept, so that what did not change since the last time is not simulated again.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sim.calibration.ensemble import Ensemble, shipped_ensemble
from sim.engine import compiled
from sim.errors import InputError
from sim.experiments.compare import chosen_names, comparison_of
from sim.experiments.comparison import Comparison
from sim.experiments.tasks import Job, Recorded, Results, fixed_parameters, simulate_task
from sim.registry import digests
from sim.scenario.frozen import plain
from sim.scenario.messages import described
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario
from sim.scenario.staff import roster_digest
from sim.simulation.plan import Plan, plans_of
from sim.simulation.pool import available_workers, run_tasks
from sim.simulation.turnover import with_own_turnover
from sim.simulation.warming import warm_up

__all__ = ["STAGES", "Worlds", "refine"]

STAGES = (2, 8, 32, 100)
"""Firms after which a comparison is handed out."""


class Worlds:
    """Finished worlds by what made them, the least recently used dropped first; for several threads.

    Parameters
    ----------
    most_bytes
        Memory that they may take, about.
    """

    def __init__(self, most_bytes: int = 400_000_000) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, int], Recorded] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: tuple[str, int]) -> Recorded | None:
        """A world, if it is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: tuple[str, int], world: Recorded) -> None:
        """Keep a world."""
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = world
            self._bytes += _size(world)
            while self._bytes > self.most_bytes and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= _size(dropped)


def _size(world: Recorded) -> int:
    return int(world.monthly.nbytes + world.tally.nbytes) + 500


def refine(
    scenario: Scenario,
    stages: Sequence[int] = STAGES,
    stop: threading.Event | None = None,
    *,
    variants: Sequence[str] | None = None,
    workers: int | None = None,
    ensemble: Ensemble | bool = False,
    worlds: Worlds | None = None,
) -> Iterator[Comparison]:
    """Yield the comparison of a scenario's variants, each time over more firms.

    Every comparison is the one that :func:`~sim.experiments.compare.compare` makes of as many firms, to the last
    bit.

    Parameters
    ----------
    scenario
        What to simulate.
    stages
        After how many firms a comparison is handed out, rising.
    stop
        When it is set, the iterator ends within about one world's time; what is finished stays in `worlds`.
    variants, workers, ensemble
        As for :func:`~sim.experiments.compare.compare`.
    worlds
        Where finished worlds are kept and looked for; by default nowhere.

    Raises
    ------
    InputError
        For stages that do not rise, and a variant that does not exist.
    """
    counts = list(stages)
    rising = all(isinstance(one, int) and one > 0 for one in counts) and counts == sorted(
        set(counts)
    )
    if not counts or not rising:
        problem = f"{described(stages)} are no stages"
        raise InputError(problem, remedy="give whole numbers above 0 that rise", key="stages")
    scenario = with_own_turnover(scenario)
    plans = plans_of(scenario, chosen_names(scenario, variants))
    sets = shipped_ensemble() if ensemble is True else ensemble or None
    code = [compiled.source_digest(), digests()]
    keys = tuple(_key(scenario, plan, sets, code) for plan in plans)
    going = _Going(scenario, plans, keys, sets, worlds, workers or available_workers())
    return going.run(counts, stop or threading.Event())


@dataclass
class _Going:
    """One comparison that grows."""

    scenario: Scenario
    plans: tuple[Plan, ...]
    keys: tuple[str, ...]
    sets: Ensemble | None
    worlds: Worlds | None
    workers: int

    def run(self, counts: Sequence[int], stop: threading.Event) -> Iterator[Comparison]:
        results = Results(self.plans, counts[-1])
        begun, clock = datetime.now(UTC), time.perf_counter()
        warm_up()
        for count in counts:
            if not self._reach(count, results, stop):
                return
            results.finish()
            yield comparison_of(
                self.scenario, self.plans, results, range(count), self.sets,
                made={
                    "replicates_asked": count,
                    "started": begun.isoformat(timespec="seconds"),
                    "duration_seconds": round(time.perf_counter() - clock, 3),
                    "workers": self.workers,
                    "executor": "threads",
                },
            )  # fmt: skip

    def _reach(self, count: int, results: Results, stop: threading.Event) -> bool:
        """Finish so many firms under every variant; whether it was not stopped."""
        missing: list[tuple[int, int]] = []
        for replicate in range(count):
            for variant, key in enumerate(self.keys):
                if results.done[variant, replicate]:
                    continue
                known = self.worlds.get((key, replicate)) if self.worlds is not None else None
                if known is None:
                    missing.append((variant, replicate))
                else:
                    results.put(variant, replicate, known)
        needed = sorted({variant for variant, _ in missing})
        if not needed:
            return not stop.is_set()
        chosen = tuple(self.plans[variant] for variant in needed)
        fixed = tuple(fixed_parameters(self.scenario, plan.name) for plan in chosen)
        job = Job(chosen, self.scenario.seed, False, False, self.sets, fixed)
        tasks = [replicate * len(needed) + needed.index(variant) for variant, replicate in missing]
        with closing(
            run_tasks(_simulate_listed, (job, tasks), len(tasks), workers=self.workers)
        ) as finished:
            for place, recorded in finished:
                variant, replicate = missing[place]
                results.put(variant, replicate, recorded)
                if self.worlds is not None:
                    self.worlds.put((self.keys[variant], replicate), recorded)
                if stop.is_set():
                    return False
        return not stop.is_set()


def _simulate_listed(shared: tuple[Job, list[int]], place: int) -> Recorded:
    job, tasks = shared
    return simulate_task(job, tasks[place])


def _key(scenario: Scenario, plan: Plan, sets: Ensemble | None, code: Sequence[Any]) -> str:
    """A digest of everything that decides a variant's worlds, whatever it is called."""
    settings = plain(plan.settings)
    top = settings.pop("scenario")
    if not has_programme(plan.settings):  # what is not there decides nothing, whatever was dialled
        settings["programme"] = {"policy": settings["programme"]["policy"]}
    roster = scenario.roster
    if roster is not None:
        settings["organisation"] |= {"roster": roster_digest(roster), "ties": None}
    content: list[Any] = [
        settings,
        plain(scenario.settings["organisation"]) if roster is None else None,
        [scenario.seed, top["months"], plan.window_start],
        sorted(fixed_parameters(scenario, plan.name)) if sets is not None else None,
        list(code),
    ]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode())
    if sets is not None:
        digest.update(sets.values.tobytes())
    return digest.hexdigest()
