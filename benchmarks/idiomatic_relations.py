"""Relationships in the idiomatic Mesa version: how they begin and end, and what they do to the firm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import mesa
from idiomatic_employee import Employee, novelty
from idiomatic_pairs import OPEN_ENDED, Pair

if TYPE_CHECKING:
    from collections import defaultdict

    from idiomatic_firm import Department, Skill


class Relations(mesa.Model):
    """The part of the firm that is about pairs; see :class:`idiomatic_mesa.MentoringFirm`."""

    p: Any
    month: int
    top_rank: float
    skills: list[Skill]
    everything: range
    departments: list[Department]
    sums: defaultdict[str, float]

    def __init__(self, rng: int) -> None:
        super().__init__(rng=rng)
        self.pairs: list[Pair] = []
        self.past: set[frozenset[Employee]] = set()

    def introduce_mentees(self) -> None:
        """Mentors who met their mentee last month may introduce them to one of their contacts."""
        random, rate = self.random.random, self.p.ties.introduction_rate
        for pair in self.pairs:
            if pair.met > 0 and random() < rate * pair.quality:
                contact = pair.mentor.tie_at_random()
                if contact is not None and contact is not pair.mentee:
                    pair.mentee.add_tie(contact)

    def similarity(self, one: Employee, other: Employee) -> float:
        """Deep-level similarity of two people, 0 to 1."""
        squares = [(a - b) * (a - b) for a, b in zip(one.values, other.values, strict=True)]
        return math.exp(-sum(squares) / (2.0 * len(squares)))

    def begin_pair(self, pair: Pair) -> None:
        """Let a relationship begin."""
        mentor, mentee = pair.mentor, pair.mentee
        if pair.formal:
            mentor.formal_mentees += 1
            mentee.formal_mentors += 1
        else:
            mentor.informal_mentees += 1
            mentee.informal_mentors += 1
        mentor.pairs.append(pair)
        mentee.pairs.append(pair)
        self.pairs.append(pair)

    def begin_informal_pair(
        self, mentor: Employee, mentee: Employee, quality: float, completed: Pair | None = None
    ) -> None:
        """An informal relationship, perhaps as what a formal one carries on as."""
        two_way = completed is not None and completed.two_way
        pair = Pair(
            self,
            mentor,
            mentee,
            formal=False,
            two_way=two_way,
            begun=self.month,
            planned_end=OPEN_ENDED,
            aims_mentee=self.everything,
            aims_mentor=self.everything if two_way else [],
            quality=quality,
            similarity=self.similarity(mentor, mentee),
            chemistry=self.random.gauss(0.0, 1.0),
            training=0.0 if completed is None else completed.training,
            say=1.0,
        )
        self.begin_pair(pair)

    def end_pair(self, pair: Pair) -> None:
        """Let a relationship end."""
        mentor, mentee = pair.mentor, pair.mentee
        if pair.formal:
            mentor.formal_mentees -= 1
            mentee.formal_mentors -= 1
        else:
            mentor.informal_mentees -= 1
            mentee.informal_mentors -= 1
        mentor.pairs.remove(pair)
        mentee.pairs.remove(pair)
        self.pairs.remove(pair)

    def end_pairs(self) -> None:
        """Pairs complete their time, break up, or have nothing left to teach; good ones leave ties."""
        p, random = self.p.endings, self.random.random
        for pair in list(self.pairs):
            ending = pair.ending()
            if not ending:
                continue
            mentor, mentee = pair.mentor, pair.mentee
            if pair.formal:
                self.sums[ending] += 1.0
                if ending == "completed" and pair.quality >= p.tie_from:
                    if random() < p.tie_rate:
                        mentee.add_tie(mentor)
                        if pair.two_way:
                            mentor.add_tie(mentee)
                    if random() < p.carry_on_rate and mentee.informal_mentors == 0:
                        self.begin_informal_pair(mentor, mentee, pair.quality, pair)
            self.end_pair(pair)

    def teach(
        self,
        teacher: Employee,
        learner: Employee,
        aims: Sequence[int],
        subjects: int,
        strength: float,
    ) -> float:
        """Teach the subjects with the largest gaps among the aims; the gain, -1 if no gap is usable."""
        p = self.p.learning
        theirs, own, threshold = teacher.skills, learner.skills, p.threshold
        variety, background = 0.0, 1.0
        if teacher.department is learner.department:
            variety, background = p.variety, p.absorption_within
        gaps = []
        for k in aims:
            gap = theirs[k] - own[k] + variety * own[k] * (1.0 - theirs[k])
            if gap > threshold:
                gaps.append((gap, k))
        if not gaps:
            return -1.0
        if subjects == 1:
            gaps = [max(gaps)]
        else:
            gaps.sort(reverse=True)
        total = 0.0
        for gap, k in gaps[:subjects]:
            absorbed = math.exp(-background * gap * gap / (2.0 * p.absorption * p.absorption))
            gain = strength * absorbed * (gap - threshold)
            anyway = min(gain, learner.asked[k])
            learner.asked[k] -= anyway
            gain -= anyway
            own[k] = min(1.0, own[k] + gain)
            total += gain
        return total

    def combined_quality(self, one: Employee, other: Employee) -> float:
        """Quality of an idea of two people, by the min-max rule."""
        p = self.p.recombination
        share, evenness, total = p.complementarity, p.evenness, 0.0
        for a, b in zip(one.skills, other.skills, strict=True):
            low, high = (a, b) if a < b else (b, a)
            level = (1.0 - share) * low + share * high
            total += level if evenness == 1.0 else math.pow(level, evenness)
        return math.pow(total / len(one.skills), 1.0 / evenness)

    def learn_what_is_usual(self) -> None:
        """The mean of every skill in each department."""
        for department in self.departments:
            skills = [post.person.skills for post in department.posts if post.person is not None]
            number = max(1, len(skills))
            department.usual = [sum(levels) / number for levels in zip(*skills, strict=True)]

    def count_who_is_sought(self) -> None:
        """How many seek each person's advice."""
        for person in self.agents:
            person.sought = 0
        for person in self.agents:
            for adviser in person.ties:
                adviser.sought += 1

    def find_time_for_ideas(self) -> None:
        """Each department saves up time by its headcount, for a year at most, for one idea at least."""
        p = self.p.ideas
        for department in self.departments:
            department.waiting.clear()
            heads = sum([post.person is not None for post in department.posts])
            yearly = p.capacity_per_head * heads
            more = (1.0 - p.capacity_by_ideas) * yearly / 12.0
            department.time = min(max(1.0, yearly), department.time + more)

    def carry_out_ideas(self) -> None:
        """Each department carries out the best of the month's ideas that it has time for."""
        best_distance, sums = self.p.recombination.best_distance, self.sums
        for department in self.departments:
            department.waiting.sort(key=lambda idea: -idea[0])
            for _, person, other in department.waiting:
                if department.time < 1.0:
                    break
                department.time -= 1.0
                person.ideas_implemented += 1
                sums["implemented"] += 1.0
                sums["novelty"] += novelty(person.skills, other.skills, best_distance)

    def become_aware(self) -> None:
        """What leaders heard from below this month, by department."""
        p = self.p.awareness
        for department in self.departments:
            department.heard = 0.0
        for pair in self.pairs:
            if pair.met == 0:
                continue
            gap = pair.mentor.level - pair.mentee.level
            leader = pair.mentee if gap < 0 else pair.mentor
            if gap != 0 and (gap < 0 or pair.two_way) and leader.level >= p.leader_level:
                junior = pair.mentor if gap < 0 else pair.mentee
                leader.department.heard += pair.met * pair.quality * junior.candour()
        for department in self.departments:
            share = min(1.0, p.gain * department.heard / max(1, department.leaders))
            awareness = (1.0 - p.fading) * department.awareness
            department.awareness = awareness + share * (1.0 - department.awareness)
