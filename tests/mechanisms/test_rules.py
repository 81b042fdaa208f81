"""Each rule, as its equation says: values worked out by hand, directions, limits."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from sim.engine import columns
from sim.engine.state import State
from sim.mechanisms.awareness import next_awareness
from sim.mechanisms.departures import (
    dismissal_hazard,
    is_dismissed,
    quit_hazard,
    retirement_hazard,
    stagnation_of,
)
from sim.mechanisms.embeddedness import embeddedness_of
from sim.mechanisms.endings import early_ending
from sim.mechanisms.engagement import (
    candour,
    engagement_push,
    next_engagement,
    output_of,
    safety_level,
)
from sim.mechanisms.ideas import adoption, idea_rate, voice
from sim.mechanisms.informal import liking, search_probability
from sim.mechanisms.learning import (
    asking_share,
    gap_between,
    part_of_quality,
    share_of_attention,
    skill_gain,
    upward_damping,
)
from sim.mechanisms.meetings import attendance, members_of, planned_meetings, quality_target
from sim.mechanisms.month import MECHANISMS
from sim.mechanisms.practice import skill_after_month
from sim.mechanisms.recognition import next_stories
from sim.mechanisms.recombination import combined_quality, novelty
from sim.mechanisms.ties import log_odds, odds_of_rank_and_age, tie_weight
from sim.mechanisms.units import unit_effect
from sim.mechanisms.vacancies import readiness
from sim.organisation.people import (
    entry_age,
    hazard_survived,
    level_after,
    potential_level,
    seeking,
    settled_by_staying,
)
from sim.programme.check_ins import is_failing
from sim.programme.levers import levers_of
from sim.programme.volunteering import mentors_chance, willingness
from sim.scenario import Scenario
from sim.simulation.plan import prepare
from sim.simulation.simulation import Simulation

P = prepare("rules", Scenario().variants[0].settings).record[0]


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


def given(section: str, **changed: float) -> Any:
    """The parameters of a section with some of them changed."""
    record = prepare("rules", Scenario().variants[0].settings).record
    for name, value in changed.items():
        record[section][name][0] = value
    return getattr(record[0], section)


def hazard(**changed: float) -> float:
    values = {
        "engagement_z": 0.0, "embeddedness": 0.0, "settledness": 0.0, "unit": 0.0, "tenure": 60.0, "age": 40.0, "level": 2.0,
        "stagnation": 0.0, "exits": 0.0, "market": 1.0, **changed,
    }  # fmt: skip
    return float(quit_hazard(*values.values(), P.departures))


def test_quit_hazard_at_a_point_worked_out_by_hand() -> None:
    d = P.departures
    x = 60.0 / d.newcomer_peak
    log_factor = (
        d.newcomer_excess * x * math.exp(1 - x) - d.tenure_decline * math.log(6.0) - d.level_decline
    )
    assert hazard() == pytest.approx(1 - math.exp(-d.quit_rate / 12 * math.exp(log_factor)))


def test_quit_hazard_directions() -> None:
    """Engagement, embeddedness, settledness, unit and age hold people; stagnation and the market pull them.

    Rank holds nobody by itself: who leads quits less by what holds them, which calibration looks at.
    """
    assert hazard(engagement_z=1.0) < hazard() < hazard(engagement_z=-1.0)
    for holds in (
        {"embeddedness": 1.0},
        {"settledness": 1.0},
        {"unit": 1.0},
        {"age": 50.0},
        {"tenure": 120.0},
    ):
        assert hazard(**holds) < hazard()
    for pulls in ({"stagnation": 1.0}, {"market": 1.5}):
        assert hazard(**pulls) > hazard()
    assert hazard(exits=3.0) == hazard(), "contagion is off by default"
    ratio = math.log(1 - hazard(engagement_z=1.0)) / math.log(1 - hazard())
    assert ratio == pytest.approx(math.exp(-P.departures.engagement_effect))


def test_quit_hazard_peaks_with_newcomers_then_falls() -> None:
    """W-HAZ: the hazard of a job's end peaks at about three months."""
    by_month = [hazard(tenure=float(month)) for month in range(61)]
    peak = by_month.index(max(by_month))
    assert 1 <= peak <= 4
    assert by_month[12] < by_month[peak]
    assert all(later < earlier for earlier, later in zip(by_month[6:], by_month[7:], strict=False))


