"""Worlds whose every number is written down: what the model gave before a mechanism was added to it.

``python -m golden_worlds`` (with ``tests`` on the path) prints their digests under the settings of
``mechanisms/golden/before_predictions.json``; the file itself was written by the model as it was then, and is
never written anew. Two digests in it were: the months of the law firm, which has fewer than four levels, count
no leaders any more; nothing else in them moved.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from conftest import plan_of
from places import ROSTERS, TESTS
from sim.engine import columns
from sim.simulation.simulation import Simulation
from sim.simulation.tables import dyad_columns, people_columns

GOLDEN = TESTS / "mechanisms" / "golden" / "before_predictions.json"

BUSY: dict[str, Any] = {
    "months": 30,
    "organisation.employees": 90,
    "organisation.levels": 4,
    "organisation.departments": 6,
    "departures.quit_rate": 0.5,
    "programme.start_month": 4,
    "programme.cohort_months": 8,
    "programme.places": 0.3,
}

CASES: dict[str, dict[str, Any]] = {
    "nobody is paired": {"programme.policy": "none"},
    "traditional, checked": {"programme.policy": "traditional", "programme.check_in_months": 2},
    "reverse": {"programme.policy": "reverse", "programme.meetings_per_month": 2.0},
    "reciprocal, recognised": {
        "programme.policy": "reciprocal",
        "programme.recognition": 60.0,
        "recognition.story_from": 0.3,
    },
    "complementary for all": {
        "programme.policy": "complementary",
        "programme.participation": "universal",
    },
    "similar, by lot": {"programme.policy": "similarity", "programme.participation": "lottery"},
    "self-selected, month by month": {
        "programme.policy": "self_selected",
        "programme.enrolment": "rolling",
    },
    "nominated groups": {
        "programme.policy": "nominated",
        "programme.participation": "nominated",
        "programme.form": "group",
    },
    "portfolio with contagion": {
        "programme.policy": "portfolio",
        "departures.contagion": 0.1,
        "departures.involuntary_rate": 0.2,
    },
    "law firm": {
        "programme.policy": "random",
        "organisation.roster": str(ROSTERS / "lazega_law_firm.csv"),
        "organisation.start_year": 1990,
    },
}


def digests(given: dict[str, Any], names: dict[str, list[str]]) -> dict[str, Any]:
    """SHA-256 of the tables of two worlds, by name of the column, and some sums that can be read.

    Parameters
    ----------
    given
        The settings.
    names
        The columns that count, by table: others may have been added since.
    """
    plan, found = plan_of(given), {}
    for world in (0, 1):
        state = Simulation(plan, 11, world, keep_people=True, keep_dyads=True).run().state
        people, pairs = people_columns(state, plan), dyad_columns(state)
        monthly = {name: state.monthly[:, columns.M[name]] for name in names["monthly"]}
        tally = {name: state.tally[:, columns.M[name]] for name in names["monthly"]}
        tables = {"monthly": monthly, "tally": tally, "people": people, "pairs": pairs}
        for table, values in tables.items():
            digest = hashlib.sha256()
            for name in names["monthly" if table == "tally" else table]:
                digest.update(f"{name} {values[name].dtype.kind}".encode())
                digest.update(np.ascontiguousarray(values[name]).tobytes())
            found[f"{table} {world}"] = digest.hexdigest()
        sums = {name: float(np.cumsum(monthly[name])[-1]) for name in SHOWN}
        found[f"sums {world}"] = sums
    return found


SET_BY_ROSTER = frozenset(
    f"organisation.{name}"
    for name in (
        "employees",
        "levels",
        "departments",
        "sites",
        "generations",
        "span",
        "senior_share",
    )
)

SHOWN = ("headcount", "engagement", "output", "quits", "promotions", "implemented", "held", "ties")


def settings_of(golden: dict[str, Any], case: str) -> dict[str, Any]:
    """All that the model was told then, and what the case says."""
    given = {**golden["settings"], **BUSY, **CASES[case]}
    if "organisation.roster" in given:
        given = {key: value for key, value in given.items() if key not in SET_BY_ROSTER}
    return given


def read(path: Path = GOLDEN) -> dict[str, Any]:
    """The golden tables."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


AS_BEFORE: dict[str, Any] = {
    "people.keeps_tenures": False,
    "people.seeking_by_initiative": 0.0,
    "departures.settledness_effect": 0.0,
    "departures.unit_effect": 0.0,
    "departures.dismissal_by_output": 0.0,
    "departures.stagnation_from": 36.0,
    "departures.stagnation_span": 60.0,
    "units.department_spread": 0.0,
    "units.manager_effect": 0.0,
    "embeddedness.relationships_weight": 1.0,
    "embeddedness.ties_weight": 0.0,
    "embeddedness.team_weight": 0.0,
    "embeddedness.tenure_weight": 0.0,
    "embeddedness.fit_weight": 0.0,
    "embeddedness.adjustment": 1.0,
    "engagement.giving_effect": 0.0,
    "engagement.age_contrast": 0.0,
    "engagement.candour_by_safety": 0.0,
    "learning.asking_rate": 0.0,
    "learning.asking_lasting": 0.0,
    "learning.absorption_within": 1.0,
    "learning.variety": 0.0,
    "learning.quality_exponent": 1.0,
    "meetings.mood_effect": 0.0,
    "meetings.ordinary_similarity": 0.44,
    "meetings.ordinary_support": 0.6,
    "informal.by_promise": 0.0,
    "ties.team_odds": 1.0,
    "ties.reciprocity_odds": 1.0,
    "volunteering.by_initiative": 0.0,
    "volunteering.by_settledness": 0.0,
    "volunteering.mentors_by_settledness": 0.0,
    "volunteering.mentors_drafted": True,
    "ideas.capacity_per_head": 1e6,
}
"""What has come since, set so that it is absent; under it the model is the one that wrote the golden tables."""
