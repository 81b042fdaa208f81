"""A planner's own turnover: hazards of leaving are fitted so that the firm, without a programme, shows it.

``organisation.turnover`` is the share of the staff who quit in a year, ``turnover_total`` the share who leave for
whatever reason. The rates of the hazards are solved for by simulating the scenario's own firm without any
programme, over its own months, always with the same luck: the same scenario has the same rates everywhere. Rates
act almost in proportion, so that a few steps of ``rate · wanted / shown`` suffice, whatever the hazards are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from sim.engine import columns
from sim.organisation.roster.roster import Roster
from sim.parameters import Parameter
from sim.scenario import Scenario
from sim.scenario.catalogue import GROUPS
from sim.scenario.frozen import plain
from sim.scenario.staff import roster_digest
from sim.simulation.plan import Plan, plans_of, prepare, with_parameters
from sim.simulation.simulation import simulate
from sim.simulation.warming import warm_up

__all__ = ["Turnover", "rates_for", "shown_turnover", "window_of", "with_own_turnover"]

QUIT, DISMISSED, RETIRED = (
    "departures.quit_rate",
    "departures.involuntary_rate",
    "departures.retirement_rate",
)
LUCK = 20_260_101
"""Seed of the firms that are looked at, whatever the scenario's."""
PERSON_YEARS = 40_000
"""How many are looked at: quits of a tenth a year are then known within 2 % of themselves."""
STEPS = 12
CLOSE = 0.002
"""Relative error at which the search ends."""


class Turnover(NamedTuple):
    """Who leaves a firm, each as a share of its staff per year."""

    quits: float
    dismissals: float
    retirements: float

    @property
    def total(self) -> float:
        """All of them."""
        return self.quits + self.dismissals + self.retirements


def shown_turnover(plan: Plan) -> Turnover:
    """What a plan's firm shows over its window, on the average of many worlds."""
    people, window = plan.chart.posts, plan.window_start
    years = max(1, plan.months - window) / 12.0
    worlds = max(1, min(400, math.ceil(PERSON_YEARS / (people * years))))
    if plan.added:  # months are then lived in Python
        worlds = min(worlds, 8)
    total = np.zeros(len(columns.M))
    for world in range(worlds):
        total += simulate(plan, LUCK, world).monthly[window:].sum(axis=0)
    per_year = 12.0 / max(total[columns.M_HEADCOUNT], 1.0)
    quits, dismissals, retirements = (
        float(total[column] * per_year)
        for column in (columns.M_QUITS, columns.M_INVOLUNTARY, columns.M_RETIRED)
    )
    return Turnover(quits, dismissals, retirements)


def with_own_turnover(scenario: Scenario) -> Scenario:
    """Return the scenario with the rates that its turnover asks for; itself where it states none.

    What a variant sets by itself stays as it is.
    """
    rates = rates_for(scenario.settings, scenario.roster, window_of(scenario))
    if not rates:
        return scenario
    own = {
        f"{variant.name}: {key}": variant.settings[key.partition(".")[0]][key.partition(".")[2]]
        for variant in scenario.variants
        for key in rates
        if key in variant.overrides
    }
    return scenario.with_settings({**rates, **own})


def window_of(scenario: Scenario) -> int:
    """Month from which a scenario's outcomes count."""
    return plans_of(scenario, [scenario.baseline])[0].window_start


def rates_for(settings: Mapping[str, Any], roster: Roster | None, window: int) -> dict[str, float]:
    """Rates of the hazards, by dotted key, with which a firm shows the turnover that its settings state.

    Parameters
    ----------
    settings
        Resolved settings, by section and name; nothing of the programme matters.
    roster
        The real staff, if there is any.
    window
        Month from which outcomes count.
    """
    organisation = settings["organisation"]
    if organisation["turnover"] is None and organisation["turnover_total"] is None:
        return {}
    return dict(_fitted(_Asked(settings, roster, window)))


class _Asked:
    """A firm as a key: equal if everything that decides its rates is."""

    def __init__(self, settings: Mapping[str, Any], roster: Roster | None, window: int) -> None:
        self.settings = {name: dict(values) for name, values in settings.items()}
        self.settings["programme"]["policy"] = "none"
        self.roster, self.window = roster, window
        # Without a programme its settings decide nothing, nor do prices.
        told: dict[str, Any] = {
            name: plain(values)
            for name, values in settings.items()
            if name not in ("programme", "costs")
        }
        told["scenario"] = settings["scenario"]["months"]
        organisation = settings["organisation"]
        fitted = (QUIT,) if organisation["turnover_total"] is None else (QUIT, DISMISSED, RETIRED)
        told["departures"] = {
            name: value
            for name, value in settings["departures"].items()
            if f"departures.{name}" not in fitted
        }
        people = "" if roster is None else roster_digest(roster)
        self.key = json.dumps([told, window, people], sort_keys=True, default=str)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.key == other.key


@lru_cache(maxsize=16)
def _fitted(asked: _Asked) -> tuple[tuple[str, float], ...]:
    settings = asked.settings
    plan = prepare("turnover", settings, roster=asked.roster, window_start=asked.window)
    warm_up()
    wanted, total = settings["organisation"]["turnover"], settings["organisation"]["turnover_total"]
    fitted = (QUIT,) if total is None else (QUIT, DISMISSED, RETIRED)
    rates = {key: _default(key) for key in fitted}
    factors: dict[str, float] = {}
    for _ in range(STEPS):
        factors = _factors(shown_turnover(with_parameters(plan, rates)), wanted, total)
        rates = {key: min(_declared(key).high, rates[key] * factors[key]) for key in fitted}
        if all(abs(math.log(factor)) < CLOSE for factor in factors.values()):
            break
    return tuple((key, float(f"{rate:.6g}")) for key, rate in rates.items())


def _declared(key: str) -> Parameter:
    section, _, name = key.partition(".")
    return next(group for group in GROUPS if group.name == section)[name]


def _default(key: str) -> float:
    """Where the search begins: the same whatever the scenario says, so that it ends at the same number."""
    return float(_declared(key).default)


def _factors(shown: Turnover, wanted: float | None, total: float | None) -> dict[str, float]:
    """By how much each rate must change; only of those that the settings speak of."""
    if wanted is None:
        assert total is not None
        factor = _ratio(total, shown.total)
        return {QUIT: factor, DISMISSED: factor, RETIRED: factor}
    factors = {QUIT: _ratio(wanted, shown.quits)}
    if total is not None:
        other = _ratio(max(0.0, total - wanted), shown.dismissals + shown.retirements)
        factors |= {DISMISSED: other, RETIRED: other}
    return factors


def _ratio(wanted: float, shown: float) -> float:
    """A step of at most a factor of 8 either way."""
    return min(8.0, max(0.125, (wanted + 1e-9) / (shown + 1e-9)))
