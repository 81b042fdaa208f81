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
    """Enrol, pair and begin: places are given in order until they are filled."""
    programme, sums = model.p.programme, model.sums
    upward = model.direction in ("reverse", "reciprocal")
    participants = [person for person in model.agents if volunteers(person, upward)]
    most = mentees_wanted(model, participants)
    mentors = list(most)
    seen = {person: seen_skills(person) for person in participants}
    waiting = with_prospects(model, participants, mentors)
    model.random.shuffle(waiting)
    left = round(programme.places * len(model.agents))
    while left > 0 and waiting and mentors:
        taken, waiting = waiting[:left], waiting[left:]
        room = [most[mentor] - mentor.formal_mentees for mentor in mentors]
        table = score_table(model, taken, mentors, seen)
        for row, column in assign(table, room):
            begin(model, mentors[column], taken[row])
            left -= 1
        mentors = [mentor for mentor in mentors if mentor.formal_mentees < most[mentor]]
    for person in participants:
        if person.formal_mentors + person.formal_mentees == 0:
            person.turned_away = True
            sums["turned_away"] += 1.0
        else:
            sums["participants"] += 1.0
            if programme.training_hours > 0.0:
                sums["trained"] += 1.0
                sums["training_pay"] += model.pay[person.level]
    sums["volunteers"] += len(participants)


def mentees_wanted(model: MentoringFirm, participants: list[Employee]) -> dict[Employee, int]:
    """Those who would mentor, and how many mentees each would take: one, or as many as are allowed."""
    p, wanted = model.p.volunteering, {}
    for person in participants:
        if person.level < model.p.programme.mentor_from_level:
            continue
        inclination = model.random.random()
        odds = p.mentor_share * math.exp(p.mentors_by_settledness * person.settledness)
        chance = odds / (odds + 1.0 - p.mentor_share)
        if inclination < chance:
            several = inclination < chance * p.several_mentees
            wanted[person] = model.p.programme.mentor_capacity if several else 1
    return wanted


def with_prospects(
    model: MentoringFirm, people: list[Employee], mentors: list[Employee]
) -> list[Employee]:
    """Those for whom direction and rules admit any of the mentors."""
    managers = managers_of([*people, *mentors])
    return [
        mentee
        for mentee in people
        if any(may_be_paired(model, mentor, mentee, managers) for mentor in mentors)
    ]


def managers_of(people: list[Employee]) -> dict[Employee, Employee | None]:
    """Everybody's manager, and those of the managers."""
    managers = {person: person.manager for person in people}
    for manager in {person for person in managers.values() if person is not None}:
        managers.setdefault(manager, manager.manager)
    return managers


def may_be_paired(
    model: MentoringFirm,
    mentor: Employee,
    mentee: Employee,
    managers: dict[Employee, Employee | None],
) -> bool:
    """Whether rank is as the direction asks, and no rule bars the two."""
    gap = mentor.level - mentee.level
    if model.direction == "reverse":
        gap = -gap
    if gap < model.p.programme.minimum_level_gap or mentor is mentee:
        return False
    return not is_barred(mentor, mentee, managers)


def volunteers(person: Employee, upward: bool) -> bool:
    """Whether somebody volunteers; who stands high shies away where juniors are to teach."""
    model, p = person.model, person.model.p.volunteering
    given, support, shyness = model.p.engagement, model.p.levers.support, 0.0
    if upward:
        rank = (person.level - 1.0) / model.top_rank
        shyness = rank * (1.0 - person.humility) * (1.0 - support)
    return model.random.random() < logistic(
        p.level
        + p.by_engagement * (person.engagement - given.average) / given.spread
        + p.by_growth_need * (person.growth_need - 0.5)
        + p.by_ability * (person.mentoring_ability - 0.5)
        + p.by_support * (support - model.p.meetings.ordinary_support)
        - p.resistance * shyness
        + p.by_initiative * person.initiative
        + p.by_settledness * person.settledness
    )


def seen_skills(person: Employee) -> list[float]:
    """Skills as the skill data have them."""
    gauss, error = person.model.random.gauss, person.model.p.pairing.skill_data_error
    return [min(1.0, max(0.0, skill + gauss(0.0, error))) for skill in person.skills]


def score_table(
    model: MentoringFirm,
    mentees: list[Employee],
    mentors: list[Employee],
    seen: dict[Employee, list[float]],
) -> list[list[float]]:
    """Weighted usable gaps of every mentee (row) and mentor, FORBIDDEN where the rules bar a pair."""
    direction = model.direction
    aims_mentee, aims_mentor = aims_of(model, direction)
    weights = [skill.weight for skill in model.skills]
    threshold = model.p.learning.threshold
    managers = managers_of([*mentees, *mentors])
    table = []
    for mentee in mentees:
        row = []
        for mentor in mentors:
            score = FORBIDDEN
            if may_be_paired(model, mentor, mentee, managers):
                score = 0.0
                theirs, own = seen[mentor], seen[mentee]
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
    """Whether two people may not be paired: a former partner, manager, their manager, own team."""
    rules = one.model.p.programme
    if rules.bar_past_pairs and frozenset((one, other)) in one.model.past:
        return True
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


def assign(table: list[list[float]], room: list[int]) -> list[tuple[int, int]]:
    """Most pairs, and among those the greatest sum of scores; each as (row, column)."""
    if not table or not table[0]:
        return []
    column_of = np.repeat(np.arange(len(room)), room)
    scores = np.array(table)[:, column_of]
    forbidden = -(scores.max() + 1.0) * (min(scores.shape) + 1)
    rows, places = linear_sum_assignment(np.where(scores < 0, forbidden, scores), maximize=True)
    return [
        (row, column)
        for row, column in zip(rows.tolist(), column_of[places].tolist(), strict=True)
        if table[row][column] >= 0.0
    ]


def begin(model: MentoringFirm, mentor: Employee, mentee: Employee) -> None:
    """Begin a formal pair; across departments a shared language is lacking at first."""
    aims_mentee, aims_mentor = aims_of(model, model.direction)
    programme, quality = model.p.programme, model.p.meetings.first_quality
    if mentor.department is not mentee.department:
        quality = max(0.0, quality - model.p.meetings.language_effect)
    model.past.add(frozenset((mentor, mentee)))
    model.sums["opened"] += 1.0
    model.sums["opened_pay"] += model.pay[mentor.level] + model.pay[mentee.level]
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
            quality=quality,
            similarity=model.similarity(mentor, mentee),
            chemistry=model.random.gauss(0.0, 1.0),
            training=model.p.levers.training,
            say=model.plan.policies[0].say,
        )
    )
