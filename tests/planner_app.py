"""The app in a process of its own, and what a planner does in its pages."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from places import ROOT

FIRMS = 8
SCENARIO = """
title = "A small office"
months = 20
seed = 5
[organisation]
employees = 60
levels = 4
[programme]
start_month = 3
cohort_months = 6
[[variant]]
name = "Nothing"
programme.policy = "none"
[[variant]]
name = "Reverse"
programme.policy = "reverse"
[[variant]]
name = "Random"
programme.policy = "random"
"""
PATIENCE = 180_000
"""Milliseconds that a page is waited for: a busy machine is slow, and no fault of the app."""

SHOWN = """() => {
  const status = document.getElementById('status'), result = document.getElementById('result');
  return status && status.dataset.doing === 'done' && result.dataset.answer === status.dataset.answer;
}"""


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """The app in a process, which can be killed and started again on the same port."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.port, self.words, self.folder = free_port(), words, folder
        self.address = f"http://127.0.0.1:{self.port}/"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "sim", "app", *self.words, "--no-browser"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port), "--firms", str(FIRMS)],
            cwd=self.folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.slept = 0.0

    def _idle(self) -> float:
        """A clock that stands still while the main thread works or waits for a processor, which others may have."""
        try:
            told = Path(f"/proc/{self.process.pid}/schedstat").read_text(encoding="ascii")
        except OSError:  # another system
            return time.monotonic()
        ran, queued, _ = map(int, told.split())
        return time.monotonic() - (ran + queued) / 1e9

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def end(self, how: int = signal.SIGKILL) -> int:
        """Send a signal, wait for the end, and return the exit status; `slept` says how long it did nothing."""
        begun = self._idle()
        self.process.send_signal(how)
        while self.process.poll() is None:
            self.slept = self._idle() - begun
            assert self.slept < 60.0
            time.sleep(0.02)
        code = self.process.returncode
        assert self.process.stderr is not None
        self.complained = self.process.stderr.read()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code


def opened(page: Any, content: str = SCENARIO) -> None:
    """Open an uploaded scenario, and wait for the whole answer."""
    uploaded(page, content)
    finished(page)


def uploaded(page: Any, content: str = SCENARIO) -> None:
    page.get_by_label("Scenario (TOML)").set_input_files(
        {"name": "office.toml", "mimeType": "application/toml", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Open the scenario").click()


def finished(page: Any, firms: int = FIRMS) -> None:
    """Wait until the page shows the answer that there is to what it stands at."""
    page.wait_for_function(SHOWN)
    assert page.get_attribute("#status", "data-firms") == str(firms)
    assert page.locator("#c-glance").count() == 1


def saved(page: Any, name: str, folder: Path) -> Path:
    """Download by the link of this name."""
    with page.expect_download() as download:
        page.locator(".downloads").get_by_role("link", name=name).click()
    place = folder / download.value.suggested_filename
    download.value.save_as(place)
    return place


def tab_at(chromium: Any, address: str) -> Iterator[Any]:
    """A tab at the app's first page, which may go nowhere else."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    elsewhere: list[str] = []
    faults: list[str] = []

    def let(route: Any) -> None:
        if route.request.url.startswith(address):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route("**", let)
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(f"{address}?new=1")
    yield tab
    context.close()
    assert elsewhere == []
    assert faults == []
