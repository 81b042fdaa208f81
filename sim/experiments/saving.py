"""Keeping results: a folder of tables with a manifest of how they were made, whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.experiments.manifest import (
    AS_CSV,
    AS_PARQUET,
    CONTENTS,
    FILES,
    MANIFEST,
    contents_of,
    damage,
    manifest_of,
)
from sim.files import left_over, put_in_place, remove, sibling, told_path, write_csv
from sim.scenario.messages import quoted
from sim.scenario.scenario import Scenario
from sim.scenario.show import show
from sim.scenario.toml_text import toml_value

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "check_folder",
    "put_in_order",
    "refuse_unless_free",
    "save_tables",
    "seal",
    "whole_folder",
]

_SCENARIO = "scenario.toml"
_ADDED_LATER = {"report.html", "effects.svg", "effects.png", "curves.svg", "curves.png"}
"""What the report adds to a folder of results, and overwriting therefore replaces."""


def save_tables(
    tables: Mapping[str, pd.DataFrame],
    scenario: Scenario,
    manifest: Mapping[str, Any],
    folder: str | Path,
    *,
    overwrite: bool = False,
) -> Path:
    """Write the tables of a comparison into a folder, which appears whole or not at all; returns the folder.

    Parameters
    ----------
    tables
        By name, one of :data:`~sim.experiments.manifest.AS_CSV` or
        :data:`~sim.experiments.manifest.AS_PARQUET`.
    scenario
        What was simulated.
    manifest
        How they were made; the names of the files are added.
    folder
        Made with the folders that lead to it. It may be there if it is empty.
    overwrite
        Whether earlier results in it are replaced.

    Raises
    ------
    InputError
        If the folder holds something else than results, or results that may not be overwritten, or
        cannot be written. It is then as it was before.
    """
    with whole_folder(folder, overwrite=overwrite) as draft:
        _write(tables, scenario, manifest, draft)
    return Path(folder)


def check_folder(folder: str | Path, *, overwrite: bool) -> Path:
    """Complain, before hours are spent, about a folder that could not take results; returns where it is.

    Raises
    ------
    InputError
        If it holds something else than results, or results that may not be overwritten.
    """
    try:
        place = Path(folder).resolve()
        put_in_order(place)
        refuse_unless_free(place, overwrite)
    except InputError:
        raise
    except (OSError, ValueError, RuntimeError) as error:  # a NUL character, a circle of links
        raise _unwritable(folder, error) from error
    return place


@contextmanager
def whole_folder(folder: str | Path, *, overwrite: bool) -> Iterator[Path]:
    """Hand out the path of an empty draft, which takes the folder's place if all goes well, and else vanishes.

    Raises
    ------
    InputError
        As :func:`check_folder`, or if the folder cannot be written. It is then as it was before.
    """
    place = check_folder(folder, overwrite=overwrite)
    draft = sibling(place)
    try:
        draft.mkdir(parents=True)
        yield draft
        put_in_place(draft, place)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def seal(folder: Path, manifest: Mapping[str, Any], rows: Mapping[str, int]) -> None:
    """Write the manifest, last of all: how the results were made, and the contents of every file beside it.

    Parameters
    ----------
    rows
        Of each table, by the name of its file.
    """
    written = sorted(path.name for path in folder.iterdir())
    contents = {name: contents_of(folder / name, rows.get(name)) for name in written}
    made = {**manifest, "files": sorted([MANIFEST, *written]), CONTENTS: contents}
    text = json.dumps(made, indent=2, ensure_ascii=False, allow_nan=False)
    # A name that is not UTF-8 is written with JSON's escapes, and read back as it was.
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def _unwritable(folder: str | Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    problem = f"the results cannot be written ({reason})"
    return InputError(problem, remedy="make room, or name another folder", file=folder)


def _write(
    tables: Mapping[str, pd.DataFrame],
    scenario: Scenario,
    manifest: Mapping[str, Any],
    folder: Path,
) -> None:
    rows: dict[str, int] = {}
    for name, table in tables.items():
        if name in AS_PARQUET:
            # As bytes: pandas takes no path that is not UTF-8.
            (folder / f"{name}.parquet").write_bytes(table.to_parquet(index=False))
            rows[f"{name}.parquet"] = len(table)
        if name in AS_CSV:
            write_csv(table, folder / f"{name}.csv")
            rows[f"{name}.csv"] = len(table)
    text = show(scenario)
    if scenario.roster is not None:
        text = f"# The roster stands where it stood for the original of this file.\n{text}"
    for name in FILES:
        path = scenario.settings["organisation"][name]
        if path is not None:
            text = text.replace(toml_value(path), toml_value(told_path(path)))
    (folder / _SCENARIO).write_text(text, encoding="utf-8")
    seal(folder, manifest, rows)


def refuse_unless_free(folder: Path, overwrite: bool) -> None:
    """Complain about a folder that may not be replaced.

    Raises
    ------
    InputError
        If it holds something else than results, or results that may not be overwritten.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir():
        raise InputError("this is not a folder", remedy="name another one", file=folder)
    if not overwrite:
        remedy = "name another folder, or replace them with overwrite=True (--overwrite)"
        raise InputError("there are results already", remedy=remedy, file=folder)
    known = {*manifest_of(folder)["files"], *_ADDED_LATER}
    strange = sorted(path.name for path in folder.iterdir() if path.name not in known)
    if strange:
        problem = f"the folder also holds {quoted(strange[0])}, which is no result"
        raise InputError(problem, remedy="move it away, or name another folder", file=folder)


def put_in_order(folder: Path) -> list[str]:
    """Put back or remove what processes that were killed while they wrote left hidden; returns what was done.

    Of results that are whole, the newest take the folder's place, if they were to replace what is there or
    nothing is there any more.

    Parameters
    ----------
    folder
        Where results are, were or are to be.
    """
    done = []
    for what, place in left_over(folder):
        whole = _is_whole(place)
        if whole and (what == "draft" or not folder.exists()):
            with suppress(OSError):
                put_in_place(place, folder)
                kind = "the results" if what == "draft" else "the earlier results"
                done.append(f"{kind} that a killed run had left hidden are in {folder}/ again")
                continue
        remove(place)
        done.append(f"removed {place.name}, which a killed run had left beside {folder}/")
    if folder.is_dir():
        for name in sorted(_ADDED_LATER):
            for _, place in left_over(folder / name):
                remove(place)
                done.append(f"removed {place.name}, which a killed run had left in {folder}/")
    return done


def _is_whole(folder: Path) -> bool:
    """Whether everything was written; the manifest comes last."""
    try:
        return not damage(folder, manifest_of(folder))
    except InputError:
        return False
