"""Conformance tests for mechanisms and pairing policies, one's own or the model's.

Each check simulates some small firms and raises AssertionError with a plain sentence where a promise of
the model would be broken. Call them from a test::

    from sim.testing import check_mechanism, check_policy

    def test_my_policy():
        check_policy("my_policy")
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sim.engine import columns
from sim.engine.state import State, columns_of
from sim.mechanisms.mechanism import AddedMechanism, Mechanism, section_of
from sim.parameters import ParameterGroup
from sim.programme.matching import score_of
from sim.programme.moment import Moment
from sim.programme.policies import Policy
from sim.programme.rules import is_barred
from sim.registry import ADDED
from sim.scenario import Scenario
from sim.simulation.plan import Plan
from sim.simulation.simulation import Simulation

__all__ = ["check_mechanism", "check_policy", "everything", "plan_of"]

BLOCKS = (
    "skills",
    "potential",
    "skills_begin",
    "gain",
    "asked",
    "usual",
    "values",
    "ties",
    "team_exits",
    "heard",
    "emphasis",
    "skill",
    "surroundings",
    "mode_shares",
    "department_whole",
    "counts",
    "monthly",
    "tally",
    "leavers",
    "ended",
)
"""Parts of the state that a mechanism declares as a whole."""

_GROUPS = {
    "people": {*columns.PERSON, *columns.PERSON_WHOLE},
    "pairs": {f"dyad.{name}" for name in (*columns.DYAD, *columns.DYAD_WHOLE)},
}

_FIRM: dict[str, Any] = {
    "months": 18,
    "organisation.employees": 60,
    "departures.quit_rate": 0.8,
    "programme.policy": "reciprocal",
    "programme.start_month": 3,
    "programme.cohort_months": 6,
    "programme.meetings_per_month": 2.0,
    "programme.check_in_months": 3,
    "programme.recognition": 50.0,
}

_PROGRAMMES: tuple[dict[str, Any], ...] = (
    {},
    {"programme.participation": "universal", "programme.mentor_capacity": 1},
    {"programme.enrolment": "rolling", "programme.places": 0.3},
    {"programme.form": "group", "programme.group_size": 3, "programme.check_in_months": 2},
    {"volunteering.mentor_share": 0.1, "programme.everyone_matched": False},
    {"programme.same_site_only": True, "programme.minimum_age_gap": 5.0},
)


def plan_of(settings: Mapping[str, Any]) -> Plan:
    """The plan of one variant with these settings: ``{"months": 12, "programme.policy": "random"}``."""
    from sim.simulation.plan import plans_of

    top = {name: value for name, value in settings.items() if "." not in name}
    variant = {name: value for name, value in settings.items() if "." in name}
    base: dict[str, dict[str, Any]] = {}
    for name in [name for name in variant if name.startswith("organisation.")]:
        base.setdefault("organisation", {})[name.partition(".")[2]] = variant.pop(name)
    scenario = Scenario(**top, **base, variants=[{"name": "checked", **variant}])
    return plans_of(scenario)[0]


def everything(state: State) -> dict[str, Any]:
    """Every part of a state by the name that declarations use, as views."""
    return {**columns_of(state), **{name: getattr(state, name) for name in BLOCKS}}


def _named(names: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for name in names:
        measure = name.startswith("monthly.") and name.partition(".")[2] in ADDED.measures
        found |= {"monthly"} if measure else _GROUPS.get(name, {name})
    return found


def _copied(state: State) -> dict[str, Any]:
    return {name: values.copy() for name, values in everything(state).items()}


def _of_the_model(state: State) -> dict[str, Any]:
    """The same without added measures, which are missing where nothing that acts records them."""
    found = _copied(state)
    for name in ("monthly", "tally"):
        found[name] = found[name][:, : len(columns.MEASURES)]
    return found


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {name for name in after if not np.array_equal(before[name], after[name], equal_nan=True)}


# --- mechanisms ------------------------------------------------------------------------------------------


def check_mechanism(
    mechanism: Mechanism | AddedMechanism, settings: Mapping[str, Any] | None = None
) -> None:
    """Check that a mechanism keeps the promises of the model's own.

    Its parameters are declared in full; it writes only what it declares; the same seed gives the same
    numbers; whatever it does, people's state stays finite and within its range; and it can be switched
    off: with `active` false, or under the neutral values that its parameters declare, the model is the
    same, bit for bit, as without it.

    Parameters
    ----------
    mechanism
        One of :data:`sim.mechanisms.month.EVERY_MECHANISM`, or one from outside the package, which need not be
        registered.
    settings
        Settings under which it does something, for instance its own strong ones; of the firm that is
        simulated as well. An optional mechanism of the model needs those that switch it on.

    Raises
    ------
    AssertionError
        Where a promise is broken.
    """
    _check_declared(mechanism.parameters)
    if isinstance(mechanism, AddedMechanism):
        _check_added(mechanism, {**_FIRM, **(settings or {})})
    else:
        _check_own(mechanism, {**_FIRM, **(settings or {})})


def _check_declared(group: ParameterGroup) -> None:
    for parameter in group.parameters:
        here = f"{group.name}.{parameter.name}"
        assert parameter.meaning.endswith("."), f"{here}: its meaning is not a sentence"
        assert parameter.source, f"{here} has no source"
        if parameter.kind in ("number", "integer") and parameter.default is not None:
            inside = parameter.low <= parameter.default <= parameter.high
            assert inside, f"{here}: the default {parameter.default} is out of its range"


def _check_own(mechanism: Mechanism, settings: dict[str, Any]) -> None:
    known = set(everything(Simulation(plan_of(settings), 7, 0).state))
    unknown = (_named(mechanism.reads) | _named(mechanism.writes)) - known - {"luck"}
    assert not unknown, f"{mechanism.name} declares unknown columns: {sorted(unknown)}"
    if mechanism.after:
        _check_switch(mechanism, settings)
    _check_writes(mechanism.name, _named(mechanism.writes), plan_of(settings))
    _check_range(mechanism.name, plan_of(settings))


def _check_switch(mechanism: Mechanism, settings: dict[str, Any]) -> None:
    """An optional mechanism acts under these settings, and not under its neutral ones."""
    name = mechanism.name
    neutral = {f"{name}.{key}": value for key, value in mechanism.parameters.neutral().items()}
    on, off = plan_of(settings), plan_of({**settings, **neutral})
    assert name in on.optional, f"{name} is off in this firm: give settings under which it acts"
    assert name not in off.optional, f"{name} is on under its neutral setting"
    once, again = (_copied(Simulation(on, 7, 0).run().state) for _ in range(2))
    assert not _changed(once, again), f"{name}: the same seed gives other numbers"
    plain = _copied(Simulation(off, 7, 0).run().state)
    assert _changed(once, plain), f"{name} changes nothing in this firm"


def _check_writes(name: str, allowed: set[str], plan: Plan) -> None:
    simulation = Simulation(plan, 7, 0, keep_people=True, keep_dyads=True)
    before: dict[str, Any] = {}

    def watch(phase: str, state: State, p: Any, month: int) -> None:
        nonlocal before
        after = _copied(state)
        if phase == name and before:
            wrong = _changed(before, after) - allowed
            assert not wrong, f"{name} wrote what it does not declare: {sorted(wrong)}"
        before = after

    simulation.run_phase_by_phase(between=watch)


def _check_range(name: str, plan: Plan) -> None:
    state = Simulation(plan, 8, 1).run().state
    for what, values in _of_the_model(state).items():
        assert np.isfinite(values).all(), f"with {name}, {what} is not finite"
    present = state.whole[columns.ACTIVE] == 1
    held = {"skills": state.skills[present]} | {
        what: state.person[column, present]
        for what, column in (("engagement", columns.ENGAGEMENT), ("safety", columns.SAFETY))
    }
    for what, values in held.items():
        outside = ((values < 0.0) | (values > 1.0)).any()
        assert not outside, f"with {name}, {what} leaves its range of 0 to 1"


def _check_added(mechanism: AddedMechanism, settings: dict[str, Any]) -> None:
    other = ADDED.mechanisms.get(mechanism.name)
    ADDED.mechanisms[mechanism.name] = mechanism
    try:
        _check_added_while_known(mechanism, settings)
    finally:
        if other is None:
            del ADDED.mechanisms[mechanism.name]
        else:
            ADDED.mechanisms[mechanism.name] = other


def _check_added_while_known(mechanism: AddedMechanism, settings: dict[str, Any]) -> None:
    name = mechanism.name
    pickle.dumps(mechanism)
    active = {f"{name}.active": True, **settings}
    plan, without = plan_of(active), plan_of({**settings, f"{name}.active": False})
    known = set(everything(Simulation(without, 7, 0).state))
    unknown = _named(mechanism.writes) - known
    assert not unknown, (
        f"{name} declares unknown columns: {sorted(unknown)}; known are people, pairs, {', '.join(sorted(known))}"
    )
    _check_step(mechanism, plan, without)
    once, again = (_copied(Simulation(plan, 7, 0).run().state) for _ in range(2))
    assert not _changed(once, again), f"{name}: the same seed gives other numbers"
    assert _changed(once, _copied(Simulation(without, 7, 0).run().state)), (
        f"{name} changes nothing in this firm: give settings under which it does"
    )
    plain = _of_the_model(Simulation(without, 7, 0).run().state)
    neutral = section_of(mechanism).neutral()
    if neutral:
        off = plan_of({**active, **{f"{name}.{key}": value for key, value in neutral.items()}})
        wrong = _changed(plain, _of_the_model(Simulation(off, 7, 0).run().state))
        assert not wrong, f"{name} under its neutral setting still changes {sorted(wrong)}"
    _check_range(name, plan)


def _check_step(mechanism: AddedMechanism, plan: Plan, without: Plan) -> None:
    """Call the step by itself behind its place, and look what it changes."""
    simulation = Simulation(without, 7, 0, keep_people=True, keep_dyads=True)
    measures = dict(ADDED.measures)
    simulation.state.monthly[:, list(measures.values())] = (
        0.0  # missing, as long as it does not act
    )
    (own,) = (added.own for added in plan.added if added.mechanism is mechanism)
    allowed = _named(mechanism.writes)

    def watch(phase: str, state: State, p: Any, month: int) -> None:
        if phase != mechanism.after:
            return
        before = _copied(state)
        mechanism.step(state, p, own[0], month)
        wrong = _changed(before, _copied(state)) - allowed
        name = mechanism.name
        wrong |= {
            f"monthly.{measure}"
            for measure, column in measures.items()
            if not mechanism.records(measure)
            and (before["monthly"][:, column] != state.monthly[:, column]).any()
        }
        assert not wrong, f"{name} wrote what it does not declare: {sorted(wrong)} (month {month})"

    simulation.run_phase_by_phase(between=watch)


# --- policies --------------------------------------------------------------------------------------------


def check_policy(name: str, settings: Mapping[str, Any] | None = None) -> None:
    """Check that a pairing policy keeps the rules that hold for all.

    Under several programmes, in firms of 1 to 150 people: its scores have the shape they should have,
    are finite, change nothing and are the same again; nobody is paired with themselves, or with somebody
    whom the rules bar; no mentor has more mentees than the capacity; nobody has two mentors; and the same
    seed gives the same pairs.

    Parameters
    ----------
    name
        A policy of the model, or one that was registered.
    settings
        Further settings of the scenario.

    Raises
    ------
    AssertionError
        Where a promise is broken.
    """
    for people in (1, 2, 13, 150):
        for programme in _PROGRAMMES if people > 13 else _PROGRAMMES[:2]:
            given = {
                **_FIRM,
                "organisation.employees": people,
                **programme,
                "programme.policy": name,
                **(settings or {}),
            }
            _check_pairs(name, plan_of(given))


def _check_pairs(name: str, plan: Plan) -> None:
    once, again = (np.stack(list(_pairs(name, plan))) for _ in range(2))
    assert np.array_equal(once, again), f"{name}: the same seed gives other pairs"


def _pairs(name: str, plan: Plan) -> Iterator[Any]:
    """The pairs after each month in which the programme acts, checked; a table of zeros to begin with."""
    found: list[Any] = [np.zeros((plan.chart.posts, 2), dtype=np.int64)]
    simulation = Simulation(plan, 5, 0)
    _watch_scores(name, simulation)

    def watch(phase: str, state: State, p: Any, month: int) -> None:
        if phase == "programme":
            _check_rules(name, simulation, state, p)
            pairs = np.full((plan.chart.posts, 2), -1, dtype=np.int64)
            formal = _formal(state)
            for row in np.flatnonzero(formal):
                pairs[state.dyad_whole[columns.MENTEE, row]] = state.dyad_whole[:2, row]
            found.append(pairs)

    simulation.run_phase_by_phase(between=watch)
    yield from found


def _formal(state: State) -> Any:
    running = int(state.counts[columns.DYADS])
    return state.dyad_whole[columns.FORMAL, :running] == 1


def _watch_scores(name: str, simulation: Simulation) -> None:
    """Have every table of scores checked when it is made."""
    programme = simulation.programme
    plain = programme.candidates

    def watched(now: Moment, policy: Policy, *given: Any) -> Any:
        candidates = plain(now, policy, *given)
        before = _copied(now.state)
        score = score_of(policy)
        scores, again = score(candidates), score(candidates)
        where = f"the score of {name}"
        assert np.shape(scores) == candidates.shape, f"{where} has the shape {np.shape(scores)}"
        assert not np.isnan(scores).any(), f"{where} is undefined for some pairs"
        assert np.array_equal(scores, again), f"{where} is another when it is asked again"
        wrong = _changed(before, _copied(now.state))
        assert not wrong, f"{where} changed the state: {sorted(wrong)}"
        return candidates

    programme.candidates = watched  # type: ignore[method-assign,assignment]


def _check_rules(name: str, simulation: Simulation, state: State, p: Any) -> None:
    dyad, formal = state.dyad_whole, np.flatnonzero(_formal(state))
    mentors, mentees = dyad[columns.MENTOR, formal], dyad[columns.MENTEE, formal]
    assert (mentors != mentees).all(), f"{name} paired somebody with themselves"
    assert len(np.unique(mentees)) == len(mentees), f"{name} gave somebody two mentors"
    assert (state.whole[columns.ACTIVE, mentors] == 1).all(), f"{name} paired somebody who has left"
    programme = simulation.plan.settings["programme"]
    group = programme["form"] == "group"
    most = programme["group_size" if group else "mentor_capacity"]
    load = np.bincount(mentors, minlength=1).max() if len(mentors) else 0
    assert load <= most, f"{name} gave a mentor {load} mentees, and {most} is the most"
    boss_of = state.post[columns.POST_BOSS]
    begun = dyad[columns.BEGUN, formal] == simulation.month
    for mentor, mentee in zip(mentors[begun], mentees[begun], strict=True):
        barred = is_barred(  # type: ignore[no-untyped-call]
            state.whole, boss_of, mentor, mentee, 0, p.programme
        )
        assert not barred, f"{name} made a pair that the rules bar (slots {mentor}, {mentee})"
