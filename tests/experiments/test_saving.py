"""Folders of results: whole or not at all, read back to the last bit, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engine import compiled
from sim.errors import InputError
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.experiments.loading import load_comparison
from sim.files import read_parquet
from sim.scenario import Scenario, load_scenario

NAMES = ("NA", "=1+1", "-x", "@sum", "'=quoted", "1", "nan", 'O\'Hara, "Ltd"', "Ünïcode ✓")
SCENARIO = Scenario(
    title="Names that spreadsheets misread",
    months=20,
    seed=2,
    organisation={
        "employees": 40,
        "levels": 3,
        "departments": 3,
        "sites": {"=cmd": 0.5, "+41": 0.5},
    },
    variants=[
        {"name": name, "programme.policy": "none" if index == 0 else "random"}
        for index, name in enumerate(NAMES)
    ],
)
TABLES = (
    "effects",
    "outcomes",
    "monthly",
    "monthly_replicates",
    "groups",
    "value",
    "selection",
    "people",
    "dyads",
)
ROOT = Path(sim.__file__).parents[1]
ROSTER = ROOT / "scenarios" / "rosters" / "lazega_law_firm.csv"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(SCENARIO, replicates=2, people=True, dyads=True, keep_monthly=True)


@pytest.fixture(scope="module")
def small() -> Comparison:
    scenario = SCENARIO.with_settings(variants=[{"name": "none"}, {"name": "other"}])
    return compare(scenario, replicates=2)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# --- what is written ---------------------------------------------------------------------------------


def test_what_is_read_is_what_was_saved(comparison: Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "new" / "results")
    read = load_comparison(folder)
    for table in TABLES:
        before, after = getattr(comparison, table), getattr(read, table)
        assert len(before) > 0
        pd.testing.assert_frame_equal(before, after, check_exact=True)
    assert read.variants == NAMES
    assert read.effects["variant"].unique().tolist() == list(NAMES[1:])
    assert (read.baseline, read.worlds, read.interrupted) == ("NA", (0, 1), False)
    assert read.scenario == comparison.scenario
    assert read.notes == comparison.notes
    pd.testing.assert_frame_equal(read.variance_ratio(), comparison.variance_ratio())


def test_the_folder_holds_the_tables_and_how_they_were_made(
    comparison: Comparison, small: Comparison, tmp_path: Path
) -> None:
    comparison.save(tmp_path / "all", command="mentorsim compare x.toml")
    always = {
        *("effects.csv", "outcomes.csv", "outcomes.parquet", "monthly.csv", "groups.csv"),
        *("value.csv", "selection.csv", "manifest.json", "scenario.toml"),
    }
    asked = {"people.parquet", "dyads.parquet", "monthly_replicates.parquet"}
    assert set(content(tmp_path / "all")) == always | asked
    small.save(tmp_path / "few")
    assert set(content(tmp_path / "few")) == always
    manifest = json.loads((tmp_path / "all" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["files"] == sorted(always | asked)
    assert manifest["command"] == "mentorsim compare x.toml"
    assert manifest["seed"] == 2
    assert manifest["replicates"] == manifest["replicates_asked"] == 2
    assert manifest["interrupted"] is False
    assert manifest["code"] == compiled.source_digest()
    assert manifest["digest"] == SCENARIO.digest()
    assert manifest["versions"]["mentorsim"] == sim.__version__
    assert manifest["versions"]["numpy"] == np.__version__
    assert manifest["versions"]["pandas"] == pd.__version__
    assert manifest["scenario"]["organisation"]["employees"] == 40
    assert manifest["duration_seconds"] > 0.0
    assert manifest["started"].endswith("+00:00")
    assert load_scenario(tmp_path / "all" / "scenario.toml") == SCENARIO


def test_two_runs_write_the_same_bytes(small: Comparison, tmp_path: Path) -> None:
    again = compare(small.scenario, replicates=2, workers=2)
    one, other = content(small.save(tmp_path / "one")), content(again.save(tmp_path / "other"))
    changing = {"manifest.json"}  # when, and how long
    assert one.keys() == other.keys()
    for name in one.keys() - changing:
        assert one[name] == other[name], name
    first, second = (json.loads(text["manifest.json"]) for text in (one, other))
    differ = {key for key in first if first[key] != second[key]}
    assert differ <= {"started", "duration_seconds", "workers"}


def test_no_text_is_a_formula_for_a_spreadsheet(comparison: Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "results")
    seen = set()
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                for key in ("variant", "outcome", "unit", "by", "group"):
                    assert row.get(key, "")[:1] not in ("=", "+", "-", "@", "\t", "\r")
                seen.add(row["variant"])
    assert seen == {"NA", "'=1+1", "'-x", "'@sum", "''=quoted", *NAMES[5:]}
    effects = pd.read_csv(folder / "effects.csv")
    assert (effects["difference"] < 0.0).any()  # negative numbers remain numbers


def test_numbers_are_written_to_the_last_bit(comparison: Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "results")
    with (folder / "outcomes.csv").open(encoding="utf-8", newline="") as stream:
        cells = [row["value"] for row in csv.DictReader(stream)]
    written = np.array([float(cell or "nan") for cell in cells])
    np.testing.assert_array_equal(written, comparison.outcomes["value"].to_numpy())
    assert "" in cells  # what is undefined is an empty cell


def test_a_roster_is_not_kept_but_its_size_is(tmp_path: Path) -> None:
    scenario = Scenario(
        months=8,
        organisation={"roster": str(ROSTER)},
        variants=[{"name": "a"}, {"name": "b", "programme.policy": "random"}],
    )
    comparison = compare(scenario, replicates=1)
    folder = comparison.save(tmp_path / "results")
    read = load_comparison(folder)
    assert read.scenario.roster is None
    assert read.scenario.settings["organisation"]["employees"] == 71
    pd.testing.assert_frame_equal(read.effects, comparison.effects, check_exact=True)
    assert "roster" in (folder / "scenario.toml").read_text(encoding="utf-8").splitlines()[0]


# --- what is there already ---------------------------------------------------------------------------


def test_results_are_not_overwritten_unasked(small: Comparison, tmp_path: Path) -> None:
    folder = small.save(tmp_path / "results")
    before = content(folder)
    with pytest.raises(InputError, match="results already.*overwrite"):
        small.save(folder, command="another")
    assert content(folder) == before
    small.save(folder, overwrite=True, command="another")
    assert json.loads((folder / "manifest.json").read_text())["command"] == "another"
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_an_empty_folder_is_free(small: Comparison, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    small.save(tmp_path / "empty")
    assert load_comparison(tmp_path / "empty").replicates == 2


def test_tables_and_figures_of_earlier_results_go_with_them(
    comparison: Comparison, small: Comparison, tmp_path: Path
) -> None:
    folder = comparison.save(tmp_path / "results")
    (folder / "report.html").touch()
    small.save(folder, overwrite=True)
    assert not (folder / "people.parquet").exists()
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize("ours", [True, False])
def test_a_folder_with_something_else_is_never_replaced(
    small: Comparison, tmp_path: Path, ours: bool
) -> None:
    folder = tmp_path / "precious"
    if ours:
        small.save(folder)
    else:
        folder.mkdir()
    (folder / "thesis.docx").write_text("years of work")
    before = content(folder)
    with pytest.raises(InputError, match=r"thesis\.docx" if ours else "not a folder of results"):
        small.save(folder, overwrite=True)
    assert content(folder) == before
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize(
    "manifest", ["", "[]", '{"made_by": "other", "files": []}', '{"made_by": "mentorsim"}']
)
def test_a_manifest_that_is_not_ours_protects_its_folder(
    small: Comparison, tmp_path: Path, manifest: str
) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(InputError, match="not a folder of results"):
        small.save(tmp_path, overwrite=True)
    with pytest.raises(InputError, match="not a folder of results"):
        load_comparison(tmp_path)
    assert (tmp_path / "manifest.json").read_text() == manifest


def test_a_file_in_the_way_is_left_alone(small: Comparison, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "results"):
        with pytest.raises(InputError, match="not a folder|Not a directory"):
            small.save(folder, overwrite=True)
    assert (tmp_path / "file").read_text() == "x"


# --- what goes wrong ---------------------------------------------------------------------------------


@pytest.fixture
def nobody() -> Iterator[None]:
    """Give up the rights of the superuser, if the tests have them, for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


