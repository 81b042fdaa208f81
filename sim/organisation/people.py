"""Who a person is: traits and skills, drawn when the person joins and the same under every policy.

Generations differ in nothing here but in what follows from birth year, age, tenure and level (W-GEN).
"""

from __future__ import annotations

import math

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.parameters import Parameter, ParameterGroup

__all__ = [
    "PEOPLE",
    "SKILL_LEVELS",
    "bring_in",
    "entry_age",
    "hazard_survived",
    "level_after",
    "logistic",
    "mean_of_kind",
    "potential_level",
    "seeking",
    "set_potential",
    "settled_by_staying",
    "take_post",
    "weighted_skill",
]

PEOPLE = ParameterGroup(
    "people",
    "Traits of people, and whom the labour market offers",
    (
        Parameter(
            "ability_spread",
            0.8,
            "logit SD",
            "Spread of mentoring ability and of humility.",
            0.0,
            5.0,
            source="M-BENEFIT (spread of mentors' usefulness)",
            grade="assumed",
            prior=(0.4, 1.2),
        ),
        Parameter(
            "idea_spread",
            1.8,
            "log SD",
            "Spread of people's propensity to have ideas.",
            0.0,
            3.0,
            source="I-PART (rate very unequal: 22 % take part)",
            grade="derived",
            prior=(1.4, 2.2),
        ),
        Parameter(
            "entry_age",
            38.0,
            "years",
            "Median age of a newcomer at the lowest level.",
            18.5,
            60.0,
            source="W-TENURE: ages of those with up to 12 months; keeps the mean age of W-MIX (for ten years: -.1 ± .2)",
            grade="derived",
            prior=(34.0, 39.0),
        ),
        Parameter(
            "entry_age_per_level",
            2.0,
            "years per level",
            "How much older the median newcomer is with each level.",
            0.0,
            20.0,
            source="age by level in ordinary firms",
            grade="assumed",
            prior=(1.0, 4.0),
        ),
        Parameter(
            "entry_age_spread",
            0.8,
            "log SD",
            "Spread of the newcomers' years past 18.",
            0.0,
            2.0,
            source="W-TENURE",
            grade="derived",
            prior=(0.6, 1.0),
        ),
        Parameter(
            "seniority_noise",
            10.0,
            "years",
            "How loosely level follows age and tenure among those present at the start.",
            0.0,
            100.0,
            source="age by level in ordinary firms",
            grade="assumed",
            prior=(4.0, 15.0),
        ),
        Parameter(
            "keeps_tenures",
            True,
            "",
            "Whether people have been there at the start, where no roster says, as long as hiring and leaving keep "
            "it; otherwise by the published table, from which a firm with its own turnover drifts.",
            source="W-TENURE (the table)",
            grade="derived",
            kind="boolean",
        ),
        Parameter(
            "seeking_by_initiative",
            0.9,
            "share per SD",
            "How much more often somebody with a standard deviation more of initiative asks: as a newcomer, of "
            "an advice tie, for an informal mentor.",
            0.0,
            2.0,
            source="newcomers' information seeking: Morrison 1993; Ashford & Black 1996; with performance about "
            ".2 (Bauer et al. 2007)",
            grade="assumed",
            prior=(0.5, 1.1),
            neutral=0.0,
        ),
    ),
)

