"""For analysts: what the page rests on, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.outcomes.goals import Goal
from sim.report.page.effects import Standing, standings
from sim.report.page.view import View
from sim.report.words import counted

__all__ = ["Appendix", "appendix", "every_standing"]


@dataclass(frozen=True, slots=True)
class Appendix:
    """What is said at its beginning."""

    how: tuple[str, ...]


def appendix(view: View) -> Appendix:
    """How the verdicts on this page are made."""
    return Appendix(tuple(_how(view)))


def every_standing(view: View) -> tuple[tuple[str, tuple[Standing, ...]], ...]:
    """Title and standings of every goal; none where nothing can be told apart."""
    if len(view.others) < 2 or view.firms < 2:
        return ()
    goals: list[Goal] = [goal for goal in view.decisions.goals if goal.key != "start"]
    return tuple((goal.title, standings(view, goal)) for goal in goals)


def _how(view: View) -> Iterator[str]:
    people = int(view.manifest["scenario"]["organisation"]["employees"])
    yield (
        f"Every variant was tried on the same {counted(view.firms, 'simulated firm')} of {people:,} "
        f"people over {view.comparison.scenario.months} months, with the same people and luck: a "
        "difference is the variant’s doing in this model."
        + (" Every two firms share a parameter set." if view.sets_differ else "")
    )
    if view.firms > 1 and view.others:
        yield (
            "The counts say in how many single firms a variant did better; the 95 % interval says how "
            f"well the mean over such firms{' and parameter sets' if view.sets_differ else ''} is known. "
            "“Better” and “worse” are said where it leaves out zero"
            + (
                " and at least 97.5 of 100 parameter sets have the direction"
                if view.sets_differ
                else ""
            )
            + ", “no difference” where all of it is too small to notice, “cannot tell” elsewhere."
        )
    pairs = len(view.others) * (len(view.others) + 1) // 2 * len(view.decisions.goals)
    if view.firms > 1 and pairs >= 20:
        yield (
            f"Of the {pairs} comparisons of two variants behind this page, about "
            f"{round(pairs / 20)} would seem to differ by chance even if nothing did."
        )
