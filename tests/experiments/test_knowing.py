"""What knowing a parameter is worth: against closed forms, where nothing matters, and in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import sim.experiments.knowing as module
from sim.calibration.ensemble import Ensemble
from sim.experiments.compare import compare
from sim.experiments.knowing import KNOWING, worth_knowing
from sim.experiments.loading import load_comparison
from sim.report.page.knowing import knowing_in_words
from sim.scenario import Scenario


def closed(mean: float, slope: float) -> float:
    """Two options, 0 and ``mean + slope · θ`` with θ standard normal: E[max(0, ·)] - max(0, mean)."""
    size = abs(slope)
    whole = size * norm.pdf(mean / size) + mean * norm.cdf(mean / size)
    return float(whole - max(0.0, mean))


@pytest.mark.long
@pytest.mark.parametrize(
    ("sets", "mean", "slope", "noise"),
    [(150, 0.2, 1.0, 1.0), (50, 0.2, 1.0, 1.0), (150, 0.2, 0.5, 2.0), (150, -0.4, -1.0, 0.5)],
)
def test_it_is_what_the_closed_form_says(
    sets: int, mean: float, slope: float, noise: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_DEALT", 200)
    random, truth = np.random.default_rng(4), closed(mean, slope)
    found, held, least = [], 0, 0
    for repetition in range(60):
        parameters = random.standard_normal((sets, 2))
        second = mean + slope * parameters[:, 0] + noise * random.standard_normal(sets)
        told, _, _ = worth_knowing(np.stack([np.zeros(sets), second]), parameters, seed=repetition)
        (one,) = (each for each in told if each.place == 0)
        found.append(one.gain)
        held += one.low <= truth <= one.high
        least += one.p_value < 0.05
    error = np.std(found) / np.sqrt(len(found))
    # What is left of the bias of a maximum: under a third of the standard deviation of one answer.
    assert abs(np.mean(found) - truth) < 3.0 * error + 0.33 * np.std(found)
    assert held >= 52  # 95 % less three standard errors
    assert least >= 30


def test_noise_is_not_told_as_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve equal programmes and parameters that do nothing: p values are even, and nothing stands out."""
    monkeypatch.setattr(module, "_DEALT", 400)
    random = np.random.default_rng(5)
    p_values = []
    for repetition in range(20):
        effects = random.standard_normal((12, 60))
        told, some, by_chance = worth_knowing(
            effects, random.random((60, 25)), most=3, seed=repetition
        )
        p_values += list(some)
        assert by_chance > 0.05  # what a naive answer would have told
        assert sum(one.low > 0.0 for one in told) <= 3
    assert np.mean(np.array(p_values) <= 0.05) == pytest.approx(0.05, abs=0.045)
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.06)


def test_the_same_choice_everywhere_is_worth_nothing() -> None:
    random = np.random.default_rng(6)
    parameters = random.random((80, 1))
    effects = np.stack([np.zeros(80), 5.0 + parameters[:, 0] + 0.1 * random.standard_normal(80)])
    (one,), _, _ = worth_knowing(effects, parameters)
    assert (one.gain, one.low, one.high, one.changes) == (0.0, 0.0, 0.0, 0.0)
    assert one.lowest == one.highest == 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm whose volunteers decide whether a programme is worth having, saved with its tables."""
    scenario = Scenario(
        months=20,
        seed=3,
        organisation={"employees": 40},
        programme={"start_month": 2, "cohort_months": 6},
        variants=[
            {"name": "Nothing", "programme.policy": "none"},
            {"name": "Random", "programme.policy": "random"},
            {"name": "Similar", "programme.policy": "similarity"},
        ],
    )
    levels = np.linspace(-4.0, 2.0, 22)
    sets = Ensemble(
        ("volunteering.level", "departures.quit_rate"),
        np.stack([levels, np.tile([0.004, 0.02], 11)], axis=1),
    )
    made = compare(scenario, replicates=44, ensemble=sets, workers=1)
    return made.save(tmp_path_factory.mktemp("knowing") / "found")


@pytest.mark.long
def test_the_table_is_saved_and_read(folder: Path) -> None:
    table = load_comparison(folder).value_of_knowing
    assert list(table.columns) == list(KNOWING)
    assert set(table["goal"]) == {"stay", "engaged", "ideas", "start", "pay"}
    assert set(table["parameter"]) == {"volunteering.level", "departures.quit_rate"}
    assert (table["sets"] == 22).all()
    assert (table["low"] <= table["gain"]).all() and (table["gain"] <= table["high"]).all()
    assert (table["low"] >= 0.0).all()
    assert set(table["choice"]) <= {"Nothing", "Random", "Similar"}
    assert table["stands_out"].dtype == bool


def row(**given: object) -> dict[str, object]:
    usual = {
        "goal": "stay", "choice": "B", "parameter": "volunteering.level", "gain": 3.0, "low": 1.0,
        "high": 5.0, "stands_out": True, "choice_lowest": "A", "choice_highest": "B",
    }  # fmt: skip
    return usual | given


def test_what_to_find_out_is_said_in_words() -> None:
    (text,) = knowing_in_words([row()], {"stay": 40.0}, "")
    assert text == (
        "What to find out first: how many people volunteer. Knowing it before you choose brings 3.0 more people "
        "stay a year on average (1.0 to 5.0): where it is low, “A” does most, where it is high, “B”."
    )
    (text,) = knowing_in_words([row(gain=0.4, low=0.2, high=0.6)], {"stay": 40.0}, "")
    assert "nothing that you had better find out" in text and "too little to notice" in text
    (text,) = knowing_in_words([row(stands_out=False, low=0.0)], {"stay": 40.0}, "")
    assert "no single assumption" in text and "5.0 more people stay a year" in text
    (text,) = knowing_in_words([row(goal="pay", gain=9e3, low=2e3, high=2e4)], {}, "EUR")
    assert "EUR 9,000 a year left over" in text


def test_pandas_reads_it(folder: Path) -> None:
    assert len(pd.read_csv(folder / "value_of_knowing.csv")) == 10
