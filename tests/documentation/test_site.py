"""The documentation site builds by one command, from the map, and nothing on it leads nowhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from places import ROOT

DOCS = ROOT / "docs"


def links_of(page: Path) -> set[Path]:
    """The pages that a page links to."""
    found = re.findall(r"\]\(((?:[\w.]+/)*\w+\.md)(?:#[\w-]*)?\)", page.read_text(encoding="utf-8"))
    return {(page.parent / target).resolve() for target in found}


def test_the_map_leads_to_every_page() -> None:
    """So that whoever adds a page says where it belongs."""
    map_, mechanisms = DOCS / "README.md", DOCS / "mechanisms" / "README.md"
    listed = links_of(map_) | links_of(mechanisms) | {map_}
    assert set(DOCS.rglob("*.md")) - listed == set()


def built(docs: Path, site: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(docs), str(site)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The documentation beside what it links to."""
    for name in ("scenarios", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("api"))
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path / "docs"


@pytest.mark.full  # .ci/run builds it each time
def test_the_site_builds_and_needs_no_network(copy: Path, tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="the extra docs is not installed")
    done = built(copy, tmp_path / "site")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "api" / "sim.html").read_text(encoding="utf-8")
    for name in sim.__all__:
        if callable(getattr(sim, name)):
            assert f'id="sim.{name}"' in page, name
    for file in (tmp_path / "site").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r'<(?:script|img)[^>]+src="(?:https?:)?//', text), file
        assert not re.search(r'<link[^>]+rel="stylesheet"[^>]+href="(?:https?:)?//', text), file


@pytest.mark.full
def test_a_dead_link_fails_the_site(copy: Path, tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="the extra docs is not installed")
    with (copy / "model.md").open("a", encoding="utf-8") as page:
        page.write("\n[gone](nowhere.md)\n")
    done = built(copy, tmp_path / "site")
    assert done.returncode != 0
    assert "nowhere.md" in done.stderr
