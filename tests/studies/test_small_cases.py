"""Small validation cases: rookies and pros, mentees who become mentors, mentoring within one's own type.

The claims and their wrong variants are in verification/small_cases.py, the models in docs/studies; ``-m full``
makes three times as many runs. docs/verification.md has the figures.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pytest

import sim
from sim.registry import ADDED
from sim.report.page import report_page
from sim.testing import check_mechanism, check_policy
from verification.firms import STUDIES, studies
from verification.small_cases import CASES, NAMES, Claim

pytestmark = pytest.mark.long

OWN_SETTINGS = {
    "rookies_and_pros": {"rookies_and_pros.quits": 2, "rookies_and_pros.by_chance": True},
    "mentors_grow": {},
    "glass_ceiling": {"glass_ceiling.share_above": 0.1},
}
"""Under which the conformance tests look at each mechanism."""


@pytest.fixture(scope="module", autouse=True)
def _studies() -> Iterator[None]:
    with studies(*NAMES):
        yield


def check(claims: list[Claim]) -> None:
    assert claims
    for one in claims:
        assert one.holds(), f"{one.model}, {one.what}: {one.values}"
        assert one.wrong, f"{one.what}: no wrong variant"
        assert not one.not_rejected(), f"{one.what}: also true of {one.not_rejected()}"


@pytest.mark.parametrize("case", CASES)
def test_what_the_model_says_is_found_and_nothing_else(case: str) -> None:
    check(CASES[case](1))


@pytest.mark.full
@pytest.mark.parametrize("case", CASES)
def test_the_same_with_three_times_as_many_runs(case: str) -> None:
    check(CASES[case](3))


@pytest.mark.parametrize("case", NAMES)
def test_the_study_keeps_the_promises_of_a_mechanism(case: str) -> None:
    check_mechanism(ADDED.mechanisms[case], OWN_SETTINGS[case])


@pytest.mark.full
def test_the_study_s_pairs_keep_the_rules() -> None:
    check_policy("mentors_grow", {"mentors_grow.active": True})


@pytest.mark.parametrize("case", NAMES)
def test_the_scenario_can_be_compared(case: str) -> None:
    """As a user would run it, in short: the study's own outcomes are in the table."""
    scenario = sim.load_scenario(STUDIES / f"{case}.toml").with_settings({"months": 30})
    chosen = [variant.name for variant in scenario.variants[:2]]
    comparison = sim.compare(scenario, replicates=2, variants=chosen, workers=1)
    assert f"{case}.active" in report_page(comparison), "the report names the study's settings"
    found = comparison.outcomes
    own = {"rookies_and_pros": "rookies", "mentors_grow": "full_mentors", "glass_ceiling": "minority_above"}  # fmt: skip
    values = found[found["outcome"] == own[case]]["value"]
    assert np.isfinite(values).all() and (values > 0.0).all()


def test_mentoring_has_decreasing_returns() -> None:
    """And none beyond what is enough."""
    study = sys.modules["mentorsim_extension_glass_ceiling"]
    at = [study.mentoring_at(share, 0.5) for share in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.9)]
    steps = np.diff(at)
    assert at[0] == 0.0 and at[-1] == at[-2] == 1.0
    assert (np.diff(steps) < 0.0).all()


def test_the_page_lists_every_claim() -> None:
    page = (STUDIES.parent / "verification.md").read_text(encoding="utf-8")
    for model in ("Rookies and pros", "DRDC mentors and mentees", "Athey, Avery & Zemsky 2000"):
        assert f"\n| {model} | " in page, f"{model}: run `python -m verification.small_cases`"
    assert "**fails**" not in page
