"""What the page says is what the tables support: every sentence and number against them."""

from __future__ import annotations

import copy
import re

import numpy as np
import pandas as pd
import pytest

from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.outcomes.declared import OUTCOMES
from sim.report.page import report_page
from sim.report.page.answer import answer, standings
from sim.report.page.assumptions import assumptions
from sim.report.page.charts import fitted, ticks
from sim.report.page.doubts import firms_needed
from sim.report.page.effects import courses
from sim.report.page.money import money
from sim.report.page.people import people
from sim.report.page.programme import running
from sim.report.page.view import View, shown_unit
from sim.report.words import Amount, counted, level, listed, number_word, out_of, times
from sim.scenario import Scenario

NAMES = ("Nothing", "Ahead", "Level with it", "Unclear", "Behind")
FIRMS = 8
HEADLINES = [item for item in OUTCOMES if item.headline]
PLACES = {item.name: place for place, item in enumerate(OUTCOMES)}


@pytest.fixture(scope="module")
def plain() -> Comparison:
    """A real comparison of small firms."""
    variants = [
        {"name": name, "programme.policy": "random" if place else "none"}
        for place, name in enumerate(NAMES)
    ]
    scenario = Scenario(
        title="Whose is it?",
        months=30,
        organisation={"employees": 50, "levels": 4},
        programme={"start_month": 3, "training_hours": 2.0},
        variants=variants,
    )
    return compare(scenario, replicates=FIRMS, workers=1)


@pytest.fixture(scope="module")
def made(plain: Comparison) -> Comparison:
    """The same with headlines and money that are made up, so that each verdict occurs."""
    results = copy.deepcopy(plain.results)
    assert results is not None
    noise = np.random.default_rng(5).normal(size=(len(NAMES), FIRMS)) / 10.0
    noise -= noise.mean(axis=1, keepdims=True)
    shifts = np.array([0.0, 2.0, 2.01, 0.01, -3.0])
    for item in HEADLINES:
        base = results.values[0, :, PLACES[item.name]]
        scale = 0.01 if item.name == "engagement" else 1.0
        results.values[:, :, PLACES[item.name]] = base + scale * (shifts[:, None] + noise)
        results.values[0, :, PLACES[item.name]] = base
    prices = results.values[:, :, PLACES["replacement_cost"]]
    costs = results.values[:, :, PLACES["programme_cost"]]
    gains = np.array([0.0, 9_000.0, -9_000.0, 10.0, -10_000.0])
    prices[1:] = prices[0] - costs[1:] - gains[1:, None] + 5_000.0 * noise[1:]
    return Comparison(
        plain.scenario, plain.variants, plain.baseline, plain.worlds, False, (), plain.manifest,
        results,
    )  # fmt: skip


def test_verdicts_and_lists(made: Comparison) -> None:
    found = answer(View(made))
    verdicts = [[cell.verdict for cell in row.cells] for row in found.glance]
    expected = ["better", "better", "unclear", "worse"]
    assert verdicts == [[one] * 3 for one in expected]
    money_verdicts = [row.money.verdict for row in found.glance if row.money]
    assert money_verdicts == ["better", "worse", "unclear", "worse"]
    assert found.lead == (
        "Innovation, engagement and retention over 12 months: better under “Ahead” and “Level with "
        "it” than under “Nothing”; worse under “Behind”; “Unclear” cannot be told apart from it.",
        "Money: “Ahead” saves more by avoided quits than it costs; each of “Level with it” and "
        "“Behind” costs more than the quits it avoids would have cost; “Unclear” cannot be told to "
        "save more by avoided quits than it costs, or less.",
    )
    for _, sentence in found.between:
        assert sentence == (
            "“Ahead” and “Level with it” cannot be told apart, and are behind none. Each of the other "
            "two is behind at least one programme."
        )


