"""A firm's own turnover from the leavers in its file: counted over the people who were there to leave.

The window runs from the first to the last day of leaving on file. Everybody in the file is at risk on the days of the
window on which they were employed, leavers until they left; the first leaver opens the window and is not counted. A
rate is exits per person-year, which is what ``organisation.turnover`` and ``turnover_total`` mean; its interval is
that of a Poisson count (Garwood 1936).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.organisation.roster.findings import Findings, people
from sim.organisation.roster.roster import Real, Whole
from sim.organisation.roster.staff import Membership
from sim.organisation.settings import ORGANISATION

__all__ = ["OwnTurnover", "Rate", "own_turnover", "say_own_turnover", "say_too_little"]

FEWEST = 3
"""Exits from which a rate is told."""
SHORTEST = 90
"""Days that the window must have."""
KNOWN = 0.5
"""Share of the leavers with a reason from which quits are told apart; the others are taken to be like these."""
UNEVEN = 0.01
"""Probability below which halves of the window differ by more than chance."""
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly rate: exits over person-years, and its 95 % interval.

    Attributes
    ----------
    exits
        How many were counted.
    years
        Person-years over which they were counted.
    """

    exits: int
    years: float

    @property
    def value(self) -> float:
        """Exits per person-year."""
        return self.exits / self.years

    @property
    def interval(self) -> tuple[float, float]:
        """The exact 95 % interval of a Poisson count, over the person-years."""
        from scipy.special import gammaincinv

        low = float(gammaincinv(self.exits, 0.025)) if self.exits else 0.0
        return low / self.years, float(gammaincinv(self.exits + 1, 0.975)) / self.years


@dataclass(frozen=True, slots=True)
class OwnTurnover:
    """What a file's leavers say about the firm's turnover.

    Attributes
    ----------
    first, last
        First and last day of leaving on file.
    all_exits
        Whoever left after the first day.
    quits
        Those who left of their own will; None where reasons are not on file, or for too few. Where some have none,
        the person-years are reduced alike.
    without_reason, without_day
        Leavers without a reason, of those counted; leavers whose day is not on file, who are not counted.
    by_year
        Leavers of each calendar year, the first of them included.
    later
        The rate of the later half of the window, where the two differ by more than chance; else None.
    """

    first: date
    last: date
    all_exits: Rate
    quits: Rate | None
    without_reason: int
    without_day: int
    by_year: tuple[tuple[int, int], ...]
    later: Rate | None

    def lines(self) -> tuple[str, ...]:
        """Lines that set a scenario to it; none where it is beyond what can be set."""
        found = []
        for name, rate in (("turnover", self.quits), ("turnover_total", self.all_exits)):
            if rate is not None and 0.0 < rate.value <= ORGANISATION[name].high:
                low, high = rate.interval
                found.append(f"{name} = {rate.value:.3f}      # {low:.3f} to {high:.3f}")
        return tuple(found)


def own_turnover(members: Membership, reasons: Whole) -> OwnTurnover | None:
    """Work out the firm's own turnover; None where too little is on file.

    Who has no first day on file counts from the beginning of the window, who has no last day to its end.

    Parameters
    ----------
    reasons
        Why each of the leavers left: 0 of their own will, 1 not, 2 retired, -1 unknown.
    """
    rows = [*members.leavers, *members.staff]
    hired, ended = members.hired[rows], members.ended[rows]
    left = np.arange(len(members.leavers))
    days = ended[left]
    dated = ~np.isnan(days)
    if dated.sum() <= FEWEST:
        return None
    first, last = float(np.nanmin(days)), float(np.nanmax(days))
    counted = dated & (days > first)
    exits = int(counted.sum())
    if exits < FEWEST or last - first < SHORTEST:
        return None
    # Whoever left on a day that is not known was there for some of the window, nobody knows how long.
    there = np.ones(len(hired), dtype=np.bool_)
    there[left[~dated]] = False
    begin = np.where(np.isnan(hired), first, hired)[there]
    over = ~np.isnan(ended) & ~(
        hired > ended
    )  # who was hired again has an end before the beginning
    end = np.where(over, ended, last)[there]
    years = _person_years(begin, end, first, last)
    if years <= 0.0:
        return None
    own_will = reasons[counted]
    known = int((own_will >= 0).sum())
    quits = None
    if known >= KNOWN * exits and known:
        quits = Rate(int((own_will == 0).sum()), years * known / exits)
    years_of = Counter(date.fromordinal(int(day)).year for day in days[dated])
    return OwnTurnover(
        first=date.fromordinal(int(first)),
        last=date.fromordinal(int(last)),
        all_exits=Rate(exits, years),
        quits=quits,
        without_reason=exits - known,
        without_day=int((~dated).sum()),
        by_year=tuple(sorted(years_of.items())),
        later=_later_half(days[counted], begin, end, first, last),
    )


