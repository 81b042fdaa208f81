"""Chance encounters: what each setting means, what is declared, and that they cost nothing while off."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from conftest import lived, plan_of
from places import TESTS
from sim.engine import columns, decisions
from sim.engine.state import State, handle_of
from sim.mechanisms import encounters
from sim.mechanisms.encounters import MECHANISM, PARAMETERS
from sim.mechanisms.month import EVERY_MECHANISM, MECHANISMS, OPTIONAL
from sim.scenario.catalogue import RECORD, RECORD_WITH_OPTIONAL
from sim.simulation.plan import Plan, with_parameters
from sim.simulation.simulation import Simulation
from sim.testing import check_mechanism, everything

FIRM: dict[str, Any] = {
    "months": 12,
    "organisation.employees": 60,
    "departures.quit_rate": 1.0,
    "programme.policy": "reciprocal",
    "programme.start_month": 3,
    "programme.cohort_months": 6,
}

ON: dict[str, dict[str, Any]] = {
    "linked": {"per_person": 2.0, "gate": "barter"},
    "anybody": {"per_person": 2.0, "gate": "likeness", "kernel": "averaging"},
    "matched": {"gate": "barter", "update": "in_turn", "tolerance": 0.01},
    "matched_by_department": {"across": 0.3, "kernel": "averaging"},
}


def on(who: str, **more: Any) -> dict[str, Any]:
    """Settings under which people meet."""
    given = {"who": who, "rate": 0.5, "other_rate": 0.4, **ON[who], **more}
    return {f"encounters.{name}": value for name, value in given.items()}


# --- declarations ----------------------------------------------------------------------------------------


def test_words_have_the_codes_that_the_kernels_know() -> None:
    codes = {
        "who": {
            "nobody": encounters.NOBODY,
            "linked": encounters.LINKED,
            "anybody": encounters.ANYBODY,
            "matched": encounters.MATCHED,
            "matched_by_department": encounters.BY_DEPARTMENT,
        },
        "seekers": {
            "by_lot": encounters.SEEKS_BY_LOT,
            "everybody": encounters.SEEKS_IN_ORDER,
        },
        "gate": {
            "none": encounters.NO_GATE,
            "barter": encounters.BARTER,
            "likeness": encounters.LIKENESS,
        },
        "kernel": {"gaps_close": encounters.GAPS_CLOSE, "averaging": encounters.AVERAGING},
        "update": {"simultaneous": encounters.SIMULTANEOUS, "in_turn": encounters.IN_TURN},
    }
    assert set(codes) == {one.name for one in PARAMETERS.parameters if one.coded}
    for name, by_word in codes.items():
        assert set(by_word) == set(PARAMETERS[name].choices)
        for word, code in by_word.items():
            assert PARAMETERS.coded({**PARAMETERS.defaults(), name: word})[name] == code


@pytest.mark.parametrize("who", ON)
def test_encounters_conform(who: str) -> None:
    check_mechanism(MECHANISM, on(who))


def test_whoever_forgets_to_switch_it_on_is_told() -> None:
    with pytest.raises(AssertionError, match="give settings under which it acts"):
        check_mechanism(MECHANISM)


def _scrambled(state: State, keep: set[str], seed: int) -> State:
    rng = np.random.default_rng(seed)
    copy = state._replace(
        **{name: getattr(state, name).copy() for name in State._fields if name != "luck"}
    )
    for name, values in everything(copy).items():
        if name not in keep:
            values[...] = rng.permutation(values.ravel()).reshape(values.shape)
    return copy


@pytest.mark.parametrize("who", ON)
def test_encounters_read_only_what_they_declare(who: str) -> None:
    """With everything else scrambled they do the same."""
    simulation = Simulation(plan_of({**FIRM, **on(who)}), 7, 0)
    p = simulation.plan.optional_record[0]
    declared = {*MECHANISM.reads, *MECHANISM.writes}
    changed = 0

    def watch(name: str, state: State, _: Any, month: int) -> None:
        nonlocal changed
        if name == MECHANISM.after:
            plain, other = (
                _scrambled(state, keep, month) for keep in (set(everything(state)), declared)
            )
            before = plain.skills.copy()
            for one in (plain, other):
                MECHANISM.kernel(handle_of(one), p, month)
            np.testing.assert_array_equal(plain.skills, other.skills)
            changed += not np.array_equal(before, plain.skills)

    simulation.run_phase_by_phase(between=watch)
    assert changed == FIRM["months"]


_LOG_DRAWS = """
import json, sys
import sim.engine.draws as draws
seen = set()
def logging(original):
    def logged(luck, what, *address):
        if inside:
            seen.add(int(what))
        return original(luck, what, *address)
    return logged
