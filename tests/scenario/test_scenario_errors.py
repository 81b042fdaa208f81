"""Wrong scenarios: each gets one message with place, problem and remedy, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.scenario import Scenario, load_scenario

# text, line, key, part of the problem, part of the remedy
WRONG = {
    "unknown section": ("[programe]\npolicy = 'none'", 1, "programe", "[programe]", '"programme"'),
    "unknown list": ("[[variants]]\nname='A'", 1, "variants", "[[variants]]", '"variant"'),
    "unknown key": (
        "[programme]\n\npolcy = 'none'", 3, "programme.polcy", "unknown key", '"policy"'
    ),
    "top key in a section": (
        "[organisation]\nmonths = 3", 2, "organisation.months", "unknown key", "top of the file"
    ),
    "section key at the top": ("cohorts = 3", 1, "cohorts", "unknown key", "[programme]"),
    "key in another section": (
        "[programme]\nemployees = 3", 2, "programme.employees", "unknown key", "[organisation]"
    ),
    "section for the top": ("[scenario]\nmonths = 3", 1, "scenario", "[scenario]", "top"),
    "section that is a value": ("programme = 3", 1, "programme", "3 stands", "programme.key ="),
    "text for a number": ("months = '12'", 1, "months", 'text "12"', "1 to 1200 (months), without"),
    "yes or no for a number": ("months = true", 1, "months", "true is not", "whole number"),
    "number for yes or no": (
        "[programme]\nplacebo = 1", 2, "programme.placebo", "1 is not true", "true or false"
    ),
    "number for text": ("title = 3", 1, "title", "3 is not text", "in quotes"),
    "a date": ("months = 2026-01-01", 1, "months", "date 2026-01-01", "whole number"),
    "a list for a number": ("months = [1, 2]", 1, "months", "list of 2 values", "whole number"),
    "not whole": ("months = 3.5", 1, "months", "3.5 is not a whole", "whole number from 1 to 1200"),
    "too small": ("months = 0", 1, "months", "0 is out of range", "from 1 to 1200 (months)"),
    "too large": ("\nmonths = 1201", 2, "months", "1201 is out of range", "from 1 to 1200"),
    "very large": (f"seed = {10**40}", 1, "seed", "more than 19 digits", "9223372036854775807"),
    "not a number": ("[costs]\nload = nan", 2, "costs.load", "nan is not a finite", "1 to 3"),
    "infinite": ("[costs]\nload = -inf", 2, "costs.load", "-inf is not a finite", "1 to 3"),
    "complete ties without a file": (
        "[organisation]\nties_complete = true", 2, "organisation.ties_complete", "no file of ties",
        "give organisation.ties",
    ),
    "salaries in one number": (
        "[costs]\nsalary = [38_000, 50_000]", 2, "costs.salary", "list of 2 values",
        "salary_by_level = [...], the lowest level's first",
    ),
    "salary of a level": (
        "[costs]\nsalary_by_level = [38_000, '50 000']", 2, "costs.salary_by_level[2]", 'text "50 000"',
        "write 50000, without quotes",
    ),
    "salaries and levels": (
        "[organisation]\nlevels = 3\n[costs]\nsalary_by_level = [38_000, 50_000]", 4,
        "costs.salary_by_level", "2 salaries for 3 levels", "give 3",
    ),
    "salaries by level and one of all": (
        "[organisation]\nlevels = 2\n[costs]\nsalary = 9e4\nsalary_by_level = [3e4, 5e4]", 4,
        "costs.salary", "salary is given as well", "remove one",
    ),
    "growth of salaries by level": (
        "[organisation]\nlevels = 2\n[costs]\nsalary_by_level = [3e4, 5e4]\n[[variant]]\nname = 'A'\n"
        "costs.salary_growth = 2", 7, 'variant "A": costs.salary_growth', "of variant", "remove one",
    ),
    "not a choice": (
        "[programme]\npolicy='revers'", 2, "programme.policy", '"revers"', 'mean "reverse"? The'
    ),
    "far from any choice": (
        "[programme]\npolicy='zzz'", 2, "programme.policy", '"zzz"', 'choose from "none", "random"'
    ),
    "a number for a choice": ("[programme]\npolicy=1", 2, "programme.policy", "1 is", '"none"'),
    "no shares": ("[organisation.sites]", 1, "organisation.sites", "no shares", "first"),
    "shares as a list": (
        "organisation.sites = ['A']", 1, "organisation.sites", "list of 1 value", "first = 0.6"
    ),
    "negative share": (
        "[organisation.sites]\nA=1\nB=-1", 3, "organisation.sites.B", "-1 is not", "at least 0"
    ),
    "share not a number": (
        "[organisation.sites]\nA=nan", 2, "organisation.sites.A", "nan is not", "at least 0"
    ),
    "share as text": (
        "[organisation]\nsites={A='all'}", 2, "organisation.sites.A", '"all"', "0.25"
    ),
    "all shares zero": (
        "[organisation]\nsites={A=0, B=0.0}", 2, "organisation.sites", "all shares", "above 0"
    ),
    "unknown share": (
        "[organisation]\ngenerations={genz=1}", 2, "organisation.generations.genz", "unknown name",
        '"gen_z"',
    ),
    "control character in a share": (
        '[organisation]\nsites={"A\\u001b"=1}', 2, "organisation.sites.A\\x1b", "U+001B", "printable"
    ),
    "control character in a title": ('title="a\\nb"', 1, "title", "U+000A", "one line"),
    "reading direction in a title": ('title="a\\u202eb"', 1, "title", "U+202E", "printable"),
    "no skills": ("[organisation]\nskills=[]", 2, "organisation.skills", "none", "1 to 31"),
    "32 skills": (
        "".join(f"[[organisation.skills]]\nname='s{i}'\n" for i in range(32)), 1,
        "organisation.skills", "32 entries", "1 to 31",
    ),
    "skill twice": (
        "[[organisation.skills]]\nname='a'\n[[organisation.skills]]\nname='a'", 4,
        "organisation.skills[2].name", '"a" is there twice', "name of its own",
    ),
    "skill without a name": (
        "[[organisation.skills]]\nkind='emerging'", 1, "organisation.skills[1].name", "missing",
        "text in quotes",
    ),
    "skill that is no plain name": (
        "[[organisation.skills]]\nname='a b'", 2, "organisation.skills[1].name", '"a b"', "letters"
    ),
    "unknown key of a skill": (
        "organisation.skills=[\n{name='a'},\n{name='b', wieght=2}]", 3,
        "organisation.skills[2].wieght", "unknown key", '"weight"',
    ),
    "skill as text": ("organisation.skills=['a']", 1, "organisation.skills[1]", '"a"', "name ="),
    "one bracket for skills": (
        "[organisation.skills]\nname='a'", 1, "organisation.skills", "not a list",
        "[[organisation.skills]]",
    ),
    "weightless skills": (
        "organisation.skills=[{name='a', weight=0}]", 1, "organisation.skills", "weight 0", "above 0"
    ),
    "shock after the end": (
        "months=12\n[[environment.shocks]]\nkind='downturn'\nmonth=12", 4,
        "environment.shocks[1].month", "12 is after the end", "0 to 11",
    ),
    "default shock after the end": (
        "months=12\n[[environment.shocks]]\nkind='downturn'", 1,
        "environment.shocks[1].month", "12 is after the end", "0 to 11",
    ),
    "shock of unknown kind": (
        "[[environment.shocks]]\nkind='hiring freeze'", 2, "environment.shocks[1].kind",
        '"hiring freeze"', '"hiring_freeze"',
    ),
    "size of a freeze": (
        "[[environment.shocks]]\nkind='hiring_freeze'\nsize=2", 3, "environment.shocks[1].size",
        "2 is given", "leave size out",
    ),
    "share above one": (
        "[[environment.shocks]]\nkind='technology_jump'\nsize=1.5", 3, "environment.shocks[1].size",
        "1.5 is out of range", "0 to 1",
    ),
    "one bracket for a variant": ("[variant]\nname='A'", 1, "variant", "1 key", "[[variant]]"),
    "variant that is no table": ("variant=['A']", 1, "variant 1", '"A"', "[[variant]]"),
    "variant without a name": ("\n[[variant]]", 2, "variant 1: name", "no name", "name ="),
    "variant with an empty name": ("[[variant]]\nname=' '", 2, "variant 1: name", "empty", "one"),
    "variant with a number": ("[[variant]]\nname=1", 2, "variant 1: name", "1 is not", "quotes"),
    "blanks around a name": (
        "[[variant]]\nname='A '", 2, 'variant "A ": name', "blanks", 'write "A"'
    ),
    "a long name": (
        f"[[variant]]\nname='{'x' * 101}'", 2, f'variant "{"x" * 59}…": name', "101", "at most 100"
    ),
    "control character in a name": (
        '[[variant]]\nname="A\\u0007"', 2, 'variant "A\\x07": name', "U+0007", "printable"
    ),
    "variants of one name": (
        "[[variant]]\nname='A'\n[[variant]]\nname='A'", 4, 'variant "A": name', "same name", "own"
    ),
    "variants that differ in case": (
        "[[variant]]\nname='ab'\n[[variant]]\nname='AB'", 4, 'variant "AB": name', "case", "own"
    ),
    "unknown key of a variant": (
        "[[variant]]\nname='A'\nprograme.policy='none'", 3, 'variant "A": programe', "unknown key",
        '"programme"',
    ),
    "key of a variant without section": (
        "[[variant]]\nname='A'\npolicy='none'", 3, 'variant "A": policy', "unknown key",
        "programme.policy",
    ),
    "unknown key in a section of a variant": (
        "[[variant]]\nname='A'\nprogramme.polcy='none'", 3, 'variant "A": programme.polcy',
        "unknown key", '"policy"',
    ),
    "wrong value in a variant": (
        "[[variant]]\nname='A'\n[[variant]]\nname='Reverse'\nprogramme.places=7", 5,
        'variant "Reverse": programme.places', "7 is out of range", "0 to 1 (dyads per employee)",
    ),
    "section of a variant that is a value": (
        "[[variant]]\nname='A'\nprogramme=1", 3, 'variant "A": programme', "1 stands", "programme.key"
    ),
    "months in a variant": (
        "[[variant]]\nname='A'\nmonths=3", 3, 'variant "A": months', "cannot differ", "top"
    ),
    "people in a variant": (
        "[[variant]]\nname='A'\norganisation.employees=3", 3, 'variant "A": organisation.employees',
        "same people", "management_support",
    ),
    "baseline that is no variant": (
        "baseline='a'\n[[variant]]\nname='A'", 1, "baseline", '"a" is not', '"A"'
    ),
    "late start": (
        "months=6\n[programme]\npolicy='random'", 1, "programme.start_month",
        "begin in month 6", "month 5 or before",
    ),
    "late start of a variant": (
        "months=60\nprogramme.start_month=60\n[[variant]]\nname='B'\nprogramme.policy='random'",
        2, "programme.start_month", 'variant "B"', "month 59",
    ),
    "gap of all levels": (
        "organisation.levels=2\n[programme]\npolicy='reverse'\nminimum_level_gap=2", 4,
        "programme.minimum_level_gap", "2 levels apart", "at most 1",
    ),
    "gap of a portfolio": (
        "organisation.levels=2\n[programme]\npolicy='portfolio'\nminimum_level_gap=2", 4,
        "programme.minimum_level_gap", "2 levels apart", "at most 1",
    ),
    "no level to have a mentor": (
        "[programme]\npolicy='random'\nmentee_to_level=2\nmentee_from_level=3", 4,
        "programme.mentee_from_level", "at least 3 and at most 2", "raise mentee_to_level",
    ),
    "no level to mentor": (
        "[[variant]]\nname='A'\nprogramme.policy='random'\nprogramme.mentor_from_level=4\n"
        "programme.mentor_to_level=1", 4, 'variant "A": programme.mentor_from_level',
        "at least 4 and at most 1", "at most 1, or raise",
    ),
    "mentors above everybody": (
        "organisation.levels=3\n[programme]\npolicy='random'\nmentor_from_level=4", 4,
        "programme.mentor_from_level", "nobody stands at level 4", "at most 3",
    ),
    "mentees above everybody in the roster": (
        "[organisation]\nroster='staff.csv'\n[programme]\npolicy='random'\nmentee_from_level=3", 5,
        "programme.mentee_from_level", "organisation of 2 levels", "at most 2",
    ),
    "mentors below their mentees": (
        "[programme]\npolicy='similarity'\nmentor_to_level=1\nmentee_from_level=2", 3,
        "programme.mentor_to_level", "at least as high as the mentee's, with mentors of level 1 to 1",
        "invite other levels",
    ),
    "no senior mentors": (
        "[programme]\npolicy='traditional'\nmentor_to_level=3\nmentee_from_level=3", 3,
        "programme.mentor_to_level", "1 above the mentee's", "another direction",
    ),
    "no junior mentors": (
        "[programme]\npolicy='reverse'\nmentor_from_level=4\nmentee_to_level=4", 3,
        "programme.mentor_from_level", "1 below the mentee's", "another direction",
    ),
    "no peers": (
        "[programme]\npolicy='random'\ndirection='peer'\nmentor_from_level=4\nmentee_to_level=3", 4,
        "programme.mentor_from_level", "the same as the mentee's", "invite other levels",
    ),
    "one part of a portfolio without pairs": (
        "[programme]\npolicy='portfolio'\nportfolio={random=1, reverse=1}\nmentee_to_level=1", 4,
        "programme.mentor_from_level", "1 below the mentee's", "another direction",
    ),
    "newcomers of long tenure": (
        "[programme]\npolicy='random'\nminimum_tenure=12\nmentee_tenure_below=12", 4,
        "programme.mentee_tenure_below", "less than 12 months and at least 12", "more than 12",
    ),
    "check-in after the end": (
        "[programme]\npolicy='random'\ncohort_months=6\ncheck_in_months=6", 4,
        "programme.check_in_months", "first would be after 6 months", "at most 5",
    ),
    "check-in in a month": (
        "[programme]\npolicy='random'\ncohort_months=1\ncheck_in_months=1", 4,
        "programme.check_in_months", "a cohort lasts 1", "longer cohorts",
    ),
    "portfolio of nothing": (
        "[programme]\npolicy='portfolio'\nportfolio={reverse=0}", 3, "programme.portfolio",
        "all shares are 0", "above 0",
    ),
    "portfolio of a portfolio": (
        "[programme]\npolicy='portfolio'\nportfolio={portfolio=1}", 3,
        "programme.portfolio.portfolio", "", "",
    ),
    "shuffle of nothing": (
        "[programme]\nshuffled=true", 2, "programme.shuffled", '"none"', "another programme.policy"
    ),
    "placebo of nothing": (
        "[programme]\nplacebo=true", 2, "programme.placebo", '"none"', "another programme.policy"
    ),
    "placebo of a variant without programme": (
        "programme.policy='random'\n[[variant]]\nname='B'\n[[variant]]\nname='A'\n"
        + "programme.policy='none'\nprogramme.placebo=true",
        7, 'variant "A": programme.placebo', '"none"', "another programme.policy",
    ),
    "more levels than people": (
        "[organisation]\nemployees=3\nlevels=4", 3, "organisation.levels", "4 levels", "at most 3"
    ),
    "ties without a roster": (
        "[organisation]\nties='t.csv'", 2, "organisation.ties", "roster", "organisation.roster"
    ),
    "missing roster": (
        "[organisation]\nroster='stuff.csv'", 2, "organisation.roster", '"stuff.csv" does not exist',
        '"staff.csv"',
    ),
    "roster that is a folder": (
        "organisation.roster='.'", 1, "organisation.roster", "is a folder", '"staff.csv"'
    ),
    "roster and employees": (
        "[organisation]\nroster='staff.csv'\nemployees=3", 3, "organisation.employees",
        "roster sets it", "remove employees",
    ),
    "roster and sites": (
        "[organisation]\nroster='staff.csv'\nsites={A=1}", 3, "organisation.sites",
        "roster sets it", "remove sites",
    ),
    "gap in the roster's levels": (
        "[organisation]\nroster='staff.csv'\n[programme]\npolicy='reverse'\nminimum_level_gap=2", 5,
        "programme.minimum_level_gap", "organisation of 2 levels", "at most 1",
    ),
    "nested too deeply": (f"a={'[' * 9999}", 1, None, "nested too deeply", "4 levels"),
    "dotted too deeply": (f"a{'.a' * 99}=1", 1, None, "nested too deeply", "4 levels"),
    "too many values": (f"a=[{'1,' * 100_001}]", 1, None, "100,000 values", "roster"),
    "too many digits": (f"seed={'9' * 5000}", None, None, "too many digits", "very long number"),
    "too many variants": (
        "".join(f"[[variant]]\nname='{i}'\n" for i in range(1001)), 2001, 'variant 1001',
        "1001 variants", "at most 1000",
    ),
}  # fmt: skip

# text, line, part of the problem, part of the remedy
NOT_TOML = {
    "text without quotes": ("\n[programme]\npolicy = reverse", 3, 'in "policy = rev', '"reverse"'),
    "no equals sign": ("months\n", 1, '"=" is missing', "key = value"),
    "colon": ("months: 12", 1, "months: 12", "equals sign"),
    "decimal comma": ("[costs]\nload = 1,5", 2, "1,5", "load = 1.5"),
    "percent": ("[programme]\nplaces = 15%", 2, "15%", "without %"),
    "bare point": ("[costs]\nload = .5", 2, ".5", "both sides"),
    "large True": ("[programme]\nplacebo = True", 2, "True", "small letters"),
    "curly quotes": ("title = “Ours”", 1, "“Ours”", "straight"),
    "open text": ('title = "Ours\nmonths = 3', 1, "not closed", "quotation mark"),
    "open long text": ('seed = 1\ndescription = """\nOurs\n', 2, "not finished", "close every"),
    "open list": ("seed = 1\nvariant = [\n1,\n", 2, "not finished", "close every"),
    "comma missing": ("variant = [1\n2]", 2, "lacks a comma", "commas"),
    "bracket missing": ("[programme\npolicy='none'", 1, "bracket", "[section]"),
    "backslash": ('[organisation]\nroster = "C:\\staff.csv"', 2, "backslash", "forward"),
    "key twice": ("seed=1\nseed=2", 2, "key is there twice", "keep one"),
    "section twice": (
        "[programme]\n[[variant]]\nname='A'\n[programme]",
        4,
        "section is there",
        "section.key =",
    ),
    "not a date": ("months = 2026-02-30", 1, "date", "calendar"),
}


