"""Sweeps that say themselves when they know enough: killed and resumed, they ask for the same runs."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.sweep import Sweep, load_sweep, sweep
from sim.cli import main
from sim.experiments.statistics import by_set, growing_intervals, interval_of
from sim.experiments.sweeps.choosing import eliminate
from sim.experiments.sweeps.stopping import Seen, Stopping, contrast
from sim.experiments.sweeps.tables import EXECUTION
from sim.scenario import load_scenario

pytestmark = pytest.mark.long

FIRM = """\
months = 16
replicates = 6
[organisation]
employees = 24
[programme]
start_month = 2
places = 0.3
[[variant]]
name = "No programme"
programme.policy = "none"
[[variant]]
name = "Traditional"
programme.policy = "traditional"
[[variant]]
name = "Reverse"
programme.policy = "reverse"
"""
LEVERS = {"programme.meetings_per_month": [0.5, 1.0, 2.0]}
RULES: dict[str, dict[str, Any]] = {
    "precision": {"outcome": "engagement", "half_width": 0.002, "look_ahead": 2, "batch": 1, "most": 40},
    "selection": {"outcome": "engagement", "indifference": 0.004, "batch": 4, "most": 50},
    "allocation": {"outcome": "skill_institutional", "budget": 240, "batch": 3, "most": 60, "among": "cells"},
}  # fmt: skip


def study_text(rule: str, engine: str) -> str:
    options = "\n".join(
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
        for name, value in RULES[rule].items()
    )
    return (
        f'title = "{rule}"\nscenario = "firm.toml"\noutcomes = ["engagement", "skill_institutional"]\n'
        "replicates = 6\n[levers]\nprogramme.meetings_per_month = [0.5, 1.0, 2.0]\n"
        f'[[design]]\nkind = "grid"\n[stopping]\nrule = "{rule}"\n{options}\n'
        f'[execution]\nengine = "{engine}"\nworkers = 2\n'
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("stopping")
    (place / "firm.toml").write_text(FIRM, encoding="utf-8")
    for rule in RULES:
        (place / f"{rule}.toml").write_text(study_text(rule, "local"), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> dict[str, Sweep]:
    """Every rule, from Python, in this process."""
    return {
        rule: sweep(
            load_scenario(folder / "firm.toml"), {"levers": LEVERS}, "grid", replicates=6,
            outcomes=["engagement", "skill_institutional"], stopping={"rule": rule, **options},
            output=folder / f"python-{rule}", engine="here",
        )
        for rule, options in RULES.items()
    }  # fmt: skip


def table(place: Path) -> bytes:
    frame = pd.read_parquet(place / "runs.parquet").drop(columns=list(EXECUTION))
    return bytes(frame.to_parquet())


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("share", [0.2, 0.55, 0.9])
def test_what_was_killed_asks_for_the_same_runs(
    undisturbed: dict[str, Sweep], tmp_path: Path, rule: str, share: float
) -> None:
    """A killed sweep has a beginning of the runs, and of the last ones some but not others."""
    whole = undisturbed[rule]
    assert whole.ending is not None and whole.ending.complete
    place = tmp_path / "killed"
    shutil.copytree(whole.folder, place)
    (place / "runs.parquet").unlink()
    (journal,) = place.glob("journal/*.jsonl")
    heading, *lines = journal.read_text().splitlines()
    kept = lines[: int(share * len(lines))]
    luck = random.Random(int(100 * share))
    last = [line for line in kept[-12:] if luck.random() < 0.5]
    journal.write_text("\n".join([heading, *kept[:-12], *last]) + "\n")
    again = load_sweep(place).resume()
    assert again.ending is not None and again.ending.complete
    assert again.ending.ran == len(lines) - len(kept[:-12]) - len(last)
    assert table(place) == table(whole.folder)
    assert again.precision == whole.precision


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(
    "rule", ["precision", *(pytest.param(rule, marks=pytest.mark.full) for rule in list(RULES)[1:])]
)
def test_killed_by_its_command_and_resumed(
    undisturbed: dict[str, Sweep],
    folder: Path,
    rule: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = folder / f"command-{rule}"
    words = [sys.executable, "-m", "sim", "sweep", f"{rule}.toml", "--output", str(place), "--quiet"]  # fmt: skip
    driver = subprocess.Popen(words, cwd=folder)
    end, done = time.monotonic() + 120, 0
    total = undisturbed[rule].status().total
    while done < total // 4 and time.monotonic() < end and driver.poll() is None:
        time.sleep(0.002)
        done = sum(path.read_bytes().count(b'"status"') for path in place.glob("journal/*.jsonl"))
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    assert main(["status", str(place)]) == 3
    assert "and ended without a word" in capsys.readouterr().out
    assert main(["resume", str(place), "--quiet", "--engine", "here"]) == 0
    told = capsys.readouterr().out
    assert table(place) == table(undisturbed[rule].folder)
    for line in undisturbed[rule].precision:
        assert line in told


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_asked_twice_it_stops_at_once_and_says_what_is_kept(folder: Path, tmp_path: Path) -> None:
    text = (folder / "precision.toml").read_text().replace("replicates = 6", "replicates = 20000")
    text = text.replace("workers = 2", "workers = 1")
    study = text[: text.index("[stopping]")] + text[text.index("[execution]") :]
    (folder / "long.toml").write_text(study, encoding="utf-8")
    place = tmp_path / "out"
    words = [sys.executable, "-m", "sim", "sweep", "long.toml", "--output", str(place)]
    driver = subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 120
    while time.monotonic() < end and not any(
        b'"status"' in path.read_bytes() for path in place.glob("journal/*.jsonl")
    ):
        time.sleep(0.01)
    driver.send_signal(signal.SIGINT)
    time.sleep(0.02)
    driver.send_signal(signal.SIGINT)
    _, told = driver.communicate(timeout=60)
    assert driver.returncode == 130
    assert "nothing was saved" not in told and "Traceback" not in told
    assert f"mentorsim resume {place}" in told
    assert 0 < load_sweep(place).status().done < 100_000


def test_precision_is_what_was_asked_for(undisturbed: dict[str, Sweep]) -> None:
    made = undisturbed["precision"]
    results = made.results
    for variant in results.others:
        for effect in results.effect("engagement", variant):
            known = effect[np.isfinite(effect)]
            low, high = interval_of(known, 0.95)
            assert (high - low) / 2 <= 0.002 or len(known) == 40
    counts = made.runs.groupby(["point", "variant"]).size()
    assert counts.nunique() > 1  # more where it takes more
    assert "asked for 0.002" in "\n".join(made.precision)


def test_the_race_and_the_allocation_spend_runs_where_they_decide(
    undisturbed: dict[str, Sweep],
) -> None:
    raced = undisturbed["selection"].runs.groupby(["point", "variant"]).size()
    assert raced.min() < raced.max() <= 50
    allocated = undisturbed["allocation"].runs.groupby(["point", "variant"]).size()
    assert allocated.nunique() > 2
    # Copies count: the firm without a programme is simulated once, and stands at every point.
    assert 200 <= allocated.sum() <= 240
    (told,) = [
        line for line in undisturbed["allocation"].precision if line.startswith("allocation")
    ]
    assert "of 240 runs" in told
    (told,) = [line for line in undisturbed["selection"].precision if line.startswith("selection")]
    assert "at 3 points" in told


def test_growing_intervals_are_those_of_each_beginning() -> None:
    values = np.random.default_rng(1).normal(1e4, 1.0, 40)
    for sets in (None, np.arange(40) // 2 % 11, np.zeros(40, dtype=np.int64)):
        means, halves = growing_intervals(values, sets, 0.9)
        for number in range(2, 41):
            used = by_set(values[:number], None if sets is None else sets[:number])
            low, high = interval_of(used, 0.9)
            assert means[number - 1] == pytest.approx(used.mean(), abs=1e-8)
            if len(used) > 1:
                assert halves[number - 1] == pytest.approx((high - low) / 2, abs=1e-8)
            else:
                assert np.isnan(halves[number - 1])


def test_runs_without_a_result_hold_nothing_up() -> None:
    """A run that failed is passed over by the race, and does not count for the precision."""
    luck = np.random.default_rng(3)
    values = luck.normal(0.0, 1.0, (3, 120)) + np.array([[0.0], [0.0], [3.0]])
    values[1, 4] = values[2, 60] = np.nan
    raced = eliminate(values, first=10, indifference=1.0, level=0.95)
    assert raced.alive.tolist() == [False, False, True]
    assert 11 <= raced.left_at[0] < 120
    cells = np.stack([np.zeros(120), luck.normal(1.0, 0.5, 120)])[None]
    cells[0, 1, 3:9] = np.nan
    done = np.ones(cells.shape, dtype=np.bool_)
    options = Stopping(rule="precision", outcome="y", half_width=0.12, look_ahead=3)
    found = contrast(options, Seen({"y": cells}, done, None, 0), 0, 1, 10)
    assert found.half_width <= 0.12 and found.reached == found.replicates + 6
