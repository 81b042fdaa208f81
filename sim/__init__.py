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
    from sim.errors import InputError
    from sim.experiments.compare import Comparison, compare, run
    from sim.experiments.saving import load_comparison
    from sim.model import Employee, MentoringModel
    from sim.organisation.roster import read_roster
    from sim.scenario import Scenario, load_scenario

    __version__: str

__all__ = [
    "Comparison",
    "Employee",
    "InputError",
    "MentoringModel",
    "Scenario",
    "__version__",
    "compare",
    "load_comparison",
    "load_scenario",
    "read_roster",
    "run",
]

_HOMES = {
    "Comparison": "sim.experiments.compare",
    "Employee": "sim.model",
    "InputError": "sim.errors",
    "MentoringModel": "sim.model",
    "Scenario": "sim.scenario",
    "compare": "sim.experiments.compare",
    "load_comparison": "sim.experiments.saving",
    "load_scenario": "sim.scenario",
    "read_roster": "sim.organisation.roster",
    "run": "sim.experiments.compare",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("mentorsim")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
