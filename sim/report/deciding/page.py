"""A page of sections in the manner of the answer: sentences first, then a chart, then a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["Cell", "Section", "Table", "as_table", "page"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is large, and what stands small below it."""

    text: str
    sub: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row is its heading.

    Attributes
    ----------
    caption
        What it shows.
    heads
        Of the columns, each with what stands small below it.
    rows
        Cells.
    summary
        If given, the table is closed, and this opens it.
    """

    caption: str
    heads: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Cell]]
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Attributes
    ----------
    key, title
        Where it is found, and what stands above it.
    lead
        The answer, in large letters.
    sentences, points
        What is said, as paragraphs and as a list.
    chart
        With the words above it.
    tables
        See :class:`Table`.
    """

    key: str
    title: str
    lead: str = ""
    sentences: Sequence[str] = ()
    points: Sequence[str] = ()
    charts: Sequence[tuple[str, Markup]] = ()
    tables: Sequence[Table] = field(default_factory=tuple)


def as_table(
    caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], summary: str = ""
) -> Table:
    """A table of plain texts."""
    cells = [[Cell(text) for text in row] for row in rows]
    return Table(caption, [(head, "") for head in heads], cells, summary)


@cache
def _environment() -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=ChoiceLoader(
            [PackageLoader("sim.report.deciding"), PackageLoader("sim.report.page")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    kicker: str,
    title: str,
    facts: str,
    warnings: Sequence[str],
    sections: Sequence[Section],
    command: str | None,
) -> str:
    """The whole page as text.

    Parameters
    ----------
    kicker, title, facts
        What it is about.
    warnings
        What a reader must know before any number.
    sections
        The first is the answer.
    command
        The command that made it.
    """
    template = _environment().get_template("decision.html.j2")
    return template.render(
        kicker=kicker,
        title=title,
        facts=facts,
        warnings=warnings,
        sections=sections,
        command=command,
        version=version("mentorsim"),
    )
