"""What a programme costs, worked out once: hours, prices, replacement.

What people produce is valued at what they are paid, apart from costs: payroll times the change in output per pay.
Everything that shows money (outcomes, the table of value, the report) is made from here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.organisation.pay import base_salary
from sim.outcomes.outcome import Context, Real, Sums, divided

__all__ = [
    "hours",
    "output_for_pay",
    "output_gained",
    "outside_cost",
    "payroll",
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
    """Hours of participants' time per employee and year."""
    return divided(12.0 * hours(sums, context), sums["headcount"])


def programme_cost(sums: Sums, context: Context) -> Real:
    """What the programme costs a year: working time, coordination, and what is bought."""
    whole = _time(sums, context) + _coordination(sums, context) + _bought(sums, context)
    return np.asarray(whole * 12.0 / context.months)


def outside_cost(sums: Sums, context: Context) -> Real:
    """What it costs a year besides participants' working time, as vendors count."""
    besides = _coordination(sums, context) + _bought(sums, context)
    return np.asarray(besides * 12.0 / context.months)


def programme_cash(sums: Sums, context: Context) -> Real:
    """What is paid out for it in a year."""
    return np.asarray(_bought(sums, context) * 12.0 / context.months)


def payroll(sums: Sums, context: Context) -> Real:
    """What all employees cost the employer in a year."""
    return np.asarray(_employer(context) * sums["pay"] / context.months)


def output_for_pay(sums: Sums, context: Context) -> Real:
    """Mean output, each person's weighted by pay."""
    return divided(sums["output_pay"], sums["pay"])


def output_gained(base: Mapping[str, Real], own: Mapping[str, Real]) -> Real:
    """What people produce more than in the same firms without a programme, at pay; currency per year, shape (worlds,).

    Payroll, times the change in output per pay.

    Parameters
    ----------
    base, own
        Outcomes of every firm by name, without the programme and with it.
    """
    return np.asarray(
        own["payroll"] * (divided(own["output_for_pay"], base["output_for_pay"]) - 1.0)
    )


def _employer(context: Context) -> float:
    """What a person of levels 1 and 2 costs the employer in a year."""
    return float(base_salary(context.costs) * context.costs["load"])


def _hour(context: Context) -> float:
    """What an hour of a person of levels 1 and 2 costs the employer."""
    return float(_employer(context) / context.costs["productive_hours"])


def _time(sums: Sums, context: Context) -> Real:
    """What participants' time costs over the window: meetings, training, agreeing on objectives."""
    programme = context.programme
    hours_in_pay = (
        sums["meeting_pay"]
        + programme["training_hours"] * sums["training_pay"]
        + programme["objectives_hours"] * sums["opened_pay"]
    )
    return np.asarray(_hour(context) * hours_in_pay)


def _coordination(sums: Sums, context: Context) -> Real:
    """What others' time costs over the window: the coordinator, who is also there when pairs agree on
    objectives and at check-ins; the sponsor."""
    costs, programme = context.costs, context.programme
    coordinator = costs["coordinator_share"] * _employer(context) * context.running / 12.0
    hours_in_pay = (
        programme["objectives_hours"] * sums["opened"]
        + costs["check_in_hours"] * sums["check_ins"]
        + programme["sponsor_hours"] * context.sponsor_pay * context.running
    )
    return np.asarray(coordinator + _hour(context) * hours_in_pay)


def _bought(sums: Sums, context: Context) -> Real:
    """What is paid out over the window: fees, recognition, platform."""
    costs, programme = context.costs, context.programme
    bought = costs["training_fee"] * sums["trained"] + programme["recognition"] * sums["recognised"]
    if programme["platform"]:
        bought = bought + costs["platform"] * sums["participants"]
    return np.asarray(bought)


def replacement_cost(sums: Sums, context: Context) -> Real:
    """What it costs a year to replace those who quit."""
    return np.asarray(base_salary(context.costs) * sums["replacement"] * 12.0 / context.months)


def total_cost(sums: Sums, context: Context) -> Real:
    """Programme and replacement together, per employee and year."""
    whole = programme_cost(sums, context) + replacement_cost(sums, context)
    return divided(whole * context.months, sums["headcount"])