@pytest.mark.usefixtures("nobody")
def test_a_folder_that_may_not_be_written_is_a_clear_error(small: Comparison) -> None:
    with pytest.raises(InputError) as caught:
        small.save("/proc/1/results")
    assert "the results cannot be written (" in str(caught.value)
    assert "/proc/1/results" in str(caught.value)


@pytest.mark.long
def test_no_permission_leaves_nothing(small: Comparison, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    script = """
import os, sys
sys.path.insert(0, sys.argv[1])
import sim
scenario = sim.Scenario(months=3, organisation={"employees": 12})
found = sim.compare(scenario, replicates=1, workers=1)
if os.geteuid() == 0:
    os.chmod(sys.argv[2], 0o555)
    for path in (sys.argv[2] + "/..", sys.argv[2] + "/../.."):
        os.chmod(path, 0o755)
    os.setresuid(65534, 65534, 65534)
try:
    found.save(sys.argv[2] + "/results")
except sim.InputError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT), str(closed)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Permission denied" in done.stdout
    assert list(closed.iterdir()) == []


@pytest.mark.long
def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the system refuses in the midst of writing."""
    script = """
import resource, sys
sys.path.insert(0, sys.argv[1])
import sim
scenario = sim.Scenario(months=12, organisation={"employees": 12}, variants=[
    {"name": "a"}, {"name": "b", "programme.policy": "random"}])
found = sim.compare(scenario, replicates=1, workers=1)
found.save(sys.argv[2] + "/there", command="first")
found.effects, found.outcomes, found.monthly, found.groups
import pyarrow.parquet
resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, resource.RLIM_INFINITY))
for name in ("there", "new"):
    try:
        found.save(sys.argv[2] + "/" + name, overwrite=True, command="second")
    except sim.InputError as error:
        print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT), str(tmp_path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.count("the results cannot be written (File too large)") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert load_comparison(tmp_path / "there").manifest["command"] == "first"


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_names_that_no_folder_can_have(small: Comparison, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        small.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_what_was_read_is_not_saved_again(small: Comparison, tmp_path: Path) -> None:
    read = load_comparison(small.save(tmp_path / "results"))
    with pytest.raises(InputError, match="already saved"):
        read.save(tmp_path / "again")


def test_parquet_is_read_as_pandas_reads_it(comparison: Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "results")
    files = sorted(folder.glob("*.parquet"))
    assert len(files) == 4
    for file in files:
        pd.testing.assert_frame_equal(read_parquet(file), pd.read_parquet(file))


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads cannot be counted")
def test_no_thread_is_left_that_could_abort_the_process_at_its_end(
    comparison: Comparison, tmp_path: Path
) -> None:
    """Of Arrow's: reading as pandas does leaves one, which the second number shows."""
    folder = comparison.save(tmp_path / "results")
    script = """
import os, sys
from pathlib import Path
import pandas, pyarrow.parquet
from sim.files import read_parquet
threads = lambda: len(os.listdir("/proc/self/task"))
before, file = threads(), Path(sys.argv[1])
read_parquet(file)
print(threads() - before)
pandas.read_parquet(file)
print(threads() - before > 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder / "outcomes.parquet")],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["0", "True"]


def damage(folder: Path, name: str, text: Any) -> None:
    (folder / name).unlink() if text is None else (folder / name).write_text(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("effects.csv", None),
        ("effects.csv", "variant,outcome,difference\na,b,many\n"),
        ("outcomes.parquet", None),
        ("outcomes.parquet", "not parquet"),
        ("monthly.csv", ""),
        ("manifest.json", '{"made_by": "mentorsim", "files": [], "format": 99}'),
        ("manifest.json", '{"made_by": "mentorsim", "files": [], "format": 2}'),
    ],
)
def test_damaged_results_are_a_clear_error(
    small: Comparison, tmp_path: Path, name: str, text: str | None
) -> None:
    folder = small.save(tmp_path / "results")
    damage(folder, name, text)
    with pytest.raises(InputError, match="results"):
        load_comparison(folder)


def test_tables_that_were_not_saved_are_refused(small: Comparison, tmp_path: Path) -> None:
    read = load_comparison(small.save(tmp_path / "results"))
    with pytest.raises(InputError, match="no table people"):
        read.people  # noqa: B018
    with pytest.raises(InputError, match="not a folder of results"):
        load_comparison(tmp_path / "elsewhere")


@pytest.mark.long
def test_figures_are_drawn_and_written(small: Comparison, tmp_path: Path) -> None:
    figures = small.plot(tmp_path)
    assert set(figures) == {"effects", "curves"}
    assert {"effects.svg", "effects.png", "curves.svg", "curves.png"} == set(content(tmp_path))
    read = load_comparison(small.save(tmp_path / "results"))
    assert set(read.plot()) == {"effects", "curves"}
