"""How intervals of pilots are said."""

from __future__ import annotations

import math

import pytest

from sim.pilots.diagnosing import Interval
from sim.pilots.measures import measure_named
from sim.report.pilots.words import chance, chance_range, effect


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("quits", "of 100 people 2.0 fewer quit (1.0 to 3.0 fewer)"),
        ("promotions", "of 100 people 2.0 fewer are promoted (1.0 to 3.0 fewer)"),
        ("engagement", "2.0 points less of 100 in the engagement survey (1.0 to 3.0 points less)"),
        ("skills", "2.0 points less of 100 in a test of what mentees are to learn (1.0 to 3.0 points less)"),
    ],
)  # fmt: skip
def test_an_effect_says_what_happens_to_whom(measure: str, told: str) -> None:
    assert effect(measure_named(measure), Interval(-2.0, -3.0, -1.0)) == told


@pytest.mark.parametrize(
    ("one", "told", "within"),
    [
        (Interval(0.5, 0.5, 0.5), "50", "50"),
        (Interval(0.6, 0.8, 0.9), "60", "80 to 90"),
        (Interval(0.004, 0.0, 0.01), "under 1", "0 to 1"),
        (Interval(0.996, 0.98, 1.0), "over 99", "98 to 100"),
        (Interval(math.nan, math.nan, math.nan), "–", "–"),
    ],
)
def test_chances_in_a_hundred(one: Interval, told: str, within: str) -> None:
    assert chance(one) == told
    assert chance_range(one) == within
