"""What the screen says of a pilot: the answer, then a line for every measure."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from sim.pilots.choosing import choose
from sim.pilots.findings import Findings
from sim.report.pilots.advice import costs_of, lead_of, measure_lines, platform_lines

__all__ = ["summary_lines"]

_WIDTH = 110


def summary_lines(pilot: Findings) -> Iterator[str]:
    """Lines for a terminal."""
    choice = choose(pilot)
    yield pilot.scenario.title
    yield ""
    yield fill(lead_of(pilot, choice), _WIDTH)
    yield ""
    for title, text in measure_lines(pilot):
        yield fill(f"{title}: {text}", _WIDTH, initial_indent="  ", subsequent_indent="    ")
    if choice is not None:
        yield ""
        yield fill(costs_of(pilot, choice.question), _WIDTH)
        yield "Beside it, without any comparison:"
        for line in platform_lines(pilot, choice.question):
            yield fill(line, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    for note in pilot.notes:
        yield fill(f"Note: {note}", _WIDTH)