def test_retirement_has_spikes_and_a_beginning() -> None:
    yearly = [float(retirement_hazard(float(age), 1.0, P.departures)) for age in range(45, 72)]
    by_age = dict(zip(range(45, 72), yearly, strict=True))
    assert by_age[49] == 0.0 < by_age[50]
    assert by_age[62] > by_age[63]
    assert by_age[65] > by_age[66]
    assert by_age[64] > by_age[63] > by_age[61]
    assert retirement_hazard(60.0, 3.0, P.departures) > retirement_hazard(60.0, 1.0, P.departures)


def test_stagnation_begins_after_three_years_and_is_bounded() -> None:
    own = P.departures
    assert stagnation_of(own.stagnation_from, 1.0, own) == 0.0
    half = own.stagnation_from + 0.5 * own.stagnation_span
    assert stagnation_of(half, 1.0, own) == pytest.approx(0.5)
    assert stagnation_of(400.0, 0.7, own) == pytest.approx(0.7)


def test_dismissal_is_not_blind_to_output() -> None:
    """McEvoy & Cascio 1987; at the ordinary output it is what the rate says."""
    own = given("departures", involuntary_rate=0.06, dismissal_by_output=4.0, ordinary_output=0.5)
    assert dismissal_hazard(0.5, 1.0, own) == pytest.approx(1 - math.exp(-0.06 / 12))
    assert dismissal_hazard(0.25, 1.0, own) == pytest.approx(1 - math.exp(-0.005 * math.e))
    for output in (0.0, 0.2, 0.5, 0.8):
        hazard_of = float(dismissal_hazard(output, 1.0, own))
        for number in (0.5 * hazard_of, 0.999 * hazard_of, 1.001 * hazard_of, 0.5):
            assert is_dismissed(number, output, 1.0, own) == (number < hazard_of)


def test_stayers_are_the_settled() -> None:
    """Laplace's approximation against the density that it stands for, by numbers."""
    s = np.linspace(-6.0, 8.0, 20_001)
    z = NormalDist()
    numbers = [z.inv_cdf((k + 0.5) / 400) for k in range(400)]
    for effect, lived_through in ((0.5, 0.4), (0.8, 1.5), (1.2, 3.0)):
        density = np.exp(-0.5 * s * s - lived_through * np.exp(-effect * s))
        mean = float((s * density).sum() / density.sum())
        spread = math.sqrt(float((s * s * density).sum() / density.sum()) - mean * mean)
        drawn = np.array([settled_by_staying(one, lived_through, effect) for one in numbers])
        assert drawn.mean() == pytest.approx(mean, abs=0.03)
        assert drawn.std() == pytest.approx(spread, rel=0.06)
    assert settled_by_staying(0.7, 0.0, 0.9) == 0.7, "nobody has had time to leave"
    assert settled_by_staying(0.7, 2.0, 0.0) == 0.7, "settledness does not matter"


def test_hazard_lived_through_is_the_sum_of_the_hazard() -> None:
    for decline in (-0.3, 0.0, 0.4, 1.0, 1.6):
        own = given("departures", quit_rate=0.3, tenure_decline=decline)
        months = np.arange(120) + 0.5
        summed = float((0.3 / 12 * (1 + months / 12) ** -decline).sum())
        assert hazard_survived(120.0, own) == pytest.approx(summed, rel=1e-3)


