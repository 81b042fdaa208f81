"""Who is turned away from each programme, what is short, and how many more mentors would close the gap.

For a comparison; with a staff list of named people the pair list tells the same to the person
(:mod:`sim.pair_lists.needs`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.programme.calendar import calendar_of
from sim.scenario.rules import has_programme

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison

__all__ = ["Shortfall", "shortfalls"]

FULL = 0.95
"""Share of the places, or of what the mentors can take, from which on these are what is short."""
LEAST = 0.5
"""People turned away from a cohort below which nothing is short."""

_NEEDED = (
    "coverage",
    "turned_away",
    "participants",
    "places_filled",
    "mentor_places",
    "pairs_opened",
)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a programme lacks, on the average of the simulated firms.

    Attributes
    ----------
    variant
        Its name.
    asked, turned_away
        People of the whole firm who want to take part in a cohort, and those of them who get no pair.
    interval
        Where the number turned away lies in 95 of 100 firms.
    short
        ``places`` are all given; ``mentors`` have as many mentees as they can take; else it is the ``fit``: levels, rules
        and who came; "" where hardly anybody is turned away.
    more_mentors
        How many more mentors would serve those who are turned away: if each takes as many mentees as the settings
        allow, and if each takes one. None unless mentors are short.
    places
        A setting of `programme.places` that is enough for everybody (less may do: a pair serves two where people take
        part on either side); None unless places are short.
    """

    variant: str
    asked: float
    turned_away: float
    interval: tuple[float, float]
    short: Literal["", "places", "mentors", "fit"]
    more_mentors: tuple[int, int] | None
    places: float | None

    @property
    def sentence(self) -> str:
        """The same in words."""
        low, high = (f"{end:.0f}" for end in self.interval)
        told = (
            f"Of {self.asked:.0f} people who want to take part in a cohort, {self.turned_away:.0f} get no pair ({low} to "
            f"{high})"
        )
        if self.short == "mentors" and self.more_mentors is not None:
            few, many = self.more_mentors
            span = f"{few}" if few == many else f"{few} to {many}"
            return f"{told}: mentors are short, and {span} more would serve them."
        if self.short == "places" and self.places is not None:
            return f"{told}: all places are given; places = {self.places:.2g} would be enough, if mentors come."
        if self.short == "fit":
            return f"{told}: levels, rules and who came leave no partner for them."
        return f"{told}."


def shortfalls(comparison: Comparison) -> tuple[Shortfall, ...]:
    """What each variant with a programme lacks; those in which nobody asks are left out."""
    table = comparison.outcomes
    table = table[table["outcome"].isin(_NEEDED)]
    found = []
    for name in comparison.variants:
        settings = comparison.settings[name]
        if not has_programme(settings):
            continue
        own = table[table["variant"] == name].pivot(
            index="replicate", columns="outcome", values="value"
        )
        values = {one: own[one].to_numpy(dtype=np.float64) for one in _NEEDED if one in own}
        if len(values) == len(_NEEDED) and (one := _shortfall(name, settings, values)) is not None:
            found.append(one)
    return tuple(found)


def _shortfall(
    name: str, settings: Any, values: dict[str, NDArray[np.float64]]
) -> Shortfall | None:
    programme = settings["programme"]
    months = int(settings["scenario"]["months"])
    calendar = calendar_of(programme, months)
    cohorts = len(calendar.openings) / calendar.parts
    years = (months - int(programme["start_month"])) / 12.0
    some = values["coverage"] > 0.0
    if not some.any() or not cohorts:
        return None
    asked = (values["participants"] * years / cohorts)[some] / (values["coverage"][some] / 100.0)
    away = asked * values["turned_away"][some] / 100.0
    room = float((asked * values["mentor_places"][some] / 100.0).mean())
    pairs = float((values["pairs_opened"][some] / 100.0).mean()) * float(
        settings["organisation"]["employees"]
    )
    mean = float(away.mean())
    short: Literal["", "places", "mentors", "fit"] = "fit"
    more = places = None
    if mean < LEAST:
        short = ""
    elif float(values["places_filled"][some].mean()) >= 100.0 * FULL:
        short = "places"
        places = float(programme["places"]) * (pairs + mean) / max(pairs, 1e-9)
    elif pairs >= FULL * room:
        short = "mentors"
        each = int(programme["group_size" if programme["form"] == "group" else "mentor_capacity"])
        more = math.ceil(mean / each), math.ceil(mean)
    low, high = np.quantile(away, (0.025, 0.975))
    return Shortfall(
        name, float(asked.mean()), mean, (float(low), float(high)), short, more, places
    )
