"""The lot's list for a staff list: reproducible, blocked, balanced, harmless; and taken as it was drawn."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from command_line import complaint, sim_here
from sim.errors import InputError
from sim.pilots.designs import design_named
from sim.pilots.lottery_list import LotteryList, draw_list, listed_people
from sim.pilots.pilot import pilot
from sim.programme.lots import Listed
from sim.scenario import Scenario, load_scenario
from sim.simulation.plan import prepare

DEPARTMENTS = ("Care", "Lab", "Pharmacy", "Office", "Kitchen")

FIRM = """\
months = 20
seed = {seed}
[organisation]
roster = "staff.csv"
[programme]
policy = "random"
start_month = 2
cohort_months = 6
[[variant]]
name = "None"
programme.policy = "none"
[[variant]]
name = "Random"
programme.direction = "either"
"""


def staff(
    folder: Path, people: int = 100, seed: int = 5, *, roles: bool = False, first: str = "E"
) -> Scenario:
    """A scenario with a staff list of five departments and three levels; every second one would be a mentee."""
    with (folder / "staff.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["employee_id", "level", "department", "hire_date", "birth_year"] + ["role"] * roles
        )
        for number in range(people):
            row = [
                f"{first}{number:03d}",
                1 + number % 7 // 3,
                DEPARTMENTS[number % 5],
                f"20{10 + number % 15}-03-01",
                1960 + number % 40,
            ]
            writer.writerow([*row, *(["mentee" if number % 2 else "mentor"] * roles)])
    (folder / "firm.toml").write_text(FIRM.format(seed=seed), encoding="utf-8")
    return load_scenario(folder / "firm.toml")


def drawn(scenario: Scenario, design: str, offered: int, seed: int = 5) -> LotteryList:
    assert scenario.roster is not None
    plan = prepare("x", scenario.variant("Random").settings, roster=scenario.roster)
    return draw_list(plan, scenario.roster, design_named(design), offered, seed)


def test_the_list_is_exact_blocked_and_reproducible(tmp_path: Path) -> None:
    scenario = staff(tmp_path)
    one, again = (drawn(scenario, "volunteers_waiting", 30).table for _ in range(2))
    pd.testing.assert_frame_equal(one, again)
    assert (one["arm"] == "offered").sum() == 30
    assert len(one) == 100
    for _, block in one.groupby(["department", "level"]):
        share = (block["arm"] == "offered").sum() - 0.3 * len(block)
        assert abs(share) < 1.0 + 1e-9  # as nearly as whole people allow
    other = drawn(scenario, "volunteers_waiting", 30, seed=6).table
    assert (other["arm"] != one["arm"]).any()
    for _, block in one.merge(other, on="person").groupby("department_x"):
        assert len(block)


def test_everybody_is_drawn_equally_often(tmp_path: Path) -> None:
    scenario = staff(tmp_path, 40)
    counts = np.zeros(40)
    for seed in range(300):
        counts += (
            drawn(scenario, "volunteers_waiting", 12, seed).table["arm"] == "offered"
        ).to_numpy()
    assert abs(counts / 300 - 0.3).max() < 4.5 * np.sqrt(0.3 * 0.7 / 300)


def test_designs_draw_what_they_say(tmp_path: Path) -> None:
    scenario = staff(tmp_path)
    steps = drawn(scenario, "stepped_start", 60).table
    assert (
        steps["turn"].value_counts().to_dict() == {1: 34, 2: 33, 3: 33}
        or steps["turn"].value_counts().max() - steps["turn"].value_counts().min() <= 1
    )
    assert set(steps.loc[steps["turn"] == 1, "arm"]) == {"offered"}
    homes = drawn(scenario, "departments", 40).table
    assert homes.groupby("department")["arm"].nunique().max() == 1
    assert homes["department"].nunique() == 4
    assert homes.groupby("arm")["department"].nunique().to_dict() == {"offered": 2, "waits": 2}
    outside = drawn(scenario, "mentors_outside", 20).table
    assert outside["arm"].value_counts().to_dict() == {"offered": 20, "waits": 20}


def test_roles_say_who_has_signed_up(tmp_path: Path) -> None:
    scenario = staff(tmp_path, roles=True)
    found = drawn(scenario, "volunteers_waiting", 40)
    assert len(found.table) == 50
    assert (found.table["arm"] == "offered").sum() == 25  # half must wait
    assert any("25 and not 40" in note for note in found.notes)
    assert any("role" in note for note in found.notes)


def test_balance_counts_both_arms(tmp_path: Path) -> None:
    found = drawn(staff(tmp_path), "volunteers_waiting", 30)
    balance = found.balance.set_index("what")
    assert balance.loc["people"].tolist() == [30.0, 70.0]
    for department in DEPARTMENTS:
        assert balance.loc[f"department {department}"].sum() == 20.0
    assert balance.loc["mean age", "offered"] == pytest.approx(
        balance.loc["mean age", "waits"], abs=8.0
    )


def test_too_few_people_or_departments(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="about 8 people"):
        drawn(staff(tmp_path, 8), "volunteers_waiting", 5)
    scenario = staff(tmp_path)
    (tmp_path / "staff.csv").write_text(
        (tmp_path / "staff.csv")
        .read_text("utf-8")
        .replace("Kitchen", "Lab")
        .replace("Office", "Lab"),
        "utf-8",
    )
    scenario = load_scenario(tmp_path / "firm.toml")
    with pytest.raises(InputError, match="there are 3 with people who are invited"):
        drawn(scenario, "departments", 40)


def test_a_list_is_taken_as_it_was_drawn(tmp_path: Path) -> None:
    """Offers by list: in every simulated firm the same rows of the staff list are offered a place."""
    scenario = staff(tmp_path)
    table = drawn(scenario, "volunteers_waiting", 30).table
    table.to_csv(tmp_path / "list.csv", index=False)
    listed = listed_people(tmp_path / "list.csv", scenario.roster)
    assert isinstance(listed, Listed) and len(listed.offered) == 30 and len(listed.others) == 70
    found = pilot(
        scenario,
        lottery_list=tmp_path / "list.csv",
        firms=4,
        months=[6],
        designs=["eligible"],
        workers=1,
    )
    assert found.sizes == (30,)
    treated = found.answers[:, 0, -3]
    assert (treated <= 30).all() and (treated > 24).all()  # some have left before it begins
    assert any("Offers go to the 30 people of the list" in note for note in found.notes)
    for change, words in (
        (lambda t: t.assign(person="Z1"), "are not on the roster"),
        (lambda t: t.assign(arm="blue"), "should be offered or waits"),
        (lambda t: t.drop(columns="arm"), "this is no lottery list"),
    ):
        change(table).to_csv(tmp_path / "wrong.csv", index=False)
        with pytest.raises(InputError, match=words):
            listed_people(tmp_path / "wrong.csv", scenario.roster)
    with pytest.raises(InputError, match="takes a roster"):
        listed_people(tmp_path / "list.csv", None)


@pytest.mark.long
def test_from_a_staff_list_to_a_reading_by_the_command_line(tmp_path: Path) -> None:
    """List, protocol, results: no id on the page, no formula in the list, and the list comes back as it was."""
    staff(tmp_path, first="=E")
    words: tuple[Any, ...] = (
        "pilot",
        "firm.toml",
        "--firms",
        "4",
        "--offered",
        "20",
        "--months",
        "6",
    )
    words += ("--design", "eligible", "--quiet", "--protocol", "eligible,quits,20,6")
    result = sim_here(*words, "--output", "out", folder=tmp_path)
    assert result.returncode == 0, result
    text = (tmp_path / "out" / "lottery_list.csv").read_text("utf-8")
    assert "\n'=E0" in text and "\n=E0" not in text
    for name in (
        "pilot.html",
        "protocol.md",
        "protocol.toml",
        "manifest.json",
        "readings.csv",
        "balance.csv",
    ):
        assert "E001" not in (tmp_path / "out" / name).read_text("utf-8"), name
    rows = list(csv.DictReader(text.splitlines()))
    with (tmp_path / "RESULTS.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["person", "month", "quit"])
        for place, row in enumerate(rows):
            writer.writerow([row["person"], 6, "yes" if place % 9 == 0 else "no"])
    read = sim_here("pilot", "read", "out/protocol.toml", "RESULTS.csv", folder=tmp_path)
    assert read.returncode == 0, read
    assert "Quits: nothing found" in read.stdout
    assert "20 people" in read.stdout
    line = complaint(sim_here(*words, "--output", "out", folder=tmp_path))
    assert "there are results already" in line
    listed = sim_here(*words[:4], "--months", "6", "--list", "out/lottery_list.csv", "--design", "eligible",
                      "--quiet", "--output", "again", folder=tmp_path)  # fmt: skip
    assert listed.returncode == 0, listed
    assert "Offers go to the 20 people of the list" in listed.stdout


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("read", "protocol.toml"), "read takes a protocol and a file of results, and not 1"),
        (("firm.toml", "other.toml"), "one scenario is wanted"),
        (("firm.toml", "--design", "lottery"), "there is no design 'lottery'"),
        (("firm.toml", "--variant", "None"), "has no programme that could be piloted"),
        (("firm.toml", "--offered", "5000"), "5000 people cannot be offered a place"),
        (("firm.toml", "--months", "600"), "the scenario ends 18 months after the start"),
        (("firm.toml", "--protocol", "eligible,quits"), "is no reading"),
        (("firm.toml", "--roster", "nothing.csv"), "nothing.csv"),
        (("nothing.toml",), "nothing.toml"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    staff(tmp_path)
    assert said in complaint(sim_here("pilot", *words, folder=tmp_path))
