"""The Mesa face: a simulated firm as an ordinary :class:`mesa.Model`, its people as Mesa agents.

The only module that imports Mesa. Months are lived by the engine (:mod:`sim.simulation.simulation`), which knows
nothing of agents; employees are made, and brought up to date, when somebody looks. Looking draws
nothing and changes nothing, so a model that is looked at every month ends as one that never was.
"""

from __future__ import annotations

import inspect
import math
import operator
import os
import sys
from collections.abc import Iterable, Mapping
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import mesa
import numpy as np
from mesa import Agent, Model

from sim.agents.employees import Colleague, FormerEmployee
from sim.agents.faces import Faces
from sim.engine import columns
from sim.scenario import Scenario, load_scenario
from sim.simulation.plan import Plan, plans_of
from sim.simulation.simulation import Simulation
from sim.simulation.turnover import with_own_turnover
from sim.simulation.warming import warm_up

if TYPE_CHECKING:
    from mesa.agent import AgentSet

__all__ = ["Employee", "FormerEmployee", "MentoringModel"]


_NOT_BY_HAND = (
    "employees cannot be removed, they leave by themselves; the [departures] section and the "
    "shocks of [environment] decide how many do"
)

_FIRST_OTHER = 10**9
"""Number of the first agent that is no employee: behind all that people can have."""


class _NoCounter:
    """Stands in for the table of ids in which Mesa 3.3 would keep every model for ever."""

    def __getitem__(self, model: Model) -> Self:
        return self

    def __next__(self) -> int:
        return 0


class Employee(Colleague, Agent):  # type: ignore[misc]
    """A person who works in the firm, as a Mesa agent: attributes read and write the engine's columns.

    Employees are hired and leave in the life of the firm, never by code: find them in
    ``model.agents``. One person is one object, for the whole stay; when the person leaves, the object
    becomes a :class:`FormerEmployee`.

    A subclass may have a ``step`` of its own. Hand it to the model
    (``MentoringModel(scenario, employee_class=MyEmployee)``), and after each month of the engine it is
    called for everybody present, in the order of person numbers: it sees the state at the end of the
    month, and the next month begins from what it writes. That makes a month many times slower (an
    attribute costs about a third of a microsecond); a behaviour that proves itself belongs in a
    mechanism. What a subclass sets on its objects stays on them; ``__slots__`` do not work.

    Examples
    --------
    >>> class Curious(Employee):
    ...     def step(self):
    ...         self.skills["digital_tools"] = min(1.0, self.skills["digital_tools"] + 0.01)
    >>> model = MentoringModel(organisation={"employees": 20}, employee_class=Curious)
    >>> model.step()
    """

    _ids = _NoCounter()

    def __init__(self, model: MentoringModel, slot: int) -> None:
        number = model.faces.number_at(slot)
        super().__init__(model)
        self.slot = slot
        self.unique_id = number

    def remove(self) -> None:
        """Refuse: people leave in the life of the firm.

        Raises
        ------
        RuntimeError
            Always.
        """
        raise RuntimeError(_NOT_BY_HAND)