def _person_years(begin: Real, end: Real, first: float, last: float) -> float:
    return float(np.maximum(0.0, np.minimum(end, last) - np.maximum(begin, first)).sum() / YEAR)


def _later_half(days: Real, begin: Real, end: Real, first: float, last: float) -> Rate | None:
    """The later half's rate where it is higher than the earlier one's by more than chance: records begin late."""
    from scipy.special import bdtrc

    middle = (first + last) / 2.0
    early = _person_years(begin, end, first, middle)
    late = _person_years(begin, end, middle, last)
    count = int((days > middle).sum())
    if early <= 0.0 or late <= 0.0 or not count:
        return None
    # Given the total, the later half's count is binomial by person-years if the rate is one.
    chance = float(bdtrc(count - 1, len(days), late / (early + late)))
    return Rate(count, late) if chance < UNEVEN else None


def say_too_little(members: Membership, findings: Findings) -> None:
    """Say why the leavers in the file do not give a rate."""
    left = len(members.leavers)
    dated = int((~np.isnan(members.ended[members.leavers])).sum())
    who = f"{people(left)} {'has' if left == 1 else 'have'} left, {dated:,} of them on a day that is on file"
    findings.note(
        f"Turnover: {who}; a yearly rate of your own needs more than {FEWEST} days of leaving that span {SHORTEST} days or "
        "more."
    )


def say_own_turnover(found: OwnTurnover, findings: Findings) -> None:
    """Write down the rate and what it cannot tell, and offer it."""
    note = findings.note
    span = f"{found.first.isoformat()} to {found.last.isoformat()}"
    told = [_text(found.all_exits, "leave in a year")]
    if found.quits is not None:
        told.append(_text(found.quits, "quit of their own will"))
    note(f"Turnover: by the leavers of {span}, {'; '.join(told)}.")
    by_year = ", ".join(f"{year}: {count:,}" for year, count in found.by_year[-10:])
    note(
        f"Turnover: leavers by year {by_year}. Whoever left before {found.first.isoformat()}, or was deleted, is not in "
        "the file; it is a rate of these years, not a forecast."
    )
    if found.without_day:
        note(
            f"Turnover: {found.without_day:,} leavers without a day are not counted; if they belong to these years, the "
            "rate is higher."
        )
    if found.quits is not None and found.without_reason:
        note(
            f"Turnover: {found.without_reason:,} without a reason were taken to be like the others."
        )
    if found.quits is None:
        note("Turnover: reasons are not on file, so that quits cannot be told from other exits.")
    if found.later is not None:
        note(
            f"Turnover: the later half alone gives {_text(found.later, 'leave')}, more than chance explains: leavers of earlier "
            "years may be missing, or turnover has risen."
        )
    if lines := found.lines():
        findings.ask(
            "Whose turnover is to hold? Without these lines it is the model's own; for that of the file:",
            *lines,
        )
    else:
        note("Turnover: so high a rate is beyond what a scenario can be set to.")


def _text(rate: Rate, do: str) -> str:
    low, high = rate.interval
    counted = f"{rate.exits:,} in {rate.years:,.0f} person-years"
    return f"{rate.value:.1%} of the staff {do} ({low:.1%} to {high:.1%}: {counted})"
