"""One world's life: the phases of a month in their order, and many months at a stretch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.state import Real, State, handle_of
from sim.mechanisms.month import AFTER_PROGRAMME, BEFORE_PROGRAMME, OPTIONAL, has_room, live_months
from sim.mechanisms.recording import begin_month
from sim.programme.moment import Moment
from sim.programme.programme import Programme
from sim.registry import ADDED
from sim.simulation.plan import Plan
from sim.simulation.start import new_state

__all__ = ["Simulation", "WorldResult", "programme_of", "simulate"]

Watcher = Callable[[str, State, Any, int], None]
"""Called between mechanisms: name of the last one, state, parameters, month."""


@dataclass(frozen=True, slots=True)
class WorldResult:
    """What one world leaves behind.

    Attributes
    ----------
    world
        The replicate.
    monthly
        Sums over the people of each month, shape (months, len(columns.MEASURES)).
    tally
        Sums over the window by group of people, shape (4 generations + levels + departments, same).
    state
        The whole state at the end, where people or pairs were asked for one by one; else None.
    """

    world: int
    monthly: Real
    tally: Real
    state: State | None


def simulate(
    plan: Plan, seed: int, world: int, *, people: bool = False, dyads: bool = False
) -> WorldResult:
    """Live through one world from beginning to end.

    Parameters
    ----------
    plan
        The variant.
    seed, world
        Master seed and replicate.
    people, dyads
        Whether the state is kept, with everybody who left and every pair that ended.
    """
    simulation = Simulation(plan, seed, world, keep_people=people, keep_dyads=dyads).run()
    state = simulation.state
    return WorldResult(world, state.monthly, state.tally, state if people or dyads else None)


def programme_of(plan: Plan) -> Programme:
    """The programme of a world that is about to begin."""
    return Programme(plan.policies, plan.settings, plan.calendar, plan.wishes, plan.listed)


class Simulation:
    """One world, month by month.

    Parameters
    ----------
    plan
        The variant.
    seed, world
        Master seed and replicate: they decide all luck.
    keep_people, keep_dyads
        Whether leavers and ended pairs are written down one by one.
    """

    def __init__(
        self,
        plan: Plan,
        seed: int,
        world: int,
        *,
        keep_people: bool = False,
        keep_dyads: bool = False,
    ) -> None:
        self.plan = plan
        self.seed = seed
        self.world = world
        self.state: State = new_state(
            plan, seed, world, keep_people=keep_people, keep_dyads=keep_dyads
        )
        self.handle = handle_of(self.state)
        self.programme = programme_of(plan)
        self.month = 0
        self._begun = False
        """Whether the present month has had its phases 1 to 3."""

    def __getstate__(self) -> dict[str, Any]:
        """All but the handle, which cannot be pickled or copied."""
        return {name: value for name, value in self.__dict__.items() if name != "handle"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.handle = handle_of(self.state)

    def run(self, months: int | None = None) -> Simulation:
        """Live through `months` more months, by default to the end of the plan; returns itself."""
        if self.plan.added or self.plan.optional:
            return self.run_phase_by_phase(months)
        end = self.plan.months if months is None else min(self.plan.months, self.month + months)
        if not ADDED.reporters:
            return self._run_until(end)
        while self.month < end:
            self._run_until(self.month + 1)
            self._report(self.month - 1)
        return self

    def _run_until(self, end: int) -> Simulation:
        """Live through the compiled months before `end`."""
        while self.month < end:
            self._make_room()
            if self.month in self.plan.calendar.months:
                self._begin_month()
                self.act()
            self._live(self._next_stop(end))
        return self

    def approach(self, month: int) -> None:
        """Live as far as the programme's phase of a month that is still to come, whatever the calendar says."""
        end = min(month, self.plan.months)
        while self.month < end:
            self._make_room()
            self._live(end)
        if end < self.plan.months:
            self._make_room()
            self._begin_month()

    def fork(self, plan: Plan) -> Simulation:
        """The same world, to go on under another plan: see :mod:`sim.simulation.beginnings`.

        The programme of neither must have acted yet.
        """
        other = object.__new__(Simulation)
        other.__dict__.update(self.__dict__)
        other.plan = plan
        shared: dict[str, Any] = {"skill": plan.skill, "surroundings": plan.environment}
        own: dict[str, Any] = {
            name: column.copy()
            for name, column in self.state._asdict().items()
            if isinstance(column, np.ndarray) and name not in shared
        }
        other.state = self.state._replace(**own, **shared)
        other.handle = handle_of(other.state)
        other.programme = programme_of(plan)
        return other

    def _next_stop(self, end: int) -> int:
        """The next month in which the programme acts, or `end`."""
        return min([end, *(month for month in self.plan.calendar.months if month > self.month)])

    def _live(self, end: int) -> None:
        """Live through the months up to `end`, or until room must be made."""
        begun, self._begun = int(self._begun), False
        self.month = live_months(self.handle, self.plan.record, self.month, end, begun, 0)

    def _begin_month(self) -> None:
        """Phases 1 to 3 of the present month, unless it has had them."""
        if not self._begun:
            live_months(self.handle, self.plan.record, self.month, self.month, 0, 1)
            self._begun = True

    def moment(self) -> Moment:
        """The world as it stands in the present month."""
        return Moment(self.state, self.handle, self.plan.record, self.month)

    def act(self) -> None:
        """Phase 4 of the present month: the programme checks in with pairs, opens a cohort."""
        self.programme.act(self.moment())

    def run_phase_by_phase(
        self,
        months: int | None = None,
        *,
        without: tuple[str, ...] = (),
        between: Watcher | None = None,
    ) -> Simulation:
        """As :meth:`run`, every mechanism called by itself.

        Parameters
        ----------
        without
            Names of mechanisms to leave out.
        between
            Called after each mechanism with its name, the state, the parameters and the month; also
            with "begin" after the books are opened, and with "programme" after the programme acts.
        """
        end = self.plan.months if months is None else min(self.plan.months, self.month + months)
        p = self.plan.record[0]
        while self.month < end:
            self._make_room()
            begin_month(self.handle, p, self.month)
            self._call_added("begin")
            if between is not None:
                between("begin", self.state, p, self.month)
            for stage in (BEFORE_PROGRAMME, AFTER_PROGRAMME):
                for mechanism in stage:
                    if mechanism.name not in without:
                        mechanism.kernel(self.handle, p, self.month)
                    self._call_added(mechanism.name)
                    if between is not None:
                        between(mechanism.name, self.state, p, self.month)
                    self._call_optional(mechanism.name, without, between)
                if stage is BEFORE_PROGRAMME and self.month in self.plan.calendar.months:
                    self.act()
                    self._call_added("programme")
                    if between is not None:
                        between("programme", self.state, p, self.month)
            self._report(self.month)
            self.month += 1
        return self

    def _report(self, month: int) -> None:
        """Write down what was added to be recorded, as things stand when the month is over."""
        if ADDED.reporters:
            seen = _read_only(self.state)
            for name, of in ADDED.reporters.items():
                value = of(seen, self.plan.record[0], month)
                self.state.monthly[month, ADDED.measures[name]] = value

    def _call_optional(self, place: str, without: tuple[str, ...], between: Watcher | None) -> None:
        """Call the optional mechanisms that are on and act behind another one."""
        for mechanism in OPTIONAL:
            on = mechanism.name in self.plan.optional and mechanism.name not in without
            if on and mechanism.after == place:
                p = self.plan.optional_record[0]
                mechanism.kernel(self.handle, p, self.month)
                if between is not None:
                    between(mechanism.name, self.state, p, self.month)

    def _call_added(self, place: str) -> None:
        """Call the mechanisms from outside the package that act behind a mechanism of the model."""
        for mechanism, own in self.plan.added:
            if mechanism.after == place:
                mechanism.step(self.state, self.plan.record[0], own[0], self.month)

    def _make_room(self) -> None:
        """Double the tables of leavers and of ended pairs where the next month might not fit."""
        if has_room(self.handle):
            return
        state = self.state
        self.state = state._replace(
            leavers=_grown(state.leavers),
            leavers_skills=_grown(state.leavers_skills),
            ended=_grown(state.ended),
        )
        self.handle = handle_of(self.state)


def _read_only(state: State) -> State:
    """The same arrays, for looking only."""
    views: dict[str, Any] = {
        name: array.view()
        for name, array in zip(State._fields, state, strict=True)
        if isinstance(array, np.ndarray)
    }
    for view in views.values():
        view.flags.writeable = False
    return state._replace(**views)


def _grown(table: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.concatenate([table, np.zeros_like(table)])
