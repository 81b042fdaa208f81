"""What a person is about to do, and why: the engine's rules, called for one person on the state as it is.

Nothing here draws a number or changes one. A question concerns the month that comes next: ages and
tenures are those that the engine will see when that month begins.
"""

# The rules are typed by numba from the values that they are called with.
# mypy: disallow-untyped-calls=False

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.engine import columns
from sim.mechanisms.departures import quit_hazard, stagnation_of
from sim.mechanisms.ideas import idea_rate, recombination_of
from sim.mechanisms.learning import (
    asking_share,
    gap_between,
    part_of_quality,
    share_closed,
    share_of_attention,
    skill_gain,
    upward_damping,
)
from sim.mechanisms.meetings import are_apart, attendance, chance_to_meet, members_of
from sim.organisation.people import seeking
from sim.programme.volunteering import chance_to_volunteer
from sim.simulation.simulation import Simulation

__all__ = [
    "expected_gain",
    "expected_ideas",
    "meeting_probability",
    "quit_factors",
    "quit_probability",
    "volunteering_probability",
]

_NEUTRAL = {
    "engagement": 0.0,
    "embeddedness": 0.0,
    "settledness": 0.0,
    "unit": 0.0,
    "tenure": 0,
    "age": 40.0,
    "level": 1,
    "stagnation": 0.0,
    "exits": 0.0,
    "market": 1.0,
}
"""Arguments of :func:`sim.mechanisms.departures.quit_hazard`, in its order, where each adds nothing."""


def _quit_arguments(simulation: Simulation, slot: int) -> dict[str, float]:
    """The arguments of the quit hazard next month, by name, in the rule's order."""
    state, p, month = simulation.state, simulation.plan.record[0], simulation.month
    person, whole = state.person, state.whole
    boss = state.post.item(columns.POST_BOSS, whole.item(columns.PERSON_POST, slot))
    at_level = month - whole.item(columns.LEVEL_MONTH, slot)
    last_known = min(month, simulation.plan.months - 1)
    engagement = person.item(columns.ENGAGEMENT, slot)
    return {
        "engagement": float((engagement - p.engagement.average) / p.engagement.spread),
        "embeddedness": person.item(columns.EMBEDDEDNESS, slot),
        "settledness": person.item(columns.SETTLEDNESS, slot),
        "unit": float(person.item(columns.UNIT, slot) / p.engagement.spread),
        "tenure": month - whole.item(columns.HIRE_MONTH, slot),
        "age": (month - whole.item(columns.BIRTH_MONTH, slot)) / 12.0,
        "level": whole.item(columns.LEVEL, slot),
        "stagnation": float(
            stagnation_of(at_level, person.item(columns.GROWTH_NEED, slot), p.departures)
        ),
        "exits": state.team_exits.item(boss) if boss >= 0 else 0.0,
        "market": state.surroundings.item(columns.QUIT_FACTOR, last_known),
    }


def quit_probability(simulation: Simulation, slot: int) -> float:
    """Probability that the person of a slot quits next month, unless something else makes them leave.

    After the last month of the scenario, that month's labour market is taken to go on.
    """
    return _quit_hazard(simulation, _quit_arguments(simulation, slot))


def _quit_hazard(simulation: Simulation, arguments: dict[str, float]) -> float:
    values = (*arguments.values(), simulation.plan.record[0].departures)
    return float(quit_hazard(*values))


def quit_factors(simulation: Simulation, slot: int) -> dict[str, float]:
    """Why the quit hazard is what it is: the factors whose product is the hazard per month.

    ``base`` is the monthly hazard of a newcomer aged 40 at the lowest level, of average engagement and
    settledness, in an ordinary labour market; each further factor says how much one circumstance raises (> 1) or lowers
    (< 1) it. The probability of quitting is ``1 - exp(-product)``.
    """

    def hazard(changed: dict[str, float]) -> float:
        probability = _quit_hazard(simulation, _NEUTRAL | changed)
        return -math.log1p(-probability) if probability < 1.0 else math.inf

    base = hazard({})
    factors = {"base": base}
    for name, value in _quit_arguments(simulation, slot).items():
        factors[name] = hazard({name: value}) / base if base > 0.0 else 1.0
    return factors


