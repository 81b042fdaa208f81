"""Leader awareness: leaders who are mentored from below hear about the work, and the climate follows."""

from __future__ import annotations

from sim.engine import columns
from sim.engine.compiled import kernel, rule
from sim.mechanisms.engagement import candour
from sim.mechanisms.mechanism import Mechanism
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "become_aware", "next_awareness"]

PARAMETERS = ParameterGroup(
    "awareness",
    "What leaders hear from below",
    (
        Parameter(
            "gain",
            0.1,
            "per meeting",
            "Share of the way to full awareness that one full-quality "
            "meeting of all leaders of a department with juniors who teach them would go.",
            0.0,
            1.0,
            source="assumed: leaders act on what juniors tell them about the work; no size is published",
            grade="assumed",
            prior=(0.0, 0.2),
            neutral=0.0,
        ),
        Parameter(
            "fading",
            0.05,
            "per month",
            "How fast awareness fades.",
            0.0,
            1.0,
            source="assumed: leaders act on what juniors tell them about the work; no size is published",
            grade="assumed",
            prior=(0.02, 0.1),
            neutral=0.0,
        ),
        Parameter(
            "leader_level",
            3,
            "level",
            "Lowest level of those whose hearing counts: whoever leads somebody, not only the top.",
            1,
            12,
            source="levels with reports in the default chart",
            grade="assumed",
            kind="integer",
        ),
    ),
)


@rule
def next_awareness(awareness, heard, p):
    """``(1 - fading) a + gain · heard · (1 - a)``.

    `heard` is meetings per leader, weighted by quality and by the candour of the junior.
    """
    return (1.0 - p.fading) * awareness + min(1.0, p.gain * heard) * (1.0 - awareness)


@kernel
def become_aware(state, p, month):
    """Each department's awareness, from this month's meetings at which somebody taught a leader upward."""
    whole = state.whole
    dyad = state.dyad_whole
    leaders = state.department_whole[columns.LEADERS]
    heard = state.heard
    awareness = state.department[columns.AWARENESS]
    quality = state.dyad[columns.QUALITY]
    for department in range(leaders.shape[0]):
        heard[department] = 0.0
    for row in range(state.counts[columns.DYADS]):
        if dyad[columns.MET_NOW, row] == 0 or dyad[columns.INFLUENCE, row] == 0:
            continue
        mentor = dyad[columns.MENTOR, row]
        mentee = dyad[columns.MENTEE, row]
        gap = whole[columns.LEVEL, mentor] - whole[columns.LEVEL, mentee]
        leader = -1
        junior = mentor
        if gap < 0:
            leader = mentee
        elif gap > 0 and dyad[columns.TWO_WAY, row] == 1:
            leader = mentor
            junior = mentee
        if leader >= 0 and whole[columns.LEVEL, leader] >= p.awareness.leader_level:
            heard[whole[columns.PERSON_DEPARTMENT, leader]] += (
                dyad[columns.MET_NOW, row]
                * quality[row]
                * candour(state.person[columns.SAFETY, junior], p.engagement)
            )
    for department in range(leaders.shape[0]):
        awareness[department] = next_awareness(
            awareness[department],
            heard[department] / max(1.0, float(leaders[department])),
            p.awareness,
        )


MECHANISM = Mechanism(
    name="awareness",
    parameters=PARAMETERS,
    kernel=become_aware,
    reads=(
        "level",
        "department",
        "safety",
        "department_whole",
        "counts",
        "dyad.mentor",
        "dyad.mentee",
        "dyad.met_now",
        "dyad.influence",
        "dyad.two_way",
        "dyad.quality",
    ),
    writes=("department.awareness", "heard"),
    draws=(),
)
