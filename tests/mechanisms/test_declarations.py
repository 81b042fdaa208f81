"""Each mechanism keeps to what it declares: what it reads, what it writes, what it draws."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from conftest import plan_of
from places import TESTS
from reference.every_setting import values_away
from sim.engine import columns
from sim.engine.decisions import DECISIONS
from sim.engine.state import State, handle_of
from sim.mechanisms.mechanism import Mechanism
from sim.mechanisms.month import MECHANISMS, OPTIONAL
from sim.programme.levers import LEVERS, levers_of
from sim.programme.settings import PROGRAMME
from sim.scenario.catalogue import GROUPS
from sim.simulation.simulation import Simulation
from sim.testing import everything

WHOLES = {
    "people": {*columns.PERSON, *columns.PERSON_WHOLE},
    "pairs": {f"dyad.{name}" for name in (*columns.DYAD, *columns.DYAD_WHOLE)},
}

NOT_MECHANISMS = ("scenario", "organisation", "programme", "costs")


def away_from_neutral() -> dict[str, Any]:
    """A value for every parameter whose default switches something off: what is read only then is read."""
    return {
        f"{group.name}.{parameter.name}": values_away(parameter)[0]
        for group in GROUPS
        if group.name not in (*NOT_MECHANISMS, *(one.name for one in OPTIONAL))
        for parameter in group.parameters
        if parameter.is_compiled and parameter.default in (0, parameter.neutral)
    }


def levers_moved() -> dict[str, Any]:
    """A value for every setting of a programme that moves a lever, but for its form: see FORMS."""
    settings = plan_of({"programme.policy": "reciprocal"}).settings
    plain, found = levers_of(settings), {}
    for parameter in PROGRAMME.parameters:
        if parameter.kind in ("number", "integer", "boolean"):
            value = values_away(parameter)[-1]
            other = {**settings["programme"], parameter.name: value}
            if levers_of({**settings, "programme": other}) != plain:
                found[f"programme.{parameter.name}"] = value
    return found


SETTINGS: dict[str, Any] = {
    **away_from_neutral(),
    **levers_moved(),
    "months": 24,
    "organisation.employees": 60,
    "departures.quit_rate": 1.0,
    "programme.policy": "reciprocal",
    "programme.start_month": 3,
    "programme.cohort_months": 6,
    "programme.meetings_per_month": 2.0,
    "programme.check_in_months": 1,
    "recognition.story_from": 0.3,
}
FORMS = ("one_to_one", "group")


def test_all_that_defaults_switch_off_is_switched_on() -> None:
    """A parameter or a lever that is added is away from its neutral value here, or this fails."""
    plans = [plan_of({**SETTINGS, "programme.form": form}) for form in FORMS]
    plans.append(plan_of({**SETTINGS, "programme.participation": "asked_by_name"}))
    for key in away_from_neutral():
        section, _, name = key.partition(".")
        parameter = next(group for group in GROUPS if group.name == section)[name]
        assert plans[0].settings[section][name] not in (parameter.default, parameter.neutral), key
    plain = levers_of(plan_of({"programme.policy": "reciprocal"}).settings)
    moved = {name for plan in plans for name, value in levers_of(plan.settings).items()
             if value != plain[name]}  # fmt: skip
    assert moved == set(LEVERS)


def _named(names: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for name in names:
        found |= WHOLES.get(name, {name})
    return found


def _copy(state: State) -> State:
    return state._replace(
        **{name: getattr(state, name).copy() for name in State._fields if name != "luck"}
    )


def _world(form: str) -> Simulation:
    return Simulation(
        plan_of({**SETTINGS, "programme.form": form}), 7, 0, keep_people=True, keep_dyads=True
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_a_mechanism_writes_only_what_it_declares(mechanism: Mechanism, form: str) -> None:
    simulation = _world(form)
    known = set(everything(simulation.state))
    assert _named(mechanism.reads) | _named(mechanism.writes) <= known | {"luck"}
    allowed = _named(mechanism.writes)
    before: dict[str, Any] = {}
    written: set[str] = set()

    def watch(name: str, state: State, p: Any, month: int) -> None:
        nonlocal before
        after = {key: values.copy() for key, values in everything(state).items()}
        if name == mechanism.name and before:
            changed = {key for key in after if not np.array_equal(after[key], before[key])}
            assert changed <= allowed, f"month {month}: wrote {changed - allowed} undeclared"
            written.update(changed)
        before = after

    simulation.run_phase_by_phase(between=watch)
    rarely = {"counts", "leavers", "ended", "tally"}
    never = _named(mechanism.writes) - written - rarely
    if not {"people", "pairs"} & set(mechanism.writes):
        assert not never, f"declares {never} as written and never writes it"


# Tables that copy whole rows of people and pairs, for the results only.
COPIES = {"leavers", "ended"}


def _check_reads(mechanism: Mechanism, state: State, p: Any, month: int) -> None:
    """With everything that it does not declare scrambled, the mechanism writes the same."""
    rng = np.random.default_rng(month)
    declared = _named(mechanism.reads) | _named(mechanism.writes)
    plain, scrambled = _copy(state), _copy(state)
    for name, values in everything(scrambled).items():
        if name not in declared:
            values[...] = rng.permutation(values.ravel()).reshape(values.shape)
    mechanism.kernel(handle_of(plain), p, month)
    mechanism.kernel(handle_of(scrambled), p, month)
    expected, found = everything(plain), everything(scrambled)
    for name in _named(mechanism.writes) - COPIES:
        np.testing.assert_array_equal(expected[name], found[name], err_msg=f"{name}, {month}")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_a_mechanism_reads_only_what_it_declares(mechanism: Mechanism, form: str) -> None:
    simulation = _world(form)
    place = [other.name for other in MECHANISMS].index(mechanism.name)
    checked = 0

    def watch(name: str, state: State, p: Any, month: int) -> None:
        nonlocal checked
        if place and name == MECHANISMS[place - 1].name and month % 2:
            _check_reads(mechanism, state, p, month)
            checked += 1

    while simulation.month < simulation.plan.months:
        if place == 0:
            _check_reads(mechanism, simulation.state, simulation.plan.record[0], simulation.month)
            checked += 1
        simulation.run_phase_by_phase(1, between=watch)
    assert checked >= 10


_LOG_DRAWS = """
import json, sys
import sim.engine.draws as draws
from sim.mechanisms.month import MECHANISMS
seen, current = {}, [None]
def logging(original):
    def logged(luck, what, *address):
        if current[0] is not None:
            seen.setdefault(current[0], set()).add(int(what))
        return original(luck, what, *address)
    return logged