@dataclass(frozen=True, slots=True)
class _Pair:
    """What a meeting of two people would be like: that of their running pair, or a supposed one."""

    row: int
    mentor: int
    mentee: int
    formal: bool
    two_way: bool
    influence: bool
    quality: float
    aims_mentee: int
    aims_mentor: int


def _pair_of(simulation: Simulation, slot: int, other: int) -> _Pair:
    """The running pair of two people (the formal one first); else a new formal one, `other` as mentor."""
    state = simulation.state
    whole = state.dyad_whole[:, : state.counts[columns.DYADS]]
    mentor, mentee = whole[columns.MENTOR], whole[columns.MENTEE]
    theirs = ((mentor == slot) & (mentee == other)) | ((mentor == other) & (mentee == slot))
    rows = np.flatnonzero(theirs)
    if not rows.size:
        everything = (1 << state.skills.shape[1]) - 1
        quality = float(simulation.plan.record[0].meetings.first_quality)
        return _Pair(
            row=-1,
            mentor=other,
            mentee=slot,
            formal=True,
            two_way=False,
            influence=True,
            quality=quality,
            aims_mentee=everything,
            aims_mentor=0,
        )
    row = int(rows[np.argmax(whole[columns.FORMAL, rows])])
    return _Pair(
        row=row,
        mentor=whole.item(columns.MENTOR, row),
        mentee=whole.item(columns.MENTEE, row),
        formal=whole.item(columns.FORMAL, row) == 1,
        two_way=whole.item(columns.TWO_WAY, row) == 1,
        influence=whole.item(columns.INFLUENCE, row) == 1,
        quality=state.dyad.item(columns.QUALITY, row),
        aims_mentee=whole.item(columns.AIMS_MENTEE, row),
        aims_mentor=whole.item(columns.AIMS_MENTOR, row),
    )


def meeting_probability(simulation: Simulation, slot: int, other: int) -> float:
    """Probability that two people hold a planned meeting, as things stand.

    That of their running pair (the formal one, if they have both kinds); without one, that of a formal
    pair which begins now, with `other` as the mentor.
    """
    state, p = simulation.state, simulation.plan.record[0]
    pair = _pair_of(simulation, slot, other)
    if pair.row >= 0:
        return float(chance_to_meet(simulation.handle, p, pair.row))
    levels = max(2, state.counts.item(columns.LEVELS))
    highest = max(state.whole.item(columns.LEVEL, slot), state.whole.item(columns.LEVEL, other))
    return float(
        attendance(
            formal=1,
            quality=pair.quality,
            rank=(highest - 1.0) / (levels - 1.0),
            further_pairs=0
            if p.levers.group > 0
            else state.whole.item(columns.FORMAL_MENTEES, other),
            apart=are_apart(simulation.handle, other, slot),
            levers=p.levers,
            p=p.meetings,
        )
    )


def expected_gain(simulation: Simulation, slot: int, other: int) -> dict[str, float]:
    """What one meeting of two people would add to the skills of the first, as things stand.

    Parameters
    ----------
    slot, other
        The learner and the partner. The meeting is one of their running pair (the formal one, if they
        have both kinds); without one, of a formal pair that begins now, with `other` as the mentor and
        all skills as its aims.

    Returns
    -------
    dict
        Gain by name of skill, for those that gain: what the partner teaches beyond what asking gives, and what somebody who
        mentors learns by mentoring. Empty where nothing is left to teach, and in a placebo programme.
    """
    state, p = simulation.state, simulation.plan.record[0]
    pair = _pair_of(simulation, slot, other)
    attention = float(p.learning.informal_attention)
    if pair.formal:
        mentees = state.whole.item(columns.FORMAL_MENTEES, pair.mentor)
        share = share_of_attention(members_of(1, mentees, p.levers), p.learning)
        attention = float(share * p.levers.clarity * p.programme.meeting_hours)
    halves = int(p.learning.focus) * (1 if pair.two_way else 2)
    forward = _subjects(simulation, pair.mentor, pair.mentee, pair.aims_mentee, halves)
    backward = []
    if pair.two_way:
        backward = _subjects(simulation, pair.mentee, pair.mentor, pair.aims_mentor, halves)
    if not pair.influence or not (forward or backward):
        return {}
    gains: dict[int, float] = {}
    strength = _strength(simulation, other, slot, pair.quality, attention)
    same = _same_department(simulation, slot, other)
    background = p.learning.absorption_within if same else 1.0
    for place, k in enumerate(forward if slot == pair.mentee else backward):
        gap = _gap(simulation, other, slot, k)
        closed = share_closed(strength, halves - 2 * place)
        taught = float(skill_gain(gap, closed, background, p.learning))
        gains[k] = max(0.0, taught - _asked(simulation, slot, k))
    if slot == pair.mentor or pair.two_way:
        for k in np.flatnonzero(state.skill[columns.SKILL_BY_MENTORING] > 0.0).tolist():
            grown = (
                float(p.learning.mentor_rate) * pair.quality * (1.0 - state.skills.item(slot, k))
            )
            gains[k] = gains.get(k, 0.0) + grown
    names = simulation.plan.skill_names
    return {names[k]: gain for k, gain in sorted(gains.items()) if gain > 0.0}


