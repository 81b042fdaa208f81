"""Phase 2: people retire, are dismissed, or quit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reference import words
from reference.books import note, note_about, pay_factor, statuses, weighted
from reference.entities import Person
from reference.luck import total
from reference.table import pair_row, person_row

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def people_leave(model: ReferenceModel) -> None:
    """Everybody decides on last month's state; then the leavers go, in the order of slots."""
    fading = 1.0 - 1.0 / model.settings.departures.contagion_months
    for person in model.staff:
        for status in ("", *(f"{status}_" for status in statuses(person))):
            note(model, f"{status}at_risk", 1.0)
    for person in model.chairs:
        person.left_now = cause_of_leaving(model, person) if person.active else words.STAYED
    for post in model.posts:
        post.recent_quits *= fading
    leavers = [person for person in model.chairs if person.left_now != words.STAYED]
    for person in leavers:
        _leave(model, person)
    for person in leavers:
        _forget(model, person)
    if leavers:
        remove_ended_pairs(model)
        model.find_managers()


def cause_of_leaving(model: ReferenceModel, person: Person) -> int:
    """Three independent risks in this order, each from its own number; the first that strikes."""
    now = model.environment[model.month]
    luck = model.fate.numbers("departure", person.slot, when=model.month)
    if luck[0] < retirement_hazard(model, person.age_in(model.month), now.retirement_factor):
        return words.RETIRED
    if luck[1] < dismissal_hazard(model, person, now.layoff_factor):
        return words.INVOLUNTARY
    if luck[2] < quit_hazard(model, person, now.quit_factor):
        return words.QUIT
    return words.STAYED


def retirement_hazard(model: ReferenceModel, age: float, factor: float) -> float:
    """``1 - exp(-factor · rate/12 · exp(growth · (age - 60)))``, with spikes at 62 and 65."""
    given = model.settings.departures
    if age < given.retirement_from:
        return 0.0
    yearly = given.retirement_rate * math.exp(given.retirement_growth * (age - 60.0))
    if math.floor(age) in (62, 65):
        yearly *= given.retirement_spike
    return 1.0 - math.exp(-factor * yearly / 12.0)


def dismissal_hazard(model: ReferenceModel, person: Person, factor: float) -> float:
    """``1 - exp(-factor · rate/12 · exp(-by_output (output - ordinary)))``."""
    given = model.settings.departures
    by_output = math.exp(-given.dismissal_by_output * (person.output - given.ordinary_output))
    return 1.0 - math.exp(-factor * given.involuntary_rate / 12.0 * by_output)


def quit_hazard(model: ReferenceModel, person: Person, market: float) -> float:
    """Proportional hazard, with a peak for newcomers at x = tenure/peak = 1.

    ``h = 1 - exp(-market · rate/12 · exp(newcomer · x e^(1-x) - decline · ln(1 + tenure/12)
    - age_decline · (age - 40)/10 - level_decline · (level - 1) - engagement_effect · z
    - embeddedness_effect · E + stagnation_effect · stagnation + contagion · exits
    - settledness_effect · s - unit_effect · u))``
    """
    given = model.settings.departures
    tenure = model.month - person.hire_month
    at_level = model.month - person.level_month
    z = (person.engagement - model.settings.engagement.average) / model.settings.engagement.spread
    beyond = max(0.0, at_level - given.stagnation_from)
    stagnation = person.growth_need * min(1.0, beyond / given.stagnation_span)
    exits = 0.0 if person.post.boss is None else person.post.boss.recent_quits
    x = tenure / given.newcomer_peak
    log_factor = (
        given.newcomer_excess * x * math.exp(1.0 - x)
        - given.tenure_decline * math.log(1.0 + tenure / 12.0)
        - given.age_decline * (person.age_in(model.month) - 40.0) / 10.0
        - given.level_decline * (person.level - 1.0)
        - given.engagement_effect * z
        - given.embeddedness_effect * person.embeddedness
        + given.stagnation_effect * stagnation
        + given.contagion * exits
        - given.settledness_effect * person.settledness
        - given.unit_effect * (person.unit / model.settings.engagement.spread)
    )
    return 1.0 - math.exp(-market * given.quit_rate / 12.0 * math.exp(log_factor))


def _leave(model: ReferenceModel, person: Person) -> None:
    """Write the leaver down, vacate post and slot; a quit is felt in the team."""
    model.former_people.append(
        (
            person_row(person),
            list(person.skills_begin),
            list(person.skills),
            model.month,
            person.left_now,
            person.slot,
        )
    )
    _count(model, person)
    post = person.post
    if person.left_now == words.QUIT and post.boss is not None:
        post.boss.recent_quits += 1.0
    post.person = None
    post.vacant_since = model.month
    post.waiting_slot = person.slot
    person.active = False
    person.remove()


def _count(model: ReferenceModel, person: Person) -> None:
    month, window = model.month, model.window_start
    match person.left_now:
        case words.RETIRED:
            note_about(model, person, "retired")
        case words.INVOLUNTARY:
            note_about(model, person, "involuntary")
        case words.QUIT:
            note_about(model, person, "quits")
            note_about(model, person, f"quits_{words.band(model.levels, person.level)}")
            note_about(model, person, "replacement", replacement_cost(model, person.level))
            if weighted(model, person.potential) >= model.settings.recording.regretted_from:
                note_about(model, person, "regretted")
            for status in statuses(person):
                note(model, f"{status}_quits", 1.0)
    if month >= window:
        year_begin = month - (month - window) % 12
        if person.hire_month < year_begin and year_begin + 12 <= model.months:
            note_about(model, person, "left_within_year", level=person.year_level)
        if person.hire_month < window:
            note_about(model, person, "left_of_cohort")
    institutional = (
        person.skills[skill.index] for skill in model.skills if skill.kind == "institutional"
    )
    note_about(model, person, "institutional_lost", total(institutional))


def replacement_cost(model: ReferenceModel, level: int) -> float:
    """In salaries of levels 1 and 2."""
    costs = model.settings.costs
    shares = {
        "staff": costs.replacement_staff,
        "middle": costs.replacement_middle,
        "leaders": costs.replacement_leader,
    }
    return float(shares[words.band(model.levels, level)] * pay_factor(model, level))


def _forget(model: ReferenceModel, leaver: Person) -> None:
    """Nobody refers to somebody who has left; the pairs of a leaver end."""
    leaver.forget_meetings()
    leaver.ties = [None] * len(leaver.ties)
    leaver.learnt = leaver.given = 0.0
    leaver.ideas_heard = leaver.ideas_implemented_now = leaver.ideas_rejected = 0
    for person in model.staff:
        person.ties = [None if adviser is leaver else adviser for adviser in person.ties]
        if person.sponsor is leaver:
            person.sponsor, person.sponsor_quality = None, 0.0
        if person.partner is leaver:
            person.partner, person.partner_quality = None, 0.0
    for pair in model.pairs:
        if not pair.mentor.active:
            pair.ending = words.MENTOR_LEFT
        elif not pair.mentee.active:
            pair.ending = words.MENTEE_LEFT


def remove_ended_pairs(model: ReferenceModel) -> None:
    """Write ended pairs down and let the two go; the others keep their order."""
    for pair in model.pairs:
        if pair.ending != words.RUNNING:
            model.former_pairs.append((pair_row(pair), model.month))
            pair.mentor.pairs_as_mentor.remove(pair)
            pair.mentee.pairs_as_mentee.remove(pair)
    model.pairs = [pair for pair in model.pairs if pair.ending == words.RUNNING]
