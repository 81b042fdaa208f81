"""What to believe after a programme has run for a while: figures in, forecasts and moved parameter sets out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble, shipped_ensemble
from sim.deciding.believing import Contradiction, contradiction, forecast
from sim.deciding.figures import Figure, figures_of, usable
from sim.deciding.moving import moved_sets
from sim.deciding.observed import Observed, read_observed
from sim.deciding.saving import Kept
from sim.deciding.update_tables import figures_table, forecasts_table
from sim.deciding.worlds import TARGETS, Worlds, shifted, simulated, targets_of
from sim.errors import InputError
from sim.experiments.manifest import identity
from sim.scenario.messages import described
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario
from sim.simulation.plan import plans_of
from sim.simulation.pool import available_workers
from sim.simulation.warming import warm_up

__all__ = ["Updated", "update"]

Real = NDArray[np.float64]
Progress = Callable[[int, int], None]

FIRMS_PER_SET = 8
"""Firms of every set that the regressions learn from; with four the rank check fails."""

HORIZON = 24
_MOVED_FIRMS = 2


@dataclass(eq=False, repr=False)
class Updated(Kept):
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

    def _tables(self) -> Mapping[str, pd.DataFrame]:
        return {"figures": self.figures, "forecasts": self.forecasts, "learnt": self.learnt}

    def _texts(self, folder: Path, command: str | None) -> Mapping[str, str]:
        from sim.report.deciding import update_page

        return {
            "update.html": update_page(self, command=command),
            "ensemble.csv": self.ensemble_text(),
        }

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
        File of the figures: see :data:`sim.deciding.observed_columns.COLUMNS`.
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
    world = shifted(scenario, chosen.name, horizon)
    total = 2 * len(sets) * (firms_per_set + _MOVED_FIRMS)
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    warm_up()
    worlds = simulated(
        world,
        chosen.name,
        sets,
        firms_per_set=firms_per_set,
        horizon=horizon,
        workers=workers,
        count=count,
    )
    figures = _figures(seen, worlds)
    table = figures_of(figures, seen.months, seen.cells, worlds.cells(seen.months))
    table = _with_survey_error(table, figures, scenario.settings["pilot"], employees)
    mine = figures_of(figures, seen.months, seen.cells, seen.cells)
    figures, table, mine = _moving(figures, table, mine)
    told = contradiction(table, worlds.sets, mine)
    later = targets_of(worlds, seen.last)
    forecasts = {
        target.key: forecast(table, worlds.sets, later[target.key], mine) for target in TARGETS
    }
    moved, learnt = moved_sets(world, chosen.name, sets, table, worlds.sets, mine, firms_per_set)
    again = simulated(
        world, chosen.name, moved, firms_per_set=_MOVED_FIRMS,
        horizon=horizon, first=len(worlds.sets), workers=workers, count=count,
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
        figures=figures_table(figures, table, mine, told),
        forecasts=forecasts_table(forecasts, later, anew),
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


def _figures(seen: Observed, worlds: Worlds) -> list[Figure]:
    """The figures that both what was seen and the simulated firms have."""
    found = usable(seen.months, seen.cells)
    if not found:
        raise InputError(
            "none of the figures can be worked out from what is filled in",
            remedy="fill in sessions_planned with sessions_held, registered with matched, pairs, quits or the survey",
        )
    return found


def _with_survey_error(
    table: Real, figures: list[Figure], measuring: Mapping[str, Any], employees: float
) -> Real:
    """Surveys measure with an error: not everybody answers, and single answers differ.

    Parameters
    ----------
    measuring
        The resolved ``[pilot]`` section.
    """
    answers = max(1.0, float(measuring["survey_response"]) * employees)
    error = float(measuring["survey_spread"]) / np.sqrt(answers)
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