def save(folder: Path, text: str) -> Path:
    path = folder / "scenario.toml"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return caught.value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    staff = "employee_id,level,department,site\na,2,Sales,Here\nb,1,Sales,There\n"
    (tmp_path / "staff.csv").write_text(staff)
    return tmp_path


@pytest.mark.parametrize("case", WRONG)
def test_the_message_names_place_problem_and_remedy(folder: Path, case: str) -> None:
    text, line, key, problem, remedy = WRONG[case]
    path = save(folder, text)
    error = refusal(path)
    assert (error.line, error.key) == (line, key)
    assert problem in error.problem
    assert remedy in error.remedy
    assert str(error).startswith(str(path))
    assert len(error.problem) + len(error.remedy) < 500


@pytest.mark.parametrize("case", NOT_TOML)
def test_what_is_not_toml_is_explained(tmp_path: Path, case: str) -> None:
    text, line, problem, remedy = NOT_TOML[case]
    error = refusal(save(tmp_path, text))
    assert error.line == line
    assert error.problem.startswith("not valid TOML") and problem in error.problem
    assert remedy in error.remedy


def test_allowed_combinations_are_not_refused(folder: Path) -> None:
    for text in (
        "months = 3",  # no programme, so its start does not matter
        "organisation.levels = 1\nprogramme.policy = 'random'",  # pairs without a direction
        "[programme]\nmentee_from_level = 9\nmentee_to_level = 2",  # nobody is paired
        "[programme]\npolicy='random'\ndirection='anyone'\nmentor_to_level=1\nmentee_from_level=2",
        "[programme]\npolicy='random'\ndirection='peer'\nform='group'",
        "[programme]\npolicy='self_selected'\nassignment='optimal'\nsame_site_only=true",
        "[programme]\npolicy='random'\nenrolment='rolling'\ncohort_months=3\ncheck_in_months=6",
        "[programme]\npolicy='random'\nminimum_tenure=600",
        "programme.placebo=true\nprogramme.policy='random'\n[[variant]]\nname='A'\n"
        + "[[variant]]\nname='B'\nprogramme.policy='none'",
        "[[variant]]\nname='A'\norganisation.management_support = 0.9",
        "organisation.roster = 'staff.csv'\norganisation.span = 5",
    ):
        assert load_scenario(save(folder, text)).variants


