"""The report page in a real browser: it fits, it prints, it asks nothing of the network."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pages import altered
from sim.calibration.ensemble import shipped_ensemble
from sim.experiments.compare import compare
from sim.report.page import report_page
from sim.scenario import Scenario
from sim.scenario.schema import sections

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        BROWSER is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"
    ),
]

MEASURE = """
if (OPEN) document.querySelectorAll('details').forEach(e => { e.open = true; });
const all = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility());
const width = document.documentElement.clientWidth;
const inside = e => e.closest('.scroll, .skip, .answer thead, svg');
parent.document.body.textContent = JSON.stringify({
  width: width,
  page: document.documentElement.scrollWidth,
  beyond: all.filter(e => !inside(e) && e.getBoundingClientRect().right > width + 1).length,
  smallest: Math.min(...all.filter(e => e.closest('table, p, li')).map(
    e => parseFloat(getComputedStyle(e).fontSize))),
  pictures: [...document.querySelectorAll('svg')].map(e => e.getBoundingClientRect().height),
  words: [...document.querySelectorAll('svg text')].map(
    e => e.getBoundingClientRect().height).filter(h => h < 8).length,
  focusable: [...document.querySelectorAll('.scroll')].filter(e => e.tabIndex !== 0).length,
  cut: [...document.querySelectorAll('svg')].filter(svg => {
    const box = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')].some(t => {
      const own = t.getBoundingClientRect();
      return own.left < box.left - 1 || own.right > box.right + 1 || own.bottom > box.bottom + 1;
    });
  }).length,
  glance: document.querySelector('.answer .scroll').scrollWidth
    - document.querySelector('.answer .scroll').clientWidth,
  closed: [...document.querySelectorAll('details > .scroll')].filter(
    e => e.checkVisibility()).length,
  asked: performance.getEntriesByType('resource').length,
});
"""


@pytest.fixture(scope="module")
def page() -> str:
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


def browse(folder: Path, *words: str) -> str:
    """What a headless browser prints."""
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    command = [
        str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", *quiet,
        f"--user-data-dir={folder / 'profile'}", *words,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return done.stdout.decode("utf-8")


def measured(page: str, width: int, folder: Path, *, opened: bool = False) -> dict[str, Any]:
    """The page's measures in a window of a width: a frame, because windows have a least width."""
    script = f"<script>const OPEN = {str(opened).lower()};{MEASURE}</script></body>"
    framed = html.escape(page.replace("</body>", script))
    file = folder / "frame.html"
    file.write_text(
        f'<meta charset="utf-8"><body><iframe style="width:{width}px;height:900px;border:0" '
        f'srcdoc="{framed}"></iframe>',
        encoding="utf-8",
    )
    dumped = browse(folder, "--window-size=1400,1000", "--dump-dom", file.as_uri())
    found = re.search(r"<body>(.*?)</body>", dumped, re.DOTALL)
    assert found is not None
    return dict(json.loads(html.unescape(found[1])))


@pytest.mark.parametrize("width", [1200, 600, 400, 320])
def test_the_page_fits_every_width(page: str, width: int, tmp_path: Path) -> None:
    """600 is also what is left of 1,200 pixels at 200 % zoom."""
    fits(measured(page, width, tmp_path), width)


def fits(found: dict[str, Any], width: int, *, opened: bool = False, pictures: int = 7) -> None:
    """Nothing is beyond the edge, cut or too small."""
    assert (found["closed"] > 0) == opened
    assert found["width"] >= width - 20  # a scroll bar
    assert found["page"] <= found["width"]
    assert found["beyond"] == 0
    assert found["smallest"] >= 11
    assert found["words"] == 0
    assert found["cut"] == 0
    assert len(found["pictures"]) == pictures
    assert min(found["pictures"]) > 80
    assert found["focusable"] == 0
    assert found["asked"] == 0
    assert found["glance"] == 0  # what a board looks at needs no scrolling


@pytest.mark.parametrize("width", [1200, 400])
def test_what_is_opened_fits_too(page: str, width: int, tmp_path: Path) -> None:
    fits(measured(page, width, tmp_path, opened=True), width, opened=True)


@pytest.fixture(scope="module")
def long_page() -> str:
    """Twelve variants; the names are as long as those of the real scenarios."""
    policies = ("random", "traditional", "reverse", "reciprocal", "cross_functional", "similarity",
                "complementary", "self_selected", "nominated", "ai_assisted", "portfolio")  # fmt: skip
    variants = [{"name": "No programme"}] + [
        {"name": f"{policy.replace('_', ' ').title()} pairs", "programme.policy": policy}
        for policy in policies
    ]
    size = {"organisation": {"employees": 80, "levels": 5}, "programme": {"start_month": 3}}
    scenario = Scenario(title="Twelve on paper", months=36, **size, variants=variants)
    return report_page(compare(scenario, replicates=6, workers=1))


def printed(page: str, folder: Path) -> Path:
    """The page as PDF."""
    file, paper = folder / "page.html", folder / "page.pdf"
    file.write_text(page, encoding="utf-8")
    browse(folder, "--no-pdf-header-footer", f"--print-to-pdf={paper}", file.as_uri())
    return paper


