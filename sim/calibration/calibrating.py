"""A whole calibration: simulate on all processors, fit, and write down what came out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import text_of
from sim.calibration.fitting import (
    WORLDS,
    Fit,
    fit,
    simulate_set,
    values_of,
    worlds_of,
)
from sim.calibration.observation import Setting, observe, setting
from sim.calibration.priors import FREE
from sim.calibration.targets import TARGETS
from sim.calibration.waves import KeptWaves
from sim.engine import compiled
from sim.errors import InputError
from sim.files import whole_file, write_csv
from sim.simulation.pool import available_workers, run_tasks
from sim.simulation.warming import warm_up

__all__ = ["Calibration", "calibrate", "central_figures", "save_calibration"]

Real = NDArray[np.float64]
Progress = Callable[[int, int], None]

_CENTRAL_SETS = 20
"""Times that the defaults are tried as a set is, to see what chance does."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What came out of a calibration.

    Attributes
    ----------
    fit
        The sets that agree.
    central
        What the targets measure under the package's defaults, and its standard error over firms; shape
        (2, targets).
    """

    fit: Fit
    central: Real

    @property
    def values(self) -> Real:
        """The parameter sets themselves; shape (sets, parameters)."""
        shares = self.fit.shares
        columns = [one.value_at(shares[:, place]) for place, one in enumerate(FREE)]
        return np.stack(columns, axis=1) if len(shares) else np.empty((0, len(FREE)))

    @property
    def targets(self) -> pd.DataFrame:
        """One row per target: the figure, and what is simulated beside it."""
        rows = []
        for place, target in enumerate(TARGETS):
            figures = self.fit.figures[:, place]
            prior = self.fit.prior[:, place]
            central = float(self.central[0, place])
            movers = self.fit.screening.movers(place)
            rows.append(
                {
                    "target": target.name,
                    "title": target.title,
                    "unit": target.unit,
                    "published": target.value,
                    "low": target.low,
                    "high": target.high,
                    "source": target.source,
                    "mark": target.mark,
                    "role": _role(target.fitted, bool(self.fit.binding[place])),
                    "central": central,
                    "central_error": float(self.central[1, place]),
                    "central_agrees": target.agrees(central),
                    **_quantiles("ensemble", figures),
                    "ensemble_agrees": float(np.mean([target.agrees(one) for one in figures])),
                    **_quantiles("prior", prior),
                    "moved_by": ", ".join(FREE[one].key for one in movers),
                }
            )
        return pd.DataFrame(rows)

    @property
    def parameters(self) -> pd.DataFrame:
        """One row per free parameter: its prior, and what the targets leave of it."""
        identified, values = self.fit.screening.identified, self.values
        rows = []
        for place, one in enumerate(FREE):
            rows.append(
                {
                    "parameter": one.key,
                    "default": one.default,
                    "prior_low": one.low,
                    "prior_high": one.high,
                    **_quantiles("ensemble", values[:, place]),
                    "identified": bool(identified[place]) and one.fitted,
                }
            )
        return pd.DataFrame(rows)


def _role(fitted: bool, binding: bool) -> str:
    if not fitted:
        return "check"
    return "fitted" if binding else "let go"


def _quantiles(name: str, values: Real) -> dict[str, float]:
    known = values[np.isfinite(values)]
    low, middle, high = np.quantile(known, (0.05, 0.5, 0.95)) if len(known) else (np.nan,) * 3
    return {
        f"{name}_low": float(low),
        f"{name}_median": float(middle),
        f"{name}_high": float(high),
    }


@cache
def _firms() -> Setting:
    return setting()


def _simulate(wave: tuple[int, Sequence[Real]], task: int) -> Real:
    """In a worker process: one parameter set of a wave, of which the first is the n-th that is tried."""
    first, sets = wave
    return simulate_set(_firms(), values_of(sets[task]), worlds_of(first + task))


def central_figures() -> tuple[Real, Real]:
    """What the targets measure under the defaults, and its error; shape (2, targets); chance in a set.

    The latter is the variance between sets of firms.
    """
    whole = observe(_firms(), {}, range(WORLDS * _CENTRAL_SETS))
    parts = [whole.some(worlds_of(number)) for number in range(_CENTRAL_SETS)]
    figures = np.array([[target.of(part) for target in TARGETS] for part in parts])
    means = np.array([target.of(whole) for target in TARGETS])
    errors = np.nanstd(figures, axis=0, ddof=1) / np.sqrt(len(parts))
    return np.stack([means, errors]), np.nanvar(figures, axis=0, ddof=1)


def calibrate(
    count: int = 300,
    draws: int = 1_300,
    waves: int = 4,
    seed: int = 1,
    *,
    workers: int | None = None,
    keep: Path | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Fit the free parameters to the published figures.

    The result does not depend on the number of workers, nor on whether it was stopped in between.

    Parameters
    ----------
    count, draws, waves, seed
        As for :func:`sim.calibration.fitting.fit`.
    workers
        Processes; by default as many as there are processors.
    keep
        Folder in which finished waves are kept until all is done: a call that is stopped and made again
        simulates only what is missing.
    progress
        Called with how many sets are done, and of how many at most.

    Raises
    ------
    InputError
        If no parameter set agrees.
    """
    workers = workers or available_workers()
    warm_up()
    total, done, tried = draws * waves, 0, 0
    central, noise = central_figures()

    def run(sets: Sequence[Real]) -> list[Real]:
        nonlocal done
        found: dict[int, Real] = {}
        wave = (tried, list(sets))
        with closing(
            run_tasks(_simulate, wave, len(sets), workers=workers, executor="processes")
        ) as finished:
            for task, figures in finished:
                found[task] = figures
                done += 1
                if progress is not None:
                    progress(done, total)
        return [found[task] for task in range(len(sets))]

    kept = KeptWaves(run, keep)

    def wave_by_wave(sets: Sequence[Real]) -> list[Real]:
        nonlocal tried
        figures = kept(sets)
        tried += len(sets)
        return figures

    fitted = fit(count, draws, waves, seed, noise=noise, run=wave_by_wave)
    if not len(fitted.shares):
        problem = f"none of {fitted.tried:,} parameter sets agrees with the targets"
        raise InputError(
            problem,
            remedy="give it more waves (finished ones are kept), or more draws",
            key="draws",
        )
    kept.forget()
    return Calibration(fitted, central)


