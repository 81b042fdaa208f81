"""Ties: the informal advice network, formed by proximity and likeness of rank, slowly rewiring.

Each person seeks advice from a few others. A candidate comes from one's own department or from the
part of the firm that one can know at all; how likely a candidate becomes an adviser follows the odds
measured in a law firm (W-TIES). Mentors introduce their mentees to contacts of their own.
"""

from __future__ import annotations

import math

from sim import columns, draws
from sim.compiled import kernel, rule
from sim.mechanisms.mechanism import Mechanism
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "add_tie", "form_first_ties", "rewire", "tie_weight"]

TRIES = 16

PARAMETERS = ParameterGroup(
    "ties",
    "The informal advice network",
    (
        Parameter("places", 8, "ties", "Most people whose advice one seeks.", 1, 32,
                  source="W-TIES (12.6 of 70 when asked for all; core advisers are fewer)",
                  grade="derived", kind="integer"),
        Parameter("reach", 200.0, "people", "How many people outside the department one can know.",
                  1.0, 1e6, source="W-DEPT and W-TIES: reproduces 35 % and 74 % within", grade="derived",
                  prior=(100.0, 400.0)),
        Parameter("department_odds", 4.5, "odds ratio", "Same department against another.", 1.0, 100.0,
                  source="W-TIES", grade="measured", prior=(3.0, 8.0)),
        Parameter("site_odds", 5.5, "odds ratio", "Same site, both present, against apart.", 1.0, 100.0,
                  source="W-TIES", grade="measured", prior=(3.0, 8.0)),
        Parameter("level_odds", 2.7, "odds ratio", "Same level against another.", 1.0, 100.0,
                  source="W-TIES", grade="measured", prior=(1.5, 4.0)),
        Parameter("senior_odds", 4.3, "odds ratio", "Adviser at the top against at the bottom.", 1.0,
                  100.0, source="W-TIES", grade="measured", prior=(2.0, 7.0)),
        Parameter("age_odds", 0.77, "odds ratio per 10 years", "Ten years' difference of age.", 0.01,
                  1.0, source="W-TIES", grade="measured", prior=(0.6, 0.95)),
        Parameter("search_rate", 0.3, "per month", "Probability that somebody with a free place looks "
                  "for a tie.", 0.0, 1.0, source="newcomers' adjustment within a year",
                  grade="assumed", prior=(0.1, 0.5), neutral=0.0),
        Parameter("rewiring_rate", 0.015, "per month", "Probability that somebody with a full set "
                  "replaces one.", 0.0, 1.0, source="ties of several years", grade="assumed",
                  prior=(0.005, 0.05), neutral=0.0),
        Parameter("introduction_rate", 0.06, "per meeting month", "Probability that a mentor "
                  "introduces the mentee to a contact, at full quality.", 0.0, 1.0,
                  source="connector role of mentors, I-BROK (direction)", grade="assumed",
                  prior=(0.0, 0.15), neutral=0.0),
    ),
)


@rule
def tie_weight(same_site, level_gap, adviser_rank, age_gap, p):  # type: ignore[no-untyped-def]
    """Acceptance of a candidate as adviser, 0 to 1: the product of odds ratios over their greatest value.

    Parameters
    ----------
    same_site
        1 if both sit at the same site and neither is remote.
    level_gap
        Difference of levels, absolute.
    adviser_rank
        0 at the lowest level to 1 at the highest.
    age_gap
        Difference of age in years, absolute.
    """
    weight = math.pow(p.senior_odds, adviser_rank - 1.0) * math.pow(p.age_odds, age_gap / 10.0)
    if same_site == 0:
        weight = weight / p.site_odds
    if level_gap != 0:
        weight = weight / p.level_odds
    return weight


@kernel
def _candidate(state, p, slot, department, first_number, second_number):  # type: ignore[no-untyped-def]
    """Slot of a possible adviser, from the own department or from outside; -1 if the post is vacant."""
    posts = state.post.shape[1]
    first = state.department_whole[columns.FIRST_POST, department]
    end = state.department_whole[columns.END_POST, department]
    inside = p.ties.department_odds * (end - first)
    outside = min(float(posts - (end - first)), p.ties.reach)
    if first_number < inside / (inside + outside):
        post = first + int(math.floor(second_number * (end - first)))
    else:
        post = int(math.floor(second_number * posts))
    return state.post[columns.POST_SLOT, post]


