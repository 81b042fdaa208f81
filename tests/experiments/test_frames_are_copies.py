"""What is done to a frame that was handed out changes nothing that is saved, told or analysed later."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
import sweep_functions
from command_line import contents
from sim.analysis.sweep import sweep
from sim.experiments.compare import compare
from sim.experiments.loading import load_comparison
from sim.report import summarise
from sim.scenario import Scenario
from sim.simulation.copies import copied

SCENARIO = Scenario(
    months=14, replicates=2, organisation={"employees": 20, "levels": 3},
    variants=[{"name": "No", "programme.policy": "none"}, {"name": "Yes", "programme.policy": "random"}],
    programme={"start_month": 1},
)  # fmt: skip


def spoil(owner: object) -> int:
    """Write into every table that is handed out, in place, and empty it; how many there are."""
    names = [name for name in dir(type(owner)) if isinstance(getattr(type(owner), name), copied)]
    spoilt = 0
    for name in names:
        try:
            table = getattr(owner, name)
        except ValueError:  # what was not asked for is not kept
            continue
        if isinstance(table, pd.DataFrame):
            for column in table.columns:
                if pd.api.types.is_float_dtype(table[column]):
                    table[column] *= 100.0
            table["new"] = 1.0
        else:
            table.iloc[:] = -1.0
        table.drop(table.index, inplace=True)
        spoilt += 1
    return spoilt


@pytest.mark.filterwarnings("ignore")
def test_a_comparison_is_saved_and_told_as_it_was(tmp_path: Path) -> None:
    comparison = compare(SCENARIO, workers=1)
    comparison.save(tmp_path / "before")
    read = load_comparison(tmp_path / "before")
    told = summarise(comparison)
    assert spoil(comparison) >= 5
    assert spoil(read) >= 5
    comparison.save(tmp_path / "after")
    before, after = (contents(tmp_path / name) for name in ("before", "after"))
    tables = [name for name in before if name.endswith(".csv")]
    assert len(tables) >= 5
    assert set(before) == set(after)
    for name in tables:
        assert before[name] == after[name], name
    assert summarise(comparison) == summarise(read) == told


@pytest.mark.filterwarnings("ignore")
def test_a_run_is_as_it_was() -> None:
    world = sim.run(SCENARIO, "Yes", people=True, dyads=True)
    before = world.monthly.copy()
    assert spoil(world) >= 3
    pd.testing.assert_frame_equal(world.monthly, before)


@pytest.mark.filterwarnings("ignore")
def test_a_sweep_is_analysed_as_it_was(tmp_path: Path) -> None:
    found = sweep(
        sweep_functions.plain, {"a": [0.0, 1.0], "b": [0.0, 1.0]}, "grid", replicates=2,
        outcomes=["y", "z"], output=tmp_path / "sweep", engine="here",
    )  # fmt: skip
    points, runs = found.points, found.runs
    kept = points.copy(), runs.copy()
    points["a"] *= 100.0
    runs["y"] = 0.0
    pd.testing.assert_frame_equal(found.points, kept[0])
    pd.testing.assert_frame_equal(found.runs, kept[1])
