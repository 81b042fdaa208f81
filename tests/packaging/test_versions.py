"""The versions that pyproject.toml allows are versions that work: the lowest, the newest, each generation of Mesa."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT

sys.path.insert(0, str(Path(__file__).parent))
from environments import ENVIRONMENTS, build, interpreter, lowest_versions, requirements

WITHOUT_BOUND = {"pandas-stubs", "types-openpyxl"}
"""Go with the type checker: the newest fits."""


def test_everything_needed_has_a_lowest_version() -> None:
    lowest = lowest_versions()
    assert {one.name for one in requirements()} - set(lowest) == WITHOUT_BOUND
    for one in requirements():
        for bound in one.specifier:
            assert bound.operator in (">=", "<"), (
                f"{one}: an upper bound is for a known break alone"
            )
    assert {"numpy", "numba", "mesa", "starlette", "pytest"} <= set(lowest)


def test_what_tests_need_is_what_the_extras_state() -> None:
    """The lowest version of a package is one, wherever it is named: the tests see what users get."""
    lowest = lowest_versions()
    for one in requirements():
        if one.name not in WITHOUT_BOUND:
            assert one.specifier.contains(lowest[one.name], prereleases=True)


@pytest.mark.full
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_with_chosen_versions(name: str, tmp_path: Path) -> None:
    """Minutes: downloads, installs, compiles, and runs tests there."""
    environment = ENVIRONMENTS[name]
    python = interpreter(environment.pythons)
    if python is None:
        pytest.skip(f"there is no Python {' or '.join(environment.pythons)}")
    clone = tmp_path / "clone"
    skipped = shutil.ignore_patterns(".git", ".venv", "__pycache__", "*.egg-info", "site")
    shutil.copytree(ROOT, clone, ignore=skipped)
    own = build(environment, python, clone, tmp_path / "environment")
    outside = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [own, "-m", "pytest", "-q", *environment.tests],
        cwd=clone,
        env={**outside, "MENTORSIM_CACHE": str(tmp_path / "compiled")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
