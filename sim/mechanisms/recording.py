"""Recording: what is counted and summed every month. It draws nothing and changes nothing else.

Output is worked out here, because it follows from skills and engagement as they are at the end of the month.
"""

from __future__ import annotations

import numpy as np

from sim.engine import columns
from sim.engine.compiled import kernel, rule
from sim.engine.counting import add, add_at_level, group_rows
from sim.mechanisms.engagement import output_of
from sim.mechanisms.mechanism import Mechanism
from sim.organisation.costs import LEADERS, band_of, pay_factor
from sim.organisation.people import weighted_skill
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
            source="assumed: platforms ask both after the first session whether it is a good fit; where the line lies is not published",
            grade="assumed",
        ),
        Parameter(
            "poor_fit_below",
            0.38,
            "quality",
            "Quality after the first meeting below which they would not.",
            0.0,
            1.0,
            source="assumed: platforms ask both after the first session whether it is a good fit; where the line lies is not published",
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
def _count_at_risk(whole, this_month):
    """Who could leave this month, by status: whoever joins later in the month could not any more.

    Rates of leaving by status divide by these. The people who have the status at the month's end would be
    too many: those who got it this month come on top, and only because they had not left before.
    """
    everybody = 0
    joiners = 0
    drawn = 0
    undrawn = 0
    for slot in range(whole.shape[1]):
        active = whole[columns.ACTIVE, slot]
        cohorts = whole[columns.COHORTS_AS_MENTEE, slot] + whole[columns.COHORTS_AS_MENTOR, slot]
        everybody += active
        joiners += active * (cohorts > 0)
        drawn += active * (whole[columns.ARM, slot] == columns.DRAWN)
        undrawn += active * (whole[columns.ARM, slot] == columns.NOT_DRAWN)
    this_month[columns.M_AT_RISK] += everybody
    this_month[columns.M_JOINERS_AT_RISK] += joiners
    this_month[columns.M_DRAWN_AT_RISK] += drawn
    this_month[columns.M_UNDRAWN_AT_RISK] += undrawn


@kernel
def begin_month(state, p, month):
    """Note who could leave this month and, when the window and each full year in it begin, who is present."""
    this_month = state.monthly[month]
    _count_at_risk(state.whole, this_month)
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
                state=state,
                p=p,
                slot=slot,
                level=whole[columns.LEVEL, slot],
                measure=columns.M_YEAR_BASE,
                amount=1.0,
                month=month,
            )
        if month == window:
            add(state, p, slot, columns.M_COHORT_BASE, 1.0, month)
            state.person[columns.ENGAGEMENT_BEGIN, slot] = state.person[columns.ENGAGEMENT, slot]
            state.person[columns.OUTPUT_BEGIN, slot] = state.person[columns.OUTPUT, slot]
            for k in range(state.skills.shape[1]):
                state.skills_begin[slot, k] = state.skills[slot, k]


@kernel
def work_out_outputs(state, p):
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
def _add_all(table, row, own):
    """Add a person to a row: what is the same for groups and for the firm.

    `own` are engagement, whether that is high, or low, output, and mean skills of the three kinds. Spelt out, so
    that the processor adds them side by side, without a detour through memory.
    """
    table[row, columns.M_HEADCOUNT] += 1.0
    table[row, columns.M_ENGAGEMENT] += own[0]
    table[row, columns.M_ENGAGED] += own[1]
    table[row, columns.M_DISENGAGED] += own[2]
    table[row, columns.M_OUTPUT] += own[3]
    table[row, columns.M_EMERGING] += own[4]
    table[row, columns.M_INSTITUTIONAL] += own[5]
    table[row, columns.M_INTERPERSONAL] += own[6]


@kernel
def _shares_of_skills(skill):
    """For each skill: its weight in output, and 1 for its kind, shape (K, 4); the number of each kind."""
    shares = np.zeros((skill.shape[1], 4))
    number = np.zeros(3)
    for k in range(skill.shape[1]):
        kind = int(skill[columns.SKILL_KIND, k])
        shares[k, 0] = skill[columns.SKILL_WEIGHT, k]
        shares[k, 1 + kind] = 1.0
        number[kind] += 1.0
    return shares, number


