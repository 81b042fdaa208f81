"""What would change the answer, the main risks, and what no interval here contains."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sim.outcomes import Outcome
from sim.report.page.programme import Running
from sim.report.page.view import View, verdict_of
from sim.report.page.words import counted, listed, named

__all__ = ["Doubts", "doubts", "firms_needed"]

_MOST_FIRMS = 100_000


@dataclass(frozen=True, slots=True)
class Doubts:
    """The section."""

    risks: tuple[str, ...]
    changes: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]


def doubts(view: View, programmes: tuple[Running, ...], grades: Counter[str]) -> Doubts:
    """Say what could turn the answer, from its own numbers.

    Parameters
    ----------
    programmes
        As they ran.
    grades
        How many parameters of the model have which grade.
    """
    return Doubts(
        risks=tuple(_risks(programmes)),
        changes=(*_prices(view), *_more_firms(view)),
        missing=(*_missing(grades), ("Who volunteers", _seen(view))),
    )


def _risks(programmes: tuple[Running, ...]) -> Iterator[str]:
    losses: dict[str, list[str]] = {}
    for one in programmes:
        losses.setdefault(one.loss, []).append(named(one.name))
    for loss, names in losses.items():
        yield f"{listed(names)}: {loss}."


def _prices(view: View) -> Iterator[str]:
    """At which price of a quit the money turns."""
    for name in view.paying:
        exits, cost = view.worth(name, "exits_avoided", sign=True), view.worth(name, "cost")
        if not cost.known or not exits.known:
            continue
        if verdict_of(exits, True) != "better":
            yield (
                f"{named(name)}: as long as exits avoided cannot be told from none, no price of a quit "
                "can be named at which it pays for itself."
            )
            continue
        middle, dear, cheap = (
            cost.value / number for number in (exits.value, exits.low, exits.high)
        )
        quits, even = view.worth(name, "quits_without"), view.worth(name, "break_even_exits")
        here = (
            f" Here a quit costs {cost.value / even.value:,.0f} on average."
            if even.known and even.value
            else ""
        )
        yield (
            f"{named(name)} breaks even if each exit that it avoids saves about {_round(middle):,.0f} "
            f"({_round(cheap):,.0f} to {_round(dear):,.0f}).{here if quits.known else ''}"
        )


def _round(number: float) -> float:
    """Two figures."""
    if number <= 0.0 or not math.isfinite(number):
        return number
    digits = 1 - math.floor(math.log10(number))
    return round(number, digits)


def _more_firms(view: View) -> Iterator[str]:
    for item in view.headlines:
        for name in view.others:
            needed = firms_needed(view, name, item)
            if needed is None:
                continue
            start = f"{item.title}, {named(name)}: cannot be told apart from {named(view.baseline)}"
            if needed > _MOST_FIRMS:
                yield f"{start}; if the mean is as small as it looks, no simulation will tell."
            else:
                text = counted(needed, "simulated firm")
                yield f"{start}; if the mean stays as it is, about {text} would tell."


def firms_needed(view: View, name: str, item: Outcome) -> int | None:
    """About how many firms it takes to tell an effect that is unclear; None for others."""
    amount = view.effect(name, item)
    if verdict_of(amount, item.higher_is_better) != "unclear" or amount.value == 0.0:
        return None
    half = (amount.high - amount.low) / 2.0
    needed = view.firms * (half / amount.value) ** 2
    return int(_round(math.ceil(max(needed, view.firms + 1.0))))


def _missing(grades: Counter[str]) -> Iterator[tuple[str, str]]:
    numbers = grades["measured"] + grades["derived"] + grades["assumed"]
    yield (
        "Parameters",
        f"Every firm here was simulated with one central value of each parameter. Of {numbers} that "
        f"describe the world, {grades['measured']} are measured, {grades['derived']} derived from "
        f"published figures and {grades['assumed']} assumed. The intervals show chance only; with other "
        "plausible values the answer may differ by more than they are wide.",
    )
    yield (
        "The model itself",
        "People, politics and programmes do much that no model has. A variant that does well here is a "
        "candidate for a pilot, best one in which a lottery decides who may take part first; it is not "
        "a proof.",
    )
    yield (
        "Innovation is an index",
        "It counts ideas carried out, not revenue, and no money is set against it. Neither is any set "
        "against engagement or skills: net value knows only costs and avoided quits.",
    )


def _seen(view: View) -> str:
    """Why participants against others is not the programme's effect, with the widest example."""
    general = (
        "In a real programme those who join differ from those who do not in more than the programme, so "
        "that a dashboard that compares participants with others shows who joins as well as what it did."
    )
    told = view.selection("quits")
    if not told:
        return f"{general} Here the same firm is simulated with and without it."
    name, seen, did = max(told, key=lambda one: abs(one[1].value - one[2].value))
    return (
        f"{general} Under {named(name)}, participants quit {abs(seen.value):.1f} times "
        f"{_less_or_more(seen.value)} per 100 people and year than the others of their firm; what the "
        f"programme did, against the same firm without one, is {abs(did.value):.1f} quits "
        f"{_fewer_or_more(did.value)} per 100 participants and year (selection.csv)."
    )


def _less_or_more(number: float) -> str:
    return "less" if number < 0.0 else "more"


def _fewer_or_more(number: float) -> str:
    return "fewer" if number < 0.0 else "more"
