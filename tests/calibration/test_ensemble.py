"""Comparisons over an ensemble of parameter sets: chance and ignorance apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from conftest import plan_of
from sim.calibration.ensemble import Ensemble, read_ensemble, set_of, sets_of, shipped_ensemble
from sim.errors import InputError
from sim.experiments.uncertainty import uncertainty_table
from sim.outcomes.declared import OUTCOMES
from sim.simulation.plan import with_parameters
from sim.simulation.simulation import Simulation, simulate

pytestmark = pytest.mark.long

SCENARIO = sim.Scenario(
    months=26,
    seed=5,
    organisation={"employees": 60},
    learning={"rate": 0.2},
    variants=[
        {"name": "none"},
        {"name": "reverse", "programme.policy": "reverse"},
        {"name": "fast", "programme.policy": "reverse", "meetings.growth": 0.5},
    ],
)


def one_parameter(values: list[float], key: str = "learning.mentor_rate") -> Ensemble:
    return Ensemble((key,), np.array(values)[:, None])


def test_the_package_ships_sets_of_allowed_values() -> None:
    ensemble = shipped_ensemble()
    assert len(ensemble) >= 100
    assert len(ensemble.keys) > 100
    assert len(np.unique(ensemble.values, axis=0)) == len(ensemble)
    assert set(ensemble.set_at(0)) == set(ensemble.keys)


def test_other_parameters_in_a_plan_are_as_if_the_scenario_had_set_them() -> None:
    values = {"learning.rate": 0.1, "practice.emerging_decay": 0.01, "support.training_scale": 9.0}
    given = {"months": 14, "organisation.employees": 50, "programme.policy": "reverse",
             "programme.training_hours": 3.0}  # fmt: skip
    changed = with_parameters(plan_of(given), values)
    expected = plan_of({**given, **values})
    one, other = simulate(changed, 3, 0), simulate(expected, 3, 0)
    np.testing.assert_array_equal(one.monthly, other.monthly)
    plain = simulate(plan_of(given), 3, 0)
    assert not np.array_equal(plain.monthly, one.monthly)
    assert plan_of(given).record["learning"]["rate"][0] != 0.1  # the plan itself is left alone


def test_neighbouring_worlds_share_a_set_and_the_scenario_keeps_what_it_sets() -> None:
    from sim.experiments.tasks import Job
    from sim.simulation.plan import plans_of

    ensemble = Ensemble(
        ("learning.rate", "meetings.growth", "meetings.fading"),
        np.array([[0.3, 0.1, 0.03], [0.35, 0.2, 0.15]]),
    )
    plans = plans_of(SCENARIO)
    fixed = (frozenset({"learning.rate"}), frozenset({"learning.rate"}),
             frozenset({"learning.rate", "meetings.growth"}))  # fmt: skip
    job = Job(plans, 5, False, False, ensemble, fixed)
    found = [
        [job.plan_of(3 * world + variant).record[0] for variant in range(3)] for world in range(6)
    ]
    for world, records in enumerate(found):
        row = ensemble.values[set_of(world) % 2]
        assert [float(record.learning.rate) for record in records] == [0.2] * 3
        assert [float(record.meetings.fading) for record in records] == [row[2]] * 3
        assert [float(record.meetings.growth) for record in records] == [row[1], row[1], 0.5]


def test_comparisons_over_the_ensemble_do_not_depend_on_the_workers(tmp_path: Path) -> None:
    one = sim.compare(SCENARIO, replicates=6, workers=1, ensemble=True)
    for options in ({"workers": 2}, {"workers": 2, "executor": "processes"}):
        other = sim.compare(SCENARIO, replicates=6, ensemble=True, **options)  # type: ignore[arg-type]
        pd.testing.assert_frame_equal(one.outcomes, other.outcomes, check_exact=True)
        pd.testing.assert_frame_equal(one.uncertainty, other.uncertainty, check_exact=True)
    plain = sim.compare(SCENARIO, replicates=6, workers=1)
    assert not plain.outcomes["value"].equals(one.outcomes["value"])
    with pytest.raises(InputError, match="ensemble=True"):
        _ = plain.uncertainty
    one.save(tmp_path / "saved")
    read = sim.load_comparison(tmp_path / "saved")
    pd.testing.assert_frame_equal(read.uncertainty, one.uncertainty, check_exact=True)
    assert one.manifest["parameter_sets"] == 3


def test_variants_are_the_same_firm_until_the_programme_starts_under_every_set() -> None:
    ensemble = shipped_ensemble()
    plans = [
        with_parameters(plan_of({"months": 12, "programme.policy": policy, "programme.start_month": 6,
                                 "organisation.employees": 60}), ensemble.set_at(number))
        for number in (0, 1) for policy in ("none", "reverse")
    ]  # fmt: skip
    months = [Simulation(plan, 1, 0).run(6).state.monthly[:6] for plan in plans]
    np.testing.assert_array_equal(months[0], months[1])
    np.testing.assert_array_equal(months[2], months[3])
    assert not np.array_equal(months[0], months[2])


# --- the table ---------------------------------------------------------------------------------------


def made_up(effect: np.ndarray, ensemble: Ensemble) -> pd.Series:
    """The row of the first outcome, of an effect in every world."""
    values = np.zeros((2, len(effect), len(OUTCOMES)))
    values[1, :, 0] = effect
    sets = sets_of(range(len(effect)), len(ensemble))
    table = uncertainty_table(("none", "some"), "none", sets, values, ensemble)
    return table.iloc[0]


def test_chance_and_ignorance_are_told_apart() -> None:
    rng = np.random.default_rng(2)
    sets = 400
    truth = rng.normal(1.0, 0.5, sets)
    effect = np.repeat(truth, 2) + rng.normal(0.0, 2.0, 2 * sets)
    row = made_up(effect, one_parameter(truth.tolist()))
    assert row["difference"] == pytest.approx(effect.mean())
    assert (row["sets_high"] - row["sets_low"]) / 3.92 == pytest.approx(0.5, rel=0.5)
    assert row["share_of_ignorance"] == pytest.approx(0.25 / 4.25, abs=0.06)
    assert row["chance_high"] - row["chance_low"] == pytest.approx(
        3.92 * 2.0 / np.sqrt(800), rel=0.1
    )
    assert 0.9 < row["same_direction"] <= 1.0
    assert row["hinges_on"] == "learning.mentor_rate"
    assert row["sets"] == sets and row["replicates"] == 2 * sets


def test_only_chance_is_no_ignorance_and_a_clear_effect_holds() -> None:
    rng = np.random.default_rng(3)
    row = made_up(rng.normal(1.0, 1.0, 200), one_parameter(rng.random(100).tolist()))
    assert row["share_of_ignorance"] < 0.15
    assert row["holds"]
    assert row["hinges_on"] == ""


def test_an_effect_whose_sign_the_sets_dispute_does_not_hold() -> None:
    rng = np.random.default_rng(4)
    truth = rng.normal(0.5, 1.0, 300)
    row = made_up(np.repeat(truth, 2) + rng.normal(0.0, 0.1, 600), one_parameter(truth.tolist()))
    assert row["low"] > 0.0  # the mean is clear of zero ...
    assert not row["holds"]  # ... and yet three sets in ten say the opposite
    assert row["same_direction"] == pytest.approx(0.69, abs=0.05)


@pytest.mark.parametrize(("worlds", "sets"), [(1, 1), (2, 1), (4, 2), (0, 0)])
def test_few_worlds_tell_nothing(worlds: int, sets: int) -> None:
    row = made_up(np.ones(worlds), one_parameter([0.1, 0.2]))
    assert row["sets"] == sets
    assert np.isnan(row["difference"]) and not row["holds"]


# --- files -------------------------------------------------------------------------------------------


def test_wrong_files_get_one_clear_message(tmp_path: Path) -> None:
    def message(text: str) -> str:
        path = tmp_path / "sets.csv"
        path.write_text(text)
        with pytest.raises(InputError) as caught:
            read_ensemble(path)
        assert str(path) in str(caught.value)
        return str(caught.value)

    assert "cannot be read" in str(
        pytest.raises(InputError, read_ensemble, tmp_path / "no.csv").value
    )
    assert "'learning.rat' is not a parameter" in message("learning.rat\n0.1\n")
    assert "'programme.policy' is not a parameter" in message("programme.policy\n0.1\n")
    assert "line 3" in message("learning.rate\n0.1\n1.5\n")
    assert "not a set of allowed values" in message("learning.rate\nx\n")
    assert "not a set of allowed values" in message("learning.rate\nnan\n")
    assert "no parameter sets" in message("learning.rate\n")
    assert "no parameter sets" in message("")


def test_the_command_line_takes_a_file_of_sets(tmp_path: Path, monkeypatch: Any) -> None:
    from sim.cli import main

    monkeypatch.chdir(tmp_path)
    Path("sets.csv").write_text("# made up\nlearning.rate\n0.1\n0.3\n0.2\n")
    Path("firm.toml").write_text("months = 20\n[organisation]\nemployees = 30\n[[variant]]\nname = 'a'\n"
                                 "[[variant]]\nname = 'b'\nprogramme.policy = 'random'\n")  # fmt: skip
    done = main(["compare", "firm.toml", "--replicates", "6", "--quiet", "--no-figures",
                 "--no-report", "--ensemble", "sets.csv"])  # fmt: skip
    assert done == 0
    assert "--ensemble sets.csv" in Path("results/firm/manifest.json").read_text()
    table = pd.read_csv("results/firm/uncertainty.csv")
    assert (table["sets"].max(), table["replicates"].max()) == (3, 6)
    assert main(["compare", "firm.toml", "--ensemble", "missing.csv", "--overwrite"]) == 2
