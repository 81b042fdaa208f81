"""Closed forms: the engine's own parts, everything else switched off, against formulas.

Each test also computes what a usual mistake would give, and is seen to reject it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from conftest import lived, plan_of
from sim import columns
from sim.simulation import Simulation

NOBODY_LEAVES = {
    "departures.quit_rate": 0.0,
    "departures.involuntary_rate": 0.0,
    "departures.retirement_rate": 0.0,
}


def within(found: float, expected: float, standard_error: float) -> bool:
    """Whether a mean over replicates is within four standard errors of a formula."""
    return abs(found - expected) < 4 * standard_error


def monthly_of(worlds: int, **given: Any) -> np.ndarray:
    """Monthly measures of several worlds: shape (worlds, months, measures)."""
    plan = plan_of(given)
    return np.array([lived(plan, world=world).state.monthly for world in range(worlds)])


@pytest.mark.parametrize("fill_rate", [0.2, 0.5])
def test_filled_share_of_posts(fill_rate: float) -> None:
    """D3: a vacancy filled with probability v a month leaves v / (v + q) of the posts filled."""
    yearly = 0.6
    monthly = monthly_of(
        12,
        **NOBODY_LEAVES
        | {
            "months": 90,
            "organisation.employees": 300,
            "organisation.levels": 1,
            "departures.involuntary_rate": yearly,
            "vacancies.fill_rate": fill_rate,
        },
    )
    share = monthly[:, 40:, columns.M_HEADCOUNT].mean(axis=1) / 300
    q = 1 - math.exp(-yearly / 12)
    error = share.std(ddof=1) / math.sqrt(len(share))
    assert within(share.mean(), fill_rate / (fill_rate + q), error)
    same_month = fill_rate / (fill_rate + q * (1 - fill_rate))
    assert not within(share.mean(), same_month, error), "filled in the month of leaving"
    assert not within(share.mean(), fill_rate / (fill_rate + yearly), error), "yearly for monthly"


def test_leavers_are_binomial() -> None:
    """D4: constant hazard, independent exits: mean N q and variance N q (1 - q)."""
    monthly = monthly_of(
        300,
        **NOBODY_LEAVES
        | {
            "months": 1,
            "organisation.employees": 200,
            "departures.involuntary_rate": 0.6,
        },
    )
    leavers = monthly[:, 0, columns.M_INVOLUNTARY]
    q = 1 - math.exp(-0.05)
    variance = 200 * q * (1 - q)
    assert within(leavers.mean(), 200 * q, math.sqrt(variance / 300))
    assert within(leavers.var(ddof=1), variance, variance * math.sqrt(2 / 299))


def test_engagement_is_the_autoregression_it_says() -> None:
    """E1: variance σ² / (κ (2 - κ)) around the baseline, and autocorrelation (1 - κ)^h."""
    quiet = {
        f"engagement.{name}": 0.0
        for name in (
            "relationship_effect", "learning_effect", "heard_effect", "implemented_effect",
            "unheard_effect", "turned_away_effect", "overload_effect", "awareness_effect",
        )
    }  # fmt: skip
    quiet["engagement.reversion"] = 0.4  # far enough from the continuous-time formula to tell
    plan = plan_of({"months": 60, "organisation.employees": 400, **NOBODY_LEAVES, **quiet})
    simulation = Simulation(plan, 1, 0)
    path = []
    for _ in range(60):
        simulation.run(1)
        person = simulation.state.person
        path.append(person[columns.ENGAGEMENT] - person[columns.BASELINE_ENGAGEMENT])
    deviations = np.array(path)
    inside = np.abs(person[columns.BASELINE_ENGAGEMENT] - 0.5) < 0.2  # never held within 0 to 1
    deviations = deviations[:, inside]
    kappa, sigma = plan.settings["engagement"]["reversion"], plan.settings["engagement"]["noise"]
    variance = sigma**2 / (kappa * (2 - kappa))
    by_person = (deviations**2).mean(axis=0)
    error = by_person.std(ddof=1) / math.sqrt(len(by_person))
    assert within(by_person.mean(), variance, error)
    assert not within(by_person.mean(), sigma**2 / (2 * kappa), error), "continuous-time formula"
    for lag in (1, 3):
        products = (deviations[:-lag] * deviations[lag:]).mean(axis=0)
        error = products.std(ddof=1) / math.sqrt(len(products))
        assert within(products.mean(), variance * (1 - kappa) ** lag, error)


def test_ideas_are_poisson_and_voice_thins_them() -> None:
    """F1, F2: counts have mean = variance; with voice v, those heard are Poisson too."""
    given = NOBODY_LEAVES | {
        "months": 12,
        "organisation.employees": 150,
        "organisation.levels": 3,
        "people.idea_spread": 0.0,
        "ideas.engagement_effect": 0.0,
        "ideas.recombination_effect": 0.0,
        "ideas.voice_by_safety": 0.0,
        "ideas.voice_by_confidence": 0.0,
        "ideas.bypass": 0.0,
        "ideas.rate": 0.9,
    }
    monthly = monthly_of(200, **given)
    ideas = monthly[:, :, columns.M_IDEAS].sum(axis=1)
    mean = 150 * 0.9
    assert within(ideas.mean(), mean, math.sqrt(mean / 200))
    assert within(ideas.var(ddof=1), mean, mean * math.sqrt(2 / 199))
    assert not within(ideas.var(ddof=1), mean * (1 - 0.9), mean * math.sqrt(2 / 199)), "Bernoulli"
    plan = plan_of(given)
    levels = plan.chart.level
    passing = 0.75 ** np.maximum(0, 2 - levels)
    heard = monthly[:, :, columns.M_VOICED].sum(axis=1)
    expected = 0.9 * passing.sum()
    assert within(heard.mean(), expected, math.sqrt(expected / 200))
    assert within(heard.var(ddof=1), expected, expected * math.sqrt(2 / 199))


def test_steady_skill_of_practice_and_obsolescence() -> None:
    """The fixed point of practice and obsolescence, and no drift of those who are there at the start."""
    plan = plan_of(
        {
            "months": 36,
            "organisation.employees": 200,
            **NOBODY_LEAVES,
            "learning.rate": 0.0,
            "learning.mentor_rate": 0.0,
            "learning.contact_rate": 0.0,
        }
    )
    simulation = Simulation(plan, 1, 0)
    start = simulation.state.skills.copy()
    simulation.run()
    emerging = simulation.state.skill[columns.SKILL_KIND] == columns.EMERGING
    np.testing.assert_allclose(simulation.state.skills[:, emerging], start[:, emerging], rtol=1e-9)
    own = plan.settings["practice"]
    keep = (1 - own["emerging_decay"]) * (1 - own["emerging_practice"])
    factor = (1 - own["emerging_decay"]) * own["emerging_practice"] / (1 - keep)
    np.testing.assert_allclose(start[:, emerging], factor * simulation.state.potential[:, emerging])
    grown = simulation.state.skills[:, ~emerging] - start[:, ~emerging]
    assert grown.min() > -1e-12, "institutional skill grows with tenure"
    assert grown.max() > 0.02
