"""Pair lists: the simulation's own pairing for real people, and honest words about what is not known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from command_line import sim_here as mentorsim
from places import ROSTERS
from sim.errors import InputError
from sim.organisation.roster.understanding import read_roster
from sim.pair_lists.draft import read_draft
from sim.pair_lists.making import PairList, make_list
from sim.pair_lists.request import Draft, PairRequest
from sim.pair_lists.scoring import TIE, Scoring
from sim.pair_lists.tables import (
    first_line,
    mean_score,
    pairs_table,
    unmatched_table,
    words_on_needs,
)
from sim.pair_lists.writing import write_list
from staff_lists import firm, roster_of, settings_of


def check_rules(found: PairList) -> None:
    """Nobody twice, nobody beyond capacity, no barred pair."""
    roster, table = found.roster, pairs_table(found)
    row_of = {one: row for row, one in enumerate(roster.employee_id)}
    assert table["mentee"].is_unique
    taken = table["mentor"].map(row_of).value_counts()
    assert all(count <= found.participants.room[row] for row, count in taken.items())
    boss = roster.manager
    for mentee, mentor in zip(
        table["mentee"].map(row_of), table["mentor"].map(row_of), strict=True
    ):
        assert mentee != mentor
        assert boss[mentee] != mentor
        assert boss[mentor] != mentee
        assert boss[mentee] < 0 or boss[boss[mentee]] != mentor
        assert boss[mentee] < 0 or boss[mentee] != boss[mentor]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    people=st.integers(12, 40),
    seed=st.integers(0, 10_000),
    policy=st.sampled_from(["traditional", "reverse", "reciprocal", "complementary"]),
    stated=st.booleans(),
    roles=st.booleans(),
    capacity=st.integers(1, 3),
)
@example(people=17, seed=0, policy="traditional", stated=False, roles=False, capacity=1)
@example(people=12, seed=13, policy="reverse", stated=True, roles=True, capacity=1)
@pytest.mark.long
def test_whatever_the_roster_the_rules_hold_and_the_list_is_the_same_again(
    tmp_path: Path, people: int, seed: int, policy: str, stated: bool, roles: bool, capacity: int
) -> None:
    roster = roster_of(tmp_path, firm(people, seed, stated=stated, roles=roles))
    how = settings_of(policy, mentor_capacity=capacity)
    request = PairRequest(places=people)
    try:
        found = make_list(roster, how, request, worlds=0 if stated else 3)
    except InputError as refusal:
        assert "nobody can be a" in str(refusal)
        return
    check_rules(found)
    again = make_list(roster, how, request, worlds=0 if stated else 3)
    pd.testing.assert_frame_equal(pairs_table(found), pairs_table(again))
    greedy = make_list(
        roster,
        settings_of(policy, mentor_capacity=capacity, assignment="greedy"),
        request,
        worlds=0 if stated else 3,
    )
    if found.pairs == greedy.pairs:
        # What decides among equals is in what is maximised, not in the score.
        among_equals = TIE * max(part.scoring.typical for part in found.parts)
        assert mean_score(found) >= mean_score(greedy) - among_equals
    table = pairs_table(found)
    if len(table) > 1:
        fixed = (table["mentee"].iloc[-1], table["mentor"].iloc[0])
        if fixed[0] != fixed[1]:
            kept = make_list(
                roster,
                how,
                PairRequest(places=people, draft=Draft(fixed=(fixed,))),
                worlds=0 if stated else 3,
            )
            rows = pairs_table(kept).set_index("mentee")
            assert rows.loc[fixed[0], "mentor"] == fixed[1]
            assert rows.loc[fixed[0], "status"] == "fixed"
        barred = (table["mentee"].iloc[0], table["mentor"].iloc[0])
        without = make_list(
            roster,
            how,
            PairRequest(places=people, draft=Draft(forbidden=(barred,))),
            worlds=0 if stated else 3,
        )
        assert barred not in set(
            zip(pairs_table(without)["mentee"], pairs_table(without)["mentor"], strict=True)
        )


def test_with_stated_skills_the_list_is_one_optimum_and_names_what_is_on_file(
    tmp_path: Path,
) -> None:
    roster = roster_of(tmp_path, firm(40, 1))
    found = make_list(roster, settings_of("traditional"), PairRequest(places=20))
    assert found.estimated == 0
    assert found.parts[0].scoring.worlds == 1
    table = pairs_table(found)
    assert (table["basis"] == "stated").all()
    assert table["reason 1"].str.contains("the mentor knows more of").all()
    assert "this is the best that the rules allow" in first_line(found)
    assert table["score"].max() == 100.0
    assert (table["rules checked"].str.contains("not one's own manager")).all()


def test_without_skills_the_list_says_that_it_cannot_tell_people_apart() -> None:
    roster = read_roster(ROSTERS / "lazega_law_firm.csv")
    found = make_list(roster, settings_of("reverse"), PairRequest(places=30))
    line = first_line(found)
    assert "can tell levels and ages apart, not people" in line
    assert 0.75 < found.kept_by_lots < 0.99
    table = pairs_table(found)
    assert (table["basis"] == "estimated").all()
    assert not table["reason 1"].str.contains("skill|knows").any()
    assert {name for name, _ in found.rules.unchecked} == {
        "bar_own_manager", "bar_skip_level", "bar_same_team",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("people", "seed"),
    [
        (60, 3),
        *(pytest.param(40 + 12 * seed, seed, marks=pytest.mark.full) for seed in range(4, 10)),
    ],
)
def test_the_mean_of_many_worlds_beats_one_on_worlds_that_it_has_not_seen(
    tmp_path: Path, people: int, seed: int
) -> None:
    roster = roster_of(tmp_path, firm(people, seed, stated=False))
    how = settings_of("traditional", bar_same_team=False)
    lists = {
        worlds: make_list(roster, how, PairRequest(places=25), seed=5, worlds=worlds)
        for worlds in (1, 40)
    }
    fresh = make_list(roster, how, PairRequest(places=25), seed=99, worlds=30).parts[0].scoring
    worth = {}
    for worlds, found in lists.items():
        matches = found.parts[0].matches
        mean = fresh._mean(matches.mentees, np.unique(matches.mentors))
        columns = np.searchsorted(np.unique(matches.mentors), matches.mentors)
        worth[worlds] = float(mean[np.arange(len(matches.mentees)), columns].mean())
    assert worth[40] > worth[1]


def test_one_person_more_changes_few_pairs() -> None:
    text = (ROSTERS / "lazega_law_firm.csv").read_text(encoding="utf-8")
    import io

    before = read_roster(io.BytesIO(text.encode()))
    after = read_roster(io.BytesIO((text + "999,associate,litigation,Boston,33,4\n").encode()))
    lists = [
        pairs_table(
            make_list(
                roster, settings_of("reverse"), PairRequest(places=30, choose="best"), worlds=60
            )
        )
        for roster in (before, after)
    ]
    same = set(zip(lists[0]["mentee"], lists[0]["mentor"], strict=True)) & set(
        zip(lists[1]["mentee"], lists[1]["mentor"], strict=True)
    )
    assert len(same) >= 0.6 * len(lists[0])


@pytest.mark.parametrize("seed", range(3))
def test_one_person_more_among_people_with_skills_changes_few_pairs(
    tmp_path: Path, seed: int
) -> None:
    text = firm(100, seed, roles=True)
    newcomer = firm(101, seed + 50, roles=True).splitlines()[-1]
    lists = []
    for number, one in enumerate((text, f"{text}{newcomer}\n")):
        found = make_list(
            roster_of(tmp_path, one, f"{number}.csv"), settings_of("traditional"), PairRequest()
        )
        table = pairs_table(found)
        lists.append(set(zip(table["mentee"], table["mentor"], strict=True)))
    assert len(lists[0]) > 10
    assert len(lists[0] & lists[1]) >= 0.7 * len(lists[0])


@pytest.mark.parametrize("policy", ["self_selected", "nominated", "ai_assisted", "none"])
def test_other_peoples_judgement_is_refused(policy: str) -> None:
    roster = read_roster(ROSTERS / "lazega_law_firm.csv")
    with pytest.raises(InputError, match="policies for a pair list|Policies for a pair list"):
        make_list(roster, settings_of(policy), PairRequest())


def test_unmatched_people_learn_the_one_rule_that_stands_in_the_way(tmp_path: Path) -> None:
    text = (
        "employee_id,level,department,manager_id,site,role,capacity\n"
        "boss,2,A,,North,mentor,1\nown,1,A,boss,North,mentee,\nother,1,B,,North,mentee,\n"
        "late,1,B,,North,mentee,\n"
    )
    found = make_list(
        roster_of(tmp_path, text), settings_of("traditional"), PairRequest(), worlds=2
    )
    table = unmatched_table(found).set_index("person")
    assert (
        "'not one's own manager' alone stands between them and 1 mentor"
        in table.loc["own", "reason"]
    )
    assert found.pairs == 1
    (left,) = {"other", "late"} - set(pairs_table(found)["mentee"])
    assert "as many mentees as they can take" in table.loc[left, "reason"]
    assert found.needs.more_mentors == 1
    assert found.needs.without_prospect == 1


def test_rules_are_never_checked_against_what_was_invented(tmp_path: Path) -> None:
    lines = ["employee_id,level,department,site"]
    lines += [f"s{row},2,A,{'North' if row % 2 else 'N/A'}" for row in range(6)]
    lines += [f"j{row},1,A,{'South' if row % 2 else ''}" for row in range(6)]
    roster = roster_of(tmp_path, "\n".join(lines))
    how = settings_of("traditional", same_site_only=True)
    found = make_list(roster, how, PairRequest(places=6), worlds=2)
    sites = dict(zip(roster.employee_id, roster.site.tolist(), strict=True))
    for mentee, mentor in zip(
        pairs_table(found)["mentee"], pairs_table(found)["mentor"], strict=True
    ):
        assert -1 in (sites[mentee], sites[mentor]) or sites[mentee] == sites[mentor]
    assert ("same_site_only", 6) in found.rules.partly
    assert found.rules.unchecked[0][1] == "no managers on file"


def test_a_draft_comes_back_with_what_was_settled(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, firm(40, 2))
    how = settings_of("traditional")
    found = make_list(roster, how, PairRequest(places=12))
    folder = tmp_path / "list"
    paths = write_list(found, folder, source="staff.csv", version="1", seed=1)
    assert [path.name for path in paths] == ["pairs.csv", "unmatched.csv", "pairs.xlsx"]
    with pytest.raises(InputError, match="there is something already"):
        write_list(found, folder, source="staff.csv", version="1", seed=1)
    book = load_workbook(folder / "pairs.xlsx")
    assert book.sheetnames == ["pairs", "unmatched", "how it was made"]
    sheet = book["pairs"]
    names = [cell.value for cell in sheet[1]]
    status, mentor = names.index("status") + 1, names.index("mentor") + 1
    sheet.cell(row=2, column=status, value="fixed")
    sheet.cell(row=3, column=status, value="Forbidden")
    sheet.cell(row=4, column=mentor, value="P1")
    book.save(tmp_path / "edited.xlsx")
    draft = read_draft(tmp_path / "edited.xlsx", roster)
    mentees = [sheet.cell(row=row, column=1).value for row in (2, 3, 4)]
    assert draft.fixed == ((mentees[0], sheet.cell(row=2, column=mentor).value), (mentees[2], "P1"))
    assert draft.forbidden == ((mentees[1], sheet.cell(row=3, column=mentor).value),)
    again = make_list(roster, how, PairRequest(places=12, draft=draft))
    made = set(zip(pairs_table(again)["mentee"], pairs_table(again)["mentor"], strict=True))
    assert set(draft.fixed) <= made
    assert not set(draft.forbidden) & made
    for row in (5, 6):
        sheet.cell(row=row, column=1, value="nobody")
    sheet.cell(row=7, column=status, value="perhaps")
    book.save(tmp_path / "wrong.xlsx")
    with pytest.raises(InputError) as caught:
        read_draft(tmp_path / "wrong.xlsx", roster)
    assert "'nobody' is nobody on the staff" in str(caught.value)
    assert "'perhaps' is not a status" in str(caught.value)


def test_texts_that_look_like_formulas_are_harmless(tmp_path: Path) -> None:
    ids = ["=1+1", "+cmd", "-2", "@SUM(A1)", "fine", "'quoted"]
    lines = ["employee_id,level,department,role"]
    lines += [f'"{one}",2,"=HYPERLINK(""x"")",mentor' for one in ids[:3]]
    lines += [f'"{one}",1,"@dept",mentee' for one in ids[3:]]
    roster = roster_of(tmp_path, "\n".join(lines))
    found = make_list(roster, settings_of("traditional"), PairRequest(), worlds=2)
    write_list(found, tmp_path / "list", source="=x.csv", version="1", seed=1)
    for path in (tmp_path / "list").glob("*.csv"):
        for cell in pd.read_csv(path, dtype=str, keep_default_na=False).to_numpy().ravel():
            assert not str(cell).startswith(("=", "+", "-", "@"))
    book = load_workbook(tmp_path / "list" / "pairs.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    cells = {cell.value for row in book["pairs"].iter_rows() for cell in row}
    assert "@SUM(A1)" in cells
    assert set(read_draft(tmp_path / "list" / "pairs.csv", roster).fixed) == set()


def test_places_go_by_lot_or_to_the_best(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, firm(40, 4))
    how = settings_of("traditional")
    lot, best = (
        make_list(roster, how, PairRequest(places=8, choose=one)) for one in ("lottery", "best")
    )
    assert lot.pairs == best.pairs == 8
    assert mean_score(best) > mean_score(lot)
    reseeded = make_list(roster, how, PairRequest(places=8), seed=2)
    assert set(pairs_table(reseeded)["mentee"]) != set(pairs_table(lot)["mentee"])
    with pytest.raises(InputError, match="lottery, best"):
        PairRequest(choose="both")
    with pytest.raises(InputError, match="contradict"):
        PairRequest(prefer=("same_site", "other_site"))


def test_preferences_decide_among_equals(tmp_path: Path) -> None:
    lines = ["employee_id,level,department,site,role"]
    lines += [f"s{row},2,A,{['North', 'South'][row % 2]},mentor" for row in range(8)]
    lines += [f"j{row},1,A,{['North', 'South'][row % 2]},mentee" for row in range(8)]
    roster = roster_of(tmp_path, "\n".join(lines))
    request = PairRequest(prefer=("same_site",))
    found = make_list(roster, settings_of("traditional", mentor_capacity=1), request, worlds=3)
    sites = dict(zip(roster.employee_id, roster.site.tolist(), strict=True))
    table = pairs_table(found)
    assert all(sites[a] == sites[b] for a, b in zip(table["mentee"], table["mentor"], strict=True))


def test_a_portfolio_and_random_pairs(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, firm(40, 5))
    found = make_list(roster, settings_of("portfolio"), PairRequest(places=12))
    check_rules(found)
    assert pairs_table(found)["direction"].nunique() > 1
    drawn = make_list(roster, settings_of("random"), PairRequest(places=12))
    check_rules(drawn)
    assert "drawn by lot" in first_line(drawn)
    assert (pairs_table(drawn)["basis"] == "drawn by lot").all()


@pytest.mark.long
def test_the_command_writes_a_list_and_reads_a_draft_back(tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text(firm(40, 6), encoding="utf-8")
    done = mentorsim(
        "pair",
        "staff.csv",
        "--policy",
        "traditional",
        "--places",
        "6",
        "--output",
        "one",
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 pairs.")
    assert "Coverage:" in done.stdout
    again = mentorsim(
        "pair",
        "staff.csv",
        "--policy",
        "traditional",
        "--places",
        "6",
        "--output",
        "two",
        "--draft",
        "one/pairs.csv",
        folder=tmp_path,
    )
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "one" / "pairs.csv").read_bytes() == (
        tmp_path / "two" / "pairs.csv"
    ).read_bytes()
    refused = mentorsim("pair", "staff.csv", "--policy", "nominated", folder=tmp_path)
    assert refused.returncode == 2
    assert "cannot be made by nominated" in refused.stderr
    unknown = mentorsim("pair", "staff.csv", "--policy", "revers", folder=tmp_path)
    assert unknown.returncode == 2
    assert "reverse" in unknown.stderr


def test_scoring_by_what_the_roster_tells_agrees_with_the_mean(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, firm(60, 8, stated=False))
    found = make_list(roster, settings_of("traditional"), PairRequest(places=20), worlds=150)
    scoring: Scoring = found.parts[0].scoring
    mentees, mentors = np.arange(13, 60), np.arange(0, 13)
    smooth, mean = scoring._predicted(mentees, mentors), scoring._mean(mentees, mentors)
    assert np.corrcoef(smooth.ravel(), mean.ravel())[0, 1] > 0.8


def test_the_gap_is_told_in_mentors_and_in_capacity(tmp_path: Path) -> None:
    lines = ["employee_id,level,department,role,capacity"]
    lines += [f"m{row},2,{'AB'[row % 2]},mentor,{1 + row % 2}" for row in range(4)]  # 1, 2, 1, 2
    lines += [f"low{row},1,A,mentor,2" for row in range(3)]
    lines += [f"j{row},1,{'AB'[row % 2]},mentee," for row in range(10)]
    how = settings_of("traditional")
    found = make_list(roster_of(tmp_path, "\n".join(lines)), how, PairRequest(), worlds=2)
    need = found.needs
    assert (need.willing, need.mentors, need.capacity, need.mentees) == (7, 4, 6, 10)
    assert (need.matched, need.turned_away) == (6, 4)
    # Everybody has stated a number, 2 in the middle: two more mentors; or 3 for each, more than stated.
    assert (need.more_mentors, need.each) == (2, 2)
    assert (need.smallest_capacity, need.raised_capacity) == (None, 3)
    said = " ".join(words_on_needs(found))
    assert (
        "4 of the 7 who may mentor (the others are allowed for nobody) can take 6 mentees" in said
    )
    assert "2 more mentors with 2 mentees each" in said
    assert "3 mentees for every mentor, also for those who have stated fewer" in said
    reasons = unmatched_table(found).set_index("person")["reason"]
    assert len(reasons) == 4 + 3
    for row in range(3):
        assert reasons[f"low{row}"] == (
            "no mentee is allowed: the rule 'the levels that the policy asks for' alone stands between them and 10 "
            "mentees"
        )
    lines = [
        line.removesuffix(",1").removesuffix(",2") + ("," if line[0] == "m" else "")
        for line in lines
    ]
    open_ = make_list(roster_of(tmp_path, "\n".join(lines)), how, PairRequest(), worlds=2).needs
    assert (open_.smallest_capacity, open_.raised_capacity, open_.each) == (3, None, 2)


def test_mentors_whom_nobody_needs_are_told_from_those_whom_rules_bar(tmp_path: Path) -> None:
    text = (
        "employee_id,level,department,manager_id,role,capacity\n"
        "boss,2,A,,mentor,1\nother,2,B,,mentor,1\nspare,2,B,,mentor,1\nown,1,A,boss,mentee,\n"
    )
    how = settings_of("traditional")
    found = make_list(roster_of(tmp_path, text), how, PairRequest(), worlds=2)
    reasons = unmatched_table(found).set_index("person")["reason"]
    assert "'not one's own manager' alone stands between them and 1 mentee" in reasons["boss"]
    (left,) = {"other", "spare"} - set(pairs_table(found)["mentor"])
    assert reasons[left] == "nobody needed them: the rules allow them 1 mentee, paired with others"
