"""What the pages of best and update say of a row: shares as they are, and no change is neither better nor worse."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from sim.outcomes.goals import BY_NAME as GOALS
from sim.report.deciding.best_goals import gives_up_section
from sim.report.deciding.best_words import Words
from sim.report.deciding.update import _Words


@pytest.mark.parametrize(
    ("explained", "gain", "told"),
    [
        (0.8, 1.0, "Your figures settle 80 of 100 parts of what was open."),
        (0.055, 1.0, "Hardly less open: your figures settle 6 of 100 parts of it."),
        (0.8, 0.15, "As open as before."),
        (0.01, 1.0, "As open as before."),
    ],
)
def test_what_was_learnt_is_told_in_parts_of_a_hundred(
    explained: float, gain: float, told: str
) -> None:
    row = {"explained": explained, "gain": gain, "gain_error": 0.1}
    assert _Words._gained(cast(Any, None), row) == told


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [(0.0, 0.0, "unknown"), (-2.0, 0.0, "unknown"), (0.0, 2.0, "unknown"), (0.1, 2.0, "better"),
     (-2.0, -0.1, "worse")],
)  # fmt: skip
def test_an_interval_that_touches_zero_is_neither_better_nor_worse(
    low: float, high: float, kind: str
) -> None:
    how = {"participants": 9, "turned_away": 0.1, "meetings_kept": 0.8, "early_endings": 0.2}
    row = {"design": "A", "quits": (low + high) / 2, "quits_low": low, "quits_high": high, **how}
    goal = next(iter(GOALS))
    named = {name.replace("quits", goal): value for name, value in row.items()}
    no_goals = pd.DataFrame({"goal": [goal]})
    words = Words.__new__(Words)
    words.found = cast(Any, SimpleNamespace(goals=no_goals, goal=goal, pick="A"))
    words.rows, words.currency, words.pick = [named], "EUR", named
    given_up = {"given_up": 0.0, "given_up_low": 0.0, "without": 1.0, "design": "A"}
    words.found.goals = no_goals.assign(**given_up)
    (cell,) = gives_up_section(words).tables[0].rows[0][1:]
    assert cell.kind == kind
