"""Stopping on request: what runs is finished and kept; asked twice, it stops at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Stopper", "stop_on_signals"]


class Stopper:
    """Whether somebody asked to stop.

    Attributes
    ----------
    asked
        The number of the signal that asked, or None.
    at_once
        Whether it was asked again.
    """

    def __init__(self) -> None:
        self.asked: int | None = None
        self.at_once = False

    def ask(self, number: int, frame: FrameType | None = None) -> None:
        """Ask to stop.

        Raises
        ------
        KeyboardInterrupt
            If it is the second time. Further ones change nothing: what ends is not ended again.
        """
        if self.asked is None:
            self.asked = int(number)
        elif not self.at_once:
            self.at_once = True
            raise KeyboardInterrupt


@contextmanager
def stop_on_signals() -> Iterator[Stopper]:
    """Let Ctrl-C, and the signal with which a cluster ends a job, ask to stop; afterwards all is as before."""
    stopper = Stopper()
    if threading.current_thread() is not threading.main_thread():
        yield stopper
        return
    names = ("SIGINT", "SIGTERM", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, stopper.ask) for number in numbers}
    try:
        yield stopper
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
