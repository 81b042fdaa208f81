"""Sections of scenarios under which engine and oracle are compared: ordinary and hot ones.

What is not said has its default.
"""

from __future__ import annotations

from typing import Any

Sections = dict[str, dict[str, Any]]

POLICIES = (
    "none",
    "random",
    "traditional",
    "reverse",
    "reciprocal",
    "cross_functional",
    "complementary",
    "similarity",
    "self_selected",
    "nominated",
    "ai_assisted",
    "portfolio",
)

QUIET: Sections = {
    "people": {
        "keeps_tenures": False,
        "seeking_by_initiative": 0.0,
        "entry_age": 31.5,
        "entry_age_per_level": 3.0,
    },
    "departures": {
        "settledness_effect": 0.0,
        "unit_effect": 0.0,
        "dismissal_by_output": 0.0,
        "embeddedness_effect": 0.35,
    },
    "units": {"department_spread": 0.0, "manager_effect": 0.0},
    "embeddedness": {
        "relationships_weight": 1.0,
        "ties_weight": 0.0,
        "team_weight": 0.0,
        "tenure_weight": 0.0,
        "fit_weight": 0.0,
        "adjustment": 1.0,
    },
    "engagement": {
        "giving_effect": 0.0,
        "age_contrast": 0.0,
        "candour_by_safety": 0.0,
        "baseline_spread": 0.115,
    },
    "learning": {
        "asking_rate": 0.0,
        "asking_lasting": 0.0,
        "absorption_within": 1.0,
        "variety": 0.0,
        "quality_exponent": 1.0,
        "absorption": 0.4,
    },
    "meetings": {"mood_effect": 0.0},
    "informal": {"by_promise": 0.0},
    "ties": {"team_odds": 1.0, "reciprocity_odds": 1.0, "senior_odds": 4.3, "reach": 200.0},
    "volunteering": {
        "by_initiative": 0.0,
        "by_settledness": 0.0,
        "mentors_by_settledness": 0.0,
        "mentors_drafted": True,
    },
    "ideas": {"capacity_per_head": 1e6},
}
"""What the cases of programmes are chosen without; they are about pairs. Others have it (`predicted`, `plain`)."""

HOT: Sections = {
    "people": {"seniority_noise": 8.0},
    "skill_levels": {"institutional_entry": 0.4},
    "volunteering": {"by_engagement": 0.4, "several_mentees": 1.0},
    "departures": {
        "quit_rate": 1.0,
        "engagement_effect": 0.45,
        "newcomer_excess": 0.4,
        "tenure_decline": 0.45,
        "level_decline": 0.1,
        "involuntary_rate": 0.3,
        "retirement_rate": 0.6,
        "contagion": 0.1,
        "stagnation_effect": 1.0,
    },
    "vacancies": {"fill_rate": 1.0, "minimum_months": 3.0, "outside_share": 0.16},
    "informal": {"search_rate": 0.4, "capacity": 2, "seniority_months": 6.0},
    "ties": {"places": 4, "rewiring_rate": 0.4, "introduction_rate": 0.8},
    "meetings": {
        "growth": 0.6,
        "fading": 0.08,
        "attendance": 0.5,
        "attendance_informal": 1.5,
        "attendance_by_quality": 2.0,
        "distance_cancels": 0.3,
        "similarity_effect": 2.2,
        "chemistry_spread": 0.7,
    },
    "learning": {"rate": 0.6, "contact_gain": 0.2},
    "endings": {
        "early": -1.0,
        "early_by_silence": 1.5,
        "tie_from": 0.3,
        "carry_on_rate": 0.9,
        "informal_ease": 0.0,
    },
    "ideas": {"rate": 12.0, "adoption": -2.2, "sponsor_from": 0.2},
    "awareness": {"gain": 0.8, "leader_level": 2},
}
"""Much happens: a quarter of the staff leaves in a season, pairs come and go, ideas abound.

What the cases must show was chosen under these values; some are said only so that it does not move with the
defaults.
"""

HOT_PROGRAMME: dict[str, Any] = {
    "start_month": 2,
    "cohort_months": 4,
    "meetings_per_month": 4.0,
    "places": 0.5,
    "mentor_capacity": 3,
    "mentee_from_level": 1,
}
"""Everybody is invited, whatever the policy's name means, so that small firms have pairs."""


def programme(policy: str, **more: Any) -> dict[str, Any]:
    """A programme section that starts early, so that short runs see whole cohorts."""
    everybody = {"mentee_from_level": 1, "places": 0.15}
    return {"policy": policy, "start_month": 3, "cohort_months": 6, **everybody, **more}


def hot(policy: str, **sections: dict[str, Any]) -> Sections:
    """The hot settings with a policy, and with some sections changed."""
    names = {*QUIET, *HOT}
    case = {name: {**QUIET.get(name, {}), **HOT.get(name, {})} for name in names}
    case["programme"] = {"policy": policy, **HOT_PROGRAMME}
    for name, values in sections.items():
        case[name] = {**case.get(name, {}), **values}
    return case


def plain(policy: str, **sections: dict[str, Any]) -> Sections:
    """The default settings with a policy, and with some sections changed."""
    case = {name: dict(values) for name, values in sections.items()}
    case["programme"] = {**programme(policy), **case.get("programme", {})}
    return case


def sized(sections: Sections, employees: int) -> Sections:
    """The sections, for an organisation of this size.

    By default a firm of fewer than about 50 people is a single team, within which nobody may be
    paired; middling ones get more departments and one level more.
    """
    shape = {"departments": max(2, employees // 9), "levels": 4} if 20 <= employees < 100 else {}
    organisation = {"employees": employees, **shape, **sections.get("organisation", {})}
    return {**sections, "organisation": organisation}
