"""What would change the answer, the main risks, and what no interval here contains."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sim.report.decisions import Decision
from sim.report.dose import shortfalls
from sim.report.page.money import price_of_a_quit, rounded
from sim.report.page.programme import Running
from sim.report.page.sure import sets_in_words
from sim.report.page.view import View
from sim.report.words import capitalised, counted, listed, named, number_word

__all__ = ["Doubts", "doubts", "firms_needed"]

_MOST_FIRMS = 100_000
_MOST_NAMED = 3


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
        risks=(*shortfalls(view.decisions), *_risks(programmes)),
        changes=(*_prices(view), *_more_firms(view)),
        missing=(*_missing(view, grades), ("Who volunteers", _seen(view))),
    )


def _risks(programmes: tuple[Running, ...]) -> Iterator[str]:
    """The largest loss on the way, by kind; only a few programmes are named."""
    kinds: dict[str, list[Running]] = {}
    for one in programmes:
        kinds.setdefault(one.loss_kind, []).append(one)
    for kind, found in kinds.items():
        shares = [f"{share:.0f}" for share in sorted(one.loss_share for one in found)]
        text = kind.format(shares[0] if shares[0] == shares[-1] else f"{shares[0]} to {shares[-1]}")
        who = listed([named(one.name) for one in found])
        if len(found) > _MOST_NAMED:
            who = (
                "every programme"
                if len(found) == len(programmes)
                else f"{number_word(len(found))} programmes"
            )
        yield f"Under {who}, {text}."


def _prices(view: View) -> Iterator[str]:
    """At which price of a quit the money turns."""
    names = [name for name in view.paying if view.worth(name, "cost").known]
    told = [name for name in names if price_of_a_quit(view, name) != "cannot be told"]
    hazy = [name for name in names if name not in told]
    if told:
        prices = [
            view.worth(name, "cost").value / view.worth(name, "exits_avoided").value
            for name in told
        ]
        low, high = rounded(min(prices)), rounded(max(prices))
        span = f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
        here = [
            view.worth(name, "cost").value / even.value
            for name in told
            if (even := view.worth(name, "break_even_exits")).known and even.value
        ]
        own = f"; here a quit costs {rounded(here[0]):,.0f} on average" if here else ""
        who = named(told[0]) if len(told) == 1 else f"{number_word(len(told))} programmes"
        yield (
            f"The price of a quit: {who} would break even if each quit prevented saved about {span} "
            f"(ranges in the table of costs){own}."
        )
    if hazy:
        who = listed([named(name) for name in hazy])
        if len(hazy) > _MOST_NAMED:
            who = capitalised(f"{number_word(len(hazy))} programmes")
        yield (
            f"{who}: as long as quits prevented cannot be told from none, no price of a quit can be "
            "named at which it pays for itself."
        )


def _more_firms(view: View) -> Iterator[str]:
    """How many firms would tell what cannot be told apart: one sentence per headline."""
    sets = " and new firms take new parameter sets" if view.parameter_sets else ""
    for goal in view.decisions.goals if view.others else ():
        needed = {
            name: number
            for name in view.others
            if (number := firms_needed(view.decisions.of(goal, name))) is not None
        }
        told = {name: number for name, number in needed.items() if number <= _MOST_FIRMS}
        parts = [
            f"{named(name)} with about {counted(number, 'simulated firm')}"
            for name, number in list(told.items())[:_MOST_NAMED]
        ]
        if len(told) > _MOST_NAMED:
            parts.append(
                f"{number_word(len(told) - _MOST_NAMED)} others with up to {max(told.values()):,}"
            )
        if parts:
            yield (
                f"{goal.title}: if the means stay as they are{sets}, {listed(parts)} would be told apart "
                f"from {named(view.baseline)}."
            )
        small = [named(name) for name in needed if name not in told]
        if small:
            yield f"{goal.title}, {listed(small)}: if the mean is as small as it looks, no simulation will tell."


def firms_needed(one: Decision) -> int | None:
    """About how many firms it takes to tell an effect that chance hides; None for others."""
    if one.verdict != "unknown" or one.why != "chance" or one.value == 0.0:
        return None
    if one.low > 0.0 or one.high < 0.0:  # the sets do not agree yet: how many it takes is not known
        return None
    half = (one.high - one.low) / 2.0
    needed = one.firms * (half / one.value) ** 2
    return int(rounded(math.ceil(max(needed, one.firms + 1.0))))


def _missing(view: View, grades: Counter[str]) -> Iterator[tuple[str, str]]:
    numbers = grades["measured"] + grades["derived"] + grades["assumed"]
    known = (
        f"Of {numbers} that describe the world, {grades['measured']} are measured, {grades['derived']} "
        f"derived from published figures and {grades['assumed']} assumed."
    )
    if view.parameter_sets:
        yield (
            "Parameters that did not vary",
            f"The firms were simulated under {sets_in_words(view)}; the intervals show "
            f"{'what follows from these, and chance' if view.sets_differ else 'chance only'}. Every other parameter kept one value: what this scenario sets itself, and what "
            f"has no plausible range. {known}",
        )
    else:
        yield (
            "Parameters",
            f"Every firm here was simulated with one central value of each parameter. {known} The "
            "intervals show chance only; with other plausible values the answer may differ by more than "
            "they are wide.",
        )
    yield (
        "The model itself",
        "People, politics and programmes do much that no model has. A variant that does well here is a "
        "candidate for a pilot, best one in which a lot decides to whom of all who are eligible a place is "
        "offered; it is not a proof.",
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
