"""Levels: numbers, words and grades put in order, in the planner's order, or derived from reporting lines.

1 is the lowest. Numbers may count from the top (``level_1_is = "top"``); a pyramid on its head is said. Grades
whose order is not plain are asked about, with the line to put into the scenario.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.organisation.roster.column_names import ROSTER_COLUMNS
from sim.organisation.roster.findings import listed, people, quoted, rows_text
from sim.organisation.roster.headings import missing_columns, plain
from sim.organisation.roster.level_lines import order_by_lines
from sim.organisation.roster.level_questions import (
    MOST_LEVELS,
    Ranks,
    ask_to_group,
    order_lines,
    refuse_order,
    show_order,
)
from sim.organisation.roster.managers import reports_of
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.roster import Whole
from sim.organisation.roster.rows import Rows
from sim.organisation.roster.words import LADDERS, RUNGS

__all__ = ["levels_by_lines", "read_levels", "say_if_on_its_head"]

_NUMBER = re.compile(
    r"(?:(?:level|grade|band|stufe|ebene|niveau|nivel|schaal|echelon|lvl|[lg])[\s_.-]?)?([0-9]{1,9})(?:\.0{1,6})?"
)
_NATURAL = re.compile(r"(?!-)([^\W\d_][^\d]*?)?[\s_.-]*([0-9]{1,4})[\s_.-]*([a-z]?)")


def read_levels(
    staff: Rows, managers: Whole, options: RosterOptions
) -> tuple[Whole, tuple[str, ...]]:
    """Return levels 1..L of everybody, and the file's own label of each level.

    Everybody stands at level 1 where something had to be asked.
    """
    column = _column(staff, options)
    if column is None:
        return _from_lines(staff, managers, options)
    texts = staff.texts(column)
    empty = [row for row, text in enumerate(texts) if not text]
    if 2 * len(empty) > len(staff):
        remedy = (
            "this column is needed for everybody, or reporting lines from which levels can be told"
        )
        staff.wrong(column, empty, "the cell is empty", remedy)
        return _nothing(staff)
    ranks = _ranks(staff, column, managers, options)
    if ranks is None:
        return _nothing(staff)
    order = sorted(set(ranks.values()))
    if len(order) > MOST_LEVELS:
        ask_to_group(staff, column, ranks, order)
        return _nothing(staff)
    level_of = {rank: number for number, rank in enumerate(order, 1)}
    levels = np.array([level_of[ranks[text]] if text else 0 for text in texts], dtype=np.int32)
    if empty:
        _fill(staff, levels, managers, empty)
    labels: list[str] = []
    for rank in order:
        labels.append(next(text for text in texts if text and ranks[text] == rank))
    if tuple(labels) != tuple(str(number) for number in range(1, len(labels) + 1)):
        became = ", ".join(f"{quoted(label)} is {code}" for code, label in enumerate(labels, 1))
        staff.findings.note(f"Level: from lowest to highest, {became}.")
    return levels, tuple(labels)


def _nothing(staff: Rows) -> tuple[Whole, tuple[str, ...]]:
    return np.ones(len(staff), dtype=np.int32), ("1",)


def _column(staff: Rows, options: RosterOptions) -> str | None:
    """The column that holds levels; None where they follow from reporting lines."""
    told = {plain(name) for group in options.level_order for name in group}
    for column in ("level", "job_title"):
        known = {plain(text) for text in staff.texts(column) if text}
        if told & known:
            return column
    if staff.filled("level"):
        return "level"
    return None


# --- order of texts -------------------------------------------------------------------------------
def _ranks(staff: Rows, column: str, managers: Whole, options: RosterOptions) -> Ranks | None:
    """Put the texts of a column in order; None where the planner must."""
    texts = [text for text in dict.fromkeys(staff.texts(column)) if text]
    if options.level_order:
        return _told(staff, column, texts, options)
    numbers = {text: _NUMBER.fullmatch(text.casefold()) for text in texts}
    if all(numbers.values()):
        sign = -1 if options.level_1_is == "top" else 1
        if options.level_1_is:
            end = "highest" if sign < 0 else "lowest"
            staff.findings.note(f"Level: the smallest number is the {end}, as the scenario says.")
        return {text: (sign * int(found[1]),) for text, found in numbers.items() if found}
    if all(_ROMAN.fullmatch(text.casefold()) for text in texts) and len(texts) > 1:
        sign = -1 if options.level_1_is == "top" else 1
        return {text: (sign * _roman(text),) for text in texts}
    if all(plain(text) in RUNGS for text in texts):
        return {text: (RUNGS[plain(text)],) for text in texts}
    if ranks := _numbered_words(staff, texts):
        return ranks
    for name, steps in LADDERS.items():
        rung = {plain(word): step for step, line in enumerate(steps) for word in line.split(",")}
        if all(plain(text) in rung for text in texts):
            staff.findings.note(f"Level: read as {name}.")
            show_order(staff, "Is this the order of the grades, lowest first?", texts, rung=rung)
            return {text: (rung[plain(text)],) for text in texts}
    natural = {text: _NATURAL.fullmatch(text.casefold()) for text in texts}
    families = {plain(found[1] or "") for found in natural.values() if found}
    if all(natural.values()) and len(families) == 1:
        ranks = {
            text: (int(found[2]), ord(found[3]) if found[3] else 0)
            for text, found in natural.items()
            if found
        }
        if options.level_1_is == "top":
            ranks = {text: (-first, -second) for text, (first, second) in ranks.items()}
        else:
            staff.findings.note(
                "Level: ordered by the numbers in the names, the smallest the lowest."
            )
        order = sorted(texts, key=lambda text: ranks[text])
        lines = order_lines([[text] for text in order])
        staff.findings.ask("Is this the order of the levels, lowest first?", *lines)
        return dict(ranks)
    if told := order_by_lines(staff.texts(column), managers):
        places, upward, compared = told
        staff.findings.note(
            f"Level: the order follows from who reports to whom; in {upward:,} of {compared:,} lines between different "
            "levels the manager stands higher."
        )
        order = sorted(texts, key=lambda text: places[text])
        question = (
            "Is this the order of the levels, lowest first? It was told from the reporting lines."
        )
        if len(order) <= MOST_LEVELS:
            staff.findings.ask(question, *order_lines([[text] for text in order]))
        return dict(places)
    refuse_order(staff, column, texts, numbers)
    return None


_ROMAN = re.compile(r"(?=.)x{0,2}(?:ix|iv|v?i{0,3})")


def _roman(text: str) -> int:
    """The value of a Roman numeral up to 29."""
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in text.casefold()]
    return sum(
        -one if one < following else one
        for one, following in zip(values, [*values[1:], 0], strict=True)
    )


def _numbered_words(staff: Rows, texts: Sequence[str]) -> Ranks | None:
    """Known words with a number before each (``4 Director``), where the numbers go up or down with the words."""
    parts = {text: re.fullmatch(r"([0-9]{1,3})[\s.:)-]+(.*)", text) for text in texts}
    ranks: dict[str, tuple[int, ...]] = {
        text: (RUNGS[plain(found[2])],)
        for text, found in parts.items()
        if found and plain(found[2]) in RUNGS
    }
    if len(ranks) < len(texts):
        return None
    order = sorted(texts, key=lambda text: ranks[text])
    numbers = [int(parts[text][1]) for text in order]  # type: ignore[index]
    if numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
        return None
    if len(texts) > 1:
        end = "lowest" if numbers[0] < numbers[-1] else "highest"
        staff.findings.note(
            f"Level: by the words; the smallest of the numbers before them is the {end}."
        )
    return ranks


def _told(staff: Rows, column: str, texts: Sequence[str], options: RosterOptions) -> Ranks | None:
    """The planner's own order."""
    place: dict[str, int] = {}
    for step, group in enumerate(options.level_order):
        for name in group:
            if place.setdefault(plain(name), step) != step:
                problem = f"{quoted(name)} stands in the order of levels twice"
                staff.findings.wrong(problem, "name each level once", "organisation.level_order")
                return None
    strange = [text for text in texts if plain(text) not in place]
    if strange:
        rows = [row for row, text in enumerate(staff.texts(column)) if text in set(strange)]
        problem = f"{quoted(strange[0])} is not in the order of levels that the scenario gives"
        staff.wrong(
            column,
            rows,
            problem,
            "put every level of the file into organisation.level_order",
            strange,
        )
        show_order(staff, "Where do the other levels belong?", texts, column=column)
        return None
    absent = [
        quoted(name) for group in options.level_order for name in group
        if plain(name) not in {plain(text) for text in texts}
    ]  # fmt: skip
    if absent:
        staff.findings.note(f"Level: nobody stands at {listed(absent)}; left out of the order.")
    return {text: (place[plain(text)],) for text in texts}


