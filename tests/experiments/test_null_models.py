"""Null models: partners who are shuffled every month, and which effects survive which null model."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from conftest import lived, plan_of
from places import SCENARIOS
from sim.engine import columns
from sim.engine.state import State
from sim.errors import InputError
from sim.experiments.compare import compare
from sim.experiments.comparison import Comparison
from sim.experiments.loading import load_comparison
from sim.experiments.nulls import kind_of, nulls_table, opponents
from sim.outcomes.declared import OUTCOMES
from sim.programme.calendar import calendar_of
from sim.programme.rules import Sides, is_barred
from sim.programme.shuffling import exchange_mentors
from sim.report import summarise
from sim.report.page import report_page
from sim.scenario import Scenario, load_scenario
from sim.simulation.simulation import Simulation

FIRM: dict[str, Any] = {
    "months": 24,
    "organisation.employees": 120,
    "programme.policy": "random",
    "programme.start_month": 4,
    "programme.cohort_months": 10,
    "programme.cohorts": 1,
    "programme.participation": "universal",
    "programme.mentor_capacity": 2,
}
SHUFFLED = {**FIRM, "programme.shuffled": True}
NOBODY_LEAVES = {
    f"departures.{name}": 0.0 for name in ("quit_rate", "involuntary_rate", "retirement_rate")
}
HEADLINES = [item.name for item in OUTCOMES if item.headline]


def formal_pairs(state: State) -> dict[int, int]:
    """Mentors' slots by those of their mentees."""
    dyad = state.dyad_whole[:, : int(state.counts[columns.DYADS])]
    rows = dyad[:, dyad[columns.FORMAL] == 1]
    return dict(zip(rows[columns.MENTEE].tolist(), rows[columns.MENTOR].tolist(), strict=True))


def month_by_month(plan: Any, watched: str = "programme") -> list[dict[int, int]]:
    """Formal pairs of every month of a cohort, as the programme leaves them."""
    found: list[dict[int, int]] = []
    simulation = Simulation(plan, 3, 0)

    def watch(name: str, state: State, p: Any, month: int) -> None:
        if name == watched and 4 <= month < 14:
            found.append(formal_pairs(state))

    simulation.run_phase_by_phase(between=watch)
    return found


# --- partners who are shuffled ------------------------------------------------------------------------


def test_shuffling_changes_partners_and_nothing_else() -> None:
    """The same mentees and mentors with as many mentees each, in every month; only together anew."""
    kept = month_by_month(plan_of({**FIRM, **NOBODY_LEAVES}), "ties")[0]
    months = month_by_month(plan_of({**SHUFFLED, **NOBODY_LEAVES}), "ties")
    assert months[0] == kept, "the first month's partners are the policy's"
    assert len(months) == 10 and len(kept) > 12
    together = []
    for before, after in zip(months, months[1:], strict=False):
        assert set(after) == set(kept)
        assert Counter(after.values()) == Counter(kept.values())
        together.append(np.mean([before[mentee] == mentor for mentee, mentor in after.items()]))
    assert np.mean(together) < 0.35
    mentors = [len({month[mentee] for month in months}) for mentee in kept]
    assert np.mean(mentors) > 5.0


def test_places_and_planned_meetings_stay_as_they_are() -> None:
    """At any cadence; nobody loses a place but by an exit, and no pair breaks up."""
    for cadence in (0.25, 0.5, 2.0):
        given = {**NOBODY_LEAVES, "programme.meetings_per_month": cadence, "endings.early": -30.0}
        plain = lived(plan_of({**FIRM, **given})).state.monthly
        dealt = lived(plan_of({**SHUFFLED, **given})).state.monthly
        for measure in (columns.M_OPENED, columns.M_PARTICIPANTS, columns.M_TURNED_AWAY):
            np.testing.assert_array_equal(plain[:, measure], dealt[:, measure])
        planned, opened = dealt[:, columns.M_PLANNED].sum(), dealt[:, columns.M_OPENED].sum()
        assert planned == math.floor(10 * cadence) * opened > 0
    stormy = lived(plan_of({**SHUFFLED, **NOBODY_LEAVES, "endings.early": 5.0})).state.monthly
    assert stormy[:, columns.M_ENDED_EARLY].sum() == 0.0
    assert (stormy[4:13, columns.M_FORMAL_PAIRS] == stormy[4, columns.M_FORMAL_PAIRS]).all()


