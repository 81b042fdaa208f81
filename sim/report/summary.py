"""What is printed after a comparison: one table in people and a year of the firm, and what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.outcomes.goals import Goal
from sim.report.advice import Advice, advise
from sim.report.decisions import Decision, Decisions
from sim.report.dose import MEETINGS, per_meetings, programmes_of, shortfalls, sizes_differ
from sim.report.hanging import hanging
from sim.report.leading import lead
from sim.report.said import MARKS, amount, mark, money, without
from sim.report.verbose import every_number
from sim.report.wording import clipped, decimals_for, signed
from sim.report.words import counted, listed

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison

__all__ = ["summarise"]

_WIDTH = 100
_LONGEST_NAME = 26
_CELL = 21
_MOST_ROWS = 40


def summarise(comparison: Comparison, *, verbose: bool = False) -> str:
    """Return the result of a comparison in a few plain lines.

    Parameters
    ----------
    verbose
        Whether every programme follows with all its numbers, in the outcomes' own units.
    """
    decisions = Decisions(comparison)
    others = [name for name in comparison.variants if name != comparison.baseline]
    lines = [comparison.scenario.title, "", *_wrapped(_how(decisions))]
    if others:
        lines += ["", *_table(decisions, others)]
        lines += _sizes(decisions)
    if others and comparison.replicates > 1:
        every = advise(decisions, others, decisions.paying)
        lines += ["", *_wrapped(lead(decisions, every, len(others)))]
        lines += _by_goal(every)
        for sentence in hanging(decisions, every):
            lines += ["", *_wrapped(sentence)]
    elif others:
        lines += ["", *_wrapped("One simulated firm cannot tell a programme’s doing from chance.")]
    for note in comparison.notes:
        lines += ["", *_wrapped(f"Note: {note}")]
    if verbose:
        lines += ["", *every_number(comparison)]
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_on_hyphens=False)


def _how(decisions: Decisions) -> str:
    comparison = decisions.comparison
    firms = counted(comparison.replicates, "simulated firm")
    text = f"{firms} of {decisions.posts:,.0f} people over {comparison.scenario.months} months"
    sets = int(comparison.manifest.get("parameter_sets") or 0)
    if sets:
        text += f", under {counted(sets, 'set')} of assumptions"
    known = [decisions.of(goal, decisions.baseline) for goal in _shown(decisions)]
    parts = [without(one, decisions.posts) for one in known if one.without == one.without]
    if parts and decisions.without_programme is not None:
        text += f". Without a programme, {listed(parts)}"
    return (
        f"{text}. In brackets: the 95 % interval. ▲ better, ▼ worse, ≈ no difference that anybody would "
        "notice, ○ cannot be told."
    )


def _shown(decisions: Decisions) -> list[Goal]:
    return [goal for goal in decisions.goals if goal.key != "start"]


def _table(decisions: Decisions, others: list[str]) -> Iterator[str]:
    """One row per variant: mean change for the better and its 95 % interval, and what it costs."""
    goals = _shown(decisions)
    wide = min(_LONGEST_NAME, max(len(name) for name in [*others[:_MOST_ROWS], "a year"]))
    costs = decisions.without_programme is not None
    heads = [f"{goal.title:<{_CELL}}" for goal in goals]
    last = f"{'Cost':>9}" if costs else ""
    yield f"{'Change a year':<{wide}}  {'  '.join(heads)}{last}".rstrip()
    for name in others[:_MOST_ROWS]:
        cells = [f"{_cell(decisions.of(goal, name)):<{_CELL}}" for goal in goals]
        cost = f"{_cost(decisions, name):>9}" if costs else ""
        yield f"{clipped(name, wide):<{wide}}  {'  '.join(cells)}{cost}".rstrip()
    if len(others) > _MOST_ROWS:
        yield f"{len(others) - _MOST_ROWS} more are in effects.csv."


def _sizes(decisions: Decisions) -> Iterator[str]:
    """Which programmes leave places empty and, where programmes differ in size, effects per meeting."""
    for sentence in shortfalls(decisions):
        yield ""
        yield from _wrapped(sentence)
    if decisions.without_programme is None or not sizes_differ(decisions):
        return
    goals, names = _shown(decisions), programmes_of(decisions)[:_MOST_ROWS]
    wide = min(_LONGEST_NAME, max(len(name) for name in [*names, "per 100 meetings"]))
    yield ""
    yield "The programmes differ in size. The same for each 100 meetings held:"
    yield ""
    heads = "  ".join(f"{goal.title:<{_CELL}}" for goal in goals)
    yield f"{f'Per {MEETINGS:.0f} meetings':<{wide}}  {heads}".rstrip()
    for name in names:
        cells = []
        for goal in goals:
            one = per_meetings(decisions, goal, name)
            if one.value != one.value:
                cells.append(f"{'–':<{_CELL}}")
                continue
            decimals = decimals_for(one.low, one.high)
            low, high = signed(one.low, decimals), signed(one.high, decimals)
            text = signed(one.value, decimals) + (f" [{low}, {high}]" if one.low == one.low else "")
            cells.append(f"{text:<{_CELL}}")
        yield f"{clipped(name, wide):<{wide}}  {'  '.join(cells)}".rstrip()


def _cell(one: Decision) -> str:
    if one.value != one.value:
        return f"{MARKS[one.verdict]} {mark(one.verdict, one.why)}"
    text = f"{MARKS[one.verdict]} {_signed(one, one.value)}"
    return (
        f"{text} [{_signed(one, one.low)}, {_signed(one, one.high)}]"
        if one.low == one.low
        else text
    )


def _signed(one: Decision, number: float) -> str:
    """As on the page, with a sign for a change for the worse."""
    text = amount(one, number)
    if text.startswith("under"):
        return "−0.0" if number < 0.0 else "+0.0"
    return f"{'−' if number < 0.0 else '+'}{text}" if number else text


def _cost(decisions: Decisions, name: str) -> str:
    firms = decisions.firms
    own, none = firms[name], firms[decisions.without_programme or name]
    return money(float((own["programme_cost"] - none["programme_cost"]).mean()))


def _by_goal(every: list[Advice]) -> Iterator[str]:
    for one in every:
        if one.goal.key == "start" and not one.names:
            continue
        text = f"If you want {one.goal.want}: {one.text}"
        yield from textwrap.wrap(
            text, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
        )
