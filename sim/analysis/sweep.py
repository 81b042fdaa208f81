"""Sweeps from Python: one call that runs a study, and what it returns."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.asking import ask
from sim.analysis.exporting import to_ema, to_salib, to_xarray
from sim.analysis.precision import precision_lines
from sim.analysis.results import Finding, Results
from sim.errors import InputError
from sim.experiments.sweeps.model import FunctionModel, function_name
from sim.experiments.sweeps.reading import study_of
from sim.experiments.sweeps.runner import Ending, Progress
from sim.experiments.sweeps.store import SweepFolder, open_folder
from sim.experiments.sweeps.study import Study
from sim.experiments.sweeps.sweeping import Standing, begin, resume, standing
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray

__all__ = ["Sweep", "load_sweep", "sweep"]


class Sweep:
    """A sweep on the disk, with its tables.

    Attributes
    ----------
    folder
        Where it is.
    ending
        How the session ended that ran it; None if it was only loaded.
    notes
        What a reader must know.
    """

    def __init__(
        self, folder: SweepFolder, ending: Ending | None = None, notes: Sequence[str] = ()
    ) -> None:
        self._folder = folder
        self.folder = folder.path
        self.ending = ending
        self.notes = tuple(notes)

    @property
    def study(self) -> Study:
        """What was asked."""
        return self._folder.study

    @cached_property
    def results(self) -> Results:
        """The runs as arrays, which the analyses start from."""
        return Results(self._folder)

    @property
    def runs(self) -> pd.DataFrame:
        """One row per run: factors, status, outcomes, and how it was run; a copy, as are the others."""
        return self.results.runs.copy()

    @property
    def points(self) -> pd.DataFrame:
        """One row per point of the design."""
        return self.results.points.copy()

    @property
    def series(self) -> pd.DataFrame:
        """One row per run and month, where the study keeps series."""
        return self.results.series.copy()

    @property
    def precision(self) -> list[str]:
        """How exactly the outcomes are known, a line for each."""
        return list(precision_lines(self.results))

    def status(self) -> Standing:
        """How far it is."""
        return standing(self._folder)

    def resume(
        self,
        *,
        replicates: int | None = None,
        workers: int | None = None,
        engine: str | None = None,
        progress: Progress | None = None,
        retry_failed: bool = False,
    ) -> Sweep:
        """Run what is missing, or more replicates; returns the sweep as it is then."""
        from dataclasses import replace

        execution = self.study.execution
        if workers is not None:
            execution = replace(execution, workers=workers)
        if engine is not None:
            execution = replace(execution, engine=engine)
        folder, ending, notes = resume(
            self.folder,
            replicates=replicates,
            execution=execution,
            retry_failed=retry_failed,
            progress=progress,
        )
        return Sweep(open_folder(folder.path), ending, notes)

    def ask(self, question: str, **options: Any) -> Finding:
        """Answer a question ("best", "sensitivity", ...): a table, and what it says in words.

        See :data:`sim.analysis.asking.VERBS` for the questions and what they take.

        Raises
        ------
        InputError
            For an unknown question or option, and where the sweep cannot answer.
        """
        return ask(self.results, question, **options)

    def to_xarray(self) -> xarray.Dataset:
        """Every outcome as a labelled array over point, variant and replicate."""
        return to_xarray(self.results)

    def to_ema(self) -> tuple[pd.DataFrame, dict[str, Any]]:
        """Experiments and outcomes, as EMA Workbench has them."""
        return to_ema(self.results)

    def to_salib(self, block: int = 0) -> tuple[dict[str, Any], Any, dict[str, Any]]:
        """SALib's problem, the points, and the mean results by outcome and variant."""
        return to_salib(self.results, block)

    def __repr__(self) -> str:
        shape = f"{len(self.results.rows)} points, {len(self.results.variants)} variants"
        return f"<Sweep {self.study.title!r}: {shape}, in {self.folder}>"


