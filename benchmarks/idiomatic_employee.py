"""What an employee of the idiomatic Mesa version does in a month: ties, mentors, learning, ideas."""

from __future__ import annotations

import math

from idiomatic_person import Person, logistic

CANDIDATES = 8
MOST_IDEAS = 8


def novelty(one: list[float], other: list[float], best_distance: float) -> float:
    """``x exp(1 - x)``, x = root mean square distance of two people's skills over the best distance."""
    total = 0.0
    for mine, theirs in zip(one, other, strict=True):
        difference = mine - theirs
        total += difference * difference
    x = math.sqrt(total / len(one)) / best_distance
    return x * math.exp(1.0 - x)


class Employee(Person):
    """An employee; each public method without arguments is a phase of the month."""

    def look_for_tie(self) -> None:
        """Look for an adviser: often with a free place, rarely to replace one."""
        p = self.model.p.ties
        free = len(self.ties) < p.places
        if self.model.random.random() < (p.search_rate if free else p.rewiring_rate):
            adviser = self.find_adviser()
            if adviser is not None:
                self.add_tie(adviser)

    def find_adviser(self) -> Employee | None:
        """One of some candidates, half of them from the own department; None if none will do."""
        model, p, department = self.model, self.model.p.ties, self.department
        random = model.random.random
        best, best_score = None, 0.0
        posts, places, stands_for = department.posts, len(department.posts), department.inside
        for number in range(CANDIDATES):
            if number == CANDIDATES // 2:
                posts, places = department.others, department.room
                stands_for = department.outside
            place = int(random() * places)
            other = posts[place].person if place < len(posts) else None
            if other is None or other is self or other in self.ties:
                continue
            years = abs(self.birth_month - other.birth_month) / 12.0
            rank = (other.level - 1.0) / model.top_rank
            weight = stands_for * math.exp(
                rank * model.log_senior_odds + years / 10.0 * model.log_age_odds
            )
            if self.site == other.site and not (self.is_remote or other.is_remote):
                weight *= p.site_odds
            if self.level == other.level:
                weight *= p.level_odds
            if self.is_in_team_of(other):
                weight *= p.team_odds
            if self in other.ties:
                weight *= p.reciprocity_odds
            score = math.log(1.0 - random()) / weight
            if best is None or score > best_score:
                best, best_score = other, score
        return best

    def is_in_team_of(self, other: Employee) -> bool:
        """Whether one manages the other, or both have the same manager."""
        manager = self.manager
        if other is manager or other.manager is self:
            return True
        return manager is not None and manager is other.manager

    def add_tie(self, other: Employee) -> None:
        """Seek advice from `other`, in a free place or instead of somebody else."""
        if other in self.ties:
            return
        if len(self.ties) < self.model.p.ties.places:
            self.ties.append(other)
        else:
            self.ties[int(self.model.random.random() * len(self.ties))] = other

    def tie_at_random(self) -> Employee | None:
        """Whoever sits in a random place for ties, filled or not."""
        place = int(self.model.random.random() * self.model.p.ties.places)
        return self.ties[place] if place < len(self.ties) else None

    def look_for_mentor(self) -> None:
        """Without an informal mentor, perhaps turn to one of the ties; liking decides."""
        if self.informal_mentors > 0:
            return
        model, p = self.model, self.model.p.informal
        probability = p.search_rate * 2.0 * self.growth_need * self.seeking
        if self.formal_mentors > 0:
            probability *= 1.0 - p.crowding_out
        if model.random.random() >= probability:
            return
        mentor = self.tie_at_random()
        if mentor is None or mentor.informal_mentees >= p.capacity or mentor.level < self.level:
            return
        longer = self.hire_month - mentor.hire_month
        if mentor.level == self.level and longer < p.seniority_months:
            return
        promise = max(0.0, 1.0 + p.by_promise * (self.promise - p.ordinary_promise))
        if model.random.random() < model.similarity(mentor, self) * promise:
            model.begin_informal_pair(mentor, self, p.first_quality)

    def ask_around(self) -> None:
        """Ask where one is below what is usual in the department, newcomers most; practice applies it."""
        p = self.model.p.learning
        newcomer = max(0.0, 1.0 - (self.model.month - self.hire_month) / p.asking_months)
        rate = self.seeking * (p.asking_rate * newcomer + p.asking_lasting)
        share = 1.0 - math.exp(-rate)
        below = p.asking_below
        self.from_asking = [
            share * max(0.0, usual - below - level)
            for usual, level in zip(self.department.usual, self.skills, strict=True)
        ]
        self.asked = list(self.from_asking)

    def learn_from_tie(self) -> None:
        """Perhaps pick something up from one of the ties, in the strongest subject."""
        model, p = self.model, self.model.p.learning
        if model.random.random() >= p.contact_rate * self.seeking:
            return
        other = self.tie_at_random()
        if other is not None:
            model.teach(other, self, model.everything, 1, p.contact_gain)

    def practise(self) -> None:
        """Work pulls skills up towards the potential; then they lose some of their value."""
        skills, potential, told = self.skills, self.potential, self.from_asking
        for k, (practice, keep) in enumerate(self.model.month_of_work):
            level = min(1.0, skills[k] + told[k])
            if potential[k] > level:
                level += practice * (potential[k] - level)
            skills[k] = keep * level

    def embed(self) -> None:
        """What holds one goes part of the way to what makes it up."""
        adjustment = self.model.p.embeddedness.adjustment
        self.embeddedness += adjustment * (self.full_embeddedness() - self.embeddedness)

    def full_embeddedness(self) -> float:
        """Relationships, ties given and received, the team, years of service, fit."""
        p = self.model.p.embeddedness
        held = sum([pair.quality for pair in self.pairs]) / p.relationships_full
        team = sum([self.is_in_team_of(other) for other in self.ties])
        years = (self.model.month - self.hire_month) / 12.0
        return min(
            1.0,
            p.relationships_weight * min(1.0, held)
            + p.ties_weight * min(1.0, (len(self.ties) + self.sought) / p.ties_full)
            + p.team_weight * min(1.0, team / p.team_full)
            + p.tenure_weight * years / (years + p.tenure_half)
            + p.fit_weight * logistic(self.settledness),
        )

    def know_unit(self) -> None:
        """What department and manager add to how one feels about work."""
        p, manager = self.model.p.units, self.manager
        leading = 0.0
        if manager is not None:
            leading = 0.5 * (manager.mentoring_ability + manager.humility) - 0.5
        self.unit = p.department_spread * self.department.climate + p.manager_effect * leading

    def candour(self) -> float:
        """How much of a contact upward comes through where it is as safe as one feels."""
        p = self.model.p.engagement
        return min(2.0, math.pow(self.safety / p.safety_mean, p.candour_by_safety))

    def feel(self) -> None:
        """Engagement, safety and confidence return to where they belong and are moved by events."""
        model, p = self.model, self.model.p.engagement
        self.know_unit()
        awareness = self.department.awareness
        age = (model.month - self.birth_month) / 12.0
        older = p.age_contrast * min(1.0, max(-1.0, (age - p.middle_age) / 20.0))
        push = (
            p.relationship_effect * self.relationship_push
            + p.learning_effect * self.learnt * (1.0 - older)
            + p.giving_effect * self.given * (1.0 + older)
            + p.heard_effect * self.ideas_heard
            + p.implemented_effect * self.ideas_implemented
            - p.unheard_effect * self.ideas_rejected
            - p.turned_away_effect * self.turned_away
            - p.overload_effect * max(0, self.informal_mentees + self.formal_mentees - 2)
        )
        baseline = self.baseline_engagement + self.unit + p.awareness_effect * awareness
        engagement = self.engagement + p.reversion * (baseline - self.engagement) + push
        engagement += p.noise * model.random.gauss(0.0, 1.0)
        self.engagement = min(1.0, max(0.0, engagement))
        self.turned_away = False
        climate = min(1.0, max(0.0, model.climate + p.awareness_safety * awareness))
        safety = self.safety + p.safety_reversion * (climate - self.safety) + self.safety_push
        self.safety = min(1.0, max(0.0, safety))
        confidence = self.confidence + self.confidence_push
        confidence += p.confidence_reversion * (p.confidence_mean - self.confidence)
        self.confidence = min(1.0, max(0.0, confidence))

    def have_ideas(self) -> None:
        """A Poisson number of ideas; whom one could combine with is only asked where it matters."""
        model, p = self.model, self.model.p.ideas
        self.ideas_heard = self.ideas_implemented = self.ideas_rejected = 0
        number = model.random.random()
        alone = model.ideas_per_month * self.propensity
        alone *= math.exp(p.engagement_effect * (self.engagement - model.p.engagement.average))
        if number < math.exp(-alone * (1.0 + p.recombination_effect)):
            return
        rate = alone * (1.0 + p.recombination_effect * self.recombination())
        reached = probability = math.exp(-rate)
        count = 0
        while number >= reached and count < MOST_IDEAS:
            self.follow_idea()
            count += 1
            probability *= rate / count
            reached += probability

    def recombination(self) -> float:
        """Fresh knowledge that relationships and ties bring, 0 to 1."""
        views = self.fresh_views
        best_distance, skills = self.model.p.recombination.best_distance, self.skills
        for other in self.ties:
            views += novelty(skills, other.skills, best_distance)
        return views / (self.attention + len(self.ties) + self.model.p.ideas.saturation)

    def follow_idea(self) -> None:
        """One idea: is it voiced, with whom is it built, is it worth carrying out?"""
        model, p = self.model, self.model.p.ideas
        random, sums = model.random.random, model.sums
        sums["ideas"] += 1.0
        if random() >= self.voice():
            self.ideas_rejected += 1
            return
        self.ideas_heard += 1
        sums["voiced"] += 1.0
        self.department.time += p.capacity_by_ideas * p.capacity_per_idea
        partner = self.idea_partner()
        other = self if partner is None else partner
        logit = p.adoption + p.adoption_by_quality * model.combined_quality(self, other)
        if self.sponsor is not None and self.sponsor_quality >= p.sponsor_from:
            field = int(random() * len(self.skills))
            push = p.adoption_by_sponsor + p.adoption_by_expertise * self.sponsor.skills[field]
            logit += push * self.candour()
        if other.department is not self.department:
            logit -= p.adoption_across
        adopted, number = logistic(logit), 1.0 - random()
        if number < adopted:
            self.department.waiting.append((adopted / number, self, other))

    def voice(self) -> float:
        """Probability that an idea is heard at the second highest level, where it is decided."""
        model, p = self.model, self.model.p.ideas
        levels_up = model.levels - 1 - self.level
        if levels_up <= 0:
            return 1.0
        given = model.p.engagement
        passes = logistic(
            model.voice_logit
            + p.voice_by_safety * (self.safety - given.safety_mean)
            + p.voice_by_confidence * (self.confidence - given.confidence_mean)
        )
        passed = 0.0
        if self.sponsor_quality > 0.0:
            passed = min(1.0, p.bypass * self.sponsor_quality * self.candour())
        return 1.0 - (1.0 - passes**levels_up) * (1.0 - passed)

    def idea_partner(self) -> Employee | None:
        """Whom an idea is built with: the best relationship's partner, or a tie; None if alone."""
        if self.partner is not None:
            share = self.attention / (self.attention + self.model.p.ties.places)
            if self.model.random.random() < share:
                return self.partner
        return self.tie_at_random()
