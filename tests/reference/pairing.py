"""Which pairs a programme allows, how good each would be, and who gets whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.optimize import linear_sum_assignment

from reference.entities import Person

if TYPE_CHECKING:
    from reference.model import ReferenceModel

Table = list[list[float | None]]
"""Score of each mentee (row) with each mentor (column); None where the pair is not allowed."""


def score(
    model: ReferenceModel, mentor: Person, mentee: Person, direction: str, by_gap: bool
) -> float | None:
    """The weighted usable gaps that the direction aims at, or a random number; None if barred.

    Barred, too, are those whom a roster keeps apart, and mentees who are to be mentors only.
    """
    if mentor in mentee.keeps_apart or mentee.mentoring_role == "mentor":
        return None
    if not fits_direction(model, mentor, mentee, direction) or is_barred(model, mentor, mentee):
        return None
    if not by_gap:
        luck = model.fate.numbers("pairing", mentor.slot, other=mentee.slot, when=model.month)
        return luck[0]
    if direction == "traditional":
        return usable_gaps(model, mentor, mentee, ("institutional", "interpersonal"))
    if direction == "reverse":
        return usable_gaps(model, mentor, mentee, ("emerging",))
    everything = ("emerging", "institutional", "interpersonal")
    forward = usable_gaps(model, mentor, mentee, everything)
    if direction == "reciprocal":
        return forward + usable_gaps(model, mentee, mentor, everything)
    return forward


def fits_direction(model: ReferenceModel, mentor: Person, mentee: Person, direction: str) -> bool:
    """Whether the two stand to each other as the direction asks.

    ``either``: the more senior mentors: of higher level; at the same level, longer in the firm; if
    hired together, in the lower slot. ``reverse``: the mentor stands lower by the least difference
    of level; ``traditional`` and ``reciprocal``: the mentor stands higher by it.
    """
    if mentor is mentee:
        return False
    gap = mentor.level - mentee.level
    least = model.settings.programme.minimum_level_gap
    match direction:
        case "traditional" | "reciprocal":
            return gap >= least
        case "reverse":
            return -gap >= least
        case _:
            if gap != 0:
                return gap > 0
            return (mentor.hire_month, mentor.slot) < (mentee.hire_month, mentee.slot)


def is_barred(model: ReferenceModel, one: Person, other: Person) -> bool:
    """Whether the rules keep two people apart: manager, manager's manager, team, site."""
    rules = model.settings.programme
    for person, above in ((one, other), (other, one)):
        manager = person.manager
        if rules.bar_own_manager and manager is above:
            return True
        if rules.bar_skip_level and manager is not None and manager.manager is above:
            return True
    boss = one.post.boss
    if rules.bar_same_team and boss is not None and boss is other.post.boss:
        return True
    return bool(rules.same_site_only) and one.site != other.site


def usable_gaps(
    model: ReferenceModel, teacher: Person, learner: Person, kinds: tuple[str, ...]
) -> float:
    """What there is to teach: weighted gaps beyond the threshold."""
    worth = 0.0
    for skill in model.skills:
        gap = teacher.skills[skill.index] - learner.skills[skill.index]
        usable = gap - model.settings.learning.threshold
        if skill.kind in kinds and usable > 0.0:
            worth += skill.weight * usable
    return worth


def assign(how: str, table: Table, room: list[int], places: list[float]) -> list[int | None]:
    """The mentor's column for each mentee's row, None for those who go without.

    Mentors have room for some mentees each; `places` orders the mentees where it matters.
    """
    return at_random(table, room, places) if how == "random" else optimally(table, room)


def at_random(table: Table, room: list[int], places: list[float]) -> list[int | None]:
    """One mentee after the other takes the best-scored mentor who has room; the first of equals."""
    found: list[int | None] = [None] * len(table)
    room = list(room)
    for row in sorted(range(len(table)), key=lambda row: places[row]):
        best: int | None = None
        best_value = -1.0
        for column, value in enumerate(table[row]):
            if value is not None and room[column] > 0 and value > best_value:
                best, best_value = column, value
        if best is not None:
            found[row] = best
            room[best] -= 1
    return found


def optimally(table: Table, room: list[int]) -> list[int | None]:
    """Most pairs, and among those the greatest sum of scores; SciPy solves it.

    A mentor stands for as many columns as there is room. Where several assignments are equally
    good, SciPy's choice depends on the cost of a forbidden pair, which is therefore part of the
    description: minus (greatest score + 1) times (the smaller side + 1).
    """
    found: list[int | None] = [None] * len(table)
    mentor_of = [mentor for mentor, most in enumerate(room) for _ in range(min(most, len(table)))]
    if not table or not mentor_of:
        return found
    greatest = max((value for row in table for value in row if value is not None), default=-1.0)
    forbidden = -(greatest + 1.0) * (min(len(table), len(mentor_of)) + 1)
    worth = [
        [forbidden if row[mentor] is None else row[mentor] for mentor in mentor_of] for row in table
    ]
    for row, column in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
        if table[row][mentor_of[column]] is not None:
            found[row] = mentor_of[column]
    return found
