"""Calibration: targets as code, screening, the fit, and what the package ships of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from places import ROOT
from sim.calibration import fitting
from sim.calibration.calibrating import Calibration, save_calibration
from sim.calibration.ensemble import read_ensemble, shipped_ensemble
from sim.calibration.fitting import fit, screen, simulate_set, values_of
from sim.calibration.observation import setting
from sim.calibration.page import shipped_table
from sim.calibration.priors import FREE, draw_priors
from sim.calibration.targets import TARGETS, Target
from sim.calibration.waves import KeptWaves
from sim.errors import InputError
from sim.scenario.catalogue import GROUPS

pytestmark = pytest.mark.long

Real = np.ndarray
PARAMETERS = {f"{g.name}.{p.name}": p for g in GROUPS for p in g.parameters}


# --- what may be tried -------------------------------------------------------------------------------


@pytest.mark.parametrize("one", FREE, ids=lambda one: one.key)
def test_plausible_ranges_are_allowed_and_hold_the_default(one: Any) -> None:
    declared = PARAMETERS[one.key]
    assert declared.low <= one.low < one.high <= declared.high
    assert one.low <= one.default <= one.high
    assert declared.grade != "choice"


def test_shares_of_a_range_are_values_of_it() -> None:
    plain = next(one for one in FREE if not one.logarithmic)
    by_size = next(one for one in FREE if one.logarithmic)
    for one in (plain, by_size):
        ends = one.value_at(np.array([0.0, 1.0]))
        np.testing.assert_allclose(ends, [one.low, one.high])
    middle = float(by_size.value_at(np.array([0.5]))[0])
    assert middle == pytest.approx(math.sqrt(by_size.low * by_size.high))


def test_draws_cover_every_range_evenly_and_are_the_same_again() -> None:
    shares = draw_priors(50, 3)
    assert shares.shape == (50, len(FREE))
    for column in shares.T:
        assert sorted(np.floor(column * 50).astype(int)) == list(range(50))
    np.testing.assert_array_equal(shares, draw_priors(50, 3))


# --- sets --------------------------------------------------------------------------------------------


def test_the_same_set_in_the_same_firms_gives_the_same_figures() -> None:
    firms = setting()
    values = {"learning.rate": 0.15, "departures.quit_rate": 0.6}
    one = simulate_set(firms, values, range(2))
    np.testing.assert_array_equal(one, simulate_set(firms, values, range(2)))
    other = simulate_set(firms, {}, range(2))
    assert not np.array_equal(one, other)
    quits = [target.name for target in TARGETS].index("quits")
    assert one[quits] > other[quits]


# --- screening and fit, on a stand-in for the model ----------------------------------------------------


def stand_in(sets: Sequence[Real]) -> list[Real]:
    """Figures that follow from the first parameters: one each, in the middle of the range at .5."""
    found = []
    for shares in sets:
        row = [
            target.value + (shares[place] - 0.5) * 6.0 * (target.high - target.low)
            for place, target in enumerate(TARGETS)
        ]
        found.append(np.array(row))
    return found


@pytest.fixture
def short_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what does not hang on how far the walk between two waves gets."""
    monkeypatch.setattr(fitting, "_PROPOSED", 1_000)
    monkeypatch.setattr(fitting, "_STEPS", 30)


def test_screening_names_the_parameters_that_move_a_target() -> None:
    shares = draw_priors(300, 1)
    found = screen(shares, np.array(stand_in(list(shares))))
    for place in range(len(TARGETS)):
        assert found.movers(place)[0] == place
    fitted = [place for place, target in enumerate(TARGETS) if target.fitted]
    assert found.identified[fitted].all()
    assert found.identified.sum() <= len(fitted) + 8  # by chance, at one in a thousand