def _same_department(simulation: Simulation, one: int, other: int) -> bool:
    department = simulation.state.whole[columns.PERSON_DEPARTMENT]
    return bool(department[one] == department[other])


def _gap(simulation: Simulation, teacher: int, learner: int, k: int) -> float:
    """What the teacher knows of a skill and the learner does not."""
    same = _same_department(simulation, teacher, learner)
    variety = simulation.plan.record[0].learning.variety if same else 0.0
    skills = simulation.state.skills
    return float(gap_between(skills.item(teacher, k), skills.item(learner, k), variety))


def _asked(simulation: Simulation, slot: int, k: int) -> float:
    """What the person of a slot would learn of a skill in the next month by asking around."""
    state, p = simulation.state, simulation.plan.record[0]
    tenure = simulation.month - state.whole.item(columns.HIRE_MONTH, slot)
    sought = seeking(state.person.item(columns.INITIATIVE, slot), p.people)
    share = float(asking_share(tenure, sought, p.learning))
    if share == 0.0:
        return 0.0
    department = state.whole[columns.PERSON_DEPARTMENT]
    members = (department == department[slot]) & (state.whole[columns.ACTIVE] == 1)
    usual = np.cumsum(state.skills[members, k])[-1] / members.sum()
    below = float(usual) - float(p.learning.asking_below) - state.skills.item(slot, k)
    return share * max(0.0, below)


def _subjects(
    simulation: Simulation, teacher: int, learner: int, aims: int, halves: int
) -> list[int]:
    """The skills that would be taught in so many halves of a subject's time: the largest usable gaps."""
    number = simulation.state.skills.shape[1]
    gaps = np.array([_gap(simulation, teacher, learner, k) for k in range(number)])
    usable = gaps > simulation.plan.record[0].learning.threshold
    aimed = [k for k in np.flatnonzero(usable).tolist() if (aims >> k) & 1]
    return sorted(aimed, key=lambda k: -gaps[k])[: (halves + 1) // 2]


def _strength(
    simulation: Simulation, teacher: int, learner: int, quality: float, attention: float
) -> float:
    """Share of a usable gap that one meeting would close, as :func:`~sim.mechanisms.learning.share_closed` takes it."""
    state, p = simulation.state, simulation.plan.record[0].learning
    damping = upward_damping(
        state.whole.item(columns.LEVEL, learner) - state.whole.item(columns.LEVEL, teacher),
        max(2, state.counts.item(columns.LEVELS)),
        quality,
        state.person.item(columns.SAFETY, teacher),
        p,
    )
    ability = 0.5 + state.person.item(columns.MENTORING_ABILITY, teacher)
    part = float(part_of_quality(quality, p))
    return float(p.rate * attention * part * ability * damping)


def volunteering_probability(simulation: Simulation, slot: int) -> float:
    """Probability of volunteering for a cohort that opens now; 1 where everybody takes part."""
    if simulation.plan.settings["programme"]["participation"] == "universal":
        return 1.0
    plan = simulation.plan
    upward = int(simulation.programme.teaches_upward)
    return float(
        chance_to_volunteer(simulation.handle, plan.record[0], slot, upward, plan.calendar.parts)
    )


def expected_ideas(simulation: Simulation, slot: int) -> float:
    """Ideas that the person of a slot has in a month, on average, as things stand."""
    person, p = simulation.state.person, simulation.plan.record[0]
    return float(
        idea_rate(
            person.item(columns.PROPENSITY, slot),
            person.item(columns.ENGAGEMENT, slot),
            p.engagement.average,
            recombination_of(simulation.handle, p, slot),
            p.ideas,
        )
    )
