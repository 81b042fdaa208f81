"""From a comparison to one HTML file."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.files import whole_file
from sim.report.page.answer import answer
from sim.report.page.appendix import appendix, every_standing
from sim.report.page.assumptions import assumptions
from sim.report.page.doubts import doubts
from sim.report.page.effects import courses, each_meeting, numbers, panels, pay_panel
from sim.report.page.money import money
from sim.report.page.nulls import nulls
from sim.report.page.pairs import pairings
from sim.report.page.people import people
from sim.report.page.programme import COLUMNS, lacking, running
from sim.report.page.reproduce import reproduce
from sim.report.page.sure import sure
from sim.report.page.view import View
from sim.report.said import MARKS

if TYPE_CHECKING:
    from jinja2 import Environment

    from sim.experiments.comparison import Comparison

__all__ = ["LARGEST_PAGE", "refuse_existing", "report_page", "sections_of", "write_report"]


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("sim.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def report_page(comparison: Comparison, *, command: str | None = None) -> str:
    """Return the whole page as text.

    Parameters
    ----------
    comparison
        Just made, or read from a folder.
    command
        The command that made it, if the manifest does not know.
    """
    template = _environment().get_template("page.html.j2")
    sections = sections_of(comparison, command)
    text = template.render(**sections)
    for name, words in _DISPENSABLE:
        if len(text.encode(errors="replace")) <= LARGEST_PAGE:
            break
        nothing: object = False if sections[name] is True else ()
        sections |= {name: nothing, "left_out": (*sections["left_out"], words)}
        text = template.render(**sections)
    return text


LARGEST_PAGE = 500_000
"""Bytes above which details are left out, so that the page can be sent."""

_DISPENSABLE = (
    ("standings", "how every two programmes compare"),
    ("group_numbers", "the numbers of every group (groups.csv)"),
    ("pairings", "who is paired with whom"),
    ("money_details", "every quantity of money (value.csv)"),
    ("numbers", "outcomes in their own units (effects.csv)"),
    ("courses", "the course over time (monthly.csv)"),
)
"""Sections that grow with the programmes, what is missed least first; and what is said when they are left out."""


def sections_of(
    comparison: Comparison, command: str | None = None, *, goal: str = ""
) -> dict[str, Any]:
    """Everything that the page's templates show, by name: each section is made by a public function.

    Parameters
    ----------
    goal
        Key of the goal whose advice comes first.
    """
    view = View(comparison, command)
    programmes, told = running(view), assumptions(view)
    return {
        "view": view,
        "marks": MARKS,
        "answer": answer(view, goal),
        "appendix": appendix(view),
        "panels": panels(view),
        "each_meeting": each_meeting(view),
        "pay_panel": pay_panel(view),
        "numbers": numbers(view),
        "standings": every_standing(view),
        "sure": sure(view),
        "courses": courses(view),
        "pairings": pairings(view),
        "people": people(view),
        "group_numbers": True,
        "money_details": True,
        "left_out": (),
        "nulls": nulls(view),
        "columns": COLUMNS,
        "programmes": programmes,
        "lacking": lacking(view),
        "money": money(view),
        "doubts": doubts(view, programmes, told.counts),
        "assumptions": told,
        "reproduce": reproduce(view, command),
    }


def write_report(
    comparison: Comparison,
    file: str | Path,
    *,
    overwrite: bool = False,
    command: str | None = None,
) -> Path:
    """Write the page into a file, which appears whole or not at all; return its path.

    Raises
    ------
    InputError
        If the file exists, unless it is to be overwritten, or cannot be written.
    """
    place = Path(file)
    refuse_existing(place, overwrite=overwrite)
    text = report_page(comparison, command=command)
    try:
        with whole_file(place) as draft:
            draft.write_text(text, encoding="utf-8", errors="replace", newline="\n")
            refuse_existing(place, overwrite=overwrite)
    except InputError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a NUL character, a path without a name
        raise _unwritable(place, error) from error
    return place


def refuse_existing(file: Path, *, overwrite: bool) -> None:
    """Complain about a report that may not be replaced.

    Raises
    ------
    InputError
        If the file exists and is not to be overwritten, or is a folder.
    """
    try:
        there, folder = os.path.lexists(file), file.is_dir()
    except (OSError, ValueError) as error:
        raise _unwritable(file, error) from error
    if folder:
        raise InputError("this is a folder", remedy="name a file in it", file=file)
    if there and not overwrite:
        remedy = "name another one, or replace it with overwrite=True (--overwrite)"
        raise InputError("the file exists already", remedy=remedy, file=file)


def _unwritable(file: Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    problem = f"the report cannot be written ({reason})"
    return InputError(problem, remedy="make room, or name another file", file=file)