def test_what_holds_people_adds_up() -> None:
    own = given(
        "embeddedness", relationships_weight=0.3, ties_weight=0.3, team_weight=0.2, tenure_weight=0.1,
        fit_weight=0.1, ties_full=20.0, team_full=4.0, tenure_half=5.0,
    )  # fmt: skip
    assert embeddedness_of(0.0, 0.0, 0.0, 0.0, 0.0, own) == pytest.approx(0.05)
    assert embeddedness_of(0.5, 10.0, 2.0, 5.0, 0.0, own) == pytest.approx(0.5)
    assert embeddedness_of(9.0, 90.0, 9.0, 1e9, 90.0, own) == pytest.approx(1.0)
    heavy = given(
        "embeddedness", relationships_weight=1.0, ties_weight=0.3, team_weight=0.2, tenure_weight=0.1,
        fit_weight=1.0, ties_full=20.0, team_full=4.0, tenure_half=5.0,
    )  # fmt: skip
    assert embeddedness_of(9.0, 90.0, 9.0, 5.0, 0.0, heavy) == 1.0


def test_units_add_what_department_and_manager_are() -> None:
    own = given("units", department_spread=0.04, manager_effect=0.3)
    assert unit_effect(0.0, 0.5, 0.5, own) == 0.0
    assert unit_effect(1.0, 0.5, 0.5, own) == pytest.approx(0.04)
    assert unit_effect(0.0, 0.9, 0.5, own) == unit_effect(0.0, 0.5, 0.9, own) == pytest.approx(0.06)


def test_newcomers_ask_and_leave_off() -> None:
    own = given("learning", asking_rate=0.3, asking_months=10.0, asking_lasting=0.0)
    assert asking_share(0.0, 1.0, own) == pytest.approx(1 - math.exp(-0.3))
    assert asking_share(5.0, 1.0, own) == pytest.approx(1 - math.exp(-0.15))
    assert asking_share(10.0, 1.0, own) == asking_share(40.0, 1.0, own) == 0.0
    lasting = given("learning", asking_rate=0.0, asking_lasting=0.01)
    assert asking_share(90.0, 1.0, lasting) == pytest.approx(1 - math.exp(-0.01))
    assert asking_share(0.0, 2.0, own) > asking_share(0.0, 0.5, own)
    eager = given("people", seeking_by_initiative=0.5)
    assert [seeking(z, eager) for z in (-3.0, -1.0, 0.0, 1.0)] == [0.0, 0.5, 1.0, 1.5]


def test_gap_within_a_trade_and_part_of_quality() -> None:
    assert gap_between(0.7, 0.3, 0.0) == pytest.approx(0.4)
    assert gap_between(0.7, 0.3, 1.0) == pytest.approx(0.7 * 0.7)
    assert gap_between(0.6, 0.6, 0.5) == pytest.approx(0.5 * 0.24), "equals teach each other"
    assert part_of_quality(0.25, given("learning", quality_exponent=0.5)) == pytest.approx(0.5)
    assert part_of_quality(0.25, given("learning", quality_exponent=1.0)) == 0.25


def test_candour_follows_safety() -> None:
    own = given("engagement", candour_by_safety=1.5)
    assert candour(own.safety_mean, own) == pytest.approx(1.0)
    assert candour(0.3, own) < candour(0.5, own) < candour(0.7, own)
    assert candour(1.0, given("engagement", candour_by_safety=5.0)) == 2.0
    assert candour(0.2, given("engagement", candour_by_safety=0.0)) == 1.0


def test_the_settled_are_readier_to_mentor() -> None:
    own = given("volunteering", mentor_share=0.5, mentors_by_settledness=1.0)
    assert mentors_chance(0.0, own) == pytest.approx(0.5)
    assert mentors_chance(1.0, own) == pytest.approx(logistic(1.0))


def test_mentors_like_promise() -> None:
    own = given("informal", by_promise=2.0, ordinary_promise=0.5)
    assert liking(0.4, 0.5, own) == pytest.approx(0.4)
    assert liking(0.4, 0.75, own) == pytest.approx(0.6)
    assert liking(0.9, 1.0, own) == 1.0
    assert liking(0.4, 0.0, own) == 0.0


