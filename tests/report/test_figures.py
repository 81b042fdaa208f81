"""The figures: they show what the tables say, in files that need nothing else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from sim import report
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.outcomes.declared import CURVES, OUTCOMES
from sim.report import curves_figure, effects_figure, save_figures, summarise
from sim.report.intervals import mean_interval
from sim.report.wording import clipped, decimals_for, signed, unsigned
from sim.scenario import Scenario

pytestmark = pytest.mark.long

ODD_NAMES = ("Kein Programm", "$x^2$ & <b>fett</b>", 'Größe "方針"')
POLICIES = ("none", "reverse", "reciprocal")
SVG = "{http://www.w3.org/2000/svg}"


def small(names: tuple[str, ...] = ODD_NAMES, **given: object) -> Scenario:
    """A tiny scenario with one variant per name."""
    variants = [
        {"name": name, "programme.policy": POLICIES[min(place, 2)]}
        for place, name in enumerate(names)
    ]
    size = {"organisation": {"employees": 25, "levels": 3}, "programme": {"start_month": 3}}
    return Scenario(**{"title": "Which?", "months": 18, **size, **given, "variants": variants})


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(small(), replicates=3, workers=1)


def texts(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))


def test_files_are_whole_and_need_nothing_else(comparison: Comparison, tmp_path: Path) -> None:
    paths = save_figures(comparison, tmp_path)
    assert sorted(path.name for path in paths) == [
        "curves.png",
        "curves.svg",
        "effects.png",
        "effects.svg",
    ]
    for path in paths:
        if path.suffix == ".png":
            assert path.read_bytes().startswith(b"\x89PNG")
            assert path.stat().st_size > 10_000
            continue
        svg = path.read_text(encoding="utf-8")
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img"
        assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
        words = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
        for name in ODD_NAMES[1:]:
            assert name in words
        for address in re.findall(r"""(?:https?:|//)[^"'\s<)]*""", svg):
            assert address in ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")
        assert not re.search(r"""(?:href|src)=["'](?!#)|@import|<script|<!DOCTYPE""", svg)


def test_files_are_the_same_each_time(comparison: Comparison, tmp_path: Path) -> None:
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        save_figures(comparison, tmp_path / folder)
    for name in ("effects.svg", "curves.svg"):
        assert (tmp_path / "first" / name).read_text() == (tmp_path / "second" / name).read_text()


def test_drawing_leaves_no_trace(comparison: Comparison) -> None:
    before = dict(matplotlib.rcParams)
    effects_figure(comparison)
    assert dict(matplotlib.rcParams) == before
    sources = Path(report.__file__).parent.glob("*.py")
    assert not any("pyplot" in source.read_text(encoding="utf-8") for source in sources)


def test_effects_have_a_panel_per_headline_and_a_zero_line(comparison: Comparison) -> None:
    figure = effects_figure(comparison)
    headlines = [outcome for outcome in OUTCOMES if outcome.headline]
    assert len(figure.axes) == len(headlines)
    for axis, outcome in zip(figure.axes, headlines, strict=True):
        assert axis.get_title(loc="left") == outcome.title
        assert outcome.unit_of_differences in axis.get_xlabel()
        assert any(np.array_equal(line.get_xdata(), [0.0, 0.0]) for line in axis.lines)
        low, high = axis.get_xlim()
        rows = comparison.effects[comparison.effects["outcome"] == outcome.name]
        assert low <= rows["low"].min()
        assert high >= rows["high"].max()
        for row in rows.itertuples():
            decimals = decimals_for(row.low, row.high)
            assert f"{signed(row.difference, decimals)} [" in texts(figure)


def test_curves_name_their_lines_and_mark_the_start(comparison: Comparison) -> None:
    figure = curves_figure(comparison)
    words = texts(figure)
    for outcome in CURVES:
        shown = outcome.name in ("innovation", "engagement", "retention")
        assert shown <= (outcome.title in words)
    assert words.count("programme starts") == 1
    for name in ODD_NAMES[1:]:
        assert words.count(clipped(name, 20)) == 5
    left = figure.axes[0]
    monthly = comparison.monthly
    mine = (monthly["outcome"] == "innovation") & (monthly["variant"] == ODD_NAMES[1])
    drawn = [line.get_ydata() for line in left.lines]
    assert any(np.array_equal(line, monthly.loc[mine, "mean"]) for line in drawn)


@pytest.mark.parametrize("count", [1, 2, 15, 45])
def test_any_number_of_variants(count: int, tmp_path: Path) -> None:
    names = tuple(f"Variant {number} " + "with a very long name" * 3 for number in range(count))
    comparison = compare(small(names, months=12), replicates=2, workers=1)
    save_figures(comparison, tmp_path)
    assert (tmp_path / "effects.png").stat().st_size > 5_000
    if count > 40:
        assert "4 more variants" in texts(effects_figure(comparison))
    curves = curves_figure(comparison)
    curves.canvas.draw()
    # The key, where there is one, stands between the heading and the titles of the columns.
    for key in curves.legends:
        below = curves.axes[0].get_tightbbox().y1
        assert key.get_window_extent().y0 >= below
        assert key.get_window_extent().y1 <= curves.texts[1].get_window_extent().y0
    lines = summarise(comparison).splitlines()
    assert sum(line.startswith("Variant") for line in lines) == min(count - 1, 40)
    assert summarise(comparison, verbose=True).count("Innovation") == count


def test_one_replicate_of_a_year_too_short_for_retention(tmp_path: Path) -> None:
    comparison = compare(small(months=10), replicates=1, workers=1)
    save_figures(comparison, tmp_path)
    text = summarise(comparison, verbose=True)
    assert "One firm says nothing about chance" in text
    assert "One simulated firm cannot tell" in text
    assert "▲" not in text.split("In brackets")[1].split("\n\n")[1]
    assert text.count("undefined in these firms") == len(ODD_NAMES)
    assert "nan" not in text.casefold()
    assert "nan" not in (tmp_path / "effects.svg").read_text(encoding="utf-8").casefold()
    assert all(note.split()[0] in text for note in comparison.notes)


def test_mean_interval_is_students() -> None:
    values = np.array([[1.0, np.nan], [2.0, np.nan], [6.0, 5.0]])
    mean, low, high = mean_interval(values)
    assert mean == pytest.approx([3.0, 5.0])
    assert low[0] == pytest.approx(3.0 - 4.302653 * np.sqrt(7.0 / 3.0), rel=1e-6)
    assert high[0] - mean[0] == pytest.approx(mean[0] - low[0])
    assert np.isnan([low[1], high[1]]).all()


def test_numbers_in_words() -> None:
    assert decimals_for(0.78, 1.02) == 2
    assert decimals_for(-300.0, 500.0) == 0
    assert decimals_for(np.nan, np.nan) == 2
    assert signed(0.4249, 2) == "+0.42"
    assert signed(-1234.5, 1) == "−1,234.5"
    assert signed(-0.001, 2) == unsigned(-0.001, 2) == "0.00"
    assert signed(np.nan, 2) == "–"
    assert clipped("abcdef", 4) == "abc…"


def test_every_variant_has_a_row_and_there_is_no_empty_one(comparison: Comparison) -> None:
    panels = [axis for axis in effects_figure(comparison).axes if len(axis.get_yticks())]
    for axis in panels:
        low, high = sorted(axis.get_ylim())
        rows = axis.get_yticks()
        assert low < min(rows) - 0.4 and max(rows) + 0.4 < high
        assert high - low < len(rows) + 1
