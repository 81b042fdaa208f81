"""What a folder of results holds, and the manifest that says how they were made."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.engine import compiled
from sim.errors import InputError
from sim.files import told_path
from sim.registry import digests
from sim.scenario.frozen import plain
from sim.scenario.scenario import Scenario
from sim.simulation.plan import Plan

__all__ = [
    "CONTENTS",
    "ALWAYS",
    "AS_CSV",
    "AS_PARQUET",
    "DERIVED",
    "FILES",
    "FORMAT",
    "MAKER",
    "MANIFEST",
    "contents_of",
    "damage",
    "identity",
    "manifest_of",
]

MAKER = "mentorsim"
FORMAT = 2
"""Of the folder; raised when an earlier version could not read a new one."""

MANIFEST = "manifest.json"
CONTENTS = "contents"
"""Key of the manifest under which every file stands with its digest and, for tables, its rows."""

ALWAYS = ("effects", "outcomes", "monthly", "groups", "value", "selection")
"""Tables that every folder has."""

FILES = ("roster", "ties")
"""Settings of the organisation that name a file."""

AS_PARQUET = ("outcomes", "people", "dyads", "monthly_replicates")
AS_CSV = (*ALWAYS, "nulls", "uncertainty", "value_of_knowing")
DERIVED = ("selection", "nulls")
"""Worked out again from the other tables when a comparison is read."""


def identity(scenario: Scenario, plans: Sequence[Plan]) -> dict[str, Any]:
    """The part of the manifest that says what was simulated, with which code, on which machine."""
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
        "versions": dict(_versions()),
        "platform": platform.platform(),
        "roster": None if scenario.roster is None else list(scenario.roster.notes),
        "scenario": _told(plain(scenario.settings)),
        "overrides": [{"name": item.name, **plain(item.overrides)} for item in scenario.variants],
    }


@cache
def _versions() -> dict[str, str]:
    """Of this package, of Python and of what the numbers may hang on; looked up once in a process."""
    packages = ("numpy", "numba", "scipy", "pandas", "pyarrow")
    return {MAKER: version("mentorsim"), "python": platform.python_version()} | {
        name: version(name) for name in packages
    }


def _told(settings: dict[str, Any]) -> dict[str, Any]:
    """All settings; files are named without the folder that they are in on somebody's machine."""
    for name in FILES:
        path = settings["organisation"][name]
        settings["organisation"][name] = None if path is None else told_path(path)
    return settings


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


def contents_of(file: Path, rows: int | None) -> dict[str, Any]:
    """What the manifest says about a file: a SHA-256, in hexadecimal, and how many rows a table has."""
    told: dict[str, Any] = {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    return told if rows is None else told | {"rows": rows}


def damage(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """What is not as it was saved, one phrase for every file; results of earlier versions are believed."""
    found = []
    for name, told in manifest.get(CONTENTS, {}).items():
        try:
            is_now = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except FileNotFoundError:
            found.append(f"{name} is missing")
            continue
        if is_now != told["sha256"]:
            found.append(f"{name} is not as it was saved{_rows_now(folder / name, told)}")
    return found


def _rows_now(file: Path, told: Mapping[str, Any]) -> str:
    """How many rows a table of text has lost or gained, in brackets; "" if that is not what is wrong."""
    if file.suffix != ".csv" or "rows" not in told:
        return ""
    rows = file.read_bytes().count(b"\n") - 1
    return (
        "" if rows == told["rows"] else f" ({max(0, rows):,} rows, and {told['rows']:,} were saved)"
    )
