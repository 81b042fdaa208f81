"""How long people of each age have been there at the start, so that a firm without a programme stays as it is.

The published table (W-TENURE) is that of a whole country, in which few exits and long stays are mixed with many
exits and short ones. A firm with its own turnover cannot keep it: whoever starts there drifts, and the drift
looks like an effect of time. So the start is what the firm's own hazards keep, as far as age and entry say.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import kernel, rule
from sim.organisation.people import hazard_survived

__all__ = ["FIRST_AGE", "LAST_AGE", "kept_tenures", "share_left"]

FIRST_AGE, LAST_AGE = 18, 70
"""Ages for which there is a row, years."""

EMBEDDED = 0.5
"""Embeddedness of an ordinary member of staff."""

# Gauss-Hermite nodes and weights of a standard normal number (five points).
_NODES = (-2.8569700138728056, -1.3556261799742659, 0.0, 1.3556261799742659, 2.8569700138728056)
_WEIGHTS = (
    0.011257411327720689,
    0.2220759220056126,
    0.5333333333333333,
    0.2220759220056126,
    0.011257411327720689,
)


@rule
def share_left(entry, years, p):
    """Share of those hired at an age who are still there after some years.

    ``E[exp(-H exp(-b s))] · exp(-involuntary · years) · (not retired)``: H is the summed hazard of quitting at the
    age reached halfway, with embeddedness and engagement as usual; s is settledness.
    """
    d = p.departures
    middle = entry + 0.5 * years
    level = math.exp(-d.embeddedness_effect * EMBEDDED - d.age_decline * (middle - 40.0) / 10.0)
    summed = hazard_survived(12.0 * years, d) * level
    left = 0.0
    for place in range(5):
        left += _WEIGHTS[place] * math.exp(
            -summed * math.exp(-d.settledness_effect * _NODES[place])
        )
    left *= math.exp(-d.involuntary_rate * years)
    age = entry
    while age < entry + years:
        if age >= d.retirement_from:
            yearly = d.retirement_rate * math.exp(d.retirement_growth * (age - 60.0))
            if age == 62.0 or age == 65.0:
                yearly = yearly * d.retirement_spike
            left *= math.exp(-yearly)
        age += 1.0
    return left


@kernel
def kept_tenures(p, bands, cumulative):
    """Fill `cumulative`, shape (ages, groups), with cumulative shares of tenure groups at each age from 18 to 70.

    The share of a tenure of t years at age a is proportional to how many are hired at a - t, times how many of
    these are left: the distribution that hiring and leaving keep. `bands` are the ends of the groups, months.
    """
    groups = cumulative.shape[1]
    own = p.people
    median = own.entry_age - 18.0 + 0.5 * own.entry_age_per_level
    for row in range(cumulative.shape[0]):
        age = FIRST_AGE + row
        shares = np.zeros(groups)
        for years in range(row + 1):
            entry = float(age - years)
            past = entry - 18.0 + 0.5
            z = math.log(past / median) / own.entry_age_spread
            weight = math.exp(-0.5 * z * z) / past * share_left(entry, float(years), p)
            group = 0
            while group < groups - 1 and 12.0 * years >= bands[group + 1]:
                group += 1
            shares[group] += weight
        total = 0.0
        for group in range(groups):
            total += shares[group]
        summed = 0.0
        for group in range(groups):
            summed += shares[group]
            cumulative[row, group] = summed / total
