"""Next: the pilot that would tell, how many people it takes, and what to measure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.report.advice import Advice
from sim.report.decisions import Decision
from sim.report.page.view import View
from sim.report.words import listed, named

__all__ = ["Pilot", "people_a_side", "pilot"]

_ODDS = (1.959964 + 0.841621) ** 2
"""Squared normal quantiles of a test at 5 % that sees a true effect 4 times out of 5."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """The section: what to try, and what to watch."""

    sentences: tuple[str, ...]


def pilot(view: View, every: list[Advice]) -> Pilot | None:
    """What to do next; None if there is nothing to try."""
    if not view.others or view.firms < 2:
        return None
    names = [name for one in every if not one.goal.is_money for name in one.names]
    counts = {name: names.count(name) for name in names if view.has_programme(name)}
    if not counts:
        return Pilot(tuple(_nothing(view, every)))
    name = max(counts, key=lambda one: counts[one])
    return Pilot((_trial(view, name), *_watch(view, name)))


def _nothing(view: View, every: list[Advice]) -> Iterator[str]:
    unknown = [one for one in every if one.kind == "unknown" and not one.goal.is_money]
    if any(
        view.decisions.of(one.goal, name).why == "chance" for one in unknown for name in view.others
    ):
        yield (
            f"Simulate more firms first ({4 * view.firms:,} halve the intervals): it costs minutes, a pilot "
            "costs a year."
        )
    else:
        yield "On these numbers no pilot is worth a year: change what the programme does, and simulate again."


def _trial(view: View, name: str) -> str:
    """A lottery, and how many people a side it takes to see each effect."""
    told = [view.decisions.of(goal, name) for goal in view.decisions.goals if goal.key != "start"]
    share = float(np.nanmean(view.values(name, "joiners"))) / 100.0
    posts = view.decisions.posts
    within: list[str] = []
    beyond: list[str] = []
    for one in told:
        if one.verdict != "better":
            continue
        needed = people_a_side(one, posts, share)
        if needed is None:
            continue
        text = f"{needed:,} for {_WHAT[one.goal.key]}"
        (within if 2 * needed <= posts else beyond).append(text)
    start = (
        f"Pilot {named(name)} with a lottery: ask who would take part, let the lot draw who begins this "
        "year, and compare those drawn with those not drawn."
    )
    if within:
        start += f" To see an effect of this size 4 times in 5 takes about so many people a side: {listed(within)}."
        if beyond:
            start += f" Do not judge it by what takes more than you have: {listed(beyond)}."
    elif beyond:
        start += (
            f" To see effects of this size takes more people a side than you have ({listed(beyond)}): judge "
            "it by whether it runs as forecast."
        )
    return start


_WHAT = {
    "stay": "quits in a year",
    "engaged": "engagement in a survey after a year",
    "ideas": "ideas carried out in a year",
}


def people_a_side(one: Decision, posts: float, share: float) -> int | None:
    """People in each arm of a lottery that sees an effect 4 times in 5; None where it cannot be worked out.

    The effect on the whole firm is taken to fall on those who take part alone. Shares of people are
    compared as such, ideas as counts.

    Parameters
    ----------
    posts
        People of the firm.
    share
        Of these, who takes part.
    """
    if not posts or not share > 0.0:
        return None
    rate, effect = one.without / posts, one.value / (posts * share)
    if one.goal.key == "ideas":
        spread = rate + (rate + effect)
    else:
        after = min(max(rate + one.goal.sign * effect, 0.0), 1.0)
        spread = rate * (1.0 - rate) + after * (1.0 - after)
    if not effect or not spread > 0.0:
        return None
    needed = _ODDS * spread / effect**2
    digits = max(0, math.floor(math.log10(needed)) - 1)
    return int(math.ceil(needed / 10**digits) * 10**digits)


def _watch(view: View, name: str) -> Iterator[str]:
    """What tells early whether the forecast holds, with what to expect."""
    parts = []
    for outcome, words in _EARLY:
        values = view.values(name, outcome)
        values = values[np.isfinite(values)]
        if len(values) > 1:
            low, high = (f"{number:.0f}" for number in np.quantile(values, (0.025, 0.975)))
            parts.append(f"{words} {low if low == high else f'{low} to {high}'}")
    if parts:
        yield (
            f"Measure from the first month, of 100 each: {listed(parts)}. Outside these ranges the forecast "
            "does not hold."
        )


_EARLY = (
    ("coverage", "people who asked for a place and got one"),
    ("good_fits", "pairs that fit well after the first meeting"),
    ("meetings_kept", "planned meetings held"),
    ("early_endings", "pairs that broke up"),
)
