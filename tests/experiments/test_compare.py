"""Comparisons: statistics against numbers worked out by hand, and counterfactuals that are exact."""

from __future__ import annotations

import ast
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from places import ROSTERS
from sim.engine import columns
from sim.errors import InputError
from sim.experiments import statistics
from sim.experiments.compare import compare, run
from sim.experiments.comparison import Comparison
from sim.experiments.statistics import effect_of, effects_table, groups_table, spread_by_month
from sim.outcomes.declared import GROUPED, OUTCOMES
from sim.scenario import Scenario
from sim.simulation.plan import plans_of
from sim.simulation.simulation import simulate

START = 8
SCENARIO = Scenario(
    title="A small firm",
    months=30,
    seed=3,
    organisation={"employees": 50, "levels": 4, "departments": 4},
    programme={"start_month": START, "places": 0.3, "training_hours": 2.0},
    variants=[
        {"name": "none", "programme.policy": "none"},
        {"name": "random", "programme.policy": "random"},
        {"name": "placebo", "programme.policy": "random", "programme.placebo": True},
        {"name": "later", "programme.policy": "random", "programme.start_month": 15},
    ],
)
ROSTER = ROSTERS / "lazega_law_firm.csv"
PACKAGE = Path(sim.__file__).parent

TOUCHED_BY_A_PLACEBO = {
    "good_fits",
    "poor_fits",
    "re_paired",
    "mentor_places",
    "places_filled",
    "invited_mentees",
    "invited_mentors",
    "pair_quality",
    "pairs_opened",
    "meetings_planned",
    "meetings_held",
    "meetings_kept",
    "early_endings",
    "mentee_gain",
    "mentor_gain",
    "coverage",
    "turned_away",
    "participants",
    "mentored_formally",
    "programme_hours",
    "outside_cost",
    "programme_cash",
    "programme_cost",
    "total_cost",
    "joiners",
    "lottery_mentored_gap",
    *(
        f"{kind}_{of}_gap"
        for kind in ("naive", "lottery")
        for of in ("quits", "engagement", "output")
    ),
}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(SCENARIO, replicates=6, people=True, dyads=True, keep_monthly=True, workers=1)


def values(*rows: list[float]) -> Any:
    """An outcome's values in every world; all other outcomes the same. (variants, worlds, outcomes)."""
    return np.repeat(np.array(rows, dtype=float)[:, :, None], len(OUTCOMES), axis=2)


# --- statistics, by hand -----------------------------------------------------------------------------


def test_an_effect_worked_out_by_hand() -> None:
    # Differences 1, 0, 2, 1: mean 1, standard deviation sqrt(2/3), standard error sqrt(1/6).
    effect = effect_of(np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.0, 5.0, 5.0]), True)
    assert (effect.baseline_mean, effect.variant_mean, effect.difference) == (2.5, 3.5, 1.0)
    half = 3.182446305284263 * math.sqrt(1.0 / 6.0)  # Student's t, 3 degrees of freedom
    assert math.isclose(effect.low, 1.0 - half)
    assert math.isclose(effect.high, 1.0 + half)
    half = 0.7648923284043453 * math.sqrt(1.0 / 6.0)
    assert math.isclose(effect.low50, 1.0 - half)
    assert math.isclose(effect.high50, 1.0 + half)
    assert math.isclose(effect.firm_low, 0.075)  # between 0 and 1, at 2.5 % of three steps
    assert math.isclose(effect.firm_high, 1.925)
    assert effect.probability_better == 3.5 / 4
    assert not effect.distinguishable
    assert effect.replicates == 4


def test_an_effect_is_distinguishable_when_its_interval_leaves_out_zero() -> None:
    base = np.zeros(5)
    up = effect_of(base, np.array([1.0, 1.1, 0.9, 1.0, 1.2]), True)
    down = effect_of(base, -np.array([1.0, 1.1, 0.9, 1.0, 1.2]), True)
    assert up.distinguishable
    assert down.distinguishable
    assert up.low > 0.0 > down.high
    assert not effect_of(base, np.array([1.0, 1.1, 0.9, 1.0, -2.0]), True).distinguishable


@pytest.mark.parametrize(("better", "share"), [(True, 0.625), (False, 0.375), (None, math.nan)])
def test_the_share_of_firms_that_fare_better(better: bool | None, share: float) -> None:
    effect = effect_of(np.zeros(4), np.array([1.0, 2.0, 0.0, -1.0]), better)
    assert effect.probability_better == share or math.isnan(share)
    assert math.isnan(effect.probability_better) == (better is None)