@pytest.mark.parametrize("policy", ["random", "reverse", "cross_functional", "reciprocal"])
def test_the_rules_hold_for_partners_who_are_dealt(policy: str) -> None:
    plan = plan_of({**SHUFFLED, "programme.policy": policy, "programme.enrolment": "rolling"})
    crossing = int(plan.policies[0].other_department)
    seen = 0

    def watch(name: str, state: State, p: Any, month: int) -> None:
        nonlocal seen
        if name != "programme":
            return
        dyad = state.dyad_whole[:, : int(state.counts[columns.DYADS])]
        boss_of = state.post[columns.POST_BOSS]
        for pair in dyad.T[(dyad[columns.FORMAL] == 1) & (dyad[columns.HELD] == 0)]:
            mentor, mentee, begun = pair[columns.MENTOR], pair[columns.MENTEE], pair[columns.BEGUN]
            if pair[columns.MISSED] or begun == month:
                continue
            seen += 1
            assert not is_barred(state.whole, boss_of, mentor, mentee, crossing, p.programme)
            gap = state.whole[columns.LEVEL, mentor] - state.whole[columns.LEVEL, mentee]
            assert gap < 0 if policy == "reverse" else gap >= 0

    Simulation(plan, 6, 1).run_phase_by_phase(between=watch)
    assert seen > 20


def test_without_rules_every_order_is_as_likely_as_any_other() -> None:
    """Four mentees exchange four mentors 6000 times: a chi-square over the 24 orders."""
    given = {f"programme.bar_{name}": False for name in ("own_manager", "skip_level", "same_team")}
    simulation = Simulation(plan_of({**SHUFFLED, **given}), 1, 0)
    mentees, start = np.arange(4), np.arange(10, 14)
    seen: Counter[tuple[int, ...]] = Counter()
    for month in range(6000):
        mentors = start.copy()
        sides, apart = Sides(mentees, mentors, columns.ANYONE, 0), np.empty((0, 2), dtype=np.int64)
        exchange_mentors(simulation.handle, simulation.plan.record, month, sides, apart)
        seen[tuple(mentors.tolist())] += 1
    assert len(seen) == 24
    chi_square = sum((count - 250) ** 2 / 250 for count in seen.values())
    assert chi_square < 49.7, "0.1 % quantile of 23 degrees of freedom"


def test_people_kept_apart_are_not_dealt_to_each_other() -> None:
    simulation = Simulation(plan_of(SHUFFLED), 1, 0)
    apart = np.array([[1, 10], [0, 11]])
    for month in range(300):
        mentors = np.array([10, 11])
        sides = Sides(np.arange(2), mentors, columns.ANYONE, 0)
        exchange_mentors(simulation.handle, simulation.plan.record, month, sides, apart)
        assert mentors.tolist() == [10, 11]


def test_months_of_shuffling_are_those_in_which_pairs_run() -> None:
    def deals(**given: Any) -> tuple[int, ...]:
        settings = plan_of({**SHUFFLED, **{f"programme.{k}": v for k, v in given.items()}}).settings
        return calendar_of(settings["programme"], 24).deals

    assert deals() == tuple(range(5, 14))
    assert deals(cohorts=2) == (*range(5, 14), *range(15, 24))
    assert deals(cohort_months=1) == ()
    assert deals(enrolment="rolling") == tuple(range(5, 23))
    assert deals(shuffled=False) == ()


# --- which effects survive ----------------------------------------------------------------------------

VARIANTS: list[dict[str, Any]] = [
    {"name": "A", "programme.policy": "none"},
    {"name": "B", "programme.policy": "random", "programme.placebo": True},
    {"name": "C", "programme.policy": "random", "programme.shuffled": True},
    {"name": "D", "programme.policy": "random"},
    {"name": "E", "programme.policy": "similarity"},
    {"name": "F", "programme.policy": "reverse"},
    {"name": "G", "programme.policy": "reverse", "programme.shuffled": True},
]


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    # Everybody is invited, whatever the policy's name means, and there are partners for all places.
    everybody = {"mentor_from_level": 1, "places": 0.15}
    firm = {"employees": 120}
    scenario = Scenario(months=30, organisation=firm, programme=everybody, variants=VARIANTS)
    return compare(scenario, replicates=12)


