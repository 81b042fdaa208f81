"""Programmes under which engine and oracle are compared, and what each of them must have shown.

Without any of its settings, a case would be another one: nothing is switched on for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reference.sections import Sections, hot, sized


@dataclass(frozen=True)
class Case:
    """A programme by what it sets beyond the hot settings.

    Attributes
    ----------
    policy, given
        The policy, and what is set besides, by section; each setting makes a difference.
    shows
        Facts (see :mod:`reference.facts`) and the least that is wanted of each.
    idle
        Settings that make no difference, because another one makes them idle.
    people, months
        Size and length.
    """

    policy: str
    given: Sections
    shows: dict[str, float] = field(default_factory=dict)
    idle: tuple[str, ...] = ()
    people: int = 36
    months: int = 12

    @property
    def sections(self) -> Sections:
        """All sections of the scenario."""
        return self.without("", "")

    def without(self, section: str, name: str) -> Sections:
        """All sections of the scenario, but for one setting."""
        given = {
            place: {key: value for key, value in values.items() if (place, key) != (section, name)}
            for place, values in self.given.items()
        }
        return sized(hot(self.policy, **given), self.people)


def case(
    policy: str,
    shows: dict[str, float],
    *,
    idle: tuple[str, ...] = (),
    months: int = 12,
    **sections: Any,
) -> Case:
    """A case of 36 people."""
    return Case(policy, sections, {"opened": 1, **shows}, idle, months=months)


FAILING = {"failing_below": 0.7, "found_out": 0.9}
"""Check-ins find much to be mended."""

EVERYTHING_ON: dict[str, Any] = {
    "training_hours": 6.0,
    "objectives_hours": 3.0,
    "sponsor_hours": 4.0,
    "check_in_months": 1,
    "recognition": 80.0,
    "platform": False,
}

PROGRAMMES: dict[str, Case] = {
    # Who takes part.
    "by rank": case(
        "traditional",
        {},
        programme={
            "mentee_from_level": 2,
            "mentee_to_level": 2,
            "mentor_from_level": 3,
            "mentor_to_level": 3,
            "participation": "universal",
        },
    ),
    "newcomers only": case(
        "similarity",
        {"opened": 3},
        programme={"mentee_tenure_below": 12, "minimum_tenure": 2, "enrolment": "rolling"},
    ),
    "nominated month by month": case(
        "nominated",
        {"opening months": 6},
        programme={"participation": "nominated", "nominated_share": 0.6, "enrolment": "rolling"},
        pairing={"nomination_error": 0.3, "favourites": 3.0},
    ),
    "lottery": case(
        "ai_assisted",
        {"turned_away": 5},
        programme={"participation": "lottery", "lottery_share": 0.4, "mentee_to_level": 1},
        volunteering={"level": 1.0},
    ),
    "lottery month by month": case(
        "complementary",
        {"opening months": 6},
        programme={"participation": "lottery", "enrolment": "rolling", "cohort_months": 3},
        volunteering={"level": 2.0},
    ),
    "lottery of so many": case(
        "reciprocal",
        {"turned_away": 1},
        programme={"participation": "lottery", "lottery_offers": 4, "lottery_people": 10},
        volunteering={"level": 2.0},
    ),
    "offered to so many, mentors outside": case(
        "random",
        {},
        programme={
            "participation": "offered_by_lot",
            "lottery_people": 16,
            "lottery_share": 0.4,
            "mentors_outside": True,
        },
        volunteering={"level": 2.0},
    ),
    "departments by lot, the others wait": case(
        "random",
        {},
        programme={
            "participation": "lottery",
            "lottery_by": "department",
            "lottery_people": 20,
            "waiting_list": True,
        },
        organisation={"departments": 6},
        volunteering={"level": 2.0},
    ),
    "stepped start": case(
        "reciprocal",
        {"opening months": 3},
        programme={
            "participation": "lottery",
            "lottery_steps": 3,
            "step_months": 2,
            "cohort_months": 5,
        },
        volunteering={"level": 2.0},
    ),
    "stepped offers": case(
        "random",
        {"opening months": 2},
        programme={
            "participation": "offered_by_lot",
            "lottery_steps": 2,
            "lottery_people": 14,
            "step_months": 3,
            "cohort_months": 5,
        },
        volunteering={"level": 2.0},
    ),
    "mentor shortage": case(
        "self_selected",
        {"turned_away": 10, "shortage": 5},
        programme={"mentor_capacity": 1, "cohorts": 1},
        volunteering={"mentor_share": 0.2, "level": 1.0},
    ),
    "one mentee for most": case(
        "random",
        {"turned_away": 5, "opened": 5},
        volunteering={"several_mentees": 0.3, "level": 2.0},
    ),
    "resistance": case(
        "reverse",
        {},
        organisation={"management_support": 0.1},
        volunteering={"resistance": 8.0, "level": 1.0, "by_support": 0.5},
    ),
    # Who is paired.
    "peers": case(
        "random",
        {"peer pairs": 5},
        programme={"direction": "peer", "say": 0.7, "assignment": "stable", "score": "goals"},
    ),
    "anyone by turns": case(
        "similarity",
        {"upward pairs": 3},
        programme={
            "direction": "anyone",
            "assignment": "first_come",
            "places": 1.0,
            "mentor_capacity": 1,
            "participation": "universal",
        },
    ),
    "age gap at one site": case(
        "random",
        {},
        programme={"minimum_age_gap": 8.0, "same_site_only": True, "participation": "universal"},
        organisation={"sites": {"North": 0.5, "South": 0.5}},
    ),
    "across departments": case(
        "nominated",
        {"opened": 4},
        programme={"other_department_only": True, "assignment": "protective"},
        pairing={"coordinator_knows": 20.0},
        meetings={"language_effect": 0.3},
        organisation={"departments": 2},
    ),
    "within departments too": case(
        "cross_functional",
        {},
        programme={"other_department_only": False, "assignment": "random"},
        organisation={"departments": 2},
    ),
    "the same again": case(
        "similarity",
        {"pairs met again": 3},
        programme={"bar_past_pairs": False, "cohort_months": 3, "participation": "universal"},
        pairing={"similarity_depth": 1.0},
    ),
    "only good pairs": case(
        "ai_assisted",
        {"opened": 3},
        programme={"everyone_matched": False, "minimum_score": 0.55},
        pairing={"prediction_accuracy": 0.9, "prediction_bias": 1.0},
        organisation={"departments": 2},
    ),
    "only good pairs, greedily": case(
        "traditional",
        {"opened": 3},
        programme={"everyone_matched": False, "minimum_score": 0.15, "assignment": "greedy"},
        pairing={"skill_data_error": 0.0},
    ),
    "everyone is let in": case(
        "self_selected",
        {"opened": 10},
        programme={"places": 1.0, "participation": "universal", "mentor_capacity": 1},
        pairing={"visible_mentors": 2.5, "acceptance": 1.0, "status_seeking": 1.0},
    ),
    "whom one knows": case(
        "self_selected",
        {},
        programme={"assignment": "stable", "mentor_capacity": 1, "participation": "universal"},
        organisation={"departments": 2},
        pairing={"prominence": 0.5, "acquaintance": 100.0, "acceptance": 0.9},
    ),
    # Forms and calendars.
    "groups": case(
        "traditional",
        {"largest group": 3},
        programme={"form": "group", "group_size": 3, "assignment": "protective"},
        learning={"group_dilution": 1.0},
        meetings={"group_effect": 0.8},
    ),
    "groups of peers month by month": case(
        "ai_assisted",
        {"opening months": 6, "largest group": 2},
        programme={
            "form": "group",
            "direction": "peer",
            "enrolment": "rolling",
            "participation": "universal",
            "places": 1.0,
        },
    ),
    "rolling": case(
        "reciprocal",
        {"opening months": 8},
        months=16,
        programme={
            "enrolment": "rolling",
            "cohorts": 2,
            "assignment": "random",
            "mentor_capacity": 1,
            "participation": "universal",
        },
    ),
    # Portfolios.
    "portfolio of all": case(
        "portfolio",
        {"opened": 15, "directions": 5},
        programme={
            "portfolio": dict.fromkeys(
                (
                    "ai_assisted",
                    "nominated",
                    "self_selected",
                    "similarity",
                    "complementary",
                    "cross_functional",
                    "reciprocal",
                    "reverse",
                    "traditional",
                    "random",
                ),
                0.1,
            ),
            "participation": "universal",
            "places": 1.0,
        },
    ),
    "portfolio month by month": case(
        "portfolio",
        {"opening months": 6, "re_paired": 2, "directions": 2},
        programme={
            "portfolio": {"random": 0.3, "nominated": 0.3, "reverse": 0.4},
            "enrolment": "rolling",
            "check_in_months": 1,
            "places": 1.0,
        },
        support=FAILING,
    ),
    "portfolio of groups": case(
        "portfolio",
        {"largest group": 2},
        programme={
            "portfolio": {"complementary": 0.75, "similarity": 0.25},
            "form": "group",
            "assignment": "random",
        },
    ),
    # Levers.
    "check-ins": case(
        "traditional",
        {"re_paired": 3, "paired anew": 2},
        programme={"check_in_months": 1, "participation": "universal"},
        support=FAILING,
    ),
    "check-ins that only ask": case(
        "random",
        {"check_ins": 5},
        programme={"check_in_months": 1, "re_pair": False},
    ),
    "check-ins in groups": case(
        "reverse",
        {"re_paired": 3, "paired anew": 2},
        programme={
            "check_in_months": 2,
            "form": "group",
            "enrolment": "rolling",
            "participation": "universal",
        },
        support=FAILING,
    ),
    "stories": case(
        "random",
        {"recognised": 5, "stories": 1},
        programme={"recognition": 80.0, "cohort_months": 3},
        recognition={"story_from": 0.3, "story_gain": 2.0, "story_fading": 0.2},
        volunteering={"by_stories": 3.0},
        engagement={"recognition_effect": 0.2},
    ),
    "trained mentors": case(
        "reciprocal",
        {"trained": 3},
        programme={"training_hours": 6.0, "training_for": "mentors"},
    ),
    "trained mentees": case(
        "complementary",
        {"trained": 3},
        programme={"training_hours": 6.0, "training_for": "mentees"},
        support={"mentor_training_share": 0.2, "training_scale": 2.0},
    ),
    "backed and clear, without platform": case(
        "cross_functional",
        {},
        programme={"objectives_hours": 3.0, "sponsor_hours": 6.0, "platform": False},
        organisation={"management_support": 0.3, "objectives_clarity": 0.4},
    ),
    # Null models.
    "shuffled partners": case(
        "reciprocal",
        {"dealt anew": 5, "pairs met again": 1},
        programme={"shuffled": True, "participation": "universal"},
    ),
    "shuffled groups month by month": case(
        "complementary",
        {"opening months": 6, "dealt anew": 5, "re_paired": 1},
        programme={
            "shuffled": True,
            "form": "group",
            "enrolment": "rolling",
            "check_in_months": 2,
        },
        support=FAILING,
    ),
    "shuffled portfolio": case(
        "portfolio",
        {"dealt anew": 3, "directions": 2},
        programme={
            "shuffled": True,
            "portfolio": {"random": 0.3, "cross_functional": 0.3, "reverse": 0.4},
            "participation": "universal",
            "places": 1.0,
        },
    ),
    "everything on": case(
        "reciprocal",
        {"re_paired": 2, "recognised": 3, "trained": 3, "stories": 0.1},
        programme={**EVERYTHING_ON, "form": "group", "say": 0.5},
        support=FAILING,
    ),
    "placebo with everything on": case(
        "reciprocal",
        {"re_paired": 2, "recognised": 3, "trained": 3},
        idle=("objectives_hours",),
        programme={**EVERYTHING_ON, "form": "group", "placebo": True},
        support=FAILING,
    ),
    "placebo month by month": case(
        "portfolio",
        {"opening months": 6, "re_paired": 2, "recognised": 3},
        idle=("objectives_hours",),
        programme={
            **EVERYTHING_ON,
            "placebo": True,
            "enrolment": "rolling",
            "participation": "lottery",
        },
        support=FAILING,
        volunteering={"level": 1.0},
    ),
}