def test_a_missing_file_is_answered_with_the_nearest(tmp_path: Path) -> None:
    save(tmp_path, "")
    error = refusal(tmp_path / "scenaro.toml")
    assert "does not exist" in error.problem and '"scenario.toml"' in error.remedy
    assert '"scenario.toml"' in refusal(tmp_path / "zzz").remedy
    assert "folder" in refusal(tmp_path / "nowhere" / "scenario.toml").problem
    assert (
        "is a folder" in refusal(tmp_path).problem and '"scenario.toml"' in refusal(tmp_path).remedy
    )
    for odd in ("a\0b", "x" * 5000, tmp_path / "scenario.toml" / "inside"):
        assert "path" in refusal(Path(odd)).problem


def test_an_empty_folder_offers_nothing(tmp_path: Path) -> None:
    assert refusal(tmp_path / "scenario.toml").remedy == "check the name and the folder"
    assert refusal(tmp_path).remedy == "name a file"


def test_a_file_that_fails_while_it_is_read_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, mode: str) -> None:
        raise OSError(5, "Input/output error")

    path = save(tmp_path, "")
    monkeypatch.setattr(Path, "open", fail)
    assert "Input/output error" in refusal(path).problem


def test_a_file_that_may_not_be_read_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path, "")
    monkeypatch.setattr("os.access", lambda *_: False)  # whoever runs the tests may read everything
    assert "may not be read" in refusal(path).problem


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not an ordinary file" in refusal(tmp_path / "pipe").problem


