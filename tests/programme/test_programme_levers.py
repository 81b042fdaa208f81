"""Quality levers: what each costs, by hand, and the one way in which each acts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from conftest import lived, plan_of
from programmes import CHOSEN_UNDER, NOBODY_LEAVES, formal, opened, stopped
from sim.engine import columns
from sim.engine.state import State
from sim.outcomes.declared import outcome
from sim.outcomes.outcome import Sums
from sim.simulation.plan import context_of
from sim.simulation.simulation import Simulation

START, LENGTH, MONTHS = 2, 6, 16
TINY: dict[str, Any] = {
    "months": MONTHS,
    "organisation.employees": 24,
    "organisation.levels": 4,
    "programme.policy": "random",
    "programme.start_month": START,
    "programme.cohort_months": LENGTH,
    "programme.places": 0.4,
    "programme.participation": "universal",
    "programme.bar_past_pairs": False,
    "costs.salary": 50_000.0,
    "costs.load": 1.2,
    "costs.productive_hours": 1_500.0,
    **NOBODY_LEAVES,
}
HOUR = 40.0  # 50,000 · 1.2 / 1,500


class Bill:
    """What a programme costs over its window, added up from the pairs themselves, month by month."""

    def __init__(self, **changes: Any) -> None:
        own = "costs.salary_by_level" in changes
        base = {key: value for key, value in TINY.items() if not (own and key == "costs.salary")}
        self.plan = plan_of({**base, **changes})
        self.programme, self.prices = (self.plan.settings[key] for key in ("programme", "costs"))
        self.simulation = Simulation(self.plan, 4, 0)
        self.parts = dict.fromkeys(
            ("meetings", "training", "objectives", "check-ins", "thanks", "platform"), 0.0
        )
        self.simulation.run_phase_by_phase(between=self.watch)
        running = 2 * LENGTH
        self.parts["coordinator"] = (
            self.prices["coordinator_share"] * 50_000.0 * self.prices["load"] * running / 12
        )  # fmt: skip
        self.parts["sponsor"] = running * self.programme["sponsor_hours"] * HOUR * self.pay(4)

    def pay(self, level: Any) -> Any:
        if self.prices["salary_by_level"]:
            return np.array([np.nan, 0.8, 1.2, 1.5, 6.0])[np.asarray(level)]
        return self.prices["salary_growth"] ** np.maximum(0, np.asarray(level) - 2)

    def watch(self, phase: str, state: State, _: Any, month: int) -> None:
        pairs, level = formal(self.simulation), state.whole[columns.LEVEL]
        mentors, mentees = pairs[columns.MENTOR], pairs[columns.MENTEE]
        if phase == "vacancies" and self.programme["check_in_months"] and len(mentors):
            age = (month - START) % LENGTH
            if age and age % self.programme["check_in_months"] == 0:
                self.parts["check-ins"] += len(mentors) * self.prices["check_in_hours"] * HOUR
        if phase == "programme" and (month - START) % LENGTH == 0:
            both = np.concatenate([mentors, mentees])
            hours = self.programme["objectives_hours"]
            self.parts["objectives"] += HOUR * hours * (self.pay(level[both]).sum() + len(mentors))
            self.parts["platform"] += len(set(both.tolist())) * self.prices["platform"]
            sides = {"both": both, "mentors": mentors, "mentees": mentees}
            trained = sorted(set(sides[self.programme["training_for"]].tolist()))
            if hours := self.programme["training_hours"]:
                self.parts["training"] += HOUR * hours * self.pay(level[trained]).sum()
                self.parts["training"] += self.prices["training_fee"] * len(trained)
        if phase == "meetings":
            hours = self.programme["meeting_hours"] + self.programme["preparation_hours"]
            for mentor, mentee, held in zip(mentors, mentees, pairs[columns.MET_NOW], strict=True):
                members = 1
                if self.programme["form"] == "group":
                    members = int((mentors == mentor).sum())
                pay = self.pay(level[mentee]) + self.pay(level[mentor]) / members
                self.parts["meetings"] += HOUR * held * hours * float(pay)
        if phase == "recognition" and month in (START + LENGTH - 1, START + 2 * LENGTH - 1):
            met = pairs[:, pairs[columns.HELD] > 0]
            thanked = {*met[columns.MENTOR].tolist(), *met[columns.MENTEE].tolist()}
            self.parts["thanks"] += len(thanked) * self.programme["recognition"]

    def yearly(self) -> float:
        return sum(self.parts.values()) * 12.0 / (MONTHS - START)

    def said(self) -> float:
        sums = Sums(self.simulation.state.monthly[START:].sum(axis=0))
        return float(outcome("programme_cost").of(sums, context_of(self.plan)))


LEVERS: dict[str, dict[str, Any]] = {
    "nothing more": {},
    "training": {"programme.training_hours": 6.0, "costs.training_fee": 75.0},
    "training of mentors": {"programme.training_hours": 6.0, "programme.training_for": "mentors"},
    "training of mentees": {
        "programme.training_hours": 6.0, "programme.training_for": "mentees",
        "costs.training_fee": 75.0,
    },
    "objectives": {"programme.objectives_hours": 2.5},
    "sponsor": {"programme.sponsor_hours": 7.0},
    "check-ins": {"programme.check_in_months": 2, "programme.re_pair": False},
    "recognition": {"programme.recognition": 90.0},
    "no platform": {"programme.platform": False, "costs.platform": 0.0},
    "own salaries": {
        "costs.salary_by_level": [40_000.0, 60_000.0, 75_000.0, 300_000.0],
        "programme.sponsor_hours": 2.0, "programme.objectives_hours": 1.0,
    },
    "groups": {"programme.form": "group", "programme.group_size": 3},
    "longer meetings": {
        "programme.meeting_hours": 2.0, "programme.preparation_hours": 0.25,
        "programme.meetings_per_month": 2.5,
    },
}  # fmt: skip


@pytest.mark.parametrize("lever", LEVERS)
def test_each_levers_price_is_hours_times_pay(lever: str) -> None:
    bill = Bill(**{"endings.early": -30.0, "endings.early_by_silence": 0.0, **LEVERS[lever]})
    assert bill.simulation.state.monthly[:, columns.M_OPENED].sum() > 10
    assert bill.said() == pytest.approx(bill.yearly(), rel=1e-12)
    part = {"training of mentors": "training", "training of mentees": "training"}.get(lever, lever)
    if part in bill.parts:
        assert bill.parts[part] > 0.0
    if lever != "training":
        assert bill.parts["training"] == 0.0 or part == "training"


def test_without_software_nobody_pays_for_it() -> None:
    with_it, without = Bill(), Bill(**{"programme.platform": False})
    assert with_it.parts["platform"] > 0.0
    without.parts["platform"] = 0.0
    assert without.said() == pytest.approx(without.yearly(), rel=1e-12)


def test_training_of_one_side_costs_that_sides_hours() -> None:
    hours = {}
    for side in ("both", "mentors", "mentees"):
        plan = plan_of({**TINY, "programme.training_hours": 4.0, "programme.training_for": side})
        simulation = stopped(Simulation(plan, 4, 0).run(START))
        monthly, pairs = simulation.state.monthly[START], formal(simulation)
        people = {
            "both": {*pairs[columns.MENTOR].tolist(), *pairs[columns.MENTEE].tolist()},
            "mentors": set(pairs[columns.MENTOR].tolist()),
            "mentees": set(pairs[columns.MENTEE].tolist()),
        }
        assert monthly[columns.M_TRAINED] == len(people[side])
        trained = simulation.state.dyad[columns.TRAINING, : simulation.state.counts[columns.DYADS]]
        hours[side] = trained.max()
    assert hours["mentors"] + hours["mentees"] == pytest.approx(hours["both"])
    assert hours["mentors"] > hours["mentees"]


# --- check-ins ----------------------------------------------------------------------------------------


def watched_check_ins(worlds: int = 6, **more: Any) -> list[dict[str, Any]]:
    """What each check-in found: the pairs before and after it."""
    found: list[dict[str, Any]] = []
    for world in range(worlds):
        plan = plan_of(
            {"months": 14, "organisation.employees": 200, "programme.policy": "traditional",
             "programme.start_month": 1, "programme.cohort_months": 6, "programme.cohorts": 1,
             "programme.check_in_months": 2, **more}
        )  # fmt: skip
        simulation = Simulation(plan, 1, world)
        before: dict[tuple[int, int], dict[str, float]] = {}

        def watch(
            phase: str,
            state: State,
            _: Any,
            month: int,
            simulation: Simulation = simulation,
            before: dict[tuple[int, int], dict[str, float]] = before,
        ) -> None:
            rows = range(state.counts[columns.DYADS])
            here = {
                (int(d[columns.MENTOR]), int(d[columns.MENTEE])): {
                    "quality": state.dyad[columns.QUALITY, row],
                    **{name.lower(): int(d[getattr(columns, name)])
                       for name in ("SILENT", "HELD", "MISSED", "PLANNED_END", "BEGUN")},
                }
                for row in rows
                if (d := state.dyad_whole[:, row])[columns.FORMAL]
            }  # fmt: skip
            if phase == "vacancies":
                before.clear()
                before.update(here)
            if phase == "programme" and month in simulation.plan.calendar.check_ins:
                found.append({"month": month, "before": dict(before), "after": here})

        simulation.run_phase_by_phase(between=watch)
    return found


def failing(pair: dict[str, float], below: float) -> bool:
    return pair["quality"] < below or pair["silent"] >= 2


def test_check_ins_end_failing_pairs_alone_in_the_declared_share() -> None:
    for share in (0.0, 0.7, 1.0):
        ended = found = 0
        for check_in in watched_check_ins(
            **{"support.found_out": share, "support.failing_below": 0.5}
        ):
            for who, pair in check_in["before"].items():
                gone = who not in check_in["after"]
                can = failing(pair, 0.5) and pair["planned_end"] - check_in["month"] >= 2
                assert can or not gone, "a pair that is not failing goes on"
                found += can
                ended += gone
        assert found > 100
        assert abs(ended / found - share) <= 4 * np.sqrt(share * (1 - share) / found)


def test_pairs_that_a_check_in_makes_are_of_the_same_mentees_and_keep_the_planned_end() -> None:
    made = 0
    for check_in in watched_check_ins(**{"support.failing_below": 0.5}):
        gone = {
            who[1]: pair for who, pair in check_in["before"].items() if who not in check_in["after"]
        }
        ended = set(check_in["before"]) - set(check_in["after"])
        for who, pair in check_in["after"].items():
            if who in check_in["before"]:
                continue
            made += 1
            assert who not in ended
            assert who[1] in gone
            assert pair["planned_end"] == gone[who[1]]["planned_end"]
            assert pair["begun"] == check_in["month"]
    assert made > 100


def test_a_check_in_that_does_not_pair_anew_ends_nothing() -> None:
    for check_in in watched_check_ins(
        2, **{"programme.re_pair": False, "support.failing_below": 1.0}
    ):
        assert set(check_in["before"]) == set(check_in["after"])


def test_pairs_without_trouble_are_left_alone() -> None:
    calm = {"support.failing_below": 0.0, "meetings.attendance": 10.0, "support.found_out": 1.0,
            "meetings.rank_cancels": 0.0}  # fmt: skip
    for check_in in watched_check_ins(2, **calm):
        assert set(check_in["before"]) == set(check_in["after"])


# --- recognition and stories --------------------------------------------------------------------------


def test_recognition_and_its_stories_raise_later_volunteering() -> None:
    """Not in the first cohort, in which nothing has been told yet; in the second one."""
    volunteers = {}
    for money in (0.0, 200.0):
        both = np.zeros(2)
        for world in range(8):
            plan = plan_of(
                {"months": 20, "organisation.employees": 200, "programme.policy": "random",
                 "programme.start_month": 2, "programme.cohort_months": 8,
                 "programme.recognition": money}
            )  # fmt: skip
            monthly = lived(plan, world=world).state.monthly
            both += monthly[[2, 10], columns.M_VOLUNTEERS]
            told = monthly[9, columns.M_RECOGNISED]
            assert told > 20 if money else told == 0
        volunteers[money] = both
    assert volunteers[200.0][0] == volunteers[0.0][0]
    assert volunteers[200.0][1] > 1.03 * volunteers[0.0][1]


def test_who_completes_is_recognised_once_in_the_last_month() -> None:
    plan = plan_of({**TINY, "programme.recognition": 50.0, "endings.early": -30.0,
                    "endings.early_by_silence": 0.0, "meetings.attendance": 10.0})  # fmt: skip
    simulation, months = Simulation(plan, 4, 0), []

    def watch(phase: str, state: State, _: Any, month: int) -> None:
        if phase != "recognition":
            return
        recognised = set(np.flatnonzero(state.whole[columns.RECOGNISED]).tolist())
        pairs = formal(simulation)
        last = (month - START) % LENGTH == LENGTH - 1 and START <= month < START + 2 * LENGTH
        everyone = {*pairs[columns.MENTOR].tolist(), *pairs[columns.MENTEE].tolist()}
        assert recognised == (everyone if last else set())
        assert state.monthly[month, columns.M_RECOGNISED] == len(recognised)
        if last:
            months.append(month)
        stories = state.department[columns.STORIES]
        assert ((stories >= 0.0) & (stories <= 1.0)).all()
        assert (stories > 0.0).any() == bool(months)

    simulation.run_phase_by_phase(between=watch)
    assert months == [START + LENGTH - 1, START + 2 * LENGTH - 1]


def test_groups_have_few_mentors_whose_time_is_shared() -> None:
    """Four mentees of one mentor cost the mentor one meeting; the group holds the relationship down."""
    counts, monthly = {}, {}
    for form in ("one_to_one", "group"):
        given = {**CHOSEN_UNDER, "months": 16, "programme.start_month": 2, "programme.form": form}
        pairs = formal(opened("traditional", **given))
        mentees = np.bincount(pairs[columns.MENTOR])
        counts[form] = (pairs.shape[1], mentees[mentees > 0].mean(), mentees.max())
        plan = plan_of({**given, "organisation.employees": 200, "programme.policy": "traditional"})
        monthly[form] = lived(plan, seed=2).state.monthly
    assert counts["group"][0] == counts["one_to_one"][0]
    assert counts["one_to_one"][1] <= counts["one_to_one"][2] == 2
    assert 2.5 < counts["group"][1] <= counts["group"][2] == 4

    def per_meeting(form: str, measure: int) -> float:
        return float(monthly[form][:, measure].sum() / monthly[form][:, columns.M_HELD].sum())

    assert per_meeting("one_to_one", columns.M_HOURS) == pytest.approx(3.0)
    assert 1.5 < per_meeting("group", columns.M_HOURS) < 2.4
    assert per_meeting("group", columns.M_MENTEE_GAIN) < per_meeting(
        "one_to_one", columns.M_MENTEE_GAIN
    )
    quality = [
        table[10, columns.M_PAIR_QUALITY] / table[10, columns.M_FORMAL_PAIRS]
        for table in monthly.values()
    ]
    assert quality[1] < quality[0]
