"""Encounters: people who happen to meet, outside any lasting pair, exchange what they know.

Switched off by default: the model's own people learn in pairs and from their advice ties. Switched on
(``encounters.who``), it hosts models of knowledge diffusion and of opinions, and closed forms of random
mixing. What passes over one gap is the model's rule, :func:`sim.mechanisms.learning.skill_gain`. The
encounters of a month come one after the other, each with the skills that the last one left.

Nothing leaves the range of 0 to 1, as nobody moves beyond the level of the other.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.mechanisms.learning import skill_gain
from sim.mechanisms.mechanism import Mechanism
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "is_ahead", "meet_by_chance", "step_towards"]

WHO = ("nobody", "linked", "anybody", "matched", "matched_by_department")
NOBODY, LINKED, ANYBODY, MATCHED, BY_DEPARTMENT = range(5)
SEEKERS = ("by_lot", "everybody")
SEEKS_BY_LOT, SEEKS_IN_ORDER = range(2)
GATES = ("none", "barter", "likeness")
NO_GATE, BARTER, LIKENESS = range(3)
KERNELS = ("gaps_close", "averaging")
GAPS_CLOSE, AVERAGING = range(2)
UPDATES = ("simultaneous", "in_turn")
SIMULTANEOUS, IN_TURN = range(2)

_HOSTED = "none: for models that are hosted, and for closed forms"

PARAMETERS = ParameterGroup(
    "encounters",
    "Chance encounters (off by default)",
    (
        Parameter(
            "who",
            "nobody",
            "",
            "Who meets: nobody; somebody and one of their advice ties, by lot (linked); somebody and anybody "
            "else, by lot (anybody); everybody once a month, in pairs by lot (matched); the same, with a share "
            "across departments (matched_by_department).",
            source=_HOSTED,
            kind="choice",
            choices=WHO,
            neutral="nobody",
            coded=True,
        ),
        Parameter(
            "per_person",
            1.0,
            "per post and month",
            "Encounters that are sought (linked, anybody); all together rounded to a whole number. One that "
            "falls on a vacancy, or on somebody without ties, does not take place.",
            0.0,
            1e5,
            source=_HOSTED,
        ),
        Parameter(
            "seekers",
            "by_lot",
            "",
            "Who seeks them: people drawn by lot, or everybody in the order of slots, round after round.",
            source=_HOSTED,
            kind="choice",
            choices=SEEKERS,
            coded=True,
        ),
        Parameter(
            "chance",
            1.0,
            "probability",
            "Probability that two who could meet do.",
            0.0,
            1.0,
            source=_HOSTED,
        ),
        Parameter(
            "across",
            0.5,
            "share",
            "Share of each department's people who are matched with people of other departments "
            "(matched_by_department).",
            0.0,
            1.0,
            source=_HOSTED,
        ),
        Parameter(
            "gate",
            "none",
            "",
            "What passes: every skill; as many skills each way, as many as can be, by lot (barter: the double "
            "coincidence of wants); skills whose levels differ by less than a width (likeness).",
            source="Cowan & Jonard 2004 (barter), Deffuant et al. 2000 (likeness)",
            kind="choice",
            choices=GATES,
            coded=True,
        ),
        Parameter(
            "kernel",
            "gaps_close",
            "",
            "Who moves: whoever knows less (gaps_close), or both, towards each other (averaging: right for "
            "attitudes and opinions, wrong for skills, as nobody forgets by teaching).",
            source="M-ASYM (gaps close), Deffuant et al. 2000 (averaging)",
            kind="choice",
            choices=KERNELS,
            coded=True,
        ),
        Parameter(
            "update",
            "simultaneous",
            "",
            "Whether both move from what they knew before, or the second sees what the first has become.",
            source=_HOSTED,
            kind="choice",
            choices=UPDATES,
            coded=True,
        ),
        Parameter(
            "rate",
            0.1,
            "share",
            "Share of the usable gap that the first of the two closes: who seeks the encounter, before "
            "absorption.",
            0.0,
            1.0,
            source="Cowan & Jonard 2004",
        ),
        Parameter(
            "other_rate",
            0.1,
            "share",
            "The same for the second: who is met.",
            0.0,
            1.0,
            source="Cowan & Jonard 2004",
        ),
        Parameter(
            "width",
            0.2,
            "skill",
            "For the gate of likeness: levels that differ by this or more do not pass.",
            0.0,
            2.0,
            source="Deffuant et al. 2000 (two clusters)",
        ),
        Parameter(
            "tolerance",
            0.0,
            "share",
            "Levels count as equal where the higher exceeds the lower by no more than this share of it.",
            0.0,
            1.0,
            source="Cowan & Jonard 2004 (0.01 in later work with the same set-up)",
        ),
    ),
)


@rule
def is_ahead(level, other, own):
    """Whether a level counts as higher than another: ``level > (1 + tolerance) · other``."""
    return level > (1.0 + own.tolerance) * other


@rule
def step_towards(level, other, rate, own, p):
    """How far a level moves towards another, by the model's rule for a gain over a gap.

    Upward ``skill_gain(other - level, rate)``; downward the same with the opposite sign where the kernel is
    averaging, and else nothing (M-ASYM).
    """
    if other > level:
        return skill_gain(other - level, rate, 1.0, p)
    if own.kernel == AVERAGING:
        return -skill_gain(level - other, rate, 1.0, p)
    return 0.0


@rule
def _pass_on(skills, one, other, k, own, p):
    """One skill between two people."""
    before = skills[one, k]
    level = skills[other, k]
    after = before + step_towards(before, level, own.rate, own, p)
    seen = before
    if own.update == IN_TURN:
        seen = after
    skills[one, k] = after
    skills[other, k] = level + step_towards(level, seen, own.other_rate, own, p)


@rule
def _exchange(skills, one, other, own, p):
    """Two people meet without barter: every skill passes whose levels count as different."""
    for k in range(skills.shape[1]):
        x = skills[one, k]
        y = skills[other, k]
        if own.gate == LIKENESS and abs(x - y) >= own.width:
            continue
        if is_ahead(x, y, own) or is_ahead(y, x, own):
            _pass_on(skills, one, other, k, own, p)


@kernel
def _barter(luck, skills, one, other, event, month, own, p):
    """Two people meet, and give each other the same number of skills, as many as they can, by lot."""
    gives = 0
    takes = 0
    for k in range(skills.shape[1]):
        gives += int(is_ahead(skills[one, k], skills[other, k], own))
        takes += int(is_ahead(skills[other, k], skills[one, k], own))
    to_give = min(gives, takes)
    to_take = to_give
    if to_give == 0:
        return
    for k in range(skills.shape[1]):
        # Of those that are left, as many as are still to pass, each with the same probability.
        if is_ahead(skills[one, k], skills[other, k], own):
            if draws.draw(luck, decisions.BARTER, event, k, month)[0] * gives < to_give:
                _pass_on(skills, one, other, k, own, p)
                to_give -= 1
            gives -= 1
        elif is_ahead(skills[other, k], skills[one, k], own):
            if draws.draw(luck, decisions.BARTER, event, k, month)[0] * takes < to_take:
                _pass_on(skills, one, other, k, own, p)
                to_take -= 1
            takes -= 1


@kernel
def _meet(state, p, one, other, event, month):
    """An encounter that takes place; `event` addresses the luck of a barter."""
    if p.encounters.gate == BARTER:
        _barter(
            luck=state.luck,
            skills=state.skills,
            one=one,
            other=other,
            event=event,
            month=month,
            own=p.encounters,
            p=p.learning,
        )
    else:
        _exchange(state.skills, one, other, p.encounters, p.learning)


@rule
def _one_of(ties, slot, number):
    """One of a person's ties, picked by a number in (0, 1); -1 if there is none."""
    known = 0
    for place in range(ties.shape[1]):
        known += int(ties[slot, place] >= 0)
    left = int(math.floor(number * known))
    for place in range(ties.shape[1]):
        if ties[slot, place] >= 0:
            if left == 0:
                return ties[slot, place]
            left -= 1
    return -1


