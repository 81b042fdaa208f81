"""What the app's server lets in, and what it does with what is hostile; desks without a browser."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator

import pytest

from serving import Running
from sim.app.desk import MOST_PROGRAMMES, Desk
from sim.app.dials import DIALS, STEPS, group_of
from sim.app.pages import library
from sim.errors import InputError
from sim.scenario import Scenario, load_scenario
from sim.scenario.library import library_scenarios
from sim.scenario.source import Source
from sim.scenario.writing import scenario_text

SMALL = b'title = "Small"\nmonths = 8\n[organisation]\nemployees = 12\nlevels = 2\n[programme]\nstart_month = 1\ncohort_months = 3\n[[variant]]\nname = "No"\nprogramme.policy = "none"\n[[variant]]\nname = "R"\nprogramme.policy = "random"\n'


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with Running(stages=(1, 2)) as found:
        yield found


def test_every_answer_has_its_guards(running: Running) -> None:
    status, text, headers = running.ask("GET", "/")
    assert status == 200
    assert "Where do you want to begin?" in text
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "<style" not in text and "style=" not in text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "0.0.0.0:80"])
def test_other_hosts_get_nothing(running: Running, host: str) -> None:
    status, text, _ = running.ask("GET", "/", Host=host)
    assert status in (400, 421)
    assert "begin" not in text.lower()


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "", "http://127.0.0.1:1", "https://127.0.0.1"]
)
def test_other_origins_change_nothing(running: Running, origin: str) -> None:
    desks = len(running.app.state.office.desks)
    headers = {"Origin": origin} if origin else {}
    status, _, _ = running.ask("POST", "/start", b"", **headers)
    assert status == 403
    status, _, _ = running.ask("GET", "/", Sec_Fetch_Site="cross-site")
    assert status == 403
    assert len(running.app.state.office.desks) == desks


def test_what_is_too_large_or_unknown_is_refused(running: Running) -> None:
    status, _, _ = running.ask(
        "POST", "/start", b"", Origin=running.origin, Content_Length="999999999999"
    )
    assert status == 413
    assert running.ask("DELETE", "/")[0] == 405
    for path in (
        "/s/x/",
        "/s/../../etc/passwd",
        "/assets/../server.py",
        "/assets/server.py",
        "/s/x/events",
    ):
        assert running.ask("GET", path)[0] == 404


def test_a_hostile_scenario_reads_no_file_and_is_only_text(running: Running) -> None:
    status, text, _ = running.upload("x.toml", b'[organisation]\nroster = "/etc/passwd"\n')
    assert status == 303 or "root:" not in text
    hostile = (
        b'title = "<script>alert(1)</script>"\nmonths = 8\n[[variant]]\nname = "<img src=x>"\n'
    )
    status, _, headers = running.upload("<b>.toml", hostile)
    assert status == 303
    _, page, _ = running.ask("GET", headers["location"])
    assert "<script>alert" not in page
    assert "<img" not in page
    for content in (b"\xff\xfe\x00", b"months = ", b"months = 1e999", b"[" * 5000, b"a" * 10_000):
        status, text, _ = running.upload("x.toml", content)
        assert status == 422
        assert 'role="alert"' in text
    for name in ("staff.csv", "staff.xlsx"):
        status, text, _ = running.upload(name, b"PK\x03\x04nonsense")
        assert status == 422, text


def test_an_answer_comes_and_sharpens(running: Running) -> None:
    status, _, headers = running.upload("small.toml", SMALL)
    assert status == 303
    token = headers["location"].split("/")[2]
    desk = running.app.state.office.desks[token]
    for _ in range(600):
        if desk.doing == "done":
            break
        time.sleep(0.05)
    assert desk.firms == 2
    assert running.ask("GET", f"/s/{token}/answer")[1].count('id="c-glance"') == 1
    _, text, headers = running.ask("GET", f"/s/{token}/scenario.toml")
    assert "attachment" in headers["content-disposition"]
    assert load_scenario(text.encode(), name="it").title == "Small"
    assert running.app.state.office.engine.running_at_once == 0


def test_an_implausible_salary_is_asked_about_beside_the_dials(running: Running) -> None:
    _, _, headers = running.upload("cheap.toml", SMALL + b"[costs]\nsalary = 38.0\n")
    page = running.ask("GET", headers["location"])[1]
    assert "Is a yearly salary of 38 meant? If it is in thousands, write 38000" in page
    _, _, headers = running.upload("small.toml", SMALL)
    assert "Is a yearly salary" not in running.ask("GET", headers["location"])[1]


# --- desks -------------------------------------------------------------------------------------------


def test_every_dial_is_a_declared_setting_of_a_step() -> None:
    keys = [dial.key for dial in DIALS]
    assert len(set(keys)) == len(keys)
    for dial in DIALS:
        parameter = dial.parameter
        assert dial.step in STEPS
        assert parameter.meaning
        if dial.reach is not None:
            assert parameter.low <= dial.reach[0] < dial.reach[1] <= parameter.high
            assert dial.by > 0.0
        if dial.only_if[0] not in ("", "roster"):
            section, _, name = dial.only_if[0].rpartition(".")
            assert name in group_of(section).names()
    assert [step for step in STEPS if not any(dial.step == step for dial in DIALS)] == []


def test_a_dial_changes_what_it_says_and_nothing_else() -> None:
    desk = Desk("t")
    desk.start_from_text(SMALL, "small.toml")
    before = desk.scenario()
    untouched = {dial.key: _text(desk.value_of(dial, before)) for dial in DIALS}
    desk.dial(untouched)
    assert desk.problem == ""
    assert desk.scenario() == before
    assert "training_hours" not in desk.toml()  # what was left alone is not written down
    desk.dial({**untouched, "programme.training_hours": "3.5", "goal": "ideas"})
    assert desk.scenario().settings["programme"]["training_hours"] == 3.5
    assert desk.goal == "ideas"
    assert load_scenario(desk.toml().encode(), name="again") == desk.scenario()


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def test_what_cannot_be_is_said_and_not_taken() -> None:
    desk = Desk("t")
    desk.start_from_text(SMALL, "small.toml")
    before = desk.toml()
    desk.dial({"organisation.employees": "-4"})
    assert "employees" in desk.problem
    desk.dial({"programme.places": "many"})
    assert "places" in desk.problem
    assert desk.toml() == before
    desk.dial({"organisation.employees": "20"})
    assert desk.problem == ""


def test_at_most_five_programmes_side_by_side() -> None:
    desk = Desk("t")
    desk.start_from_file(
        next(one.file for one in library_scenarios() if one.name == "pairing_policies")
    )
    assert sum(row.used for row in desk.rows()) == MOST_PROGRAMMES
    assert len(desk.scenario().variants) == MOST_PROGRAMMES + 1
    form = {}
    for row in desk.rows():
        stem = f"programme-{row.place}"
        form |= {f"{stem}-name": row.name, f"{stem}-policy": row.policy, f"{stem}-used": "yes"}
    desk.dial(form)
    assert "at most 5" in desk.problem
    desk.dial({"programme-new-policy": "similarity", "programme-new-name": "Mine"})
    assert "at most 5" in desk.problem


def test_a_staff_list_that_cannot_be_read_says_all_that_is_wrong() -> None:
    desk = Desk("t")
    with pytest.raises(InputError):
        desk.take_staff(b"hello\nworld\n", "staff.csv")
    assert desk.understood is None


@pytest.mark.long
def test_sixty_thousand_rows_are_read_in_seconds() -> None:
    rows = ["employee_id,level,department,manager_id,age,tenure_years"]
    rows += [f"e{n},{1 + (n % 100 == 0)},D{n % 40},{f'e{n - n % 100}' if n % 100 else ''},{20 + n % 45},{n % 20}" for n in range(60_000)]  # fmt: skip
    desk, started = Desk("t"), time.process_time()
    desk.take_staff("\n".join(rows).encode(), "large.csv")
    assert time.process_time() - started < 15.0
    assert desk.scenario().settings["organisation"]["employees"] == 60_000


@pytest.mark.parametrize("name", [one.name for one in library()])
def test_every_scenario_of_the_library_is_written_back_the_same(name: str) -> None:
    file = next(one.file for one in library_scenarios() if one.name == name)
    scenario = load_scenario(file)
    text = scenario_text(scenario.document, ["A comment"])

    again = Scenario.from_document(tomllib.loads(text), Source(file))
    assert again == scenario
