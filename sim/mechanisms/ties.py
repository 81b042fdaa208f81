"""Ties: the informal advice network, formed by proximity and likeness of rank, slowly rewiring.

Each person seeks advice from a few others. Whoever looks for an adviser considers some candidates, from
their own department or from the part of the firm that one can know at all, and picks one in proportion
to the odds measured in a law firm (W-TIES). Mentors introduce their mentees to contacts of their own.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.mechanisms.mechanism import Mechanism
from sim.parameters import Parameter, ParameterGroup

__all__ = [
    "MECHANISM",
    "add_tie",
    "find_adviser",
    "form_first_ties",
    "introduce",
    "log_odds",
    "odds_of_rank_and_age",
    "rewire",
    "tie_weight",
]

CANDIDATES = 8
"""Colleagues whom somebody looking for an adviser considers."""

PARAMETERS = ParameterGroup(
    "ties",
    "The informal advice network",
    (
        Parameter(
            "places",
            8,
            "ties",
            "Most people whose advice one seeks.",
            1,
            32,
            source="W-TIES (12.6 of 70 when asked for all; core advisers are fewer)",
            grade="derived",
            kind="integer",
        ),
        Parameter(
            "reach",
            260.0,
            "people",
            "How many people outside the department one can know.",
            1.0,
            1e6,
            source="W-DEPT and W-TIES: reproduces 35 % and 74 % within",
            grade="derived",
            prior=(100.0, 400.0),
        ),
        Parameter(
            "department_odds",
            4.5,
            "odds ratio",
            "Same department against another.",
            1.0,
            100.0,
            source="W-TIES",
            grade="measured",
            prior=(3.0, 8.0),
        ),
        Parameter(
            "site_odds",
            5.5,
            "odds ratio",
            "Same site, both present, against apart.",
            1.0,
            100.0,
            source="W-TIES",
            grade="measured",
            prior=(3.0, 8.0),
        ),
        Parameter(
            "level_odds",
            2.7,
            "odds ratio",
            "Same level against another.",
            1.0,
            100.0,
            source="W-TIES",
            grade="measured",
            prior=(1.5, 4.0),
        ),
        Parameter(
            "senior_odds",
            5.5,
            "odds ratio",
            "Adviser at the top against at the bottom.",
            1.0,
            100.0,
            source="W-TIES",
            grade="measured",
            prior=(2.0, 7.0),
        ),
        Parameter(
            "team_odds",
            1.8,
            "odds ratio",
            "One's boss, one's own people and team mates against others of the department.",
            1.0,
            100.0,
            source="newcomers' advice networks begin in the team (direction)",
            grade="assumed",
            prior=(1.0, 3.0),
            neutral=1.0,
        ),
        Parameter(
            "reciprocity_odds",
            2.5,
            "odds ratio",
            "Somebody who seeks one's own advice against somebody who does not.",
            1.0,
            100.0,
            source="W-TIES (reciprocity .39 in the law firm)",
            grade="derived",
            prior=(1.0, 5.0),
            neutral=1.0,
        ),
        Parameter(
            "age_odds",
            0.77,
            "odds ratio per 10 years",
            "Ten years' difference of age.",
            0.01,
            1.0,
            source="W-TIES",
            grade="measured",
            prior=(0.6, 0.95),
        ),
        Parameter(
            "search_rate",
            0.3,
            "per month",
            "Probability that somebody with a free place looks for a tie.",
            0.0,
            1.0,
            source="newcomers' adjustment within a year",
            grade="assumed",
            prior=(0.1, 0.5),
            neutral=0.0,
        ),
        Parameter(
            "rewiring_rate",
            0.015,
            "per month",
            "Probability that somebody with a full set replaces one.",
            0.0,
            1.0,
            source="ties of several years",
            grade="assumed",
            prior=(0.005, 0.05),
            neutral=0.0,
        ),
        Parameter(
            "introduction_rate",
            0.06,
            "per meeting month",
            "Probability that a mentor introduces the mentee to a contact, at full quality.",
            0.0,
            1.0,
            source="connector role of mentors, I-BROK (direction)",
            grade="assumed",
            prior=(0.0, 0.15),
            neutral=0.0,
        ),
    ),
)


@rule
def log_odds(p):
    """Logarithms of the odds ratios of rank and of age, which are the same for all candidates."""
    return math.log(p.senior_odds), math.log(p.age_odds)


@rule
def odds_of_rank_and_age(adviser_rank, age_gap, logs):
    """The part of a candidate's weight that follows from rank and from age.

    Parameters
    ----------
    adviser_rank
        0 at the lowest level to 1 at the highest.
    age_gap
        Difference of age in years, absolute.
    logs
        As :func:`log_odds` gives them.
    """
    return math.exp(adviser_rank * logs[0] + age_gap / 10.0 * logs[1])


@rule
def tie_weight(rank_and_age, same_site, level_gap, same_team, asks, p):
    """Weight of a candidate as adviser: a product of odds ratios (W-TIES).

    Parameters
    ----------
    rank_and_age
        As :func:`odds_of_rank_and_age` gives it.
    same_site
        1 if both sit at the same site and neither is remote.
    level_gap
        Difference of levels, absolute.
    same_team
        1 if one is the other's manager, or both have the same.
    asks
        1 if the candidate seeks one's own advice.
    """
    weight = rank_and_age * (p.site_odds if same_site == 1 else 1.0)
    weight = weight * (p.level_odds if level_gap == 0 else 1.0)
    weight = weight * (p.team_odds if same_team == 1 else 1.0)
    return weight * (p.reciprocity_odds if asks == 1 else 1.0)


@rule
def _inside(post, ranges, department, number):
    """Slot of a colleague of the same department, -1 if the post is vacant."""
    first = ranges[columns.FIRST_POST, department]
    members = ranges[columns.END_POST, department] - first
    return post[columns.POST_SLOT, first + int(math.floor(number * members))]


@rule
def _room(others):
    """Smallest power of two that holds `others`."""
    room = 1
    while room < others:
        room *= 2
    return room


@rule
def _outside(post, ranges, department, room, number):
    """Slot of somebody in another department, -1 if there is nobody.

    Picked from a power of two of places, so that one more post leaves other people's picks as they are.
    """
    first = ranges[columns.FIRST_POST, department]
    members = ranges[columns.END_POST, department] - first
    others = post.shape[1] - members
    chosen = int(math.floor(number * room))
    if chosen >= others:
        return -1
    if chosen >= first:
        chosen += members
    return post[columns.POST_SLOT, chosen]


@rule
def _is_same_team(manager, one, other):
    """1 if one is the other's manager, or both have the same manager."""
    if manager[one] == other or manager[other] == one:
        return 1
    return int(manager[one] >= 0 and manager[one] == manager[other])


