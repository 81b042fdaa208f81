"""From a pilot to one HTML file, and its protocol as a page to file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.pilots.causes import cause_of, estimand_of
from sim.pilots.choosing import choose, people_needed
from sim.pilots.designs import Design
from sim.pilots.diagnosing import Diagnosis
from sim.pilots.findings import Findings
from sim.pilots.measures import JUDGED, MEASURES, Measure
from sim.pilots.protocols import protocol_of
from sim.pilots.reading import Question
from sim.pilots.saving import LIST, list_for, manifest_of_pilot
from sim.report.pilots.advice import (
    costs_of,
    lead_of,
    measure_lines,
    month_told,
    platform_lines,
    sure_lines,
)
from sim.report.pilots.protocol import protocol_page, sections_of_protocol
from sim.report.pilots.words import (
    chance,
    chance_range,
    change,
    change_range,
    needed,
    signed_range,
    verdict_of,
)

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["pages_of", "pilot_page"]

_MARKS = {
    "able": ("▲", "can show it", "better"),
    "unproven": ("△", "finds it, no proof", "unknown"),
    "seldom": ("○", "seldom", "unknown"),
    "blind": ("○", "cannot", "unknown"),
    "misleading": ("▼", "misleads", "worse"),
    "unread": ("–", "cannot be read", "unknown"),
}


@dataclass(frozen=True, slots=True)
class _Cell:
    """One design and measure at a glance."""

    mark: str
    words: str
    kind: str
    power: str
    range: str
    alarm: str


@dataclass(frozen=True, slots=True)
class _Line:
    """One reading in full, as texts."""

    design: str
    offered: str
    effect: str
    others: str
    expected: str
    error: str
    bias: str
    cause: str
    coverage: str
    power: str
    sign: str
    size: str
    alarm: str
    needed: str


@cache
def _environment() -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    loaders = [PackageLoader("sim.report.pilots"), PackageLoader("sim.report.page")]
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def pages_of(
    pilot: Findings, *, command: str | None = None, question: Question | None = None
) -> dict[str, str]:
    """``pilot.html`` and ``protocol.md``, by name; no protocol where nothing can be read."""
    pages = {"pilot.html": pilot_page(pilot, command=command, question=question)}
    if question is not None or choose(pilot) is not None:
        drawn = list_for(pilot, question)
        agreed = protocol_of(pilot, question, lottery_list=LIST if drawn is not None else "")
        pages["protocol.md"] = protocol_page(agreed)
    return pages


def pilot_page(
    pilot: Findings, *, command: str | None = None, question: Question | None = None
) -> str:
    """The whole page as text.

    Parameters
    ----------
    command
        The command that made it, where it is known.
    question
        The reading that the protocol is about; by default that which is advised.
    """
    return _environment().get_template("pilot.html.j2").render(**_parts(pilot, command, question))


def _parts(pilot: Findings, command: str | None, question: Question | None) -> dict[str, Any]:
    choice = choose(pilot)
    if question is None and choice is not None:
        question = choice.question
    offered = pilot.sizes[-1] if question is None else question.offered
    month = month_told(pilot, choice) if question is None else question.months
    drawn = list_for(pilot, question)
    agreed = None
    if question is not None:
        agreed = protocol_of(pilot, question, lottery_list=LIST if drawn is not None else "")
    manifest = manifest_of_pilot(pilot)
    return {
        "pilot": pilot,
        "lead": lead_of(pilot, choice),
        "by_measure": list(measure_lines(pilot)),
        "costs": "" if question is None else costs_of(pilot, question),
        "sure": [] if question is None else list(sure_lines(pilot, question)),
        "platform": [] if question is None else list(platform_lines(pilot, question)),
        "offered": offered,
        "month": month,
        "measures": JUDGED,
        "glance": [
            (design, [_cell(pilot, design, measure, offered, month) for measure in JUDGED])
            for design in pilot.designs
        ],
        "tables": [_table(pilot, measure, offered, month) for measure in MEASURES],
        "sizes": _sizes(pilot),
        "effects": _effects(pilot, offered, month),
        "designs": [(design, estimand_of(design)) for design in pilot.designs],
        "protocol": [] if agreed is None else list(sections_of_protocol(agreed)),
        "drawn": drawn,
        "command": command or "sim.pilot(scenario)",
        "manifest": manifest,
        "significance": 100 * float(pilot.settings["significance"]),
        "power": 100 * float(pilot.settings["power"]),
    }


def _question(
    pilot: Findings, design: Design, measure: Measure, offered: int, month: int
) -> Question | None:
    """The question of these, in the month nearest to the one asked for."""
    found = [
        one
        for one in pilot.job.questions
        if (one.design, one.measure, one.offered) == (design, measure, offered)
    ]
    return min(found, key=lambda one: abs(one.months - month)) if found else None


def _cell(pilot: Findings, design: Design, measure: Measure, offered: int, month: int) -> _Cell:
    question = _question(pilot, design, measure, offered, month)
    if question is None:
        return _Cell("–", "not read so", "unknown", "–", "", "")
    told = pilot.of(question)
    verdict = verdict_of(
        told,
        float(pilot.settings["significance"]),
        float(pilot.settings["power"]),
        by_lot=design.by_lot,
    )
    mark, words, kind = _MARKS[verdict]
    if not told.firms:
        return _Cell(mark, words, kind, "–", "", "")
    return _Cell(
        mark,
        words,
        kind,
        f"{chance(told.power)} in 100",
        chance_range(told.power),
        f"{chance(told.false_positives)} ({chance_range(told.false_positives)})",
    )


def _table(
    pilot: Findings, measure: Measure, offered: int, month: int
) -> tuple[Measure, list[_Line]]:
    lines: list[_Line] = []
    for design in pilot.designs:
        question = _question(pilot, design, measure, offered, month)
        if question is not None and pilot.of(question).firms:
            lines.append(_line(pilot, question, pilot.of(question)))
    return measure, lines


def _line(pilot: Findings, question: Question, told: Diagnosis) -> _Line:
    measure = question.measure

    wrong = f"{100 * told.wrong_sign:.0f}" if told.wrong_sign == told.wrong_sign else "–"
    times = f"{told.exaggeration:.1f}×" if told.exaggeration == told.exaggeration else "–"
    people = "–"  # where nothing is expected, or something else than the effect is found
    if question.design.by_lot and told.expected.clear:
        people = needed(people_needed(pilot, question))
    return _Line(
        design=question.design.title,
        offered=f"{told.treated:.0f} and {told.controls:.0f}",
        effect=signed_range(told.offered),
        others=signed_range(told.others),
        expected=signed_range(told.expected),
        error=f"{told.error:.1f}",
        bias=signed_range(told.bias),
        cause=cause_of(question.design, measure, told),
        coverage=f"{chance(told.coverage)} ({chance_range(told.coverage)})",
        power=f"{chance(told.power)} ({chance_range(told.power)})",
        sign=wrong,
        size=times,
        alarm=f"{chance(told.false_positives)} ({chance_range(told.false_positives)})",
        needed=people,
    )


def _sizes(pilot: Findings) -> list[tuple[Measure, list[tuple[str, list[str]]]]]:
    """By measure and lottery: chances by size and month."""
    found = []
    for measure in JUDGED:
        rows = []
        for design in pilot.designs:
            if not design.by_lot:
                continue
            cells = []
            for offered in pilot.sizes:
                told = [
                    f"{chance(pilot.of(one).power)}"
                    for one in pilot.job.questions
                    if (one.design, one.measure, one.offered) == (design, measure, offered)
                ]
                cells.append(" · ".join(told) if told else "–")
            rows.append((design.title, cells))
        found.append((measure, rows))
    return found


def _effects(pilot: Findings, offered: int, month: int) -> list[tuple[str, str, str, str, str]]:
    """By measure: what the programme does per person offered, per participant, in the firm, to the others."""
    rows = []
    for measure in JUDGED:
        question = next(
            (
                found
                for design in pilot.designs
                if design.by_lot
                and (found := _question(pilot, design, measure, offered, month)) is not None
            ),
            None,
        )
        if question is None or measure.name == "skills_after_only":
            continue
        told = pilot.of(question)
        rows.append(
            (
                measure.title,
                *(
                    f"{change(measure, one.value)} ({change_range(measure, one)})"
                    for one in (told.offered, told.participants, told.firm, told.others)
                ),
            )
        )
    return rows  # type: ignore[return-value]
