"""Published figures as code: what a study measured, and the same statistic of simulated firms.

Each target gives the value, the range that counts as agreement, its source in the evidence table and the
source's mark (V read in the publication, S read in another text, D derived, DATA computed from data). A
target that parameters are fitted to validates nothing; those marked as checks are only compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.calibration.observation import MONTHS, START, Observed
from sim.columns import CAUSES

__all__ = ["TARGETS", "Target"]

QUIT, RETIRED = CAUSES.index("quit"), CAUSES.index("retired")


@dataclass(frozen=True, slots=True)
class Target:
    """One published figure.

    Attributes
    ----------
    name, title, unit
        As in tables.
    value, low, high
        The figure, and the range within which a simulated one agrees with it.
    source, mark
        Identifier in the evidence table, and how far it can be trusted.
    fitted
        Whether parameters are fitted to it.
    of
        The same statistic of simulated firms; NaN where it is undefined.
    """

    name: str
    title: str
    unit: str
    value: float
    low: float
    high: float
    source: str
    mark: str
    fitted: bool
    of: Callable[[Observed], float]

    def distance(self, simulated: float) -> float:
        """How far off, in half widths of the range; infinite where it is undefined."""
        if not np.isfinite(simulated):
            return float("inf")
        return abs(simulated - self.value) / (0.5 * (self.high - self.low))

    def agrees(self, simulated: float) -> bool:
        """Whether a simulated figure lies within the range."""
        return bool(self.low <= simulated <= self.high)


def correlation(one: ArrayLike, other: ArrayLike) -> float:
    """Pearson's correlation; NaN where either does not vary or there are fewer than ten."""
    x, y = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if len(x) < 10 or x.std() == 0.0 or y.std() == 0.0:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def share(flags: ArrayLike) -> float:
    """Percentage of those for whom it is true; NaN of nobody."""
    values = np.asarray(flags, dtype=float)
    return 100.0 * float(values.mean()) if len(values) else float("nan")


def of_outcome(name: str) -> Callable[[Observed], float]:
    """An outcome of the package, in firms without a programme."""
    return lambda observed: observed.mean(name)


def _retirement_age(observed: Observed) -> float:
    leavers = observed.leavers
    retired = leavers["cause"] == RETIRED
    ages = 2026 + leavers["left"][retired] // 12 - leavers["birth_year"][retired]
    return float(ages.mean()) if len(ages) else float("nan")


def _first_year_quits(observed: Observed) -> float:
    leavers = observed.leavers
    quits = leavers["cause"] == QUIT
    return share(leavers["left"][quits] - leavers["hired"][quits] < 12)


def _second_year_quits(observed: Observed) -> float:
    leavers = observed.leavers
    quits = leavers["cause"] == QUIT
    service = leavers["left"][quits] - leavers["hired"][quits]
    return share((service >= 12) & (service < 24))


def _newcomers(observed: Observed) -> float:
    return share(START - observed.present["hired"] <= 12)


def _quits_within_a_year(observed: Observed) -> np.ndarray:
    present = observed.present
    soon = (present["left"] >= START) & (present["left"] < START + 12)
    return np.asarray(soon & (present["cause"] == QUIT), dtype=float)


def _age_and_leaving(observed: Observed) -> float:
    return correlation(2026 - observed.present["birth_year"], _quits_within_a_year(observed))


def _engagement_and_leaving(observed: Observed) -> float:
    """The correlation that a study with as many leavers as stayers would find, from the difference."""
    quits = _quits_within_a_year(observed) == 1.0
    scores = observed.present["engagement_begin"]
    if quits.sum() < 10 or scores.std() == 0.0:
        return float("nan")
    difference = (scores[quits].mean() - scores[~quits].mean()) / scores.std()
    return float(difference / np.sqrt(difference**2 + 4.0))


def _idea_givers(observed: Observed) -> float:
    return share(observed.at_first["ideas_voiced"] > 0)


def _adopted(observed: Observed) -> float:
    voiced = sum(float(world.sums["voiced"]) for world in observed.without)
    implemented = sum(float(world.sums["implemented"]) for world in observed.without)
    return 100.0 * implemented / voiced if voiced else float("nan")


def _informal_years(observed: Observed) -> float:
    """Mean length of informal pairs: months that pairs ran per pair that ended, for whatever reason."""
    pairs = observed.informal
    ended = pairs["ended"] >= 0
    begun = np.maximum(pairs["begun"], 0)
    months = np.where(ended, pairs["ended"] + 1, MONTHS) - begun
    return float(months.sum() / max(1, ended.sum()) / 12.0)


def _similarity_and_quality(observed: Observed) -> float:
    enough = observed.pairs["held"] >= 3
    return correlation(observed.pairs["similarity"][enough], observed.pairs["quality_end"][enough])


def _meeting_and_quality(observed: Observed) -> float:
    pairs = observed.pairs
    planned = pairs["held"] + pairs["missed"]
    enough = planned >= 3
    return correlation((pairs["held"] / planned)[enough], pairs["quality_end"][enough])


def _mentees_per_mentor(observed: Observed) -> float:
    found = []
    for world in observed.with_programme:
        formal = world.pairs["kind"] == 1
        first = formal & (world.pairs["begun"] == START)
        if first.any():
            found.append(first.sum() / len(np.unique(world.pairs["mentor"][first])))
    return float(np.mean(found)) if found else float("nan")


def _digital_gap(observed: Observed) -> float:
    """Of digital tools, which is what PIAAC measures."""
    people = observed.at_first
    level = people["skill_digital_tools_begin"]
    age = 2026 - people["birth_year"]
    young, old = level[(age >= 25) & (age < 35)], level[(age >= 55) & (age < 66)]
    if len(young) < 10 or len(old) < 10:
        return float("nan")
    within = np.sqrt(0.5 * (young.var() + old.var()))
    return float((young.mean() - old.mean()) / within)


