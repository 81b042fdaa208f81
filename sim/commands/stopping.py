"""Ctrl-C, and the signals that end a program from outside: answered at once, and all in the same way.

A scheduler that ends a job, or a terminal that is closed, is treated like Ctrl-C: what is finished is kept.
Whenever a signal comes, the last thing said is true: the request that stops a command for good is the last
that does anything, so that none can come between the end of the work and the word about it.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from sim.commands.command import STOPPED
from sim.files import noting

__all__ = [
    "answering",
    "asked",
    "exit_code",
    "last_word",
    "leave_threads",
    "saved_first",
    "settle",
    "stopped_by_signals",
    "telling",
]

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""As far as the system has them."""

_NAMED = 3
"""Files and folders that are named when a command is stopped that had written some."""


class _Stops:
    """What has been asked so far, and what is answered to the next request."""

    def __init__(self) -> None:
        self.last = self.asked = 0
        self.answer = self.patient_answer = ""
        self.goes_on = self.settled = False
        self.word: Callable[[], str | None] = lambda: None
        self.kept: Callable[[], list[Path]] = list

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Answer, with nothing that could be in use just now, and stop; the first time only if nobody minds.

        The request that nothing is done after is the last; this is settled here, before it is raised, so
        that there is no moment between it and the last word.
        """
        if self.settled:
            return
        self.last = number
        self.asked += 1
        first = self.asked == 1
        waits = first and bool(self.patient_answer)
        self.settled = not (first and (waits or self.goes_on))
        answer = self.patient_answer if waits else self.answer
        if answer:
            with suppress(OSError):  # the terminal is gone
                os.write(2, f"\nmentorsim: {answer}\n".encode("ascii", "backslashreplace"))
        if not waits:
            raise KeyboardInterrupt


_stops = _Stops()


@contextmanager
def stopped_by_signals(*, for_good: bool = False) -> Iterator[None]:
    """Have signals that ask to stop raise KeyboardInterrupt, until the command has its answer.

    Parameters
    ----------
    for_good
        The program ends with what is done here: from then on signals are ignored, as Python would be
        killed by one while it ends. Else all is as before.
    """
    global _stops
    _stops = _Stops()
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup, &
            before[number] = signal.signal(number, _stops.ask)
    try:
        with noting() as _stops.kept:
            yield
    finally:
        settle()
        if for_good and hasattr(signal, "pthread_sigmask"):
            # None may come just when the handler is taken away: Python would complain of a race, and does
            # where another thread has been given it.
            signal.pthread_sigmask(signal.SIG_BLOCK, before)
            sys.unraisablehook = _without_races(sys.unraisablehook)
        for number, handler in before.items():
            if for_good:
                signal.signal(number, signal.SIG_IGN)
            else:
                signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _without_races(told: Callable[[Any], object]) -> Callable[[Any], None]:
    """Tell all that a program cannot answer any more, but for signals that it no longer answers."""

    def tell(fault: Any) -> None:
        if not (isinstance(fault.exc_value, OSError) and "race condition" in str(fault.exc_value)):
            told(fault)

    return tell


def leave_threads(code: int) -> None:
    """End a program that was stopped, if threads still compute what nobody waits for any more."""
    threads = [one for one in threading.enumerate() if not one.daemon]
    if not _stops.asked or threads == [threading.main_thread()]:
        return
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, gone or never there
            stream.flush()
    os._exit(code)


@contextmanager
def answering(text: str, *, goes_on: bool = False) -> Iterator[None]:
    """Say this at once when somebody asks to stop.

    Parameters
    ----------
    goes_on
        What is done here takes the first request as its end, and something is done with the outcome.
    """
    earlier = _stops.answer, _stops.goes_on
    _stops.answer, _stops.goes_on = text, goes_on
    try:
        yield
    finally:
        _stops.answer, _stops.goes_on = earlier


@contextmanager
def saved_first(text: str) -> Iterator[None]:
    """Let what is done here be finished if somebody asks to stop for the first time; say so at once.

    Raises
    ------
    KeyboardInterrupt
        When somebody asks again, or had asked before.
    """
    _stops.patient_answer = text
    try:
        yield
    finally:
        _stops.patient_answer = ""


def settle() -> None:
    """The command has its answer: from here on, nobody who asks to stop changes it."""
    _stops.settled = True


def telling(word: Callable[[], str | None]) -> None:
    """Have this asked for the last word, should the command be stopped: None if it does not know one."""
    _stops.word = word


def last_word() -> str:
    """What to say of a command that was stopped: what is kept."""
    told = _stops.word()
    if told is not None:
        return told
    saved = [_seen_from_here(place) for place in _stops.kept()]
    if not saved:
        return "stopped; nothing was saved."
    more = f" and {len(saved) - _NAMED} more" if len(saved) > _NAMED else ""
    return f"stopped; saved before: {', '.join(saved[:_NAMED])}{more}"


def _seen_from_here(place: Path) -> str:
    with suppress(OSError, ValueError):
        place = place.relative_to(Path.cwd())
    return f"{place}/" if place.is_dir() else str(place)


def asked() -> int:
    """How often somebody has asked to stop."""
    return _stops.asked


def exit_code() -> int:
    """What a shell expects from a program that was stopped as this one was."""
    return 128 + _stops.last if _stops.last else STOPPED
