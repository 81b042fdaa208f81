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
}


def programme(policy: str, **more: Any) -> dict[str, Any]:
    """A programme section that starts early, so that short runs see whole cohorts."""
    return {"policy": policy, "start_month": 3, "cohort_months": 6, **more}


def hot(policy: str, **sections: dict[str, Any]) -> Sections:
    """The hot settings with a policy, and with some sections changed."""
    case = {name: dict(values) for name, values in HOT.items()}
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
