"""Ctrl-C at any line of a command: the last line says what is kept, and the exit code that it was stopped.

A real signal is sent when the n-th line of the command line's own files begins: what a person hits once in
a hundred times, between the end of the work and the word about it, is hit each time.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import pytest

from command_line import SCENARIO
from places import ROOT
from sim import cli
from sim.commands import progress

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them"),
]

TRACED = tuple(
    str(ROOT / "sim" / name)
    for name in ("cli.py", "commands/", "files.py", "experiments/saving.py", "deciding/saving.py")
)
"""Files at whose lines signals come."""

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its code, what it said, and how many lines it had begun."""

    code: int
    said: list[str]
    lines: int


@contextmanager
def signal_at(line: int, count: list[int]) -> Iterator[None]:
    """Send Ctrl-C when a line begins, counted from the first that is traced."""

    def at_line(frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
        if event == "line":
            count[0] += 1
            if count[0] == line:
                os.kill(os.getpid(), signal.SIGINT)
        return at_line

    def at_call(frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        return at_line if frame.f_code.co_filename.startswith(TRACED) else None

    before = sys.gettrace()
    sys.settrace(at_call)
    try:
        yield
    finally:
        sys.settrace(before)


def ended(words: tuple[str, ...], folder: Path, line: int = 0) -> Ended:
    """Run a command as the program does, with a signal when a line begins."""
    out, err, count, given = io.StringIO(), io.StringIO(), [0], sys.argv
    hook = sys.unraisablehook
    sys.argv = ["mentorsim", *words]
    before = {number: signal.getsignal(number) for number in map(_number, NAMES)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with chdir(folder), redirect_stdout(out), redirect_stderr(err), signal_at(line, count):
            code = cli.main()
    except KeyboardInterrupt:  # of which Python would have been killed
        code = -signal.SIGINT
    finally:
        sys.argv = given
        for number in before:  # what was held back until the program had ended comes to nothing
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, before)
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.unraisablehook = hook
    return Ended(code, err.getvalue().splitlines(), count[0])


def _number(name: str) -> signal.Signals:
    return signal.Signals[name]


@pytest.fixture
def stopped_while_simulating(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody asks to stop for the first time when nearly all is simulated."""

    def lines() -> progress.Report:
        sent = []

        def report(done: int, total: int) -> None:
            if not sent and done >= total - 1:
                sent.append(done)
                os.kill(os.getpid(), signal.SIGINT)

        return report

    monkeypatch.setattr(progress, "_lines", lines)


def check(end: Ended, place: Path, begun: str = "manifest.json") -> None:
    """What was said last is what is there."""
    there = (place / begun).exists()
    told = "\n".join(end.said)
    assert "Traceback" not in told
    assert not list(place.parent.glob(".*"))
    if end.code == 0:
        assert there, told
        return
    assert end.code == 130, told
    assert end.said[-1].startswith("mentorsim: stopped"), told
    assert (end.said[-1] == "mentorsim: stopped; nothing was saved.") != there, told
    assert not there or f"{place.parent.name}/{place.name}" in end.said[-1], told


COMPARE = ("compare", "office.toml", "--no-figures", "--no-report")
STUDY = """\
scenario = "office.toml"
replicates = 1
[uncertainties]
organisation.hierarchy_strength = { low = 0.0, high = 1.0 }
[[design]]
kind = "sobol"
points = 2
[execution]
engine = "here"
"""
SLOWER = {
    "compare with figures and report": (("compare", "office.toml"), "office", "manifest.json"),
    "pilot": (("pilot", "office.toml", "--firms", "8", "--offered", "5", "--months", "6"), "pilot_office", "manifest.json"),
    "best": (("best", "office.toml", "--budget", "5000", "--designs", "10", "--fresh", "20"), "best_office", "manifest.json"),
    "sweep": (("sweep", "study.toml"), "study", "study.json"),
}  # fmt: skip
"""Words, where the results come, and the file with which they are there (or can be gone on with)."""


@pytest.fixture(autouse=True)
def _nobody_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that was stopped leaves its threads behind; this process is needed."""
    monkeypatch.setattr(cli, "leave_threads", lambda code: None)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "office.toml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def tried(
    words: tuple[str, ...], office: Path, lines: Iterable[int], name: str, last: str
) -> list[int]:
    """Stop a command at each of some lines; the codes with which it ended."""
    codes = []
    for line in lines:
        end = ended(words, office, line)
        check(end, office / "results" / name, last)
        codes.append(end.code)
        shutil.rmtree(office / "results", ignore_errors=True)
    return codes


def lines_of(words: tuple[str, ...], office: Path) -> int:
    """How many lines a command begins if nobody stops it."""
    end = ended(words, office)
    assert end.code in (0, 130), end
    shutil.rmtree(office / "results", ignore_errors=True)
    return end.lines


def test_control_c_at_a_line(office: Path) -> None:
    """At the beginning, in the middle, and about the end: the last lines run when the answer is known."""
    number = lines_of(COMPARE, office)
    some = (3, number // 2, *(number - back for back in (40, 15, 6, 1)))
    codes = tried(COMPARE, office, some, "office", "manifest.json")
    assert codes[0] == codes[1] == 130 and codes[-1] == 0


@pytest.mark.usefixtures("stopped_while_simulating")
def test_a_second_control_c_at_a_line(office: Path) -> None:
    number = lines_of(COMPARE, office)
    some = (number - back for back in (60, 12, 4, 1))
    assert set(tried(COMPARE, office, some, "office", "manifest.json")) == {130}


@pytest.mark.full
@pytest.mark.parametrize("twice", [False, True])
def test_control_c_at_hundreds_of_lines(
    twice: bool, office: Path, request: pytest.FixtureRequest
) -> None:
    if twice:
        request.getfixturevalue("stopped_while_simulating")
    number = lines_of(COMPARE, office)
    some = [*range(3, number - 60, 11), *range(number - 60, number + 1)]
    codes = tried(COMPARE, office, some, "office", "manifest.json")
    assert codes.count(130) > 0.8 * len(some)
    assert codes[-1] == (130 if twice else 0)


@pytest.mark.full
@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("name", SLOWER)
def test_control_c_at_some_lines_of_other_commands(
    name: str, twice: bool, office: Path, request: pytest.FixtureRequest
) -> None:
    if twice:
        request.getfixturevalue("stopped_while_simulating")
    words, folder, last = SLOWER[name]
    number = lines_of(words, office)
    some = sorted(random.Random(11).sample(range(3, number + 1), 8)) + [number - 12, number - 3]
    tried(words, office, some, folder, last)


def test_only_a_signal_that_nobody_answers_any_more_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python complains of one that another thread was given while handlers were taken away."""
    told: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda fault: told.append(str(fault.exc_value)))
    monkeypatch.setattr(sys, "argv", ["mentorsim", "--version"])
    before = {number: signal.getsignal(number) for number in map(_number, NAMES)}
    try:
        with redirect_stdout(io.StringIO()):
            assert cli.main() == 0
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, before)
        for number, handler in before.items():
            signal.signal(number, handler)
    for text in ("Signal 2 ignored due to race condition", "the disk is on fire"):
        sys.unraisablehook(SimpleNamespace(exc_value=OSError(text)))  # type: ignore[arg-type]
    assert told == ["the disk is on fire"]