@kernel
def _record_people(state, p, month):
    """What is the same for groups and for the firm: headcount, engagement, skills, output."""
    person = state.person
    whole = state.whole
    skills = state.skills
    tally = state.tally
    counts = state.counts
    monthly = state.monthly
    this_month = monthly[month]
    within = month >= counts[columns.WINDOW_START]
    shares, number = _shares_of_skills(state.skill)
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 0:
            continue
        engagement = person[columns.ENGAGEMENT, slot]
        weighted = 0.0
        emerging = 0.0
        institutional = 0.0
        interpersonal = 0.0
        for k in range(skills.shape[1]):
            level = skills[slot, k]
            weighted += shares[k, 0] * level
            emerging += shares[k, 1] * level
            institutional += shares[k, 2] * level
            interpersonal += shares[k, 3] * level
        emerging /= max(1.0, number[columns.EMERGING])
        output = output_of(weighted, engagement, p.engagement)
        person[columns.OUTPUT, slot] = output
        if whole[columns.HIRE_MONTH, slot] == month:
            person[columns.OUTPUT_BEGIN, slot] = output
        engaged = engagement >= p.engagement.engaged_from
        disengaged = (not engaged) & (engagement < p.engagement.disengaged_below)
        own = (
            engagement,
            engaged,
            disengaged,
            output,
            emerging,
            institutional / max(1.0, number[columns.INSTITUTIONAL]),
            interpersonal / max(1.0, number[columns.INTERPERSONAL]),
        )
        _add_all(monthly, month, own)
        if within:
            rows = group_rows(
                whole, slot, whole[columns.LEVEL, slot], counts, p.organisation.start_year
            )
            _add_all(tally, rows[0], own)
            _add_all(tally, rows[1], own)
            _add_all(tally, rows[2], own)
        _record_age(p, this_month, emerging, (month - whole[columns.BIRTH_MONTH, slot]) / 12.0)
        pay = pay_factor(whole[columns.LEVEL, slot], p)
        this_month[columns.M_PAY] += pay
        this_month[columns.M_OUTPUT_PAY] += pay * output
        if band_of(whole[columns.LEVEL, slot], counts[columns.LEVELS]) == LEADERS:
            this_month[columns.M_LEADERS] += 1.0
            this_month[columns.M_LEADERS_EMERGING] += emerging


@rule
def _record_age(p, this_month, emerging, age):
    """The two sides of the digital gap."""
    if age < p.recording.young_below:
        this_month[columns.M_YOUNG] += 1.0
        this_month[columns.M_YOUNG_EMERGING] += emerging
    elif age >= p.recording.old_from:
        this_month[columns.M_OLD] += 1.0
        this_month[columns.M_OLD_EMERGING] += emerging


@rule
def _record_status(person, whole, slot, this_month):
    """How those who ever took part are, and those about whom a lot decided."""
    mentored = whole[columns.COHORTS_AS_MENTEE, slot] > 0
    if mentored or whole[columns.COHORTS_AS_MENTOR, slot] > 0:
        this_month[columns.M_JOINERS] += 1.0
        this_month[columns.M_JOINERS_ENGAGEMENT] += person[columns.ENGAGEMENT, slot]
        this_month[columns.M_JOINERS_OUTPUT] += person[columns.OUTPUT, slot]
    arm = whole[columns.ARM, slot]
    if arm == columns.DRAWN:
        this_month[columns.M_DRAWN] += 1.0
        this_month[columns.M_DRAWN_ENGAGEMENT] += person[columns.ENGAGEMENT, slot]
        this_month[columns.M_DRAWN_OUTPUT] += person[columns.OUTPUT, slot]
        this_month[columns.M_DRAWN_MENTORED] += mentored
    elif arm == columns.NOT_DRAWN:
        this_month[columns.M_UNDRAWN] += 1.0
        this_month[columns.M_UNDRAWN_ENGAGEMENT] += person[columns.ENGAGEMENT, slot]
        this_month[columns.M_UNDRAWN_OUTPUT] += person[columns.OUTPUT, slot]
        this_month[columns.M_UNDRAWN_MENTORED] += mentored


@kernel
def _record_relations(state, month):
    """Newcomers, the mentored, ties and safety: what is recorded for the firm only."""
    person = state.person
    whole = state.whole
    ties = state.ties
    this_month = state.monthly[month]
    safety = 0.0
    newcomers = 0
    newcomers_output = 0.0
    formally = 0
    informally = 0
    known = 0
    across_levels = 0
    across_departments = 0
    for slot in range(whole.shape[1]):
        if whole[columns.ACTIVE, slot] == 0:
            continue
        safety += person[columns.SAFETY, slot]
        if month - whole[columns.HIRE_MONTH, slot] < 12:
            newcomers += 1
            newcomers_output += person[columns.OUTPUT, slot]
        if whole[columns.FORMAL_MENTORS, slot] > 0:
            formally += 1
            whole[columns.MONTHS_FORMAL, slot] += 1
        if whole[columns.INFORMAL_MENTORS, slot] > 0:
            informally += 1
            whole[columns.MONTHS_INFORMAL, slot] += 1
        _record_status(person, whole, slot, this_month)
        level = whole[columns.LEVEL, slot]
        department = whole[columns.PERSON_DEPARTMENT, slot]
        for place in range(ties.shape[1]):
            other = ties[slot, place]
            if other >= 0:
                known += 1
                across_levels += whole[columns.LEVEL, other] != level
                across_departments += whole[columns.PERSON_DEPARTMENT, other] != department
    this_month[columns.M_SAFETY] += safety
    this_month[columns.M_NEWCOMERS] += newcomers
    this_month[columns.M_NEWCOMERS_OUTPUT] += newcomers_output
    this_month[columns.M_MENTORED_FORMALLY] += formally
    this_month[columns.M_MENTORED_INFORMALLY] += informally
    this_month[columns.M_TIES] += known
    this_month[columns.M_TIES_ACROSS_LEVELS] += across_levels
    this_month[columns.M_TIES_ACROSS_DEPARTMENTS] += across_departments


@kernel
def record(state, p, month):
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
        "cohorts_as_mentee",
        "cohorts_as_mentor",
        "arm",
        "counts",
        "dyad.formal",
        "dyad.quality",
    ),
    writes=("output", "output_begin", "months_formal", "months_informal", "monthly", "tally"),
    draws=(),
)
