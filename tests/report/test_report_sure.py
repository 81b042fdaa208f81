"""How sure: what the page and the summary say under an ensemble, against the table; and where little is known."""

from __future__ import annotations

import hashlib
import html
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

import sim
from pages import altered, check
from sim.calibration.ensemble import Ensemble, shipped_ensemble
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.goals import GOALS
from sim.report.page import report_page
from sim.report.page.hinging import Hinging
from sim.report.page.sure import _remark, sets_in_words, sure
from sim.report.page.view import View
from sim.report.summary import summarise
from sim.scenario import Scenario
from sim.scenario.schema import sections

NAMES = ("Nothing", "Sure <b>", "Hinges", "Open")
FIRMS = 60
KEY = "engagement.turned_away_effect"
HEADLINES = [item for item in OUTCOMES if item.name in ("innovation", "engaged", "quits")]
HEADLINES.sort(key=lambda item: ("quits", "engaged", "innovation").index(item.name))
UNTRUE = ("one central value", "The intervals show chance", "intervals show chance only", "was not measured here",
          "at the scenario’s prices")  # fmt: skip
"""What is said without an ensemble, and only then."""


def scenario(names: tuple[str, ...] = NAMES, **given: Any) -> Scenario:
    variants = [
        {"name": name, "programme.policy": "random" if place else "none"}
        for place, name in enumerate(names)
    ]
    size = {"organisation": {"employees": 40, "levels": 4}, "programme": {"start_month": 3}}
    settings = {"title": "How sure?", "months": 18, **size, **given}
    return Scenario(**settings, variants=variants)


@pytest.fixture(scope="module")
def real() -> Comparison:
    return compare(scenario(), replicates=FIRMS, workers=2, ensemble=True)


@pytest.fixture(scope="module")
def told(real: Comparison) -> Comparison:
    """One conclusion of each kind; of the noises of ten seeds, two go with a parameter by chance, 3 and 11."""
    rng, sets = np.random.default_rng(4), np.arange(FIRMS) // 2
    ensemble = shipped_ensemble()
    column = ensemble.values[sets, ensemble.keys.index(KEY)]
    column = (column - column[::2].mean()) / column[::2].std()
    noise = rng.normal(size=(3, FIRMS))
    noise[2] -= noise[2].mean()
    return altered(
        real,
        {
            NAMES[1]: 2.0 + 0.2 * noise[0],
            NAMES[2]: 0.9 + column + 0.2 * noise[1],
            NAMES[3]: 20.0 * noise[2],
        },
    )


def row(found: Comparison, name: str, outcome: str = "innovation") -> pd.Series:
    table = found.uncertainty
    return table[(table["variant"] == name) & (table["outcome"] == outcome)].iloc[0]


def words(page: str, identifier: str = "sure") -> str:
    """The text of a section."""
    tag = "section" if f'<section id="{identifier}"' in page else "div"
    body = page.split(f'<{tag} id="{identifier}"')[1]
    body = body.split("</section>")[0] if tag == "section" else body.split("<h3>What")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


# --- what is said ------------------------------------------------------------------------------------


@pytest.mark.long
def test_each_kind_of_conclusion_is_named_in_words(told: Comparison) -> None:
    kinds = [row(told, name)["conclusion"] for name in NAMES[1:]]
    assert kinds == ["holds", "depends", "not clear"]
    page = report_page(told)
    check(page)
    for item in HEADLINES:
        picture = page.split(f'aria-labelledby="sure-{item.name}-title')[1].split("</svg>")[0]
        shown = re.findall(r"<text[^>]*font-weight[^>]*>(.*?)</text>", picture)
        assert shown == kinds
    assert words(page).count("Holds: one; depends: one; not clear: one.") == 3


def test_the_verdict_of_page_one_is_the_ensembles(told: Comparison) -> None:
    view = View(told)
    for goal in GOALS[:3]:
        verdicts = [view.decisions.of(goal, name) for name in NAMES[1:]]
        assert [one.verdict for one in verdicts] == ["better", "unknown", "unknown"]
        assert [one.why for one in verdicts] == ["interval", "assumptions", "chance"]
        table = row(told, NAMES[2], goal.outcome)
        assert verdicts[1].low > 0.0  # the interval alone would have called it better
        assert verdicts[1].agree == pytest.approx(table["same_direction"])
    text = words(report_page(told), "answer")
    assert "Three verdicts depend on what is assumed: on how people feel who want a mentor" in text
    assert text.count("better under") >= 3


def test_decisions_and_the_table_of_uncertainty_agree(real: Comparison) -> None:
    view = View(real)
    for goal in GOALS[:3]:
        for name in NAMES[1:]:
            table, one = row(real, name, goal.outcome), view.decisions.of(goal, name)
            if one.verdict in ("better", "worse"):
                assert table["conclusion"] == "holds"
            elif one.verdict == "unknown" and one.why == "assumptions":
                assert table["conclusion"] == "depends"


