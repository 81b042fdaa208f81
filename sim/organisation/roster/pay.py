"""A roster's column of pay: what each level earns, as the median of its people; nobody's own pay is kept."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from sim.organisation.amounts import (
    HOURLY,
    Amount,
    currency_in,
    doubt_about_salary,
    read_amount,
    whole_text,
)
from sim.organisation.roster.findings import listed, people, quoted
from sim.organisation.roster.options import RosterOptions
from sim.organisation.roster.roster import Real, Whole
from sim.organisation.roster.rows import Rows

__all__ = ["FEWEST", "read_pay"]

FEWEST = 5
"""People with pay on file from whom a level's median is told; it must not give away anybody's own."""

PERIODS = {"per year": 1.0, "per month": 12.0, "per hour": 2_080.0, "thousands per year": 1_000.0}
"""How many times a stated pay is a year's; an hour counts 52 weeks of 40 hours."""

_IN_HEADINGS = (
    ("per month", r"month|mensu|monat|mois|maand|mes\b"),
    ("per hour", r"hour|stund|heure|horaire|\buur"),
    ("thousands per year", r"thousand|tsd|\bin k\b|\(k\)|_k$"),
    ("per year", r"year|annu|jahr|\bano\b|anual|jaar|p\.?a\.?\b"),
)
_STEP = 1.3
"""Growth from level to level where too few levels have a median to tell it."""


def read_pay(staff: Rows, level: Whole, levels: int, options: RosterOptions) -> Real:
    """Return the yearly salary of each level, lowest first, rounded to hundreds; empty where it is not known.

    Levels with fewer than :data:`FEWEST` people on file are filled in from their neighbours.
    """
    nothing = np.zeros(0)
    texts = staff.texts("pay")
    filled = [text for text in texts if text]
    if not filled:
        return nothing
    amounts = {text: read_amount(text) for text in set(filled)}
    unread = [text for text in filled if amounts[text] is None]
    note = staff.findings.note
    if len(unread) > len(filled) / 2:
        shown = listed([quoted(text) for text in dict.fromkeys(unread)], 4)
        note(f"Pay: {staff.key('pay')} does not hold amounts ({shown}); not read.")
        return nothing
    if unread:
        shown = listed([quoted(text) for text in dict.fromkeys(unread)], 4)
        note(f"Pay: {len(unread):,} cells are no amounts and were passed over ({shown}).")
    known = {text: amount for text, amount in amounts.items() if amount is not None}
    currency = _currency(staff, [known[text] for text in filled if text in known])
    if currency is None:
        return nothing
    period, how = _period(staff, list(known.values()), options)
    values = np.array([known[text].value if text in known else np.nan for text in texts])
    values[values <= 0.0] = np.nan
    if np.isnan(values).all():
        return nothing
    yearly = values * PERIODS[period]
    middle = float(np.nanmedian(yearly))
    if not options.pay_is and doubt_about_salary(middle, currency):
        note(
            f"Pay: {staff.key('pay')} read as pay {period} has a median of {whole_text(middle)} a year; not used until "
            "you say what it is."
        )
        choices = listed([quoted(name) for name in PERIODS])
        staff.findings.ask(
            f"What does {staff.key('pay')} hold? Its median is {whole_text(float(np.nanmedian(values)))}, which is "
            f"implausible as pay {period}. It may be {choices}; to leave it out, set costs.salary.",
            f'pay_is = "{_likely(middle, staff)}"',
        )
        return nothing
    found = _medians(yearly, level, levels)
    if not found.size:
        note(f"Pay: on no level of {staff.key('pay')} are there {FEWEST} people on file; not used.")
    else:
        told = np.bincount(level[~np.isnan(yearly)], minlength=levels + 1)[1:]
        _say(staff, found, int((told < FEWEST).sum()), period, how, currency)
    return found


def _currency(staff: Rows, amounts: list[Amount]) -> str | None:
    """The currency of the column, "" where it is not said; None where there are several."""
    own = [text.upper() for text in staff.texts("pay_currency") if text]
    said = Counter(own or [amount.currency for amount in amounts if amount.currency])
    if len(said) > 1:
        shown = listed(
            [f"{quoted(name)} ({people(count)})" for name, count in said.most_common()], 6
        )
        staff.findings.note(
            f"Pay: in several currencies ({shown}); not used, as medians over them say nothing."
        )
        return None
    return next(iter(said), currency_in(staff.headings.get("pay", "")))


def _period(staff: Rows, amounts: list[Amount], options: RosterOptions) -> tuple[str, str]:
    """What the amounts are for, and how that was told."""
    if options.pay_is:
        return options.pay_is, "as the scenario says"
    in_cells = {amount.period for amount in amounts if amount.period}
    if len(in_cells) == 1:
        return f"per {in_cells.pop()}", "as the cells say"
    heading = staff.headings.get("pay", "")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).replace("_", " ").casefold()
    for period, pattern in _IN_HEADINGS:
        if re.search(pattern, spaced):
            return period, "as the heading says"
    return "per year", "as was assumed"


def _likely(middle: float, staff: Rows) -> str:
    """What amounts that are too small for a year's pay probably are."""
    if middle >= HOURLY:
        return "per month"
    return (
        "per hour" if "rate" in staff.headings.get("pay", "").casefold() else "thousands per year"
    )


def _medians(yearly: Real, level: Whole, levels: int) -> Real:
    """Medians by level, filled in between and beyond by a constant growth from level to level."""
    found = np.full(levels, np.nan)
    for one in range(1, levels + 1):
        own = yearly[(level == one) & ~np.isnan(yearly)]
        if len(own) >= FEWEST:
            found[one - 1] = float(np.median(own))
    known = np.flatnonzero(~np.isnan(found))
    if not known.size:
        return np.zeros(0)
    logs, places = np.log(found[known]), np.arange(levels)
    step = np.log(_STEP)
    if known.size > 1:
        step = max(0.0, (logs[-1] - logs[0]) / (known[-1] - known[0]))
    filled = np.interp(places, known, logs)
    filled += step * (np.maximum(0, places - known[-1]) - np.maximum(0, known[0] - places))
    return np.asarray(np.maximum(100.0, np.round(np.exp(filled), -2)))


def _say(staff: Rows, found: Real, thin: int, period: str, how: str, currency: str) -> None:
    unit = f", in {currency}" if currency else ""
    shown = ", ".join(whole_text(salary) for salary in found)
    told = (
        f"Pay: {staff.key('pay')} read as pay {period}, {how}; it gives the yearly salary of each level, lowest first, "
        f"as the median of its people{unit}: {shown}. Nobody's own pay is kept."
    )
    if thin:
        which = f"{thin} level{'s' if thin > 1 else ''} with fewer than {FEWEST} people on file"
        told += f" {which} {'follow' if thin > 1 else 'follows'} from the others."
    if currency:
        told += f' Reports name the currency with currency = "{currency}" under [costs].'
    staff.findings.note(told)
    if np.any(np.diff(found) < 0.0):
        staff.findings.warn(
            "Pay: it falls from one level to the next; check the order of the levels, and whether pay is that of "
            "full-time work."
        )
