"""Simulated firms, each with the programme that ran and without it: what figures and forecasts are learnt from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble
from sim.deciding.figures import MEASURED
from sim.deciding.observed_columns import MONTHS_BEFORE
from sim.engine.columns import M
from sim.experiments.tasks import fixed_parameters
from sim.scenario.scenario import Scenario
from sim.simulation.beginnings import Beginnings
from sim.simulation.plan import Plan, plans_of, with_parameters
from sim.simulation.pool import run_tasks
from sim.simulation.turnover import with_own_turnover

__all__ = ["TARGETS", "Target", "Worlds", "shifted", "simulated", "targets_of"]

Real = NDArray[np.float64]

_KEPT = tuple(dict.fromkeys((*MEASURED.values(), "engaged")))
_WITH, _WITHOUT = 0, 1

_NOTHING = "No programme (for comparison)"


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is forecast.

    Attributes
    ----------
    key, title, unit
        How it is told.
    effect
        Whether it is a difference from the same firm without the programme: whether it works, not how it runs.
    """

    key: str
    title: str
    unit: str
    effect: bool


TARGETS: tuple[Target, ...] = (
    Target("quits", "Quits from now on", "people a year", False),
    Target("engaged", "Engaged from now on", "people", False),
    Target("sessions", "Sessions held from now on", "a month", False),
    Target(
        "effect_stay", "Quits that the programme prevents, since its start", "people a year", True
    ),
    Target("effect_engaged", "People whom it makes engaged, since its start", "people", True),
)


@dataclass(frozen=True, slots=True)
class Worlds:
    """Simulated firms, each with the programme and without.

    Attributes
    ----------
    recorded
        Shape (2, firms, measures, months): with, and without; measures as in `measures`.
    sets
        Number of every firm's parameter set.
    start
        Month in which the programme starts, from 0.
    """

    recorded: Real
    sets: NDArray[np.int64]
    start: int

    def months(self, numbers: tuple[int, ...]) -> NDArray[np.int64]:
        """Places of months that are counted from the start."""
        return np.array([self.start + (one - 1 if one > 0 else one) for one in numbers])

    def cells(self, numbers: tuple[int, ...]) -> dict[str, Real]:
        """What platforms and personnel records would show, by column, shape (firms, months)."""
        at = self.months(numbers)
        found = {
            name: self.recorded[_WITH, :, _KEPT.index(measure)][:, at]
            for name, measure in MEASURED.items()
        }
        found["survey"] = found["survey"] / found["headcount"]
        return found


def targets_of(worlds: Worlds, last: int) -> dict[str, Real]:
    """What is to be forecast, in every firm, once the months up to `last` are seen."""
    now = worlds.start + last
    later, whole = slice(now, None), slice(worlds.start, None)

    def mean(variant: int, measure: str, when: slice) -> Real:
        return np.asarray(worlds.recorded[variant, :, _KEPT.index(measure), when].mean(axis=-1))

    def per_year(variant: int, measure: str, when: slice) -> Real:
        return 12.0 * mean(variant, measure, when)

    return {
        "quits": per_year(_WITH, "quits", later),
        "engaged": mean(_WITH, "engaged", later),
        "sessions": mean(_WITH, "held", later),
        "effect_stay": per_year(_WITHOUT, "quits", whole) - per_year(_WITH, "quits", whole),
        "effect_engaged": mean(_WITH, "engaged", whole) - mean(_WITHOUT, "engaged", whole),
    }


def shifted(scenario: Scenario, variant: str, horizon: int) -> Scenario:
    """The scenario with a year before the programme's start, and as many months after it as are told about, or more.

    A cohort opens only where it can end before a simulation does, and one that opens before the horizon runs beyond it
    in life. So there are months enough for every one of them; :func:`simulated` leaves out what is not told about.
    """
    scenario = with_own_turnover(scenario)
    chosen = scenario.variant(variant)
    start = int(chosen.settings["programme"]["start_month"])
    shift = max(0, MONTHS_BEFORE - start)
    months = start + shift + _running(chosen.settings["programme"], horizon)
    shocks = [
        {**dict(shock), "month": shock["month"] + shift}
        for shock in chosen.settings["environment"]["shocks"]
        if shock["month"] + shift < months
    ]
    shocks = [{key: value for key, value in shock.items() if value is not None} for shock in shocks]
    overrides = {
        key: value for key, value in chosen.overrides.items() if key != "programme.start_month"
    }
    own: dict[str, Any] = {}
    for key, value in {**overrides, "programme.start_month": start + shift}.items():
        section, _, name = key.partition(".")
        own.setdefault(section, {})[name] = value
    if shocks:
        own.setdefault("environment", {})["shocks"] = shocks
    nothing = {name: dict(section) for name, section in own.items()}
    nothing["programme"] = {
        **nothing["programme"],
        "policy": "none",
        "placebo": False,
        "shuffled": False,
    }
    return scenario.with_settings(
        {
            "months": months,
            "baseline": _NOTHING,
            "variants": [{"name": variant, **own}, {"name": _NOTHING, **nothing}],
        }
    )


def _running(programme: Mapping[str, Any], horizon: int) -> int:
    """Months until the last of the cohorts that open before the horizon has ended."""
    length = int(programme["cohort_months"])
    if programme["enrolment"] == "rolling":
        return horizon + length - 1
    return -(-horizon // length) * length


@dataclass(frozen=True, slots=True)
class _Batch:
    plans: tuple[Plan, Plan]
    fixed: tuple[frozenset[str], frozenset[str]]
    ensemble: Ensemble
    firms_per_set: int
    first: int
    seed: int
    beginnings: Beginnings = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "beginnings", Beginnings(self.plans))


def _live(batch: _Batch, task: int) -> Real:
    """What is kept of one firm under one of the two, shape (measures, months)."""
    firm, variant = divmod(task, 2)
    plan = with_parameters(
        batch.plans[variant],
        batch.ensemble.set_at(firm // batch.firms_per_set, batch.fixed[variant]),
    )
    state = batch.beginnings.simulation(plan, batch.seed, batch.first + firm).run().state
    return np.ascontiguousarray(state.monthly[:, [M[name] for name in _KEPT]].T)


def simulated(
    scenario: Scenario,
    variant: str,
    ensemble: Ensemble,
    *,
    firms_per_set: int,
    horizon: int,
    first: int = 0,
    workers: int,
    count: Callable[[], None] | None = None,
) -> Worlds:
    """Simulate firms under every parameter set, with the programme and without.

    Parameters
    ----------
    scenario
        Whose variants are the one named and one without a programme.
    horizon
        Months from the start that are kept.
    first
        Number of the first firm's luck.
    """
    with_it, without = plans_of(scenario, [variant, _NOTHING])
    if with_it.name != variant:
        with_it, without = without, with_it
    fixed = fixed_parameters(scenario, variant)
    batch = _Batch(
        (with_it, without), (fixed, fixed), ensemble, firms_per_set, first, scenario.seed
    )
    firms = len(ensemble) * firms_per_set
    months = int(with_it.settings["programme"]["start_month"]) + horizon
    recorded = np.empty((2, firms, len(_KEPT), months))
    with closing(run_tasks(_live, batch, 2 * firms, workers=workers)) as finished:
        for task, kept in finished:
            firm, place = divmod(task, 2)
            recorded[place, firm] = kept[:, :months]
            if count is not None:
                count()
    sets = np.repeat(np.arange(len(ensemble)), firms_per_set)
    return Worlds(recorded, sets, int(with_it.settings["programme"]["start_month"]))
