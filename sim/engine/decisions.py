"""The table of decisions: every named group of draws, its stable code, its address and its lanes.

Compiled code folds the codes in; :mod:`sim.engine.draws` turns them into numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DECISIONS", "Decision"]


@dataclass(frozen=True, slots=True)
class Decision:
    """A named group of up to four decisions that share one address.

    Attributes
    ----------
    name, code
        Stable for ever: changing a code changes every result.
    address
        What *who*, *other* and *when* stand for.
    lanes
        What each of the four numbers decides, in order.
    """

    name: str
    code: int
    address: str
    lanes: tuple[str, ...]


VALUES = 1
CHARACTER = 2
TEMPER = 3
CAREER = 4
PLACE = 5
SKILL_LEVEL = 6
TIE_AT_START = 7
EMPHASIS = 8
START = 9
DEPARTURE = 10
VACANCY = 11
READINESS = 12
TIE_CHANGE = 13
TIE_SEARCH = 14
INFORMAL_SEARCH = 15
CHEMISTRY = 16
MEETING = 17
ENDING = 18
CONTACT = 19
MOOD = 20
IDEA = 21
IDEA_FATE = 22
INTRODUCTION = 23
SEAT = 24
SITE = 25
ENCOUNTER = 26
MATCHING = 27
BARTER = 28
VOLUNTEERING = 30
PAIRING = 31
SKILL_DATA = 32
JUDGEMENT = 33
CHECK_IN = 34
DEAL = 35
DISPOSITION = 36
CLIMATE = 37
STUDY = 40
DEPARTMENT_LOT = 41
SURVEY = 42

DECISIONS: tuple[Decision, ...] = (
    Decision(
        "values",
        VALUES,
        "slot, -, holder",
        ("values 1 and 2", "values 1 and 2", "values 3 and 4", "values 3 and 4"),
    ),
    Decision(
        "character",
        CHARACTER,
        "slot, -, holder",
        ("mentoring ability", "mentoring ability", "humility", "humility"),
    ),
    Decision(
        "temper",
        TEMPER,
        "slot, -, holder",
        ("baseline engagement", "baseline engagement", "idea propensity", "idea propensity"),
    ),
    Decision(
        "career",
        CAREER,
        "slot, -, holder",
        ("age", "age (second)", "tenure (bin)", "tenure (within bin)"),
    ),
    Decision(
        "place",
        PLACE,
        "slot, -, holder",
        ("work mode", "growth need", "time at the level", "unused"),
    ),
    Decision(
        "skill level",
        SKILL_LEVEL,
        "slot, skill, holder",
        ("level", "level", "unused", "unused"),
    ),
    Decision(
        "emphasis",
        EMPHASIS,
        "department, skill, -",
        ("emphasis", "emphasis", "unused", "unused"),
    ),
    Decision(
        "start",
        START,
        "slot, -, holder",
        ("engagement", "engagement", "seniority", "seniority"),
    ),
    Decision(
        "tie at start",
        TIE_AT_START,
        "slot, number of the tie × 8 + candidate, holder",
        ("which colleague", "race", "unused", "unused"),
    ),
    Decision(
        "departure",
        DEPARTURE,
        "slot, -, month",
        ("retirement", "involuntary", "quit", "unused"),
    ),
    Decision(
        "vacancy", VACANCY, "post, -, month", ("filled?", "from outside?", "unused", "unused")
    ),
    Decision("readiness", READINESS, "slot, -, month", ("noise", "noise", "unused", "unused")),
    Decision(
        "tie change",
        TIE_CHANGE,
        "slot, -, month",
        ("looks for a new tie?", "which tie gives way", "unused", "unused"),
    ),
    Decision(
        "tie search",
        TIE_SEARCH,
        "slot, candidate, month",
        ("which colleague", "race", "unused", "unused"),
    ),
    Decision(
        "informal search",
        INFORMAL_SEARCH,
        "slot, -, month",
        ("looks for a mentor?", "which tie", "accepted?", "unused"),
    ),
    Decision(
        "chemistry",
        CHEMISTRY,
        "mentor, mentee, month begun",
        ("chemistry", "chemistry", "unused", "unused"),
    ),
    Decision(
        "meeting",
        MEETING,
        "mentor, mentee, month",
        ("first meeting", "second", "third", "fourth"),
    ),
    Decision(
        "ending",
        ENDING,
        "mentor, mentee, month",
        ("ends early?", "leaves a tie?", "carries on?", "which tie gives way"),
    ),
    Decision(
        "contact",
        CONTACT,
        "slot, -, month",
        ("learns from a tie?", "which tie", "unused", "unused"),
    ),
    Decision("mood", MOOD, "slot, -, month", ("noise", "noise", "unused", "unused")),
    Decision(
        "idea",
        IDEA,
        "slot, -, month",
        ("how many", "which partner", "which field", "unused"),
    ),
    Decision(
        "idea fate",
        IDEA_FATE,
        "slot, number of the idea, month",
        ("voiced?", "adopted?", "which partner", "which field"),
    ),
    Decision(
        "introduction",
        INTRODUCTION,
        "mentor, mentee, month",
        ("introduces?", "which contact", "which tie gives way", "unused"),
    ),
    Decision("seat", SEAT, "post, -, -", ("order among posts of a level", "-", "-", "-")),
    Decision("site", SITE, "post, -, -", ("home site?", "which site", "-", "-")),
    Decision(
        "encounter",
        ENCOUNTER,
        "number of the encounter, -, month",
        ("who seeks it", "whom", "takes place?", "unused"),
    ),
    Decision(
        "matching",
        MATCHING,
        "slot, -, month",
        ("order", "takes place?", "unused", "unused"),
    ),
    Decision(
        "barter",
        BARTER,
        "number of the encounter (slot of its first person, where all are matched), skill, month",
        ("is passed on?", "unused", "unused", "unused"),
    ),
    Decision(
        "volunteering",
        VOLUNTEERING,
        "slot, -, month",
        ("volunteers?", "order of places", "willing to mentor?", "drawn by lot?"),
    ),
    Decision(
        "pairing",
        PAIRING,
        "mentor, mentee, month",
        ("lot, or accepted?", "noise, or in sight?", "noise", "unused"),
    ),
    Decision(
        "skill data",
        SKILL_DATA,
        "slot, skill, month",
        ("error", "error", "unused", "unused"),
    ),
    Decision(
        "judgement",
        JUDGEMENT,
        "slot, -, month",
        ("known to the coordinator?", "manager's impression", "manager's impression", "unused"),
    ),
    Decision(
        "check-in", CHECK_IN, "mentor, mentee, month", ("found?", "unused", "unused", "unused")
    ),
    Decision(
        "deal",
        DEAL,
        "mentee, -, month",
        ("first exchange", "second exchange", "third exchange", "fourth exchange"),
    ),
    Decision(
        "disposition",
        DISPOSITION,
        "slot, -, holder",
        ("settledness", "settledness", "initiative", "initiative"),
    ),
    Decision("climate", CLIMATE, "department, -, -", ("climate", "climate", "unused", "unused")),
    Decision(
        "study",
        STUDY,
        "person or pair, number of the question, -",
        ("error of measurement", "error of measurement", "order of the sample", "unused"),
    ),
    Decision(
        "department lot",
        DEPARTMENT_LOT,
        "department, -, month",
        ("order of departments", "unused", "unused", "unused"),
    ),
    Decision(
        "survey",
        SURVEY,
        "slot, -, 2 × month + number of the question",
        ("error of measurement", "error of measurement", "answers?", "unused"),
    ),
)
