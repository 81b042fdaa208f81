"""Running the tests of a room on a copy of the repository in which one line is changed."""

from __future__ import annotations

import multiprocessing
import os
import re
import sys
from pathlib import Path

from mutation.changes import Change
from places import ROOT

TESTS = {
    "mechanisms": ("mechanisms", "experiments/test_person_months.py", "oracle"),
    "programme": ("programme", "oracle"),
    "experiments": ("experiments", "report/test_report_sure.py"),
    "organisation": ("organisation", "pair_lists", "oracle"),
    "organisation/roster": ("organisation", "commands/test_roster_command.py"),
    "outcomes": ("outcomes", "experiments/test_value.py", "experiments/test_compare.py"),
    "report": ("report",),
    "analysis": ("analysis", "experiments/sweeps", "commands/test_sweep_commands.py"),
    "pair_lists": ("pair_lists", "commands/test_roster_command.py"),
}
"""The tests that should see a change in a room, those that tell most first."""

AT_MOST = 1200
"""Seconds for the tests of one change; one that makes them hang is seen."""

_LOADED = [
    "numpy", "pandas", "numba", "scipy.stats", "scipy.optimize", "pyarrow", "matplotlib.pyplot", "openpyxl",
    "pytest", "rich.progress", "jinja2",
]  # fmt: skip
"""What is loaded once, before the processes that run tests are made from it."""


def is_seen(change: Change, copy: Path, room: str) -> bool:
    """Whether the tests of a room fail on a copy of the repository with one line changed."""
    place = copy / change.file.relative_to(ROOT)
    source = place.read_text(encoding="utf-8")
    lines = source.splitlines()
    lines[change.line - 1] = change.after
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        return fails(copy, nearest_first(change.file, room))
    finally:
        place.write_text(source, encoding="utf-8")


def nearest_first(file: Path, room: str) -> tuple[str, ...]:
    """The tests of a room, file by file: first those that have the name of the changed file in them."""
    tests = ROOT / "tests"
    files = [
        path
        for name in TESTS[room]
        for path in (
            sorted((tests / name).rglob("test_*.py")) if (tests / name).is_dir() else [tests / name]
        )
    ]
    named = re.compile(rf"\b{file.stem}\b")
    files.sort(key=lambda path: not named.search(path.read_text(encoding="utf-8") + path.stem))
    return tuple(path.relative_to(tests).as_posix() for path in files)


def fails(copy: Path, names: tuple[str, ...]) -> bool:
    """Whether tests of a copy fail, in a process of their own."""
    context = multiprocessing.get_context("spawn" if os.name == "nt" else "forkserver")
    if os.name != "nt":
        context.set_forkserver_preload(_LOADED)
    process = context.Process(target=_tests, args=(str(copy), names))
    process.start()
    process.join(AT_MOST)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode != 0


def _tests(copy: str, names: tuple[str, ...]) -> None:
    """Run tests of a copy: nothing of the repository itself may be loaded here."""
    import pytest

    for name in [one for one in sys.modules if one.partition(".")[0] in ("places", "sim")]:
        del sys.modules[name]
    ours = {str(ROOT), str(ROOT / "tests"), os.getcwd(), ""}
    sys.path[:] = [copy, f"{copy}/tests", *(one for one in sys.path if one not in ours)]
    os.chdir(copy)
    os.environ["PYTHONPATH"] = copy
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    paths = [f"{copy}/tests/{name}" for name in names]
    words = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", copy, *paths]
    os._exit(int(pytest.main(words)))
