"""Work for ``run_tasks``, which worker processes find by its name: here nothing heavy comes along.

A process that imported the tests themselves would import pandas and the model first.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def doubled(shared: int, task: int) -> int:
    return shared * task


def doubled_late(shared: int, task: int) -> int:
    time.sleep(0.002 * ((7 * task) % 5))
    return shared * task


def told(shared: str, task: int) -> int:
    """Leaves a file for each task that is begun."""
    (Path(shared) / str(task)).touch()
    time.sleep(0.05)
    return task


def refuses(shared: int, task: int) -> int:
    if task == shared:
        raise KeyError(f"task {task}")
    return task


def dies_once(shared: str, task: int) -> int:
    """Task 5 kills its own process the first time."""
    mark = Path(shared)
    if task == 5 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def always_dies(shared: str, task: int) -> int:
    if task == 5:
        with Path(shared).open("a", encoding="ascii") as stream:
            stream.write("x")
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def own_process(shared: int, task: int) -> int:
    return os.getpid()
