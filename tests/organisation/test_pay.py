"""Money as planners write it: how amounts are read, what is asked about, and pay by level from a staff list."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from command_line import sim_here as mentorsim
from sim.errors import InputError
from sim.organisation.amounts import Amount, doubt_about_salary, read_amount
from sim.organisation.pay import base_salary, pay_of_levels
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.understanding import Understanding, understand
from sim.scenario import Scenario, load_scenario
from sim.scenario.unusual import unusual

AMOUNTS = {
    "38,000": Amount(38_000.0),
    "38.000": Amount(38_000.0),
    "38 000": Amount(38_000.0),
    "38\u00a0000": Amount(38_000.0),
    "38'000": Amount(38_000.0),
    "CHF 95\u2019000": Amount(95_000.0, "CHF"),
    "\u20ac38,000": Amount(38_000.0, "EUR"),
    "38.000,50 \u20ac": Amount(38_000.5, "EUR"),
    "EUR 38 000": Amount(38_000.0, "EUR"),
    "38k": Amount(38_000.0),
    "38 Tsd. EUR": Amount(38_000.0, "EUR"),
    "$65,000 p.a.": Amount(65_000.0, "$", "year"),
    "US$ 70,000": Amount(70_000.0, "USD"),
    "3.900 \u20ac / Monat": Amount(3_900.0, "EUR", "month"),
    "2,100 EUR brutto/Monat": Amount(2_100.0, "EUR", "month"),
    "25.00/hr": Amount(25.0, "", "hour"),
    "12,50,000 INR": Amount(1_250_000.0, "INR"),
    "4 200 z\u0142": Amount(4_200.0, "PLN"),
    "38,5": Amount(38.5),
    "1.234.567,8": Amount(1_234_567.8),
    "-5": Amount(-5.0),
    "low": None,
    "50,000-60,000": None,
    "1e5": None,
    "3,80,00": None,
    "band 7": None,
    "": None,
}


@pytest.mark.parametrize("text", AMOUNTS)
def test_amounts_are_read_as_people_write_them(text: str) -> None:
    assert read_amount(text) == AMOUNTS[text]


@pytest.mark.parametrize(
    ("salary", "currency", "advice"),
    [
        (38.0, "", "write 38000"),
        (38.0, "EUR", 'currency = "thousand EUR"'),
        (3_900.0, "EUR", "a year is 46800"),
        (4_500_000.0, "EUR", "write 45000"),
        (38.0, "thousand EUR", ""),
        (38.0, "k\u20ac", ""),
        (3_900.0, "kr", "a year is 46800"),
        (4_500_000.0, "JPY", ""),
        (60_000.0, "", ""),
        (0.0, "", ""),
    ],
)
def test_implausible_salaries_are_asked_about(salary: float, currency: str, advice: str) -> None:
    doubt = doubt_about_salary(salary, currency)
    assert bool(doubt) == bool(advice)
    assert advice in doubt
    costs = {"salary": salary, "currency": currency}
    remarks = unusual(Scenario(costs=costs))
    assert [remark for remark in remarks if "salary" in remark] == (
        [f"costs.salary: {doubt}"] if doubt else []
    )


# What is written after `salary = `, and what `check` says.
WRITTEN = {
    "38,000": "write the number without separators and words: salary = 38000.",
    "'38,000'": 'costs.salary: the text "38,000" is not a number. Write 38000, without quotes',
    "38 000": "salary = 38000.",
    "\u20ac38000": "salary = 38000.",
    "38.000": "Is a yearly salary of 38 meant? If it is in thousands, write 38000",
    "38,5": "use a decimal point: salary = 38.5.",
    "3900": "If it is pay per month, a year is 46800.",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_check_gives_the_right_advice(tmp_path: Path, written: str) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(f"[costs]\nsalary = {written}\n", encoding="utf-8")
    done = mentorsim("check", str(path), folder=tmp_path)
    said = (done.stdout + done.stderr).casefold()
    assert WRITTEN[written].casefold() in " ".join(said.split())
    assert done.returncode == (0 if written in ("38.000", "3900") else 2)


def test_separators_in_other_settings_go_by_their_ranges(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    for text, advice in (
        ("[organisation]\nemployees = 1,500", "employees = 1500"),
        ("[costs]\nproductive_hours = 1,700", "productive_hours = 1700"),
        ("[costs]\nload = 1,250", "load = 1.250"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load_scenario(path)
        assert advice in str(caught.value)


def test_pay_of_levels_by_hand() -> None:
    own = {"salary": 1.0, "salary_growth": 9.0, "salary_by_level": (30_000.0, 50_000.0, 90_000.0)}
    assert base_salary(own) == 40_000.0
    assert pay_of_levels(own)[1:5].tolist() == [0.75, 1.25, 2.25, 2.25]
    grown = {"salary": 1.0, "salary_growth": 2.0, "salary_by_level": ()}
    assert pay_of_levels(grown)[1:6].tolist() == [1.0, 1.0, 2.0, 4.0, 8.0]


# --- pay from a staff list --------------------------------------------------------------------------
YEARLY = {1: 30_000, 2: 42_000, 3: 60_000, 4: 150_000}
HEADS = {1: 35, 2: 18, 3: 6, 4: 1}


def staff(heading: str, cell: Callable[[int, int], object], **options: str) -> Understanding:
    """A firm of 60 in four levels; `cell` makes the text of the n-th person of a level."""
    lines = [f"employee_id,level,department,{heading}"]
    for level, count in HEADS.items():
        lines += [f"{level}-{n},{level},A,{cell(level, n)}" for n in range(count)]
    return understand(
        io.BytesIO("\n".join(lines).encode()), RosterOptions(**options), name="staff.csv"
    )


def salaries(found: Understanding) -> list[float]:
    assert found.roster is not None
    return list(found.roster.salary_by_level)


def spread(level: int, n: int) -> int:
    """The median of level 3 (six people) is 60,000, of the others the middle one's."""
    return YEARLY[level] + 1_000 * (n - HEADS[level] // 2) + (500 if level == 3 else 0)


# 150,000 of the only one at the top is nobody else's business: it follows from the growth below.
OWN = [30_000.0, 41_500.0, 60_000.0, 84_900.0]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Annual Salary", lambda level, n: spread(level, n)),
        ("Salary (EUR)", lambda level, n: f'"{spread(level, n):,}"'),
        ("Monatsgehalt", lambda level, n: f'"{spread(level, n) / 12:.2f}"'.replace(".", ",")),
        ("MonthlyIncome", lambda level, n: f"{spread(level, n) / 12:.4f}"),
        ("Salaire annuel", lambda level, n: f"{spread(level, n):,} \u20ac".replace(",", " ")),
        ("Salary", lambda level, n: f"{spread(level, n) / 12:.2f} USD / month"),
    ],
)
def test_levels_have_the_medians_of_their_people(
    heading: str, cell: Callable[[int, int], object]
) -> None:
    found = staff(heading, cell)
    assert salaries(found) == OWN
    assert not found.decisions
    assert not any("150,000" in note for note in found.notes)
    assert any("1 level with fewer than 5 people on file follows" in note for note in found.notes)


