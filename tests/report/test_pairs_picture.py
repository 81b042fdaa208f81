"""Who is paired with whom: the picture and the table are the pairs of the first cohort."""

from __future__ import annotations

import re

import pytest

import sim
from pages import check
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.report.page import report_page
from sim.report.page.pairs import pairings
from sim.report.page.view import View
from sim.scenario import Scenario


@pytest.fixture(scope="module")
def found() -> Comparison:
    variants = [
        {"name": "No programme", "programme.policy": "none"},
        {"name": "Traditional", "programme.policy": "traditional"},
        {"name": "Reverse", "programme.policy": "reverse"},
    ]
    size = {"organisation": {"employees": 90, "levels": 4}, "programme": {"start_month": 2}}
    scenario = Scenario(months=16, **size, variants=variants)
    return compare(scenario, replicates=2, dyads=True, workers=1)


def test_the_tables_are_the_pairs_that_begin(found: Comparison) -> None:
    dyads = found.dyads
    first = dyads[(dyads["kind"] == "formal") & (dyads["begun"] == 2) & (dyads["replicate"] == 0)]
    shown = {one.name: one for one in pairings(View(found))}
    assert list(shown) == ["Traditional", "Reverse"]
    for name, one in shown.items():
        own = first[first["variant"] == name]
        counts = [[int(cell.replace("–", "0")) for cell in cells] for _, cells in one.rows]
        alive = sum(map(sum, counts))
        assert 0 < alive <= len(own)
        assert alive >= len(own) - 3  # pairs that ended within their first month are not drawn
        for row, mentor in enumerate(one.levels):
            for column, mentee in enumerate(one.levels):
                if counts[row][column]:
                    gap = int(mentor) - int(mentee)
                    assert gap > 0 if name == "Traditional" else gap < 0
        assert one.sentence.startswith(
            f"{alive} pairs. Of 100 mentees, 100 have a mentor of a"
        ) or ("100 a mentor of a lower one" in one.sentence)
    assert "Nobody at the top (level 4) has a mentor" in shown["Traditional"].sentence or (
        "Nobody takes part at level" in shown["Traditional"].sentence
    )


def test_the_picture_is_small_and_told_in_words(found: Comparison, tmp_path: object) -> None:
    page = report_page(found)
    check(page)
    pictures = re.findall(r'<svg[^>]*aria-labelledby="pairs-.*?</svg>', page, re.DOTALL)
    assert len(pictures) == 2
    for picture in pictures:
        assert len(picture) < 20_000
        assert "<desc" in picture
    assert "stroke-dasharray" in pictures[1]  # reverse pairs are told apart by more than colour
    folder = found.save(tmp_path / "results")  # type: ignore[operator]
    again = report_page(sim.load_comparison(folder))
    assert re.findall(r'<svg[^>]*aria-labelledby="pairs-.*?</svg>', again, re.DOTALL) == pictures


def test_small_counts_of_a_staff_list_are_not_told(found: Comparison) -> None:
    view = View(found)
    pairs = {"Reverse": [[0, 0, 1, 2, 3], [0, 0, 1, 1, 9]]}
    view.manifest = {**found.manifest, "pairs": pairs}
    assert {cell for one in pairings(view) for _, row in one.rows for cell in row} == {
        "–",
        "3",
        "9",
    }
    view.manifest = {**view.manifest, "roster": ["a staff list"]}
    cells = {cell for one in pairings(view) for _, row in one.rows for cell in row}
    assert cells == {"–", "few", "9"}