SKILL_LEVELS = ParameterGroup(
    "skill_levels",
    "What people know when they join, and what work leads to",
    (
        Parameter(
            "emerging_level",
            0.6,
            "logit",
            "Typical potential in emerging skills at 40, level 2.",
            -5.0,
            5.0,
            source="scale of the model",
            grade="assumed",
            prior=(0.2, 1.0),
        ),
        Parameter(
            "institutional_level",
            0.1,
            "logit",
            "The same for institutional skills.",
            -5.0,
            5.0,
            source="scale of the model",
            grade="assumed",
            prior=(-0.3, 0.5),
        ),
        Parameter(
            "interpersonal_level",
            0.2,
            "logit",
            "The same for interpersonal skills.",
            -5.0,
            5.0,
            source="scale of the model",
            grade="assumed",
            prior=(-0.2, 0.6),
        ),
        Parameter(
            "emerging_age_slope",
            -0.217,
            "SD per 10 years",
            "Change of emerging skills with age: .65 SD from 30 to 60.",
            -2.0,
            2.0,
            source="W-DIG (PIAAC)",
            grade="derived",
            prior=(-0.3, -0.1),
        ),
        Parameter(
            "institutional_age_slope",
            0.2,
            "SD per 10 years",
            "Change of institutional skills with age (experience in the industry).",
            -2.0,
            2.0,
            source="experience effects, direction only",
            grade="assumed",
            prior=(0.0, 0.4),
        ),
        Parameter(
            "interpersonal_age_slope",
            0.05,
            "SD per 10 years",
            "Change of interpersonal skills with age.",
            -2.0,
            2.0,
            source="lifespan development (W-GEN), direction",
            grade="assumed",
            prior=(0.0, 0.2),
        ),
        Parameter(
            "institutional_level_slope",
            0.4,
            "logit per level",
            "What the demands of a level add to institutional skills.",
            -5.0,
            5.0,
            source="selection and demands of rank",
            grade="assumed",
            prior=(0.2, 0.6),
        ),
        Parameter(
            "interpersonal_level_slope",
            0.25,
            "logit per level",
            "What the demands of a level add to interpersonal skills.",
            -5.0,
            5.0,
            source="selection and demands of rank",
            grade="assumed",
            prior=(0.1, 0.4),
        ),
        Parameter(
            "spread",
            0.9,
            "logit SD",
            "Spread of a skill between people of the same age, level and department.",
            0.0,
            3.0,
            source="W-DIG (within-age spread 1 SD)",
            grade="derived",
            prior=(0.6, 1.2),
        ),
        Parameter(
            "department_spread",
            0.4,
            "logit SD",
            "Spread between departments: what each knows more of.",
            0.0,
            3.0,
            source="specialisation of departments",
            grade="assumed",
            prior=(0.2, 0.8),
        ),
        Parameter(
            "institutional_entry",
            0.35,
            "share",
            "What newcomers bring of institutional skills, "
            "as a share of what practice will give them.",
            0.0,
            1.0,
            source="ramp-up of newcomers (M-GAIN), direction",
            grade="assumed",
            prior=(0.2, 0.7),
        ),
        Parameter(
            "interpersonal_entry",
            0.85,
            "share",
            "The same for interpersonal skills.",
            0.0,
            1.0,
            source="transferable skills",
            grade="assumed",
            prior=(0.7, 1.0),
        ),
        Parameter(
            "emerging_entry",
            1.0,
            "share",
            "The same for emerging skills.",
            0.0,
            1.0,
            source="W-DIG: measured in the population at large",
            grade="derived",
        ),
    ),
)


@rule
def logistic(x):
    """``1 / (1 + exp(-x))``."""
    return 1.0 / (1.0 + math.exp(-x))


@rule
def mean_of_kind(skills, skill, slot, kind):
    """Mean skill of a person over the skills of one kind; 0 if there is none of that kind."""
    total = 0.0
    number = 0.0
    for k in range(skills.shape[1]):
        if skill[columns.SKILL_KIND, k] == kind:
            total += skills[slot, k]
            number += 1.0
    return total / max(1.0, number)


@rule
def weighted_skill(skills, skill, slot):
    """Skills of a person, 0 to 1, weighted by what they are worth to output (weights add up to 1)."""
    total = 0.0
    for k in range(skills.shape[1]):
        total += skill[columns.SKILL_WEIGHT, k] * skills[slot, k]
    return total


@rule
def seeking(initiative, p):
    """Factor on how often somebody asks, 1 on average: ``(1 + by_initiative · initiative)^+``."""
    return max(0.0, 1.0 + p.seeking_by_initiative * initiative)


@rule
def hazard_survived(months, p):
    """Hazard of quitting that somebody of average settledness has lived through in `months` of tenure.

    ``rate · ((1 + t)^(1 - d) - 1) / (1 - d)``, t years, d the remaining decline with tenure; ``rate · ln(1 + t)``
    at d = 1. The newcomers' peak, age and level are left out.
    """
    years = months / 12.0
    if abs(1.0 - p.tenure_decline) < 1e-9:
        return p.quit_rate * math.log(1.0 + years)
    power = 1.0 - p.tenure_decline
    return p.quit_rate * (math.pow(1.0 + years, power) - 1.0) / power


