"""What a real pilot found, in the words of its protocol."""

from __future__ import annotations

from collections.abc import Iterator

from sim.pilots.designs import design_named
from sim.pilots.diagnosing import Interval
from sim.pilots.results import Found, PilotFound
from sim.report.pilots.words import change, change_range, months_word

__all__ = ["found_lines"]


def found_lines(pilot: PilotFound) -> Iterator[str]:
    """The answer first, then what is told beside it, and every assumption about the file."""
    protocol = pilot.protocol
    design = design_named(protocol.design)
    yield f"Pilot of “{protocol.programme}”: {design.title.lower()}, read after {months_word(protocol.months)}"
    yield ""
    first, *others = pilot.found
    yield from _verdict(first, pilot)
    if others:
        yield ""
        yield "Told beside it, without deciding:"
        for one in others:
            if one.why_not:
                yield f"  {one.measure.title}: not told, because {one.why_not}."
            else:
                yield f"  {one.measure.title}: {_difference(one, pilot)}"
    yield ""
    yield (
        f"It estimates the {protocol.estimand}. Everything that happens to both sides alike is left out of it, and so "
        "is what the programme does to those who are compared."
        if design.by_lot
        else f"It estimates the {protocol.estimand}: no lot decided, so that it is no proof of what the programme does."
    )
    if pilot.notes:
        yield ""
        yield "Assumed about the file:"
        yield from (f"  {note}" for note in pilot.notes)


def _difference(one: Found, pilot: PilotFound) -> str:
    told = one.estimate
    interval = change_range(one.measure, Interval(told.value, told.low, told.high))
    level = round(100 * (1.0 - pilot.protocol.significance))
    if told.others:
        sides = f"{one.offered:.1f} with an offer ({told.treated:,} people), {one.others:.1f} without ({told.others:,}); "
    else:
        sides = f"{told.treated:,} people before and after; "
    return (
        f"{sides}difference, taking account of what was known before, {change(one.measure, told.value)} "
        f"({one.measure.unit}; {level} % interval {interval})."
    )


def _verdict(one: Found, pilot: PilotFound) -> Iterator[str]:
    protocol, told = pilot.protocol, one.estimate
    if one.why_not:
        yield f"{one.measure.title}: nothing can be compared, because {one.why_not}."
        return
    found = told.p < protocol.significance
    expected = Interval(protocol.expected, protocol.expected_low, protocol.expected_high)
    better = (told.value > 0.0) == one.measure.higher_is_better
    if found:
        yield (
            f"{one.measure.title}: found, for the {'better' if better else 'worse'}. {_difference(one, pilot)} "
            f"Chance alone would make so large a difference in {_often(told.p)} of 100 pilots."
        )
        yield (
            "What is found by a pilot of this size is too large on average: expect less when the programme is for all."
            if protocol.power < 0.5
            else f"The simulation had expected {change(one.measure, expected.value)} ({change_range(one.measure, expected)})."
        )
        return
    yield (
        f"{one.measure.title}: nothing found. {_difference(one, pilot)} Chance alone would make so large a difference in "
        f"{_often(told.p)} of 100 pilots."
    )
    yield (
        f"That does not show that the programme does nothing: such a pilot finds the effect that the simulation expects "
        f"({change(one.measure, expected.value)}) in {100 * protocol.power:.0f} of 100. What it rules out lies outside the interval."
    )


def _often(p: float) -> str:
    share = 100.0 * p
    return "under 1" if share < 1.0 else f"{share:.0f}"
