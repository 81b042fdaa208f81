"""Vacancies: people are promoted from the level below, or hired from outside after a time to fill."""

from __future__ import annotations

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.counting import add
from sim.mechanisms.mechanism import Mechanism
from sim.organisation.design import find_managers
from sim.organisation.people import bring_in, entry_age, mean_of_kind, set_potential, take_post
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "fill_vacancies", "readiness"]

PARAMETERS = ParameterGroup(
    "vacancies",
    "Promotion and hiring",
    (
        Parameter(
            "fill_rate",
            0.5,
            "per month",
            "Probability that a vacant post is filled in a month "
            "(from the month after it became vacant): mean time to fill 2 months.",
            0.0,
            1.0,
            source="time to fill of about two months",
            grade="assumed",
            prior=(0.3, 1.0),
            neutral=0.0,
        ),
        Parameter(
            "outside_share",
            0.2,
            "share",
            "Share of posts above the lowest level that are filled from outside straight away.",
            0.0,
            1.0,
            source="W-PROM (15.6 % of managers hired from outside)",
            grade="measured",
            prior=(0.1, 0.3),
        ),
        Parameter(
            "minimum_months",
            12.0,
            "months",
            "Time at a level before the next promotion.",
            0.0,
            240.0,
            source="usual practice",
            grade="assumed",
        ),
        Parameter(
            "institutional_weight",
            1.0,
            "",
            "Weight of institutional skills in readiness.",
            0.0,
            10.0,
            source="readiness: know-how and leadership",
            grade="assumed",
        ),
        Parameter(
            "interpersonal_weight",
            0.5,
            "",
            "Weight of interpersonal skills in readiness.",
            0.0,
            10.0,
            source="readiness: leading people",
            grade="assumed",
        ),
        Parameter(
            "output_weight",
            1.0,
            "",
            "Weight of output in readiness.",
            0.0,
            10.0,
            source="readiness: performance",
            grade="assumed",
        ),
        Parameter(
            "sponsor_weight",
            0.1,
            "",
            "Weight of a sponsor's advocacy (the quality of the best "
            "relationship with somebody higher up) in readiness.",
            0.0,
            10.0,
            source="M-SIZE: objective career outcomes move little",
            grade="assumed",
            prior=(0.0, 0.2),
        ),
        Parameter(
            "noise",
            0.2,
            "",
            "Noise in the judgement of readiness.",
            0.0,
            10.0,
            source="reliability of promotion decisions",
            grade="assumed",
            prior=(0.1, 0.4),
        ),
    ),
)


@rule
def readiness(institutional, interpersonal, output, sponsor_quality, z, p):
    """How ready a person seems for the next level: a weighted sum, with noise `z` standard normal.

    Skills and output are 0 to 1, `sponsor_quality` 0 to 1. Readiness by leadership, know-how
    and performance, with noise and a sponsor's advocacy.
    """
    return (
        p.institutional_weight * institutional
        + p.interpersonal_weight * interpersonal
        + p.output_weight * output
        + p.sponsor_weight * sponsor_quality
        + p.noise * z
    )


@kernel
def _readiness_of(state, p, slot, month):
    luck = draws.draw(state.luck, decisions.READINESS, slot, -1, month)
    return readiness(
        mean_of_kind(state.skills, state.skill, slot, columns.INSTITUTIONAL),
        mean_of_kind(state.skills, state.skill, slot, columns.INTERPERSONAL),
        state.person[columns.OUTPUT, slot],
        state.person[columns.SPONSOR_QUALITY, slot],
        draws.normal(luck[0], luck[1]),
        p.vacancies,
    )


