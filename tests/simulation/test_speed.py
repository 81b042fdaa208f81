"""A month, and the opening of a cohort, against a loop that measures the processor: a doubling is noticed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from numba import config

from conftest import plan_of
from sim.engine import draws
from sim.engine.compiled import kernel
from sim.simulation.simulation import Simulation

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")

PEOPLE, LOOP = 400, 100_000


@kernel
def calibration_loop(luck, count):  # type: ignore[no-untyped-def]
    """One normal number after the other, drawn and worked out as the engine does."""
    total = 0.0
    for who in range(count):
        numbers = draws.draw(luck, 1, who, -1, 0)
        total += draws.normal(numbers[0], numbers[1])
    return total


def least(*tasks: Callable[[], Any], rounds: int = 7) -> list[float]:
    """The shortest processor time of each, the tasks taking turns."""
    found = [float("inf")] * len(tasks)
    for _ in range(rounds):
        for place, task in enumerate(tasks):
            begun = time.process_time()
            task()
            found[place] = min(found[place], time.process_time() - begun)
    return found


def test_months_and_openings_cost_what_they_did() -> None:
    """In numbers of the loop: a person's month costs some 9 of them, a cohort's opening some 33,000.

    The bounds are twice what was measured, with room for other processors.
    """
    firm = {"months": 400, "organisation.employees": PEOPLE}
    none = Simulation(plan_of({**firm, "programme.policy": "none"}), 1, 0).run(2)
    mentored = plan_of({**firm, "programme.policy": "reciprocal", "programme.start_month": 2})
    waiting = [Simulation(mentored, 1, world).run(2) for world in range(8)]
    waiting.pop().act()
    luck = draws.luck_of(1, 0)
    calibration_loop(luck, 10)
    loop, months, opening = least(
        lambda: calibration_loop(luck, LOOP), lambda: none.run(24), lambda: waiting.pop().act()
    )
    one = loop / LOOP
    assert months / (24 * PEOPLE) < BOUND_OF_A_MONTH * one
    assert opening < BOUND_OF_AN_OPENING * one


BOUND_OF_A_MONTH, BOUND_OF_AN_OPENING = 18.0, 66_000.0
