"""Engine and oracle agree exactly: every column, every month, every measure.

The oracle (:mod:`reference`) is the model written a second time. All comparisons are ``==``, on
whole numbers and on floating-point ones: both sides draw the same addressed numbers and evaluate
the same expressions in the same order.
"""

from __future__ import annotations

import ast
import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings

from places import ROSTERS, TESTS
from reference import ReferenceModel
from reference.agreement import assert_same_books, assert_same_state
from reference.cases import CASES, WITHOUT_PAIRS
from reference.every_setting import values_away
from reference.facts import facts
from reference.programmes import PROGRAMMES
from reference.rosters import roster_with_everything
from reference.sections import HOT, POLICIES, Sections, hot, plain, sized
from reference.settings_at_random import a_firm, a_programme
from reference.table import PAIR_COLUMNS, PERSON_COLUMNS
from sim.engine import columns
from sim.engine.state import State, columns_of
from sim.errors import InputError
from sim.programme import matching
from sim.programme.settings import ASSIGNMENTS, DIRECTIONS, PROGRAMME, SCORES
from sim.programme.settings import POLICIES as DECLARED_POLICIES
from sim.scenario import Scenario
from sim.scenario.catalogue import GROUPS
from sim.simulation.plan import Plan, prepare
from sim.simulation.simulation import Simulation
from sim.simulation.tables import people_columns


# --- living together -----------------------------------------------------------------------------
def plan_of(sections: Mapping[str, Any], months: int, *, window_start: int | None = None) -> Plan:
    """The plan of a scenario without variants."""
    scenario = Scenario(months=months, **sections)
    variant = scenario.variants[0]
    return prepare(
        variant.name, variant.settings, roster=scenario.roster, window_start=window_start
    )


def live_together(plan: Plan, seed: int, world: int = 0, **oracle: Any) -> ReferenceModel:
    """Let engine and oracle live through a plan side by side; fail at the first disagreement."""
    engine = Simulation(plan, seed, world, keep_people=True, keep_dyads=True)
    model = ReferenceModel(
        plan.settings,
        plan.chart,
        plan.roster,
        seed=seed,
        world=world,
        window_start=plan.window_start,
        **oracle,
    )
    assert_same_state(engine.state, columns_of(engine.state), counts_of(engine.state), model)
    for _ in range(plan.months):
        engine.run(1)
        model.step()
        assert_same_state(engine.state, columns_of(engine.state), counts_of(engine.state), model)
    assert_same_books(engine.state, columns.M, counts_of(engine.state), model)
    return model


def counts_of(state: State) -> dict[str, int]:
    """The engine's counts by name."""
    return dict(zip(columns.COUNTS, state.counts.tolist(), strict=True))


# --- agreement -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("employees", "months", "seed"), [(1, 26, 1), (7, 26, 3), (40, 26, 2**63 - 1), (120, 14, 1)]
)
@pytest.mark.parametrize("policy", POLICIES)
def test_policies(policy: str, employees: int, months: int, seed: int) -> None:
    live_together(plan_of(sized(plain(policy), employees), months), seed, world=seed % 7)


@pytest.mark.long
@pytest.mark.parametrize("employees", [1, 2, 7, 40])
@pytest.mark.parametrize("policy", POLICIES)
def test_policies_when_much_happens(policy: str, employees: int) -> None:
    model = live_together(plan_of(sized(hot(policy), employees), 14), seed=11, world=4)
    assert employees < 7 or len(model.everybody) > 1.4 * employees