@kernel
def _sought(state, p, month):
    """Encounters that somebody seeks, one after the other."""
    own = p.encounters
    active = state.whole[columns.ACTIVE]
    posts = active.shape[0]
    for event in range(int(math.floor(own.per_person * posts + 0.5))):
        lots = draws.draw(state.luck, decisions.ENCOUNTER, event, -1, month)
        one = int(math.floor(lots[0] * posts))
        if own.seekers == SEEKS_IN_ORDER:
            one = event % posts
        if active[one] == 0 or lots[2] >= own.chance:
            continue
        if own.who == LINKED:
            other = _one_of(state.ties, one, lots[1])
        else:
            other = (one + 1 + int(math.floor(lots[1] * (posts - 1)))) % posts
        if other >= 0 and other != one and active[other] == 1:
            _meet(state, p, one, other, event, month)


@kernel
def _matched(order, group, across):
    """Who meets whom, shape (2, encounters), of people in a random order within their groups.

    The first of each group, a share `across`, stand in one line, group behind group: its first half meets
    its second, so that people of one group meet only if they are more than half of the line. The others meet
    their next neighbours within the group. Where a number is odd, one stays alone.
    """
    pairs = np.empty((2, order.shape[0] // 2), dtype=np.int64)
    line = np.empty(order.shape[0], dtype=np.int64)
    number = 0
    length = 0
    begin = 0
    while begin < order.shape[0]:
        end = begin + 1
        while end < order.shape[0] and group[order[end]] == group[order[begin]]:
            end += 1
        out = begin + int(math.floor(across * (end - begin) + 0.5))
        for place in range(begin, out):
            line[length] = order[place]
            length += 1
        for place in range(out, end - 1, 2):
            pairs[0, number] = order[place]
            pairs[1, number] = order[place + 1]
            number += 1
        begin = end
    half = length // 2
    for place in range(half):
        pairs[0, number] = line[place]
        pairs[1, number] = line[place + length - half]
        number += 1
    return pairs[:, :number]


@kernel
def _all_at_once(state, p, month):
    """Everybody who is there meets one other person."""
    own = p.encounters
    luck = state.numbers
    draws.draw_for_all(state.luck, decisions.MATCHING, month, luck)
    order = np.flatnonzero(state.whole[columns.ACTIVE] == 1)
    order = order[np.argsort(luck[0][order], kind="mergesort")]
    group = np.zeros(luck.shape[1], dtype=np.int64)
    across = 0.0
    if own.who == BY_DEPARTMENT:
        group[:] = state.whole[columns.PERSON_DEPARTMENT]
        across = own.across
        order = order[np.argsort(group[order], kind="mergesort")]
    pairs = _matched(order, group, across)
    for number in range(pairs.shape[1]):
        one = pairs[0, number]
        if luck[1, one] < own.chance:
            _meet(state, p, one, pairs[1, number], one, month)


@kernel
def meet_by_chance(state, p, month):
    """A month of chance encounters among the people who are there."""
    if p.encounters.who == LINKED or p.encounters.who == ANYBODY:
        _sought(state, p, month)
    elif p.encounters.who != NOBODY:
        _all_at_once(state, p, month)


MECHANISM = Mechanism(
    name="encounters",
    parameters=PARAMETERS,
    kernel=meet_by_chance,
    reads=("luck", "active", "department", "ties"),
    writes=("skills",),
    draws=("encounter", "matching", "barter"),
    after="learning",
)