@kernel
def _is_accepted(state, p, slot, other, number, month):  # type: ignore[no-untyped-def]
    whole = state.whole
    if other < 0 or other == slot:
        return False
    for place in range(state.ties.shape[1]):
        if state.ties[slot, place] == other:
            return False
    same_site = 0
    if (
        whole[columns.SITE, slot] == whole[columns.SITE, other]
        and whole[columns.WORK_MODE, slot] != 2
        and whole[columns.WORK_MODE, other] != 2
    ):
        same_site = 1
    levels = max(2, state.counts[columns.LEVELS])
    weight = tie_weight(
        same_site,
        abs(whole[columns.LEVEL, slot] - whole[columns.LEVEL, other]),
        (whole[columns.LEVEL, other] - 1.0) / (levels - 1.0),
        abs(whole[columns.BIRTH_MONTH, slot] - whole[columns.BIRTH_MONTH, other]) / 12.0,
        p.ties,
    )
    return number < weight


@kernel
def form_first_ties(state, p, slot):  # type: ignore[no-untyped-def]
    """Fill the tie places of somebody who is there at the start."""
    department = state.whole[columns.PERSON_DEPARTMENT, slot]
    holder = state.whole[columns.HOLDER, slot]
    for place in range(state.ties.shape[1]):
        if state.ties[slot, place] >= 0:
            continue
        for attempt in range(TRIES):
            luck = draws.draw(state.luck, draws.TIE_AT_START, slot, place * 64 + attempt, holder)
            other = _candidate(state, p, slot, department, luck[0], luck[1])
            if _is_accepted(state, p, slot, other, luck[2], 0):
                state.ties[slot, place] = other
                break


@kernel
def add_tie(state, slot, other, number):  # type: ignore[no-untyped-def]
    """Let `slot` seek advice from `other`, in a free place or in the one that `number` in (0, 1) picks."""
    places = state.ties.shape[1]
    free = -1
    for place in range(places):
        if state.ties[slot, place] == other:
            return
        if free < 0 and state.ties[slot, place] < 0:
            free = place
    if free < 0:
        free = int(math.floor(number * places))
    state.ties[slot, free] = other


@kernel
def rewire(state, p, month):  # type: ignore[no-untyped-def]
    """People look for new advisers, in the order of slots; then mentors introduce mentees, pair by pair."""
    whole = state.whole
    ties = state.ties
    places = ties.shape[1]
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 0:
            continue
        luck = draws.draw(state.luck, draws.TIE_CHANGE, slot, -1, month)
        full = True
        for place in range(places):
            if ties[slot, place] < 0:
                full = False
        rate = p.ties.search_rate
        if full:
            rate = p.ties.rewiring_rate
        if luck[0] >= rate:
            continue
        department = whole[columns.PERSON_DEPARTMENT, slot]
        for attempt in range(TRIES):
            search = draws.draw(state.luck, draws.TIE_SEARCH, slot, attempt, month)
            other = _candidate(state, p, slot, department, search[0], search[1])
            if _is_accepted(state, p, slot, other, search[2], month):
                add_tie(state, slot, other, luck[1])
                break
    introduce(state, p, month)


@kernel
def introduce(state, p, month):  # type: ignore[no-untyped-def]
    """Mentors who met their mentee last month may introduce them to one of their own contacts."""
    dyad = state.dyad_whole
    ties = state.ties
    places = ties.shape[1]
    for row in range(state.counts[columns.DYADS]):
        if dyad[columns.MET_NOW, row] == 0 or dyad[columns.INFLUENCE, row] == 0:
            continue
        mentor = dyad[columns.MENTOR, row]
        mentee = dyad[columns.MENTEE, row]
        luck = draws.draw(state.luck, draws.INTRODUCTION, mentor, mentee, month)
        if luck[0] >= p.ties.introduction_rate * state.dyad[columns.QUALITY, row]:
            continue
        contact = ties[mentor, int(math.floor(luck[1] * places))]
        if contact >= 0 and contact != mentee:
            add_tie(state, mentee, contact, luck[2])


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
