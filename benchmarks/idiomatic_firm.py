"""The firm of the idiomatic Mesa version before the first month: posts, departments, skills, people."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from idiomatic_careers import tenure_shares
from idiomatic_employee import Employee

from sim.engine.generations import FIRST_YEARS
from sim.organisation.population import TENURE_BANDS

if TYPE_CHECKING:
    from idiomatic_mesa import MentoringFirm

SEARCHES_BEFORE = 24
YOUNGEST, OLDEST, LAST_BIRTH_YEAR = 18.0, 70.0, 2012


@dataclass(slots=True, eq=False)
class Department:
    """A part of the firm, what its people know more of, and what its leaders have heard.

    `room` is the least power of two that holds the posts of the `others`; `inside` and `outside` are
    what a candidate for a tie stands for; `usual` is the mean of everybody's skills; `waiting` are the
    month's ideas that are worth it, with whom they were built, `time` is for how many of them there is time.
    """

    emphasis: list[float]
    posts: list[Post] = field(default_factory=list)
    others: list[Post] = field(default_factory=list)
    room: int = 1
    inside: float = 0.0
    outside: float = 0.0
    climate: float = 0.0
    usual: list[float] = field(default_factory=list)
    time: float = 0.0
    waiting: list[tuple[float, Employee, Employee]] = field(default_factory=list)
    awareness: float = 0.0
    heard: float = 0.0
    leaders: int = 0
    home_site: int = 0


@dataclass(slots=True, eq=False)
class Post:
    """A place in the chart, held by somebody or vacant."""

    level: int
    department: Department
    boss: Post | None
    site: int = 0
    person: Employee | None = None
    vacant_since: int = 0
    recent_quits: float = 0.0


@dataclass(slots=True, frozen=True)
class Skill:
    """Something that people can know."""

    kind: str
    weight: float
    base: float
    age_slope: float
    level_slope: float
    spread: float
    entry: float
    practice: float
    decay: float
    grows_by_mentoring: bool

    def level_after(self, potential: float, months: int) -> float:
        """Skill after months of practice and obsolescence from entry on."""
        if self.practice == 0.0:
            return self.entry * potential
        keep = (1.0 - self.decay) * (1.0 - self.practice)
        fixed_point = (1.0 - self.decay) * self.practice * potential / (1.0 - keep)
        return fixed_point - (1.0 - self.entry) * fixed_point * math.pow(keep, months)


def skills_of(p: Any) -> list[Skill]:
    """The organisation's skills, their weights adding up to one."""
    declared = p.organisation.skills
    total = sum(skill["weight"] for skill in declared)
    found = []
    for skill in declared:
        kind, levels = skill["kind"], p.skill_levels
        found.append(
            Skill(
                kind=kind,
                weight=skill["weight"] / total,
                base=getattr(levels, f"{kind}_level"),
                age_slope=getattr(levels, f"{kind}_age_slope"),
                level_slope=0.0 if kind == "emerging" else getattr(levels, f"{kind}_level_slope"),
                spread=levels.spread,
                entry=getattr(levels, f"{kind}_entry"),
                practice=getattr(p.practice, f"{kind}_practice"),
                decay=getattr(p.practice, f"{kind}_decay"),
                grows_by_mentoring=bool(skill["grows_by_mentoring"]),
            )
        )
    return found


def lay_out(model: MentoringFirm, chart: Any) -> None:
    """Departments and posts as in the chart; sites are drawn."""
    random, p = model.random, model.p
    spread = p.skill_levels.department_spread
    sites = list(accumulate(p.organisation.sites.values()))
    for index in range(len(chart.department_names)):
        department = Department([random.gauss(0.0, spread) for _ in model.skills])
        department.climate = random.gauss(0.0, 1.0)
        place = (index * 0.6180339887498949 + 0.25) % 1.0
        department.home_site = min(bisect_right(sites, place), len(sites) - 1)
        model.departments.append(department)
    for level, index in zip(chart.level.tolist(), chart.department.tolist(), strict=True):
        department = model.departments[index]
        post = Post(level, department, None, department.home_site)
        if random.random() >= p.organisation.home_site_share:
            post.site = min(bisect_right(sites, random.random()), len(sites) - 1)
        department.posts.append(post)
        department.leaders += level >= p.awareness.leader_level
        model.posts.append(post)
    for post, boss in zip(model.posts, chart.boss.tolist(), strict=True):
        post.boss = model.posts[boss] if boss >= 0 else None
    for department in model.departments:
        department.others = [post for post in model.posts if post.department is not department]
        others = len(department.others)
        department.room = 1 << max(0, others - 1).bit_length()
        department.inside = p.ties.department_odds * len(department.posts)
        department.outside = min(others, p.ties.reach) * department.room / max(1, others)


def move_in(model: MentoringFirm) -> None:
    """Everybody who is there at the start, the more senior people on the higher posts."""
    random, given = model.random, model.p.engagement
    noise = model.p.people.seniority_noise
    careers = []
    for _ in model.posts:
        age = _age(model)
        tenure = _tenure(model, age)
        careers.append((age + 0.5 * tenure / 12.0 + noise * random.gauss(0.0, 1.0), age, tenure))
    careers.sort(reverse=True)
    posts = sorted(model.posts, key=lambda post: (-post.level, random.random()))
    within = given.noise / math.sqrt(given.reversion * (2.0 - given.reversion))
    for post, (_, age, tenure) in zip(posts, careers, strict=True):
        person = Employee(model, post, age, math.floor(tenure))
        engagement = person.baseline_engagement + within * random.gauss(0.0, 1.0)
        person.engagement = min(0.98, max(0.02, engagement))
        person.level_month = -math.floor(random.random() * min(60.0, math.floor(tenure)))


def _age(model: MentoringFirm) -> float:
    """Even within a generation that is drawn by its share, within working age."""
    organisation, number = model.p.organisation, model.random.random()
    shares = list(accumulate(organisation.generations.values()))
    generation = min(3, bisect_right(shares, number))
    first = FIRST_YEARS[generation]
    last = (*FIRST_YEARS[1:], LAST_BIRTH_YEAR + 1)[generation] - 1
    low = min(OLDEST - 1.0, max(YOUNGEST, organisation.start_year - last))
    high = min(OLDEST, max(YOUNGEST + 1.0, organisation.start_year - first + 1.0))
    return low + (high - low) * model.random.random()


def _tenure(model: MentoringFirm, age: float) -> float:
    """Months, from the shares of the age; nobody began before 18."""
    group = min(7, bisect_right(tenure_shares(model.p, age), model.random.random()))
    low, high = TENURE_BANDS[group], TENURE_BANDS[group + 1]
    tenure = low + (high - low) * model.random.random()
    return min(max(0.0, (age - 18.0) * 12.0), tenure)


def settle(model: MentoringFirm) -> None:
    """Everybody's advice ties, then two years' worth of searches for informal mentors."""
    model.find_managers()
    for person in model.agents:
        person.know_unit()
        person.engagement = min(0.98, max(0.02, person.engagement + person.unit))
    for person in model.agents:
        for _ in range(model.p.ties.places):
            adviser = person.find_adviser()
            if adviser is not None:
                person.ties.append(adviser)
    for _ in range(SEARCHES_BEFORE):
        model.agents.shuffle_do("look_for_mentor")
    for pair in model.pairs:
        pair.quality = pair.quality_target()
    model.count_who_is_sought()
    for person in model.agents:
        person.embeddedness = person.full_embeddedness()
