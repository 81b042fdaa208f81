"""Statistics of levels, ties, engagement, skills and ideas: the same as published ones."""

from __future__ import annotations

import numpy as np

from sim.calibration.leaving import FIRST_YEAR, UPPER
from sim.calibration.observation import Observed, ObservedFirm
from sim.calibration.target import FEWEST, Statistic, ratio, share
from sim.engine import columns
from sim.studies.statistics import intraclass_correlation

__all__ = [
    "adopted",
    "alike_in_teams",
    "advisers_older_by",
    "direct_reports",
    "digital_gap",
    "engaged_apart",
    "idea_givers",
    "idea_shape",
    "ideas_of_bridges",
    "outside_hires",
    "small_spans",
]


def _spans(observed: Observed) -> list[int]:
    boss = observed.without[0].plan.chart.boss
    return [int(reports) for reports in np.bincount(boss[boss >= 0]) if reports]


def direct_reports(observed: Observed) -> float:
    """Mean direct reports of those who have any."""
    return float(np.mean(_spans(observed)))


def small_spans(observed: Observed) -> float:
    """Share of those with reports who have fewer than five."""
    return share(np.array(_spans(observed)) < 5)


def outside_hires(observed: Observed) -> float:
    """Share hired from outside among those who came to lead, or to lead more, in the four years."""
    hired = promoted = 0
    for world in observed.without:
        people = world.people
        leads = people["level"] >= UPPER
        hired += int((leads & (people["hired"] >= 0) & (people["promotions"] == 0)).sum())
        promoted += int((leads & (people["promotions"] > 0)).sum())
    return 100.0 * ratio(hired, hired + promoted)


def _advice(world: ObservedFirm) -> tuple[np.ndarray, np.ndarray]:
    """Slots of those who seek advice and of those whose advice it is, tie by tie."""
    ties = world.state.ties
    seeker = np.repeat(np.arange(len(ties)), ties.shape[1])
    adviser = ties.ravel()
    known = adviser >= 0
    return seeker[known], adviser[known]


def advisers_older_by(lowest: float, highest: float) -> Statistic:
    """Share of advice ties in which the adviser is older by more than `lowest`, at most `highest` years."""

    def of(observed: Observed) -> float:
        older = []
        for world in observed.without:
            born = world.state.whole[columns.BIRTH_MONTH] // 12
            seeker, adviser = _advice(world)
            older.append(born[seeker] - born[adviser])
        years = np.concatenate(older)
        return share((years > lowest) & (years <= highest))

    return of


def engaged_apart(observed: Observed) -> float:
    """Percentage points of engaged people between the generation with most and that with fewest."""
    people, plan = observed.at_first, observed.year[0].plan
    engaged = people["engagement_begin"] >= plan.settings["engagement"]["engaged_from"]
    shares = [
        share(engaged[people["generation"] == one])
        for one in np.unique(people["generation"])
        if (people["generation"] == one).sum() >= FEWEST
    ]
    return max(shares) - min(shares) if shares else float("nan")


def alike_in_teams(observed: Observed) -> float:
    """ICC(1) of engagement by manager when the window begins: one-way analysis of variance (Bliese 2000)."""
    found = []
    for world in observed.without:
        manager, engagement = world.begin["manager"], world.begin["engagement"]
        found.append(intraclass_correlation(engagement[manager >= 0], manager[manager >= 0]))
    return float(np.nanmean(found)) if np.isfinite(found).any() else float("nan")


def digital_gap(observed: Observed) -> float:
    """Of digital tools, which is what PIAAC measures: 25 to 34 less 55 to 65, in SD within an age."""
    people = observed.at_first
    level = people["skill_digital_tools_begin"]
    age = FIRST_YEAR - people["birth_year"]
    young, old = level[(age >= 25) & (age < 35)], level[(age >= 55) & (age < 66)]
    if len(young) < FEWEST or len(old) < FEWEST:
        return float("nan")
    within = np.sqrt(0.5 * (young.var() + old.var()))
    return float((young.mean() - old.mean()) / within)


def idea_givers(observed: Observed) -> float:
    """Share of the staff who voice an idea within a year."""
    return share(observed.at_first["ideas_voiced"] > 0)


def idea_shape(observed: Observed) -> float:
    """Shape of the negative binomial distribution of ideas per head and year, by its zeros and its mean.

    The share without any idea is ``(1 + mean / shape)^-shape``: solved by bisection.
    """
    voiced = observed.at_first["ideas_voiced"]
    mean, none = float(voiced.mean()), float((voiced == 0).mean())
    if not 0.0 < none < 1.0 or none <= np.exp(-mean):
        return float("nan")
    low, high = -12.0, 12.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        shape = np.exp(middle)
        if np.exp(-shape * np.log1p(mean / shape)) > none:
            low = middle
        else:
            high = middle
    return float(np.exp(low))


def ideas_of_bridges(observed: Observed) -> float:
    """Ideas voiced by those with more ties to other departments than the median, over those with fewer.

    Of people who were there all year, as newcomers have few ties and few months. Each side's ideas are divided
    by its summed propensity, so that gifted people do not blur the ratio.
    """
    sides = np.zeros((2, 2))
    for world in observed.year:
        whole, person = world.state.whole, world.state.person
        seeker, adviser = _advice(world)
        department = whole[columns.PERSON_DEPARTMENT]
        across = np.bincount(
            seeker, department[seeker] != department[adviser], minlength=whole.shape[1]
        )
        there = (whole[columns.ACTIVE] == 1) & (whole[columns.HIRE_MONTH] < 0)
        middle = np.median(across[there])
        for side, chosen in enumerate((there & (across > middle), there & (across <= middle))):
            sides[side, 0] += whole[columns.IDEAS_VOICED, chosen].sum()
            sides[side, 1] += person[columns.PROPENSITY, chosen].sum()
    return ratio(ratio(*sides[0]), ratio(*sides[1]))


def adopted(observed: Observed) -> float:
    """Share of the voiced ideas that are carried out."""
    voiced = sum(float(world.sums["voiced"]) for world in observed.without)
    implemented = sum(float(world.sums["implemented"]) for world in observed.without)
    return 100.0 * ratio(implemented, voiced)
