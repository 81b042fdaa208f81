"""The same model as a competent Mesa user would write it: agents, ``shuffle_do``, ``DataCollector``.

People act one after the other in random order, each phase by ``shuffle_do``; random numbers come from
the model's own stream. Equations and parameter values are those that the package declares. Of programmes
there are fixed cohorts of pairs of volunteers, matched by gap in a direction; left out are all other
policies and forms, check-ins, recognition, the placebo, rosters, and measures by group.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from types import SimpleNamespace

import mesa
import numpy as np
from idiomatic_employee import Employee
from idiomatic_firm import Department, Post, lay_out, move_in, settle, skills_of
from idiomatic_programme import open_cohort
from idiomatic_records import MEASURED, note_leaver, note_present, sum_up
from idiomatic_relations import Relations
from numpy.typing import NDArray

from sim.engine import columns
from sim.programme.levers import levers_of
from sim.simulation.plan import Plan


class MentoringFirm(Relations):
    """One firm, month by month.

    Parameters
    ----------
    plan
        The variant: settings, chart, course of the environment, months in which cohorts open.
    seed
        Of the model's random stream.
    """

    def __init__(self, plan: Plan, seed: int) -> None:
        super().__init__(seed)
        sections = {name: SimpleNamespace(**values) for name, values in plan.settings.items()}
        self.p = p = SimpleNamespace(**sections, levers=SimpleNamespace(**levers_of(plan.settings)))
        self.plan, self.month = plan, 0
        self.environment: list[list[float]] = plan.environment.tolist()
        self.direction = plan.policies[0].direction if plan.policies else ""
        self.skills = skills_of(p)
        self.everything = range(len(self.skills))
        kinds = {kind: [] for kind in ("emerging", "institutional", "interpersonal")}
        for k, skill in enumerate(self.skills):
            kinds[skill.kind].append(k)
        self.emerging, self.institutional, self.interpersonal = kinds.values()
        self.grown_by_mentoring = [k for k in self.everything if self.skills[k].grows_by_mentoring]
        # What formulas use again and again.
        self.levels = max(2, plan.chart.levels)
        self.top_rank = self.levels - 1.0
        self.log_senior_odds = math.log(p.ties.senior_odds)
        self.log_age_odds = math.log(p.ties.age_odds)
        self.ideas_per_month = p.ideas.rate / 12.0
        passes = min(0.999999, max(0.000001, p.ideas.voice_pass))
        self.voice_logit = math.log(passes / (1.0 - passes))
        effect, hierarchy = p.engagement.hierarchy_effect, p.organisation.hierarchy_strength
        self.climate = p.engagement.safety_mean - effect * (hierarchy - 0.5)
        self.pay = [p.costs.salary_growth ** max(0, level - 2) for level in range(self.levels + 1)]

        self.departments: list[Department] = []
        self.posts: list[Post] = []
        self.leavers: list[tuple[Employee, str]] = []
        self.sums: defaultdict[str, float] = defaultdict(float)
        lay_out(self, plan.chart)
        move_in(self)
        settle(self)
        for person in self.agents:
            person.output = self.output_of(person)
        reporters: dict[str, Callable[[MentoringFirm], float]] = {
            name: (lambda model, name=name: model.sums[name]) for name in MEASURED
        }
        self.datacollector = mesa.DataCollector(model_reporters=reporters)

    def step(self) -> None:
        """Live through one month."""
        self.sums.clear()
        self.look_around()
        note_present(self)
        self.agents.shuffle_do("consider_leaving")
        self.part_with_leavers()
        self.fill_vacancies()
        self.find_managers()
        if self.month in self.plan.openings:
            open_cohort(self)
        self.agents.shuffle_do("look_for_tie")
        self.introduce_mentees()
        self.agents.shuffle_do("look_for_mentor")
        self.agents.do("forget_meetings")
        for pair in self.pairs:
            pair.meet()
        self.learn_what_is_usual()
        self.agents.shuffle_do("ask_around")
        for pair in self.pairs:
            if pair.met > 0:
                pair.teach()
        self.agents.shuffle_do("learn_from_tie")
        self.agents.shuffle_do("practise")
        self.end_pairs()
        self.count_who_is_sought()
        self.agents.shuffle_do("embed")
        self.agents.shuffle_do("feel")
        self.find_time_for_ideas()
        self.agents.shuffle_do("have_ideas")
        self.carry_out_ideas()
        self.become_aware()
        sum_up(self)
        self.datacollector.collect(self)
        self.month += 1

    def look_around(self) -> None:
        """The month's labour market and technology."""
        quits, layoffs, retirement, pace, jump, freeze = (
            row[self.month] for row in self.environment
        )
        self.market, self.retirement_factor, self.is_frozen = quits, retirement, freeze > 0.0
        self.layoffs = layoffs * self.p.departures.involuntary_rate / 12.0
        self.month_of_work = []
        for skill in self.skills:
            decay = skill.decay
            if skill.kind == "emerging":
                decay = min(1.0, decay * pace + jump)
            self.month_of_work.append((skill.practice, 1.0 - decay))

    def part_with_leavers(self) -> None:
        """Leavers vacate their posts; nobody refers to them any longer, and their pairs end."""
        fading = 1.0 - 1.0 / self.p.departures.contagion_months
        for post in self.posts:
            post.recent_quits *= fading
        if not self.leavers:
            return
        for person, cause in self.leavers:
            note_leaver(self, person, cause)
            person.active = False
            person.post.person, person.post.vacant_since = None, self.month
            if cause == "quits" and person.post.boss is not None:
                person.post.boss.recent_quits += 1.0
            person.remove()
        gone = {person for person, _ in self.leavers}
        for person in self.agents:
            if not gone.isdisjoint(person.ties):
                person.ties = [other for other in person.ties if other.active]
            if person.sponsor in gone:
                person.sponsor, person.sponsor_quality = None, 0.0
        for pair in [pair for pair in self.pairs if pair.mentor in gone or pair.mentee in gone]:
            self.end_pair(pair)
        self.leavers.clear()

    def find_managers(self) -> None:
        """Everybody's manager: whoever sits on the nearest filled post above."""
        for person in self.agents:
            above = person.post.boss
            while above is not None and above.person is None:
                above = above.boss
            person.manager = None if above is None else above.person

    def fill_vacancies(self) -> None:
        """Fill posts that were vacant before this month, from the level below or from outside."""
        p, random = self.p.vacancies, self.random.random
        for post in self.posts:
            if post.person is not None or post.vacant_since >= self.month:
                continue
            if random() >= p.fill_rate:
                continue
            candidate = None
            if post.level > 1 and random() >= p.outside_share:
                candidate = self.readiest(post)
            if candidate is not None:
                candidate.post.person, candidate.post.vacant_since = None, self.month
                candidate.take(post)
                candidate.level_month = self.month
                candidate.set_potential()
                self.sums["promotions"] += 1.0
            elif not self.is_frozen:
                people = self.p.people
                median = people.entry_age - 18.0 + people.entry_age_per_level * (post.level - 1.0)
                z = people.entry_age_spread * self.random.gauss(0.0, 1.0)
                Employee(self, post, min(64.0, 18.0 + median * math.exp(z)), 0)
                self.sums["hires"] += 1.0

    def readiest(self, post: Post) -> Employee | None:
        """The readiest person one level below, in the department (for the top post, anywhere)."""
        posts = post.department.posts
        if post.boss is None or len(posts) < 2:
            posts = self.posts
        latest = self.month - self.p.vacancies.minimum_months
        found = [other.person for other in posts if other.level == post.level - 1 and other.person]
        found = [person for person in found if person.level_month <= latest]
        return max(found, key=Employee.readiness, default=None)

    def output_of(self, person: Employee) -> float:
        """Weighted skill times effort."""
        given, total = self.p.engagement, 0.0
        for skill, level in zip(self.skills, person.skills, strict=True):
            total += skill.weight * level
        effort = given.effort_share
        return total * (1.0 - effort + effort * person.engagement / given.average)

    def mean_skill(self, person: Employee, positions: list[int]) -> float:
        """Mean of some of a person's skills; 0 if there are none."""
        skills = person.skills
        return sum([skills[k] for k in positions]) / max(1, len(positions))

    def monthly(self) -> NDArray[np.float64]:
        """What was recorded, in the engine's shape: (months, measures)."""
        table = np.zeros((self.month, len(columns.MEASURES)))
        for name, values in self.datacollector.model_vars.items():
            table[:, columns.M[name]] = values
        return table
