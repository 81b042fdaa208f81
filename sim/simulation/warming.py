"""Compiling the model before the first world, in two processes at once.

Compilation happens once per machine and version of the code, and numba compiles one function at a time in a
process. So a helper process compiles what happens before the first month and when the programme acts, into
the same folder, while this one compiles the month.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from sim.engine import compiled
from sim.engine.state import handle_of
from sim.mechanisms.month import live_months
from sim.programme.policies import PRESETS
from sim.scenario.catalogue import GROUPS
from sim.simulation.plan import Plan, prepare
from sim.simulation.simulation import Simulation
from sim.simulation.start import empty_state

__all__ = ["compile_beginnings", "warm_up"]

_HELPER = """\
import sys; sys.path.insert(0, {home!r})
from sim.simulation.warming import compile_beginnings
compile_beginnings()
"""
"""What the helper process does, with this very copy of the package, wherever others may be installed."""


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
    """Compile what happens before the first month, the opening of a cohort, and a check-in.

    What few scenarios have (shuffled partners, encounters) is compiled when it is first met.
    """
    simulation = Simulation(_small_plan(), 0, 0)
    simulation.act()
    simulation.month = 1
    simulation.act()


def warm_up() -> None:
    """Compile what an ordinary comparison calls, unless this machine has it already.

    Says so on standard error, because it takes some seconds. Without the helper process (where none can
    be started) all is compiled here. A process asks once: after that it costs nothing.
    """
    global _is_warm
    if _is_warm or compiled.is_switched_off():
        return
    plan = _small_plan()
    no_months = (handle_of(empty_state(plan, 0, 0)), plan.record, 0, 0, 0, 0)
    if not compiled.is_cached(live_months, *no_months):
        compiled.announce_compilation()
        _compile_in_two(no_months)
    _is_warm = True


_is_warm = False


def _compile_in_two(no_months: tuple[Any, ...]) -> None:
    """Compile the month here and the rest beside it."""
    helper = _start_helper()
    try:
        live_months(*no_months)
        if helper is not None:
            helper.wait()
    finally:
        if helper is not None:
            helper.kill()  # after Ctrl-C; one that has ended does not mind
            helper.wait()
    compile_beginnings()


def _start_helper() -> subprocess.Popen[bytes] | None:
    """Start the process that compiles the other half, if there is a folder to hand it over in."""
    if compiled.cache_folder() is None:
        return None
    home = str(Path(__file__).resolve().parents[2])
    try:
        return subprocess.Popen(
            [sys.executable, "-c", _HELPER.format(home=home)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, ValueError):
        return None
