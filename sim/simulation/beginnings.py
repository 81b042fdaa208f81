"""Worlds lived once for all variants up to the month in which their programmes begin to act.

Until then variants that differ in their programme only are the same firm, month for month: nothing reads
a programme's settings before it acts (a test holds the mechanisms to that). So the firm is set up and lived
to that month once, and each variant goes on from a copy.

A batch of variants of one replicate, from Python::

    beginnings = Beginnings(plans)
    for plan in plans:
        world = beginnings.simulation(plan, seed, replicate).run()
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.simulation.plan import Plan
from sim.simulation.simulation import Simulation

__all__ = ["Beginnings", "SEEN_LATER", "begin_alike", "beginning_key", "first_act"]

SEEN_LATER = ("programme", "levers", "support", "volunteering", "pairing")
"""Sections of the record of parameters that nothing reads before a programme first acts."""

_MOST_PEOPLE = 100_000
"""People of all beginnings that are kept at a time, some 1 kB each; larger firms are lived anew each time."""

_MOST_WORLDS = 64


def begin_alike(one: Plan, other: Plan) -> bool:
    """Whether two plans are the same firm until the first of their programmes acts."""
    return (
        _is_plain(one)
        and _is_plain(other)
        and one.chart is other.chart
        and one.roster is other.roster
        and (one.months, one.window_start) == (other.months, other.window_start)
        and one.settings["organisation"] == other.settings["organisation"]
        and np.array_equal(one.environment, other.environment)
        and np.array_equal(one.skill, other.skill)
        and _seen_before(one) == _seen_before(other)
    )


def beginning_key(plan: Plan) -> tuple[Any, ...] | None:
    """What decides a plan's firm until its programme first acts, to look it up by: plans with equal keys
    :func:`begin_alike`. None for a plan whose beginning cannot be shared."""
    if not _is_plain(plan):
        return None
    told = (repr(plan.settings["organisation"]), plan.environment.tobytes(), plan.skill.tobytes())
    whose = (id(plan.chart), id(plan.roster), plan.months, plan.window_start)
    return *whose, *told, _seen_before(plan)


def _is_plain(plan: Plan) -> bool:
    """Whether a plan's months are the compiled ones, without added or optional mechanisms."""
    return not (plan.optional or plan.added)


def _seen_before(plan: Plan) -> bytes:
    """The parameters that matter from the first month on."""
    record = plan.record.copy()
    for section in SEEN_LATER:
        record[section] = np.zeros((), record.dtype[section])
    return record.tobytes()


def first_act(plan: Plan) -> int:
    """The month in which a plan's programme first acts; that after the last one if none does."""
    return min(plan.calendar.months, default=plan.months)


class _World:
    """What is kept of one replicate: beginnings of variants that do not begin alike, and how often it was asked for."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.begun: list[Simulation] = []
        self.asked = 0


class Beginnings:
    """The beginnings of some replicates, for several threads at once.

    Parameters
    ----------
    plans
        The variants that will be asked for, each once in each replicate. Their parameters may be changed
        by record (:func:`sim.simulation.plan.with_parameters`), the calendars of their programmes not.
    """

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._plans = tuple(plans)
        self._first = min(map(first_act, plans), default=0)
        people = max([1, *(plan.chart.posts for plan in plans)])
        self._most = min(_MOST_WORLDS, _MOST_PEOPLE // people)
        self._lock = threading.Lock()
        self._worlds: dict[int, _World] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        # In another process nothing has been lived yet.
        return type(self), (self._plans,)

    def simulation(
        self, plan: Plan, seed: int, world: int, *, people: bool = False, dyads: bool = False
    ) -> Simulation:
        """A world of a plan, begun as far as it can be shared; ready to :meth:`Simulation.run`.

        The same numbers as of a world that is lived alone. `seed`, `people` and `dyads` must be the same
        whenever it is called.
        """
        if len(self._plans) < 2 or self._most < 1:
            return Simulation(plan, seed, world, keep_people=people, keep_dyads=dyads)
        with self._lock:
            kept = self._worlds.setdefault(world, _World())
            kept.asked += 1
            if kept.asked == len(self._plans) or len(self._worlds) > self._most:
                self._worlds.pop(world if kept.asked == len(self._plans) else min(self._worlds))
        with kept.lock:
            for begun in kept.begun:
                if begin_alike(begun.plan, plan):
                    return begun.fork(plan)
            begun = Simulation(plan, seed, world, keep_people=people, keep_dyads=dyads)
            if not _is_plain(plan):
                return begun
            begun.approach(self._first)
            kept.begun.append(begun)
            return begun.fork(plan)
