"""Every programme in numbers, in the outcomes' own units: what the table of the summary leaves out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.statistics import by_set
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.declared import outcome as outcome_named
from sim.outcomes.outcome import Outcome
from sim.report.intervals import mean_interval
from sim.report.nulls import null_lines
from sim.report.sure import sure_words
from sim.report.wording import decimals_for, share_of_firms, signed, unsigned

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison

__all__ = ["every_number"]

Row = Mapping[Any, Any]
"""One row of the table of effects, by column."""

_WIDTH = 100
_TITLE_WIDTH = 26
_NET_COST = "total_cost"
_COST = "programme_cost"


def every_number(comparison: Comparison) -> list[str]:
    """Return lines about the baseline and every other variant.

    For the baseline the outcomes as they are, for every other variant the difference that it makes, each
    with its 95 % interval; how many of the simulated firms did better; with an ensemble, chance and
    parameters apart; what it costs. What may be said about it stands in the summary alone.
    """
    items = [item for item in OUTCOMES if item.headline or item.name in _SHOWN]
    lines = ["In the outcomes’ own units", "", *textwrap.wrap(_how(comparison), _WIDTH)]
    lines += ["", f"{comparison.baseline} (the baseline)"]
    lines += [_level(comparison, item) for item in items]
    for name in comparison.variants:
        if name == comparison.baseline:
            continue
        chosen = comparison.effects[comparison.effects["variant"] == name]
        rows = {str(row["outcome"]): row for row in chosen.to_dict("records")}
        lines += ["", name]
        for item in items:
            lines += [_headline(item, rows[item.name]), *_sure(comparison, name, item)]
        lines += _costs(comparison, rows)
    lines += null_lines(comparison, _WIDTH, _TITLE_WIDTH)
    return lines


_SHOWN = ("engaged", "quits")
"""Told beside the headlines, because the goals are counted from them."""


def _how(comparison: Comparison) -> str:
    people = int(comparison.scenario.settings["organisation"]["employees"])
    firms = _counted(comparison.replicates, "simulated firm")
    text = f"{firms} of {people:,} people over {comparison.scenario.months} months. "
    if len(comparison.variants) > 1:
        text += (
            "Each lives once under every variant, with the same people and the same luck. Differences "
            f'are against "{comparison.baseline}". '
        )
    text += "In brackets: the 95 % interval of the mean"
    sets = int(comparison.manifest.get("parameter_sets") or 0)
    if sets == 1:
        text += ", chance alone: these firms share one parameter set"
    elif sets:
        text += (
            f", chance and parameters together. Every two firms share one of "
            f"{_counted(sets, 'parameter set')}; below, how far chance alone reaches, and where the effects "
            "under 95 of 100 sets lie"
        )
    text += "."
    if comparison.replicates < 2:
        text += " One firm says nothing about chance: an interval takes more replicates."
    return text


def _level(comparison: Comparison, outcome: Outcome) -> str:
    """One line about the baseline: mean and interval."""
    every = comparison.outcomes
    chosen = (every["variant"] == comparison.baseline) & (every["outcome"] == outcome.name)
    values = every.loc[chosen, "value"].to_numpy(dtype=float)
    known, sets = np.isfinite(values), comparison.sets
    values = by_set(values[known], None if sets is None else sets[known])
    mean, low, high = (float(number) for number in mean_interval(values))
    if mean != mean:
        return _line(outcome.title, "undefined in these firms")
    decimals = decimals_for(low, high)
    interval = f"[{unsigned(low, decimals)}, {unsigned(high, decimals)}]"
    return _line(outcome.title, f"{unsigned(mean, decimals)} {interval} {outcome.unit}")


def _headline(outcome: Outcome, row: Row) -> str:
    """One line about a variant: the difference, its interval, and how often it was better."""
    firms = int(row["replicates"])
    if not firms:
        return _line(outcome.title, "undefined in these firms")
    text = _difference(row, outcome.unit_of_differences)
    often = f"better in {share_of_firms(float(row['probability_better']), firms)} firm{'s' * (firms != 1)}"
    return _line(outcome.title, f"{text}; {often}")


def _sure(comparison: Comparison, name: str, outcome: Outcome) -> Iterator[str]:
    """Whether an effect holds over the ensemble, if there is one."""
    if comparison.ensemble is None:
        return
    table = comparison.uncertainty
    (row,) = table[(table["variant"] == name) & (table["outcome"] == outcome.name)].to_dict(
        "records"
    )
    for words in sure_words(row, _WIDTH - _TITLE_WIDTH - 2):
        yield _line("", words)


def _costs(comparison: Comparison, rows: Mapping[str, Row]) -> Iterator[str]:
    """What the programme costs, and what is left of it after the exits that it avoids."""
    posts = int(comparison.scenario.settings["organisation"]["employees"])
    unit = outcome_named(_NET_COST).unit
    yield _line("Cost of the programme", _difference(rows[_COST], unit, 1.0 / posts))
    yield _line("Cost net of avoided quits", _difference(rows[_NET_COST], unit))


def _difference(row: Row, unit: str, factor: float = 1.0) -> str:
    value, low, high = (factor * float(row[key]) for key in ("difference", "low", "high"))
    decimals = decimals_for(low, high)
    interval = f"[{signed(low, decimals)}, {signed(high, decimals)}]"
    return f"{signed(value, decimals)} {interval} {unit}"


def _line(title: str, text: str) -> str:
    return f"  {title:<{_TITLE_WIDTH}}{text}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
