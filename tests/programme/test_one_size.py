"""Programmes of one size: asking by name, who is invited, and what is said where places stay empty."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import sim
from places import ROOT
from sim.outcomes.goals import GOALS
from sim.programme.invitations import invited_by, leaders_from
from sim.report.decisions import Decisions
from sim.report.dose import per_meetings, shortfalls, sizes_differ
from sim.scenario import Scenario, show
from sim.scenario.invited import invited, who_is_invited

MAIN = ROOT / "scenarios" / "pairing_policies.toml"
LEVELS = np.repeat([1, 2, 3, 4], [60, 25, 10, 5])


def settings_of(**programme: Any) -> Any:
    return Scenario(programme=programme).settings


@pytest.mark.parametrize("people", [60, 100, 400])
def test_the_policies_of_the_main_scenario_have_one_dose_in_firms_of_any_size(people: int) -> None:
    small = sim.load_scenario(MAIN).with_settings({"months": 20, "organisation.employees": people})
    outcomes = sim.compare(small, replicates=1200 // people).outcomes
    mean = outcomes.groupby(["outcome", "variant"])["value"].mean()
    # People who get on meet more often and leaders cancel more often: that is the policies' own doing.
    for name, alike in (("pairs_opened", 0.88), ("meetings_held", 0.7)):
        doses = mean[name].drop("No programme")
        assert doses.min() > alike * doses.max(), (name, doses)
    assert mean["places_filled"].min() > 85.0
    assert mean["turned_away"].max() == 0.0


def test_asked_by_name_more_come_and_nobody_is_turned_away() -> None:
    call = {"policy": "reverse", "places": 0.3, "start_month": 2, "cohort_months": 8}
    scenario = Scenario(
        months=12, replicates=4, baseline="open call", organisation={"employees": 200}, programme=call,
        variants=[{"name": "open call"},
                  {"name": "asked", "programme.participation": "asked_by_name"},
                  {"name": "asked, to no avail", "programme.participation": "asked_by_name",
                   "volunteering.by_request": 0.0}],
    )  # fmt: skip
    mean = sim.compare(scenario).outcomes.groupby(["outcome", "variant"])["value"].mean()
    opened, turned_away = mean["pairs_opened"], mean["turned_away"]
    assert opened["asked"] > 1.3 * opened["open call"]
    # Without its effect those come who would have come by themselves.
    assert opened["asked, to no avail"] == opened["open call"]
    assert turned_away["asked"] == turned_away["asked, to no avail"] == 0.0


def test_who_is_invited_is_counted_where_the_levels_go_together() -> None:
    reverse = invited_by(settings_of(policy="reverse", places=0.1), LEVELS)
    assert (reverse.mentees, reverse.mentee_levels) == (15, (3, 4))
    assert (reverse.mentors, reverse.mentor_levels) == (85, (1, 2))
    assert reverse.places == 10
    # 40 of 100 volunteer on average (log odds of -0.4).
    assert reverse.likely == round(15 / (1 + np.exp(0.4)))
    asked = invited_by(settings_of(policy="reverse", places=0.1, participation="asked_by_name"), LEVELS)  # fmt: skip
    assert asked.likely == 10
    everybody = invited_by(settings_of(policy="random"), LEVELS)
    assert everybody.mentees == everybody.mentors == 100
    nobody = invited_by(settings_of(policy="traditional"), np.ones(4, dtype=np.int64))
    assert (nobody.mentees, nobody.mentors, nobody.likely) == (0, 0, 0)


@pytest.mark.parametrize(
    ("posts", "lowest"),
    [((60, 25, 10, 5), 3), ((70, 26, 3, 1), 2), ((203, 136, 49, 11, 1), 3), ((35, 36), 2),
     ((338, 225, 76, 40, 20, 1), 3), ((97, 2, 1), 2), ((9,), 1)],
)  # fmt: skip
def test_leaders_are_the_upper_half_of_the_levels_and_one_in_ten(
    posts: tuple[int, ...], lowest: int
) -> None:
    assert leaders_from(np.repeat(np.arange(1, len(posts) + 1), posts)) == lowest


def test_check_says_how_many_leaders_and_juniors_there_are() -> None:
    scenario = sim.load_scenario(MAIN)
    text = show(scenario)
    assert "# Who is invited:" in text
    reverse = invited(scenario)["Reverse"]
    assert (
        f'"Reverse": {reverse.mentees} people (levels 3 to 5) can be invited to have a mentor'
        in text
    )
    assert not any("empty" in line for line in who_is_invited(scenario))
    open_call = scenario.with_settings(
        {"programme.participation": "voluntary", "programme.places": 0.3}
    )
    (line,) = (one for one in who_is_invited(open_call) if one.startswith('"Reverse"'))
    assert "for 120 pairs a cohort. About 24 of these pairs will open, so that about 96 places stay empty" in line  # fmt: skip


def compared(**programme: Any) -> Decisions:
    scenario = Scenario(
        months=18, replicates=6, organisation={"employees": 100}, programme=programme,
        variants=[{"name": "None", "programme.policy": "none"},
                  {"name": "Random", "programme.policy": "random"},
                  {"name": "Reverse", "programme.policy": "reverse"}],
    )  # fmt: skip
    return Decisions(sim.compare(scenario))


def test_places_that_stay_empty_are_told_with_counts_and_effects_per_meeting_stand_beside() -> None:
    decisions = compared(places=0.3)
    (said,) = shortfalls(decisions)
    assert re.match(
        r"“Reverse” opens \d+ of (29|30) pairs a cohort: \d+ people can be invited", said
    ), said
    assert "people can be invited to have a mentor" in said
    assert sizes_differ(decisions)
    engaged = GOALS[1]
    own, none = (decisions.level(engaged, name) for name in ("Random", "None"))
    held = decisions.firms["Random"]["meetings_held"] * 100
    one = per_meetings(decisions, engaged, "Random")
    assert one.value == pytest.approx((own - none).mean() / held.mean() * 100)
    assert one.low < one.value < one.high
    assert np.isnan(per_meetings(decisions, engaged, "None").value)


def test_nothing_is_said_where_programmes_are_of_one_size() -> None:
    decisions = compared(places=0.1, participation="asked_by_name")
    assert shortfalls(decisions) == []
    assert not sizes_differ(decisions)
