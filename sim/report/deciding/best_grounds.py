"""What the answer rests on: the assumptions it hangs on, how much of the lead was luck, what was tried."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.deciding.levers import LEVERS
from sim.report.deciding.best_words import Words
from sim.report.deciding.page import Section, as_table
from sim.report.page.knowing import knowing_in_words
from sim.report.plain import plainly
from sim.report.said import count
from sim.report.words import counted, listed, named

__all__ = ["hanging", "luck_section", "tried_section"]

_SHOWN_DESIGNS = 60


def hanging(words: Words) -> Iterator[str]:
    """What the pick's effect hangs on, and what knowing it would bring."""
    sets = int(words.found.facts["sets"])
    yield f"The finalists lived under {counted(sets, 'set')} of assumptions that agree with published figures."
    if words.found.hinges:
        parts = [f"on {plainly(key)}" for key in words.found.hinges]
        yield f"How much {named(words.found.pick)} does depends most {listed(parts)}."
    elif not words.is_none:
        yield f"How much {named(words.found.pick)} does goes with no single assumption that stands out."
    table = words.found.value_of_knowing
    if len(table):
        yield from knowing_in_words(
            table.to_dict("records"), {words.goal.key: words.without()}, words.currency
        )
    yield (
        "No interval here holds what the model leaves out: your people, your politics, who will really "
        "volunteer. What does well here is a candidate for a pilot, not a proof."
    )


def luck_section(words: Words) -> Section:
    """How much of the search's lead was luck."""
    points = []
    for row in words.found.curve.to_dict("records"):
        if math.isfinite(row["lead_in_search"]) and row["cost"] > 0.0:
            points.append(
                f"{words.money(row['budget'])}: {named(str(row['design']))} was {_lead(words, row['lead_in_search'])} "
                f"the other finalists in the search, and {_lead(words, row['lead_on_fresh'])} them on fresh firms."
            )
    kept = float(words.found.facts["kept"])
    sentences = [
        "Whatever leads a search leads partly by luck. So the finalists were judged anew, on other firms and "
        "under the other half of the sets of assumptions; every number on this page is from there.",
    ]
    if not words.found.fresh:
        sentences = ["The search was stopped before the finalists could be judged on fresh firms."]
    elif math.isfinite(kept):
        share = round(100.0 * min(max(kept, 0.0), 1.0))
        sentences.append(
            f"Of what set the finalists apart in the search, {share} of 100 parts were still there on fresh firms; "
            f"{100 - share} were luck."
        )
    return Section("luck", "How much of the lead was luck", sentences=sentences, points=points)


def _lead(words: Words, number: float) -> str:
    size = words.money(number) if words.goal.is_money else count(number)
    return f"{size} ahead of" if number >= 0.0 else f"{size} behind"


def tried_section(words: Words) -> Section:
    """Every programme that was tried, those that lasted longest first."""
    table = words.found.designs.sort_values(
        ["firms", "gain"], ascending=False, kind="stable", ignore_index=True
    )
    shown = table.head(_SHOWN_DESIGNS).to_dict("records")
    rows = [
        [
            str(row["design"]),
            *(str(row[lever.name]) or "–" for lever in LEVERS),
            f"{row['firms']}",
            words.short(words.goal, row["gain"]),
            words.money(row["cost"]),
        ]
        for row in shown
    ]
    heads = [
        "Programme",
        *(lever.title for lever in LEVERS),
        "Firms",
        words.goal.title,
        "Cost a year",
    ]
    made = words.found.manifest
    return Section(
        "tried",
        "What was tried",
        sentences=(
            f"{int(made['designs']):,} programmes began the race: no programme, the scenario’s own, and combinations "
            "of what a planner decides, at random at first and then in the neighbourhood of the best. All live "
            "through the same firms; what is surely worse leaves. Everything that is not in the table is as the "
            "scenario has it.",
            f"The search took {counted(int(made['search_firms']), 'firm')}, one set of assumptions each; half of the sets "
            "served the search and half the final, each set as often as any other.",
            "To see the winners in full: mentorsim compare best.toml --ensemble",
        ),
        tables=(
            as_table(
                "Those that lasted longest; their numbers are those of the search, and so partly luck.",
                heads,
                rows,
                summary=f"{len(shown)} of {len(table)} programmes that were tried (all: designs.csv)",
            ),
        ),
    )
