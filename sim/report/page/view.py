"""What the sections of the page ask of a comparison."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.experiments.statistics import mean_of
from sim.experiments.uncertainty import COLUMNS
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.outcome import Outcome
from sim.report.decisions import Decisions
from sim.report.firms import series
from sim.report.words import Amount

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison import Comparison

__all__ = ["Row", "View"]

Row = Mapping[Any, Any]
"""One row of a table, by column."""


class View:
    """A comparison as the page sees it; the same for one that was read from a folder.

    Parameters
    ----------
    comparison
        What is told about.
    command
        The command that made it, if the manifest does not know.
    """

    def __init__(self, comparison: Comparison, command: str | None = None) -> None:
        self.comparison = comparison
        self.command = command or str(comparison.manifest.get("command") or "")
        self.manifest: Mapping[str, Any] = comparison.manifest
        self.baseline = comparison.baseline
        self.firms = comparison.replicates
        self.others = [name for name in comparison.variants if name != comparison.baseline]
        self.headlines = [item for item in OUTCOMES if item.headline]
        self.decisions = Decisions(comparison)
        self.why_no_value = comparison.why_no_value
        self.without_programme = comparison.without_programme or comparison.baseline

    @property
    def parameter_sets(self) -> int:
        """How many parameter sets the firms took; 0 without an ensemble."""
        return int(self.manifest.get("parameter_sets") or 0)

    @property
    def sets_differ(self) -> bool:
        """Whether intervals hold, beside chance, what is not known about the parameters."""
        return self.parameter_sets > 1

    @cached_property
    def uncertainty(self) -> pd.DataFrame | None:
        """Chance and ignorance apart; None without an ensemble, and from versions that kept less of it."""
        if not self.parameter_sets:
            return None
        try:
            table = self.comparison.uncertainty
        except InputError:  # the folder has no such table
            return None
        return table if set(COLUMNS) <= set(table.columns) else None

    @cached_property
    def _sureness(self) -> dict[tuple[str, ...], Row]:
        table = self.uncertainty
        return {} if table is None else _by_key(table, "variant", "outcome")

    def sureness(self, variant: str, item: Outcome) -> Row:
        """The row of the table of uncertainty, which is there."""
        return self._sureness[variant, item.name]

    @property
    def noun(self) -> str:
        """What the variants other than the baseline are called."""
        return "programme" if self.why_no_value is None and self.all_programmes else "variant"

    @cached_property
    def all_programmes(self) -> bool:
        """Whether every variant other than the baseline has a programme."""
        return all(self.has_programme(name) for name in self.others)

    def has_programme(self, name: str) -> bool:
        """Whether a variant pairs anybody."""
        settings = self.comparison.scenario.variant(name).settings
        return bool(settings["programme"]["policy"] != "none")

    @property
    def paying(self) -> list[str]:
        """Variants whose money can be told about."""
        return self.decisions.paying

    @cached_property
    def _effects(self) -> dict[tuple[str, ...], Row]:
        return _by_key(self.comparison.effects, "variant", "outcome")

    @cached_property
    def _value(self) -> dict[tuple[str, ...], Row]:
        return _by_key(self.comparison.value, "variant", "quantity")

    @cached_property
    def _months(self) -> dict[tuple[str, str], tuple[NDArray[np.float64], ...]]:
        names = ("difference", "difference_low", "difference_high")
        return dict(series(self.comparison.monthly, "month", *names))

    def months(self, variant: str, outcome: str) -> tuple[NDArray[np.float64], ...]:
        """Mean change of an outcome month by month, and the ends of its 95 % interval."""
        return self._months[variant, outcome]

    def effect(self, variant: str, item: Outcome) -> Amount:
        """What a variant changes in an outcome, as it is shown."""
        row = self._effects[variant, item.name]
        return _amount(row, "difference", item.unit_of_differences, 1.0)

    def means(self, variant: str, item: Outcome) -> tuple[float, float]:
        """Mean of the baseline and of a variant, as shown."""
        row = self._effects[variant, item.name]
        return float(row["baseline_mean"]), float(row["variant_mean"])

    def values(self, variant: str, outcome: str) -> NDArray[np.float64]:
        """An outcome in every firm, in the table's unit."""
        return self.decisions.firms[variant][outcome]

    def counts(self, variant: str, item: Outcome) -> tuple[int, int, int]:
        """In how many firms a variant is better than the baseline, equal to it, and of how many."""
        change = self.values(variant, item.name) - self.values(self.baseline, item.name)
        change = change[np.isfinite(change)] * (1.0 if item.higher_is_better else -1.0)
        return int((change > 0.0).sum()), int((change == 0.0).sum()), len(change)

    def selection(self, quantity: str) -> list[tuple[str, Amount, Amount]]:
        """Every programme with what one would see and what it did per participant, where both are known."""
        rows = _by_key(self.comparison.selection, "variant", "quantity", "comparison")
        found = []
        for name in self.comparison.variants:
            keys = ((name, quantity, "seen"), (name, quantity, "did"))
            if not all(key in rows for key in keys):
                continue
            seen, did = (_amount(rows[key], "mean", str(rows[key]["unit"]), 1.0) for key in keys)
            if seen.known and did.known:
                found.append((name, seen, did))
        return found

    def worth(self, variant: str, quantity: str, *, sign: bool = False) -> Amount:
        """A quantity of the table of value."""
        row = self._value[variant, quantity]
        unit = str(row["unit"])
        most = 0 if unit.startswith("currency") else 2
        return _amount(row, "mean", unit, 1.0, sign=sign, most=most)

    def cash(self, variant: str) -> float:
        """What a programme pays out a year, the rest of its cost being working time; NaN if it is not known."""
        try:
            own, none = (
                self.values(name, "programme_cash") for name in (variant, self.without_programme)
            )
        except KeyError:  # results of an earlier version
            return math.nan
        return mean_of(own - none)

    def has_worth(self, variant: str, quantity: str) -> bool:
        """Whether the table of value has it."""
        return (variant, quantity) in self._value


def _by_key(table: pd.DataFrame, *keys: str) -> dict[tuple[str, ...], Row]:
    return {tuple(str(row[key]) for key in keys): row for row in table.to_dict("records")}


def _amount(
    row: Row, mean: str, unit: str, factor: float, *, sign: bool = True, most: int = 6
) -> Amount:
    def scaled(name: str) -> float:
        return factor * float(row.get(name, math.nan))

    return Amount(
        scaled(mean),
        scaled("low"),
        scaled("high"),
        unit,
        low50=scaled("low50"),
        high50=scaled("high50"),
        firm_low=scaled("firm_low"),
        firm_high=scaled("firm_high"),
        sign=sign,
        most_decimals=most,
    )
