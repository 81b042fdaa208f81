"""Policies: who teaches whom, what makes a good pair, how pairs are made; and which pairs are allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reference import words
from reference.entities import Person

if TYPE_CHECKING:
    from reference.model import ReferenceModel


@dataclass(frozen=True)
class Policy:
    """One way of making pairs; `share` is its part of the places."""

    direction: str
    score: str
    assignment: str
    other_department: bool
    say: float
    share: float

    @property
    def two_way(self) -> bool:
        """Whether both sides teach."""
        return self.direction in ("reciprocal", "peer")

    @property
    def upward(self) -> bool:
        """Whether juniors teach seniors."""
        return self.direction in ("reverse", "reciprocal")


def policies_of(programme: Any) -> list[Policy]:
    """None, one, or those of a portfolio in the order in which policies are listed.

    What the programme sets apart (direction, score, ...) holds for all of them.
    """
    shares = {programme.policy: 1.0}
    if programme.policy == "portfolio":
        shares = programme.portfolio
    found = []
    for name, (direction, score, assignment, other_department, say) in words.PRESETS.items():
        if shares.get(name, 0.0) == 0.0:
            continue
        crosses = programme.other_department_only
        found.append(
            Policy(
                direction=programme.direction or direction,
                score=programme.score or score,
                assignment=programme.assignment or assignment,
                other_department=other_department if crosses is None else crosses,
                say=say if programme.say is None else programme.say,
                share=shares[name] / sum(shares.values()),
            )
        )
    return found


def aims(model: ReferenceModel, policy: Policy) -> tuple[frozenset[int], frozenset[int]]:
    """The skills that the mentee and the mentor are to learn."""
    emerging = frozenset(skill.index for skill in model.skills if skill.kind == "emerging")
    of_mentee = {"traditional": model.everything - emerging, "reverse": emerging}
    return (
        of_mentee.get(policy.direction, model.everything),
        model.everything if policy.two_way else frozenset(),
    )


def is_allowed(model: ReferenceModel, policy: Policy, mentor: Person, mentee: Person) -> bool:
    """Whether direction and rules admit a pair, whoever else it is kept apart from."""
    return (
        mentor is not mentee
        and _fits_direction(model, policy.direction, mentor, mentee)
        and not _is_barred(model, policy, mentor, mentee)
    )


def is_senior(one: Person, other: Person) -> bool:
    """Of higher level; at the same level, longer in the firm; if hired together, in the lower slot."""
    if one.level != other.level:
        return one.level > other.level
    return (one.hire_month, one.slot) < (other.hire_month, other.slot)


def _fits_direction(model: ReferenceModel, direction: str, mentor: Person, mentee: Person) -> bool:
    """Whether rank is as the direction asks, by the least difference of level where it asks for one."""
    gap = mentor.level - mentee.level
    least = model.settings.programme.minimum_level_gap
    match direction:
        case "anyone":
            return True
        case "peer":  # one of the two ways round, so that no two begin twice
            return gap == 0 and is_senior(mentor, mentee)
        case "either":
            return is_senior(mentor, mentee)
        case "reverse":
            return -gap >= least
        case _:
            return gap >= least


def _is_barred(model: ReferenceModel, policy: Policy, one: Person, other: Person) -> bool:
    """Whether rules keep two apart: manager, manager's manager, team, site, department, age."""
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
    if rules.same_site_only and one.site != other.site:
        return True
    if policy.other_department and one.department is other.department:
        return True
    return abs(one.birth_month - other.birth_month) < 12.0 * rules.minimum_age_gap
