"""Who is there at the start: posts, ages, tenures, seats, and what a roster knows better."""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from reference.entities import Department, Post
from reference.luck import held_within, standard_normal, total
from reference.people import bring_in, hazard_lived_through
from reference.words import (
    AGE_BANDS,
    GENERATION_YEARS,
    GREATEST_AGE,
    LEAST_AGE,
    MENTORING_ROLES,
    NORMAL_POINTS,
    ORDINARY_EMBEDDEDNESS,
    TENURE_ENDS,
    TENURE_SHARES,
)

if TYPE_CHECKING:
    from reference.model import ReferenceModel

GOLDEN_STRIDE = 0.6180339887498949


def populate(model: ReferenceModel, chart: Any, roster: Any) -> None:
    """Lay out the posts and seat everybody, in the order of slots; month 0 has not begun."""
    _lay_out(model, chart)
    _find_sites(model, chart)
    for department in model.departments:
        department.emphasis = [_emphasis(model, department, k) for k in range(len(model.skills))]
        luck = model.fate.numbers("climate", department.index)
        department.climate = standard_normal(*luck[:2])

    slots = range(len(model.posts))
    known_ages = [math.nan for _ in slots] if roster is None else roster.age.tolist()
    known_tenures = [math.nan for _ in slots] if roster is None else roster.tenure_months.tolist()
    ages = [_age(model, slot, known_ages[slot]) for slot in slots]
    tenures = [_tenure(model, slot, ages[slot], known_tenures[slot]) for slot in slots]
    seats = _seats(model, chart, ages, tenures)
    for slot in slots:
        _begin(model, slot, seats[slot], ages[slot], math.floor(tenures[slot]))
    if roster is not None:
        _apply_roster(model, roster)
    model.find_managers()


def _lay_out(model: ReferenceModel, chart: Any) -> None:
    model.departments = [Department(index) for index in range(len(chart.department_names))]
    bosses = [int(boss) for boss in chart.boss]
    for index in range(len(bosses)):
        department = model.departments[int(chart.department[index])]
        post = Post(index, int(chart.level[index]), department, None, int(chart.site[index]))
        post.reports = bosses.count(index)
        model.posts.append(post)
        department.posts.append(post)
        if post.level >= model.settings.awareness.leader_level:
            department.leaders += 1
    for post, boss in zip(model.posts, bosses, strict=True):
        post.boss = model.posts[boss] if boss >= 0 else None


def _find_sites(model: ReferenceModel, chart: Any) -> None:
    """A department's home site for most posts, any site by its share for the others."""
    organisation = model.settings.organisation
    shares = list(organisation.sites.values())
    if len(shares) != len(chart.site_names):
        shares = [1.0 / len(chart.site_names)] * len(chart.site_names)
    cumulative = list(accumulate(shares))
    for department in model.departments:
        place = (department.index * GOLDEN_STRIDE + 0.25) % 1.0
        department.home_site = min(bisect_right(cumulative, place), len(shares) - 1)
    for post in model.posts:
        if post.site >= 0:
            continue
        luck = model.fate.numbers("site", post.index)
        post.site = post.department.home_site
        if luck[0] >= organisation.home_site_share:
            post.site = min(bisect_right(cumulative, luck[1]), len(shares) - 1)


def _emphasis(model: ReferenceModel, department: Department, skill: int) -> float:
    luck = model.fate.numbers("emphasis", department.index, other=skill)
    return model.settings.skill_levels.department_spread * standard_normal(*luck[:2])


def _age(model: ReferenceModel, slot: int, known: float) -> float:
    """Years: known, or drawn evenly within a generation that is drawn by its share."""
    if not math.isnan(known):
        return known
    luck = model.fate.numbers("career", slot)
    cumulative = list(accumulate(model.settings.organisation.generations.values()))
    generation = min(3, bisect_right(cumulative, luck[0]))
    first, last = GENERATION_YEARS[generation]
    start_year = model.settings.organisation.start_year
    low = held_within(start_year - last, LEAST_AGE, GREATEST_AGE - 1.0)
    high = held_within(start_year - first + 1.0, LEAST_AGE + 1.0, GREATEST_AGE)
    return low + (high - low) * luck[1]


def _tenure(model: ReferenceModel, slot: int, age: float, known: float) -> float:
    """Months: known, or drawn from the shares of the age band; nobody began before 18."""
    if not math.isnan(known):
        return known
    luck = model.fate.numbers("career", slot)
    if not model.settings.people.keeps_tenures:
        shares = TENURE_SHARES[max(0, bisect_right(AGE_BANDS, age) - 1)]
    else:
        shares = _kept(model, max(18, math.floor(age)))
    cumulative = [part / total(shares) for part in accumulate(shares)]
    group = min(7, bisect_right(cumulative, luck[2]))
    low, high = TENURE_ENDS[group], TENURE_ENDS[group + 1]
    return min(max(0.0, (age - 18.0) * 12.0), low + (high - low) * luck[3])


