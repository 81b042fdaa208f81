"""The winning programmes as a scenario file that ``compare`` takes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.deciding.levers import Candidate
from sim.experiments.manifest import FILES
from sim.scenario.frozen import plain
from sim.scenario.scenario import Scenario
from sim.scenario.writing import scenario_text

__all__ = ["from_folder", "winning_scenario"]


def winning_scenario(
    scenario: Scenario,
    nothing: str,
    winners: Sequence[tuple[str, Candidate]],
    asked: str,
    folder: Path | None,
) -> str:
    """No programme, and the winners in their order, as TOML.

    Parameters
    ----------
    nothing
        Name of the variant without a programme.
    winners
        By name.
    asked
        Goal and budget in words.
    folder
        Where the file will stand; files that it names are named from there.
    """
    document = plain(scenario.document)
    if folder is not None:
        from_folder(document, scenario.file, folder)
    for name in ("baseline", "variant"):
        document.pop(name, None)
    document["variant"] = [
        {"name": nothing, "programme": {"policy": "none"}},
        *({"name": name, **_nested(one.overrides)} for name, one in winners),
    ]
    above = [
        f"What mentorsim best found for {scenario.title}",
        asked,
        "The first programme led the search; the others cannot be told apart from it.",
    ]
    return scenario_text(document, above)


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