def test_what_it_hinges_on_is_told_with_meaning_grade_and_thirds(told: Comparison) -> None:
    one = row(told, NAMES[2])
    assert one["hinges_on"].split(", ")[0] == KEY
    section, _, name = KEY.partition(".")
    declared = sections()[section][name]
    text = words(report_page(told))
    assert (
        f"Depends on: {declared.meaning.rstrip('.')} ({sections()[section].title}; {declared.grade})"
        in text
    )
    found = re.search(r"(\w[\w ]*) under “Hinges”: ([+−][\d.]+) \(([+−][\d.]+) to .*? in the third of sets "
                      r"where it is lowest, ([+−][\d.]+) \(", text)  # fmt: skip
    assert found is not None
    item = next(item for item in HEADLINES if item.title == found[1])
    numbers = row(told, NAMES[2], item.name)
    for text, column in zip(found.groups()[1:], ("effect_lowest", "effect_lowest_low", "effect_highest"),
                            strict=True):  # fmt: skip
        assert float(text.replace("−", "-")) == pytest.approx(numbers[column], abs=0.006)
    assert "two more hinge on it" in words(report_page(told))


def test_details_tell_every_number_and_every_parameter(told: Comparison) -> None:
    section = sure(View(told))
    assert section is not None
    for (title, _, rows), item in zip(section.rows, HEADLINES, strict=True):
        assert title == item.title
        assert [one.name for one in rows] == list(NAMES[1:])
        for one in rows:
            numbers = row(told, one.name, item.name)
            assert one.conclusion in (numbers["conclusion"], "no difference")
            low = float(one.sets.split(" to ")[0].replace("−", "-"))
            assert low == pytest.approx(numbers["sets_low"], abs=0.06)
    hinging = told.uncertainty[told.uncertainty["outcome"].isin([item.name for item in HEADLINES])]
    assert len(section.going) == int((hinging["hinges_on"] != "").sum())


def test_nothing_untrue_is_said_in_either_case(real: Comparison) -> None:
    with_one = report_page(real)
    assert not [text for text in UNTRUE if text in with_one]
    assert "Parameters that did not vary" in with_one
    assert "chance and assumptions together" in with_one
    without = report_page(compare(scenario(NAMES[:2]), replicates=3, workers=1))
    assert [text for text in UNTRUE if text in without] == list(UNTRUE)
    for text in ("parameter set", "chance and assumptions"):
        assert text not in without


def test_the_summary_says_the_ensembles_verdict(told: Comparison) -> None:
    text = summarise(told)
    assert "under 30 sets of assumptions" in " ".join(text.split())
    lines = {line[:8].strip(): line for line in text.splitlines() if "[" in line}
    marks = [re.findall("[▲▼≈○]", lines[name]) for name in NAMES[1:]]
    assert marks == [["▲"] * 3, ["○"] * 3, ["○"] * 3]
    assert max(map(len, text.splitlines())) <= 110
    full = summarise(told, verbose=True)
    assert full.startswith(text)
    blocks = {block.split("\n")[0]: " ".join(block.split()) for block in full.split("\n\n")}
    told_of = sum(item.headline or item.name in ("engaged", "quits") for item in OUTCOMES)
    for name, said in zip(NAMES[1:], ("holds under nearly all sets",
                                      f"depends on what is assumed: it goes with {KEY}",
                                      "not clear whether it holds"), strict=True):  # fmt: skip
        assert blocks[name].count(said) == told_of
        assert blocks[name].count("chance alone [") == told_of
        assert blocks[name].count("95 of 100 sets [") == told_of


# --- where little is known ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("firms", "said"),
    [
        (1, "1 parameter set cannot tell"),
        (2, "1 parameter set cannot tell"),
        (3, "2 parameter sets cannot tell"),
        (5, "Holds"),
        (12, "Holds"),
    ],
)
def test_few_firms_say_little(firms: int, said: str) -> None:
    found = compare(scenario(NAMES[:3]), replicates=firms, workers=1, ensemble=True)
    page = report_page(found)
    check(page)
    assert said in words(page)
    glance = page.split('id="c-glance"')[1].split("</table>")[0]
    cannot = "one firm cannot tell" if firms == 1 else "too few parameter sets to tell"
    assert (cannot in glance) == (firms < 5)
    assert ("chance and assumptions together" in page) == (firms > 2)


def test_what_they_hinge_on_is_not_looked_for_with_few_sets(real: Comparison) -> None:
    rng, sets = np.random.default_rng(4), np.arange(24) // 2
    effect = np.zeros(FIRMS)
    effect[:24] = rng.normal(size=12)[sets] + 0.01 * rng.normal(size=24)
    manifest = real.manifest | {"parameter_sets": 12}
    few = altered(
        real, dict.fromkeys(NAMES[1:], effect), worlds=real.worlds[:24], manifest=manifest
    )
    assert row(few, NAMES[1])["conclusion"] == "depends"
    assert "only looked for with 20 parameter sets or more, which 40 firms give" in words(
        report_page(few)
    )


