"""Effects per meeting: a ratio of means over firms, and its interval."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from sim.outcomes.goals import Goal
from sim.report.decisions import Decisions
from sim.report.dose import per_meetings

GOAL = cast(Goal, SimpleNamespace(sign=-1.0))


def of(levels: dict[str, list[float]], meetings: list[float]) -> Any:
    """Firms of ten posts with these levels without and with a programme, and these meetings a post."""
    firms = {"Ours": {"meetings_held": np.array(meetings)}}
    given = SimpleNamespace(
        without_programme="No",
        posts=10,
        firms=firms,
        comparison=SimpleNamespace(sets=None),
        level=lambda _, name: np.array(levels[name]),
    )
    return per_meetings(cast(Decisions, given), GOAL, "Ours")


def test_a_change_that_follows_the_meetings_has_a_ratio_without_doubt() -> None:
    """Two less for every 100 meetings, in every firm: what the meetings account for is taken off, not added."""
    told = of({"No": [9.0, 9.0, 9.0], "Ours": [7.0, 5.0, 3.0]}, [10.0, 20.0, 30.0])
    assert told.value == pytest.approx(2.0)
    assert told.low == pytest.approx(2.0) and told.high == pytest.approx(2.0)


def test_a_change_that_does_not_follow_them_has_an_interval() -> None:
    told = of({"No": [9.0, 9.0, 9.0], "Ours": [5.0, 5.0, 5.0]}, [10.0, 20.0, 30.0])
    assert told.value == pytest.approx(2.0)
    # Student's t of two degrees, 4.303, times the error of the residuals 2, 0 and -2, over the mean of 2.
    assert told.high - told.value == pytest.approx(4.3027 * 2.0 / np.sqrt(3.0) / 2.0, rel=1e-4)
    assert told.value - told.low == pytest.approx(told.high - told.value)


def test_nothing_is_told_where_nobody_meets() -> None:
    assert np.isnan(of({"No": [9.0, 9.0], "Ours": [5.0, 5.0]}, [0.0, 0.0]).value)
