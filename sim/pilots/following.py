"""Following the people of one firm: who was there when a pilot began, and what became of them by each reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, decisions, draws
from sim.engine.state import State
from sim.programme.rules import aims_of
from sim.simulation.plan import Plan
from sim.simulation.simulation import Simulation

__all__ = ["BEFORE", "Followed", "follow", "measured_by", "skills_tested"]

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

BEFORE = -1
"""Stands for the reading before the start."""

_ENGAGEMENT, _SKILL = 0, 1
"""Numbers of the questions."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The people who were there when the pilot began; arrays in the order of their slots.

    Attributes
    ----------
    slot, level, department, tenure, age, site
        What personnel records say at the start: of tenure and age in years. Shape (people,).
    arm
        What the lot said: code of :data:`sim.engine.columns.ARMS`.
    turn
        In which step the person's turn comes; -1 for those outside a stepped start.
    mentee, mentor
        Who was paired when it began.
    left, quit
        Months from the start in which they left (a large number for those who stay), and whether of their own will.
    promoted
        By months after the start: who has been promoted by then.
    engagement, skill
        By months after the start (:data:`BEFORE` before it): true scores, 0 to 1, NaN for those who are gone.
    months
        Sums over the firm of everything recorded, by month from the start.
    """

    slot: Whole
    level: Whole
    department: Whole
    tenure: Real
    age: Real
    site: Whole
    arm: Whole
    turn: Whole
    mentee: Flags
    mentor: Flags
    left: Whole
    quit: Flags
    promoted: Mapping[int, Flags]
    engagement: Mapping[int, Real]
    skill: Mapping[int, Real]
    months: Real

    def quit_by(self, months: int) -> Flags:
        """Who has quit within so many months."""
        return np.asarray(self.quit & (self.left < months))

    def there_at(self, months: int) -> Flags:
        """Who is still there after so many months."""
        return np.asarray(self.left >= months)


_STAYS = 10**6


def follow(simulation: Simulation, readings: Sequence[int], tested: Real) -> Followed:
    """Live a firm on from the month in which its pilot begins, and write down what is read.

    Parameters
    ----------
    simulation
        At its programme's first month, just before it acts (:meth:`Simulation.approach`); it keeps people.
    readings
        Months after the start, in order.
    tested
        Weights of the skills in the test: see :func:`skills_tested`.
    """
    start = simulation.month
    before = _Scores(simulation.state, tested)
    promoted_before = simulation.state.whole[columns.PROMOTIONS].copy()
    engagement, skill = {BEFORE: before.engagement}, {BEFORE: before.skill}
    simulation.run(1)
    whole = simulation.state.whole
    slots = np.flatnonzero(whole[columns.ACTIVE] == 1)
    number = whole[columns.NUMBER].copy()
    found: dict[str, Any] = {
        "slot": slots,
        "level": whole[columns.LEVEL, slots],
        "department": whole[columns.PERSON_DEPARTMENT, slots],
        "tenure": (start - whole[columns.HIRE_MONTH, slots]) / 12.0,
        "age": (start - whole[columns.BIRTH_MONTH, slots]) / 12.0,
        "site": whole[columns.SITE, slots],
        "arm": whole[columns.ARM, slots],
        "turn": _turns(simulation, number[slots]),
        "mentee": whole[columns.COHORTS_AS_MENTEE, slots] > 0,
        "mentor": whole[columns.COHORTS_AS_MENTOR, slots] > 0,
    }
    promoted: dict[int, Flags] = {}
    for months in readings:
        simulation.run(max(0, start + months - simulation.month))
        state = simulation.state
        whole = state.whole
        same = (whole[columns.NUMBER] == number) & (whole[columns.ACTIVE] == 1)
        now = _Scores(state, tested)
        engagement[months] = np.where(same, now.engagement, np.nan)
        skill[months] = np.where(same, now.skill, np.nan)
        rose = np.where(same, whole[columns.PROMOTIONS], 0) > promoted_before
        promoted[months] = rose
    left, quit_ = _leavers(simulation, start, number)
    rows = simulation.state.leavers[: simulation.state.counts[columns.LEAVERS]]
    _promoted_leavers(rows, promoted, promoted_before, number, start)
    return Followed(
        **found,
        left=left[slots],
        quit=quit_[slots],
        promoted={months: rose[slots] for months, rose in promoted.items()},
        engagement={months: values[slots] for months, values in engagement.items()},
        skill={months: values[slots] for months, values in skill.items()},
        months=simulation.state.monthly[start : simulation.month].copy(),
    )


class _Scores:
    """True scores of everybody as things stand, by slot."""

    def __init__(self, state: State, tested: Real) -> None:
        self.engagement = state.person[columns.ENGAGEMENT].copy()
        self.skill = state.skills @ tested


def skills_tested(plan: Plan) -> Real:
    """Weights of the skills that mentees are to learn, which a test asks for; they add up to one."""
    aims = 0
    for policy in plan.policies:
        aims |= int(aims_of(plan.skill, policy.direction_code, True))
    weights = plan.skill[columns.SKILL_WEIGHT].copy()
    if aims:
        wanted = np.array([(aims >> k) & 1 == 1 for k in range(len(weights))])
        weights = np.where(wanted, weights, 0.0)
    total = weights.sum()
    return np.asarray(weights / total if total > 0.0 else np.full(len(weights), 1.0 / len(weights)))


def _turns(simulation: Simulation, numbers: Whole) -> Whole:
    turns = simulation.programme.lots.turns
    return np.array([turns.get(int(number), -1) for number in numbers], dtype=np.int64)


def _leavers(simulation: Simulation, start: int, number: Whole) -> tuple[Whole, Flags]:
    """Months after the start in which those who were there left, and whether they quit; by slot."""
    state = simulation.state
    rows = state.leavers[: state.counts[columns.LEAVERS]]
    reals, wholes = len(columns.PERSON), len(columns.PERSON_WHOLE)
    left = np.full(len(number), _STAYS, dtype=np.int64)
    quit_ = np.zeros(len(number), dtype=np.bool_)
    slot = rows[:, reals + wholes + 2].astype(np.int64)
    ours = rows[:, reals + columns.NUMBER].astype(np.int64) == number[slot]
    month = rows[:, reals + wholes].astype(np.int64)
    ours &= month > start  # those of the first month had left before it began
    left[slot[ours]] = month[ours] - start
    quit_[slot[ours]] = rows[ours, reals + wholes + 1].astype(np.int64) == columns.QUIT
    return left, quit_


def _promoted_leavers(
    rows: Real, promoted: dict[int, Flags], before: Whole, number: Whole, start: int
) -> None:
    """Count those who were promoted and then left: by the reading after they left, records know it."""
    reals, wholes = len(columns.PERSON), len(columns.PERSON_WHOLE)
    slot = rows[:, reals + wholes + 2].astype(np.int64)
    ours = rows[:, reals + columns.NUMBER].astype(np.int64) == number[slot]
    rose = rows[:, reals + columns.PROMOTIONS].astype(np.int64) > before[slot]
    month = rows[:, reals + wholes].astype(np.int64) - start
    for months, found in promoted.items():
        found[slot[ours & rose & (month > 0) & (month < months)]] = True


def measured_by(
    followed: Followed,
    spread: Mapping[str, Real],
    settings: Mapping[str, Any],
    luck: draws.Luck,
    start: int,
) -> dict[tuple[str, int], Real]:
    """What a survey and a test find, by measure and months after the start: with error, of those who answer.

    Points of 100; NaN for those who are gone or do not answer. The same person has the same luck in whatever
    becomes of the firm.

    Parameters
    ----------
    spread
        Scores before the start, by measure ("engagement", "skill"), from which spread and average are taken.
    settings
        The resolved ``[pilot]`` section.
    """
    found: dict[tuple[str, int], Real] = {}
    people = int(followed.slot.max()) + 1 if len(followed.slot) else 0
    for question, name, scores in (
        (_ENGAGEMENT, "engagement", followed.engagement),
        (_SKILL, "skill", followed.skill),
    ):
        base = spread[name]
        mean, sd = float(np.nanmean(base)), float(np.nanstd(base))
        kind = "survey" if question == _ENGAGEMENT else "test"
        reliability = float(settings[f"{kind}_reliability"])
        error = sd * np.sqrt((1.0 - reliability) / reliability)
        for months, true in scores.items():
            numbers = np.empty((4, people))
            when = 2 * max(0, start + months) + question
            draws.draw_for_all(luck, decisions.SURVEY, when, numbers)
            u, v, answers = (numbers[lane, followed.slot] for lane in range(3))
            noise = np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)
            if kind == "survey":
                share = float(settings["survey_response"])
                slope = float(settings["response_by_engagement"])
                z = (true - mean) / sd if sd > 0.0 else np.zeros_like(true)
                chance = np.ones_like(true)
                if share < 1.0:
                    chance = 1.0 / (1.0 + (1.0 - share) / share * np.exp(-slope * z))
            else:
                chance = np.full_like(true, float(settings["test_attendance"]))
            with np.errstate(invalid="ignore"):
                seen = np.where(answers < chance, 100.0 * (true + error * noise), np.nan)
            found[name, months] = seen
    return found