def test_one_replicate_has_no_interval() -> None:
    effect = effect_of(np.array([1.0]), np.array([3.0]), True)
    assert (effect.difference, effect.replicates, effect.probability_better) == (2.0, 1, 1.0)
    assert not effect.distinguishable
    for name in ("low", "high", "low50", "high50", "firm_low", "firm_high"):
        assert math.isnan(getattr(effect, name)), name


def test_no_difference_at_all_is_exactly_zero() -> None:
    same = np.array([0.1, 0.7, 0.3])
    effect = effect_of(same, same.copy(), False)
    assert effect.difference == effect.low == effect.high == effect.firm_low == 0.0
    assert effect.probability_better == 0.5
    assert not effect.distinguishable


def test_worlds_in_which_either_is_undefined_are_left_out() -> None:
    nan = math.nan
    effect = effect_of(np.array([1.0, nan, 2.0, 5.0]), np.array([2.0, 9.0, nan, 8.0]), True)
    assert (effect.replicates, effect.difference, effect.baseline_mean) == (2, 2.0, 3.0)
    never = effect_of(np.full(3, nan), np.array([1.0, 2.0, nan]), True)
    assert (never.replicates, never.variant_mean) == (0, 1.5)
    assert math.isnan(never.difference)
    assert math.isnan(never.baseline_mean)
    assert math.isnan(never.probability_better)


def test_effects_per_meeting() -> None:
    table = values([1.0, 1.0], [2.0, 4.0], [3.0, 3.0])
    meetings = np.array([[0.0, 0.0], [300.0, 500.0], [0.0, 0.0]])
    effects = effects_table(("a", "b", "c"), "a", table, meetings).set_index(["variant", "outcome"])
    assert effects.loc[("b", "engagement"), "per_meeting"] == 1000.0 * 2.0 / 400.0
    assert math.isnan(effects.loc[("c", "engagement"), "per_meeting"])  # holds no meetings
    meetings[0] = (
        100.0  # the baseline holds meetings as well: the difference is not due to these alone
    )
    effects = effects_table(("a", "b", "c"), "a", table, meetings)
    assert effects["per_meeting"].isna().all()


def test_the_spread_of_months_leaves_out_what_is_missing() -> None:
    nan = math.nan
    mean, low, high = spread_by_month(np.array([[1.0, nan, nan], [3.0, 5.0, nan]]))
    assert mean[:2].tolist() == [2.0, 5.0]
    assert np.allclose(low[:2], [1.05, 5.0])
    assert np.allclose(high[:2], [2.95, 5.0])
    assert np.isnan([mean[2], low[2], high[2]]).all()


@pytest.mark.parametrize("small", [0, 1])
def test_small_groups_are_suppressed(small: int) -> None:
    groups = np.ones((2, 3, 2, 1 + len(GROUPED)))
    groups[..., 0] = 5.0
    groups[small, :, 1, 0] = [5.0, 5.0, 4.9]  # just too small under one of the two
    labels = [("level", "1"), ("department", "=HR")]
    table = groups_table(("a", "b"), "a", labels, groups).set_index(["group", "outcome"])
    shown = ["baseline_mean", "variant_mean", "difference", "low", "high"]
    assert table.loc["1", shown].notna().all(axis=None)
    assert not table.loc["1", "suppressed"].any()
    assert table.loc["=HR", shown].isna().all(axis=None)
    assert table.loc["=HR", "suppressed"].all()


def test_what_pairing_buys_worked_out_by_hand() -> None:
    outcomes = statistics.outcomes_table(
        ("a", "b"), (0, 1, 2), values([1.0, 2.0, 3.0], [2.0, 3.0, 5.0])
    )
    ratios = statistics.variance_ratios(outcomes, "a")
    assert ratios["variant"].unique().tolist() == ["b"]
    # Variances 1 and 7/3 add up to 10/3; the differences 1, 1, 2 have 1/3.
    assert np.allclose(ratios[["independent", "paired", "ratio"]], [10.0 / 3.0, 1.0 / 3.0, 10.0])
    same = statistics.outcomes_table(("a", "b"), (0, 1), values([1.0, 2.0], [1.0, 2.0]))
    assert (statistics.variance_ratios(same, "a")["ratio"] == math.inf).all()


# --- counterfactuals ---------------------------------------------------------------------------------


