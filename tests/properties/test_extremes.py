"""At the limits of what is allowed, alone and together, a firm has finite outcomes or a message, never less."""

from __future__ import annotations

import math
import os
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from invariants import check_people, check_references
from sim.engine.columns import M
from sim.errors import InputError
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.outcome import Sums
from sim.parameters import Parameter
from sim.programme.settings import POLICIES
from sim.scenario import Scenario
from sim.scenario.catalogue import GROUPS
from sim.simulation.plan import context_of, plans_of
from sim.simulation.simulation import Simulation

SEED = int(os.environ.get("MENTORSIM_FUZZ_SEED", "1"))
"""Of what is tried; another one tries other things."""

LEFT_ALONE = {"employees", "seed", "months", "replicates"}
"""Sizes, which say how much is simulated."""

SETTINGS: list[tuple[str, Parameter]] = [
    (f"{group.name}.{one.name}", one)
    for group in GROUPS
    if group.name != "scenario"
    for one in group.parameters
    if one.name not in LEFT_ALONE and one.kind in ("number", "integer", "boolean", "choice")
]


def at_a_limit(parameter: Parameter, rng: random.Random) -> Any:
    if parameter.kind == "boolean":
        return rng.random() < 0.5
    if parameter.kind == "choice":
        return rng.choice(parameter.words)
    limit = rng.choice([parameter.low, parameter.high])
    if not math.isfinite(limit):
        limit = math.copysign(1e6, limit)
    return int(limit) if parameter.kind == "integer" else float(limit)


def combinations(number: int, seed: int) -> Iterator[dict[str, Any]]:
    """Settings of firms, a few or many of them at a limit."""
    rng = random.Random(seed)
    for _ in range(number):
        months = rng.choice([1, 2, 7, 14])
        given = {
            "months": months,
            "seed": rng.choice([0, 1, 2**63 - 1]),
            "organisation.employees": rng.choice([1, 2, 3, 12, 40]),
            "programme.policy": rng.choice(POLICIES),
            "programme.start_month": rng.choice([0, 0, months - 1]),
            "programme.cohort_months": rng.choice([1, 3, 6]),
        }
        for key, parameter in rng.sample(SETTINGS, rng.choice([2, 5, 15, 40])):
            given[key] = at_a_limit(parameter, rng)
        yield given


def alone() -> Iterator[dict[str, Any]]:
    """Every number at each of its limits, everything else as it is."""
    for key, parameter in SETTINGS:
        for limit in (parameter.low, parameter.high):
            if parameter.kind in ("number", "integer") and math.isfinite(limit):
                value = int(limit) if parameter.kind == "integer" else float(limit)
                yield {
                    "months": 8, "organisation.employees": 12, "programme.policy": "reciprocal",
                    "programme.start_month": 1, "programme.cohort_months": 3, key: value,
                }  # fmt: skip


def faults(given: dict[str, Any]) -> list[str] | None:
    """What is wrong with the firm of these settings; None if they are refused."""
    try:
        (plan,) = plans_of(Scenario(**given))
    except InputError:
        return None
    world = Simulation(plan, 5, 0, keep_people=True, keep_dyads=True)
    while world.month < plan.months:
        world.run(1)
        check_people(world.state)
        check_references(world.state)
    monthly = world.state.monthly
    names = list(M)
    found = [f"{names[k]} is not finite" for k in np.flatnonzero(~np.isfinite(monthly).all(axis=0))]
    left = monthly[:, [M["quits"], M["involuntary"], M["retired"]]].sum(axis=1)
    change = np.diff(monthly[:, M["headcount"]])
    if (change != (monthly[:, M["hires"]] - left)[1:]).any():
        found.append("people come or go without being counted")
    if (monthly[1:, M["at_risk"]] != monthly[:-1, M["headcount"]]).any():
        found.append("not everybody who is there can leave")
    sums, context = Sums(monthly[plan.window_start :].sum(axis=0)), context_of(plan)
    for item in OUTCOMES:
        value = float(item.of(sums, context))
        share = item.unit in ("%", "0 to 1") and "gap" not in item.name
        top = {"%": 100.0, "0 to 1": 1.0}.get(item.unit, math.inf)
        if math.isinf(value) or (
            share and not math.isnan(value) and not -1e-9 <= value <= top + 1e-9
        ):
            found += [f"{item.name} = {value}"] * (item.name != "mentor_places")
    return found


@pytest.mark.long
@pytest.mark.filterwarnings("error")
def test_a_sample_of_firms_at_the_limits() -> None:
    refused = 0
    for given in combinations(120, SEED):
        found = faults(given)
        refused += found is None
        assert not found, f"{found}: {given}"
    assert refused < 60, "most of what is tried is simulated"


@pytest.mark.full
@pytest.mark.filterwarnings("error")
def test_many_firms_at_the_limits() -> None:
    for given in combinations(6000, SEED + 1):
        found = faults(given)
        assert not found, f"{found}: {given}"


@pytest.mark.filterwarnings("error")
def test_every_number_alone_at_its_limits() -> None:
    given = list(alone())
    for one in given[:: 1 if os.environ.get("MENTORSIM_FUZZ_SEED") else 4]:
        found = faults(one)
        assert not found, f"{found}: {one}"