def test_attendance_and_its_directions() -> None:
    m, usual = P.meetings, given("levers", support=0.6)
    base = attendance(1, 0.5, 0.0, 0, 0, usual, m)
    assert base == pytest.approx(logistic(m.attendance))
    assert attendance(1, 0.8, 0.0, 0, 0, usual, m) > base
    assert attendance(1, 0.5, 0.0, 2, 0, usual, m) < base
    assert attendance(1, 0.5, 0.0, 0, 1, usual, m) < base
    backed = given("levers", support=0.9)
    assert attendance(1, 0.5, 0.0, 0, 0, backed, m) == pytest.approx(
        logistic(m.attendance + 0.3 * m.support_helps)
    )
    assert attendance(0, 0.5, 0.0, 2, 0, backed, m) == pytest.approx(
        logistic(m.attendance_informal)
    )


def test_the_top_cancels_where_nobody_stands_behind_the_programme() -> None:
    m = P.meetings

    def cancelled(support: float) -> float:
        levers = given("levers", support=support)
        return attendance(1, 0.5, 0.0, 0, 0, levers, m) - attendance(1, 0.5, 1.0, 0, 0, levers, m)

    usual = attendance(1, 0.5, 1.0, 0, 0, given("levers", support=0.6), m)
    assert usual == pytest.approx(logistic(m.attendance - m.rank_cancels))
    assert cancelled(0.2) > cancelled(0.6) > cancelled(1.0) == 0.0


def test_check_ins_and_reminders_help_meetings_to_take_place() -> None:
    m = P.meetings

    def logit_of(**levers: float) -> float:
        chance = attendance(1, 0.5, 0.0, 0, 0, given("levers", support=0.6, **levers), m)
        return math.log(chance / (1.0 - chance))

    assert logit_of(check_ins=0.5) == pytest.approx(m.attendance + 0.5 * m.check_in_helps)
    assert logit_of(platform=0.0) == pytest.approx(m.attendance - m.reminders_lacking)


def test_levers_have_falling_returns() -> None:
    """The scale of each gives two thirds of what there is to gain; nothing spent gives nothing."""
    settings = Scenario().variants[0].settings
    scales, two_thirds = settings["support"], 1.0 - math.exp(-1.0)

    def levers(**programme: Any) -> dict[str, float]:
        return levers_of(Scenario(programme=programme).variants[0].settings)

    none = levers()
    assert none["training"] == none["recognition"] == none["check_ins"] == none["group"] == 0.0
    assert none["platform"] == 1.0
    assert none["support"] == settings["organisation"]["management_support"]
    assert none["clarity"] == settings["organisation"]["objectives_clarity"]
    hours = scales["training_scale"]
    assert levers(training_hours=hours)["training"] == pytest.approx(two_thirds)
    mentors = levers(training_hours=hours, training_for="mentors")["training"]
    mentees = levers(training_hours=hours, training_for="mentees")["training"]
    assert mentors == pytest.approx(scales["mentor_training_share"] * two_thirds)
    assert mentors + mentees == pytest.approx(two_thirds)
    for lever, spent in (("support", "sponsor"), ("clarity", "objectives")):
        hours = scales[f"{spent}_scale"]
        raised = levers(**{f"{spent}_hours": hours})[lever]
        assert raised == pytest.approx(none[lever] + two_thirds * (1.0 - none[lever]))
        assert raised < levers(**{f"{spent}_hours": 40.0})[lever] <= 1.0
    money = scales["recognition_scale"]
    assert levers(recognition=money)["recognition"] == pytest.approx(two_thirds)
    assert levers(check_in_months=4)["check_ins"] == 0.25
    assert levers(platform=False)["platform"] == 0.0
    assert levers(form="group", group_size=6)["group"] == 6.0


def test_a_group_divides_the_attention_of_its_mentor() -> None:
    own, apart, group = P.learning, given("levers"), given("levers", group=4.0)
    assert [members_of(1, mentees, apart) for mentees in (0, 1, 3)] == [1, 1, 1]
    assert [members_of(1, mentees, group) for mentees in (0, 1, 3)] == [1, 1, 3]
    assert members_of(0, 3, group) == 1, "informal pairs meet apart"
    assert share_of_attention(1, own) == 1.0
    assert share_of_attention(4, own) == pytest.approx(4.0**-own.group_dilution)
    assert 4.0 * share_of_attention(4, own) > 1.0, "a group spends the mentor's time better"


