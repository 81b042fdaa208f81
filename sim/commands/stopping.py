"""Ctrl-C, and the signals that end a program from outside: answered at once, and all in the same way.

A scheduler that ends a job, or a terminal that is closed, is treated like Ctrl-C: what is finished is kept.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from sim.commands.command import STOPPED

__all__ = ["answering", "asked", "exit_code", "saved_first", "stopped_by_signals"]

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""As far as the system has them."""


class _Stops:
    """What has been asked so far, and what is answered to the next request."""

    def __init__(self) -> None:
        self.last = self.asked = 0
        self.answer = self.patient_answer = ""

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Answer, with nothing that could be in use just now, and stop; the first time only if nobody minds."""
        self.last = number
        self.asked += 1
        waits = bool(self.patient_answer) and self.asked == 1
        answer = self.patient_answer if waits else self.answer
        if answer:
            with suppress(OSError):  # the terminal is gone
                os.write(2, f"\nmentorsim: {answer}\n".encode("ascii", "backslashreplace"))
        if not waits:
            raise KeyboardInterrupt


_stops = _Stops()


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Have every signal that asks to stop raise KeyboardInterrupt; afterwards all is as before."""
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
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


@contextmanager
def answering(text: str) -> Iterator[None]:
    """Say this at once when somebody asks to stop."""
    earlier, _stops.answer = _stops.answer, text
    try:
        yield
    finally:
        _stops.answer = earlier


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


def asked() -> int:
    """How often somebody has asked to stop."""
    return _stops.asked


def exit_code() -> int:
    """What a shell expects from a program that was stopped as this one was."""
    return 128 + _stops.last if _stops.last else STOPPED