class MentoringModel(Model):  # type: ignore[misc]
    """One simulated firm, a month per step.

    Parameters
    ----------
    scenario
        A scenario, the path of a scenario file, or None for the defaults.
    variant
        Name or position of the variant; by default the first that is not the baseline.
    seed
        Master seed instead of the scenario's, 0 to 2**64 - 1. It decides everything that happens;
        ``model.random`` and ``model.rng`` are for your own use and have no influence on the firm.
    replicate
        Which of the scenario's simulated firms, 0 to 2**32 - 1. Under Mesa's ``batch_run`` with several
        iterations, each iteration is the next firm.
    keep_people
        Whether it is written down what people were when they left (see :attr:`former_employees`).
    employee_class
        :class:`Employee`, or your subclass of it.
    **settings
        Settings to replace in the scenario, as in :meth:`sim.Scenario.with_settings`:
        ``months=24``, ``organisation={"employees": 50}``.

    Raises
    ------
    InputError
        If the scenario or a setting is wrong.
    TypeError, ValueError
        For other arguments of the wrong kind, or out of range.

    Attributes
    ----------
    simulation
        The engine's world, to be read; months pass by :meth:`step`.
    seed, replicate
        As given; they decide all luck.
    faces
        The employees that have been looked at.

    Notes
    -----
    ``model.scenario`` is the scenario given here. Mesa 3.5 gives the name to an experimental class of
    its own that its SolaraViz insists on; for SolaraViz, let a subclass set
    ``scenario = property(lambda self: None, lambda self, value: None)``.

    Examples
    --------
    >>> model = MentoringModel(months=24, organisation={"employees": 30}, seed=7)
    >>> model.step()
    >>> model.month, model.running
    (1, True)
    >>> len(model.agents) == model.headcount
    True
    >>> newest = max(model.agents, key=lambda employee: employee.unique_id)
    >>> 0 < newest.quit_hazard() < 1
    True
    """

    _is_ready = False
    _leaving: Employee | None = None
    _others = 0

    def __init__(
        self,
        scenario: Scenario | str | os.PathLike[str] | None = None,
        *,
        variant: str | int | None = None,
        seed: int | None = None,
        replicate: int = 0,
        keep_people: bool = True,
        employee_class: type[Employee] = Employee,
        **settings: Any,
    ) -> None:
        if not (isinstance(employee_class, type) and issubclass(employee_class, Employee)):
            raise TypeError(f"{employee_class!r} is not a subclass of Employee")
        if employee_class.__basicsize__ != Employee.__basicsize__:
            raise TypeError(f"{employee_class.__name__} must not have __slots__")
        self._scenario_given = _scenario_of(scenario, settings)
        self.seed = self._scenario_given.seed if seed is None else _whole("seed", seed)
        self.replicate = _replicate_of_batch(_whole("replicate", replicate))
        _compile_once()
        self._scenario_given = with_own_turnover(self._scenario_given)
        name = self._scenario_given.variant(variant).name
        (plan,) = plans_of(self._scenario_given, [name])
        self.simulation = Simulation(plan, self.seed, self.replicate, keep_people=keep_people)
        self.skill_places = {name: place for place, name in enumerate(plan.skill_names)}
        super().__init__(rng=self.seed + (self.replicate << 64))
        self.employee_class = employee_class
        self.faces: Faces[Employee] = Faces(self, employee_class, self._see_off)
        self._is_ready = True

    @property
    def scenario(self) -> Scenario:
        """The scenario, with the settings given to the model."""
        return self._scenario_given

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        """Refuse another one."""
        # Newer versions of Mesa put an experimental object of their own here when a model is made.
        if self._is_ready:
            raise AttributeError("a model keeps its scenario; make another model")

    @property
    def plan(self) -> Plan:
        """What the engine works from: the variant's settings, the organisation chart, the policy."""
        return self.simulation.plan

    @property
    def variant(self) -> str:
        """Name of the variant."""
        return self.plan.name

    @property
    def month(self) -> int:
        """Months lived so far, which is the number of the month that comes next."""
        return self.simulation.month

    def step(self) -> None:
        """Live through one month; after the scenario's last one, `running` is False.

        Raises
        ------
        RuntimeError
            If the scenario has ended.
        """
        if self.month >= self.plan.months:
            raise RuntimeError(
                f"the scenario has ended after {self.plan.months} months; stop where model.running is "
                "False, or give the scenario more months"
            )
        self.simulation.run(1)
        self.faces.see_leavers_off()
        if self.employee_class.step is not Agent.step:
            for employee in self.faces.present():
                employee.step()
        if self.month >= self.plan.months:
            self.running = False

    @property
    def agents(self) -> AgentSet:
        """Everybody present, in the order of person numbers, and other agents: a set of one's own."""
        self.faces.meet_newcomers()
        return copy(super().agents)

    @property
    def agent_types(self) -> list[type]:
        """Types of the agents present, as in Mesa."""
        self.faces.meet_newcomers()
        return list(super().agent_types)

    @property
    def agents_by_type(self) -> dict[type[Agent], AgentSet]:
        """Sets of agents by type, one's own."""
        self.faces.meet_newcomers()
        return {kind: copy(agents) for kind, agents in super().agents_by_type.items()}

    def register_agent(self, agent: Agent) -> Any:
        """Put an agent on the books, as Mesa does; one that is no employee gets a number that nobody has."""
        found = super().register_agent(agent)
        if not isinstance(agent, Employee):
            agent.unique_id = _FIRST_OTHER + self._others
            self._others += 1
        return found

    def deregister_agent(self, agent: Agent) -> Any:
        """Take an agent off the books, as Mesa does.

        Raises
        ------
        RuntimeError
            For an employee: people leave in the life of the firm.
        """
        if isinstance(agent, Employee) and agent is not self._leaving:
            raise RuntimeError(_NOT_BY_HAND)
        return super().deregister_agent(agent)

    def _see_off(self, employee: Employee) -> None:
        """Take an employee who has left off Mesa's books."""
        self._leaving = employee
        try:
            Agent.remove(employee)
        finally:
            self._leaving = None

    @property
    def former_employees(self) -> list[FormerEmployee]:
        """Everybody who left so far, in the order of leaving, looked at before or not.

        Raises
        ------
        RuntimeError
            In a model made with ``keep_people=False``.
        """
        if not self.simulation.state.counts[columns.KEEP_PEOPLE]:
            raise RuntimeError("leavers are not written down; make the model with keep_people=True")
        return self.faces.former()

    def employee(self, number: int) -> Employee:
        """The employee with a person number.

        Raises
        ------
        KeyError
            If nobody present has it.
        """
        whole = self.simulation.state.whole
        here = (whole[columns.NUMBER] == number) & (whole[columns.ACTIVE] == 1)
        found = self.faces.at(int(np.argmax(here))) if here.any() else None
        if found is None:
            raise KeyError(f"no employee has the number {number}")
        return found

    @property
    def headcount(self) -> int:
        """People present."""
        return int(self.simulation.state.whole[columns.ACTIVE].sum())

    @property
    def mean_engagement(self) -> float:
        """Mean engagement of the people present, 0 to 1."""
        return self._mean(columns.ENGAGEMENT)

    @property
    def mean_confidence(self) -> float:
        """Mean confidence of the people present, 0 to 1."""
        return self._mean(columns.CONFIDENCE)

    @property
    def mean_safety(self) -> float:
        """Mean psychological safety of the people present, 0 to 1."""
        return self._mean(columns.SAFETY)

    @property
    def mean_output(self) -> float:
        """Mean output of the people present, about 0 to 1."""
        return self._mean(columns.OUTPUT)

    @property
    def last_month(self) -> dict[str, float]:
        """Sums recorded in the month that was lived last, by name (``sim.engine.columns.MEASURES``).

        ``model.last_month["quits"]``; all NaN before the first month.
        """
        sums: Iterable[float] = [math.nan] * len(columns.M)
        if self.month > 0:
            sums = self.simulation.state.monthly[self.month - 1].tolist()
        return dict(zip(columns.M, sums, strict=True))

    def _mean(self, column: int) -> float:
        state = self.simulation.state
        present = state.person[column, state.whole[columns.ACTIVE] == 1]
        return float(present.mean()) if present.size else math.nan


