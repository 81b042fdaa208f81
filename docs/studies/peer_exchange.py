"""A mechanism: peers meet by lot and pass skills to each other, by the rules of several classic models.

The model itself lets people meet in pairs that last, and skills pass upward only (M-ASYM). This study adds
what Cowan & Jonard (2004), Deffuant et al. (2000) and several closed forms need: chance meetings, exchange
that draws both sides together, barter. What passes over one gap is the model's own rule,
``sim.mechanisms.learning.skill_gain``. Use it with ``--extension peer_exchange.py`` and, in the scenario,
``peer_exchange.active = true``.
"""

import math

import numpy as np

import sim
from sim import columns, draws
from sim.compiled import kernel, rule
from sim.mechanisms.learning import skill_gain

LOT = sim.register_decision("peer exchange: who meets")
GOODS = sim.register_decision("peer exchange: what is bartered")

NOBODY, NEIGHBOURS, MATCHED, ANYBODY, TIED = range(5)


def _share(name, default, meaning, neutral=None):
    return sim.Parameter(
        name,
        default,
        "share",
        meaning,
        0.0,
        1.0,
        source="the model that is hosted",
        neutral=neutral,
    )


def _yes_or_no(name, meaning):
    return sim.Parameter(
        name, False, "", meaning, source="the model that is hosted", kind="boolean"
    )


PARAMETERS = sim.ParameterGroup(
    "peer_exchange",
    "Chance meetings between peers",
    (
        sim.Parameter(
            "partners",
            MATCHED,
            "",
            "Who meets: 0 nobody; 1 slots 0 and 1, 2 and 3, ...; 2 everybody once a month, matched by "
            "lot; 3 any two, drawn by lot; 4 anybody and one of their ties, by lot.",
            0,
            4,
            source="the model that is hosted",
            kind="integer",
            neutral=NOBODY,
        ),
        sim.Parameter(
            "meetings",
            100,
            "per month",
            "Meetings by lot in a month (partners 3 and 4), one after the other.",
            0,
            100_000_000,
            source="the model that is hosted",
            kind="integer",
        ),
        _share("chance", 1.0, "Probability that two who could meet do."),
        _share("rate", 0.1, "Share of the gap that the first of the two closes."),
        _share("second_rate", 0.1, "The same for the second."),
        sim.Parameter(
            "across",
            -1.0,
            "share",
            "Share of the people of two equal departments who are matched with the other one "
            "(partners 2); negative: departments do not matter.",
            -1.0,
            1.0,
            source="the model that is hosted",
        ),
        _yes_or_no("symmetric", "Whether the better side moves too, towards the other."),
        _yes_or_no("in_turn", "Whether the second sees what the first has just become."),
        _yes_or_no("barter", "Whether each gives only as many skills as it gets (coincidence of wants)."),
        sim.Parameter(
            "likeness",
            2.0,
            "skill",
            "Skills that differ by this or more do not pass.",
            0.0,
            2.0,
            source="the model that is hosted",
        ),
        _share("tolerance", 0.0, "Skills that differ by no more than this share count as equal."),
    ),
)  # fmt: skip


@rule
def _towards(level, other, rate, p):  # type: ignore[no-untyped-def]
    """How far `level` moves towards `other`, by the model's rule for a gain over a gap."""
    if other > level:
        return skill_gain(other - level, rate, p)
    return -skill_gain(level - other, rate, p)


@kernel
def _mix(skills, one, other, own, p):  # type: ignore[no-untyped-def]
    """Two people meet without barter."""
    for k in range(skills.shape[1]):
        x = skills[one, k]
        y = skills[other, k]
        if abs(x - y) >= own.likeness or max(x, y) <= (1.0 + own.tolerance) * min(x, y):
            continue
        first = _towards(x, y, own.rate, p)
        if own.symmetric == 0:
            first = max(0.0, first)
        seen = x
        if own.in_turn == 1:
            seen = x + first
        second = _towards(y, seen, own.second_rate, p)
        if own.symmetric == 0:
            second = max(0.0, second)
        skills[one, k] = x + first
        skills[other, k] = y + second


@kernel
def _is_better(skills, giver, taker, k, own):  # type: ignore[no-untyped-def]
    return skills[giver, k] > (1.0 + own.tolerance) * skills[taker, k]


