"""Statistics of who mentors whom, how it goes and what follows: the same as published ones.

Effects of a programme are those on the same people: who takes part in the first cohort is compared with
himself or herself in the same firm without a programme, which is what randomised offers estimate.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.calibration.leaving import QUIT
from sim.calibration.observation import MONTHS, START, Observed, ObservedFirm
from sim.calibration.target import FEWEST, Statistic, correlation, ratio, share
from sim.simulation.tables import NEVER
from sim.studies.designs import lottery_gain
from sim.studies.statistics import standardised_difference

__all__ = [
    "deficits_matched",
    "deficits_unmatched",
    "early_endings",
    "effect_on_mentees",
    "informal_years",
    "meeting_and_quality",
    "meetings_kept_near",
    "mentees_per_mentor",
    "newcomers_gain",
    "newcomers_gain_kept",
    "not_helped",
    "participants_and_engagement",
    "quality_and_engagement",
    "quality_near",
    "quitting_of_mentees",
    "similarity_and_quality",
]

EVERYBODY = 10**9

Real = NDArray[np.float64]


# --- relationships ---------------------------------------------------------------------------------------


def informal_years(observed: Observed) -> float:
    """Mean length of informal pairs: months that pairs ran per pair that ended, for whatever reason."""
    pairs = observed.informal
    ended = pairs["ended"] >= 0
    begun = np.maximum(pairs["begun"], 0)
    months = np.where(ended, pairs["ended"] + 1, MONTHS) - begun
    return float(months.sum() / max(1, ended.sum()) / 12.0)


def similarity_and_quality(observed: Observed) -> float:
    """Correlation of deep similarity with the quality of formal pairs that met three times or more."""
    enough = observed.pairs["held"] >= 3
    return correlation(observed.pairs["similarity"][enough], observed.pairs["quality_end"][enough])


def meeting_and_quality(observed: Observed) -> float:
    """Correlation of the share of planned meetings that were held with the quality."""
    pairs = observed.pairs
    planned = pairs["held"] + pairs["missed"]
    enough = planned >= 3
    return correlation((pairs["held"] / planned)[enough], pairs["quality_end"][enough])


def quality_and_engagement(observed: Observed) -> float:
    """Of informal pairs that run at the end: correlation of quality with the mentee's engagement."""
    qualities, feelings = [], []
    for world in observed.without:
        running = (world.pairs["ended"] == NEVER) & (world.pairs["held"] > 2)
        qualities.append(world.pairs["quality_end"][running])
        feelings.append(world.of(world.pairs["mentee"][running], "engagement_end"))
    return correlation(np.concatenate(qualities), np.concatenate(feelings))


def early_endings(observed: Observed) -> float:
    """Share of formal pairs that break up."""
    return observed.mean("early_endings", observed.with_programme)