# --- levels that the file does not state ----------------------------------------------------------
def _from_lines(
    staff: Rows, managers: Whole, options: RosterOptions
) -> tuple[Whole, tuple[str, ...]]:
    """Levels by steps below the top; people without reports stand at the second level at most."""
    known = int((managers >= 0).sum())
    titles = [text for text in dict.fromkeys(staff.texts("job_title")) if text]
    if known == 0 or 2 * (known + 1) < len(staff):
        what = "levels are needed: a column level, or a manager for most people"
        if "level" in staff:
            remedy = "this column is needed for everybody, or reporting lines that tell levels"
            staff.wrong("level", range(len(staff)), "the cell is empty", remedy)
        elif 1 < len(titles) <= 60 and not known:
            staff.findings.wrong(
                "there is no column level",
                f"{what}; or put the titles of {staff.key('job_title')} in order in the scenario",
            )
            show_order(staff, "In which order do the titles stand?", titles, column="job_title")
        else:
            headings = (*staff.headings.values(), *staff.left_out)
            error = missing_columns(["level"], headings, ROSTER_COLUMNS)
            staff.findings.wrong(
                error.problem, f"{what}; {error.remedy}", None, [staff.heading_line]
            )
        return _nothing(staff)
    levels = levels_by_lines(managers)
    top = int(levels.max())
    staff.findings.note(
        f"Level: there is no column of levels; {top} follow from the reporting lines, counted from the top; "
        "people without reports stand at level 2 at most."
    )
    alone = np.flatnonzero((managers < 0) & ~np.isin(np.arange(len(staff)), managers))
    if alone.size and len(staff) > 1:
        where = rows_text([staff.lines[row] for row in alone], 4)
        staff.findings.note(
            f"Level: {people(len(alone))} with neither manager nor reports ({where}) placed at level 1."
        )
    if options.level_1_is:
        staff.findings.note("Level: level_1_is has no effect where levels follow from the lines.")
    return levels, tuple(str(number) for number in range(1, top + 1))


