"""What a programme costs, worked out once: hours, prices, replacement.

Everything that shows money (outcomes, the table of value, the report) is made from here.
"""

from __future__ import annotations

import numpy as np

from sim.outcomes.outcome import Context, Real, Sums, divided

__all__ = [
    "hours",
    "programme_cash",
    "programme_cost",
    "programme_hours",
    "replacement_cost",
    "total_cost",
]


def hours(sums: Sums, context: Context) -> Real:
    """Hours of participants' time over the window."""
    training = context.programme["training_hours"] * sums["trained"]
    objectives = 2.0 * context.programme["objectives_hours"] * sums["opened"]
    return np.asarray(sums["hours"] + training + objectives)


def programme_hours(sums: Sums, context: Context) -> Real:
    return divided(12.0 * hours(sums, context), sums["headcount"])


def programme_cost(sums: Sums, context: Context) -> Real:
    costs, programme = context.costs, context.programme
    employer = costs["salary"] * costs["load"]
    hour = employer / costs["productive_hours"]
    time = hour * (
        sums["meeting_pay"]
        + programme["training_hours"] * sums["training_pay"]
        + programme["objectives_hours"] * sums["opened_pay"]
    )
    # The coordinator, who is also there when pairs agree on objectives and at check-ins; the sponsor.
    coordination = costs["coordinator_share"] * employer * context.running / 12.0
    coordination = coordination + hour * (
        programme["objectives_hours"] * sums["opened"]
        + costs["check_in_hours"] * sums["check_ins"]
        + programme["sponsor_hours"] * context.sponsor_pay * context.running
    )
    return np.asarray((time + coordination + _bought(sums, context)) * 12.0 / context.months)


def programme_cash(sums: Sums, context: Context) -> Real:
    return np.asarray(_bought(sums, context) * 12.0 / context.months)


def _bought(sums: Sums, context: Context) -> Real:
    """What is paid out over the window: fees, recognition, platform."""
    costs, programme = context.costs, context.programme
    bought = costs["training_fee"] * sums["trained"] + programme["recognition"] * sums["recognised"]
    if programme["platform"]:
        bought = bought + costs["platform"] * sums["participants"]
    return np.asarray(bought)


def replacement_cost(sums: Sums, context: Context) -> Real:
    return np.asarray(context.costs["salary"] * sums["replacement"] * 12.0 / context.months)


def total_cost(sums: Sums, context: Context) -> Real:
    whole = programme_cost(sums, context) + replacement_cost(sums, context)
    return divided(whole * context.months, sums["headcount"])
