"""The built package is whole: installed where there is no repository, it gives every command and its data."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from places import ROOT, SCENARIOS

pytestmark = pytest.mark.long

NEEDED = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "sim", "scenarios")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that was built from it, without a network."""
    clone = tmp_path_factory.mktemp("clone")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, clone / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, clone / name)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist", ".", folder=clone)
    return clone / "dist"


@pytest.fixture(scope="module")
def mentorsim(built: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The command of a fresh environment that has the wheel, and this one's other packages."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    others = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    own = Path(sysconfig.get_path("purelib", vars={"base": str(place)}))
    (own / "others.pth").write_text("\n".join(sorted(others)), encoding="utf-8")
    install = ("install", "--quiet", "--no-deps", "--no-index", *map(str, built.glob("*.whl")))
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python")
    run(*pip, str(scripts / "python"), *install, folder=place)
    return str(scripts / "mentorsim")


def run(*words: str, folder: Path) -> str:
    """Run a command where there is no repository; what it prints."""
    result = subprocess.run(
        words,
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_wheel_has_every_file_of_the_package_and_the_scenarios(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if name.startswith("sim/")}
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "sim").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    scenarios = {
        f"sim/library/{path.relative_to(SCENARIOS).as_posix()}"
        for path in SCENARIOS.rglob("*")
        if path.suffix in (".toml", ".csv", ".md")
    }
    assert "sim/py.typed" in package
    assert "sim/library/pairing_policies.toml" in scenarios
    assert inside == package | scenarios


def test_the_source_distribution_has_what_a_build_needs(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in ("setup.py", "LICENSE", "README.md", "scenarios/rosters/README.md"):
        assert name in names
    assert not [name for name in names if name.endswith(".pyc")]


def test_the_page_of_the_package_is_the_readme(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        head, _, page = archive.read(name).decode("utf-8").partition("\n\n")
    assert "Description-Content-Type: text/markdown" in head
    assert page.strip() == (ROOT / "README.md").read_text(encoding="utf-8").strip()


def test_every_command_works_without_the_repository(mentorsim: str, tmp_path: Path) -> None:
    listed = run(mentorsim, "new", "--list", folder=tmp_path)
    assert re.search(r"^pairing_policies +Which pairing policy ", listed, re.MULTILINE)
    assert re.search(r"^classics/deffuant ", listed, re.MULTILINE)
    said = run(mentorsim, "new", "--from", "law_firm", "mine.toml", folder=tmp_path)
    assert said.startswith("Wrote mine.toml, with ")
    assert "71 people" in run(mentorsim, "check", "mine.toml", folder=tmp_path)
    words = ("compare", "mine.toml", "--replicates", "2", "--ensemble", "--no-figures", "--quiet")
    assert "2 simulated firms of 71 people" in run(mentorsim, *words, folder=tmp_path)
    results = tmp_path / "results" / "mine"
    assert (results / "uncertainty.csv").stat().st_size > 0
    page = (results / "report.html").read_bytes()
    run(mentorsim, "report", "results/mine", "--overwrite", folder=tmp_path)
    assert (results / "report.html").read_bytes() == page
    words = re.findall(r"^    (\w+) ", run(mentorsim, "--help", folder=tmp_path), re.MULTILINE)
    assert len(words) > 7
    for word in words:
        assert run(mentorsim, word, "--help", folder=tmp_path).startswith("usage: mentorsim")