def test_cannot_tell_apart_stands_exactly_where_it_must(made: Comparison) -> None:
    page = report_page(made)
    glance = page.split('id="c-glance"')[1].split("</table>")[0]
    told = made.effects[made.effects["outcome"].isin([item.name for item in HEADLINES])]
    unclear = int((~told["distinguishable"]).sum())
    value = made.value[made.value["quantity"] == "net_value"]
    unclear_money = int(((value["low"] <= 0.0) & (value["high"] >= 0.0)).sum())
    assert (unclear, unclear_money) == (3, 1)
    assert glance.count("cannot tell apart") == unclear + unclear_money
    for item in HEADLINES:
        table = page.split(f'id="c-effect-{item.name}"')[1].split("</table>")[0]
        for row in table.split("<tr>")[2:]:
            assert ("cannot tell apart" in row) == ("Unclear" in row)


def test_nobody_is_ranked_who_cannot_be_told_apart(made: Comparison) -> None:
    every = {one.name: one for one in standings(View(made), HEADLINES[0])}
    assert every["Ahead"].unclear == ("Level with it",)
    assert every["Ahead"].ahead == ("Unclear", "Behind")
    assert every["Unclear"].behind == ("Ahead", "Level with it")
    assert every["Behind"].behind == ("Ahead", "Level with it", "Unclear")
    assert list(every) == list(NAMES[1:])  # in the scenario's order


@pytest.mark.parametrize("which", ["plain", "made"])
def test_every_number_of_the_answer_is_the_tables(
    which: str, request: pytest.FixtureRequest
) -> None:
    comparison: Comparison = request.getfixturevalue(which)
    effects = comparison.effects.set_index(["variant", "outcome"])
    value = comparison.value.set_index(["variant", "quantity"])
    for row in answer(View(comparison)).glance:
        for cell, item in zip(row.cells, HEADLINES, strict=True):
            expected = effects.loc[(row.name, item.name)]
            same_numbers(cell.amount, expected, "difference", shown_unit(item)[0])
            better, firms = (int(number) for number in cell.often.split(" of "))
            assert firms == expected["replicates"]
            counted_better, same, _ = View(comparison).counts(row.name, item)
            assert better == counted_better
            share = (better + 0.5 * same) / firms
            assert share == pytest.approx(expected["probability_better"])
            assert (cell.verdict in ("better", "worse")) == expected["distinguishable"]
        assert row.money is not None
        expected = value.loc[(row.name, "net_value")]
        same_numbers(row.money.amount, expected, "mean", 1.0)
        often = round(expected["probability_positive"] * FIRMS)
        assert row.money.often == f"{often} of {FIRMS}"


def same_numbers(amount: Amount, row: pd.Series, mean: str, factor: float) -> None:
    """The numbers, and their text to the digits that it has."""
    names = (mean, "low", "high", "low50", "high50", "firm_low", "firm_high")
    shown = (amount.value, amount.low, amount.high, amount.low50, amount.high50, amount.firm_low,
             amount.firm_high)  # fmt: skip
    assert shown == pytest.approx([factor * row[name] for name in names])
    for text, number in (
        (amount.text, amount.value),
        *zip(amount.interval.split(" to "), (amount.low, amount.high), strict=True),
    ):
        plain = text.replace("−", "-").replace(",", "")
        places = len(plain.partition(".")[2])
        assert float(plain) == pytest.approx(number, abs=0.5 * 10.0**-places + 1e-9)


def test_chart_labels_are_those_of_the_table(made: Comparison) -> None:
    page = report_page(made)
    view = View(made)
    for item in HEADLINES:
        svg = page.split(f'id="effect-{item.name}-title"')[1].split("</svg>")[0]
        labels = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
        for name in view.others:
            assert view.effect(name, item).text in labels


def test_money_says_what_its_intervals_support(made: Comparison) -> None:
    view = View(made)
    for one in money(view).programmes:
        net = view.worth(one.name, "net_value", sign=True)
        assert ("On average it pays" in one.sentence) == (net.low > 0.0)
        assert ("On average it does not" in one.sentence) == (net.high < 0.0)
        exits = view.worth(one.name, "exits_avoided", sign=True)
        assert ("whether it avoids any cannot be told" in one.sentence) == (not exits.told)
        assert view.worth(one.name, "cost").text in one.sentence
    found = money(view)
    assert found.vendor_words[:2] == ("30\N{NO-BREAK SPACE}%", "75\N{NO-BREAK SPACE}%")
    assert found.shares == (21, 50, 75, 100, 200)


