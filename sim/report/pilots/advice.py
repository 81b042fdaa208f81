"""What to do, first in a sentence and then by measure: what a pilot can show, and what it cannot."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.pilots.choosing import Choice, best_for, main_month, people_needed, smallest_for
from sim.pilots.findings import Findings
from sim.pilots.measures import JUDGED, Measure
from sim.pilots.reading import Question
from sim.pilots.running import PLATFORM
from sim.report.pilots.words import (
    SAID,
    chance,
    chance_range,
    change,
    change_range,
    effect,
    months_word,
    names,
    needed,
    size_named,
)
from sim.report.said import money
from sim.report.words import capitalised, listed, named

__all__ = [
    "costs_of",
    "lead_of",
    "measure_lines",
    "month_told",
    "platform_lines",
    "sure_lines",
]


def lead_of(pilot: Findings, choice: Choice | None) -> str:
    """The answer in two or three sentences."""
    program = named(pilot.variant)
    if choice is None:
        return (
            f"A pilot of {program} with so few people cannot be read at all: no lottery here leaves enough people on both "
            "sides. Offer more people a place, or judge it by whether it runs as forecast."
        )
    question = choice.question
    told = pilot.of(question)
    where = (
        f"{_lower(question.design.title)}, with {size_named(question.design, question.offered)}, judged by "
        f"{SAID[question.measure.name]}, {months_word(question.months)} after the start"
    )
    finds = (
        f"of 100 such pilots {chance(told.power)} find it ({chance_range(told.power)}), and "
        f"{chance(told.false_positives)} would call a programme that does nothing an effect "
        f"({chance_range(told.false_positives)})"
    )
    if choice.able:
        rest = ""
        if choice.not_by:
            rest = f" Do not judge it by {names(choice.not_by)}: no pilot of these sizes can."
        return (
            f"A pilot of {program} can show something: {where}. What is expected is "
            f"{effect(question.measure, told.offered)}; {finds}.{rest}"
        )
    return (
        f"No pilot of {program} with up to {pilot.sizes[-1]} people offered a place can show what it does. The best is "
        f"{where}: {finds}. What a pilot of this size can show is whether the programme runs: who takes the place, "
        "whether pairs fit, whether they meet."
    )


def measure_lines(pilot: Findings) -> Iterator[tuple[str, str]]:
    """By measure: the smallest pilot that can show it, or that none can and how many people it would take."""
    level = float(pilot.settings["significance"])
    for measure in JUDGED:
        smallest = smallest_for(pilot, measure)
        if smallest is not None:
            yield measure.title, capitalised(_able(pilot, smallest))
            continue
        best = best_for(pilot, measure)
        if best is None:
            yield measure.title, "No lottery of these sizes can be read."
            continue
        yield measure.title, _unable(pilot, measure, best, level)


def _able(pilot: Findings, question: Question) -> str:
    told = pilot.of(question)
    return (
        f"{size_named(question.design, question.offered)} are enough ({_lower(question.design.title)}), after "
        f"{months_word(question.months)}: {chance(told.power)} of 100 such pilots find what is expected "
        f"({chance_range(told.power)}). A programme that does nothing is called an effect in "
        f"{chance(told.false_positives)} ({chance_range(told.false_positives)})."
    )


def _unable(pilot: Findings, measure: Measure, question: Question, level: float) -> str:
    told = pilot.of(question)
    as_nothing = told.power.value < 2.0 * level
    which = f"{_lower(question.design.title)}, {size_named(question.design, question.offered)}, {months_word(question.months)}"
    chances = f"{chance(told.power)} of 100 such pilots find what is expected ({chance_range(told.power)})"
    if as_nothing:
        text = (
            f"A pilot of these sizes says nothing about {SAID[measure.name]}: at best ({which}) {chances}, hardly more than "
            f"would call a programme that does nothing an effect ({100 * level:.0f})."
        )
    else:
        text = f"No pilot of these sizes can show it reliably: at best ({which}) {chances}."
    if math.isfinite(told.exaggeration):
        text += f" What it would find is {_times(told.exaggeration)} too large on average"
        text += (
            f", and has the wrong sign in {100 * told.wrong_sign:.0f} of 100."
            if told.wrong_sign >= 0.005
            else "."
        )
    people = people_needed(pilot, question)
    if math.isfinite(people[0]) and math.isfinite(people[2]):
        here = ""
        if people[0] > pilot.eligible:
            here = f"; {pilot.eligible} are eligible here"
        elif people[0] <= max(pilot.sizes):  # which were tried, and did not
            here = (
                " in a firm that is larger by as much: where more are offered a place here, fewer are left to compare them "
                "with, and mentors run out"
            )
        text += f" It would take {needed(people)} people offered a place{here}."
    elif told.expected.known:
        text += " Whether there is any effect on it cannot be told from the simulation itself, so that no number of people is named."
    return text


def _times(number: float) -> str:
    return f"{number:.0f} times" if number >= 10.0 else f"{number:.1f} times"


def platform_lines(pilot: Findings, question: Question) -> Iterator[str]:
    """What is seen without any comparison, with where it will lie if the forecast holds."""
    shares = pilot.platform_shares(question.design.run, question.offered)
    for name, (usual, low, high) in shares.items():
        yield (
            f"{capitalised(PLATFORM[name][0])}: {100 * usual.value:.0f} of 100 expected, and {100 * low:.0f} to "
            f"{100 * high:.0f} if the forecast holds; one such pilot tells it within {100 * usual.low:.0f} to {100 * usual.high:.0f}."
        )


def costs_of(pilot: Findings, question: Question) -> str:
    """What the pilot costs, and when one knows."""
    whole, cash, measuring = pilot.cost(question)
    currency = str(pilot.job.none.settings["costs"]["currency"])
    text = f"The programme costs {money(whole, currency)} in its first year ({money(cash, currency)} paid out, the rest working time)"
    if measuring:
        text += f"; asking and testing takes time worth {money(measuring, currency)}"
    start = int(pilot.job.none.settings["programme"]["start_month"])
    waits = f", {months_word(start)} from now before it begins" if start else ""
    return f"{text}. One knows {months_word(question.months)} after the start{waits}."


def sure_lines(pilot: Findings, question: Question) -> Iterator[str]:
    """How the diagnosis was made, and what it hangs on."""
    told = pilot.of(question)
    sets = int(pilot.made["parameter_sets"])
    over = f" under {sets} sets of assumptions, each as often" if sets else ""
    yield (
        f"Every design was run in {pilot.firms:,} simulated firms{over}, beside the same firms without a programme, and read as it "
        "would be read."
    )
    main = question.measure
    parts = []
    if told.others.known:
        parts.append(
            f"those with whom they are compared are touched as well ({change(main, told.others.value)}, {change_range(main, told.others)})"
        )
    yield (
        f"What a lottery estimates is named: the effect per person offered less that on those not drawn. Here {listed(parts)}; the "
        f"estimate is off by {change(main, told.bias.value)} ({change_range(main, told.bias)}), and its interval holds the effect "
        f"per person offered in {chance(told.coverage)} of 100 ({chance_range(told.coverage)})."
        if parts
        else "What a lottery estimates is named: the effect per person offered less that on those not drawn."
    )
    yield (
        "No number here holds what the model leaves out. If the true effect is twice as large, a pilot needs a quarter of the people; "
        "if it is half as large, four times as many."
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def month_told(pilot: Findings, choice: Choice | None) -> int:
    """The month that the page's tables are about."""
    return choice.question.months if choice is not None else main_month(pilot)
