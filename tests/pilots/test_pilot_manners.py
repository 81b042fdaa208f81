"""The command in a process of its own: Ctrl-C keeps what is finished, the help says what there is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import SCENARIO, sim_here

pytestmark = pytest.mark.long


def test_help_tells_both_uses(tmp_path: Path) -> None:
    result = sim_here("pilot", "--help", folder=tmp_path)
    assert result.returncode == 0
    assert "mentorsim pilot read PROTOCOL RESULTS.csv" in result.stdout
    assert "--overwrite" in result.stdout


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches a whole console there")
def test_control_c_keeps_the_firms_that_are_finished(tmp_path: Path) -> None:
    (tmp_path / "office.toml").write_text(SCENARIO, encoding="utf-8")
    words = [
        "pilot",
        "office.toml",
        "--firms",
        "4000",
        "--design",
        "eligible",
        "--offered",
        "5",
        "--workers",
        "1",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *words, "--output", "out"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "simulations done" in line:
            break
    process.send_signal(
        signal.SIGTERM
    )  # as Ctrl-C, which a test that runs in the background would not hear
    out, err = process.communicate(timeout=240)
    assert process.returncode == 143, err
    assert "Traceback" not in err
    assert "stopped early" in err
    told = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert told["interrupted"] and 4 <= told["firms"] < told["firms_asked"]
    assert "Stopped early." in (tmp_path / "out" / "pilot.html").read_text("utf-8")
    assert out
