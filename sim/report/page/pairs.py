"""Who is paired with whom: a table of levels, and a picture of departments and levels with arcs."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sim.report.page.charts import fitted
from sim.report.page.view import View
from sim.report.words import counted, listed, named

__all__ = ["Pairing", "pairings"]

_INK, _MUTED, _GREY = "#1b1f23", "#555c63", "#858c94"
_UP, _DOWN, _ALONG = "#9c4a00", "#0b4f7a", "#555c63"
_WIDTH, _LEFT, _TOP, _ROW = 240.0, 30.0, 14.0, 34.0
_MOST_DEPARTMENTS = 12
_MOST_PICTURES = 12
_FEW = 5
"""Counts of fewer are not told about a staff list: single persons could be recognised."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """One programme: sentence, picture, and a table of pairs by level, the mentors' levels down."""

    name: str
    sentence: str
    picture: Markup
    levels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def pairings(view: View) -> tuple[Pairing, ...]:
    """Every programme whose first pairs are known."""
    known: Mapping[str, list[list[int]]] = view.manifest.get("pairs") or {}
    names: Mapping[str, list[str]] = view.manifest.get("pairs_of") or {}
    if not known or not names:
        return ()
    levels, departments = names["levels"], names["departments"]
    found = [
        _pairing(
            number,
            name,
            known[name],
            levels,
            departments,
            hide=view.manifest.get("roster") is not None,
        )
        for number, name in enumerate(view.comparison.variants)
        if name in known
    ]
    return tuple(found[:_MOST_PICTURES])


def _pairing(
    place: int,
    name: str,
    pairs: Sequence[Sequence[int]],
    levels: list[str],
    departments: list[str],
    *,
    hide: bool,
) -> Pairing:
    total = sum(row[4] for row in pairs)
    table = [[0] * len(levels) for _ in levels]
    for _, mentor, _, mentee, number in pairs:
        table[mentor][mentee] += number
    order = list(range(len(levels) - 1, -1, -1))  # the top first, as in the picture
    rows = tuple(
        (levels[mentor], tuple(_cell(table[mentor][mentee], hide) for mentee in order))
        for mentor in order
    )
    return Pairing(
        name,
        _sentence(pairs, total, levels),
        _picture(f"pairs-{place}", name, pairs, total, levels, departments),
        tuple(levels[level] for level in order),
        rows,
    )


def _cell(number: int, hide: bool) -> str:
    if hide and 0 < number < _FEW:
        return "few"
    return f"{number:,}" if number else "–"


def _sentence(pairs: Sequence[Sequence[int]], total: int, levels: list[str]) -> str:
    """Which way teaching goes, how far it crosses departments, and whom it never reaches."""
    up = sum(row[4] for row in pairs if row[1] < row[3])
    down = sum(row[4] for row in pairs if row[1] > row[3])
    across = sum(row[4] for row in pairs if row[0] != row[2])
    reached = {row[3] for row in pairs} | {row[1] for row in pairs}
    share = [f"{_of_100(number, total)} {words}" for number, words in (
        (down, "have a mentor of a higher level"), (up, "a mentor of a lower one"),
        (total - up - down, "one of their own"),
    ) if number]  # fmt: skip
    text = f"{counted(total, 'pair')}. Of 100 mentees, {listed(share)}; {_of_100(across, total)} of 100 pairs cross departments."
    missed = [levels[level] for level in range(len(levels)) if level not in reached]
    if missed:
        which = "level" if len(missed) == 1 else "levels"
        text += f" Nobody takes part at {which} {listed(missed)}."
    elif len(levels) - 1 not in {row[3] for row in pairs}:
        text += f" Nobody at the top (level {levels[-1]}) has a mentor."
    return text


def _of_100(number: int, total: int) -> int:
    return round(100.0 * number / total)


