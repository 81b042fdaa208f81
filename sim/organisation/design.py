"""The chart of a firm: a tree of posts made from a size, or taken from a roster.

A chart is the same in every world; who sits where is not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.compiled import kernel
from sim.organisation.roster.roster import Roster

__all__ = [
    "Chart",
    "chart_from_roster",
    "design_chart",
    "default_departments",
    "default_levels",
    "find_managers",
]

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chart:
    """Posts in an order in which each department is one run of places.

    Attributes
    ----------
    level
        Level of each post, 1 to `levels`; shape (n,).
    department
        Code of each post's department; shape (n,).
    boss
        Post of the boss, -1 at the top; shape (n,).
    site
        Code of each post's site, -1 where it is drawn; shape (n,).
    slot
        Slot of the person who sits there at the start, -1 where it is drawn; shape (n,).
    levels
        Number of levels L.
    department_names, site_names
        Names by code.
    """

    level: Whole
    department: Whole
    boss: Whole
    site: Whole
    slot: Whole
    levels: int
    department_names: tuple[str, ...]
    site_names: tuple[str, ...]

    @property
    def posts(self) -> int:
        """Number of posts."""
        return len(self.level)

    def ranges(self) -> tuple[Whole, Whole]:
        """First post and end (one past the last) of every department."""
        codes = np.arange(len(self.department_names), dtype=np.int64)
        first = np.searchsorted(self.department, codes, side="left").astype(np.int64)
        end = np.searchsorted(self.department, codes, side="right").astype(np.int64)
        return first, end


def default_levels(employees: int) -> int:
    """Levels of a firm of this size: about 4.7 at 150 people, 1.4 more with every tenfold.

    One more than W-SPAN's counts, because staff without reports hold two levels.
    """
    levels = round(4.7 + 1.4 * math.log10(max(employees, 2) / 150.0))
    return max(1, min(levels, 10, employees))


def default_departments(employees: int) -> int:
    """Departments of a firm of this size: about 35 people each (W-SPAN)."""
    return max(1, round((employees - 1) / 35))


class _Builder:
    """Lays the posts of a synthetic firm out, department by department, from the top down."""

    def __init__(self, levels: int, span: float, senior_share: float) -> None:
        self.levels = levels
        self.span = span
        self.senior_share = senior_share
        self.level: list[int] = []
        self.department: list[int] = []
        self.boss: list[int] = []
        self._staff = 0
        self._seniors = 0

    def add(self, level: int, department: int, boss: int) -> int:
        self.level.append(level)
        self.department.append(department)
        self.boss.append(boss)
        return len(self.level) - 1

    def add_staff(self, number: int, department: int, boss: int, below: int) -> None:
        """Add people without reports, the share `senior_share` of them at the second level."""
        for _ in range(number):
            self._staff += 1
            level = 1
            if below > 2 and self._seniors < round(self._staff * self.senior_share):
                level = 2
                self._seniors += 1
            self.add(level, department, boss)

    def capacity(self, level: int) -> float:
        """How many people a head of this level can have under and including themselves."""
        if level <= 3:
            return 1.0 + self.span
        return 1.0 + self.span * self.capacity(level - 1)

    def add_branch(self, size: int, level: int, department: int, boss: int) -> None:
        """Add a head of `level` with `size - 1` people below; at the lowest level, people without a head."""
        if level <= 1:
            self.add_staff(size, department, boss, 1)
            return
        head = self.add(level, department, boss)
        below = size - 1
        lowest = 2 if level == 3 and below > 2.5 * self.span else 3
        if level <= lowest or below <= 1.5 * self.span:
            self.add_staff(below, department, head, level)
            return
        branches = min(below, max(2, round(below / self.capacity(level - 1))))
        for index in range(branches):
            share = below * (index + 1) // branches - below * index // branches
            self.add_branch(share, level - 1, department, head)


def design_chart(organisation: Mapping[str, Any]) -> Chart:
    """The chart of a synthetic firm.

    The executive office is a department of its own: the top post and, in firms of more than 40
    departments, the heads of divisions. Each department has a head one level below; below a head come
    further heads or staff, so that spans stay near `span` as long as the levels suffice.
    """
    employees = int(organisation["employees"])
    levels = organisation["levels"] or default_levels(employees)
    departments = organisation["departments"] or default_departments(employees)
    departments = max(1, min(departments, employees - 1)) if employees > 1 else 0
    builder = _Builder(int(levels), organisation["span"], organisation["senior_share"])
    top = builder.add(builder.levels, 0, -1)
    bosses, level = [top], builder.levels - 1
    if departments > _MOST_DEPARTMENTS_BELOW_TOP and level >= 4:
        bosses = [builder.add(level, 0, top) for _ in range(math.isqrt(departments))]
        level -= 1
    begin = len(builder.level)
    for index, size in enumerate(_department_sizes(employees - begin, departments)):
        boss = bosses[index * len(bosses) // departments]
        builder.add_branch(size, level, index + 1, boss)
    names = ("Executive office", *(f"Department {index + 1}" for index in range(departments)))
    posts = len(builder.level)
    return Chart(
        level=np.array(builder.level, dtype=np.int64),
        department=np.array(builder.department, dtype=np.int64),
        boss=np.array(builder.boss, dtype=np.int64),
        site=np.full(posts, -1, dtype=np.int64),
        slot=np.full(posts, -1, dtype=np.int64),
        levels=builder.levels,
        department_names=names,
        site_names=tuple(organisation["sites"]),
    )


_MOST_DEPARTMENTS_BELOW_TOP = 40


def _department_sizes(people: int, departments: int) -> list[int]:
    """Sizes of the departments, at least 1 each: the first about three times as large as the last."""
    if departments == 0:
        return []
    weights = np.linspace(1.5, 0.5, departments)
    ends = np.round(np.cumsum(weights) / weights.sum() * (people - departments)).astype(int)
    return [int(size) + 1 for size in np.diff(ends, prepend=0)]


def chart_from_roster(roster: Roster, organisation: Mapping[str, Any]) -> Chart:
    """The chart of a real firm: a post for every row, grouped by department in the file's order.

    Whoever has no manager in the file reports to somebody of the next higher level in the department,
    in turn; where there is none, to the first person of the next higher level in the firm; whoever is
    at the top reports to nobody.
    """
    order = np.argsort(roster.department, kind="stable")
    post_of = np.empty(roster.headcount, dtype=np.int64)
    post_of[order] = np.arange(roster.headcount, dtype=np.int64)
    manager = roster.manager.astype(np.int64)
    missing = np.flatnonzero(manager < 0)
    manager[missing] = _managers_by_level(roster, missing)
    _break_cycles(manager, {int(row) for row in missing})
    boss = np.where(manager >= 0, post_of[np.maximum(manager, 0)], -1)
    return Chart(
        level=roster.level[order].astype(np.int64),
        department=roster.department[order].astype(np.int64),
        boss=boss[order].astype(np.int64),
        site=roster.site[order].astype(np.int64),
        slot=order.astype(np.int64),
        levels=int(roster.level.max()),
        department_names=roster.department_names,
        site_names=roster.site_names or tuple(organisation["sites"]),
    )


def _managers_by_level(roster: Roster, missing: NDArray[np.intp]) -> Whole:
    """A likely manager for each of the rows `missing`, -1 for the top of the firm."""
    by_place: dict[tuple[int, int], list[int]] = {}
    by_level: dict[int, list[int]] = {}
    for row in range(roster.headcount):
        level = int(roster.level[row])
        by_place.setdefault((int(roster.department[row]), level), []).append(row)
        by_level.setdefault(level, []).append(row)
    top = int(roster.level.max())
    turns: dict[tuple[int, int], int] = {}
    found = np.full(len(missing), -1, dtype=np.int64)
    for index, row in enumerate(missing):
        level = int(roster.level[row])
        department = int(roster.department[row])
        for higher in range(level + 1, top + 1):
            candidates = by_place.get((department, higher))
            if candidates:
                turn = turns.get((department, level), 0)
                turns[department, level] = turn + 1
                found[index] = candidates[turn % len(candidates)]
                break
        else:
            for higher in range(level + 1, top + 1):
                if higher in by_level:
                    found[index] = by_level[higher][0]
                    break
    return found


def _break_cycles(manager: Whole, guessed: set[int]) -> None:
    """Undo guessed managers that, together with known ones, would make people report to themselves."""
    state = np.zeros(len(manager), dtype=np.int8)
    for start in range(len(manager)):
        path: list[int] = []
        row = start
        while row >= 0 and state[row] == 0:
            state[row] = 1
            path.append(row)
            row = int(manager[row])
        if row >= 0 and state[row] == 1:
            cycle = path[path.index(row) :]
            manager[next(member for member in cycle if member in guessed)] = -1
        for member in path:
            state[member] = 2


@kernel
def find_managers(state):
    """Everybody's manager: the holder of the nearest filled post above; -1 at the top."""
    whole = state.whole
    post = state.post
    for slot in range(whole.shape[1]):
        manager = -1
        if whole[columns.ACTIVE, slot] == 1:
            boss = post[columns.POST_BOSS, whole[columns.PERSON_POST, slot]]
            while boss >= 0:
                manager = post[columns.POST_SLOT, boss]
                if manager >= 0:
                    break
                boss = post[columns.POST_BOSS, boss]
        whole[columns.MANAGER, slot] = manager