@rule
def _asks(ties, one, other):
    """1 if `one` seeks the advice of `other`; all places are looked at, several at a time."""
    found = 0
    for place in range(ties.shape[1]):
        found |= ties[one, place] == other
    return int(found)


class _Neighbourhood(NamedTuple):
    """What a search for advisers looks at, the same for everybody in a month.

    Attributes
    ----------
    traits
        Level, work mode, site and month of birth of everybody in one number each (:func:`_traits_of`): a
        candidate, who may be anybody, is then fetched from memory once. Shape (people,).
    manager, ties, post, ranges
        Columns of the state.
    levels
        Of the firm.
    odds
        Odds of rank and age by level and months between two births, as far as somebody has asked; else 0.
    race
        Room for the candidates' numbers; shape (2, CANDIDATES).
    """

    traits: NDArray[np.int64]
    manager: NDArray[np.int32]
    ties: NDArray[np.int32]
    post: NDArray[np.int32]
    ranges: NDArray[np.int64]
    levels: int
    odds: NDArray[np.float64]
    race: NDArray[np.float64]


class _Search(NamedTuple):
    """Who looks for an adviser, and how the candidates' draws are addressed."""

    decision: int
    slot: int
    department: int
    first_number: int
    when: int


_BORN_FROM = 1 << 20


