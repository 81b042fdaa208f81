"""Functions that sweeps are run on in tests: with known answers, and with troubles of every kind."""

from __future__ import annotations

import math
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np


def noise(replicate: int, *keys: int) -> float:
    """A standard normal number of its own for every replicate."""
    return float(np.random.default_rng((replicate, *keys)).standard_normal())


def plain(values: Mapping[str, float], replicate: int) -> dict[str, float]:
    """A plane with a little noise, the same in all points."""
    return {"y": 2.0 * values["a"] - values["b"] + 0.1 * noise(replicate), "z": values["a"]}


def trade_off(values: Mapping[str, float], replicate: int) -> dict[str, float]:
    """What costs more gains more, with luck of its own at every point; b is only waste."""
    a, b = values["a"], values["b"]
    luck = noise(replicate, int(1e6 * a), int(1e6 * b))
    return {"gain": math.sqrt(a) - b / 2.0 + 0.15 * luck, "cost": a}


def ishigami(values: Mapping[str, float], replicate: int) -> dict[str, float]:
    """Ishigami and Homma's function (a = 7, b = 0.1), and the same with noise that replicates average."""
    x1, x2, x3 = values["x1"], values["x2"], values["x3"]
    y = math.sin(x1) + 7.0 * math.sin(x2) ** 2 + 0.1 * x3**4 * math.sin(x1)
    key = int(1e6 * (x1 + 10 * x2 + 100 * x3)) & 0xFFFFFFFF
    return {"y": y, "noisy": y + 2.0 * noise(replicate, key)}


def luck_only(values: Mapping[str, float], replicate: int) -> dict[str, float]:
    """Nothing but luck, of its own at every point."""
    key = int(1e6 * (values["x1"] + 10 * values["x2"] + 100 * values["x3"])) & 0xFFFFFFFF
    return {"y": noise(replicate, key)}


def slow(values: Mapping[str, float], replicate: int) -> dict[str, float]:
    """The plane, a hundredth of a second later."""
    time.sleep(0.01)
    return plain(values, replicate)


def gated(values: Mapping[str, float], replicate: int) -> dict[str, float]:
    """The plane, as soon as there is a mark."""
    while not Path(os.environ["SWEEP_TEST_MARK"]).exists():
        time.sleep(0.01)
    return plain(values, replicate)


def poison(values: Mapping[str, float], replicate: int) -> dict[str, float]:
    """One run kills its process always, one fails, one never ends."""
    if (values["a"], replicate) == (3.0, 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if (values["a"], replicate) == (2.0, 0):
        raise ValueError("=this run has a fault")
    if (values["a"], replicate) == (1.0, 2):
        time.sleep(3600)
    return plain(values, replicate)


def dies_once(values: Mapping[str, float], replicate: int) -> dict[str, float]:
    """One run kills its process the first time that it is tried."""
    mark = Path(os.environ["SWEEP_TEST_MARK"])
    if (values["a"], replicate) == (2.0, 1) and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.002)
    return plain(values, replicate)


def unsteady(values: Mapping[str, float], replicate: int) -> dict[str, float]:
    """Another number every time."""
    return {"y": time.time(), "z": 0.0}


def counted(values: Mapping[str, float], replicate: int) -> dict[str, float]:
    """The plane; every call leaves a mark, so that a test sees what was run."""
    with open(os.environ["SWEEP_TEST_MARK"], "a", encoding="utf-8") as stream:
        stream.write(f"{values['a']:g} {values['b']:g} {replicate}\n")
    return plain(values, replicate)