def _whole(name: str, given: Any) -> int:
    """A seed or a replicate as a whole number.

    Raises
    ------
    TypeError
        If it is none. Texts do not serve: the same number must come out everywhere.
    """
    try:
        return operator.index(given)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {given!r}") from None


def _replicate_of_batch(replicate: int) -> int:
    """Which firm to make under Mesa's ``batch_run``: it tells a model nothing about the iteration.

    With the same arguments, all iterations would be one and the same firm. Later versions of Mesa 3 can be
    given the seeds of the iterations (``rng=[1, 2, 3]``): a model that gets one is the firm of that seed.

    Raises
    ------
    ValueError
        If the replicate is given and there are further iterations.
    """
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name == "_model_run_func":
            run = frame.f_locals.get("run", ())
            iteration = run[1] if len(run) == 3 else 0
            if iteration and _has_seed_of_batch(run[2]):
                return replicate
            if iteration and replicate:
                raise ValueError(
                    "every iteration would be the same firm, because replicate is given: use iterations=1, "
                    "or leave replicate out"
                )
            return int(iteration) or replicate
        frame = frame.f_back  # type: ignore[assignment]
    return replicate


def _has_seed_of_batch(given: Mapping[str, Any]) -> bool:
    """Whether ``batch_run`` itself has given this iteration a seed, not the parameters of all of them."""
    parameters = inspect.signature(getattr(mesa, "batch_run", len)).parameters
    return "rng" in parameters and any(given.get(name) is not None for name in ("seed", "rng"))


@cache
def _compile_once() -> None:
    warm_up()


def _scenario_of(
    given: Scenario | str | os.PathLike[str] | None, settings: Mapping[str, Any]
) -> Scenario:
    if given is None:
        return Scenario(**settings)
    if isinstance(given, str | os.PathLike):
        given = load_scenario(given)
    if not isinstance(given, Scenario):
        raise TypeError(f"a scenario or the path of a file is needed, not {given!r}")
    return given.with_settings(settings) if settings else given
