"""A world: one replicate of one variant, ready to live.

A :class:`Plan` is what all worlds of a variant share and what is worked out once: the record of
parameters, the chart, the course of the environment, the table of skills.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import columns, draws
from sim.catalogue import OPTIONAL, RECORD, RECORD_WITH_OPTIONAL
from sim.extensions import ADDED, AddedMechanism, section_of
from sim.mechanisms.environment import surroundings
from sim.mechanisms.recording import work_out_outputs
from sim.mechanisms.settling import settle
from sim.organisation.design import Chart, chart_from_roster, design_chart
from sim.organisation.population import populate
from sim.organisation.roster import Roster
from sim.organisation.settings import SKILL_KINDS
from sim.parameters import fill_record, record_dtype
from sim.programme.calendar import Calendar, calendar_of
from sim.programme.levers import levers_of
from sim.programme.policies import Policy, policies_of
from sim.programme.roster_wishes import RosterWishes, wishes_of
from sim.state import State, handle_of

__all__ = ["Addition", "Plan", "empty_state", "new_state", "prepare", "with_parameters"]

VALUES = 4
"""Dimensions of the latent vector of values."""


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

    @property
    def openings(self) -> tuple[int, ...]:
        """Months in which people are paired."""
        return self.calendar.openings

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
    record = plan.record.copy()
    for key, value in values.items():
        section, _, name = key.partition(".")
        settings[section][name] = value
        if section in (record.dtype.names or ()):
            record[section][name][0] = value
    for name, value in levers_of(settings).items():
        record["levers"][name][0] = value
    optional, optional_record = _optional(settings)
    return replace(
        plan,
        settings=settings,
        record=record,
        skill=_skill_table(settings),
        optional=optional,
        optional_record=optional_record,
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
    programme = settings["programme"]
    policies = policies_of(programme)
    if window_start is None:
        window_start = int(programme["start_month"])
    optional, optional_record = _optional(settings)
    return Plan(
        name=name,
        settings=settings,
        months=months,
        record=fill_record(RECORD, {**settings, "levers": levers_of(settings)}),
        chart=chart,
        roster=roster,
        skill=_skill_table(settings),
        environment=surroundings(settings["environment"], months),
        policies=policies,
        wishes=wishes_of(roster, [skill["name"] for skill in organisation["skills"]]),
        calendar=calendar_of(programme, months) if policies else Calendar(),
        window_start=min(window_start, months - 1),
        optional=optional,
        optional_record=optional_record,
        added=tuple(_additions(settings)),
    )


def _optional(settings: Any) -> tuple[tuple[str, ...], NDArray[np.void]]:
    """The optional mechanisms that are on under these settings, and the record that they read."""
    on = tuple(one.name for one in OPTIONAL if not one.parameters.is_neutral(settings[one.name]))
    if not on:
        return on, np.zeros(0, dtype=RECORD_WITH_OPTIONAL)
    coded = {one.name: one.parameters.coded(settings[one.name]) for one in OPTIONAL}
    return on, fill_record(
        RECORD_WITH_OPTIONAL, {**settings, **coded, "levers": levers_of(settings)}
    )


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


def new_state(
    plan: Plan, seed: int, world: int, *, keep_people: bool = False, keep_dyads: bool = False
) -> State:
    """A world at its start: everybody in place, month 0 not yet begun.

    Parameters
    ----------
    plan
        The variant.
    seed, world
        Master seed and replicate.
    keep_people, keep_dyads
        Whether leavers and ended pairs are written down one by one.
    """
    state = empty_state(plan, seed, world, keep_people=keep_people, keep_dyads=keep_dyads)
    handle = handle_of(state)
    p = plan.record[0]
    populate(state, handle, p, plan.chart, plan.settings["organisation"], plan.roster)
    if plan.roster is not None:
        _known_skills(state, plan.roster, plan.skill_names)
    if plan.roster is not None and len(plan.roster.ties):
        _known_ties(state, plan.roster)
    settle(handle, p)
    work_out_outputs(handle, p)
    return state


def _known_skills(state: State, roster: Roster, names: tuple[str, ...]) -> None:
    """Put the skill levels that the roster states in place; practice then leads nowhere lower."""
    for slot, known in enumerate(roster.skills_have):
        for k, name in enumerate(names):
            if name in known:
                state.skills[slot, k] = known[name]
                state.skills_begin[slot, k] = known[name]
                state.potential[slot, k] = max(state.potential[slot, k], known[name])


def _known_ties(state: State, roster: Roster) -> None:
    """Put the known advice ties in place, in the file's order, as many as there are places."""
    known: dict[int, list[int]] = {}
    places = state.ties.shape[1]
    for source, target in roster.ties.tolist():
        found = known.setdefault(source, [])
        if len(found) < places and target not in found:
            found.append(target)
    for source, found in known.items():
        state.ties[source, : len(found)] = found


