"""The app as a process: killed and started anew, ended with Ctrl-C, and as slow as a busy machine makes it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest

import sim.app.server
from browsing import missing
from planner_app import FIRMS, Server, finished, opened, tab_at
from serving import Running

pytest_plugins = ["app_fixtures"]
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(missing()), reason=missing() or "there is a browser"),
]


def test_a_killed_server_is_waited_for_and_dials_are_kept(page: Any, server: Server) -> None:
    opened(page)
    page.get_by_role("link", name="Who takes part?").click()
    page.locator("[id='d-programme.places']").fill("0.05")
    finished(page)
    before = page.locator(".glance tbody").inner_text()
    server.end()
    page.wait_for_selector("#status[data-doing=away]")
    assert "settings are kept" in page.locator("#status").inner_text()
    page.locator("[id='d-programme.places']").fill("0.1")  # turned while there is nobody
    server.start()
    finished(page)
    assert page.locator(".glance tbody").inner_text() != before
    page.locator("[id='d-programme.places']").fill("0.05")
    finished(page)
    assert page.locator(".glance tbody").inner_text() == before


def test_ctrl_c_ends_it_at_once_with_an_open_page(page: Any, server: Server) -> None:
    assert server.said == f"mentorsim is at {server.address} (Ctrl-C ends it)\n"
    page.goto(server.address)
    finished(page)
    assert page.locator("h1").inner_text() == "A small office"
    assert server.end(signal.SIGINT) == 0
    assert server.complained == "mentorsim: ended; nothing was kept\n"
    assert server.slept < 5.0


STANDS = """old => {
  const status = document.getElementById('status');
  return status && status.dataset.doing === 'done' && status.dataset.answer !== old;
}"""


@pytest.fixture
def seldom(chromium: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A page whose server looks seldom at what goes on, as where others need the processors."""
    monkeypatch.setattr(sim.app.server, "_PAUSE", 1.5)
    with Running(stages=(2, FIRMS)) as running:
        yield from tab_at(chromium, f"{running.origin}/")


def test_an_answer_is_shown_though_the_page_heard_nothing_in_between(seldom: Any) -> None:
    opened(seldom)
    before = seldom.locator("#result").inner_text()
    seldom.locator("[name=goal][value=ideas]").check()  # nothing is to be simulated for this
    finished(seldom)
    assert seldom.locator("#result").inner_text() != before


def test_answers_that_overtake_each_other_leave_the_latest(page: Any) -> None:
    kept: list[Any] = []

    def keep(route: Any) -> None:
        """The first answer is kept back until the page knows of a later one."""
        if kept:
            route.continue_()
        else:
            kept.append((route, route.fetch()))

    opened(page)
    page.get_by_role("link", name="Who takes part?").click()
    page.context.route("**/answer", keep)
    page.locator("[id='d-programme.places']").fill("0.05")
    while not kept:
        page.wait_for_timeout(50)
    first, reply = kept[0]
    old = reply.headers["x-answer"]
    page.locator("[id='d-programme.places']").fill("0.1")
    page.wait_for_function(STANDS, arg=old)
    first.fulfill(response=reply)
    finished(page)
    assert page.get_attribute("#result", "data-answer") != old
