"""A real browser for tests: Debian's Chromium, driven by Playwright, with nothing to ask of the network."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def missing() -> str:
    """Why no browser can be had; empty if one can."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "no Playwright (pip install playwright)"
    if CHROMIUM is None:
        return "no Chromium on this machine (Debian: apt-get install chromium)"
    return ""


@cache
def _driver() -> Any:
    """The one driver of this process: a second one beside it is refused. It ends with the process."""
    from playwright.sync_api import sync_playwright

    os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_GC", "1")
    driver = sync_playwright().start()
    atexit.register(driver.stop)
    return driver


@contextmanager
def browser() -> Iterator[Any]:
    """A browser; closed at the end."""
    opened = _driver().chromium.launch(executable_path=CHROMIUM, args=QUIET)
    try:
        yield opened
    finally:
        opened.close()
