"""Files of figures: other names, percentages, calendars, gaps; and what cannot be, all of it said at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.deciding.observed import Observed, read_observed
from sim.deciding.observed_columns import COLUMNS, template
from sim.errors import InputError


def read(tmp_path: Path, text: str, **given: object) -> Observed:
    file = tmp_path / "seen.csv"
    file.write_text(text, encoding="utf-8")
    return read_observed(file, **{"employees": 100.0, "horizon": 23, **given})  # type: ignore[arg-type]


def refused(tmp_path: Path, text: str, **given: object) -> str:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, **given)
    return str(caught.value)


GOOD = """\
month,headcount,registered,matched,pairs,sessions_planned,sessions_held,survey_1_5,quits
-2,100,,,,,,,1
-1,100,,,,,,3.5,2
1,100,40,30,15,15,12,,1
2,101,0,0,0,15,10,3.6,0
"""


def test_a_good_file(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert found.months == (-2, -1, 1, 2) and found.last == 2
    assert found.cells["sessions_held"][2:].tolist() == [12.0, 10.0]
    np.testing.assert_allclose(found.cells["survey"][[1, 3]], [0.625, 0.65])
    assert np.isnan(found.cells["registered"][:2]).all()
    told = " ".join(found.notes)
    assert "Of the year before the start 2 months are there" in told
    assert "Not given, and so not learnt from: good_fit, poor_fit, ended_early" in told


def test_other_names_separators_and_order(tmp_path: Path) -> None:
    text = (
        "Month;Employees;Sign-ups;Meetings planned;Meetings held;Resignations;Remarks\n"
        "2;100;;10;8;0;slow\n1;100;20;10;9;2;\n"
    )
    found = read(tmp_path, text)
    assert found.months == (1, 2)
    assert found.cells["sessions_held"].tolist() == [9.0, 8.0]
    assert found.cells["registered"][0] == 20.0
    assert any("'Remarks'" in note and "Not read" in note for note in found.notes)
    assert any("nothing about the year before" in note for note in found.notes)


def test_percentages_are_of_what_they_are_a_share_of(tmp_path: Path) -> None:
    text = (
        "month,registered,matched,sessions_planned,sessions_held\n1,40,75 %,20,82 %\n2,0,0,20,15\n"
    )
    found = read(tmp_path, text)
    assert found.cells["matched"][0] == pytest.approx(30.0)
    assert found.cells["sessions_held"].tolist() == pytest.approx([16.4, 15.0])
    assert sum("percentages were taken of" in note for note in found.notes) == 2
    assert any("headcount is not given" in note and "100 people" in note for note in found.notes)
    told = refused(tmp_path, "month,sessions_held\n1,82 %\n2,80 %\n")
    assert "a percentage, and sessions_planned of that month is not known" in told
    told = refused(tmp_path, "month,quits\n1,12 %\n")
    assert "'12 %' is a percentage" in told
    told = refused(tmp_path, "month,sessions_planned,sessions_held\n1,20,0.82\n")
    assert "a share, perhaps" in told


def test_months_of_the_calendar(tmp_path: Path) -> None:
    text = "month,quits,pairs\n2026-01,1,\n2026-02,0,\n2026-03,2,10\n2026-04,1,0\n"
    found = read(tmp_path, text, began="2026-03")
    assert found.months == (-2, -1, 1, 2)
    assert "Say when the first cohort opened" in refused(tmp_path, text)
    assert "'March' is no month" in refused(tmp_path, text, began="March")


def test_missing_months_are_said(tmp_path: Path) -> None:
    text = "month,quits,sessions_planned,sessions_held\n1,1,10,9\n4,0,,8\n5,2,10,7\n"
    found = read(tmp_path, text)
    told = " ".join(found.notes)
    assert "Months 2, 3 are missing" in told
    assert "Blank months" in told and "sessions_planned (1)" in told


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1,100,10,20,5,5,4,,0", "more people are matched than registered (20 and 10)"),
        ("1,100,40,20,5,5,9,,0", "more sessions are held than planned (9 and 5)"),
        ("1,300,40,20,5,5,4,,0", "the file has 300 people and the scenario 100"),
        ("1,100,40,20,5,5,4,7,0", "not on the scale of 1 to 5"),
        ("1,100,-4,,5,5,4,,0", "-4 is below nought"),
        ("1,100,many,,5,5,4,,0", "'many' is not a number"),
        ("0,100,40,20,5,5,4,,0", "there is no month 0"),
        ("99,100,40,20,5,5,4,,0", "month 99 is after the last one"),
        ("soon,100,40,20,5,5,4,,0", "'soon' is no month"),
        (",100,40,20,5,5,4,,0", "the row has figures and no month"),
        ("-3,100,,,,,,,1", "no month since the programme's start has a row"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, line: str, words: str) -> None:
    heading = GOOD.partition("\n")[0]
    told = refused(tmp_path, f"{heading}\n{line}\n")
    assert words in told and "seen.csv" in told


def test_fits_and_endings_cannot_be_more_than_pairs(tmp_path: Path) -> None:
    told = refused(tmp_path, "month,pairs,good_fit,poor_fit,ended_early\n1,10,8,1,0\n2,0,1,1,11\n")
    assert "more pairs broke up than ever began since the start (11 and 10)" in told
    assert "good and poor fits together (11) are more than the pairs that ever began (10)" in told
    found = read(tmp_path, "month,pairs,good_fit,poor_fit,ended_early\n1,10,2,1,0\n2,0,5,1,3\n")
    assert found.last == 2  # pairs may meet, and end, after the month in which they began


def test_everything_wrong_comes_out_at_once(tmp_path: Path) -> None:
    text = "month,registered,matched,quits,quitts\n1,5,9,x,1\n1,3,2,0,\n"
    told = refused(tmp_path, text)
    for words in (
        "month 1 has two rows",
        "'x' is not a number",
        "more people are matched",
        "quits",
    ):
        assert words in told
    assert "there are" in told and "things to put right" in told


def test_empty_and_strange_files(tmp_path: Path) -> None:
    assert "seen.csv" in refused(tmp_path, "")
    assert "month" in refused(tmp_path, "a,b\n1,2\n")
    assert "nothing but months" in refused(tmp_path, "month,quits\n1,\n2,\n")
    with pytest.raises(InputError):
        read_observed(tmp_path / "nowhere.csv", employees=100.0, horizon=23)


def test_a_survey_on_an_unknown_scale(tmp_path: Path) -> None:
    assert "on no known scale" in refused(tmp_path, "month,survey\n1,250\n")
    found = read(tmp_path, "month,survey\n1,72\n")
    assert found.cells["survey"][0] == pytest.approx(0.72)
    assert any("scale of 0 to 100" in note for note in found.notes)


def test_the_template_can_be_filled_in(tmp_path: Path) -> None:
    text = template()
    assert all(name in text for name in COLUMNS)
    assert "nothing but months" in refused(tmp_path, text)
    filled = text.replace("\n1,", "\n1,100,30", 1)
    found = read(tmp_path, filled)
    assert found.cells["registered"][found.months.index(1)] == 30.0


def test_totals_are_compared_and_never_counted(tmp_path: Path) -> None:
    text = "month,pairs,quits,sessions_planned,sessions_held\n-1,,2,,\n1,10,1,20,15\n2,0,0,20,12\n"
    right = read(tmp_path, text + "Total,10,1,40,27\n")
    assert right.months == (-1, 1, 2)
    assert any("is a total: it was only compared" in note for note in right.notes)
    assert read(tmp_path, text + "Total,10,3,40,27\n").last == 2  # quits of the year before, too
    told = refused(tmp_path, text + "Total,10,1,40,99\n")
    assert (
        "line 5: sessions_held: the total says 99, and the months since the start add up to 27"
        in told.replace(", line 5", " line 5")
    )


def test_thousands_shares_and_names_of_months(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        'month,sessions_planned,sessions_held\nMar 2026,"1,200","1.104"\nApr-26,900,800\n',
        began="2026-03",
    )
    assert found.months == (1, 2)
    assert found.cells["sessions_held"].tolist() == [1104.0, 800.0]
    assert any("'1,200' was taken for 1200" in note for note in found.notes)
    assert "a share, perhaps" in refused(
        tmp_path, "month,sessions_planned,sessions_held\n1,20,.82\n"
    )


def test_two_scales_in_one_survey_and_sums_since_the_start(tmp_path: Path) -> None:
    assert "at the very bottom of a scale of 0 to 100" in refused(
        tmp_path, "month,survey\n-1,3.6\n6,67\n"
    )
    assert "at the very bottom of a scale of 0 to 100" in refused(
        tmp_path, "month,survey\n-1,66 %\n6,67\n"
    )
    found = read(
        tmp_path, "month,sessions_planned,sessions_held\n1,9,7\n2,18,14\n3,27,22\n4,36,29\n"
    )
    assert any(
        "Growing every month: sessions_planned, sessions_held" in note for note in found.notes
    )
