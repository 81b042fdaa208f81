"""From protocol to reading: what was agreed is what is done, and wrong files get a clear message or a stated assumption."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError
from sim.pilots.protocols import Protocol, protocol_text, read_protocol
from sim.pilots.results import read_pilot
from sim.report.pilots.found import found_lines
from sim.report.pilots.protocol import protocol_page


def agreed(**changes: object) -> Protocol:
    given: dict[str, object] = {
        "format": 1, "title": "A firm", "programme": "Traditional", "design": "volunteers_waiting",
        "measure": "quits", "months": 12, "also": ("engagement", "skills"), "offered": 40, "others": 40,
        "significance": 0.05, "small_arm": 20, "seed": 1, "lottery_list": "", "survey_lowest": 1.0,
        "survey_highest": 5.0, "test_lowest": 0.0, "test_highest": 100.0, "estimand": "effect", "unit": "people in 100",
        "expected": -1.0, "expected_low": -2.0, "expected_high": 0.5, "standard_error": 7.0, "power": 0.06,
        "scenario_digest": "0" * 64, "version": "1",
    }  # fmt: skip
    return Protocol(**{**given, **changes})  # type: ignore[arg-type]


def results(people: int = 80, *, effect: float = 10.0, seed: int = 3) -> pd.DataFrame:
    """A pilot of so many people, every second of whom has an offer; a test gains `effect` points by it."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(people):
        offered, able = number % 2 == 0, rng.normal(50.0, 8.0)
        quits = rng.random() < 0.15
        fixed = {
            "person": f"E{number:03d}",
            "arm": "offered" if offered else "waits",
            "level": 1 + number % 3,
        }
        engagement = round(float(np.clip(rng.normal(3.5, 0.6), 1.0, 5.0)), 2)
        rows.append(
            {**fixed, "month": 0, "quit": "no", "engagement": engagement, "skills": round(able, 1)}
        )
        after = "" if quits else round(able + effect * offered + rng.normal(0.0, 3.0), 1)
        later = "" if quits or rng.random() < 0.2 else engagement
        rows.append(
            {
                **fixed,
                "month": 12,
                "quit": "yes" if quits else "no",
                "engagement": later,
                "skills": after,
            }
        )
    return pd.DataFrame(rows).astype(object)


def written(
    folder: Path, table: pd.DataFrame, protocol: Protocol, name: str = "RESULTS.csv"
) -> tuple[Path, Path]:
    (folder / "protocol.toml").write_text(protocol_text(protocol), encoding="utf-8")
    table.to_csv(folder / name, index=False)
    return folder / "protocol.toml", folder / name


def message(protocol: Protocol, table: pd.DataFrame) -> str:
    with pytest.raises(InputError) as caught:
        read_pilot(protocol, table)
    return str(caught.value)


def test_a_protocol_comes_back_as_it_was(tmp_path: Path) -> None:
    protocol = agreed(title='A "firm"\\ of ours', also=("promotions",))
    (tmp_path / "protocol.toml").write_text(protocol_text(protocol), encoding="utf-8")
    assert read_protocol(tmp_path / "protocol.toml") == protocol
    page = protocol_page(protocol)
    for heading in ("Who", "What is measured", "When", "How it is read", "When it stops"):
        assert f"## {heading}\n" in page


def test_from_protocol_to_reading(tmp_path: Path) -> None:
    """By files and by frames the same; the difference is that of a plain regression, in points of 100."""
    protocol = agreed(measure="skills", also=("quits", "engagement"))
    table = results()
    found = read_pilot(*written(tmp_path, table, protocol))
    assert read_pilot(protocol, table).table.equals(found.table)
    first = found.found[0]
    assert (first.measure.name, first.decides) == ("skills", True)
    assert abs(first.estimate.value - 10.0) < 3.0 * first.estimate.error
    assert first.estimate.p < 1e-6
    assert first.estimate.treated + first.estimate.others == 80 - first.missing
    text = "\n".join(found_lines(found))
    assert "Skills test, with one before the start: found, for the better." in text
    assert "Quits:" in text and "people in 100" in text
    assert "they were taken for people who left or did not answer" in text
    quits = next(one for one in found.found if one.measure.name == "quits")
    last = table[table["month"] == 12]
    shares = last.groupby("arm")["quit"].apply(lambda one: 100.0 * (one == "yes").mean())
    assert quits.offered == pytest.approx(shares["offered"])
    assert quits.others == pytest.approx(shares["waits"])


def test_nothing_found_is_not_called_no_effect() -> None:
    text = "\n".join(found_lines(read_pilot(agreed(), results(effect=0.0))))
    assert "nothing found" in text
    assert "That does not show that the programme does nothing" in text
    assert "in 6 of 100" in text


