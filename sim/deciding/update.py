"""What to believe after a programme has run for a while: figures in, forecasts and moved parameter sets out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble, shipped_ensemble
from sim.calibration.priors import FREE
from sim.deciding.believing import Contradiction, Forecast, contradiction, forecast, learn
from sim.deciding.figures import MEASURED, Figure, figures_of, usable
from sim.deciding.observed import MONTHS_BEFORE, Observed, read_observed
from sim.deciding.saving import save_folder
from sim.engine.columns import M
from sim.errors import InputError
from sim.experiments.manifest import identity
from sim.experiments.tasks import fixed_parameters
from sim.scenario.messages import described
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario
from sim.simulation.beginnings import Beginnings
from sim.simulation.plan import Plan, plans_of, with_parameters
from sim.simulation.pool import available_workers, run_tasks
from sim.simulation.turnover import with_own_turnover
from sim.simulation.warming import warm_up

__all__ = ["TARGETS", "Target", "Updated", "Worlds", "simulated", "targets_of", "update"]

Real = NDArray[np.float64]
Progress = Callable[[int, int], None]

FIRMS_PER_SET = 8
"""Firms of every set that the regressions learn from; with four the rank check fails."""

HORIZON = 24
_MOVED_FIRMS = 2
_KEPT = tuple(dict.fromkeys((*MEASURED.values(), "engaged")))
_WITH, _WITHOUT = 0, 1


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
    first: int = 0,
    workers: int,
    count: Callable[[], None] | None = None,
) -> Worlds:
    """Simulate firms under every parameter set, with the programme and without.

    Parameters
    ----------
    scenario
        Whose variants are the one named and one without a programme.
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
    recorded = np.empty((2, firms, len(_KEPT), scenario.months))
    with closing(run_tasks(_live, batch, 2 * firms, workers=workers)) as finished:
        for task, kept in finished:
            firm, place = divmod(task, 2)
            recorded[place, firm] = kept
            if count is not None:
                count()
    sets = np.repeat(np.arange(len(ensemble)), firms_per_set)
    return Worlds(recorded, sets, int(with_it.settings["programme"]["start_month"]))


_NOTHING = "No programme (for comparison)"


@dataclass(eq=False, repr=False)
class Updated:
    """What to believe after what was seen; tables are pandas frames.

    Attributes
    ----------
    scenario, variant
        The programme that ran.
    observed
        What was seen.
    contradiction
        Whether the model is contradicted, so that nothing else here should be used.
    figures
        One row per figure: what was seen, and the band in which it was predicted.
    forecasts
        One row per quantity: before, after, and under the moved sets.
    learnt
        One row per parameter: what was learnt about it.
    ensemble
        The moved sets.
    facts
        Single numbers that the report needs.
    manifest
        How it was made.
    """

    scenario: Scenario
    variant: str
    observed: Observed
    contradiction: Contradiction
    figures: pd.DataFrame
    forecasts: pd.DataFrame
    learnt: pd.DataFrame
    ensemble: Ensemble
    facts: Mapping[str, Any]
    manifest: Mapping[str, Any]

    def __repr__(self) -> str:
        seen = f"{len(self.figures)} figures of {self.observed.last} months"
        told = "contradicted" if self.contradiction.alarm else "not contradicted"
        return f"<Updated {self.variant!r}: {seen}, {told}>"

    def save(
        self, folder: str | Path, *, overwrite: bool = False, command: str | None = None
    ) -> Path:
        """Write the tables, ensemble.csv, update.html and a manifest into a folder, whole or not at all; returns it.

        Raises
        ------
        InputError
            If the folder holds something else than results, or results that may not be overwritten, or cannot
            be written. It is then as it was before.
        """
        from sim.report.deciding import update_page

        tables = {"figures": self.figures, "forecasts": self.forecasts, "learnt": self.learnt}
        texts = {
            "update.html": update_page(self, command=command),
            "ensemble.csv": self.ensemble_text(),
        }
        manifest = {**self.manifest, "command": command}
        return save_folder(folder, tables, texts, manifest, overwrite=overwrite)

    def ensemble_text(self) -> str:
        """The moved sets as ``compare --ensemble`` reads them."""
        lines = [
            f"# sets: {len(self.ensemble)}, moved by {len(self.figures)} figures of {self.observed.last} months",
        ]
        if self.contradiction.alarm:
            lines.append(
                "# WARNING: the model is contradicted by these figures; do not use these sets"
            )
        lines.append(",".join(self.ensemble.keys))
        lines += [
            ",".join(f"{value:.6g}" for value in row) for row in self.ensemble.values.tolist()
        ]
        return "\n".join(lines) + "\n"