inside = False
from conftest import plan_of
from sim.mechanisms.month import OPTIONAL
from sim.simulation.simulation import Simulation
for name in ("draw", "draw_for_all", "draw_for_others"):
    setattr(draws, name, logging(getattr(draws, name)))
for given in json.loads(sys.argv[1]):
    simulation = Simulation(plan_of(given), 7, 0)
    while simulation.month < 3:
        simulation.run_phase_by_phase(1, without=("encounters",))
        inside = True
        OPTIONAL[0].kernel(simulation.handle, simulation.plan.optional_record[0], simulation.month - 1)
        inside = False
print(json.dumps(sorted(seen)))
"""


@pytest.mark.long
def test_encounters_draw_exactly_what_they_declare() -> None:
    """Run as plain Python, every call of the drawing functions is seen."""
    given = [{**FIRM, **on(who)} for who in ON]
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]),
    }
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", _LOG_DRAWS, json.dumps(given)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    names = {decision.code: decision.name for decision in decisions.DECISIONS}
    assert {names[code] for code in json.loads(result.stdout)} == set(MECHANISM.draws)


# --- off -------------------------------------------------------------------------------------------------


def test_the_compiled_month_knows_nothing_of_optional_mechanisms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Their sections are in no record that it reads, and while they are off no month is dispatched."""
    assert set(RECORD_WITH_OPTIONAL.names or ()) - set(RECORD.names or ()) == {"encounters"}
    assert not set(OPTIONAL) & set(MECHANISMS)
    assert [one.name for one in EVERY_MECHANISM if one.name in ("learning", "practice")] == [
        "learning",
        "practice",
    ]
    place = EVERY_MECHANISM.index(MECHANISM)
    assert EVERY_MECHANISM[place - 1].name == MECHANISM.after
    plan = plan_of({**FIRM, "encounters.rate": 0.9, "encounters.gate": "barter"})
    assert plan.optional == ()

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("dispatched phase by phase")

    monkeypatch.setattr(Simulation, "run_phase_by_phase", never)
    off = lived(plan).state
    plain = lived(plan_of(FIRM)).state
    for name in State._fields:
        if name != "luck":
            np.testing.assert_array_equal(getattr(off, name), getattr(plain, name), err_msg=name)


def test_a_variant_may_switch_them_on_alone() -> None:
    plans = [plan_of({**FIRM, **more}) for more in ({}, on("matched"))]
    assert [plan.optional for plan in plans] == [(), ("encounters",)]
    off, with_them = (lived(plan).state.skills for plan in plans)
    assert not np.array_equal(off, with_them)


def test_parameters_changed_in_a_plan_reach_the_encounters() -> None:
    """As an ensemble of parameter sets changes them."""
    plan = plan_of({**FIRM, **on("matched")})
    changed = with_parameters(plan, {"encounters.rate": 0.05, "learning.rate": 0.3})
    given = plan_of({**FIRM, **on("matched", rate=0.05), "learning.rate": 0.3})
    np.testing.assert_array_equal(lived(changed).state.skills, lived(given).state.skills)
    assert changed.optional_record["encounters"]["rate"][0] == 0.05


