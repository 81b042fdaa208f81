"""Points are checked by what decides whether they can be simulated, not one scenario after another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.experiments.sweeps import checking
from sim.experiments.sweeps.factors import Factor, factor_of
from sim.experiments.sweeps.model import FirmModel
from sim.experiments.sweeps.problems import Problems
from sim.experiments.sweeps.reading import load_study, study_of
from sim.scenario import Scenario

LEVELS_PAID = (2000.0, 3000.0, 4000.0)
SHOCKS = ({"month": 20, "kind": "hiring_freeze", "months": 3},)
LARGE_SHOCK = ({"month": 2, "kind": "technology_jump", "size": 3.0},)
VALUES: Mapping[str, tuple[Any, ...]] = {
    "months": (6, 18, 30),
    "organisation.employees": (4, 40),
    "organisation.levels": (1, 3, 6),
    "organisation.departments": (2, 5),
    "organisation.turnover": (0.05, 0.2),
    "organisation.turnover_total": (0.1, 0.3),
    "programme.start_month": (0, 8, 25),
    "*: programme.minimum_level_gap": (1, 2, 5),
    "programme.mentee_from_level": (0, 1, 4),
    "programme.mentee_to_level": (2, 3),
    "programme.check_in_months": (0, 3, 12),
    "programme.cohort_months": (6, 12, 18),
    "programme.minimum_tenure": (0, 12),
    "programme.mentee_tenure_below": (0, 6, 24),
    "*: programme.enrolment": ("fixed", "rolling"),
    "programme.lottery_steps": (1, 2),
    "Reverse: programme.placebo": (False, True),
    "Reverse: programme.policy": ("reverse", "none", "random"),
    "costs.salary_by_level": (LEVELS_PAID,),
    "costs.salary_growth": (1.1, 1.3),
    "environment.shocks": (SHOCKS, LARGE_SHOCK),
    "programme.places": (0.1, 0.2, 0.3),
    "engagement.reversion": (0.06, 0.1, 0.2),
}


def firm(**more: Any) -> Scenario:
    return Scenario(
        months=18,
        organisation={"employees": 40},
        variants=[
            {"name": "No programme", "programme.policy": "none"},
            {"name": "Reverse", "programme.policy": "reverse"},
        ],
        **more,
    )


def factor(key: str) -> Factor:
    problems = Problems()
    found = factor_of(key, VALUES[key], "lever", firm(), ("No programme", "Reverse"), (), problems)
    assert found is not None, problems.found
    return found


def refused(model: FirmModel, row: tuple[Any, ...]) -> bool:
    try:
        checking.scenario_at(model, row)
    except InputError:
        return True
    return False


def test_the_quick_check_says_what_the_scenario_itself_says() -> None:
    random = np.random.default_rng(5)
    said = []
    for _ in range(50):
        keys = [key for key in VALUES if random.random() < 0.25]
        factors = tuple(factor(key) for key in keys)
        model = FirmModel(firm(), ("No programme", "Reverse"), "No programme", factors)
        quick = checking.Contradictions(model)
        for _ in range(6):
            row = tuple(
                None if random.random() < 0.2 else one.values[random.integers(len(one.values))]
                for one in factors
            )
            expected = refused(model, row)
            assert quick.at(row) == expected, dict(zip(keys, row, strict=True))
            said.append(expected)
    assert 0.2 < np.mean(said) < 0.8


def write(folder: Path, factors: str, table: str) -> Path:
    (folder / "firm.toml").write_text(
        'months = 18\n[organisation]\nemployees = 40\n'
        '[[variant]]\nname = "No programme"\nprogramme.policy = "none"\n'
        '[[variant]]\nname = "Reverse"\nprogramme.policy = "reverse"\n'
        '[[variant]]\nname = "Late"\nprogramme.policy = "reverse"\nprogramme.start_month = 9\n'
    )  # fmt: skip
    (folder / "points.csv").write_text(table)
    (folder / "study.toml").write_text(
        'scenario = "firm.toml"\nvariants = ["No programme", "Reverse"]\n'
        f'{factors}\n[[design]]\nkind = "table"\nfile = "points.csv"\n'
    )
    return folder / "study.toml"


def test_a_large_table_is_a_handful_of_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{0.1 + step / 20000},{step % 12},{0.06 + step / 1e6}" for step in range(3000)]
    table = "\n".join(["programme.places,programme.start_month,engagement.reversion", *rows])
    factors = (
        "[levers]\nprogramme.places = { low = 0.05, high = 0.3 }\n"
        "programme.start_month = { low = 0, high = 12 }\n"
        "[uncertainties]\nengagement.reversion = {}"
    )
    asked = []
    real = checking.refusals
    monkeypatch.setattr(checking, "refusals", lambda *a: asked.append(a) or real(*a))
    study = load_study(write(tmp_path, factors, table))
    assert len(study.rows()) == 3000
    # One for each month, and those that were broken off to find out that the months matter.
    assert 12 <= len(asked) <= 16


def test_thousands_of_bad_points_are_counted_and_five_are_told(tmp_path: Path) -> None:
    rows = [f"{step % 30}" for step in range(3000)]
    table = "\n".join(["programme.start_month", *rows])
    path = write(tmp_path, "[levers]\nprogramme.start_month = { low = 0, high = 40 }", table)
    with pytest.raises(InputError) as caught:
        load_study(path)
    told = str(caught.value).splitlines()
    assert told[0].startswith("6 things are wrong")
    assert "point 18 (programme.start_month = 18): programme.start_month" in told[1]
    assert "would begin in month 18, after the end of the simulation" in told[1]
    assert "1195 more points cannot be simulated" in told[6]


def test_thousands_of_bad_rows_are_counted_and_five_are_told(tmp_path: Path) -> None:
    table = "\n".join(["programme.places,typo", *(["7.0,1"] * 3000)])
    path = write(tmp_path, "[levers]\nprogramme.places = { low = 0.1, high = 0.3 }", table)
    with pytest.raises(InputError) as caught:
        load_study(path)
    told = str(caught.value).splitlines()
    assert told[0].startswith("7 things are wrong")
    assert '"typo" is no factor of this study' in told[1]
    assert "row 1: 7 is outside the range" in told[2] and "row 5" in told[6]
    assert "2995 more values are wrong" in told[7]


def test_a_variant_that_the_study_leaves_out_keeps_what_it_sets_itself(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "[levers]\nprogramme.start_month = { low = 0, high = 12 }",
        "programme.start_month\n3\n12\n",
    )
    study = load_study(path)
    # "Late" begins in month 9 whatever the others do, and the window begins with the first programme.
    windows = [study.model.plan(1, row).window_start for row in study.rows()]  # type: ignore[attr-defined]
    assert windows == [3, 9]


def test_what_the_roster_says_of_pay_cannot_vary(tmp_path: Path) -> None:
    heads = {1: 30, 2: 12, 3: 6}
    people = [
        f"{level}-{number},{level},A,{20_000 * (1 + level) + 500 * number}"
        for level, count in heads.items()
        for number in range(count)
    ]
    (tmp_path / "staff.csv").write_text(
        "\n".join(["employee_id,level,department,annual_salary", *people])
    )
    scenario = Scenario(organisation={"roster": str(tmp_path / "staff.csv")})
    assert scenario.origins["costs.salary_by_level"] == "roster"
    with pytest.raises(InputError, match=r"costs\.salary.*the roster says what people earn"):
        study_of({"levers": {"costs.salary": [20000, 30000]}, "design": "grid"}, scenario)
