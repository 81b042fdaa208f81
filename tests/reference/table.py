"""Everything as named columns, so that it can be laid beside the engine's.

An empty slot shows its last person as they were when they left, without ties, relationships,
manager or anything that belongs to one month. What is not compared there are the skills and their
monthly gain: nobody has them (:data:`NOT_IN_EMPTY_SLOTS`). Beyond the running pairs nothing is
compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference.words import DIRECTION_CODES

if TYPE_CHECKING:
    from reference.entities import Pair, Person, Post
    from reference.model import ReferenceModel

NOT_IN_EMPTY_SLOTS = frozenset({"skills", "gain"})

PERSON_COLUMNS = (
    "engagement", "baseline_engagement", "confidence", "safety", "humility", "mentoring_ability",
    "growth_need", "propensity", "output", "embeddedness", "learnt", "relationship_push",
    "sponsor_quality", "engagement_begin", "output_begin", "fresh_views", "attention",
    "partner_quality", "safety_push", "confidence_push", "settledness", "initiative", "unit", "given",
    "active", "holder", "number",
    "birth_month", "hire_month", "level", "year_level", "level_month", "post", "department", "site",
    "work_mode", "manager", "left_now", "formal_mentors", "formal_mentees", "informal_mentors",
    "informal_mentees", "helped_formally", "sponsor", "partner", "turned_away", "ideas_heard",
    "ideas_implemented_now", "ideas_rejected", "volunteered", "months_formal", "months_informal",
    "meetings_as_mentee", "meetings_as_mentor", "ideas_voiced", "ideas_implemented", "promotions",
    "cohorts_as_mentee", "cohorts_as_mentor", "willing", "recognised", "arm",
)  # fmt: skip
PAIR_COLUMNS = (
    "quality", "similarity", "chemistry", "first_quality", "score", "mentee_gain", "mentor_gain",
    "training", "say", "mentor", "mentee", "formal", "two_way", "direction", "influence", "begun",
    "planned_end", "met_now", "planned_now", "held", "missed", "silent", "taught_out", "ending",
    "aims_mentee", "aims_mentor", "mentor_number", "mentee_number", "level_gap", "age_gap",
)  # fmt: skip
POST_COLUMNS = (
    "level", "department", "boss", "site", "slot", "vacant_since", "reports", "waiting_slot",
)  # fmt: skip
DEPARTMENT_COLUMNS = ("awareness", "stories", "told", "heads", "climate", "room")
PERSON_LISTS = ("skills", "potential", "skills_begin", "gain", "values", "ties")


def slot_of(person: Person | None) -> int:
    """The slot of a person, -1 for nobody."""
    return -1 if person is None else person.slot


def person_row(person: Person) -> dict[str, Any]:
    """A person as numbers, by the name of the column."""
    row = {name: getattr(person, name) for name in PERSON_COLUMNS}
    row["post"] = person.post.index
    row["department"] = person.department.index
    for name in ("manager", "sponsor", "partner"):
        row[name] = slot_of(row[name])
    return row


def pair_row(pair: Pair) -> dict[str, Any]:
    """A pair as numbers, by the name of the column."""
    special = {
        "mentor": pair.mentor.slot,
        "mentee": pair.mentee.slot,
        "direction": DIRECTION_CODES[pair.direction],
        "aims_mentee": sum(1 << skill for skill in pair.aims_mentee),
        "aims_mentor": sum(1 << skill for skill in pair.aims_mentor),
        "mentor_number": pair.mentor.number,
        "mentee_number": pair.mentee.number,
    }
    return {
        name: special[name] if name in special else getattr(pair, name) for name in PAIR_COLUMNS
    }


def post_row(post: Post) -> dict[str, Any]:
    """A post as numbers, by the name of the column."""
    return {
        "level": post.level,
        "department": post.department.index,
        "boss": -1 if post.boss is None else post.boss.index,
        "site": post.site,
        "slot": slot_of(post.person),
        "vacant_since": post.vacant_since,
        "reports": post.reports,
        "waiting_slot": -1 if post.waiting_slot is None else post.waiting_slot,
    }


def as_columns(model: ReferenceModel) -> dict[str, list[Any]]:
    """All columns of people, pairs, posts and departments, named as the engine names them."""
    people = [person_row(person) for person in model.chairs]
    pairs = [pair_row(pair) for pair in model.pairs]
    posts = [post_row(post) for post in model.posts]
    return {
        **{name: [row[name] for row in people] for name in PERSON_COLUMNS},
        **{f"dyad.{name}": [row[name] for row in pairs] for name in PAIR_COLUMNS},
        **{f"post.{name}": [row[name] for row in posts] for name in POST_COLUMNS},
        **{
            f"department.{name}": [getattr(department, name) for department in model.departments]
            for name in DEPARTMENT_COLUMNS
        },
    }


def as_rows(model: ReferenceModel) -> dict[str, list[Any]]:
    """What a slot, post, department or world has several numbers of, as lists of rows."""
    return {
        **{name: [list(getattr(p, name)) for p in model.chairs] for name in PERSON_LISTS[:-1]},
        "ties": [[slot_of(adviser) for adviser in person.ties] for person in model.chairs],
        "emphasis": [department.emphasis for department in model.departments],
        "team_exits": [post.recent_quits for post in model.posts],
        "counts": [len(model.pairs), len(model.everybody), model.clipped],
    }


def leaver_rows(model: ReferenceModel) -> list[list[float]]:
    """Everybody who left, as they were: columns; month, cause, slot; skills at begin and end."""
    return [
        [*(float(row[name]) for name in PERSON_COLUMNS), month, cause, slot, *begin, *end]
        for row, begin, end, month, cause, slot in model.former_people
    ]


def ended_rows(model: ReferenceModel) -> list[list[float]]:
    """Every pair that ended, as it was, and the month."""
    return [
        [*(float(row[name]) for name in PAIR_COLUMNS), month] for row, month in model.former_pairs
    ]
