"""Recording: what is counted and summed every month. It draws nothing and changes nothing else.

Output is worked out here, because it follows from skills and engagement as they are at the end of the month.
"""

from __future__ import annotations

from sim import columns
from sim.compiled import kernel, rule
from sim.mechanisms.counting import add, add_at_level, group_rows
from sim.mechanisms.engagement import output_of
from sim.mechanisms.mechanism import Mechanism
from sim.organisation.people import mean_of_kind, weighted_skill
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "begin_month", "record", "work_out_outputs"]

PARAMETERS = ParameterGroup(
    "recording",
    "What counts as what in the results",
    (
        Parameter(
            "regretted_from",
            0.55,
            "skill",
            "Potential (what work will lead a person to, weighted over skills) from which a quit is regretted: about the better half. No programme changes it.",
            0.0,
            2.0,
            source="scale of the model",
            grade="assumed",
        ),
        Parameter(
            "good_fit_from",
            0.45,
            "quality",
            "Quality after the first meeting from which the two would call it a good fit.",
            0.0,
            1.0,
            source="pairing fit of platforms (planners' notes 2.3)",
            grade="assumed",
        ),
        Parameter(
            "poor_fit_below",
            0.38,
            "quality",
            "Quality after the first meeting below which they would not.",
            0.0,
            1.0,
            source="pairing fit of platforms (planners' notes 2.3)",
            grade="assumed",
        ),
        Parameter(
            "young_below",
            35.0,
            "years",
            "The young, for the digital gap.",
            14.0,
            100.0,
            source="W-DIG (25-34)",
            grade="derived",
        ),
        Parameter(
            "old_from",
            50.0,
            "years",
            "The old, for the digital gap.",
            14.0,
            100.0,
            source="W-DIG (55-65), wider for small firms",
            grade="derived",
        ),
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
def work_out_outputs(state, p):  # type: ignore[no-untyped-def]
    """Everybody's output before the first month."""
    for slot in range(state.whole.shape[1]):
        output = output_of(
            weighted_skill(state.skills, state.skill, slot),
            state.person[columns.ENGAGEMENT, slot],
            p.engagement,
        )
        state.person[columns.OUTPUT, slot] = output
        state.person[columns.OUTPUT_BEGIN, slot] = output


@rule
def _put(this_month, tally, rows, counts_for_groups, measure, amount):  # type: ignore[no-untyped-def]
    """Add to the month, and to the person's groups if the month is within the window."""
    this_month[measure] += amount
    if counts_for_groups:
        tally[rows[0], measure] += amount
        tally[rows[1], measure] += amount
        tally[rows[2], measure] += amount


@kernel
def _record_people(state, p, month):  # type: ignore[no-untyped-def]
    """What is the same for groups and for the firm: headcount, engagement, skills, output."""
    person = state.person
    whole = state.whole
    skills = state.skills
    skill = state.skill
    tally = state.tally
    counts = state.counts
    this_month = state.monthly[month]
    within = month >= counts[columns.WINDOW_START]
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 0:
            continue
        rows = group_rows(
            whole, slot, whole[columns.LEVEL, slot], counts, p.organisation.start_year
        )
        engagement = person[columns.ENGAGEMENT, slot]
        _put(this_month, tally, rows, within, columns.M_HEADCOUNT, 1.0)
        _put(this_month, tally, rows, within, columns.M_ENGAGEMENT, engagement)
        if engagement >= p.engagement.engaged_from:
            _put(this_month, tally, rows, within, columns.M_ENGAGED, 1.0)
        elif engagement < p.engagement.disengaged_below:
            _put(this_month, tally, rows, within, columns.M_DISENGAGED, 1.0)
        emerging = mean_of_kind(skills, skill, slot, columns.EMERGING)
        institutional = mean_of_kind(skills, skill, slot, columns.INSTITUTIONAL)
        interpersonal = mean_of_kind(skills, skill, slot, columns.INTERPERSONAL)
        _put(this_month, tally, rows, within, columns.M_EMERGING, emerging)
        _put(this_month, tally, rows, within, columns.M_INSTITUTIONAL, institutional)
        _put(this_month, tally, rows, within, columns.M_INTERPERSONAL, interpersonal)
        output = output_of(weighted_skill(skills, skill, slot), engagement, p.engagement)
        person[columns.OUTPUT, slot] = output
        if whole[columns.HIRE_MONTH, slot] == month:
            person[columns.OUTPUT_BEGIN, slot] = output
        _put(this_month, tally, rows, within, columns.M_OUTPUT, output)
        _record_age(p, this_month, emerging, (month - whole[columns.BIRTH_MONTH, slot]) / 12.0)
        if whole[columns.LEVEL, slot] >= counts[columns.LEVELS] - 1:
            this_month[columns.M_LEADERS] += 1.0
            this_month[columns.M_LEADERS_EMERGING] += emerging


@rule
def _record_age(p, this_month, emerging, age):  # type: ignore[no-untyped-def]
    """The two sides of the digital gap."""
    if age < p.recording.young_below:
        this_month[columns.M_YOUNG] += 1.0
        this_month[columns.M_YOUNG_EMERGING] += emerging
    elif age >= p.recording.old_from:
        this_month[columns.M_OLD] += 1.0
        this_month[columns.M_OLD_EMERGING] += emerging


@kernel
def _record_relations(state, month):  # type: ignore[no-untyped-def]
    """Newcomers, the mentored, ties and safety: what is recorded for the firm only."""
    person = state.person
    whole = state.whole
    ties = state.ties
    this_month = state.monthly[month]
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 0:
            continue
        this_month[columns.M_SAFETY] += person[columns.SAFETY, slot]
        if month - whole[columns.HIRE_MONTH, slot] < 12:
            this_month[columns.M_NEWCOMERS] += 1.0
            this_month[columns.M_NEWCOMERS_OUTPUT] += person[columns.OUTPUT, slot]
        if whole[columns.FORMAL_MENTORS, slot] > 0:
            this_month[columns.M_MENTORED_FORMALLY] += 1.0
            whole[columns.MONTHS_FORMAL, slot] += 1
        if whole[columns.INFORMAL_MENTORS, slot] > 0:
            this_month[columns.M_MENTORED_INFORMALLY] += 1.0
            whole[columns.MONTHS_INFORMAL, slot] += 1
        for place in range(ties.shape[1]):
            other = ties[slot, place]
            if other >= 0:
                this_month[columns.M_TIES] += 1.0
                if whole[columns.LEVEL, other] != whole[columns.LEVEL, slot]:
                    this_month[columns.M_TIES_ACROSS_LEVELS] += 1.0
                if (
                    whole[columns.PERSON_DEPARTMENT, other]
                    != whole[columns.PERSON_DEPARTMENT, slot]
                ):
                    this_month[columns.M_TIES_ACROSS_DEPARTMENTS] += 1.0


@kernel
def record(state, p, month):  # type: ignore[no-untyped-def]
    """Add the month's sums over people and pairs."""
    _record_people(state, p, month)
    _record_relations(state, month)
    this_month = state.monthly[month]
    formal = state.dyad_whole[columns.FORMAL]
    quality = state.dyad[columns.QUALITY]
    for row in range(state.counts[columns.DYADS]):
        if formal[row] == 1:
            this_month[columns.M_FORMAL_PAIRS] += 1.0
            this_month[columns.M_PAIR_QUALITY] += quality[row]


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
    writes=("output", "output_begin", "months_formal", "months_informal", "monthly", "tally"),
    draws=(),
)
