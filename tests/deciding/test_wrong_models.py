"""How often a model that is wrong is found to be, and what moved sets forecast better than sets that were not moved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from places import ROOT
from platform_figures import MONTHS, reported
from sim.calibration.ensemble import Ensemble, shipped_ensemble
from sim.deciding.believing import contradiction
from sim.deciding.figures import figures_of, usable
from sim.deciding.moving import moved_sets
from sim.deciding.update import _with_survey_error
from sim.deciding.worlds import TARGETS, Worlds, shifted, simulated, targets_of
from sim.scenario import Scenario, load_scenario

WRONG: Mapping[str, Mapping[str, Any]] = {
    "right": {},
    "sessions held: half a logit fewer": {"attendance": -0.5},
    "sessions held: two logits fewer": {"attendance": -2.0},
    "quits twice as often in the year before": {"early_quits": 2.0},
    "a tight labour market": {"environment.labour_market": 1.5},
    "half the places": {"programme.places": 0.5},
    "pairs by chance, not by the policy": {"programme.policy": "random"},
    "nobody trained or looked after": {
        "programme.training_hours": 0.0,
        "programme.check_in_months": 0,
    },
}
"""What is otherwise in the firm than in the model that is updated."""


def table_of(worlds: Worlds, scenario: Scenario, change: Mapping[str, Any]) -> np.ndarray:
    """The figures of every firm, with what is wrong about what it reports."""
    cells = worlds.cells(MONTHS)
    before = np.array(MONTHS) < 0
    if "attendance" in change:
        held = cells["sessions_held"] / np.maximum(1.0, cells["sessions_planned"])
        odds = np.exp(change["attendance"]) * held / np.maximum(1e-9, 1.0 - held)
        lower = np.round(cells["sessions_planned"] * odds / (1.0 + odds))
        cells["sessions_held"] = np.where(cells["sessions_planned"] > 0, lower, 0.0)
    if "early_quits" in change:
        cells["quits"] = np.where(before, change["early_quits"] * cells["quits"], cells["quits"])
    pattern = reported()
    figures = usable(MONTHS, pattern)
    table = figures_of(figures, MONTHS, pattern, cells)
    employees = float(scenario.settings["organisation"]["employees"])
    return _with_survey_error(table, figures, scenario.settings["pilot"], employees)


def alarms(
    scenario: Scenario, variant: str, sets: Ensemble, *, firms: int, truths: int
) -> dict[str, float]:
    """Of firms of which the model is wrong in something, the share in which the alarm sounds.

    Each is a firm of one of the sets, with luck of its own; that set is left out of what it is judged by.
    """
    here = shifted(scenario, variant, 12)
    worlds = simulated(here, variant, sets, firms_per_set=firms, horizon=12, workers=2)
    table = table_of(worlds, scenario, {})
    moving = table.std(axis=0) > 1e-9
    own = np.linspace(0, len(sets) - 1, truths).astype(int)
    chosen = Ensemble(sets.keys, sets.values[own])
    found = {}
    for name, change in WRONG.items():
        settings = {key: value for key, value in change.items() if "." in key}
        if "programme.places" in settings:
            places = scenario.variant(variant).settings["programme"]["places"]
            settings["programme.places"] *= places
        told = {f"*: {key}": value for key, value in settings.items()}
        there = shifted(scenario.with_settings(told) if told else scenario, variant, 12)
        truth = simulated(
            there, variant, chosen, firms_per_set=1, horizon=12, first=500_000, workers=2
        )
        seen = table_of(truth, scenario, change)
        sounds = [
            contradiction(
                table[worlds.sets != one][:, moving], worlds.sets[worlds.sets != one], row[moving]
            ).alarm
            for one, row in zip(own.tolist(), seen, strict=True)
        ]
        found[name] = float(np.mean(sounds))
    return found


def moved_gains(
    scenario: Scenario,
    variant: str,
    sets: Ensemble,
    *,
    firms: int,
    truths: int,
    anew: int,
    horizon: int,
) -> dict[str, tuple[float, float]]:
    """Mean gain in log score (nats), and its error, of sets moved by the figures and simulated anew.

    Against the same firms of sets that were not moved. Both forecasts are normal, with mean and spread of the firms;
    each truth is a firm of one set, which is left out of everything.
    """
    here = shifted(scenario, variant, horizon)
    worlds = simulated(here, variant, sets, firms_per_set=firms, horizon=horizon, workers=2)
    table = table_of(worlds, scenario, {})
    table = table[:, table.std(axis=0) > 1e-9]
    later = targets_of(worlds, 6)
    gains: dict[str, list[float]] = {target.key: [] for target in TARGETS}
    for own in np.linspace(0, len(sets) - 1, truths).astype(int).tolist():
        others = worlds.sets != own
        numbers = np.flatnonzero(np.arange(len(sets)) != own)
        rest = Ensemble(sets.keys, sets.values[numbers])
        truth = own * firms
        moved, _ = moved_sets(
            here,
            variant,
            rest,
            table[others],
            np.searchsorted(numbers, worlds.sets[others]),
            table[truth],
            firms,
        )
        again = simulated(
            here, variant, moved, firms_per_set=anew, horizon=horizon, first=900_000, workers=2
        )
        told = targets_of(again, 6)
        for key, values in gains.items():
            true = later[key][truth]
            values.append(density(true, told[key]) - density(true, later[key][others]))
    return {
        key: (float(np.mean(one)), float(np.std(one, ddof=1) / math.sqrt(len(one))))
        for key, one in gains.items()
    }


def density(value: float, firms: np.ndarray) -> float:
    """Log density of a normal with the mean and the spread of some firms."""
    spread = max(1e-12, float(firms.std(ddof=1)))
    return -0.5 * ((value - float(firms.mean())) / spread) ** 2 - math.log(spread)


def test_the_alarm_hears_few_sets_and_a_wrong_attendance(tmp_path: Path) -> None:
    path = tmp_path / "firm.toml"
    path.write_text(
        'title = "Sixty"\nmonths = 24\n[organisation]\nemployees = 60\n[programme]\nstart_month = 2\n'
        'places = 0.3\n[[variant]]\nname = "None"\nprogramme.policy = "none"\n[[variant]]\nname = "Pairs"\n'
        'programme.policy = "reciprocal"\n'
    )
    whole = shipped_ensemble()
    few = Ensemble(whole.keys, whole.values[::9])
    scenario = load_scenario(path)
    worlds = simulated(
        shifted(scenario, "Pairs", 12), "Pairs", few, firms_per_set=6, horizon=12, workers=1
    )
    table, wrong = table_of(worlds, scenario, {}), table_of(worlds, scenario, {"attendance": -3.0})
    moving = table.std(axis=0) > 1e-9
    sounds = [
        [
            contradiction(table[:, moving], worlds.sets, one[place][moving]).alarm
            for place in range(0, len(table), 6)
        ]
        for one in (table, wrong)
    ]
    assert np.mean(sounds[0]) < 0.25 < np.mean(sounds[1])


@pytest.mark.full
def test_how_often_wrong_models_are_found_and_what_moved_sets_gain() -> None:
    """As in the documentation, which has its figures: python -m pytest -m full -s tests/deciding/test_wrong_models.py"""
    scenario = load_scenario(ROOT / "scenarios" / "pairing_policies.toml")
    sets = shipped_ensemble()
    power = alarms(scenario, "Reciprocal", sets, firms=8, truths=len(sets))
    for name, share in power.items():
        print(f"{name}: {100 * share:.0f} of 100")
    assert abs(power["right"] - 0.05) < 4.0 * math.sqrt(0.05 * 0.95 / len(sets))
    assert power["quits twice as often in the year before"] > 0.4
    assert power["sessions held: two logits fewer"] > 0.3
    assert all(share >= power["right"] - 0.05 for share in power.values())
    gained = moved_gains(scenario, "Reciprocal", sets, firms=8, truths=20, anew=2, horizon=24)
    for key, (gain, error) in gained.items():
        print(f"{key}: {gain:.2f} (standard error {error:.2f})")
    assert gained["sessions"][0] > 2.0 * gained["sessions"][1]
    assert all(gain > -2.5 * error for gain, error in gained.values())
