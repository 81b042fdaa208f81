"""How a meeting's time is divided: a two-way pair teaches as much as any other, at every focus."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine import columns
from sim.engine.pairs import NewPair, add_pair
from verification.firms import flat, plan_for, simulation

SKILLS = 12


def taught(focus: int, two_way: int, *, rate: float = 0.1) -> list[float]:
    """What a pair teaches at a meeting, in each skill: the mentor is ahead in the first six, the mentee in the rest."""
    plan = plan_for(
        flat(2),
        1,
        SKILLS,
        learning__rate=rate,
        learning__focus=focus,
        learning__informal_attention=1.0,
        meetings__attendance_informal=10.0,
        meetings__distance_cancels=0.0,
    )
    world = simulation(plan, 0)
    everything = (1 << SKILLS) - 1
    pair = NewPair(
        0, 1, 0, columns.OPEN_ENDED, 0, two_way, columns.INFORMAL_DIRECTION, 1,
        everything, everything, 1.0, 0.0, 1.0, 0.0,
    )  # fmt: skip
    add_pair(world.handle, pair, 0)  # type: ignore[no-untyped-call]
    half = SKILLS // 2
    world.state.skills[0] = np.repeat([0.5, 0.2], half)
    world.state.skills[1] = np.repeat([0.2, 0.5], half)
    world.run()
    assert world.state.dyad_whole[columns.MET_NOW, 0] == 1
    return sorted(world.state.gain.sum(axis=0).tolist(), reverse=True)


@pytest.mark.parametrize("focus", [1, 2, 3, 4, 5])
def test_two_ways_teach_as_much_as_one(focus: int) -> None:
    """All gaps are alike, so that only time counts: `focus` subjects of it, whichever way they are taught."""
    one_way, two_way = taught(focus, 0), taught(focus, 1)
    subject = one_way[0]
    assert subject > 0.02
    assert sum(one_way) == pytest.approx(focus * subject, rel=1e-12)
    assert sum(two_way) == pytest.approx(focus * subject, rel=1e-12)
    whole, odd = divmod(focus, 2)
    expected = [subject] * (2 * whole) + [0.5 * subject] * (2 * odd)
    assert two_way == pytest.approx(expected + [0.0] * (SKILLS - len(expected)), rel=1e-12)


def test_half_a_subjects_time_closes_a_gap_too_if_teaching_is_that_strong() -> None:
    """At most all of a gap is closed; half the time of a meeting of strength 1.5 closes three quarters."""
    gap = 0.3
    for rate, closed in ((0.5, 0.25), (1.0, 0.5)):
        assert taught(1, 1, rate=rate)[:2] == pytest.approx([closed * gap] * 2, rel=1e-9)
