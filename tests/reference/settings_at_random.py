"""Programmes and firms at random, for Hypothesis: what can be set, in ranges in which much happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from reference.sections import HOT_PROGRAMME, POLICIES

EITHER = st.booleans()
SHARE = st.floats(0.0, 1.0)

FREELY: dict[str, st.SearchStrategy[Any]] = {
    "direction": st.sampled_from(
        ("either", "traditional", "reverse", "reciprocal", "peer", "anyone")
    ),
    "score": st.sampled_from(
        ("random", "gap", "goals", "similarity", "wishes", "coordinator", "predicted")
    ),
    "assignment": st.sampled_from(
        ("random", "first_come", "greedy", "stable", "optimal", "protective")
    ),
    "portfolio": st.lists(st.sampled_from(POLICIES[1:-1]), min_size=1, max_size=4, unique=True).map(
        lambda names: dict.fromkeys(names, 1.0 / len(names))
    ),
    "form": st.sampled_from(("one_to_one", "group")),
    "group_size": st.integers(2, 6),
    "enrolment": st.sampled_from(("fixed", "rolling")),
    "start_month": st.integers(0, 3),
    "cohort_months": st.integers(1, 6),
    "meetings_per_month": st.floats(0.5, 4.0),
    "participation": st.sampled_from(
        ("voluntary", "asked_by_name", "nominated", "universal", "lottery", "offered_by_lot")
    ),
    "nominated_share": SHARE,
    "lottery_share": SHARE,
    "mentee_to_level": st.integers(2, 4),
    "mentor_to_level": st.integers(3, 4),
    "places": st.floats(0.3, 1.0),
    "mentor_capacity": st.integers(1, 4),
    "bar_own_manager": EITHER,
    "bar_skip_level": EITHER,
    "bar_same_team": EITHER,
    "bar_past_pairs": EITHER,
    "training_hours": st.floats(0.0, 10.0),
    "training_for": st.sampled_from(("both", "mentors", "mentees")),
    "objectives_hours": st.floats(0.0, 5.0),
    "sponsor_hours": st.floats(0.0, 10.0),
    "check_in_months": st.integers(1, 3),
    "re_pair": EITHER,
    "recognition": st.floats(0.0, 200.0),
    "platform": EITHER,
    "say": SHARE,
}
"""Settings of a programme; each is left as it is in about half of the cases."""

RARELY: dict[str, st.SearchStrategy[Any]] = {
    "other_department_only": EITHER,
    "cohorts": st.integers(0, 2),
    "mentee_from_level": st.integers(1, 2),
    "mentor_from_level": st.integers(1, 3),
    "minimum_tenure": st.integers(0, 6),
    "mentee_tenure_below": st.sampled_from((0, 6, 60)),
    "minimum_level_gap": st.integers(0, 2),
    "minimum_age_gap": st.floats(0.0, 10.0),
    "same_site_only": EITHER,
    "everyone_matched": EITHER,
    "minimum_score": st.floats(0.0, 0.6),
    "placebo": EITHER,
    "shuffled": EITHER,
}
"""Settings that leave few pairs or none; each is left as it is in most cases."""

SECTIONS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "volunteering": {
        "level": st.floats(0.0, 3.0),
        "mentor_share": st.floats(0.2, 1.0),
        "mentors_drafted": EITHER,
        "several_mentees": SHARE,
        "by_stories": st.floats(0.0, 5.0),
        "resistance": st.floats(0.0, 5.0),
    },
    "pairing": {
        "skill_data_error": st.floats(0.0, 0.5),
        "similarity_depth": SHARE,
        "visible_mentors": st.floats(1.0, 10.0),
        "status_seeking": SHARE,
        "prominence": st.floats(0.0, 4.0),
        "acquaintance": st.floats(1.0, 100.0),
        "acceptance": SHARE,
        "coordinator_knows": st.floats(0.0, 60.0),
        "favourites": st.floats(0.0, 5.0),
        "nomination_error": st.floats(0.0, 1.0),
        "prediction_accuracy": SHARE,
        "prediction_bias": st.floats(-2.0, 2.0),
    },
    "support": {
        "failing_below": st.floats(0.3, 1.0),
        "found_out": st.floats(0.5, 1.0),
        "mentor_training_share": SHARE,
    },
    "recognition": {"story_from": SHARE, "story_gain": st.floats(0.0, 10.0), "story_fading": SHARE},
    "meetings": {"group_effect": st.floats(0.0, 1.0), "language_effect": SHARE},
    "learning": {"group_dilution": SHARE},
    "organisation": {"management_support": SHARE, "objectives_clarity": SHARE},
    "encounters": {
        "who": st.sampled_from(("linked", "anybody", "matched", "matched_by_department")),
        "per_person": st.floats(0.0, 4.0),
        "seekers": st.sampled_from(("by_lot", "everybody")),
        "chance": SHARE,
        "across": SHARE,
        "gate": st.sampled_from(("none", "barter", "likeness")),
        "kernel": st.sampled_from(("gaps_close", "averaging")),
        "update": st.sampled_from(("simultaneous", "in_turn")),
        "rate": SHARE,
        "other_rate": SHARE,
        "width": SHARE,
        "tolerance": st.floats(0.0, 0.5),
    },
}
"""Settings of other sections that a programme acts by, or beside."""


@st.composite
def some_of(
    draw: Callable[[st.SearchStrategy[Any]], Any],
    settings: dict[str, st.SearchStrategy[Any]],
    one_in: int = 2,
) -> dict[str, Any]:
    """Some of the settings, about one in so many, with values."""
    wanted = st.integers(1, one_in).map(lambda number: number == one_in)
    return {name: draw(values) for name, values in settings.items() if draw(wanted)}


def a_programme() -> st.SearchStrategy[dict[str, Any]]:
    """A programme section."""
    return st.tuples(st.sampled_from(POLICIES[1:]), some_of(FREELY), some_of(RARELY, one_in=6)).map(
        lambda drawn: {**HOT_PROGRAMME, **drawn[1], **drawn[2], "policy": drawn[0]}
    )


def a_firm() -> st.SearchStrategy[dict[str, Any]]:
    """Size, length, luck and the other sections of a firm of 10 to 40 people; whether of a roster."""
    return st.fixed_dictionaries(
        {
            "employees": st.integers(10, 40),
            "roster": st.sampled_from((False, False, True)),
            "months": st.integers(8, 14),
            "seed": st.integers(0, 2**63 - 1),
            "sections": st.fixed_dictionaries(
                {section: some_of(settings) for section, settings in SECTIONS.items()}
            ),
        }
    )
