"""The words about one effect over an ensemble: chance and parameters apart, and whether it holds."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from sim.report.wording import decimals_for, signed

__all__ = ["sure_words"]

_WORDS = {
    "holds": "holds under nearly all sets",
    "depends": "depends on what is assumed",
    "not clear": "not clear whether it holds",
    "cannot be told": "too few parameter sets to tell whether it holds",
}


def sure_words(row: Mapping[Any, Any], width: int) -> list[str]:
    """Lines about a row of the table of uncertainty; none where the outcome is undefined.

    Parameters
    ----------
    row
        Of a headline outcome, by column.
    width
        Longest line.
    """
    conclusion = str(row["conclusion"])
    if conclusion not in _WORDS:
        return []
    parts = []
    for name, words in (("chance", "chance alone"), ("sets", "95 of 100 sets")):
        low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
        if low == low:
            decimals = decimals_for(low, high)
            parts.append(f"{words} [{signed(low, decimals)}, {signed(high, decimals)}]")
    text = "; ".join([*parts, _WORDS[conclusion]])
    if conclusion == "depends" and row["hinges_on"]:
        text += f": it goes with {row['hinges_on']}"
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
