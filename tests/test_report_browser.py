"""The report page in a real browser: it fits, it prints, it asks nothing of the network."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sim.experiments.compare import compare
from sim.report.page import report_page
from sim.scenario import Scenario

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"
)

MEASURE = """
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


def measured(page: str, width: int, folder: Path) -> dict[str, Any]:
    """The page's measures in a window of a width: a frame, because windows have a least width."""
    framed = html.escape(page.replace("</body>", f"<script>{MEASURE}</script></body>"))
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
    found = measured(page, width, tmp_path)
    assert found["width"] >= width - 20  # a scroll bar
    assert found["page"] <= found["width"]
    assert found["beyond"] == 0
    assert found["smallest"] >= 11
    assert found["words"] == 0
    assert found["cut"] == 0
    assert len(found["pictures"]) == 7
    assert min(found["pictures"]) > 80
    assert found["focusable"] == 0
    assert found["asked"] == 0
    assert found["glance"] == 0  # what a board looks at needs no scrolling


def test_it_prints_on_a4(page: str, tmp_path: Path) -> None:
    file, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    file.write_text(page, encoding="utf-8")
    browse(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}", file.as_uri())
    content = paper.read_bytes()
    assert content.startswith(b"%PDF")
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert 5 < len(boxes) < 40
    assert {(round(float(w)), round(float(h))) for w, h in boxes} <= {(595, 842), (596, 842)}
