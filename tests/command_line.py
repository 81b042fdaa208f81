"""Running the command line on a tiny scenario: in processes of its own, or in this one."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

from sim.cli import main

SCENARIO = """\
title = "Ein winziges Büro"
months = 18
seed = 7
replicates = 3

[organisation]
employees = 25
levels = 3

[programme]
start_month = 3

[[variant]]
name = "No programme"

[[variant]]
name = "Réciproque 方"
programme.policy = "reciprocal"
"""


def sim(
    *words: str, folder: Path, encoding: str = "utf-8", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; its output in the given encoding."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *words],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": encoding, **environment},
        capture_output=True,
        encoding=encoding,
        timeout=300,
        check=False,
    )


def sim_here(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run one command in this process: quick, for what is the same in a process of its own."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        contextlib.nullcontext() if folder is None else contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main(words)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8"))
    return subprocess.CompletedProcess(words, code, *texts)


def complaint(result: subprocess.CompletedProcess[str]) -> str:
    """The one message of a command that refused its input."""
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith("mentorsim: ")
    return line


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