def test_stories_spread_and_are_forgotten() -> None:
    own = P.recognition
    assert next_stories(0.0, 0.0, own) == 0.0
    assert next_stories(0.4, 0.0, own) == pytest.approx(0.4 * (1.0 - own.story_fading))
    told = 0.1 / own.story_gain
    assert next_stories(0.0, told, own) == pytest.approx(0.1)
    assert next_stories(0.4, told, own) > next_stories(0.4, 0.0, own)
    assert next_stories(0.9, 1e9, own) <= 1.0


def test_willingness_to_take_part_and_its_directions() -> None:
    own = P.volunteering
    average = {
        "z": 0.0,
        "need": 0.5,
        "ability": 0.5,
        "support": 0.0,
        "stories": 0.0,
        "shyness": 0.0,
        "initiative": 0.0,
        "settledness": 0.0,
        "asked": 0.0,
    }

    def log_odds(**changed: float) -> float:
        return float(willingness(*{**average, **changed}.values(), own))

    assert log_odds() == pytest.approx(own.level)
    for more in ({"z": 1.0}, {"need": 0.9}, {"ability": 0.9}, {"support": 0.9}, {"stories": 0.5}):
        assert log_odds(**more) > log_odds(), more
    assert log_odds(stories=0.5) == pytest.approx(own.level + 0.5 * own.by_stories)
    assert log_odds(asked=1.0) == pytest.approx(own.level + own.by_request)
    assert log_odds(shyness=1.0) == pytest.approx(own.level - own.resistance)


def test_failing_pairs_are_poor_or_silent() -> None:
    own = P.support
    assert is_failing(own.failing_below - 0.01, 0, own)
    assert not is_failing(own.failing_below, 1, own)
    assert is_failing(0.9, 2, own)


@pytest.mark.parametrize("cadence", [0.25, 0.5, 1.0, 1.5, 2.5, 4.0])
def test_planned_meetings_add_up_to_the_cadence(cadence: float) -> None:
    planned = [planned_meetings(age, cadence) for age in range(12)]
    assert sum(planned) == 12 * cadence
    assert max(planned) - min(planned) <= 1


def target(**changed: float) -> float:
    values = {
        "similarity": 0.44, "level_gap": 2.0, "safety": 0.55, "humility": 0.5, "upward": 0,
        "ability": 0.5, "training": 0.0, "say": 0.0, "chemistry": 0.0, "further": 0, "mood": 0.0, **changed,
    }  # fmt: skip
    return float(quality_target(*values.values(), P.meetings))


def test_quality_target_at_a_point_and_its_directions() -> None:
    m = P.meetings
    assert target() == pytest.approx(logistic(m.quality_level - m.rank_effect * 2.0 * 0.45))
    for better in (
        {"similarity": 0.9}, {"safety": 0.9}, {"ability": 0.9}, {"training": 1.0}, {"say": 1.0},
        {"chemistry": 1.0}, {"level_gap": 0.0}, {"upward": 1, "humility": 0.9},
    ):  # fmt: skip
        assert target(**better) > target(), better
    assert target(further=3) < target(further=1) < target(), "further mentees of a group"
    assert target(humility=0.9) == target(), "humility matters where the junior teaches"


def test_skill_gain_has_a_threshold_and_an_interior_peak() -> None:
    """Absorptive capacity: too near teaches nothing, too far teaches little."""
    own = P.learning
    assert skill_gain(own.threshold, 0.1, 1.0, own) == 0.0
    assert skill_gain(-0.5, 0.1, 1.0, own) == 0.0
    gap = 0.3
    expected = 0.1 * math.exp(-gap * gap / (2 * own.absorption**2)) * (gap - own.threshold)
    assert skill_gain(gap, 0.1, 1.0, own) == pytest.approx(expected)
    assert skill_gain(gap, 0.1, 0.0, own) == pytest.approx(0.1 * 0.25), (
        "one background, no fall-off"
    )
    narrow = given("learning", absorption=0.25)
    gains = [skill_gain(step / 100, 0.1, 1.0, narrow) for step in range(101)]
    assert 20 < gains.index(max(gains)) < 60
    wide = given("learning", absorption=1e6)
    assert skill_gain(0.9, 0.1, 1.0, wide) == pytest.approx(0.1 * 0.85), (
        "a large number switches it off"
    )