@pytest.mark.parametrize(
    ("policy", "programme"),
    [
        ("reciprocal", {}),
        ("portfolio", {"enrolment": "rolling", "check_in_months": 2, "cohort_months": 4}),
    ],
)
def test_three_hundred_people(policy: str, programme: dict[str, Any]) -> None:
    model = live_together(plan_of(sized(plain(policy, programme=programme), 300), 9), seed=5)
    assert len(model.former_people) > 10
    assert model.former_pairs


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    employees, months, sections = CASES[case]
    model = live_together(plan_of(sized(sections, employees), months), seed=23, world=1)
    opened = sum(sums.get("opened", 0.0) for sums in model.ledger.monthly)
    assert (opened == 0.0) == (case in WITHOUT_PAIRS)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_programmes(name: str) -> None:
    case = PROGRAMMES[name]
    model = live_together(plan_of(case.sections, case.months), seed=23, world=1)
    found = facts(model)
    assert {fact: found[fact] for fact, least in case.shows.items() if found[fact] < least} == {}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_setting_of_a_programme_matters(name: str) -> None:
    """No case agrees because what it switches on had no effect; what must have none has none."""
    case = PROGRAMMES[name]

    def outcome(sections: Sections) -> list[bytes]:
        state = Simulation(plan_of(sections, case.months), 23, 1).run().state
        return [table.tobytes() for table in (state.monthly, state.person, state.department)]

    whole = outcome(case.sections)
    idle = [
        setting
        for section, values in case.given.items()
        for setting in values
        if outcome(case.without(section, setting)) == whole
    ]
    assert tuple(idle) == case.idle


def _fingerprint_of(sections: Sections, months: int) -> list[bytes] | None:
    """What a world has become; None where the settings are impossible together."""
    try:
        plan = plan_of(sections, months)
    except InputError:
        return None
    state = Simulation(plan, 23, 1).run().state
    return [table.tobytes() for table in (state.monthly, state.person, state.department)]


AGREED_ABOUT = {
    name
    for case in PROGRAMMES.values()
    for name, value in case.given.get("programme", {}).items()
    if name not in case.idle and value != PROGRAMME[name].default
}
"""Settings that some case above gives another value than their default, to an effect."""


AGREED_ABOUT_ELSEWHERE = {
    "policy": "every policy is a case of its own: test_policies",
    "large_cohorts": "acts beyond what the oracle can pair: tests/programme/test_large_cohorts.py",
}
"""And why nothing need be found for these."""


@pytest.mark.parametrize(
    "name", [n for n in PROGRAMME.names() if n not in {*AGREED_ABOUT, *AGREED_ABOUT_ELSEWHERE}]
)
def test_every_declared_setting_of_a_programme_is_agreed_about(name: str) -> None:
    """What no case sets is set here by itself, in the first case in which it has an effect.

    A lever that the engine has and the oracle lacks cannot stay unseen, though nobody names it here.
    """
    for case in PROGRAMMES.values():
        base = _fingerprint_of(case.sections, case.months)
        for value in values_away(PROGRAMME[name]):
            given = {**case.given, "programme": {**case.given.get("programme", {}), name: value}}
            sections = replace(case, given=given).sections
            found = _fingerprint_of(sections, case.months)
            if found not in (base, None):
                live_together(plan_of(sections, case.months), 23, world=1)
                return
    pytest.fail(
        f"programme.{name} has no effect in any case: add one to PROGRAMMES in which it has"
    )


