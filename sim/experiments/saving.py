"""Keeping a comparison: a folder of tables with a manifest of how they were made, whole or not at all."""

from __future__ import annotations

import json
import platform
import re
import secrets
import shutil
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.engine import compiled
from sim.errors import InputError
from sim.registry import digests
from sim.scenario.frozen import plain
from sim.scenario.messages import quoted
from sim.scenario.scenario import Scenario
from sim.scenario.show import show
from sim.simulation.plan import Plan

if TYPE_CHECKING:
    from sim.experiments.compare import Comparison

__all__ = ["identity", "load_comparison", "save_comparison"]

_MAKER = "mentorsim"
_FORMAT = 2
_MANIFEST = "manifest.json"
_SCENARIO = "scenario.toml"
_ALWAYS = ("effects", "outcomes", "monthly", "groups", "value", "selection")
_AS_PARQUET = ("outcomes", "people", "dyads", "monthly_replicates")
_AS_CSV = (*_ALWAYS, "nulls", "uncertainty")
_DERIVED = ("selection", "nulls")
"""Worked out again from the other tables when a comparison is read."""
_ADDED_LATER = {"report.html", "effects.svg", "effects.png", "curves.svg", "curves.png"}
"""What the report adds to a folder of results, and overwriting therefore replaces."""

_TEXTS = (
    *("variant", "outcome", "quantity", "comparison", "unit", "by", "group"),
    *("conclusion", "hinges_on", "grades"),
    *("null", "null_variant", "verdict"),
)
_WHOLES = ("month", "replicates", "sets")
_FLAGS = ("distinguishable", "suppressed", "holds")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")


def identity(scenario: Scenario, plans: Sequence[Plan]) -> dict[str, Any]:
    """The part of the manifest that says what was simulated, with which code, on which machine."""
    packages = ("numpy", "numba", "scipy", "pandas", "pyarrow")
    return {
        "made_by": _MAKER,
        "format": _FORMAT,
        "title": scenario.title,
        "variants": [plan.name for plan in plans],
        "baseline": scenario.baseline,
        "seed": scenario.seed,
        "months": scenario.months,
        "window_start": plans[0].window_start,
        "digest": scenario.digest(),
        "code": compiled.source_digest(),
        "extensions": digests(),
        "versions": {_MAKER: version("mentorsim"), "python": platform.python_version()}
        | {name: version(name) for name in packages},
        "platform": platform.platform(),
        "roster": None if scenario.roster is None else list(scenario.roster.notes),
        "scenario": plain(scenario.settings),
        "overrides": [{"name": item.name, **plain(item.overrides)} for item in scenario.variants],
    }


def save_comparison(
    comparison: Comparison,
    folder: str | Path,
    *,
    overwrite: bool = False,
    command: str | None = None,
) -> Path:
    """Write a comparison into a folder, which appears whole or not at all; returns the folder.

    Parameters
    ----------
    comparison
        What to write. Tables of people, pairs and monthly replicates are written where they were kept.
    folder
        Made with the folders that lead to it. It may be there if it is empty.
    overwrite
        Whether earlier results in it are replaced.
    command
        The command that made it, for the manifest.

    Raises
    ------
    InputError
        If the folder holds something else than results, or results that may not be overwritten, or
        cannot be written. It is then as it was before.
    """
    made = comparison.results
    if made is None:
        raise InputError("a comparison that was read from a folder is already saved")
    kept = {
        "people": bool(made.people),
        "dyads": bool(made.dyads),
        "monthly_replicates": comparison.keep_monthly,
        "uncertainty": comparison.ensemble is not None,
        "nulls": len(comparison.nulls) > 0,
    }
    names = [*_ALWAYS, *(name for name, is_kept in kept.items() if is_kept)]
    tables = {name: getattr(comparison, name) for name in names}
    try:
        place = Path(folder).resolve()
        _refuse_unless_free(place, overwrite)
    except InputError:
        raise
    except (OSError, ValueError, RuntimeError) as error:  # a NUL character, a circle of links
        raise _unwritable(folder, error) from error
    draft = _sibling(place)
    try:
        draft.mkdir(parents=True)
        _write(comparison, tables, draft, command)
        _put(draft, place)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Path(folder)


def _unwritable(folder: str | Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    problem = f"the results cannot be written ({reason})"
    return InputError(problem, remedy="make room, or name another folder", file=folder)


def _write(
    comparison: Comparison, tables: dict[str, pd.DataFrame], folder: Path, command: str | None
) -> None:
    for name, table in tables.items():
        if name in _AS_PARQUET:
            table.to_parquet(folder / f"{name}.parquet", index=False)
        if name in _AS_CSV:
            safe = neutralised(table)
            safe.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    text = show(comparison.scenario)
    if comparison.scenario.roster is not None:
        text = f"# The roster stands where it stood for the original of this file.\n{text}"
    (folder / _SCENARIO).write_text(text, encoding="utf-8")
    manifest = comparison.manifest | {"command": command}
    manifest["files"] = sorted([_MANIFEST, *(path.name for path in folder.iterdir())])
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / _MANIFEST).write_text(text + "\n", encoding="utf-8")


