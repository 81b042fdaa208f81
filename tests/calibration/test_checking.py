"""A calibration that is tried again: its sets against every target, on the model as it is now."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.calibration import calibrating, checking
from sim.calibration.checking import FIRST_WORLD, Checked, save_check
from sim.calibration.ensemble import read_ensemble
from sim.calibration.fitting import simulate_set
from sim.calibration.observation import setting
from sim.calibration.priors import FREE
from sim.calibration.targets import TARGETS
from sim.commands.calibrate import NAME
from sim.errors import InputError

SHIPPED = files("sim.calibration").joinpath("data")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a calibration left, with two sets only."""
    monkeypatch.setattr(calibrating, "_CENTRAL_SETS", 2)
    monkeypatch.setattr(checking, "FIRMS", 1)
    for name in ("targets.csv", "parameters.csv"):
        shutil.copy(str(SHIPPED.joinpath(name)), tmp_path / name)
    lines = SHIPPED.joinpath("ensemble.csv").read_text(encoding="utf-8").splitlines()
    keep = [one for one in lines if one.startswith("#")] + [
        one for one in lines if not one.startswith("#")
    ][:3]
    (tmp_path / "ensemble.csv").write_text("\n".join(keep) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.full
def test_sets_are_tried_in_firms_of_their_own_and_the_tables_follow(folder: Path) -> None:
    stale = pd.read_csv(folder / "parameters.csv")
    stale.loc[3, "default"] = 77.0
    stale.to_csv(folder / "parameters.csv", index=False)
    table = save_check(folder, workers=1, progress=None)
    written = pd.read_csv(folder / "targets.csv", keep_default_na=False, na_values=[""])
    np.testing.assert_allclose(written["central"], table["central"], rtol=1e-4)
    assert pd.read_csv(folder / "parameters.csv")["default"][3] == FREE[3].default
    sets = read_ensemble(folder / "ensemble.csv")
    figures = [
        simulate_set(setting(), sets.set_at(n), range(FIRST_WORLD + n, FIRST_WORLD + n + 1))
        for n in range(2)
    ]
    low, high = np.nanquantile(figures, (0.05, 0.95), axis=0)
    np.testing.assert_allclose(table["fresh_low"], low)
    np.testing.assert_allclose(table["fresh_high"], high)
    assert set(table["fresh_agrees"]) <= {0.0, 0.5, 1.0}
    assert 0 <= table["fresh_sets"][0] <= 2


def test_within_chance_is_two_standard_errors_beyond_the_range() -> None:
    low = np.array([target.low for target in TARGETS])
    errors = np.full(len(TARGETS), 0.5)
    figures = np.stack([low - 0.9, low - 1.1, low])
    checked = Checked(figures, np.zeros((2, len(TARGETS))), errors)
    assert checked.agreeing(within_chance=True).all(axis=1).tolist() == [True, False, True]
    assert checked.agreeing(within_chance=False).all(axis=1).tolist() == [False, False, True]


def test_what_is_no_calibration_is_refused_in_words(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.cli import main

    assert main([NAME, "--check", "--output", str(tmp_path / "nowhere"), "--quiet"]) == 2
    assert "the calibration cannot be read" in capsys.readouterr().err
    table = pd.read_csv(folder / "targets.csv")
    table[1:].to_csv(folder / "targets.csv", index=False)
    with pytest.raises(InputError, match="other targets or parameters"):
        save_check(folder, workers=1, progress=None)