def _near(world: ObservedFirm) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Formal pairs, planned for three meetings or more: all of them, and those at one site."""
    pairs = world.pairs
    chosen = (pairs["kind"] == 1) & (pairs["held"] + pairs["missed"] >= 3)
    sites = [world.of(pairs[who], "site") for who in ("mentor", "mentee")]
    return chosen, np.asarray(chosen & np.equal(*sites))


def meetings_kept_near(observed: Observed) -> float:
    """Share of planned meetings held by formal pairs at one site, over that of pairs at two."""
    counts = np.zeros((2, 2))
    for world in observed.with_programme:
        chosen, near = _near(world)
        for row, side in enumerate((near, chosen & ~near)):
            counts[row] += world.pairs["held"][side].sum(), world.pairs["missed"][side].sum()
    kept = [ratio(held, held + missed) for held, missed in counts]
    return ratio(*kept)


def quality_near(observed: Observed) -> float:
    """Quality of formal pairs at one site less that of pairs at two, in standard deviations."""
    here, there = [], []
    for world in observed.with_programme:
        chosen, near = _near(world)
        met = world.pairs["held"] >= 3
        here.append(world.pairs["quality_end"][near & met])
        there.append(world.pairs["quality_end"][chosen & ~near & met])
    return standardised_difference(np.concatenate(here), np.concatenate(there))


# --- who takes part --------------------------------------------------------------------------------------


def _first(world: ObservedFirm, who: str) -> NDArray[np.int64]:
    """Numbers of the mentees, or of the mentors, of the first cohort; one for each pair."""
    first = (world.pairs["kind"] == 1) & (world.pairs["begun"] == START)
    return np.asarray(world.pairs[who][first], dtype=np.int64)


def mentees_per_mentor(observed: Observed) -> float:
    """Of the first cohort."""
    found = []
    for world in observed.with_programme:
        mentors = _first(world, "mentor")
        if len(mentors):
            found.append(len(mentors) / len(np.unique(mentors)))
    return float(np.mean(found)) if found else float("nan")


def participants_and_engagement(observed: Observed) -> float:
    """How much more engaged, in SD, those who became mentees had been when the programme began."""
    joined, others = [], []
    for world in observed.with_programme:
        people = world.people
        there = people["hired"] < START
        mentee = np.isin(people["role"], (1, 3))
        joined.append(people["engagement_begin"][there & mentee])
        others.append(people["engagement_begin"][there & ~mentee])
    one, other = np.concatenate(joined), np.concatenate(others)
    spread = np.concatenate([one, other]).std()
    return float((one.mean() - other.mean()) / spread) if len(one) and spread else float("nan")


# --- what follows ----------------------------------------------------------------------------------------


def effect_on_mentees(name: str) -> Statistic:
    """Of the first mentees when their cohort ends, against themselves without a programme, in SD of all.

    Those are compared who are still there in both.

    Parameters
    ----------
    name
        "engagement" or "output".
    """

    def of(observed: Observed) -> float:
        changes: list[float] = []
        spread = []
        for with_one, without in zip(observed.with_programme, observed.without, strict=True):
            mentored, alone = with_one.later[name], without.later[name]
            spread.append(float(np.std(list(alone.values()))))
            for number in np.unique(_first(with_one, "mentee")).tolist():
                if number in mentored and number in alone:
                    changes.append(mentored[number] - alone[number])
        scale = float(np.mean(spread))
        return float(np.mean(changes)) / scale if len(changes) >= FEWEST and scale else float("nan")

    return of


def _by_deficit(observed: Observed) -> tuple[Real, Real]:
    """Gains of the first mentees with a deficit, in SD of output at their level: matched, and not matched.

    A deficit is a skill in which the mentee is half an SD or more below the staff's mean when the programme
    begins; it is matched if the mentor is half an SD or more above it there. Output is that after a year, against
    the same people without a programme.
    """
    gains: tuple[list[float], list[float]] = ([], [])
    for with_one, without in zip(observed.with_programme, observed.without, strict=True):
        people = with_one.people
        names = [name for name in people if name.startswith("skill_") and name.endswith("_begin")]
        there = (people["hired"] < START) & ((people["left"] == NEVER) | (people["left"] >= START))
        table = np.stack([people[name] for name in names])
        z = (table - table[:, there].mean(axis=1, keepdims=True)) / table[:, there].std(
            axis=1, keepdims=True
        )
        mentored, alone = with_one.later["output"], without.later["output"]
        spread = _spread_within_levels(without, alone)
        mentees, mentors = _first(with_one, "mentee"), _first(with_one, "mentor")
        of = np.searchsorted(people["person"], mentees), np.searchsorted(people["person"], mentors)
        weak, strong = z[:, of[0]] < -0.5, z[:, of[1]] > 0.5
        matched, deficit = (weak & strong).any(axis=0), weak.any(axis=0)
        for place in np.flatnonzero(deficit).tolist():
            number = int(mentees[place])
            if number in mentored and number in alone and spread > 0.0:
                gain = (mentored[number] - alone[number]) / spread
                gains[0 if matched[place] else 1].append(gain)
    return np.array(gains[0]), np.array(gains[1])


def _spread_within_levels(world: ObservedFirm, outputs: Mapping[int, float]) -> float:
    numbers = np.array(sorted(outputs), dtype=np.int64)
    values = np.array([outputs[number] for number in numbers.tolist()])
    level = world.of(numbers, "level")
    squares = 0.0
    for one in np.unique(level):
        own = values[level == one]
        squares += float(((own - own.mean()) ** 2).sum())
    return float(np.sqrt(squares / max(1, len(values) - len(np.unique(level)))))


def deficits_matched(observed: Observed) -> float:
    """Output of mentees whose mentor is strong where they are weak, after a year: SD above themselves alone."""
    matched, _ = _by_deficit(observed)
    return float(matched.mean()) if len(matched) >= FEWEST else float("nan")


def deficits_unmatched(observed: Observed) -> float:
    """How much less mentees gain whose mentor is not, in the same SD."""
    matched, unmatched = _by_deficit(observed)
    if min(len(matched), len(unmatched)) < FEWEST:
        return float("nan")
    return float(matched.mean() - unmatched.mean())


def quitting_of_mentees(observed: Observed) -> float:
    """Odds of quitting within two years, of the first mentees over the same people without a programme."""
    quits, people = np.zeros(2), 0
    for with_one, without in zip(observed.with_programme, observed.without, strict=True):
        first = np.unique(_first(with_one, "mentee"))
        people += len(first)
        for place, world in enumerate((with_one, without)):
            left, cause = world.of(first, "left"), world.of(first, "cause")
            quits[place] += ((cause == QUIT) & (left < START + 24)).sum()
    stay = people - quits
    return ratio(ratio(quits[0], stay[0]), ratio(quits[1], stay[1]))


def not_helped(observed: Observed) -> float:
    """Share of formal mentees who gained less than one per cent of their skill from the mentor."""
    flags = []
    for world in observed.with_programme:
        pairs = world.pairs
        met = (pairs["kind"] == 1) & (pairs["held"] > 0)
        names = [
            name for name in world.people if name.startswith("skill_") and name.endswith("_end")
        ]
        whole = sum(world.of(pairs["mentee"][met], name) for name in names)
        flags.append(pairs["mentee_gain"][met] < 0.01 * (whole - pairs["mentee_gain"][met]))
    return share(np.concatenate(flags))


def _gain(observed: Observed, months: tuple[int, ...], *, relative: bool) -> float:
    statistic = lottery_gain("output", months, size=EVERYBODY, relative=relative)
    values = np.array([statistic(work) for work in observed.trials])
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def newcomers_gain(observed: Observed) -> float:
    """Output of newcomers with a mentor in their first month, in % above the others, over two months."""
    return _gain(observed, (0, 1), relative=True)


def newcomers_gain_kept(observed: Observed) -> float:
    """Percentage of that gain (in units of output) that is there in the sixth month."""
    early = _gain(observed, (0, 1), relative=False)
    return (
        100.0 * ratio(_gain(observed, (5,), relative=False), early) if early > 0.0 else float("nan")
    )
