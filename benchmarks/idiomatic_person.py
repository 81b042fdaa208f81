"""Who works in the idiomatic Mesa version: an agent with plain attributes; joining and leaving."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa
from idiomatic_careers import hazard_lived_through

if TYPE_CHECKING:
    from idiomatic_employee import Employee
    from idiomatic_mesa import MentoringFirm, Post
    from idiomatic_pairs import Pair


def logistic(x: float) -> float:
    """``1 / (1 + exp(-x))``."""
    return 1.0 / (1.0 + math.exp(-x))


class Person(mesa.Agent):
    """Somebody who works here: traits and skills are drawn when the person joins.

    `age` is in years, `tenure` in months.
    """

    model: MentoringFirm

    def __init__(self, model: MentoringFirm, post: Post, age: float, tenure: int) -> None:
        super().__init__(model)
        random, p = model.random, model.p
        self.birth_month = model.month - math.floor(12.0 * age)
        self.hire_month = self.level_month = model.month - tenure
        self.year_level = 0
        self.active = True
        self.take(post)
        self.values = [random.gauss(0.0, 1.0) for _ in range(4)]
        self.mentoring_ability = logistic(p.people.ability_spread * random.gauss(0.0, 1.0))
        self.humility = logistic(p.people.ability_spread * random.gauss(0.0, 1.0))
        baseline = p.engagement.average + p.engagement.baseline_spread * random.gauss(0.0, 1.0)
        self.baseline_engagement = self.engagement = min(0.95, max(0.05, baseline))
        z = min(3.0, max(-3.0, random.gauss(0.0, 1.0)))
        sigma = p.people.idea_spread
        self.propensity = math.exp(sigma * z - 0.5 * sigma * sigma)
        self.is_remote = random.random() >= 1.0 - p.organisation.work_modes["remote"]
        self.growth_need = random.random()
        self.settledness = self.settledness_after(tenure, random.gauss(0.0, 1.0))
        self.initiative = random.gauss(0.0, 1.0)
        self.seeking = max(0.0, 1.0 + p.people.seeking_by_initiative * self.initiative)
        self.confidence = p.engagement.confidence_mean
        self.safety = p.engagement.safety_mean
        self.manager: Employee | None = None
        self.unit = self.embeddedness = self.given = 0.0
        self.sought = 0
        self.asked = self.from_asking = [0.0] * len(model.skills)
        self.talents = [random.gauss(0.0, 1.0) for _ in model.skills]
        self.potential: list[float] = []
        self.set_potential()
        self.skills = [
            skill.level_after(level, tenure)
            for skill, level in zip(model.skills, self.potential, strict=True)
        ]
        self.output = 0.0
        self.ties: list[Employee] = []
        self.pairs: list[Pair] = []
        self.formal_mentors = self.formal_mentees = 0
        self.informal_mentors = self.informal_mentees = 0
        self.forget_meetings()
        self.learnt = 0.0
        self.turned_away = False
        self.ideas_heard = self.ideas_implemented = self.ideas_rejected = 0

    def take(self, post: Post) -> None:
        """Sit down on a post: level, department and site follow."""
        self.post, post.person = post, self
        self.level, self.department, self.site = post.level, post.department, post.site

    def set_potential(self) -> None:
        """The skills that work leads to, at the present age and level."""
        model = self.model
        age = (model.month - self.birth_month) / 12.0
        self.potential = [
            logistic(
                skill.base
                + skill.spread * (skill.age_slope * (age - 40.0) / 10.0 + talent)
                + skill.level_slope * (self.level - 2.0)
                + emphasis
            )
            for skill, talent, emphasis in zip(
                model.skills, self.talents, self.department.emphasis, strict=True
            )
        ]
        self.promise = sum(
            [
                skill.weight * level
                for skill, level in zip(model.skills, self.potential, strict=True)
            ]
        )

    def settledness_after(self, tenure: int, z: float) -> float:
        """Settledness of somebody who has stayed so many months: those who move on have gone."""
        given = self.model.p.departures
        effect = given.settledness_effect
        x = effect * effect * hazard_lived_through(given, tenure)
        if x <= 0.0:
            return z
        w = math.log(1.0 + x)
        for _ in range(4):
            e = math.exp(w)
            w -= (w * e - x) / (e * (1.0 + w))
        mean = w / effect + 0.5 * effect * w / ((1.0 + w) * (1.0 + w))
        return mean + z / math.sqrt(1.0 + w)

    def forget_meetings(self) -> None:
        """A month begins: nothing has followed from meetings yet."""
        self.relationship_push = self.safety_push = self.confidence_push = 0.0
        self.learnt = self.given = 0.0
        self.fresh_views = self.attention = self.partner_quality = self.sponsor_quality = 0.0
        self.partner: Employee | None = None
        self.sponsor: Employee | None = None

    def consider_leaving(self) -> None:
        """Retire, be dismissed, or quit; leavers go together at the end of the phase."""
        model, p = self.model, self.model.p.departures
        random = model.random.random
        month = model.month
        age = (month - self.birth_month) / 12.0
        if age >= p.retirement_from:
            yearly = p.retirement_rate * math.exp(p.retirement_growth * (age - 60.0))
            if math.floor(age) in (62, 65):
                yearly *= p.retirement_spike
            if random() < 1.0 - math.exp(-model.retirement_factor * yearly / 12.0):
                model.leavers.append((self, "retired"))
                return
        by_output = math.exp(-p.dismissal_by_output * (self.output - p.ordinary_output))
        if random() < 1.0 - math.exp(-model.layoffs * by_output):
            model.leavers.append((self, "involuntary"))
            return
        tenure = month - self.hire_month
        x = tenure / p.newcomer_peak
        at_level = month - self.level_month
        plateau = min(1.0, max(0.0, at_level - p.stagnation_from) / p.stagnation_span)
        z = (self.engagement - model.p.engagement.average) / model.p.engagement.spread
        boss = self.post.boss
        log_factor = (
            p.newcomer_excess * x * math.exp(1.0 - x)
            - p.tenure_decline * math.log(1.0 + tenure / 12.0)
            - p.age_decline * (age - 40.0) / 10.0
            - p.level_decline * (self.level - 1.0)
            - p.engagement_effect * z
            - p.embeddedness_effect * self.embeddedness
            + p.stagnation_effect * self.growth_need * plateau
            + p.contagion * (0.0 if boss is None else boss.recent_quits)
            - p.settledness_effect * self.settledness
            - p.unit_effect * self.unit / model.p.engagement.spread
        )
        if random() < 1.0 - math.exp(-model.market * p.quit_rate / 12.0 * math.exp(log_factor)):
            model.leavers.append((self, "quits"))

    def readiness(self) -> float:
        """How ready this person seems for the next level."""
        model, p = self.model, self.model.p.vacancies
        return (
            p.institutional_weight * model.mean_skill(self, model.institutional)
            + p.interpersonal_weight * model.mean_skill(self, model.interpersonal)
            + p.output_weight * self.output
            + p.sponsor_weight * self.sponsor_quality
            + p.noise * model.random.gauss(0.0, 1.0)
        )
