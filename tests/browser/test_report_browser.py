"""The report page in a real browser: boxes are measured on screen, telephone and paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from browsing import browser, missing
from pages import altered
from sim.calibration.ensemble import shipped_ensemble
from sim.experiments.compare import compare
from sim.report.page import report_page
from sim.scenario import Scenario

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(missing()), reason=missing() or "there is a browser"),
]

MEASURE = """opened => {
if (opened) document.querySelectorAll('details').forEach(e => { e.open = true; });
const box = e => e.getBoundingClientRect();
const all = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility());
const width = document.documentElement.clientWidth;
const inside = e => e.closest('.scroll, .skip, .answer thead, .unseen, svg');
const name = e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 40);
const pictures = [...document.querySelectorAll('svg')].filter(e => e.checkVisibility());
const texts = svg => [...svg.querySelectorAll('text')].map(box);
const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
  && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
const blocks = [...document.querySelectorAll('main section > *, .columns > div, .beside > *')]
  .filter(e => e.checkVisibility() && box(e).height > 0);
return {
  page: document.documentElement.scrollWidth - width,
  beyond: all.filter(e => !inside(e) && box(e).right > width + 1).map(name),
  cut: [...document.querySelectorAll('.scroll')].filter(e => e.checkVisibility()
    && !e.closest('details') && e.scrollWidth > e.clientWidth + 1).map(name),
  smallest: Math.min(...all.filter(e => e.closest('table, p, li')).map(
    e => parseFloat(getComputedStyle(e).fontSize))),
  pictures: pictures.map(e => box(e).height),
  tiny: pictures.flatMap(texts).filter(b => b.height < 8).length,
  clipped: pictures.filter(svg => texts(svg).some(b => b.left < box(svg).left - 1
    || b.right > box(svg).right + 1 || b.bottom > box(svg).bottom + 1)).length,
  crossed: pictures.filter(svg => texts(svg).some((a, i) =>
    texts(svg).slice(i + 1).some(b => overlap(a, b)))).map(e => e.textContent.slice(0, 60)),
  gaps: [...document.querySelectorAll('figure')].filter(e => e.checkVisibility()).flatMap(figure => {
    const parts = [...figure.children].map(box);
    return parts.slice(1).map((b, i) => b.top - parts[i].bottom);
  }),
  shifted: [...document.querySelectorAll('figure')].filter(e => e.checkVisibility()
    && box(e.firstElementChild).top - box(e).top > 1).map(name),
  overlaps: blocks.flatMap((a, i) => blocks.slice(i + 1).filter(b => !a.contains(b)
    && !b.contains(a) && overlap(box(a), box(b))).map(b => name(a) + ' | ' + name(b))),
  focusable: [...document.querySelectorAll('.scroll')].filter(e => e.tabIndex !== 0).length,
  asked: performance.getEntriesByType('resource').length,
  first: box(document.querySelector('.lead')).bottom,
};
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def five() -> str:
    """Five variants, one of them with a name that does not break."""
    variants = [{"name": "No programme"}] + [
        {"name": name, "programme.policy": policy}
        for name, policy in (
            ("Random", "random"),
            ("Reciprocal, with trained mentors and a sponsor", "reciprocal"),
            ("Averylongnamewithoutanyblankinitthatgoesonandon", "reverse"),
            ("Similarity", "similarity"),
        )
    ]
    size = {"organisation": {"employees": 80, "levels": 4}, "programme": {"start_month": 3}}
    scenario = Scenario(title="In a browser", months=30, **size, variants=variants)
    return report_page(compare(scenario, replicates=6, workers=1))


POLICIES = ("random", "traditional", "reverse", "reciprocal", "cross_functional", "similarity",
            "complementary", "self_selected", "nominated", "ai_assisted", "portfolio")  # fmt: skip


