"""What programmes cost and bring: arithmetic by hand, pairs of worlds, and what may not be said."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sim.experiments.compare import compare, run
from sim.experiments.statistics import interval_of
from sim.experiments.value import (
    BANDS,
    MEANINGS,
    REPLACEMENT_SHARES,
    VENDOR,
    value_table,
)
from sim.report.decisions import Decisions
from sim.scenario import Scenario

SALARIES = {"some": 60_000.0}

# A firm of 500 in two worlds. The programme costs what the worked example below costs.
WITHOUT = {
    "programme_cost": (0.0, 0.0),
    "outside_cost": (0.0, 0.0),
    "replacement_cost": (1_000_000.0, 3_000_000.0),
    "total_cost": (2_000.0, 6_000.0),
    "quits": (20.0, 20.0),
    "participants": (0.0, 0.0),
    "payroll": (3e7, 3e7),
    "output_for_pay": (0.5, 0.6),
}
WITH = {
    "programme_cost": (200_800.0, 200_800.0),
    "outside_cost": (27_500.0, 27_500.0),
    "replacement_cost": (700_000.0, 2_900_000.0),
    "total_cost": (1_801.6, 6_201.6),
    "quits": (18.0, 19.5),
    "participants": (200.0, 200.0),
    "payroll": (3e7, 3e7),
    "output_for_pay": (0.505, 0.597),
}
BANDED = {
    "quits_staff": ((70.0, 72.0), (66.0, 71.0)),
    "quits_middle": ((25.0, 20.0), (20.0, 21.0)),
    "quits_leaders": ((5.0, 8.0), (4.0, 8.0)),
}


def frame(*, banded: bool = False) -> pd.DataFrame:
    """A stand-in for a table of outcomes."""
    rows = []
    for place, (variant, outcomes) in enumerate((("none", WITHOUT), ("some", WITH))):
        known = dict(outcomes)
        if banded:
            known |= {name: pair[place] for name, pair in BANDED.items()}
        for outcome, values in known.items():
            rows += [(variant, world, outcome, value) for world, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["variant", "replicate", "outcome", "value"])


def means(table: pd.DataFrame) -> dict[str, float]:
    return dict(zip(table["quantity"], table["mean"], strict=True))


def test_the_planners_worked_example() -> None:
    """A programme of 100 pairs with plain assumptions, line by line."""
    found = means(value_table(frame(), "none", SALARIES))
    assert found["cost_per_participant"] == pytest.approx(1_004.0)
    expected = {
        21: (15.9, 8.0, 40), 50: (6.7, 3.3, 17), 75: (4.5, 2.2, 11), 100: (3.3, 1.7, 8),
        200: (1.7, 0.8, 4),
    }  # fmt: skip
    assert tuple(expected) == REPLACEMENT_SHARES
    for share, (exits, points, cut) in expected.items():
        assert round(found[f"break_even_at_{share}"], 1) == exits
        assert round(found[f"break_even_points_at_{share}"], 1) == points
        assert round(found[f"break_even_cut_at_{share}"]) == cut


def test_money_is_what_it_is_by_hand() -> None:
    table = value_table(frame(), "none", SALARIES)
    found = means(table)
    assert found["cost"] == 200_800.0
    assert found["quits_without"] == pytest.approx(100.0)
    assert found["exits_avoided"] == pytest.approx((10.0 + 2.5) / 2)
    assert found["replacement_avoided"] == 200_000.0
    assert found["net_value"] == -800.0
    assert found["return"] == pytest.approx(-100.0 * 800 / 200_800)
    assert found["break_even_exits"] == pytest.approx(200_800 / 20_000)
    assert found["break_even_points"] == pytest.approx(100 * 10.04 / 500)
    assert found["outside_cost"] == 27_500
    assert found["vendor_savings"] == pytest.approx(200 * 0.2 * 0.30 * 0.75 * 60_000)
    assert found["vendor_per_outside_cost"] == pytest.approx(540_000 / 27_500)
    assert found["vendor_per_cost"] == pytest.approx(540_000 / 200_800)
    row = table.set_index("quantity").loc["net_value"]
    nets = np.array([99_200.0, -100_800.0])
    assert (row["low"], row["high"]) == pytest.approx(interval_of(nets, 0.95))
    assert (row["low50"], row["high50"]) == pytest.approx(interval_of(nets, 0.5))
    assert (row["firm_low"], row["firm_high"]) == pytest.approx(np.quantile(nets, (0.025, 0.975)))
    assert row["probability_positive"] == 0.5
    assert row["replicates"] == 2
    assert VENDOR.source


def test_output_is_valued_at_pay_beside_the_net_value_and_apart() -> None:
    """Two firms with a payroll of 30 million: 1 % more output for the pay is 300,000; one loses 0.5 %."""
    found = value_table(frame(), "none", SALARIES)
    mean = means(found)
    assert mean["net_value"] == -800.0  # as without it: nothing is added silently
    assert mean["output_gained"] == pytest.approx((300_000 - 150_000) / 2)
    assert mean["output_gained_share"] == pytest.approx(0.25)
    assert mean["net_value_with_output"] == pytest.approx(-800 + 75_000)
    row = found.set_index("quantity").loc["output_gained"]
    assert (row["low"], row["high"]) == pytest.approx(interval_of(np.array([3e5, -1.5e5]), 0.95))
    assert row["probability_positive"] == 0.5


def test_a_year_of_a_simulated_firm_is_worth_its_payroll_and_more_with_what_is_learnt() -> None:
    scenario = Scenario(
        months=24, replicates=4, organisation={"employees": 80}, programme={"start_month": 6},
        costs={"salary": 50_000.0, "load": 1.2, "salary_growth": 1.0},
        variants=[{"name": "none", "programme.policy": "none"},
                  {"name": "nothing follows", "programme.policy": "random", "programme.placebo": True},
                  {"name": "pairs", "programme.policy": "complementary"}],
    )  # fmt: skip
    comparison = compare(scenario)
    firms = comparison.outcomes.pivot_table(index="replicate", columns=["variant", "outcome"], values="value")  # fmt: skip
    # All are paid alike here: the payroll is that of the people there, 80 posts less vacancies.
    assert (firms["none", "payroll"] <= 80 * 60_000.0).all()
    assert (firms["none", "payroll"] > 0.9 * 80 * 60_000.0).all()
    np.testing.assert_allclose(firms["none", "output_for_pay"], firms["none", "output"], rtol=1e-12)
    value = comparison.value.set_index(["variant", "quantity"])["mean"]
    assert value["nothing follows", "output_gained"] == 0.0
    gained = firms["pairs", "payroll"] * (firms["pairs", "output"] / firms["none", "output"] - 1.0)
    assert value["pairs", "output_gained"] == pytest.approx(gained.mean())
    assert gained.mean() > 0.0
    decisions = Decisions(comparison)
    produced, left = decisions.output("pairs"), decisions.pays_with_output("pairs")
    assert produced.value == pytest.approx(gained.mean())
    assert left.value == pytest.approx(value["pairs", "net_value_with_output"])
    assert decisions.output("nothing follows").value == 0.0


def test_results_of_an_earlier_version_say_nothing_of_output() -> None:
    table = frame()
    older = table[~table["outcome"].isin(["payroll", "output_for_pay"])]
    found = means(value_table(older, "none", SALARIES))
    assert found["net_value"] == -800.0
    assert not {name for name in found if "output" in name}


def test_exits_by_level_band_where_they_are_counted() -> None:
    plain = value_table(frame(), "none", SALARIES)
    assert not set(BANDS.values()) & set(plain["quantity"])
    found = means(value_table(frame(banded=True), "none", SALARIES))
    assert found["exits_avoided_staff"] == 2.5
    assert found["exits_avoided_middle"] == 2.0
    assert found["exits_avoided_leaders"] == 0.5
    assert found["exits_avoided"] == 5.0
    assert found["quits_without"] == 100.0


def test_every_quantity_has_its_meaning() -> None:
    table = value_table(frame(banded=True), "none", SALARIES)
    known = {
        name + str(share) for name in MEANINGS if name[-1] == "_" for share in REPLACEMENT_SHARES
    }
    known |= {name for name in MEANINGS if name[-1] != "_"}
    assert set(table["quantity"]) == known


def test_what_divides_by_nothing_is_missing() -> None:
    table = frame()
    table.loc[table["outcome"].isin(["participants", "replacement_cost"]), "value"] = 0.0
    table.loc[table["variant"] == "some", "value"] *= 0.0
    found = means(value_table(table, "none", SALARIES))
    for name in ("cost_per_participant", "return", "break_even_exits", "vendor_per_cost"):
        assert math.isnan(found[name])
    assert found["cost"] == found["net_value"] == 0.0


SCENARIO = Scenario(
    months=30,
    organisation={"employees": 50, "levels": 3},
    programme={"start_month": 6},
    variants=[
        {"name": "none"},
        {"name": "random", "programme.policy": "random"},
        {"name": "reverse", "programme.policy": "reverse", "costs.salary": 90_000.0},
    ],
)


def test_a_comparison_says_what_its_outcomes_say() -> None:
    comparison = compare(SCENARIO, replicates=3, workers=1)
    table = comparison.value.set_index(["variant", "quantity"])
    effects = comparison.effects.set_index(["variant", "outcome"])
    for name in ("random", "reverse"):
        cost = effects.loc[(name, "programme_cost"), "difference"]
        saved = -effects.loc[(name, "replacement_cost"), "difference"]
        assert table.loc[(name, "cost"), "mean"] == pytest.approx(cost)
        assert table.loc[(name, "replacement_avoided"), "mean"] == pytest.approx(saved)
        assert table.loc[(name, "net_value"), "mean"] == pytest.approx(saved - cost)
    # The coordinator is paid while a cohort runs: all of the 24 months from the programme's start.
    for name, salary in (("random", 60_000.0), ("reverse", 90_000.0)):
        outside = table.loc[(name, "outside_cost"), "mean"]
        participants = table.loc[(name, "participants"), "mean"]
        assert outside == pytest.approx(40.0 * participants + 0.25 * salary * 1.3)
        promised = table.loc[(name, "vendor_savings"), "mean"]
        turnover = comparison.outcomes.query("variant == 'none' and outcome == 'quits'")["value"]
        joined = comparison.outcomes.query("variant == @name and outcome == 'participants'")[
            "value"
        ]
        by_hand = (turnover.to_numpy() / 100.0 * joined.to_numpy()).mean() * 0.30 * 0.75 * salary
        assert promised == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("costs", "training_fee", 500.0),
        ("costs", "platform", 140.0),
        ("costs", "coordinator_share", 0.5),
        ("costs", "check_in_hours", 4.0),
        ("programme", "recognition", 200.0),
        ("programme", "sponsor_hours", 10.0),
        ("programme", "objectives_hours", 3.0),
    ],
)
def test_what_is_bought_and_others_do_is_part_of_the_outside_cost(
    section: str, name: str, value: float
) -> None:
    """The share of the promise that is left depends on every price: none flatters the vendors' ratio."""
    firm = Scenario(
        months=18,
        organisation={"employees": 60},
        programme={"start_month": 6, "training_hours": 4.0, "check_in_months": 3},
        variants=[
            {"name": "none"},
            {"name": "plain", "programme.policy": "random"},
            {"name": "dearer", "programme.policy": "random", f"{section}.{name}": value},
        ],
    )
    comparison = compare(firm, replicates=2, workers=1)
    found = comparison.value.set_index(["variant", "quantity"])["mean"]
    costs, programme = (firm.variant("dearer").settings[key] for key in ("costs", "programme"))
    for world in comparison.worlds:
        run_ = run(firm, "dearer", world)
        months = run_.monthly[run_.plan.window_start :].sum()
        hour = 60_000 * 1.3 / 1800
        top = 1.3 ** (run_.plan.chart.levels - 2)
        by_hand = (
            costs["coordinator_share"] * 60_000 * 1.3
            + hour * programme["objectives_hours"] * months["opened"]
            + hour * costs["check_in_hours"] * months["check_ins"]
            + hour * programme["sponsor_hours"] * top * 12
            + costs["training_fee"] * months["trained"]
            + programme["recognition"] * months["recognised"]
            + costs["platform"] * months["participants"]
        )
        assert run_.outcomes["outside_cost"] == pytest.approx(by_hand)
    assert found["dearer", "outside_cost"] > 1.02 * found["plain", "outside_cost"]
    more = found["dearer", "vendor_per_outside_cost"] / found["plain", "vendor_per_outside_cost"]
    assert more < 0.98


def test_without_a_variant_without_programme_it_says_so() -> None:
    scenario = SCENARIO.with_settings(baseline="random", months=20)
    comparison = compare(scenario, replicates=1, variants=["random", "reverse"], workers=1)
    assert comparison.value.empty
    assert "Every variant has a programme" in str(comparison.why_no_value)
    assert "Every variant has a programme" in comparison.notes[0]
    single = compare(scenario, replicates=1, variants=["random"], workers=1)
    assert single.value.empty
    assert "only one variant" in str(single.why_no_value)


def test_money_is_told_against_a_variant_without_a_programme_whichever_the_baseline_is() -> None:
    plain = compare(SCENARIO.with_settings(months=20), replicates=3, workers=1)
    other = compare(SCENARIO.with_settings(baseline="random", months=20), replicates=3, workers=1)
    assert set(other.value["variant"]) == {"random", "reverse"}
    pd.testing.assert_frame_equal(other.value, plain.value)
