"""What the page says is what the tables support: every sentence and number against them."""

from __future__ import annotations

import argparse
import copy
import re
import shlex

import numpy as np
import pandas as pd
import pytest

from pages import altered
from sim.commands import best, pilot, update
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.goals import GOALS
from sim.report.page import report_page
from sim.report.page.answer import answer
from sim.report.page.assumptions import assumptions
from sim.report.page.charts import fitted, ticks
from sim.report.page.doubts import firms_needed
from sim.report.page.effects import courses, standings
from sim.report.page.money import money
from sim.report.page.next_commands import in_quotes
from sim.report.page.people import people
from sim.report.page.pilot import people_a_side
from sim.report.page.programme import running
from sim.report.page.view import View
from sim.report.said import count
from sim.report.said import money as money_text
from sim.report.words import Amount, counted, level, listed, number_word, out_of, times
from sim.scenario import Scenario

NAMES = ("Nothing", "Ahead", "Level with it", "Unclear", "Behind")
FIRMS = 8
PLACES = {item.name: place for place, item in enumerate(OUTCOMES)}
STAY, ENGAGED, IDEAS, _ = GOALS


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
        costs={"currency": "EUR", "training_fee": 10.0},
        variants=variants,
    )
    return compare(scenario, replicates=FIRMS, workers=1)


@pytest.fixture(scope="module")
def made(plain: Comparison) -> Comparison:
    """The same with effects and money that are made up, so that each verdict occurs."""
    noise = np.random.default_rng(5).normal(size=(len(NAMES), FIRMS))
    noise -= noise.mean(axis=1, keepdims=True)
    shifts = (0.0, 4.0, 4.01, 0.05, -6.0)
    spread = (0.0, 0.1, 0.1, 12.0, 0.1)
    found = altered(
        plain,
        {
            name: shift + wide * own
            for name, shift, wide, own in zip(
                NAMES[1:], shifts[1:], spread[1:], noise, strict=False
            )
        },
    )
    assert found.results is not None
    values = found.results.values
    prices, costs = (values[:, :, PLACES[name]] for name in ("replacement_cost", "programme_cost"))
    gains = np.array([0.0, 9_000.0, -9_000.0, 10.0, -10_000.0])
    prices[1:] = prices[0] - costs[1:] - gains[1:, None] + 500.0 * noise[1:]
    return found


def test_what_to_do_and_what_changes(made: Comparison) -> None:
    found = answer(View(made))
    verdicts = [[cell.verdict for cell in row.cells] for row in found.rows]
    expected = ["better", "better", "unknown", "worse"]
    assert verdicts == [[one] * 3 for one in expected]
    assert [row.pays.verdict for row in found.rows if row.pays] == [
        "better", "worse", "unknown", "worse",
    ]  # fmt: skip
    said = {one.goal.key: one.text for one in found.advice}
    assert said["ideas"] == (
        "“Level with it” and “Ahead”; they are equal, so take the one that is easiest to run. 2.0 more ideas "
        "are carried out a year, a large change. The opposite under “Behind”: 3.0 fewer ideas are carried out a year."
    ).replace("2.0 more", f"{count(2.0)} more")
    assert said[
        "pay"
    ] == "“Ahead”: EUR 9,000 a year left over (EUR 8,600 to EUR 9,400)." or re.match(
        r"“Ahead”: EUR 9,000 a year left over \(EUR 8,\d00 to EUR 9,\d00\)\.", said["pay"]
    )
    assert found.lead.startswith(
        "If you run one, run “Level with it” or “Ahead”: they cannot be told apart"
    )


def test_a_programme_that_pays_says_so(made: Comparison) -> None:
    view = View(made)
    for one in money(view).programmes:
        pays = view.decisions.pays(one.name)
        assert ("On average it pays" in one.sentence) == (pays.low > 0.0)
        assert ("On average it does not" in one.sentence) == (pays.high < 0.0)
        assert money_text(view.worth(one.name, "cost").value) in one.sentence
    found = money(view)
    assert found.vendor_words[:2] == ("30\N{NO-BREAK SPACE}%", "75\N{NO-BREAK SPACE}%")
    assert found.shares == (21, 50, 75, 100, 200)