def test_scales_are_the_protocols() -> None:
    found = read_pilot(agreed(), results())
    engagement = next(one for one in found.found if one.measure.name == "engagement")
    assert 50.0 < engagement.offered < 75.0  # 3.5 of 1 to 5


def test_headings_and_signs_of_others_are_understood_and_said() -> None:
    table = results().rename(
        columns={"person": "Employee ID", "quit": "Resigned", "skills": "Test score"}
    )
    table["Line manager"] = "X"
    found = read_pilot(agreed(), table)
    said = " ".join(found.notes)
    for words in (
        "“Employee ID” was taken for person",
        "“Resigned” was taken for quit",
        "Line manager",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t[t["month"] == 0], "no rows for month 12, which the protocol asks for (there are: 0)"),
        (lambda t: t.drop(columns="quit"), "there is no column quit"),
        (lambda t: t.drop(columns="arm"), "no column arm (offered or waits), and no lottery list"),
        (lambda t: t.assign(quit="12 %"), "should be yes or no: a row is one person, not a share of a group"),
        (lambda t: t.assign(month="after a year"), "should be a whole number of months after the start"),
        (lambda t: t.assign(engagement=74), "outside the protocol's scale of 1 to 5"),
        (lambda t: t.assign(arm="blue"), "arm is blue, and should be offered or waits"),
        (lambda t: pd.concat([t, t.iloc[[5]]]), "E002 has month 12 twice (see line 7)"),
        (lambda t: t.assign(quit=""), "in month 12 quit is empty for 80 people"),
        (lambda t: t.assign(quit="5%"), "line 2 and 159 more: quit is 5%"),
        (lambda t: t.assign(skills=pd.to_numeric(t["skills"]) / 100), "no score of skills is above 0."),
        (lambda t: t.assign(skills=pd.to_numeric(t["skills"]).where(t.index != 9, 0.52)),
         "1 score of skills lies between 0 and 1"),
        (lambda t: t.assign(skills=3.5), "no score of skills is above 3.5, and the protocol's scale is 0 to 100"),
        (lambda t: t.assign(skills="many"), "skills is many, and should be a number from 0 to 100"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(change: object, words: str) -> None:
    assert words in message(agreed(), change(results()))  # type: ignore[operator]


def test_everything_wrong_comes_out_at_once() -> None:
    table = results()
    table.loc[3, "quit"] = "perhaps"
    table.loc[8, "engagement"] = 9
    table.loc[11, "arm"] = "blue"
    said = message(agreed(), table)
    for words in ("quit is perhaps", "engagement is 9", "arm is blue"):
        assert words in said


def test_totals_are_compared_and_never_counted() -> None:
    table = results()
    quits = int(((table["month"] == 12) & (table["quit"] == "yes")).sum())
    total = {"person": "Total", "month": 12, "arm": "", "level": "", "engagement": "", "skills": ""}
    right = pd.concat([table, pd.DataFrame([{**total, "quit": quits}])])
    found = read_pilot(agreed(), right)
    assert any("is a total and no person" in note for note in found.notes)
    assert found.table.equals(read_pilot(agreed(), table).table)
    wrong = pd.concat([table, pd.DataFrame([{**total, "quit": quits + 2}])])
    assert f"the total says {quits + 2} for quit, and the rows add up to {quits}" in message(
        agreed(), wrong
    )


def test_quitting_agrees_with_itself() -> None:
    table = results()
    gone = table.index[(table["month"] == 12) & (table["quit"] == "yes")][0]
    table.loc[gone, "skills"] = 60
    assert "1 person quit by month 12 and answered then all the same (skills)" in message(
        agreed(), table
    )


def with_lot(folder: Path, table: pd.DataFrame) -> Protocol:
    people = table[table["month"] == 0][["person", "arm"]]
    people.to_csv(folder / "lottery_list.csv", index=False)
    return agreed(lottery_list="lottery_list.csv")


def test_people_and_arms_are_those_of_the_lottery_list(tmp_path: Path) -> None:
    table = results()
    protocol = with_lot(tmp_path, table)
    paths = written(tmp_path, table.drop(columns="arm"), protocol)
    assert read_pilot(*paths).found[0].estimate.treated == 40
    stranger = table.replace({"person": {"E004": "Z999"}})
    with pytest.raises(InputError, match=r"not on the lottery list: 1 person \(Z999 \(line 10\)\)"):
        read_pilot(*written(tmp_path, stranger, protocol))
    with pytest.raises(InputError, match="missing of the lottery list: 1 person"):
        read_pilot(*written(tmp_path, stranger, protocol))
    swapped = table.copy()
    swapped.loc[swapped["person"] == "E004", "arm"] = "waits"
    with pytest.raises(InputError, match="in another arm than the lot put them in"):
        read_pilot(*written(tmp_path, swapped, protocol))
    (tmp_path / "lottery_list.csv").unlink()
    with pytest.raises(InputError, match="the lottery list cannot be read"):
        read_pilot(*paths)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"person,month,arm,quit\n", "no rows of results"),
        (b"\x00\x01", "NUL byte"),
        (b"a;b\n1;2\n", "there is no column person"),
    ],
)
def test_files_that_are_none(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_pilot(agreed(), path)
    with pytest.raises(InputError, match="there is no such file"):
        read_pilot(agreed(), tmp_path / "nothing.csv")


def test_wrong_protocols_say_everything(tmp_path: Path) -> None:
    path = tmp_path / "protocol.toml"
    path.write_text(protocol_text(agreed()).replace('"quits"', '"quit"', 1).replace("months = 12", 'months = "a year"').replace("seed = 1", "sead = 1"))  # fmt: skip
    with pytest.raises(InputError) as caught:
        read_protocol(path)
    for words in (
        "months is the text",
        "seed is missing",
        "sead is no entry",
        "there is no measure 'quit'",
    ):
        assert words in str(caught.value)
    path.write_text("title = 3")
    with pytest.raises(InputError, match="no protocol of a pilot"):
        read_protocol(path)


@pytest.mark.parametrize(("design", "measure"), [("departments", "skills"), ("stepped_start", "skills"), ("stepped_start", "quits"), ("before_after", "skills"), ("participants", "quits")])  # fmt: skip
def test_every_design_can_be_read(design: str, measure: str) -> None:
    table = results(90)
    table["department"] = [f"D{number // 2 % 6}" for number in range(len(table))]
    if design == "departments":
        table["arm"] = np.where(table["department"].isin(["D0", "D2", "D4"]), "offered", "waits")
    if design == "stepped_start":
        table["turn"] = [1 + number // 2 % 3 for number in range(len(table))]
        halfway = table[table["month"] == 12].assign(month=6, quit="no")
        table = pd.concat([table, halfway])
    found = read_pilot(agreed(design=design, measure=measure, also=()), table)
    assert np.isfinite(found.found[0].estimate.error)
    assert found_lines(found)


def test_files_of_spreadsheets_are_read_as_they_are(tmp_path: Path) -> None:
    """Excel, UTF-16 with tabs, semicolons with decimal commas, words for nothing, remarks below: the same reading."""
    table = results()
    protocol = agreed(measure="skills")
    right = read_pilot(protocol, table).table
    text = table.to_csv(index=False)
    blank = table.assign(
        skills=table["skills"]
        .astype(object)
        .where(table["skills"].notna() & (table["skills"] != ""), "N/A")
    )
    blank.to_excel(tmp_path / "0.xlsx", index=False)
    (tmp_path / "1.csv").write_bytes(text.replace(",", "\t").encode("utf-16"))
    table.to_csv(tmp_path / "2.csv", index=False, sep=";", decimal=",")
    remark = "Exported by the department of personnel on the third of March"
    (tmp_path / "3.csv").write_text(f"Our pilot\n\n{text},,,\n{remark},,,\n", encoding="utf-8")
    for path in sorted(tmp_path.iterdir()):
        found = read_pilot(protocol, path)
        pd.testing.assert_frame_equal(found.table, right)
    said = " ".join(read_pilot(protocol, tmp_path / "0.xlsx").notes)
    assert "read as empty: “N/A”" in said


def test_ids_that_spreadsheets_changed_are_found_and_said(tmp_path: Path) -> None:
    table = results()
    table["person"] = table["person"].str.replace("E", "00")
    protocol = with_lot(tmp_path, table)
    changed = table.assign(person=table["person"].str.lstrip("0").replace("", "0") + ".0")
    first = changed.loc[changed["person"] != "0.0"]
    wanted = table.loc[first.index]
    people = wanted[wanted["month"] == 0][["person", "arm"]]
    people.to_csv(tmp_path / "lottery_list.csv", index=False)
    found = read_pilot(*written(tmp_path, first, protocol))
    assert found.found[0].estimate.treated + found.found[0].estimate.others == len(people)
    assert any("The ids of 79 people were found" in note for note in found.notes)


def test_nothing_happened_to_anybody() -> None:
    found = read_pilot(agreed(), results().assign(quit="no"))
    assert "nothing can be compared, because nobody had quit by month 12" in "\n".join(
        found_lines(found)
    )