@pytest.mark.long
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize("score", SCORES)
def test_every_score_with_every_assignment(score: str, assignment: str) -> None:
    """And both with every direction, in both forms, with both ways of enrolling."""
    one, other = SCORES.index(score), ASSIGNMENTS.index(assignment)
    programme = {
        "score": score,
        "assignment": assignment,
        "direction": DIRECTIONS[(one + other) % len(DIRECTIONS)],
        "form": ("one_to_one", "group")[one % 2],
        "enrolment": ("fixed", "rolling")[other % 2],
        "everyone_matched": (one + other // 2) % 3 > 0,
        "mentor_capacity": 1,
    }
    sections = sized(hot("similarity", programme=programme), 30)
    model = live_together(plan_of(sections, 9), seed=one, world=other)
    assert facts(model)["opened"] > 0


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(firm=a_firm(), programme=a_programme())
def test_programmes_at_random(
    firm: dict[str, Any], programme: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """In firms as they are made up, and in every third case with a roster that says everything."""
    case = hot("none", programme=programme, **firm["sections"])
    if firm["roster"]:
        path = tmp_path_factory.getbasetemp() / "roster.csv"
        path.write_text(roster_with_everything(firm["employees"]))
        case["organisation"]["roster"] = str(path)
    else:
        case = sized(case, firm["employees"])
    try:
        plan = plan_of(case, firm["months"])
    except InputError:  # impossible together: tests/scenario/test_scenario_errors.py is about these
        reject()
    live_together(plan, firm["seed"])


@pytest.mark.parametrize("policy", ["none", "random", "self_selected", "complementary"])
@pytest.mark.parametrize("ties", [True, False])
def test_law_firm(policy: str, ties: bool) -> None:
    organisation = {"roster": str(ROSTERS / "lazega_law_firm.csv"), "start_year": 1990}
    if ties:
        organisation["ties"] = str(ROSTERS / "lazega_law_firm_advice.csv")
    sections = hot(policy) if ties else plain(policy)
    live_together(plan_of({**sections, "organisation": organisation}, 12), seed=3)


@pytest.mark.long
@pytest.mark.parametrize("who", ["linked", "matched_by_department"])
def test_law_firm_with_all_its_ties(who: str) -> None:
    """The file has all ties there are at the start; people meet over them."""
    organisation = {
        "roster": str(ROSTERS / "lazega_law_firm.csv"),
        "ties": str(ROSTERS / "lazega_law_firm_advice.csv"),
        "ties_complete": True,
        "start_year": 1990,
    }
    given = {"who": who, "gate": "barter", "rate": 0.4}
    sections = hot("similarity", ties={"places": 32}, encounters=given)
    model = live_together(plan_of({**sections, "organisation": organisation}, 8), seed=3)
    assert min(sum(tie is not None for tie in person.ties) for person in model.staff) < 32


ROSTER_PROGRAMMES: dict[str, dict[str, Any]] = {
    "everybody": {"participation": "universal"},
    "volunteers": {"mentee_to_level": 2, "bar_past_pairs": False},
    "groups": {"participation": "universal", "form": "group", "check_in_months": 1},
    "month by month": {"participation": "nominated", "enrolment": "rolling", "check_in_months": 2},
}


@pytest.mark.long
@pytest.mark.parametrize("policy", POLICIES[1:])
@pytest.mark.parametrize("programme", ROSTER_PROGRAMMES)
def test_roster_with_everything(tmp_path: Path, policy: str, programme: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(roster_with_everything(48))
    case = hot(policy, programme=ROSTER_PROGRAMMES[programme])
    plan = plan_of({**case, "organisation": {"roster": str(path)}}, 8)
    found = facts(live_together(plan, seed=POLICIES.index(policy)))
    assert found["fixed pairs"] > 1
    assert found["narrow aims"] > 1 or policy != "complementary"


@pytest.mark.parametrize("window_start", [0, 5, 99])
def test_window(window_start: int) -> None:
    """Where the window starts changes what counts; the last of its years need not be full."""
    plan = plan_of(sized(hot("traditional"), 30), 20, window_start=window_start)
    live_together(plan, seed=4)


@pytest.mark.parametrize("form", ["one_to_one", "group"])
def test_large_cohorts_in_blocks(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """Cohorts beyond the size of a table are dealt out into blocks, here of seven people.

    At a check-in few mentees meet many mentors: some blocks are without mentees.
    """
    monkeypatch.setattr(matching, "EXACT_UP_TO", 12)
    monkeypatch.setattr(matching, "BLOCK", 7)
    programme = {"participation": "universal", "form": form, "check_in_months": 1}
    plan = plan_of(sized(hot("random", programme=programme), 45), 8)
    model = live_together(plan, seed=6, paired_together=12, block=7)
    assert facts(model)["re_paired"] > 1


def test_table_of_people() -> None:
    """Everybody who was ever there is found under their slot and holder number."""
    plan = plan_of(sized(hot("reciprocal"), 45), 12)
    engine = Simulation(plan, 23, 1, keep_people=True).run()
    table = people_columns(engine.state, plan)
    everybody = live_together(plan, seed=23, world=1).everybody
    assert table["person"].tolist() == [person.number for person in everybody]
    assert table["slot"].tolist() == [person.slot for person in everybody]
    assert table["holder"].tolist() == [person.holder for person in everybody]
    assert table["hired"].tolist() == [person.hire_month for person in everybody]


@pytest.mark.parametrize("number", range(12))
def test_parameters_at_random(number: int) -> None:
    """Every second parameter anywhere in its plausible range, or away from its default: none is special."""
    chance = random.Random(number)
    sections: dict[str, dict[str, Any]] = {}
    for group in GROUPS:
        for parameter in group.parameters:
            if group.name in ("scenario", "organisation", "programme") or chance.random() < 0.5:
                continue
            values = sections.setdefault(group.name, {})
            if parameter.is_numeric and parameter.prior is not None:
                values[parameter.name] = chance.uniform(*parameter.prior)
            elif parameter.is_compiled and parameter.is_numeric:
                values[parameter.name] = chance.choice(values_away(parameter))
    policy = POLICIES[1 + number % 11]
    case = plain(policy) if number % 2 else hot(policy)
    for name, values in sections.items():
        case[name] = {**case.get(name, {}), **values}
    live_together(plan_of(sized(case, 35), 10), seed=number, world=number)


# --- one engine, several ways to run it ----------------------------------------------------------
def fingerprint(sections: Sections, how: str = "at once") -> str:
    """A SHA-256 over all arrays of a world of 30 people after 14 months."""
    simulation = Simulation(
        plan_of(sized(sections, 30), 14), 9, 2, keep_people=True, keep_dyads=True
    )
    if how == "phase by phase":
        simulation.run_phase_by_phase()
    else:
        while simulation.month < 14:
            simulation.run(14 if how == "at once" else 1)
    digest = hashlib.sha256()
    for name, value in simulation.state._asdict().items():
        digest.update(f"{name} {np.shape(value)}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize("how", ["month by month", "phase by phase"])
@pytest.mark.parametrize("policy", POLICIES)
def test_the_way_of_running_makes_no_difference(policy: str, how: str) -> None:
    case = hot(policy, programme={"check_in_months": 3})
    assert fingerprint(case, how) == fingerprint(case)


def test_writing_down_makes_no_difference() -> None:
    """Keeping leavers and ended pairs one by one changes nothing else."""
    plan = plan_of(sized(hot("reciprocal"), 45), 14)
    kept = Simulation(plan, 9, 2, keep_people=True, keep_dyads=True).run().state
    plain_run = Simulation(plan, 9, 2).run().state
    for name in ("person", "whole", "skills", "ties", "dyad", "dyad_whole", "monthly", "tally"):
        assert np.array_equal(getattr(kept, name), getattr(plain_run, name)), name


@pytest.mark.long
def test_compiled_equals_uncompiled() -> None:
    """The same code as plain Python, in a process of its own, with warnings as errors."""
    program = (
        f"import sys; sys.path[:0] = [{str(TESTS)!r}, {str(TESTS / 'oracle')!r}]; import test_oracle as t; "
        "print(t.fingerprint(t.PROGRAMMES['portfolio of all'].sections))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == fingerprint(PROGRAMMES["portfolio of all"].sections)


# --- the oracle is an oracle ---------------------------------------------------------------------
SHARED = (
    ("luck.py", "sim.engine", ["decisions", "draws"]),
    ("assignments.py", "sim.programme.assignment", ["assign"]),
)


def test_the_oracle_shares_only_the_draws_and_a_solver_with_the_engine() -> None:
    paths = sorted((TESTS / "reference").glob("*.py"))
    assert len(paths) > 10
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert not any(alias.name.split(".")[0] == "sim" for alias in node.names), path
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
                names = [alias.name for alias in node.names]
                assert (path.name, node.module, names) in SHARED


def test_the_oracle_has_the_columns_of_the_engine_in_their_order() -> None:
    assert columns.PERSON + columns.PERSON_WHOLE == PERSON_COLUMNS
    assert columns.DYAD + columns.DYAD_WHOLE == PAIR_COLUMNS


def test_the_oracle_knows_all_policies() -> None:
    assert POLICIES == DECLARED_POLICIES


def test_the_hot_settings_are_known() -> None:
    """A parameter that is renamed must not silently leave the hot cases."""
    names = {group.name: group.names() for group in GROUPS}
    assert all(name in names[section] for section, given in HOT.items() for name in given)