def test_nobody_is_ranked_who_cannot_be_told_apart(made: Comparison) -> None:
    every = {one.name: one for one in standings(View(made), IDEAS)}
    assert every["Ahead"].equal == ("Level with it",)
    assert every["Ahead"].ahead == ("Behind",)
    assert every["Ahead"].unknown == ("Unclear",)
    assert every["Behind"].behind[:2] == ("Ahead", "Level with it")
    assert list(every) == list(NAMES[1:])  # in the scenario's order


@pytest.mark.parametrize("which", ["plain", "made"])
def test_decisions_are_the_numbers_of_the_tables(
    which: str, request: pytest.FixtureRequest
) -> None:
    comparison: Comparison = request.getfixturevalue(which)
    view = View(comparison)
    effects = comparison.effects.set_index(["variant", "outcome"])
    value = comparison.value.set_index(["variant", "quantity"])
    posts = view.decisions.posts
    for name in NAMES[1:]:
        for goal in (ENGAGED, IDEAS):
            row, one = effects.loc[(name, goal.outcome)], view.decisions.of(goal, name)
            shown = (one.value, one.low, one.high, one.firm_low, one.firm_high, one.without)
            columns = ("difference", "low", "high", "firm_low", "firm_high", "baseline_mean")
            assert shown == pytest.approx([row[column] * posts / 100.0 for column in columns])
            assert one.firms == row["replicates"]
            assert (one.better + 0.5 * one.same) / one.firms == pytest.approx(
                row["probability_better"]
            )
            assert (one.verdict in ("better", "worse")) == row["distinguishable"]
        for one, quantity in (
            (view.decisions.of(STAY, name), "exits_avoided"),
            (view.decisions.pays(name), "net_value"),
        ):
            row = value.loc[(name, quantity)]
            shown = (one.value, one.low, one.high, one.firm_low, one.firm_high)
            columns = ("mean", "low", "high", "firm_low", "firm_high")
            assert shown == pytest.approx([row[column] for column in columns])
            share = (one.better + 0.5 * one.same) / FIRMS
            assert share == pytest.approx(row["probability_positive"])


def test_money_on_page_one_is_the_tables(made: Comparison) -> None:
    view = View(made)
    value = made.value.set_index(["variant", "quantity"])["mean"]
    cash = made.outcomes.query("outcome == 'programme_cash'").groupby("variant")["value"].mean()
    for row in answer(view).rows:
        cost = value[row.name, "cost"]
        assert row.cost == money_text(cost)  # the heading names the currency
        assert (
            row.split
            == f"{money_text(cash[row.name])} cash, {money_text(cost - cash[row.name])} time"
        )
        assert cash[row.name] > 0.0
        assert row.pays is not None
        does, needed = value[row.name, "exits_avoided"], value[row.name, "break_even_exits"]
        if does >= 0.0:
            assert row.pays.text == f"{count(does)} of {count(needed)} prevented"
    text = " ".join(answer(view).costs.sentences)
    costs = [value[name, "cost"] for name in NAMES[1:]]
    assert f"Money: {span(costs)} a year" in text
    assert "a mentee plans 12 meetings in a cohort of 12 months, 20 hours" in text  # 12 x 1.5 + 2


def span(numbers: list[float]) -> str:
    low, high = money_text(min(numbers), "EUR"), money_text(max(numbers), "EUR")
    return low if low == high else f"{low} to {high}"


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
        means = value.loc[name]["mean"]
        assert row.cost == money_text(means["cost"])
        assert row.per_head == money_text(means["cost_per_participant"])
        assert row.saved.removeprefix("−") == money_text(means["replacement_avoided"])
        assert row.left.split()[0] == money_text(means["net_value"])
        assert ("short" in row.left) == (means["net_value"] < 0.0)
        assert row.even == count(means["break_even_exits"])
        assert vendor.savings == money_text(means["vendor_savings"])
        for text, quantity in (
            (vendor.over_outside, "vendor_per_outside_cost"),
            (vendor.over_cost, "vendor_per_cost"),
            (vendor.ours, "benefit_per_cost"),
        ):
            same_text(text, means[quantity])
        for share, (quits, points, cut) in zip(found.shares, cells, strict=True):
            assert quits == count(means[f"break_even_at_{share}"])
            same_text(points, means[f"break_even_points_at_{share}"])
            assert abs(float(cut.replace(",", "")) - means[f"break_even_cut_at_{share}"]) <= 1.0
        stay = view.decisions.of(STAY, name)
        assert (row.price == "cannot be told") == (stay.verdict != "better")


