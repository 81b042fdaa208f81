"""What each finalist does for the other goals, how it runs, and what is best for whoever wants something else."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.outcomes.goals import BY_NAME, band_of
from sim.report.deciding.best_words import Words
from sim.report.deciding.page import Cell, Section, Table, as_table
from sim.report.said import count
from sim.report.words import capitalised, listed, named, number_word

__all__ = ["gives_up_section", "goals_section"]


def gives_up_section(words: Words) -> Section:
    """What each finalist does for every other goal, and how it runs."""
    goals = list(words.found.goals["goal"])
    rows = []
    for row in words.rows:
        cells = [Cell(str(row["design"]))]
        for name in goals:
            goal = BY_NAME[name]
            kind = (
                "better"
                if row[f"{name}_low"] > 0.0
                else "worse"
                if row[f"{name}_high"] < 0.0
                else "unknown"
            )
            cells.append(
                Cell(
                    words.short(goal, row[name]),
                    words.span(goal, row[f"{name}_low"], row[f"{name}_high"]),
                    kind,
                )
            )
        rows.append(cells)
    heads = [("Programme", ""), *((BY_NAME[name].title, BY_NAME[name].more) for name in goals)]
    run = [
        [
            str(row["design"]),
            count(row["participants"]),
            _of_100(row["turned_away"]),
            _of_100(row["meetings_kept"]),
            _of_100(row["early_endings"]),
        ]
        for row in words.rows
    ]
    return Section(
        "gives-up",
        "What each gives up",
        sentences=tuple(_given_up(words)),
        tables=(
            Table("Change against no programme, with its 95 % interval.", heads, rows),
            as_table(
                "How they run: people who take part in a year, mentors and mentees (who does so twice counts "
                "twice); the rest of 100 each.",
                [
                    "Programme",
                    "Take part",
                    "Asked in vain",
                    "Meetings held",
                    "Pairs that break up",
                ],
                run,
            ),
        ),
    )


def _given_up(words: Words) -> Iterator[str]:
    told = []
    for row in words.found.goals.to_dict("records"):
        goal = BY_NAME[str(row["goal"])]
        enough = row["given_up"] >= band_of(float(row["without"]))
        if (
            not goal.is_money
            and row["goal"] != words.found.goal
            and row["given_up_low"] > 0.0
            and enough
        ):
            told.append(
                f"{goal.title.lower()} ({words.short(goal, row['given_up'])} under {named(str(row['design']))})"
            )
    if told:
        yield f"{named(words.found.pick)} gives up {listed(told)}."
    else:
        yield (
            f"{named(words.found.pick)} gives up nothing that anybody would notice: no programme within the budget does "
            "noticeably more for another goal."
        )


def _of_100(number: float) -> str:
    return f"{number:.0f}" if math.isfinite(number) else "–"


def goals_section(words: Words) -> Section:
    """The best programme for every other goal."""
    rows = [
        [
            Cell(BY_NAME[str(row["goal"])].title, str(row["unit"])),
            Cell(str(row["design"])),
            Cell(
                words.short(BY_NAME[str(row["goal"])], row["gain"]),
                words.span(BY_NAME[str(row["goal"])], row["low"], row["high"]),
            ),
            Cell(
                words.short(BY_NAME[str(row["goal"])], row["gain_of_pick"]),
                words.span(BY_NAME[str(row["goal"])], row["pick_low"], row["pick_high"]),
            ),
        ]
        for row in words.found.goals.to_dict("records")
    ]
    heads = [
        ("Goal", ""),
        ("Best for it within the budget", ""),
        ("What that does", "95 % interval"),
        (f"What “{words.found.pick}” does", "95 % interval"),
    ]
    different = {str(row[1].text) for row in rows}
    word = (
        "The same programme is best for every goal."
        if len(different) == 1
        else f"{capitalised(number_word(len(different)))} different programmes are best for {number_word(len(rows))} goals; "
        "how far they differ is in the last two columns."
    )
    return Section(
        "goals",
        "If you want something else",
        sentences=(word,),
        tables=(Table("The best programme for each goal under the same budget.", heads, rows),),
    )