def save_calibration(calibration: Calibration, folder: str | Path, *, overwrite: bool) -> Path:
    """Write ensemble.csv, targets.csv and parameters.csv into a folder; returns it.

    Raises
    ------
    InputError
        If one of them is there already and may not be replaced, or nothing can be written.
    """
    place = Path(folder)
    names = ("ensemble.csv", "targets.csv", "parameters.csv")
    taken = [name for name in names if (place / name).exists()]
    if taken and not overwrite:
        remedy = "name another folder, or replace it with --overwrite"
        raise InputError(f"there is {taken[0]} already", remedy=remedy, file=place)
    heading = {
        "sets": str(len(calibration.fit.shares)),
        "tried": f"{calibration.fit.tried} (mentorsim calibrate)",
        "model": compiled.code_digest()[:16],
    }
    ensemble = text_of(calibration.values, heading)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with whole_file(place / "ensemble.csv") as draft:
            draft.write_text(ensemble, encoding="utf-8", newline="\n")
        with whole_file(place / "targets.csv") as draft:
            write_csv(calibration.targets, draft, float_format="%.5g")
        with whole_file(place / "parameters.csv") as draft:
            write_csv(calibration.parameters, draft, float_format="%.5g")
    except OSError as error:
        problem = f"the calibration cannot be written ({error.strerror or error})"
        raise InputError(problem, remedy="make room, or name another folder", file=place) from error
    return place
