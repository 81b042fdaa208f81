"""Next: the pilot that would tell, how many people it takes, and what to measure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.report.advice import Advice
from sim.report.decisions import Decision
from sim.report.leading import hangs_on_assumptions
from sim.report.page.next_commands import Step, next_commands
from sim.report.page.view import View
from sim.report.words import listed, named

__all__ = ["Pilot", "chance_to_see", "people_a_side", "pilot"]

_TWO_SIDED = 1.959964
_ODDS = (_TWO_SIDED + 0.841621) ** 2
"""Squared normal quantiles of a test at 5 % that sees a true effect 4 times out of 5."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """The section: what to try, what to watch, and the commands that help with it."""

    sentences: tuple[str, ...]
    commands: tuple[Step, ...] = ()


def pilot(view: View, every: list[Advice]) -> Pilot | None:
    """What to do next; None if there is nothing to try."""
    if not view.others or view.firms < 2:
        return None
    names = [name for one in every if not one.goal.is_money for name in one.names]
    counts = {name: names.count(name) for name in names if view.has_programme(name)}
    if not counts:
        first = view.decisions.goals[0]
        programmes = [one for one in view.others if view.has_programme(one)]
        most = max(programmes, key=lambda one: view.decisions.of(first, one).value, default="")
        more = not _waits_for_knowledge(view, every) and _is_chance(view, every)
        steps = next_commands(view, most, (), pilot=False, more_firms=more)
        return Pilot(tuple(_nothing(view, every)), tuple(steps))
    name = max(counts, key=lambda one: counts[one])
    goals = [one.goal.key for one in every if name in one.names]
    steps = next_commands(view, name, goals, pilot=True, more_firms=False)
    return Pilot((*_trial(view, name), *_watch(view, name)), tuple(steps))


def _nothing(view: View, every: list[Advice]) -> Iterator[str]:
    if _waits_for_knowledge(view, every):
        yield (
            "Find out first what the answer hangs on, and simulate again with what you know: it costs less than a "
            "pilot, and a pilot of the usual size would not tell whether people stay."
        )
        return
    if _is_chance(view, every):
        yield (
            f"Simulate more firms first ({4 * view.firms:,} halve the intervals): it costs minutes, a pilot "
            "costs a year."
        )
    else:
        yield "On these numbers no pilot is worth a year: change what the programme does, and simulate again."


def _waits_for_knowledge(view: View, every: list[Advice]) -> bool:
    """Whether what is advised hangs on what is assumed."""
    return hangs_on_assumptions(view.decisions, [one for one in every if not one.goal.is_money])


def _is_chance(view: View, every: list[Advice]) -> bool:
    """Whether more simulated firms would tell more."""
    unknown = [one for one in every if one.kind == "unknown" and not one.goal.is_money]
    return any(
        view.decisions.of(one.goal, name).why == "chance" for one in unknown for name in view.others
    )


def _trial(view: View, name: str) -> Iterator[str]:
    """A lottery, what a pilot of the usual size can say of each effect, and how many people would be enough."""
    told = [view.decisions.of(goal, name) for goal in view.decisions.goals if goal.key != "start"]
    share = float(np.nanmean(view.values(name, "joiners"))) / 100.0
    posts = view.decisions.posts
    people = min(_USUAL, 2 * max(1, round(posts * share / 2.0)))
    yield (
        f"Pilot {named(name)} with a lottery: ask who would take part, let the lot draw who begins this "
        "year, and compare those drawn with those not drawn."
    )
    silent: list[tuple[str, str]] = []
    seen: list[str] = []
    takes: list[str] = []
    for one in told:
        if one.verdict != "better" and one.goal.key != "stay":
            continue
        needed = people_a_side(one, posts, share)
        if needed is None:
            continue
        what, chance = _WHAT[one.goal.key], round(100.0 * chance_to_see(people / 2.0, needed))
        if chance < _SILENT:
            silent.append((what, f"{chance}"))
        else:
            seen.append(f"{what} ({chance} times in 100)")
        takes.append(f"{needed:,} for {what}")
    size = f"A pilot of {people:,} people, half of them drawn,"
    if silent:
        chances = listed([chance for _, chance in silent])
        yield (
            f"{size} says nothing about {listed([what for what, _ in silent], 'or')}: it would see a change of "
            f"the size above {chances} times in 100, and one that is not there 5 times in 100."
        )
    if seen:
        yield f"{'It' if silent else size} can show {listed(seen)}."
    if takes:
        yield (
            f"To see it 4 times in 5 takes about so many people a side: {listed(takes)}; you have {posts:,.0f} in "
            "all. What a pilot does show is whether the programme runs as forecast, and what people learn, if they "
            "are tested before and after."
        )


_WHAT = {
    "stay": "who quits",
    "engaged": "engagement in a survey after a year",
    "ideas": "ideas carried out",
}
_USUAL = 60
"""People of a usual pilot."""

_SILENT = 30
"""Chances in 100 below which a pilot is said to say nothing about an effect: what it did see would be luck and far
too large.
"""


def chance_to_see(people: float, needed: float) -> float:
    """Chance that a two-sided test at 5 % sees an effect for which so many people a side are needed to see it 4 times
    in 5.
    """
    away = math.sqrt(_ODDS * people / needed)
    return _normal(away - _TWO_SIDED) + _normal(-away - _TWO_SIDED)


def _normal(number: float) -> float:
    """Normal distribution function."""
    return 0.5 * math.erfc(-number / math.sqrt(2.0))


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
