"""What a programme costs and what it brings, against the same firms without one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.statistics import Sets, by_firm, by_set, interval_of, mean_of, share_better
from sim.outcomes.money import output_gained
from sim.scenario.rules import has_programme

__all__ = [
    "BANDS",
    "MEANINGS",
    "REPLACEMENT_SHARES",
    "VENDOR",
    "Settings",
    "VendorFormula",
    "value_table",
    "why_no_value",
    "without_programme",
]

Real = NDArray[np.float64]
Firms = Mapping[str, Real]
"""Outcomes of one variant, by name; shape (worlds,)."""
Settings = Mapping[str, Mapping[str, Any]]
"""Resolved settings of one variant, by section and name."""

CURRENCY = "currency per year"
PEOPLE = "people per year"

BANDS = {
    "quits_staff": "exits_avoided_staff",
    "quits_middle": "exits_avoided_middle",
    "quits_leaders": "exits_avoided_leaders",
}
"""Outcomes that count those who quit by level band, and what is made of them."""

REPLACEMENT_SHARES = (21, 50, 75, 100, 200)
"""What replacing one who quits may cost, in % of salary: the median of 30 case studies (Boushey and
Glynn 2012), and what calculators on the market put in its place."""


@dataclass(frozen=True, slots=True)
class VendorFormula:
    """The return that calculators of mentoring software promise: one multiplication.

    ``participants × turnover × fewer_leavers × replacement × salary``, over what the platform costs.

    Attributes
    ----------
    fewer_leavers
        By how much the programme is said to reduce leaving, as a share.
    replacement
        What replacing a leaver is said to cost, as a share of the salary.
    source
        Where these figures stand.
    """

    fewer_leavers: float
    replacement: float
    source: str

    def savings(self, participants: Real, turnover: Real, salary: float) -> Real:
        """What a year is said to save."""
        return participants * turnover * self.fewer_leavers * self.replacement * salary


VENDOR = VendorFormula(0.30, 0.75, "the calculator on brancher.com.au/benefits, as read in 2026")


MEANINGS: Mapping[str, str] = {
    "participants": "Mentors and mentees of the cohorts that open; who takes part twice counts twice.",
    "cost": "Participants' time, and what outside_cost holds, for the whole firm.",
    "cost_per_participant": "cost / participants.",
    "quits_without": "People who quit without a programme.",
    "exits_avoided": "Quits without a programme, less quits under the variant, in the same firm.",
    "exits_avoided_staff": "Of these, at levels 1 and 2.",
    "exits_avoided_middle": "Of these, between the second level and the top two.",
    "exits_avoided_leaders": "Of these, in the top two of four or more levels.",
    "replacement_avoided": "What replacing those who quit costs without a programme, less under the "
    "variant.",
    "net_value": "replacement_avoided - cost.",
    "output_gained": "What people produce more than without a programme, valued at what they are paid: payroll · "
    "(output_for_pay / output_for_pay without - 1). Not money in the bank: it is worth so much if output is worth "
    "its pay and what people can do more is used.",
    "output_gained_share": "100 · (output_for_pay / output_for_pay without - 1).",
    "net_value_with_output": "net_value + output_gained, for those who count both. What replacing somebody costs "
    "holds a part of newcomers' lower output, so that the two overlap a little.",
    "return": "100 · net_value / cost.",
    "benefit_per_cost": "replacement_avoided / cost.",
    "break_even_exits": "cost / what replacing one who quits costs on average without one: exits "
    "to avoid for nothing to be lost.",
    "break_even_points": "The same as a share of the headcount.",
    "break_even_cut": "The same as a share of all quits without a programme.",
    "outside_cost": "Cost without participants' time: coordination, "
    "sponsor, training fees, recognition and platform.",
    "vendor_savings": f"The vendors' formula: participants · turnover without a programme · "
    f"{VENDOR.fewer_leavers:g} · {VENDOR.replacement:g} · salary ({VENDOR.source}).",
    "vendor_per_outside_cost": "vendor_savings / outside_cost: what is promised.",
    "vendor_per_cost": "vendor_savings / cost: the same over the full cost.",
    "break_even_at_": "cost / (that many % of the salary): exits to avoid at that replacement cost.",
    "break_even_points_at_": "The same as a share of the participants.",
    "break_even_cut_at_": "The same as a share of the participants' quits, at the turnover without a programme.",
}
"""What every quantity is; those that end in _ are told for each of :data:`REPLACEMENT_SHARES`."""


def why_no_value(baseline: str, settings: Mapping[str, Settings]) -> str | None:
    """Why nothing is said about costs and benefits, as a sentence; None if something is.

    Parameters
    ----------
    baseline, settings
        Name of the baseline; resolved settings of the variants compared, by name.
    """
    if len(settings) < 2:
        return "There is only one variant, so that there is nothing to compare its costs with."
    if without_programme(baseline, settings) is None:
        return (
            "Every variant has a programme: what a programme costs and brings is only told against a "
            "variant without one."
        )
    return None


def without_programme(baseline: str, settings: Mapping[str, Settings]) -> str | None:
    """The variant that money is told against: the baseline, or else the first without a programme.

    None if every variant has one.
    """
    for name in (baseline, *settings):
        if not has_programme(settings[name]):
            return name
    return None


def value_table(
    outcomes: pd.DataFrame, baseline: str, salaries: Mapping[str, float], sets: Sets = None
) -> pd.DataFrame:
    """One row per variant other than the baseline and quantity.

    `mean` is over the worlds in which the quantity is defined, `low` to `high` its 95 % and `low50` to
    `high50` its 50 % interval; between `firm_low` and `firm_high` lie 95 of 100 single firms.
    `probability_positive` is the share of worlds above zero, ties counting half; it is missing where the sign
    says nothing.

    Parameters
    ----------
    outcomes
        As :func:`sim.experiments.statistics.outcomes_table` makes it. The baseline has no programme.
    salaries
        Yearly salary at levels 1 and 2, by variant; what is not named is left out.
    sets
        Of the worlds in order, see :mod:`sim.experiments.statistics`.
    """
    rows = []
    if salaries:
        firms: dict[str, dict[str, Real]] = {}
        for (name, outcome), column in by_firm(outcomes).items():
            firms.setdefault(name, {})[outcome] = column
        for name in firms:
            if name != baseline and name in salaries:
                found = _quantities(firms[baseline], firms[name], salaries[name])
                rows += [_row(name, *one, sets) for one in found]
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = [
    *("variant", "quantity", "unit", "mean", "low", "high", "low50", "high50"),
    *("firm_low", "firm_high", "probability_positive", "replicates"),
]
_SIGNED = ("exits_avoided", "replacement_avoided", "net_value", "return", "output_gained")
Quantity = tuple[str, str, Real]
"""Name, unit, and value in every world."""


def _quantities(base: Firms, own: Firms, salary: float) -> list[Quantity]:
    """Everything that is told about one variant, in order."""
    headcount = _headcount(base)
    quits, participants = _quits(base, headcount), own["participants"]
    cost = own["programme_cost"] - base["programme_cost"]
    avoided = base["replacement_cost"] - own["replacement_cost"]
    # One price for all worlds: in a small firm a year without a quit has none of its own.
    break_even = _over(cost, mean_of(base["replacement_cost"]) / (mean_of(quits) or math.nan))
    outside = own["outside_cost"] - base["outside_cost"]
    turnover = base["quits"] / 100.0
    promised = VENDOR.savings(participants, turnover, salary)
    bands = [
        (name, PEOPLE, base[band] - own[band])
        for band, name in BANDS.items()
        if band in base and band in own
    ]
    return [
        ("participants", PEOPLE, participants),
        ("cost", CURRENCY, cost),
        ("cost_per_participant", "currency per participant", _over(cost, participants)),
        ("quits_without", PEOPLE, quits),
        ("exits_avoided", PEOPLE, quits - _quits(own, _headcount(own))),
        *bands,
        ("replacement_avoided", CURRENCY, avoided),
        ("net_value", CURRENCY, avoided - cost),
        *_output(base, own, avoided - cost),
        ("return", "% of cost", 100.0 * _over(avoided - cost, cost)),
        ("benefit_per_cost", "ratio", _over(avoided, cost)),
        ("break_even_exits", PEOPLE, break_even),
        ("break_even_points", "% of headcount", 100.0 * _over(break_even, headcount)),
        ("break_even_cut", "% of quits", 100.0 * _over(break_even, mean_of(quits))),
        ("outside_cost", CURRENCY, outside),
        ("vendor_savings", CURRENCY, promised),
        ("vendor_per_outside_cost", "ratio", _over(promised, outside)),
        ("vendor_per_cost", "ratio", _over(promised, cost)),
        *_planners_table(cost, participants, turnover, salary),
    ]


def _output(base: Firms, own: Firms, net: Real) -> list[Quantity]:
    """What people produce more, valued at pay, where it was counted: apart from the net value, and with it."""
    if "output_for_pay" not in own:
        return []
    gained = output_gained(base, own)
    share = 100.0 * (_over(own["output_for_pay"], base["output_for_pay"]) - 1.0)
    return [
        ("output_gained", CURRENCY, gained),
        ("output_gained_share", "% of payroll", share),
        ("net_value_with_output", CURRENCY, net + gained),
    ]


def _planners_table(
    cost: Real, participants: Real, turnover: Real, salary: float
) -> list[Quantity]:
    """Exits to prevent by what replacing one costs: in all, of the participants, of their exits."""
    found = []
    for share in REPLACEMENT_SHARES:
        exits = _over(cost, share / 100.0 * salary)
        of_all = 100.0 * _over(exits, participants)
        found += [
            (f"break_even_at_{share}", PEOPLE, exits),
            (f"break_even_points_at_{share}", "% of participants", of_all),
            (f"break_even_cut_at_{share}", "% of participants' quits", _over(of_all, turnover)),
        ]
    return found


def _headcount(firms: Firms) -> Real:
    """Mean number of people: what all costs are, over what they are per head."""
    return _over(firms["programme_cost"] + firms["replacement_cost"], firms["total_cost"])


def _quits(firms: Firms, headcount: Real) -> Real:
    """People who quit per year in the whole firm."""
    if all(band in firms for band in BANDS):
        return np.asarray(sum(firms[band] for band in BANDS))
    return firms["quits"] / 100.0 * headcount


def _over(top: Real, bottom: Real | float) -> Real:
    """``top / bottom``; NaN where `bottom` is zero or unknown."""
    below = np.broadcast_to(np.asarray(bottom, dtype=np.float64), top.shape)
    result = np.full(top.shape, np.nan)
    np.divide(top, below, out=result, where=np.isfinite(below) & (below != 0.0))
    return result


def _row(variant: str, quantity: str, unit: str, values: Real, sets: Sets) -> dict[str, Any]:
    known = np.isfinite(values)
    defined = values[known]
    means = by_set(defined, None if sets is None else sets[known])
    low, high = interval_of(means, 0.95)
    low50, high50 = interval_of(means, 0.5)
    firms = np.quantile(defined, (0.025, 0.975)) if len(defined) > 1 else (math.nan, math.nan)
    tells = bool(defined.size) and quantity.startswith(_SIGNED)
    cells = (
        *(variant, quantity, unit, mean_of(means), low, high, low50, high50),
        *(float(firms[0]), float(firms[1])),
        *(share_better(defined, True if tells else None), len(defined)),
    )
    return dict(zip(_COLUMNS, cells, strict=True))