@kernel
def _best_candidate(state, p, post, month):
    """Slot of the readiest person one level below, in the post's department (anywhere for the top post)."""
    whole = state.whole
    level = state.post[columns.POST_LEVEL, post] - 1
    department = state.post[columns.POST_DEPARTMENT, post]
    first = state.department_whole[columns.FIRST_POST, department]
    end = state.department_whole[columns.END_POST, department]
    if state.post[columns.POST_BOSS, post] < 0 or end - first < 2:
        first = 0
        end = state.post.shape[1]
    best = -1
    best_readiness = 0.0
    level_of = state.post[columns.POST_LEVEL]
    slot_of = state.post[columns.POST_SLOT]
    for other in range(first, end):
        if level_of[other] != level:
            continue
        slot = slot_of[other]
        if slot < 0 or month - whole[columns.LEVEL_MONTH, slot] < p.vacancies.minimum_months:
            continue
        ready = _readiness_of(state, p, slot, month)
        if best < 0 or ready > best_readiness:
            best = slot
            best_readiness = ready
    return best


@kernel
def _promote(state, p, slot, post, month):
    whole = state.whole
    old_post = whole[columns.PERSON_POST, slot]
    add(state, p, slot, columns.M_PROMOTIONS, 1.0, month)
    state.post[columns.POST_SLOT, old_post] = -1
    state.post[columns.VACANT_SINCE, old_post] = month
    state.post[columns.WAITING_SLOT, old_post] = state.post[columns.WAITING_SLOT, post]
    state.post[columns.WAITING_SLOT, post] = -1
    take_post(state, slot, post)
    whole[columns.LEVEL_MONTH, slot] = month
    whole[columns.PROMOTIONS, slot] += 1
    set_potential(state, p, slot, month)


@kernel
def _hire(state, p, post, month, mode_shares):
    """Fill a post with the next holder of the slot that waits there."""
    slot = state.post[columns.WAITING_SLOT, post]
    state.post[columns.WAITING_SLOT, post] = -1
    holder = state.whole[columns.HOLDER, slot] + 1
    state.whole[columns.HOLDER, slot] = holder
    luck = draws.draw(state.luck, decisions.CAREER, slot, -1, holder)
    level = state.post[columns.POST_LEVEL, post]
    age = entry_age(level, draws.normal(luck[0], luck[1]), p.people)
    bring_in(
        state=state,
        p=p,
        slot=slot,
        month=month,
        post=post,
        age=age,
        tenure=0,
        mode_shares=mode_shares,
    )
    add(state, p, slot, columns.M_HIRES, 1.0, month)


@kernel
def fill_vacancies(state, p, month):
    """Visit the posts that were vacant before this month, in their order, and fill some of them.

    A post that a promotion empties is itself vacant from this month on, and is visited from the next.
    The leaver's slot waits at the vacancy and moves down the chain of promotions with it, until somebody
    is hired into it; so whom a department hires never depends on vacancies elsewhere.
    """
    mode_shares = state.mode_shares
    frozen = state.surroundings[columns.FREEZE, month] > 0.0
    changed = False
    slot_of = state.post[columns.POST_SLOT]
    vacant_since = state.post[columns.VACANT_SINCE]
    for post in range(slot_of.shape[0]):
        if slot_of[post] >= 0 or vacant_since[post] >= month:
            continue
        luck = draws.draw(state.luck, decisions.VACANCY, post, -1, month)
        if luck[0] >= p.vacancies.fill_rate:
            continue
        candidate = -1
        if state.post[columns.POST_LEVEL, post] > 1 and luck[1] >= p.vacancies.outside_share:
            candidate = _best_candidate(state, p, post, month)
        if candidate >= 0:
            _promote(state, p, candidate, post, month)
            changed = True
        elif not frozen:
            _hire(state, p, post, month, mode_shares)
            changed = True
    if changed:
        find_managers(state)


MECHANISM = Mechanism(
    name="vacancies",
    parameters=PARAMETERS,
    kernel=fill_vacancies,
    reads=(
        "luck",
        "surroundings",
        "department_whole",
        "post.level",
        "post.department",
        "post.boss",
        "post.site",
        "skill",
        "emphasis",
        "mode_shares",
    ),
    writes=(
        "people",
        "skills",
        "potential",
        "skills_begin",
        "gain",
        "values",
        "ties",
        "post.slot",
        "post.vacant_since",
        "post.waiting_slot",
        "counts",
        "monthly",
        "tally",
    ),
    draws=(
        "vacancy",
        "readiness",
        "career",
        "values",
        "character",
        "temper",
        "disposition",
        "place",
        "skill level",
    ),
)
