"""The firm's own turnover, from the leavers in its file: the right count, the right exposure, honest words."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from command_line import sim_here as mentorsim
from sim.organisation.roster.findings import Decision
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.understanding import Understanding, understand
from sim.scenario import load_scenario

HEAD = "employee_id,level,department,hire_date,status,termination_date,termination_reason"
STAFF = [f"s{n},1,A,2015-03-01,active,," for n in range(10)]
LEAVERS = [
    "l0,1,A,2010-01-01,terminated,2022-01-01,resigned",
    "l1,1,A,2010-01-01,terminated,2022-07-02,resigned",
    "l2,1,A,2010-01-01,terminated,2023-01-01,dismissed",
    "l3,1,A,2010-01-01,terminated,2024-01-01,resigned",
]


def read(lines: list[str]) -> Understanding:
    content = "\n".join([HEAD, *lines]).encode()
    return understand(io.BytesIO(content), RosterOptions(), name="staff.csv")


def offer(found: Understanding) -> Decision | None:
    """What is asked about turnover."""
    asked = [one for one in found.decisions if "turnover" in one.question]
    return asked[0] if asked else None


def names(found: Understanding) -> list[str]:
    """Settings for which lines are offered."""
    asked = offer(found)
    return [] if asked is None else [line.split()[0] for line in asked.lines]


def test_exits_over_person_years_by_hand() -> None:
    found = read(STAFF + LEAVERS).turnover
    assert found is not None
    assert (found.first, found.last) == (date(2022, 1, 1), date(2024, 1, 1))
    # Ten people for 730 days, and the leavers for 0, 182, 365 and 730.
    assert found.all_exits.years == pytest.approx((10 * 730 + 182 + 365 + 730) / 365.25)
    assert found.all_exits.exits == 3  # the first opens the window
    # Garwood's interval of a count of 3.
    low, high = (end * found.all_exits.years for end in found.all_exits.interval)
    assert (low, high) == pytest.approx((0.6187, 8.7673), abs=1e-4)
    assert found.quits is not None
    assert found.quits.exits == 2
    assert found.quits.years == pytest.approx(found.all_exits.years)
    assert found.by_year == ((2022, 2), (2023, 1), (2024, 1))


@pytest.mark.parametrize(
    ("more", "days"),
    [
        # Hired in the window, or after it; back again after a first stay; no first day; gone before.
        (["n,1,A,2023-12-22,active,,"], 10),
        (["n,1,A,2024-06-01,active,,"], 0),
        (["n,1,A,2023-12-02,active,2020-05-01,"], 30),
        (["n,1,A,,active,,"], 730),
    ],
)
def test_everybody_is_at_risk_while_employed_within_the_window(more: list[str], days: int) -> None:
    before, after = read(STAFF + LEAVERS).turnover, read(STAFF + LEAVERS + more).turnover
    assert before is not None
    assert after is not None
    assert after.all_exits.exits == 3
    assert (after.all_exits.years - before.all_exits.years) * 365.25 == pytest.approx(days)


def test_what_the_file_cannot_tell_is_said() -> None:
    found = read(STAFF + LEAVERS)
    assert any("Whoever left before 2022-01-01" in note for note in found.notes)
    assert names(found) == ["turnover", "turnover_total"]
    undated = read([*STAFF, *LEAVERS, "u,1,A,2010-01-01,terminated,,"])
    assert undated.turnover is not None
    assert undated.turnover.without_day == 1
    assert undated.turnover.all_exits == found.turnover.all_exits  # type: ignore[union-attr]
    assert any("1 leavers without a day are not counted" in note for note in undated.notes)
    no_reasons = read(STAFF + [line.rpartition(",")[0] + "," for line in LEAVERS])
    assert no_reasons.turnover is not None
    assert no_reasons.turnover.quits is None
    assert names(no_reasons) == ["turnover_total"]
    some = read(STAFF + LEAVERS[:3] + [LEAVERS[3].rpartition(",")[0] + ","])
    assert some.turnover is not None
    assert some.turnover.quits is not None
    assert some.turnover.quits.exits == 1
    assert some.turnover.quits.years == pytest.approx(some.turnover.all_exits.years * 2 / 3)


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_too_little_on_file_gives_no_rate(kept: int) -> None:
    found = read(STAFF + LEAVERS[:kept])
    assert found.turnover is None
    assert offer(found) is None
    said = [note for note in found.notes if note.startswith("Turnover")]
    assert len(said) == (kept > 0)
    assert not said or f"left, {kept} of them on a day that is on file" in said[0]


def firm(rate: float, seed: int, posts: int = 80, purged_until: date | None = None) -> list[str]:
    """Five years of a firm whose people leave at a yearly rate, each replaced a little later."""
    luck = random.Random(seed)
    begin, end = date(2020, 1, 1), date(2025, 1, 1)
    lines = []
    for post in range(posts):
        hired = begin - timedelta(days=luck.randint(1, 3000))
        day = begin + timedelta(days=int(luck.expovariate(rate) * 365.25))
        while day <= end:
            if purged_until is None or day > purged_until:
                lines.append(f"{len(lines)},1,A,{hired},terminated,{day},")
            hired = day + timedelta(days=luck.randint(0, 60))
            day = hired + timedelta(days=int(luck.expovariate(rate) * 365.25))
        if hired <= end:
            lines.append(f"{len(lines)},{1 + post % 2},A,{hired},active,,")
    return lines


def test_the_interval_holds_the_true_rate_as_often_as_it_says() -> None:
    held, total = 0, 40
    for seed in range(total):
        found = read(firm(0.12, seed, 60)).turnover
        assert found is not None
        low, high = found.all_exits.interval
        held += low <= 0.12 <= high
    assert held >= 34  # of 40; 95 % hold, and fewer than 34 would come once in 300


def test_records_that_begin_late_are_noticed() -> None:
    whole = [read(firm(0.15, seed, 200)).turnover for seed in range(5)]
    assert sum(found is not None and found.later is not None for found in whole) <= 1
    thin = firm(0.15, 3, 200, purged_until=date(2023, 1, 1)) + [
        f"x{n},1,A,2010-01-01,terminated,{2020 + n}-02-01," for n in range(3)
    ]
    found = read(thin)
    assert found.turnover is not None
    assert found.turnover.later is not None
    assert found.turnover.later.value > 1.2 * found.turnover.all_exits.value
    assert any("leavers of earlier years may be missing" in note for note in found.notes)


def test_the_planner_chooses_whose_turnover_holds(tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text("\n".join([HEAD, *STAFF, *LEAVERS]), encoding="utf-8")
    done = mentorsim("roster", "staff.csv", "--write", "model.toml", folder=tmp_path)
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert "of the staff leave in a year (2.6% to 37.3%: 3 in 23 person-years)" in said
    assert "The model's own for these people, without a programme:" in said
    text = (tmp_path / "model.toml").read_text(encoding="utf-8")
    assert "# turnover_total = 0.128" in text
    assert load_scenario(tmp_path / "model.toml").settings["organisation"]["turnover_total"] is None
    settings = '[organisation]\nfile_date = "2024-02-01"\nstart_year = 2024\n'
    (tmp_path / "told.toml").write_text(settings, encoding="utf-8")
    done = mentorsim(
        "roster",
        "staff.csv",
        "--settings",
        "told.toml",
        "--write",
        "own.toml",
        "--turnover",
        "file",
        folder=tmp_path,
    )
    own = load_scenario(tmp_path / "own.toml").settings["organisation"]
    assert (own["turnover"], own["turnover_total"]) == (0.085, 0.128)
    assert (own["file_date"], own["start_year"]) == ("2024-02-01", 2024)
    (tmp_path / "few.csv").write_text("\n".join([HEAD, *STAFF]), encoding="utf-8")
    done = mentorsim(
        "roster", "few.csv", "--write", "x.toml", "--turnover", "file", folder=tmp_path
    )
    assert done.returncode == 2
    assert "too few leavers" in done.stderr
    assert not (tmp_path / "x.toml").exists()
