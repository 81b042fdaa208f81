"""What it costs and what it brings: net value, break-even, and the vendors' formula beside ours."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from sim.experiments.value import BANDS, REPLACEMENT_SHARES, VENDOR
from sim.report.page.charts import interval_panel
from sim.report.page.view import Verdict, View, verdict_of
from sim.report.words import Amount, capitalised, listed, named, number_word, out_of, times

__all__ = ["Money", "money", "price_of_a_quit", "rounded"]

_MOST_NAMED = 3

_LINES = (
    ("cost", "Cost of the programme", False),
    ("cost_per_participant", "Cost per participant", False),
    ("exits_avoided", "Exits avoided", True),
    ("exits_avoided_staff", "– at levels 1 and 2", True),
    ("exits_avoided_middle", "– between", True),
    ("exits_avoided_leaders", "– at the top two levels", True),
    ("replacement_avoided", "Replacement cost avoided", True),
    ("net_value", "Net value", True),
    ("return", "Return", True),
    ("break_even_exits", "Break-even: exits to avoid", False),
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
    per_head: str
    exits: Amount
    verdict: Verdict
    saved: str
    net: str
    even: str
    price: str


@dataclass(frozen=True, slots=True)
class VendorRow:
    """The vendors' one multiplication beside the simulation."""

    name: str
    savings: str
    over_outside: str
    over_cost: str
    ours_avoided: str
    ours: str


@dataclass(frozen=True, slots=True)
class Money:
    """The section; `why_not` where it cannot be told."""

    why_not: str | None
    chart: Markup | None = None
    takeaway: str = ""
    summary: tuple[str, ...] = ()
    costs: tuple[CostRow, ...] = ()
    programmes: tuple[Programme, ...] = ()
    vendor: tuple[VendorRow, ...] = ()
    vendor_words: tuple[str, ...] = ()
    shares: tuple[int, ...] = ()
    break_even: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = ()
    bands: bool = False


def money(view: View) -> Money:
    """Everything about costs and benefits."""
    if not view.paying:
        return Money(
            view.why_no_value or "No variant has a programme, so that none costs anything."
        )
    chart = None
    rows = []
    for name in view.paying:
        net = view.worth(name, "net_value", sign=True)
        rows.append((name, net))
    if any(amount.known for _, amount in rows):
        words = "; ".join(f"{name}: {net.text}, {net.interval}" for name, net in rows[:12])
        chart = interval_panel(
            rows,
            key="money",
            title="Net value per year of each programme",
            description=f"Mean and 95 % interval. {words}. The same numbers are in the table at a "
            "glance.",
        )
    return Money(
        why_not=None,
        chart=chart,
        takeaway=_takeaway(view),
        summary=tuple(_summary(view)),
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
        bands=any(view.has_worth(name, band) for name in view.paying for band in BANDS.values()),
    )


def _takeaway(view: View) -> str:
    """How many pay for themselves, in one sentence."""
    verdicts = [verdict_of(view.worth(name, "net_value", sign=True), True) for name in view.paying]
    words = {"better": "pay for themselves", "worse": "do not", "unclear": "cannot be told"}
    if len(verdicts) == 1:
        words = {"better": "pays for itself", "worse": "does not pay for itself", "unclear": "cannot be told"}  # fmt: skip
        text = words.get(verdicts[0])
        return f"{named(view.paying[0])}: {text}." if text else ""
    parts = [
        f"{number_word(verdicts.count(verdict))} {text}"
        for verdict, text in words.items()
        if verdict in verdicts
    ]
    if verdicts.count("worse") == len(verdicts):
        parts = [f"none of the {number_word(len(verdicts))} pays for itself"]
    return capitalised(f"{listed(parts)}.") if parts else ""


def _summary(view: View) -> Iterator[str]:
    """Costs, exits avoided and break-even of all programmes in a few sentences."""
    if len(view.paying) <= 2:
        yield from (_sentence(view, name) for name in view.paying)
        return
    costs = [amount for name in view.paying if (amount := view.worth(name, "cost")).known]
    even = [one for name in view.paying if (one := view.worth(name, "break_even_exits")).known]
    if costs:
        yield f"The programmes cost {_span(costs)} a year."
    if even:
        yield f"To pay for itself, each would have to avoid {_span(even)} exits a year."
    exits = {name: view.worth(name, "exits_avoided", sign=True) for name in view.paying}
    verdicts = {name: verdict_of(amount, True) for name, amount in exits.items()}
    for verdict, start in (
        ("better", "Exits are avoided under"),
        ("worse", "More people quit under"),
    ):
        names = [name for name in view.paying if verdicts[name] == verdict]
        if names:
            yield f"{start} {_which(view, names)}: {_span([exits[name] for name in names])} a year on average."
    names = [name for name in view.paying if verdicts[name] == "unclear"]
    if names:
        yield f"Whether any exit is avoided cannot be told under {_which(view, names)}."