def _refuse_unless_free(folder: Path, overwrite: bool) -> None:
    """Complain about a folder that may not be replaced."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir():
        raise InputError("this is not a folder", remedy="name another one", file=folder)
    if not overwrite:
        remedy = "name another folder, or replace them with overwrite=True (--overwrite)"
        raise InputError("there are results already", remedy=remedy, file=folder)
    known = {*_manifest_of(folder)["files"], *_ADDED_LATER}
    strange = sorted(path.name for path in folder.iterdir() if path.name not in known)
    if strange:
        problem = f"the folder also holds {quoted(strange[0])}, which is no result"
        raise InputError(problem, remedy="move it away, or name another folder", file=folder)


def _manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of results.

    Raises
    ------
    InputError
        If there is none, or it is not ours.
    """
    problem = "this is not a folder of results"
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        remedy = f"name a folder with a {_MANIFEST} that {_MAKER} wrote"
        raise InputError(problem, remedy=remedy, file=folder) from None
    ours = isinstance(manifest, dict) and manifest.get("made_by") == _MAKER
    if not ours or not isinstance(manifest.get("files"), list):
        raise InputError(problem, remedy=f"its {_MANIFEST} is not {_MAKER}'s", file=folder)
    return dict(manifest)


def _sibling(folder: Path) -> Path:
    """A free name beside a folder, so that renaming stays within one file system."""
    return folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")


def _put(draft: Path, folder: Path) -> None:
    """Put a finished draft in the folder's place; what was there is put back if that fails."""
    if not folder.exists():
        draft.rename(folder)
        return
    old = _sibling(folder)
    folder.rename(old)
    try:
        draft.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def neutralised(table: pd.DataFrame) -> pd.DataFrame:
    """A copy in which no text can be taken for a formula by a spreadsheet.

    Text that begins with = + - @ (or tab, carriage return) gets an apostrophe in front; so does text
    with apostrophes before one of these, so that :func:`restored` can tell the two apart.
    """
    return _changed(table, lambda text: f"'{text}" if _DANGEROUS.match(text) else text)


def restored(table: pd.DataFrame) -> pd.DataFrame:
    """The inverse of :func:`neutralised`."""
    return _changed(
        table, lambda text: text[1:] if text[:1] == "'" and _DANGEROUS.match(text) else text
    )


def _changed(table: pd.DataFrame, change: Any) -> pd.DataFrame:
    texts = [name for name in table.columns if name in _TEXTS]
    return table.assign(
        **{
            name: table[name].map({text: change(text) for text in table[name].unique()})
            for name in texts
        }
    )


def load_comparison(folder: str | Path) -> Comparison:
    """Read a comparison back: its tables as they were saved, its scenario and its manifest.

    Parameters
    ----------
    folder
        A folder of results.

    Raises
    ------
    InputError
        If it is none, or a table is missing or damaged.
    """
    from sim.experiments.compare import Comparison

    place = Path(folder)
    manifest = _manifest_of(place)
    if manifest.get("format") != _FORMAT:
        problem = f"format {manifest.get('format')!r} is not known"
        raise InputError(problem, remedy=f"read it with {_MAKER} as it was then", file=place)
    try:
        frames = {
            name: pd.read_parquet(place / f"{name}.parquet")
            for name in _AS_PARQUET
            if f"{name}.parquet" in manifest["files"]
        }
        frames |= {
            name: _read_csv(place / f"{name}.csv")
            for name in _AS_CSV
            if name not in frames and name not in _DERIVED and f"{name}.csv" in manifest["files"]
        }
        comparison = Comparison(
            scenario=_scenario_of(manifest),
            variants=tuple(manifest["variants"]),
            baseline=manifest["baseline"],
            worlds=tuple(frames["outcomes"]["replicate"].unique().tolist()),
            interrupted=manifest["interrupted"],
            notes=tuple(manifest["notes"]),
            manifest=manifest,
            results=None,
        )
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"the results cannot be read ({type(error).__name__}: {error})"
        raise InputError(problem, remedy="make them again", file=place) from error
    comparison.__dict__.update(frames)  # where cached properties keep what they have worked out
    return comparison


def _read_csv(path: Path) -> pd.DataFrame:
    """A table of ours: texts stay texts ("1", "NA"), numbers are read to the last bit."""
    table = restored(pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8"))
    for name in table.columns:
        cells = table[name].tolist()
        if name in _FLAGS:
            table[name] = np.array([cell == "True" for cell in cells], dtype=np.bool_)
        elif name in _WHOLES:
            table[name] = np.array(cells, dtype=np.int64)
        elif name not in _TEXTS:
            table[name] = np.array([float(cell or "nan") for cell in cells])
    return table


def _scenario_of(manifest: dict[str, Any]) -> Scenario:
    """The scenario of a manifest; a firm of the same size stands for a roster, which is not kept."""
    sections = {name: dict(section) for name, section in manifest["scenario"].items()}
    top = sections.pop("scenario")
    for name in ("roster", "ties"):
        sections["organisation"][name] = None
    return Scenario(**top, **sections, variants=manifest["overrides"])
