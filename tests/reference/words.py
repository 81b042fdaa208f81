"""Words and constants of the model, declared anew so that a slip in the engine's cannot hide."""

from __future__ import annotations

STAYED, RETIRED, INVOLUNTARY, QUIT = range(4)
"""Why somebody left."""

RUNNING, COMPLETED, ENDED_EARLY, NOTHING_LEFT, MENTOR_LEFT, MENTEE_LEFT, RE_PAIRED, DEALT = range(8)
"""Why a pair ended."""

OPEN_ENDED = 1_000_000
"""Planned end of an informal pair."""

INFORMAL = "informal"
DIRECTION_CODES = {
    "either": 0,
    "traditional": 1,
    "reverse": 2,
    "reciprocal": 3,
    INFORMAL: 4,
    "peer": 5,
    "anyone": 6,
}

PRESETS = {
    "random": ("either", "random", "random", False, 0.0),
    "traditional": ("traditional", "gap", "optimal", False, 0.0),
    "reverse": ("reverse", "gap", "optimal", False, 0.0),
    "reciprocal": ("reciprocal", "gap", "optimal", False, 0.0),
    "cross_functional": ("either", "gap", "optimal", True, 0.0),
    "complementary": ("anyone", "goals", "optimal", False, 0.0),
    "similarity": ("either", "similarity", "optimal", False, 0.0),
    "self_selected": ("either", "wishes", "first_come", False, 1.0),
    "nominated": ("either", "coordinator", "greedy", False, 0.0),
    "ai_assisted": ("either", "predicted", "optimal", False, 0.0),
}
"""Direction, score, assignment, whether across departments only, and say of each policy.

A portfolio shares places among some of them, in this order; "none" has no programme.
"""

MENTORING_ROLES = ("either", "mentor", "mentee", "none")
"""Roles that a roster can state; "either" is as good as nothing."""

REMOTE = 2

GENERATION_YEARS = ((1946, 1964), (1965, 1980), (1981, 1996), (1997, 2012))
"""First and last birth year of boomers, generation X, millennials and generation Z."""

AGE_BANDS = (0.0, 25.0, 35.0, 45.0, 55.0, 65.0)
TENURE_ENDS = (0.0, 12.0, 24.0, 36.0, 60.0, 120.0, 180.0, 240.0, 480.0)
TENURE_SHARES = (
    (50.8, 14.2, 10.8, 19.1, 5.0, 0.1, 0.0, 0.0),
    (28.9, 9.4, 7.8, 24.9, 21.7, 6.7, 0.7, 0.0),
    (17.1, 6.1, 4.8, 18.4, 24.4, 16.5, 9.4, 3.4),
    (12.4, 5.0, 3.4, 13.7, 20.6, 15.7, 11.9, 17.3),
    (10.2, 3.5, 2.9, 11.7, 18.1, 14.4, 11.3, 28.0),
    (9.9, 2.9, 2.3, 9.8, 19.9, 15.6, 11.6, 28.1),
)
"""Per cent of employees by tenure (months, between the ends above) within age band (BLS 2016)."""

LEAST_AGE, GREATEST_AGE = 18.0, 70.0

CANDIDATES = 8
"""How many colleagues somebody who looks for an adviser considers."""

SEARCHES_BEFORE = 24
FIRST_SEARCH = 65_000
"""Searches for informal mentors before the first month, and the month that addresses the first."""

MOST_IDEAS = 8
"""Ideas of one person in one month."""

ORDINARY_HIERARCHY = 0.5
MENTEES_WITHOUT_OVERLOAD = 2

UNLIMITED = 1e6
"""Capacity for ideas that is as good as none."""

PAIRED_TOGETHER = 2_000
BLOCK = 500
"""Mentees, or mentors, who are paired together; more than that are dealt out into blocks."""


ORDINARY_EMBEDDEDNESS = 0.5

NORMAL_POINTS = (
    (-2.8569700138728056, 0.011257411327720689),
    (-1.3556261799742659, 0.2220759220056126),
    (0.0, 0.5333333333333333),
    (1.3556261799742659, 0.2220759220056126),
    (2.8569700138728056, 0.011257411327720689),
)
"""Points and weights by which a function of a standard normal number is averaged (Gauss and Hermite)."""


def band(levels: int, level: int) -> str:
    """Levels 1 and 2 are the staff; the top two of four or more levels lead; others are the middle."""
    if level <= 2:
        return "staff"
    return "leaders" if levels >= 4 and level >= levels - 1 else "middle"
