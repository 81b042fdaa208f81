"""How long people of each age have been there at the start, in the idiomatic Mesa version.

Hired so long ago, times still there: what the firm's own hazards keep. The shares depend on parameters only and
are worked out once for all firms that share these, as somebody would who runs more than one.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from sim.organisation.population import AGE_BANDS, TENURE_BANDS, TENURE_BY_AGE

__all__ = ["hazard_lived_through", "tenure_shares"]

ORDINARY_EMBEDDEDNESS = 0.5
MEAN_OVER_PEOPLE = (
    (-2.8569700138728056, 0.011257411327720689),
    (-1.3556261799742659, 0.2220759220056126),
    (0.0, 0.5333333333333333),
    (1.3556261799742659, 0.2220759220056126),
    (2.8569700138728056, 0.011257411327720689),
)
"""Points and weights for the mean of a function of a standard normal number."""

PUBLISHED = [[share / sum(row) for share in accumulate(row)] for row in TENURE_BY_AGE.tolist()]


class Hazards(NamedTuple):
    """The parameters that the shares depend on."""

    quit_rate: float
    tenure_decline: float
    embeddedness_effect: float
    age_decline: float
    settledness_effect: float
    involuntary_rate: float
    retirement_rate: float
    retirement_growth: float
    retirement_spike: float
    retirement_from: float


def hazard_lived_through(p: Any, months: float) -> float:
    """``rate · ((1 + t)^(1 - d) - 1) / (1 - d)`` over t years, d the decline with tenure."""
    years, power = months / 12.0, 1.0 - p.tenure_decline
    if abs(power) < 1e-9:
        return float(p.quit_rate * math.log(1.0 + years))
    return float(p.quit_rate * (math.pow(1.0 + years, power) - 1.0) / power)


def tenure_shares(p: Any, age: float) -> tuple[float, ...] | list[float]:
    """Cumulative shares of the groups of tenure at an age in years: published ones, or those that are kept."""
    people = p.people
    if not people.keeps_tenures:
        return PUBLISHED[max(0, bisect_right(AGE_BANDS, age) - 1)]
    median = people.entry_age - 18.0 + 0.5 * people.entry_age_per_level
    hazards = Hazards(*[getattr(p.departures, name) for name in Hazards._fields])
    return _kept(max(18, math.floor(age)), median, people.entry_age_spread, hazards)


@lru_cache(maxsize=1_000)
def _kept(age: int, median: float, spread: float, hazards: Hazards) -> tuple[float, ...]:
    shares = [0.0] * (len(TENURE_BANDS) - 1)
    for years in range(age - 17):
        entry = float(age - years)
        past = entry - 18.0 + 0.5
        z = math.log(past / median) / spread
        group = min(len(shares), bisect_right(TENURE_BANDS, 12.0 * years)) - 1
        shares[group] += math.exp(-0.5 * z * z) / past * _still_there(entry, float(years), hazards)
    return tuple(part / sum(shares) for part in accumulate(shares))


def _still_there(entry: float, years: float, p: Hazards) -> float:
    """Of those hired at an age: neither quit (averaged over settledness), nor dismissed, nor retired."""
    reached = entry + 0.5 * years
    level = -p.embeddedness_effect * ORDINARY_EMBEDDEDNESS - p.age_decline * (reached - 40.0) / 10.0
    hazard = hazard_lived_through(p, 12.0 * years) * math.exp(level)
    there = 0.0
    for z, weight in MEAN_OVER_PEOPLE:
        there += weight * math.exp(-hazard * math.exp(-p.settledness_effect * z))
    gone = p.involuntary_rate * years
    for age in range(int(entry), int(entry + years)):
        if age >= p.retirement_from:
            yearly = p.retirement_rate * math.exp(p.retirement_growth * (age - 60.0))
            gone += yearly * (p.retirement_spike if age in (62, 65) else 1.0)
    return there * math.exp(-gone)
