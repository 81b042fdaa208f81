"""The answer in one or two sentences, above everything else."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.advice import Advice
from sim.report.decisions import Decisions
from sim.report.dose import nobody_is_paired
from sim.report.said import gained, money
from sim.report.words import capitalised, listed, named, number_word

__all__ = ["hangs_on_assumptions", "lead"]

_MOST_NAMED = 3


def lead(decisions: Decisions, every: Sequence[Advice], programmes: int) -> str:
    """The answer in one or two sentences.

    Parameters
    ----------
    every
        The advice on all goals.
    programmes
        How many there are to choose from.
    """
    if nobody_is_paired(decisions):
        which = "this programme allow" if programmes == 1 else "these programmes allow"
        return (
            f"Nobody is paired here: the rules of {which} no pair among these people, so that nothing can be said "
            "about what mentoring would do. Let people pair within their team, or with their own manager, or across "
            "fewer levels; or take in more people."
        )
    goals = [one for one in every if not one.goal.is_money]
    reached = [one for one in goals if one.names]
    if not reached:
        return _nothing_reached(decisions, goals, programmes)
    common = [
        name for name in reached[0].candidates if all(name in one.candidates for one in reached)
    ]
    if not common:
        return _best_at_most(decisions, reached)
    if len(common) > 1:
        some = listed([named(name) for name in common[:_MOST_NAMED]], "or")
        if len(common) > _MOST_NAMED:
            some = f"any of {number_word(len(common))} programmes, {named(common[0])} among them"
        start = f"If you run one, run {some}: they cannot be told apart in what they reach"
    else:
        start = f"If you run one, run {named(common[0])}"
        if programmes == 1:
            start = f"{named(common[0])} does what it is for"
    return f"{start}. {_worth(decisions, common[0], reached, len(common) > 1)}".rstrip()


def hangs_on_assumptions(decisions: Decisions, goals: Sequence[Advice]) -> bool:
    """Whether a goal for which nothing can be recommended would be reached under some sets of assumptions."""
    compared = [name for name in decisions.comparison.variants if name != decisions.baseline]
    return any(
        decisions.of(one.goal, name).why == "assumptions"
        for one in goals
        if one.kind == "unknown"
        for name in compared
    )


def _best_at_most(decisions: Decisions, reached: Sequence[Advice]) -> str:
    """One programme may still be best at all goals but one, which is then named."""
    for odd in reached:
        rest = [one for one in reached if one is not odd]
        names = [name for name in rest[0].names if all(name in one.names for one in rest)]
        if len(rest) > 1 and names:
            return (
                f"If you run one, run {named(names[0])}, unless you want {odd.goal.want} above all: then "
                f"{named(odd.names[0])}. {_worth(decisions, names[0], rest, True)}"
            )
    return "No programme is best at everything: choose by what you want."


def _worth(decisions: Decisions, name: str, reached: Sequence[Advice], several: bool) -> str:
    found = [decisions.of(one.goal, name) for one in reached]
    gains = [gained(one) if one.verdict == "better" else f"likely {gained(one)}" for one in found]
    what = listed(gains)
    if decisions.without_programme is None or name == decisions.without_programme:
        return f"{capitalised(what)}."
    pays = decisions.pays(name)
    short = named(name) if several else "it"
    if pays.verdict == "better":
        return f"{capitalised(what)}; and the quits that {short} prevents pay for it."
    if pays.verdict == "worse":
        cost = money(pays.value, decisions.currency)
        return (
            f"The quits that {short} prevents do not pay for it: it is worth running if this is worth about "
            f"{cost} a year to you: {what}."
        )
    return (
        f"{capitalised(what)}. Whether the quits that {short} prevents pay for it cannot be told."
    )


def _nothing_reached(decisions: Decisions, goals: Sequence[Advice], programmes: int) -> str:
    kinds = {one.kind for one in goals}
    which = "This programme" if programmes == 1 else "None of these programmes"
    if "unknown" in kinds and hangs_on_assumptions(decisions, goals):
        return (
            f"{which} can be recommended yet: what it would do depends on what is assumed (see “How sure this is”)."
            if programmes > 1
            else f"{which} cannot be recommended yet: what it would do depends on what is assumed."
        )
    if kinds == {"unknown"}:
        return "No programme can be recommended: these firms cannot tell."
    if "unknown" in kinds:
        rest = "and some of it cannot be told"
        if programmes == 1:
            return f"{which} is not shown to change anything that you would notice, {rest}."
        return f"{which} is shown to change anything that you would notice, {rest}."
    changes = "changes nothing" if programmes == 1 else "changes anything"
    return f"{which} {changes} that you would notice."