@rule
def _traits_of(whole, slot):
    """Level (bits 0 to 7), work mode (8, 9), site (10 to 31) and month of birth (from 32) in one number."""
    return (
        int(whole[columns.LEVEL, slot])
        | (int(whole[columns.WORK_MODE, slot]) << 8)
        | (int(whole[columns.SITE, slot]) << 10)
        | ((int(whole[columns.BIRTH_MONTH, slot]) + _BORN_FROM) << 32)
    )


@kernel
def _neighbourhood(state):
    """The firm as those who look for advisers see it now."""
    whole = state.whole
    traits = np.empty(whole.shape[1], dtype=np.int64)
    for slot in range(whole.shape[1]):
        traits[slot] = _traits_of(whole, slot)
    return _Neighbourhood(
        traits,
        whole[columns.MANAGER],
        state.ties,
        state.post,
        state.department_whole,
        state.counts[columns.LEVELS],
        state.rank_and_age,
        np.empty((2, CANDIDATES)),
    )


@rule
def _odds_of(around, level, months, logs):
    """Odds of rank and age: worked out once for each level and age gap, as exponentials take longest."""
    odds = around.odds
    known = odds[level, months] if months < odds.shape[1] else 0.0
    if known == 0.0:
        rank = (level - 1.0) / (max(2, around.levels) - 1.0)
        known = odds_of_rank_and_age(rank, months / 12.0, logs)
        if months < odds.shape[1]:
            odds[level, months] = known
    return known


@rule
def _weight_of(around, slot, other, logs, p):
    """Weight of `other` as a new adviser of `slot`; 0 for nobody, oneself and those one has already.

    Team and reciprocity are looked at only where they make a difference.
    """
    if other < 0 or other == slot:
        return 0.0
    ties = around.ties
    if _asks(ties, slot, other) == 1:
        return 0.0
    own = around.traits[slot]
    its = around.traits[other]
    level = its & 0xFF
    same_team = 0
    if p.team_odds != 1.0:
        same_team = _is_same_team(around.manager, slot, other)
    asks = 0
    if p.reciprocity_odds != 1.0:
        asks = _asks(ties, other, slot)
    return tie_weight(
        rank_and_age=_odds_of(around, level, abs((own >> 32) - (its >> 32)), logs),
        same_site=((own >> 10) & 0x3FFFFF == (its >> 10) & 0x3FFFFF)
        & ((own >> 8) & 3 != 2)
        & ((its >> 8) & 3 != 2),
        level_gap=abs((own & 0xFF) - level),
        same_team=same_team,
        asks=asks,
        p=p,
    )


@rule
def find_adviser(around, world_luck, search, p):
    """Slot of the adviser whom a person picks among the candidates, -1 if none will do.

    Half of the candidates come from the own department, half from outside; each stands for the number of
    people (times their odds) that it was picked from. An exponential race: with weights w and numbers
    u, the greatest ``ln(u) / w`` wins, which picks each candidate in proportion to w. Candidate number c is
    addressed by ``first_number + c``.
    """
    post = around.post
    ranges = around.ranges
    race = around.race
    department = search.department
    members = ranges[columns.END_POST, department] - ranges[columns.FIRST_POST, department]
    others = post.shape[1] - members
    inside = p.department_odds * members
    room = _room(others)
    # The known among the others, made up for the places that hold nobody.
    outside = min(float(others), p.reach) * room / max(1.0, float(others))
    logs = log_odds(p)
    chosen = -1
    best = 0.0
    draws.draw_for_others(
        world_luck, search.decision, search.slot, search.first_number, search.when, race
    )
    for candidate in range(CANDIDATES):
        if candidate < CANDIDATES // 2:
            other = _inside(post, ranges, department, race[0, candidate])
            stands_for = inside
        else:
            other = _outside(post, ranges, department, room, race[0, candidate])
            stands_for = outside
        weight = stands_for * _weight_of(around, search.slot, other, logs, p)
        if weight <= 0.0:
            continue
        number = race[1, candidate]
        # As ln(u) <= u - 1, the logarithm is needed only where that would win.
        if chosen < 0 or (number - 1.0) / weight > draws.MARGIN * best:
            score = math.log(number) / weight
            if chosen < 0 or score > best:
                chosen = other
                best = score
    return chosen


