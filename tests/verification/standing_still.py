"""A firm without a programme over ten years: whether it stays what it is.

Part of ``docs/what_carries_what.md``; see :mod:`verification.what_carries_what`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.scenario import Scenario
from sim.simulation.plan import plans_of, with_parameters
from sim.simulation.simulation import Simulation

__all__ = ["FIRMS", "MEASURED", "section", "years_later"]

Real = NDArray[np.float64]

FIRMS = 100
PEOPLE, YEARS, SEED = 400, 10, 77
MEASURED = (
    "mean age (years)",
    "mean service (years)",
    "ten years of service or more, 45-64 (%)",
    "at most a year of service (%)",
)
CASES: dict[str, dict[str, float]] = {
    "as it is": {},
    "newcomers four years younger": {"people.entry_age": 34.0},
}


def _measured(simulation: Simulation) -> list[float]:
    whole = simulation.state.whole
    there = whole[columns.ACTIVE] == 1
    ages = (simulation.month - whole[columns.BIRTH_MONTH, there]) / 12.0
    service = (simulation.month - whole[columns.HIRE_MONTH, there]) / 12.0
    middle = (ages >= 45.0) & (ages < 65.0)
    return [
        float(ages.mean()),
        float(service.mean()),
        100.0 * float((service[middle] >= 10.0).mean()),
        100.0 * float((service <= 1.0).mean()),
    ]


def years_later(changed: Mapping[str, float], firms: int) -> Real:
    """What is measured at the start, after five and after ten years; shape (firms, 3, measured)."""
    scenario = Scenario(
        months=12 * YEARS,
        organisation={"employees": PEOPLE},
        variants=[{"name": "Nobody is mentored", "programme.policy": "none"}],
    )
    plan = with_parameters(plans_of(scenario)[0], changed)

    def lived(world: int) -> list[list[float]]:
        simulation = Simulation(plan, SEED, world)
        found = [_measured(simulation)]
        for _ in range(2):
            found.append(_measured(simulation.run(6 * YEARS)))
        return found

    with ThreadPoolExecutor(2) as pool:
        return np.array(list(pool.map(lived, range(firms))))


def section(firms: int = FIRMS) -> Iterator[str]:
    """The lines of the table."""
    yield "## A firm without a programme over ten years"
    yield ""
    yield f"{firms} firms of {PEOPLE} people; the change with its 95 % interval over firms."
    yield ""
    yield "| measured | with | at the start | after 5 years | after 10 years | change in 10 years |"
    yield "|---|---|--:|--:|--:|--:|"
    for name, changed in CASES.items():
        found = years_later(changed, firms)
        means = found.mean(axis=0)
        change = found[:, 2] - found[:, 0]
        half = 1.96 * change.std(axis=0, ddof=1) / np.sqrt(firms)
        for place, what in enumerate(MEASURED):
            moved = f"{change[:, place].mean():+.2f} ± {half[place]:.2f}".replace("-", "−")
            cells = " | ".join(f"{value:.1f}" for value in means[:, place])
            yield f"| {what} | {name} | {cells} | {moved} |"
    yield ""
