"""The sets of an ensemble tried again: whether they still agree, on the present model, in firms of their own.

A fit takes an hour; a check of what it left takes minutes, and says whether the model has moved away from it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.calibrating import central_figures
from sim.calibration.ensemble import Ensemble, read_ensemble
from sim.calibration.fitting import WORLDS, simulate_set
from sim.calibration.observation import Setting, setting
from sim.calibration.priors import FREE
from sim.calibration.targets import TARGETS
from sim.errors import InputError
from sim.files import whole_file, write_csv
from sim.simulation.pool import available_workers, run_tasks
from sim.simulation.warming import warm_up

__all__ = ["FIRMS", "Checked", "check_sets", "save_check"]

Real = NDArray[np.float64]
Progress = Callable[[int, int], None]

FIRMS = 9
"""Firms of each kind in which every set is tried again; none of them is one of the fit's."""

FIRST_WORLD = 1_000_000
_ERRORS = 2.0
"""Standard errors by which a set's figure may lie outside a range and still agree within chance."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the targets measure under every set, and under the defaults.

    Attributes
    ----------
    figures
        Shape (sets, targets).
    central
        Under the defaults, and its standard error over firms; shape (2, targets).
    errors
        Standard error by chance of a set's figure; shape (targets,).
    """

    figures: Real
    central: Real
    errors: Real

    def agreeing(self, *, within_chance: bool) -> NDArray[np.bool_]:
        """Where a set agrees with a target; shape (sets, targets)."""
        room = _ERRORS * self.errors if within_chance else np.zeros(len(TARGETS))
        low = np.array([target.low for target in TARGETS]) - room
        high = np.array([target.high for target in TARGETS]) + room
        return np.asarray((self.figures >= low) & (self.figures <= high))


@cache
def _firms() -> Setting:
    return setting()


def _simulate(sets: tuple[Ensemble, int], task: int) -> Real:
    """In a worker process: one set, in firms that no other has."""
    ensemble, firms = sets
    first = FIRST_WORLD + firms * task
    return simulate_set(_firms(), ensemble.set_at(task), range(first, first + firms))


def check_sets(
    ensemble: Ensemble, *, workers: int | None = None, progress: Progress | None = None
) -> Checked:
    """Try every set of an ensemble, and the defaults, against every target; whatever the workers, the same comes out.

    Parameters
    ----------
    workers
        Processes; by default as many as there are processors.
    progress
        Called with how many sets are done, and of how many.
    """
    warm_up()
    central, noise = central_figures()
    found: dict[int, Real] = {}
    workers = workers or available_workers()
    with closing(
        run_tasks(
            _simulate, (ensemble, FIRMS), len(ensemble), workers=workers, executor="processes"
        )
    ) as finished:
        for task, figures in finished:
            found[task] = figures
            if progress is not None:
                progress(len(found), len(ensemble))
    table = np.array([found[task] for task in range(len(ensemble))])
    return Checked(table, central, np.sqrt(noise * WORLDS / FIRMS))


def save_check(folder: Path, *, workers: int | None, progress: Progress | None) -> pd.DataFrame:
    """Try the sets in a folder that a calibration wrote again; what came out goes into its tables.

    Returns the table of targets.

    Raises
    ------
    InputError
        If there is no calibration in the folder, or the table cannot be written.
    """
    place = folder / "targets.csv"
    table = _read(place)
    ensemble = read_ensemble(folder / "ensemble.csv")
    known = list(table.get("target", ())) == [target.name for target in TARGETS]
    if not known or ensemble.keys != tuple(one.key for one in FREE):
        problem = "it has other targets or parameters than this version"
        raise InputError(problem, remedy="fit anew, without --check", file=place)
    checked = check_sets(ensemble, workers=workers, progress=progress)
    fresh = checked.figures
    table["central"], table["central_error"] = checked.central
    table["central_agrees"] = [
        target.agrees(float(one)) for target, one in zip(TARGETS, checked.central[0], strict=True)
    ]
    table["fresh_low"], table["fresh_high"] = np.nanquantile(fresh, (0.05, 0.95), axis=0)
    table["fresh_agrees"] = checked.agreeing(within_chance=True).mean(axis=0)
    fitted = (table["role"] == "fitted").to_numpy()
    table["fresh_sets"] = int(checked.agreeing(within_chance=True)[:, fitted].all(axis=1).sum())
    parameters = _read(folder / "parameters.csv")
    parameters["default"] = [one.default for one in FREE]
    _write(table, place)
    _write(parameters, folder / "parameters.csv")
    return table


def _read(place: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(place, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        remedy = "name a folder that mentorsim calibrate wrote"
        raise InputError("the calibration cannot be read", remedy=remedy, file=place) from error


def _write(table: pd.DataFrame, place: Path) -> None:
    try:
        with whole_file(place) as draft:
            write_csv(table, draft, float_format="%.5g")
    except OSError as error:
        problem = f"the table cannot be written ({error.strerror or error})"
        raise InputError(problem, remedy="make room", file=place) from error