def test_teaching_upward_is_damped_until_trust_and_safety_close_the_gap() -> None:
    own = P.learning
    assert upward_damping(0, 5, 0.1, 0.1, own) == 1.0
    assert upward_damping(-2, 5, 0.1, 0.1, own) == 1.0
    assert upward_damping(4, 5, 0.0, 0.5, own) == pytest.approx(1 - own.status_damping)
    assert upward_damping(4, 5, 1.0, 1.0, own) == pytest.approx(1.0)
    assert upward_damping(4, 5, 0.5, 0.5, own) < upward_damping(1, 5, 0.5, 0.5, own)


def test_practice_pulls_up_only_and_obsolescence_takes() -> None:
    assert skill_after_month(0.4, 0.6, 0.1, 0.0) == pytest.approx(0.42)
    assert skill_after_month(0.7, 0.6, 0.1, 0.0) == 0.7, "what was learnt beyond practice keeps"
    assert skill_after_month(0.7, 0.6, 0.1, 0.01) == pytest.approx(0.693)


def test_skill_after_years_is_the_recursion_it_solves() -> None:
    skill = float(level_after(0.7, 0.02, 0.0025, 0.4, 0))
    for month in range(1, 60):
        skill = float(skill_after_month(skill, 0.7, 0.02, 0.0025))
        assert level_after(0.7, 0.02, 0.0025, 0.4, month) == pytest.approx(skill)


def test_digital_gap_between_thirty_and_sixty_is_the_measured_one() -> None:
    """W-DIG: .65 standard deviations of the spread within an age."""
    own = P.skill_levels

    def logit(age: float) -> float:
        level = float(potential_level(0, age, 2.0, 0.0, 0.0, own))
        return math.log(level / (1 - level))

    assert (logit(30.0) - logit(60.0)) / own.spread == pytest.approx(0.65, abs=0.01)


def test_early_endings_by_quality_silence_and_kind() -> None:
    own = P.endings
    assert early_ending(0.5, 0, 1, own) == pytest.approx(
        logistic(own.early - own.early_by_quality * 0.5)
    )
    assert early_ending(0.8, 0, 1, own) < early_ending(0.5, 0, 1, own)
    assert early_ending(0.5, 2, 1, own) > early_ending(0.5, 1, 1, own)
    assert early_ending(0.5, 0, 0, own) < early_ending(0.5, 0, 1, own)


def test_engagement_returns_to_its_baseline_and_events_move_it() -> None:
    own = P.engagement
    assert next_engagement(0.5, 0.7, 0.0, 0.0, own) == pytest.approx(0.5 + own.reversion * 0.2)
    own = given("engagement", giving_effect=0.05, age_contrast=0.5)
    assert engagement_push(0.0, 0.0, 0, 0, 0, 0, 0, 0.0, 0.0, 0.0, own) == 0.0
    for lifts in (0, 1, 2, 3, 7, 8):
        events = [0.0] * 10
        events[lifts] = 1.0
        assert engagement_push(*events, own) > 0.0
    for lowers in range(4, 7):
        events = [0.0] * 10
        events[lowers] = 1.0
        assert engagement_push(*events, own) < 0.0
    bad = engagement_push(-0.3, 0.0, 0, 0, 0, 0, 0, 0.0, 0.0, 0.0, own)
    assert bad < 0.0, "a bad relationship lowers it"

    def lift(older: float, **which: float) -> float:
        learnt, shared = which.get("learnt", 0.0), which.get("given", 0.0)
        return float(engagement_push(0.0, learnt, 0, 0, 0, 0, 0, 0.0, shared, older, own))

    assert lift(-1.0, learnt=1.0) == pytest.approx(3.0 * lift(1.0, learnt=1.0)), "M-AGE"
    assert lift(1.0, given=1.0) == pytest.approx(3.0 * lift(-1.0, given=1.0)), "M-AGE"


