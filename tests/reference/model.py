"""The model: its parts, and the phases of a month in their order."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import mesa

from reference import (
    books,
    embeddedness,
    encounters,
    endings,
    feelings,
    ideas,
    learning,
    leaving,
    meetings,
    network,
    population,
    programme,
    recognition,
    settling,
    surroundings,
    vacancies,
)
from reference.entities import Department, Pair, Person, Post
from reference.levers import levers_of
from reference.luck import Fate
from reference.policies import policies_of
from reference.words import BLOCK, PAIRED_TOGETHER


class ReferenceModel(mesa.Model):
    """One world of one variant, agent by agent.

    Parameters
    ----------
    settings
        The resolved settings, by section and name.
    chart
        The organisation chart: level, department, boss, site and slot of every post, the number of
        levels, the names of departments and sites.
    roster
        The real staff, or None.
    seed, world
        Master seed and replicate.
    window_start
        Month from which outcomes count; by default the programme's start.
    paired_together, block
        Up to how many mentees or mentors are paired together, and the size of blocks otherwise.
    """

    def __init__(
        self,
        settings: Mapping[str, Mapping[str, Any]],
        chart: Any,
        roster: Any = None,
        *,
        seed: int = 1,
        world: int = 0,
        window_start: int | None = None,
        paired_together: int = PAIRED_TOGETHER,
        block: int = BLOCK,
    ) -> None:
        super().__init__(rng=0)
        self.settings = SimpleNamespace(
            **{section: SimpleNamespace(**values) for section, values in settings.items()}
        )
        self.fate = Fate(seed, world)
        self.month = 0
        self.months: int = self.settings.scenario.months
        if window_start is None:
            window_start = self.settings.programme.start_month
        self.window_start = min(window_start, self.months - 1)
        self.paired_together = paired_together
        self.block = block

        self.levels: int = chart.levels
        self.skills = surroundings.list_of_skills(self.settings)
        self.everything = frozenset(skill.index for skill in self.skills)
        self.environment = surroundings.course(self.settings.environment, self.months)
        rules = self.settings.programme
        self.policies = policies_of(rules)
        self.levers = levers_of(self.settings)
        self.openings = programme.opening_months(rules, self.months)
        self.check_ins = programme.check_in_months(rules, self.openings)
        self.deals = programme.deal_months(rules, self.openings)
        self.parts: int = rules.cohort_months if rules.enrolment == "rolling" else 1
        """In how many parts a cohort's people join: one a month if it is rolling."""
        self.fixed_pairs: list[tuple[Person, Person]] = []
        self.past_pairs: list[tuple[Person, Person]] = []
        """Mentees and mentors of all formal pairs so far."""
        self.turns: dict[Person, int] = {}
        """In which step the turn of each comes, where a lot lets everybody's come."""
        self.skill_data: dict[Person, list[float]] = {}
        """What is known of this month's skills, as far as somebody has asked."""

        self.departments: list[Department] = []
        self.posts: list[Post] = []
        self.chairs: list[Person] = []
        """Present or last person of every slot."""
        self.pairs: list[Pair] = []
        """Running pairs, in the order in which they began."""
        self.everybody: list[Person] = []
        """Whoever was ever there, in the order of their numbers."""
        self.clipped = 0
        self.former_people: list[
            tuple[dict[str, Any], list[float], list[float], int, int, int]
        ] = []
        self.former_pairs: list[tuple[dict[str, Any], int]] = []
        self.ledger = books.Ledger(self.months, self.levels, len(chart.department_names))

        population.populate(self, chart, roster)
        settling.settle(self)
        books.work_out_outputs(self)

    @property
    def staff(self) -> list[Person]:
        """Everybody who is there, in the order of slots."""
        return [person for person in self.chairs if person.active]

    def step(self) -> None:
        """Live through one month."""
        books.open_month(self)
        leaving.people_leave(self)
        vacancies.fill_posts(self)
        programme.act(self)
        network.look_for_ties(self)
        network.introduce_mentees(self)
        network.look_for_mentors(self, self.month, self.month)
        meetings.hold_meetings(self)
        learning.learn(self)
        encounters.meet_by_chance(self)
        learning.practise(self)
        recognition.recognise(self)
        endings.end_pairs(self)
        embeddedness.embed(self)
        feelings.know_units(self)
        feelings.feel(self)
        ideas.have_ideas(self)
        feelings.leaders_hear(self)
        books.record(self)
        self.month += 1

    def rank(self, person: Person) -> float:
        """0 at the lowest level to 1 at the highest."""
        return (person.level - 1.0) / (max(2, self.levels) - 1.0)

    def find_managers(self) -> None:
        """Everybody's manager: whoever sits on the nearest filled post above."""
        for person in self.chairs:
            person.manager = None
            if not person.active:
                continue
            above = person.post.boss
            while above is not None and above.person is None:
                above = above.boss
            if above is not None:
                person.manager = above.person