def same_text(text: str, number: float) -> None:
    """A number as it is written, to the digits that it has."""
    plain = text.removesuffix(" times").replace("−", "-").replace(",", "")
    if plain == "–":
        assert np.isnan(number)
        return
    places = len(plain.partition(".")[2])
    assert float(plain) == pytest.approx(number, abs=0.5 * 10.0**-places + 1e-9)


def test_prices_are_told_where_quits_are_prevented(made: Comparison) -> None:
    view = View(made)
    rows = {row.name: row for row in money(view).costs}
    assert rows["Unclear"].price == rows["Behind"].price == "cannot be told"
    cost, stay = view.worth("Ahead", "cost").value, view.decisions.of(STAY, "Ahead")
    middle = rows["Ahead"].price.split(" (")[0]
    assert middle == money_text(cost / stay.value)


def test_courses_are_the_months_in_people(plain: Comparison) -> None:
    monthly = plain.monthly.pivot(
        index="month", columns=["variant", "outcome"], values="difference"
    )
    for course in courses(View(plain)):
        labels = re.findall(r'<text[^>]*font-weight="700">([^<]*)</text>', course.chart)
        for name, label in zip(NAMES[1:], labels, strict=True):
            own = monthly[(name, course.key)].dropna() * 50 / 100.0
            number = own.iloc[-1] if course.key == "retention" else own.iloc[-12:].mean()
            assert label[1:] == count(number)
            assert (label[0] == "−") == (number < 0.0)


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
            for goal, (_, mark) in zip((STAY, ENGAGED, IDEAS), cell.marks, strict=bool(cell.marks)):
                row = rows.loc[(variant, kind, group, goal.outcome)]
                low, high = sorted((goal.sign * row["low"], goal.sign * row["high"]))
                expected = "▲" if low > 0.0 else "▼" if high < 0.0 else "○"
                assert mark == expected
                marks[mark] += 1
            first = rows.loc[(variant, kind, group, "quits")]
            assert (not cell.marks) == first["suppressed"]
            assert ("withheld" in cell.words) == first["suppressed"]
    assert marks["○"] > 0
    losers = sum("clearly worse for no group" not in sentence for sentence in found.summary)
    assert (losers > 0) == (marks["▼"] > 0)


def test_people_say_what_their_intervals_support(plain: Comparison) -> None:
    groups = plain.groups[plain.groups["by"] != "department"]
    for one in people(View(plain)).variants:
        for goal, sentence in zip((STAY, ENGAGED, IDEAS), one.sentences, strict=True):
            chosen = (groups["variant"] == one.name) & (groups["outcome"] == goal.outcome)
            low, high = (goal.sign * groups[chosen][end] for end in ("low", "high"))
            worse = ((low < 0.0) & (high < 0.0)).any()
            assert ("worse for no group shown" not in sentence and "worse for" in sentence) == worse
            assert ("better for" in sentence) == ((low > 0.0) & (high > 0.0)).any()


def test_ticks_are_round_numbers_within_the_ends() -> None:
    assert ticks(-0.3, 4.2, 4) == pytest.approx([0.0, 2.0, 4.0])
    assert ticks(-110_000.0, 3_000.0, 4) == pytest.approx([-100_000.0, -50_000.0, 0.0])
    assert ticks(0.011, 0.019, 4) == pytest.approx([0.012, 0.014, 0.016, 0.018])


def test_zero_is_labelled_in_every_chart_of_changes(plain: Comparison, made: Comparison) -> None:
    for comparison in (plain, made):
        page = report_page(comparison)
        charts = re.findall(r'<svg[^>]*aria-labelledby="chart-.*?</svg>', page, re.DOTALL)
        assert len(charts) == 4
        for chart in charts:
            assert ">0<" in re.sub(r">0\.0+<", ">0<", chart)


def test_names_are_cut_to_the_room() -> None:
    assert fitted("Reverse", 200.0) == "Reverse"
    cut = fitted("A name that goes on and on and on", 100.0)
    assert cut.endswith("…")
    assert len(fitted("方" * 40, 100.0)) < len(cut)


