"""The command report, and compare's option to leave the page out."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import SCENARIO, complaint, sim, sim_here

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the tiny scenario was compared."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "office.toml").write_text(SCENARIO, encoding="utf-8")
    result = sim("compare", "office.toml", "--no-figures", folder=folder)
    assert result.returncode == 0, result.stderr
    assert "The report is results/office/report.html" in result.stdout
    return folder


def test_compare_writes_the_page_and_report_writes_it_again(office: Path) -> None:
    page = (office / "results" / "office" / "report.html").read_bytes()
    assert "Réciproque 方".encode() in page
    assert b"mentorsim compare office.toml --no-figures" in page
    result = sim("report", "results/office", "--output", "again.html", folder=office)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "Wrote again.html\n"
    assert (office / "again.html").read_bytes() == page


def test_a_report_is_not_overwritten_unless_asked(office: Path) -> None:
    file = office / "results" / "office" / "report.html"
    page = file.read_bytes()
    file.write_text("mine")
    assert "--overwrite" in complaint(sim_here("report", "results/office", folder=office))
    assert file.read_text() == "mine"
    assert sim_here("report", "results/office", "--overwrite", folder=office).returncode == 0
    assert file.read_bytes() == page


def test_what_is_no_folder_of_results_is_a_clear_error(office: Path) -> None:
    assert "not a folder of results" in complaint(sim_here("report", ".", folder=office))
    assert "not a folder of results" in complaint(sim_here("report", "nowhere", folder=office))
    words = ("report", "results/office", "--output", "results")
    assert "is a folder" in complaint(sim_here(*words, folder=office))


def test_the_page_can_be_left_out_and_results_replaced(office: Path) -> None:
    words = ("compare", "office.toml", "--no-figures", "--overwrite", "--quiet")
    result = sim_here(*words, "--no-report", "--output", "bare", folder=office)
    assert result.returncode == 0, result.stderr
    assert "report" not in result.stdout
    assert not (office / "bare" / "report.html").exists()
    assert sim_here("report", "bare", folder=office).returncode == 0
    assert sim_here(*words, "--output", "bare", folder=office).returncode == 0
    assert b"--output bare" in (office / "bare" / "report.html").read_bytes()
