"""Virtual studies: statistics that are right, samples and errors by address, a table that hides nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.engine import columns
from sim.errors import InputError
from sim.experiments.validation import Found, Validation, carry_out, validate
from sim.registry import ADDED
from sim.simulation.plan import plans_of
from sim.studies import STUDIES, Fieldwork, add_study
from sim.studies.statistics import (
    adjusted_difference,
    correlation,
    cox,
    cox_with_errors,
    kaplan_meier,
    split_correlation,
    standardised_difference,
)
from sim.studies.study import KINDS, Study

ROOT = Path(sim.__file__).parents[1]
EXAMPLE = ROOT / "docs" / "studies" / "distance.py"


def people(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Durations with ties, events, and two covariates that matter."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2, count))
    life = rng.exponential(30.0 * np.exp(-0.5 * x[0] + 0.3 * x[1]))
    return np.ceil(np.minimum(life, 24.0)), (life < 24.0).astype(float), x


@pytest.mark.filterwarnings("ignore")  # lifelines calls pandas in ways that pandas discourages
def test_cox_and_kaplan_meier_are_as_in_lifelines() -> None:
    lifelines = pytest.importorskip("lifelines")
    durations, events, x = people(300)
    table = pd.DataFrame({"t": durations, "e": events, "x": x[0], "z": x[1]})
    expected = lifelines.CoxPHFitter().fit(table, "t", "e")
    slopes, errors = cox_with_errors(durations, events, *x)
    np.testing.assert_allclose(cox(durations, events, *x), expected.params_.to_numpy(), atol=1e-5)
    np.testing.assert_allclose(slopes, expected.params_.to_numpy(), atol=1e-5)
    np.testing.assert_allclose(errors, expected.standard_errors_.to_numpy(), rtol=1e-4)
    times, there = kaplan_meier(durations, events)
    fitted = lifelines.KaplanMeierFitter().fit(durations, events)
    np.testing.assert_allclose(there, fitted.predict(times).to_numpy(), atol=1e-12)


def test_cox_finds_what_was_put_in() -> None:
    durations, events, x = people(4000)
    np.testing.assert_allclose(cox(durations, events, *x), [0.5, -0.3], atol=0.06)


def test_survival_by_hand() -> None:
    times, there = kaplan_meier([1, 2, 2, 3, 4], [1, 1, 0, 1, 0])
    assert times.tolist() == [1, 2, 3]
    np.testing.assert_allclose(there, [0.8, 0.6, 0.3])


def test_small_statistics() -> None:
    rng = np.random.default_rng(3)
    x, noise = rng.normal(size=5000), rng.normal(size=5000)
    observed = correlation(x, x + noise)
    assert correlation(x, x + noise, (1.0, 0.5)) == pytest.approx(observed / math.sqrt(0.5))
    assert standardised_difference(x + 0.4, x) == pytest.approx(0.4, abs=0.01)
    assert split_correlation(2.0) == pytest.approx(2.0 / math.sqrt(8.0))
    group = x + noise > 0.0
    assert adjusted_difference(x + 0.2 * group, group, x) == pytest.approx(0.2)
    assert math.isnan(correlation(x[:3], x[:3])) and math.isnan(standardised_difference(x[:3], x))


@pytest.fixture(scope="module")
def work() -> Fieldwork:
    study = replace(STUDIES["joiners_age"], panel=True)
    return Fieldwork(plans_of(study.scenario(5)), 5, 0, until=study.until, panel=True)


def test_errors_of_measurement_have_the_reliability_that_is_asked_for(work: Fieldwork) -> None:
    true = np.random.default_rng(0).normal(size=4000)
    asked = work.measured(true, 0.64, 1)
    assert correlation(true, asked) ** 2 == pytest.approx(0.64, abs=0.03)
    again, other = work.measured(true, 0.64, 1), work.measured(true, 0.64, 2)
    np.testing.assert_array_equal(asked, again)
    assert abs(correlation(asked - true, other - true)) < 0.06
    np.testing.assert_array_equal(work.measured(true, 1.0, 1), true)


def test_samples_are_of_those_meant(work: Fieldwork) -> None:
    among = np.arange(500) % 3 == 0
    rows = work.sample(among, 50)
    assert len(rows) == 50 == len(set(rows.tolist())) and among[rows].all()
    np.testing.assert_array_equal(rows, work.sample(among, 50))
    assert work.sample(among, 10_000).tolist() == np.flatnonzero(among).tolist()


def test_the_panel_is_what_the_people_lived(work: Fieldwork) -> None:
    firm = work.firm
    assert firm.months == 13
    for name in ("engagement", "output"):
        table = firm.panel[name]
        for month in range(firm.months):
            np.testing.assert_array_equal(np.isfinite(table[month]), firm.there(month))
        stayed = firm.there(firm.months - 1)
        np.testing.assert_array_equal(table[-1][stayed], firm.people[f"{name}_end"][stayed])


def test_newcomers_are_drawn_in_the_month_of_hire() -> None:
    study = STUDIES["newcomers_gain"]
    plan = plans_of(study.scenario(1))
    firm = Fieldwork(plan, 1, 0, until=14).firm
    arm = firm.people["arm"]
    drawn = firm.people["person"][arm == columns.DRAWN]
    begun = firm.pairs["begun"][np.isin(firm.pairs["mentee"], drawn) & (firm.pairs["kind"] == 1)]
    hired = firm.of(firm.pairs["mentee"][firm.pairs["kind"] == 1], "hired")
    np.testing.assert_array_equal(begun, hired)
    new = (firm.people["hired"] >= firm.start) & (firm.people["hired"] < 13)
    assert (firm.people["level"][new] > 1).any()  # everybody is invited, not only the lowest level
    assert (arm[new] != columns.NO_LOT).all()
    assert 0.3 < (arm[new] == columns.DRAWN).mean() < 0.7


def test_every_study_is_declared_in_full() -> None:
    evidence = {"V", "S", "D", "DATA"}
    for name, study in STUDIES.items():
        assert name == study.name and study.kind in KINDS and study.low < study.high
        if study.direction:
            assert study.mark == "direction" and math.isnan(study.published)
        else:
            assert study.mark.split()[0] in evidence, "figures from memory are no targets"
        assert math.isnan(study.published) or study.agrees(study.published)
        study.scenario(1)
    assert {study.kind for study in STUDIES.values()} == set(KINDS)
    fitted = {
        name: Found(STUDIES[name], np.empty(0)).used_for_fitting
        for name in ("age_and_leaving", "newcomers_gain", "newcomers_gain_kept")
    }
    assert fitted == {
        "age_and_leaving": True,
        "newcomers_gain": True,
        "newcomers_gain_kept": False,
    }


def test_studies_carried_out_together_or_alone_find_the_same() -> None:
    names = ["age_and_leaving", "engagement_and_leaving", "joiners_age"]
    together = validate(names, replicates=2, workers=3)
    for one in together.found:
        assert np.isfinite(one.values).all()
        np.testing.assert_array_equal(one.values, carry_out(one.study, 2).values)
    assert [one.study.name for one in together.found] == names


def test_misses_are_in_the_table() -> None:
    study = STUDIES["quality_and_satisfaction"]
    table = Validation((Found(study, np.array([1.0, 2.0, math.nan])),), 3, 1).table
    row = table.iloc[0]
    assert not row["agrees"] and row["why"] == study.misses and row["replicates"] == 2
    assert row["published"] == 0.38 and row["median"] == 1.5 and not row["used_for_fitting"]


def test_the_example_is_a_study_and_is_shown_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
    assert f"```python\n{EXAMPLE.read_text(encoding='utf-8')}```" in text
    words = ["validate", "--extension", str(EXAMPLE), "--study", "same_site", "--replicates", "3"]
    try:
        assert main([*words, "--output", str(tmp_path), "--quiet"]) == 0
        printed = capsys.readouterr().out
        assert "Relationship quality, same site" in printed and "M-DIST" in printed
        for name in ("validation.csv", "validation.svg", "validation.png"):
            assert (tmp_path / name).stat().st_size > 0
        table = pd.read_csv(tmp_path / "validation.csv")
        assert table["study"].tolist() == ["same_site"] and table["replicates"].tolist() == [3]
        assert main([*words, "--output", str(tmp_path), "--quiet"]) == 2
        assert main([*words, "--output", str(tmp_path), "--quiet", "--overwrite"]) == 0
    finally:
        STUDIES.pop("same_site", None)
        ADDED.sources.clear()


def test_wrong_names_and_ranges_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--study", "age_and_leavin", "--output", "nowhere"]) == 2
    assert "Did you mean" in capsys.readouterr().err
    study: Study = STUDIES["age_and_leaving"]
    with pytest.raises(InputError, match="already"):
        add_study(replace(study, title="another"))
    with pytest.raises(InputError, match="leaves out"):
        add_study(replace(study, name="new", low=0.0, high=0.1))
    assert "new" not in STUDIES