def _kept(model: ReferenceModel, age: int) -> tuple[float, ...]:
    """Shares of tenure groups at an age: hired so long ago, times still there."""
    given = model.settings.people
    median = given.entry_age - 18.0 + 0.5 * given.entry_age_per_level
    shares = [0.0] * 8
    for years in range(age - 17):
        entry = float(age - years)
        past = entry - 18.0 + 0.5
        z = math.log(past / median) / given.entry_age_spread
        hired = math.exp(-0.5 * z * z) / past
        group = min(7, bisect_right(TENURE_ENDS, 12.0 * years) - 1)
        shares[group] += hired * _still_there(model, entry, float(years))
    return tuple(shares)


def _still_there(model: ReferenceModel, entry: float, years: float) -> float:
    """Of those hired at an age: neither quit (averaged over settledness), nor dismissed, nor retired."""
    given = model.settings.departures
    reached = entry + 0.5 * years
    level = math.exp(
        -given.embeddedness_effect * ORDINARY_EMBEDDEDNESS
        - given.age_decline * (reached - 40.0) / 10.0
    )
    hazard = hazard_lived_through(model, 12.0 * years) * level
    there = total(
        weight * math.exp(-hazard * math.exp(-given.settledness_effect * s))
        for s, weight in NORMAL_POINTS
    )
    there *= math.exp(-given.involuntary_rate * years)
    for age in range(int(entry), int(entry + years)):
        if age >= given.retirement_from:
            yearly = given.retirement_rate * math.exp(given.retirement_growth * (age - 60.0))
            if age in (62, 65):
                yearly = yearly * given.retirement_spike
            there *= math.exp(-yearly)
    return there


def _seats(
    model: ReferenceModel, chart: Any, ages: list[float], tenures: list[float]
) -> dict[int, Post]:
    """The post of every slot: the chart's, or the more senior people on the higher posts."""
    if all(slot >= 0 for slot in chart.slot):
        return {int(slot): post for slot, post in zip(chart.slot, model.posts, strict=True)}
    noise = model.settings.people.seniority_noise
    seniority = []
    for slot in range(len(ages)):
        z = standard_normal(*model.fate.numbers("start", slot)[2:])
        seniority.append(ages[slot] + 0.5 * tenures[slot] / 12.0 + noise * z)
    slots = sorted(range(len(ages)), key=lambda slot: -seniority[slot])
    posts = sorted(
        model.posts, key=lambda post: (-post.level, model.fate.numbers("seat", post.index)[0])
    )
    return dict(zip(slots, posts, strict=True))


def _begin(model: ReferenceModel, slot: int, post: Post, age: float, tenure: int) -> None:
    """Seat one person; engagement starts scattered around its baseline as it will be later."""
    given = model.settings.engagement
    person = bring_in(model, slot, 0, post, age, tenure)
    model.chairs.append(person)
    within = 0.0
    if given.reversion > 0.0:
        within = given.noise / math.sqrt(given.reversion * (2.0 - given.reversion))
    z = standard_normal(*model.fate.numbers("start", slot)[:2])
    person.engagement = held_within(person.baseline_engagement + within * z, 0.02, 0.98)
    person.engagement_begin = person.engagement
    luck = model.fate.numbers("place", slot)
    person.level_month = -math.floor(luck[2] * min(60.0, tenure))


def _apply_roster(model: ReferenceModel, roster: Any) -> None:
    """Put what the roster knows in the place of what was drawn; its advice ties, too."""
    for person in model.chairs:
        slot = person.slot
        work_mode = int(roster.work_mode[slot])
        since_promotion = float(roster.months_since_promotion[slot])
        engagement = float(roster.engagement[slot])
        if work_mode >= 0:
            person.work_mode = work_mode
        if not math.isnan(since_promotion):
            person.level_month = -int(since_promotion)
        if not math.isnan(engagement):
            person.engagement = held_within(engagement, 0.02, 0.98)
            person.baseline_engagement = person.engagement
            person.engagement_begin = person.engagement
        for skill in model.skills:
            if skill.name in roster.skills_have[slot]:
                known = float(roster.skills_have[slot][skill.name])
                person.skills[skill.index] = person.skills_begin[skill.index] = known
                person.potential[skill.index] = max(person.potential[skill.index], known)
        if roster.role[slot] >= 0:
            person.mentoring_role = MENTORING_ROLES[roster.role[slot]]
        if roster.capacity[slot] >= 0:
            person.own_capacity = int(roster.capacity[slot])
        wanted = roster.skills_want[slot]
        person.goals = frozenset(skill.index for skill in model.skills if skill.name in wanted)
    for one, other in roster.fixed_pairs.tolist():
        model.fixed_pairs.append((model.chairs[one], model.chairs[other]))
    for one, other in [*roster.excluded_pairs.tolist(), *roster.past_pairs.tolist()]:
        model.chairs[one].keeps_apart.add(model.chairs[other])
        model.chairs[other].keeps_apart.add(model.chairs[one])
    for source, target in roster.ties.tolist():
        ties = model.chairs[source].ties
        if None in ties and model.chairs[target] not in ties:
            ties[ties.index(None)] = model.chairs[target]
