"""The app as a planner meets it: a real server, a real browser, and nothing else in the world."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import sim
from browsing import missing
from places import ROSTERS
from planner_app import FIRMS, SCENARIO, finished, opened, saved
from sim.experiments.compare import compare
from sim.pair_lists.making import make_list
from sim.pair_lists.request import PairRequest
from sim.pair_lists.tables import pairs_table
from sim.report.page import report_page

pytest_plugins = ["app_fixtures"]
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(missing()), reason=missing() or "there is a browser"),
]

WATCH = """() => {
  window.seen = [];
  const status = document.getElementById('status');
  new MutationObserver(() => window.seen.push([status.dataset.doing, status.dataset.firms]))
    .observe(status, {attributes: true});
}"""


def glance(text: str) -> str:
    """The table of page one as text."""
    return " ".join(
        re.sub(r"<[^>]*>", " ", text.split('id="c-glance"')[1].split("</table>")[0]).split()
    )


def axe(page: Any, within: str = "document") -> None:
    """What a checker of accessibility finds in the page, or in a part of it: nothing."""
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(f"async () => (await axe.run({within})).violations.map(v => v.id + ': ' + "
                          "v.nodes.map(n => n.html.slice(0, 120)).join(' | '))")  # fmt: skip
    assert found == []


def test_through_the_wizard_to_what_is_downloaded(page: Any, tmp_path: Path) -> None:
    opened(page)
    first = page.locator(".glance tbody").inner_text()
    for step in ("Who takes part?", "How are they paired?", "How are pairs looked after?", "What does it cost?"):  # fmt: skip
        page.get_by_role("button", name="Next").click()
        assert page.locator("fieldset.step:visible legend").inner_text().endswith(step)
    page.get_by_role("link", name="How are pairs looked after?").click()
    page.evaluate(WATCH)
    page.locator("[id='d-programme.meetings_per_month']").fill("3")
    finished(page)
    assert page.locator(".glance tbody").inner_text() != first
    seen = page.evaluate("window.seen")
    assert seen[0] == ["turned", str(FIRMS)]  # said at once
    assert {"0", "2"} & {firms for _, firms in seen}  # it began anew, and sharpened
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
def test_a_staff_list_is_read_simulated_and_paired(page: Any, kind: str, tmp_path: Path) -> None:
    source = ROSTERS / "lazega_law_firm.csv"
    file = source
    if kind == "xlsx":  # in the place of the firm that was simulated until now
        import openpyxl

        book = openpyxl.Workbook()
        for line in source.read_text(encoding="utf-8").splitlines():
            book.active.append(line.split(","))
        file = tmp_path / "staff.xlsx"
        book.save(file)
        opened(page)
    page.locator("[type='file'][accept^='.csv']").set_input_files(str(file))
    page.get_by_role("button", name="Read the list").click()
    page.locator(".staff").wait_for(state="attached")
    page.get_by_role("link", name="Who takes part?").click()
    assert "71 people on the staff" in page.locator(".staff summary").inner_text()
    assert not page.locator("[id='d-organisation.employees']").is_visible()
    finished(page)
    programme = page.locator(".lists a").last.inner_text()
    scenario, pairs = saved(page, "Scenario", tmp_path), saved(page, programme, tmp_path)
    assert f'roster = "{file.name}"' in scenario.read_text(encoding="utf-8")
    (tmp_path / file.name).write_bytes(file.read_bytes())
    again = sim.load_scenario(scenario)
    assert again.roster is not None
    settings = again.variant(programme).settings
    drafted = make_list(again.roster, settings, PairRequest(), seed=again.seed)
    told = pairs.read_text(encoding="utf-8").splitlines()
    assert len(told) > 5
    assert told == pairs_table(drafted).to_csv(index=False).splitlines()


def test_two_tabs_do_not_disturb_each_other(page: Any) -> None:
    other = page.context.new_page()
    other.set_default_timeout(60_000)
    other.goto(page.url)
    opened(page)
    opened(other, SCENARIO.replace("A small office", "Another").replace("employees = 60", "employees = 80"))  # fmt: skip
    assert page.url != other.url
    assert "of 80" in other.locator("#result").inner_text()
    assert "of 60" in page.locator("#result").inner_text()
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
def test_a_checker_finds_nothing_and_nothing_is_cut(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    axe(page)
    opened(page)
    for step in range(5):
        page.locator("#steps a").nth(step).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for more in page.locator("fieldset:visible details.more summary").all():
            more.click()
        axe(page, "'#dials'" if step else "document")  # the rest of the page stays as it is
