"""A plan: what all worlds of a variant share and what is worked out once: the record of
parameters, the chart, the course of the environment, the table of skills.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.mechanisms.mechanism import AddedMechanism, section_of
from sim.mechanisms.month import OPTIONAL
from sim.organisation.design import Chart, chart_from_roster, design_chart
from sim.organisation.environment import surroundings
from sim.organisation.pay import pay_of_levels
from sim.organisation.roster.roster import Roster
from sim.organisation.settings import SKILL_KINDS
from sim.outcomes.outcome import Context
from sim.parameters import fill_record, record_dtype
from sim.programme.calendar import Calendar, calendar_of
from sim.programme.invitations import invitation
from sim.programme.levers import levers_of
from sim.programme.lots import Listed
from sim.programme.policies import Policy, policies_of
from sim.programme.roster_wishes import RosterWishes, wishes_of
from sim.registry import ADDED
from sim.scenario.catalogue import RECORD, RECORD_WITH_OPTIONAL
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario

__all__ = [
    "Addition",
    "Plan",
    "Records",
    "context_of",
    "plans_of",
    "prepare",
    "records_of",
    "with_parameters",
]


class Addition(NamedTuple):
    """A mechanism from outside the package that acts in a variant.

    Attributes
    ----------
    mechanism
        What it is and does.
    own
        The record of its parameters (array of length one).
    """

    mechanism: AddedMechanism
    own: NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Plan:
    """What all worlds of one variant share.

    Attributes
    ----------
    name
        The variant's name.
    settings
        Its resolved settings, by section and name.
    months
        Length of the simulation.
    record
        The parameters as compiled rules read them (array of length one).
    chart, roster
        The organisation.
    skill
        Table of skills, shape (len(columns.SKILL_COLUMNS), K); weights add up to one.
    environment
        Factors of every month, shape (len(columns.SURROUNDINGS), months).
    policies, wishes, calendar
        The pairing policies (none without a programme), what the roster says about people's part in it,
        and the months in which it acts.
    window_start
        Month from which outcomes count: the start of the programme, in every variant alike.
    optional
        Names of the optional mechanisms of the model that are switched on.
    optional_record
        The parameters with those of the optional mechanisms (array of length one; empty if none is on).
    added
        Mechanisms from outside the package that act.
    listed
        The list that takes the place of the programme's lot, where there is one.
    """

    name: str
    settings: Any
    months: int
    record: NDArray[np.void]
    chart: Chart
    roster: Roster | None
    skill: NDArray[np.float64]
    environment: NDArray[np.float64]
    policies: tuple[Policy, ...]
    wishes: RosterWishes | None
    calendar: Calendar
    window_start: int
    optional: tuple[str, ...]
    optional_record: NDArray[np.void]
    added: tuple[Addition, ...] = ()
    listed: Listed | None = None

    @property
    def openings(self) -> tuple[int, ...]:
        """Months in which people are paired."""
        return self.calendar.openings

    @property
    def unrecorded(self) -> tuple[int, ...]:
        """Columns of added measures that nothing records under this variant: they are missing, not 0."""
        return tuple(
            column
            for name, column in ADDED.measures.items()
            if name not in ADDED.reporters
            and not any(addition.mechanism.records(name) for addition in self.added)
        )

    @property
    def skill_names(self) -> tuple[str, ...]:
        """Names of the skills, in the order of their columns."""
        return tuple(skill["name"] for skill in self.settings["organisation"]["skills"])


def with_parameters(plan: Plan, values: Mapping[str, float]) -> Plan:
    """A plan with other values of some of the model's parameters, by ``section.name``; the same firm.

    What is worked out once from the organisation, the environment or the programme stays as it is: these
    sections cannot be changed so.
    """
    settings = {name: dict(section) for name, section in plan.settings.items()}
    for key, value in values.items():
        section, _, name = key.partition(".")
        settings[section][name] = value
    return replace(
        plan, settings=settings, skill=_skill_table(settings), **records_of(settings)._asdict()
    )


def prepare(
    name: str,
    settings: Any,
    *,
    roster: Roster | None = None,
    chart: Chart | None = None,
    window_start: int | None = None,
) -> Plan:
    """Work out what all worlds of a variant share.

    Parameters
    ----------
    name, settings
        The variant's name and its resolved settings.
    roster
        The real staff, if there is any.
    chart
        A chart that was worked out before, so that the variants of a scenario share one.
    window_start
        Month from which outcomes count; by default the programme's own start.
    """
    organisation = settings["organisation"]
    if chart is None:
        chart = (
            design_chart(organisation)
            if roster is None
            else chart_from_roster(roster, organisation)
        )
    months = int(settings["scenario"]["months"])
    programme = invitation(settings["programme"], chart.level)
    settings = {**settings, "programme": programme}
    policies = policies_of(programme)
    if window_start is None:
        window_start = int(programme["start_month"])
    return Plan(
        name=name,
        settings=settings,
        months=months,
        chart=chart,
        roster=roster,
        skill=_skill_table(settings),
        environment=surroundings(settings["environment"], months),
        policies=policies,
        wishes=wishes_of(roster, [skill["name"] for skill in organisation["skills"]]),
        calendar=calendar_of(programme, months) if policies else Calendar(),
        window_start=min(window_start, months - 1),
        **records_of(settings)._asdict(),
        added=tuple(_additions(settings)),
    )


def plans_of(scenario: Scenario, names: Sequence[str] | None = None) -> tuple[Plan, ...]:
    """Prepare variants of a scenario, by default all: one chart and one window for all of them.

    The window begins with the earliest programme among all the scenario's variants, chosen or not, so
    that a variant has the same outcomes whichever others are simulated with it.
    """
    starts = [
        int(variant.settings["programme"]["start_month"])
        for variant in scenario.variants
        if has_programme(variant.settings)
    ]
    window = min(starts, default=int(scenario.settings["programme"]["start_month"]))
    chosen = [scenario.variant(name) for name in names or [v.name for v in scenario.variants]]
    plans: list[Plan] = []
    for variant in chosen:
        plan = prepare(
            variant.name,
            variant.settings,
            roster=scenario.roster,
            chart=plans[0].chart if plans else None,
            window_start=window,
        )
        plans.append(plan)
    return tuple(plans)


class Records(NamedTuple):
    """What compiled rules read under some settings.

    Attributes
    ----------
    record
        The parameters and the levers (array of length one).
    optional
        Names of the optional mechanisms of the model that are switched on.
    optional_record
        The same with the parameters of the optional mechanisms (array of length one; empty if none is
        on).
    """

    record: NDArray[np.void]
    optional: tuple[str, ...]
    optional_record: NDArray[np.void]


def records_of(settings: Any) -> Records:
    """The records of a variant's resolved settings."""
    coded = {one.name: one.parameters.coded(settings[one.name]) for one in OPTIONAL}
    values = {**settings, **coded, "levers": levers_of(settings)}
    values["pay"] = {"of_level": pay_of_levels(settings["costs"])}
    on = tuple(one.name for one in OPTIONAL if not one.parameters.is_neutral(settings[one.name]))
    with_optional = (
        fill_record(RECORD_WITH_OPTIONAL, values) if on else np.zeros(0, RECORD_WITH_OPTIONAL)
    )
    return Records(fill_record(RECORD, values), on, with_optional)


