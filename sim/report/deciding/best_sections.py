"""What each budget buys, and the best few programmes beside each other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sim.deciding.levers import LEVERS
from sim.report.deciding.best_words import Row, Words
from sim.report.deciding.curve import Point, curve_chart
from sim.report.deciding.page import Cell, Section, Table, as_table

__all__ = ["curve_section", "finalists_section"]


def curve_section(words: Words) -> Section:
    """What each budget buys, as a picture and a table."""
    told = words.found.curve.to_dict("records")
    drawn = curve_chart(
        [
            Point(
                words.money(row["budget"]),
                row["gain"],
                row["low"],
                row["high"],
                row["share_of_budget"] == 1.0,
            )
            for row in told
        ],
        title="What each budget buys",
        description="; ".join(f"{words.money(row['budget'])}: {words.gain(row)}" for row in told),
        unit=words.goal.more,
    )
    rows = [
        [
            Cell(f"{words.money(row['budget'])} a year"),
            Cell(str(row["design"])),
            Cell(
                words.short(words.goal, row["gain"]),
                words.span(words.goal, row["low"], row["high"]),
            ),
            Cell(
                words.money(row["cost"]),
                f"{words.money(row['cost_low'])} to {words.money(row['cost_high'])} in single firms",
            ),
        ]
        for row in words.found.curve.to_dict("records")
    ]
    heads = [
        ("Budget", f"in {words.found.budget_in}"),
        ("Best programme", ""),
        (words.goal.title, "against no programme, 95 % interval"),
        ("Cost a year", "mean"),
    ]
    return Section(
        "curve",
        "What each budget buys",
        sentences=tuple(_bend(words)),
        charts=(
            (f"{words.goal.title}: change against no programme, with its 95 % interval", drawn),
        ),
        tables=(Table("The best programme for each budget.", heads, rows),),
    )


def _bend(words: Words) -> Iterator[str]:
    """Where more money stops to buy more."""
    rows = words.found.curve.to_dict("records")
    enough = [
        row for row in rows if row["gain"] >= max(other["gain"] for other in rows) - _same(rows)
    ]
    if not any(row["low"] > 0.0 for row in rows):
        yield "None of these budgets buys a change that can be told from none."
        return
    yield (
        f"From {words.money(enough[0]['budget'])} on, more money buys nothing more that can be told apart."
        if enough[0] is not rows[-1]
        else "Every further step of the budget still buys something."
    )


def _same(rows: list[dict[Any, Any]]) -> float:
    """Half an interval of the largest: less than that is not told apart."""
    largest = max(rows, key=lambda row: row["gain"])
    return float(largest["high"] - largest["low"]) / 2.0


def finalists_section(words: Words) -> Section:
    """The best few, beside each other."""
    rows = [
        [
            Cell(str(row["design"]), _STANDING[str(row["standing"])]),
            Cell(
                words.short(words.goal, row[words.found.goal]),
                words.span(
                    words.goal, row[f"{words.found.goal}_low"], row[f"{words.found.goal}_high"]
                ),
            ),
            Cell(_behind(words, row), ""),
            Cell(_chance(row["probability_best"])),
            Cell(_some(words, row["cost_of_wrong_pick"])),
            Cell(words.money(row["cost_cash"]), f"{words.money(row['cost_total'])} in total"),
        ]
        for row in words.rows
    ]
    heads = [
        ("Programme", ""),
        (words.goal.title, "against no programme"),
        ("Behind the pick", "95 % interval"),
        ("Best with probability", "of those within the budget"),
        ("If you pick it and it is not the best", "expected loss"),
        ("Cost a year", "cash"),
    ]
    levers = as_table(
        "What the finalists are.",
        ["Programme", *(lever.title for lever in LEVERS)],
        [
            [str(row["design"]), *(str(row[lever.name]) or "–" for lever in LEVERS)]
            for row in words.rows
        ],
    )
    return Section(
        "finalists",
        "The best few",
        sentences=(
            "Judged on firms and under assumptions that the search never saw; the same firms for all, so that "
            "differences are better known than the changes themselves.",
        ),
        tables=(
            Table("The finalists, the one that led the search first.", heads, rows),
            levers,
        ),
    )


def _behind(words: Words, row: Row) -> str:
    if row["standing"] == "pick":
        return "–"
    return f"{words.signed(row['behind_low'])} to {words.signed(row['behind_high'])}"


_STANDING = {
    "pick": "led the search",
    "equal": "equal: any difference is too small to notice",
    "not told apart": "cannot be told apart",
    "ahead": "surely more on fresh firms",
    "behind": "surely less",
    "costs more": "costs more than the budget",
}


def _chance(share: float) -> str:
    if not math.isfinite(share):
        return "–"
    return (
        "under 1 of 100"
        if share < 0.005
        else f"{min(99, round(100 * share)) if share < 1 else 100} of 100"
    )


def _some(words: Words, number: float) -> str:
    return words.short(words.goal, -number) if math.isfinite(number) else "–"
