"""Reading a comparison back from its folder."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.experiments.comparison import Comparison
from sim.experiments.manifest import (
    AS_CSV,
    AS_PARQUET,
    DERIVED,
    FORMAT,
    MAKER,
    damage,
    manifest_of,
)
from sim.experiments.saving import put_in_order
from sim.files import read_parquet, restored
from sim.scenario.scenario import Scenario

__all__ = ["load_comparison"]

_TEXTS = (
    *("variant", "outcome", "quantity", "comparison", "unit", "by", "group"),
    *("conclusion", "hinges_on", "grades"),
    *("null", "null_variant", "verdict"),
    *("goal", "choice", "parameter", "choice_lowest", "choice_highest", "grade"),
)
_WHOLES = ("month", "replicates", "sets")
_FLAGS = ("distinguishable", "suppressed", "holds", "stands_out")


def load_comparison(folder: str | Path) -> Comparison:
    """Read a comparison back: its tables as they were saved, its scenario and its manifest.

    Parameters
    ----------
    folder
        A folder of results.

    Raises
    ------
    InputError
        If it is none, or a table is missing or not as it was saved.
    """
    place = Path(folder)
    with suppress(OSError):  # the folder in which this was started is gone
        put_in_order(place.resolve())
    manifest = manifest_of(place)
    if manifest.get("format") != FORMAT:
        problem = f"format {manifest.get('format')!r} is not known"
        raise InputError(problem, remedy=f"read it with {MAKER} as it was then", file=place)
    wrong = damage(place, manifest)
    if wrong:
        remedy = "put back what was saved, or make the results again"
        raise InputError("; ".join(wrong), remedy=remedy, file=place)
    try:
        frames = {
            name: read_parquet(place / f"{name}.parquet")
            for name in AS_PARQUET
            if f"{name}.parquet" in manifest["files"]
        }
        frames |= {
            name: _read_csv(place / f"{name}.csv")
            for name in AS_CSV
            if name not in frames and name not in DERIVED and f"{name}.csv" in manifest["files"]
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
            tables=frames,
        )
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"the results cannot be read ({type(error).__name__}: {error})"
        raise InputError(problem, remedy="make them again", file=place) from error
    return comparison


def _read_csv(path: Path) -> pd.DataFrame:
    """A table of ours: texts stay texts ("1", "NA"), numbers are read to the last bit."""
    table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")
    table = restored(table, _TEXTS)
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
