"""A folder of results with tables, texts and a manifest, which appears whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError
from sim.experiments.manifest import CONTENTS, MANIFEST, contents_of
from sim.experiments.saving import put_in_order, refuse_unless_free
from sim.files import put_in_place, sibling, write_csv

__all__ = ["check_folder", "save_folder"]


def check_folder(folder: str | Path, *, overwrite: bool) -> None:
    """Complain, before hours are spent, about a folder that could not take results.

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


def save_folder(
    folder: str | Path,
    tables: Mapping[str, pd.DataFrame],
    texts: Mapping[str, str],
    manifest: Mapping[str, Any],
    *,
    overwrite: bool,
) -> Path:
    """Write tables (as CSV), texts and a manifest with a digest of each; returns the folder.

    Parameters
    ----------
    tables
        By name, without ending.
    texts
        By name of the file.

    Raises
    ------
    InputError
        As :func:`check_folder`, or if it cannot be written. It is then as it was before.
    """
    check_folder(folder, overwrite=overwrite)
    place = Path(folder).resolve()
    draft = sibling(place)
    try:
        draft.mkdir(parents=True)
        rows = {}
        for name, table in tables.items():
            write_csv(table, draft / f"{name}.csv")
            rows[f"{name}.csv"] = len(table)
        for name, text in texts.items():
            (draft / name).write_text(text, encoding="utf-8", errors="replace", newline="\n")
        written = sorted(path.name for path in draft.iterdir())
        contents = {name: contents_of(draft / name, rows.get(name)) for name in written}
        made = {**manifest, "files": sorted([MANIFEST, *written]), CONTENTS: contents}
        told = json.dumps(made, indent=2, ensure_ascii=False, allow_nan=False)
        (draft / MANIFEST).write_text(told + "\n", encoding="utf-8", errors="backslashreplace")
        put_in_place(draft, place)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Path(folder)


def _unwritable(folder: str | Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    problem = f"the results cannot be written ({reason})"
    return InputError(problem, remedy="make room, or name another folder", file=folder)
