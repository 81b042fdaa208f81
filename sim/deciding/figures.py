"""Figures of a programme: the same formula for what was seen and for what is simulated, over the same months."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FIGURES", "MEASURED", "Figure", "figures_of", "usable"]

Real = NDArray[np.float64]
Cells = Mapping[str, Real]
"""By column, shape (..., months); NaN where it is not known."""

MEASURED: Mapping[str, str] = {
    "headcount": "headcount",
    "registered": "volunteers",
    "matched": "participants",
    "pairs": "opened",
    "good_fit": "good_fits",
    "poor_fit": "poor_fits",
    "sessions_planned": "planned",
    "sessions_held": "held",
    "ended_early": "ended_early",
    "survey": "engagement",
    "quits": "quits",
    "participants_now": "joiners",
    "quits_participants": "joiners_quits",
}
"""What the model records of each column; the survey is the mean over people."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes
    ----------
    name, title, unit
        How it is told.
    needs
        Columns, of which every month must be known that is used.
    before
        Whether it is of the year before the start.
    of
        From columns to numerator and denominator, each shape (..., months).
    scale
        How a figure is compared: "share" (logit), "rate" (logarithm) or "level" (as it is).
    factor
        From the plain ratio to the unit.
    about
        "running" the programme, or "firm".
    """

    name: str
    title: str
    unit: str
    needs: tuple[str, ...]
    before: bool
    of: Callable[[Cells], tuple[Real, Real]]
    scale: str
    factor: float
    about: str

    def transformed(self, top: Real, bottom: Real) -> Real:
        """What is compared, from sums; a little is added so that nought has a logarithm."""
        if self.scale == "share":
            share = np.clip((top + 0.5) / (bottom + 1.0), 1e-6, 1.0 - 1e-6)
            return np.asarray(np.log(share / (1.0 - share)))
        if self.scale == "rate":
            return np.asarray(np.log((top + 0.5) / np.maximum(bottom, 1e-9)))
        return np.asarray(top / np.maximum(bottom, 1e-9))

    def shown(self, transformed: Real) -> Real:
        """In its unit."""
        if self.scale == "share":
            return np.asarray(self.factor / (1.0 + np.exp(-transformed)))
        if self.scale == "rate":
            return np.asarray(self.factor * np.exp(transformed))
        return np.asarray(self.factor * transformed)


def _ratio(top: str, bottom: str) -> Callable[[Cells], tuple[Real, Real]]:
    return lambda cells: (cells[top], cells[bottom])


def _of_others(cells: Cells) -> tuple[Real, Real]:
    return (
        cells["quits"] - cells["quits_participants"],
        cells["headcount"] - cells["participants_now"],
    )


def _survey(cells: Cells) -> tuple[Real, Real]:
    return cells["survey"], np.ones_like(cells["survey"])


_PER_YEAR = 1200.0

FIGURES: tuple[Figure, ...] = (
    Figure("quits_before", "Quits in the year before", "per 100 people a year", ("quits", "headcount"),
           True, _ratio("quits", "headcount"), "rate", _PER_YEAR, "firm"),
    Figure("survey_before", "Survey in the year before", "of 100 points", ("survey",),
           True, _survey, "level", 100.0, "firm"),
    Figure("registered", "Registered", "per 100 people", ("registered", "headcount"),
           False, _ratio("registered", "headcount"), "rate", 100.0, "running"),
    Figure("coverage", "Of those registered, matched", "of 100", ("matched", "registered"),
           False, _ratio("matched", "registered"), "share", 100.0, "running"),
    Figure("matched", "Matched", "per 100 people", ("matched", "headcount"),
           False, _ratio("matched", "headcount"), "rate", 100.0, "running"),
    Figure("good_fit", "Pairs that fit well", "of 100", ("good_fit", "pairs"),
           False, _ratio("good_fit", "pairs"), "share", 100.0, "running"),
    Figure("poor_fit", "Pairs that fit badly", "of 100", ("poor_fit", "pairs"),
           False, _ratio("poor_fit", "pairs"), "share", 100.0, "running"),
    Figure("attendance", "Planned sessions held", "of 100", ("sessions_held", "sessions_planned"),
           False, _ratio("sessions_held", "sessions_planned"), "share", 100.0, "running"),
    Figure("sessions", "Sessions held", "per 100 people a year", ("sessions_held", "headcount"),
           False, _ratio("sessions_held", "headcount"), "rate", _PER_YEAR, "running"),
    Figure("ended_early", "Pairs that broke up", "of 100", ("ended_early", "pairs"),
           False, _ratio("ended_early", "pairs"), "share", 100.0, "running"),
    Figure("survey", "Survey since the start", "of 100 points", ("survey",),
           False, _survey, "level", 100.0, "firm"),
    Figure("quits", "Quits since the start", "per 100 people a year", ("quits", "headcount"),
           False, _ratio("quits", "headcount"), "rate", _PER_YEAR, "firm"),
    Figure("quits_participants", "Quits of participants", "per 100 of them a year",
           ("quits_participants", "participants_now"),
           False, _ratio("quits_participants", "participants_now"), "rate", _PER_YEAR, "firm"),
    Figure("quits_others", "Quits of all others", "per 100 of them a year",
           ("quits", "quits_participants", "headcount", "participants_now"),
           False, _of_others, "rate", _PER_YEAR, "firm"),
)  # fmt: skip
"""All figures. Flows into the programme (registered, matched) are per head of a month's staff, added up."""

_SUMMED_OVER_PEOPLE = ("registered", "matched")
"""Figures whose denominator is the mean headcount of the months, not the sum of months."""


def usable(months: Sequence[int], cells: Cells) -> list[Figure]:
    """The figures that these columns allow: all that they need is known in some month, and not nought throughout."""
    found = []
    for figure in FIGURES:
        use = _used(figure, months, cells)
        if not use.any():
            continue
        top, bottom = figure.of(cells)
        if figure.scale == "level" or float(np.nansum(bottom[use])) > 0.0:
            found.append(figure)
    return found


def _used(figure: Figure, months: Sequence[int], cells: Cells) -> NDArray[np.bool_]:
    """Months that a figure is of, in what was seen."""
    when = np.array([(month < 0) == figure.before for month in months])
    for name in figure.needs:
        if name not in cells:
            return np.zeros(len(months), dtype=np.bool_)
        when = when & np.isfinite(cells[name])
    return np.asarray(when)


def figures_of(figures: Sequence[Figure], months: Sequence[int], seen: Cells, cells: Cells) -> Real:
    """The figures of some firms, over the months of what was seen; shape (..., figures).

    Parameters
    ----------
    seen
        What was seen, shape (months,): it says which months are used.
    cells
        Of the firms, shape (..., months); `seen` itself for what was seen.
    """
    found = []
    for figure in figures:
        use = _used(figure, months, seen)
        top, bottom = figure.of(cells)
        summed, below = top[..., use].sum(axis=-1), bottom[..., use].sum(axis=-1)
        if figure.name in _SUMMED_OVER_PEOPLE:
            below = below / use.sum()
        found.append(figure.transformed(summed, below))
    return np.stack(found, axis=-1)