def levels_by_lines(managers: NDArray[np.int32]) -> Whole:
    """Levels 1..L (12 at most) by reporting lines without circles; shape (n,).

    The head of the largest tree is at the top, each step down the line is a level lower. Whoever has no
    reports stands at level 2 at most. Heads of other trees stand one above the longest line below them.
    """
    count = len(managers)
    depth = np.full(count, -1)
    root = np.arange(count)
    for start in range(count):
        path = []
        row = start
        while depth[row] < 0 and managers[row] >= 0:
            path.append(row)
            row = int(managers[row])
        if depth[row] < 0:
            depth[row] = 0
        for member in reversed(path):
            depth[member] = depth[managers[member]] + 1
            root[member] = root[managers[member]]
    reports = np.bincount(managers[managers >= 0], minlength=count)
    height = np.zeros(count, dtype=np.int64)  # of each root: the longest line below it
    np.maximum.at(height, root, depth)
    sizes = np.bincount(root, minlength=count)
    main = int(sizes.argmax())
    top = int(height.max()) + 1
    at_root = np.where(root == main, top, height[root] + 1)
    levels = at_root - depth
    levels = np.where(reports == 0, np.minimum(levels, 2), levels)
    alone = (managers < 0) & (reports == 0)
    levels = np.where(alone & (count > 1), 1, levels)
    if top > MOST_LEVELS:
        levels = np.maximum(1, levels - (top - MOST_LEVELS))
    _, codes = np.unique(levels, return_inverse=True)
    return (codes + 1).astype(np.int32)