def _picture(
    key: str,
    name: str,
    pairs: Sequence[Sequence[int]],
    total: int,
    levels: list[str],
    departments: list[str],
) -> Markup:
    shown = min(len(departments), _MOST_DEPARTMENTS)
    step = (_WIDTH - _LEFT - 10.0) / max(1, shown)

    def place(department: int, level: int) -> tuple[float, float]:
        across = _LEFT + step * (min(department, shown - 1) + 0.5)
        return across, _TOP + _ROW * (len(levels) - 1 - level) + _ROW / 2.0

    parts = []
    for level, words in enumerate(levels):
        down = place(0, level)[1]
        parts.append(
            f'<path d="M{_LEFT:g} {down:.1f}H{_WIDTH - 4:g}" stroke="{_GREY}" stroke-width=".5"/>'
        )
        parts.append(_words(2.0, down + 3.5, fitted(words, _LEFT - 6.0), "start"))
    merged: dict[tuple[int, int, int, int], int] = {}
    for one, above, other, below, number in pairs:
        ends = (min(one, shown - 1), above, min(other, shown - 1), below)
        merged[ends] = merged.get(ends, 0) + number
    most = max(merged.values())
    for (one, above, other, below), number in sorted(merged.items(), key=lambda entry: entry[1]):
        parts.append(_arc(place(one, above), place(other, below), number / most, above - below))
    seen = {ends[:2] for ends in merged} | {ends[2:] for ends in merged}
    for department, level in sorted(seen):
        across, down = place(department, level)
        parts.append(f'<circle cx="{across:.1f}" cy="{down:.1f}" r="2.6" fill="{_INK}"/>')
    bottom = _TOP + _ROW * len(levels)
    for department in range(shown):
        words = (
            departments[department]
            if department < shown - 1 or shown == len(departments)
            else "others"
        )
        parts.append(
            _words(
                place(department, 0)[0], bottom + 8.0, fitted(words, step - 1.0, 8.0), "middle", 8.0
            )
        )
    words = html.escape(f"{counted(total, 'pair')} under {name}: departments across, levels up; each arc goes from a "
                        "mentor’s to a mentee’s department and level, thicker for more pairs. The table below has "
                        "the levels in numbers.")  # fmt: skip
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH:g} {bottom + 12:.0f}" '
        f'font-size="10" aria-labelledby="KEY-title KEY-desc"><title id="KEY-title">Who is paired with whom: '
        f'{html.escape(named(name))}</title><desc id="KEY-desc">{words}</desc>{"".join(parts)}</svg>'.replace(
            "KEY", key
        )
    )


def _arc(start: tuple[float, float], end: tuple[float, float], share: float, rank: int) -> str:
    """From mentor to mentee, bent to the right of the way; up, down and level have their own look."""
    (x, y), (u, v) = start, end
    width = 0.5 + 3.0 * math.sqrt(share)
    colour, dashes = (
        (_DOWN, "")
        if rank > 0
        else (_UP, ' stroke-dasharray="5 2"')
        if rank < 0
        else (_ALONG, ' stroke-dasharray="1.5 2"')
    )
    look = f'fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-opacity=".6"{dashes}'
    if start == end:
        return f'<path d="M{x:.1f} {y:.1f}c-9 -13 9 -13 0 0" {look}/>'
    length = math.hypot(u - x, v - y)
    bend = min(14.0, 0.25 * length)
    middle = ((x + u) / 2.0 - bend * (v - y) / length, (y + v) / 2.0 + bend * (u - x) / length)
    return f'<path d="M{x:.1f} {y:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {u:.1f} {v:.1f}" {look}/>'


def _words(across: float, down: float, text: str, anchor: str, size: float = 10.0) -> str:
    where = "" if anchor == "start" else f' text-anchor="{anchor}"'
    smaller = "" if size == 10.0 else f' font-size="{size:g}"'
    return f'<text x="{across:.1f}" y="{down:.1f}" fill="{_MUTED}"{where}{smaller}>{html.escape(text)}</text>'
