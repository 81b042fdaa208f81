"""Keeping a pilot: a folder of tables, protocol, lottery list, page and manifest, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.experiments.manifest import identity
from sim.experiments.saving import seal, whole_folder
from sim.files import write_csv
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
        As :func:`sim.experiments.saving.whole_folder`.
    """
    with whole_folder(folder, overwrite=overwrite) as draft:
        _write(pilot, draft, question, command, pages or {})
    return Path(folder)


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
    seal(folder, manifest_of_pilot(pilot) | {"command": command}, rows)


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
