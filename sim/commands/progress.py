"""How far a comparison has come: a bar on a terminal, a line every tenth in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.commands.streams import say

__all__ = ["show_progress"]

Report = Callable[[int, int], None]
"""Called with how many simulations are done, and of how many."""


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Report | None]:
    """Yield what a comparison calls as it goes on; None if nothing is to be shown.

    Everything goes to the error stream, so that it never mixes with the result.
    """
    if quiet or sys.stderr is None:
        yield None
    elif sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("simulations"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=None)

        def report(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield report


def _lines() -> Report:
    """One line every tenth; what is left is judged from the pace since the first simulation ended."""
    begun, first, said = 0.0, 0, 0

    def report(done: int, total: int) -> None:
        nonlocal begun, first, said
        now = time.monotonic()
        if not first:
            begun, first = now, done
        tenth = 10 * done // total
        if tenth <= said:
            return
        said = tenth
        left = ""
        if first < done < total:
            left = f", about {_duration((now - begun) * (total - done) / (done - first))} left"
        say(f"{done} of {total} simulations done ({100 * done // total} %){left}")

    return report


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
