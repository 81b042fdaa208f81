"""Rates of leaving by status count the person-months in which somebody of that status could have left.

People join after a month's departures are decided. Were that month theirs, they would have a month in which
they cannot quit, and any programme would seem to hold people.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from conftest import lived, plan_of
from sim.engine import columns
from sim.engine.columns import M
from sim.experiments.compare import compare
from sim.scenario import Scenario
from sim.simulation.plan import plans_of
from sim.simulation.simulation import simulate
from sim.simulation.tables import NEVER, dyad_columns, people_columns

pytestmark = pytest.mark.long

YEARLY = 0.21
ALIKE = {
    "quit_rate": YEARLY,
    "engagement_effect": 0.0,
    "embeddedness_effect": 0.0,
    "newcomer_excess": 0.0,
    "tenure_decline": 0.0,
    "age_decline": 0.0,
    "level_decline": 0.0,
    "stagnation_effect": 0.0,
    "settledness_effect": 0.0,
    "unit_effect": 0.0,
    "dismissal_by_output": 0.0,
    "involuntary_rate": 0.0,
    "retirement_rate": 0.0,
}
"""Everybody has one constant hazard of quitting, and nobody leaves for another reason."""
HAZARD = 1.0 - np.exp(-YEARLY / 12.0)
START = 12
QUIT = columns.CAUSES.index("quit")


def firm(months: int, **programme: Any) -> Scenario:
    own = {"policy": "random", "start_month": START, "cohort_months": 12, "places": 0.3}
    return Scenario(
        months=START + months,
        organisation={"employees": 900},
        departures=ALIKE,
        variants=[
            {"name": "None", "programme.policy": "none"},
            {"name": "P", **{f"programme.{key}": one for key, one in (own | programme).items()}},
        ],
    )


@pytest.mark.parametrize(("months", "firms", "students_t"), [(12, 24, 2.069), (24, 72, 1.994)])
def test_what_one_sees_is_nothing_where_all_have_one_hazard(
    months: int, firms: int, students_t: float
) -> None:
    """With the month of joining counted in, -2.5 per 100 employee-years were seen over 12 months, -1.6 over 24.

    So many firms that this would be found: over 24 months it is 5 standard errors, with 24 firms only 2.
    """
    comparison = compare(firm(months, placebo=True), replicates=firms)
    table = comparison.selection.set_index(["quantity", "comparison"])
    seen = table.loc[("quits", "seen")]
    error = (seen["high"] - seen["low"]) / 2 / students_t
    assert error < (0.85 if months == 12 else 0.35)
    assert abs(seen["mean"]) < 2.5 * error


def test_both_arms_of_a_lottery_have_the_hazard_that_everybody_has() -> None:
    plan = plans_of(firm(12, participation="lottery", placebo=True))[1]
    sums = np.zeros(len(M))
    for world in range(24):
        sums += simulate(plan, 3, world).monthly[START:].sum(axis=0)
    for arm in ("drawn", "undrawn"):
        quits, months = sums[M[f"{arm}_quits"]], sums[M[f"{arm}_at_risk"]]
        assert quits > 400
        assert abs(quits / months / HAZARD - 1.0) < 2.5 / np.sqrt(quits)
        too_low = quits / sums[M[arm]] / HAZARD
        assert too_low < quits / months / HAZARD, "the months of joining come on top"


@pytest.mark.parametrize("policy", ["reciprocal", "self_selected"])
def test_person_months_are_those_of_the_tables(policy: str) -> None:
    """An independent count, from who was hired, joined and left when; in an ordinary firm, with all causes."""
    plan = plan_of(
        {"months": 40, "organisation.employees": 300, "programme.policy": policy,
         "programme.start_month": 4, "programme.cohort_months": 6}
    )  # fmt: skip
    world = lived(plan, keep_people=True, keep_dyads=True)
    people, pairs = people_columns(world.state, plan), dyad_columns(world.state)
    joined: dict[int, int] = {}
    for side in ("mentor", "mentee"):
        formal = pairs["kind"] == 1
        for person, begun in zip(pairs[side][formal], pairs["begun"][formal], strict=True):
            joined[person] = min(joined.get(person, plan.months), begun)
    end = plan.months - 1
    everybody = participants = quits = 0
    names = ("person", "holder", "hired", "left", "cause")
    for person, holder, hired, left, cause in zip(*(people[name] for name in names), strict=True):
        last = end if left == NEVER else left
        first = 0 if holder == 0 else hired + 1
        everybody += max(0, last - first + 1)
        if person in joined:
            participants += max(0, last - max(first, joined[person] + 1) + 1)
            quits += left > joined[person] and cause == QUIT
    sums = world.state.monthly.sum(axis=0)
    assert sums[columns.M_AT_RISK] == everybody
    assert sums[columns.M_JOINERS_AT_RISK] == participants > 1000
    assert sums[columns.M_JOINERS_QUITS] == quits > 10
