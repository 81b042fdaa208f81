"""What programmes cost, in a few sentences: hours, cash and working time apart, quits to prevent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.report.page.view import View
from sim.report.said import count, money
from sim.report.words import capitalised, counted, named, number_word

__all__ = ["Costs", "costs"]


@dataclass(frozen=True, slots=True)
class Costs:
    """The sentences; `why_not` where nothing can be told."""

    sentences: tuple[str, ...]
    why_not: str = ""


def costs(view: View) -> Costs:
    """Say what the programmes cost and what they would have to prevent."""
    if not view.paying:
        why = view.why_no_value or "No variant has a programme, so that none costs anything."
        return Costs(tuple(_hours(view)), why)
    return Costs((*_hours(view), *_money(view), *_break_even(view)))


def _hours(view: View) -> Iterator[str]:
    """Hours of one mentee and of a mentor for each, as planned, and how many of them take place."""
    names = [name for name in view.comparison.variants if view.has_programme(name)]
    if not names:
        return
    planned = [_planned(view, name) for name in names]
    kept = [
        float(np.nanmean(values))
        for name in names
        if np.isfinite(values := view.values(name, "meetings_kept")).any()
    ]
    meetings = _span([one[0] for one in planned], lambda number: f"{number:,.0f}")
    hours = _span([one[1] for one in planned], count)
    length = _span([float(one[2]) for one in planned], lambda number: f"{number:.0f}")
    text = (
        f"Hours: a mentee plans {meetings} meetings in a cohort of {length} months, {hours} hours with "
        "preparation and training; a mentor the same for each mentee."
    )
    if kept:
        text += f" {_span(kept, lambda number: f'{number:.0f}')} of 100 meetings take place."
    yield text


def _planned(view: View, name: str) -> tuple[float, float, int]:
    """Meetings of a pair in a cohort, hours of one side, months of a cohort."""
    programme = view.comparison.scenario.variant(name).settings["programme"]
    months = int(programme["cohort_months"])
    meetings = float(programme["meetings_per_month"]) * months
    each = float(programme["meeting_hours"]) + float(programme["preparation_hours"])
    once = float(programme["training_hours"]) + float(programme["objectives_hours"])
    return meetings, meetings * each + once, months


def _money(view: View) -> Iterator[str]:
    paying = [name for name in view.paying if view.worth(name, "cost").known]
    if not paying:
        return
    whole = [view.worth(name, "cost").value for name in paying]
    cash = [view.cash(name) for name in paying]
    heads = [view.worth(name, "cost_per_participant").value for name in paying]
    currency = view.decisions.currency
    text = f"Money: {_span(whole, lambda number: money(number, currency))} a year"
    if all(number == number for number in cash):
        time = [all_ - paid for all_, paid in zip(whole, cash, strict=True)]
        text += (
            f", of which {_span(cash, money)} is paid out (platform, fees, recognition) and "
            f"{_span(time, money)} is working time, the coordinator’s too"
        )
    if all(number == number for number in heads):
        text += f"; {_span(heads, money)} per participant"
    yield f"{text}."


def _break_even(view: View) -> Iterator[str]:
    if view.firms < 2:  # what one firm prevents is luck
        return
    needed = {name: view.worth(name, "break_even_exits").value for name in view.paying}
    known = [name for name, number in needed.items() if number == number]
    if not known:
        return
    does = [view.worth(name, "exits_avoided").value for name in known]
    must = _span([needed[name] for name in known], count)
    each = "it" if len(known) == 1 else "each"
    verdicts = [view.decisions.pays(name).verdict for name in known]
    text = f"To pay by prevented quits alone, {each} would have to prevent {must} a year; "
    if len(known) == 1:
        text += _prevents(does[0])
    elif min(does) >= 0.0:
        text += f"on average they prevent {_span(does, count)}"
    else:
        best, worst = max(does), min(does)
        most = (
            "none prevents any on average"
            if best <= 0.0
            else f"the best prevents {count(best)} on average"
        )
        text += f"{most}; under the worst, {count(worst)} more people quit"
    pays = [name for name, verdict in zip(known, verdicts, strict=True) if verdict == "better"]
    unknown = verdicts.count("unknown")
    if pays and len(pays) < len(known):
        text += (
            f". {capitalised(_who(pays, known))} {'pays' if len(pays) == 1 else 'pay'} for itself"
            if len(pays) == 1
            else f". {capitalised(_who(pays, known))} pay for themselves"
        )
    elif not pays and unknown:
        text += (
            f". Of {number_word(unknown)} it cannot be told whether they do"
            if len(known) > 1
            else ""
        )
    yield f"{text}."


def _prevents(number: float) -> str:
    if number < 0.0:
        return f"on average it adds {count(number)}"
    return f"on average it prevents {count(number)}"


def _who(names: Sequence[str], every: Sequence[str]) -> str:
    return (
        named(names[0])
        if len(names) == 1
        else f"{number_word(len(names))} of {counted(len(every), 'programme')}"
    )


def _span(numbers: Sequence[float], write: Callable[[float], str]) -> str:
    """From the least to the greatest; one number if they look alike."""
    low, high = write(min(numbers)), write(max(numbers))
    return low if low == high else f"{low} to {high}"
