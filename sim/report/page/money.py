"""What it costs and what it brings: cash and time, break-even, and the vendors' formula beside ours."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sim.experiments.value import BANDS, REPLACEMENT_SHARES, VENDOR
from sim.report.advice import OUTPUT_RESTS_ON
from sim.report.decisions import Decision, Verdict
from sim.report.page.view import View
from sim.report.said import cell, count, range_of
from sim.report.said import money as money_text
from sim.report.words import Amount, named, out_of, times

__all__ = [
    "CostRow",
    "Money",
    "MoneyLine",
    "Programme",
    "VendorRow",
    "money",
    "price_of_a_quit",
    "rounded",
]

_LINES = (
    ("cost", "Cost of the programme", False),
    ("cost_per_participant", "Cost per participant", False),
    ("exits_avoided", "Quits prevented", True),
    ("exits_avoided_staff", "– at levels 1 and 2", True),
    ("exits_avoided_middle", "– between", True),
    ("exits_avoided_leaders", "– at the top two levels", True),
    ("replacement_avoided", "Saved by quits prevented", True),
    ("net_value", "Left over", True),
    ("return", "Return", True),
    ("break_even_exits", "Break-even: quits to prevent", False),
    ("break_even_points", "Break-even: as a share of headcount", False),
    ("break_even_cut", "Break-even: as a share of all quits", False),
)


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One quantity of one programme."""

    title: str
    amount: Amount
    often: str


@dataclass(frozen=True, slots=True)
class Programme:
    """The money of one programme: sentence and table."""

    name: str
    sentence: str
    lines: tuple[MoneyLine, ...]


@dataclass(frozen=True, slots=True)
class CostRow:
    """One programme in the table of costs; `price` is of a quit at which it breaks even."""

    name: str
    cost: str
    cash: str
    time: str
    per_head: str
    quits: str
    quits_range: str
    verdict: Verdict
    saved: str
    left: str
    left_range: str
    pays: Verdict
    even: str
    price: str
    produced: str = ""
    produced_range: str = ""
    produces: Verdict = "unknown"
    with_output: str = ""
    with_output_range: str = ""
    pays_with_output: Verdict = "unknown"


@dataclass(frozen=True, slots=True)
class VendorRow:
    """The vendors' one multiplication beside the simulation."""

    name: str
    savings: str
    over_outside: str
    over_cost: str
    ours: str


@dataclass(frozen=True, slots=True)
class Money:
    """The section; `why_not` where it cannot be told."""

    why_not: str | None
    costs: tuple[CostRow, ...] = ()
    programmes: tuple[Programme, ...] = ()
    vendor: tuple[VendorRow, ...] = ()
    vendor_words: tuple[str, ...] = ()
    shares: tuple[int, ...] = ()
    break_even: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = ()
    bands: bool = False
    output_rests_on: str = ""


def money(view: View) -> Money:
    """Everything about costs and benefits."""
    if not view.paying:
        return Money(
            view.why_no_value or "No variant has a programme, so that none costs anything."
        )
    return Money(
        why_not=None,
        costs=tuple(_cost_row(view, name) for name in view.paying),
        programmes=tuple(_programme(view, name) for name in view.paying),
        vendor=tuple(_vendor(view, name) for name in view.paying),
        vendor_words=(
            f"{100 * VENDOR.fewer_leavers:.0f}\N{NO-BREAK SPACE}%",
            f"{100 * VENDOR.replacement:.0f}\N{NO-BREAK SPACE}%",
            VENDOR.source,
        ),
        shares=REPLACEMENT_SHARES,
        break_even=tuple((name, _break_even(view, name)) for name in view.paying),
        output_rests_on=OUTPUT_RESTS_ON if view.decisions.counts_output else "",
        bands=any(view.has_worth(name, band) for name in view.paying for band in BANDS.values()),
    )


def _quits(view: View, name: str) -> Decision:
    """The decision about people who stay, against the variant without a programme."""
    stay = next(goal for goal in view.decisions.goals if goal.key == "stay")
    return view.decisions.between(stay, name, view.without_programme)


