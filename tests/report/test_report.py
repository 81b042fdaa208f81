"""The report page: whole, self-contained, harmless, accessible, and the same from saved results."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pages import Reader, check
from places import ROSTERS
from sim.errors import InputError
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.experiments.loading import load_comparison
from sim.report.page import render, report_page, write_report
from sim.scenario import Scenario

HOSTILE = "<script>alert('x')</script> & \"$x^2$\" </svg><img src=x>"
NAMES = ("No programme", HOSTILE, "Reverse", "Größe 方針")
POLICIES = ("none", "random", "reverse", "reciprocal")
ROSTER = ROSTERS / "lazega_law_firm.csv"


def scenario(count: int = 4, **given: object) -> Scenario:
    """A small firm under `count` variants, the first without a programme."""
    names = [NAMES[place] if place < 4 else f"Variant {place}" for place in range(count)]
    variants = [
        {"name": name, "programme.policy": POLICIES[0 if not place else 1 + (place - 1) % 3]}
        for place, name in enumerate(names)
    ]
    size = {"organisation": {"employees": 60, "levels": 4}, "programme": {"start_month": 3}}
    settings = {"title": "Which one? <b>Ours</b>", "months": 30, **size, **given}
    return Scenario(**settings, variants=variants)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(scenario(), replicates=6, workers=1)


@pytest.fixture(scope="module")
def page(comparison: Comparison) -> str:
    return report_page(comparison)


# --- the page as a whole -----------------------------------------------------------------------------


def test_page_is_whole_and_accessible(page: str) -> None:
    read = check(page)
    html = next(iter(read.all("html")))[0]
    assert html["lang"] == "en"
    skip = next(iter(read.all("a")))
    assert skip[0]["class"] == "skip"
    assert [words for _, words in read.all("h2")] == [
        "What to do",
        "What changes, in people and a year of this firm",
        "What it costs",
        "How sure this is",
        "What to do next",
        "What changes, and how surely",
        "Who gains, who loses",
        "When it happens, and whether it lasts",
        "Who is paired with whom",
        "The programme, as its dashboard would show it",
        "Costs and benefits",
        "Risks and doubts",
        "Assumptions",
        "How it was made, and how to make it again",
        "Appendix for analysts",
    ]


def test_text_from_files_is_only_text(page: str) -> None:
    read = Reader(page)
    assert "<b>Ours" not in page
    assert next(iter(read.all("h1")))[1] == "Which one? <b>Ours</b>"
    rows = [words for attributes, words in read.all("th") if attributes["scope"] == "row"]
    assert HOSTILE in rows
    assert not any(tag in ("script", "img") for tag, _, _ in read.elements)


def test_no_colour_is_hard_to_read(page: str) -> None:
    css = page.split("<style>")[1].split("</style>")[0]
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", css))
    for text in ("ink", "muted", "accent", "good", "bad"):
        for ground in ("paper", "tint"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert set(re.findall(r"[^-]color: ([^;]+);", css)) <= {
        f"var(--{name})" for name in colours
    } | {"inherit"}
    for picture in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        for colour in re.findall(r'<text[^>]*fill="(#[0-9a-f]{6})"', picture):
            assert contrast(colour, "#ffffff") >= 4.5
        for colour in re.findall(r'stroke="(#[0-9a-f]{6})"', picture):
            assert contrast(colour, "#ffffff") >= 3.0


def contrast(one: str, other: str) -> float:
    """As the Web Content Accessibility Guidelines define it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_a_verdict_is_never_colour_alone(page: str) -> None:
    found = re.findall(r'<b class="(?:better|worse|equal|unknown)">(.*?)</b>', page, re.DOTALL)
    assert found
    for words in found:
        if "withheld" not in words and len(words) > 1:  # the marks of groups have words beside them
            assert re.sub(r"<[^>]*>|[▲▼○≈–\s]", "", words)


@pytest.mark.long
def test_twelve_variants_are_a_small_page() -> None:
    text = report_page(compare(scenario(13, months=60), replicates=2, workers=1))
    check(text)
    assert len(text.encode()) < 350_000