def _early_endings(observed: Observed) -> float:
    return observed.mean("early_endings", observed.with_programme)


def _quality_and_engagement(observed: Observed) -> float:
    """Of informal pairs that run at the end: the quality, and the mentee's engagement."""
    qualities, feelings = [], []
    for world in observed.without:
        running = (world.pairs["ended"] < 0) & (world.pairs["held"] > 2)
        place = np.searchsorted(world.people["person"], world.pairs["mentee"][running])
        qualities.append(world.pairs["quality_end"][running])
        feelings.append(world.people["engagement_end"][place])
    return correlation(np.concatenate(qualities), np.concatenate(feelings))


def _participants_and_engagement(observed: Observed) -> float:
    """How much more engaged, in SD, those who became mentees had been when the programme began."""
    joined, others = [], []
    for world in observed.with_programme:
        people = world.people
        there = people["hired"] < START
        mentee = np.isin(people["role"], (1, 3))
        joined.append(people["engagement_begin"][there & mentee])
        others.append(people["engagement_begin"][there & ~mentee])
    one, other = np.concatenate(joined), np.concatenate(others)
    spread = np.concatenate([one, other]).std()
    return float((one.mean() - other.mean()) / spread) if len(one) and spread else float("nan")


TARGETS: tuple[Target, ...] = (
    Target("quits", "Quits", "per 100 and year", 14.5, 12.0, 17.0, "W-LEVEL", "D", True,
           of_outcome("quits")),
    Target("involuntary_exits", "Involuntary exits", "per 100 and year", 4.0, 2.0, 8.0, "W-INVOL",
           "S", True, of_outcome("involuntary_exits")),
    Target("retirement_age", "Mean age at retirement", "years", 63.0, 61.0, 65.5, "W-RETIRE", "V",
           True, _retirement_age),
    Target("first_year_quits", "Quits in the first year of service", "% of quits", 28.4, 20.0, 40.0,
           "W-SERV", "DATA", True, _first_year_quits),
    Target("second_year_quits", "Quits in the second year", "% of quits", 21.8, 10.0, 26.0, "W-SERV",
           "DATA", False, _second_year_quits),
    Target("newcomers", "Staff with at most a year of service", "%", 18.0, 12.0, 24.0, "W-TENURE",
           "V", True, _newcomers),
    Target("age_and_leaving", "Age with voluntary leaving", "correlation", -0.14, -0.22, -0.06,
           "W-AGE", "V", True, _age_and_leaving),
    Target("engagement_and_leaving", "Engagement with leaving", "correlation", -0.24, -0.34, -0.14,
           "W-ATT", "S", True, _engagement_and_leaving),
    Target("engaged", "Engaged", "%", 32.0, 29.0, 36.0, "W-ENG", "S", True, of_outcome("engaged")),
    Target("disengaged", "Actively disengaged", "%", 17.0, 13.0, 20.0, "W-ENG", "S", True,
           of_outcome("disengaged")),
    Target("promotions", "Promotions", "per 100 and year", 8.9, 6.5, 11.5, "W-PROM", "S", True,
           of_outcome("promotions")),
    Target("voiced", "Ideas voiced", "per 100 and year", 64.0, 54.0, 74.0, "I-RATE", "V", True,
           of_outcome("voiced")),
    Target("idea_givers", "Staff who voice an idea in a year", "%", 22.0, 17.0, 28.0, "I-PART", "V",
           True, _idea_givers),
    Target("adopted", "Ideas carried out", "% of voiced", 35.0, 25.0, 45.0, "I-IMPL", "S", True,
           _adopted),
    Target("mentored_informally", "Have an informal mentor", "%", 22.6, 18.0, 27.0, "M-PREV", "S",
           True, of_outcome("mentored_informally")),
    Target("informal_years", "Length of informal mentoring", "years", 3.3, 2.3, 4.3, "M-PREV", "S",
           True, _informal_years),
    Target("ties_across_departments", "Advice ties between departments", "%", 60.0, 45.0, 72.0,
           "W-DEPT, W-TIES", "DATA", False, of_outcome("ties_across_departments")),
    Target("digital_gap", "Emerging skills, 25-34 against 55-65", "SD", 0.65, 0.45, 0.85, "W-DIG",
           "D", True, _digital_gap),
    Target("similarity_and_quality", "Deep similarity with quality", "correlation", 0.45, 0.38, 0.59,
           "M-SIM", "V", True, _similarity_and_quality),
    Target("meeting_and_quality", "Meetings kept with quality", "correlation", 0.25, 0.12, 0.45,
           "M-FREQ", "V", True, _meeting_and_quality),
    Target("quality_and_engagement", "Quality with the mentee's engagement", "correlation", 0.30,
           0.10, 0.45, "M-QUAL (satisfaction .38)", "V", False, _quality_and_engagement),
    Target("early_endings", "Pairs that break up", "% of pairs", 24.0, 10.0, 38.0, "M-END",
           "V (other domain)", True, _early_endings),
    Target("mentees_per_mentor", "Mentees per mentor", "people", 1.3, 1.1, 1.7, "M-CAP", "D", False,
           _mentees_per_mentor),
    Target("who_joins", "Engagement of mentees before they join", "SD above others", 0.15, 0.02, 0.4,
           "M-JOIN (direction)", "V", False, _participants_and_engagement),
)  # fmt: skip
"""All targets, in the order in which they are shown."""