def sweep(
    scenario: Scenario | Callable[[Mapping[str, float], int], Mapping[str, float]],
    factors: Mapping[str, Any] | None = None,
    design: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    *,
    replicates: int | None = None,
    against: str | None = None,
    variants: Sequence[str] | None = None,
    outcomes: Sequence[str] | None = None,
    series: Sequence[str] | None = None,
    settings: Mapping[str, Any] | None = None,
    ensemble: bool | str = False,
    stopping: Mapping[str, Any] | None = None,
    seed: int | None = None,
    title: str | None = None,
    question: str | None = None,
    output: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    engine: str = "local",
    timeout_seconds: float | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Run every variant of a scenario at every point of a design, and keep every run.

    The same call again, or after it was killed, goes on where it was: what is finished is not run again.

    Parameters
    ----------
    scenario
        What to simulate; or a function at the top of a module, called with the values of the factors and
        the number of the replicate, which returns numbers by name (then `outcomes` must name them).
    factors
        What varies, by dotted key: a list of values, ``{"low": …, "high": …}``, or ``{}`` for the declared
        plausible range. Or ``{"levers": {…}, "uncertainties": {…}}`` to tell what somebody decides from what
        nobody does; without that, all are levers.
    design
        A kind ("grid"), a kind with options (``{"kind": "latin_hypercube", "points": 64}``), or several.
    replicates, seed
        By default the scenario's.
    against
        The variant that the others are compared with; by default the scenario's baseline.
    variants
        Names of the variants to simulate; by default all.
    outcomes
        What the analysis looks at unless asked for others; by default the headlines. All are recorded.
    series
        Outcomes to keep month by month.
    settings
        Changes of the scenario, for all points.
    ensemble
        Whether replicates take the parameter sets that agree with published figures (or those of a file).
    stopping
        How many replicates are enough: ``{"rule": "precision", "outcome": …, "half_width": …}``.
    title, question
        What it asks.
    output
        Folder of the sweep; by default ``results/sweep-`` and the first digits of its plan.
    workers, engine, timeout_seconds
        How to run it; this never changes a result.
    progress
        Called with how many runs are done, and of how many.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    given: dict[str, Any] = dict(factors or {})
    roles = given if given and set(given) <= {"levers", "uncertainties"} else {"levers": given}
    document: dict[str, Any] = {name: dict(table) for name, table in roles.items()}
    if ensemble:
        document.setdefault("uncertainties", {})["ensemble"] = ensemble
    optional = {
        "replicates": replicates,
        "against": against,
        "variants": variants and list(variants),
        "outcomes": outcomes and list(outcomes),
        "series": series and list(series),
        "settings": settings and dict(settings),
        "stopping": stopping and dict(stopping),
        "design": design,
        "seed": seed,
        "title": title,
        "question": question,
    }
    document |= {name: value for name, value in optional.items() if value is not None}
    execution: dict[str, Any] = {"engine": engine}
    execution |= {} if workers is None else {"workers": workers}
    execution |= {} if timeout_seconds is None else {"timeout_seconds": timeout_seconds}
    document["execution"] = execution
    study = study_of(document, _model(scenario, document))
    place = Path(output) if output is not None else Path("results") / f"sweep-{study.plan()[:10]}"
    if (place / "study.json").is_file():
        folder, ending, notes = resume(place, study=study, progress=progress)
        return Sweep(open_folder(folder.path), ending, notes)
    folder, ending = begin(study, place, progress=progress)
    return Sweep(folder, ending)


def _model(
    given: Scenario | Callable[[Mapping[str, float], int], Mapping[str, float]],
    document: dict[str, Any],
) -> Scenario | FunctionModel:
    if isinstance(given, Scenario):
        return given
    outcomes = document.get("outcomes")
    if not callable(given) or not outcomes:
        problem = (
            "a function says nothing of what it returns"
            if callable(given)
            else "this is no scenario"
        )
        raise InputError(problem, remedy='give outcomes=["y"], or a scenario', key="outcomes")
    keys = tuple(key for role in ("levers", "uncertainties") for key in document.get(role, {}))
    return FunctionModel(function_name(given), keys, tuple(outcomes))


def load_sweep(folder: str | os.PathLike[str]) -> Sweep:
    """Read a sweep back.

    Raises
    ------
    InputError
        If the folder holds none, or what it was made from is no longer what it was.
    """
    return Sweep(open_folder(folder))