def test_a_page_of_any_size_can_be_sent(comparison: Comparison, monkeypatch: Any) -> None:
    """What grows with the programmes is left out, what is missed least first, and the page says so."""
    whole = report_page(comparison)
    assert "Left out" not in whole
    size = len(whole.encode())
    monkeypatch.setattr(render, "LARGEST_PAGE", size - 1)
    first = report_page(comparison)
    check(first)
    assert size // 2 < len(first.encode()) < size
    assert "could not be sent any more: how every two programmes compare." in first
    monkeypatch.setattr(render, "LARGEST_PAGE", 1)
    least = report_page(comparison)
    check(least)
    assert "the course over time (monthly.csv)." in least
    for part in ('id="course"', 'id="pairs"', "The numbers of every group", "against each other"):
        assert part in whole and part not in least
    assert 'id="c-glance"' in least


@pytest.mark.full
@pytest.mark.parametrize(("count", "ensemble"), [(40, False), (13, True)])
def test_pages_of_many_programmes_stay_below_half_a_megabyte(count: int, ensemble: bool) -> None:
    many = scenario(count, months=60, organisation={"employees": 400, "levels": 5})
    text = report_page(compare(many, replicates=12, workers=2, ensemble=ensemble))
    check(text)
    assert len(text.encode()) <= render.LARGEST_PAGE == 500_000


def test_saved_results_give_the_same_page(comparison: Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "results", command="mentorsim compare it.toml")
    read = load_comparison(folder)
    assert report_page(read) == report_page(comparison, command="mentorsim compare it.toml")
    assert "mentorsim compare it.toml" in report_page(read)


# --- what is unusual ---------------------------------------------------------------------------------


@pytest.mark.parametrize("replicates", [1, 2])
def test_one_variant_has_nothing_to_compare(replicates: int) -> None:
    text = report_page(compare(scenario(1), replicates=replicates, workers=1))
    check(text)
    assert "there is nothing to compare it with" in text
    assert "No variant has a programme" in text


def test_one_firm_tells_nothing_from_chance() -> None:
    read = check(report_page(compare(scenario(3), replicates=1, workers=1)))
    words = "".join(read.words[0])
    assert "One simulated firm cannot tell a programme’s doing from chance" in words
    assert "one firm cannot tell" in words
    table = "".join(text for _, text in read.all("td"))
    assert "○" in table
    assert "▲" not in table
    assert "▼" not in table


def test_undefined_outcomes_are_said_to_be() -> None:
    text = report_page(compare(scenario(2, months=10), replicates=2, workers=1))
    check(text)
    numbers = text.split('id="c-numbers-retention_12_months"')[1].split("</table>")[0]
    assert numbers.count("<strong>–</strong>") == 1
    assert "no retention over 12" in text  # the note


def test_a_baseline_with_a_programme_gives_no_money() -> None:
    firm = scenario(3, baseline=NAMES[1], months=18)
    found = compare(firm, replicates=2, variants=list(NAMES[1:3]), workers=1)
    text = report_page(found)
    check(text)
    assert "Every variant has a programme" in text
    assert 'id="c-money-1"' not in text
    assert "Left over" not in text


def test_money_is_told_against_the_variant_without_a_programme() -> None:
    firm = scenario(3, baseline=NAMES[2], months=18)
    found = compare(firm, replicates=3, variants=[NAMES[2], NAMES[0], NAMES[1]], workers=1)
    text = report_page(found)
    check(text)
    assert "Means per year against “No programme”" in text
    costs = text.split('id="c-costs"')[1].split("</table>")[0]
    assert f'<th scope="row">{NAMES[2]}</th>' in costs  # the baseline has a programme too
    assert '<th scope="row">No programme</th>' not in costs


