"""Phase 5: advice ties form and rewire, mentors introduce, informal mentors are found."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reference import words
from reference.books import weighted
from reference.embeddedness import in_one_team
from reference.entities import Pair, Person
from reference.luck import pick, standard_normal, total
from reference.people import seeking

if TYPE_CHECKING:
    from reference.model import ReferenceModel


# --- advice ties ---------------------------------------------------------------------------------
def look_for_ties(model: ReferenceModel) -> None:
    """Whoever has a free place may look for an adviser; whoever has none may replace one."""
    given = model.settings.ties
    for person in model.staff:
        luck = model.fate.numbers("tie change", person.slot, when=model.month)
        rate = given.search_rate if None in person.ties else given.rewiring_rate
        if luck[0] < rate:
            adviser = pick_adviser(model, person, "tie search", 0, model.month)
            if adviser is not None:
                add_tie(person, adviser, luck[1])


def pick_adviser(
    model: ReferenceModel, person: Person, decision: str, first: int, when: int
) -> Person | None:
    """One of eight candidates, in proportion to their weights; None if none will do.

    The first four are of the own department, the others from outside; each stands for the number of
    people (times their odds) that it was picked from. An exponential race: with weights w and
    numbers u, the greatest ``ln(u) / w`` wins, the first of equals. Candidates may repeat.
    Candidate number c is addressed by ``first + c``.
    """
    given = model.settings.ties
    colleagues = person.department.posts
    others = [post for post in model.posts if post.department is not person.department]
    room = 1
    while room < len(others):
        room *= 2
    inside = given.department_odds * len(colleagues)
    outside = min(float(len(others)), given.reach) * room / max(1.0, float(len(others)))

    best: Person | None = None
    best_score = 0.0
    for number in range(words.CANDIDATES):
        luck = model.fate.numbers(decision, person.slot, other=first + number, when=when)
        if number < words.CANDIDATES // 2:
            other = colleagues[pick(luck[0], len(colleagues))].person
            stands_for = inside
        else:
            # A power of two of places, so that one more post leaves others' picks as they are.
            place = pick(luck[0], room)
            other = others[place].person if place < len(others) else None
            stands_for = outside
        if other is None or other is person or other in person.ties:
            continue
        score = math.log(luck[1]) / (stands_for * tie_weight(model, person, other))
        if best is None or score > best_score:
            best, best_score = other, score
    return best


def tie_weight(model: ReferenceModel, person: Person, other: Person) -> float:
    """Weight of a candidate as adviser: a product of odds ratios.

    Rank goes from 0 at the lowest level to 1 at the highest; site counts if neither is remote.
    """
    given = model.settings.ties
    rank = (other.level - 1.0) / (max(2, model.levels) - 1.0)
    years = abs(person.birth_month - other.birth_month) / 12.0
    weight = math.exp(rank * math.log(given.senior_odds) + years / 10.0 * math.log(given.age_odds))
    if not are_apart(person, other):
        weight = weight * given.site_odds
    if person.level == other.level:
        weight = weight * given.level_odds
    if in_one_team(person, other):
        weight = weight * given.team_odds
    if person in other.ties:
        weight = weight * given.reciprocity_odds
    return weight


def are_apart(one: Person, other: Person) -> bool:
    """Whether two people sit at different sites, or either works remotely."""
    return one.site != other.site or words.REMOTE in (one.work_mode, other.work_mode)


def add_tie(person: Person, other: Person, number: float) -> None:
    """Seek advice from `other`: in the first free place, or in the one that `number` picks."""
    if other in person.ties:
        return
    if None in person.ties:
        person.ties[person.ties.index(None)] = other
    else:
        person.ties[pick(number, len(person.ties))] = other


def introduce_mentees(model: ReferenceModel) -> None:
    """Mentors who met their mentee last month may introduce them to one of their own contacts."""
    for pair in model.pairs:
        if pair.met_now == 0 or not pair.influence:
            continue
        mentor, mentee = pair.mentor, pair.mentee
        luck = model.fate.numbers("introduction", mentor.slot, other=mentee.slot, when=model.month)
        if luck[0] < model.settings.ties.introduction_rate * pair.quality:
            contact = mentor.ties[pick(luck[1], len(mentor.ties))]
            if contact is not None and contact is not mentee:
                add_tie(mentee, contact, luck[2])


# --- informal mentors ----------------------------------------------------------------------------
def look_for_mentors(model: ReferenceModel, when: int, begun: int) -> None:
    """Everybody without an informal mentor may turn to one of their ties, in the order of slots."""
    given = model.settings.informal
    for person in model.staff:
        if person.informal_mentors > 0:
            continue
        luck = model.fate.numbers("informal search", person.slot, when=when)
        rate = given.search_rate * 2.0 * person.growth_need * seeking(model, person)
        if person.helped_formally:
            rate = rate * (1.0 - given.crowding_out)
        if luck[0] >= rate:
            continue
        mentor = person.ties[pick(luck[1], len(person.ties))]
        if mentor is None or mentor.informal_mentees >= given.capacity:
            continue
        if not _is_more_senior(mentor, person, given.seniority_months):
            continue
        promise = 1.0 + given.by_promise * (
            weighted(model, person.potential) - given.ordinary_promise
        )
        if luck[2] < min(1.0, similarity(mentor, person) * max(0.0, promise)):
            begin_pair(
                model,
                mentor,
                person,
                when=when,
                begun=begun,
                planned_end=words.OPEN_ENDED,
                direction=words.INFORMAL,
                aims_mentee=model.everything,
                quality=given.first_quality,
                say=1.0,
            )


def _is_more_senior(mentor: Person, person: Person, months: float) -> bool:
    """Higher in level; or at the same level, and longer in the firm by some months."""
    if mentor.level == person.level:
        return person.hire_month - mentor.hire_month >= months
    return mentor.level > person.level


def similarity(one: Person, other: Person) -> float:
    """Deep-level similarity, 0 to 1: ``exp(-|v1 - v2|² / (2 V))`` over V values."""
    squares = total((a - b) * (a - b) for a, b in zip(one.values, other.values, strict=True))
    return math.exp(-squares / (2.0 * len(one.values)))


def begin_pair(
    model: ReferenceModel,
    mentor: Person,
    mentee: Person,
    *,
    when: int,
    begun: int,
    planned_end: int,
    direction: str,
    aims_mentee: frozenset[int],
    aims_mentor: frozenset[int] = frozenset(),
    two_way: bool = False,
    influence: bool = True,
    quality: float,
    training: float = 0.0,
    say: float = 0.0,
    score: float = 0.0,
) -> None:
    """Begin a relationship; `when` addresses the draw of its chemistry."""
    luck = model.fate.numbers("chemistry", mentor.slot, other=mentee.slot, when=when)
    pair = Pair(
        mentor=mentor,
        mentee=mentee,
        formal=direction != words.INFORMAL,
        two_way=two_way,
        direction=direction,
        influence=influence,
        begun=begun,
        planned_end=planned_end,
        aims_mentee=aims_mentee,
        aims_mentor=aims_mentor,
        quality=quality,
        similarity=similarity(mentor, mentee),
        chemistry=standard_normal(*luck[:2]),
        training=training,
        say=say,
        score=score,
        level_gap=mentor.level - mentee.level,
        age_gap=mentee.birth_month - mentor.birth_month,
    )
    mentor.pairs_as_mentor.append(pair)
    mentee.pairs_as_mentee.append(pair)
    model.pairs.append(pair)
