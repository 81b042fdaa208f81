"""The winning programmes as a scenario file that ``compare`` takes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.manifest import FILES
from sim.scenario.frozen import plain
from sim.scenario.writing import scenario_text

if TYPE_CHECKING:
    from sim.deciding.best import Best

__all__ = ["from_folder", "winning_scenario"]

_MOST = 5
"""Programmes in the file, besides none."""


def winning_scenario(found: Best, folder: Path | None) -> str:
    """No programme, the pick, and the next few that cannot be told apart from it, as TOML.

    Parameters
    ----------
    folder
        Where the file will stand; files that it names are named from there.
    """
    document = plain(found.scenario.document)
    if folder is not None:
        from_folder(document, found.scenario.file, folder)
    for name in ("baseline", "variant"):
        document.pop(name, None)
    standing = dict(zip(found.finalists["design"], found.finalists["standing"], strict=True))
    kept = [
        (name, candidate)
        for name, candidate in zip(found.names, found.candidates, strict=True)
        if candidate.has_programme
        and standing[name] in ("pick", "equal", "not told apart", "ahead")
    ][:_MOST]
    document["variant"] = [
        {"name": _nothing(found), "programme": {"policy": "none"}},
        *({"name": name, **_nested(candidate.overrides)} for name, candidate in kept),
    ]
    above = [
        f"What mentorsim best found for {found.scenario.title}",
        f"Goal: {found.goal}; budget: {found.budget:g} a year in {found.budget_in}.",
        "The first programme led the search; the others cannot be told apart from it.",
    ]
    return scenario_text(document, above)


def _nothing(found: Best) -> str:
    return next(
        name
        for name, candidate in zip(found.names, found.candidates, strict=True)
        if not candidate.has_programme
    )


def _nested(overrides: Any) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for key, value in plain(overrides).items():
        section, _, name = key.partition(".")
        tables.setdefault(section, {})[name] = value
    return tables


def from_folder(document: dict[str, Any], file: Path | None, folder: Path) -> None:
    """Name the files of a document as they are seen from a folder."""
    organisation = document.get("organisation", {})
    base = (file.parent if file is not None else Path()).resolve()
    for name in FILES:
        path = organisation.get(name)
        if isinstance(path, str) and not os.path.isabs(path):
            try:
                seen = os.path.relpath(base / path, folder.resolve())
            except ValueError:  # on another drive
                seen = str(base / path)
            organisation[name] = Path(seen).as_posix()
