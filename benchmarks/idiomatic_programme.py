"""The programme of the idiomatic Mesa version: who volunteers, who may be paired, who gets whom."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from idiomatic_employee import Employee
from idiomatic_pairs import Pair
from idiomatic_person import logistic
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from idiomatic_mesa import MentoringFirm

FORBIDDEN = -1.0
DIRECTIONS = ("traditional", "reverse", "reciprocal")


def open_cohort(model: MentoringFirm) -> None:
    """Enrol, pair and begin: as many pairs as there are places, those with the best scores."""
    programme, sums = model.p.programme, model.sums
    participants = [person for person in model.agents if volunteers(person)]
    share = model.p.volunteering.mentor_share
    mentors = [person for person in participants if model.random.random() < share]
    matches = assign(score_table(model, participants, mentors), programme.mentor_capacity)
    matches.sort(reverse=True)
    training = 1.0 - math.exp(-programme.training_hours / 4.0)
    for _, row, column in matches[: round(programme.places * len(model.agents))]:
        begin(model, mentors[column], participants[row], training)
        sums["opened"] += 1.0
    for person in participants:
        if person.formal_mentors + person.formal_mentees == 0:
            person.turned_away = True
            sums["turned_away"] += 1.0
        else:
            sums["participants"] += 1.0
    sums["volunteers"] += len(participants)


def volunteers(person: Employee) -> bool:
    """Whether somebody volunteers."""
    model, p = person.model, person.model.p.volunteering
    given = model.p.engagement
    return model.random.random() < logistic(
        p.level
        + p.by_engagement * (person.engagement - given.average) / given.spread
        + p.by_growth_need * (person.growth_need - 0.5)
        + p.by_ability * (person.mentoring_ability - 0.5)
        + p.by_support * (model.p.organisation.management_support - 0.6)
    )


def score_table(
    model: MentoringFirm, mentees: list[Employee], mentors: list[Employee]
) -> list[list[float]]:
    """Weighted usable gaps of every mentee (row) and mentor, FORBIDDEN where the rules bar a pair."""
    direction = model.direction
    aims_mentee, aims_mentor = aims_of(model, direction)
    weights = [skill.weight for skill in model.skills]
    threshold, least = model.p.learning.threshold, model.p.programme.minimum_level_gap
    managers = {person: person.manager for person in mentees}
    for manager in {person for person in managers.values() if person is not None}:
        managers.setdefault(manager, manager.manager)
    table = []
    for mentee in mentees:
        row = []
        for mentor in mentors:
            gap = mentor.level - mentee.level
            if direction == "reverse":
                gap = -gap
            score = FORBIDDEN
            if gap >= least and mentor is not mentee and not is_barred(mentor, mentee, managers):
                score = 0.0
                theirs, own = mentor.skills, mentee.skills
                for k in aims_mentee:
                    usable = theirs[k] - own[k] - threshold
                    if usable > 0.0:
                        score += weights[k] * usable
                for k in aims_mentor:
                    usable = own[k] - theirs[k] - threshold
                    if usable > 0.0:
                        score += weights[k] * usable
            row.append(score)
        table.append(row)
    return table


def aims_of(model: MentoringFirm, direction: str) -> tuple[list[int], list[int]]:
    """Skills that a direction lets the mentee and the mentor learn."""
    kinds = [skill.kind for skill in model.skills]
    emerging = [k for k, kind in enumerate(kinds) if kind == "emerging"]
    if direction == "traditional":
        return [k for k in range(len(kinds)) if k not in emerging], []
    if direction == "reverse":
        return emerging, []
    return list(model.everything), list(model.everything)


def is_barred(one: Employee, other: Employee, managers: dict[Employee, Employee | None]) -> bool:
    """Whether two people may not be paired: manager, manager's manager, own team."""
    rules = one.model.p.programme
    if rules.bar_same_team and one.post.boss is other.post.boss and one.post.boss is not None:
        return True
    for person, above in ((one, other), (other, one)):
        manager = managers[person]
        if manager is None:
            continue
        if rules.bar_own_manager and manager is above:
            return True
        if rules.bar_skip_level and managers[manager] is above:
            return True
    return rules.same_site_only and one.site != other.site


def assign(table: list[list[float]], capacity: int) -> list[tuple[float, int, int]]:
    """Most pairs, and among those the greatest sum of scores; each as (score, row, column)."""
    if not table or not table[0]:
        return []
    scores = np.repeat(np.array(table), capacity, axis=1)
    forbidden = -(scores.max() + 1.0) * (min(scores.shape) + 1)
    rows, places = linear_sum_assignment(np.where(scores < 0, forbidden, scores), maximize=True)
    matches = [
        (table[row][place // capacity], row, place // capacity)
        for row, place in zip(rows.tolist(), places.tolist(), strict=True)
    ]
    return [match for match in matches if match[0] >= 0.0]


def begin(model: MentoringFirm, mentor: Employee, mentee: Employee, training: float) -> None:
    """Begin a formal pair."""
    aims_mentee, aims_mentor = aims_of(model, model.direction)
    programme = model.p.programme
    model.begin_pair(
        Pair(
            model,
            mentor,
            mentee,
            formal=True,
            two_way=model.direction == "reciprocal",
            begun=model.month,
            planned_end=model.month + programme.cohort_months,
            aims_mentee=aims_mentee,
            aims_mentor=aims_mentor,
            quality=model.p.meetings.first_quality,
            similarity=model.similarity(mentor, mentee),
            chemistry=model.random.gauss(0.0, 1.0),
            training=training,
        )
    )
