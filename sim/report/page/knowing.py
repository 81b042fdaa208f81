"""What to measure first: what knowing an assumption would bring to the choice, in a sentence or two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.experiments.knowing import KNOWING
from sim.outcomes.goals import GOALS, PAY, band_of
from sim.report.plain import plainly
from sim.report.said import count, money
from sim.report.words import listed, named

if TYPE_CHECKING:
    from sim.report.page.view import View

__all__ = ["knowing", "knowing_in_words"]

Row = Mapping[Any, Any]

_MOST_NAMED = 2
_GOALS = {goal.key: goal for goal in (*GOALS, PAY)}


def knowing(view: View) -> Iterator[str]:
    """The sentences; none without an ensemble, and from versions that did not work it out."""
    if not view.sets_differ:
        return
    try:
        table = view.comparison.value_of_knowing
    except InputError:
        return
    if set(KNOWING) <= set(table.columns) and len(table):
        without = {
            goal.key: view.decisions.of(goal, view.others[0]).without
            for goal in view.decisions.goals
        }
        yield from knowing_in_words(table.to_dict("records"), without, view.decisions.currency)


def knowing_in_words(
    rows: Sequence[Row], without: Mapping[str, float], currency: str
) -> Iterator[str]:
    """The rows of a table of what is worth knowing, in words.

    Parameters
    ----------
    rows
        See :data:`~sim.experiments.knowing.KNOWING`.
    without
        By goal, what there is without a programme: it says what is too little to notice.
    currency
        Its name.
    """
    told = [row for row in rows if row["stands_out"] and row["gain"] > 0.0]
    enough = [row for row in told if row["low"] > 0.0 and _noticeable(row, without)]
    enough.sort(key=lambda row: -row["gain"] / _band(row, without))
    if enough:
        first: dict[str, Row] = {}
        for row in enough:
            first.setdefault(str(row["parameter"]), row)
        parts = [_told(row, currency) for row in list(first.values())[:_MOST_NAMED]]
        yield f"What to find out first: {'. Then '.join(parts)}."
        return
    if told:
        row = max(told, key=lambda one: one["gain"] / _band(one, without))
        yield (
            "There is nothing that you had better find out before you choose: what would change the choice "
            f"most is {plainly(str(row['parameter']))}, and knowing it would bring too little to notice "
            f"({_amount(row, row['gain'], currency)})."
        )
        return
    largest: dict[str, float] = {}
    for row in rows:
        key = str(row["goal"])
        largest[key] = max(largest.get(key, 0.0), float(row["high"]))
    parts = [_limit(key, most, currency) for key, most in largest.items()]
    yield (
        "There is nothing that you had better find out before you choose: no single assumption, known "
        f"exactly, is shown to change which programme is best. The most that it could bring: {listed(parts, 'or')}."
    )


def _limit(key: str, most: float, currency: str) -> str:
    goal = _GOALS[key]
    return f"{money(most, currency) if goal.is_money else count(most)} {goal.more}"


def _band(row: Row, without: Mapping[str, float]) -> float:
    return band_of(without.get(str(row["goal"]), 0.0))


def _noticeable(row: Row, without: Mapping[str, float]) -> bool:
    """Money has no size that is too small to notice."""
    return bool(row["goal"] == PAY.key or row["gain"] >= _band(row, without))


def _amount(row: Row, number: float, currency: str) -> str:
    goal = _GOALS[str(row["goal"])]
    return f"{money(number, currency) if goal.is_money else count(number)} {goal.more}"


def _told(row: Row, currency: str) -> str:
    """``how many people volunteer. Knowing it before you choose brings 1.3 ...: where it is low, A does most ...``"""
    goal = _GOALS[str(row["goal"])]
    ends = [
        money(float(row[end]), currency) if goal.is_money else count(float(row[end]))
        for end in ("low", "high")
    ]
    text = (
        f"{plainly(str(row['parameter']))}. Knowing it before you choose brings "
        f"{_amount(row, float(row['gain']), currency)} on average ({ends[0]} to {ends[1]})"
    )
    lowest, highest = str(row["choice_lowest"]), str(row["choice_highest"])
    if lowest != highest:
        text += f": where it is low, {named(lowest)} does most, where it is high, {named(highest)}"
    return text