def test_waves_find_what_the_prior_hardly_ever_hits(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [replace_fitted(target, place < 4) for place, target in enumerate(TARGETS)]
    monkeypatch.setattr(fitting, "TARGETS", tuple(few))
    found = fit(40, 400, 3, seed=2, run=stand_in)
    assert found.binding.sum() == 4
    first_wave = fitting._agreeing(np.array(stand_in(list(draw_priors(400, 2)))), found.binding)
    assert first_wave.sum() <= 5  # (1/6)^4 of the prior
    assert len(found.shares) == 40
    assert fitting._meets(found.figures)[:, :4].all()
    assert (np.abs(found.shares[:, :4] - 0.5) < 1 / 6).all()
    rest = found.shares[:, len(TARGETS) :]
    assert (
        abs(rest.mean() - 0.5) < 0.05 and rest.std() > 0.25
    )  # what is not identified keeps its range


def replace_fitted(target: Target, fitted: bool) -> Target:
    from dataclasses import replace

    return replace(target, fitted=fitted)


def test_a_target_that_contradicts_the_others_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [replace_fitted(target, place < 2) for place, target in enumerate(TARGETS)]
    monkeypatch.setattr(fitting, "TARGETS", tuple(few))

    def impossible(sets: Sequence[Real]) -> list[Real]:
        return [np.where(np.arange(len(TARGETS)) == 1, 1e6, row) for row in stand_in(sets)]

    found = fit(20, 200, 3, seed=2, run=impossible)
    assert found.binding.tolist()[:2] == [True, False]
    assert len(found.shares) == 20


def test_chance_in_the_figures_is_taken_out_where_the_stand_in_is_right() -> None:
    rng = np.random.default_rng(5)
    shares = draw_priors(800, 5)
    truth = np.array(stand_in(list(shares)))
    sizes = np.array([0.5 * (target.high - target.low) for target in TARGETS])
    figures = truth + rng.normal(size=truth.shape) * sizes
    plain = np.array([target.low <= 0.0 for target in TARGETS])  # the others by their logarithms
    noise = np.where(plain, sizes**2, 0.0)
    estimates, weights = fitting._estimated(shares, figures, screen(shares, figures), noise)
    before = ((figures - truth)[:, plain] ** 2).mean(axis=0)
    after = ((estimates - truth)[:, plain] ** 2).mean(axis=0)
    assert (after < 0.5 * before).all() and (weights[plain] < 0.5).all()
    np.testing.assert_array_equal(estimates[:, ~plain], figures[:, ~plain])  # no chance is said
    assert (weights[~plain] == 1.0).all()


def test_a_stand_in_that_is_wrong_leaves_the_figures_as_they_are() -> None:
    shares = draw_priors(800, 6)
    figures = np.array(stand_in(list(shares))) + 20.0 * np.sin(80.0 * shares[:, [-1]])
    noise = np.full(len(TARGETS), 1e-4)
    estimates, weights = fitting._estimated(shares, figures, screen(shares, figures), noise)
    plain = [place for place, target in enumerate(TARGETS) if target.low <= 0.0]
    assert (weights[plain] > 0.99).all()
    assert np.abs(estimates - figures)[:, plain].max() < 0.2


@pytest.mark.usefixtures("short_walks")
def test_the_fit_does_not_depend_on_how_it_is_run() -> None:
    one = fit(5, 30, 2, seed=4, run=stand_in)
    other = fit(5, 30, 2, seed=4, run=lambda sets: list(reversed(stand_in(list(reversed(sets))))))
    np.testing.assert_array_equal(one.shares, other.shares)


@pytest.mark.usefixtures("short_walks")
def test_a_calibration_is_written_whole_and_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [replace_fitted(target, place < 2) for place, target in enumerate(TARGETS)]
    monkeypatch.setattr(fitting, "TARGETS", tuple(few))
    found = fit(5, 200, 2, seed=4, run=stand_in)
    made = Calibration(
        found, np.stack([[target.value for target in TARGETS], [0.1] * len(TARGETS)])
    )
    save_calibration(made, tmp_path / "c", overwrite=False)
    read = read_ensemble(tmp_path / "c" / "ensemble.csv")
    np.testing.assert_allclose(read.values, made.values, rtol=1e-4)
    assert list(pd.read_csv(tmp_path / "c" / "targets.csv")["target"]) == [t.name for t in TARGETS]
    with pytest.raises(InputError, match="ensemble.csv already"):
        save_calibration(made, tmp_path / "c", overwrite=False)
    save_calibration(made, tmp_path / "c", overwrite=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        save_calibration(made, tmp_path / "file", overwrite=False)


@pytest.mark.usefixtures("short_walks")
def test_a_calibration_that_was_stopped_goes_on(tmp_path: Path) -> None:
    calls: list[int] = []

    def run(sets: Sequence[Real]) -> list[Real]:
        calls.append(len(sets))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return stand_in(sets)

    first = KeptWaves(run, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        fit(5, 30, 3, seed=4, run=first)
    assert first.kept == 1
    again = KeptWaves(run, tmp_path)
    found = fit(5, 30, 3, seed=4, run=again)
    assert calls == [30, 30, 30, 30] and again.simulated == 2  # the first wave was not made again
    np.testing.assert_array_equal(found.shares, fit(5, 30, 3, seed=4, run=stand_in).shares)
    again.forget()
    assert not list(tmp_path.iterdir())


def test_waves_of_other_sets_or_half_written_ones_are_not_taken(tmp_path: Path) -> None:
    sets = list(draw_priors(3, 1))
    KeptWaves(stand_in, tmp_path)(sets)
    other = KeptWaves(stand_in, tmp_path)
    other(list(draw_priors(3, 2)))
    assert other.simulated == 1
    (tmp_path / ".wave_1.npz").write_bytes((tmp_path / ".wave_1.npz").read_bytes()[:50])
    half = KeptWaves(stand_in, tmp_path)
    np.testing.assert_array_equal(half(sets), stand_in(sets))
    assert half.simulated == 1
    with pytest.raises(InputError, match="cannot be kept"):
        KeptWaves(stand_in, tmp_path / ".wave_1.npz" / "folder")(sets)


def test_the_command_says_when_nothing_agrees(
    tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    from sim.calibration import calibrating
    from sim.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        calibrating, "_CENTRAL_SETS", 2
    )  # how well the defaults are known is no matter
    assert main(["calibrate", "--draws", "10", "--waves", "1", "--quiet", "--workers", "1"]) == 2
    assert "none of 10 parameter sets agrees" in capsys.readouterr().err
    assert not list(tmp_path.glob("results/calibration/*.csv"))


# --- what the package ships --------------------------------------------------------------------------


def test_the_shipped_tables_are_of_these_targets_and_parameters() -> None:
    shipped = shipped_table("targets")
    assert shipped["target"].tolist() == [target.name for target in TARGETS]
    for column, field in (("published", "value"), ("low", "low"), ("high", "high")):
        expected = [getattr(target, field) for target in TARGETS]
        np.testing.assert_allclose(shipped[column], expected, rtol=1e-4)
    parameters = shipped_table("parameters")
    assert parameters["parameter"].tolist() == [one.key for one in FREE]
    np.testing.assert_allclose(parameters["default"], [one.default for one in FREE], rtol=1e-4)
    assert tuple(parameters["parameter"]) == shipped_ensemble().keys


def test_shipped_sets_do_agree_with_what_they_were_fitted_to() -> None:
    """Simulated in a dozen other firms; slack for their luck and for what the best estimate misses."""
    firms, ensemble, shipped = setting(), shipped_ensemble(), shipped_table("targets")
    held = (shipped["role"] == "fitted").to_numpy()
    outside = 0
    for number in (0, len(ensemble) // 2, len(ensemble) - 1):
        figures = simulate_set(firms, ensemble.set_at(number), range(90_000, 90_012))
        for place in np.flatnonzero(held):
            target = TARGETS[place]
            chance = float(shipped["central_error"][place]) * math.sqrt(20 / 4)
            slack = 4.0 * chance + 0.1 * (target.high - target.low)
            assert target.low - slack <= figures[place] <= target.high + slack, target.name
            outside += not target.agrees(figures[place])
    assert outside <= 0.2 * 3 * held.sum()


def test_most_defaults_agree_and_misses_are_listed() -> None:
    shipped = shipped_table("targets")
    page = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
    assert shipped["central_agrees"].mean() > 0.8
    for title in shipped.loc[~shipped["central_agrees"], "title"]:
        assert f"The defaults miss *{title}*" in page


def test_values_of_shares_name_every_parameter() -> None:
    values = values_of(np.full(len(FREE), 0.5))
    assert set(values) == {one.key for one in FREE}
