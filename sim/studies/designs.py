"""Designs: each makes the statistic of a study from what it asks, of how many, and how reliably."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.simulation.tables import NEVER, Columns
from sim.studies.fieldwork import Fieldwork, Firm
from sim.studies.statistics import (
    adjusted_difference,
    correlation,
    cox,
    split_correlation,
    standardised_difference,
)

__all__ = [
    "QUIT",
    "between_arms",
    "class_share",
    "cohort_hazard_ratio",
    "group_difference",
    "leaving_correlation",
    "lottery_gain",
    "pair_correlation",
]

Statistic = Callable[[Fieldwork], float]
Flags = NDArray[np.bool_]
Chooser = Callable[[Firm], Flags]
"""Of a firm, who (or which pair) is meant; shape (people,) or (pairs,)."""
Taker = Callable[[Firm], NDArray[Any]]
"""Of a firm, what is asked; the same shapes."""

QUIT = columns.CAUSES.index("quit")


def pair_correlation(
    among: Callable[[Columns], Flags],
    one: Taker,
    other: Taker,
    *,
    size: int,
    reliabilities: tuple[float, float],
) -> Statistic:
    """Cross-section of pairs: two questions, correlated, corrected for unreliability.

    Meta-analyses of mentoring publish corrected correlations.
    """

    def of(work: Fieldwork) -> float:
        firm = work.firm
        rows = work.sample(among(firm.pairs), size)
        x = work.measured(one(firm)[rows], reliabilities[0], 1)
        y = work.measured(other(firm)[rows], reliabilities[1], 2)
        return correlation(x, y, reliabilities)

    return of


def leaving_correlation(
    asked: Taker, *, size: int, reliability: float, split: bool, months: int = 12
) -> Statistic:
    """Cohort: a question at the programme's start, and who quit within some months.

    Parameters
    ----------
    split
        Whether the correlation is that of a study with as many leavers as stayers.
    """

    def of(work: Fieldwork) -> float:
        firm = work.firm
        rows = work.sample(firm.there(firm.start - 1), size)
        answers = work.measured(asked(firm)[rows], reliability, 1)
        left = firm.people["left"][rows]
        soon = (firm.people["cause"][rows] == QUIT) & (left < firm.start + months)
        if not split:
            return correlation(answers, soon, (reliability, 1.0))
        difference = standardised_difference(answers[soon], answers[~soon])
        return split_correlation(difference / np.sqrt(reliability))

    return of


def cohort_hazard_ratio(
    who: Chooser, asked: Taker, *covariates: Taker, size: int, reliability: float = 1.0
) -> Statistic:
    """Cohort with survival: hazard ratio of quitting (Cox), per standard deviation or for being in a group.

    People are followed from the programme's start; those who retire, are dismissed, or stay are censored.
    A log hazard ratio per standard deviation is corrected for unreliability; a flag is taken as it is.
    """

    def of(work: Fieldwork) -> float:
        firm = work.firm
        rows = work.sample(who(firm) & firm.there(firm.start), size)
        given = asked(firm)[rows]
        flag = given.dtype == np.bool_
        x = given.astype(float) if flag else work.measured(given, reliability, 1)
        if not flag:
            x = (x - x.mean()) / x.std() if x.std() else x
        left = firm.people["left"][rows]
        end = np.where(left == NEVER, firm.months, left)
        event = (left != NEVER) & (firm.people["cause"][rows] == QUIT)
        slopes = cox(end - firm.start, event, x, *(one(firm)[rows] for one in covariates))
        return float(np.exp(slopes[0] if flag else slopes[0] / np.sqrt(reliability)))

    return of


def group_difference(
    among: Chooser,
    inside: Chooser,
    asked: Taker,
    *covariates: Taker,
    size: int,
    reliability: float = 0.85,
) -> Statistic:
    """Groups that formed by themselves: difference in standard deviations, covariates being equal."""

    def of(work: Fieldwork) -> float:
        firm = work.firm
        rows = work.sample(among(firm), size)
        values = work.measured(asked(firm)[rows], reliability, 1)
        spread = float(values.std())
        group = inside(firm)[rows]
        others = [one(firm)[rows] for one in covariates]
        return adjusted_difference(values, group, *others) / spread if spread else float("nan")

    return of


def class_share(
    among: Callable[[Columns], Flags],
    asked: Taker,
    *,
    above: float,
    up_to: float,
    size: int,
    reliability: float,
) -> Statistic:
    """Dyads: percentage whose answer falls into one class, `above` < answer <= `up_to`."""

    def of(work: Fieldwork) -> float:
        firm = work.firm
        rows = work.sample(among(firm.pairs), size)
        answers = work.measured(asked(firm)[rows], reliability, 1)
        if len(answers) < 10:
            return float("nan")
        return 100.0 * float(((answers > above) & (answers <= up_to)).mean())

    return of


def lottery_gain(
    name: str, months: tuple[int, ...], *, size: int, relative: bool = True
) -> Statistic:
    """Trial among newcomers, drawn in the month of hire: mean gain in `months` (0 = that of hire) since.

    Least squares on having been drawn and on level. Those who leave before are not counted.

    Parameters
    ----------
    relative
        Whether the gain is in % of those not drawn.
    """

    def of(work: Fieldwork) -> float:
        firm = work.firm
        hired, arm = firm.people["hired"], firm.people["arm"]
        long_enough = hired + max(months) < firm.months
        rows = work.sample((hired >= firm.start) & long_enough & (arm != columns.NO_LOT), size)
        values = np.mean([firm.panel[name][hired[rows] + month, rows] for month in months], axis=0)
        rows, values = rows[np.isfinite(values)], values[np.isfinite(values)]
        drawn = arm[rows] == columns.DRAWN
        gain = adjusted_difference(values, drawn, firm.people["level"][rows])
        return 100.0 * gain / float(values[~drawn].mean()) if relative else gain

    return of


def between_arms(
    one: str,
    other: str,
    among: Callable[[Columns], Flags],
    asked: Taker,
    *,
    size: int,
    reliability: float,
) -> Statistic:
    """Trial: pairs under one arm against those under another, in standard deviations."""

    def of(work: Fieldwork) -> float:
        answers = []
        for question, name in enumerate((one, other)):
            firm = work.arm(name)
            rows = work.sample(among(firm.pairs), size, question)
            answers.append(work.measured(asked(firm)[rows], reliability, question))
        return standardised_difference(*answers)

    return of
