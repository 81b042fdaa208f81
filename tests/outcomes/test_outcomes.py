"""Outcomes and tables of one world: what they say is what was recorded, and what is undefined is missing."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engine import columns
from sim.errors import InputError
from sim.outcomes.declared import CURVES, GROUPED, OUTCOMES, outcome
from sim.outcomes.outcome import Context, Sums, curve_of
from sim.programme.settings import PROGRAMME
from sim.scenario import Scenario
from sim.simulation.plan import context_of, prepare
from sim.simulation.tables import RunResult

SCENARIO = Scenario(
    months=42,
    seed=11,
    organisation={"employees": 60, "levels": 4, "departments": 4},
    departures={"quit_rate": 0.6},
    programme={"start_month": 6, "training_hours": 3.0},
    variants=[
        {"name": "none", "programme.policy": "none"},
        {"name": "random", "programme.policy": "random"},
    ],
)
START = 6
GIVEN = {
    **PROGRAMME.defaults(),
    "training_hours": 4.0,
    "objectives_hours": 2.0,
    "sponsor_hours": 3.0,
    "recognition": 30.0,
    "platform": True,
}
COSTS = {
    "salary": 50_000.0,
    "load": 1.2,
    "productive_hours": 1_500.0,
    "coordinator_share": 0.5,
    "platform": 40.0,
    "check_in_hours": 0.25,
    "training_fee": 100.0,
}


@pytest.fixture(scope="module")
def world() -> RunResult:
    return sim.run(SCENARIO, "random", people=True, dyads=True)


def sums_of(**measures: float) -> Sums:
    table = np.zeros(len(columns.MEASURES))
    for name, value in measures.items():
        table[columns.M[name]] = value
    return Sums(table)


def context(**changes: Any) -> Context:
    skills = {"emerging": 4, "institutional": 3, "interpersonal": 1}
    given = {
        "months": 24,
        "cohorts": 2,
        "openings": 2,
        "running": 18,
        "skills": skills,
        "sponsor_pay": 1.5,
    }
    return Context(**{**given, "programme": GIVEN, "costs": COSTS, **changes})


def test_a_measure_of_nearly_that_name_is_suggested() -> None:
    with pytest.raises(InputError, match='Did you mean "quits"?'):
        sums_of()["quitts"]
    with pytest.raises(InputError, match="hoose from .*quits"):
        sums_of()["zzz"]


def test_gaps_say_between_whom_they_are() -> None:
    assert outcome("naive_quits_gap").title == "Quits gap, participants"
    assert outcome("lottery_output_gap").title == "Output gap, drawn by lot"


# --- declarations ------------------------------------------------------------------------------------


def test_names_are_unique_and_everything_is_described() -> None:
    names = [item.name for item in OUTCOMES]
    assert len(set(names)) == len(names)
    headlines = {item.name for item in OUTCOMES if item.headline}
    assert headlines >= {"innovation", "engagement", "retention_12_months"}
    for item in OUTCOMES:
        assert min(len(item.title), len(item.unit)) > 0, item.name
        assert item.meaning.endswith("."), item.name
        assert outcome(item.name) is item
    assert outcome("retention").unit_of_differences == "percentage points"
    assert outcome("engagement").unit_of_differences == "0 to 1"


def test_every_formula_in_words_is_the_one_that_is_worked_out() -> None:
    table = np.sqrt(np.arange(len(columns.MEASURES)) + 2.0)
    sums, known = Sums(table), context()
    names = {
        **COSTS,
        **{name: value for name, value in GIVEN.items() if isinstance(value, float)},
        "platform": COSTS["platform"],
        "top": 1.5,
        **{f"sum_{name}": sums[name] for name in columns.MEASURES},
        "months": 24,
        "cohorts": 2,
        "openings": 2,
        "running": 18,
        "skills": 3,
    }
    for item in OUTCOMES:
        text = item.formula.replace("months with a cohort", "running")
        text = text.replace("pay of the top", "top")
        text = text.replace("institutional skills", "skills").replace("·", "*")
        value = eval(re.sub(r"Σ (\w+)", r"sum_\1", text), {}, names)
        assert math.isclose(item.of(sums, known), value, rel_tol=1e-12), item.name
        names[item.name] = value


@pytest.mark.parametrize(
    ("name", "measures", "value"),
    [
        ("innovation", {"implemented": 3, "headcount": 240}, 15.0),  # 3 ideas in 20 employee-years
        ("engagement", {"engagement": 150.0, "headcount": 240}, 0.625),
        ("retention_12_months", {"left_within_year": 6, "year_base": 40}, 85.0),
        ("retention", {"left_of_cohort": 7, "cohort_base": 20}, 65.0),
        ("quits", {"quits": 2, "headcount": 240}, 10.0),
        ("engaged", {"engaged": 60, "headcount": 240}, 25.0),
        ("digital_gap", {"young": 4, "young_emerging": 3, "old": 5, "old_emerging": 2}, 0.35),
        ("knowledge_held", {"institutional": 120}, 5.0),
        # 0.6 of 3 skills are 0.2 people; 120 person-months are 10 person-years: 2 % a year
        ("knowledge_lost", {"institutional": 120, "institutional_lost": 0.6}, 2.0),
        ("pairs_opened", {"opened": 6, "headcount": 240}, 30.0),  # 3 a cohort of 10 people
        ("meetings_held", {"held": 40, "headcount": 240}, 2.0),
        ("meetings_kept", {"held": 40, "planned": 50}, 80.0),
        ("mentee_gain", {"held": 40, "mentee_gain": 2.0}, 0.05),
        # 120 hours, 5 people trained for 4, 3 pairs of two for 2 hours, in 20 employee-years
        ("programme_hours", {"hours": 120, "trained": 5, "opened": 3, "headcount": 240}, 7.6),
        # An hour costs 40: half a coordinator for 1.5 years, a sponsor for 3 x 18 hours at 1.5 ...
        ("programme_cost", {}, (45_000 + 3_240) / 2),
        # ... 130 hours of meetings, 4 x 6 of training, 100 a head; 5 places
        ("programme_cost", {"meeting_pay": 130, "training_pay": 6, "trained": 5, "participants": 5},
         (48_240 + 5_200 + 960 + 500 + 200) / 2),
        # ... 3 pairs' objectives, the two and the coordinator; 8 check-ins; 4 are thanked
        ("programme_cost", {"opened": 3, "opened_pay": 7, "check_ins": 8, "recognised": 4},
         (48_240 + 560 + 240 + 80 + 120) / 2),
        # ... of which besides the participants' own time
        ("outside_cost", {"opened": 3, "opened_pay": 7, "check_ins": 8, "recognised": 4, "trained": 5,
                          "participants": 5, "meeting_pay": 130, "training_pay": 6},
         (48_240 + 240 + 80 + 120 + 500 + 200) / 2),
        # ... of which paid out: 5 trained, 5 places, 4 thanked
        ("programme_cash", {"trained": 5, "participants": 5, "recognised": 4}, (500 + 200 + 120) / 2),
        ("replacement_cost", {"replacement": 0.8}, 20_000.0),
        ("total_cost", {"replacement": 0.8, "headcount": 240}, (40_000 + 48_240) / 20),
        # 15 salaries of 50,000, and a fifth of them for contributions
        ("payroll", {"pay": 360}, 900_000.0),
        ("output_for_pay", {"pay": 360, "output_pay": 180}, 0.5),
        ("quits_staff", {"quits_staff": 6}, 3.0),
        ("quits_middle", {"quits_middle": 4}, 2.0),
        ("quits_leaders", {"quits_leaders": 1}, 0.5),
        ("good_fits", {"good_fits": 6, "first_meetings": 8}, 75.0),
        ("poor_fits", {"poor_fits": 1, "first_meetings": 8}, 12.5),
        ("re_paired", {"re_paired": 2, "opened": 16}, 12.5),
        ("places_filled", {"opened": 30, "places": 40}, 75.0),
        ("invited_mentees", {"invited_mentees": 60}, 30.0),
        ("invited_mentors", {"invited_mentors": 80}, 40.0),
        ("mentor_places", {"capacity": 30, "volunteers": 40}, 75.0),
        # 4 quits in 200 months at risk less 6 in the other 800, a year and a hundred people
        ("naive_quits_gap", {"quits": 10, "at_risk": 1000, "joiners_quits": 4, "joiners_at_risk": 200}, 15.0),
        ("naive_engagement_gap", {"engagement": 62, "headcount": 100, "joiners": 20, "joiners_engagement": 14}, 0.1),
        ("naive_output_gap", {"output": 62, "headcount": 100, "joiners": 20, "joiners_output": 14}, 0.1),
        ("lottery_quits_gap", {"drawn_quits": 4, "drawn_at_risk": 200, "undrawn_quits": 3, "undrawn_at_risk": 300},
         12.0),
        ("lottery_engagement_gap", {"drawn": 10, "drawn_engagement": 7, "undrawn": 20, "undrawn_engagement": 10}, 0.2),
        ("lottery_output_gap", {"drawn": 10, "drawn_output": 7, "undrawn": 20, "undrawn_output": 10}, 0.2),
    ],
)  # fmt: skip
def test_values_worked_out_by_hand(name: str, measures: dict[str, float], value: float) -> None:
    assert math.isclose(outcome(name).of(sums_of(**measures), context()), value, rel_tol=1e-12)


def test_without_a_platform_nobody_pays_for_one() -> None:
    without = context(programme={**GIVEN, "platform": False})
    cost = outcome("programme_cost").of
    assert cost(sums_of(participants=5), without) == cost(sums_of(), without)
    assert cost(sums_of(participants=5), context()) == cost(sums_of(), context()) + 100.0


def test_what_is_undefined_is_missing_and_never_zero() -> None:
    nobody = {item.name: float(item.of(sums_of(), context())) for item in OUTCOMES}
    defined = {name: value for name, value in nobody.items() if not math.isnan(value)}
    # Nobody was there: there was no knowledge and nothing to pay but coordinator and sponsor.
    assert defined == {
        "quits_staff": 0.0,
        "quits_middle": 0.0,
        "quits_leaders": 0.0,
        "knowledge_held": 0.0,
        "invited_mentees": 0.0,
        "invited_mentors": 0.0,
        "participants": 0.0,
        "programme_cost": 24_120.0,
        "outside_cost": 24_120.0,
        "programme_cash": 0.0,
        "replacement_cost": 0.0,
        "payroll": 0.0,
    }


def test_without_a_programme_its_outcomes_are_missing_and_its_doses_are_zero() -> None:
    outcomes = sim.run(SCENARIO, "none").outcomes
    missing = set(outcomes.index[outcomes.isna()])
    assert missing == {
        "pair_quality",
        "pairs_opened",
        "places_filled",
        "invited_mentees",
        "invited_mentors",
        "meetings_kept",
        "early_endings",
        "mentee_gain",
        "mentor_gain",
        "good_fits",
        "poor_fits",
        "re_paired",
        "mentor_places",
        "coverage",
        "turned_away",
        *(
            f"{kind}_{of}_gap"
            for kind in ("naive", "lottery")
            for of in ("quits", "engagement", "output")
        ),
        "lottery_mentored_gap",
    }
    zero = [
        "meetings_planned",
        "meetings_held",
        "participants",
        "mentored_formally",
        "programme_hours",
        "programme_cost",
        "outside_cost",
        "programme_cash",
    ]
    assert (outcomes[zero] == 0.0).all()


def test_skills_of_a_kind_that_the_firm_does_not_have_are_missing() -> None:
    only = [{"name": "law", "kind": "institutional"}]
    scenario = Scenario(months=8, organisation={"employees": 20, "skills": only})
    outcomes = sim.run(scenario).outcomes
    for name in ("skill_emerging", "skill_interpersonal", "digital_gap", "leaders_emerging"):
        assert math.isnan(outcomes[name]), name
    assert outcomes["skill_institutional"] > 0.1
    assert outcomes["knowledge_lost"] > 0.0


def test_the_context_counts_cohorts_within_the_simulation() -> None:
    settings = SCENARIO.variant("random").settings
    found = context_of(prepare("random", settings, window_start=START))
    assert (found.months, found.cohorts, found.running) == (36, 3, 36)
    found = context_of(prepare("none", SCENARIO.variant("none").settings, window_start=4))
    assert (found.months, found.cohorts, found.running) == (38, 0, 0)


# --- against the people themselves -------------------------------------------------------------------


def test_exits_are_those_of_the_table_of_people(world: RunResult) -> None:
    people, outcomes = world.people, world.outcomes
    employee_years = world.monthly["headcount"][START:].sum() / 12.0
    left = people[people["left"].notna() & (people["left"] >= START).fillna(False)]
    causes = left["cause"].value_counts()
    for name, cause in (
        ("quits", "quit"),
        ("retirements", "retired"),
        ("involuntary_exits", "involuntary"),
    ):
        assert math.isclose(outcomes[name], 100.0 * causes[cause] / employee_years)
    last = people["left"].fillna(10_000)
    cohort = people[(people["hired"] < START) & (last >= START)]
    stayed = (last[cohort.index] >= 10_000).mean()
    assert math.isclose(outcomes["retention"], 100.0 * stayed)


def test_retention_over_12_months_follows_the_people_of_each_year(world: RunResult) -> None:
    people = world.people
    last = people["left"].fillna(10_000)
    base = left = 0
    for year in (START, START + 12, START + 24):
        present = (people["hired"] < year) & (last >= year)
        base += present.sum()
        left += (present & (last < year + 12)).sum()
    assert left > 10
    assert math.isclose(world.outcomes["retention_12_months"], 100.0 * (1.0 - left / base))


def test_the_last_month_is_that_of_the_people_who_are_there(world: RunResult) -> None:
    there = world.people[world.people["left"].isna()]
    last = world.monthly.iloc[-1]
    assert last["headcount"] == len(there)
    assert math.isclose(last["engagement"], there["engagement_end"].sum())
    assert math.isclose(last["output"], there["output_end"].sum())
    emerging = ["digital_tools", "emerging_technology", "market_trends", "inclusive_culture"]
    ends = there[[f"skill_{name}_end" for name in emerging]]
    assert math.isclose(last["emerging"], ends.mean(axis=1).sum())
    assert world.people["ideas_implemented"].sum() == world.monthly["implemented"].sum()
    assert world.people["promotions"].sum() == world.monthly["promotions"].sum()


def test_everybody_is_one_slot_and_holder(world: RunResult) -> None:
    people = world.people
    assert people["person"].tolist() == list(range(1, len(people) + 1))
    state = world.result.state
    assert state is not None
    there = np.flatnonzero(state.whole[columns.ACTIVE])
    stayed = people[people["left"].isna()].set_index("slot").sort_index()
    assert stayed.index.tolist() == there.tolist()
    assert stayed["person"].tolist() == state.whole[columns.NUMBER, there].tolist()
    assert people["holder"].max() >= 2  # some slots had three people, or this shows little
    for _, own in people.sort_values("holder").groupby("slot"):
        assert own["holder"].tolist() == list(range(len(own)))
        assert own["left"].iloc[:-1].notna().all()
        assert (own["hired"].iloc[1:].to_numpy() > own["left"].iloc[:-1].to_numpy()).all()
    assert "employee_id" not in people, "no table says who of a roster somebody was"


def test_what_people_were_at_the_start_is_that_of_the_programme_or_of_hire(
    world: RunResult,
) -> None:
    # Luck is the same: the firm that is looked at when month START begins is this firm.
    before = sim.run(SCENARIO.with_settings(months=START + 1), "none", people=True)
    assert before.plan.window_start == START
    both = before.people[["slot", "holder", "engagement_begin", "hired"]].merge(
        world.people, on=["slot", "holder"], suffixes=("", "_later")
    )
    assert len(both) >= 60
    assert (both["engagement_begin"] == both["engagement_begin_later"]).all()
    newcomers = world.people[world.people["hired"] > START]
    assert len(newcomers) > 10
    assert (newcomers["output_begin"] < newcomers["output_end"]).mean() > 0.5


def test_pairs_are_those_of_the_people_and_of_the_months(world: RunResult) -> None:
    dyads, months = world.dyads, world.monthly
    formal = dyads[dyads["kind"] == "formal"]
    assert len(formal) == months["opened"].sum() > 10
    assert formal["held"].sum() == months["held"].sum()
    assert formal["held"].sum() + formal["missed"].sum() == months["planned"].sum()
    assert math.isclose(formal["mentee_gain"].sum(), months["mentee_gain"].sum())
    assert (formal["reason"] == "ended early").sum() == months["ended_early"].sum()
    assert set(formal["direction"]) == {"either"}
    assert set(dyads.loc[dyads["kind"] == "informal", "direction"]) == {"informal"}
    assert (dyads["ended"].isna() == (dyads["reason"] == "running")).all()
    assert (dyads["quality_first"].isna() == (dyads["held"] == 0)).all()
    assert formal["score"].notna().all()
    people = world.people.set_index("person")
    for side, column in (("mentor", "meetings_as_mentor"), ("mentee", "meetings_as_mentee")):
        held = formal.groupby(side)["held"].sum()
        assert (people.loc[held.index, column] == held).all()
        assert people[column].sum() == held.sum()
    mentors = people.loc[formal["mentor"].unique(), "role"]
    assert set(mentors) <= {"mentor", "both"}
    born = people["birth_year"]
    years = born[formal["mentee"]].to_numpy() - born[formal["mentor"]].to_numpy()
    assert (np.abs(years - formal["age_gap"]) <= 1.0).all()


def test_tables_that_were_not_kept_are_refused() -> None:
    world = sim.run(SCENARIO, "none", dyads=True)
    with pytest.raises(InputError, match="people were not kept.*people=True"):
        world.people  # noqa: B018
    assert len(world.dyads) > 0


# --- curves and groups -------------------------------------------------------------------------------


def test_curves_are_the_outcomes_of_single_months(world: RunResult) -> None:
    months, curves = world.monthly, world.curves
    assert list(curves) == ["month", *(item.name for item in CURVES)]
    expected = 1200.0 * months["implemented"] / months["headcount"]
    assert np.allclose(curves["innovation"], expected, rtol=1e-12)
    assert curves["pair_quality"][:START].isna().all()
    assert curves["pair_quality"][START:].notna().any()


def test_the_curve_of_retention_ends_at_the_outcome(world: RunResult) -> None:
    curve = world.curves["retention"]
    assert curve[:START].isna().all()
    assert curve.iloc[-1] == world.outcomes["retention"]
    assert (curve[START:].diff().dropna() <= 0.0).all()
    people = world.people
    last = people["left"].fillna(10_000)
    cohort = (people["hired"] < START) & (last >= START)
    for month in (START, 20, 41):
        assert math.isclose(curve[month], 100.0 * (last[cohort] > month).mean())


def test_groups_add_up_to_the_whole(world: RunResult) -> None:
    tally = world.result.tally
    window = world.result.monthly[START:].sum(axis=0)
    levels = world.plan.chart.levels
    for rows in (slice(0, 4), slice(4, 4 + levels), slice(4 + levels, None)):
        for name in (
            "headcount",
            "engagement",
            "quits",
            "implemented",
            "year_base",
            "left_within_year",
        ):
            place = columns.M[name]
            assert math.isclose(tally[rows, place].sum(), window[place], abs_tol=1e-9), name
    first = Sums(tally)
    for item in GROUPED:
        assert np.isfinite(item.of(first, context_of(world.plan))).any(), item.name


def test_a_curve_of_months_without_people_is_missing() -> None:
    monthly = np.zeros((3, len(columns.MEASURES)))
    for item in CURVES:
        assert np.isnan(curve_of(item, monthly, context(), 1)).all(), item.name


def test_a_run_is_a_table_of_every_measure(world: RunResult) -> None:
    assert list(world.monthly) == ["month", *columns.MEASURES]
    assert isinstance(world.outcomes, pd.Series)
    assert world.outcomes.index.tolist() == [item.name for item in OUTCOMES]
    assert "random" in repr(world)
