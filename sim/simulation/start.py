"""A firm at its start: the columns of one world, and who sits where before its first month."""

from __future__ import annotations

import numpy as np

from sim.engine import columns, draws
from sim.engine.state import NARROW, State, handle_of
from sim.mechanisms.recording import work_out_outputs
from sim.organisation.population import populate
from sim.organisation.roster.roster import Roster
from sim.simulation.plan import Plan
from sim.simulation.settling import settle

__all__ = ["empty_state", "new_state"]

VALUES = 4
MONTHS_APART = 640
"""Between the births of any two people of working age."""
"""Dimensions of the latent vector of values."""


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
    post = np.zeros((len(columns.POST), people), dtype=NARROW)
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
    whole = np.zeros((len(columns.PERSON_WHOLE), people), dtype=NARROW)
    monthly = np.zeros((plan.months, len(columns.M)))
    tally = np.zeros((4 + chart.levels + departments, len(columns.M)))
    for column in plan.unrecorded:
        monthly[:, column] = tally[:, column] = np.nan
    return State(
        luck=draws.luck_of(seed, world),
        numbers=np.zeros((4, people)),
        person=np.zeros((len(columns.PERSON), people)),
        whole=whole,
        skills=np.zeros((people, skills)),
        potential=np.zeros((people, skills)),
        skills_begin=np.zeros((people, skills)),
        gain=np.zeros((people, skills)),
        asked=np.zeros((people, skills)),
        usual=np.zeros((departments, skills)),
        values=np.zeros((people, VALUES)),
        ties=np.full((people, plan.settings["ties"]["places"]), -1, dtype=NARROW),
        dyad=np.zeros((len(columns.DYAD), pairs)),
        dyad_whole=np.zeros((len(columns.DYAD_WHOLE), pairs), dtype=np.int64),
        post=post,
        department=np.zeros((len(columns.DEPARTMENT), departments)),
        department_whole=whole_departments,
        heard=np.zeros(departments),
        team_exits=np.zeros(people),
        skill=plan.skill,
        rank_and_age=np.zeros((chart.levels + 1, MONTHS_APART)),
        emphasis=np.zeros((departments, skills)),
        surroundings=plan.environment,
        mode_shares=shares,
        counts=counts,
        monthly=monthly,
        tally=tally,
        leavers=np.zeros((2 * people + 8 if keep_people else 0, leaver_columns)),
        leavers_skills=np.zeros((2 * people + 8 if keep_people else 0, 2 * skills)),
        ended=np.zeros((2 * pairs if keep_dyads else 0, ended_columns)),
    )
