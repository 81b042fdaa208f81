"""Which tests run which functions: each test is watched once, unchanged, so that a change is shown to those that can see it."""

from __future__ import annotations

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

import pytest

from places import ROOT

SIM = f"{ROOT / 'sim'}/"

Place = tuple[str, int]
"""File and first line of a function."""


@dataclass
class Watched:
    """What was seen: of each test, how long it took and which functions it ran."""

    seconds: dict[str, float] = field(default_factory=dict)
    ran: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    failed: list[str] = field(default_factory=list)

    def tests_of(self, place: Place, most: float) -> list[str]:
        """The tests that run a function, the quickest first, as many as take so many seconds together."""
        found = [name for name, places in self.ran.items() if place in places]
        found.sort(key=lambda name: self.seconds[name])
        total = 0.0
        for number, name in enumerate(found):
            total += self.seconds[name]
            if total > most and number:
                return found[:number]
        return found


class Watcher:
    """A plugin of pytest that watches which functions of the package every test calls."""

    def __init__(self) -> None:
        self.watched = Watched()
        self.codes: dict[int, CodeType] = {}
        self.shared: dict[str, set[int]] = defaultdict(set)
        self.of_tests: dict[str, set[int]] = defaultdict(set)
        self.now: set[int] = set()

    def called(self, frame: FrameType, event: str, _: Any) -> None:
        """Note a call; lines are not of interest."""
        code = frame.f_code
        if id(code) not in self.now and code.co_filename.startswith(SIM):
            self.codes[id(code)] = code  # kept, so that no other takes its number
            self.now.add(id(code))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test, with what is prepared for it alone."""
        self.now = self.of_tests[item.nodeid]
        begun = time.process_time()
        sys.settrace(self.called)
        threading.settrace(self.called)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
            self.watched.seconds[item.nodeid] = time.process_time() - begun

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[Any]:
        """What is prepared for a whole file belongs to every test of it; for all tests, to none."""
        before = self.now
        if fixturedef.scope != "function":
            self.now = self.shared[request.node.nodeid if fixturedef.scope == "module" else ""]
        try:
            return (yield)
        finally:
            self.now = before

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails without any change tells nothing."""
        if report.failed:
            self.watched.failed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Put together what was seen."""
        for name, codes in self.of_tests.items():
            if name not in self.watched.failed:
                every = codes | self.shared[name.partition("::")[0]]
                self.watched.ran[name] = {
                    (self.codes[one].co_filename, self.codes[one].co_firstlineno) for one in every
                }
