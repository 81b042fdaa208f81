"""The best programme for the money, as a page and on the screen."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from sim.deciding.trials import BUDGETS
from sim.report.deciding.best_answer import answer, following, lead, warnings
from sim.report.deciding.best_goals import gives_up_section, goals_section
from sim.report.deciding.best_grounds import hanging, luck_section, tried_section
from sim.report.deciding.best_sections import curve_section, finalists_section
from sim.report.deciding.best_words import Words
from sim.report.deciding.page import Section, page
from sim.report.words import counted

if TYPE_CHECKING:
    from sim.deciding.best import Best

__all__ = ["best_page", "best_summary"]


def best_page(found: Best, *, command: str | None = None) -> str:
    """The page as text."""
    words = Words(found)
    sections = [
        Section(
            "answer", "What to run", lead=lead(words), sentences=(*answer(words), *following(words))
        ),
        curve_section(words),
        finalists_section(words),
        gives_up_section(words),
        goals_section(words),
        Section("hangs", "What it hangs on", sentences=tuple(hanging(words))),
        luck_section(words),
        tried_section(words),
    ]
    firms = found.facts["judged_firms"]
    facts = (
        f"{found.scenario.title} · goal: {found.goal} · budget: {words.money(found.budget)} a year in "
        f"{found.budget_in} ({BUDGETS[found.budget_in][1]}) · {counted(int(found.manifest['designs']), 'programme')} "
        f"tried in {int(found.manifest['simulations']):,} simulations, finalists judged on {counted(firms, 'firm')} · in brackets, 95 % intervals"
    )
    title = f"The best programme for {words.money(found.budget)} a year"
    kicker = "Mentoring programmes, simulated before they are launched"
    return page(kicker, title, facts, tuple(warnings(words)), sections, command)


def best_summary(found: Best) -> str:
    """What is printed when it is done."""
    words = Words(found)
    lines = [*warnings(words), lead(words), *answer(words)]
    lines += [""] + [
        f"{words.money(row['budget']):>14} a year: {row['design']}; {words.gain(row)}"
        for row in found.curve.to_dict("records")
    ]
    return "\n".join(
        "\n".join(textwrap.wrap(line, 100, subsequent_indent="  " if line[:1] == " " else "")) or ""
        for line in lines
    )
