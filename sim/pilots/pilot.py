"""A pilot diagnosed: every design, size, measure and month, over the ensemble; what to do, and its tables."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble, shipped_ensemble
from sim.errors import InputError
from sim.experiments.tasks import fixed_parameters
from sim.pilots.designs import DESIGNS, STEPS, Design, design_named
from sim.pilots.findings import Findings
from sim.pilots.lottery_list import listed_people
from sim.pilots.measures import MEASURES, Measure
from sim.pilots.reading import Question
from sim.pilots.running import FirmRead, PilotJob, plans_for, read_firm, set_of_firm
from sim.programme.volunteering import is_invited
from sim.scenario.messages import quoted
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario
from sim.simulation.plan import Plan, prepare
from sim.simulation.pool import available_workers, run_tasks
from sim.simulation.turnover import with_own_turnover
from sim.simulation.warming import warm_up

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Pilot", "QUICK", "pilot"]

Real = NDArray[np.float64]
Progress = Callable[[int, int], None]

QUICK = 40
"""Firms of a quick look."""

_OTHERWISE = {
    "asked_by_name": "the coordinator asks people by name",
    "nominated": "managers nominate",
    "universal": "everybody takes part",
}
"""How people come to take part where they do not come by themselves."""

_SIZES = (15, 30, 60, 120, 240, 480, 960, 1920)
_MONTHS = (6, 12, 24)
_MOST = 0.6
"""Of those who are eligible, the most who are offered a place by default: somebody must be left to compare with."""


class Pilot(Findings):
    """Simulated pilots, diagnosed: see :class:`sim.pilots.findings.Findings` for what is kept."""

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per question: everything that is diagnosed."""
        from sim.pilots.tables import readings_table

        return readings_table(self)

    def save(
        self,
        folder: str | Path,
        *,
        overwrite: bool = False,
        command: str | None = None,
        question: Question | None = None,
    ) -> Path:
        """Write tables, page, protocol, lottery list and manifest into a folder; returns it.

        Parameters
        ----------
        overwrite
            Whether earlier results in it are replaced.
        command
            The command that made it, for the manifest.
        question
            The reading that the protocol is about; by default that which is advised.

        Raises
        ------
        InputError
            If the folder holds something that may not be replaced, or cannot be written.
        """
        from sim.pilots.saving import save_pilot
        from sim.report.pilots.page import pages_of

        pages = pages_of(self, command=command, question=question)
        return save_pilot(
            self, folder, overwrite=overwrite, command=command, question=question, pages=pages
        )