# --- what the settings mean ------------------------------------------------------------------------------


def _quiet(people: int, departments: int, **settings: Any) -> Plan:
    """A firm in which nothing but encounters touches skills."""
    from verification.firms import flat, plan_for

    given = {f"encounters__{name}": value for name, value in settings.items()}
    return plan_for(flat(people, departments), 1, 2, ties__places=3, **given)


def _after(plan: Plan, skills: Any, vacant: tuple[int, ...] = (), world: int = 0) -> Any:
    """Skills after a month of encounters only."""
    simulation = Simulation(plan, 1, world)
    simulation.state.skills[:] = skills
    simulation.state.whole[columns.ACTIVE, list(vacant)] = 0
    MECHANISM.kernel(simulation.handle, plan.optional_record[0], 0)
    return simulation.state.skills.copy()


def _partners(skills: Any, after: Any) -> Any:
    """Whose skills everybody has taken over; their own, if they met nobody."""
    distance = np.abs(after[:, None, :] - skills[None, :, :]).max(axis=2)
    assert distance.min(axis=1).max() < 1e-9
    return distance.argmin(axis=1)


def test_every_setting_matters() -> None:
    """Each of them, in a firm where it should."""
    where = {
        "who": on("matched"), "per_person": on("anybody"), "chance": on("matched"),
        "across": on("matched_by_department"), "gate": on("matched"), "kernel": on("matched"),
        "seekers": on("linked"), "update": on("anybody", gate="none"), "rate": on("matched"), "other_rate": on("matched"),
        "width": on("anybody"), "tolerance": on("matched"),
    }  # fmt: skip
    other = {
        "who": "linked", "per_person": 1.0, "seekers": "everybody", "chance": 0.5, "across": 1.0, "gate": "none",
        "kernel": "averaging", "update": "in_turn", "rate": 0.2, "other_rate": 0.2, "width": 0.05,
        "tolerance": 0.3,
    }  # fmt: skip
    assert set(where) == set(other) == set(PARAMETERS.names())
    for name, given in where.items():
        changed = {**given, f"encounters.{name}": other[name]}
        one, two = (lived(plan_of({**FIRM, **case})).state.skills for case in (given, changed))
        assert not np.array_equal(one, two), name


def test_matched_people_meet_one_other_and_one_is_left_over() -> None:
    skills = np.random.default_rng(1).random((9, 2))
    plan = _quiet(9, 1, who="matched", rate=1.0, other_rate=1.0, kernel="averaging")
    after = _after(plan, skills, vacant=(3, 5))
    partner = _partners(skills, after)
    assert partner[3] == 3, "a vacancy meets nobody"
    assert partner[5] == 5
    assert sum(partner[slot] == slot for slot in (0, 1, 2, 4, 6, 7, 8)) == 1
    assert all(partner[partner[slot]] == slot for slot in range(9))


@pytest.mark.parametrize(("across", "outside"), [(0.0, 0), (0.5, 12), (1.0, 24)])
def test_the_share_of_people_matched_across_departments(across: float, outside: int) -> None:
    """Three departments of eight: an even number goes out, and meets only people of others."""
    skills = np.random.default_rng(1).random((24, 2))
    rates = {"rate": 1.0, "other_rate": 1.0, "kernel": "averaging"}
    plan = _quiet(24, 3, who="matched_by_department", across=across, **rates)
    for world in range(5):
        partner = _partners(skills, _after(plan, skills, world=world))
        department = Simulation(plan, 1, world).state.whole[columns.PERSON_DEPARTMENT]
        assert (partner != np.arange(24)).all()
        assert (department[partner] != department).sum() == outside


