"""Statistics of who leaves, when and why, and of who is therefore there: the same as published ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.calibration.observation import MONTHS, START, Observed
from sim.calibration.target import FEWEST, Statistic, correlation, ratio, share
from sim.engine import columns
from sim.engine.columns import CAUSES
from sim.simulation.tables import NEVER, Columns
from sim.studies.statistics import cox

__all__ = [
    "FIRST_YEAR",
    "QUIT",
    "UPPER",
    "age_and_leaving",
    "age_gained",
    "embeddedness_and_leaving",
    "engagement_and_leaving",
    "engagement_hazard",
    "long_service",
    "newcomers",
    "newcomers_by_age",
    "quits_after",
    "quits_among_exits",
    "quits_of_upper_levels",
    "retirement_age",
]

Real = NDArray[np.float64]
QUIT, RETIRED = CAUSES.index("quit"), CAUSES.index("retired")

FIRST_YEAR = 2026
"""Calendar year of month 0 in the firms of the calibration (the package's default)."""

UPPER = 3
"""Lowest level of those who lead: in firms of this size the two levels below have no reports."""


def _age_when_leaving(leavers: Columns) -> Real:
    years = FIRST_YEAR + leavers["left"] // 12 - leavers["birth_year"]
    return np.asarray(years, dtype=float)


def retirement_age(observed: Observed) -> float:
    """Mean age of those who retire."""
    leavers = observed.leavers
    ages = _age_when_leaving(leavers)[leavers["cause"] == RETIRED]
    return float(ages.mean()) if len(ages) else float("nan")


def quits_after(first: int, last: float) -> Statistic:
    """Share of the quits at a service of `first` to below `last` months."""

    def of(observed: Observed) -> float:
        leavers = observed.leavers
        quits = leavers["cause"] == QUIT
        service = leavers["left"][quits] - leavers["hired"][quits]
        return share((service >= first) & (service < last))

    return of


def quits_among_exits(youngest: int, oldest: int) -> Statistic:
    """Share of quits among all exits at an age of `youngest` to `oldest` years."""

    def of(observed: Observed) -> float:
        leavers = observed.leavers
        ages = _age_when_leaving(leavers)
        of_age = (ages >= youngest) & (ages <= oldest)
        return share(leavers["cause"][of_age] == QUIT)

    return of


def quits_of_upper_levels(observed: Observed) -> float:
    """Quits per head and month of those who lead, over those of all others, each at the level of that month."""
    sums = np.zeros((2, 2))
    for world in observed.without:
        first = 4 + UPPER - 1  # rows of the tally: four generations, then levels
        levels = world.state.counts[columns.LEVELS]
        measures = [columns.M_QUITS, columns.M_HEADCOUNT]
        sums[0] += world.state.tally[first : 4 + levels, measures].sum(axis=0)
        sums[1] += world.state.tally[4:first, measures].sum(axis=0)
    return ratio(ratio(*sums[0]), ratio(*sums[1]))


def newcomers(observed: Observed) -> float:
    """Share of the staff with at most twelve months of service."""
    return share(START - observed.present["hired"] <= 12)


def newcomers_by_age(observed: Observed) -> float:
    """That share at 25 to 34, over that at 45 to 54, when the four years end."""
    staff = observed.at_end
    age = FIRST_YEAR + MONTHS // 12 - staff["birth_year"]
    new = MONTHS - staff["hired"] <= 12
    young, old = (age >= 25) & (age < 35), (age >= 45) & (age < 55)
    return ratio(share(new[young]), share(new[old]))


def long_service(observed: Observed) -> float:
    """Share with ten years of service or more among those of 45 to 64, when the four years end."""
    staff = observed.at_end
    age = FIRST_YEAR + MONTHS // 12 - staff["birth_year"]
    return share(MONTHS - staff["hired"][(age >= 45) & (age < 65)] >= 120)


def _quits_within_a_year(observed: Observed) -> Real:
    present = observed.present
    soon = (present["left"] >= START) & (present["left"] < START + 12)
    return np.asarray(soon & (present["cause"] == QUIT), dtype=float)


def age_and_leaving(observed: Observed) -> float:
    """Correlation of age with quitting within a year."""
    return correlation(FIRST_YEAR - observed.present["birth_year"], _quits_within_a_year(observed))


def engagement_and_leaving(observed: Observed) -> float:
    """The correlation that a study with as many leavers as stayers would find, from the difference."""
    quits = _quits_within_a_year(observed) == 1.0
    return _as_of_half(quits, observed.present["engagement_begin"])


def _as_of_half(quits: NDArray[np.bool_], scores: Real) -> float:
    if quits.sum() < FEWEST or scores.std() == 0.0:
        return float("nan")
    difference = (scores[quits].mean() - scores[~quits].mean()) / scores.std()
    return float(difference / np.sqrt(difference**2 + 4.0))


def embeddedness_and_leaving(observed: Observed) -> float:
    """The same of embeddedness when the window begins."""
    quits, scores = [], []
    for world in observed.without:
        numbers = world.begin["number"]
        left, cause = world.of(numbers, "left"), world.of(numbers, "cause")
        quits.append((left >= START) & (left < START + 12) & (cause == QUIT))
        scores.append(world.begin["embeddedness"])
    return _as_of_half(np.concatenate(quits), np.concatenate(scores))


def age_gained(observed: Observed) -> float:
    """Years by which the staff is older on average when the four years end than when they begin."""
    gained = []
    for world in observed.without:
        people = world.people
        born = people["birth_year"]
        at_first, at_last = people["hired"] < 0, people["left"] == NEVER
        gained.append(born[at_first].mean() + MONTHS / 12.0 - born[at_last].mean())
    return float(np.mean(gained))


def engagement_hazard(observed: Observed) -> float:
    """Hazard ratio of quitting per standard deviation of engagement (Cox), over two years."""
    present = observed.present
    scores, left = present["engagement_begin"], present["left"]
    end = np.where(left == NEVER, MONTHS, left) - START
    event = (left != NEVER) & (present["cause"] == QUIT) & (end < 24)
    if scores.std() == 0.0:
        return float("nan")
    (slope,) = cox(np.minimum(end, 24), event, (scores - scores.mean()) / scores.std())
    return float(np.exp(slope))
