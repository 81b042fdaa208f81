"""Departures: people retire, are dismissed, or quit.

Three independent risks in this order, each from its own number; the first that strikes is the cause.
Quitting is a discrete-time proportional hazard: engagement and embeddedness lower it, tenure, age and
level shape it.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.counting import add, add_at_level
from sim.engine.pairs import remove_ended_pairs
from sim.mechanisms.mechanism import Mechanism
from sim.organisation.costs import band_of, replacement_in_salaries
from sim.organisation.design import find_managers
from sim.organisation.people import weighted_skill
from sim.parameters import Parameter, ParameterGroup

__all__ = [
    "MECHANISM",
    "depart",
    "dismissal_hazard",
    "forget_leavers",
    "is_dismissed",
    "leave",
    "quit_hazard",
    "quits",
    "retirement_hazard",
    "retires",
    "stagnation_of",
]

PARAMETERS = ParameterGroup(
    "departures",
    "Leaving: retirement, dismissal, quitting",
    (
        Parameter(
            "quit_rate",
            0.185,
            "per year",
            "Yearly hazard of quitting of a newcomer aged 40 at the lowest level with average "
            "engagement; the firm's average is about half of it.",
            0.0,
            5.0,
            source="W-QUIT, W-LEVEL: gives the ordinary office's 12-17 % a year",
            grade="derived",
            prior=(0.1, 0.4),
            neutral=0.0,
        ),
        Parameter(
            "engagement_effect",
            0.57,
            "log hazard per SD",
            "How strongly engagement lowers quitting.",
            0.0,
            2.0,
            source="W-ATT",
            grade="derived",
            prior=(0.4, 0.7),
        ),
        Parameter(
            "embeddedness_effect",
            0.9,
            "log hazard",
            "How strongly full embeddedness holds people, beyond engagement.",
            0.0,
            3.0,
            source="W-ATT (embeddedness -.26)",
            grade="derived",
            prior=(0.4, 1.5),
        ),
        Parameter(
            "settledness_effect",
            0.6,
            "log hazard per SD",
            "How strongly settledness, which people bring, lowers quitting: movers and stayers.",
            0.0,
            3.0,
            source="Farber 1999; Blumen, Kogan & McCarthy 1955; Heckman & Singer 1984: most of the fall with "
            "tenure is sorting",
            grade="derived",
            prior=(0.3, 0.9),
            neutral=0.0,
        ),
        Parameter(
            "unit_effect",
            0.1,
            "log hazard per SD of engagement",
            "How strongly a good department and manager hold people, beyond engagement.",
            0.0,
            2.0,
            source="units differ in quits beyond their members' attitudes (direction)",
            grade="assumed",
            prior=(0.0, 0.3),
            neutral=0.0,
        ),
        Parameter(
            "newcomer_excess",
            0.12,
            "log hazard",
            "Extra hazard at the newcomer peak, beyond what sorting does.",
            -3.0,
            3.0,
            source="W-HAZ",
            grade="derived",
            prior=(-0.3, 0.5),
        ),
        Parameter(
            "newcomer_peak",
            3.0,
            "months",
            "Tenure at which the newcomers' hazard peaks.",
            0.5,
            24.0,
            source="W-HAZ (Farber 1994)",
            grade="measured",
        ),
        Parameter(
            "tenure_decline",
            0.05,
            "log hazard per log year",
            "How fast the hazard falls with the logarithm of 1 + years of tenure, beyond what sorting does.",
            -3.0,
            3.0,
            source="W-SERV, W-HAZ",
            grade="derived",
            prior=(-0.3, 0.4),
        ),
        Parameter(
            "age_decline",
            0.12,
            "log hazard per 10 years",
            "How fast the hazard falls with age, at the same tenure.",
            -1.0,
            2.0,
            source="W-AGE",
            grade="derived",
            prior=(0.0, 0.3),
        ),
        Parameter(
            "level_decline",
            -0.05,
            "log hazard per level",
            "How fast the hazard falls with level.",
            -1.0,
            2.0,
            source="W-QUIT (Canada 2024: executives against white collar)",
            grade="derived",
            prior=(-0.2, 0.2),
        ),
        Parameter(
            "stagnation_effect",
            0.3,
            "log hazard",
            "Extra hazard of a person with full growth need who has long been at the same level.",
            0.0,
            3.0,
            source="career plateau literature",
            grade="assumed",
            prior=(0.0, 0.6),
        ),
        Parameter(
            "stagnation_from",
            36.0,
            "months",
            "Time at a level that is felt as no stagnation yet.",
            0.0,
            600.0,
            source="usual time between promotions",
            grade="assumed",
        ),
        Parameter(
            "stagnation_span",
            60.0,
            "months",
            "Further time at the level over which the feeling grows to its full.",
            1.0,
            600.0,
            source="career plateau literature (form)",
            grade="assumed",
        ),
        Parameter(
            "contagion",
            0.0,
            "log hazard per quit",
            "Extra hazard per recent quit in one's own team.",
            0.0,
            3.0,
            source="W-CONT; off by default",
            grade="derived",
            prior=(0.0, 0.14),
            neutral=0.0,
        ),
        Parameter(
            "contagion_months",
            4.5,
            "months",
            "How long a colleague's quit is felt.",
            1.0,
            60.0,
            source="W-CONT (135 days)",
            grade="derived",
        ),
        Parameter(
            "involuntary_rate",
            0.04,
            "per year",
            "Yearly hazard of being dismissed.",
            0.0,
            5.0,
            source="W-INVOL, lower for an office firm",
            grade="derived",
            prior=(0.02, 0.08),
            neutral=0.0,
        ),
        Parameter(
            "dismissal_by_output",
            3.0,
            "log hazard per unit",
            "How much less often the productive are dismissed, per unit of output above the ordinary.",
            0.0,
            20.0,
            source="McEvoy & Cascio 1987: those who leave involuntarily perform worse",
            grade="assumed",
            prior=(1.0, 5.0),
            neutral=0.0,
        ),
        Parameter(
            "ordinary_output",
            0.4,
            "output",
            "Output at which the hazard of being dismissed is what the rate says.",
            0.0,
            2.0,
            source="scale of the model: mean output of an ordinary firm",
            grade="assumed",
        ),
        Parameter(
            "retirement_rate",
            0.09,
            "per year",
            "Yearly hazard of retiring at 60.",
            0.0,
            5.0,
            source="W-RETIRE",
            grade="derived",
            prior=(0.04, 0.15),
            neutral=0.0,
        ),
        Parameter(
            "retirement_growth",
            0.18,
            "log hazard per year",
            "How fast the hazard of retiring grows with age.",
            0.0,
            2.0,
            source="W-RETIRE",
            grade="derived",
            prior=(0.12, 0.25),
        ),
        Parameter(
            "retirement_spike",
            2.5,
            "factor",
            "Factor on the hazard during the years of age 62 and 65.",
            1.0,
            20.0,
            source="W-RETIRE (spikes at 62 and 65)",
            grade="derived",
            prior=(1.5, 4.0),
        ),
        Parameter(
            "retirement_from",
            50.0,
            "years",
            "Nobody retires before this age.",
            0.0,
            100.0,
            source="W-RETIRE",
            grade="derived",
        ),
    ),
)


@rule
def quit_hazard(
    engagement_z, embeddedness, settledness, unit, tenure, age, level, stagnation, exits, market, p
):
    """Monthly probability of quitting.

    ``h = 1 - exp(-market · rate/12 · exp(newcomer · x e^(1-x) - decline · ln(1 + tenure/12)
    - age_decline · (age - 40)/10 - level_decline · (level - 1) - engagement_effect · z
    - embeddedness_effect · E + stagnation_effect · stagnation + contagion · exits
    - settledness_effect · s - unit_effect · u))``, x = tenure/peak.

    Parameters
    ----------
    engagement_z
        Engagement in standard deviations from the ordinary mean.
    embeddedness, stagnation
        0 to 1.
    settledness
        Standard normal at hire.
    unit
        What department and manager add to engagement, in its standard deviations.
    tenure
        Months.
    age
        Years.
    exits
        Recent quits in the team.
    market
        Factor on the hazard, 1 = ordinary labour market.
    p
        The parameters of this mechanism.
    """
    x = tenure / p.newcomer_peak
    log_factor = (
        p.newcomer_excess * x * math.exp(1.0 - x)
        - p.tenure_decline * math.log(1.0 + tenure / 12.0)
        - p.age_decline * (age - 40.0) / 10.0
        - p.level_decline * (level - 1.0)
        - p.engagement_effect * engagement_z
        - p.embeddedness_effect * embeddedness
        + p.stagnation_effect * stagnation
        + p.contagion * exits
        - p.settledness_effect * settledness
        - p.unit_effect * unit
    )
    return 1.0 - math.exp(-market * p.quit_rate / 12.0 * math.exp(log_factor))


@rule
def quits(
    number,
    engagement_z,
    embeddedness,
    settledness,
    unit,
    tenure,
    age,
    level,
    stagnation,
    exits,
    market,
    p,
):
    """Whether `number` is below :func:`quit_hazard`, decided without exponentials where a bound will do.

    For any tenure, the hazard is at most ``market · rate/12 · exp(b)``, where b takes the newcomers' peak
    and leaves a decline with tenure out; and exp(b) <= 1 / (1 - b) for b < 1.
    """
    bound = (
        max(0.0, p.newcomer_excess)
        - p.age_decline * (age - 40.0) / 10.0
        - p.level_decline * (level - 1.0)
        - p.engagement_effect * engagement_z
        - p.embeddedness_effect * embeddedness
        + p.stagnation_effect * stagnation
        + p.contagion * exits
        - p.settledness_effect * settledness
        - p.unit_effect * unit
    )
    if p.tenure_decline < 0.0:
        bound -= p.tenure_decline * math.log(1.0 + tenure / 12.0)
    if bound < 1.0 and number * (1.0 - bound) > draws.MARGIN * market * p.quit_rate / 12.0:
        return False
    return number < quit_hazard(
        engagement_z=engagement_z,
        embeddedness=embeddedness,
        settledness=settledness,
        unit=unit,
        tenure=tenure,
        age=age,
        level=level,
        stagnation=stagnation,
        exits=exits,
        market=market,
        p=p,
    )


@rule
def dismissal_hazard(output, factor, p):
    """Monthly probability of dismissal: ``1 - exp(-factor · rate/12 · exp(-by_output (output - ordinary)))``."""
    by_output = math.exp(-p.dismissal_by_output * (output - p.ordinary_output))
    return 1.0 - math.exp(-factor * p.involuntary_rate / 12.0 * by_output)


@rule
def is_dismissed(number, output, factor, p):
    """Whether `number` is below :func:`dismissal_hazard`, decided without exponentials where a bound will do.

    By 1 - exp(-x) <= x, and exp(b) <= 1 / (1 - b) for b < 1.
    """
    bound = -p.dismissal_by_output * (output - p.ordinary_output)
    if bound < 1.0 and number * (1.0 - bound) > draws.MARGIN * factor * p.involuntary_rate / 12.0:
        return False
    return number < dismissal_hazard(output, factor, p)


@rule
def retirement_hazard(age, factor, p):
    """Monthly probability of retiring: ``1 - exp(-factor · rate/12 · exp(growth · (age - 60)))``.

    The hazard has spikes during the years of age 62 and 65 (W-RETIRE) and is zero before
    `retirement_from`.
    """
    if age < p.retirement_from:
        return 0.0
    yearly = p.retirement_rate * math.exp(p.retirement_growth * (age - 60.0))
    whole_years = math.floor(age)
    if whole_years == 62.0 or whole_years == 65.0:
        yearly = yearly * p.retirement_spike
    return 1.0 - math.exp(-factor * yearly / 12.0)


@rule
def retires(number, age, factor, p):
    """Whether `number` is below :func:`retirement_hazard`, decided without exponentials where a bound will do.

    By 1 - exp(-x) <= x, and exp(b) <= 1 / (1 - b) for b < 1.
    """
    bound = p.retirement_growth * (age - 60.0)
    highest = draws.MARGIN * factor * p.retirement_rate * p.retirement_spike / 12.0
    if bound < 1.0 and number * (1.0 - bound) > highest:
        return False
    return number < retirement_hazard(age, factor, p)


@rule
def stagnation_of(months_at_level, growth_need, p):
    """0 to 1: growth need times how far a person is beyond the usual time at one level.

    ``growth need · min(1, (months - from)^+ / span)``.
    """
    beyond = max(0.0, months_at_level - p.stagnation_from)
    return growth_need * min(1.0, beyond / p.stagnation_span)


@kernel
def leave(state, p, slot, month, cause):
    """Write a leaver down, and empty the post; the slot waits there for the next hire."""
    whole = state.whole
    counts = state.counts
    if counts[columns.KEEP_PEOPLE] == 1:
        row = counts[columns.LEAVERS]
        reals = state.person.shape[0]
        for column in range(reals):
            state.leavers[row, column] = state.person[column, slot]
        for column in range(whole.shape[0]):
            state.leavers[row, reals + column] = whole[column, slot]
        state.leavers[row, reals + whole.shape[0]] = month
        state.leavers[row, reals + whole.shape[0] + 1] = cause
        state.leavers[row, reals + whole.shape[0] + 2] = slot
        skills = state.skills.shape[1]
        for k in range(skills):
            state.leavers_skills[row, k] = state.skills_begin[slot, k]
            state.leavers_skills[row, skills + k] = state.skills[slot, k]
        counts[columns.LEAVERS] = row + 1
    _count_leaver(state, p, slot, month, cause)
    post = whole[columns.PERSON_POST, slot]
    boss = state.post[columns.POST_BOSS, post]
    if cause == columns.QUIT and boss >= 0:
        state.team_exits[boss] += 1.0
    state.post[columns.POST_SLOT, post] = -1
    state.post[columns.VACANT_SINCE, post] = month
    state.post[columns.WAITING_SLOT, post] = slot
    whole[columns.ACTIVE, slot] = 0


@kernel
def _count_leaver(state, p, slot, month, cause):
    whole = state.whole
    if cause == columns.RETIRED:
        add(state, p, slot, columns.M_RETIRED, 1.0, month)
    elif cause == columns.INVOLUNTARY:
        add(state, p, slot, columns.M_INVOLUNTARY, 1.0, month)
    else:
        add(state, p, slot, columns.M_QUITS, 1.0, month)
        level = whole[columns.LEVEL, slot]
        levels = state.counts[columns.LEVELS]
        add(state, p, slot, columns.M_REPLACEMENT, replacement_in_salaries(level, levels, p), month)
        add(state, p, slot, columns.M_QUITS_STAFF + band_of(level, levels), 1.0, month)
        if weighted_skill(state.potential, state.skill, slot) >= p.recording.regretted_from:
            add(state, p, slot, columns.M_REGRETTED, 1.0, month)
        _count_status_of_quitter(whole, slot, state.monthly[month])
    window = state.counts[columns.WINDOW_START]
    if month >= window:
        year_begin = month - (month - window) % 12
        level = whole[columns.YEAR_LEVEL, slot]
        if whole[columns.HIRE_MONTH, slot] < year_begin and year_begin + 12 <= len(state.monthly):
            add_at_level(
                state=state,
                p=p,
                slot=slot,
                level=level,
                measure=columns.M_LEFT_WITHIN_YEAR,
                amount=1.0,
                month=month,
            )
        if whole[columns.HIRE_MONTH, slot] < window:
            add(state, p, slot, columns.M_LEFT_OF_COHORT, 1.0, month)
    lost = 0.0
    for k in range(state.skills.shape[1]):
        if state.skill[columns.SKILL_KIND, k] == columns.INSTITUTIONAL:
            lost += state.skills[slot, k]
    add(state, p, slot, columns.M_INSTITUTIONAL_LOST, lost, month)


@rule
def _count_status_of_quitter(whole, slot, this_month):
    """Quits of those who ever took part, and of those about whom a lot decided: nothing reads them."""
    if whole[columns.COHORTS_AS_MENTEE, slot] + whole[columns.COHORTS_AS_MENTOR, slot] > 0:
        this_month[columns.M_JOINERS_QUITS] += 1.0
    if whole[columns.ARM, slot] == columns.DRAWN:
        this_month[columns.M_DRAWN_QUITS] += 1.0
    elif whole[columns.ARM, slot] == columns.NOT_DRAWN:
        this_month[columns.M_UNDRAWN_QUITS] += 1.0


@kernel
def depart(state, p, month):
    """Decide for every person whether they leave this month, and why."""
    person = state.person
    whole = state.whole
    boss_of = state.post[columns.POST_BOSS]
    team_exits = state.team_exits
    world_luck = state.luck
    fading = 1.0 - 1.0 / p.departures.contagion_months
    market = state.surroundings[columns.QUIT_FACTOR, month]
    layoffs = state.surroundings[columns.LAYOFF_FACTOR, month]
    wave = state.surroundings[columns.RETIREMENT_FACTOR, month]
    luck = state.numbers
    draws.draw_for_all(world_luck, decisions.DEPARTURE, month, luck)
    for slot in range(whole.shape[1]):
        whole[columns.LEFT_NOW, slot] = columns.STAYED
        if whole[columns.ACTIVE, slot] == 0:
            continue
        age = (month - whole[columns.BIRTH_MONTH, slot]) / 12.0
        if retires(luck[0, slot], age, wave, p.departures):
            whole[columns.LEFT_NOW, slot] = columns.RETIRED
        elif is_dismissed(luck[1, slot], person[columns.OUTPUT, slot], layoffs, p.departures):
            whole[columns.LEFT_NOW, slot] = columns.INVOLUNTARY
        else:
            boss = boss_of[whole[columns.PERSON_POST, slot]]
            exits = 0.0
            if boss >= 0:
                exits = team_exits[boss]
            stagnation = stagnation_of(
                month - whole[columns.LEVEL_MONTH, slot],
                person[columns.GROWTH_NEED, slot],
                p.departures,
            )
            z = (person[columns.ENGAGEMENT, slot] - p.engagement.average) / p.engagement.spread
            if quits(
                number=luck[2, slot],
                engagement_z=z,
                embeddedness=person[columns.EMBEDDEDNESS, slot],
                settledness=person[columns.SETTLEDNESS, slot],
                unit=person[columns.UNIT, slot] / p.engagement.spread,
                tenure=month - whole[columns.HIRE_MONTH, slot],
                age=age,
                level=whole[columns.LEVEL, slot],
                stagnation=stagnation,
                exits=exits,
                market=market,
                p=p.departures,
            ):
                whole[columns.LEFT_NOW, slot] = columns.QUIT
    for post in range(team_exits.shape[0]):
        team_exits[post] *= fading
    anybody = False
    for slot in range(whole.shape[1]):
        if whole[columns.LEFT_NOW, slot] != columns.STAYED:
            leave(state, p, slot, month, whole[columns.LEFT_NOW, slot])
            anybody = True
    if anybody:
        forget_leavers(state, p, month)


@kernel
def forget_leavers(state, p, month):
    """Clear every reference to a person who left this month: ties, pairs, sponsors, managers."""
    left = state.whole[columns.LEFT_NOW]
    # A byte each: everybody's ties are looked up here, and in a large firm the cache holds no more.
    gone = np.empty(left.shape[0], dtype=np.uint8)
    for slot in range(left.shape[0]):
        gone[slot] = left[slot] != columns.STAYED
    sponsor = state.whole[columns.SPONSOR]
    partner = state.whole[columns.PARTNER]
    ties = state.ties
    sponsor_quality = state.person[columns.SPONSOR_QUALITY]
    partner_quality = state.person[columns.PARTNER_QUALITY]
    for slot in range(ties.shape[0]):
        if sponsor[slot] >= 0 and gone[sponsor[slot]] == 1:
            sponsor[slot] = -1
            sponsor_quality[slot] = 0.0
        if partner[slot] >= 0 and gone[partner[slot]] == 1:
            partner[slot] = -1
            partner_quality[slot] = 0.0
        for place in range(ties.shape[1]):
            other = ties[slot, place]
            if other >= 0 and (gone[slot] | gone[other]) == 1:
                ties[slot, place] = -1
    dyad = state.dyad_whole
    for row in range(state.counts[columns.DYADS]):
        if gone[dyad[columns.MENTOR, row]] == 1:
            dyad[columns.ENDING, row] = columns.MENTOR_LEFT
        elif gone[dyad[columns.MENTEE, row]] == 1:
            dyad[columns.ENDING, row] = columns.MENTEE_LEFT
    remove_ended_pairs(state, month)
    find_managers(state)


MECHANISM = Mechanism(
    name="departures",
    parameters=PARAMETERS,
    kernel=depart,
    reads=(
        "luck",
        "birth_month",
        "hire_month",
        "holder",
        "level",
        "level_month",
        "department",
        "post",
        "engagement",
        "embeddedness",
        "settledness",
        "unit",
        "output",
        "growth_need",
        "potential",
        "post.boss",
        "year_level",
        "cohorts_as_mentee",
        "cohorts_as_mentor",
        "arm",
        "skill",
        "skills",
        "skills_begin",
        "surroundings",
    ),
    writes=(
        "active",
        "left_now",
        "formal_mentors",
        "formal_mentees",
        "informal_mentors",
        "informal_mentees",
        "helped_formally",
        "sponsor",
        "sponsor_quality",
        "partner",
        "partner_quality",
        "manager",
        "ties",
        "team_exits",
        "post.slot",
        "post.vacant_since",
        "post.waiting_slot",
        "counts",
        "pairs",
        "monthly",
        "tally",
        "leavers",
        "ended",
    ),
    draws=("departure",),
)
