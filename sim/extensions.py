"""Adding to the model from outside the package: pairing policies, mechanisms, measures, outcomes.

An extension is a small Python file that calls the functions below when it is imported. It is loaded by
``mentorsim compare --extension FILE.py``, by :func:`load_extension`, by an import in one's own script, or,
for installed packages, through the entry point group ``mentorsim.extensions``. Nothing that is added acts
by itself: a policy where a scenario names it, a mechanism where its section says ``active = true``.

This module imports no other part of the model, so that declarations can consult it.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.outcomes import Outcome
    from sim.parameters import ParameterGroup
    from sim.programme.policies import Policy

__all__ = [
    "ADDED",
    "AddedMechanism",
    "digests",
    "forget",
    "load_extension",
    "load_installed",
    "load_sources",
    "register_decision",
    "register_measure",
    "register_mechanism",
    "register_outcome",
    "register_policy",
    "register_score",
    "sources",
]

ENTRY_POINTS = "mentorsim.extensions"

_PREFIX = "mentorsim_extension_"


@dataclass(frozen=True, slots=True)
class AddedMechanism:
    """A mechanism from outside the package.

    Attributes
    ----------
    name
        Also the name of its section in a scenario file.
    parameters
        Its declared parameters; ``active`` (false by default) is added in front of them.
    step
        ``step(state, p, own, month)``: changes the state in place, once a month. `state` is the
        :class:`sim.state.State`, `p` the record of the model's parameters, `own` that of its own.
    after
        The mechanism of the model behind which it is called: a name of
        :data:`sim.catalogue.MECHANISMS`, ``"begin"`` or ``"programme"``.
    writes
        Names of columns, as a :class:`sim.mechanisms.mechanism.Mechanism` declares them.
    draws
        Names of the decisions that it draws (:func:`register_decision`).
    """

    name: str
    parameters: ParameterGroup
    step: Callable[[Any, Any, Any, int], None]
    after: str
    writes: tuple[str, ...]
    draws: tuple[str, ...] = ()


@dataclass(slots=True)
class _Added:
    """Everything that has been added so far, by name, in the order in which it was."""

    policies: dict[str, Policy] = field(default_factory=dict)
    scores: dict[str, Callable[..., Any]] = field(default_factory=dict)
    mechanisms: dict[str, AddedMechanism] = field(default_factory=dict)
    measures: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    installed: bool = False

    def names(self, kind: str) -> tuple[str, ...]:
        """Names of what was added of a kind ("policies", "scores")."""
        return tuple(getattr(self, kind))


ADDED = _Added()


def register_score(name: str, score: Callable[..., Any]) -> None:
    """Add a score: ``score(candidates) -> table`` (mentees × mentors), negative where it rules a pair out.

    See :mod:`sim.programme.scores`; the barring rules hold for it as for the others.

    Raises
    ------
    InputError
        If there is another score of that name.
    """
    from sim.programme.scores import SCORES

    _refuse_other("score", name, score, ADDED.scores, SCORES)
    ADDED.scores[name] = score


def register_policy(name: str, policy: Policy) -> None:
    """Add a pairing policy, which scenario files can then name: ``programme.policy = "name"``.

    Raises
    ------
    InputError
        If there is another policy of that name, or no such direction, score or assignment.
    """
    from sim.programme.settings import ASSIGNMENTS, DIRECTIONS, POLICIES, SCORES

    for part, known in (
        ("direction", DIRECTIONS),
        ("score", (*SCORES, *ADDED.scores)),
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
    from sim.catalogue import GROUPS, MECHANISMS

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


def section_of(mechanism: AddedMechanism) -> ParameterGroup:
    """The section of an added mechanism: whether it acts, and its own parameters."""
    from sim.parameters import Parameter, ParameterGroup

    active = Parameter("active", False, "", "Whether this mechanism acts.", kind="boolean")
    own = mechanism.parameters
    return ParameterGroup(own.name, own.title, (active, *own.parameters))


def register_measure(name: str) -> int:
    """Add something that is recorded every month; returns its column in ``state.monthly``.

    A mechanism adds to ``state.monthly[month, column]``; outcomes divide sums of it.
    """
    from sim import columns

    if name in columns.MEASURES:
        raise InputError(f"there is a measure {name!r} already", remedy="choose another name")
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
    from sim import outcomes

    known = [item.name for item in outcomes.OUTCOMES if item.name not in ADDED.outcomes]
    _refuse_other("outcome", outcome.name, outcome.of, {}, known)
    if outcome.name in ADDED.outcomes:
        outcomes.remove_outcome(outcome.name)
    ADDED.outcomes[outcome.name] = outcome
    outcomes.add_outcome(outcome)


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
    from sim import outcomes

    ADDED.policies.pop(name, None)
    ADDED.scores.pop(name, None)
    ADDED.mechanisms.pop(name, None)
    if ADDED.outcomes.pop(name, None) is not None:
        outcomes.remove_outcome(name)


# --- loading ---------------------------------------------------------------------------------------------


def load_extension(source: str | Path) -> None:
    """Load an extension: a Python file, or the name of a module.

    Raises
    ------
    InputError
        If there is no such file or module, or it fails.
    """
    name = str(source)
    if name in ADDED.sources:
        return
    is_file = name.endswith(".py")
    try:
        if is_file:
            _import_file(Path(source).resolve())
            name = str(Path(source).resolve())
        else:
            importlib.import_module(name)
    except InputError as error:
        raise InputError(str(error), file=source) from error
    except FileNotFoundError:
        raise InputError("there is no such extension", remedy="name a file", file=source) from None
    except Exception as error:
        problem = f"the extension cannot be loaded ({type(error).__name__}: {error})"
        raise InputError(problem, remedy="mend it, or leave it out", file=source) from error
    if name not in ADDED.sources:
        ADDED.sources.append(name)


def _import_file(path: Path) -> None:
    name = _PREFIX + path.stem
    if not path.is_file():
        raise FileNotFoundError(path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise


def load_installed() -> None:
    """Load the extensions that installed packages offer, once.

    Raises
    ------
    InputError
        If one of them fails.
    """
    if ADDED.installed:
        return
    ADDED.installed = True
    from importlib.metadata import entry_points

    for entry in entry_points(group=ENTRY_POINTS):
        load_extension(entry.module)


def sources() -> tuple[str, ...]:
    """Files and modules that were loaded, for worker processes to load as well."""
    return tuple(ADDED.sources)


def load_sources(names: tuple[str, ...]) -> None:
    """Load what another process had loaded."""
    for name in names:
        load_extension(name)


def digests() -> dict[str, str]:
    """SHA-256 of every loaded extension's file, by its name, for the manifest."""
    found = {}
    for source in ADDED.sources:
        path = Path(source)
        if not source.endswith(".py"):
            path = Path(str(sys.modules[source].__file__))
        found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