def test_a_programme_without_effect_changes_exactly_nothing(comparison: Comparison) -> None:
    effects = comparison.effects.set_index(["variant", "outcome"]).loc["placebo"]
    untouched = [item.name for item in OUTCOMES if item.name not in TOUCHED_BY_A_PLACEBO]
    assert (effects.loc[untouched, "replicates"] == 6).all()
    for name in ("difference", "low", "high", "firm_low", "firm_high"):
        assert (effects.loc[untouched, name] == 0.0).all(), name
    assert not effects.loc[untouched, "distinguishable"].any()
    assert (effects.loc["meetings_held", "difference"]) > 0.5
    assert (effects.loc["programme_cost", "difference"]) > 1_000.0
    groups = comparison.groups.set_index("variant").loc["placebo"]
    assert (groups.loc[~groups["suppressed"], "difference"].dropna() == 0.0).all()
    ratios = comparison.variance_ratio().set_index("variant").loc["placebo"]
    assert (ratios["ratio"] == math.inf).all()


def test_a_programme_with_effect_changes_something(comparison: Comparison) -> None:
    effects = comparison.effects.set_index(["variant", "outcome"]).loc["random"]
    untouched = [item.name for item in OUTCOMES if item.name not in TOUCHED_BY_A_PLACEBO]
    changed = effects.loc[untouched, "difference"] != 0.0
    assert changed.mean() > 0.8
    assert effects.loc["skill_institutional", "distinguishable"]


def test_variants_are_identical_until_their_programme_starts(comparison: Comparison) -> None:
    every = comparison.monthly_replicates.set_index("variant")
    keys = ["replicate", "month", "outcome"]
    none = every.loc["none"].set_index(keys)["value"]
    months = none.index.get_level_values("month")
    for name, start in (("random", START), ("placebo", START), ("later", 15)):
        other = every.loc[name].set_index(keys)["value"]
        same = (none == other) | (none.isna() & other.isna())
        assert same[months < start].all(), name
        assert not same[months >= start].all(), name


def test_every_variant_has_the_window_of_the_earliest_programme() -> None:
    assert [plan.window_start for plan in plans_of(SCENARIO)] == [START] * 4
    assert [plan.window_start for plan in plans_of(SCENARIO, ["later"])] == [START]
    no_programme = Scenario(months=30, programme={"start_month": 9})
    assert plans_of(no_programme)[0].window_start == 9
    charts = {id(plan.chart) for plan in plans_of(SCENARIO)}
    assert len(charts) == 1


def test_a_variant_has_the_same_outcomes_whichever_others_are_simulated(
    comparison: Comparison,
) -> None:
    few = compare(SCENARIO, replicates=6, variants=["later"])
    assert few.variants == ("none", "later")
    whole = comparison.outcomes
    chosen = whole[whole["variant"].isin(few.variants)].reset_index(drop=True)
    pd.testing.assert_frame_equal(few.outcomes, chosen, check_exact=True)


def test_more_replicates_leave_the_earlier_ones_as_they_are(comparison: Comparison) -> None:
    few = compare(SCENARIO, replicates=2, variants=["random"]).outcomes
    whole = comparison.outcomes
    chosen = whole[(whole["replicate"] < 2) & whole["variant"].isin(["none", "random"])]
    pd.testing.assert_frame_equal(few, chosen.reset_index(drop=True), check_exact=True)


def test_a_run_is_one_world_of_the_comparison(comparison: Comparison) -> None:
    one = run(SCENARIO, "random", 4, people=True, dyads=True)
    for table in ("people", "dyads"):
        every = getattr(comparison, table)
        chosen = every[(every["variant"] == "random") & (every["replicate"] == 4)]
        pd.testing.assert_frame_equal(
            getattr(one, table), chosen.reset_index(drop=True), check_exact=True
        )
    every = comparison.outcomes.set_index(["variant", "replicate", "outcome"])["value"]
    assert every.loc["random"].loc[4].equals(one.outcomes.rename_axis("outcome").rename("value"))
    assert run(SCENARIO).plan.name == "random"


def test_those_who_were_there_at_the_start_are_the_same_people() -> None:
    """Nobody is promoted here: whoever is may move to another site, and programmes change who is."""
    scenario = SCENARIO.with_settings(**{"vacancies.outside_share": 1.0})
    comparison = compare(scenario, replicates=6, people=True, workers=1)
    people = comparison.people[comparison.people["holder"] == 0].set_index("variant")
    fixed = ["replicate", "slot", "birth_year", "hired", "generation", "site"]
    for name in ("random", "placebo", "later"):
        one, other = (people.loc[who, fixed].to_numpy().tolist() for who in ("none", name))
        assert one == other
    assert len(people.loc["none"]) == 6 * 50


# --- tables ------------------------------------------------------------------------------------------


