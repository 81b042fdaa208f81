"""In words: how many headline effects survive each null model."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.outcomes.declared import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison import Comparison

__all__ = ["TITLES", "counts_of", "null_lines"]

TITLES = {
    "zero_effect": "zero effect",
    "shuffled_partners": "shuffled partners",
    "random_pairing": "random pairing",
}
"""The null models that are told about, in words."""


def counts_of(table: pd.DataFrame) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    """By null model and outcome: the programmes whose effect survives it, and those whose does not.

    Programmes that show no effect to begin with are in neither.
    """
    found: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for row in table.to_dict("records"):
        survive, others = found.setdefault((str(row["null"]), str(row["outcome"])), ([], []))
        if row["verdict"] == "survives":
            survive.append(str(row["variant"]))
        elif row["verdict"] != "no effect shown":
            others.append(str(row["variant"]))
    return found


def null_lines(comparison: Comparison, width: int, title_width: int) -> Iterator[str]:
    """Lines of the summary; none unless partners are shuffled, or effects switched off, in a variant."""
    table = comparison.nulls
    if not table["null"].isin(("zero_effect", "shuffled_partners")).any():
        return
    counted = counts_of(table)
    yield from (
        "",
        *textwrap.wrap(
            "Null models: how many effects can be told from what the null model gives, in the same "
            "direction, by the 95 % interval of the paired difference (nulls.csv).",
            width,
        ),
    )
    headlines = [item for item in OUTCOMES if item.headline]
    for kind, title in TITLES.items():
        told = [item for item in headlines if (kind, item.name) in counted]
        lines: list[str] = []
        for item in told:
            text = f"{item.title}: {_share(*counted[kind, item.name])}"
            lines += textwrap.wrap(
                text, width - title_width - 2, subsequent_indent="  ", break_on_hyphens=False
            )
        for number, line in enumerate(lines):
            head = "" if number else f"Against {title}"
            yield f"  {head:<{title_width}}{line}"


def _share(survive: list[str], others: list[str]) -> str:
    """How many survive, and which do not."""
    every = len(survive) + len(others)
    if not every:
        return "no effect shown"
    text = f"{len(survive)} of {every} survive"
    return f"{text}; not {', '.join(others)}" if others else text
