"""What is diagnosed, as tables: one of readings, one of what platforms show, one of what pilots cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.pilots.causes import cause_of, estimand_of
from sim.pilots.diagnosing import Interval
from sim.pilots.findings import Findings
from sim.pilots.running import PLATFORM

__all__ = ["READINGS", "costs_table", "platform_table", "readings_table"]

READINGS: Mapping[str, str] = {
    "design": "Name of the design.",
    "offered": "People who are offered a place (in a stepped start: in all its steps).",
    "measure": "What is measured.",
    "month": "Months after the start.",
    "unit": "Of effects and estimates.",
    "estimand": "What the design estimates, by name.",
    "effect_offered": "True effect per person offered, spill-over included: against the same firm without a programme. "
    "`_low` and `_high` are its 95 % interval over parameter sets and chance, here and below.",
    "effect_participants": "The same per person who got a mentor (in designs without a lot: per mentee and mentor).",
    "effect_firm": "The same over everybody in the firm.",
    "effect_others": "The same on those with whom they are compared: the spill-over.",
    "effect_without_spill_over": "Effect per person offered less that on the others: what a lottery can see.",
    "expected": "Mean estimate.",
    "standard_error": "Mean standard error of the estimate.",
    "spread": "Standard deviation of what estimates miss by: what the standard error should be.",
    "bias": "Mean estimate less the effect per person offered.",
    "bias_spill_over": "Part of it: the spill-over.",
    "bias_selection": "Part of it: what a programme that does nothing shows on average (0 in lotteries).",
    "bias_rest": "The rest.",
    "cause": "The largest part, in words.",
    "coverage": "Share of firms whose interval holds the effect per person offered.",
    "power": "Probability to find the effect: in lotteries from estimates and standard errors, unless an arm is small or "
    "events are few; counted elsewhere.",
    "power_counted": "The same, counted.",
    "wrong_sign": "Of estimates that are called found, the share with the wrong sign (type S).",
    "exaggeration": "Of these, how many times too large they are on average (type M).",
    "false_positives": "How often a programme that does nothing is called an effect.",
    "undefined": "Share of firms with too few people to compare.",
    "people_needed": "People to be offered a place until the effect is found as often as is wanted.",
    "cost": "Of the programme in its first year, in the scenario's currency.",
    "cash": "Of this, paid out.",
    "cost_of_measuring": "Time of those who are asked or tested.",
    "treated": "People compared on the side of those offered, on average.",
    "controls": "On the other side.",
    "firms": "Simulated firms in which it is defined.",
}
"""What every column of the table of readings is."""


def _ends(name: str, one: Interval) -> dict[str, float]:
    return {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}


def readings_table(pilot: Findings) -> pd.DataFrame:
    """One row per design, size, measure and month; :data:`READINGS` says what is in it."""
    rows: list[dict[str, Any]] = []
    for question in pilot.job.questions:
        told = pilot.of(question)
        needed = told.needed
        times = Interval(
            *(question.offered * one for one in (needed.value, needed.low, needed.high))
        )
        whole, cash, measuring = pilot.cost(question)
        rows.append(
            {
                "design": question.design.name,
                "offered": question.offered,
                "measure": question.measure.name,
                "month": question.months,
                "unit": question.measure.unit,
                "estimand": estimand_of(question.design),
                **_ends("effect_offered", told.offered),
                **_ends("effect_participants", told.participants),
                **_ends("effect_firm", told.firm),
                **_ends("effect_others", told.others),
                **_ends("effect_without_spill_over", told.contrast),
                **_ends("expected", told.expected),
                "standard_error": told.error,
                "spread": told.spread,
                **_ends("bias", told.bias),
                "bias_spill_over": told.by_spill_over,
                "bias_selection": told.by_selection,
                "bias_rest": told.by_the_rest,
                "cause": cause_of(question.design, question.measure, told),
                **_ends("coverage", told.coverage),
                **_ends("power", told.power),
                **_ends("power_counted", told.counted),
                "wrong_sign": told.wrong_sign,
                "exaggeration": told.exaggeration,
                **_ends("false_positives", told.false_positives),
                "undefined": told.undefined,
                **_ends("people_needed", times),
                "cost": whole,
                "cash": cash,
                "cost_of_measuring": measuring,
                "treated": told.treated,
                "controls": told.controls,
                "firms": told.firms,
            }
        )
    return pd.DataFrame(rows)


def platform_table(pilot: Findings) -> pd.DataFrame:
    """What a platform shows of each pilot by itself: expected share, and where 95 of 100 pilots lie."""
    rows = []
    for run in pilot.job.runs:
        for name, (usual, low, high) in pilot.platform_shares(run.run, run.offered).items():
            rows.append(
                {
                    "run": run.run,
                    "offered": run.offered,
                    "figure": name,
                    "meaning": PLATFORM[name][0],
                    "expected": usual.value,
                    "low_of_one_pilot": usual.low,
                    "high_of_one_pilot": usual.high,
                    "forecast_low": low,
                    "forecast_high": high,
                }
            )
    return pd.DataFrame(rows)


def costs_table(pilot: Findings) -> pd.DataFrame:
    """What each simulated pilot costs in its first year: mean over firms."""
    import numpy as np

    means = np.nanmean(pilot.costs, axis=0)
    rows = [
        {"run": run.run, "offered": run.offered, "cost": whole, "cash": cash}
        for run, (whole, cash) in zip(pilot.job.runs, means.tolist(), strict=True)
    ]
    return pd.DataFrame(rows)