@pytest.fixture(scope="module")
def twelve() -> str:
    """Twelve variants under an ensemble: their verdicts hinge on assumptions."""
    names = [f"{policy.replace('_', ' ').title()} pairs" for policy in POLICIES]
    variants = [{"name": "No programme"}] + [
        {"name": name, "programme.policy": policy}
        for name, policy in zip(names, POLICIES, strict=True)
    ]
    size = {"organisation": {"employees": 60, "levels": 5}, "programme": {"start_month": 3}}
    scenario = Scenario(title="Twelve on paper", months=26, **size, variants=variants)
    found = compare(scenario, replicates=48, ensemble=True)
    ensemble, sets = shipped_ensemble(), np.arange(48) // 2
    noise = np.random.default_rng(1).normal(size=(len(names), 48)) / 10.0
    effects = {}
    for place, name in enumerate(names):
        column = ensemble.values[sets, 20 + place // 3]
        spread = (column - column.mean()) / column.std() if place % 2 else 0.0
        effects[name] = spread + 0.9 + noise[place]
    return report_page(altered(found, effects))


@pytest.fixture
def page(request: pytest.FixtureRequest) -> str:
    text: str = request.getfixturevalue(request.param)
    return text


def measured(chromium: Any, page: str, width: int, *, opened: bool = False) -> dict[str, Any]:
    tab = chromium.new_page(viewport={"width": width, "height": 900})
    try:
        tab.set_content(page)
        return dict(tab.evaluate(MEASURE, opened))
    finally:
        tab.close()


@pytest.mark.parametrize("page", ["five", "twelve"], indirect=True)
@pytest.mark.parametrize("width", [1700, 1280, 390])
@pytest.mark.parametrize("opened", [False, True])
def test_nothing_is_cut_and_nothing_overlaps(
    chromium: Any, page: str, width: int, opened: bool
) -> None:
    found = measured(chromium, page, width, opened=opened)
    assert found["page"] <= 0
    assert found["beyond"] == []
    assert found["smallest"] >= 11
    assert found["tiny"] == 0
    assert found["clipped"] == 0
    assert found["crossed"] == []
    assert max(found["gaps"]) <= 60
    assert found["shifted"] == []
    assert found["overlaps"] == []
    assert found["focusable"] == 0
    assert found["asked"] == 0
    assert min(found["pictures"]) > 60
    if width >= 1280:
        assert found["cut"] == []  # on a desk nothing needs scrolling sideways
        assert found["first"] < 400  # the answer stands on the first screen


def test_at_twice_the_size_nothing_is_beyond_the_edge(chromium: Any, five: str) -> None:
    """600 pixels are what is left of 1,200 at 200 % zoom; 320 of 1,280 at 400 %."""
    for width in (600, 320):
        found = measured(chromium, five, width)
        assert found["page"] <= 0
        assert found["beyond"] == []


# --- paper -------------------------------------------------------------------------------------------


def printed(chromium: Any, page: str, folder: Path) -> Path:
    tab = chromium.new_page()
    paper = folder / "page.pdf"
    tab.set_content(page)
    tab.pdf(path=str(paper), prefer_css_page_size=True, print_background=True)
    tab.close()
    return paper


def sheets(paper: Path) -> list[tuple[int, int]]:
    """Width and height of every printed sheet in points."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper.read_bytes())
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def words_of(paper: Path) -> list[list[tuple[float, float, str]]]:
    """Right and lower edge of every word, and the word, sheet by sheet."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext on this machine (Debian: apt-get install poppler-utils)")
    done = subprocess.run(
        [reader, "-bbox", str(paper), "-"], capture_output=True, check=True, timeout=60
    )
    return [
        [
            (float(right), float(bottom), word)
            for right, bottom, word in re.findall(
                r'xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', sheet
            )
        ]
        for sheet in done.stdout.decode().split("<page ")[1:]
    ]


@pytest.mark.parametrize(("page", "most"), [("five", 6), ("twelve", 9)], indirect=["page"])
def test_page_one_is_one_sheet_and_no_sheet_is_half_empty(
    chromium: Any, page: str, most: int, tmp_path: Path
) -> None:
    paper = printed(chromium, page, tmp_path)
    boxes = sheets(paper)
    # Of twelve variants' nine sheets one has the pictures of who is paired with whom.
    assert 2 <= len(boxes) <= most
    assert set(boxes) <= {(595, 842), (596, 842)}
    found = words_of(paper)
    first = " ".join(word for *_, word in found[0])
    for heading in ("What to do", "What changes, in people", "What it costs", "How sure this is",
                    "What to do next"):  # fmt: skip
        assert heading in first
    names = re.findall(r'<th scope="row" role="rowheader">(.*?)</th>', page)
    assert all(name.split()[0][:8] in first for name in names)
    assert "What changes, and how surely" not in first
    for number, sheet in enumerate(found):
        assert max(right for right, *_ in sheet) <= 596 - 30, number  # nothing is cut at the right
        if 0 < number < len(found) - 1:
            assert max(bottom for _, bottom, _ in sheet) >= 842 * 0.55, number
    whole = " ".join(word for sheet in found for *_, word in sheet)
    for summary in re.findall(r"<summary>(.*?)</summary>", page):
        assert summary not in whole
