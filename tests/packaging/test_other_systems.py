"""Windows has no user numbers, no forks and few signals, and another default encoding: nothing needs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import SCENARIO
from places import ROOT
from planner_app import free_port

AS_ON_WINDOWS = """
import asyncio, multiprocessing, os, pkgutil, importlib, signal, subprocess, sys, warnings
for name in (
    "chown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getgroups", "getloadavg", "getpgid", "getpgrp",
    "getresuid", "getsid", "getuid", "initgroups", "killpg", "lchown", "mkfifo", "mknod", "nice", "pread",
    "sched_getaffinity", "sched_setaffinity", "setegid", "seteuid", "setgid", "setpgid", "setsid", "setuid",
    "sync", "wait4",
):
    vars(os).pop(name, None)
for name in [one for one in vars(signal) if one.startswith("SIG") and one not in (
    "SIGINT", "SIGTERM", "SIGABRT", "SIGFPE", "SIGILL", "SIGSEGV", "SIG_DFL", "SIG_IGN",
)]:
    delattr(signal, name)
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
warnings.filterwarnings("error", category=EncodingWarning, module=r"sim(\\.|$)")
"""
"""What the interpreter there lacks is taken away here; a text without an encoding is an error."""

EVERY_MODULE = """
import sim
for module in pkgutil.walk_packages(sim.__path__, "sim."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""

EVERY_DAY = """
from sim.cli import main
for words in (
    "new --list", "new --from law_firm", "check office.toml", "compare office.toml --no-figures --quiet",
    "report results/office --overwrite", "run office.toml", "schema",
):
    assert main(words.split()) == 0, words
"""

APP = """
import threading, time, urllib.request
from sim.cli import main

def handler(*_):
    raise NotImplementedError
asyncio.SelectorEventLoop.add_signal_handler = asyncio.SelectorEventLoop.remove_signal_handler = handler

def visit():
    for _ in range(3000):
        try:
            with urllib.request.urlopen("http://127.0.0.1:PORT/") as reply:
                seen.append(reply.read().decode("utf-8"))
            break
        except OSError:
            time.sleep(0.1)
    signal.raise_signal(signal.SIGINT)

seen = []
threading.Thread(target=visit, daemon=True).start()
assert main("app office.toml --no-browser --firms 2 --port PORT".split()) == 0
assert "What is it for?" in seen[0]
"""


@pytest.mark.long
@pytest.mark.parametrize("what", [EVERY_MODULE, EVERY_DAY, APP], ids=["imports", "commands", "app"])
def test_what_windows_lacks_is_not_needed(what: str, tmp_path: Path) -> None:
    (tmp_path / "office.toml").write_text(SCENARIO, encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-X",
            "warn_default_encoding",
            "-c",
            AS_ON_WINDOWS + what.replace("PORT", str(free_port())),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        encoding="cp1252",
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_file_names_are_names_everywhere() -> None:
    """No characters that Windows forbids, no reserved names, no two that differ by case only."""
    names = [
        path.relative_to(ROOT).as_posix()
        for room in ("sim", "docs", "scenarios", "tests", "benchmarks", "results", ".ci")
        for path in (ROOT / room).rglob("*")
        if "__pycache__" not in path.parts
    ]
    assert len(names) > 300
    assert len({name.casefold() for name in names}) == len(names)
    reserved = {"con", "prn", "aux", "nul", *(f"{one}{n}" for one in ("com", "lpt") for n in "123")}
    for name in names:
        assert not set(name) & set('<>:"\\|?*'), name
        for part in name.split("/"):
            assert part.partition(".")[0].casefold() not in reserved, name
            assert not part.endswith((" ", ".")), name
        assert len(name) < 150, name