def test_a_run_that_was_stopped_in_the_middle_of_a_set(real: Comparison) -> None:
    manifest = real.manifest | {"parameter_sets": 6, "interrupted": True, "replicates": 11}
    stopped = altered(real, {}, worlds=real.worlds[:11], interrupted=True, manifest=manifest)
    check(report_page(stopped))
    assert set(stopped.uncertainty["sets"]) <= {0, 6}
    np.testing.assert_array_equal(stopped.effects["low"], stopped.uncertainty["low"])


def test_undefined_outcomes_are_said_to_be() -> None:
    found = compare(scenario(NAMES[:2], months=10), replicates=8, workers=1, ensemble=True)
    page = report_page(found)
    check(page)
    assert "undefined in these firms" in summarise(found, verbose=True)


def test_a_baseline_with_a_programme_has_its_section_too() -> None:
    firm = scenario(NAMES[:3], baseline=NAMES[1])
    found = compare(firm, replicates=8, variants=list(NAMES[1:3]), workers=1, ensemble=True)
    page = report_page(found)
    check(page)
    assert "Chance and assumptions apart" in page
    assert "Left over" not in page


def test_one_variant_has_nothing_to_be_sure_of() -> None:
    page = report_page(compare(scenario(NAMES[:1]), replicates=6, workers=1, ensemble=True))
    check(page)
    assert 'id="sure"' not in page
    assert [text for text in UNTRUE if text in page] == ["was not measured here"]  # nothing was


def test_sets_of_ones_own_and_settings_of_the_scenario() -> None:
    keys = ("learning.rate", "engagement.turned_away_effect")
    own = Ensemble(keys, np.column_stack([np.linspace(0.1, 0.3, 4), np.linspace(0.0, 0.02, 4)]))
    firm = scenario(NAMES[:2], learning={"rate": 0.2})
    found = compare(firm, replicates=12, workers=1, ensemble=own)
    assert found.manifest["parameter_sets"] == 4  # six pairs of firms take four sets
    assert found.manifest["ensemble"] == {"shipped": False, "sets": 4, "parameters": 1}
    assert sets_in_words(View(found)) == "4 parameter sets of 1 parameter from a file"
    page = report_page(found)
    check(page)
    assert "that agree with published figures" not in words(page)


# --- from a folder -----------------------------------------------------------------------------------


def test_saved_results_give_the_same_page(told: Comparison, tmp_path: Path) -> None:
    _ = told.uncertainty
    folder = told.save(tmp_path / "results", command="mentorsim compare it.toml --ensemble")
    read = sim.load_comparison(folder)
    pd.testing.assert_frame_equal(read.uncertainty, told.uncertainty, check_exact=True)
    pd.testing.assert_frame_equal(read.selection, told.selection, check_exact=True)
    assert report_page(read) == report_page(told, command="mentorsim compare it.toml --ensemble")


@pytest.mark.parametrize("missing", ["columns", "table", "manifest"])
def test_results_of_an_earlier_version_get_a_message(
    real: Comparison, tmp_path: Path, missing: str
) -> None:
    folder = real.save(tmp_path / "results")
    place = folder / "manifest.json"
    manifest = json.loads(place.read_text())
    del manifest["ensemble"]
    del manifest["contents"]  # earlier versions kept no digests
    table = pd.read_csv(folder / "uncertainty.csv")
    if missing == "columns":
        table.drop(columns=["conclusion", "grades", "effect_lowest"]).to_csv(
            folder / "uncertainty.csv", index=False
        )
    if missing == "table":
        (folder / "uncertainty.csv").unlink()
        manifest["files"].remove("uncertainty.csv")
    place.write_text(json.dumps(manifest))
    page = report_page(sim.load_comparison(folder))
    check(page)
    assert not [text for text in UNTRUE[:3] if text in page]
    assert ("come from an earlier version" in words(page)) == (missing != "manifest")


def test_a_parameter_that_nobody_declares_any_more_is_told_by_its_key(
    told: Comparison, tmp_path: Path
) -> None:
    folder = told.save(tmp_path / "results")
    file = folder / "uncertainty.csv"
    file.write_text(file.read_text().replace(KEY, "gone.<i>away"))
    place = folder / "manifest.json"
    manifest = json.loads(place.read_text())
    told_then = manifest["contents"][file.name]
    told_then["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()  # as if saved with that key
    place.write_text(json.dumps(manifest))
    page = report_page(sim.load_comparison(folder))
    check(page)
    assert "Depends on: gone.<i>away (assumed)" in words(page)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (2, ""),
        (3, "One more parameter in the details."),
        (4, "Two more parameters in the details."),
    ],
)
def test_what_a_list_of_parameters_leaves_out_is_counted(found: int, told: str) -> None:
    nothing_mute = SimpleNamespace(
        decisions=SimpleNamespace(goals=()), others=(), parameter_sets=500
    )
    assert _remark(cast(View, nothing_mute), [cast(Hinging, None)] * found) == told
