"""The app as a planner meets it: a real server, a real browser, and nothing else in the world."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import sim
from browsing import browser, missing
from places import ROOT, ROSTERS
from sim.experiments.compare import compare
from sim.report.page import report_page

# Beside a whole suite on two cores a hundred firms take longer than a browser waits.
pytestmark = [
    pytest.mark.full,
    pytest.mark.long,
    pytest.mark.skipif(bool(missing()), reason=missing() or "there is a browser"),
]

FIRMS = 8
SCENARIO = """
title = "A small office"
months = 20
seed = 5
[organisation]
employees = 40
levels = 3
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
AXE = Path(os.environ.get("AXE_CORE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """The app in a process of its own, which can be killed and started again on the same port."""

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

    def end(self, how: int = signal.SIGKILL) -> int:
        self.process.send_signal(how)
        code = self.process.wait(20)
        assert self.process.stderr is not None
        self.complained = self.process.stderr.read()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("app"))
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture
def page(chromium: Any, server: Server) -> Iterator[Any]:
    """A tab that reaches this machine's own address and nothing else, and complains about any fault."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    elsewhere: list[str] = []
    faults: list[str] = []

    def let(route: Any) -> None:
        if route.request.url.startswith(server.address):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route("**", let)
    tab = context.new_page()
    tab.set_default_timeout(60_000)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(server.address)
    yield tab
    context.close()
    assert elsewhere == []
    assert faults == []


def opened(page: Any, content: str = SCENARIO) -> None:
    """Open an uploaded scenario, and wait for the whole answer."""
    page.get_by_label("Scenario (TOML)").set_input_files(
        {"name": "office.toml", "mimeType": "application/toml", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Open the scenario").click()
    finished(page)


def finished(page: Any) -> None:
    page.wait_for_selector(f"#status[data-doing=done][data-firms='{FIRMS}']")
    page.wait_for_function(
        "() => document.getElementById('result').dataset.version"
        " === document.getElementById('status').dataset.version"
    )
    page.wait_for_selector("#c-glance")


def saved(page: Any, name: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.locator(".downloads").get_by_role("link", name=name).click()
    place = folder / download.value.suggested_filename
    download.value.save_as(place)
    return place


def glance(text: str) -> str:
    """The table of page one as text."""
    return " ".join(
        re.sub(r"<[^>]*>", " ", text.split('id="c-glance"')[1].split("</table>")[0]).split()
    )


def axe(page: Any) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core (npm install axe-core, or AXE_CORE=path of axe.min.js)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + "
                          "v.nodes.map(n => n.html.slice(0, 120)).join(' | '))")  # fmt: skip
    assert found == []


def test_through_the_wizard_to_three_downloads(page: Any, tmp_path: Path) -> None:
    opened(page)
    first = page.locator("#c-glance").inner_text() + page.locator(".glance tbody").inner_text()
    for step in ("Who takes part?", "How are they paired?", "How are pairs looked after?", "What does it cost?"):  # fmt: skip
        page.get_by_role("button", name="Next").click()
        assert page.locator("fieldset.step:visible legend").inner_text().endswith(step)
    page.get_by_role("link", name="How are pairs looked after?").click()
    seen: list[str] = []
    page.locator("[id='d-programme.meetings_per_month']").fill("3")
    for _ in range(600):
        state = page.get_attribute("#status", "data-firms") or ""
        if state not in seen:
            seen.append(state)
        if page.get_attribute("#status", "data-doing") == "done" and "0" in seen:
            break
        time.sleep(0.05)
    finished(page)
    page.wait_for_function(
        "before => document.querySelector('.glance tbody').innerText !== before", arg=first
    )
    assert "0" in seen or "2" in seen  # it began anew, and sharpened
    report, scenario = saved(page, "Report", tmp_path), saved(page, "Scenario", tmp_path)
    assert "meetings_per_month = 3" in scenario.read_text(encoding="utf-8")
    again = compare(sim.load_scenario(scenario), workers=1)
    assert again.replicates == FIRMS
    text = report.read_text(encoding="utf-8")
    assert glance(report_page(again)) == glance(text)
    shown = " ".join(page.locator(".glance tbody").inner_text().split())
    numbers = re.findall(r"[\d.]+ (?:more|fewer)", shown)
    assert numbers and numbers == re.findall(r"[\d.]+ (?:more|fewer)", glance(text))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_staff_list_is_read_and_simulated(page: Any, kind: str, tmp_path: Path) -> None:
    source = ROSTERS / "lazega_law_firm.csv"
    file = source
    if kind == "xlsx":
        import openpyxl

        book = openpyxl.Workbook()
        for line in source.read_text(encoding="utf-8").splitlines():
            book.active.append(line.split(","))
        file = tmp_path / "staff.xlsx"
        book.save(file)
    page.get_by_label("Staff list").set_input_files(str(file))
    page.get_by_role("button", name="Read the list").click()
    page.wait_for_selector("#steps")
    page.get_by_role("link", name="Who takes part?").click()
    assert "71 people on the staff" in page.locator(".staff summary").inner_text()
    assert (
        page.locator("[id='d-organisation.employees']").count() == 0
        or not page.locator("[id='d-organisation.employees']").is_visible()
    )
    finished(page)
    scenario = saved(page, "Scenario", tmp_path)
    text = scenario.read_text(encoding="utf-8")
    assert f'roster = "{file.name}"' in text


def test_a_killed_server_is_waited_for_and_dials_are_kept(page: Any, server: Server) -> None:
    opened(page)
    page.get_by_role("link", name="Who takes part?").click()
    version = page.get_attribute("#status", "data-version")
    page.locator("[id='d-programme.places']").fill("0.2")
    page.wait_for_selector(f"#status:not([data-version='{version}'])")  # sent after half a second
    finished(page)
    before = page.locator(".glance tbody").inner_text()
    server.end()
    page.wait_for_selector("#status[data-doing=away]")
    assert "settings are kept" in page.locator("#status").inner_text()
    server.start()
    finished(page)
    page.wait_for_function(
        "before => document.querySelector('.glance tbody').innerText === before",
        arg=before,
        timeout=240_000,
    )
    assert page.locator("[id='d-programme.places']").input_value() == "0.2"


def test_two_tabs_do_not_disturb_each_other(page: Any) -> None:
    other = page.context.new_page()
    other.set_default_timeout(60_000)
    other.goto(page.url)
    opened(page)
    opened(other, SCENARIO.replace("A small office", "Another").replace("employees = 40", "employees = 60"))  # fmt: skip
    assert page.url != other.url
    assert "of 60" in other.locator("#result").inner_text()
    assert "of 40" in page.locator("#result").inner_text()
    assert page.locator("h1").inner_text() == "A small office"


def test_keyboard_alone_does_it(page: Any) -> None:
    focused = "document.activeElement.textContent.trim()"
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "Begin":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#steps")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "Who takes part?":
            break
    page.keyboard.press("Enter")
    for _ in range(10):
        if page.evaluate("document.activeElement.id") == "d-organisation.management_support":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.locator("[id='d-organisation.management_support']").input_value() == "0.65"
    page.wait_for_selector("#status:not([data-firms='0'])")
    page.wait_for_selector("#c-glance")


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_is_cut(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    axe(page)
    opened(page)
    for step in range(5):
        page.locator("#steps a").nth(step).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for more in page.locator("fieldset:visible details.more summary").all():
            more.click()
        axe(page)


def test_ctrl_c_ends_it_at_once_with_an_open_page(chromium: Any, tmp_path: Path) -> None:
    file = tmp_path / "office.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    running = Server(tmp_path, "office.toml")
    assert running.said == f"mentorsim is at {running.address} (Ctrl-C ends it)\n"
    tab = chromium.new_page()
    for _ in range(200):
        try:
            tab.goto(running.address)
            break
        except Exception:
            time.sleep(0.1)
    tab.wait_for_selector("#c-glance", timeout=60_000)
    assert tab.locator("h1").inner_text() == "A small office"
    started = time.monotonic()
    assert running.end(signal.SIGINT) == 0
    assert running.complained == "mentorsim: ended; nothing was kept\n"
    assert time.monotonic() - started < 5.0
    tab.close()
