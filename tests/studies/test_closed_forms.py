"""Closed forms: the engine's own parts, everything else switched off, against formulas.

The comparisons are in verification/forms.py; each also computes what usual mistakes would give, and is seen
to reject them. ``-m full`` runs them with six times as many worlds. docs/verification.md lists them all.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from conftest import plan_of
from sim.engine import columns
from sim.simulation.simulation import Simulation
from verification.findings import Finding, finding
from verification.forms import FORMS


def check(form: str, findings: list[Finding]) -> None:
    assert {one.name for one in findings} == set(form.split())
    for one in findings:
        assert one.agrees(), f"{one.name}, {one.what}: {one.mean:.6g}, not {one.expected:.6g}"
        assert one.wrong, f"{one.name}, {one.what}: no wrong variant"
        assert not one.not_rejected(), f"{one.name}, {one.what}: also fits {one.not_rejected()}"


@pytest.mark.parametrize("form", FORMS)
def test_the_engine_gives_the_closed_form_and_nothing_else(form: str) -> None:
    check(form, FORMS[form](1))


@pytest.mark.full
@pytest.mark.parametrize("form", FORMS)
def test_the_same_with_six_times_as_many_worlds(form: str) -> None:
    check(form, FORMS[form](6))


def test_the_rule_of_agreement() -> None:
    """|mean - expected| < 4 sqrt(sd²/R + se²), and what is rejected is what is further away."""
    values = np.array([1.0, 2.0, 3.0])
    standard_error = 1.0 / np.sqrt(3.0)
    right = finding("A", "", 2.0 + 3.9 * standard_error, values, {"near": 2.1, "far": 9.0})
    assert right.agrees()
    assert right.not_rejected() == ["near"]
    wrong = finding("A", "", 2.0 + 4.1 * standard_error, values, {})
    assert not wrong.agrees()
    assert replace(wrong, error=1.0).agrees()


def test_steady_skill_of_practice_and_obsolescence() -> None:
    """The fixed point of practice and obsolescence, and no drift of those who are there at the start."""
    plan = plan_of(
        {
            "months": 36,
            "organisation.employees": 200,
            "departures.quit_rate": 0.0,
            "departures.involuntary_rate": 0.0,
            "departures.retirement_rate": 0.0,
            "learning.rate": 0.0,
            "learning.mentor_rate": 0.0,
            "learning.contact_rate": 0.0,
            "learning.asking_rate": 0.0,
            "learning.asking_lasting": 0.0,
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