def test_effects_has_a_row_for_every_variant_and_outcome(comparison: Comparison) -> None:
    effects = comparison.effects
    assert effects["variant"].unique().tolist() == ["random", "placebo", "later"]
    for _, rows in effects.groupby("variant"):
        assert rows["outcome"].tolist() == [item.name for item in OUTCOMES]
        assert rows["unit"].tolist() == [item.unit for item in OUTCOMES]
    assert list(effects) == [
        *("variant", "outcome", "unit", "baseline_mean", "variant_mean", "difference"),
        *("low", "high", "low50", "high50", "firm_low", "firm_high", "probability_better"),
        *("distinguishable", "replicates", "p_value", "per_meeting", "adjusted"),
    ]


def test_effects_are_those_of_the_table_of_outcomes(comparison: Comparison) -> None:
    table = comparison.outcomes.pivot(
        index=["outcome", "replicate"], columns="variant", values="value"
    )
    pair = table.loc["quits", ["none", "random"]].to_numpy()
    expected = effect_of(pair[:, 0], pair[:, 1], False)
    row = comparison.effects.set_index(["variant", "outcome"]).loc[("random", "quits")]
    for name in ("baseline_mean", "variant_mean", "difference", "low", "probability_better"):
        assert row[name] == getattr(expected, name), name
    held = run(SCENARIO, "random", 0).monthly["held"][START:].sum()
    assert comparison.results is not None
    assert comparison.results.meetings[1, 0] == held > 0


def test_the_baseline_is_the_one_that_the_scenario_names() -> None:
    scenario = SCENARIO.with_settings(baseline="placebo")
    comparison = compare(scenario, replicates=2, variants=["none"])
    assert comparison.baseline == "placebo"
    assert comparison.effects["variant"].unique().tolist() == ["none"]
    difference = comparison.effects.set_index("outcome")["difference"]
    assert difference["programme_cost"] < 0.0
    assert difference["engagement"] == 0.0


def test_months_are_told_as_mean_and_range_of_firms(comparison: Comparison) -> None:
    every = comparison.monthly_replicates
    rows = every[(every["variant"] == "later") & (every["outcome"] == "engagement")]
    month = rows[rows["month"] == 20]["value"].to_numpy()
    table = comparison.monthly.set_index(["variant", "outcome", "month"])
    mean, low, high = table.loc[("later", "engagement", 20), ["mean", "low", "high"]]
    assert math.isclose(mean, month.mean())
    assert np.allclose((low, high), np.quantile(month, (0.025, 0.975)))
    assert low < mean < high
    assert len(table) == 4 * 30 * every["outcome"].nunique()


def test_groups_are_those_of_the_worlds(comparison: Comparison) -> None:
    plans = plans_of(SCENARIO)
    tallies = [simulate(plans[1], SCENARIO.seed, world).tally for world in range(6)]
    place = [columns.M[name] for name in ("engagement", "headcount")]
    # Row 4 of the tally is level 1.
    expected = np.mean([tally[4, place[0]] / tally[4, place[1]] for tally in tallies])
    headcount = np.mean([tally[4, place[1]] for tally in tallies]) / (30 - START)
    table = comparison.groups.set_index(["variant", "by", "group", "outcome"])
    row = table.loc[("random", "level", "1", "engagement")]
    assert math.isclose(row["variant_mean"], expected)
    assert math.isclose(row["people"], headcount)
    top = table.loc[("random", "level", "4", "engagement")]  # one person at most
    assert top["suppressed"]
    assert math.isnan(top["variant_mean"])
    assert set(comparison.groups["outcome"]) == {item.name for item in GROUPED}


def test_nobody_of_a_roster_can_be_looked_up() -> None:
    scenario = Scenario(
        months=14,
        organisation={"roster": str(ROSTER)},
        variants=[{"name": "none"}, {"name": "reverse", "programme.policy": "reverse"}],
    )
    comparison = compare(scenario, replicates=2, people=True)
    people = comparison.people
    assert scenario.roster is not None
    first = people[people["holder"] == 0]
    for _, own in first.groupby(["variant", "replicate"]):
        levels = own.sort_values("slot")["birth_year"].tolist()
        assert len(levels) == scenario.roster.headcount
        # Nobody can be looked up: the rows of the roster are dealt anew.
        assert levels != [2026 - int(age) for age in scenario.roster.age]
    assert "employee_id" not in people
    assert (people["holder"] > 0).any()
    groups = comparison.groups
    assert set(groups.loc[groups["by"] == "level", "group"]) == set(scenario.roster.level_names)