def sheets(paper: Path) -> list[tuple[int, int]]:
    """Width and height of every printed sheet in points."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper.read_bytes())
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def test_twelve_variants_are_six_sheets_and_the_first_is_the_answer(
    long_page: str, tmp_path: Path
) -> None:
    paper = printed(long_page, tmp_path)
    assert 2 <= len(sheets(paper)) <= 6
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext on this machine (Debian: apt-get install poppler-utils)")

    def words(*options: str) -> str:
        done = subprocess.run(
            [reader, *options, str(paper), "-"], capture_output=True, check=True, timeout=60
        )
        return " ".join(done.stdout.decode("utf-8").split())

    first, whole = words("-l", "1"), words()
    names = re.findall(r'<th scope="row" role="rowheader">(.*?)</th>', long_page)
    assert len(names) == 11
    assert all(name in first for name in names)
    assert "The main caveat" in first
    assert "What changes" not in first
    assert "Details are in the on-screen report" in whole
    for summary in re.findall(r"<summary>(.*?)</summary>", long_page):
        assert summary not in whole
    opened = printed(long_page.replace("<details>", "<details open>", 1), tmp_path)
    assert len(sheets(opened)) > 1
    assert "50 % interval 95 % interval" in words()


def test_a_row_at_a_glance_takes_two_lines_on_paper(long_page: str, tmp_path: Path) -> None:
    """Measured on the screen with the print's rules, as wide as A4 less its margins."""
    on_screen = long_page.replace("@media print", "@media all")
    script = """<script>parent.document.body.textContent = JSON.stringify(
      [...document.querySelectorAll('.glance tbody tr')].map(
        e => e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).fontSize)));
      </script></body>"""
    on_screen = on_screen.replace("</style>", "html { overflow: hidden; }</style>")
    framed = html.escape(on_screen.replace("</body>", script))
    file = tmp_path / "frame.html"
    file.write_text(
        '<meta charset="utf-8"><body><iframe style="width:696px;height:900px;border:0" '
        f'srcdoc="{framed}"></iframe>',
        encoding="utf-8",
    )
    dumped = browse(tmp_path, "--window-size=1400,1000", "--dump-dom", file.as_uri())
    found = re.search(r"<body>(.*?)</body>", dumped, re.DOTALL)
    assert found is not None
    heights = json.loads(html.unescape(found[1]))
    assert len(heights) == 11
    assert max(heights) < 3.6  # two lines and the padding; three lines are 4.3


@pytest.fixture(scope="module")
def unsure_page() -> str:
    """Twelve variants under an ensemble, whose conclusions hinge on parameters, whose meanings are of middling length."""
    policies = ("none", "random", "traditional", "reverse", "reciprocal", "cross_functional", "similarity",
                "complementary", "self_selected", "nominated", "ai_assisted", "portfolio")  # fmt: skip
    names = [f"{policy.replace('_', ' ').title()} by a coordinator" for policy in policies]
    variants = [
        {"name": name, "programme.policy": policy}
        for name, policy in zip(names, policies, strict=True)
    ]
    size = {"organisation": {"employees": 30, "levels": 4}, "programme": {"start_month": 3}}
    scenario = Scenario(title="Twelve that hinge", months=16, **size, variants=variants)
    found = compare(scenario, replicates=48, ensemble=True)
    ensemble, sets = shipped_ensemble(), np.arange(48) // 2
    by_length = np.argsort([len(meaning_of(key)) for key in ensemble.keys], kind="stable")
    middle = by_length[len(by_length) // 2 :]
    noise = np.random.default_rng(1).normal(size=(len(names), 48)) / 10.0
    effects = {}
    for place, name in enumerate(names[1:]):
        column = ensemble.values[sets, middle[place // 3]]
        effects[name] = (column - column.mean()) / column.std() + 0.9 + noise[place]
    return report_page(altered(found, effects))


def meaning_of(key: str) -> str:
    """What is said about a parameter."""
    section, _, name = key.partition(".")
    return f"{sections()[section].title} {sections()[section][name].meaning}"


@pytest.mark.parametrize("width", [1200, 400, 320])
@pytest.mark.parametrize("opened", [False, True])
def test_how_sure_fits_too(unsure_page: str, width: int, opened: bool, tmp_path: Path) -> None:
    found = measured(unsure_page, width, tmp_path, opened=opened)
    fits(found, width, opened=opened, pictures=10)


def test_how_sure_takes_a_third_of_a_sheet_for_twelve_variants(
    unsure_page: str, tmp_path: Path
) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext on this machine (Debian: apt-get install poppler-utils)")
    assert unsure_page.count("Depends on: ") == 2
    assert len(sheets(printed(unsure_page, tmp_path))) <= 6
    on_top = unsure_page.replace(
        "</style>", "@media print { #sure { break-before: page; } }</style>"
    )
    paper = printed(on_top, tmp_path)
    done = subprocess.run(
        [reader, "-bbox", str(paper), "-"], capture_output=True, check=True, timeout=60
    )
    found = re.findall(
        r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)</word>', done.stdout.decode()
    )
    words = [word for _, _, word in found]
    heading = ["How", "sure", "Firms"]
    first = next(place for place in range(len(words)) if words[place : place + 3] == heading)
    after = next(
        place for place in range(first, len(words)) if words[place : place + 2] == ["Who", "gains,"]
    )
    assert 0.0 < float(found[after - 1][1]) - float(found[first][0]) <= 842.0 / 3.0


def test_five_variants_are_four_sheets_of_a4(page: str, tmp_path: Path) -> None:
    boxes = sheets(printed(page, tmp_path))
    assert 2 <= len(boxes) <= 4
    assert set(boxes) <= {(595, 842), (596, 842)}