def test_null_models_are_known_by_their_settings(comparison: Comparison) -> None:
    kinds = [kind_of(variant.settings) for variant in comparison.scenario.variants]
    shuffled = "shuffled_partners"
    assert kinds == [
        *("no_programme", "zero_effect", shuffled, "random_pairing"), None, None, shuffled
    ]  # fmt: skip
    both = Scenario(programme={"policy": "random", "placebo": True, "shuffled": True})
    assert kind_of(both.variants[0].settings) == "zero_effect"
    by_lot = Scenario(programme={"policy": "traditional", "score": "random"})
    assert kind_of(by_lot.variants[0].settings) == "random_pairing"


def test_every_programme_is_held_against_those_below_it(comparison: Comparison) -> None:
    table = comparison.nulls
    held = {
        name: list(zip(rows["null"], rows["null_variant"], strict=True))
        for name, rows in table[table["outcome"] == "innovation"].groupby("variant")
    }
    none, zero, chance = ("no_programme", "A"), ("zero_effect", "B"), ("random_pairing", "D")
    assert held == {
        "C": [none, zero],
        "D": [none, zero, ("shuffled_partners", "C")],
        "E": [none, zero, ("shuffled_partners", "C"), chance],
        "F": [none, zero, ("shuffled_partners", "G"), chance],
        "G": [none, zero],
    }, "the null model whose policy is most alike"
    assert table["outcome"].unique().tolist() == HEADLINES


def test_null_models_are_the_same_firm_with_the_same_programme() -> None:
    variants = [
        *VARIANTS[:4],
        {**VARIANTS[4], "programme.places": 0.2},
        {**VARIANTS[5], "name": "H", "departures.quit_rate": 0.3},
    ]
    scenario = Scenario(variants=variants)
    settings = {variant.name: variant.settings for variant in scenario.variants}
    assert set(opponents(settings, "A")) == {"C", "D"}
    assert opponents(settings, None) == {}


def test_the_differences_are_those_of_the_firms(comparison: Comparison) -> None:
    values = comparison.outcomes.pivot_table(
        index="replicate", columns=["variant", "outcome"], values="value"
    )
    for row in comparison.nulls.to_dict("records"):
        change = (
            values[row["variant"], row["outcome"]] - values[row["null_variant"], row["outcome"]]
        )
        assert row["difference"] == pytest.approx(change.mean(), abs=1e-12)
        assert row["low"] < row["difference"] < row["high"]
        if row["null"] == "no_programme":
            assert np.isnan(row["meetings"])
        elif row["null"] == "random_pairing":
            assert 0.8 < row["meetings"] < 1.25, "the dose is about equal"
    same = comparison.nulls.set_index(["variant", "outcome", "null"])["difference"].unstack()
    np.testing.assert_array_equal(same["zero_effect"], same["no_programme"])


def made_up(values: dict[str, Any]) -> pd.DataFrame:
    """The table of four firms with one value for all headlines, by variant."""
    rows = [
        {"variant": name, "replicate": firm, "outcome": outcome, "value": float(value)}
        for name, firms in values.items()
        for outcome in (*HEADLINES, "meetings_held")
        for firm, value in enumerate(firms)
    ]
    against = {"P": [("no_programme", "none"), ("shuffled_partners", "S")]}
    return nulls_table(pd.DataFrame(rows), against, ("none", "S", "P"))


