"""Whether people stay what they are without a programme: synthetic firms do, real staff lists may not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from command_line import sim_here
from places import ROOT
from sim.scenario import Scenario
from sim.simulation.drift import Drift, drift_of, drift_words
from verification.standing_still import years_later

LAW_FIRM = ROOT / "scenarios" / "law_firm.toml"


def test_a_synthetic_firm_keeps_its_age_for_ten_years() -> None:
    found = drift_of(Scenario(months=120, organisation={"employees": 300}))
    assert found.months == 120
    assert abs(found.age_after - found.age) < 1.0, found
    assert 35.0 < found.age < 48.0


def test_a_real_staff_list_may_drift_and_check_says_how_far(tmp_path: Path) -> None:
    scenario = sim.load_scenario(LAW_FIRM)
    found = drift_of(scenario)
    assert scenario.roster is not None
    assert found.age == pytest.approx(scenario.roster.age.mean(), abs=0.6)
    assert found.notable
    assert drift_of(scenario) == found
    shown = sim_here("check", str(LAW_FIRM), folder=tmp_path).stdout
    assert f"# - {drift_words(found)}" in shown


def test_the_words_have_both_means_before_and_after() -> None:
    far = drift_words(Drift(41.8, 43.5, 10.6, 8.7, 48))
    assert "mean age goes from 41.8 to 43.5 years and mean service from 10.6 to 8.7 years within 48 months" in far  # fmt: skip
    assert "organisation.turnover" in far
    near = drift_words(Drift(41.8, 42.1, 10.6, 10.2, 48))
    assert near.startswith(
        "Without a programme these people stay about what they are over 48 months"
    )


def test_its_mean_age_moves_no_more_than_by_chance() -> None:
    def change(**settings: float) -> tuple[float, float]:
        ages = years_later({f"people.{name}": value for name, value in settings.items()}, 30)[
            :, :, 0
        ]
        moved = ages[:, 2] - ages[:, 0]
        return float(moved.mean()), float(moved.std(ddof=1) / np.sqrt(len(moved)))

    mean, error = change()
    assert abs(mean) < 3.0 * error
    mean, error = change(entry_age=34.0)  # newcomers four years younger are seen
    assert mean < -3.0 * error
