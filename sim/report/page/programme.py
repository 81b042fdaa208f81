"""The programme in the words that mentoring platforms report in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.outcomes.declared import outcome as outcome_named
from sim.outcomes.outcome import Outcome
from sim.report.page.view import View
from sim.report.shortfall import shortfalls
from sim.report.words import level

__all__ = ["COLUMNS", "Column", "Running", "lacking", "outcome_of", "running"]


@dataclass(frozen=True, slots=True)
class Column:
    """One measure: what platforms call it, what it is here, and the outcome that it is."""

    title: str
    unit: str
    meaning: str
    outcome: str
    factor: float = 1.0


COLUMNS = (
    Column("Participants", "a year", "mentors and mentees, whole firm", "participants"),
    Column("Mentors’ places", "per 100 who ask", "mentees whom the willing mentors could take; below 100 somebody "
           "is left without", "mentor_places"),
    Column("Match rate", "%", "of those who want to take part, those who get a pair", "coverage"),
    Column("Turned away", "%", "of those who want to take part, those who get none", "turned_away"),
    Column("Reach", "% of staff", "people with a mentor of the programme, in an average month",
           "mentored_formally"),
    Column("Pairing fit", "of 100", "mean quality of the programme’s relationships", "pair_quality",
           100.0),
    Column("Sessions planned", "per head and year", "over all staff", "meetings_planned"),
    Column("Sessions held", "per head and year", "over all staff", "meetings_held"),
    Column("Completed", "% of planned", "sessions held of those planned", "meetings_kept"),
    Column("Early endings", "% of pairs", "pairs that broke up; leavers not counted",
           "early_endings"),
    Column("Time spent", "hours per head and year", "meetings, preparation, training; over all staff",
           "programme_hours"),
)  # fmt: skip
"""In the order in which a programme runs."""


@dataclass(frozen=True, slots=True)
class Running:
    """One variant with a programme: mean over firms, and where 95 of 100 firms lie, per measure."""

    name: str
    cells: tuple[tuple[str, str], ...]
    loss: str
    loss_kind: str
    loss_share: float


def running(view: View) -> tuple[Running, ...]:
    """Every variant that has a programme, the baseline too if it has one."""
    found = []
    for name in view.comparison.variants:
        if view.has_programme(name):
            cells = tuple(_cell(view, name, column) for column in COLUMNS)
            kind, share = _largest_loss(view, name)
            loss = kind.format(f"{share:.0f}")
            found.append(Running(name, cells, loss, kind, share))
    return tuple(found)


def lacking(view: View) -> tuple[tuple[str, str], ...]:
    """Programmes that turn people away, and what is short: places, mentors (and how many), or who fits."""
    return tuple((one.variant, one.sentence) for one in shortfalls(view.comparison) if one.short)


def _known(view: View, name: str, outcome: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = view.values(name, outcome)
    return values[np.isfinite(values)]


def _cell(view: View, name: str, column: Column) -> tuple[str, str]:
    values = column.factor * _known(view, name, column.outcome)
    if not values.size:
        return "–", ""
    if len(values) < 2:
        return level(float(values[0])), ""
    low, high = np.quantile(values, (0.025, 0.975))
    return level(float(values.mean())), f"{level(float(low))} to {level(float(high))}"


def _largest_loss(view: View, name: str) -> tuple[str, float]:
    """Where most is lost between wanting to take part and a pair that lasts."""
    losses: list[tuple[float, str]] = []
    for outcome, text in (
        ("turned_away", "{} of 100 who want to take part get no pair"),
        ("early_endings", "{} of 100 pairs break up before their time"),
    ):
        values = _known(view, name, outcome)
        if values.size:
            losses.append((float(values.mean()), text))
    kept = _known(view, name, "meetings_kept")
    if kept.size:
        losses.append((100.0 - float(kept.mean()), "{} of 100 planned sessions do not take place"))
    if not losses:
        return "no pair is ever made", 0.0
    share, text = max(losses, key=lambda loss: loss[0])
    return text, share


def outcome_of(column: Column) -> Outcome:
    """The declared outcome behind a column."""
    return outcome_named(column.outcome)
