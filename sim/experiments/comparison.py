"""A comparison: the tables of what the variants of a scenario change."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.ensemble import Ensemble, sets_of
from sim.errors import InputError
from sim.experiments import statistics
from sim.experiments.knowing import knowing_table
from sim.experiments.manifest import ALWAYS
from sim.experiments.nulls import nulls_table, opponents
from sim.experiments.saving import save_tables
from sim.experiments.selection import selection_table
from sim.experiments.tasks import Results, fixed_parameters, group_labels
from sim.experiments.uncertainty import uncertainty_table
from sim.experiments.value import (
    Settings,
    value_table,
    why_no_value,
    without_programme,
)
from sim.organisation.pay import base_salary
from sim.outcomes.goals import GOALS, PAY
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario
from sim.simulation.copies import copied
from sim.simulation.tables import Columns, dyads_frame, people_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Comparison"]


@dataclass(eq=False, repr=False)
class Comparison:
    """What the variants of a scenario change, compared with its baseline; tables are pandas frames.

    Attributes
    ----------
    scenario
        What was simulated. After :func:`~sim.experiments.loading.load_comparison`, a roster is replaced
        by a firm of its size.
    variants, baseline
        Names of the variants compared, in the scenario's order, the baseline among them.
    worlds
        Replicates that were finished under every variant.
    interrupted
        Whether it was stopped before all replicates were done.
    notes
        Plain sentences about what a reader must know.
    manifest
        How it was made: settings, seed, versions, duration.
    results
        What is kept of the worlds; None if it was read from a folder.
    keep_monthly
        Whether `monthly_replicates` is kept.
    ensemble
        The parameter sets that the worlds took; None if all had the same parameters.
    tables
        Those that are worked out or were read, by name. The properties hand out copies of them: what is
        saved, told and reported does not change with what is done to a frame.
    """

    scenario: Scenario
    variants: tuple[str, ...]
    baseline: str
    worlds: tuple[int, ...]
    interrupted: bool
    notes: tuple[str, ...]
    manifest: dict[str, Any]
    results: Results | None
    keep_monthly: bool = False
    ensemble: Ensemble | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    def __repr__(self) -> str:
        stopped = ", interrupted" if self.interrupted else ""
        count = f"{len(self.variants)} variants, {self.replicates} replicates{stopped}"
        return f"<Comparison {self.scenario.title!r}: {count}>"

    @property
    def replicates(self) -> int:
        """How many replicates there are of every variant."""
        return len(self.worlds)

    @property
    def sets(self) -> NDArray[np.int64] | None:
        """Number of each world's parameter set; None if all had the same parameters."""
        known = int(self.manifest.get("ensemble", {}).get("sets", 0))
        return sets_of(self.worlds, known) if known else None

    @cached_property
    def settings(self) -> dict[str, Settings]:
        """Resolved settings of the variants compared, by section and name."""
        return {name: self.scenario.variant(name).settings for name in self.variants}

    @property
    def without_programme(self) -> str | None:
        """The variant that money is told against: see :func:`sim.experiments.value.without_programme`."""
        return without_programme(self.baseline, self.settings)

    @property
    def why_no_value(self) -> str | None:
        """Why nothing is said about costs and benefits, as a sentence; None if something is."""
        return why_no_value(self.baseline, self.settings)

    @copied
    def effects(self) -> pd.DataFrame:
        """One row per variant and outcome: see :func:`sim.experiments.statistics.effects_table`."""
        made = self._made("effects")
        return statistics.effects_table(
            self.variants, self.baseline, self._of(made.values), self._of(made.meetings), self.sets
        )

    @copied
    def uncertainty(self) -> pd.DataFrame:
        """Chance and ignorance apart: see :func:`sim.experiments.uncertainty.uncertainty_table`.

        Needs a comparison with an ensemble.
        """
        made = self._made("uncertainty")
        if self.ensemble is None or self.sets is None:
            raise _not_kept("uncertainty", "ensemble=True")
        fixed = {name: fixed_parameters(self.scenario, name) for name in self.variants}
        values = self._of(made.values)
        return uncertainty_table(
            self.variants, self.baseline, self.sets, values, self.ensemble, fixed
        )

    @copied
    def value_of_knowing(self) -> pd.DataFrame:
        """What learning a parameter would bring to the choice: see :mod:`sim.experiments.knowing`.

        Needs a comparison with an ensemble.
        """
        made = self._made("value_of_knowing")
        if self.ensemble is None or self.sets is None:
            raise _not_kept("value_of_knowing", "ensemble=True")
        fixed = [fixed_parameters(self.scenario, name) for name in self.variants]
        goals = [*GOALS, PAY] if self.why_no_value is None else GOALS
        return knowing_table(
            self.variants,
            self.without_programme or self.baseline,
            self.sets,
            self._of(made.values),
            self.ensemble,
            frozenset.intersection(*fixed),
            goals,
            float(self.scenario.settings["organisation"]["employees"]),
        )

    @copied
    def outcomes(self) -> pd.DataFrame:
        """One row per variant, replicate and outcome."""
        values = self._of(self._made("outcomes").values)
        return statistics.outcomes_table(self.variants, self.worlds, values)

    @copied
    def monthly(self) -> pd.DataFrame:
        """One row per variant, outcome and month: see :func:`sim.experiments.statistics.monthly_table`."""
        curves = self._of(self._made("monthly").curves)
        return statistics.monthly_table(self.variants, self.baseline, curves, self.sets)

    @copied
    def monthly_replicates(self) -> pd.DataFrame:
        """One row per variant, replicate, outcome and month; needs ``keep_monthly=True``."""
        made = self._made("monthly_replicates")
        if not self.keep_monthly:
            raise _not_kept("monthly_replicates", "keep_monthly=True")
        curves = self._of(made.curves)
        return statistics.monthly_replicates_table(self.variants, self.worlds, curves)

    @copied
    def groups(self) -> pd.DataFrame:
        """One row per variant, group of people and outcome; small groups are suppressed."""
        made = self._made("groups")
        labels = group_labels(made.plans[0])
        groups = self._of(made.groups)
        return statistics.groups_table(self.variants, self.baseline, labels, groups, self.sets)

    @copied
    def value(self) -> pd.DataFrame:
        """What each programme costs and brings: see :func:`sim.experiments.value.value_table`.

        Empty if the baseline has a programme itself.
        """
        salaries = {}
        if self.why_no_value is None:
            salaries = {name: base_salary(given["costs"]) for name, given in self.settings.items()}
        return value_table(self.outcomes, self.without_programme or "", salaries, self.sets)

    @copied
    def selection(self) -> pd.DataFrame:
        """What one would see against what each programme did: see :mod:`sim.experiments.selection`."""
        programmes = [name for name, given in self.settings.items() if has_programme(given)]
        return selection_table(self.outcomes, self.without_programme, programmes, self.sets)

    @copied
    def nulls(self) -> pd.DataFrame:
        """Which headline effects survive the null models: see :mod:`sim.experiments.nulls`.

        Empty where no variant is one, besides the one without a programme.
        """
        against = opponents(self.settings, self.without_programme)
        return nulls_table(self.outcomes, against, self.variants, self.sets)

    @copied
    def people(self) -> pd.DataFrame:
        """One row per variant, replicate and person; needs ``people=True``."""
        made = self._made("people")
        return people_frame(self._worlds(made.people, "people"), made.plans[0])

    @copied
    def dyads(self) -> pd.DataFrame:
        """One row per variant, replicate and pair; needs ``dyads=True``."""
        return dyads_frame(self._worlds(self._made("dyads").dyads, "dyads"))

    def variance_ratio(self) -> pd.DataFrame:
        """What pairing buys: see :func:`sim.experiments.statistics.variance_ratios`."""
        return statistics.variance_ratios(self.outcomes, self.baseline)

    def save(
        self, folder: str | Path, *, overwrite: bool = False, command: str | None = None
    ) -> Path:
        """Write tables and manifest into a folder; returns it.

        Raises
        ------
        InputError
            If the folder holds something else than results, or results that may not be overwritten,
            or cannot be written. It is then as it was before.
        """
        made = self.results
        if made is None:
            raise InputError("a comparison that was read from a folder is already saved")
        kept = {
            "people": bool(made.people),
            "dyads": bool(made.dyads),
            "monthly_replicates": self.keep_monthly,
            "uncertainty": self.ensemble is not None,
            "value_of_knowing": self.ensemble is not None,
            "nulls": len(self.nulls) > 0,
        }
        names = [*ALWAYS, *(name for name, is_kept in kept.items() if is_kept)]
        tables = {name: getattr(self, name) for name in names}
        manifest = self.manifest | {"command": command}
        return save_tables(tables, self.scenario, manifest, folder, overwrite=overwrite)

    def report(self, file: str | Path, *, overwrite: bool = False) -> Path:
        """Write everything that a board and its analysts need into one HTML file; returns its path.

        Raises
        ------
        InputError
            If the file exists, unless it is to be overwritten, or cannot be written.
        """
        from sim.report.page import write_report

        return write_report(self, file, overwrite=overwrite)

    def plot(self, folder: str | Path | None = None) -> dict[str, Figure]:
        """Return the figures by name; write them into an existing `folder`, if one is given."""
        from sim.report import figures

        if folder is not None:
            figures.save_figures(self, Path(folder))
        return {"effects": figures.effects_figure(self), "curves": figures.curves_figure(self)}

    def _made(self, table: str) -> Results:
        if self.results is None:
            raise InputError(f"there is no table {table} in the folder that was read")
        return self.results

    def _of(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """The finished worlds of a table whose second axis are the replicates."""
        return table[:, list(self.worlds)]

    def _worlds(
        self, tables: dict[tuple[int, int], Columns], what: str
    ) -> list[tuple[str, int, Columns]]:
        if not tables:
            raise _not_kept(what, f"{what}=True")
        return [
            (name, world, tables[index, world])
            for index, name in enumerate(self.variants)
            for world in self.worlds
        ]


def _not_kept(what: str, option: str) -> InputError:
    return InputError(f"{what} were not kept", remedy=f"run the comparison with {option}")
