"""Rows of a file before they are understood: cells without what surrounds them, and how many columns they name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.organisation.roster.column_names import Names
from sim.organisation.roster.headings import find_columns

__all__ = ["Line", "cleaned", "named_columns", "one_line"]

_ZERO_WIDTH = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"), None)


class Line(NamedTuple):
    """A row of a file before it is understood: the line on which it begins, and its cells."""

    number: int
    cells: list[str]


def named_columns(cells: Sequence[str], names: Names) -> int:
    """How many different columns a row names."""
    if len(cells) > 2_000 or not any(cells):
        return 0
    return len(find_columns([one_line(cell) for cell in cells], names).positions)


def cleaned(text: str) -> str:
    """A cell without surrounding blanks, invisible marks and what spreadsheets wrap around numbers."""
    if not text:
        return text
    if not text.isascii():
        text = text.translate(_ZERO_WIDTH).replace("\xa0", " ").replace("\u202f", " ")
    text = text.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 3:
        text = text[2:-1].strip()
    return text


def one_line(text: str) -> str:
    """The same text without line breaks and doubled blanks."""
    return " ".join(text.split())
