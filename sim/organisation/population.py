"""The people of a firm at the start: ages, tenures and posts, drawn or taken from a roster."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel
from sim.engine.generations import GENERATION_YEARS
from sim.engine.state import State
from sim.organisation.careers import FIRST_AGE, LAST_AGE, kept_tenures
from sim.organisation.design import Chart, find_managers
from sim.organisation.people import bring_in
from sim.organisation.roster.roster import Roster

__all__ = ["populate", "TENURE_BY_AGE", "AGE_BANDS", "TENURE_BANDS"]

AGE_BANDS = (0.0, 25.0, 35.0, 45.0, 55.0, 65.0)
"""Lower ends of the age groups of :data:`TENURE_BY_AGE`, years (the first stands for 20-24)."""

TENURE_BANDS = (0.0, 12.0, 24.0, 36.0, 60.0, 120.0, 180.0, 240.0, 480.0)
"""Ends of the tenure groups, months; the last group, 20 years and more, is taken to end at 40 years."""

TENURE_BY_AGE = np.array(
    [
        [50.8, 14.2, 10.8, 19.1, 5.0, 0.1, 0.0, 0.0],
        [28.9, 9.4, 7.8, 24.9, 21.7, 6.7, 0.7, 0.0],
        [17.1, 6.1, 4.8, 18.4, 24.4, 16.5, 9.4, 3.4],
        [12.4, 5.0, 3.4, 13.7, 20.6, 15.7, 11.9, 17.3],
        [10.2, 3.5, 2.9, 11.7, 18.1, 14.4, 11.3, 28.0],
        [9.9, 2.9, 2.3, 9.8, 19.9, 15.6, 11.6, 28.1],
    ]
)
"""Share of employees by tenure within age group, % (W-TENURE: BLS Employee Tenure, January 2016)."""

_CUMULATIVE_TENURE = np.cumsum(TENURE_BY_AGE, axis=1) / TENURE_BY_AGE.sum(axis=1, keepdims=True)
_AGE_BANDS = np.array(AGE_BANDS)
_TENURE_BANDS = np.array(TENURE_BANDS)
_EVERY_AGE = np.arange(FIRST_AGE, LAST_AGE + 1, dtype=np.float64)
YOUNGEST, OLDEST = 18.0, 70.0


@kernel
def _draw_careers(
    luck, cumulative_shares, age_low, age_high, ages, tenures, tenure_table, age_bands, tenure_bands
):
    """Age (years) and tenure (months) of everybody present at the start, where they are not known."""
    for slot in range(ages.shape[0]):
        numbers = draws.draw(luck, decisions.CAREER, slot, -1, 0)
        if math.isnan(ages[slot]):
            generation = 0
            while generation < 3 and numbers[0] >= cumulative_shares[generation]:
                generation += 1
            width = age_high[generation] - age_low[generation]
            ages[slot] = age_low[generation] + width * numbers[1]
        if math.isnan(tenures[slot]):
            band = 0
            while band < age_bands.shape[0] - 1 and ages[slot] >= age_bands[band + 1]:
                band += 1
            group = 0
            while group < tenure_table.shape[1] - 1 and numbers[2] >= tenure_table[band, group]:
                group += 1
            low = tenure_bands[group]
            high = tenure_bands[group + 1]
            longest = max(0.0, (ages[slot] - 18.0) * 12.0)
            tenures[slot] = min(longest, low + (high - low) * numbers[3])


@kernel
def _seniority(luck, ages, tenures, noise, result):
    for slot in range(ages.shape[0]):
        numbers = draws.draw(luck, decisions.START, slot, -1, 0)
        z = draws.normal(numbers[2], numbers[3])
        result[slot] = ages[slot] + 0.5 * tenures[slot] / 12.0 + noise * z


@kernel
def _post_order(luck, result):
    for post in range(result.shape[0]):
        result[post] = draws.draw(luck, decisions.SEAT, post, -1, 0)[0]


@kernel
def _draw_sites(state, home_share, cumulative_sites, homes):
    """Sites of posts that have none: the department's home site, or any by its share."""
    for post in range(state.post.shape[1]):
        if state.post[columns.POST_SITE, post] >= 0:
            continue
        numbers = draws.draw(state.luck, decisions.SITE, post, -1, 0)
        site = homes[state.post[columns.POST_DEPARTMENT, post]]
        if numbers[0] >= home_share:
            site = 0
            while site < cumulative_sites.shape[0] - 1 and numbers[1] >= cumulative_sites[site]:
                site += 1
        state.post[columns.POST_SITE, post] = site


@kernel
def _draw_emphasis(state, p):
    """What the people of each department know more of."""
    for department in range(state.emphasis.shape[0]):
        for k in range(state.emphasis.shape[1]):
            numbers = draws.draw(state.luck, decisions.EMPHASIS, department, k, 0)
            z = draws.normal(numbers[0], numbers[1])
            state.emphasis[department, k] = p.skill_levels.department_spread * z


@kernel
def _draw_climates(state):
    """How good each department is to work in, for good."""
    for department in range(state.department.shape[1]):
        numbers = draws.draw(state.luck, decisions.CLIMATE, department, -1, 0)
        state.department[columns.CLIMATE, department] = draws.normal(numbers[0], numbers[1])