def test_two_comparisons_are_equal_to_the_last_bit(comparison: Comparison) -> None:
    again = compare(SCENARIO, replicates=6, people=True, dyads=True, keep_monthly=True, workers=2)
    for table in (
        "effects",
        "outcomes",
        "monthly",
        "monthly_replicates",
        "groups",
        "people",
        "dyads",
    ):
        pd.testing.assert_frame_equal(
            getattr(comparison, table), getattr(again, table), check_exact=True
        )


def test_another_seed_gives_other_firms(comparison: Comparison) -> None:
    other = compare(SCENARIO.with_settings(seed=4), replicates=1, variants=["none"]).outcomes
    first = comparison.outcomes[: len(OUTCOMES)]
    assert (other["value"] != first["value"]).mean() > 0.5


def test_progress_counts_worlds() -> None:
    seen: list[tuple[int, int]] = []
    compare(SCENARIO, replicates=3, variants=["random"], progress=lambda *now: seen.append(now))
    assert seen == [(done, 6) for done in range(1, 7)]


# --- what must be said, and what is refused ----------------------------------------------------------


def test_a_programme_that_never_starts_is_pointed_out() -> None:
    variants = [
        {"name": "none"},
        {"name": "too long", "programme.policy": "random", "programme.cohort_months": 20},
        {"name": "nobody fits", "programme.policy": "reverse", "programme.cohort_months": 6},
    ]
    scenario = Scenario(months=16, organisation={"employees": 12}, variants=variants)
    notes = compare(scenario, replicates=2).notes
    assert any("too long" in note and "never starts" in note for note in notes)
    assert any("nobody fits" in note and "never finds a pair" in note for note in notes)
    assert any("no full year" in note for note in notes)


def test_nothing_is_pointed_out_where_all_is_well(comparison: Comparison) -> None:
    assert comparison.notes == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replicates": 0}, "replicates: 0 is out of range. Give a whole number from 1"),
        ({"replicates": 2.5}, "replicates: 2.5 is out of range"),
        ({"replicates": True}, "replicates: true is out of range"),
        ({"replicates": 10**7}, "is out of range"),
        ({"workers": 0}, "workers: 0 is out of range"),
        ({"variants": ["randon"]}, 'no variant "randon". Did you mean "random"'),
        ({"variants": []}, "variants: no variant is chosen"),
        ({"executor": "mpi"}, 'executor: the text "mpi" is no executor'),
    ],
)
def test_options_that_cannot_be_used(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        compare(SCENARIO, **options)
    assert message in str(caught.value)


def test_results_beyond_all_memory_are_refused() -> None:
    scenario = SCENARIO.with_settings(months=1200)
    with pytest.raises(InputError, match="do not fit into memory"):
        compare(scenario, replicates=1_000_000)


def test_tables_that_were_not_kept_are_refused() -> None:
    comparison = compare(SCENARIO, replicates=1, variants=["none"])
    for table in ("people", "dyads", "monthly_replicates"):
        with pytest.raises(InputError, match="not kept"):
            getattr(comparison, table)
    assert comparison.effects.empty
    assert comparison.variance_ratio().empty


# --- the package -------------------------------------------------------------------------------------


def test_everything_that_the_package_exports_can_be_imported() -> None:
    for name in sim.__all__:
        assert getattr(sim, name) is not None, name
    assert sorted(sim.__all__) == sim.__all__ == sorted(set(sim.__all__))
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    declared = {
        alias.name
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert declared | {"__version__"} == set(sim.__all__)
    for node in block.body:
        if isinstance(node, ast.ImportFrom):
            module = __import__(str(node.module), fromlist=["_"])
            for alias in node.names:
                assert getattr(sim, alias.name) is getattr(module, alias.name)
    assert set(sim.__all__) <= set(dir(sim))
    with pytest.raises(AttributeError, match="no attribute 'comparison'"):
        sim.comparison  # noqa: B018


@pytest.mark.long
@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        ("sim", {"numpy", "numba", "pandas", "mesa", "matplotlib", "scipy"}),
        ("sim.outcomes.declared", {"numba", "pandas", "mesa", "matplotlib"}),
        ("sim.simulation.pool", {"pandas", "mesa", "matplotlib"}),
        ("sim.experiments.tasks", {"pandas", "mesa", "matplotlib"}),
        ("sim.experiments.compare", {"mesa", "matplotlib"}),
    ],
)
def test_importing_brings_along_only_what_is_needed(module: str, kept_out: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert not kept_out & set(done.stdout.split())
