"""Reading one firm's pilot in every declared way, and what was true in it: the same people without a programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.pilots.analyses import (
    NOTHING,
    Estimate,
    adjusted,
    by_department,
    changed,
    filled,
    stepped,
    survival,
    two_shares,
)
from sim.pilots.designs import STEPS, Design
from sim.pilots.following import BEFORE, Followed
from sim.pilots.measures import Measure

__all__ = [
    "FIELDS",
    "Question",
    "Truth",
    "World",
    "asked",
    "compared",
    "covariates_of",
    "read",
    "truth_of",
    "usual_level",
]

Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
Readings = dict[tuple[str, int], Real]

FIELDS = (
    *("value", "error", "freedom", "p"),
    *("placebo", "placebo_error", "placebo_freedom", "placebo_p"),
    *("offered", "participants", "firm", "others"),
    *("treated", "controls", "usual"),
)
"""What is kept of every question in every firm: the pilot's estimate, the same where nothing happens, four truths,
people compared, and the mean of what is measured where nothing happens."""


@dataclass(frozen=True, slots=True)
class Question:
    """One way of reading a pilot: design, people offered, measure, months after the start."""

    design: Design
    offered: int
    measure: Measure
    months: int


class World(NamedTuple):
    """What became of a firm, and what was measured in it."""

    people: Followed
    measured: Readings


class Truth(NamedTuple):
    """Mean change that the programme made, by whom: in the unit of the measure; NaN where there is nobody."""

    offered: float
    participants: float
    firm: float
    others: float


class _Arms(NamedTuple):
    """Who is compared with whom: whether each takes part in the comparison, and is treated."""

    within: Flags
    treated: Flags


def compared(design: Design, treated_world: Followed) -> _Arms:
    """The arms of a design, as the lot or the people themselves made them."""
    one = treated_world
    if design.kind in ("lottery", "departments", "stepped"):
        return _Arms(one.arm != columns.NO_LOT, one.arm == columns.DRAWN)
    joined = one.mentee | one.mentor
    if design.kind == "changed":
        return _Arms(joined, joined)
    return _Arms(np.ones(len(joined), dtype=np.bool_), joined)


def covariates_of(design: Design, measure: Measure, world: World) -> Real:
    """What is known of everybody before the start, as the analysis takes it into account; shape (people, ...)."""
    people = world.people
    count = len(people.slot)
    if not design.adjusted:
        return np.empty((count, 0))
    known = [
        people.level.astype(float),
        np.log1p(np.maximum(0.0, people.tenure)),
        people.age,
        world.measured["engagement", BEFORE],
    ]
    if measure.source == "test" and measure.baseline:
        known.append(world.measured["skill", BEFORE])
    return np.column_stack(known)


def _outcome(measure: Measure, months: int, world: World) -> Real:
    """What is measured of everybody by then: per 100 people or points of 100; NaN where nothing is."""
    if measure.name in ("quits", "quit_times"):
        return np.asarray(100.0 * world.people.quit_by(months))
    if measure.name == "promotions":
        return np.asarray(100.0 * world.people.promoted[months])
    return world.measured["engagement" if measure.source == "survey" else "skill", months]


def usual_level(question: Question, one: Followed, quiet: World) -> float:
    """Mean of what is measured of those who are compared, in the firm without a programme; NaN where unknown."""
    within = compared(question.design, one).within
    return _mean(_outcome(question.measure, question.months, quiet)[within])


def _true_change(measure: Measure, months: int, one: Followed, none: Followed) -> Real:
    """What the programme changed for each; NaN where the two cannot be compared because somebody is gone."""
    if measure.name == "quits":
        return np.asarray(100.0 * (one.quit_by(months).astype(float) - none.quit_by(months)))
    if measure.name == "promotions":
        return np.asarray(100.0 * (one.promoted[months].astype(float) - none.promoted[months]))
    name = "engagement" if measure.source == "survey" else "skill"
    return np.asarray(100.0 * (getattr(one, name)[months] - getattr(none, name)[months]))


def truth_of(question: Question, one: Followed, none: Followed) -> Truth:
    """What the programme did in this firm, as the same firm without it shows.

    Scores are of those who are there in both.
    """
    if question.design.kind == "stepped":
        return _stepped_truth(question, one, none)
    if question.measure.is_ratio:
        return _true_ratio(question, one, none)
    change = _true_change(question.measure, question.months, one, none)
    arms = compared(question.design, one)
    joined = one.mentee | one.mentor
    offered = arms.within & arms.treated
    return Truth(
        _mean(change[offered]),
        _mean(change[joined if question.design.kind in ("observed", "changed") else one.mentee]),
        _mean(change),
        _mean(change[arms.within & ~arms.treated]),
    )


def _true_ratio(question: Question, one: Followed, none: Followed) -> Truth:
    """Log of the ratio of quits with and without the programme, half a quit added to both."""
    arms, joined = compared(question.design, one), one.mentee | one.mentor
    with_, without = one.quit_by(question.months), none.quit_by(question.months)

    def ratio(of: Flags) -> float:
        return float(np.log((with_[of].sum() + 0.5) / (without[of].sum() + 0.5)))

    offered = arms.within & arms.treated
    part = joined if question.design.kind == "observed" else one.mentee
    return Truth(
        ratio(offered), ratio(part), ratio(np.ones_like(joined)), ratio(arms.within & ~arms.treated)
    )


def _mean(values: Real) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def read(
    question: Question, one: World, world: World, pilot: Any, prior: Real, seed: int
) -> Estimate:
    """Read a world by a question.

    Parameters
    ----------
    one
        The firm with the pilot, which says who is in which arm.
    world
        The firm that is read: the same, or the one without a programme (a placebo).
    pilot
        The resolved ``[pilot]`` section.
    prior
        Quits and headcount of every month before the start; shape (months, 2).
    seed
        Of permutations.
    """
    design, measure = question.design, question.measure
    level, small = float(pilot["significance"]), int(pilot["small_arm"])
    arms = compared(design, one.people)
    if design.kind == "changed":
        return _changed(question, arms, world, prior, level)
    covariates = covariates_of(design, measure, one)
    if design.kind == "stepped":
        return _stepped(question, one, world, covariates, level)
    if measure.is_ratio:
        return _survived(question, arms, world.people, covariates, level)
    values = _outcome(measure, question.months, world)[arms.within]
    treated, known = arms.treated[arms.within], filled(covariates[arms.within])
    if design.kind == "departments":
        home = one.people.department[arms.within]
        return by_department(values, treated, home, known, level=level)
    return adjusted(values, treated, known, level=level, small=small, seed=seed)


def _survived(
    question: Question, arms: _Arms, people: Followed, covariates: Real, level: float
) -> Estimate:
    """Months until quitting, of those who are compared; others who leave are censored."""
    durations = np.minimum(people.left, question.months).astype(float) + 1.0
    return survival(
        durations[arms.within],
        people.quit_by(question.months)[arms.within],
        arms.treated[arms.within],
        filled(covariates[arms.within]),
        level=level,
    )


def _changed(question: Question, arms: _Arms, world: World, prior: Real, level: float) -> Estimate:
    """Before and after: participants' scores; for quits, the firm's, because participants had not quit before."""
    measure, months = question.measure, question.months
    if measure.name == "quits":
        if months > len(prior):  # records do not reach so far back
            return NOTHING
        quits, headcount = prior[-months:].sum(axis=0)
        people = world.people
        after = float(people.quit_by(months).sum())
        of = float(len(people.slot))
        return two_shares(after, of, float(quits), float(headcount) / months, level=level)
    if measure.source == "records" or not measure.baseline:
        return NOTHING
    name = "engagement" if measure.source == "survey" else "skill"
    before, now = world.measured[name, BEFORE], world.measured[name, months]
    return changed(before[arms.within], now[arms.within], level=level)


class _Rows(NamedTuple):
    """Persons by period of a stepped start: place, period, whether they have begun, and those who count."""

    person: NDArray[np.int64]
    period: NDArray[np.int64]
    begun: Flags


def _rows(question: Question, people: Followed) -> _Rows:
    """All persons in all periods that end while somebody still waits."""
    step = question.months // (STEPS - 1)
    within = np.flatnonzero(people.turn >= 0)
    parts = [
        (within, np.full(len(within), (place + 1) * step), people.turn[within] <= place)
        for place in range(STEPS - 1)
    ]
    person, period, begun = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _Rows(person, period, begun)


def _in_period(measure: Measure, world: World, rows: _Rows, step: int) -> Real:
    """What is measured of each row; events count in the period in which they happen, to those there at its start."""
    found = np.full(len(rows.person), np.nan)
    for month in np.unique(rows.period).tolist():
        here = rows.period == month
        who = rows.person[here]
        if measure.source != "records":
            name = "engagement" if measure.source == "survey" else "skill"
            found[here] = world.measured[name, month][who]
            continue
        people = world.people
        if measure.name == "quits":
            happened = people.quit_by(month) & ~people.quit_by(month - step)
        else:
            earlier = people.promoted.get(month - step, np.zeros_like(people.quit))
            happened = people.promoted[month] & ~earlier
        at_risk = people.there_at(month - step)
        found[here] = np.where(at_risk, 100.0 * happened, np.nan)[who]
    return found


def _stepped(
    question: Question, one: World, world: World, covariates: Real, level: float
) -> Estimate:
    rows = _rows(question, one.people)
    values = _in_period(question.measure, world, rows, question.months // (STEPS - 1))
    within = one.people.turn >= 0
    known = np.zeros((len(within), 0))
    if within.any():
        table = filled(covariates[within])
        known = np.zeros((len(within), table.shape[1]))
        known[within] = table
    return stepped(values, rows.begun, rows.period, rows.person, known[rows.person], level=level)


def _stepped_truth(question: Question, one: Followed, none: Followed) -> Truth:
    """The mean over people's periods after their turn came, and over those before it."""
    rows, step = _rows(question, one), question.months // (STEPS - 1)
    measure = question.measure
    if measure.counts_events:
        with_, without = (
            _in_period(measure, World(world, {}), rows, step) for world in (one, none)
        )
        change = with_ - without
        begun = _mean(with_[rows.begun]) - _mean(without[rows.begun])
        waiting = _mean(with_[~rows.begun]) - _mean(without[~rows.begun])
    else:
        name = "engagement" if measure.source == "survey" else "skill"
        change = np.full(len(rows.person), np.nan)
        for month in np.unique(rows.period).tolist():
            here = rows.period == month
            who = rows.person[here]
            change[here] = 100.0 * (
                getattr(one, name)[month][who] - getattr(none, name)[month][who]
            )
        begun, waiting = _mean(change[rows.begun]), _mean(change[~rows.begun])
    whole = _true_change(measure, question.months, one, none)
    mentored = rows.begun & one.mentee[rows.person]
    return Truth(begun, _mean(change[mentored]), _mean(whole), waiting)


def asked(questions: Sequence[Question], run: str, offered: int) -> Iterator[tuple[int, Question]]:
    """The questions, with their places, that one simulated pilot answers."""
    for place, question in enumerate(questions):
        if question.design.run == run and question.offered == offered:
            yield place, question
