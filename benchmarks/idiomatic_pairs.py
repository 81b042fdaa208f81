"""Pairs of the idiomatic Mesa version: a mentor, a mentee, and what passes between them in a month."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from idiomatic_employee import Employee, novelty
from idiomatic_person import logistic

if TYPE_CHECKING:
    from idiomatic_mesa import MentoringFirm

OPEN_ENDED = 1_000_000


@dataclass(slots=True, eq=False)
class Pair:
    """A mentoring relationship; the aims are the positions of the skills to be learnt by each."""

    model: MentoringFirm
    mentor: Employee
    mentee: Employee
    formal: bool
    two_way: bool
    begun: int
    planned_end: int
    aims_mentee: range | list[int]
    aims_mentor: range | list[int]
    quality: float
    similarity: float
    chemistry: float
    training: float = 0.0
    say: float = 0.0
    met: int = 0
    planned: int = 0
    silent: int = 0
    has_met: bool = False
    taught_out: bool = False

    def meet(self) -> None:
        """The month's meetings; what follows for the two people besides learning."""
        model, p = self.model, self.model.p.meetings
        mentor, mentee = self.mentor, self.mentee
        self.planned = self.planned_meetings()
        chance, random = self.attendance(), model.random.random
        held = 0
        for _ in range(self.planned):
            if random() < chance:
                held += 1
        self.met = held
        if held > 0:
            self.silent, self.has_met = 0, True
            target = self.quality_target()
            for _ in range(held):
                self.quality += p.growth * (target - self.quality)
        elif self.planned > 0:
            self.silent += 1
            self.quality *= 1.0 - p.fading
        self.count()
        quality = self.quality
        for person, other in ((mentor, mentee), (mentee, mentor)) if self.has_met else ():
            if quality > person.partner_quality:
                person.partner, person.partner_quality = other, quality
            if other.level > person.level and quality > person.sponsor_quality:
                person.sponsor, person.sponsor_quality = other, quality
        if held > 0:
            self.affect_both()

    def planned_meetings(self) -> int:
        """One a month for informal pairs; the programme's cadence for formal ones."""
        if not self.formal:
            return 1
        age, cadence = self.model.month - self.begun, self.model.p.programme.meetings_per_month
        return math.floor((age + 1.0) * cadence) - math.floor(age * cadence)

    def attendance(self) -> float:
        """Probability that a planned meeting takes place."""
        model, p = self.model, self.model.p.meetings
        mentor, mentee = self.mentor, self.mentee
        if self.formal:
            levers = model.p.levers
            logit = p.attendance - p.load_cancels * max(0, mentor.formal_mentees - 1)
            logit += p.support_helps * (levers.support - p.ordinary_support)
            logit -= p.reminders_lacking * (1.0 - levers.platform)
            cancels = p.rank_cancels * (1.0 - levers.support) / (1.0 - p.ordinary_support)
        else:
            logit, cancels = p.attendance_informal, p.rank_cancels
        rank = (max(mentor.level, mentee.level) - 1.0) / model.top_rank
        logit += p.attendance_by_quality * (self.quality - 0.5) - cancels * rank
        if mentor.site != mentee.site or mentor.is_remote or mentee.is_remote:
            logit -= p.distance_cancels
        return logistic(logit)

    def quality_target(self) -> float:
        """Quality that the relationship tends to."""
        p = self.model.p.meetings
        mentor, mentee = self.mentor, self.mentee
        upward = mentor.level < mentee.level
        lower, higher = (mentor, mentee) if upward else (mentee, mentor)
        logit = (
            p.quality_level
            + p.similarity_effect * (self.similarity - p.ordinary_similarity)
            - p.rank_effect * (higher.level - lower.level) * (1.0 - lower.safety)
            + p.ability_effect * (mentor.mentoring_ability - 0.5)
            + p.training_effect * self.training
            + p.say_effect * self.say
            + p.chemistry_spread * self.chemistry
        )
        given = self.model.p.engagement
        logit += p.mood_effect * (mentee.engagement - given.average) / given.spread
        if upward or self.two_way:
            logit += p.humility_effect * (higher.humility - 0.5)
        return logistic(logit)

    def count(self) -> None:
        """Write the month's meetings down."""
        model, sums = self.model, self.model.sums
        if not self.formal:
            sums["informal_held"] += self.met
            return
        sums["planned"] += self.planned
        sums["held"] += self.met
        programme = model.p.programme
        hours = self.met * (programme.meeting_hours + programme.preparation_hours)
        sums["hours"] += 2.0 * hours
        sums["meeting_pay"] += hours * (model.pay[self.mentor.level] + model.pay[self.mentee.level])

    def affect_both(self) -> None:
        """Meetings lift or lower, open views, and make it safer to speak."""
        model, p = self.model, self.model.p.meetings
        mentor, mentee, quality = self.mentor, self.mentee, self.quality
        push = self.met * (quality - model.p.engagement.neutral_quality)
        fresh = novelty(mentor.skills, mentee.skills, model.p.recombination.best_distance)
        for person in (mentor, mentee):
            person.relationship_push += push
            person.fresh_views += quality * fresh
            person.attention += quality
        if mentor.level != mentee.level:
            upward = mentor.level < mentee.level
            lower = mentor if upward else mentee
            frank = lower.candour()
            lower.safety_push += p.safety_gain * push * frank
            if upward or self.two_way:
                lower.confidence_push += p.confidence_gain * self.met * quality * frank

    def teach(self) -> None:
        """What the two learn from each other at this month's meetings."""
        model, p = self.model, self.model.p.learning
        mentor, mentee = self.mentor, self.mentee
        attention, subjects = p.informal_attention, p.focus
        if self.formal:
            attention = model.p.levers.clarity * model.p.programme.meeting_hours
        if self.two_way:
            attention *= 0.5 if subjects == 1 else 1.0
            subjects = max(1, subjects // 2)
        forward = model.teach(
            mentor, mentee, self.aims_mentee, subjects, self.strength(mentor, mentee, attention)
        )
        backward = -1.0
        if self.two_way:
            backward = model.teach(
                mentee, mentor, self.aims_mentor, subjects, self.strength(mentee, mentor, attention)
            )
        self.taught_out = forward < 0.0 and backward < 0.0
        if self.taught_out:
            return
        mentor.given += max(0.0, forward)
        mentee.given += max(0.0, backward)
        mentee_gain = max(0.0, forward)
        mentor_gain = max(0.0, backward) + self.grow_by_mentoring(mentor)
        if self.two_way:
            mentee_gain += self.grow_by_mentoring(mentee)
        mentee.learnt += mentee_gain
        mentor.learnt += mentor_gain
        if self.formal:
            model.sums["mentee_gain"] += mentee_gain
            model.sums["mentor_gain"] += mentor_gain

    def strength(self, teacher: Employee, learner: Employee, attention: float) -> float:
        """Share of a usable gap that the meetings close; teaching upward is damped."""
        p, damping = self.model.p.learning, 1.0
        if learner.level > teacher.level:
            share = (learner.level - teacher.level) / self.model.top_rank
            damping -= p.status_damping * share * (1.0 - self.quality * teacher.safety)
        ability = 0.5 + teacher.mentoring_ability
        part = math.pow(self.quality, p.quality_exponent)
        return min(1.0, p.rate * self.met * attention * part * ability * damping)

    def grow_by_mentoring(self, person: Employee) -> float:
        """What teaching does for the teacher; returns the gain."""
        strength = self.model.p.learning.mentor_rate * self.met * self.quality
        total = 0.0
        for k in self.model.grown_by_mentoring:
            gain = strength * (1.0 - person.skills[k])
            person.skills[k] += gain
            total += gain
        return total

    def ending(self) -> str:
        """Why the pair ends this month; empty if it goes on."""
        p = self.model.p.endings
        if self.model.month + 1 >= self.planned_end:
            return "completed"
        logit = p.early - p.early_by_quality * self.quality
        if self.silent >= 2:
            logit += p.early_by_silence
        if not self.formal:
            logit -= p.informal_ease
        if self.model.random.random() < logistic(logit):
            return "ended_early"
        return "completed" if self.taught_out else ""
