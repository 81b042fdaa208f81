"""Recording: what is counted and summed every month. It draws nothing and changes nothing else.

Output is worked out here, because it follows from skills and engagement as they are at the end of the month.
"""

from __future__ import annotations

from sim import columns
from sim.compiled import kernel
from sim.mechanisms.counting import add, add_at_level
from sim.mechanisms.engagement import output_of
from sim.mechanisms.mechanism import Mechanism
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "begin_month", "record", "work_out_outputs"]

PARAMETERS = ParameterGroup(
    "recording",
    "What counts as what in the results",
    (
        Parameter("regretted_output", 0.5, "output", "Output from which a quit is regretted: about the "
                  "better half.", 0.0, 2.0, source="scale of the model", grade="assumed"),
        Parameter("young_below", 35.0, "years", "The young, for the digital gap.", 14.0, 100.0,
                  source="W-DIG (25-34)", grade="derived"),
        Parameter("old_from", 50.0, "years", "The old, for the digital gap.", 14.0, 100.0,
                  source="W-DIG (55-65), wider for small firms", grade="derived"),
    ),
)


@kernel
def begin_month(state, p, month):  # type: ignore[no-untyped-def]
    """At the start of the window and of each full year in it, note who is present."""
    window = state.counts[columns.WINDOW_START]
    if month < window or (month - window) % 12 != 0:
        return
    whole = state.whole
    full_year = month + 12 <= len(state.monthly)
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 0:
            continue
        whole[columns.YEAR_LEVEL, slot] = whole[columns.LEVEL, slot]
        if full_year:
            add_at_level(
                state, p, slot, whole[columns.LEVEL, slot], columns.M_YEAR_BASE, 1.0, month
            )
        if month == window:
            add(state, p, slot, columns.M_COHORT_BASE, 1.0, month)
            state.person[columns.ENGAGEMENT_BEGIN, slot] = state.person[columns.ENGAGEMENT, slot]
            state.person[columns.OUTPUT_BEGIN, slot] = state.person[columns.OUTPUT, slot]
            for k in range(state.skills.shape[1]):
                state.skills_begin[slot, k] = state.skills[slot, k]


@kernel
def _record_skills(state, p, slot, month):  # type: ignore[no-untyped-def]
    """Mean skill of each kind and the output of one person."""
    sums = (0.0, 0.0, 0.0)
    counts = (0.0, 0.0, 0.0)
    for k in range(state.skills.shape[1]):
        level = state.skills[slot, k]
        kind = state.skill[columns.SKILL_KIND, k]
        if kind == columns.EMERGING:
            sums = (sums[0] + level, sums[1], sums[2])
            counts = (counts[0] + 1.0, counts[1], counts[2])
        elif kind == columns.INSTITUTIONAL:
            sums = (sums[0], sums[1] + level, sums[2])
            counts = (counts[0], counts[1] + 1.0, counts[2])
        else:
            sums = (sums[0], sums[1], sums[2] + level)
            counts = (counts[0], counts[1], counts[2] + 1.0)
    emerging = sums[0] / max(1.0, counts[0])
    add(state, p, slot, columns.M_EMERGING, emerging, month)
    add(state, p, slot, columns.M_INSTITUTIONAL, sums[1] / max(1.0, counts[1]), month)
    add(state, p, slot, columns.M_INTERPERSONAL, sums[2] / max(1.0, counts[2]), month)
    output = output_of(
        _weighted_skill(state, slot), state.person[columns.ENGAGEMENT, slot], p.engagement
    )
    state.person[columns.OUTPUT, slot] = output
    if state.whole[columns.HIRE_MONTH, slot] == month:
        state.person[columns.OUTPUT_BEGIN, slot] = output
    add(state, p, slot, columns.M_OUTPUT, output, month)
    return emerging


@kernel
def _weighted_skill(state, slot):  # type: ignore[no-untyped-def]
    total = 0.0
    for k in range(state.skills.shape[1]):
        total += state.skill[columns.SKILL_WEIGHT, k] * state.skills[slot, k]
    return total