from conftest import plan_of
from sim.simulation.simulation import Simulation
from sim.testing import everything
simulation = Simulation(plan_of(json.loads(sys.argv[1])), 7, 0)
for name in ("draw", "draw_for_all", "draw_for_others"):
    setattr(draws, name, logging(getattr(draws, name)))
import dataclasses, sim.simulation.simulation as lived
def watched(mechanism):
    def kernel(state, p, month):
        current[0] = mechanism.name
        try:
            mechanism.kernel(state, p, month)
        finally:
            current[0] = None
    return dataclasses.replace(mechanism, kernel=kernel)
lived.BEFORE_PROGRAMME = tuple(watched(m) for m in lived.BEFORE_PROGRAMME)
lived.AFTER_PROGRAMME = tuple(watched(m) for m in lived.AFTER_PROGRAMME)
simulation.run_phase_by_phase()
print(json.dumps({name: sorted(codes) for name, codes in seen.items()}))
"""


def test_a_mechanism_draws_exactly_what_it_declares() -> None:
    """Run as plain Python, every call of the drawing functions is seen."""
    given = {**SETTINGS, "months": 10, "organisation.employees": 40, "endings.tie_from": 0.0,
             "endings.carry_on_rate": 1.0, "informal.search_rate": 1.0,
             "vacancies.fill_rate": 1.0, "programme.cohort_months": 3,
             "programme.mentee_from_level": 1, "programme.places": 0.6}  # fmt: skip
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
    seen = json.loads(result.stdout)
    names = {decision.code: decision.name for decision in DECISIONS}
    for mechanism in MECHANISMS:
        drawn = {names[code] for code in seen.get(mechanism.name, [])}
        assert drawn == set(mechanism.draws), mechanism.name