def _span(amounts: list[Amount]) -> str:
    """From the least mean to the greatest."""
    low, high = (end(amounts, key=lambda one: one.value).text for end in (min, max))
    return low if low == high else f"{low} to {high}"


def _which(view: View, names: list[str]) -> str:
    if names == view.paying:
        return f"all {number_word(len(names))}"
    if len(names) <= _MOST_NAMED:
        return listed([named(name) for name in names])
    return f"{number_word(len(names))} of the {number_word(len(view.paying))}"


def _cost_row(view: View, name: str) -> CostRow:
    exits = view.worth(name, "exits_avoided", sign=True)
    net = view.worth(name, "net_value", sign=True)
    return CostRow(
        name,
        cost=view.worth(name, "cost").text,
        per_head=view.worth(name, "cost_per_participant").text,
        exits=exits,
        verdict=verdict_of(exits, True),
        saved=view.worth(name, "replacement_avoided", sign=True).text,
        net=net.text,
        even=view.worth(name, "break_even_exits").text,
        price=price_of_a_quit(view, name),
    )


def price_of_a_quit(view: View, name: str) -> str:
    """What each exit avoided would have to save for nothing to be lost, with its range."""
    exits, cost = view.worth(name, "exits_avoided", sign=True), view.worth(name, "cost")
    if not cost.known or not exits.known or verdict_of(exits, True) != "better":
        return "cannot be told"
    middle, dear, cheap = (cost.value / number for number in (exits.value, exits.low, exits.high))
    return f"{rounded(middle):,.0f} ({rounded(cheap):,.0f} to {rounded(dear):,.0f})"


def rounded(number: float) -> float:
    """Two figures."""
    if number <= 0.0 or not math.isfinite(number):
        return number
    digits = 1 - math.floor(math.log10(number))
    return round(number, digits)


def _programme(view: View, name: str) -> Programme:
    lines = []
    for quantity, title, sign in _LINES:
        if view.has_worth(name, quantity):
            amount = view.worth(name, quantity, sign=sign)
            often = ""
            if quantity in ("exits_avoided", "net_value") and amount.known:
                often = out_of(*view.positive(name, quantity))
            lines.append(MoneyLine(title, amount, often))
    return Programme(name, _sentence(view, name), tuple(lines))


def _sentence(view: View, name: str) -> str:
    """What the table says, no more than its intervals support."""
    cost, exits = view.worth(name, "cost"), view.worth(name, "exits_avoided", sign=True)
    net, even = view.worth(name, "net_value", sign=True), view.worth(name, "break_even_exits")
    if not cost.known:
        return "Its cost is undefined in these firms."
    text = f"{named(name)} costs {cost.text} a year"
    if even.known:
        text += f" and would have to avoid {even.text} exits a year to pay for itself"
    verdict = verdict_of(exits, True)
    if verdict == "better":
        plain = view.worth(name, "exits_avoided")
        text += f"; it avoids {plain.text} (95 % interval {plain.interval})"
    elif verdict == "worse":
        text += f"; more people quit than without it ({exits.text}, 95 % interval {exits.interval})"
    elif verdict == "unclear":
        text += (
            f"; whether it avoids any cannot be told ({exits.text}, 95 % interval {exits.interval})"
        )
    often = out_of(*view.positive(name, "net_value"), "firm")
    ending = {
        "better": f"On average it pays for itself; it does so in {often}.",
        "worse": f"On average it does not pay for itself; it does so in {often}.",
        "unclear": f"Whether it pays for itself on average cannot be told; it does so in {often}.",
    }
    return f"{text}. {ending.get(verdict_of(net, True), '')}".rstrip()


def _vendor(view: View, name: str) -> VendorRow:
    def ratio(quantity: str) -> str:
        return times(view.worth(name, quantity).value)

    return VendorRow(
        name,
        savings=f"{view.worth(name, 'vendor_savings').value:,.0f}",
        over_outside=ratio("vendor_per_outside_cost"),
        over_cost=ratio("vendor_per_cost"),
        ours_avoided=view.worth(name, "replacement_avoided", sign=True).text,
        ours=times(view.worth(name, "benefit_per_cost").value),
    )


def _break_even(view: View, name: str) -> tuple[tuple[str, str, str], ...]:
    """Exits to avoid, in % of participants and of their quits, for every replacement cost."""
    rows = []
    for share in REPLACEMENT_SHARES:
        names = ("break_even_at", "break_even_points_at", "break_even_cut_at")
        found = [view.worth(name, f"{quantity}_{share}").value for quantity in names]
        texts = [f"{number:,.1f}" if number == number else "–" for number in found]
        rows.append((texts[0], texts[1], f"{found[2]:,.0f}" if found[2] == found[2] else "–"))
    return tuple(rows)
