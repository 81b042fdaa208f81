"""A server and a browser for all tests of the app in one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from browsing import browser
from planner_app import SCENARIO, Server, tab_at


@pytest.fixture(scope="session")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("app")
    (folder / "office.toml").write_text(SCENARIO, encoding="utf-8")
    running = Server(folder, "office.toml")
    yield running
    if running.runs:
        running.end()


@pytest.fixture
def server(_served: Server) -> Server:
    """The app, begun with the small office; started anew if a test before ended it."""
    if not _served.runs:
        _served.start()
    return _served


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture
def page(chromium: Any, server: Server) -> Iterator[Any]:
    """A tab that reaches this machine's own address and nothing else, and complains about any fault."""
    yield from tab_at(chromium, server.address)