def test_climate_and_output() -> None:
    own = P.engagement
    assert safety_level(0.5, 0.0, own) == own.safety_mean
    assert safety_level(0.9, 0.0, own) < own.safety_mean < safety_level(0.5, 0.5, own)
    assert output_of(0.4, own.average, own) == pytest.approx(0.4)
    assert output_of(0.4, 0.0, own) == pytest.approx(0.4 * (1 - own.effort_share))


def test_ideas_voice_and_adoption() -> None:
    own = P.ideas
    assert idea_rate(1.0, 0.6, 0.6, 0.0, own) == pytest.approx(own.rate / 12)
    assert idea_rate(2.0, 0.6, 0.6, 0.5, own) == pytest.approx(
        own.rate / 6 * (1 + own.recombination_effect / 2)
    )
    ordinary = (0.55, 0.55, 0.5, 0.5)
    assert voice(0, *ordinary, 0.0, own) == 1.0
    assert voice(2, *ordinary, 0.0, own) == pytest.approx(own.voice_pass**2)
    assert voice(2, *ordinary, 0.8, own) == pytest.approx(
        1 - (1 - own.voice_pass**2) * (1 - own.bypass * 0.8)
    )
    assert voice(2, 0.9, 0.55, 0.5, 0.5, 0.0, own) > voice(2, *ordinary, 0.0, own)
    assert adoption(0.5, 0, 0.9, 0, 1.0, own) == pytest.approx(
        logistic(own.adoption + own.adoption_by_quality * 0.5)
    )
    assert (
        adoption(0.5, 1, 0.9, 0, 1.0, own)
        > adoption(0.5, 1, 0.1, 0, 1.0, own)
        > adoption(0.5, 0, 0.9, 0, 1.0, own)
    )
    assert adoption(0.5, 1, 0.9, 0, 0.4, own) < adoption(0.5, 1, 0.9, 0, 1.0, own), "M-REV"
    assert adoption(0.5, 0, 0.0, 1, 1.0, own) < adoption(0.5, 0, 0.0, 0, 1.0, own)


@pytest.mark.parametrize("evenness", [0.5, 1.0, 2.0])
def test_an_idea_of_two_is_a_power_mean_of_what_they_know(evenness: float) -> None:
    """Of two who know the same, what they know; else the mean over skills, by its power."""
    given = {"recombination.complementarity": 0.25, "recombination.evenness": evenness}
    own = prepare("rules", Scenario(**given).variants[0].settings).record[0].recombination
    alike = np.array([[0.4, 0.4, 0.4], [0.4, 0.4, 0.4]])
    assert combined_quality(alike, 0, 1, own) == pytest.approx(0.4)
    skills = np.array([[0.2, 0.8], [0.6, 0.8]])
    levels = (0.75 * 0.2 + 0.25 * 0.6, 0.8)
    mean = (sum(level**evenness for level in levels) / 2) ** (1.0 / evenness)
    assert combined_quality(skills, 0, 1, own) == pytest.approx(mean)


def test_novelty_is_an_inverted_u() -> None:
    assert novelty(0.0, 0.25) == 0.0
    assert novelty(0.25, 0.25) == pytest.approx(1.0)
    assert novelty(0.1, 0.25) < 1.0
    assert novelty(0.6, 0.25) < novelty(0.3, 0.25) < 1.0


def test_tie_odds_are_the_measured_ones() -> None:
    own = P.ties
    logs = log_odds(own)
    assert odds_of_rank_and_age(0.0, 0.0, logs) == 1.0
    assert odds_of_rank_and_age(1.0, 0.0, logs) == pytest.approx(own.senior_odds)
    assert odds_of_rank_and_age(0.0, 10.0, logs) == pytest.approx(own.age_odds)
    assert tie_weight(0.7, 0, 1, 0, 0, own) == 0.7
    assert tie_weight(1.0, 1, 1, 0, 0, own) == pytest.approx(own.site_odds)
    assert tie_weight(1.0, 0, 0, 0, 0, own) == pytest.approx(own.level_odds)
    own = given("ties", team_odds=3.0, reciprocity_odds=5.0)
    assert tie_weight(1.0, 0, 1, 1, 0, own) == pytest.approx(3.0)
    assert tie_weight(1.0, 0, 1, 0, 1, own) == pytest.approx(5.0)


