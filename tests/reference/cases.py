"""Odd settings under which engine and oracle are compared.

Together with the presets they reach every line of the mechanisms and of the programme.
"""

from __future__ import annotations

from typing import Any

from reference.sections import Sections, hot, plain

SHOCKS: list[dict[str, Any]] = [
    {"kind": "downturn", "month": 2, "months": 4},
    {"kind": "downturn", "month": 5, "months": 2, "size": 0.3},
    {"kind": "technology_jump", "month": 3, "months": 3, "size": 0.5},
    {"kind": "technology_jump", "month": 5, "months": 1},
    {"kind": "retirement_wave", "month": 1, "months": 6, "size": 20.0},
    {"kind": "retirement_wave", "month": 4, "months": 2},
    {"kind": "hiring_freeze", "month": 4, "months": 3},
    {"kind": "hiring_freeze", "month": 11, "months": 50},
]

ODD_SKILLS: list[dict[str, Any]] = [
    {"name": "charm", "kind": "interpersonal", "weight": 0.0, "grows_by_mentoring": True},
    {"name": "lore", "kind": "institutional", "weight": 0.3},
    {"name": "craft", "kind": "institutional", "weight": 2.7, "grows_by_mentoring": True},
]


PREDICTIONS: Sections = {
    "people": {"seeking_by_initiative": 0.9},
    "departures": {
        "settledness_effect": 0.8,
        "unit_effect": 0.3,
        "tenure_decline": -0.2,
        "newcomer_excess": -0.4,
        "dismissal_by_output": 6.0,
        "stagnation_from": 6.0,
        "stagnation_span": 12.0,
    },
    "units": {"department_spread": 0.06, "manager_effect": 0.5},
    "embeddedness": {
        "relationships_weight": 0.25,
        "ties_weight": 0.3,
        "team_weight": 0.2,
        "tenure_weight": 0.1,
        "fit_weight": 0.15,
        "team_full": 2.0,
        "ties_full": 9.0,
        "adjustment": 0.4,
    },
    "engagement": {"giving_effect": 0.3, "age_contrast": 0.7, "candour_by_safety": 1.6},
    "learning": {
        "asking_rate": 0.5,
        "asking_months": 9.0,
        "asking_below": -0.05,
        "asking_lasting": 0.02,
        "variety": 0.7,
        "absorption_within": 0.2,
        "quality_exponent": 0.4,
    },
    "meetings": {"mood_effect": 0.6, "ordinary_support": 0.4, "ordinary_similarity": 0.3},
    "informal": {"by_promise": 2.0},
    "ties": {"team_odds": 4.0, "reciprocity_odds": 6.0},
    "volunteering": {
        "by_initiative": 0.7,
        "by_settledness": 0.5,
        "mentors_by_settledness": 0.6,
        "mentor_share": 0.6,
    },
    "ideas": {"capacity_per_head": 1.5, "capacity_per_idea": 0.4, "capacity_by_ideas": 0.4},
}
"""People, units and ties that differ, and departments whose time for ideas is short."""


def predicted(policy: str, **sections: dict[str, Any]) -> Sections:
    """The hot settings with all of these."""
    names = {*PREDICTIONS, *sections}
    return hot(
        policy,
        **{name: {**PREDICTIONS.get(name, {}), **sections.get(name, {})} for name in names},
    )


