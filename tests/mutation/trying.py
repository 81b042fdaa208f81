"""Changing a line in a running process, and asking the tests that run it whether they see it.

The package and its tests are loaded once, in a process that does nothing else. For every change a process is made
from it in which the functions of the changed file get the code that they would have; so a change costs what its
tests take, and no file is touched. Rules and kernels are tried uncompiled, where they are functions like others.
"""

from __future__ import annotations

import functools
import gc
import os
import pickle
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from mutation.changes import Change
from mutation.watching import Watched, Watcher
from places import ROOT

TESTS = {
    "mechanisms": ("mechanisms", "experiments/test_person_months.py", "oracle"),
    "programme": ("programme", "oracle"),
    "experiments": ("experiments", "report/test_report_sure.py"),
    "organisation": ("organisation", "pair_lists", "oracle"),
    "organisation/roster": ("organisation", "commands/test_roster_command.py"),
    "outcomes": ("outcomes", "experiments/test_value.py", "experiments/test_compare.py"),
    "report": ("report",),
    "report/deciding": (
        "deciding",
        "documentation/test_best_page.py",
        "documentation/test_update_page.py",
    ),
    "report/pilots": ("pilots", "documentation/test_pilot_page.py"),
    "report/sweeps": ("analysis", "commands/test_sweep_commands.py", "report/test_figures.py"),
    "analysis": ("analysis", "experiments/sweeps", "commands/test_sweep_commands.py"),
    "pair_lists": ("pair_lists", "commands/test_roster_command.py"),
}
"""The tests that should see a change in a room; a room within a room has its own."""

UNCOMPILED = (
    "mechanisms/test_rules.py", "mechanisms/test_teaching_time.py", "mechanisms/test_encounters.py",
    "mechanisms/test_neutral.py", "organisation/test_organisation.py", "organisation/test_guessed_managers.py",
    "organisation/test_pay.py", "programme/test_programme_rules.py", "programme/test_the_other_way.py",
    "programme/test_assignment.py", "oracle/test_oracle.py::test_cases", "oracle/test_oracle.py::test_programmes",
)  # fmt: skip
"""Those that should see a change of a rule or kernel, as far as they are quick in plain Python."""

AT_MOST = 60.0
"""Seconds of the tests that are asked about one change."""

PATIENCE = 10
"""A change with which tests take so many times as long as without it hangs, and is seen."""

_WORDS = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(ROOT))


def is_compiled(file: Path) -> bool:
    """Whether a file has rules or kernels in it."""
    text = file.read_text(encoding="utf-8")
    return any(f"\n@{mark}\n" in text for mark in ("rule", "inlined_rule", "kernel"))


def tests_for(file: Path) -> tuple[str, ...]:
    """The tests that should see a change in a file."""
    if is_uncompiled():
        return UNCOMPILED
    place = file.relative_to(ROOT / "sim").as_posix()
    return TESTS[max((room for room in TESTS if place.startswith(f"{room}/")), key=len)]


def is_uncompiled() -> bool:
    """Whether rules and kernels are functions like others in this process."""
    return os.environ.get("NUMBA_DISABLE_JIT") == "1"


@functools.cache
def load(names: tuple[str, ...]) -> None:
    """Load the package and all tests that may be asked, and make ready what every test wants."""
    _silently(lambda: pytest.main([*_WORDS, "--collect-only", *_paths(names)]))
    from conftest import compile_everything

    compile_everything()


@functools.cache
def watch(names: tuple[str, ...], leave_out: str) -> Watched:
    """Run tests without any change, each watched, in a process of their own."""

    def run(file: Path) -> None:
        watcher = Watcher()
        words = [word for word in _WORDS if word != "-x"]
        more = ["-k", f"not ({leave_out})"] if leave_out else []
        _silently(lambda: pytest.main([*words, *more, *_paths(names)], plugins=[watcher]))
        file.write_bytes(pickle.dumps(watcher.watched))

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "watched"
        _in_a_process(lambda: run(file), 0)
        watched: Watched = pickle.loads(file.read_bytes())  # noqa: S301 (our own)
    return watched


def is_seen(change: Change, tests: list[str], seconds: float) -> bool:
    """Whether one of the tests fails with a line changed; one that hangs does."""

    def run() -> int:
        put_in(change)
        return int(_silently(lambda: pytest.main([*_WORDS, *(f"{ROOT}/{name}" for name in tests)])))

    return _in_a_process(run, 30 + int(PATIENCE * seconds)) != 0


def put_in(change: Change) -> int:
    """Give the functions of the changed file the code that they would have; returns how many have another."""
    lines = change.file.read_text(encoding="utf-8").splitlines()
    lines[change.line - 1] = change.after
    whole = compile("\n".join(lines) + "\n", str(change.file), "exec", dont_inherit=True)
    codes = {(one.co_qualname, one.co_firstlineno): one for one in _codes_in(whole)}
    changed = 0
    for function in [one for one in gc.get_objects() if isinstance(one, FunctionType)]:
        old = function.__code__
        new = codes.get((old.co_qualname, old.co_firstlineno))
        if new is not None and old.co_filename == str(change.file) and new != old:
            function.__code__ = new
            changed += 1
    return changed


def function_at(change: Change) -> tuple[str, int]:
    """File and first line of the innermost function that a change is in."""
    whole = compile(change.file.read_text(encoding="utf-8"), str(change.file), "exec")
    lambdas = ("<lambda>", "<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>", "<module>")
    inside = [
        one.co_firstlineno
        for one in _codes_in(whole)
        if one.co_name not in lambdas
        and _first_and_last(one)[1] >= change.line >= one.co_firstlineno
    ]
    return str(change.file), max(inside)


def _first_and_last(code: CodeType) -> tuple[int, int]:
    every = [line for one in _codes_in(code) for *_, line in one.co_lines() if line is not None]
    return min(every), max(every)


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes_in(one)


def _paths(names: tuple[str, ...]) -> list[str]:
    return [f"{ROOT}/tests/{name}" for name in names]


def _silently(work: Callable[[], int]) -> int:
    """Do something without a word on the screen."""
    kept = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    try:
        return work()
    finally:
        sys.stdout, sys.stderr = kept


def _in_a_process(work: Callable[[], int | None], seconds: int) -> int:
    """Do something in a process made from this one; returns its exit code, or that of the alarm after so many seconds."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 99
        try:
            os.setpgid(0, 0)
            signal.alarm(seconds)
            code = work() or 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