def _additions(settings: Any) -> Iterator[Addition]:
    """The added mechanisms that are active under these settings."""
    for name, mechanism in ADDED.mechanisms.items():
        if name in settings and settings[name]["active"]:
            section = section_of(mechanism)
            coded = {name: section.coded(settings[name])}
            record = fill_record(record_dtype([section]), coded)
            yield Addition(mechanism, record[name])


def _skill_table(settings: Any) -> NDArray[np.float64]:
    skills = settings["organisation"]["skills"]
    table = np.zeros((len(columns.SKILL_COLUMNS), len(skills)))
    weights = np.array([float(skill["weight"]) for skill in skills])
    table[columns.SKILL_WEIGHT] = (
        weights / weights.sum() if weights.sum() > 0 else 1.0 / len(skills)
    )
    for k, skill in enumerate(skills):
        kind = skill["kind"]
        table[columns.SKILL_KIND, k] = SKILL_KINDS.index(kind)
        table[columns.SKILL_DECAY, k] = settings["practice"][f"{kind}_decay"]
        table[columns.SKILL_PRACTICE, k] = settings["practice"][f"{kind}_practice"]
        table[columns.SKILL_ENTRY, k] = settings["skill_levels"][f"{kind}_entry"]
        table[columns.SKILL_BY_MENTORING, k] = float(skill["grows_by_mentoring"])
    return table


def context_of(plan: Plan) -> Context:
    """What the outcomes of a variant's worlds use besides what was recorded."""
    programme = plan.settings["programme"]
    length = int(programme["cohort_months"])
    openings = [month for month in plan.calendar.openings if month >= plan.window_start]
    runs = {month for first in openings for month in range(first, first + length)}
    kinds = [skill["kind"] for skill in plan.settings["organisation"]["skills"]]
    return Context(
        months=plan.months - plan.window_start,
        cohorts=len(openings) / plan.calendar.parts,
        openings=len(openings),
        running=sum(month < plan.months for month in runs),
        skills={kind: kinds.count(kind) for kind in SKILL_KINDS},
        sponsor_pay=float(pay_of_levels(plan.settings["costs"])[plan.chart.levels]),
        programme=programme,
        costs=plan.settings["costs"],
    )
