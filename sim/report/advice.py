"""What to do, by goal: a programme is recommended only where the intervals carry it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.outcomes.goals import PAY, PAY_WITH_OUTPUT, Goal
from sim.report.decisions import Decision, Decisions
from sim.report.plain import plainly
from sim.report.said import amount, gained, range_of, under_sets
from sim.report.words import capitalised, listed, named, number_word

__all__ = [
    "OUTPUT_RESTS_ON",
    "Advice",
    "Kind",
    "advice_on",
    "advise",
]

Kind = Literal["take", "several", "too small", "none", "unknown"]
"""One programme is in front; several that cannot be told apart; more, but too little to notice; none is
better; it cannot be told."""

_MOST_NAMED = 3

OUTPUT_RESTS_ON = (
    "Not money in the bank: it takes output to be worth what is paid for it, what people can do more to be used, "
    "and a meeting to teach in your trade what it taught in published trials of sales work."
)
"""Said wherever what people produce is told in money."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do if one wants a goal.

    Attributes
    ----------
    goal, kind
        See :data:`Kind`.
    front
        Decisions about the programmes to take, against none, the greatest mean first; where it is too
        little to notice, the one that does most.
    likely
        Programmes that do more on average than those to take, but whose doing so depends on what is
        assumed.
    harm
        Programmes that noticeably do the opposite.
    text
        Goes on after "if you want ...".
    """

    goal: Goal
    kind: Kind
    front: tuple[Decision, ...]
    likely: tuple[Decision, ...]
    harm: tuple[Decision, ...]
    text: str

    @property
    def names(self) -> tuple[str, ...]:
        """The programmes to take."""
        return tuple(one.name for one in self.front) if self.kind in ("take", "several") else ()

    @property
    def candidates(self) -> tuple[str, ...]:
        """The programmes to take, and those that do more on average."""
        return (*self.names, *(one.name for one in self.likely))


def advise(decisions: Decisions, names: Sequence[str], paying: Sequence[str]) -> list[Advice]:
    """Advice on every goal, money last.

    Parameters
    ----------
    names
        The variants other than the baseline.
    paying
        Those whose money can be told about.
    """
    found = [
        advice_on(decisions, goal, [decisions.of(goal, name) for name in names])
        for goal in decisions.goals
    ]
    if paying:
        found.append(advice_on(decisions, PAY, [decisions.pays(name) for name in paying]))
    if paying and decisions.counts_output:
        told = [decisions.pays_with_output(name) for name in paying]
        found.append(advice_on(decisions, PAY_WITH_OUTPUT, told))
    return found


def advice_on(decisions: Decisions, goal: Goal, told: Sequence[Decision]) -> Advice:
    """Advice on one goal, from the decisions about all programmes."""
    better = sorted((one for one in told if one.verdict == "better"), key=lambda one: -one.value)
    enough = [one for one in better if goal.is_money or one.noticeable]
    harm = tuple(
        one for one in told if one.verdict == "worse" and one.noticeable and not goal.is_money
    )
    front: list[Decision] = []
    kind: Kind = "none"
    if enough:
        front = _front(decisions, goal, enough)
        kind = "take" if len(front) == 1 else "several"
    elif better and not _more_is_open(told, better[0]):
        front, kind = better[:1], "too small"
    elif any(one.verdict == "unknown" for one in told):
        kind = "unknown"
    likely = _likely(decisions, goal, front, told) if enough else []
    text = _text(decisions, goal, kind, front, told)
    if likely:
        text += f" {_more_on_average(decisions, likely[0])}"
    if harm:
        text += f" {_harm(harm)}"
    if goal.key == PAY_WITH_OUTPUT.key:
        text += f" {OUTPUT_RESTS_ON}"
    return Advice(goal, kind, tuple(front), tuple(likely), harm, text)


def _more_is_open(told: Sequence[Decision], best: Decision) -> bool:
    """Whether another one may do more than the best that is shown, by enough to notice."""
    return any(
        one.verdict == "unknown" and one.value > best.value and one.noticeable for one in told
    )


def _likely(
    decisions: Decisions, goal: Goal, front: Sequence[Decision], told: Sequence[Decision]
) -> list[Decision]:
    """Those that beat the front on average over the sets, but do not hold under nearly all of them."""
    ahead = [
        one
        for one in told
        if one.why == "assumptions"
        and one.low > 0.0
        and decisions.between(goal, one.name, front[0].name).verdict == "better"
    ]
    return sorted(ahead, key=lambda one: -one.value)


def _more_on_average(decisions: Decisions, one: Decision) -> str:
    text = (
        f"{named(one.name)} does more on average, {gained(one, decisions.currency)} "
        f"({range_of(one, decisions.currency)}), but not surely: {under_sets(one)}"
    )
    hinges = decisions.hinges(one.goal, one.name)
    return f"{text}; it hinges on {plainly(hinges[0])}." if hinges else f"{text}."


def _front(decisions: Decisions, goal: Goal, better: Sequence[Decision]) -> list[Decision]:
    """Those that the greatest mean is not shown to beat; nobody behind whom somebody with less is put."""
    front = [better[0]]
    for one in better[1:]:
        if decisions.between(goal, better[0].name, one.name).verdict == "better":
            break
        front.append(one)
    return front


def _text(
    decisions: Decisions,
    goal: Goal,
    kind: Kind,
    front: Sequence[Decision],
    told: Sequence[Decision],
) -> str:
    currency = decisions.currency
    if kind == "take":
        (one,) = front
        size = "" if goal.is_money else f", {_SIZED[one.size]}"
        which = "" if len(told) == 1 else named(one.name)
        head = f"{which}: " if which else "yes, "
        return f"{head}{gained(one, currency)} ({range_of(one, currency)}){size}."
    if kind == "several":
        return _several(decisions, goal, front, told)
    if kind == "too small":
        (one,) = front
        which = f"{named(one.name)} does most: " if len(told) > 1 else ""
        return f"{_none(told)} by enough to notice. {which}{gained(one)} ({range_of(one)})."
    if kind == "none":
        return _nothing(goal, told)
    return _unknown(decisions, goal, told)


_SIZED = {
    "too small to notice": "too small to notice",
    "small": "a small change",
    "clear": "a clear change",
    "large": "a large change",
}


def _several(
    decisions: Decisions, goal: Goal, front: Sequence[Decision], told: Sequence[Decision]
) -> str:
    first, last = gained(front[0], decisions.currency), front[-1]
    equal = all(
        decisions.between(goal, front[0].name, one.name).verdict == "equal" for one in front[1:]
    )
    same = "are equal" if equal else "cannot be told apart"
    if len(front) == len(told):
        who = f"{'both' if len(told) == 2 else f'any of the {number_word(len(told))}'}; they {same}"
    elif len(front) <= _MOST_NAMED:
        who = f"{listed([named(one.name) for one in front])}; they {same}"
    else:
        some = listed([named(one.name) for one in front[:2]])
        who = f"{number_word(len(front))} programmes {same}, {some} among them"
    least, most = (amount(one, one.value, decisions.currency) for one in (last, front[0]))
    span = first if least == most else f"{least} to {first}"
    sizes = list(dict.fromkeys(one.size for one in reversed(front)))
    size = "" if goal.is_money else f", a {' to '.join(sizes)} change"
    return f"{who}, so take the one that is easiest to run. {capitalised(span)}{size}."


def _none(told: Sequence[Decision]) -> str:
    return "not" if len(told) == 1 else "none of these"


def _nothing(goal: Goal, told: Sequence[Decision]) -> str:
    if goal.key == PAY_WITH_OUTPUT.key:
        if len(told) == 1:
            return "no: it costs more than both bring."
        return "none of these; each costs more than both bring."
    if goal.is_money:
        if len(told) == 1:
            return "no: it costs more than the quits that it prevents would."
        return "none of these; each costs more than the quits that it prevents would."
    if all(one.verdict == "equal" for one in told):
        if len(told) == 1:
            return "not; it makes no difference that anybody would notice."
        return "none of these; none makes a difference that anybody would notice."
    return f"{_none(told)}; what change there is, is for the worse."


_REASONS = {
    "chance": "so few firms cannot tell {} from chance",
    "assumptions": "{} depends on what is assumed",
    "few sets": "so few parameter sets cannot tell",
    "one firm": "one simulated firm cannot tell",
    "undefined": "it is undefined in these firms",
}
_WHICH = {"chance": "what they do", "assumptions": "whether any does"}


def _unknown(decisions: Decisions, goal: Goal, told: Sequence[Decision]) -> str:
    """Why nothing is recommended."""
    open_ = [one for one in told if one.verdict == "unknown"]
    kinds = list(dict.fromkeys(one.why for one in open_))
    best = max(open_, key=lambda one: one.value if one.value == one.value else -1e300)
    if "assumptions" in kinds:
        why, best = (
            "assumptions",
            max((one for one in open_ if one.why == "assumptions"), key=lambda one: one.value),
        )
    else:
        why = kinds[0]
    text = _REASONS[why].format("it" if len(told) == 1 else _WHICH.get(why, ""))
    if why in ("assumptions", "chance") and best.value > 0.0:
        who = "" if len(told) == 1 else f"{named(best.name)} comes closest: "
        text += f". {capitalised(who)}{gained(best, decisions.currency)} on average ({range_of(best, decisions.currency)})"
        if why == "assumptions":
            text += f"; {under_sets(best)}"
        hinges = decisions.hinges(goal, best.name)
        if why == "assumptions" and hinges:
            text += f"; it hinges on {plainly(hinges[0])}"
    surely = max(
        (one for one in told if one.verdict == "better"), key=lambda one: one.value, default=None
    )
    if surely is not None:
        text += (
            f". {named(surely.name)} surely does more, but too little to notice: "
            f"{gained(surely, decisions.currency)} ({range_of(surely, decisions.currency)})"
        )
    return f"it cannot be told: {text}."


def _harm(harm: Sequence[Decision]) -> str:
    if len(harm) > _MOST_NAMED:
        return f"{capitalised(number_word(len(harm)))} programmes do the opposite (▼ in the table)."
    parts = [f"{named(one.name)}: {gained(one)}" for one in harm]
    return f"The opposite under {'; '.join(parts)}."
