"""Where the results of a comparison go: looked at before hours are spent, and never lost afterwards."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.stopping import answering, asked, saved_first, settle, telling
from sim.commands.streams import say
from sim.errors import InputError
from sim.files import refuse_unfit

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison
    from sim.scenario import Scenario

__all__ = [
    "WRONG_PLACE",
    "bytes_needed",
    "keep",
    "refuse_unusable",
    "save_finished",
    "save_somewhere",
]

WRONG_PLACE = 2
"""Exit code where the results had to be put somewhere else."""

_DRAWN_LAST, _REPORT = "curves.png", "report.html"


def refuse_unusable(folder: Path, needed: int = 200_000, *, overwrite: bool) -> None:
    """Complain, before hours are spent, about a folder that could not take the results.

    What an earlier run, killed while it wrote, left beside the folder is put in order first.

    Parameters
    ----------
    folder, overwrite
        As for :func:`sim.experiments.saving.save_tables`.
    needed
        Bytes that the results take at the very least.

    Raises
    ------
    InputError
        If it holds something that may not be replaced, is not a folder, cannot be written, or has too
        little room.
    """
    refuse_unfit(folder, 0)
    from sim.experiments.saving import put_in_order, refuse_unless_free

    try:
        for done in put_in_order(folder.resolve()):
            say(done)
        if folder.is_dir() and any(folder.iterdir()):
            if not overwrite:
                remedy = "name another folder with --output, or replace them with --overwrite"
                raise InputError("there are results already", remedy=remedy, file=folder)
            refuse_unless_free(folder, overwrite)
            refuse_unfit(folder.parent, 0)  # the new ones are written beside the old
    except OSError as error:
        problem = f"the results cannot be put there ({error.strerror or error})"
        raise InputError(problem, remedy="name another folder with --output", file=folder) from None
    refuse_unfit(folder, needed)


def bytes_needed(scenario: Scenario, tables: int) -> int:
    """What a comparison takes at the very least: text of so many rows, and columns of so many people.

    Parameters
    ----------
    scenario
        What is to be simulated.
    tables
        How many tables with a row for every person or pair are wanted.
    """
    from sim.outcomes.declared import CURVES, OUTCOMES

    variants, firms = len(scenario.variants), scenario.replicates
    rows = variants * (firms * len(OUTCOMES) + scenario.months * len(CURVES))
    people = 0 if scenario.roster is None else len(scenario.roster.employee_id)
    people = people or int(scenario.settings["organisation"]["employees"])
    return 100_000 + 30 * rows + 20 * tables * variants * firms * people


def keep(
    comparison: Comparison,
    folder: Path,
    *,
    overwrite: bool,
    command: str,
    figures: bool,
    report: bool,
) -> tuple[Path, bool]:
    """Write tables and manifest, then the figures and the report beside them.

    Where the folder cannot take the tables any more, they go to the home folder or to that for temporary
    files, and it is said where. Returns the folder, and whether everything was finished: somebody who asks
    to stop gets the tables first.

    Parameters
    ----------
    comparison, folder, overwrite, command
        What is saved, where, and how it was asked for.
    figures, report
        Whether they are wanted.

    Raises
    ------
    InputError
        If nothing can be written anywhere, or the figures or the report cannot.
    KeyboardInterrupt
        If it was stopped; the last word then tells what is saved.
    """
    places = [folder]
    telling(lambda: _stopped_saving(comparison, places[-1], figures=figures, report=report))
    before = asked()
    with saved_first("saving first what is finished. Once more, and nothing is saved."):
        save_somewhere(
            lambda place, replace: comparison.save(place, overwrite=replace, command=command),
            places,
            overwrite=overwrite,
        )
    folder = places[-1]
    if asked() > before:
        settle()
        say(str(_stopped_saving(comparison, folder, figures=figures, report=report)))
        return folder, False
    with answering("stopping; the tables are saved."):
        if figures:
            from sim.report import save_figures

            try:
                save_figures(comparison, folder)
            except OSError as error:
                problem = f"the tables are there, but not the figures ({error.strerror or error})"
                remedy = "make room, and start again"
                raise InputError(problem, remedy=remedy, file=folder) from error
        if report:
            from sim.report.page import write_report

            write_report(comparison, folder / _REPORT, overwrite=True, command=command)
    settle()
    return folder, True


def _stopped_saving(
    comparison: Comparison, folder: Path, *, figures: bool, report: bool
) -> str | None:
    """What is saved of a comparison that was stopped; None if its tables are not there."""
    if not _is_saved(comparison, folder):
        return None
    firms = f"{comparison.replicates} of {comparison.manifest['replicates_asked']} replicates"
    told = f"stopped; the tables of {firms} are saved in {folder}/"
    lacks = [
        name
        for name, wanted, file in (("figures", figures, _DRAWN_LAST), ("report", report, _REPORT))
        if wanted and not (folder / file).exists()
    ]
    if lacks:
        told += f", {' and '.join(lacks)} {'are' if lacks[0] == 'figures' else 'is'} not"
    if lacks[-1:] == ["report"]:
        told += f". The report: mentorsim report {shlex.quote(str(folder))}"
    return told


def save_finished(
    save: Callable[[Path, bool], object], folder: Path, answer: str, *, overwrite: bool
) -> Path:
    """Save what a command found, whoever asks to stop; returns the folder in which it is.

    Parameters
    ----------
    save
        Saves it in a folder; is told whether earlier results may be replaced.
    folder
        The one that was asked for.
    answer
        What is said to somebody who asks to stop meanwhile.

    Raises
    ------
    InputError
        If it cannot be written anywhere.
    KeyboardInterrupt
        When somebody asks again.
    """
    places = [folder]
    with saved_first(answer):
        save_somewhere(save, places, overwrite=overwrite)
    settle()
    return places[-1]


def save_somewhere(
    save: Callable[[Path, bool], object], places: list[Path], *, overwrite: bool
) -> None:
    """Save results; where their folder cannot take them any more, elsewhere, and it is said where.

    Parameters
    ----------
    save
        Saves them in a folder; is told whether earlier results may be replaced.
    places
        The folder that was asked for. Every other one that is tried is added: the last is where they are.

    Raises
    ------
    InputError
        If they cannot be written anywhere.
    """
    folder = places[0]
    try:
        save(folder, overwrite)
    except InputError as error:
        for other in _other_places(folder):
            with suppress(InputError):
                places.append(other)
                save(other, False)
                say(f"{error} They are kept in {other} instead.")
                return
        raise


def _other_places(folder: Path) -> Iterator[Path]:
    name = f"mentorsim_{folder.name}_{datetime.now():%Y-%m-%d_%H%M%S}_{os.getpid()}"
    with suppress(RuntimeError):  # nobody knows where home is
        yield Path.home() / name
    with suppress(OSError):
        yield Path(tempfile.gettempdir()) / name


def _is_saved(comparison: Comparison, folder: Path) -> bool:
    """Whether the tables in the folder are those of this comparison."""
    from sim.experiments.manifest import manifest_of

    try:
        there = manifest_of(folder)
    except InputError:
        return False
    keys = ("digest", "started", "duration_seconds")
    return all(there.get(key) == comparison.manifest[key] for key in keys)
