"""Compiling the model before the first world, in two processes at once.

Compilation happens once per machine and version of the code. Its two halves, what happens before a
month and what happens in one, need little of each other, and numba compiles one function at a time in a
process; so the first half is compiled by a helper process, into the same cache.
"""

from __future__ import annotations

import subprocess
import sys

from sim import compiled
from sim.catalogue import GROUPS
from sim.programme.policies import PRESETS
from sim.simulation import Simulation, live_months
from sim.state import handle_of
from sim.world import Plan, empty_state, prepare

__all__ = ["compile_beginnings", "warm_up"]

_HELPER = "from sim.warming import compile_beginnings; compile_beginnings()"


def _small_plan() -> Plan:
    """A firm of a dozen people with a programme, which calls everything once."""
    settings = {group.name: group.defaults() for group in GROUPS}
    settings["scenario"]["months"] = 3
    settings["organisation"]["employees"] = 12
    settings["organisation"]["skills"] = [
        {"grows_by_mentoring": False, **skill} for skill in settings["organisation"]["skills"]
    ]
    settings["programme"].update(
        policy="portfolio",
        portfolio=dict.fromkeys(PRESETS, 1.0),
        start_month=0,
        cohort_months=2,
        places=1.0,
        participation="nominated",
        nominated_share=1.0,
        check_in_months=1,
    )
    return prepare("warm-up", settings)


def compile_beginnings() -> None:
    """Compile what happens before the first month, the opening of a cohort, and a check-in."""
    simulation = Simulation(_small_plan(), 0, 0)
    simulation.act()
    simulation.month = 1
    simulation.act()


def warm_up() -> None:
    """Compile everything that a comparison calls, unless this machine has it already.

    Says so on standard error, because it takes some seconds. Without the helper process (where none can
    be started) all is compiled here.
    """
    if compiled.is_cached() or compiled.is_switched_off():
        return
    compiled.announce_compilation()
    try:
        helper = subprocess.Popen(
            [sys.executable, "-c", _HELPER],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        helper = None
    try:
        plan = _small_plan()
        live_months(handle_of(empty_state(plan, 0, 0)), plan.record, 0, 0, 0, 0)
    finally:
        if helper is not None:
            helper.wait()
    compile_beginnings()