def test_linked_people_meet_their_ties_only() -> None:
    """Each tie of a person is as likely as the next, wherever it stands; who has none meets nobody."""
    plan = _quiet(4, 1, who="linked", per_person=5000.0, rate=1e-7, other_rate=0.0)
    simulation = Simulation(plan, 1, 0)
    simulation.state.ties[:] = [[-1, 1, 2], [3, -1, -1], [-1, -1, -1], [-1, -1, -1]]
    simulation.state.skills[:] = [[0.0, 0.5], [0.5, 0.1], [0.0, 1.0], [0.5, 0.9]]
    before = simulation.state.skills.copy()
    MECHANISM.kernel(simulation.handle, plan.optional_record[0], 0)
    gained = (simulation.state.skills - before) / 1e-7
    # 0 meets 1 (first skill, gap .5) and 2 (second, .5); 1 meets 3 (second, .8); 5000 encounters each.
    assert gained[0, 0] / 0.5 == pytest.approx(2500, abs=4 * 36)
    assert gained[0, 1] / 0.5 == pytest.approx(2500, abs=4 * 36)
    assert gained[1, 1] / 0.8 == pytest.approx(5000, abs=4 * 62)
    assert not gained[2:].any()


def test_everybody_seeks_one_encounter_a_month() -> None:
    """In the order of slots: with two of three people linked, so many encounters as rounds for each."""
    plan = _quiet(3, 1, who="linked", seekers="everybody", per_person=2.0, rate=0.5, other_rate=0.0)
    simulation = Simulation(plan, 1, 0)
    simulation.state.ties[:] = [[1, -1, -1], [2, -1, -1], [-1, -1, -1]]
    simulation.state.skills[:] = [[0.0, 0.0], [0.0, 0.0], [0.8, 0.8]]
    MECHANISM.kernel(simulation.handle, plan.optional_record[0], 0)
    # First round: 0 learns nothing, 1 learns .4; second: 0 learns half of .4, 1 half of what is left.
    np.testing.assert_allclose(simulation.state.skills[:, 0], [0.2, 0.6, 0.8])


def test_barter_gives_and_takes_the_same_number() -> None:
    """One is ahead in three skills, the other in one: one of the three passes, each as often."""
    from verification.firms import flat, plan_for

    plan = plan_for(flat(2), 1, 5, encounters__who="matched", encounters__gate="barter",
                    encounters__rate=1.0, encounters__other_rate=1.0, encounters__tolerance=0.1)  # fmt: skip
    skills = np.array([[0.5, 0.6, 0.7, 0.1, 0.40], [0.1, 0.2, 0.3, 0.9, 0.42]])
    passed = np.zeros(5)
    for world in range(600):
        passed += (_after(plan, skills, world=world) != skills).any(axis=0)
    assert passed[3] == 600
    assert passed[4] == 0, "these count as equal"
    assert passed[:3].sum() == 600
    np.testing.assert_allclose(passed[:3], 200, atol=4 * np.sqrt(600 * 2 / 9))


def test_a_wrong_word_is_named_with_those_there_are() -> None:
    import sim

    with pytest.raises(sim.InputError, match="matched_by_department"):
        plan_of({"encounters.who": "match"})


# --- everywhere a variant is lived -----------------------------------------------------------------------


def test_a_plan_that_went_to_another_process_is_lived_alike() -> None:
    plan = plan_of({**FIRM, **on("linked")})
    sent = pickle.loads(pickle.dumps(plan))
    np.testing.assert_array_equal(lived(plan).state.skills, lived(sent).state.skills)


def test_the_mesa_face_lives_the_same_months() -> None:
    import sim

    scenario = sim.Scenario(months=6, organisation={"employees": 40}, encounters={"who": "matched"})
    model = sim.MentoringModel(scenario)
    for _ in range(6):
        model.step()
    found = sim.run(scenario, people=True).people
    by_number = {employee.unique_id: employee for employee in model.agents}
    there = found[found["person"].isin(by_number)]
    assert len(there) == len(by_number)
    name = next(iter(model.skill_places))
    for row in there.itertuples():
        assert by_number[row.person].skills[name] == getattr(row, f"skill_{name}_end")
