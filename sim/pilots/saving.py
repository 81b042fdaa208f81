"""Keeping a pilot: a folder of tables, protocol, lottery list, page and manifest, whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.experiments.manifest import CONTENTS, MANIFEST, contents_of, identity
from sim.experiments.saving import put_in_order, refuse_unless_free
from sim.files import put_in_place, sibling, write_csv
from sim.pilots.choosing import choose
from sim.pilots.findings import Findings
from sim.pilots.lottery_list import LotteryList, draw_list
from sim.pilots.protocols import Protocol, protocol_of, protocol_text
from sim.pilots.reading import Question
from sim.pilots.tables import costs_table, platform_table, readings_table
from sim.simulation.plan import prepare

__all__ = ["LIST", "list_for", "manifest_of_pilot", "save_pilot"]

LIST = "lottery_list.csv"


def list_for(pilot: Findings, question: Question | None = None) -> LotteryList | None:
    """The lottery list of a reading, by default of that which is advised; None without a roster or a lot."""
    roster = pilot.scenario.roster
    if question is None:
        chosen = choose(pilot)
        question = None if chosen is None else chosen.question
    if roster is None or question is None or not question.design.by_lot:
        return None
    settings = pilot.scenario.variant(pilot.variant).settings
    plan = prepare("list", settings, roster=roster)
    return draw_list(plan, roster, question.design, question.offered, pilot.scenario.seed)


def save_pilot(
    pilot: Findings,
    folder: str | Path,
    *,
    overwrite: bool = False,
    command: str | None = None,
    question: Question | None = None,
    pages: Mapping[str, str] | None = None,
) -> Path:
    """Write everything into a folder, which appears whole or not at all; returns the folder.

    Parameters
    ----------
    question
        The reading that the protocol is about; by default that which is advised.
    pages
        Further files by name, with their text.

    Raises
    ------
    InputError
        If the folder holds something that may not be replaced, or cannot be written.
    """
    place = Path(folder)
    try:
        whole = place.resolve()
        put_in_order(whole)
        refuse_unless_free(whole, overwrite)
        draft = sibling(whole)
        try:
            draft.mkdir(parents=True)
            _write(pilot, draft, question, command, pages or {})
            put_in_place(draft, whole)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except InputError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = f"the pilot cannot be written ({reason})"
        raise InputError(
            problem, remedy="make room, or name another folder", file=folder
        ) from error
    return place


def _write(
    pilot: Findings,
    folder: Path,
    question: Question | None,
    command: str | None,
    pages: Mapping[str, str],
) -> None:
    tables = {
        "readings": readings_table(pilot),
        "platform": platform_table(pilot),
        "costs": costs_table(pilot),
    }
    drawn = list_for(pilot, question)
    if drawn is not None:
        tables |= {"lottery_list": drawn.table, "balance": drawn.balance}
    rows: dict[str, int] = {}
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv", float_format="%.6g")
        rows[f"{name}.csv"] = len(table)
    chosen: Protocol | None = None
    if question is not None or choose(pilot) is not None:
        chosen = protocol_of(pilot, question, lottery_list=LIST if drawn is not None else "")
        text = protocol_text(chosen)
        (folder / "protocol.toml").write_text(text, encoding="utf-8", newline="\n")
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", errors="replace", newline="\n")
    written = sorted(path.name for path in folder.iterdir())
    contents = {name: contents_of(folder / name, rows.get(name)) for name in written}
    manifest = manifest_of_pilot(pilot) | {"command": command}
    manifest |= {"files": sorted([MANIFEST, *written]), CONTENTS: contents}
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def manifest_of_pilot(pilot: Findings) -> dict[str, Any]:
    """How it was made."""
    told = identity(pilot.scenario, [pilot.job.none])
    return told | {
        "pilot_of": pilot.variant,
        "variants": [pilot.variant],
        "designs": [one.name for one in pilot.designs],
        "offered": list(pilot.sizes),
        "readings": list(pilot.job.readings),
        "eligible": pilot.eligible,
        "firms": pilot.firms,
        "interrupted": pilot.interrupted,
        "notes": list(pilot.notes),
        **pilot.made,
    }
