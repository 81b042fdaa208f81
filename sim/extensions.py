"""Adding to the model from outside the package: pairing policies, mechanisms, measures, outcomes.

An extension is a small Python file that calls the functions below when it is imported. It is loaded by
``mentorsim compare --extension FILE.py``, by :func:`load_extension`, by an import in one's own script, or,
for installed packages, through the entry point group ``mentorsim.extensions``. Nothing that is added acts
by itself: a policy where a scenario names it, a mechanism where its section says ``active = true``.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from sim.engine import columns
from sim.errors import InputError
from sim.mechanisms.mechanism import AddedMechanism
from sim.mechanisms.month import MECHANISMS
from sim.outcomes import declared
from sim.outcomes.outcome import Outcome
from sim.programme.policies import Policy
from sim.programme.scores import SCORES
from sim.programme.settings import ASSIGNMENTS, DIRECTIONS, POLICIES
from sim.programme.settings import SCORES as SCORE_NAMES
from sim.registry import ADDED, load_extension
from sim.scenario.catalogue import GROUPS

__all__ = [
    "AddedMechanism",
    "forget",
    "load_extension",
    "register_decision",
    "register_measure",
    "register_mechanism",
    "register_outcome",
    "register_policy",
    "register_reporter",
    "register_score",
]


def register_score(name: str, score: Callable[..., Any]) -> None:
    """Add a score: ``score(candidates) -> table`` (mentees × mentors), negative where it rules a pair out.

    See :mod:`sim.programme.scores`; the barring rules hold for it as for the others.

    Raises
    ------
    InputError
        If there is another score of that name.
    """

    _refuse_other("score", name, score, ADDED.scores, SCORES)
    ADDED.scores[name] = score


def register_policy(name: str, policy: Policy) -> None:
    """Add a pairing policy, which scenario files can then name: ``programme.policy = "name"``.

    Raises
    ------
    InputError
        If there is another policy of that name, or no such direction, score or assignment.
    """

    for part, known in (
        ("direction", DIRECTIONS),
        ("score", (*SCORE_NAMES, *ADDED.scores)),
        ("assignment", ASSIGNMENTS),
    ):
        if getattr(policy, part) not in known:
            problem = f"the policy {name!r} has an unknown {part}, {getattr(policy, part)!r}"
            raise InputError(problem, remedy=f"use one of {', '.join(known)}")
    _refuse_other("policy", name, policy, ADDED.policies, POLICIES)
    ADDED.policies[name] = policy


def register_mechanism(mechanism: AddedMechanism) -> None:
    """Add a mechanism. It acts where a scenario says ``[name]`` and ``active = true``.

    Raises
    ------
    InputError
        If there is another section of that name, or `after` names no mechanism.
    """

    places = ("begin", "programme", *(one.name for one in MECHANISMS))
    if mechanism.after not in places:
        problem = f"the mechanism {mechanism.name!r} is to act after {mechanism.after!r}"
        raise InputError(problem, remedy=f"use one of {', '.join(places)}")
    if mechanism.parameters.name != mechanism.name:
        problem = f"the section of the mechanism {mechanism.name!r} has another name"
        raise InputError(problem, remedy="give both the same name")
    taken = [group.name for group in GROUPS]
    _refuse_other("mechanism", mechanism.name, mechanism.step, _steps(), taken)
    ADDED.mechanisms[mechanism.name] = mechanism


def _steps() -> dict[str, Any]:
    return {name: mechanism.step for name, mechanism in ADDED.mechanisms.items()}


def register_measure(name: str) -> int:
    """Add something that is recorded every month; returns its column in ``state.monthly``.

    A mechanism adds to ``state.monthly[month, column]``, and says so in its `writes`; outcomes divide sums of
    it. Under a variant in which no mechanism that acts records it, it is missing.

    Raises
    ------
    InputError
        If the model has a measure of that name.
    """

    if name in columns.MEASURES:
        raise InputError(f"there is a measure {name!r} already", remedy="choose another name")
    if name not in ADDED.measures:
        ADDED.measures[name] = columns.M[name] = len(columns.M)
    return ADDED.measures[name]


def register_reporter(name: str, of: Callable[[Any, Any, int], float]) -> int:
    """Add a number that is written down when every month is over, in every variant; returns its column.

    It becomes a measure, for outcomes of one's own and for :attr:`RunResult.monthly`: no mechanism is needed.

    Parameters
    ----------
    name
        Of the measure.
    of
        ``of(state, p, month) -> float``: of the :class:`sim.engine.state.State`, which it cannot change, the
        record of parameters and the month. NaN where it is undefined.

    Raises
    ------
    InputError
        If there is another measure of that name.
    """
    _refuse_other("measure", name, of, ADDED.reporters, columns.MEASURES)
    if name in ADDED.measures and name not in ADDED.reporters:
        raise InputError(f"there is a measure {name!r} already", remedy="choose another name")
    ADDED.reporters[name] = of
    if name not in ADDED.measures:
        ADDED.measures[name] = columns.M[name] = len(columns.M)
    return ADDED.measures[name]


def register_decision(name: str) -> int:
    """Reserve a number for a group of four decisions of one's own; returns it, for ``draws.draw``.

    It depends on the name only, so that results do not depend on what else is registered.
    """
    code = 1024 + zlib.crc32(name.encode()) % 60_000
    for other, taken in ADDED.decisions.items():
        if taken == code and other != name:
            problem = f"the decisions {name!r} and {other!r} would share their luck"
            raise InputError(problem, remedy="choose another name")
    ADDED.decisions[name] = code
    return code


def register_outcome(outcome: Outcome) -> None:
    """Add an outcome, which is then in every table.

    Raises
    ------
    InputError
        If there is another outcome of that name.
    """

    known = [item.name for item in declared.OUTCOMES if item.name not in ADDED.outcomes]
    _refuse_other("outcome", outcome.name, outcome.of, {}, known)
    if outcome.name in ADDED.outcomes:
        declared.remove_outcome(outcome.name)
    ADDED.outcomes[outcome.name] = outcome
    declared.add_outcome(outcome)


def _refuse_other(kind: str, name: str, thing: Any, added: dict[str, Any], own: Any) -> None:
    """Complain if a name is taken by something else than an earlier import of the same."""
    if not name.isidentifier():
        problem = f"{name!r} cannot be the name of a {kind}"
        raise InputError(problem, remedy="use letters, digits and underscores")
    other = added.get(name)
    again = other is not None and getattr(other, "__qualname__", other) == getattr(
        thing, "__qualname__", thing
    )
    if name in own or (other is not None and not again):
        raise InputError(f"there is a {kind} {name!r} already", remedy="choose another name")


def forget(name: str) -> None:
    """Take back whatever was added under a name."""

    ADDED.policies.pop(name, None)
    ADDED.scores.pop(name, None)
    ADDED.mechanisms.pop(name, None)
    ADDED.reporters.pop(name, None)
    if ADDED.outcomes.pop(name, None) is not None:
        declared.remove_outcome(name)