def test_what_pay_is_for_is_asked_where_it_is_implausible(tmp_path: Path) -> None:
    def monthly(level: int, n: int) -> str:
        return f"{spread(level, n) / 12:.2f}"

    found = staff("Gehalt", monthly)
    assert salaries(found) == []
    (decision,) = found.decisions
    assert decision.lines == ('pay_is = "per month"',)
    assert "implausible as pay per year" in decision.question
    assert salaries(staff("Gehalt", monthly, pay_is="per month")) == OWN
    hours = staff("Pay Rate", lambda level, n: f"{spread(level, n) / 2080:.4f}")
    assert hours.decisions[0].lines == ('pay_is = "per hour"',)
    thousands = staff("Salary", lambda level, n: spread(level, n) / 1000)
    assert thousands.decisions[0].lines == ('pay_is = "thousands per year"',)


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        (lambda _, n: ("low", "medium", "high")[n % 3], "does not hold amounts"),
        (lambda level, n: f"{YEARLY[level]} {('EUR', 'GBP')[n % 2]}", "in several currencies"),
        (lambda level, n: "" if n else "n/a", ""),
    ],
)
def test_pay_that_says_nothing_is_passed_over(
    cell: Callable[[int, int], object], word: str
) -> None:
    found = staff("Salary", cell)
    assert salaries(found) == []
    assert not word or any(word in note for note in found.notes if note.startswith("Pay"))


def test_a_scenario_takes_the_rosters_salaries_and_its_own_go_before(tmp_path: Path) -> None:
    lines = ["employee_id,level,department,annual_salary"]
    lines += [
        f"{level}-{n},{level},A,{spread(level, n)}" for level in HEADS for n in range(HEADS[level])
    ]
    (tmp_path / "staff.csv").write_text("\n".join(lines), encoding="utf-8")
    path = tmp_path / "ours.toml"
    path.write_text("[organisation]\nroster = 'staff.csv'\n", encoding="utf-8")
    scenario = load_scenario(path)
    assert list(scenario.settings["costs"]["salary_by_level"]) == OWN
    assert scenario.origins["costs.salary_by_level"] == "roster"
    assert base_salary(scenario.settings["costs"]) == np.mean(OWN[:2])
    own = scenario.with_settings({"costs.salary": 70_000.0})
    assert base_salary(own.settings["costs"]) == 70_000.0
    shown = mentorsim("check", str(path), folder=tmp_path).stdout
    assert "# salary_by_level = [30000.0, 41500.0, 60000.0, 84900.0]" in shown
    assert "150000" not in shown