def _fill(staff: Rows, levels: Whole, managers: Whole, empty: Sequence[int]) -> None:
    """Place those without a level: below their manager, above their reports, or as most of their kind."""
    reports = reports_of(managers)
    common: dict[str, Counter[int]] = {}
    for row, level in enumerate(levels.tolist()):
        if level:
            for column in ("job_title", "department"):
                common.setdefault(f"{column} {staff.texts(column)[row]}", Counter())[level] += 1
            common.setdefault("", Counter())[level] += 1
    for row in empty:
        manager = int(managers[row])
        below = levels[reports(row)]
        below = below[below > 0]
        title, department = (staff.texts(column)[row] for column in ("job_title", "department"))
        kind = (title and common.get(f"job_title {title}")) or (
            department and common.get(f"department {department}")
        )
        if below.size:
            levels[row] = min(int(below.max()) + 1, int(levels.max()))
        elif manager >= 0 and levels[manager] > 0:
            levels[row] = max(1, int(levels[manager]) - 1)
        else:
            levels[row] = (kind or common[""]).most_common(1)[0][0]
    where = rows_text([staff.lines[row] for row in empty], 6)
    staff.findings.note(
        f"Level: missing for {people(len(empty))} ({where}); placed by their reporting lines, else where most "
        "people of their title or department stand."
    )
    staff.findings.ask(
        f"At which level do the people on {where} stand? Fill the cells in if not as assumed."
    )


def say_if_on_its_head(
    staff: Rows,
    levels: Whole,
    names: Sequence[str],
    managers: Whole,
    age: NDArray[np.float64],
    options: RosterOptions,
) -> None:
    """Warn of a pyramid on its head: people above their managers, or more and younger people at the top."""
    top = int(levels.max()) if len(levels) else 1
    if top < 2:
        return
    known = np.flatnonzero(managers >= 0)
    below = int((levels[managers[known]] < levels[known]).sum())
    why = ""
    if known.size and 2 * below > known.size:
        why = f"{below:,} of {known.size:,} people stand on a higher level than their manager"
    elif not known.size:
        counts = np.bincount(levels, minlength=top + 1)[1:]
        ages = ~np.isnan(age)
        older = 0.0
        if ages.sum() >= 3 and age[ages].std() > 0.0 and levels[ages].std() > 0.0:
            older = float(np.corrcoef(age[ages], levels[ages])[0, 1])
        many = counts[-1] > 1.5 * counts[0] and counts[-1] >= 3
        if (many and older <= 0.2) or (counts[-1] > counts[0] and older < -0.3):
            why = f"level {quoted(names[-1])} has {people(counts[-1])}, and level {quoted(names[0])} has {people(counts[0])}"
            if older < -0.1:
                why += ", and people are the younger the higher they stand"
    if not why or options.level_order:
        return
    staff.findings.warn(
        f"Level: {why}; the pyramid stands on its head. 1 is taken as the lowest level, so the numbers may have to "
        'be turned round: level_1_is = "top".'
    )
    if options.level_1_is != "top":
        staff.findings.ask(
            f"Is level {quoted(names[0])} the top? {why[0].upper()}{why[1:]}.",
            'level_1_is = "top"',
        )