def _cost_row(view: View, name: str) -> CostRow:
    quits, pays, cash = _quits(view, name), view.decisions.pays(name), view.cash(name)
    cost = view.worth(name, "cost").value
    output: dict[str, Any] = {}
    if view.decisions.counts_output:
        more, with_output = view.decisions.output(name), view.decisions.pays_with_output(name)
        output = {
            "produced": cell(more), "produced_range": range_of(more), "produces": more.verdict,
            "with_output": cell(with_output), "with_output_range": range_of(with_output),
            "pays_with_output": with_output.verdict,
        }  # fmt: skip
    return CostRow(
        name,
        cost=money_text(cost),
        cash=money_text(cash),
        time=money_text(cost - cash),
        per_head=money_text(view.worth(name, "cost_per_participant").value),
        quits=cell(quits),
        quits_range=range_of(quits),
        verdict=quits.verdict,
        saved=_signed(view.worth(name, "replacement_avoided", sign=True).value),
        left=cell(pays),
        left_range=range_of(pays),
        pays=pays.verdict,
        even=count(view.worth(name, "break_even_exits").value),
        price=price_of_a_quit(view, name),
        **output,
    )


def _signed(number: float) -> str:
    return f"−{money_text(number)}" if number < 0.0 else money_text(number)


def price_of_a_quit(view: View, name: str) -> str:
    """What each quit prevented would have to save for nothing to be lost, with its range."""
    quits, cost = _quits(view, name), view.worth(name, "cost")
    if not cost.known or quits.verdict != "better":
        return "cannot be told"
    middle, dear, cheap = (cost.value / number for number in (quits.value, quits.low, quits.high))
    return f"{money_text(middle)} ({money_text(cheap)} to {money_text(dear)})"


def rounded(number: float) -> float:
    """Two figures."""
    if number <= 0.0 or not math.isfinite(number):
        return number
    digits = 1 - math.floor(math.log10(number))
    return round(number, digits)


def _programme(view: View, name: str) -> Programme:
    lines, counted = (
        [],
        {"exits_avoided": _quits(view, name), "net_value": view.decisions.pays(name)},
    )
    for quantity, title, sign in _LINES:
        if view.has_worth(name, quantity):
            amount = view.worth(name, quantity, sign=sign)
            often = ""
            if quantity in counted and amount.known:
                often = out_of(counted[quantity].better, counted[quantity].firms)
            lines.append(MoneyLine(title, amount, often))
    return Programme(name, _sentence(view, name), tuple(lines))


def _sentence(view: View, name: str) -> str:
    """What the table says, no more than its intervals support."""
    cost, even = view.worth(name, "cost"), view.worth(name, "break_even_exits")
    quits, pays = _quits(view, name), view.decisions.pays(name)
    if not cost.known:
        return "Its cost is undefined in these firms."
    text = f"{named(name)} costs {money_text(cost.value)} a year"
    if even.known:
        text += f" and would have to prevent {count(even.value)} quits a year to pay for itself"
    text += {
        "better": f"; it prevents {count(quits.value)} ({range_of(quits)})",
        "worse": f"; with it, {count(quits.value)} more people quit ({range_of(quits)})",
        "equal": f"; it changes quits by too little to notice ({range_of(quits)})",
        "unknown": f"; whether it prevents any cannot be told ({range_of(quits)})",
    }[quits.verdict]
    often = out_of(pays.better, pays.firms, "firm")
    ending = {
        "better": f"On average it pays for itself; it does so in {often}.",
        "worse": f"On average it does not pay for itself; it does so in {often}.",
    }
    unknown = f"Whether it pays for itself on average cannot be told; it does so in {often}."
    return f"{text}. {ending.get(pays.verdict, unknown)}"


def _vendor(view: View, name: str) -> VendorRow:
    def ratio(quantity: str) -> str:
        return times(view.worth(name, quantity).value)

    return VendorRow(
        name,
        savings=money_text(view.worth(name, "vendor_savings").value),
        over_outside=ratio("vendor_per_outside_cost"),
        over_cost=ratio("vendor_per_cost"),
        ours=times(view.worth(name, "benefit_per_cost").value),
    )


def _break_even(view: View, name: str) -> tuple[tuple[str, str, str], ...]:
    """Quits to prevent, in % of participants and of their quits, for every replacement cost."""
    rows = []
    for share in REPLACEMENT_SHARES:
        names = ("break_even_at", "break_even_points_at", "break_even_cut_at")
        found = [view.worth(name, f"{quantity}_{share}").value for quantity in names]
        points, cut = (f"{number:,.1f}" if number == number else "–" for number in found[1:])
        rows.append((count(found[0]), points, cut.partition(".")[0]))
    return tuple(rows)