@rule
def settled_by_staying(z, hazard, effect):
    """Settledness of somebody who has stayed through a hazard, from a standard normal number.

    Movers leave, stayers are left (Blumen, Kogan & McCarthy 1955; Heckman & Singer 1984): with settledness s
    at hire standard normal and a hazard of ``h exp(-b s)``, the density of those who are still there is
    proportional to ``exp(-s²/2 - H exp(-b s))``, H the hazard summed over the stay. Its mode s* solves
    ``s* = b H exp(-b s*)``, that is, ``b s* = w`` with ``w e^w = b² H``; its curvature there is 1 + w, and
    its skewness puts the mean ``b w / (2 (1 + w)²)`` above the mode. Returned is the mean plus ``z / sqrt(1 + w)``
    (Laplace's approximation), which is `z` where nobody has had time to leave.
    """
    x = effect * effect * hazard
    if x <= 0.0:
        return z
    w = math.log(1.0 + x)
    for _ in range(_NEWTON_STEPS):
        e = math.exp(w)
        w = w - (w * e - x) / (e * (1.0 + w))
    mean = w / effect + 0.5 * effect * w / ((1.0 + w) * (1.0 + w))
    return mean + z / math.sqrt(1.0 + w)


_NEWTON_STEPS = 4


@rule
def entry_age(level, z, p):
    """Age at hire in years: ``18 + exp(ln(median past 18 at this level) + spread · z)``, at most 64."""
    median = p.entry_age - 18.0 + p.entry_age_per_level * (level - 1.0)
    return min(64.0, 18.0 + math.exp(math.log(median) + p.entry_age_spread * z))


@rule
def potential_level(kind, age, level, emphasis, z, p):
    """Level of a skill that practice leads a person to, 0 to 1.

    ``logistic(level of the kind + spread · (age slope · (age - 40)/10 + z) + level slope · (level - 2)
    + the department's emphasis)``. Source: W-DIG for the age slope and the spread.
    """
    if kind == columns.EMERGING:
        base = p.emerging_level
        age_slope = p.emerging_age_slope
        level_slope = 0.0
    elif kind == columns.INSTITUTIONAL:
        base = p.institutional_level
        age_slope = p.institutional_age_slope
        level_slope = p.institutional_level_slope
    else:
        base = p.interpersonal_level
        age_slope = p.interpersonal_age_slope
        level_slope = p.interpersonal_level_slope
    return logistic(
        base
        + p.spread * (age_slope * (age - 40.0) / 10.0 + z)
        + level_slope * (level - 2.0)
        + emphasis
    )


@kernel
def set_potential(state, p, slot, month):
    """Work out the potential of a person in every skill, at their present age and level."""
    whole = state.whole
    age = (month - whole[columns.BIRTH_MONTH, slot]) / 12.0
    department = whole[columns.PERSON_DEPARTMENT, slot]
    for k in range(state.skills.shape[1]):
        luck = draws.draw(state.luck, decisions.SKILL_LEVEL, slot, k, whole[columns.HOLDER, slot])
        state.potential[slot, k] = potential_level(
            state.skill[columns.SKILL_KIND, k],
            age,
            whole[columns.LEVEL, slot],
            state.emphasis[department, k],
            draws.normal(luck[0], luck[1]),
            p.skill_levels,
        )


@rule
def level_after(potential, practice, decay, entry, months):
    """Skill after `months` of practice and obsolescence, from entry on.

    The fixed point of ``s <- (1 - decay)(s + practice (potential - s))`` is
    ``s* = (1 - decay) practice potential / (1 - (1 - decay)(1 - practice))``; a newcomer brings
    ``entry · s*``, and the distance to the fixed point shrinks by ``(1 - decay)(1 - practice)`` a month.
    """
    keep = (1.0 - decay) * (1.0 - practice)
    if keep >= 1.0:
        return entry * potential
    fixed_point = (1.0 - decay) * practice * potential / (1.0 - keep)
    if practice == 0.0:
        fixed_point = potential
        return entry * fixed_point
    return fixed_point - (1.0 - entry) * fixed_point * math.pow(keep, float(months))


