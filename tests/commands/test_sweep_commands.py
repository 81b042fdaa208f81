"""A sweep by its commands, from the dry run to what other tools read."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.asking import ask
from sim.analysis.results import load_results
from sim.analysis.sweep import load_sweep
from sim.cli import main
from sim.experiments.sweeps.forecast import forecast
from sim.experiments.sweeps.reading import load_study
from sim.experiments.sweeps.store import open_folder
from sim.experiments.sweeps.tables import write_tables
from sim.report.sweeps import page
from sim.report.sweeps.figures import draw

STUDY = """\
title = "Places <and> capacity"
question = "How many?"
scenario = "firm.toml"
outcomes = ["engagement", "programme_cost"]
series = ["engagement"]
replicates = 2
[levers]
programme.places = [0.1, 0.3]
[uncertainties]
organisation.hierarchy_strength = { low = 0.0, high = 1.0 }
[[design]]
kind = "crossed"
levers = { kind = "grid" }
uncertainties = { kind = "sobol", points = 16 }
[execution]
engine = "here"
"""
FIRM = """\
months = 14
[organisation]
employees = 30
[programme]
start_month = 2
[[variant]]
name = "No programme"
programme.policy = "none"
[[variant]]
name = "Réciproque 方"
programme.policy = "reciprocal"
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    (folder / "firm.toml").write_text(FIRM, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    assert (
        main(["sweep", str(folder / "study.toml"), "--output", str(folder / "out"), "--quiet"]) == 0
    )
    return folder


def test_dry_run_runs_nothing(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", str(done / "study.toml"), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "32 points × 2 variants × 2 replicates = 128 rows" in told
    # The firm without a programme does not feel how many places one would have.
    assert "96 runs to simulate" in told


def test_precision_is_told_and_a_second_run_refused(
    done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", str(done / "study.toml"), "--output", str(done / "out"), "--quiet"]) == 2
    assert "there is a sweep already. Go on with mentorsim resume" in capsys.readouterr().err
    assert main(["status", str(done / "out")]) == 0
    assert "96 of 96 runs are done (100 %)" in capsys.readouterr().out
    assert main(["resume", str(done / "out"), "--replicates", "4", "--quiet"]) == 0
    told = capsys.readouterr().out
    assert "192 of 192 runs are done" in told
    assert "engagement: half-width of a difference's 95 % interval" in told
    assert main(["status", str(done)]) == 2
    assert "this is not the folder of a sweep" in capsys.readouterr().err


def test_shards_by_command(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for part in ("1/2", "2/2"):
        folder = str(done / f"part-{part[0]}")
        assert (
            main(
                ["sweep", str(done / "study.toml"), "--shard", part, "--output", folder, "--quiet"]
            )
            == 0
        )
    assert (
        main(["merge", str(done / "part-1"), str(done / "part-2"), "--output", str(done / "whole")])
        == 0
    )
    assert "96 of 96 runs are there" in capsys.readouterr().out
    assert main(["merge", str(done / "part-1"), "--output", str(done / "half")]) == 3
    assert main(["sweep", str(done / "study.toml"), "--shard", "3/2"]) == 2


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:.*missing from font.*")
def test_everything_that_can_be_asked(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resume", str(done / "out"), "--replicates", "4", "--quiet"]) == 0
    assert main(["analyse", str(done / "out")]) == 0
    captured = capsys.readouterr()
    assert "not asked" not in captured.err
    page = (done / "out" / "analysis.html").read_text(encoding="utf-8")
    assert "<h1>Places &lt;and&gt; capacity</h1>" in page
    assert "This was asked when" not in page
    assert page.count("<figure ") >= 7  # a policy that never fails has no figure of when
    # Every figure says what it rests on; the firm without a programme is simulated once.
    assert page.count("of them simulated") == page.count("<figure ") + 1
    assert "95 % intervals of the paired difference from" in page and "e-0" not in page
    for outside in ("http://", "https://", "<script", "@import"):
        assert outside not in page.replace("http://www.w3.org/", "")
    identifiers = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(identifiers) == len(set(identifiers))
    assert {path.suffix for path in (done / "out" / "analysis").iterdir()} == {
        ".csv",
        ".json",
        ".svg",
        ".png",
    }
    assert main(["analyse", str(done / "out"), "best", "--outcome", "nonsense"]) == 2
    assert main(["analyse", str(done / "out"), "optimise"]) == 2
    assert "the study has no search" in capsys.readouterr().err
    assert main(["analyse", str(done / "out"), "pareto", "--objective", "engagement=up"]) == 2


@pytest.mark.long
def test_answers_of_fewer_runs_say_so(done: Path, tmp_path: Path) -> None:
    shutil.copytree(done / "out", tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "analysis", ignore_errors=True)
    folder = str(tmp_path / "out")
    assert main(["analyse", folder, "compare"]) == 0
    before = len(load_sweep(folder).runs)
    assert main(["resume", folder, "--replicates", "6", "--quiet"]) == 0
    assert main(["analyse", folder, "describe"]) == 0
    page = (tmp_path / "out" / "analysis.html").read_text(encoding="utf-8")
    assert page.count(f"This was asked when there were {before} runs; now there are 384.") == 1


@pytest.mark.long
def test_half_a_sweep_says_what_it_lacks(
    done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Some points have no run yet: nothing is said to be undefined that is only missing."""
    shutil.copytree(done / "out", tmp_path / "out")
    for path in (tmp_path / "out").glob("journal/*.jsonl"):
        lines = path.read_text().splitlines(keepends=True)
        kept = [
            line for line in lines if not line.startswith('{"point":3')
        ]  # 3, 30 and 31, and 19 copies the baseline of 3
        path.write_text("".join(kept))
    folder = str(tmp_path / "out")
    write_tables(open_folder(folder))
    capsys.readouterr()
    for verb in ("compare", "map", "best", "describe"):
        assert main(["analyse", folder, verb]) in (0, 2)
    captured = capsys.readouterr()
    told = captured.out + captured.err
    assert "both have it at 28 of 32 points only" in told
    assert "do not both have it" not in told and "Traceback" not in told
    assert "\n   is best" not in told
    page = (tmp_path / "out" / "analysis.html").read_text(encoding="utf-8")
    assert "runs are still missing" in page


@pytest.mark.long
def test_what_is_exported_is_what_was_run(done: Path) -> None:
    folder = done / "out"
    for form in ("csv", "netcdf", "ema", "salib", "ro-crate"):
        assert main(["export", str(folder), form]) == 0
    assert main(["export", str(folder), "csv"]) == 2
    made = load_sweep(folder)
    cube = made.results.cube("engagement")
    import xarray

    with xarray.open_dataset(folder / "export" / "sweep.nc", engine="scipy") as data:
        np.testing.assert_array_equal(data["engagement"].to_numpy(), cube)
        np.testing.assert_array_equal(
            data["programme_places"].to_numpy(), made.points["programme.places"]
        )
    labelled = made.to_xarray()
    told = labelled["engagement"].sel(variant="Réciproque 方").mean("replicate")
    experiments, outcomes = made.to_ema()
    assert len(experiments) == 64 and outcomes["engagement"].shape == (64,)
    np.testing.assert_allclose(outcomes["engagement"][32:], told)
    problem, points, results = made.to_salib()
    assert problem["names"] == ["programme.places", "organisation.hierarchy_strength"]
    assert points.shape == (32, 2)
    np.testing.assert_allclose(results["engagement | Réciproque 方"], told)
    # SALib itself reads what was written for it.
    from SALib.analyze import pawn

    read = json.loads((folder / "export" / "problem.json").read_text())
    x = pd.read_csv(folder / "export" / "X.csv").to_numpy()
    y = pd.read_csv(folder / "export" / "Y.csv")["engagement | Réciproque 方"].to_numpy()
    told_by_salib = pawn.analyze(read, x, y, S=4, seed=1)
    assert told_by_salib["names"] == problem["names"] and len(told_by_salib["median"]) == 2
    with np.load(folder / "export" / "outcomes.npz") as kept:
        np.testing.assert_array_equal(kept["engagement"], outcomes["engagement"])
    runs = pd.read_csv(folder / "export" / "runs.csv")
    assert len(runs) == len(made.runs)
    with zipfile.ZipFile(folder / "export" / "sweep.crate.zip") as crate:
        names = crate.namelist()
        graph = json.loads(crate.read("ro-crate-metadata.json"))["@graph"]
        odd = crate.read("ODD.md").decode()
    assert {"runs.parquet", "study.toml", "points.parquet"} <= set(names)
    actions = [one for one in graph if one["@type"] == "CreateAction"]
    assert actions and all(one["instrument"] == {"@id": "#mentorsim"} for one in actions)
    assert "programme.places | lever" in odd and "## Parameters" in odd
    # rocrate itself reads the archive.
    from rocrate.rocrate import ROCrate

    read_back = ROCrate(str(folder / "export" / "sweep.crate.zip"))
    assert read_back.name == made.study.title
    assert read_back.get("runs.parquet") is not None and read_back.get("ODD.md") is not None
    assert any(one.type == "CreateAction" for one in read_back.contextual_entities)


def test_series_are_kept(done: Path) -> None:
    series = load_sweep(done / "out").series
    assert list(series.columns) == [
        "run_id",
        "point",
        "variant",
        "replicate",
        "month",
        "engagement",
    ]
    assert series["month"].max() == 13


def test_the_page_counts_what_has_no_result(done: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs with a result are not among them."""
    results = load_results(done / "out")
    assert not [one for one in page._warnings(results) if "no result" in one]
    found = replace(page.standing(results.folder), counts={"ok": 90, "timed_out": 4, "failed": 2})
    monkeypatch.setattr(page, "standing", lambda folder: found)
    (told,) = [one for one in page._warnings(results) if "no result" in one]
    assert told == "Some runs have no result: 4 timed out, 2 failed; see failures.csv."


@pytest.mark.filterwarnings("ignore:.*missing from font.*")
def test_figures_of_means_and_of_fronts(done: Path) -> None:
    """Factors are named below the last row alone; what is more probably on the front is darker."""
    results = load_results(done / "out")
    drawn = draw(ask(results, "describe"), results)
    assert drawn is not None
    labels = [axis.get_xlabel() for axis in drawn.axes]
    width = len(results.factor_columns()[:4])
    assert not any(labels[:-width]) and all(labels[-width:])
    fronts = ask(results, "pareto")
    drawn = draw(fronts, results)
    assert drawn is not None
    marks = [line for line in drawn.axes[0].lines if line.get_marker() == "o"][: len(fronts.table)]
    shades = np.array([float(mark.get_alpha() or 1.0) for mark in marks])
    probable = fronts.table["probability_on_front"].to_numpy()
    np.testing.assert_allclose(shades, 0.12 + 0.88 * probable)
    assert len(set(shades)) > 1


SEARCH = """\
scenario = "firm.toml"
replicates = {replicates}
outcomes = ["engagement", "programme_cost"]
[levers]
programme.places = {{ low = 0.1, high = 0.4 }}
[[design]]
kind = "optimise"
budget = {budget}
objectives = {{ engagement = "max" }}
"""


@pytest.mark.parametrize(("budget", "replicates"), [(6, 1), (6, 3), (20, 2)])
def test_a_search_is_forecast_with_all_that_it_may_ask_for(
    budget: int, replicates: int, done: Path
) -> None:
    """Under one variant with a programme; the baseline, which no lever moves, is simulated once."""
    (done / "search.toml").write_text(SEARCH.format(budget=budget, replicates=replicates), "utf-8")
    found = forecast(load_study(done / "search.toml"), 1)
    assert found.simulated == (budget + 1) * replicates
