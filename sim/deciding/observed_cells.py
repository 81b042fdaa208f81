"""Cells of a programme's own figures: counts, percentages of what they are a share of, a survey on its scale."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.deciding.observed_columns import COLUMNS
from sim.organisation.roster.cells import number_in
from sim.organisation.roster.findings import CellError, Findings, quoted
from sim.organisation.roster.rows import Rows

__all__ = ["shares_of", "survey_share", "values_of"]

Real = NDArray[np.float64]

_THOUSANDS = re.compile(r"\d{1,3}([.,' ]\d{3})+")
_BOTTOM = 0.05
"""Share of a survey's scale below which no mean of people lies: it is on another scale."""


def _count(text: str) -> float | None:
    """A number of people, pairs or meetings: three digits behind a sign are thousands."""
    if _THOUSANDS.fullmatch(text):
        return float(re.sub(r"\D", "", text))
    return number_in(f"0{text}" if text[:1] in (".", ",") else text)


def values_of(rows: Rows, name: str, findings: Findings) -> list[tuple[float, bool]]:
    """Of each row: the number, and whether it was written as a percentage."""
    percentages = bool(COLUMNS[name].share_of)
    remedy = "write a number of people, pairs or meetings; leave it blank if it is not known"
    if percentages:
        remedy += f", or a percentage of {COLUMNS[name].share_of} with its sign, as in 82 %"
    if name == "survey":
        remedy = "write the mean of the survey, always on the same scale"

    def read(text: str) -> tuple[float, bool]:
        number = _count(text) if name != "survey" else number_in(text)
        percent = text.rstrip().endswith("%")
        if number is None:
            raise CellError(f"{quoted(text)} is not a number", remedy)
        if number < 0.0:
            raise CellError(f"{text} is below nought", remedy)
        if name == "survey":
            return (number / 100.0 if percent else number), percent
        if percent and not percentages:
            raise CellError(f"{quoted(text)} is a percentage", remedy)
        if percent and number > 100.0:
            raise CellError(f"{quoted(text)} is more than all", remedy)
        if not percent and number != int(number) and name != "headcount":
            raise CellError(f"{text} is no whole number; a share, perhaps", remedy)
        return number, percent

    thousands = next((text for text in rows.texts(name) if _THOUSANDS.fullmatch(text)), None)
    if thousands is not None and name != "survey":
        findings.note(f"{name}: {quoted(thousands)} was taken for {_count(thousands):.0f}.")
    return rows.read(name, read, (np.nan, False))


def shares_of(
    rows: Rows, values: Mapping[str, list[tuple[float, bool]]], findings: Findings
) -> dict[str, Real]:
    """Numbers of every column; percentages are made numbers of what they are a share of."""
    cells = {name: np.array([number for number, _ in column]) for name, column in values.items()}
    for name, column in values.items():
        percent = np.array([flag for _, flag in column], dtype=np.bool_)
        whole = COLUMNS[name].share_of
        if not percent.any() or not whole:
            continue
        against = cells.get(whole, np.full(len(rows), np.nan))
        lacking = [int(place) for place in np.flatnonzero(percent & ~np.isfinite(against))]
        if lacking:
            rows.wrong(
                name, lacking, f"a percentage, and {whole} of that month is not known",
                f"fill in {whole}, or give the number itself",
            )  # fmt: skip
        cells[name] = np.where(percent, cells[name] * against / 100.0, cells[name])
        findings.note(f"{name}: percentages were taken of {whole} of the same month.")
    return cells


def survey_share(rows: Rows, survey: Real, findings: Findings) -> Real:
    """The survey as a share of its scale."""
    known = survey[np.isfinite(survey)]
    if not len(known):
        return survey
    stated = rows.scale("survey")
    if stated is None:
        most = float(known.max())
        scales = (
            (1.0, (0.0, 1.0)),
            (5.0, (1.0, 5.0)),
            (7.0, (1.0, 7.0)),
            (10.0, (0.0, 10.0)),
            (100.0, (0.0, 100.0)),
        )
        stated = next((scale for limit, scale in scales if most <= limit), None)
        if stated is None:
            findings.wrong(
                f"a survey mean of {most:g} is on no known scale",
                "say the scale in the heading, as in survey_1_5", "survey",
            )  # fmt: skip
            return survey
        percent = " (0 % to 100 %)" if stated[1] == 1.0 else ""
        findings.note(
            f"survey: taken to be on a scale of {stated[0]:g} to {stated[1]:g}{percent}; another one can be said in the heading, as in survey_1_7."
        )
    low, high = stated
    outside = np.isfinite(survey) & ((survey < low) | (survey > high))
    if outside.any():
        rows.wrong(
            "survey", [int(place) for place in np.flatnonzero(outside)],
            f"not on the scale of {low:g} to {high:g}", "use one scale for all months",
        )  # fmt: skip
    share = (survey - low) / (high - low)
    bottom = np.isfinite(survey) & (share < _BOTTOM)
    if bottom.any() and not outside.any():
        rows.wrong(
            "survey", [int(place) for place in np.flatnonzero(bottom)],
            f"a mean of {float(survey[bottom][0]):g} is at the very bottom of a scale of {low:g} to {high:g}",
            "use one scale for all months, and say it in the heading, as in survey_1_5",
        )  # fmt: skip
    return np.asarray(share)