def update(
    scenario: Scenario,
    observed: str | Path,
    variant: str | None = None,
    *,
    began: str | None = None,
    horizon: int = HORIZON,
    firms_per_set: int = FIRMS_PER_SET,
    ensemble: Ensemble | bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Updated:
    """Learn from a programme's own figures.

    Parameters
    ----------
    scenario
        The firm and the programme as it was planned.
    observed
        File of the figures: see :mod:`sim.deciding.observed`.
    variant
        Which programme ran; by default the first that is not the baseline.
    began
        ``YYYY-MM``: when the first cohort opened, for files whose months are of the calendar.
    horizon
        Months from the start that are told about.
    firms_per_set
        Simulated firms of every parameter set.
    ensemble
        Parameter sets; by default those of the package.
    workers
        Threads; by default as many as there are processors for this process.
    progress
        Called after each simulation with how many are done, and of how many.

    Raises
    ------
    InputError
        For figures that cannot be used, with everything that is wrong at once; numbers out of range; a variant
        without a programme.
    KeyboardInterrupt
        If it was stopped.
    """
    for name, value, low, high in (
        ("horizon", horizon, 2, 120),
        ("firms_per_set", firms_per_set, 2, 1_000),
    ):
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            remedy = f"give a whole number from {low} to {high}"
            raise InputError(f"{described(value)} is out of range", remedy=remedy, key=name)
    workers = workers or available_workers()
    begun, clock = datetime.now(UTC), time.perf_counter()
    sets = ensemble if isinstance(ensemble, Ensemble) else shipped_ensemble()
    chosen = scenario.variant(variant)
    if not has_programme(chosen.settings):
        problem = f'"{chosen.name}" has no programme that could have run'
        raise InputError(problem, remedy="name the variant that did (--variant)", key="variant")
    employees = float(scenario.settings["organisation"]["employees"])
    seen = read_observed(observed, employees=employees, horizon=horizon - 1, began=began)
    world = _shifted(scenario, chosen.name, horizon)
    total = 2 * len(sets) * (firms_per_set + _MOVED_FIRMS)
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    warm_up()
    worlds = simulated(
        world, chosen.name, sets, firms_per_set=firms_per_set, workers=workers, count=count
    )
    figures = _figures(seen, worlds)
    table = figures_of(figures, seen.months, seen.cells, worlds.cells(seen.months))
    table = _with_survey_error(table, figures, employees)
    mine = figures_of(figures, seen.months, seen.cells, seen.cells)
    figures, table, mine = _moving(figures, table, mine)
    told = contradiction(table, worlds.sets, mine)
    later = targets_of(worlds, seen.last)
    forecasts = {
        target.key: forecast(table, worlds.sets, later[target.key], mine) for target in TARGETS
    }
    moved, learnt = _moved(world, chosen.name, sets, table, worlds.sets, mine, firms_per_set)
    again = simulated(
        world, chosen.name, moved, firms_per_set=_MOVED_FIRMS,
        first=len(worlds.sets), workers=workers, count=count,
    )  # fmt: skip
    anew = targets_of(again, seen.last)
    (plan,) = plans_of(world, [chosen.name])
    made = {
        "kind": "update",
        "variant": chosen.name,
        "months_seen": seen.last,
        "horizon": horizon,
        "simulations": total,
        "started": begun.isoformat(timespec="seconds"),
        "duration_seconds": round(time.perf_counter() - clock, 3),
        "workers": workers,
        "ensemble": {"shipped": sets is shipped_ensemble(), "sets": len(sets)},
        "notes": list(seen.notes),
    }
    return Updated(
        scenario=scenario,
        variant=chosen.name,
        observed=seen,
        contradiction=told,
        figures=_figures_table(figures, table, mine, told),
        forecasts=_forecasts_table(forecasts, later, anew),
        learnt=learnt,
        ensemble=moved,
        facts={
            "employees": employees,
            "sets": len(sets),
            "firms": len(worlds.sets),
            "horizon": horizon,
        },
        manifest=identity(world, [plan]) | made,
    )


def _shifted(scenario: Scenario, variant: str, horizon: int) -> Scenario:
    """The scenario with a year before the programme's start, and as many months after it as are told about."""
    scenario = with_own_turnover(scenario)
    chosen = scenario.variant(variant)
    start = int(chosen.settings["programme"]["start_month"])
    shift = max(0, MONTHS_BEFORE - start)
    shocks = [
        {**dict(shock), "month": shock["month"] + shift}
        for shock in chosen.settings["environment"]["shocks"]
        if shock["month"] + shift < start + shift + horizon
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
            "months": start + shift + horizon,
            "baseline": _NOTHING,
            "variants": [{"name": variant, **own}, {"name": _NOTHING, **nothing}],
        }
    )


def _figures(seen: Observed, worlds: Worlds) -> list[Figure]:
    """The figures that both what was seen and the simulated firms have."""
    found = usable(seen.months, seen.cells)
    if not found:
        raise InputError(
            "none of the figures can be worked out from what is filled in",
            remedy="fill in sessions_planned with sessions_held, registered with matched, pairs, quits or the survey",
        )
    return found