@pytest.mark.parametrize(
    ("none", "shuffled", "programme", "verdict"),
    [
        ((1, 2, 3, 4), (2, 3.1, 4, 5), (4, 5, 6, 7.1), "survives"),
        ((1, 2, 3, 4), (4.1, 4.9, 6, 7), (4, 5, 6, 7.1), "does not survive"),
        ((1, 2, 3, 4), (6, 7, 8, 9.1), (4, 5, 6, 7.1), "reversed"),
        ((9, 8, 7, 6.1), (6, 5, 4, 3), (3, 2.1, 1, 0), "survives"),
        ((7, 8, 9, 10), (1, 2, 3, 4.1), (6.9, 8.2, 8.9, 10), "no effect shown"),
    ],
)
def test_what_survives(none: Any, shuffled: Any, programme: Any, verdict: str) -> None:
    """An effect that is not there cannot survive, however poor the null model is."""
    table = made_up({"none": none, "S": shuffled, "P": programme})
    own = table[table["null"] == "shuffled_partners"]
    assert own["verdict"].tolist() == [verdict] * len(HEADLINES)
    assert own["meetings"].iloc[0] == pytest.approx(np.mean(programme) / np.mean(shuffled))
    one = made_up({name: firms[:1] for name, firms in
                   {"none": none, "S": shuffled, "P": programme}.items()})  # fmt: skip
    assert set(one["verdict"]) == {"no effect shown"}, "one firm shows nothing"


def test_zero_effect_by_another_name_shows_no_effect() -> None:
    """A wrong variant: whatever the programme is called, without influence nothing may survive."""
    variants = [{**VARIANTS[4], "name": "Best of all", "programme.placebo": True}, *VARIANTS[:4]]
    scenario = Scenario(months=24, organisation={"employees": 60}, variants=variants, baseline="A")
    table = compare(scenario, replicates=4).nulls
    assert "Best of all" not in set(table["variant"]), "it is a null model itself"
    assert table["null_variant"].isin(["Best of all", "B", "A", "C"]).all()


# --- saved, printed, shown ----------------------------------------------------------------------------


def test_it_is_saved_read_printed_and_shown(comparison: Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "results")
    assert "nulls.csv" in comparison.save(tmp_path / "again").joinpath("manifest.json").read_text()
    read = load_comparison(folder)
    pd.testing.assert_frame_equal(read.nulls, comparison.nulls, check_exact=True)
    written = pd.read_csv(folder / "nulls.csv")
    assert written["verdict"].tolist() == comparison.nulls["verdict"].tolist()
    text, page = summarise(comparison, verbose=True), report_page(comparison)
    assert summarise(read, verbose=True) == text
    assert report_page(read) == page
    assert "Against shuffled partners" in text and "Against zero effect" in text
    shown = comparison.nulls.query("null == 'shuffled_partners' and outcome == 'engagement'")
    survive = (shown["verdict"] == "survives").sum()
    every = (shown["verdict"] != "no effect shown").sum()
    assert f"Engagement: {survive} of {every} survive" in text
    assert 'id="nulls"' in page and f"{survive} of {every} survive" in page


def test_without_null_models_nothing_is_said(tmp_path: Path) -> None:
    scenario = Scenario(
        months=20, organisation={"employees": 30}, variants=[VARIANTS[0], VARIANTS[4], VARIANTS[5]]
    )
    found = compare(scenario, replicates=2)
    assert len(found.nulls) == 0
    assert not (found.save(tmp_path / "results") / "nulls.csv").exists()
    assert "Null models" not in summarise(found, verbose=True)
    assert 'id="nulls"' not in report_page(found)


def test_a_shuffle_needs_pairs(tmp_path: Path) -> None:
    file = tmp_path / "firm.toml"
    file.write_text('[programme]\npolicy = "none"\nshuffled = true\n')
    with pytest.raises(InputError, match=r"firm\.toml, line 3.*programme\.shuffled.*needs pairs"):
        load_scenario(file)


def test_headline_results_under_null_models() -> None:
    """The library's scenario, reduced: engagement needs partners who last, more than contact."""
    scenario = load_scenario(SCENARIOS / "null_models.toml")
    small = {"organisation.employees": 150, "months": 36, "engagement.turned_away_effect": 0.0}
    scenario = scenario.with_settings(small)
    chosen = [variant.name for variant in scenario.variants[:4]] + ["Similarity"]
    table = compare(scenario, replicates=16, variants=chosen).nulls
    own = table.set_index(["variant", "outcome", "null"])["verdict"]
    for variant in ("Random", "Similarity"):
        assert own[variant, "engagement", "shuffled_partners"] == "survives"
    assert own["Similarity", "engagement", "random_pairing"] == "survives"
