"""Embeddedness: what holds people to a firm apart from how they feel about it: links, fit and sacrifice.

Everybody has it (Mitchell, Holtom, Lee, Sablynski & Erez 2001), mentored or not: people whom one asks and who
ask, the team and the boss, years that would be given up, and how well one fits in. A mentoring relationship
is one kind of link among these; when it has run its time, the tie that it leaves is what stays.
"""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import kernel, rule
from sim.mechanisms.mechanism import Mechanism
from sim.organisation.people import logistic
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "embed", "embeddedness_of", "measure"]

_KINDS = "Mitchell et al. 2001 (links, fit, sacrifice); W-ATT"

PARAMETERS = ParameterGroup(
    "embeddedness",
    "What holds people",
    (
        Parameter(
            "relationships_weight",
            0.2,
            "share",
            "Part of mentoring relationships, formal and informal, on either side.",
            0.0,
            1.0,
            source=_KINDS,
            grade="assumed",
            prior=(0.05, 0.3),
            neutral=0.0,
        ),
        Parameter(
            "ties_weight",
            0.35,
            "share",
            "Part of advice ties, given and received.",
            0.0,
            1.0,
            source=_KINDS,
            grade="assumed",
            prior=(0.2, 0.5),
            neutral=0.0,
        ),
        Parameter(
            "team_weight",
            0.15,
            "share",
            "Part of ties to one's boss and one's team mates.",
            0.0,
            1.0,
            source=_KINDS,
            grade="assumed",
            prior=(0.05, 0.3),
            neutral=0.0,
        ),
        Parameter(
            "tenure_weight",
            0.1,
            "share",
            "Part of years of service: what leaving would give up.",
            0.0,
            1.0,
            source=_KINDS,
            grade="assumed",
            prior=(0.0, 0.3),
            neutral=0.0,
        ),
        Parameter(
            "fit_weight",
            0.2,
            "share",
            "Part of fit: settledness as it is felt.",
            0.0,
            1.0,
            source=_KINDS,
            grade="assumed",
            prior=(0.1, 0.4),
            neutral=0.0,
        ),
        Parameter(
            "relationships_full",
            1.5,
            "quality",
            "Sum of qualities at which relationships count in full.",
            0.1,
            20.0,
            source="W-ATT (embeddedness)",
            grade="assumed",
            prior=(1.0, 3.0),
        ),
        Parameter(
            "ties_full",
            20.0,
            "ties",
            "Advice ties, given and received, at which they count in full.",
            1.0,
            200.0,
            source="scale of the model: about eight given and eight received",
            grade="assumed",
            prior=(14.0, 30.0),
        ),
        Parameter(
            "team_full",
            4.0,
            "ties",
            "Ties to boss and team mates at which they count in full.",
            1.0,
            50.0,
            source="scale of the model",
            grade="assumed",
            prior=(2.0, 6.0),
        ),
        Parameter(
            "tenure_half",
            5.0,
            "years",
            "Years of service that count half.",
            0.1,
            50.0,
            source="scale of the model",
            grade="assumed",
            prior=(2.0, 10.0),
        ),
        Parameter(
            "adjustment",
            0.25,
            "per month",
            "How fast embeddedness follows what makes it up; 1 = at once.",
            0.0,
            1.0,
            source="links loosen over months, not in the month in which a pair completes",
            grade="assumed",
            prior=(0.1, 0.5),
        ),
    ),
)


@rule
def embeddedness_of(relationships, ties, team, years, settledness, p):
    """What holds a person, 0 to 1: at most 1, too, where the weights add up to more.

    ``min(1, w_relationships min(1, Σq / full) + w_ties min(1, ties / full) + w_team min(1, team / full)
    + w_tenure years / (years + half) + w_fit logistic(settledness))``.

    Parameters
    ----------
    relationships
        Sum of the qualities of running relationships that have influence, divided by
        `relationships_full`.
    ties
        Advice ties, given and received.
    team
        Ties to the boss and to team mates, given.
    years
        Of service.
    settledness
        Standard normal at hire.
    """
    parts = (
        p.relationships_weight * min(1.0, relationships)
        + p.ties_weight * min(1.0, ties / p.ties_full)
        + p.team_weight * min(1.0, team / p.team_full)
        + p.tenure_weight * years / (years + p.tenure_half)
        + p.fit_weight * logistic(settledness)
    )
    return min(1.0, parts)


@kernel
def _count_links(state, p, relationships, ties, team):
    """Fill three arrays, by slot: relationships that hold, ties given and received, ties to boss and team."""
    whole = state.whole
    dyad = state.dyad_whole
    advisers = state.ties
    manager = whole[columns.MANAGER]
    relationships[:] = 0.0
    ties[:] = 0.0
    team[:] = 0.0
    for row in range(state.counts[columns.DYADS]):
        if dyad[columns.INFLUENCE, row] == 1:
            hold = state.dyad[columns.QUALITY, row] / p.embeddedness.relationships_full
            relationships[dyad[columns.MENTOR, row]] += hold
            relationships[dyad[columns.MENTEE, row]] += hold
    if p.embeddedness.ties_weight == 0.0 and p.embeddedness.team_weight == 0.0:
        return
    for slot in range(advisers.shape[0]):
        boss = manager[slot]
        for place in range(advisers.shape[1]):
            other = advisers[slot, place]
            if other < 0:
                continue
            ties[slot] += 1.0
            ties[other] += 1.0
            if other == boss or manager[other] == slot or (boss >= 0 and manager[other] == boss):
                team[slot] += 1.0


@kernel
def measure(state, p, month, adjustment):
    """Let everybody's embeddedness go the share `adjustment` of the way to what makes it up."""
    person = state.person
    whole = state.whole
    relationships = state.numbers[0]
    ties = state.numbers[1]
    team = state.numbers[2]
    _count_links(state, p, relationships, ties, team)
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 0:
            person[columns.EMBEDDEDNESS, slot] = 0.0
            continue
        full = embeddedness_of(
            relationships[slot],
            ties[slot],
            team[slot],
            (month - whole[columns.HIRE_MONTH, slot]) / 12.0,
            person[columns.SETTLEDNESS, slot],
            p.embeddedness,
        )
        if adjustment < 1.0:
            held = person[columns.EMBEDDEDNESS, slot]
            full = held + adjustment * (full - held)
        person[columns.EMBEDDEDNESS, slot] = full


@kernel
def embed(state, p, month):
    """Everybody's embeddedness at the end of the month's meetings, changes of ties and endings."""
    measure(state, p, month, p.embeddedness.adjustment)


MECHANISM = Mechanism(
    name="embeddedness",
    parameters=PARAMETERS,
    kernel=embed,
    reads=(
        "active",
        "hire_month",
        "manager",
        "settledness",
        "ties",
        "counts",
        "dyad.mentor",
        "dyad.mentee",
        "dyad.influence",
        "dyad.quality",
    ),
    writes=("embeddedness",),
    draws=(),
)