def pilot(
    scenario: Scenario,
    *,
    variant: str | None = None,
    designs: Sequence[str] | None = None,
    offered: Sequence[int] | None = None,
    months: Sequence[int] | None = None,
    firms: int | None = None,
    lottery_list: str | Path | None = None,
    ensemble: Ensemble | bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Pilot:
    """Run pilots of a programme inside simulated firms, and diagnose what reading them is worth.

    The result does not depend on `workers`. Ctrl-C stops it; what is complete by then is returned, marked as
    interrupted.

    Parameters
    ----------
    scenario
        The firm, and the programme among its variants.
    variant
        Name of the programme to be piloted; by default the first that is no null model.
    designs
        Names of :data:`sim.pilots.designs.DESIGNS`; by default all.
    offered
        Numbers of people who are offered a place; by default three that fit the firm.
    months
        Months after the start at which it is read; by default 6, 12 and 24, as far as the scenario goes.
    firms
        Simulated firms; by default two for every parameter set. More are rounded up so that every set is used
        equally.
    lottery_list
        A list that was drawn for the people of the roster (``lottery_list.csv``): the lot falls as it says, in every
        firm, instead of anew. Designs without such a lot are left out.
    ensemble
        The parameter sets (``True``: those of the package; ``False``: the scenario's own parameters).
    workers
        Firms simulated at a time; by default as many as there are processors.
    progress
        Called after each firm with how many are done, and of how many.

    Raises
    ------
    InputError
        If there is no programme, no such design, or nobody could be offered a place.
    KeyboardInterrupt
        If it was stopped before two firms were done.
    """
    asked = _programme_of(scenario, variant)
    chosen = tuple(design_named(name) for name in designs) if designs else DESIGNS
    sets = shipped_ensemble() if ensemble is True else ensemble or None
    fixed = fixed_parameters(scenario, asked)
    scenario = with_own_turnover(scenario)
    settings = scenario.variant(asked).settings
    nothing = {**settings, "programme": {**settings["programme"], "policy": "none"}}
    none = prepare("no programme", nothing, roster=scenario.roster)
    eligible = _eligible(settings, none)
    start = int(settings["programme"]["start_month"])
    notes: list[str] = []
    readings = _readings(months, scenario.months - start, notes)
    listed = None
    if lottery_list is not None:
        listed = listed_people(lottery_list, scenario.roster)
        chosen = tuple(one for one in chosen if one.kind == "lottery")
        offered = [len(listed.offered)]
        notes.append(
            f"Offers go to the {len(listed.offered)} people of the list, and {len(listed.others)} others are compared with them."
        )
    sizes = _sizes(offered, eligible)
    step = max(1, (12 if 12 in readings else readings[-1]) // (STEPS - 1))
    horizon = step * (STEPS - 1)
    if any(one.kind == "stepped" for one in chosen):
        steps = [step * (place + 1) for place in range(STEPS - 1)]
        readings = tuple(sorted({*readings, *steps}))
    how = str(settings["programme"]["participation"])
    if how in _OTHERWISE and any(one.by_lot for one in chosen):
        notes.append(
            f"In this programme {_OTHERWISE[how]}; in designs with a lot people answer an open call instead, and others come."
        )
    big = _departments(none)
    if big < 4 and any(one.kind == "departments" for one in chosen):
        chosen = tuple(one for one in chosen if one.kind != "departments")
        notes.append(
            f"Whole departments cannot be drawn: that takes at least four of more than one person, and there are {big}."
        )
    questions = tuple(
        Question(design, size, measure, month)
        for design in chosen
        for size in sizes
        if size >= design.fewest
        for measure in MEASURES
        for month in ((horizon,) if design.kind == "stepped" else _wanted(readings, months))
        if _is_asked(
            design, measure, month, start, horizon if horizon in readings else readings[-1]
        )
    )
    runs = plans_for(settings, none, chosen, sizes, step, listed)
    if not all(run.plan.openings for run in runs):
        problem = f"no cohort of {settings['programme']['cohort_months']} months fits before the scenario ends"
        raise InputError(
            problem, remedy="let it last longer (months)", key="programme.cohort_months"
        )
    count = _firms(firms, 0 if sets is None else len(sets))
    job = PilotJob(none, runs, questions, readings, scenario.seed, count, sets, fixed)
    return _carried_out(scenario, asked, job, eligible, notes, workers, progress)


def _programme_of(scenario: Scenario, variant: str | None) -> str:
    """Name of the programme that is piloted."""
    if variant is not None:
        name = scenario.variant(variant).name
        if not has_programme(scenario.variant(name).settings):
            problem = f"{quoted(name)} has no programme that could be piloted"
            raise InputError(problem, remedy="choose another variant", key="variant")
        return name
    programmes = [one for one in scenario.variants if has_programme(one.settings)]
    if not programmes:
        remedy = "add a variant with a programme to the scenario"
        raise InputError("the scenario has no programme that could be piloted", remedy=remedy)
    real = [
        one
        for one in programmes
        if one.settings["programme"]["policy"] != "random"
        and not one.settings["programme"]["placebo"]
        and not one.settings["programme"]["shuffled"]
    ]
    return (real or programmes)[0].name


def _eligible(settings: Mapping[str, Any], none: Plan) -> int:
    """How many posts of the firm are invited to have a mentor, going by level."""
    plan = prepare("eligible", settings, roster=none.roster, chart=none.chart)
    told = plan.settings["programme"]
    ordinary = int(told["minimum_tenure"])
    if told["mentee_tenure_below"]:
        ordinary = min(ordinary, int(told["mentee_tenure_below"]) - 1)
    asked = plan.record[0].programme
    return sum(
        bool(is_invited(level, ordinary, True, asked)) for level in plan.chart.level.tolist()
    )


def _readings(months: Sequence[int] | None, left: int, notes: list[str]) -> tuple[int, ...]:
    """Months after the start at which something is read, as far as the scenario goes."""
    wanted = sorted({int(month) for month in months or _MONTHS})
    if wanted[0] < 1:
        raise InputError(
            f"{wanted[0]} is no month after the start", remedy="use 1 or more", key="months"
        )
    found = tuple(month for month in wanted if month <= left)
    if months and len(found) < len(wanted):
        problem = f"the scenario ends {left} months after the start, before month {wanted[-1]}"
        raise InputError(
            problem, remedy="let it last longer (months), or read earlier", key="months"
        )
    if not found:
        if left < 2:
            problem = f"the scenario ends {left} months after the programme begins"
            raise InputError(problem, remedy="let it last at least six months longer", key="months")
        found = (left,)
    if len(found) < len(wanted):
        notes.append(
            f"The scenario ends {left} months after the start, so that nothing is read after month {found[-1]}."
        )
    return found


def _wanted(readings: tuple[int, ...], months: Sequence[int] | None) -> tuple[int, ...]:
    wanted = set(months or _MONTHS)
    return tuple(month for month in readings if month in wanted) or readings[-1:]


def _sizes(offered: Sequence[int] | None, eligible: int) -> tuple[int, ...]:
    """Numbers of people who are offered a place."""
    if offered:
        wrong = [one for one in offered if not 5 <= one <= eligible]
        if wrong:
            problem = f"{wrong[0]} people cannot be offered a place"
            remedy = f"use 5 to {eligible}: so many are eligible"
            raise InputError(problem, remedy=remedy, key="offered")
        return tuple(sorted(set(offered)))
    if eligible < 10:
        problem = f"only {eligible} people are eligible: no pilot of so few can be read"
        raise InputError(problem, remedy="invite more people, or simulate a larger firm")
    fitting = [size for size in _SIZES if size <= _MOST * eligible]
    return tuple(fitting[-3:]) or (eligible // 2,)


def _departments(none: Plan) -> int:
    """Departments of more than one person."""
    return int((np.bincount(none.chart.department) > 1).sum())


def _is_asked(design: Design, measure: Measure, month: int, start: int, main: int) -> bool:
    """Whether a design has anything to say about a measure."""
    if measure.is_ratio:
        return design.kind in ("lottery", "observed") and design.adjusted and month == main
    if design.kind == "changed":
        return measure.name in ("engagement", "skills") or (
            measure.name == "quits" and month <= start
        )
    return design.adjusted or measure.name != "skills"


def _firms(firms: int | None, sets: int) -> int:
    """How many firms, so that every parameter set is used equally."""
    if firms is None:
        return 2 * sets if sets else 200
    if firms < 4:
        raise InputError(f"{firms} firms say nothing", remedy="use 4 or more", key="firms")
    if not sets or firms < 2 * sets:
        return firms + firms % 2
    return 2 * sets * math.ceil(firms / (2 * sets))


def _carried_out(
    scenario: Scenario,
    variant: str,
    job: PilotJob,
    eligible: int,
    notes: list[str],
    workers: int | None,
    progress: Progress | None,
) -> Pilot:
    workers = workers or available_workers()
    begun, clock = datetime.now(UTC), time.perf_counter()
    warm_up()
    found: dict[int, FirmRead] = {}
    try:
        with closing(run_tasks(read_firm, job, job.firms, workers=workers)) as finished:
            for firm, read in finished:
                found[firm] = read
                if progress is not None:
                    progress(len(found), job.firms)
    except KeyboardInterrupt:
        if len(found) < 4:
            raise
    firms = sorted(found)
    size = 1 if job.ensemble is None else len(job.ensemble)
    sets = np.array([set_of_firm(firm, job.firms, size) for firm in firms], dtype=np.int64)
    if job.ensemble is None:
        sets = np.arange(len(firms), dtype=np.int64)
    made = {
        "started": begun.isoformat(timespec="seconds"),
        "duration_seconds": round(time.perf_counter() - clock, 3),
        "workers": workers,
        "firms_asked": job.firms,
        "parameter_sets": int(len(np.unique(sets))) if job.ensemble is not None else 0,
    }
    return Pilot(
        scenario=scenario,
        variant=variant,
        job=job,
        answers=np.stack([found[firm].answers for firm in firms]),
        platform=np.stack([found[firm].platform for firm in firms]),
        costs=np.stack([found[firm].costs for firm in firms]),
        sets=sets,
        eligible=eligible,
        interrupted=len(found) < job.firms,
        notes=tuple(notes),
        made=made,
    )
