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
from typing import NamedTuple

import numpy as np

from sim.engine.compiled import inlined_rule, rule
from sim.engine.decisions import DECISIONS

__all__ = [
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
def philox(c0, c1, c2, c3, k0, k1):
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
def _uniform(word):
    """A 32-bit word as a number in (0, 1); processors convert 32 bits faster than 64."""
    return (float(np.uint32(word)) + 0.5) * _SCALE


@rule
def draw(luck, what, who, other, when):
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
def draw_for_all(luck, what, when, numbers):
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
def draw_for_others(luck, what, who, first_other, when, numbers):
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
def normal(u, v):
    """A standard normal number from two uniform ones (Box & Muller 1958, the cosine half)."""
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


@rule
def normal_pair(u, v):
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
