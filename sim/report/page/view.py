"""What the sections of the page ask of a comparison."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.experiments.statistics import by_set, interval_of
from sim.experiments.uncertainty import COLUMNS
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.outcome import Outcome
from sim.report.words import Amount

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison import Comparison

__all__ = ["Row", "VERDICTS", "Verdict", "View", "shown_unit", "verdict_of"]

Row = Mapping[Any, Any]
"""One row of a table, by column."""

Verdict = Literal["better", "worse", "unclear", "single", "undefined"]

VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    "better": ("▲", "better"),
    "worse": ("▼", "worse"),
    "unclear": ("○", "cannot tell apart"),
    "single": ("○", "one firm cannot tell"),
    "undefined": ("–", "undefined here"),
}
"""Mark and words of a verdict; the mark never stands alone."""

_UNIT_INTERVAL = "0 to 1"


def shown_unit(item: Outcome) -> tuple[float, str]:
    """By what an outcome is multiplied on the page, and the unit of its differences then."""
    if item.unit == _UNIT_INTERVAL:
        return 100.0, "points of 100"
    return 1.0, item.unit_of_differences


def verdict_of(amount: Amount, higher_is_better: bool | None) -> Verdict:
    """What may be said about a difference: nothing that its 95 % interval does not support."""
    if not amount.known:
        return "undefined"
    if not amount.has_interval:
        return "single"
    if not amount.told:
        return "unclear"
    return "better" if (amount.value > 0.0) == bool(higher_is_better) else "worse"


class View:
    """A comparison as the page sees it; the same for one that was read from a folder.

    Parameters
    ----------
    comparison
        What is told about.
    """

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.manifest: Mapping[str, Any] = comparison.manifest
        self.baseline = comparison.baseline
        self.firms = comparison.replicates
        self.others = [name for name in comparison.variants if name != comparison.baseline]
        self.headlines = [item for item in OUTCOMES if item.headline]
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

    @cached_property
    def paying(self) -> list[str]:
        """Variants whose money can be told about: the baseline too, if it has a programme."""
        if self.why_no_value is not None:
            return []
        return [name for name in self.comparison.variants if self.has_programme(name)]

    @cached_property
    def _effects(self) -> dict[tuple[str, ...], Row]:
        return _by_key(self.comparison.effects, "variant", "outcome")

    @cached_property
    def _value(self) -> dict[tuple[str, ...], Row]:
        return _by_key(self.comparison.value, "variant", "quantity")

    @cached_property
    def _firms(self) -> dict[tuple[str, str], NDArray[np.float64]]:
        table = self.comparison.outcomes
        return {
            (variant, outcome): values
            for (variant, outcome), (values,) in _series(table, "replicate", "value")
        }

    @cached_property
    def _months(self) -> dict[tuple[str, str], tuple[NDArray[np.float64], ...]]:
        names = ("difference", "difference_low", "difference_high")
        return dict(_series(self.comparison.monthly, "month", *names))

    def months(self, variant: str, outcome: str) -> tuple[NDArray[np.float64], ...]:
        """Mean change of an outcome month by month, and the ends of its 95 % interval."""
        return self._months[variant, outcome]

    @cached_property
    def _pairs(self) -> dict[tuple[str, str, str], int]:
        """For every headline and two variants: 1 if the first is ahead, -1 if behind, else 0."""
        found = {}
        for item in self.headlines:
            for one, other in combinations(self.others, 2):
                change = self.values(one, item.name) - self.values(other, item.name)
                known, sets = np.isfinite(change), self.comparison.sets
                means = by_set(change[known], None if sets is None else sets[known])
                low, high = interval_of(means, 0.95)
                sign = int(low > 0.0) - int(high < 0.0)
                found[item.name, one, other] = sign if item.higher_is_better else -sign
        return found

    def against(self, item: Outcome, name: str, rival: str) -> int:
        """Whether one variant is ahead of another (1), behind it (-1), or cannot be told apart (0)."""
        if (item.name, name, rival) in self._pairs:
            return self._pairs[item.name, name, rival]
        return -self._pairs[item.name, rival, name]

    def effect(self, variant: str, item: Outcome) -> Amount:
        """What a variant changes in an outcome, as it is shown."""
        factor, unit = shown_unit(item)
        return _amount(self._effects[variant, item.name], "difference", unit, factor)

    def means(self, variant: str, item: Outcome) -> tuple[float, float]:
        """Mean of the baseline and of a variant, as shown."""
        row, (factor, _) = self._effects[variant, item.name], shown_unit(item)
        return factor * float(row["baseline_mean"]), factor * float(row["variant_mean"])

    def values(self, variant: str, outcome: str) -> NDArray[np.float64]:
        """An outcome in every firm, in the table's unit."""
        return self._firms[variant, outcome]

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

    def has_worth(self, variant: str, quantity: str) -> bool:
        """Whether the table of value has it."""
        return (variant, quantity) in self._value

    def positive(self, variant: str, quantity: str) -> tuple[int, int]:
        """In how many firms a quantity is above zero, and of how many."""
        row = self._value[variant, quantity]
        firms = int(row["replicates"])
        return (round(float(row["probability_positive"]) * firms), firms) if firms else (0, 0)


def _series(
    table: pd.DataFrame, order: str, *columns: str
) -> Iterator[tuple[tuple[str, str], tuple[NDArray[np.float64], ...]]]:
    """Columns of every variant and outcome, sorted once for all of them."""
    variants, variant_names = table["variant"].factorize()
    outcomes, outcome_names = table["outcome"].factorize()
    if not len(table):
        return
    where = np.lexsort((table[order].to_numpy(), outcomes, variants))
    keys = (variants * len(outcome_names) + outcomes)[where]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    values = [table[column].to_numpy(dtype=float)[where] for column in columns]
    for first, last in zip(starts, [*starts[1:], len(keys)], strict=True):
        variant, outcome = divmod(int(keys[first]), len(outcome_names))
        key = (str(variant_names[variant]), str(outcome_names[outcome]))
        yield key, tuple(column[first:last] for column in values)


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