def _with_survey_error(table: Real, figures: list[Figure], employees: float) -> Real:
    """Surveys measure with an error: six in ten answer, and single answers differ by a fifth of the scale."""
    error = 0.2 / np.sqrt(max(1.0, 0.6 * employees))
    noise = np.random.default_rng(1).standard_normal(len(table))
    table = table.copy()
    for place, figure in enumerate(figures):
        if figure.scale == "level":
            table[:, place] += error * noise if figure.before else error * noise[::-1]
    return table


def _moving(figures: list[Figure], table: Real, mine: Real) -> tuple[list[Figure], Real, Real]:
    """Figures that differ between simulated firms; one that never does says nothing, and is dropped."""
    kept = np.flatnonzero(np.isfinite(table).all(axis=0) & (table.std(axis=0) > 1e-9))
    return [figures[place] for place in kept], table[:, kept], mine[kept]


def _moved(
    scenario: Scenario,
    variant: str,
    sets: Ensemble,
    table: Real,
    numbers: NDArray[np.int64],
    mine: Real,
    firms_per_set: int,
) -> tuple[Ensemble, pd.DataFrame]:
    """The sets, moved; and what was learnt about each parameter."""
    from scipy.special import ndtr, ndtri

    free = {one.key: one for one in FREE}
    fixed_keys = fixed_parameters(scenario, variant)
    known = np.array([key in free and key not in fixed_keys for key in sets.keys])
    scores = np.zeros_like(sets.values)
    for place, key in enumerate(sets.keys):
        if key in free:
            scores[:, place] = ndtri(
                np.clip(_shares(free[key], sets.values[:, place]), 1e-3, 1.0 - 1e-3)
            )
    found = learn(table, numbers, scores, table[::firms_per_set], mine, ~known)
    values = sets.values.copy()
    rows = []
    for place, key in enumerate(sets.keys):
        lesson = found.lessons[place]
        if lesson.explained > 0.0:
            values[:, place] = free[key].value_at(ndtr(found.scores[:, place]))
        if not known[place]:
            continue
        before, after = (
            np.quantile(one[:, place], (0.05, 0.5, 0.95)) for one in (sets.values, values)
        )
        rows.append(
            {
                "parameter": key,
                "learnt": _degree(lesson.explained),
                "explained": lesson.explained,
                "before": before[1],
                "before_low": before[0],
                "before_high": before[2],
                "after": after[1],
                "after_low": after[0],
                "after_high": after[2],
                "moved": lesson.after - lesson.before,
            }
        )
    learnt = pd.DataFrame(rows).sort_values(
        "explained", ascending=False, kind="stable", ignore_index=True
    )
    return Ensemble(sets.keys, values), learnt


def _shares(parameter: Any, values: Real) -> Real:
    """The inverse of a free parameter's ``value_at``."""
    low, high = parameter.low, parameter.high
    if parameter.logarithmic:
        return np.asarray(np.log(np.maximum(values, low) / low) / np.log(high / low))
    return np.asarray((values - low) / (high - low))


def _degree(explained: float) -> str:
    """How much was learnt, in a word."""
    return (
        "much"
        if explained >= 0.3
        else "some"
        if explained >= 0.1
        else "little"
        if explained > 0.0
        else "nothing"
    )


def _figures_table(
    figures: list[Figure], table: Real, mine: Real, told: Contradiction
) -> pd.DataFrame:
    rows = []
    for place, figure in enumerate(figures):
        low, middle, high = np.quantile(table[:, place], (0.025, 0.5, 0.975))
        rows.append(
            {
                "figure": figure.name,
                "title": figure.title,
                "unit": figure.unit,
                "about": figure.about,
                "seen": float(figure.shown(mine[place])),
                "predicted": float(figure.shown(middle)),
                "low": float(figure.shown(low)),
                "high": float(figure.shown(high)),
                "inside": bool(low <= mine[place] <= high),
                "beyond": float(told.unlike[place]),
            }
        )
    return pd.DataFrame(rows)


def _forecasts_table(
    forecasts: Mapping[str, Forecast], later: Mapping[str, Real], anew: Mapping[str, Real]
) -> pd.DataFrame:
    rows = []
    for target in TARGETS:
        one = forecasts[target.key]
        low, high = np.quantile(later[target.key], (0.025, 0.975))
        moved = np.quantile(anew[target.key], (0.025, 0.975))
        rows.append(
            {
                "quantity": target.key,
                "title": target.title,
                "unit": target.unit,
                "effect": target.effect,
                "before": one.before,
                "before_low": float(low),
                "before_high": float(high),
                "after": one.after,
                "after_low": one.low,
                "after_high": one.high,
                "moved": float(anew[target.key].mean()),
                "moved_low": float(moved[0]),
                "moved_high": float(moved[1]),
                "explained": one.explained,
                "gain": one.gain,
                "gain_error": one.gain_error,
                "held": one.held,
            }
        )
    return pd.DataFrame(rows)