@kernel
def _give(luck, skills, giver, taker, better, number, first_lot, event, month, own, p):  # type: ignore[no-untyped-def]
    """Pass `number` of the skills in which the giver is better, drawn by lot."""
    left = better
    wanted = number
    for k in range(skills.shape[1]):
        if not _is_better(skills, giver, taker, k, own):
            continue
        lots = draws.draw(luck, GOODS, event, first_lot + k, month)
        if lots[0] * left < wanted:
            skills[taker, k] += skill_gain(skills[giver, k] - skills[taker, k], own.rate, p)
            wanted -= 1
        left -= 1


@kernel
def _barter(luck, skills, one, other, event, month, own, p):  # type: ignore[no-untyped-def]
    """Two people meet, and give each other the same number of skills, as many as they can."""
    gives = 0
    takes = 0
    for k in range(skills.shape[1]):
        gives += int(_is_better(skills, one, other, k, own))
        takes += int(_is_better(skills, other, one, k, own))
    number = min(gives, takes)
    if number > 0:
        _give(luck, skills, one, other, gives, number, 0, event, month, own, p)
        _give(luck, skills, other, one, takes, number, skills.shape[1], event, month, own, p)


@kernel
def _meet(luck, skills, one, other, event, month, own, p):  # type: ignore[no-untyped-def]
    if own.barter == 1:
        _barter(luck, skills, one, other, event, month, own, p)
    else:
        _mix(skills, one, other, own, p)


@kernel
def _match(department, order, share):  # type: ignore[no-untyped-def]
    """Put people who have been shuffled into an order in which 0 and 1, 2 and 3, ... meet."""
    here = order[department[order] == department[order[0]]]
    there = order[department[order] != department[order[0]]]
    crossing = int(round(share * min(len(here), len(there))))
    place = 0
    for number in range(crossing):
        order[place] = here[number]
        order[place + 1] = there[number]
        place += 2
    for number in range(crossing, len(here)):
        order[place] = here[number]
        place += 1
    for number in range(crossing, len(there)):
        order[place] = there[number]
        place += 1


@kernel
def _one_of(ties, number):  # type: ignore[no-untyped-def]
    """One of a person's ties, by a number within 0 to 1; -1 if there is none."""
    left = math.floor(number * (ties >= 0).sum())
    for other in ties:
        if other >= 0:
            if left < 1:
                return other
            left -= 1
    return -1


@kernel
def _exchange(luck, skills, ties, department, order, own, p, month):  # type: ignore[no-untyped-def]
    """The month's meetings, one after the other; `order` names the people present."""
    present = len(order)
    if own.partners == ANYBODY or own.partners == TIED:
        for event in range(own.meetings):
            lots = draws.draw(luck, LOT, event, 0, month)
            place = int(math.floor(lots[0] * present))
            one = order[place]
            if own.partners == TIED:
                other = _one_of(ties[one], lots[1])
            else:
                other = order[(place + 1 + int(math.floor(lots[1] * (present - 1)))) % present]
            if other >= 0 and lots[2] < own.chance:
                _meet(luck, skills, one, other, event, month, own, p)
        return
    if own.partners == MATCHED:
        for last in range(present - 1, 0, -1):
            lots = draws.draw(luck, LOT, last, 1, month)
            place = int(math.floor(lots[0] * (last + 1)))
            order[last], order[place] = order[place], order[last]
        if own.across >= 0.0:
            _match(department, order, own.across)
    for event in range(present // 2):
        lots = draws.draw(luck, LOT, order[2 * event], 2, month)
        if lots[0] < own.chance:
            _meet(luck, skills, order[2 * event], order[2 * event + 1], event, month, own, p)


def exchange(state, p, own, month):
    """A month of chance meetings among the people present."""
    if own.partners == NOBODY:
        return
    present = np.flatnonzero(state.whole[columns.ACTIVE] == 1)
    department = state.whole[columns.PERSON_DEPARTMENT]
    _exchange(
        state.luck, state.skills, state.ties, department, present, own, p.learning, month
    )  # fmt: skip


sim.register_mechanism(
    sim.AddedMechanism(
        name="peer_exchange",
        parameters=PARAMETERS,
        step=exchange,
        after="learning",
        writes=("skills",),
        draws=("peer exchange: who meets", "peer exchange: what is bartered"),
    )
)