@pytest.mark.parametrize("which", ["plain", "made"])
def test_every_number_of_the_costs_is_the_tables(
    which: str, request: pytest.FixtureRequest
) -> None:
    comparison: Comparison = request.getfixturevalue(which)
    view = View(comparison)
    value = comparison.value.set_index(["variant", "quantity"])
    found = money(view)
    assert [row.name for row in found.costs] == list(NAMES[1:])
    for row, vendor, (name, cells) in zip(found.costs, found.vendor, found.break_even, strict=True):
        assert row.name == vendor.name == name
        shown = {
            "cost": row.cost,
            "cost_per_participant": row.per_head,
            "replacement_avoided": row.saved,
            "net_value": row.net,
            "break_even_exits": row.even,
            "vendor_savings": vendor.savings,
            "vendor_per_outside_cost": vendor.over_outside,
            "vendor_per_cost": vendor.over_cost,
            "benefit_per_cost": vendor.ours,
        }
        for share, (exits, points, cut) in zip(found.shares, cells, strict=True):
            shown |= {
                f"break_even_at_{share}": exits,
                f"break_even_points_at_{share}": points,
                f"break_even_cut_at_{share}": cut,
            }
        for quantity, text in shown.items():
            same_text(text, value.loc[(name, quantity), "mean"])
        same_numbers(row.exits, value.loc[(name, "exits_avoided")], "mean", 1.0)
        exits, cost = value.loc[(name, "exits_avoided")], value.loc[(name, "cost")]
        assert (row.price == "cannot be told") == (exits["low"] <= 0.0)
        if exits["low"] > 0.0:
            ends = [float(part) for part in re.findall(r"\d+", row.price.replace(",", ""))]
            expected = [cost["mean"] / exits[end] for end in ("mean", "high", "low")]
            assert ends == pytest.approx(expected, rel=0.06)


def same_text(text: str, number: float) -> None:
    """A number as it is written, to the digits that it has."""
    plain = text.removesuffix(" times").replace("−", "-").replace(",", "")
    if plain == "–":
        assert np.isnan(number)
        return
    places = len(plain.partition(".")[2])
    assert float(plain) == pytest.approx(number, abs=0.5 * 10.0**-places + 1e-9)


def test_prices_are_told_where_exits_are_avoided(made: Comparison) -> None:
    results = copy.deepcopy(made.results)
    assert results is not None
    for band in ("quits_staff", "quits_middle", "quits_leaders"):
        results.values[1:, :, PLACES[band]] = results.values[0, :, PLACES[band]]
        results.values[1, :, PLACES[band]] -= 1.0  # and under no other
    fewer = Comparison(
        made.scenario, made.variants, made.baseline, made.worlds, False, (), made.manifest, results,
    )  # fmt: skip
    row = money(View(fewer)).costs[0]
    assert row.name == "Ahead"
    assert row.exits.value == pytest.approx(3.0)
    price = fewer.value.set_index(["variant", "quantity"]).loc[("Ahead", "cost"), "mean"] / 3.0
    assert float(row.price.split(" (")[0].replace(",", "")) == pytest.approx(price, rel=0.06)
    assert "“Ahead” would break even if each exit avoided saved about" in report_page(fewer)


def test_charts_of_months_end_at_the_last_month(plain: Comparison) -> None:
    monthly = plain.monthly
    last = monthly[monthly["month"] == monthly["month"].max()].set_index(["variant", "outcome"])
    for course in courses(View(plain)):
        factor = 100.0 if course.unit == "points of 100" else 1.0
        labels = re.findall(r'<text[^>]*font-weight="700">([^<]*)</text>', course.chart)
        for name, label in zip(NAMES[1:], labels, strict=True):
            same_text(label, factor * last.loc[(name, course.key), "difference"])


