"""Updating on simulated firms: one of them is the truth, and its figures go in as a planner would write them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest

from platform_figures import MONTHS, reported
from sim.calibration.ensemble import Ensemble, read_ensemble, shipped_ensemble
from sim.cli import main
from sim.deciding.believing import Forecast, forecast
from sim.deciding.figures import figures_of, usable
from sim.deciding.moving import shares
from sim.deciding.observed import read_observed
from sim.deciding.observed_columns import COLUMNS
from sim.deciding.update import Updated, _with_survey_error, update
from sim.deciding.update_tables import forecasts_table
from sim.deciding.worlds import TARGETS, Worlds, shifted, simulated, targets_of
from sim.errors import InputError
from sim.report.deciding import update_page, update_summary
from sim.scenario import Scenario, load_scenario
from trusting import chances, gains, ranks

pytestmark = pytest.mark.long

FIRM = """\
title = "A small firm"
months = 24
seed = 9
[organisation]
employees = 60
[programme]
start_month = 3
places = 0.2
[[variant]]
name = "No programme"
programme.policy = "none"
[[variant]]
name = "Reciprocal & co"
programme.policy = "reciprocal"
"""


def as_file(worlds: Worlds, firm: int, file: Path) -> Path:
    """The figures of one simulated firm, as a file."""
    cells = worlds.cells(MONTHS)
    lines = ["month," + ",".join("survey_1_5" if name == "survey" else name for name in COLUMNS)]
    for place, month in enumerate(MONTHS):
        row = [str(month)]
        for name in COLUMNS:
            value = float(cells[name][firm, place])
            if name == "survey":
                row.append(f"{1.0 + 4.0 * value:.3f}" if month in (-1, 6) else "")
            elif month < 0 and name not in ("headcount", "quits"):
                row.append("")
            else:
                row.append(f"{value:g}")
        lines.append(",".join(row))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def few() -> Ensemble:
    """Forty of the package's sets."""
    whole = shipped_ensemble()
    return Ensemble(whole.keys, whole.values[:40])


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("firm") / "firm.toml"
    file.write_text(FIRM, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def seen(firm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What another set's firm showed."""
    whole = shipped_ensemble()
    other = Ensemble(whole.keys, whole.values[50:51])
    scenario = shifted(load_scenario(firm), "Reciprocal & co", 12)
    worlds = simulated(
        scenario, "Reciprocal & co", other, firms_per_set=1, horizon=12, first=70_000, workers=1
    )
    return as_file(worlds, 0, tmp_path_factory.mktemp("seen") / "seen.csv")


@pytest.fixture(scope="module")
def found(firm: Path, seen: Path, few: Ensemble) -> Updated:
    return update(load_scenario(firm), seen, horizon=12, firms_per_set=4, ensemble=few, workers=1)


def test_figures_of_a_simulated_firm_are_those_of_its_file(
    firm: Path, few: Ensemble, tmp_path: Path
) -> None:
    """The same formula on both sides: what is written down and read is what the firm itself shows."""
    scenario = shifted(load_scenario(firm), "Reciprocal & co", 12)
    one = Ensemble(few.keys, few.values[:1])
    worlds = simulated(scenario, "Reciprocal & co", one, firms_per_set=2, horizon=12, workers=1)
    read = read_observed(as_file(worlds, 1, tmp_path / "seen.csv"), employees=60.0, horizon=11)
    figures = usable(read.months, read.cells)
    assert len(figures) == 14
    mine = figures_of(figures, read.months, read.cells, read.cells)
    theirs = figures_of(figures, read.months, read.cells, worlds.cells(read.months))[1]
    np.testing.assert_allclose(mine, theirs, atol=2e-4)  # the survey has three decimals


def test_the_year_before_is_the_same_with_and_without(firm: Path, few: Ensemble) -> None:
    scenario = shifted(load_scenario(firm), "Reciprocal & co", 12)
    one = Ensemble(few.keys, few.values[:1])
    worlds = simulated(scenario, "Reciprocal & co", one, firms_per_set=2, horizon=12, workers=2)
    assert worlds.start == 12 and worlds.recorded.shape[-1] == 24
    np.testing.assert_array_equal(worlds.recorded[0, ..., :12], worlds.recorded[1, ..., :12])
    assert worlds.recorded[0, ..., 12:].sum() != worlds.recorded[1, ..., 12:].sum()


def test_the_programme_runs_however_soon_the_horizon_is(firm: Path, few: Ensemble) -> None:
    """A cohort opens only where it can end before a simulation does: none did where the horizon came first."""
    scenario = load_scenario(firm)
    one = Ensemble(few.keys, few.values[:1])
    soon, late = (
        simulated(
            shifted(scenario, "Reciprocal & co", horizon), "Reciprocal & co", one,
            firms_per_set=2, horizon=horizon, workers=1,
        )
        for horizon in (3, 12)
    )  # fmt: skip
    assert soon.recorded.shape[-1] == 15
    assert soon.cells((1, 2, 3))["registered"].sum() > 0.0
    np.testing.assert_array_equal(soon.recorded, late.recorded[..., :15])


def test_shocks_move_with_the_start(firm: Path) -> None:
    scenario = load_scenario(firm).with_settings(
        {"environment.shocks": [{"kind": "downturn", "month": 5, "months": 4}]}
    )
    moved = shifted(scenario, "Reciprocal & co", 12)
    assert moved.variant("Reciprocal & co").settings["environment"]["shocks"][0]["month"] == 14
    plain = Scenario(programme={"policy": "random", "start_month": 20}, months=30)
    assert shifted(plain, "Base", 10).months == 32  # a year before, and the whole first cohort


def test_what_comes_out(found: Updated, few: Ensemble) -> None:
    assert len(found.figures) == 14 and found.variant == "Reciprocal & co"
    assert (found.figures["low"] <= found.figures["predicted"]).all()
    assert found.forecasts["quantity"].tolist() == [
        "quits",
        "engaged",
        "sessions",
        "effect_stay",
        "effect_engaged",
    ]
    assert (found.forecasts["after_low"] <= found.forecasts["after_high"]).all()
    assert len(found.ensemble) == len(few) and found.ensemble.keys == few.keys
    assert set(found.learnt["learnt"]) <= {"much", "some", "little", "nothing"}
    untouched = found.learnt[found.learnt["learnt"] == "nothing"]["parameter"]
    places = [few.keys.index(key) for key in untouched]
    np.testing.assert_array_equal(found.ensemble.values[:, places], few.values[:, places])
    assert found.learnt["parameter"][0].startswith("volunteering.")  # what registering shows first
    assert found.contradiction.false_alarms == pytest.approx(0.05, abs=0.05)


def test_it_is_saved_and_compare_takes_the_sets(found: Updated, firm: Path, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "out", command="mentorsim update")
    again = read_ensemble(folder / "ensemble.csv")
    np.testing.assert_allclose(again.values, found.ensemble.values, rtol=1e-5)
    words = ["compare", str(firm), "--replicates", "4", "--ensemble", str(folder / "ensemble.csv")]
    words += ["--quiet", "--no-figures", "--no-report", "--output", str(tmp_path / "compared")]
    assert main(words) == 0
    assert len(pd.read_csv(folder / "learnt.csv")) == len(found.learnt)


def test_the_page_says_what_the_tables_say(found: Updated) -> None:
    text, words = update_page(found), update_summary(found)
    assert "Reciprocal &amp; co" in text and "nan" not in text.lower() and "nan" not in words
    lead = "You have learnt how it runs, not whether it works."
    running = found.forecasts[~found.forecasts["effect"]]["explained"].max() >= 0.1
    working = found.forecasts[found.forecasts["effect"]]["explained"].max() >= 0.1
    if not found.contradiction.alarm:
        assert (lead in text) == (running and not working)


def test_it_is_asked_from_the_command_line(
    firm: Path,
    seen: Path,
    few: Ensemble,
    found: Updated,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sets = tmp_path / "few.csv"
    rows = [",".join(repr(value) for value in row) for row in few.values.tolist()]
    sets.write_text("\n".join([",".join(few.keys), *rows]) + "\n", encoding="utf-8")
    words = [
        "update",
        str(firm),
        str(seen),
        "--horizon",
        "12",
        "--firms",
        "4",
        "--workers",
        "2",
        "--quiet",
    ]
    words += ["--ensemble", str(sets), "--output", str(tmp_path / "out")]
    assert main(words) == 0
    told = capsys.readouterr()
    assert "--ensemble" in told.out or "contradicted" in told.err
    own = found.save(tmp_path / "own")
    for name in ("figures", "forecasts", "learnt", "ensemble"):
        ours, theirs = (folder / f"{name}.csv" for folder in (own, tmp_path / "out"))
        assert ours.read_bytes() == theirs.read_bytes(), name
    assert main(words) == 2 and "results already" in capsys.readouterr().err


def test_the_template_is_written(
    firm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.csv"
    assert main(["update", str(firm), "--template", str(file)]) == 0
    assert file.read_text(encoding="utf-8").count("\n") > 12
    assert main(["update", str(firm), "--template", str(file)]) == 2
    assert main(["update", str(firm)]) == 2
    assert "--template" in capsys.readouterr().err


def test_figures_that_cannot_be_of_such_a_programme_are_told_apart(
    firm: Path, seen: Path, few: Ensemble, tmp_path: Path
) -> None:
    """Everybody registers, all come, and all pairs break up: an alarm, on the page and in the file of the sets."""
    table = pd.read_csv(seen)
    since = table["month"] > 0
    table.loc[since, "sessions_held"] = table.loc[since, "sessions_planned"]
    table.loc[since, "ended_early"] = 0
    table.loc[table["month"] == 2, "ended_early"] = table["pairs"].sum()
    file = tmp_path / "odd.csv"
    table.to_csv(file, index=False)
    told = update(load_scenario(firm), file, horizon=12, firms_per_set=4, ensemble=few)
    assert told.contradiction.alarm and told.contradiction.p_value < 0.05
    assert "do not use" in update_page(told) and "WARNING" in told.ensemble_text()
    assert "ended_early" in told.figures.loc[~told.figures["inside"], "figure"].tolist()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"variant": "No programme"}, "no programme that could have run"),
        ({"variant": "Reverse"}, "there is no variant"),
        ({"horizon": 1}, "2 to 120"),
        ({"firms_per_set": 0}, "2 to 1000"),
    ],
)
def test_what_cannot_be_asked(firm: Path, seen: Path, given: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        update(load_scenario(firm), seen, **given)  # type: ignore[arg-type]


def tried(scenario: Scenario, variant: str, sets: Ensemble, firms: int, horizon: int) -> None:
    """The update on draws from the ensemble, the own set left out; prints what the documentation says."""
    from scipy.special import ndtri

    from sim.calibration.priors import FREE

    worlds = simulated(
        shifted(scenario, variant, horizon),
        variant,
        sets,
        firms_per_set=firms,
        horizon=horizon,
        workers=2,
    )
    numbers, cells = worlds.sets, worlds.cells(MONTHS)
    pattern = reported()
    figures = usable(MONTHS, pattern)
    table = figures_of(figures, MONTHS, pattern, cells)
    employees = float(scenario.settings["organisation"]["employees"])
    table = _with_survey_error(table, figures, scenario.settings["pilot"], employees)
    table = table[:, table.std(axis=0) > 1e-9]
    later = targets_of(worlds, 6)
    each = slice(None, None, firms)
    for target in TARGETS:
        told = gains(table, numbers, later[target.key])
        print(target.key, {name: round(value, 3) for name, value in told.items()})
        pit = chances(table, numbers, later[target.key])
        held = forecast(table, numbers, later[target.key], table[0]).held
        assert abs(held - 0.95) <= 3.0 * math.sqrt(0.05 * 0.95 / len(sets))
        assert told["regression"] > -0.02
        if target.key in ("engaged", "sessions"):
            assert told["regression"] > 0.05 > told["weighted"] - told["regression"]
        if not target.effect:
            assert kstest(pit[each], "uniform").pvalue > 0.001
    free = {one.key: one for one in FREE}
    scores = np.stack(
        [
            ndtri(np.clip(shares(free[key], sets.values[:, place]), 1e-3, 0.999))
            for place, key in enumerate(sets.keys)
        ],
        axis=1,
    )
    found = ranks(table, numbers, scores, table[each])[each]
    p_values = np.array(
        [kstest(found[:, place], "uniform").pvalue for place in range(found.shape[1])]
    )
    print(
        "ranks: share of parameters with p below .05, .01:",
        (p_values < 0.05).mean(),
        (p_values < 0.01).mean(),
    )
    assert (p_values < 0.01).mean() < 0.1
    assert not math.isnan(p_values.min())


def test_the_update_is_right_on_draws_from_few_sets(firm: Path, few: Ensemble) -> None:
    scenario = load_scenario(firm).with_settings({"*: programme.places": 0.3})
    tried(scenario, "Reciprocal & co", few, 4, 12)


@pytest.mark.full
def test_the_update_is_right_on_draws_from_the_whole_ensemble() -> None:
    """As in the documentation, which has its figures: python -m pytest -m full -s tests/deciding/test_update.py"""
    from places import ROOT

    scenario = load_scenario(ROOT / "scenarios" / "pairing_policies.toml")
    tried(scenario, "Reciprocal", shipped_ensemble(), 8, 24)


def test_nobody_forecasts_fewer_than_no_people() -> None:
    """Errors of a regression are added to its forecast, whatever it is of: counts end at nought, effects do not."""
    one = Forecast(
        before=2.0, before_spread=1.0, after=0.5, after_spread=1.0, low=-1.2, high=4.0,
        gain=0.1, gain_error=0.1, explained=0.2, held=0.95,
    )  # fmt: skip
    same = {target.key: np.linspace(0.0, 4.0, 9) for target in TARGETS}
    told = forecasts_table({target.key: one for target in TARGETS}, same, same)
    assert told.loc[~told["effect"], "after_low"].tolist() == [0.0] * 3
    assert told.loc[told["effect"], "after_low"].tolist() == [-1.2] * 2