@kernel
def bring_in(state, p, slot, month, post, age, tenure, mode_shares):
    """Put the next holder of a slot in place: traits, skills, post; no ties, no relationships.

    `age` is in years, `tenure` in months before `month`. The holder number, the person number and
    the department's emphasis must be in place; engagement starts at its baseline.
    """
    person = state.person
    whole = state.whole
    holder = whole[columns.HOLDER, slot]
    for column in range(person.shape[0]):
        person[column, slot] = 0.0
    for column in range(columns.BIRTH_MONTH, whole.shape[0]):
        whole[column, slot] = 0
    state.counts[columns.PEOPLE] += 1
    whole[columns.ACTIVE, slot] = 1
    whole[columns.NUMBER, slot] = state.counts[columns.PEOPLE]
    whole[columns.BIRTH_MONTH, slot] = month - int(math.floor(12.0 * age))
    whole[columns.HIRE_MONTH, slot] = month - tenure
    whole[columns.LEVEL_MONTH, slot] = month - tenure
    whole[columns.SPONSOR, slot] = -1
    whole[columns.PARTNER, slot] = -1
    whole[columns.MANAGER, slot] = -1
    take_post(state, slot, post)

    luck = draws.draw(state.luck, decisions.VALUES, slot, -1, holder)
    state.values[slot, 0], state.values[slot, 1] = draws.normal_pair(luck[0], luck[1])
    state.values[slot, 2], state.values[slot, 3] = draws.normal_pair(luck[2], luck[3])
    luck = draws.draw(state.luck, decisions.CHARACTER, slot, -1, holder)
    spread = p.people.ability_spread
    person[columns.MENTORING_ABILITY, slot] = logistic(spread * draws.normal(luck[0], luck[1]))
    person[columns.HUMILITY, slot] = logistic(spread * draws.normal(luck[2], luck[3]))
    luck = draws.draw(state.luck, decisions.TEMPER, slot, -1, holder)
    baseline = p.engagement.average + p.engagement.baseline_spread * draws.normal(luck[0], luck[1])
    baseline = min(0.95, max(0.05, baseline))
    person[columns.BASELINE_ENGAGEMENT, slot] = baseline
    person[columns.ENGAGEMENT, slot] = baseline
    z = min(3.0, max(-3.0, draws.normal(luck[2], luck[3])))
    sigma = p.people.idea_spread
    person[columns.PROPENSITY, slot] = math.exp(sigma * z - 0.5 * sigma * sigma)
    luck = draws.draw(state.luck, decisions.DISPOSITION, slot, -1, holder)
    person[columns.SETTLEDNESS, slot] = settled_by_staying(
        draws.normal(luck[0], luck[1]),
        hazard_survived(float(tenure), p.departures),
        p.departures.settledness_effect,
    )
    person[columns.INITIATIVE, slot] = draws.normal(luck[2], luck[3])
    luck = draws.draw(state.luck, decisions.PLACE, slot, -1, holder)
    mode = 0
    while mode < 2 and luck[0] >= mode_shares[mode]:
        mode += 1
    whole[columns.WORK_MODE, slot] = mode
    person[columns.GROWTH_NEED, slot] = luck[1]
    person[columns.CONFIDENCE, slot] = p.engagement.confidence_mean
    person[columns.SAFETY, slot] = p.engagement.safety_mean

    set_potential(state, p, slot, month)
    for k in range(state.skills.shape[1]):
        level = level_after(
            state.potential[slot, k],
            state.skill[columns.SKILL_PRACTICE, k],
            state.skill[columns.SKILL_DECAY, k],
            state.skill[columns.SKILL_ENTRY, k],
            tenure,
        )
        state.skills[slot, k] = level
        state.skills_begin[slot, k] = level
        state.gain[slot, k] = 0.0
        state.asked[slot, k] = 0.0
    for place in range(state.ties.shape[1]):
        state.ties[slot, place] = -1
    person[columns.ENGAGEMENT_BEGIN, slot] = baseline


@kernel
def take_post(state, slot, post):
    """Put the person of a slot on a post: level, department and site follow."""
    whole = state.whole
    state.post[columns.POST_SLOT, post] = slot
    whole[columns.PERSON_POST, slot] = post
    whole[columns.LEVEL, slot] = state.post[columns.POST_LEVEL, post]
    whole[columns.PERSON_DEPARTMENT, slot] = state.post[columns.POST_DEPARTMENT, post]
    whole[columns.SITE, slot] = state.post[columns.POST_SITE, post]