CASES: dict[str, tuple[int, int, Sections]] = {
    **{
        f"predictions: {policy}": (45, 16, predicted(policy))
        for policy in ("traditional", "reciprocal", "self_selected", "ai_assisted")
    },
    **{
        f"invited as the name means: {policy}": (
            60,
            10,
            hot(policy, programme={"mentee_from_level": 0, "participation": how}),
        )
        for policy, how in (
            ("traditional", "voluntary"),
            ("reverse", "universal"),
            ("reciprocal", "offered_by_lot"),
            ("portfolio", "offered_by_lot"),
        )
    },
    "predictions: peers": (
        45,
        12,
        predicted("random", programme={"direction": "peer", "participation": "universal"}),
    ),
    "predictions: hazard that grows": (
        60,
        16,
        predicted("reverse", departures={"tenure_decline": 1.0, "settledness_effect": 1.5}),
    ),
    "placebo": (45, 12, hot("reciprocal", programme={"placebo": True})),
    "universal": (45, 10, hot("random", programme={"participation": "universal"})),
    "nobody barred": (
        45,
        10,
        hot(
            "traditional",
            programme={
                "bar_own_manager": False,
                "bar_skip_level": False,
                "bar_same_team": False,
                "participation": "universal",
            },
        ),
    ),
    "only managers barred": (45, 8, hot("random", programme={"bar_same_team": False})),
    "same site only": (45, 10, hot("reverse", programme={"same_site_only": True})),
    "any level gap": (
        45,
        10,
        hot("reciprocal", programme={"minimum_level_gap": 0, "participation": "universal"}),
    ),
    "widest level gap": (20, 6, hot("reverse", programme={"minimum_level_gap": 3})),
    "no mentor willing": (20, 6, hot("traditional", volunteering={"mentor_share": 0.0})),
    "nobody volunteers": (20, 6, hot("traditional", volunteering={"level": -20.0})),
    "every place": (
        30,
        10,
        hot(
            "random",
            programme={"places": 1.0, "mentor_capacity": 10, "participation": "universal"},
        ),
    ),
    "greedy on gaps": (
        45,
        10,
        hot("reciprocal", programme={"direction": "either", "assignment": "random"}),
    ),
    "random reverse": (45, 10, hot("random", programme={"direction": "reverse"})),
    "optimal noise": (
        45,
        10,
        hot("traditional", programme={"score": "random", "direction": "reciprocal"}),
    ),
    "one cohort": (45, 12, hot("traditional", programme={"cohorts": 1})),
    "starts at once": (45, 10, hot("random", programme={"start_month": 0, "cohorts": 2})),
    "never fits": (20, 6, plain("random", programme={"start_month": 4})),
    "every two months": (
        45,
        14,
        plain("reverse", programme={"meetings_per_month": 0.5, "training_hours": 6.0}),
    ),
    "thirteen in ten months": (45, 14, plain("reverse", programme={"meetings_per_month": 1.3})),
    "two and a half a month": (
        45,
        14,
        plain("traditional", programme={"meetings_per_month": 2.5, "training_hours": 2.0}),
    ),
    "one subject": (45, 12, hot("reciprocal", learning={"focus": 1})),
    "three subjects, shared": (45, 12, hot("reciprocal", learning={"focus": 3})),
    "many subjects": (45, 12, hot("reciprocal", learning={"focus": 5, "absorption": 1e6})),
    "shocks": (60, 14, hot("reciprocal", environment={"shocks": SHOCKS, "labour_market": 1.7})),
    "everything obsolete": (
        30,
        9,
        plain(
            "reverse",
            environment={
                "technology_pace": 10.0,
                "shocks": [
                    {"kind": "technology_jump", "month": 2, "months": 2, "size": 1.0},
                    {"kind": "technology_jump", "month": 5, "months": 2, "size": 1.0},
                    {"kind": "technology_jump", "month": 6, "months": 1, "size": 1.0},
                ],
            },
            practice={"emerging_decay": 0.03},
        ),
    ),
    "mood swings": (
        45,
        12,
        hot(
            "reciprocal",
            engagement={"noise": 0.5, "safety_reversion": 1.0, "hierarchy_effect": 2.0},
            organisation={"hierarchy_strength": 0.0, "work_modes": {"remote": 1.0, "on_site": 0.0}},
        ),
    ),
    "strict hierarchy": (
        45,
        12,
        hot(
            "reverse",
            engagement={"reversion": 0.0, "hierarchy_effect": 2.0, "safety_mean": 0.2},
            organisation={"hierarchy_strength": 1.0, "sites": {"Only": 1.0}},
        ),
    ),
    "quick studies": (
        45,
        12,
        hot(
            "traditional",
            learning={"rate": 1.0, "mentor_rate": 1.0, "threshold": 0.0, "contact_rate": 1.0},
            skill_levels={"interpersonal_level": 5.0, "institutional_level": 4.0},
            organisation={"objectives_clarity": 1.0},
        ),
    ),
    "nothing is learnt": (40, 8, hot("reciprocal", learning={"rate": 0.0, "threshold": 0.2})),
    "nothing to teach": (
        30,
        10,
        hot("reciprocal", learning={"threshold": 0.9}, endings={"early": -30.0}),
    ),
    "no practice": (
        30,
        12,
        hot(
            "random",
            practice={
                "institutional_practice": 0.0,
                "interpersonal_practice": 0.0,
                "interpersonal_decay": 0.0,
                "emerging_decay": 1.0,
            },
        ),
    ),
    "odd skills": (40, 10, hot("traditional", organisation={"skills": ODD_SKILLS})),
    "flat firm": (
        40,
        10,
        hot("random", programme={"bar_same_team": False}, organisation={"levels": 1}),
    ),
    "two levels": (
        40,
        10,
        hot(
            "random",
            programme={"bar_same_team": False},
            organisation={"levels": 2, "departments": 6},
        ),
    ),
    "tall firm": (
        60,
        10,
        hot("reciprocal", organisation={"levels": 8, "departments": 12, "span": 2.0}),
    ),
    "long window": (60, 40, plain("traditional", programme={"cohort_months": 5, "cohorts": 3})),
    "promoted from within": (
        60,
        14,
        hot("reciprocal", vacancies={"outside_share": 0.0, "minimum_months": 0.0}),
    ),
    "hired from outside": (60, 12, hot("reciprocal", vacancies={"outside_share": 1.0})),
    "slow to fill": (60, 12, hot("reciprocal", vacancies={"fill_rate": 0.1})),
    **{
        f"encounters: {who}, {gate}, {kernel}": (
            35,
            9,
            hot(
                "reciprocal",
                encounters={
                    "who": who,
                    "per_person": 2.3,
                    "seekers": "everybody" if gate == "likeness" else "by_lot",
                    "chance": 0.8,
                    "across": 0.4,
                    "gate": gate,
                    "kernel": kernel,
                    "update": "in_turn"
                    if (gate == "none") == (kernel == "averaging")
                    else "simultaneous",
                    "rate": 0.5,
                    "other_rate": 0.3,
                    "tolerance": 0.02,
                },
                vacancies={"fill_rate": 0.3},
            ),
        )
        for who in ("linked", "anybody", "matched", "matched_by_department")
        for gate in ("none", "barter", "likeness")
        for kernel in ("gaps_close", "averaging")
    },
    "far future": (
        45,
        8,
        hot(
            "random",
            organisation={
                "generations": {"boomer": 0.3, "gen_x": 0.3, "millennial": 0.2, "gen_z": 0.2},
                "start_year": 2050,
            },
        ),
    ),
    "recent past": (
        45,
        12,
        hot(
            "reverse",
            organisation={
                "generations": {"boomer": 0.5, "gen_x": 0.2, "millennial": 0.0, "gen_z": 0.3},
                "start_year": 2010,
            },
        ),
    ),
}
"""Employees, months and settings by the name of the case."""

WITHOUT_PAIRS = (
    "widest level gap",
    "no mentor willing",
    "nobody volunteers",
    "never fits",
)
"""Cases in which a programme is wanted and no pair begins."""
