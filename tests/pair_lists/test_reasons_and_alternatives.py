"""What a list says of a pair, word for word; the others it names, found again by looking at everybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from sim.organisation.roster.understanding import read_roster
from sim.pair_lists.making import PairList, make_list
from sim.pair_lists.reasons import largest_gain, reasons_for
from sim.pair_lists.request import Draft, PairRequest
from sim.pair_lists.tables import mean_score
from sim.pair_lists.writing import write_list
from sim.programme.matching import score_of
from staff_lists import firm, roster_of, settings_of

FOUR = (
    "employee_id,level,department,site,age,tenure_years,engagement\n"
    "a,1,Lab,North,30,2,3\nb,3,Lab,North,51,9,3\nc,2,Shop,South,29,3.5,3\nd,1,Shop,,31,4,3\n"
)


def fixed(*pairs: tuple[str, str]) -> PairList:
    return make_list(
        read_roster(FOUR.encode()), settings_of("random"),
        PairRequest(places=4, draft=Draft(fixed=pairs)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mentee", "mentor", "said"),
    [
        ("a", "b", ["the mentor stands 2 levels above (3 and 1)", "the mentor is 21 years older",
                    "the mentor has been there 7 years longer", "both work in Lab", "same site (North)"]),
        ("a", "c", ["the mentor stands 1 level above (2 and 1)", "across departments (Shop, Lab)",
                    "across sites (South, North)"]),
        ("b", "c", ["the mentor stands 1 level below (2 and 3)", "the mentor is 22 years younger",
                    "across departments (Shop, Lab)", "across sites (South, North)"]),
        ("a", "d", ["both stand on the same level (1)", "the mentor has been there 2 years longer",
                    "across departments (Shop, Lab)"]),
        ("d", "b", ["the mentor stands 2 levels above (3 and 1)", "the mentor is 20 years older",
                    "the mentor has been there 5 years longer", "across departments (Lab, Shop)"]),
    ],
)  # fmt: skip
def test_reasons_name_what_is_on_file(mentee: str, mentor: str, said: list[str]) -> None:
    found = fixed((mentee, mentor))
    (part,) = found.parts
    at = [found.roster.employee_id[row] for row in part.matches.mentees].index(mentee)
    assert reasons_for(part, at) == ["settled beforehand: the pair was fixed", *said][:3]
    unsettled = replace(part, fixed=np.zeros_like(part.fixed))
    assert reasons_for(unsettled, at) == ["drawn by lot", *said][:3]


def test_a_list_without_pairs_has_no_mean() -> None:
    two = b"employee_id,level,department,manager_id\na,2,X,\nb,1,X,a\n"
    found = make_list(read_roster(two), settings_of("traditional"), PairRequest(places=1))
    assert found.pairs == 0
    assert mean_score(found) == 0.0


def test_expected_skills_and_scores_are_means_over_the_imputed_firms(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, firm(20, 3, stated=False))
    scoring = make_list(roster, settings_of("traditional"), PairRequest(places=5), worlds=3).parts[0].scoring  # fmt: skip
    every = [now.state.skills for now, _ in scoring._moments]
    assert len(every) == 3
    np.testing.assert_allclose(scoring.skills, np.mean(every, axis=0), rtol=1e-14)
    mentees, mentors = np.arange(5, 20), np.arange(5)
    tables = np.stack(
        [
            score_of(scoring.policy)(scoring.candidates(mentees, mentors, world))
            for world in range(3)
        ]
    )
    tables[tables < 0.0] = np.nan
    some = ~np.isnan(tables).all(axis=0)
    mean = scoring._mean(mentees, mentors)
    np.testing.assert_allclose(mean[some], np.nanmean(tables[:, some], axis=0), rtol=1e-12)
    assert (mean[~some] < 0.0).all()


def test_alternatives_are_the_next_best_and_one_is_free_if_anybody_is(tmp_path: Path) -> None:
    seen_first_full = 0
    for seed in range(6):
        roster = roster_of(tmp_path, firm(30, seed))
        how = settings_of("traditional", mentor_capacity=1)
        found = make_list(roster, how, PairRequest(places=4))
        (part,) = found.parts
        scoring, mentors = part.scoring, found.participants.mentors
        for mentee, mentor, (one, other) in zip(
            part.matches.mentees, part.matches.mentors, part.alternatives, strict=True
        ):
            candidates = scoring.candidates(np.array([mentee]), mentors)
            scores = np.where(candidates.allowed, scoring.plain(candidates), -1.0)[0]
            score = {
                int(who): float(value)
                for who, value in zip(mentors, scores, strict=True)
                if value >= 0.0 and who not in (mentee, mentor)
            }
            if not score:
                assert (one, other) == (-1, -1)
                continue
            assert score[int(one)] == max(score.values())
            del score[int(one)]
            free = {who: value for who, value in score.items() if found.room_left[who] > 0}
            if score:
                assert score[int(other)] == max((free or score).values())
                seen_first_full += bool(free) and max(score.values()) > max(free.values())
    assert seen_first_full > 3, "it mattered who has room"


def test_the_largest_gain_is_the_widest_gap_that_counts(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, firm(30, 4))
    (part,) = make_list(roster, settings_of("traditional"), PairRequest(places=8)).parts
    plan = part.scoring.plan
    for at in range(len(part.matches.mentees)):
        told = largest_gain(part, at)
        name = told.partition(" (")[0].replace(" ", "_")
        assert told.endswith("(on file)")
        mine, theirs = (
            roster.skills_have[side[at]] for side in (part.matches.mentees, part.matches.mentors)
        )
        assert theirs[name] > mine[name]
        assert name in plan.skill_names


def test_the_workbook_can_be_filtered_and_printed(tmp_path: Path) -> None:
    found = fixed(("a", "b"))
    *_, book = write_list(found, tmp_path / "list", source="staff.csv", version="1", seed=1)
    sheet = load_workbook(book)["pairs"]
    rows, columns = sheet.max_row, sheet.max_column
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, columns).column_letter}{rows}"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_area.endswith(f"${rows}")
    assert sheet.freeze_panes == "C2"