def test_an_interrupted_run_says_so(comparison: Comparison) -> None:
    manifest = comparison.manifest | {"replicates_asked": 50, "interrupted": True}
    stopped = Comparison(
        comparison.scenario, comparison.variants, comparison.baseline, comparison.worlds[:3],
        True, ("A note.",), manifest, comparison.results,
    )  # fmt: skip
    text = report_page(stopped)
    check(text)
    assert "Stopped early." in text
    assert "3 of 50 firms" in text
    assert "A note." in text


def test_a_roster_is_told_in_words_not_in_paths(tmp_path: Path) -> None:
    firm = Scenario(
        months=14,
        organisation={"roster": str(ROSTER)},
        variants=[{"name": "none"}, {"name": "random", "programme.policy": "random"}],
    )
    found = compare(firm, replicates=2, workers=1)
    text = report_page(found)
    check(text)
    assert "The roster" in text
    assert ROSTER.name in text
    assert str(ROSTER.parent) not in text
    assert report_page(load_comparison(found.save(tmp_path / "results"))) == text


@pytest.mark.parametrize(
    "given",
    [
        {"costs.salary": 0.0},
        {"costs.replacement_staff": 0.0, "costs.replacement_middle": 0.0, "costs.replacement_leader": 0.0},
        {"programme.places": 0.0, "costs.coordinator_share": 0.0},
        {"programme.start_month": 29},
        {"programme.placebo": True},
        {"months": 1, "programme.start_month": 0},
        {"organisation.employees": 4, "organisation.levels": 2},
        {"programme.cohort_months": 1},
    ],
    ids=str,
)  # fmt: skip
def test_odd_firms_have_a_page_too(given: dict[str, object]) -> None:
    check(report_page(compare(scenario(3).with_settings(given), replicates=2, workers=1)))


def test_variants_without_a_programme_cost_nothing_to_tell() -> None:
    variants = [
        {"name": "none"},
        {"name": "none either", "departures.engagement_effect": 0.6},
        {"name": "random", "programme.policy": "random"},
    ]
    found = compare(scenario().with_settings(variants=variants), replicates=2, workers=1)
    text = report_page(found)
    check(text)
    assert text.count('<span class="sub">no programme</span>') == 1
    assert "“none either”: costs and benefits" not in text


def test_small_groups_are_not_told_about(comparison: Comparison, page: str) -> None:
    groups = comparison.groups
    few = groups[groups["suppressed"] & groups["by"].isin(["generation", "level"])]
    hidden = few[few["people"] > 0][["variant", "by", "group"]].drop_duplicates()
    assert len(hidden) > 0
    assert page.count("withheld: fewer than five people") == 2 * len(hidden)
    rows = re.findall(r'<th scope="row">Level 4</th>\s*<td>(.*?)</td>', page)
    assert rows == ["few"] * 3
    marks = page.split('id="c-people"')[1].split("</table>")[0]
    assert marks.count('<span aria-hidden="true">few</span>') == len(hidden)


# --- writing it --------------------------------------------------------------------------------------


def test_a_file_is_written_once(comparison: Comparison, page: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert comparison.report(file) == file
    assert file.read_text(encoding="utf-8") == page
    file.write_text("mine")
    with pytest.raises(InputError, match="exists already.*overwrite"):
        comparison.report(file)
    assert file.read_text() == "mine"
    comparison.report(str(file), overwrite=True)
    assert file.read_text(encoding="utf-8") == page
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize("name", ["", "nowhere/report.html", "a\0b", "x" * 300, "file/report.html"])
def test_what_cannot_be_written_is_a_clear_error(
    comparison: Comparison, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written|is a folder"):
        write_report(comparison, tmp_path / name, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_pages_do_not_depend_on_the_order_of_rows(comparison: Comparison, page: str) -> None:
    mixed = Comparison(
        comparison.scenario, comparison.variants, comparison.baseline, comparison.worlds, False,
        comparison.notes, comparison.manifest, comparison.results,
    )  # fmt: skip
    order = np.random.default_rng(1).permutation(len(comparison.outcomes))
    mixed.__dict__["outcomes"] = comparison.outcomes.iloc[order]
    assert report_page(mixed) == page
