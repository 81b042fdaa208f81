"""What goals count, worked out by hand; the word for a change at every border."""

from __future__ import annotations

import numpy as np
import pytest

from sim.outcomes.goals import (
    BY_NAME,
    GOALS,
    OUTPUT,
    PAY,
    PAY_WITH_OUTPUT,
    SIZES,
    band_of,
    size_of,
)

FIRM = {
    "quits_staff": 7.0, "quits_middle": 2.0, "quits_leaders": 1.0, "engaged": 25.0, "innovation": 15.0,
    "newcomers_output": 0.3, "output": 0.5, "leaders_emerging": 0.42, "knowledge_held": 31.0,
    "replacement_cost": 90_000.0, "programme_cost": 20_000.0, "payroll": 4_000_000.0, "output_for_pay": 0.5,
}  # fmt: skip
BASE = FIRM | {
    "replacement_cost": 100_000.0,
    "programme_cost": 0.0,
    "quits_staff": 9.0,
    "engaged": 20.0,
}


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("retention", 10.0),
        ("engagement", 50.0),  # a quarter of 200 people
        ("innovation", 30.0),  # 15 a year for each hundred
        ("newcomers", 31.2),  # 0.3 of a year of somebody who does 0.5
        ("leaders", 42.0),
        ("knowledge", 31.0),
        ("money", 110_000.0),
    ],
)
def test_levels_by_hand(name: str, level: float) -> None:
    firms = {key: np.array([value]) for key, value in FIRM.items()}
    assert BY_NAME[name].level(firms, firms, 200.0) == pytest.approx([level], rel=1e-12)


def test_gains_are_for_the_better() -> None:
    firms, base = ({key: np.array([value]) for key, value in one.items()} for one in (FIRM, BASE))
    assert BY_NAME["retention"].gains(firms, base, 200.0) == [2.0]
    assert BY_NAME["engagement"].gains(firms, base, 200.0) == [10.0]
    assert PAY.gains(firms, base, 200.0) == [-10_000.0]
    assert PAY_WITH_OUTPUT.gains(firms, base, 200.0) == PAY.gains(firms, base, 200.0)
    more = firms | {"output_for_pay": np.array([0.51])}
    produced = OUTPUT.gains(more, base, 200.0)
    assert produced > 0.0
    assert PAY_WITH_OUTPUT.gains(more, base, 200.0) == PAY.gains(more, base, 200.0) + produced
    nobody = base | {"output": np.array([0.0])}
    assert np.isnan(BY_NAME["newcomers"].level(firms, nobody, 200.0)), "no usual output, no weeks"
    assert {goal.key for goal in GOALS if goal.is_money} == set()
    assert PAY.is_money and OUTPUT.is_money and PAY_WITH_OUTPUT.is_money


def test_a_change_at_a_border_has_the_larger_word() -> None:
    words = [word for _, word in SIZES]
    for (most, word), (_, next_word) in zip(SIZES[:-1], SIZES[1:], strict=True):
        assert size_of(128.0 * most, 128.0) == size_of(-128.0 * most, 128.0) == next_word
        assert size_of(128.0 * most - 1e-6, -128.0) == word
    assert size_of(1.0, 1.0) == words[-1], "one person is enough"
    assert size_of(5.0, 0.0) == words[-1], "where there was nothing"
    assert (band_of(1000.0), band_of(-1000.0), band_of(3.0)) == (20.0, 20.0, 1.0)
