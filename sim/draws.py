"""Random numbers addressed by *who, when, what* and *which world*.

A draw is a pure function of its address: Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel
random numbers: as easy as 1, 2, 3") is applied to a 128-bit counter that spells the address out, with
the scenario's seed as the key. Nothing is hashed, added or advanced, so no two addresses can collide,
and a number cannot depend on who else drew, in which order, on which thread.

========  ======================================================================
word      holds
========  ======================================================================
0         *who*: slot of the person (of the mentor, for a pair; post, for a vacancy)
1         *other*: slot of the mentee + 1, or number of the try; 0 if there is none
2         *when* × 65536 + *what*: the month for events, the holder for traits; the decision's code
3         *which world*: the replicate
========  ======================================================================

One call gives four independent numbers: the four lanes of a decision.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.compiled import inlined_rule, rule

__all__ = [
    "DECISIONS",
    "Decision",
    "Luck",
    "draw",
    "draw_for_all",
    "draw_for_others",
    "look_up",
    "luck_of",
    "normal",
    "normal_pair",
    "philox",
]


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
STUDY = 40

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
        "study",
        STUDY,
        "person or pair, number of the question, -",
        ("error of measurement", "error of measurement", "order of the sample", "unused"),
    ),
)


class Luck(NamedTuple):
    """Seed and world: the part of an address that is the same for a whole replicate."""

    key_low: np.uint64
    key_high: np.uint64
    world: np.uint64


_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_WHEN_STEP = np.uint64(65536)
_ONE = np.uint64(1)
_SCALE = 2.0**-32

MARGIN = 1.000001
"""Factor on a bound with which a draw is compared first: far more than rounding could make up."""


def luck_of(seed: int, world: int) -> Luck:
    """The key and world word of a replicate.

    Parameters
    ----------
    seed
        Master seed, 0 to 2**64 - 1.
    world
        Replicate, 0 to 2**32 - 1.

    Raises
    ------
    ValueError
        If either is out of its range.
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed {seed} is not within 0 to 2**64 - 1")
    if not 0 <= world < 2**32:
        raise ValueError(f"world {world} is not within 0 to 2**32 - 1")
    return Luck(np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32), np.uint64(world))


@inlined_rule
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Philox4x32-10: four 32-bit words (as uint64) from a four-word counter and a two-word key."""
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0 = (product_1 >> _SHIFT) ^ c1 ^ k0
        c1 = product_1 & _LOW
        c2 = (product_0 >> _SHIFT) ^ c3 ^ k1
        c3 = product_0 & _LOW
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@inlined_rule
def _uniform(word):  # type: ignore[no-untyped-def]
    """A 32-bit word as a number in (0, 1); processors convert 32 bits faster than 64."""
    return (float(np.uint32(word)) + 0.5) * _SCALE


@rule
def draw(luck, what, who, other, when):  # type: ignore[no-untyped-def]
    """Four uniform numbers in the open interval (0, 1) for one address.

    `other` is -1 where the decision concerns one person only. Resolution is 2**-32.
    """
    w0, w1, w2, w3 = philox(
        np.uint64(who),
        np.uint64(other + 1),
        np.uint64(when) * _WHEN_STEP + np.uint64(what),
        luck.world,
        luck.key_low,
        luck.key_high,
    )
    return _uniform(w0), _uniform(w1), _uniform(w2), _uniform(w3)


@rule
def draw_for_all(luck, what, when, numbers):  # type: ignore[no-untyped-def]
    """Everybody's four numbers for a decision that concerns one person only, as :func:`draw` gives them.

    Fills `numbers`, shape (4, people). The loop has no branches, so that the processor works on several
    people at a time: a third of the time of as many calls of :func:`draw`.
    """
    first = numbers[0]
    second = numbers[1]
    third = numbers[2]
    fourth = numbers[3]
    address = np.uint64(when) * _WHEN_STEP + np.uint64(what)
    for who in range(numbers.shape[1]):
        w0, w1, w2, w3 = philox(
            np.uint64(who), np.uint64(0), address, luck.world, luck.key_low, luck.key_high
        )
        first[who] = _uniform(w0)
        second[who] = _uniform(w1)
        third[who] = _uniform(w2)
        fourth[who] = _uniform(w3)


@rule
def draw_for_others(luck, what, who, first_other, when, numbers):  # type: ignore[no-untyped-def]
    """One person's numbers towards `first_other`, `first_other` + 1, ..., as :func:`draw` gives them.

    Fills `numbers`, shape (2, others), with the first two of the four.
    """
    first = numbers[0]
    second = numbers[1]
    address = np.uint64(when) * _WHEN_STEP + np.uint64(what)
    slot = np.uint64(who)
    begin = np.uint64(first_other + 1)
    for other in range(numbers.shape[1]):
        w0, w1, _, _ = philox(
            slot, begin + np.uint64(other), address, luck.world, luck.key_low, luck.key_high
        )
        first[other] = _uniform(w0)
        second[other] = _uniform(w1)


@rule
def normal(u, v):  # type: ignore[no-untyped-def]
    """A standard normal number from two uniform ones (Box & Muller 1958, the cosine half)."""
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


@rule
def normal_pair(u, v):  # type: ignore[no-untyped-def]
    """Two independent standard normal numbers from two uniform ones (Box & Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log(u))
    angle = 2.0 * math.pi * v
    return radius * math.cos(angle), radius * math.sin(angle)


def look_up(
    seed: int, world: int, decision: str, who: int, *, other: int = -1, when: int = 0
) -> dict[str, float]:
    """What a person's luck was: the lanes of one decision, by name.

    This is the same function that the engine calls, so the numbers are the same bits.

    Raises
    ------
    KeyError
        If there is no such decision.
    """
    found = {entry.name: entry for entry in DECISIONS}
    if decision not in found:
        raise KeyError(f"no decision {decision!r}; there are: {', '.join(found)}")
    entry = found[decision]
    numbers = draw(luck_of(seed, world), entry.code, who, other, when)
    return {
        f"{index + 1}: {lane}": number
        for index, (lane, number) in enumerate(zip(entry.lanes, numbers, strict=True))
    }