@kernel
def _move_in(state, p, post_of_slot, ages, tenures):
    """Bring everybody in, in the order of slots; engagement starts scattered around its baseline."""
    own = p.engagement
    within = 0.0
    if own.reversion > 0.0:
        within = own.noise / math.sqrt(own.reversion * (2.0 - own.reversion))
    for slot in range(ages.shape[0]):
        tenure = int(math.floor(tenures[slot]))
        bring_in(
            state=state,
            p=p,
            slot=slot,
            month=0,
            post=post_of_slot[slot],
            age=ages[slot],
            tenure=tenure,
            mode_shares=state.mode_shares,
        )
        numbers = draws.draw(state.luck, decisions.START, slot, -1, 0)
        engagement = state.person[columns.BASELINE_ENGAGEMENT, slot] + within * draws.normal(
            numbers[0], numbers[1]
        )
        state.person[columns.ENGAGEMENT, slot] = min(0.98, max(0.02, engagement))
        state.person[columns.ENGAGEMENT_BEGIN, slot] = state.person[columns.ENGAGEMENT, slot]
        # How long at the level: anywhere within the last five years of the stay.
        numbers = draws.draw(state.luck, decisions.PLACE, slot, -1, 0)
        at_level = int(math.floor(numbers[2] * min(60.0, float(tenure))))
        state.whole[columns.LEVEL_MONTH, slot] = -at_level


def populate(
    state: State,
    handle: Any,
    p: Any,
    chart: Chart,
    organisation: Mapping[str, Any],
    roster: Roster | None,
) -> None:
    """Fill a new world with the people who are there at the start (month 0 has not begun).

    Slots are rows of the roster, in the file's order, so that one more row changes nobody else's luck.
    Ties are formed by :func:`sim.mechanisms.ties.form_first_ties` afterwards.
    """
    people = chart.posts
    ages = np.full(people, np.nan)
    tenures = np.full(people, np.nan)
    if roster is not None:
        ages[:] = roster.age
        tenures[:] = roster.tenure_months
    _draw_careers(
        state.luck,
        np.cumsum(list(organisation["generations"].values())),
        *_age_ranges(int(organisation["start_year"])),
        ages,
        tenures,
        *_tenures(p),
        _TENURE_BANDS,
    )
    homes, cumulative = _homes(chart, organisation)
    _draw_sites(handle, organisation["home_site_share"], cumulative, homes)
    _draw_emphasis(handle, p)
    _draw_climates(handle)
    _move_in(handle, p, _seating(state, p, chart, ages, tenures), ages, tenures)
    if roster is not None:
        _apply_roster(state, roster)
    find_managers(handle)


def _tenures(p: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cumulative shares of tenure groups by age, and the lower ends of the ages."""
    if p.people.keeps_tenures == 0:
        return _CUMULATIVE_TENURE, _AGE_BANDS
    return _kept(_Hazards(p)), _EVERY_AGE


class _Hazards:
    """Parameters as a key: equal where everything is that decides how long people stay."""

    def __init__(self, p: Any) -> None:
        self.p = p
        self.told = p.departures.tobytes() + p.people.tobytes()

    def __hash__(self) -> int:
        return hash(self.told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hazards) and self.told == other.told


@lru_cache(maxsize=64)
def _kept(hazards: _Hazards) -> NDArray[np.float64]:
    """Cumulative shares of tenure groups at each age, once for all firms with the same hazards."""
    cumulative = np.empty((LAST_AGE - FIRST_AGE + 1, len(TENURE_BANDS) - 1))
    kept_tenures(hazards.p, _TENURE_BANDS, cumulative)
    return cumulative


def _age_ranges(start_year: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest age of each generation at the start, within working age."""
    first, last = np.array(list(GENERATION_YEARS.values())).T
    low = np.clip(start_year - last, YOUNGEST, OLDEST - 1.0)
    high = np.clip(start_year - first + 1.0, YOUNGEST + 1.0, OLDEST)
    return low, high


def _homes(
    chart: Chart, organisation: Mapping[str, Any]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Home site of each department, and the cumulative shares of the sites.

    Departments are spread over the sites in proportion: department d goes to the site in whose share
    the middle of its place in the order falls, in strides that keep neighbours apart.
    """
    shares = list(organisation["sites"].values())
    if len(shares) != len(chart.site_names):
        shares = [1.0 / len(chart.site_names)] * len(chart.site_names)
    cumulative = np.cumsum(shares)
    departments = len(chart.department_names)
    places = (np.arange(departments) * 0.6180339887498949 + 0.25) % 1.0
    homes = np.minimum(np.searchsorted(cumulative, places, side="right"), len(shares) - 1)
    return homes.astype(np.int64), cumulative


def _seating(
    state: State,
    p: Any,
    chart: Chart,
    ages: NDArray[np.float64],
    tenures: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Post of every slot: the roster's, or the more senior people on the higher posts."""
    people = chart.posts
    seating = np.empty(people, dtype=np.int64)
    if (chart.slot >= 0).all():
        seating[chart.slot] = np.arange(people, dtype=np.int64)
        return seating
    seniority = np.empty(people)
    _seniority(state.luck, ages, tenures, p.people.seniority_noise, seniority)
    order = np.empty(people)
    _post_order(state.luck, order)
    posts = np.lexsort((order, -chart.level))
    slots = np.argsort(-seniority, kind="stable")
    seating[slots] = posts
    return seating


def _apply_roster(state: State, roster: Roster) -> None:
    """Put what the roster knows in the place of what was drawn."""
    whole = state.whole
    known = roster.work_mode >= 0
    whole[columns.WORK_MODE, known] = roster.work_mode[known]
    known = ~np.isnan(roster.months_since_promotion)
    whole[columns.LEVEL_MONTH, known] = -roster.months_since_promotion[known].astype(np.int64)
    known = ~np.isnan(roster.engagement)
    for column in (
        columns.ENGAGEMENT,
        columns.BASELINE_ENGAGEMENT,
        columns.ENGAGEMENT_BEGIN,
    ):
        state.person[column, known] = np.clip(roster.engagement[known], 0.02, 0.98)
