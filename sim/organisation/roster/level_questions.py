"""Questions about the order of levels, each with the line that the planner can reorder, in the likeliest order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from json import dumps

from sim.organisation.roster.findings import quoted
from sim.organisation.roster.headings import plain
from sim.organisation.roster.rows import Rows
from sim.organisation.roster.words import LEVEL_WORDS, RUNGS
from sim.organisation.settings import ORGANISATION

__all__ = ["MOST_LEVELS", "Ranks", "ask_to_group", "order_lines", "refuse_order", "show_order"]

MOST_LEVELS = int(ORGANISATION["levels"].high)

Ranks = dict[str, tuple[int, ...]]
"""Where each text of a column of levels stands: compared, lowest first."""


def refuse_order(
    staff: Rows, column: str, texts: Sequence[str], numbers: dict[str, re.Match[str] | None]
) -> None:
    """Ask for the order of levels that have none."""
    cells = staff.texts(column)
    words = [text for text in texts if not numbers[text]]
    order = "name them lowest first in the scenario, as level_order in [organisation]"
    known = [text for text in words if plain(text) in RUNGS]
    if len(words) < len(texts):
        other = next(text for text in texts if numbers[text])
        first = cells[0]
        odd = words if first not in words else [text for text in texts if numbers[text]]
        rows = [row for row, text in enumerate(cells) if text in set(odd)]
        problem = f"{quoted(odd[0])} and {quoted(first if first else other)} mix numbers and words"
        remedy = f"use either numbers or words for all levels, or {order}"
        staff.wrong(column, rows, problem, remedy, odd)
    else:
        odd = [text for text in words if text not in known] or words
        rows = [row for row, text in enumerate(cells) if text in set(odd)]
        ladder = " < ".join(line.split(",")[0] for line in LEVEL_WORDS)
        remedy = f"give whole numbers (1 is the lowest), or words such as {ladder}; or {order}"
        staff.wrong(column, rows, f"{quoted(odd[0])} is not a known level", remedy, odd)
    show_order(staff, "In which order do the levels stand?", texts, column=column)


def show_order(
    staff: Rows,
    question: str,
    texts: Sequence[str],
    *,
    column: str = "",
    rung: dict[str, int] | None = None,
) -> None:
    """Write the line that the planner can reorder, in the likeliest order."""
    counts = Counter(staff.texts(column)) if column else Counter()
    if rung is not None:
        order = sorted(texts, key=lambda text: rung[plain(text)])
    else:
        order = sorted(texts, key=lambda text: (_guess(text), -counts[text], text))
    if len(order) > 60:
        staff.findings.ask(
            f"{question} There are {len(order):,} different ones, too many for levels: add a column of levels."
        )
        return
    groups = [[text] for text in order]
    if rung is not None:  # two names of one grade are one level
        same: dict[int, list[str]] = {}
        for text in order:
            same.setdefault(rung[plain(text)], []).append(text)
        groups = list(same.values())
    if len(order) > MOST_LEVELS:
        by_guess: dict[int, list[str]] = {}
        for text in order:
            by_guess.setdefault(_guess(text)[0], []).append(text)
        groups = list(by_guess.values())[:MOST_LEVELS]
    guess = "" if rung is not None else " Lowest first; this order is a guess."
    staff.findings.ask(f"{question}{guess}", *order_lines(groups))


_TRACKS = {"ic": 2, "m": 5, "at": 6, "d": 7, "vp": 9}
"""Likely places of tracks: individual contributors, managers, beyond the tariff, directors, vice presidents."""
_LIKELY = (
    (
        r"\b(assistant|clerk|worker|cashier|operator|helper|aide|apprentice|secretary|receptionist)\b",
        1,
    ),
    (r"\b(account|sales|marketing|service|hr|customer|relationship) executive\b", 2),
    (r"\b(chief|commissioner|president|chair(man|woman|person)?)\b", 11),
)
"""Titles whose likely place is not that of the highest word of rank in them."""


def _guess(text: str) -> tuple[int, int]:
    """A likely place of a grade or title: by the highest word of rank in it, then by its number."""
    words = f" {' '.join(re.split(r'[^0-9a-z]+', text.casefold()))} "
    number = re.search(r"[0-9]+", text)
    size = int(number[0][:9]) if number else 0
    track = re.search(r"\b([a-z]{1,2}) ?[0-9]{1,2}\b", words)
    for pattern, rung in _LIKELY:
        if re.search(pattern, words) and " vice " not in words:
            return rung, size
    rungs = [
        rung
        for rung, line in enumerate(LEVEL_WORDS)
        if any(f" {word.strip()} " in words for word in line.split(","))
    ]
    if track and not rungs:
        letter = 1_000 * ord(track[1]) if len(track[1]) == 1 else 0
        return _TRACKS.get(track[1], 3), letter + size
    return max(rungs, default=3), size


def order_lines(groups: Sequence[Sequence[str]]) -> list[str]:
    """A ``level_order`` as lines of a scenario; levels that are equal share brackets."""
    parts = [
        dumps(group[0], ensure_ascii=False)
        if len(group) == 1
        else "[" + ", ".join(dumps(one, ensure_ascii=False) for one in group) + "]"
        for group in groups
    ]
    if sum(map(len, parts)) < 90:
        return [f"level_order = [{', '.join(parts)}]"]
    return ["level_order = [", *(f"    {part}," for part in parts), "]"]


def ask_to_group(staff: Rows, column: str, ranks: Ranks, order: Sequence[tuple[int, ...]]) -> None:
    """Refuse more levels than can be told apart, with a proposal of how to group them."""
    problem = f"there are {len(order):,} different levels"
    remedy = f"group them into {MOST_LEVELS} at most, in the file or with level_order in [organisation]; 1 is the lowest"
    staff.findings.wrong(problem, remedy, staff.key(column))
    if len(order) > 60:
        return
    step = len(order) / MOST_LEVELS
    groups: dict[int, list[str]] = {}
    for text, rank in ranks.items():
        groups.setdefault(int(order.index(rank) / step), []).append(text)
    lines = order_lines([groups[number] for number in sorted(groups)])
    staff.findings.ask("Which levels belong together? Lowest first; this is a proposal.", *lines)