def test_bytes_that_are_not_utf_8_are_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes("seed = 1\ntitle = 'Übung'".encode("latin-1"))
    error = refusal(path)
    assert error.line == 2 and "UTF-8" in error.remedy and "0xdc" in error.problem


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    error = refusal(save(tmp_path, "#" * 5_000_001))
    assert "larger than 5 MB" in error.problem


def test_a_reader_that_gives_up_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(text: str) -> None:
        raise RecursionError

    monkeypatch.setattr("tomllib.loads", give_up)
    assert "nested too deeply" in refusal(save(tmp_path, "")).problem


@pytest.mark.parametrize(
    "given, key",
    [
        ({"variant": []}, "variant"),
        ({"variants": 3}, "variants"),
        ({"variants": [3]}, "variant 1"),
        ({"variants": [{"name": "A", "programme.policy": 1}]}, 'variant "A": programme.policy'),
        ({"months": None}, "months"),
        ({"programme": {1: 2}}, "programme"),
        ({"variants": [{1: 2}]}, None),
        ({"programme": {"places": 0.1}, "programme.places": 0.2}, "programme"),
        ({"organisation": {"sites": {3: 1.0}}}, "organisation.sites.3"),
        ({"polcy": 3}, "polcy"),
        (
            {"programme.score": "gap", "variants": [{"name": "A", "programme.score": None}]},
            'variant "A": programme.score',
        ),
    ],
)
def test_code_is_checked_like_a_file(given: dict[str, Any], key: str | None) -> None:
    with pytest.raises(InputError) as caught:
        Scenario(**given)
    assert (caught.value.key, caught.value.file, caught.value.line) == (key, None, None)
