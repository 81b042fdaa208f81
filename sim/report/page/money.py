"""What it costs and what it brings: net value, break-even, and the vendors' formula beside ours."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from sim.experiments.value import BANDS, REPLACEMENT_SHARES, VENDOR
from sim.report.page.charts import money_chart
from sim.report.page.view import View, verdict_of
from sim.report.page.words import Amount, named, out_of, times

__all__ = ["Money", "money"]

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
        saved = view.values(view.without_programme, "replacement_cost") - view.values(
            name, "replacement_cost"
        )
        rows.append((name, net, saved - view.values(name, "programme_cost")))
    if any(amount.known for _, amount, _ in rows):
        words = "; ".join(f"{name}: {net.text}, {net.interval}" for name, net, _ in rows[:12])
        chart = money_chart(
            rows,
            key="money",
            title="Net value per year of each programme",
            description=f"Mean and 95 % interval. {words}. Dots: single firms. All numbers are in the "
            "tables that follow.",
        )
    return Money(
        why_not=None,
        chart=chart,
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
