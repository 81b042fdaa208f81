"""The commands that come next, in a planner's words: a pilot's plan, what its figures say, a better programme."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from sim.report.page.view import View

__all__ = ["Step", "in_quotes", "next_commands", "scenario_file"]

Step = tuple[str, str]
"""What it tells, and the command."""

_GOALS = {"stay": "retention", "engaged": "engagement", "ideas": "innovation", "start": "newcomers"}
"""What the search for the best programme calls the goals."""


def next_commands(
    view: View, name: str, goals: Sequence[str], *, pilot: bool, more_firms: bool
) -> Iterator[Step]:
    """What to do next on this machine.

    Parameters
    ----------
    name
        The programme that is advised, or else the one that does most; "" if there is none.
    goals
        Keys of what it is advised for, the weightiest first.
    pilot
        Whether a pilot of it is advised.
    more_firms
        Whether more simulated firms would tell more.
    """
    file = in_quotes(scenario_file(view))
    variant = f" --variant {in_quotes(name)}" if name else ""
    ensemble = " --ensemble" if view.parameter_sets else ""
    if pilot:
        yield (
            "Before the pilot: what it could show, a protocol to sign, and the list of the lot",
            f"mentorsim pilot {file}{variant}",
        )
    if more_firms:
        told = "More simulated firms, which halve the intervals"
        yield told, f"mentorsim compare {file}{ensemble} --replicates {4 * view.firms}"
    if name:
        yield (
            "With figures of a programme that runs, or ran: what to believe then",
            f"mentorsim update {file} observed.csv{variant}",
        )
    if name in view.paying and (cost := view.worth(name, "cost").value) > 0.0:
        goal = next((_GOALS[key] for key in goals if key in _GOALS), "retention")
        yield (
            "A better programme for the same money, if there is one",
            f"mentorsim best {file} --goal {goal} --budget {_rounded(cost):.0f} --budget-in total",
        )


def scenario_file(view: View) -> str:
    """The scenario file as the command that made the results names it; else what the app saves it as."""
    try:
        words = shlex.split(view.command, posix=True)
    except ValueError:
        words = []
    return next((word for word in words if word.casefold().endswith(".toml")), "scenario.toml")


def in_quotes(word: str) -> str:
    """A word of a command as every shell takes it."""
    if re.fullmatch(r"[\w./:-]+", word):
        return word
    return shlex.quote(word) if re.search(r"[\"$`\\!]", word) else f'"{word}"'


def _rounded(amount: float) -> float:
    """Two figures, upwards, so that the programme itself is within the budget."""
    step = 10.0 ** max(0, len(f"{amount:.0f}") - 2)
    return float(-(-amount // step) * step)