@kernel
def work_out_outputs(state, p):  # type: ignore[no-untyped-def]
    """Everybody's output before the first month."""
    for slot in range(state.whole.shape[1]):
        output = output_of(
            _weighted_skill(state, slot), state.person[columns.ENGAGEMENT, slot], p.engagement
        )
        state.person[columns.OUTPUT, slot] = output
        state.person[columns.OUTPUT_BEGIN, slot] = output


@kernel
def _record_person(state, p, slot, month):  # type: ignore[no-untyped-def]
    whole = state.whole
    this_month = state.monthly[month]
    engagement = state.person[columns.ENGAGEMENT, slot]
    add(state, p, slot, columns.M_HEADCOUNT, 1.0, month)
    add(state, p, slot, columns.M_ENGAGEMENT, engagement, month)
    if engagement >= p.engagement.engaged_from:
        add(state, p, slot, columns.M_ENGAGED, 1.0, month)
    elif engagement < p.engagement.disengaged_below:
        add(state, p, slot, columns.M_DISENGAGED, 1.0, month)
    emerging = _record_skills(state, p, slot, month)
    this_month[columns.M_SAFETY] += state.person[columns.SAFETY, slot]
    if month - whole[columns.HIRE_MONTH, slot] < 12:
        this_month[columns.M_NEWCOMERS] += 1.0
        this_month[columns.M_NEWCOMERS_OUTPUT] += state.person[columns.OUTPUT, slot]
    age = (month - whole[columns.BIRTH_MONTH, slot]) / 12.0
    if age < p.recording.young_below:
        this_month[columns.M_YOUNG] += 1.0
        this_month[columns.M_YOUNG_EMERGING] += emerging
    elif age >= p.recording.old_from:
        this_month[columns.M_OLD] += 1.0
        this_month[columns.M_OLD_EMERGING] += emerging
    if whole[columns.LEVEL, slot] >= state.counts[columns.LEVELS] - 1:
        this_month[columns.M_LEADERS] += 1.0
        this_month[columns.M_LEADERS_EMERGING] += emerging
    if whole[columns.FORMAL_MENTORS, slot] > 0:
        this_month[columns.M_MENTORED_FORMALLY] += 1.0
        whole[columns.MONTHS_FORMAL, slot] += 1
    if whole[columns.INFORMAL_MENTORS, slot] > 0:
        this_month[columns.M_MENTORED_INFORMALLY] += 1.0
        whole[columns.MONTHS_INFORMAL, slot] += 1
    for place in range(state.ties.shape[1]):
        other = state.ties[slot, place]
        if other >= 0:
            this_month[columns.M_TIES] += 1.0
            if whole[columns.LEVEL, other] != whole[columns.LEVEL, slot]:
                this_month[columns.M_TIES_ACROSS_LEVELS] += 1.0
            if whole[columns.PERSON_DEPARTMENT, other] != whole[columns.PERSON_DEPARTMENT, slot]:
                this_month[columns.M_TIES_ACROSS_DEPARTMENTS] += 1.0


@kernel
def record(state, p, month):  # type: ignore[no-untyped-def]
    """Add the month's sums over people and pairs."""
    for slot in range(state.whole.shape[1]):
        if state.whole[columns.ACTIVE, slot] == 1:
            _record_person(state, p, slot, month)
    this_month = state.monthly[month]
    for row in range(state.counts[columns.DYADS]):
        if state.dyad_whole[columns.FORMAL, row] == 1:
            this_month[columns.M_FORMAL_PAIRS] += 1.0
            this_month[columns.M_PAIR_QUALITY] += state.dyad[columns.QUALITY, row]


MECHANISM = Mechanism(
    name="recording",
    parameters=PARAMETERS,
    kernel=record,
    reads=(
        "active",
        "level",
        "department",
        "birth_month",
        "hire_month",
        "engagement",
        "safety",
        "skills",
        "skill",
        "ties",
        "formal_mentors",
        "informal_mentors",
        "counts",
        "dyad.formal",
        "dyad.quality",
    ),
    writes=("output", "months_formal", "months_informal", "monthly", "tally"),
    draws=(),
)