def test_firms_needed_grows_as_effects_shrink(made: Comparison) -> None:
    decisions = View(made).decisions
    needed = firms_needed(decisions.of(IDEAS, "Unclear"))
    assert needed is not None
    assert needed > FIRMS
    assert firms_needed(decisions.of(IDEAS, "Ahead")) is None


def test_people_a_side_are_those_of_the_textbook(made: Comparison) -> None:
    one = View(made).decisions.of(ENGAGED, "Ahead")
    # 40 of 100 without, 4 points more over all; if half take part, 8 points more of them.
    p, q = 0.40, 0.40 + one.value / 25.0
    textbook = 7.848879 * (p * (1 - p) + q * (1 - q)) / (q - p) ** 2
    found = people_a_side(one, 50.0, 0.5)
    assert found is not None
    assert textbook <= found <= 1.1 * textbook
    assert people_a_side(one, 50.0, 0.0) is None


def test_programme_numbers_are_means_of_the_outcomes(plain: Comparison) -> None:
    means = plain.outcomes.groupby(["variant", "outcome"])["value"].mean()
    for one in running(View(plain)):
        assert one.cells[1][0] == level(means[one.name, "mentor_places"])
        assert one.cells[2][0] == level(means[one.name, "coverage"])
        assert one.cells[5][0] == level(100.0 * means[one.name, "pair_quality"])
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


def test_results_of_an_earlier_version_have_a_page(made: Comparison) -> None:
    """Without what has been declared since: no cash apart, no people engaged, no name of a currency."""
    manifest = copy.deepcopy(dict(made.manifest))
    del manifest["scenario"]["costs"]["currency"]
    old = Comparison(
        made.scenario, made.variants, made.baseline, made.worlds, False, (), manifest, made.results,
    )  # fmt: skip
    gone = ("programme_cash", "engaged")
    for name in ("outcomes", "monthly", "groups", "effects"):
        table: pd.DataFrame = getattr(made, name)
        old.__dict__[name] = table[~table["outcome"].isin(gone)]
    page = report_page(old)
    assert "People engaged" not in page
    assert "cash" not in page.split('id="c-glance"')[1].split("</table>")[0]


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
    assert [count(number) for number in (0.0, 0.04, -1.14, 9.94, 9.96, 1240.0)] == [
        "0.0", "under 0.1", "1.1", "9.9", "10", "1,240",
    ]  # fmt: skip
    assert [money_text(number) for number in (69_430.0, -418.0, 0.0, 1_050_000.0)] == [
        "69,000", "420", "0", "1,000,000",
    ]  # fmt: skip


def test_what_comes_next_names_the_commands(made: Comparison) -> None:
    """A pilot of what is advised, what its figures say, a better programme: with the scenario's own file and names."""
    view = View(made)
    found = answer(view).pilot
    assert found is not None
    words = [shlex.split(command) for _, command in found.commands]
    assert [one[:2] for one in words] == [
        ["mentorsim", "pilot"], ["mentorsim", "update"], ["mentorsim", "best"],
    ]  # fmt: skip
    advised = "Level with it"
    assert f"Pilot “{advised}” with a lottery" in found.sentences[0]
    assert words[0][2:] == ["scenario.toml", "--variant", advised]
    assert words[1][2:] == ["scenario.toml", "observed.csv", "--variant", advised]
    budget = float(words[2][words[2].index("--budget") + 1])
    assert 1.0 <= budget / view.worth(advised, "cost").value < 1.11
    assert words[2][words[2].index("--goal") + 1] == "retention"
    for (_, name, *rest), command in zip(words, (pilot, update, best), strict=True):
        parser = argparse.ArgumentParser(name)
        command.add_options(parser)
        parser.parse_args(rest)  # ends the test if the command does not take it


@pytest.mark.parametrize(
    ("word", "written"),
    [("a.toml", "a.toml"), ("my firm.toml", '"my firm.toml"'), ("R&D", '"R&D"'), ("$x", "'$x'")],
)
def test_words_of_commands_are_quoted_for_every_shell(word: str, written: str) -> None:
    assert in_quotes(word) == written
