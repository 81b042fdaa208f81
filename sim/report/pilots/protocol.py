"""The protocol as a page to file: who, what, when, how it is read, when it stops, and what it could find."""

from __future__ import annotations

from collections.abc import Iterator

from sim.pilots.designs import design_named
from sim.pilots.diagnosing import Interval
from sim.pilots.measures import measure_named
from sim.pilots.protocols import Protocol
from sim.report.pilots.words import change, change_range, months_word

__all__ = ["analysis_of", "protocol_page", "sections_of_protocol"]


def analysis_of(protocol: Protocol) -> str:
    """How it is read, in a sentence or two."""
    design = design_named(protocol.design)
    measure = measure_named(protocol.measure)
    known = "level, years of service, age and the engagement survey before the start"
    if measure.source == "test" and measure.baseline:
        known += ", and the test before the start"
    level = round(100 * (1.0 - protocol.significance))
    end = f"It is called found if the {level} % interval leaves out zero."
    if design.kind == "departments":
        return (
            f"The means of whole departments are compared with Student’s t, after {known} are taken out of people’s "
            f"values by least squares. Each department counts once. {end}"
        )
    if design.kind == "stepped":
        return (
            "In every period those whose turn has come are compared with those who wait, by least squares on having "
            f"begun, period, {known}; standard errors go by person. {end}"
        )
    if design.kind == "changed":
        return (
            f"The mean change of those who take part, with Student’s t. Nobody is compared. {end}"
        )
    adjusting = f"on arm, {known}" if design.adjusted else "on arm alone"
    small = ""
    if design.by_lot:
        small = (
            f" Where an arm has fewer than {protocol.small_arm} people, its p-value comes from permuting the arms, and "
            "the verdict follows it."
        )
    return (
        f"Everybody counts in the arm that the lot put them in, whether they took the place or not. Least squares {adjusting}, "
        f"with errors that let the arms differ (HC2). {end}{small}"
        if design.by_lot
        else f"Least squares {adjusting}, with errors that let the groups differ (HC2). {end}"
    )


def sections_of_protocol(protocol: Protocol) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Heading and sentences of every part."""
    design, measure = design_named(protocol.design), measure_named(protocol.measure)
    also = [measure_named(name) for name in protocol.also]
    expected = Interval(protocol.expected, protocol.expected_low, protocol.expected_high)
    listed = (
        f" The list that the lot drew is {protocol.lottery_list}; it is filed with this page."
        if protocol.lottery_list
        else ""
    )
    yield (
        "Who",
        (
            f"{design.title}. {design.who} {protocol.offered} people are offered a place and compared with "
            f"{design.against}, about {protocol.others} people.{listed}",
        ),
    )
    yield (
        "What is measured",
        (
            f"It is judged by one number: {_lower(measure.title)}. {measure.what}",
            *(f"Told beside it, without deciding: {_lower(one.title)}." for one in also),
        ),
    )
    before = "the month before the start and " if measure.baseline else ""
    yield (
        "When",
        (
            f"Measured in {before}{months_word(protocol.months)} after the start, and not looked at in between.",
        ),
    )
    yield (
        "What is estimated",
        (f"{protocol.estimand[:1].upper()}{protocol.estimand[1:]}, in {protocol.unit}.",),
    )
    yield "How it is read", (analysis_of(protocol),)
    yield (
        "What to expect",
        (
            f"The simulation expects {change(measure, protocol.expected)} ({change_range(measure, expected)}) with a "
            f"standard error of {protocol.standard_error:.2g}. If that is so, the pilot finds it in "
            f"{100 * protocol.power:.0f} of 100 such pilots; a programme that does nothing is called an effect in "
            f"{100 * protocol.significance:.0f}. If nothing is found, that does not show that there is nothing.",
        ),
    )
    yield (
        "When it stops",
        (
            "Nobody looks at the deciding number before it is due, so that it cannot be stopped because it looks good or "
            "bad. It stops early only if fewer than half of the pairs still meet, or if somebody is harmed; then what "
            "there is is told as it is, and called unfinished.",
        ),
    )
    yield (
        "Afterwards",
        (
            "All numbers named here are told, whatever they are: mentorsim pilot read protocol.toml RESULTS.csv.",
            "Persons are not judged: results are told by arm, never by name.",
        ),
    )


def protocol_page(protocol: Protocol) -> str:
    """The page as Markdown."""
    lines = [f"# Protocol: a pilot of “{protocol.programme}”", "", f"{protocol.title}", ""]
    for heading, sentences in sections_of_protocol(protocol):
        lines += [f"## {heading}", "", *(f"{one}\n" for one in sentences)]
    lines += [
        "## Filed",
        "",
        "Before the lot is made known. Date: ____________  By: ____________",
        "",
        f"Seed {protocol.seed}; forecast by mentorsim {protocol.version}, scenario {protocol.scenario_digest[:16]}.",
    ]
    return "\n".join(lines) + "\n"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