def test_the_rest() -> None:
    assert search_probability(0.5, 0, 1.0, P.informal) == pytest.approx(P.informal.search_rate)
    assert search_probability(0.5, 1, 1.0, P.informal) == pytest.approx(
        P.informal.search_rate * (1 - P.informal.crowding_out)
    )
    own = P.vacancies
    assert readiness(0.5, 0.4, 0.3, 0.0, 0.0, own) == pytest.approx(
        own.institutional_weight * 0.5 + own.interpersonal_weight * 0.4 + own.output_weight * 0.3
    )
    assert readiness(0.5, 0.4, 0.3, 1.0, 0.0, own) > readiness(0.5, 0.4, 0.3, 0.0, 0.0, own)
    assert next_awareness(0.4, 0.0, P.awareness) == pytest.approx(0.4 * (1 - P.awareness.fading))
    assert 0.4 < next_awareness(0.4, 3.0, P.awareness) <= 1.0
    assert entry_age(1.0, 0.0, P.people) == pytest.approx(P.people.entry_age)
    assert entry_age(5.0, 9.0, P.people) == 64.0


def test_leaders_become_aware_by_meetings_that_are_held_not_by_those_that_are_planned() -> None:
    """What is heard, from the pairs as they stand.

    Who asks whether anything was planned before asking what was held changes nothing: what was not held adds
    zero. So `PLANNED_NOW` in the condition that passes over a pair is the same model (in the sum it is not).
    """
    settings = {
        "organisation.employees": 150,
        "organisation.levels": 4,
        "awareness.leader_level": 2,
    }
    programme = {"programme.policy": "reverse", "programme.start_month": 0, "programme.places": 0.3}
    programme |= {"programme.meetings_per_month": 2.0}
    missed = 0

    def check(name: str, state: State, p: Any, month: int) -> None:
        nonlocal missed
        if name != "awareness":
            return
        dyad, whole = state.dyad_whole[:, : state.counts[columns.DYADS]], state.whole
        heard = np.zeros(len(state.heard))
        for row in range(dyad.shape[1]):
            mentor, mentee = dyad[columns.MENTOR, row], dyad[columns.MENTEE, row]
            held, planned = dyad[columns.MET_NOW, row], dyad[columns.PLANNED_NOW, row]
            upward = whole[columns.LEVEL, mentor] < whole[columns.LEVEL, mentee]
            leads = whole[columns.LEVEL, mentee] >= p.awareness.leader_level
            if dyad[columns.INFLUENCE, row] and upward and leads:
                missed += planned > held
                safety = state.person[columns.SAFETY, mentor]
                quality = state.dyad[columns.QUALITY, row]
                heard[whole[columns.PERSON_DEPARTMENT, mentee]] += (
                    held * quality * candour(safety, p.engagement)
                )
        np.testing.assert_array_equal(state.heard[: len(heard)], heard)

    scenario = Scenario(months=14, **settings, **programme)
    world = Simulation(prepare("test", scenario.variants[0].settings), 3, 0)
    world.run_phase_by_phase(between=check)
    assert missed > 5


def test_every_parameter_is_documented_and_within_its_own_range() -> None:
    for mechanism in MECHANISMS:
        for parameter in mechanism.parameters.parameters:
            place = f"{mechanism.name}.{parameter.name}"
            assert parameter.low <= parameter.default <= parameter.high, place
            assert parameter.meaning.endswith("."), place
            assert parameter.source, place
            assert parameter.grade in ("measured", "derived", "assumed", "choice"), place
            if parameter.prior is not None:
                low, high = parameter.prior
                assert parameter.low <= low <= parameter.default <= high <= parameter.high, place
            if parameter.neutral is not None:
                assert parameter.low <= parameter.neutral <= parameter.high, place
