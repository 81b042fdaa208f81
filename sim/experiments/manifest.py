"""What a folder of results holds, and the manifest that says how they were made."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.engine import compiled
from sim.errors import InputError
from sim.registry import digests
from sim.scenario.frozen import plain
from sim.scenario.scenario import Scenario
from sim.simulation.plan import Plan

__all__ = [
    "ALWAYS",
    "AS_CSV",
    "AS_PARQUET",
    "DERIVED",
    "FORMAT",
    "MAKER",
    "MANIFEST",
    "identity",
    "manifest_of",
]

MAKER = "mentorsim"
FORMAT = 2
"""Of the folder; raised when an earlier version could not read a new one."""

MANIFEST = "manifest.json"
ALWAYS = ("effects", "outcomes", "monthly", "groups", "value", "selection")
"""Tables that every folder has."""

AS_PARQUET = ("outcomes", "people", "dyads", "monthly_replicates")
AS_CSV = (*ALWAYS, "nulls", "uncertainty")
DERIVED = ("selection", "nulls")
"""Worked out again from the other tables when a comparison is read."""


def identity(scenario: Scenario, plans: Sequence[Plan]) -> dict[str, Any]:
    """The part of the manifest that says what was simulated, with which code, on which machine."""
    packages = ("numpy", "numba", "scipy", "pandas", "pyarrow")
    return {
        "made_by": MAKER,
        "format": FORMAT,
        "title": scenario.title,
        "variants": [plan.name for plan in plans],
        "baseline": scenario.baseline,
        "seed": scenario.seed,
        "months": scenario.months,
        "window_start": plans[0].window_start,
        "digest": scenario.digest(),
        "code": compiled.source_digest(),
        "extensions": digests(),
        "versions": {MAKER: version("mentorsim"), "python": platform.python_version()}
        | {name: version(name) for name in packages},
        "platform": platform.platform(),
        "roster": None if scenario.roster is None else list(scenario.roster.notes),
        "scenario": plain(scenario.settings),
        "overrides": [{"name": item.name, **plain(item.overrides)} for item in scenario.variants],
    }


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of results.

    Raises
    ------
    InputError
        If there is none, or it is not ours.
    """
    problem = "this is not a folder of results"
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        remedy = f"name a folder with a {MANIFEST} that {MAKER} wrote"
        raise InputError(problem, remedy=remedy, file=folder) from None
    ours = isinstance(manifest, dict) and manifest.get("made_by") == MAKER
    if not ours or not isinstance(manifest.get("files"), list):
        raise InputError(problem, remedy=f"its {MANIFEST} is not {MAKER}'s", file=folder)
    return dict(manifest)
