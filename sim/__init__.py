"""mentorsim: simulate mentoring programmes in an organisation before launching one.

>>> import sim
>>> scenario = sim.load_scenario("scenarios/pairing_policies.toml")  # doctest: +SKIP
>>> comparison = sim.compare(scenario, replicates=100)  # doctest: +SKIP
>>> comparison.effects  # doctest: +SKIP

Importing this package imports nothing else; each name brings along what it needs when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents.model import Employee, MentoringModel
    from sim.analysis.sweep import Sweep, load_sweep, sweep
    from sim.deciding.best import Best, best
    from sim.deciding.update import Updated, update
    from sim.engine import columns, draws
    from sim.errors import InputError
    from sim.experiments.compare import compare, run
    from sim.experiments.comparison import Comparison
    from sim.experiments.loading import load_comparison
    from sim.experiments.refine import refine
    from sim.experiments.validation import validate
    from sim.extensions import (
        AddedMechanism,
        load_extension,
        register_decision,
        register_measure,
        register_mechanism,
        register_outcome,
        register_policy,
        register_reporter,
        register_score,
    )
    from sim.organisation.roster.understanding import read_roster
    from sim.outcomes.outcome import Outcome
    from sim.parameters import Parameter, ParameterGroup
    from sim.pilots.pilot import Pilot, pilot
    from sim.pilots.results import read_pilot
    from sim.programme.policies import Policy
    from sim.scenario import Scenario, load_scenario

    __version__: str

__all__ = [
    "AddedMechanism",
    "Best",
    "Comparison",
    "Employee",
    "InputError",
    "MentoringModel",
    "Outcome",
    "Parameter",
    "ParameterGroup",
    "Pilot",
    "Policy",
    "Scenario",
    "Sweep",
    "Updated",
    "__version__",
    "best",
    "columns",
    "compare",
    "draws",
    "load_comparison",
    "load_extension",
    "load_scenario",
    "load_sweep",
    "pilot",
    "read_pilot",
    "read_roster",
    "refine",
    "register_decision",
    "register_measure",
    "register_mechanism",
    "register_outcome",
    "register_policy",
    "register_reporter",
    "register_score",
    "run",
    "sweep",
    "update",
    "validate",
]

_HOMES = {
    "AddedMechanism": "sim.extensions",
    "Best": "sim.deciding.best",
    "Comparison": "sim.experiments.comparison",
    "Employee": "sim.agents.model",
    "InputError": "sim.errors",
    "MentoringModel": "sim.agents.model",
    "Outcome": "sim.outcomes.outcome",
    "Parameter": "sim.parameters",
    "ParameterGroup": "sim.parameters",
    "Pilot": "sim.pilots.pilot",
    "Policy": "sim.programme.policies",
    "Scenario": "sim.scenario",
    "Sweep": "sim.analysis.sweep",
    "Updated": "sim.deciding.update",
    "best": "sim.deciding.best",
    "compare": "sim.experiments.compare",
    "load_comparison": "sim.experiments.loading",
    "load_extension": "sim.extensions",
    "load_scenario": "sim.scenario",
    "load_sweep": "sim.analysis.sweep",
    "pilot": "sim.pilots.pilot",
    "read_pilot": "sim.pilots.results",
    "read_roster": "sim.organisation.roster.understanding",
    "register_decision": "sim.extensions",
    "register_measure": "sim.extensions",
    "register_mechanism": "sim.extensions",
    "register_outcome": "sim.extensions",
    "register_policy": "sim.extensions",
    "register_reporter": "sim.extensions",
    "register_score": "sim.extensions",
    "refine": "sim.experiments.refine",
    "run": "sim.experiments.compare",
    "sweep": "sim.analysis.sweep",
    "update": "sim.deciding.update",
    "validate": "sim.experiments.validation",
}

_MODULES = {"columns": "sim.engine.columns", "draws": "sim.engine.draws"}
"""What extensions pick columns and draw numbers with."""


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("mentorsim")
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
