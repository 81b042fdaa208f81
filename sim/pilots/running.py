"""Running pilots inside simulated firms: every design in the same firm, beside the same firm without a programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble
from sim.engine import columns, draws
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.outcome import Sums
from sim.pilots.designs import Design
from sim.pilots.following import BEFORE, Followed, follow, measured_by, skills_tested
from sim.pilots.reading import FIELDS, Question, World, asked, compared, read, truth_of, usual_level
from sim.programme.calendar import is_by_lot
from sim.programme.lots import Listed
from sim.simulation.plan import Plan, context_of, prepare, with_parameters
from sim.simulation.simulation import Simulation

__all__ = ["PLATFORM", "FirmRead", "PilotJob", "Run", "plans_for", "read_firm", "set_of_firm"]

Real = NDArray[np.float64]

PLATFORM: Mapping[str, tuple[str, str, str]] = {
    "take_up": ("people who were offered a place and began", "began", "offered"),
    "good_fits": ("pairs that fit well after the first meeting", "good_fits", "first_meetings"),
    "held": ("planned meetings held", "held", "planned"),
    "ended_early": ("pairs that broke up", "ended_early", "opened"),
}
"""What a platform shows of a pilot by itself: in words, and of which counts it is the share."""

_COSTS = ("programme_cost", "programme_cash")


class Run(NamedTuple):
    """One simulated pilot: what is simulated, and of how many people who are offered a place."""

    run: str
    offered: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class PilotJob:
    """What all firms of a diagnosis share.

    Attributes
    ----------
    none
        The firm without a programme.
    runs
        The pilots, each simulated once in every firm.
    questions
        What is asked of them.
    readings
        Months after the start at which anything is read, in order.
    seed
        Master seed.
    firms
        How many there are.
    ensemble, fixed
        Parameter sets, and the parameters that the scenario itself sets.
    """

    none: Plan
    runs: tuple[Run, ...]
    questions: tuple[Question, ...]
    readings: tuple[int, ...]
    seed: int
    firms: int
    ensemble: Ensemble | None
    fixed: frozenset[str]


@dataclass(frozen=True, slots=True)
class FirmRead:
    """What one firm says.

    Attributes
    ----------
    answers
        Shape (questions, len(FIELDS)); see :data:`sim.pilots.reading.FIELDS`.
    platform
        Counts behind :data:`PLATFORM`, over a year or until the last reading: shape (runs, measures, 2).
    costs
        Of the pilot itself, and of that in cash: shape (runs, 2).
    """

    answers: Real
    platform: Real
    costs: Real


def set_of_firm(firm: int, firms: int, sets: int) -> int:
    """Which parameter set a firm lives under: two neighbours share one, and all are used equally.

    With fewer firms than two for each, the sets are spread evenly over the ensemble.
    """
    pairs = max(1, -(-firms // 2))
    if pairs >= sets:
        return (firm // 2) % sets
    return (firm // 2) * sets // pairs


def plans_for(
    settings: Mapping[str, Any],
    none: Plan,
    designs: Sequence[Design],
    sizes: Sequence[int],
    step: int,
    listed: Listed | None = None,
) -> tuple[Run, ...]:
    """A plan for every pilot that has to be simulated.

    Parameters
    ----------
    settings
        Of the programme that is piloted, by section and name.
    none
        The same firm without it.
    step
        Months between the steps of a stepped start.
    listed
        The list that takes the place of every lot; None where lots are drawn.
    """
    people = none.chart.posts
    found: dict[tuple[str, int], Run] = {}
    for design in designs:
        for offered in sizes:
            if (design.run, offered) in found:
                continue
            own = settings["programme"]
            changes = design.programme(offered, people, step)
            if not design.by_lot and not is_by_lot(own):  # people join as the programme has it
                changes["participation"] = own["participation"]
            programme = {**own, **changes}
            plan = prepare(
                f"{design.run} {offered}",
                {**settings, "programme": programme},
                roster=none.roster,
                chart=none.chart,
                window_start=none.window_start,
            )
            if listed is not None:
                plan = replace(plan, listed=listed)
            found[design.run, offered] = Run(design.run, offered, plan)
    return tuple(found.values())


def read_firm(job: PilotJob, firm: int) -> FirmRead:
    """Simulate one firm under every pilot and without one, and read it in every way."""
    values: Mapping[str, float] = {}
    if job.ensemble is not None:
        number = set_of_firm(firm, job.firms, len(job.ensemble))
        values = job.ensemble.set_at(number, job.fixed)
    plans = [with_parameters(one.plan, values) for one in job.runs]
    none_plan = with_parameters(job.none, values)
    tested = skills_tested(plans[0])
    start = int(plans[0].settings["programme"]["start_month"])
    begun = Simulation(none_plan, job.seed, firm, keep_people=True)
    begun.approach(start)
    none = follow(begun.fork(none_plan), job.readings, tested)
    spread = {"engagement": none.engagement[BEFORE], "skill": none.skill[BEFORE]}
    pilot, luck = none_plan.settings["pilot"], draws.luck_of(job.seed, firm)

    def seen(people: Followed) -> World:
        return World(people, measured_by(people, spread, pilot, luck, start))

    quiet = seen(none)
    prior = begun.state.monthly[:start][:, [columns.M_QUITS, columns.M_HEADCOUNT]]
    answers = np.full((len(job.questions), len(FIELDS)), np.nan)
    platform = np.full((len(plans), len(PLATFORM), 2), np.nan)
    costs = np.full((len(plans), len(_COSTS)), np.nan)
    for place, (run, plan) in enumerate(zip(job.runs, plans, strict=True)):
        world = seen(follow(begun.fork(plan), job.readings, tested))
        platform[place] = _platform(world.people)
        costs[place] = _costs(world.people, plan)
        for row, question in asked(job.questions, run.run, run.offered):
            seed = 1_000_003 * firm + row
            one = read(question, world, world, pilot, prior, seed)
            placebo = read(question, world, quiet, pilot, prior, seed)
            truth = truth_of(question, world.people, none)
            arms = compared(question.design, world.people)
            counts = (
                float((arms.within & arms.treated).sum()),
                float((arms.within & ~arms.treated).sum()),
            )
            usual = usual_level(question, world.people, quiet)
            answers[row] = (*one[:4], *placebo[:4], *truth, *counts, usual)
    return FirmRead(answers, platform, costs)


_YEAR = 12


def _platform(people: Followed) -> Real:
    sums = Sums(people.months[:_YEAR].sum(axis=0))
    drawn = people.arm == columns.DRAWN
    offered = float(drawn.sum()) or float(people.mentee.sum())
    began = float((people.mentee & drawn).sum()) if drawn.any() else float(people.mentee.sum())
    counts = {"began": began, "offered": offered}
    names = {name for _, *pair in PLATFORM.values() for name in pair} - set(counts)
    counts |= {name: float(sums[name]) for name in names}
    return np.array([[counts[one], counts[of]] for _, one, of in PLATFORM.values()])


def _costs(people: Followed, plan: Plan) -> Real:
    """What the pilot costs over its first year, or until the last reading."""
    months = people.months[:_YEAR]
    length = len(months)
    running = min(length, int(plan.settings["programme"]["cohort_months"]))
    context = replace(context_of(plan), months=12, running=running)
    sums = Sums(months.sum(axis=0))
    by_name = {item.name: item for item in OUTCOMES}
    return np.array([float(by_name[name].of(sums, context)) for name in _COSTS])
