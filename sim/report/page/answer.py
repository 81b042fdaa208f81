"""Page one: what to do, what changes, what it costs, how sure that is, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sim.outcomes.goals import SIZE_RULE, Goal
from sim.report.advice import OUTPUT_RESTS_ON, Advice, advise
from sim.report.decisions import Decision, Verdict
from sim.report.dose import nobody_is_paired, shortfalls
from sim.report.hanging import hanging
from sim.report.leading import lead
from sim.report.page.first_costs import Costs, costs
from sim.report.page.knowing import knowing
from sim.report.page.pilot import Pilot, pilot
from sim.report.page.view import View
from sim.report.plain import plainly
from sim.report.said import MARKS, cell, count, mark, money, range_of, under_sets, without
from sim.report.words import capitalised, counted, listed, named, number_word

__all__ = ["Answer", "Cell", "Row", "answer"]

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One goal of one variant: the verdict and what it rests on."""

    verdict: Verdict
    mark: str
    words: str
    text: str
    range: str
    size: str


@dataclass(frozen=True, slots=True)
class Row:
    """One variant: a cell for every goal, its cost, what more is produced, and whether it pays; no money where it
    is not told.
    """

    name: str
    cells: tuple[Cell, ...]
    cost: str
    split: str
    pays: Cell | None
    produced: Cell | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Page one.

    Attributes
    ----------
    lead
        The answer in a sentence or two.
    advice
        What to do, by goal.
    hangs_on
        Sentences about what no study measures and what is recommended hangs on; as the terminal says them.
    heads
        Title, what there is without a programme, and key of every column.
    rows
        The table, in the scenario's order.
    left_out
        Sentences about goals that no programme moves, which have no column.
    sizes
        Sentences about programmes that leave places empty.
    output_rests_on
        What the money of what is produced rests on; empty where it is not told.
    rule
        How sizes are named.
    costs, sure, pilot
        The sections after it.
    """

    lead: str
    advice: tuple[Advice, ...]
    hangs_on: tuple[str, ...]
    heads: tuple[tuple[str, str, str], ...]
    rows: tuple[Row, ...]
    left_out: tuple[str, ...]
    sizes: tuple[str, ...]
    output_rests_on: str
    rule: str
    costs: Costs
    sure: tuple[str, ...]
    pilot: Pilot | None


def answer(view: View, first: str = "") -> Answer:
    """Say in plain language what came out.

    Parameters
    ----------
    first
        Key of the goal whose advice comes first.
    """
    decisions = view.decisions
    every = advise(decisions, view.others, view.paying) if view.others else []
    every.sort(key=lambda one: one.goal.key != first)
    shown = [goal for goal in decisions.goals if goal.key != "start" or _moved(view)]
    heads = []
    for goal in shown:
        one = decisions.of(goal, view.others[0] if view.others else view.baseline)
        heads.append((goal.title, without(one, decisions.posts, short=True), goal.key))
    moved = tuple(
        one for one in every if one.goal in shown or one.goal.is_money or one.goal.key == first
    )
    return Answer(
        lead=_lead(view, every),
        advice=moved,
        hangs_on=tuple(hanging(decisions, every)) if view.firms > 1 else (),
        heads=tuple(heads),
        rows=tuple(_row(view, name, shown) for name in view.others),
        left_out=tuple(_left_out(view, every, shown)),
        sizes=() if nobody_is_paired(decisions) else tuple(shortfalls(decisions)),
        output_rests_on=OUTPUT_RESTS_ON if view.paying and decisions.counts_output else "",
        rule=SIZE_RULE,
        costs=costs(view),
        sure=tuple(_sure(view, every)),
        pilot=None if nobody_is_paired(decisions) else pilot(view, every),
    )


def _moved(view: View) -> bool:
    """Whether any programme moves newcomers noticeably."""
    told = [view.decisions.of(goal, name) for goal in view.decisions.goals for name in view.others
            if goal.key == "start"]  # fmt: skip
    return any(one.verdict in ("better", "worse") and one.noticeable for one in told)


def _lead(view: View, every: list[Advice]) -> str:
    if not view.others:
        lacks = "without" if view.has_programme(view.baseline) else "with"
        return (
            f"Only {named(view.baseline)} was simulated, so that there is nothing to compare it with. Add a "
            f"variant {lacks} a programme to the scenario: what a programme changes is the difference between the two."
        )
    if view.firms < 2:
        return (
            "One simulated firm cannot tell a programme’s doing from chance. Simulate more: 100 take a "
            "minute or two."
        )
    return lead(view.decisions, every, len(view.others))


def _row(view: View, name: str, goals: Sequence[Goal]) -> Row:
    decisions = view.decisions
    cells = tuple(_cell(decisions.of(goal, name), decisions.currency) for goal in goals)
    if name not in view.paying:
        return Row(name, cells, "", "", None, None)
    cost, cash = view.worth(name, "cost").value, view.cash(name)
    split = ""
    if cash == cash and cost == cost:
        split = f"{money(cash)} cash, {money(cost - cash)} time"
    produced = None
    if decisions.counts_output:
        produced = _produced_cell(view, name)
    return Row(name, cells, money(cost), split, _pay_cell(view, name), produced)


def _cell(one: Decision, currency: str) -> Cell:
    size: str = one.size if one.verdict in ("better", "worse") else ""
    if one.why == "assumptions":
        size = under_sets(one).removesuffix(" of assumptions")
    elif one.verdict == "unknown" and one.low * one.high > 0.0:
        size = mark(one.verdict, one.why)
    return Cell(
        one.verdict, MARKS[one.verdict], mark(one.verdict, one.why), cell(one, currency),
        range_of(one, currency), size,
    )  # fmt: skip


def _pay_cell(view: View, name: str) -> Cell:
    """The quits that it must prevent against those that it does."""
    one = view.decisions.pays(name)
    words = {"better": "pays", "worse": "does not pay"}.get(one.verdict, mark("unknown", one.why))
    even = view.worth(name, "break_even_exits").value
    does = view.worth(name, "exits_avoided").value
    text = "–"
    if even == even and does == does:
        text = f"{count(does)} of {count(even)} prevented"
        if does < 0.0:
            text = f"{count(does)} more quit; {count(even)} to prevent"
    return Cell(
        one.verdict, MARKS[one.verdict], words, text, cell(one, view.decisions.currency), ""
    )


def _produced_cell(view: View, name: str) -> Cell:
    """What is produced more, in money and as a share of all pay."""
    one = view.decisions.output(name)
    share = view.worth(name, "output_gained_share").value
    found = _cell(one, "")
    if one.verdict == "unknown" or share != share:
        return found
    return replace(found, size=f"{abs(share):.1f} % of all pay")


def _left_out(view: View, every: list[Advice], shown: Sequence[Goal]) -> Iterator[str]:
    for one in every if view.firms > 1 else ():
        if one.goal in shown or one.goal.is_money:
            continue
        told = [view.decisions.of(one.goal, name) for name in view.others]
        if all(decision.why == "undefined" for decision in told):
            continue
        largest = max(told, key=lambda decision: abs(decision.value))
        yield (
            f"{one.goal.title}: no programme moves them by enough to notice; at most "
            f"{cell(largest)} ({range_of(largest)})."
        )


def _sure(view: View, every: list[Advice]) -> Iterator[str]:
    """In how many firms, what it hinges on, what no interval holds."""
    if view.others and view.firms > 1:
        yield from _often(view, every)
    if not view.others:
        return
    yield from _hanging(view)
    yield from knowing(view)
    yield (
        "No interval here holds what the model leaves out: your people, your politics, who will really "
        "volunteer. A programme that does well here is a candidate for a pilot, not a proof."
    )


def _often(view: View, every: list[Advice]) -> Iterator[str]:
    """Natural frequencies of what is recommended; where nothing is, of what keeps most people."""
    names = [name for one in every if not one.goal.is_money for name in one.names]
    first = view.decisions.goals[0]
    closest = max(view.others, key=lambda one: view.decisions.of(first, one).value)
    name = max(dict.fromkeys(names), key=names.count, default=closest)
    told = [view.decisions.of(goal, name) for goal in view.decisions.goals if goal.key != "start"]
    parts = [f"{_MORE[one.goal.key]} in {one.better:,}" for one in told if one.firms == view.firms]
    if name in view.paying:
        pays = view.decisions.pays(name)
        parts.append(f"it paid for itself in {pays.better:,}")
    if parts:
        yield (
            f"Of {view.firms:,} firms like yours, each tried with and without {named(name)}, "
            f"{listed(parts)}."
        )


_MORE = {
    "stay": "more people stayed",
    "engaged": "more were engaged",
    "ideas": "more ideas were carried out",
}


def _hanging(view: View) -> Iterator[str]:
    """What the answer hangs on, by name; or that it was not looked for."""
    if not view.parameter_sets:
        yield (
            "What it hangs on was not looked for: every firm was simulated with one central value of each "
            "assumption. “mentorsim compare … --ensemble” varies them and says."
        )
        return
    if not view.sets_differ:
        yield "All these firms share one set of assumptions, which cannot show what it hangs on."
        return
    told = [view.decisions.of(goal, name) for goal in view.decisions.goals for name in view.others]
    open_ = [one for one in told if one.why == "assumptions"]
    hinges: dict[str, int] = {}
    for one in open_ or told:
        for key in view.decisions.hinges(one.goal, one.name)[:1]:
            hinges[key] = hinges.get(key, 0) + 1
    names = sorted(hinges, key=lambda key: -hinges[key])[:_MOST_NAMED]
    start = (
        f"The firms lived under {counted(view.parameter_sets, 'set')} of assumptions; “better” and “worse” "
        "stand only where nearly all sets agree."
    )
    plain = listed([f"on {plainly(key)}" for key in names])
    if open_:
        many = capitalised(number_word(len(open_)))
        which = "One verdict depends" if len(open_) == 1 else f"{many} verdicts depend"
        on = f": {plain}" if plain else "; on what, so few sets do not show"
        start += f" {which} on what is assumed{on}."
    elif names:
        start += f" How large the changes are depends most {plain}."
    yield start