def empty_state(
    plan: Plan, seed: int, world: int, *, keep_people: bool = False, keep_dyads: bool = False
) -> State:
    """The columns of a world before anybody has moved in; see :func:`new_state`."""
    chart = plan.chart
    people = chart.posts
    skills = plan.skill.shape[1]
    departments = len(chart.department_names)
    pairs = 3 * people + 8
    first, end = chart.ranges()
    post = np.zeros((len(columns.POST), people), dtype=np.int64)
    post[columns.POST_LEVEL] = chart.level
    post[columns.POST_DEPARTMENT] = chart.department
    post[columns.POST_BOSS] = chart.boss
    post[columns.POST_SITE] = chart.site
    post[columns.POST_SLOT] = -1
    post[columns.WAITING_SLOT] = -1
    reporting = chart.boss[chart.boss >= 0]
    post[columns.REPORTS] = np.bincount(reporting, minlength=people)
    whole_departments = np.zeros((len(columns.DEPARTMENT_WHOLE), departments), dtype=np.int64)
    whole_departments[columns.FIRST_POST] = first
    whole_departments[columns.END_POST] = end
    leads = chart.level >= plan.settings["awareness"]["leader_level"]
    whole_departments[columns.LEADERS] = np.bincount(chart.department[leads], minlength=departments)
    counts = np.zeros(len(columns.COUNTS), dtype=np.int64)
    counts[columns.KEEP_PEOPLE] = keep_people
    counts[columns.KEEP_DYADS] = keep_dyads
    counts[columns.WINDOW_START] = plan.window_start
    counts[columns.LEVELS] = chart.levels
    leaver_columns = len(columns.PERSON) + len(columns.PERSON_WHOLE) + 3
    ended_columns = len(columns.DYAD) + len(columns.DYAD_WHOLE) + 1
    shares = np.cumsum(list(plan.settings["organisation"]["work_modes"].values()))
    whole = np.zeros((len(columns.PERSON_WHOLE), people), dtype=np.int64)
    return State(
        luck=draws.luck_of(seed, world),
        numbers=np.zeros((4, people)),
        person=np.zeros((len(columns.PERSON), people)),
        whole=whole,
        skills=np.zeros((people, skills)),
        potential=np.zeros((people, skills)),
        skills_begin=np.zeros((people, skills)),
        gain=np.zeros((people, skills)),
        values=np.zeros((people, VALUES)),
        ties=np.full((people, plan.settings["ties"]["places"]), -1, dtype=np.int64),
        dyad=np.zeros((len(columns.DYAD), pairs)),
        dyad_whole=np.zeros((len(columns.DYAD_WHOLE), pairs), dtype=np.int64),
        post=post,
        department=np.zeros((len(columns.DEPARTMENT), departments)),
        department_whole=whole_departments,
        heard=np.zeros(departments),
        team_exits=np.zeros(people),
        skill=plan.skill,
        emphasis=np.zeros((departments, skills)),
        surroundings=plan.environment,
        mode_shares=shares,
        counts=counts,
        monthly=np.zeros((plan.months, len(columns.M))),
        tally=np.zeros((4 + chart.levels + departments, len(columns.M))),
        leavers=np.zeros((2 * people + 8 if keep_people else 0, leaver_columns)),
        leavers_skills=np.zeros((2 * people + 8 if keep_people else 0, 2 * skills)),
        ended=np.zeros((2 * pairs if keep_dyads else 0, ended_columns)),
    )
