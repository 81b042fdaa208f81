"""What the idiomatic Mesa version writes down, under the names of the engine's measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idiomatic_employee import Employee
    from idiomatic_mesa import MentoringFirm

SUMMED = (
    "headcount", "engagement", "engaged", "disengaged", "output", "emerging", "institutional",
    "interpersonal", "newcomers", "newcomers_output", "mentored_formally", "mentored_informally",
    "formal_pairs", "pair_quality", "young", "young_emerging", "old", "old_emerging", "leaders",
    "leaders_emerging", "ties", "ties_across_levels", "ties_across_departments", "safety",
)  # fmt: skip
"""Summed over people or pairs at the end of a month."""

HAPPENED = (
    "retired", "involuntary", "quits", "regretted", "left_within_year", "left_of_cohort",
    "year_base", "cohort_base", "hires", "promotions", "ideas", "voiced", "implemented", "novelty",
    "institutional_lost", "planned", "held", "informal_held", "ended_early", "completed",
    "mentee_gain", "mentor_gain", "opened", "volunteers", "turned_away",
    "participants", "meeting_pay", "replacement", "hours", "opened_pay", "trained", "training_pay",
)  # fmt: skip
"""Counted where it happens."""

MEASURED = SUMMED + HAPPENED


def note_present(model: MentoringFirm) -> None:
    """Who is there when the window or one of its full years begins."""
    since = model.month - model.plan.window_start
    if since < 0 or since % 12 != 0:
        return
    if model.month + 12 <= model.plan.months:
        model.sums["year_base"] += len(model.agents)
    if since == 0:
        model.sums["cohort_base"] += len(model.agents)


def note_leaver(model: MentoringFirm, person: Employee, cause: str) -> None:
    """What is lost with somebody who leaves."""
    sums, month, window = model.sums, model.month, model.plan.window_start
    sums[cause] += 1.0
    if cause == "quits":
        sums["replacement"] += replacement_cost(model, person.level)
        sums["regretted"] += person.promise >= model.p.recording.regretted_from
    if month >= window:
        year_begin = month - (month - window) % 12
        if person.hire_month < year_begin and year_begin + 12 <= model.plan.months:
            sums["left_within_year"] += 1.0
        sums["left_of_cohort"] += person.hire_month < window
    sums["institutional_lost"] += sum([person.skills[k] for k in model.institutional])


def replacement_cost(model: MentoringFirm, level: int) -> float:
    """Cost of replacing somebody, in salaries of levels 1 and 2."""
    costs, share = model.p.costs, model.p.costs.replacement_middle
    if level <= 2:
        share = costs.replacement_staff
    elif model.levels >= 4 and level >= model.levels - 1:
        share = costs.replacement_leader
    return share * model.pay[level]


def sum_up(model: MentoringFirm) -> None:
    """The month's sums over people and formal pairs, in one pass."""
    sums, month = model.sums, model.month
    given, recording = model.p.engagement, model.p.recording
    born_after = month - 12.0 * recording.young_below
    born_before = month - 12.0 * recording.old_from
    engagement = engaged = disengaged = output = safety = 0.0
    emerging = institutional = interpersonal = ties = across_levels = across_departments = 0.0
    for person in model.agents:
        feeling = person.engagement
        engagement += feeling
        safety += person.safety
        if feeling >= given.engaged_from:
            engaged += 1.0
        elif feeling < given.disengaged_below:
            disengaged += 1.0
        modern = model.mean_skill(person, model.emerging)
        emerging += modern
        institutional += model.mean_skill(person, model.institutional)
        interpersonal += model.mean_skill(person, model.interpersonal)
        person.output = own = model.output_of(person)
        output += own
        if month - person.hire_month < 12:
            sums["newcomers"] += 1.0
            sums["newcomers_output"] += own
        if person.birth_month > born_after:
            sums["young"] += 1.0
            sums["young_emerging"] += modern
        elif person.birth_month <= born_before:
            sums["old"] += 1.0
            sums["old_emerging"] += modern
        level, department = person.level, person.department
        if level >= model.plan.chart.levels - 1:
            sums["leaders"] += 1.0
            sums["leaders_emerging"] += modern
        if person.formal_mentors > 0:
            sums["mentored_formally"] += 1.0
        if person.informal_mentors > 0:
            sums["mentored_informally"] += 1.0
        ties += len(person.ties)
        for other in person.ties:
            if other.level != level:
                across_levels += 1.0
            if other.department is not department:
                across_departments += 1.0
    for pair in model.pairs:
        if pair.formal:
            sums["formal_pairs"] += 1.0
            sums["pair_quality"] += pair.quality
    sums.update(
        headcount=float(len(model.agents)), engagement=engagement, engaged=engaged,
        disengaged=disengaged, output=output, emerging=emerging, institutional=institutional,
        interpersonal=interpersonal, ties=ties, ties_across_levels=across_levels,
        ties_across_departments=across_departments, safety=safety,
    )  # fmt: skip
