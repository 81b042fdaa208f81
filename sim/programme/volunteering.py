"""Who takes part in a programme: who is invited, who volunteers, whom managers nominate, whom a lot draws.

The engaged and those who want to grow volunteer, and weakly so by demographics.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.organisation.people import logistic
from sim.parameters import Parameter, ParameterGroup

__all__ = [
    "VOLUNTEERING",
    "Invitation",
    "Volunteers",
    "chance_to_volunteer",
    "impress",
    "is_invited",
    "mentors_chance",
    "volunteer",
    "willingness",
]

VOLUNTEERING = ParameterGroup(
    "volunteering",
    "Who takes part",
    (
        Parameter(
            "level",
            -0.4,
            "logit",
            "Log odds of volunteering of somebody of average engagement and growth need.",
            -20.0,
            20.0,
            source="about 40 % of staff interested (M-PROG, assumed)",
            grade="assumed",
            prior=(-1.5, 0.5),
        ),
        Parameter(
            "by_engagement",
            0.3,
            "logit per SD",
            "Effect of engagement.",
            -5.0,
            5.0,
            source="M-JOIN (direction)",
            grade="assumed",
            prior=(0.1, 0.8),
        ),
        Parameter(
            "by_growth_need",
            1.5,
            "logit per unit",
            "Effect of growth need (0 to 1).",
            -10.0,
            10.0,
            source="M-JOIN (personality, weak)",
            grade="assumed",
            prior=(0.5, 3.0),
        ),
        Parameter(
            "by_ability",
            0.8,
            "logit per unit",
            "Effect of mentoring ability (0 to 1).",
            -10.0,
            10.0,
            source="M-JOIN (the more productive join)",
            grade="assumed",
            prior=(0.0, 1.6),
        ),
        Parameter(
            "by_initiative",
            0.8,
            "logit per SD",
            "Effect of initiative: who asks also comes forward.",
            -5.0,
            5.0,
            source="M-JOIN (joiners are the more productive)",
            grade="assumed",
            prior=(0.4, 1.1),
            neutral=0.0,
        ),
        Parameter(
            "by_settledness",
            0.3,
            "logit per SD",
            "Effect of settledness: who means to stay joins.",
            -5.0,
            5.0,
            source="commitment and citizenship (direction); M-JOIN: demographics predict weakly",
            grade="assumed",
            prior=(0.1, 0.5),
            neutral=0.0,
        ),
        Parameter(
            "by_support",
            2.0,
            "logit per unit",
            "Effect of management support, against 0.6.",
            0.0,
            20.0,
            source="M-INPUT (direction)",
            grade="assumed",
            prior=(0.5, 4.0),
        ),
        Parameter(
            "by_stories",
            1.0,
            "logit per unit",
            "Effect of what is told in the department of pairs that went well (0 to 1).",
            0.0,
            20.0,
            source="assumed: stories of success win people over; no size is published",
            grade="assumed",
            prior=(0.0, 2.0),
            neutral=0.0,
        ),
        Parameter(
            "resistance",
            1.0,
            "logit",
            "How much somebody at the very top who is not humble, without any support, shies away from "
            "a programme in which juniors teach.",
            0.0,
            20.0,
            source="assumed: those at the top resist being taught from below; M-REV (humility helps)",
            grade="assumed",
            prior=(0.0, 3.0),
            neutral=0.0,
        ),
        Parameter(
            "by_request",
            1.3,
            "logit",
            "How much likelier somebody says yes who is asked in person, where the coordinator asks people by "
            "name: with the defaults about 70 in 100, against 40 who come forward by themselves.",
            0.0,
            20.0,
            source="people are far likelier to volunteer when asked (Independent Sector 2001, Giving and "
            "Volunteering in the United States); no size for mentoring is published",
            grade="assumed",
            prior=(0.5, 2.0),
            neutral=0.0,
        ),
        Parameter(
            "mentor_share",
            0.8,
            "probability",
            "Share of participants who are also willing to mentor.",
            0.0,
            1.0,
            source="M-CAP (direction)",
            grade="assumed",
            prior=(0.4, 1.0),
        ),
        Parameter(
            "mentors_drafted",
            False,
            "",
            "Whether those mentor, too, who would not have come by themselves, where all take part or managers "
            "nominate; otherwise mentors are volunteers there as well.",
            source="mandatory programmes are so for mentees (trial of M-GAIN)",
            grade="assumed",
            kind="boolean",
        ),
        Parameter(
            "mentors_by_settledness",
            0.2,
            "logit per SD",
            "Effect of settledness on being willing to mentor.",
            -5.0,
            5.0,
            source="commitment and citizenship (direction)",
            grade="assumed",
            prior=(0.0, 0.5),
            neutral=0.0,
        ),
        Parameter(
            "several_mentees",
            0.35,
            "share",
            "Share of willing mentors who take as many mentees as the programme allows; the others take "
            "one. A group, and a capacity in the roster, are taken as they are.",
            0.0,
            1.0,
            source="M-CAP (1.13 to 1.64 mentees per mentor)",
            grade="derived",
            prior=(0.1, 0.7),
        ),
    ),
)


class Invitation(NamedTuple):
    """To what people are invited.

    Attributes
    ----------
    month
        In which the cohort opens.
    everyone
        1 where all who are invited count as asking for a place, else 0.
    upward
        1 in programmes in which juniors teach their seniors, else 0.
    parts
        In how many parts a cohort's people join.
    """

    month: int
    everyone: int
    upward: int
    parts: int


class Volunteers(NamedTuple):
    """Who came, by slot.

    Attributes
    ----------
    asks
        The sum of 1 (as a mentee) and 2 (as a mentor), 0 for those who do not ask; shape (people,).
    willing
        1 for those who would mentor one person, 2 for those who would take several; shape (people,).
    lots
        Numbers in (0, 1) that decide who comes first, and whom a lottery draws; shape (2, people).
    invited
        To what they are invited, whether they come or not: as `asks`; shape (people,).
    """

    asks: NDArray[np.int64]
    willing: NDArray[np.int64]
    lots: NDArray[np.float64]
    invited: NDArray[np.int64]


@rule
def willingness(
    engagement_z, growth_need, ability, support, stories, shyness, initiative, settledness, asked, p
):
    """Log odds of volunteering.

    ``level + by_engagement · z + by_growth_need (need - 1/2) + by_ability (ability - 1/2) + by_support
    support + by_stories · stories - resistance · shyness + by_initiative · initiative
    + by_settledness · settledness + by_request · asked``; support is that above the ordinary, asked is 1 of
    somebody whom the coordinator asks in person, else 0.
    """
    return (
        p.level
        + p.by_engagement * engagement_z
        + p.by_growth_need * (growth_need - 0.5)
        + p.by_ability * (ability - 0.5)
        + p.by_support * support
        + p.by_stories * stories
        - p.resistance * shyness
        + p.by_initiative * initiative
        + p.by_settledness * settledness
        + p.by_request * asked
    )


@rule
def mentors_chance(settledness, p):
    """Probability of being willing to mentor: odds of `mentor_share`, times ``exp(by_settledness · s)``."""
    if p.mentors_by_settledness == 0.0:
        return p.mentor_share
    odds = p.mentor_share * math.exp(p.mentors_by_settledness * settledness)
    return odds / (odds + 1.0 - p.mentor_share)


@rule
def is_invited(level, tenure, as_mentee, p):
    """Whether the programme invites somebody of a level and a tenure (months) to one of the roles."""
    if tenure < p.minimum_tenure:
        return False
    if as_mentee:
        newcomer = p.mentee_tenure_below == 0 or tenure < p.mentee_tenure_below
        return newcomer and p.mentee_from_level <= level <= p.mentee_to_level
    return p.mentor_from_level <= level <= p.mentor_to_level


@kernel
def chance_to_volunteer(state, p, slot, upward, parts):
    """Probability of volunteering for a cohort; where people join in `parts` of it, for one of them.

    `upward` is 1 in programmes in which juniors teach their seniors.
    """
    person = state.person
    z = (person[columns.ENGAGEMENT, slot] - p.engagement.average) / p.engagement.spread
    shyness = 0.0
    if upward == 1:
        rank = (state.whole[columns.LEVEL, slot] - 1.0) / (
            max(2, state.counts[columns.LEVELS]) - 1.0
        )
        shyness = rank * (1.0 - person[columns.HUMILITY, slot]) * (1.0 - p.levers.support)
    probability = logistic(
        willingness(
            z,
            person[columns.GROWTH_NEED, slot],
            person[columns.MENTORING_ABILITY, slot],
            p.levers.support - p.meetings.ordinary_support,
            state.department[columns.STORIES, state.whole[columns.PERSON_DEPARTMENT, slot]],
            shyness,
            person[columns.INITIATIVE, slot],
            person[columns.SETTLEDNESS, slot],
            p.levers.asked,
            p.volunteering,
        )
    )
    if parts > 1:
        probability = 1.0 - math.pow(1.0 - probability, 1.0 / parts)
    return probability


@kernel
def volunteer(state, records, invitation, volunteers):
    """Fill in who of those invited asks for a place: an :class:`Invitation`, its :class:`Volunteers`."""
    month = invitation.month
    asks = volunteers.asks
    willing = volunteers.willing
    lots = volunteers.lots
    open_to = volunteers.invited
    p = records[0]
    whole = state.whole
    for slot in range(asks.shape[0]):
        asks[slot] = 0
        willing[slot] = 0
        open_to[slot] = 0
        if whole[columns.ACTIVE, slot] == 0:
            continue
        luck = draws.draw(state.luck, decisions.VOLUNTEERING, slot, -1, month)
        lots[0, slot] = luck[1]
        lots[1, slot] = luck[3]
        level = whole[columns.LEVEL, slot]
        tenure = month - whole[columns.HIRE_MONTH, slot]
        invited = 0
        if is_invited(level, tenure, True, p.programme):
            invited += 1
        if is_invited(level, tenure, False, p.programme):
            invited += 2
        if invited == 0:
            continue
        open_to[slot] = invited
        own = luck[0] < chance_to_volunteer(state, p, slot, invitation.upward, invitation.parts)
        if invitation.everyone == 1 or own:
            asks[slot] = invited
            if not own and p.volunteering.mentors_drafted == 0:
                continue
            chance = mentors_chance(state.person[columns.SETTLEDNESS, slot], p.volunteering)
            if invited >= 2 and luck[2] < chance:
                willing[slot] = 1
                if luck[2] < chance * p.volunteering.several_mentees:
                    willing[slot] = 2


@kernel
def impress(state, records, month, impression):
    """Fill `impression`, by slot, with the output that managers see when they nominate."""
    p = records[0]
    for slot in range(impression.shape[0]):
        luck = draws.draw(state.luck, decisions.JUDGEMENT, slot, -1, month)
        noise = draws.normal(luck[1], luck[2])
        impression[slot] = state.person[columns.OUTPUT, slot] + p.pairing.nomination_error * noise
