"""Everybody over volunteers, counted in several ways: per pair, per meeting, per person, among those who do not mentor.

Part of ``docs/what_carries_what.md``; see :mod:`verification.what_carries_what`. The firms are those of
``scenarios/participation.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.scenario import load_scenario
from sim.simulation.plan import plans_of
from sim.studies.fieldwork import Fieldwork, Firm

__all__ = ["COUNTED", "FIRMS", "counted", "section"]

Real = NDArray[np.float64]

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "participation.toml"
FIRMS = 60
NOBODY = "No programme"
ARMS = {
    "under a year of service": ("Everybody eligible", "Volunteers"),
    "any length of service": ("Everybody of any service", "Volunteers of any service"),
}
COUNTED = (
    "skill gained from the mentor, per pair",
    "the same, per meeting held",
    "the same, per mentee, over all cohorts",
    "output at the end, per mentee",
    "output at the end, per mentee who never mentored",
)


def counted(firm: Firm, nobody: Firm) -> list[float]:
    """What mentees gained, counted as in :data:`COUNTED`; then pairs per mentee, and the share who mentored, too.

    Output is that of the same person in the same firm without a programme, subtracted.
    """
    formal = firm.pairs["kind"] == 1
    gained = firm.pairs["mentee_gain"][formal]
    mentees = np.unique(firm.pairs["mentee"][formal])
    known = np.intersect1d(mentees, nobody.people["person"])
    more = firm.of(known, "output_end") - nobody.of(known, "output_end")
    stayed = firm.of(known, "left") == nobody.of(known, "left")
    mentored = np.isin(known, firm.pairs["mentor"][formal])
    return [
        float(gained.mean()),
        float(gained.sum() / firm.pairs["held"][formal].sum()),
        float(gained.sum() / len(mentees)),
        float(more[stayed].mean()),
        float(more[stayed & ~mentored].mean()),
        float(len(gained) / len(mentees)),
        float(np.isin(mentees, firm.pairs["mentor"][formal]).mean()),
    ]


def _told(values: Real) -> str:
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():+.1f} ± {half:.1f}".replace("-", "−")


def section(firms: int = FIRMS) -> Iterator[str]:
    """The lines of the table, and what they come to."""
    scenario = load_scenario(SCENARIO)
    plans = tuple(plans_of(scenario))

    def once(replicate: int) -> list[list[list[float]]]:
        work = Fieldwork(plans, scenario.seed, replicate)
        return [
            [counted(work.arm(name), work.arm(NOBODY)) for name in names] for names in ARMS.values()
        ]

    with ThreadPoolExecutor(2) as pool:
        found = np.array(list(pool.map(once, range(firms))))  # (firms, groups, arms, counts)
    over = 100.0 * (found[:, :, 0] / found[:, :, 1] - 1.0)
    yield "## Everybody over volunteers, counted in several ways"
    yield ""
    yield f"What mentees gain where everybody eligible takes part, over what they gain where volunteers do, in %: {firms} firms"
    yield "of `scenarios/participation.toml`, 95 % intervals over firms."
    yield ""
    yield "| counted | " + " | ".join(ARMS) + " |"
    yield "|---|" + "--:|" * len(ARMS)
    for place, what in enumerate(COUNTED):
        yield f"| {what} | " + " | ".join(_told(over[:, j, place]) for j in range(len(ARMS))) + " |"
    means = found.mean(axis=0)
    yield ""
    yield (
        f"Among people of any service the same volunteers come again ({means[1, 1, 5]:.2f} pairs each, against "
        f"{means[1, 0, 5]:.2f} of all), and {100 * means[1, 1, 6]:.0f} of 100 of them mentor, too (against "
        f"{100 * means[1, 0, 6]:.0f}), which"
    )
    yield "teaches a mentor, too. So a person gains about as much or less where everybody takes part, while a pair and a meeting give more."
    yield "The published trial (M-GAIN) was one of newcomers, who seldom mentor."
    yield ""