@kernel
def form_first_ties(state, p):
    """Fill the tie places of everybody who is there at the start, in the order of slots."""
    whole = state.whole
    ties = state.ties
    world_luck = state.luck
    around = _neighbourhood(state)
    for slot in range(whole.shape[1]):
        department = whole[columns.PERSON_DEPARTMENT, slot]
        holder = whole[columns.HOLDER, slot]
        for place in range(ties.shape[1]):
            if ties[slot, place] < 0:
                search = _Search(
                    decisions.TIE_AT_START, slot, department, place * CANDIDATES, holder
                )
                ties[slot, place] = find_adviser(around, world_luck, search, p.ties)


@rule
def add_tie(ties, slot, other, number):
    """Let `slot` seek advice from `other`, in a free place or in the one that `number` in (0, 1) picks."""
    places = ties.shape[1]
    free = -1
    for place in range(places):
        if ties[slot, place] == other:
            return
        if free < 0 and ties[slot, place] < 0:
            free = place
    if free < 0:
        free = int(math.floor(number * places))
    ties[slot, free] = other


@rule
def _has_free_place(ties, slot):
    for place in range(ties.shape[1]):
        if ties[slot, place] < 0:
            return True
    return False


@kernel
def rewire(state, p, month):
    """People look for new advisers, in the order of slots; then mentors introduce mentees, pair by pair."""
    whole = state.whole
    ties = state.ties
    world_luck = state.luck
    luck = state.numbers
    draws.draw_for_all(world_luck, decisions.TIE_CHANGE, month, luck)
    around = _neighbourhood(state)
    highest = max(p.ties.rewiring_rate, p.ties.search_rate)
    for slot in range(whole.shape[1]):
        if luck[0, slot] >= highest or whole[columns.ACTIVE, slot] == 0:
            continue
        rate = p.ties.rewiring_rate
        if _has_free_place(ties, slot):
            rate = p.ties.search_rate
        if luck[0, slot] >= rate:
            continue
        search = _Search(
            decisions.TIE_SEARCH, slot, whole[columns.PERSON_DEPARTMENT, slot], 0, month
        )
        other = find_adviser(around, world_luck, search, p.ties)
        if other >= 0:
            add_tie(ties, slot, other, luck[1, slot])
    introduce(state, p, month)


@kernel
def introduce(state, p, month):
    """Mentors who met their mentee last month may introduce them to one of their own contacts."""
    dyad = state.dyad_whole
    ties = state.ties
    places = ties.shape[1]
    quality = state.dyad[columns.QUALITY]
    world_luck = state.luck
    for row in range(state.counts[columns.DYADS]):
        if dyad[columns.MET_NOW, row] == 0 or dyad[columns.INFLUENCE, row] == 0:
            continue
        mentor = dyad[columns.MENTOR, row]
        mentee = dyad[columns.MENTEE, row]
        luck = draws.draw(world_luck, decisions.INTRODUCTION, mentor, mentee, month)
        if luck[0] >= p.ties.introduction_rate * quality[row]:
            continue
        contact = ties[mentor, int(math.floor(luck[1] * places))]
        if contact >= 0 and contact != mentee:
            add_tie(ties, mentee, contact, luck[2])


MECHANISM = Mechanism(
    name="ties",
    parameters=PARAMETERS,
    kernel=rewire,
    reads=(
        "luck",
        "active",
        "level",
        "birth_month",
        "department",
        "site",
        "manager",
        "work_mode",
        "post.slot",
        "post.level",
        "department_whole",
        "counts",
        "dyad.mentor",
        "dyad.mentee",
        "dyad.met_now",
        "dyad.influence",
        "dyad.quality",
    ),
    writes=("ties",),
    draws=("tie change", "tie search", "introduction"),
)
