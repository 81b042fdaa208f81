"""The roster: a planner's own staff as columns, one row per person; what is not known stays open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

__all__ = ["LARGEST_CAPACITY", "LONGEST_TENURE", "Real", "Roster", "Whole"]

Whole = NDArray[np.int32]
Real = NDArray[np.float64]

LONGEST_TENURE = 70.0  # years
LARGEST_CAPACITY = 10  # mentees per mentor: the most that mentoring platforms let a person state


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """The staff of a firm, one row per person in the order of the file; arrays are read-only.

    Attributes
    ----------
    employee_id
        The planner's ids; ``row 2`` and so on where the file has none.
    level, level_names
        1 (lowest) to L; the file's own label of each level.
    department, department_names
        Code into the names, which stand in order of first appearance.
    manager
        Row of the manager; -1 where unknown or none. Never a circle.
    site, site_names
        Code into the names; -1 where unknown.
    work_mode
        0 on site, 1 hybrid, 2 remote; -1 where unknown.
    age, age_half_range
        Years at the start, 14 to 100, and how far the true age may lie to either side: 0 for an age
        as stated, 0.5 for a birth year, more for a band or a generation. NaN where unknown.
    tenure_months, months_since_promotion
        Months, at most 840, as of the reference date; NaN where unknown.
    engagement
        0 to 1; NaN where unknown.
    role
        0 either, 1 mentor, 2 mentee, 3 none; -1 where unknown.
    capacity
        Mentees that the person would take at a time, 0 to 10; -1 where unknown.
    skills_have, skills_want
        Level (0 to 1) by name of skill; empty where unknown. Rows may share a dictionary.
    excluded_pairs, past_pairs, fixed_pairs
        (m, 2) rows of people who must not, once did, and must form a pair; the lower row first.
    ties
        (m, 2): the first row seeks advice from the second. Empty until
        :func:`~sim.organisation.roster.ties.read_ties` is used.
    left, left_employee_id, left_date, left_tenure_months, left_reason
        Number of people in the file who have left, their ids, when (NaT where unknown), after how many
        months of service (NaN where unknown), and why: 0 of their own will, 1 not, 2 retired, -1 unknown.
    reference_date
        The day as of which tenure is counted: the file's date if it is known, else 1 January of the start
        year, or the latest date of the file if that is later.
    notes
        Plain sentences: what was understood, what is missing, what was left out. Warnings come first.
    salary_by_level
        Yearly salary of each level, lowest first, as the median of its people; empty where pay is not on file.
        Nobody's own pay is kept.
    """

    employee_id: tuple[str, ...]
    level: Whole
    level_names: tuple[str, ...]
    department: Whole
    department_names: tuple[str, ...]
    manager: Whole
    site: Whole
    site_names: tuple[str, ...]
    work_mode: Whole
    age: Real
    age_half_range: Real
    tenure_months: Real
    months_since_promotion: Real
    engagement: Real
    role: Whole
    capacity: Whole
    skills_have: tuple[dict[str, float], ...]
    skills_want: tuple[dict[str, float], ...]
    excluded_pairs: Whole
    past_pairs: Whole
    fixed_pairs: Whole
    ties: Whole
    left: int
    left_employee_id: tuple[str, ...]
    left_date: NDArray[np.datetime64]
    left_tenure_months: Real
    left_reason: Whole
    reference_date: date
    notes: tuple[str, ...]
    salary_by_level: Real = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def headcount(self) -> int:
        """Number of people on the staff."""
        return len(self.employee_id)