def test_marks_of_groups_are_what_their_intervals_support(plain: Comparison) -> None:
    groups = plain.groups[plain.groups["by"] != "department"]
    found = people(View(plain))
    names = {"Baby Boomers": "boomer", "Generation X": "gen_x", "Millennials": "millennial",
             "Generation Z": "gen_z"}  # fmt: skip
    columns = [(kind.lower(), names.get(name, name.removeprefix("Level ")))
               for kind, every in found.columns for name in every]  # fmt: skip
    rows = groups.set_index(["variant", "by", "group", "outcome"])
    marks = {"▲": 0, "▼": 0, "○": 0}
    for variant, cells in found.marks:
        for (kind, group), cell in zip(columns, cells, strict=True):
            for item, (_, mark) in zip(HEADLINES, cell.marks, strict=bool(cell.marks)):
                row = rows.loc[(variant, kind, group, item.name)]
                expected = "▲" if row["low"] > 0.0 else "▼" if row["high"] < 0.0 else "○"
                assert mark == expected
                marks[mark] += 1
            first = rows.loc[(variant, kind, group, HEADLINES[0].name)]
            assert (not cell.marks) == first["suppressed"]
            assert ("withheld" in cell.words) == first["suppressed"]
    assert marks["○"] > 0
    losers = sum("clearly worse for no group" not in sentence for sentence in found.summary)
    assert (losers > 0) == (marks["▼"] > 0)


def test_ticks_are_round_numbers_within_the_ends() -> None:
    assert ticks(-0.3, 4.2, 4) == pytest.approx([0.0, 2.0, 4.0])
    assert ticks(-110_000.0, 3_000.0, 4) == pytest.approx([-100_000.0, -50_000.0, 0.0])
    assert ticks(0.011, 0.019, 4) == pytest.approx([0.012, 0.014, 0.016, 0.018])


def test_names_are_cut_to_the_room() -> None:
    assert fitted("Reverse", 200.0) == "Reverse"
    cut = fitted("A name that goes on and on and on", 100.0)
    assert cut.endswith("…")
    assert len(fitted("方" * 40, 100.0)) < len(cut)


def test_people_say_what_their_intervals_support(plain: Comparison) -> None:
    groups = plain.groups[plain.groups["by"] != "department"]
    for one in people(View(plain)).variants:
        for item, sentence in zip(HEADLINES, one.sentences, strict=True):
            rows = groups[(groups["variant"] == one.name) & (groups["outcome"] == item.name)]
            worse = (rows["high"] < 0.0).any()
            assert ("worse for no group shown" not in sentence and "worse for" in sentence) == worse
            assert ("better for" in sentence) == (rows["low"] > 0.0).any()


def test_firms_needed_grows_as_effects_shrink(made: Comparison) -> None:
    view = View(made)
    needed = firms_needed(view, "Unclear", HEADLINES[0])
    assert needed is not None
    assert needed > FIRMS
    assert firms_needed(view, "Ahead", HEADLINES[0]) is None


def test_programme_numbers_are_means_of_the_outcomes(plain: Comparison) -> None:
    means = plain.outcomes.groupby(["variant", "outcome"])["value"].mean()
    for one in running(View(plain)):
        assert one.cells[1][0] == level(means[one.name, "coverage"])
        assert one.cells[4][0] == level(100.0 * means[one.name, "pair_quality"])
        turned, broke, missed = (
            means[one.name, "turned_away"],
            means[one.name, "early_endings"],
            100.0 - means[one.name, "meetings_kept"],
        )
        assert one.loss.startswith(f"{max(turned, broke, missed):.0f} of 100 ")


def test_changed_settings_are_told_and_defaults_are_not(plain: Comparison) -> None:
    changed = {one.key: one for one in assumptions(View(plain)).changed if one.where[0] == "a"}
    assert changed["programme.training_hours"].value == "2 hours"
    assert changed["months"].default == "60"
    assert "organisation.skills" not in changed
    assert "programme.cohort_months" not in changed


def test_words() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert counted(1, "firm") == "1 firm"
    assert out_of(83, 100) == "83 of 100 firms"
    assert (number_word(4), number_word(12), number_word(13)) == ("four", "twelve", "13")
    assert (times(6.63), times(0.221), times(float("nan"))) == ("6.6 times", "0.22 times", "–")
    edge = Amount(1.0, 0.0004, 2.0, "points")
    assert edge.interval == "+0.0004 to +2.00"  # on which side of zero stays visible
    assert Amount(float("nan"), *[float("nan")] * 2, "points").text == "–"
